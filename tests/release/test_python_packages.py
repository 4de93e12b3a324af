"""Wheel and source package are the same bytes from the same sources, and the latter has all of these."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import pytest

from systemd.making.python_packages import checked_out, source_package, wheel
from tests.checkout import git, tracked

AT_S = 1_796_000_000


@pytest.fixture(scope="module")
def packed(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source package."""
    to = tmp_path_factory.mktemp("packed")
    return source_package(checked_out(to / "copy", sources), to, AT_S)


def built_elsewhere(sources: Path, folder: Path) -> tuple[bytes, bytes]:
    """Both, by somebody with other habits, at another place and time."""
    before, zone = os.umask(0o077), os.environ.get("TZ")
    try:
        os.environ["TZ"] = "Asia/Tokyo"
        of = checked_out(folder / "another/place", sources)
        for file in of.rglob("*.py"):
            os.utime(file, (time.time() - 1e6, time.time() - 1e6))
        built = wheel(of, folder, AT_S), source_package(checked_out(folder / "third", sources), folder, AT_S)
    finally:
        os.umask(before)
        os.environ.pop("TZ") if zone is None else os.environ.update(TZ=zone)
    return built[0].read_bytes(), built[1].read_bytes()


def test_two_builds_are_the_same_bytes_and_so_is_one_from_the_source_package(
    sources: Path, packed: Path, tmp_path: Path
) -> None:
    first = wheel(checked_out(tmp_path / "first", sources), tmp_path / "one", AT_S).read_bytes()
    assert (first, packed.read_bytes()) == built_elsewhere(sources, tmp_path / "two")
    with tarfile.open(packed) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    assert wheel(unpacked, tmp_path / "three", AT_S).read_bytes() == first


def test_the_source_package_has_all_that_git_has_and_no_more(packed: Path) -> None:
    with tarfile.open(packed) as archive:
        members = archive.getmembers()
    assert {(each.uid, each.gid, each.uname, each.mtime) for each in members} == {(0, 0, "", AT_S)}
    names = {each.name.split("/", 1)[1] for each in members if each.isreg()}
    made = {"PKG-INFO", "setup.cfg"} | {name for name in names if name.startswith("unsit.egg-info/")}
    assert sorted(names - made) == tracked()


def test_from_the_source_package_the_tests_run(packed: Path, tmp_path: Path) -> None:
    with tarfile.open(packed) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = (each for each in tmp_path.iterdir() if each.is_dir())
    # Some of each kind: the documents, the core, what makes things, and what does without git.
    some = ["tests/test_names.py", "tests/core/test_rules.py", "tests/release/test_release_notes.py"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *some],
        cwd=unpacked, env={**os.environ, "PYTHONPATH": str(unpacked)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout[-2000:]


WORKBENCH = ("hardware/case/", "hardware/drawings/", "hardware/renders/")
"""What a device is built with, and none needs."""


def test_the_wheel_has_what_a_device_runs_and_nothing_else(sources: Path, tmp_path: Path) -> None:
    built = wheel(checked_out(tmp_path / "copy", sources), tmp_path, AT_S)
    with zipfile.ZipFile(built) as archive:
        names = set(archive.namelist())
    assert {name.split("/")[0].removesuffix(".dist-info").split("-")[0] for name in names} == {
        *("device", "hardware", "unsit")
    }
    ours = [name for name in tracked() if name.startswith(("device/", "hardware/"))]
    shipped = [name for name in ours if not name.startswith(WORKBENCH)]
    assert [name for name in shipped if name not in names] == []
    assert [name for name in names if name.startswith(WORKBENCH)] == []
    assert git(sources, "status", "--porcelain") == "", "it builds in a copy"
