"""What each screen says: every screen of a long day fits its panel, and every number is right to the second."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import pairwise

import pytest

from device.body.figure import Figure
from device.languages.screen_words import vocabulary
from device.screens.screens import cannot_start, told
from device.settings.settings import Limits, Screens, Settings
from device.stages.tally import Tally
from device.stretches.repertoire import shipped
from device.stretches.steps import StepKind
from device.words.effects import BigNumber, BigWords, Card, Connect, Dark, Instruction, Mark, Movement, Screen
from tests.story import Day, text_of

NO_INVITE = Settings(limits=Limits(invite_after_s=7200.0))
LINE = 21
"""Small letters that fit on one line."""
WORD = 10
TOLD = 17
"""A line of an instruction; what is longer would be small."""
"""Big ones."""
NUMBER = 8


def a_long_day() -> Day:
    """A day on which everything is shown once."""
    day = Day(safety_s=8.0)
    day.clock("2026-03-02T08:30:00")
    day.wait(minutes=1)
    day.read_safety()
    day.sit(minutes=30)
    day.press()
    day.wait(minutes=45)
    day.hold()
    day.wait(minutes=55)
    day.hold()
    day.wait(minutes=50)
    day.press()
    day.rise(seconds=30)
    day.sit(seconds=10)
    day.rise(minutes=7)
    day.sit(hours=7)
    day.press()
    day.hold()
    day.wait(hours=12)
    day.rise(minutes=1)
    day.down()
    day.wait(minutes=1)
    day.up()
    day.wait(hours=9)
    day.sit(minutes=1)
    day.hold()
    day.hold()
    day.wait(minutes=30)
    return day


LONG_DAY = a_long_day().screens


def too_long(screen: Screen) -> list[str]:
    """What of a screen's text doesn't fit."""
    match screen:
        case Card():
            lines = [line for line in [screen.title, *screen.lines, screen.footer] if len(line) > LINE]
            return lines + list(screen.lines[4:])
        case BigWords():
            # The small line is set in the smallest letters, five pixels wide.
            most = WORD if len(screen.lines) > 2 else TOLD
            return (
                [line for line in screen.lines if len(line) > most] + list(screen.lines[3:]) + _over(25, screen.small)
            )
        case BigNumber():
            return _over(LINE, screen.heading) + _over(LINE, screen.caption) + _over(NUMBER, screen.number)
        case Instruction():
            return (
                [line for line in screen.lines if len(line) > TOLD] + list(screen.lines[3:]) + _over(11, screen.clock)
            )
        case Movement():
            return _over(5, screen.count) + _over(11, screen.clock)
        case Connect():
            return _over(LINE, screen.address) + [line for line in screen.footer if len(line) > LINE]
        case Dark():
            return []


def _over(letters: int, text: str) -> list[str]:
    return [text] if len(text) > letters else []


def test_the_long_day_has_every_kind_of_screen() -> None:
    assert {type(screen) for screen in LONG_DAY} == {Card, BigWords, BigNumber, Instruction, Movement, Dark}
    texts = "\n".join(text_of(screen) for screen in LONG_DAY)
    for words in ("Stop if it hurts", "Seated", "Today", "Fancy a", "Snoozed", "Break coming up", "Time to get up"):
        assert words in texts
    for words in (
        "Stand to go on",
        "Break done",
        "Well done",
        "Still there",
        "Button stuck",
        "Last time",
        "Muted till",
    ):
        assert words in texts


def test_every_text_fits_its_place() -> None:
    assert [text for screen in LONG_DAY for text in too_long(screen)] == []


def test_every_text_is_plain_ascii() -> None:
    assert all(text_of(screen).isascii() for screen in LONG_DAY)


def test_a_screen_is_shown_once_until_it_changes() -> None:
    assert all(one != other for one, other in pairwise(LONG_DAY))


def test_a_bar_is_never_fuller_than_full() -> None:
    bars = [screen.progress for screen in LONG_DAY if isinstance(screen, BigNumber) and screen.progress is not None]
    assert bars
    assert all(0 <= progress <= 1 for progress in bars)


def test_the_minutes_change_to_the_second() -> None:
    day = Day(NO_INVITE)
    day.sit(seconds=59.999)
    assert day.text == "Seated 0 min break in 2 h 00"
    day.wait(seconds=0.001)
    assert day.text == "Seated 1 min break in 1 h 59"


def test_half_a_limit_is_half_a_bar() -> None:
    day = Day(NO_INVITE)
    day.sit(minutes=60)
    assert isinstance(day.screen, BigNumber)
    assert day.screen.progress == 0.5


def test_the_break_s_clock_counts_every_second() -> None:
    day = Day(NO_INVITE)
    day.sit(minutes=5)
    day.rise(seconds=15)
    clocks = [day.text.split()[3]]
    for _ in range(3):
        day.wait(seconds=1)
        clocks.append(day.text.split()[3])
    assert clocks == ["1:45", "1:44", "1:43", "1:42"]


def test_a_break_whose_end_waits_for_a_touch_stands_at_nought() -> None:
    day = Day(NO_INVITE)
    day.sit(minutes=5)
    day.rise(seconds=118)
    day.sit(seconds=1.5)
    assert "0:01" in day.text
    day = Day(Settings(limits=NO_INVITE.limits, screens=Screens(off_after_s=600.0)))
    day.sit(minutes=5)
    day.rise(seconds=118)
    day.sit(seconds=3)
    assert day.text == "Off the chair 0:00 till the break counts"
    day.down()
    assert day.text == "Off the chair 0:00 till the break counts"


def test_a_guide_at_a_chair_that_nobody_left_measures_no_break() -> None:
    day = Day()
    day.wait(minutes=1)
    day.press()
    day.press()
    assert day.mode == "guiding"
    assert isinstance(day.screen, Instruction)
    assert day.screen.clock == ""
    day.wait(seconds=20)
    assert isinstance(day.screen, Movement)
    assert day.screen.clock == ""


def test_the_movement_shows_figure_count_and_clock() -> None:
    day = Day(NO_INVITE)
    day.sit(minutes=121)
    day.rise(seconds=25)
    guide = day.snapshot.guide
    assert guide is not None
    assert guide.step.kind is StepKind.MOVE
    assert isinstance(day.screen, Movement)
    assert day.screen.moving.figure == guide.step.figure
    assert day.screen.moving.since == guide.began
    assert day.screen.moving.elapsed_s(day.now) == pytest.approx(guide.elapsed_s)
    assert day.screen.count == f"{guide.step.count_at(guide.elapsed_s)}x"
    assert day.screen.part == "1/3"
    assert day.screen.clock == "break 1:35"


def test_a_count_of_repetitions_changes_with_the_repetition_and_one_of_seconds_every_second() -> None:
    day = Day(Settings(limits=Limits(invite_after_s=7200.0, full_break_s=300.0)))
    seen = set()
    for _ in range(6):
        day.sit(minutes=121)
        day.rise()
        while (guide := day.snapshot.guide) is not None or not day.facts("guide_started"):
            day.wait(seconds=1)
            if guide is None or guide.step.kind is not StepKind.MOVE:
                continue
            step = day.snapshot.guide.step if day.snapshot.guide else guide.step
            if isinstance(day.screen, Movement) and day.snapshot.guide:
                left, unit = step.count_at(day.snapshot.guide.elapsed_s), "x" if step.stretch.counted else " s"
                assert day.screen.count == (f"{left}{unit}" if left else "")
                seen.add(step.stretch.counted)
        day.sit()
    assert seen == {True, False}


def test_a_loop_of_seven_tenths_is_counted_to_its_end() -> None:
    march = next(stretch for stretch in shipped() if stretch.id == "glute_squeeze")
    pose = replace(march.figure.poses[0], moves_s=0.7, holds_s=0.0)
    quick = replace(march, least=9, most=9, how_poses=(), figure=Figure(march.figure.view, (pose,)))
    # The break counts at once, so that its clock doesn't bring the count up to date by the way.
    day = Day(Settings(limits=Limits(invite_after_s=7200.0, break_after_s=2.0, full_break_s=2.0)), (quick,))
    day.sit(minutes=121)
    day.rise(minutes=1)
    counts = [screen.count for screen in day.screens if isinstance(screen, Movement)]
    assert list(dict.fromkeys(counts)) == ["9x", "8x", "7x", "6x", "5x", "4x", "3x", "2x", "1x"]


def test_the_left_side_is_drawn_as_the_other_one() -> None:
    day = Day(NO_INVITE)
    day.sit(minutes=121)
    day.rise(minutes=5)
    other_side = {screen.moving.other_side for screen in day.screens if isinstance(screen, Movement)}
    assert other_side == {False, True}


def test_the_mute_has_its_mark_and_time_on_every_screen_of_a_due_break() -> None:
    day = Day(NO_INVITE)
    day.clock("2026-03-02T08:30:00")
    day.sit(minutes=117)
    day.hold()
    day.wait(minutes=2)
    assert day.text.startswith("Muted till 11:27 1 min")
    day.wait(minutes=1)
    assert day.text == "Time to get up Muted till 11:27"
    day.wait(minutes=1)
    assert day.text == "Time to get up +1 min Muted till 11:27"
    assert not isinstance(day.screen, Dark)
    assert Mark.MUTED in day.screen.marks


def test_the_end_of_a_mute_is_told_by_the_wall_clock() -> None:
    day = Day()
    day.clock("2026-03-02T23:30:00")
    day.sit(minutes=10)
    day.hold()
    assert day.snapshot.muted_till == datetime.fromisoformat("2026-03-03T00:40:01")


@pytest.mark.parametrize(("breaks", "words"), [(0, "0 breaks."), (1, "1 break."), (6, "6 breaks.")])
def test_a_day_is_told_in_plain_words(breaks: int, words: str) -> None:
    figures = replace(Tally().figures(0.0), seated_s=20_400.0, longest_s=4_320.0, bouts=7, breaks=breaks)
    assert told(vocabulary(), figures) == ("You sat 5 h 40,", "longest 1 h 12,", words)


def test_a_day_tells_what_was_taken_in_time_and_what_is_doubtful() -> None:
    figures = replace(Tally().figures(0.0), seated_s=54_000.0, doubtful_s=18_000.0, due=3, in_time=2)
    assert told(vocabulary(), figures) == ("You sat 15 h 00,", "5 h 00 doubtful,", "0 breaks.", "2 of 3 in time.")


def test_the_card_of_today_has_room_for_what_is_doubtful_or_was_due() -> None:
    day = Day(Settings(limits=Limits(due_after_s=43200.0, invite_after_s=43200.0)))
    day.sit(hours=5)
    day.rise(minutes=5)
    day.sit(seconds=10)
    day.press()
    assert isinstance(day.screen, Card)
    assert [line.split()[0] for line in day.screen.lines] == ["Seated", "Doubtful", "Breaks", "Next"]


def test_a_settings_error_is_shown_as_far_as_it_fits() -> None:
    card = cannot_start(vocabulary(), "unsit.toml: limits.due_after is 3; allowed: " + "a very long list of words " * 9)
    assert card.title == "Can't start"
    assert too_long(card) == []
    assert card.lines[-1].endswith("...")


def test_no_health_promises_and_no_blame() -> None:
    texts = " ".join(text_of(screen) for screen in LONG_DAY).lower()
    assert not {"pain-free", "health", "heal", "cure", "must", "lazy", "bad", "failed", "standing"} & set(texts.split())
