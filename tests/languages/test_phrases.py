"""What is said beside the panel, and what a language lacks of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from device.files.complaint import Complaint, ContentError
from device.languages.phrases import explained, missing_phrases, phrases
from device.settings.settings_file import SettingsError, load_settings


def test_german_lacks_nothing_and_english_has_it_all() -> None:
    assert missing_phrases("de") == missing_phrases("en") == {"page.toml": [], "settings.toml": []}


def test_numbers_inside_what_is_said_have_the_language_s_own_decimal_mark() -> None:
    told = Complaint("before you sat it read {empty:.3f}, after you rose {risen:.3f}", empty=0.0064, risen=0.1)
    assert phrases("de").tell(told) == "vor dem Hinsetzen maß er 0,006, nach dem Aufstehen 0,100"
    assert phrases("en").tell(told) == str(told) == "before you sat it read 0.006, after you rose 0.100"
    named = Complaint("{file}: it can't be written: {error}", file="seat.v0.2", error=28)
    assert phrases("de").tell(named).startswith("seat.v0.2: "), "a name is no number"


def test_what_a_language_of_one_s_own_lacks_is_told(tmp_path: Path) -> None:
    (tmp_path / "pl").mkdir()
    (tmp_path / "pl/page.toml").write_text('"Break" = "Przerwa"\n["{count} full breaks"]\nfew = "{count}"\n', "utf-8")
    (tmp_path / "pl/settings.toml").write_text('"limits.due_after" = "Kiedy"\n', "utf-8")
    lacking = missing_phrases("pl", str(tmp_path))
    assert "Reminders" in lacking["page.toml"]
    assert "settle.sit" in lacking["settings.toml"]
    assert not {"Break", "{count} full breaks", "limits.due_after"} & {*lacking["page.toml"], *lacking["settings.toml"]}
    assert explained("pl", str(tmp_path))["limits.due_after"] == "Kiedy"
    assert phrases("pl", str(tmp_path))("Break") == "Przerwa"


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("settings.toml", '"limits.due_after" = 5', "limits.due_after: is 5; allowed: text"),
        ("page.toml", '"a }" = "b"', "\"a }\": Single '}' encountered in format string; allowed: no braces"),
        ("page.toml", '"0.5" = "½"', "\"0.5\": is '½'; allowed: 0, your decimal mark and 5"),
        ("page.toml", '["{count} bouts"]\nsome = "{count}"', '"{count} bouts": some: '),
        ("page.toml", '["{count} bouts"]\nother = "{n}"', "\"{count} bouts\": other: fills in ['n']; allowed: "),
    ],
)
def test_a_mistake_in_what_is_said_is_told_in_a_line(tmp_path: Path, file: str, text: str, told: str) -> None:
    (tmp_path / "pl").mkdir()
    (tmp_path / "pl" / file).write_text(text, "utf-8")
    with pytest.raises(ContentError) as caught:
        (explained if file == "settings.toml" else phrases)("pl", str(tmp_path))
    assert str(caught.value).startswith(f"{tmp_path}/pl/{file}: {told}")


@pytest.mark.parametrize("text", ["{} = 1", '{} = "{{b}}"', '"{{{}}}" = "b"', '[b]\n{} = "c"'])
def test_of_an_endless_text_the_beginning_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "pl").mkdir()
    (tmp_path / "pl/page.toml").write_text(text.format("a" * 5000), "utf-8")
    with pytest.raises(ContentError) as caught:
        phrases("pl", str(tmp_path))
    assert len(str(caught.value)) < 500


def test_a_complaint_within_a_complaint_is_said_in_the_same_language() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(None, ["limits.due_after=13h"], ())
    said = phrases("de").tell(caught.value.complaint)
    assert said == 'limits.due_after = "13h": ist außerhalb der Grenzen; erlaubt: "1s" bis "12h"'
