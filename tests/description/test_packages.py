"""What the Debian packages hold, held against the description."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from systemd.making.debian_packages import committed_at_s, debian_packages, package_of
from systemd.making.description import InstalledPart, described
from tests.check_unit import PROJECT
from tests.tools import takes

pytestmark = takes({"dpkg-buildpackage": "dpkg-dev", "dh": "debhelper", "dh_python3": "dh-python"})
PARTS = described().parts
EACH_PART = pytest.mark.parametrize("part", PARTS.values(), ids=lambda part: part.name)


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each package unpacked, its scripts under DEBIAN, by the name of its part."""
    folder = tmp_path_factory.mktemp("packages")
    built = debian_packages(PROJECT, folder / "built", committed_at_s())
    by_package = {file.name.partition("_")[0]: file for file in built}
    assert by_package.keys() == {package_of(part) for part in PARTS}
    for part in PARTS:
        subprocess.run(["dpkg-deb", "--raw-extract", by_package[package_of(part)], folder / part], check=True)
    return {part: folder / part for part in PARTS}


def places(root: Path) -> Iterator[str]:
    """All that the package puts beside its own folder and its documents."""
    for file in root.rglob("*"):
        place = f"/{file.relative_to(root)}"
        if (file.is_symlink() or file.is_file()) and not place.startswith(
            ("/DEBIAN/", "/usr/lib/unsit/", "/usr/share/")
        ):
            yield place


def version_of(root: Path) -> str:
    (version,) = (each.name for each in (root / "usr/lib/unsit").iterdir() if not each.is_symlink())
    return version


def control(root: Path, field: str) -> str:
    text = (root / "DEBIAN/control").read_text("utf-8")
    (value,) = re.findall(rf"^{field}: (.*)$", text, re.MULTILINE)
    return str(value)


def scripts(root: Path) -> str:
    names = ("preinst", "postinst", "prerm", "postrm")
    return "\n".join(file.read_text("utf-8") for file in map((root / "DEBIAN").joinpath, names) if file.exists())


@EACH_PART
def test_a_package_holds_what_is_described_and_nothing_else(unpacked: Mapping[str, Path], part: InstalledPart) -> None:
    described_places = {file.place_in_package for file in part.files if not file.reach}
    assert {*places(unpacked[part.name])} == described_places


@EACH_PART
def test_its_files_are_the_projects_but_for_the_place_of_the_command(
    unpacked: Mapping[str, Path], part: InstalledPart
) -> None:
    for file in part.files:
        there = unpacked[part.name] / file.place_in_package[1:]
        if file.kind == "link":
            assert os.readlink(there) == "../lib/unsit/current/unsit"
        elif not file.reach:
            text = file.source.read_text("utf-8").replace("/opt/unsit/bin/unsit", "/usr/bin/unsit")
            assert there.read_text("utf-8") == text.replace("sudo make install-", "sudo apt install unsit-")


@EACH_PART
def test_it_starts_the_units_that_are_enabled_and_no_others(unpacked: Mapping[str, Path], part: InstalledPart) -> None:
    enabled = re.findall(r"deb-systemd-helper enable '([^']+)'", scripts(unpacked[part.name]))
    assert {*enabled} == {*part.enabled}


@EACH_PART
def test_it_depends_on_what_is_described_and_carries_the_rest(
    unpacked: Mapping[str, Path], part: InstalledPart
) -> None:
    root = unpacked[part.name]
    asked = {each.strip() for each in control(root, "Depends").split(",")}
    assert {*part.debian} <= asked
    carried = {each.name.partition("-")[0].replace("_", "-") for each in root.glob("usr/lib/unsit/*/*.dist-info")}
    assert carried - {"unsit"} == {*part.vendored}


@EACH_PART
def test_removing_and_purging_it_takes_the_folders_that_are_described(
    unpacked: Mapping[str, Path], part: InstalledPart
) -> None:
    said = scripts(unpacked[part.name])
    for folder in part.folders:
        assert folder.place in said, folder.place
        if folder.mode is not None:
            assert f"install -d -m {folder.mode:o} " in said


def test_the_page_takes_the_files_of_its_reach_along(unpacked: Mapping[str, Path]) -> None:
    root = unpacked["page"]
    there = {file.name for file in (root / "usr/lib/unsit" / version_of(root)).iterdir()}
    assert there == {"page-reach.sh", *(file.source.name for file in PARTS["page"].files if file.reach)}


def test_the_device_makes_all_users_and_sets_what_the_boot_needs(unpacked: Mapping[str, Path]) -> None:
    said = scripts(unpacked["device"])
    assert "systemd-sysusers" in said
    for line in described().boot_config:
        assert f"'{line}'" in said
