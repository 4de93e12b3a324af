"""`make install` and `make uninstall`, into a scratch root; the first time fetches the libraries."""

from __future__ import annotations

import marshal
import os
import shutil
import stat
import struct
import subprocess
import sys
from importlib import metadata
from importlib.util import cache_from_source
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from device.stretches.repertoire import IN_PICTURE, checked_texts
from systemd.making.description import described
from tests.check_unit import MOST_EXPOSED, PROJECT, exposure, has_systemd_analyze, verify

DESCRIPTION = described()
(OLD_LINK,) = DESCRIPTION.parts["page"].former
TOLD = "/etc/avahi/services/unsit.service"
COMMAND = f"{DESCRIPTION.place}/bin/unsit"
SCRIPT = PROJECT / "systemd/install.sh"
NO_NETWORK = "PIP_FLAGS=--no-index"


def make(target: str, root: Path, *more: str) -> str:
    """Run it as its user would."""
    ran = tried(target, root, *more)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def tried(target: str, root: Path, *more: str, umask: int = 0o022) -> subprocess.CompletedProcess[str]:
    """Run it, whatever comes of it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(
        ["make", target, f"DESTDIR={root}", f"PYTHON={sys.executable}", *more],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        umask=umask,
    )


def ours(root: Path) -> set[str]:
    """All that lies in the root but what people and systemd have there; of the environment, the command."""
    others = (
        *("/boot/", "/etc/unsit/", "/opt/", "/usr/lib/", "/var/lib/"),
        *("/etc/passwd", "/etc/group", "/etc/shadow", "/etc/gshadow", "/etc/.pwd.lock"),
    )
    # A link into /opt leads out of the scratch root, so it exists without its target.
    return {place for place in all_below(root) if not place.startswith(others) or place == COMMAND}


def told(*parts: str, reach: str = "this-computer") -> set[str]:
    """What the description has of these parts."""
    places = {COMMAND}
    for part in map(DESCRIPTION.parts.__getitem__, parts):
        places |= {file.place for file in part.files if file.reach in ("", reach)} | part.links().keys()
    return places


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scratch root with settings of somebody's in it, installed to twice: the second time takes no network."""
    root = tmp_path_factory.mktemp("a root")
    settings = root / "etc/unsit/unsit.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("[limits]\npreset = 'hourly'\n")
    assert tried("install", root, umask=0o077).returncode == 0
    make("install", root, NO_NETWORK)
    return root


def test_what_is_described_is_in_its_place_and_nothing_else(root: Path) -> None:
    assert ours(root) == told("device")


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("systemd-sysusers"), reason="nobody makes users here")
def test_the_users_that_are_described_are_made_and_are_in_their_groups(root: Path) -> None:
    made = (root / "etc/passwd").read_text("utf-8").splitlines()
    assert {line.split(":")[0] for line in made} == DESCRIPTION.users().keys()
    groups = {line.split(":")[0]: line.split(":")[3] for line in (root / "etc/group").read_text("utf-8").splitlines()}
    assert groups.keys() == DESCRIPTION.users().keys() | set(DESCRIPTION.groups())
    for user, its in DESCRIPTION.users().items():
        assert {group for group, members in groups.items() if user in members.split(",")} == set(its)


def test_the_link_leads_to_the_command_that_the_unit_starts(root: Path) -> None:
    assert os.readlink(root / "usr/local/bin/unsit") == "/opt/unsit/bin/unsit"
    assert "ExecStart=/opt/unsit/bin/unsit run" in (root / "etc/systemd/system/unsit.service").read_text("utf-8")
    assert os.access(root / "opt/unsit/bin/unsit", os.X_OK)


def test_nothing_remembers_the_scratch_root(root: Path) -> None:
    assert "/opt/unsit/bin/python" in (root / "opt/unsit/bin/unsit").read_text("utf-8")
    files = [file for file in (root / "opt/unsit").rglob("*") if file.is_file() and not file.is_symlink()]
    assert len(files) > 100
    assert [file for file in files if os.fsencode(root) in file.read_bytes()] == []


def test_everybody_can_read_what_a_root_with_a_tight_umask_has_installed(root: Path) -> None:
    installed = [*(root / "opt").rglob("*"), *(root / "usr").rglob("*"), *(root / "etc/systemd").rglob("*")]
    seen = [file for file in installed if not file.is_symlink()]
    closed = [file for file in seen if (file.stat().st_mode & 0o004) == 0]
    assert closed == []
    assert [file for file in seen if file.is_dir() and (file.stat().st_mode & 0o001) == 0] == []


def test_every_library_comes_in_one_version_that_setup_allows_and_with_its_hashes() -> None:
    pinned: dict[str, str] = {}
    for name in sorted(file.name for file in SCRIPT.parent.glob("requirements*.txt")):
        text = (SCRIPT.with_name(name)).read_text("utf-8").replace("\\\n", " ")
        for line in filter(None, (line.partition("#")[0].strip() for line in text.splitlines())):
            assert "--hash=sha256:" in line
            requirement = Requirement(line.split()[0])
            (version,) = requirement.specifier
            assert version.operator == "=="
            same = pinned.setdefault(canonicalize_name(requirement.name), version.version)
            assert same == version.version, "one environment has them all"
    for asked in map(Requirement, metadata.requires("unsit") or ()):
        if asked.marker is None or any(asked.marker.evaluate({"extra": each}) for each in ("page", "meetings", "mqtt")):
            assert asked.specifier.contains(pinned[canonicalize_name(asked.name)]), asked


def test_what_is_installed_runs_without_the_checkout(root: Path, tmp_path: Path) -> None:
    ran = subprocess.run(
        [root / "opt/unsit/bin/python", "-m", "device", "stretches"],
        cwd=tmp_path,
        env={"PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "march" in ran.stdout
    asks = "import device, hardware; print(device.__file__, hardware.__file__, sep='\\n')"
    where = subprocess.run(
        [root / "opt/unsit/bin/python", "-c", asks],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert all(place.startswith(str(root)) for place in where)


def test_byte_code_is_compiled_at_install_and_names_the_place_where_it_will_run(root: Path) -> None:
    (packages,) = (root / "opt/unsit/lib").glob("python3.*/site-packages")
    for package in ("device", "hardware", "gpiozero", "luma", "PIL"):
        sources = [*(packages / package).rglob("*.py")]
        assert sources, package
        for source in sources:
            compiled = Path(cache_from_source(str(source))).read_bytes()
            stat_now = source.stat()
            # The second word says how it is checked at run time: 0 by these two.
            assert struct.unpack("<III", compiled[4:16]) == (0, int(stat_now.st_mtime), stat_now.st_size), source
            assert marshal.loads(compiled[16:]).co_filename == f"/{source.relative_to(root)}"


def test_fonts_and_stretches_are_installed_too(root: Path) -> None:
    (packages,) = (root / "opt/unsit/lib").glob("python3.*/site-packages")
    for package, pattern in (("device", "content/**/*.toml"), ("device", "pictures/fonts/*")):
        shipped = {str(file.relative_to(PROJECT)) for file in (PROJECT / package).glob(pattern)}
        assert shipped
        assert {str(file.relative_to(packages)) for file in (packages / package).glob(pattern)} == shipped
    assert (packages / "device/content" / IN_PICTURE).read_text("utf-8") == checked_texts(), (
        "a start needn't check them"
    )


def names_below(folder: Path) -> set[str]:
    assert folder.is_dir()
    return {str(file.relative_to(folder)) for file in folder.rglob("*")}


def test_the_page_is_off_until_it_is_asked_for_and_then_renewed_with_the_rest(root: Path, tmp_path: Path) -> None:
    make("install-page", root, "REACH=this-computer")
    assert ours(root) == told("device", "page")
    (packages,) = (root / "opt/unsit/lib").glob("python3.*/site-packages")
    assert names_below(packages / "device/page/static") == names_below(PROJECT / "device/page/static")
    (root / "etc/systemd/system/unsit-page.service").write_text("an older one\n")
    assert files_only("install", root).returncode == 0
    assert "unsit page" in (root / "etc/systemd/system/unsit-page.service").read_text("utf-8")
    ran = subprocess.run(
        [root / "opt/unsit/bin/python", "-c", "from device.page import server; print(server.__file__)"],
        cwd=tmp_path,
        env={"PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "device/page/server.py" in ran.stdout


def test_a_folder_of_addresses_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    installed = tmp_path / "opt/unsit/bin/unsit"
    installed.parent.mkdir(parents=True)
    installed.write_text("#!/bin/sh\n")
    installed.chmod(0o755)
    (tmp_path / "etc/unsit").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir(mode=0o755)
    (tmp_path / "etc/unsit/calendars").symlink_to(tmp_path / "elsewhere")
    refused = files_only("install-meetings", tmp_path)
    assert refused.returncode != 0
    assert "is a link; allowed: a folder" in refused.stderr
    assert stat.S_IMODE((tmp_path / "elsewhere").stat().st_mode) == 0o755


def files_only(target: str, root: Path, reach: str = "") -> subprocess.CompletedProcess[str]:
    """The same without the libraries, which are there already and take long."""
    asked = f"source {SCRIPT}; put_environment() {{ :; }}; main {target}"
    environment = {**os.environ, "DESTDIR": str(root), "PYTHON": sys.executable, "REACH": reach}
    return subprocess.run(["bash", "-c", asked], env=environment, capture_output=True, text=True, check=False)


def listens(root: Path) -> dict[str, str]:
    """What the installation says of the page's socket."""
    lines = (root / "etc/systemd/system/unsit-page.socket.d/10-reach.conf").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def test_on_a_pis_card_the_page_is_for_the_house_unless_somebody_says_otherwise(root: Path) -> None:
    settings, config = root / "etc/unsit/unsit.toml", root / "boot/firmware/config.txt"
    assert listens(root) == {"ListenStream": "127.0.0.1:8016"}
    config.parent.mkdir(parents=True)
    config.touch()
    settings.write_text("[limits]\npreset = 'hourly'\n[page]\nport = 9000\n")
    assert files_only("install-page", root).returncode == 0
    assert ours(root) == told("device", "page", reach="house")
    assert listens(root)["ListenStream"] == "0.0.0.0:9000"
    assert listens(root)["IPAddressAllow"].split() == [
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16")
    ]
    assert "<port>9000</port>" in (root / TOLD[1:]).read_text("utf-8")
    assert 'reach = "house"' in settings.read_text("utf-8")
    if has_systemd_analyze():
        assert verify(root, "unsit-page.socket") == ""
    # A renewal keeps it, and so does an installation without a word.
    assert files_only("install", root).returncode == 0
    assert listens(root)["ListenStream"] == "0.0.0.0:9000"
    refused = files_only("install-page", root, "world")
    assert refused.returncode != 0
    assert "allowed: house, or this-computer" in refused.stderr
    assert files_only("install-page", root, "this-computer").returncode == 0
    assert listens(root) == {"ListenStream": "127.0.0.1:9000"}
    assert ours(root) == told("device", "page")
    assert "this-computer" in settings.read_text("utf-8")
    settings.write_text("[limits]\npreset = 'hourly'\n")


def test_a_page_that_started_by_itself_before_is_started_by_its_socket_after_an_update(root: Path) -> None:
    for name in ("etc/systemd/system/sockets.target.wants/unsit-page.socket", "etc/systemd/system/unsit-page.socket"):
        (root / name).unlink()
    (root / OLD_LINK[1:]).symlink_to("/etc/systemd/system/unsit-page.service")
    assert files_only("install", root).returncode == 0
    assert ours(root) == told("device", "page")
    assert listens(root) == {"ListenStream": "127.0.0.1:8016"}, "an update opens the house to nobody"
    # One that somebody has turned off stays off.
    (root / "etc/systemd/system/sockets.target.wants/unsit-page.socket").unlink()
    assert files_only("install", root).returncode == 0
    assert not os.path.lexists(root / "etc/systemd/system/sockets.target.wants/unsit-page.socket")
    assert files_only("install-page", root, "this-computer").returncode == 0


def test_an_environment_of_another_python_is_made_new_and_nothing_of_it_stays(root: Path) -> None:
    shutil.move(root / "opt/unsit", root / "opt/unsit-of-today")
    other = root / "opt/unsit/lib/python3.9/site-packages"
    other.mkdir(parents=True)
    (root / "opt/unsit/bin").mkdir()
    (root / "opt/unsit/bin/python").symlink_to("/usr/bin/python3.9-that-is-gone")
    without = tried("install", root, NO_NETWORK)
    assert without.returncode != 0
    assert "pip download -r systemd/requirements.txt" in without.stderr
    assert other.exists(), "what is there stays until what replaces it is whole"
    make("install", root)
    assert not other.exists()
    assert not (root / "opt/unsit.new").exists()
    assert "/opt/unsit/bin/python" in (root / "opt/unsit/bin/unsit").read_text("utf-8")
    shutil.rmtree(root / "opt/unsit-of-today")


def test_pip_leaves_nothing_in_the_checkout(root: Path) -> None:  # noqa: ARG001 - it is the installing that might
    assert not (PROJECT / "build").exists()


def test_systemd_finds_nothing_wrong_with_what_is_installed(root: Path) -> None:
    if not has_systemd_analyze() and not os.environ.get("CI"):
        pytest.skip("no systemd-analyze here to ask")
    assert verify(root) == ""
    assert exposure(root) <= MOST_EXPOSED


LIVE = "make_users; device_goes_live"


def go_live(
    tmp_path: Path,
    *there: str,
    part: str = LIVE,
    booted: bool = True,
    reach: str = "this-computer",
) -> tuple[list[str], str]:
    """The last part of an installation on a Pi, with commands that only write down that they were called."""
    commands, calls = tmp_path / "bin", tmp_path / "calls"
    commands.mkdir()
    for name in there:
        (commands / name).write_text(f'#!/bin/bash\necho "{name} $*" >>{calls}\n')
        (commands / name).chmod(0o755)
    for name in ("bash", "dirname", "realpath", "id"):
        found = shutil.which(name)
        assert found
        (commands / name).symlink_to(found)
    # Nothing else is on the path, so that the test may run on a Pi as well.
    asked = f"source {SCRIPT}; is_booted() {{ {str(booted).lower()}; }}; has() {{ [[ $1 = page ]]; }}; "
    asked += f"page_is_on() {{ true; }}; reach={reach}; port=8016; {part}"
    ran = subprocess.run(
        [commands / "bash", "-c", asked],
        env={"PATH": str(commands), "PYTHON": sys.executable, "DPKG_ROOT": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return calls.read_text().splitlines(), ran.stdout


def asked_of(command: str, calls: list[str]) -> list[str]:
    return [call for call in calls if call.startswith(f"{command} ")]


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root makes users")


@needs_root
def test_going_live_makes_the_user_and_switches_i2c_on_before_it_starts_the_service(tmp_path: Path) -> None:
    calls, _ = go_live(tmp_path, "systemd-sysusers", "raspi-config", "udevadm", "systemctl")
    assert calls == [
        "systemd-sysusers unsit.conf",
        "raspi-config nonint do_i2c 0",
        "udevadm control --reload",
        "udevadm trigger --subsystem-match=gpio --subsystem-match=i2c-dev --settle",
        "systemctl daemon-reload",
        "systemctl restart unsit",
        "systemctl stop unsit-page.socket unsit-page.service",
        "systemctl start unsit-page.socket",
    ]


def test_without_raspi_config_it_says_how_to_switch_i2c_on(tmp_path: Path) -> None:
    calls, said = go_live(tmp_path, "systemd-sysusers", "systemctl")
    assert "systemctl restart unsit" in calls
    assert "dtparam=i2c_arm=on" in said


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "[pi4]\narm_boost=1\n",
            "[pi4]\narm_boost=1\n\n[all]\n# Unsit: the panel's bus, at four times the stock speed.\n",
        ),
        ("dtparam=i2c_arm=on,i2c_arm_baudrate=100000\n", "dtparam=i2c_arm=on,i2c_arm_baudrate=100000\n"),
    ],
)
def test_i2c_gets_its_speed_once_unless_somebody_has_chosen_one(tmp_path: Path, before: str, after: str) -> None:
    config = tmp_path / "boot/firmware/config.txt"
    config.parent.mkdir(parents=True)
    config.write_text(before, "utf-8")
    commands = tmp_path / "bin"
    commands.mkdir()
    for name in ("bash", "cat", "grep", "mv", "sync"):
        (commands / name).symlink_to(shutil.which(name) or name)
    environment = {"PATH": str(commands), "DPKG_ROOT": str(tmp_path)}
    command = [str(commands / "bash"), str(SCRIPT.with_name("switch-on-i2c.sh")), *DESCRIPTION.boot_config]
    for _ in range(2):
        subprocess.run(command, env=environment, check=True, capture_output=True)
    told = "".join(f"{line}\n" for line in DESCRIPTION.boot_config) if after != before else ""
    assert config.read_text("utf-8") == after + told


def test_in_a_chroot_it_is_enabled_and_started_by_nobody(tmp_path: Path) -> None:
    calls, said = go_live(tmp_path, "systemd-sysusers", "systemctl", booted=False)
    assert calls == ["systemd-sysusers unsit.conf"]
    assert "next boot" in said


@pytest.mark.parametrize(
    ("reach", "says"),
    [("this-computer", "ssh -L 8016:127.0.0.1:8016"), ("house", ".local:8016/\nTo let a phone in: press the button")],
)
def test_the_page_goes_live_too_and_says_how_it_is_reached(tmp_path: Path, reach: str, says: str) -> None:
    calls, said = go_live(tmp_path, "systemctl", "runuser", "hostname", part="page_goes_live", reach=reach)
    assert asked_of("systemctl", calls) == [
        "systemctl daemon-reload",
        # What a hold of the button means depends on the reach.
        "systemctl try-restart unsit",
        "systemctl stop unsit-page.socket unsit-page.service",
        "systemctl start unsit-page.socket",
    ]
    assert says in said
    assert ("apt install avahi-daemon" in said) == (reach == "house")
    # Root changes no modes in a folder in which somebody else may have put links.
    (opened,) = asked_of("runuser", calls)
    assert opened.startswith("runuser -u unsit -- ")


def test_a_clock_that_nobody_has_set_is_named_when_nothing_can_be_fetched(tmp_path: Path) -> None:
    calls, said = go_live(tmp_path, "systemctl", part="date() { echo 1970; }; systemctl; why_not")
    assert "The clock says 1970" in said
    assert calls


# The last test of the file: it takes away what the others look at.
def test_calendars_are_read_once_it_is_asked_for_and_then_renewed_with_the_rest(root: Path, tmp_path: Path) -> None:
    make("install-meetings", root)
    assert ours(root) == told("device", "page", "meetings")
    addresses = root / "etc/unsit/calendars"
    assert stat.S_IMODE(addresses.stat().st_mode) == 0o700
    assert "m unsit unsit-meetings" in (root / "etc/sysusers.d/unsit.conf").read_text("utf-8")
    (root / "etc/systemd/system/unsit-meetings.service").write_text("an older one\n")
    (root / "var/lib/unsit-meetings").mkdir(parents=True)
    (addresses / "work").write_text("https://calendar.example/x\n")
    make("install", root, NO_NETWORK)
    assert "unsit meetings refresh" in (root / "etc/systemd/system/unsit-meetings.service").read_text("utf-8")
    assert (addresses / "work").exists()
    asks = "from device.meetings import child; print(child.__file__)"
    ran = subprocess.run(
        [root / "opt/unsit/bin/python", "-c", asks],
        cwd=tmp_path,
        env={"PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.startswith(str(root))


def test_a_broker_is_told_once_it_is_asked_for_and_that_is_renewed_with_the_rest(root: Path) -> None:
    make("install-mqtt", root)
    assert ours(root) == told(*DESCRIPTION.parts)
    assert "m unsit-mqtt unsit" in (root / "etc/sysusers.d/unsit.conf").read_text("utf-8")
    (root / "etc/systemd/system/unsit-mqtt.service").write_text("an older one\n")
    (root / "var/lib/unsit-mqtt").mkdir(parents=True)
    assert files_only("install", root).returncode == 0
    assert "unsit mqtt run" in (root / "etc/systemd/system/unsit-mqtt.service").read_text("utf-8")
    asks = "import paho.mqtt.client as it; print(it.__file__)"
    ran = subprocess.run(
        [root / "opt/unsit/bin/python", "-c", asks], env={}, capture_output=True, text=True, check=True
    )
    assert ran.stdout.startswith(str(root))


def test_uninstalling_takes_what_is_described_and_leaves_the_rest_and_says_so_and_may_be_done_twice(root: Path) -> None:
    for kept in (
        "var/lib/unsit/journal.db",
        "etc/systemd/system/unsit.service.d/own.conf",
        "etc/sysusers.d/other.conf",
    ):
        (root / kept).parent.mkdir(parents=True, exist_ok=True)
        (root / kept).touch()
    there = set(all_below(root))
    said = make("uninstall", root)
    gone = {place for part in DESCRIPTION.parts.values() for place in part.places()}
    folders = ("/opt/unsit/", "/var/lib/unsit-meetings/")
    assert there - set(all_below(root)) == {each for each in there if each in gone or each.startswith(folders)}
    for left in ("/etc/unsit, with your settings", "/etc/unsit/calendars, with", "/var/lib/unsit, with the journal"):
        assert left in said
    for left in (
        "unsit-page, unsit-meetings and unsit-mqtt, the groups gpio",
        "I2C",
        "/var/lib/unsit-mqtt, with how far",
    ):
        assert left in said
    for folder in (
        "etc/systemd/system/unsit-page.socket.d",
        "etc/avahi/services",
        "opt/unsit",
        "var/lib/unsit-meetings",
    ):
        assert not (root / folder).exists()
    assert make("uninstall", root) == said


def all_below(root: Path) -> list[str]:
    return [f"/{file.relative_to(root)}" for file in root.rglob("*") if file.is_symlink() or file.is_file()]


@pytest.mark.parametrize("target", ["install", "install-page", "uninstall"])
def test_where_debian_packages_have_installed_it_nothing_is_done(tmp_path: Path, target: str) -> None:
    (tmp_path / "usr/lib/unsit/current").mkdir(parents=True)
    refused = tried(target, tmp_path, NO_NETWORK)
    assert refused.returncode != 0
    assert "First: sudo apt remove unsit" in refused.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["usr"]


def test_a_broken_description_is_named_in_one_line_before_anything_is_done(tmp_path: Path) -> None:
    systemd = tmp_path / "systemd"
    shutil.copytree(PROJECT / "systemd", systemd, ignore=shutil.ignore_patterns("__pycache__", "requirements-mqtt.txt"))
    environment = {**os.environ, "DESTDIR": str(tmp_path / "root"), "PYTHON": sys.executable}
    for target in ("install", "uninstall"):
        command = ["bash", str(systemd / "install.sh"), target]
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert ran.returncode != 0
        assert "requirements-mqtt.txt'; allowed: a file beside the description" in ran.stderr
        assert ran.stderr.count("\n") == 1
        assert not (tmp_path / "root").exists()
