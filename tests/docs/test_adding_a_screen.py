"""The worked example of docs/adding-a-screen.md: done to a copy of the project, it shows, and one file has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.recipe import Recipe, run_in, what_changed

RECIPE = Recipe("docs/adding-a-screen.md", "device/screens/water.py")
PROGRAM = """
from device.languages.screen_words import vocabulary
from device.settings.settings import Settings
from device.stretches.repertoire import repertoire
from tests.pictures.test_drawing import assert_whole
from tests.story import Day

day = Day(Settings())
for minute in range(44):
    day.wait(minutes=1)
    if minute == 0:
        day.sit(minutes=0)
    if "water" in day.text:
        assert_whole(day.screen, day.now)
        print(minute, day.text)
day.press()
print(day.mode)
print(vocabulary("de").lines("water.lines"))
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    (words,) = RECIPE.blocks("toml")
    copy = RECIPE.carry_out(tmp_path)
    (copy / "device/content/en/words_water.toml").write_text(words, "utf-8")
    return copy


def test_the_document_says_which_files_are_new_and_that_one_changes(copy: Path) -> None:
    assert what_changed(copy) == RECIPE.table
    assert sorted(RECIPE.table.values()) == ["changed", "new", "new"]


def test_the_screen_shows_for_its_minute_and_its_words_are_in_every_language(copy: Path) -> None:
    (copy / "program.py").write_text(PROGRAM, "utf-8")
    shown = run_in(copy, "program.py").stdout.splitlines()
    assert shown == ["40 A glass of water? press: today", "today", "('A glass', 'of water?')"]


def test_every_word_of_the_copy_is_asked_for_and_no_other_is_there(copy: Path) -> None:
    name = "test_every_word_that_a_screen_asks_for_is_there_in_english_and_no_other"
    asked = f"from tests.languages.test_screen_words import {name} as test, SCREENS; test(); print('water' in SCREENS)"
    assert run_in(copy, "-c", asked).stdout == "True\n"
    (copy / "device/content/en/words_water.toml").write_text('[water]\nlines = ["A", "B"]\n', "utf-8")
    assert "AssertionError" in run_in(copy, "-c", asked, code=1).stderr
