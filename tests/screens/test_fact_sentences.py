"""Facts in plain words."""

from __future__ import annotations

import pytest

from device.languages.phrases import phrases
from device.screens.fact_sentences import sentence, words_of
from device.settings.settings import Settings
from device.stretches.repertoire import all_stretches
from device.words.effects import BigNumber, BigWords, Card, Connect, Dark, Instruction, Movement, Moving, Screen
from device.words.facts import KINDS, BoutForgotten
from tests.facts import fact_of

FIGURE = all_stretches(Settings())[0].figure
NAMES = {"hip_lunge": "Hip lunge"}


def said(name: str, **details: object) -> str:
    return sentence(fact_of(100.0, 100.0, name, details), NAMES)


@pytest.mark.parametrize(
    ("fact", "details", "says"),
    [
        ("sat", {}, "Somebody sits down."),
        ("bout", {"start": 0.0, "seated_s": 4320.0}, "The bout before it was 1 h 12."),
        ("invite", {"sitting_s": 3600.0}, "1 h 00 of sitting: a silent offer"),
        ("due", {"sitting_s": 7200.0}, "2 h 00 of sitting: a break is due."),
        ("short_offer", {"seated_s": 1200.0}, "20 min of sitting without a short break: one is on offer, silently."),
        ("short_break", {}, "Up long enough for the short break."),
        (
            "office_offer",
            {"offer": "a", "preset": "hourly", "by": "ACME", "till": "2026-03-31"},
            "ACME suggests the preset hourly. Nothing changes unless you take it.",
        ),
        ("office_answer", {"offer": "a", "taken": True}, "The preset that the office suggests is taken."),
        (
            "office_answer",
            {"offer": "a", "taken": False},
            "The preset that the office suggests is declined. Nothing changes.",
        ),
        ("move_offer", {"empty_s": 2700.0}, "Off the chair for 45 min: the panel offers to move, silently."),
        ("sound", {"cue": "reminder", "nth": 2}, "reminder 2"),
        ("snoozed", {"until": 300.0, "nth": 1}, "for the first time"),
        ("snoozed", {"until": 300.0, "nth": 4}, "for the 4th time"),
        ("muted", {"until": 300.0}, "No sound for 3 min."),
        ("enough", {}, "Enough for today: no sound and no offers."),
        ("meeting", {"until": 2500.0, "began": "2026-03-02T09:00:00+00:00"}, "In a meeting for 40 min: no sound."),
        ("meeting", {"until": 40.0, "began": "2026-03-02T09:00:00+00:00"}, "In a meeting for 0 min: no sound."),
        ("meeting_over", {}, "The meeting is over: sound as before."),
        ("meeting_off", {"began": "2026-03-02T09:00:00+00:00"}, "Sound is back on in this meeting."),
        ("off_hours", {}, "Outside of your hours: no sound and no offers."),
        ("on_hours", {}, "Your hours begin"),
        ("plan", {"plan": "morning"}, "The plan morning is in force."),
        ("plan", {"plan": ""}, "No plan is in force any more"),
        ("stretch_wanted", {}, "From the page or afar: a stretch"),
        ("connect_seen", {}, "how to connect a phone"),
        ("guide_started", {"asked": True}, "The guide begins."),
        ("guide_started", {"asked": False}, "by itself"),
        ("stretch_started", {"stretch": "hip_lunge", "side": "left"}, "Now: Hip lunge, left."),
        ("stretch_done", {"stretch": "my_own", "side": "both"}, "Done: my own."),
        ("stretch_shown", {"stretch": "hip_lunge", "side": "both"}, "Shown: Hip lunge."),
        ("guide_ended", {"how": "finished"}, "A hold: the guide is finished."),
        ("guide_ended", {"how": "otherwise"}, "The guide has ended."),
        ("break_honoured", {"after": "due"}, "it was due, and the chair was really empty."),
        ("break_honoured", {"after": "due", "rose_after_s": 720.0}, "empty. They rose 12 min after that."),
        ("break_honoured", {"after": "invite"}, "nobody had to ask twice"),
        ("break_cut_short", {"after": "due"}, "cut short"),
        ("stuck", {"what": "button"}, "too long to be a finger"),
        ("stuck", {"what": "seat", "since": 0.0}, "is it a bag?"),
        (
            "power_cut",
            {"off_s": 200.0, "counts": True, "new_day": False},
            "the last 3 min: that counts as a full",
        ),
        ("power_cut", {"off_s": 20.0, "counts": False, "new_day": False}, "the last 20 s: too short for a break"),
        ("seat_back", {"lost_s": 30.0, "counts": False}, "of the last 30 s: the count goes on"),
        ("seat_back", {"lost_s": 300.0, "counts": True}, "of the last 5 min: that counts as a full break"),
        ("seat_drifted", {"empty": 0.1, "seated": 0.5}, "it reads 0.100 empty and 0.500 seated"),
        (
            "seat_drifted",
            {"empty": 0.1, "seated": 0.5, "from_empty": 0.006, "from_seated": 0.3},
            "it reads 0.100 empty (calibrated 0.006) and 0.500 seated (0.300).",
        ),
        ("seat_doubted", {"why": "loose", "since": 0.0}, "a wire may be loose"),
        ("seat_doubted", {"why": "worn", "since": 40.0}, "taken for 1 min without a lift: the pad may be worn"),
        ("clock_stepped", {"by_s": -3600.0}, "jumped back by 1 h 00"),
        ("clock_stepped", {"by_s": 90.0}, "jumped forward by 1 min"),
        ("stuck", {"what": "seat", "since": 40.0}, "Nobody has moved for 1 min: is it"),
        ("something_new", {}, "Something new."),
    ],
)
def test_a_fact_is_told_in_a_sentence(fact: str, details: dict[str, object], says: str) -> None:
    assert says in said(fact, **details)


@pytest.mark.parametrize(
    ("screen", "says"),
    [
        (Dark(), ""),
        (Card("Stop", ("A mild pull", "will do."), "press: ok"), "Stop; A mild pull will do.; press: ok"),
        (BigNumber("Seated", "42", "min", "break in 1 h 18", 0.3), "Seated; 42 min; break in 1 h 18"),
        (BigWords(("Time for", "a break")), "Time for a break"),
        (Instruction(("Hold", "on"), "2/5", "break 1:23", None), "Hold on; 2/5; break 1:23"),
        (Movement(Moving(FIGURE, False, 0.0), "12", "1:23"), "a figure that shows how to move; 12; 1:23"),
    ],
)  # fmt: skip
def test_a_screen_is_told_in_its_words(screen: Screen, says: str) -> None:
    assert words_of(screen) == says


def test_a_card_with_a_code_is_told_without_the_code() -> None:
    card = Connect("unsit.local:8016", "KLM234", ("press: close", "hold: forget"))
    assert words_of(card) == "unsit.local:8016; press: close hold: forget"


def test_every_fact_that_the_device_says_has_a_sentence_of_its_own() -> None:
    for name in KINDS.keys() - {BoutForgotten.name}:
        assert said(name) != name.replace("_", " ").capitalize() + ".", name


def test_how_long_the_chair_was_empty_is_what_it_was_and_no_word() -> None:
    bout = fact_of(0.0, 300.0, "bout", {"start": 0.0, "seated_s": 60.0})
    assert sentence(bout, NAMES).startswith("5 min off the chair")


def test_what_a_seat_reads_is_said_with_the_language_s_decimal_mark() -> None:
    drifted = fact_of(1.0, 1.0, "seat_drifted", {"empty": 0.1, "seated": 0.5, "from_empty": 0.02, "from_seated": 0.4})
    assert sentence(drifted, NAMES, phrases("de")).endswith("leer 0,100 (kalibriert: 0,020), besetzt 0,500 (0,400).")
