"""Stories of the first start: the language and the conditions, asked for with the one button, and changed later."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from device.languages.screen_words import vocabulary
from device.settings.choices import Choices, choice, choice_of, text_of
from device.settings.layers import in_force
from device.settings.settings import TOPICS, Languages, Limits, Settings
from device.words.effects import Dark
from device.words.traits import CONDITIONS
from tests.facts import details_of
from tests.story import PLAIN, Day

HALF_HOURLY = Settings(limits=Limits(invite_after_s=1800.0, due_after_s=1800.0))


def first_day(settings: Settings = PLAIN) -> Day:
    """Nobody has answered anything yet."""
    return Day(settings, safety_s=8.0, asks=list(TOPICS))


def answered_day(settings: Settings = PLAIN) -> Day:
    """English, no troubles, and the safety card has been read."""
    day = first_day(settings)
    day.hold()
    day.press()
    day.read_safety()
    assert day.mode == "watching"
    return day


def chosen(day: Day) -> list[tuple[str, str]]:
    """What was answered."""
    return [(details_of(fact)["what"], details_of(fact)["value"]) for fact in day.facts("chosen")]


def test_at_the_first_start_it_asks_for_the_language_in_the_words_of_each() -> None:
    day = first_day()
    assert day.text.startswith("Language / Sprache > English")
    assert vocabulary("de").text("language.how") in day.text
    day.press()
    assert "> Deutsch" in day.text
    assert "> English" not in day.text
    day.press()
    assert "> English" in day.text
    assert not day.notes


def test_the_language_that_was_chosen_is_spoken_at_once_and_stays_over_a_power_cut() -> None:
    day = first_day()
    day.press()
    day.hold()
    assert chosen(day) == [("language", "de")]
    assert vocabulary("de").text("any.title") in day.text
    day.press()
    day.read_safety()
    day.sit(minutes=10)
    assert vocabulary("de").text("seated.heading") in day.text
    day.cut_power(hours=1, taken=True)
    day.wait(minutes=1)
    assert vocabulary("de").text("seated.heading") in day.text


def test_a_language_of_one_s_own_is_offered_and_spoken(tmp_path: Path) -> None:
    (tmp_path / "pl").mkdir()
    words = '[language]\nname = "Polski"\n[seated]\nheading = "W fotelu"\n'
    (tmp_path / "pl/words.toml").write_text(words, "utf-8")
    day = first_day(replace(PLAIN, languages=Languages(str(tmp_path))))
    day.press()
    day.press()
    assert "> Polski" in day.text
    day.hold()
    assert chosen(day) == [("language", "pl")]
    day.press()
    day.read_safety()
    day.sit(minutes=10)
    assert "W fotelu" in day.text


def test_who_has_no_troubles_says_so_with_one_press_and_the_safety_card_comes_next() -> None:
    day = first_day()
    day.hold()
    assert day.text.startswith("Any troubles?")
    day.press()
    assert chosen(day) == [("language", "en"), ("conditions", "")]
    assert day.text.startswith("Stop if it hurts")


def test_each_condition_is_asked_about_and_what_is_wrong_with_them_never_comes() -> None:
    day = first_day()
    day.hold()
    day.hold()
    for each in CONDITIONS:
        assert day.text.startswith(vocabulary().text(f"condition.{each.replace(' ', '_')}"))
        day.hold() if each in ("knee", "back") else day.press()
    assert chosen(day)[1:] == [("conditions", "knee, back")]
    day.read_safety()
    for _ in range(20):
        day.sit(hours=2)
        day.rise(minutes=10)
    spared = {stretch.id for stretch in day.offered if not stretch.leave_out.isdisjoint({"knee", "back"})}
    begun = {details_of(fact)["stretch"] for fact in day.facts("stretch_started")}
    assert spared
    assert begun
    assert not begun & spared


def test_what_the_settings_say_beats_what_was_chosen() -> None:
    knee = Settings(stretches=PLAIN.stretches.__class__(conditions=("knee",)))
    day = Day(knee)
    day.choose("conditions", "back, knee, shoulder, balance, pregnancy, hip replacement")
    day.sit(hours=2)
    day.rise(minutes=10)
    assert day.facts("stretch_started")


def test_a_question_that_nobody_answers_is_in_nobodys_way() -> None:
    day = first_day(HALF_HOURLY)
    day.sit(minutes=30)
    assert day.mode == "due"
    day.press()
    day.rise(minutes=10)
    assert day.facts("break_honoured")
    assert day.mode == "choosing"
    assert day.screen == Dark()
    day.sit(seconds=5)
    assert day.text.startswith("Language")


def test_nothing_is_answered_in_the_dark() -> None:
    day = first_day()
    day.wait(minutes=3)
    assert day.screen == Dark()
    for gesture in (Day.press, Day.hold):
        gesture(day)
        assert day.text.startswith("Language / Sprache > English")
        assert not day.notes
        day.wait(minutes=3)


def test_without_topics_nothing_is_asked() -> None:
    assert Day(safety_s=8.0).mode == "starting"


def test_held_for_3_s_in_the_dark_it_asks_anew_and_what_the_hold_did_is_taken_back() -> None:
    day = answered_day()
    day.wait(hours=1)
    assert day.screen == Dark()
    day.down()
    day.wait(seconds=1.5)
    assert day.text.startswith("Hold on: choose")
    day.wait(seconds=1.5)
    day.up()
    assert day.text.startswith("Language / Sprache")
    assert day.snapshot.muted_until is None
    day.wait(seconds=1)
    day.press()
    day.hold()
    day.press()
    assert chosen(day)[-1] == ("language", "de"), "the conditions are as they were, which is nothing to note"
    assert day.mode == "watching"


def test_asked_anew_and_left_alone_all_stays_as_it_was() -> None:
    day = answered_day()
    day.wait(hours=1)
    day.down()
    day.wait(seconds=3)
    day.up()
    assert day.mode == "choosing"
    day.wait(minutes=2)
    assert day.mode == "watching"
    assert len(chosen(day)) == 2


@pytest.mark.parametrize("held_s", [0.5, 1.5])
def test_a_finger_that_is_down_when_the_question_goes_answers_nothing(held_s: float) -> None:
    day = answered_day()
    day.wait(hours=1)
    day.down()
    day.wait(seconds=3)
    day.up()
    day.wait_until(day.now + 119.7)
    assert day.mode == "choosing"
    day.down()
    day.wait(seconds=held_s)
    day.up()
    day.wait(seconds=1)
    assert day.mode == "watching"
    assert len(chosen(day)) == 2


def test_with_somebody_seated_a_long_hold_asks_nothing() -> None:
    day = answered_day()
    day.sit(minutes=10)
    day.down()
    day.wait(seconds=4)
    assert day.mode == "watching"
    assert not day.text.startswith("Hold on")


def test_what_somebody_wrote_into_the_settings_is_not_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "unsit.toml"
    file.write_text('[screens]\nlanguage = "en"\n')
    assert in_force(file).left_open(TOPICS) == ["conditions"]
    assert in_force(file, ["stretches.conditions=[]"]).left_open(TOPICS) == []


@pytest.mark.parametrize("text", ["safety_seen", "stretch_never march", "language de", "conditions knee, back"])
def test_a_choice_is_told_and_read_again(text: str) -> None:
    assert text_of(choice_of(text)) == text


@pytest.mark.parametrize("text", ["", "sat", "language german", "stretch_never", "safety_seen now", "conditions 7"])
def test_what_is_no_choice_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be safety_seen, "):
        choice_of(text)


def test_a_later_choice_takes_the_place_of_an_earlier_one() -> None:
    choices = Choices()
    for value in ("de", "en"):
        choices.take(choice(0.0, "language", value))
    assert choices.value("language") == "en"
    assert choices.are_as(choice(9.0, "language", "en"))
    assert not choices.are_as(choice(9.0, "language", "de"))


@pytest.mark.parametrize("down_s", [0.6, 1.5])
def test_a_finger_that_is_down_when_the_question_goes_by_itself_answers_nothing_any_more(down_s: float) -> None:
    day = answered_day(replace(PLAIN, screens=replace(PLAIN.screens, off_after_s=300.0)))
    before = chosen(day)
    day.wait(minutes=10)
    day.down()
    day.wait(seconds=3.5)
    day.up()
    assert day.mode == "choosing"
    day.wait(seconds=119.2)
    day.down()
    day.wait(seconds=down_s)
    day.up()
    day.wait(seconds=1)
    assert day.mode != "choosing"
    assert chosen(day) == before
