"""The worked example of docs/adding-a-stretch.md: a file in a folder, and nothing else changed."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from device.languages.language_files import STRETCHES
from device.settings.settings import Languages, Screens, Settings, Stretching
from device.stretches.repertoire import all_stretches, repertoire, shipped
from device.stretches.stretch import Stretch
from device.words.facts import StretchStarted
from tests.docs.recipe import PROJECT
from tests.pictures.test_drawing import assert_whole
from tests.story import PLAIN, Day

DOCUMENT = (PROJECT / "docs/adding-a-stretch.md").read_text("utf-8")
(EXAMPLE,) = re.findall(r"^```toml\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "calf_raise.toml").write_text(EXAMPLE, "utf-8")
    return replace(PLAIN, stretches=Stretching(folder=str(tmp_path)))


def own(settings: Settings) -> Stretch:
    return next(stretch for stretch in all_stretches(settings) if stretch.id == "calf_raise")


def test_it_comes_beside_those_that_ship(settings: Settings) -> None:
    offered = repertoire(settings).stretches
    assert own(settings) in offered
    assert {stretch.id for stretch in offered} - {stretch.id for stretch in shipped()} == {"calf_raise"}


def test_the_guide_shows_it_and_every_screen_of_it_is_whole(settings: Settings) -> None:
    # It is for the circulation: something for the hips is before it.
    day = Day(settings, (shipped()[2], own(settings)))
    day.sit(minutes=121)
    day.rise(seconds=0)
    for _ in range(240):
        day.wait(seconds=1)
        assert_whole(day.screen, day.now)
    assert "calf_raise" in {fact.stretch for fact in day.notes if isinstance(fact, StretchStarted)}


def test_a_language_of_one_s_own_has_words_for_it(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "languages/pl").mkdir(parents=True)
    words = '[calf_raise]\nname = "Wspięcie na palce"\n'
    (tmp_path / "languages/pl" / STRETCHES).write_text(words, "utf-8")
    folder = Languages(str(tmp_path / "languages"))
    spoken = replace(settings, screens=Screens(language="pl"), languages=folder)
    assert own(spoken).name == "Wspięcie na palce"
    assert own(spoken).why == own(settings).why
