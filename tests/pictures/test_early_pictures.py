"""The pictures from before the device runs: each in both languages, as somebody has looked at it."""

from __future__ import annotations

import filecmp
from pathlib import Path

import pytest

from hardware.panel import early
from hardware.panel.delta import packed
from systemd.making.early_pictures import (
    LANGUAGES,
    EarlyScreen,
    EarlyScreenError,
    EarlyWords,
    early_screens,
    gallery,
    image_of,
    picture_of,
    write_pictures,
)
from tests import golden
from tests.golden import assert_golden

SCREENS = {screen.name: screen for screen in early_screens()}
PROMISED = {
    *("greeting", "waiting-for-network", "waiting-for-clock", "wrong-settings", "cannot-install"),
    *("restarting", *(f"setting-up-{nth}-of-5" for nth in range(1, 6))),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SCREENS)
def test_it_looks_as_somebody_has_seen_it(name: str, language: str) -> None:
    assert_golden(image_of(SCREENS[name], language), f"early_{name}_{language}".replace("-", "_"))


def test_no_picture_is_left_over_from_a_screen_that_is_gone() -> None:
    names = {f"early_{name}_{language}".replace("-", "_") for name in SCREENS for language in LANGUAGES}
    assert {file.stem for file in golden.FOLDER.glob("early_*.png")} == names


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_gallery_in_the_docs_shows_what_the_panel_does(language: str) -> None:
    assert_golden(gallery(language), f"../../docs/early_{language}")


def test_those_that_others_rely_on_are_there_in_both_languages() -> None:
    assert SCREENS.keys() >= PROMISED
    assert {tuple(screen.words) for screen in SCREENS.values()} == {LANGUAGES}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (EarlyWords(("Extraordinarily", "long words", "on lines"), "why"), "'Extraordinarily' is too long"),
        (EarlyWords(("Short",), "so many small words that they take two lines"), "two lines' is too long for one"),
    ],
)
def test_what_nobody_could_read_isnt_drawn(words: EarlyWords, why: str) -> None:
    with pytest.raises(EarlyScreenError, match=why):
        picture_of(EarlyScreen("trial", {"en": words}), "en")


def test_all_are_written_as_the_panels_memory_has_them(tmp_path: Path) -> None:
    write_pictures(tmp_path / "early")
    assert filecmp.cmp(tmp_path / "early/early.py", early.__file__, shallow=False)
    written = {file.name: file.read_bytes() for file in (tmp_path / "early").iterdir() if file.suffix != ".py"}
    assert written == {
        f"{name}.{language}": packed(image_of(screen, language))
        for name, screen in SCREENS.items()
        for language in LANGUAGES
    }
    assert {len(each) for each in written.values()} == {1024}
