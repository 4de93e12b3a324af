"""A release is whole or isn't there, says what it is, and is made of what is committed only."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from device import __version__
from systemd.making.release import BILL, CHECKSUMS, NOTES, TARGETS, ReleaseError, make_release, version_of
from systemd.making.release_notes import ChangesError
from tests.checkout import PROJECT, git, tracked
from tests.release.conftest import commit

OURS = {"unsit-9.8.7-py3-none-any.whl", "unsit-9.8.7.tar.gz"}
DEBS = {"unsit_9.8.7_all.deb", "unsit-page_9.8.7_all.deb"}
IMAGE = {"unsit-9.8.7-arm64.img.zst", "unsit-9.8.7-arm64.packages"}


def test_all_of_it_is_in_one_folder_with_checksums_and_a_bill(checkout: Path) -> None:
    made = make_release(checkout)
    assert made == checkout / "dist/release-9.8.7"
    names = {each.name for each in made.iterdir()}
    assert names == OURS | DEBS | IMAGE | {"user-data", NOTES, BILL, CHECKSUMS}
    assert (made / NOTES).read_text("utf-8") == "# Unsit 9.8.7 - 2026-11-30\n\n- Rings.\n"
    checks = subprocess.run(["sha256sum", "--check", "--strict", CHECKSUMS], cwd=made, capture_output=True, check=False)
    assert checks.returncode == 0
    assert checks.stdout.count(b": OK") == len(names) - 1
    told = json.loads((made / BILL).read_text("utf-8"))
    needs = {each["ref"]: each.get("dependsOn", []) for each in told["dependencies"]}
    assert any(each.startswith("pkg:pypi/gpiozero@") for each in needs["file:unsit-9.8.7-py3-none-any.whl"])
    assert needs["file:unsit-9.8.7-arm64.img.zst"] == ["pkg:deb/debian/base-files@13.8?arch=arm64&distro=debian-13"]
    assert needs["file:user-data"] == needs["file:unsit-9.8.7-py3-none-any.whl"]


def test_a_second_one_of_the_same_commit_is_the_same_bytes(checkout: Path) -> None:
    first = make_release(checkout, ["deb"]).rename(checkout / "dist/before")
    again = make_release(checkout, ["deb"])
    assert {each.name for each in again.iterdir()} == OURS | DEBS | {NOTES, BILL, CHECKSUMS}
    for each in first.iterdir():
        assert each.read_bytes() == (again / each.name).read_bytes(), each.name


def dirty(checkout: Path) -> None:
    (checkout / "README.md").write_text("something else\n", "utf-8")


def half_committed(checkout: Path) -> None:
    (checkout / "new.txt").touch()


def made_before(checkout: Path) -> None:
    (checkout / "dist/release-9.8.7").mkdir(parents=True)


def without_a_part(checkout: Path) -> None:
    (checkout / "CHANGELOG.md").write_text(
        "# Changes\n\n## Unreleased\n\n## 9.8.6 - 2026-11-30\n\n- It rings.\n", "utf-8"
    )
    commit(checkout)


def without_a_version(checkout: Path) -> None:
    (checkout / "device/__init__.py").write_text('"""Nothing."""\n', "utf-8")
    commit(checkout)


def that_cant_be_built(checkout: Path) -> None:
    makefile = checkout / "Makefile"
    makefile.write_text(makefile.read_text("utf-8").replace("deb:\n", "deb:\n\t@false\n"), "utf-8")
    commit(checkout)


def that_makes_nothing(checkout: Path) -> None:
    # One of an earlier try lies there; it isn't taken for a new one.
    (checkout / "dist").mkdir()
    (checkout / "dist/unsit_9.8.7_all.deb").write_text("of an earlier try")
    (checkout / "Makefile").write_text("deb:\n\t@true\n", "utf-8")
    commit(checkout)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (dirty, "not committed: README.md"),
        (half_committed, "not committed: new.txt"),
        (made_before, "dist/release-9.8.7 is there; delete it, or write the next version into device/__init__.py"),
        (without_a_part, "CHANGELOG.md: no part for 9.8.7"),
        (without_a_version, "device/__init__.py: no version"),
        (that_cant_be_built, "make deb failed"),
        (that_makes_nothing, "make deb has made no dist/unsit*_9.8.7*.deb"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_can_be_no_release_is_refused_in_one_line_and_leaves_nothing(spoil, says: str, checkout: Path) -> None:  # type: ignore[no-untyped-def]
    spoil(checkout)
    before = sorted((checkout / "dist").glob("*")) if (checkout / "dist").exists() else []
    with pytest.raises((ReleaseError, ChangesError)) as refused:
        make_release(checkout, ["deb"])
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
    left = sorted((checkout / "dist").glob("*")) if (checkout / "dist").exists() else []
    assert [each for each in left if each not in before] == []


def test_each_target_of_a_release_is_one_of_the_makefile() -> None:
    makefile = (PROJECT / "Makefile").read_text("utf-8")
    assert [target for target in TARGETS if f"\n{target}:" not in makefile] == []


def test_the_version_is_written_in_one_place() -> None:
    assert version_of(PROJECT) == __version__
    said = re.compile(rf"(?<![\w.=]){re.escape(__version__)}(?![\w.])")
    # CHANGELOG.md tells of each version; the images of other programs have numbers of their own.
    elsewhere = [name for name in tracked() if name not in ("device/__init__.py", "CHANGELOG.md")]
    files = [name for name in elsewhere if not name.startswith("docs/") or name.endswith(".md")]
    assert [name for name in files if said.search((PROJECT / name).read_text("utf-8", "replace"))] == []


def test_git_is_asked_only_of_a_checkout(tmp_path: Path, checkout: Path) -> None:
    assert git(checkout, "status", "--porcelain") == ""
    (tmp_path / "device").mkdir()
    (tmp_path / "device/__init__.py").write_text('__version__ = "1.0.0"\n')
    with pytest.raises(ReleaseError, match="a release is made of a checkout"):
        make_release(tmp_path)
