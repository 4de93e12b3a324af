"""`make install` and `make uninstall`, into a scratch root and without a network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.check_unit import MOST_EXPOSED, PROJECT, exposure, has_systemd_analyze, verify

OURS = {
    "etc/systemd/system/unsit.service",
    "etc/sysusers.d/unsit.conf",
    "opt/unsit/bin/unsit",
    "usr/local/bin/unsit",
}
PAGE = "etc/systemd/system/unsit-page.service"
"""What is looked at; beside these there is the rest of the virtual environment."""


def make(target: str, root: Path) -> str:
    """Run it as its user would, but with the libraries that the tests have instead of an index."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    libraries = sysconfig.get_path("purelib")
    flags = "PIP_FLAGS=--no-index --no-build-isolation"
    ran = subprocess.run(
        ["make", target, f"DESTDIR={root}", f"PYTHON={sys.executable}", flags],
        cwd=PROJECT,
        env={**environment, "PYTHONPATH": libraries},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def ours(root: Path) -> set[str]:
    # A link into /opt leads out of the scratch root, so it exists without its target.
    return {name for name in OURS | {PAGE} if os.path.lexists(root / name)}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scratch root, installed to twice, with settings of somebody's in it."""
    root = tmp_path_factory.mktemp("root")
    settings = root / "etc/unsit/unsit.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("[limits]\npreset = 'hourly'\n")
    make("install", root)
    make("install", root)
    return root


def test_everything_is_in_its_place(root: Path) -> None:
    assert ours(root) == OURS


def test_the_link_leads_to_the_command_that_the_unit_starts(root: Path) -> None:
    assert os.readlink(root / "usr/local/bin/unsit") == "/opt/unsit/bin/unsit"
    assert "ExecStart=/opt/unsit/bin/unsit run" in (root / "etc/systemd/system/unsit.service").read_text("utf-8")
    assert os.access(root / "opt/unsit/bin/unsit", os.X_OK)


def test_the_command_does_not_remember_the_scratch_root(root: Path) -> None:
    script = (root / "opt/unsit/bin/unsit").read_text("utf-8")
    assert "/opt/unsit/bin/python" in script
    assert str(root) not in script


def test_what_is_installed_runs_without_the_checkout(root: Path, tmp_path: Path) -> None:
    ran = subprocess.run(
        [root / "opt/unsit/bin/python", "-m", "device", "stretches"],
        cwd=tmp_path,
        env={"PYTHONPATH": sysconfig.get_path("purelib"), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "march" in ran.stdout
    where = subprocess.run(
        [root / "opt/unsit/bin/python", "-c", "import device, hardware; print(device.__file__, hardware.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert all(place.startswith(str(root)) for place in where)


def test_fonts_and_stretches_are_installed_too(root: Path) -> None:
    (packages,) = (root / "opt/unsit/lib").glob("python3.*/site-packages")
    for package, pattern in (("device", "content/**/*.toml"), ("hardware", "fonts/*")):
        shipped = {str(file.relative_to(PROJECT)) for file in (PROJECT / package).glob(pattern)}
        assert shipped
        assert {str(file.relative_to(packages)) for file in (packages / package).glob(pattern)} == shipped


def test_the_page_is_off_until_it_is_asked_for(root: Path, tmp_path: Path) -> None:
    assert not (root / PAGE).exists()
    make("install-page", root)
    assert (root / PAGE).exists()
    (packages,) = (root / "opt/unsit/lib").glob("python3.*/site-packages")
    shipped = {file.name for file in (PROJECT / "hardware/page/static").iterdir()}
    assert {file.name for file in (packages / "hardware/page/static").iterdir()} == shipped
    script = (root / "opt/unsit/bin/unsit").read_text("utf-8")
    assert str(root) not in script
    ran = subprocess.run(
        [root / "opt/unsit/bin/python", "-c", "from hardware.page import server; print(server.__file__)"],
        cwd=tmp_path,
        env={"PYTHONPATH": sysconfig.get_path("purelib"), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "hardware/page/server.py" in ran.stdout


def test_pip_leaves_nothing_in_the_checkout(root: Path) -> None:  # noqa: ARG001 - it is the installing that might
    assert not (PROJECT / "build").exists()


def test_systemd_finds_nothing_wrong_with_what_is_installed(root: Path) -> None:
    if not has_systemd_analyze() and not os.environ.get("CI"):
        pytest.skip("no systemd-analyze here to ask")
    assert verify(root) == ""
    assert exposure(root) <= MOST_EXPOSED


def go_live(tmp_path: Path, *there: str, target: str = "go-live") -> tuple[list[str], str]:
    """The last part of an installation on a Pi, with commands that only write down that they were called."""
    commands, calls = tmp_path / "bin", tmp_path / "calls"
    commands.mkdir()
    for name in there:
        (commands / name).write_text(f'#!/bin/bash\necho "{name} $*" >>{calls}\n')
        (commands / name).chmod(0o755)
    make_itself = shutil.which("make")
    assert make_itself
    # Nothing else is on the path, so that the test may run on a Pi as well.
    ran = subprocess.run(
        [make_itself, target, f"PYTHON={sys.executable}"],
        cwd=PROJECT,
        env={"PATH": str(commands)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return calls.read_text().splitlines(), ran.stdout


def test_going_live_makes_the_user_and_switches_i2c_on_before_it_starts_the_service(tmp_path: Path) -> None:
    calls, _ = go_live(tmp_path, "systemd-sysusers", "raspi-config", "systemctl")
    assert calls == [
        "systemd-sysusers /etc/sysusers.d/unsit.conf",
        "raspi-config nonint do_i2c 0",
        "systemctl daemon-reload",
        "systemctl enable unsit",
        "systemctl restart unsit",
    ]


def test_without_raspi_config_it_says_how_to_switch_i2c_on(tmp_path: Path) -> None:
    calls, said = go_live(tmp_path, "systemd-sysusers", "systemctl")
    assert "systemctl restart unsit" in calls
    assert "dtparam=i2c_arm=on" in said


def test_the_page_goes_live_too_and_says_how_it_is_reached(tmp_path: Path) -> None:
    calls, said = go_live(tmp_path, "systemctl", "chmod", "hostname", target="page-go-live")
    assert [call for call in calls if call.startswith("systemctl")] == [
        "systemctl daemon-reload",
        "systemctl enable unsit-page",
        "systemctl restart unsit-page",
    ]
    assert "ssh -L 8016:127.0.0.1:8016" in said


# The last test of the file: it takes away what the others look at.
def test_uninstalling_leaves_the_settings_and_says_so_and_may_be_done_twice(root: Path) -> None:
    said = make("uninstall", root)
    assert "/etc/unsit" in said
    assert ours(root) == set()
    assert not (root / "opt/unsit").exists()
    assert (root / "etc/unsit/unsit.toml").exists()
    assert make("uninstall", root) == said
