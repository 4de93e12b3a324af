"""The words of the screens, in each language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from device.files.complaint import ContentError
from device.languages import screen_words as module
from device.languages.screen_words import ENGLISH, languages, missing, vocabulary
from device.settings.settings import Screens, Settings
from device.stretches import repertoire as repertoire_module
from device.stretches.repertoire import repertoire, shipped
from device.stretches.stretch_file import untranslated
from device.words.traits import CONDITIONS

SCREENS = (Path(module.__file__).parents[1] / "screens/screens.py").read_text("utf-8")
OTHERS = [language for language in languages() if language != ENGLISH]
CUES = {cue for stretch in shipped() for pose in stretch.figure.poses for cue in (pose.cue, pose.hold_cue)}


def test_there_is_english_and_german() -> None:
    assert {"en", "de"} <= set(languages())


def test_every_word_that_a_screen_asks_for_is_there_in_english_and_no_other() -> None:
    asked = set(re.findall(r'(?:text|lines)\(\s*"([a-z_]+\.[a-z_]+)"', SCREENS))
    asked |= {
        f"{name}.{key}"
        for name in re.findall(r'_(?:words|pushed)\(status, "(\w+)"\)', SCREENS)
        for key in ("lines", "small")
    }
    asked |= {"invite.alone", "due.alone"}
    asked |= {f"condition.{each.replace(' ', '_')}" for each in CONDITIONS}
    asked |= {f"hold.{key}" for key in ("later", "mute", "unmute", "end")}
    asked |= {f"today.{key}" for key in ("seated", "doubtful", "longest", "breaks", "in_time", "next")}
    asked |= {
        "greeting.break",
        "greeting.breaks",
        "thanks.rested",
        "thanks.short",
        "units.times",
        "units.seconds",
        "guide.stop",
        "language.name",
    }
    asked |= {f"place.{thing}" for thing in ("free", "desk", "wall", "chair", "floor")}
    assert asked == set(module._read(ENGLISH).words)


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_missing_in_another_language(language: str) -> None:
    assert missing(language) == []
    assert [cue for cue in sorted(CUES) if cue not in module._read(language).cues] == []
    text = (module.content() / language / "stretches.toml").read_text("utf-8")
    assert untranslated(shipped(), text) == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_cue_has_8_letters_at_the_most_and_none_is_for_nothing(language: str) -> None:
    cues = module._read(language).cues
    assert [word for word in cues.values() if len(word) > 8] == []
    assert [word for word in cues if word not in CUES] == []


def test_what_a_language_lacks_is_said_in_english(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    speak(tmp_path, monkeypatch, '[due]\nheading = "Los"\n[cues]\ndown = "ab"\n')
    said = vocabulary.__wrapped__("xx")
    assert said.text("due.heading") == "Los"
    assert said.lines("due.lines") == ("Time to", "get up")
    assert (said.cue("down"), said.cue("up")) == ("ab", "up")
    assert "due.lines" in missing("xx")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ('[duo]\nheading = "Los"', "xx/words.toml: duo.heading: unknown key; allowed: those of en/words.toml"),
        ('[due]\nheading = ["Los"]', "xx/words.toml: due.heading: must be one line"),
        ('[due]\nlines = "Los"', "xx/words.toml: due.lines: must be a list of lines"),
        ('[muted]\ntill = "bis {zeit}"', "xx/words.toml: muted.till: fills in ['zeit']; allowed: ['time']"),
        ("[due", "xx/words.toml: not valid TOML: "),
        (
            '[muted]\ntill = "{time:>999999999}"',
            "xx/words.toml: muted.till: fills in {time:>999999999}; allowed: {time}",
        ),
        ('[muted]\ntill = "{time.__class__}"', "xx/words.toml: muted.till: fills in ['time.__class__']; allowed: "),
        ('[muted]\ntill = "{time"', "xx/words.toml: muted.till: expected '}' before end of string; allowed: ['time']"),
        ("[due]\nheading = 5", "xx/words.toml: due.heading: is 5; allowed: text, or a list of lines"),
        ('[due]\nheading = "\\u001b[2J"', "xx/words.toml: due.heading: is "),
        ("[cues]\ndown = ['ab']", "xx/words.toml: cues.down: is ['ab']; allowed: text"),
        ('due = "now"', "xx/words.toml: due stands outside of a [table]"),
        (f"[due]\nheading = {'[' * 3000}", "xx/words.toml: not valid TOML: "),
    ],
)
def test_a_mistake_is_told_in_a_line(words: str, told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    speak(tmp_path, monkeypatch, words)
    with pytest.raises(ContentError) as caught:
        vocabulary.__wrapped__("xx")
    assert str(caught.value).startswith(told)


@pytest.mark.parametrize("name", ["words.toml", "stretches.toml"])
def test_a_file_of_a_language_in_another_encoding_is_told_in_a_line(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    speak(tmp_path, monkeypatch, "")
    (tmp_path / "xx" / name).write_bytes('[due]\nheading = "Löckerung"\n'.encode("latin-1"))
    monkeypatch.setattr(repertoire_module, "content", lambda: tmp_path)
    (tmp_path / "stretches").mkdir()
    read = (vocabulary if name == "words.toml" else shipped).__wrapped__
    with pytest.raises(ContentError, match=rf"^xx/{name}: line 2: is not UTF-8 text; save it as UTF-8$"):
        read("xx")


def test_words_may_begin_with_a_byte_order_mark(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    speak(tmp_path, monkeypatch, '\ufeff[due]\nheading = "Los"\n')
    assert vocabulary.__wrapped__("xx").text("due.heading") == "Los"


def test_a_language_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(ContentError, match=re.escape('screens.language: there is no "fr"; allowed: de, en')):
        repertoire(Settings(screens=Screens(language="fr")))


def speak(folder: Path, on: pytest.MonkeyPatch, words: str) -> None:
    """Let the content be in that folder: the English words, and these for a language called xx."""
    english = (module.content() / ENGLISH / "words.toml").read_text("utf-8")
    for language, text in {ENGLISH: english, "xx": words}.items():
        (folder / language).mkdir()
        (folder / language / "words.toml").write_text(text, "utf-8")
    on.setattr(module, "content", lambda: folder)
