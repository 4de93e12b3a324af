"""The Debian packages as they are built: the same bytes each time, nothing for lintian to say, and in which order."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from systemd.making.debian_packages import NoPackageError, debian_packages, debian_version
from tests.check_unit import PROJECT
from tests.package.versions import EPOCH_S, version_here
from tests.tools import takes

needs_debhelper = takes(
    {"dpkg-buildpackage": "dpkg-dev", "dh": "debhelper", "dh_python3": "dh-python", "lintian": "lintian"}
)


@pytest.fixture(scope="module")
def as_built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each by its name."""
    built = debian_packages(PROJECT, tmp_path_factory.mktemp("packages"), EPOCH_S)
    return {file.name.partition("_")[0]: file for file in built}


def contents(package: Path) -> list[str]:
    """Each line that dpkg says of a file, in the order of the archive."""
    return subprocess.run(["dpkg-deb", "-c", package], capture_output=True, text=True, check=True).stdout.splitlines()


@needs_debhelper
def test_there_is_one_for_each_part_in_the_version_of_the_device(as_built: dict[str, Path]) -> None:
    names = ("unsit", "unsit-meetings", "unsit-mqtt", "unsit-page")
    assert {name: file.name for name, file in as_built.items()} == {
        name: f"{name}_{debian_version(version_here())}_all.deb" for name in names
    }


@needs_debhelper
def test_two_builds_are_the_same_bytes(as_built: dict[str, Path], tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        again = debian_packages(PROJECT, tmp_path, EPOCH_S)
    finally:
        os.umask(before)
    assert {file.name for file in again} == {file.name for file in as_built.values()}
    assert [
        file.name for file in again if file.read_bytes() != as_built[file.name.partition("_")[0]].read_bytes()
    ] == []


@needs_debhelper
def test_the_link_to_the_version_in_force_is_the_last_that_dpkg_renames(as_built: dict[str, Path]) -> None:
    lines = contents(as_built["unsit"])
    assert lines[-1].endswith(f"/usr/lib/unsit/current -> {debian_version(version_here())}")


@needs_debhelper
def test_all_belongs_to_root_and_can_be_read_by_everybody(as_built: dict[str, Path]) -> None:
    lines = [line.split() for each in as_built.values() for line in contents(each)]
    assert {line[1] for line in lines} == {"root/root"}
    assert [line for line in lines if line[0][0] != "l" and (line[0][4] != "r" or line[0][7] != "r")] == []
    assert [line for line in lines if line[0][8] == "w" and line[0][0] != "l"] == []


@needs_debhelper
def test_no_byte_code_and_nothing_that_asks_questions_is_inside(as_built: dict[str, Path]) -> None:
    for each in as_built.values():
        assert [line for line in contents(each) if ".pyc" in line] == []
        control = subprocess.run(["dpkg-deb", "-f", each], capture_output=True, text=True, check=True).stdout
        assert "debconf" not in control


@needs_debhelper
def test_lintian_has_nothing_to_say(as_built: dict[str, Path]) -> None:
    words = ["lintian", "--pedantic", "--display-info", "--allow-root", "--fail-on=error,warning,info,pedantic"]
    # Debian's own packages must run without systemd as well, and name their documents in each unit.
    passed_over = [
        "package-supports-alternative-init-but-no-init.d-script",
        "systemd-service-file-missing-documentation-key",
    ]
    ran = subprocess.run(
        [*words, f"--suppress-tags={','.join(passed_over)}", *as_built.values()],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.stdout, ran.returncode) == ("", 0)


@takes({"shellcheck": "shellcheck"})
def test_the_scripts_are_plain_shell() -> None:
    folder = PROJECT / "systemd/debian"
    by_hand = ("debian/unsit.devices", "debian/refuses-older.in", "switch-on-i2c.sh")
    scripts = [each for each in folder.iterdir() if each.suffix in (".preinst", ".postinst", ".postrm")]
    assert len(scripts) == 12
    scripts += [PROJECT / "systemd" / name for name in by_hand]
    ran = subprocess.run(["shellcheck", *scripts], capture_output=True, text=True, check=False)
    assert ran.stdout == ""


def test_versions_before_a_release_come_before_it() -> None:
    versions = ("1.2.0.dev3", "1.2.0a1", "1.2.0rc2", "1.2.0")
    assert [debian_version(each) for each in versions] == ["1.2.0~dev3", "1.2.0~a1", "1.2.0~rc2", "1.2.0"]


def test_without_its_tools_it_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoPackageError, match="dpkg-buildpackage is missing: sudo apt install debhelper dh-python"):
        debian_packages(PROJECT, tmp_path, EPOCH_S)
