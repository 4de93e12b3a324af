"""The one description of the installed system: what it says, and what is said of a broken one."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from systemd.making.description import FILE, SYSTEMD, DescriptionError, described, wanted_by
from tests.check_unit import PROJECT


def test_the_parts_are_the_device_and_what_comes_on_top_of_it() -> None:
    description = described()
    assert list(description.parts) == ["device", "page", "meetings", "mqtt"]
    assert description.place == "/opt/unsit"
    assert description.boot_config == ("dtparam=i2c_arm=on", "dtparam=i2c_arm_baudrate=400000")


def test_each_unit_starts_by_what_it_says_itself() -> None:
    parts = described().parts
    assert parts["device"].links() == {
        "/etc/systemd/system/multi-user.target.wants/unsit.service": "/etc/systemd/system/unsit.service"
    }
    assert list(parts["page"].links()) == ["/etc/systemd/system/sockets.target.wants/unsit-page.socket"]
    assert list(parts["meetings"].links()) == ["/etc/systemd/system/timers.target.wants/unsit-meetings.timer"]


def test_users_and_groups_are_those_of_the_units() -> None:
    assert described().users() == {
        "unsit": ("unsit-meetings",),
        "unsit-page": ("unsit",),
        "unsit-meetings": (),
        "unsit-mqtt": ("unsit",),
    }
    assert described().groups() == ("gpio", "i2c", "spi")


def test_each_file_in_systemd_is_installed_or_known_for_what_else_it_is() -> None:
    description = described()
    installed = {file.source for part in description.parts.values() for file in part.files if file.kind != "link"}
    libraries = {part.libraries for part in description.parts.values()}
    tools = {SYSTEMD / name for name in ("install.sh", "page-reach.sh", "switch-on-i2c.sh", FILE.name, "opened.toml")}
    assert {file for file in SYSTEMD.iterdir() if file.is_file()} == installed | libraries | tools | {
        *description.by_hand
    }


def test_the_documents_name_what_a_stock_system_needs() -> None:
    description = described()
    for document in ("README.md", "docs/install.md"):
        text = (PROJECT / document).read_text("utf-8")
        (line,) = re.findall(r"^sudo apt install (git .*)$", text, re.MULTILINE)
        assert {*line.split()} == {"git", *description.stock, *description.stock_32_bit}
    # It says itself what it misses.
    script = (SYSTEMD / "install.sh").read_text("utf-8")
    assert f"sudo apt install {' '.join(description.stock_32_bit)} (" in script
    assert "sudo apt install python3-venv" in script


def test_the_boot_settings_are_those_of_the_documents() -> None:
    told = "\n".join(described().boot_config)
    assert f"\n{told}\n" in (PROJECT / "docs/wiring.md").read_text("utf-8")


BROKEN = [
    ('place = "/opt/unsit"', "", "place is missing; allowed: a text"),
    ('place = "/opt/unsit"', "place = 3", "place = 3; allowed: a text"),
    ('place = "/opt/unsit"', 'place = "/opt"', "place = '/opt'; allowed: a path in full"),
    ('place = "/opt/unsit"', "place = ", "this can't be read"),
    ('place = "/opt/unsit"', 'place = "/opt/unsit"\nplaec = 1', "plaec is not known; allowed: by_hand, "),
    ("[image_packages]", "[image_packages]\nriscv = []", "image_packages: riscv is not known; allowed: all, arm64"),
    ("network = false", "network = 0", "parts: device: network = 0; allowed: true, or false"),
    ('enabled = ["unsit.service"]', 'enabled = "unsit.service"', "allowed: a list of texts in quotes"),
    ('enabled = ["unsit.service"]', 'enabled = ["x.service"]', "enabled: 'x.service'; allowed: unsit.service"),
    ('["unsit-page.socket"]', '["unsit-page.service"]', "'unsit-page.service'; allowed: unsit-page.socket"),
    ('vendored = ["gpiozero"]', 'vendored = ["gpio0"]', "vendored: 'gpio0'; allowed: cbor2, colorzero"),
    ('"requirements-mqtt.txt"', '"requirements-matter.txt"', "allowed: a file beside the description"),
    ('source = "unsit.rules"', 'source = "unsit.rule"', "files, number 4: source = 'unsit.rule'; allowed: a file"),
    ('kind = "udev"', 'kind = "udef"', "kind = 'udef'; allowed: unit, sysusers"),
    ('name = "60-unsit.rules"', 'named = "60-unsit.rules"', "named is not known; allowed: kind, source, name, reach"),
    ('"spi.conf" =', '"spy.conf" =', "by_hand: spy.conf = 'a drop-in for unsit"),
    ('mode = "0700"', 'mode = "rwx"', "mode = 'rwx'; allowed: four digits such as"),
    (
        'udev = ["/etc/udev/rules.d", "/usr/lib/udev/rules.d"]',
        'udev = ["/etc"]',
        "folders.udev = ['/etc']; allowed: two",
    ),
    ('name = "unsit.service", reach', 'name = "unsit.service", goes', "goes is not known; allowed: kind, source"),
    ('"unsit-meetings.service" }', '"unsit-page.service" }', "unsit-page.service is there twice; allowed: once"),
    ('"unsit-mqtt.service" }]', '"unsit-page.service" }]', "enabled: 'unsit-mqtt.service'; allowed: none"),
]


@pytest.mark.parametrize(("old", "new", "says"), BROKEN)
def test_a_broken_description_is_refused_in_one_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    systemd = tmp_path / "systemd"
    shutil.copytree(SYSTEMD, systemd, ignore=shutil.ignore_patterns("__pycache__", "image", "debian", "first_boot"))
    file = systemd / FILE.name
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(DescriptionError) as refused:
        described(file)
    assert says in str(refused.value)
    assert str(refused.value).startswith("installed.toml: ")
    assert "\n" not in str(refused.value)


def asked(script: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, script, *words], capture_output=True, text=True, check=False)


def test_install_sh_gets_plain_lines_or_one_that_says_what_is_wrong(tmp_path: Path) -> None:
    script = tmp_path / "making/description.py"
    script.parent.mkdir()
    shutil.copy(SYSTEMD / "making/description.py", script)
    assert asked(script, "files", "device").returncode == 78
    assert asked(script, "files", "device").stderr.count("\n") == 1
    there = SYSTEMD / "making/description.py"
    assert asked(there, "files", "device").stdout.splitlines()[0].split("\t") == [
        *("unit", str(SYSTEMD / "unsit.service"), "/etc/systemd/system/unsit.service")
    ]
    assert asked(there, "files", "roof").returncode == 64
    assert "device, page, meetings, mqtt" in asked(there, "files", "roof").stderr


def test_each_unit_of_the_image_starts_by_itself_or_by_another_as_is_described() -> None:
    units = SYSTEMD / "image/root/usr/lib/systemd/system"
    starting = {unit.name for unit in units.glob("unsit-*.*") if unit.is_file() and wanted_by(unit)}
    assert {unit for unit in described().image_enabled if unit.startswith("unsit-")} == starting
