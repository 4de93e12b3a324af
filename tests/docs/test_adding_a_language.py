"""The worked example of docs/adding-a-language.md: a folder with some Polish words, and nothing else changed."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from device.languages.language_files import FILES
from device.languages.phrases import explained, phrases
from device.languages.plurals import FORMS, RULES, forms_of
from device.languages.screen_words import missing_words, vocabulary
from device.mind.rules import Mode
from device.screens import screens
from device.settings.settings import Languages, Screens, Settings
from device.stretches.repertoire import all_stretches, repertoire
from tests.docs.recipe import PROJECT
from tests.pictures.test_drawing import SCENES, assert_whole
from tests.story import Day

DOCUMENT = (PROJECT / "docs/adding-a-language.md").read_text("utf-8")
EXAMPLES = dict(re.findall(r"^`(pl/\w+\.toml)`:\n\n```toml\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    for name, text in EXAMPLES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return Settings(screens=Screens(language="pl"), languages=Languages(str(tmp_path)))


def test_each_file_of_a_language_has_an_example() -> None:
    assert set(EXAMPLES) == {f"pl/{name}" for name in FILES}


def test_the_panel_speaks_polish_as_far_as_the_words_go_and_english_beyond(settings: Settings) -> None:
    day = Day(settings, repertoire(settings).stretches)
    day.sit(minutes=10)
    assert "Siedzisz" in day.text
    day.wait(minutes=110)
    assert day.mode == Mode.DUE.value
    assert "Czas wstać" in day.text
    assert vocabulary("pl", settings.languages.folder).text("away.heading") == "Off the chair"
    assert "away.heading" in missing_words("pl", settings.languages.folder)


def test_a_stretch_has_its_polish_name_and_cues(settings: Settings) -> None:
    stretches = {stretch.id: stretch for stretch in all_stretches(settings)}
    assert stretches["hip_lunge"].name == "Wykrok"
    cues = {pose.cue for stretch in stretches.values() for pose in stretch.figure.poses}
    assert {"w dół", "w górę"} <= cues


def test_numbers_have_their_forms_on_the_panel_and_in_the_page(settings: Settings) -> None:
    said = vocabulary("pl", settings.languages.folder)
    assert [said.counted("greeting.breaks", n) for n in (1, 3, 5)] == ["1 przerwa.", "3 przerwy.", "5 przerw."]
    page = phrases("pl", settings.languages.folder)
    assert set(page.forms["{count} full breaks"]) == set(forms_of("polish"))
    assert page("Sitting time") == "Czas siedzenia"
    assert explained("pl", settings.languages.folder)["limits.due_after"].startswith("Po jakim czasie")


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_every_screen_is_whole_in_it(settings: Settings, scene: object) -> None:
    assert callable(scene)
    snapshot = replace(scene().snapshot, words=vocabulary("pl", settings.languages.folder))
    assert_whole(screens.compose(snapshot)[0], snapshot.now)


def test_the_document_has_every_rule_with_its_forms() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \|", DOCUMENT, re.MULTILINE)
    told = {rule: [form for form in re.findall(r"`(\w+)`", forms) if form in FORMS] for rule, forms in rows}
    assert {rule: told.get(rule) for rule in RULES} == {rule: list(forms_of(rule)) for rule in RULES}
