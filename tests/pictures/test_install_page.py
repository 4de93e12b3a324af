"""docs/install.md shows what the panel shows, and says of each picture what it means."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from systemd.making.early_pictures import early_screens, enlarged
from tests.golden import assert_golden

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "install.md").read_text("utf-8")
SHOWN = dict(re.findall(r"!\[([^\]]+)\]\(early/([\w-]+)\.png\)", TEXT))
SCREENS = {screen.name: screen for screen in early_screens()}


@pytest.mark.parametrize("name", sorted(SHOWN.values()))
def test_a_picture_on_the_page_is_what_the_panel_shows(name: str) -> None:
    assert_golden(enlarged(SCREENS[name], "en"), f"../../docs/early/{name}")


def test_only_what_the_page_shows_lies_there() -> None:
    assert {file.stem for file in (DOCS / "early").iterdir()} == set(SHOWN.values())


def test_who_cant_see_a_picture_reads_its_words() -> None:
    for said, name in SHOWN.items():
        assert said.startswith(" ".join(SCREENS[name].words["en"].lines)), name


@pytest.mark.parametrize("name", SCREENS)
def test_the_page_says_what_each_of_them_means(name: str) -> None:
    words = SCREENS[name].words["en"]
    told = TEXT if name in SHOWN.values() else TEXT.split("What the panel says before the device runs")[1]
    assert " ".join(words.lines) in told, f"{words.lines} isn't in docs/install.md"
    assert words.small in told or name.startswith("setting-up"), f"{words.small!r} isn't in docs/install.md"
