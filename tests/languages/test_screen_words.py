"""The words of the screens, in each language."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from device.files.complaint import ContentError
from device.languages.language_files import ENGLISH, content, content_text, languages, passed_over
from device.languages.phrases import phrases
from device.languages.screen_words import Vocabulary, cues, missing_words, vocabulary
from device.mind.snapshot import SAFETY, SeatTrouble
from device.settings.settings import Languages, Screens, Settings
from device.stages.calibration import STEPS
from device.stretches.repertoire import missing_cues, missing_texts, repertoire, shipped
from device.words.traits import CONDITIONS

SCREENS = "".join(file.read_text("utf-8") for file in (Path(str(content())).parent / "screens").glob("*.py"))
OTHERS = [language for language in languages() if language != ENGLISH]
CUES = {cue for stretch in shipped() for pose in stretch.figure.poses for cue in (pose.cue, pose.hold_cue)}


def test_there_is_english_and_german() -> None:
    assert {"en", "de"} <= set(languages())


def test_every_word_that_a_screen_asks_for_is_there_in_english_and_no_other() -> None:
    asked = set(re.findall(r'(?:text|lines|counted)\(\s*"([a-z_]+\.[a-z_]+)"', SCREENS))
    asked |= {
        f"{name}.{key}"
        for name in re.findall(r'(?:big_words|_pushed)\(snapshot, "(\w+)"\)', SCREENS)
        for key in ("lines", "small")
    }
    asked |= {f"safety.{each}" for each in SAFETY}
    asked |= {f"{each.value}.{key}" for each in SeatTrouble if each.is_doubt for key in ("lines", "small")}
    asked |= {"invite.alone", "due.alone", "short.alone", "office.now", "office.own"}
    asked |= {f"calibrate.{step}" for step in STEPS}
    asked |= {f"condition.{each.replace(' ', '_')}" for each in CONDITIONS}
    asked |= {f"hold.{key}" for key in ("later", "mute", "unmute", "back", "end")}
    asked |= {f"month.{nth}" for nth in range(1, 13)}
    asked |= {f"today.{key}" for key in ("seated", "doubtful", "longest", "breaks", "in_time", "next")}
    asked |= {
        "thanks.rested",
        "thanks.short",
        "units.times",
        "units.seconds",
        "guide.stop",
        "language.name",
        "language.plural",
    }
    asked |= {f"{sign}.lines" for sign in ("watch", "now", "turn")}
    asked |= {f"place.{thing}" for thing in ("free", "desk", "wall", "chair", "floor")}
    assert asked == set(vocabulary()._words)


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_missing_in_another_language(language: str) -> None:
    assert missing_words(language) == []
    assert missing_cues(language) == []
    assert missing_texts(Settings(screens=Screens(language=language))) == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_word_for_a_movement_is_for_nothing(language: str) -> None:
    assert [word for word in cues(language) if word not in CUES] == []


# ---- languages of the user's own


@pytest.fixture
def own(tmp_path: Path) -> Own:
    return Own(tmp_path / "languages")


class Own:
    """A folder of languages."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.says("xx", "")

    def says(self, language: str, words: str, file: str = "words.toml") -> None:
        (self.folder / language).mkdir(parents=True, exist_ok=True)
        (self.folder / language / file).write_text(words, "utf-8")
        vocabulary.cache_clear()

    def vocabulary(self, language: str = "xx") -> Vocabulary:
        return vocabulary(language, str(self.folder))

    def settings(self, language: str = "xx") -> Settings:
        return Settings(screens=Screens(language=language), languages=Languages(str(self.folder)))

    def complaint(self, language: str = "xx") -> str:
        """What is told of it, without the name of the folder."""
        with pytest.raises(ContentError) as caught:
            repertoire(self.settings(language))
        assert str(caught.value).isprintable()
        return str(caught.value).replace(f"{self.folder}/", "")


def test_what_a_language_lacks_is_said_in_english_and_told(own: Own) -> None:
    own.says("xx", '[due]\nheading = "Los"\n[cues]\ndown = "ab"\n')
    said = own.vocabulary()
    assert said.text("due.heading") == "Los"
    assert said.lines("due.lines") == ("Time to", "get up")
    assert (said.cue("down"), said.cue("up")) == ("ab", "up")
    missing = missing_words("xx", str(own.folder))
    assert "due.lines" in missing
    assert "due.heading" not in missing
    assert "up" in missing_cues("xx", str(own.folder))
    assert "down" not in missing_cues("xx", str(own.folder))


def test_a_language_without_a_name_is_called_by_its_letters(own: Own) -> None:
    own.says("xx", '[due]\nheading = "Los"\n')
    assert own.vocabulary().text("language.name") == "xx"


def test_a_language_of_one_s_own_is_there_beside_those_that_ship(own: Own) -> None:
    own.says("xx", '[seated]\nheading = "Sedí"\n')
    assert languages(str(own.folder)) == ["de", "en", "xx"]
    assert repertoire(own.settings()).words.text("seated.heading") == "Sedí"


def test_some_words_of_a_language_that_ships_are_replaced(own: Own) -> None:
    own.says("de", '[seated]\nheading = "Im Sessel"\n')
    own.says("en", '[away]\nheading = "Up and about"\n')
    assert own.vocabulary("de").text("seated.heading") == "Im Sessel"
    assert own.vocabulary("de").text("away.heading") == "Stuhl leer"
    assert own.vocabulary("en").text("away.heading") == own.vocabulary("xx").text("away.heading") == "Up and about"


def test_a_language_may_have_the_stretches_alone(own: Own) -> None:
    (own.folder / "xx/words.toml").unlink()
    own.says("xx", '[hip_lunge]\nname = "Výpad"\n', "stretches.toml")
    shows = repertoire(own.settings())
    assert [each.name for each in shows.stretches if each.id == "hip_lunge"] == ["Výpad"]
    assert "hip_lunge.name" not in missing_texts(own.settings())
    assert "hip_lunge.why" in missing_texts(own.settings())


def test_words_may_be_in_several_files(own: Own) -> None:
    own.says("xx", '[due]\nheading = "Los"\n')
    own.says("xx", '[away]\nheading = "Weg"\n', "words_away.toml")
    assert (own.vocabulary().text("due.heading"), own.vocabulary().text("away.heading")) == ("Los", "Weg")


def test_a_folder_with_words_and_another_name_is_told(own: Own) -> None:
    own.says("PL", "")
    own.says("polski", "")
    (own.folder / "backup").mkdir()
    assert passed_over(str(own.folder)) == [own.folder / "PL", own.folder / "polski"]
    assert passed_over("") == []
    assert languages(str(own.folder)) == ["de", "en", "xx"]


def test_folders_and_files_that_are_no_language_are_passed_over(own: Own) -> None:
    for name in ("backup", ".git", "cs"):
        (own.folder / name).mkdir()
    (own.folder / "yy").write_text("a file", "utf-8")
    assert languages(str(own.folder)) == ["de", "en", "xx"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ('[duo]\nheading = "Los"', "duo.heading: unknown key; allowed: those of en/words.toml"),
        ('[due]\nheading = ["Los"]', "due.heading: must be one line"),
        ('[due]\nlines = "Los"', "due.lines: must be a list of lines"),
        ("[due]\nlines = []", "due.lines: has 0 lines; allowed: 1 to 4"),
        ('[due]\nlines = ["a", "b", "c", "d", "e"]', "due.lines: has 5 lines; allowed: 1 to 4"),
        ('[due]\nheading = " "', "due.heading: is empty; allowed: a text, or leave it out"),
        (f'[due]\nheading = "{"a" * 43}"', "due.heading: is 3 letters too long; allowed: up to 40"),
        ('[cues]\ndown = "hinunter!"', "cues.down: is 1 letters too long; allowed: up to 8"),
        ('[muted]\ntill = "bis {zeit}"', "muted.till: fills in ['zeit']; allowed: ['time']"),
        ("[due", "not valid TOML: "),
        ('[muted]\ntill = "{time:>999999999}"', "muted.till: fills in {time:>999999999}; allowed: {time}"),
        ('[muted]\ntill = "{time.__class__}"', "muted.till: fills in ['time.__class__']; allowed: "),
        ('[muted]\ntill = "{time"', "muted.till: expected '}' before end of string; allowed: ['time']"),
        ("[due]\nheading = 5", "due.heading: is 5; allowed: text, or a list of lines"),
        ('[due]\nheading = "\\u001b[2J"', "due.heading: is "),
        ("[cues]\ndown = ['ab']", "cues.down: is ['ab']; allowed: text"),
        ('due = "now"', "due stands outside of a [table]"),
        ('language = "xx"', "language stands outside of a [table]"),
        ('cues = "up"', "cues stands outside of a [table]"),
        (f"[due]\nheading = {'[' * 3000}", "not valid TOML: "),
        ('[due]\nheading = "Πάμε"', 'due.heading: the panel can\'t draw "Π" (U+03A0) in "Πάμε"; allowed: the letters '),
        ('[cues]\ndown = "低"', 'cues.down: the panel can\'t draw "低" (U+4F4E); allowed: '),
        ('[language]\nplural = "klingon"', "language.plural: is 'klingon'; allowed: japanese, english, "),
        ("[language]\nplural = []", "language.plural: is []; allowed: japanese, english, "),
        ('[greeting]\nbreaks = "pauses"', "greeting.breaks: other is said of 0, 2, 3 and so on; allowed: a text with "),
        ("[greeting]\nbreaks = 3", "greeting.breaks.other: is 3; allowed: text"),
        ('[greeting.breaks]\none = "1"', "greeting.breaks: lacks the form other; allowed: one, other, as in english"),
        ('[greeting.breaks]\ntoo = "1"\nother = "{count}"', "greeting.breaks: has no form too; allowed: one, other, "),
        ('[greeting.breaks]\nother = "{n}"', "greeting.breaks.other: fills in ['n']; allowed: ['count']"),
        ('[greeting.breaks]\nother = "{count!r}"', "greeting.breaks.other: fills in {count!r}; allowed: {count}"),
    ],
)
def test_a_mistake_is_told_in_a_line(words: str, told: str, own: Own) -> None:
    own.says("xx", words)
    assert own.complaint().startswith(f"xx/words.toml: {told}")


@pytest.mark.parametrize("words", ['[due]\n{} = "a"', "{} = 1", "[cues]\n{} = 1", '[greeting.breaks]\n{} = "a"'])
def test_of_an_endless_key_the_beginning_is_told(words: str, own: Own) -> None:
    own.says("xx", words.format("a" * 5000))
    assert len(own.complaint()) < 500


def test_a_letter_in_a_stretch_that_the_panel_cannot_draw_is_told(own: Own) -> None:
    own.says("xx", '[hip_lunge]\ntitle = ["Krok", "Πάμε"]\nmuscles = "Πάμε, on no panel"\n', "stretches.toml")
    assert own.complaint() == (
        "xx/stretches.toml: hip_lunge: title: 'Πάμε' won't do, "
        'since the panel can\'t draw "Π" (U+03A0) in "Πάμε"; '
        "allowed: the letters of Latin-1 and Latin Extended-A, such as é, ø, ł or ş"
    )


@pytest.mark.parametrize("name", ["words.toml", "stretches.toml"])
def test_a_file_of_a_language_in_another_encoding_is_told_in_a_line(name: str, own: Own) -> None:
    own.says("xx", "")
    (own.folder / "xx" / name).write_bytes('[due]\nheading = "Löckerung"\n'.encode("latin-1"))
    assert own.complaint() == f"languages.folder: xx/{name}: line 2: is not UTF-8 text; save it as UTF-8"


def test_a_file_that_ships_in_another_encoding_is_told_in_a_line(tmp_path: Path) -> None:
    (tmp_path / "words.toml").write_bytes("Löckerung".encode("latin-1"))
    with pytest.raises(ContentError, match=r"^en/words\.toml: line 1: is not UTF-8 text; save it as UTF-8$"):
        content_text(tmp_path / "words.toml", "en/words.toml")


def test_words_may_begin_with_a_byte_order_mark(own: Own) -> None:
    own.says("xx", '\ufeff[due]\nheading = "Los"\n')
    assert own.vocabulary().text("due.heading") == "Los"


def test_a_file_with_a_name_that_is_never_read_is_told(own: Own) -> None:
    own.says("xx", "", "word.toml")
    assert own.complaint() == (
        "languages.folder: xx/word.toml: is none of the files of a language; "
        "allowed: words.toml, stretches.toml, page.toml, settings.toml"
    )


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        repertoire(Settings(languages=Languages(str(tmp_path / "none"))))
    assert str(caught.value) == f"languages.folder: {tmp_path / 'none'} is no folder; allowed: one that is there"


def test_a_folder_that_nobody_may_look_into_is_told(own: Own, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.is_dir", denied)
    assert own.complaint() == "languages.folder: xx: can't be read: Permission denied; only its owner may: try sudo"


def test_a_pipe_among_the_words_is_told_at_once(own: Own) -> None:
    (own.folder / "xx/words.toml").unlink()
    os.mkfifo(own.folder / "xx/words.toml")
    assert own.complaint() == "languages.folder: xx/words.toml: is a pipe; allowed: a file"


def test_a_language_that_is_not_there_is_told_with_those_that_are(own: Own) -> None:
    told = 'screens.language: there is no "fr"; allowed: de, en; a language of your own takes languages.folder'
    with pytest.raises(ContentError, match=f"^{re.escape(told)}$"):
        repertoire(Settings(screens=Screens(language="fr")))
    assert own.complaint("fr") == 'screens.language: there is no "fr"; allowed: de, en, xx'


# ---- one, few and many


POLISH = """
[language]
plural = "polish"
[greeting.breaks]
one = "1 przerwa."
few = "{count} przerwy."
many = "{count} przerw."
"""


def breaks(said: Vocabulary, *counts: int) -> list[str]:
    return [said.counted("greeting.breaks", count) for count in counts]


def test_english_and_german_have_two_forms() -> None:
    assert breaks(vocabulary("en"), 0, 1, 2) == ["0 breaks.", "1 break.", "2 breaks."]
    assert breaks(vocabulary("de"), 0, 1, 2) == ["0 Pausen.", "1 Pause.", "2 Pausen."]


def test_polish_has_three(own: Own) -> None:
    own.says("pl", POLISH)
    said = breaks(own.vocabulary("pl"), 0, 1, 2, 5, 12, 22)
    assert said == ["0 przerw.", "1 przerwa.", "2 przerwy.", "5 przerw.", "12 przerw.", "22 przerwy."]


def test_what_is_said_beside_the_panel_has_as_many_forms(own: Own) -> None:
    own.says("pl", POLISH)
    own.says("pl", '["{count} days"]\none = "{count} dzień"\nfew = "{count} dni"\nmany = "{count} dni."', "page.toml")
    say = phrases("pl", str(own.folder))
    assert [say.many(count, "{count} day", "{count} days") for count in (1, 2, 5)] == ["1 dzień", "2 dni", "5 dni."]
    assert [say.many(count, "once", "{count} times") for count in (1, 2)] == ["once", "2 times"]


@pytest.mark.parametrize("words", ['[language]\nplural = "klingon"', "[language]\nplural = []", 'language = "xx"'])
def test_a_rule_that_its_screens_refuse_is_none_beside_the_panel(own: Own, words: str) -> None:
    own.says("xy", words)
    assert phrases("xy", str(own.folder)).rule == "english"


def test_turkish_has_one_and_says_it_as_a_plain_text(own: Own) -> None:
    own.says("tr", '[greeting]\nbreaks = "{count} mola."')
    assert breaks(own.vocabulary("tr"), 0, 1, 2) == ["0 mola.", "1 mola.", "2 mola."]


def test_what_a_language_lacks_keeps_the_forms_of_english(own: Own) -> None:
    own.says("ru", '[language]\nplural = "russian"')
    assert breaks(own.vocabulary("ru"), 1, 2, 21) == ["1 break.", "2 breaks.", "21 breaks."]


def test_a_form_for_many_numbers_says_which(own: Own) -> None:
    own.says("ru", '[language]\nplural = "russian"\n[greeting.breaks]\none = "1 pauza"\nother = "{count} pauz"')
    assert own.complaint("ru").startswith("ru/words.toml: greeting.breaks: one is said of 1, 21, 31 and so on; ")
