"""The cache of what takes minutes to build for the tests on a real kernel; its own tests need no kernel."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.real_kernel.cache import folder, kept


class Builder:
    """Writes what it is told, and counts how often."""

    def __init__(self, content: str = "built") -> None:
        self.content = content
        self.times = 0

    def __call__(self, to: Path) -> None:
        self.times += 1
        to.write_text(self.content)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def test_what_was_built_once_is_at_hand_from_then_on() -> None:
    build = Builder()
    first = kept("disk", [b"a", b"b"], build)
    assert first.read_text() == "built"
    assert kept("disk", [b"a", b"b"], build) == first
    assert build.times == 1


@pytest.mark.parametrize("others", [[b"a"], [b"a", b"c"], [b"ab"], [b"", b"ab"], [b"b", b"a"]])
def test_other_ingredients_make_another(others: list[bytes]) -> None:
    build = Builder()
    assert kept("disk", [b"a", b"b"], build) != kept("disk", others, build)
    assert build.times == 2


def test_two_of_a_name_stay_and_those_are_the_ones_used_last() -> None:
    build = Builder()
    first, second = (kept("disk", [each], build) for each in (b"1", b"2"))
    other = kept("kernel", [b"1"], build)
    os.utime(second, (1, 1))
    third = kept("disk", [b"3"], build)
    assert [file.exists() for file in (first, second, third, other)] == [True, False, True, True]


def test_a_folder_is_kept_and_tidied_away_like_a_file() -> None:
    def build(to: Path) -> None:
        to.mkdir()
        (to / "inside").write_text("built")

    first, _, _ = (kept("root", [each], build) for each in (b"1", b"2", b"3"))
    assert not first.exists()
    assert (kept("root", [b"3"], build) / "inside").read_text() == "built"


def test_a_build_that_fails_leaves_nothing_and_is_tried_again() -> None:
    def fail(to: Path) -> None:
        to.write_text("half")
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"):
        kept("disk", [b"a"], fail)
    assert [file.name for file in folder().iterdir()] == ["disk.lock"]
    assert kept("disk", [b"a"], Builder()).read_text() == "built"


def test_what_a_killed_build_left_is_tidied_away() -> None:
    left_over = folder() / "building-1"
    left_over.mkdir(parents=True)
    (left_over / "disk").write_text("half")
    (folder() / "building-2").mkdir()
    kept("disk", [b"a"], Builder())
    assert not left_over.exists()
    assert (folder() / "building-2").exists(), "it may be another's, under way"
