"""What the eye sees: a golden picture of every screen, and what holds for all that could be shown."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from device.languages.language_files import languages
from device.languages.screen_words import vocabulary
from device.mind.rules import Mode
from device.mind.snapshot import GuideSnapshot, Snapshot
from device.pictures import drawing, letters
from device.pictures.drawing import draw, pieces, wandering
from device.pictures.piece import EDGE, HEIGHT, WIDTH, Piece
from device.screens import calibrating, screens
from device.settings.settings import (
    TOPICS,
    BuzzerSettings,
    GuideSettings,
    Limits,
    PageSettings,
    Persons,
    Screens,
    SeatSettings,
    Settings,
    Stretching,
)
from device.stages import calibration
from device.stretches.repertoire import repertoire
from device.stretches.steps import Planned, StepKind, steps
from device.stretches.stretch import Side, Stretch
from device.words.effects import BigNumber, BigWords, Card, Connect, Dark, Instruction, Mark, Movement, Moving, Screen
from device.words.events import JournalTrouble, Order
from tests import golden
from tests.golden import assert_golden
from tests.story import Day

STRETCHES = repertoire(Settings(stretches=Stretching(seated="yes", without=()))).stretches
SIDES = [(stretch, side) for stretch in STRETCHES for side in stretch.sides]
NO_INVITE = Settings(limits=Limits(invite_after_s=7200.0))
IN_HOUSE = replace(NO_INVITE, page=PageSettings(reach="house"))
BIG_PX, STANDING_PX = 15, 10
"""How high capitals are at least: of cue and count, 12 minutes of arc at a metre, and of all that is read standing."""


# ---- the screens of a day, at rest


def seated_for(settings: Settings = NO_INVITE, *, minutes: float) -> Day:
    """Somebody who sat down at 8:30."""
    day = Day(settings)
    day.clock("2026-03-02T08:30:00")
    day.sit(minutes=minutes)
    return day


def seated_for_12_hours() -> Day:
    """Each time it asks whether that is still you, it is."""
    day = seated_for(minutes=0)
    for _ in range(2):
        day.wait(hours=4)
        day.press()
    day.wait_until(12 * 3600.0 - 1)
    return day


def safety() -> Day:
    return Day(safety_s=8.0)


def safety_last() -> Day:
    day = safety()
    day.press(3)
    return day


def choosing_language() -> Day:
    return Day(asks=list(TOPICS))


def choosing_any_condition() -> Day:
    day = choosing_language()
    day.hold()
    return day


def choosing_condition() -> Day:
    day = choosing_any_condition()
    day.hold()
    return day


def choosing_anew() -> Day:
    day = choosing_any_condition()
    day.press()
    day.wait(minutes=10)
    day.down()
    day.wait(seconds=1)
    return day


def safety_felt() -> Day:
    day = safety()
    day.down()
    return day


def seated_just_now() -> Day:
    return seated_for(minutes=0.5)


def seated() -> Day:
    return seated_for(minutes=47)


def seated_felt() -> Day:
    day = seated()
    day.down()
    return day


def seated_muted() -> Day:
    day = seated()
    day.hold()
    return day


def seated_quiet() -> Day:
    day = seated()
    day.quiet(True)
    return day


def seated_with_every_mark() -> Day:
    day = seated_for(Settings(), minutes=61)
    for _ in range(3):
        day.hold()
        day.wait(minutes=10)
    day.quiet(True)
    day.down()
    return day


def heads_up() -> Day:
    return seated_for(minutes=118)


def heads_up_muted() -> Day:
    day = seated_for(minutes=100)
    day.hold()
    day.wait(minutes=19)
    return day


def invite() -> Day:
    return seated_for(Settings(), minutes=60.5)


def invite_felt() -> Day:
    day = invite()
    day.down()
    return day


def invited() -> Day:
    return seated_for(Settings(), minutes=63)


def short_offer() -> Day:
    return seated_for(Settings(limits=Limits(short_every_s=1200.0)), minutes=20.5)


def short_offer_of_90_s_without_a_buzzer() -> Day:
    limits = Limits(short_every_s=1200.0, short_break_s=90.0, break_after_s=120.0)
    return seated_for(Settings(limits=limits, buzzer=BuzzerSettings(kind="none")), minutes=20.5)


def short_offered() -> Day:
    return seated_for(Settings(limits=Limits(short_every_s=1200.0)), minutes=23)


def short_break() -> Day:
    day = short_offer()
    day.rise(seconds=8)
    return day


def short_break_done() -> Day:
    day = short_offer()
    day.rise(seconds=30)
    return day


def move_offer() -> Day:
    day = seated_for(Settings(limits=Limits(standing="half")), minutes=20)
    day.rise(minutes=45, seconds=30)
    return day


def move_offer_after_three_hours_felt() -> Day:
    day = seated_for(Settings(limits=Limits(standing="half", day_closes_after_s=43200.0)), minutes=20)
    day.rise(minutes=130)
    day.press(2)
    day.wait(minutes=45)
    day.down()
    return day


def due() -> Day:
    return seated_for(minutes=120.5)


def due_muted() -> Day:
    day = seated_for(minutes=100)
    day.hold()
    day.wait(minutes=20.5)
    return day


def due_over() -> Day:
    return seated_for(minutes=121)


def due_over_muted() -> Day:
    day = due_muted()
    day.wait(minutes=15)
    return day


def due_over_by_115() -> Day:
    return seated_for(minutes=235.5)


def due_over_by_10_hours() -> Day:
    return seated_for_12_hours()


def snoozed() -> Day:
    day = due_over()
    day.hold()
    return day


def first_card() -> Day:
    day = due_over()
    day.press()
    return day


def nothing_to_show() -> Day:
    day = Day(NO_INVITE, ())
    day.sit(minutes=121)
    day.press()
    return day


def today() -> Day:
    day = seated()
    day.press()
    return day


def today_after_12_hours() -> Day:
    day = seated_for_12_hours()
    day.rise(minutes=10)
    day.sit(seconds=10)
    day.press()
    return day


def today_doubtful() -> Day:
    day = seated_for(minutes=300)
    day.rise(minutes=10)
    day.sit(seconds=10)
    day.press()
    return day


def greeting() -> Day:
    day = seated_for_12_hours()
    day.rise(hours=5)
    day.sit(seconds=6)
    return day


WIDEST = "W\u00fcrmeling-WM"


def office_offer(settings: Settings = NO_INVITE, by: str = "ACME") -> Day:
    day = Day(settings)
    day.clock("2026-03-02T08:30:00+01:00")
    day.choose("office_offer", f"spring hourly 2026-03-31 {by}")
    day.sit(minutes=2)
    return day


def office_offer_by_a_long_name_in_place_of_ones_own_felt() -> Day:
    day = office_offer(replace(NO_INVITE, limits=Limits(invite_after_s=36000.0, due_after_s=42300.0)), WIDEST)
    day.down()
    return day


def office_offer_taken() -> Day:
    day = office_offer()
    day.press()
    return day


def office_offer_waits() -> Day:
    day = office_offer()
    day.wait(minutes=20)
    return day


def who_sits() -> Day:
    return seated_for(replace(NO_INVITE, persons=Persons(("Anna", "Bob"))), minutes=0.1)


def who_sits_with_a_long_name_and_no_sound() -> Day:
    day = seated_for(replace(NO_INVITE, persons=Persons((WIDEST, "Bob"))), minutes=0.1)
    day.hold()
    day.down()
    return day


def still_you() -> Day:
    return seated_for(minutes=240.5)


def seat_lost() -> Day:
    day = seated_for(minutes=20)
    day.lose_seat(seconds=1)
    return day


def uncalibrated() -> Day:
    return Day(Settings(seat=SeatSettings("ads1115")))


def seat_worn() -> Day:
    return seated_for(minutes=24 * 60.0)


def seat_loose() -> Day:
    day = seated_for(minutes=0)
    for _ in range(61):
        day.rise(seconds=1)
        day.sit(seconds=1)
    return day


def seated_on_a_loose_seat() -> Day:
    day = seat_loose()
    day.wait(minutes=20)
    return day


def unanswered() -> Day:
    return seated_for(minutes=246)


def button_stuck() -> Day:
    day = seated()
    day.down()
    day.wait(seconds=11)
    return day


def away() -> Day:
    day = seated()
    day.rise(seconds=37)
    return day


def away_muted() -> Day:
    day = seated_muted()
    day.rise(seconds=37)
    return day


def counts() -> Day:
    day = seated_for(Settings(limits=NO_INVITE.limits, screens=Screens(off_after_s=300.0)), minutes=47)
    day.rise(seconds=120)
    return day


def dark() -> Day:
    day = seated()
    day.rise(minutes=10)
    return day


def guide_caution() -> Day:
    day = safety()
    day.sit(minutes=121)
    day.rise(seconds=4)
    return day


def guide_hold_on() -> Day:
    day = guide_title()
    day.down()
    day.wait(seconds=1)
    return day


def guide_left_out() -> Day:
    day = guide_hold_on()
    day.wait(seconds=2)
    day.up()
    day.wait(seconds=1)
    return day


def guide_title() -> Day:
    day = due_over()
    day.rise(seconds=4)
    return day


def guide_movement() -> Day:
    day = due_over()
    day.rise(seconds=23)
    return day


def guide_movement_muted_and_felt() -> Day:
    day = due_over_muted()
    day.rise(seconds=23)
    day.down()
    return day


def guide_counts() -> Day:
    day = due_over()
    # At a page that stands still, which is seen on the kernel as well.
    day.rise(seconds=128)
    return day


def guide_movement_counts() -> Day:
    day = due_over()
    day.rise(seconds=145)
    return day


def guide_at_a_chair_nobody_left() -> Day:
    day = Day(NO_INVITE)
    day.press()
    day.press()
    day.wait(seconds=12)
    return day


def guide_paused() -> Day:
    day = guide_movement()
    day.sit(seconds=3)
    return day


def thanks() -> Day:
    day = guide_movement_counts()
    day.hold()
    return day


def thanks_for_a_short_break() -> Day:
    day = guide_movement()
    day.hold()
    return day


def today_in_the_house() -> Day:
    day = seated_for(IN_HOUSE, minutes=0)
    day.press()
    day.wait(minutes=47)
    day.press()
    return day


def connecting_waits() -> Day:
    day = today_in_the_house()
    day.hold()
    return day


def connecting() -> Day:
    day = connecting_waits()
    day.have_code()
    return day


def connecting_felt() -> Day:
    day = connecting()
    day.down()
    return day


def connected() -> Day:
    day = connecting()
    day.end_code("Anna's phone")
    return day


def code_spent() -> Day:
    day = connecting()
    day.end_code()
    return day


def phones_forgotten() -> Day:
    day = connecting()
    day.hold()
    return day


def journal_in_memory(trouble: JournalTrouble = JournalTrouble.IN_MEMORY) -> Day:
    day = seated()
    day.journal(trouble)
    return day


def journal_unwritten() -> Day:
    return journal_in_memory(JournalTrouble.UNWRITTEN)


def journal_anew() -> Day:
    return journal_in_memory(JournalTrouble.ANEW)


def seated_enough() -> Day:
    day = seated()
    day.order(Order.ENOUGH)
    day.wait(minutes=90)
    return day


def today_enough() -> Day:
    day = seated_enough()
    day.press()
    return day


def seated_in_a_meeting() -> Day:
    day = seated()
    day.clock("2027-01-04T14:20:00+01:00")
    day.meeting(minutes=40)
    day.wait(minutes=5)
    return day


def due_in_a_meeting() -> Day:
    day = seated_in_a_meeting()
    day.meeting(minutes=120)
    day.wait(minutes=100)
    return day


def today_outside_the_hours() -> Day:
    day = seated()
    day.hours(within=False)
    day.wait(minutes=90)
    day.press()
    return day


def seated_while_away(until: str = "2027-01-07") -> Day:
    day = seated()
    day.clock(f"{date.fromisoformat(until) - timedelta(days=3)}T10:00:00+01:00")
    day.choose("away", until)
    day.wait(minutes=90)
    return day


SCENES: list[Callable[[], Day]] = [
    safety,
    safety_last,
    safety_felt,
    choosing_language,
    choosing_any_condition,
    choosing_condition,
    choosing_anew,
    seated_just_now,
    seated,
    seated_felt,
    seated_muted,
    seated_quiet,
    seated_with_every_mark,
    heads_up,
    heads_up_muted,
    invite,
    invite_felt,
    invited,
    short_offer,
    short_offer_of_90_s_without_a_buzzer,
    short_offered,
    short_break,
    short_break_done,
    move_offer,
    move_offer_after_three_hours_felt,
    due,
    due_muted,
    due_over,
    due_over_muted,
    due_over_by_115,
    due_over_by_10_hours,
    snoozed,
    first_card,
    nothing_to_show,
    today,
    today_after_12_hours,
    today_doubtful,
    greeting,
    office_offer,
    office_offer_by_a_long_name_in_place_of_ones_own_felt,
    office_offer_taken,
    office_offer_waits,
    who_sits,
    who_sits_with_a_long_name_and_no_sound,
    still_you,
    seat_lost,
    uncalibrated,
    seat_worn,
    seat_loose,
    seated_on_a_loose_seat,
    unanswered,
    button_stuck,
    away,
    away_muted,
    counts,
    dark,
    guide_caution,
    guide_title,
    guide_hold_on,
    guide_left_out,
    guide_movement,
    guide_movement_muted_and_felt,
    guide_counts,
    guide_movement_counts,
    guide_at_a_chair_nobody_left,
    guide_paused,
    thanks,
    thanks_for_a_short_break,
    today_in_the_house,
    connecting_waits,
    connecting,
    connecting_felt,
    connected,
    code_spent,
    phones_forgotten,
    journal_in_memory,
    journal_unwritten,
    journal_anew,
    seated_enough,
    today_enough,
    seated_in_a_meeting,
    due_in_a_meeting,
    today_outside_the_hours,
    seated_while_away,
]


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_the_golden_picture_of_a_scene(scene: Callable[[], Day]) -> None:
    day = scene()
    assert_whole(day.screen, day.now)
    assert_golden(draw(day.screen, day.now), scene.__name__)


# ---- each stretch


def guiding(kind: StepKind, stretch: Stretch, side: Side, elapsed_s: float = 0.0) -> Snapshot:
    """Somebody up for half a minute, in that step of the guide."""
    away_for_37_s = away().snapshot
    began = away_for_37_s.now - elapsed_s
    planned = Planned(stretch, (stretch.least + stretch.most) // 2)
    step = next(each for each in steps([planned], GuideSettings()) if (each.kind, each.side) == (kind, side))
    return replace(away_for_37_s, mode=Mode.GUIDING, guide=GuideSnapshot(step, began, elapsed_s))


def told(stretch: Stretch) -> list[Snapshot]:
    """All that is told of it, each as it begins to be."""
    away_for_37_s = away().snapshot
    return [
        replace(away_for_37_s, mode=Mode.GUIDING, guide=GuideSnapshot(step, away_for_37_s.now, 0.0))
        for step in steps([Planned(stretch, stretch.least)], GuideSettings())
        if step.kind is not StepKind.MOVE
    ]


def strip(statuses: list[Snapshot]) -> Image.Image:
    """The pictures of what is shown then, one below the other with a gap."""
    image = Image.new("1", (WIDTH, (HEIGHT + 4) * len(statuses) - 4))
    for row, snapshot in enumerate(statuses):
        screen, _ = screens.compose(snapshot)
        assert_whole(screen, snapshot.now)
        image.paste(draw(screen, snapshot.now), (0, row * (HEIGHT + 4)))
    return image


@pytest.mark.parametrize("stretch", STRETCHES, ids=lambda stretch: stretch.id)
def test_the_golden_pictures_of_a_stretch_before_it_begins(stretch: Stretch) -> None:
    card = replace(first_card().snapshot, first_stretch=stretch)
    assert_golden(strip([card, *told(stretch)]), f"{stretch.id}_before")


@pytest.mark.parametrize(
    ("stretch", "side"), SIDES, ids=lambda value: value.id if isinstance(value, Stretch) else value
)
def test_the_golden_pictures_of_a_stretch_s_poses(stretch: Stretch, side: Side) -> None:
    reached_s, moments_s = 0.0, []
    for pose in stretch.figure.poses:
        moments_s += [reached_s + pose.moves_s / 2, reached_s + pose.moves_s]
        reached_s += pose.moves_s + pose.holds_s
    shown = [guiding(StepKind.MOVE, stretch, side, moment_s) for moment_s in moments_s]
    assert_golden(strip(shown), f"{stretch.id}_{side.value}")


def test_the_golden_picture_of_a_device_that_cannot_start() -> None:
    card = screens.cannot_start(vocabulary(), 'unsit.toml: limits.due_after is "3 days"; allowed: "1s" to "12h"')
    assert_whole(card, 0.0)
    assert_golden(draw(card, 0.0), "cannot_start")


def test_the_golden_picture_of_a_calibration() -> None:
    shown = calibrating.calibrating(vocabulary(), "sit", 2, 6)
    assert_golden(draw(shown, 0.0), "calibrating")


@pytest.mark.parametrize("language", languages())
def test_a_calibration_is_whole_in_every_language(language: str) -> None:
    say = vocabulary(language)
    shown = [
        calibrating.calibrating(say, step, 6, 6, on_page=on_page)
        for step in calibration.STEPS
        for on_page in (False, True)
    ]
    for each in (*shown, *(calibrating.calibrated(say, is_fine=is_fine) for is_fine in (True, False))):
        assert_whole(each, 0.0)


def test_the_golden_picture_of_the_longest_texts_and_every_mark() -> None:
    card = Card("Longest name of 18", ("A line of 21 letters.",) * 4, "A footer of 21 letter", possible(set(Mark)))
    assert_whole(card, 0.0)
    assert_golden(draw(card, 0.0), "longest")


# ---- what holds for all that could be shown


def possible(marks: set[Mark]) -> frozenset[Mark]:
    """As many marks as can ever show: an invite is for somebody seated, a break counts off the chair, and a question
    that has become a mark has the panel to itself."""
    return frozenset(marks - {Mark.ASKING} - ({Mark.COUNTS} if Mark.INVITED in marks else set()))


PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:;?+-"
TALL_AND_DEEP = "ÀÉÎÑÖÅČŮŹŻĄĢŞçğįąşýþß¿"
MARKS = st.sets(st.sampled_from(Mark)).map(possible)


def texts(longest: int, shortest: int = 1) -> st.SearchStrategy[str]:
    """Texts up to that many characters, with single spaces inside."""
    letters = st.text(PLAIN + TALL_AND_DEEP + "'   ", min_size=shortest, max_size=longest)
    return letters.map(lambda text: " ".join(text.split())).filter(lambda text: len(text) >= shortest)


def lines(most: int, longest: int) -> st.SearchStrategy[tuple[str, ...]]:
    """That many lines at the most."""
    return st.lists(texts(longest), min_size=1, max_size=most).map(tuple)


def spoken(most: int) -> st.SearchStrategy[tuple[str, ...]]:
    """That many lines of big letters at the most; no apostrophes, which stand out above them."""
    return lines(most, 10).map(lambda some: tuple(line.replace("'", "I") for line in some))


CLOCKS = st.integers(0, 5999).map(lambda seconds: f"{seconds // 60}:{seconds % 60:02d}")
MINUTES = st.integers(0, 720).map(str) | st.integers(1, 999).map(lambda minutes: f"+{minutes}")
CARDS = st.builds(Card, texts(18), lines(4, 21), texts(21, 0), MARKS)
COUNTS = st.builds(BigNumber, texts(18), MINUTES, st.just("min"), texts(21, 0), st.none() | st.floats(0, 1), MARKS)
HOURS = st.integers(60, 720).map(lambda minutes: f"{minutes // 60} h {minutes % 60:02d}")
LONG_COUNTS = st.builds(BigNumber, texts(18), HOURS, st.just(""), texts(21, 0), st.none() | st.floats(0, 1), MARKS)
COUNTDOWNS = st.builds(BigNumber, texts(18), CLOCKS, st.just(""), texts(21, 0), st.none(), MARKS)
SMALL_LINES = texts(25, 0).map(lambda text: text if " " in text or len(text) < 20 else f"{text[:12]} {text[13:]}")
"""Nobody has a word of 25 letters."""
SPOKEN = st.builds(BigWords, spoken(2), SMALL_LINES, MARKS) | st.builds(BigWords, spoken(3), st.just(""), MARKS)
MOVING = st.builds(Moving, st.sampled_from([stretch.figure for stretch in STRETCHES]), st.booleans(), st.just(0.0))
AMOUNTS = st.integers(1, 99).map(lambda count: f"{count}x") | st.integers(0, 120).map(lambda count: f"{count} s")
PARTS = st.integers(1, 9).map(lambda nth: f"{nth}/9")
PLACES = PARTS.map(lambda part: f"stretch {part}")
BREAKS = st.just("") | st.just("break done") | st.integers(0, 599).map(lambda s: f"break {s // 60}:{s % 60:02d}")
MOVEMENTS = st.builds(Movement, MOVING, AMOUNTS, BREAKS, PARTS, MARKS)
INSTRUCTIONS = st.builds(Instruction, lines(3, 17), PLACES, BREAKS, st.none(), MARKS) | st.builds(
    Instruction, lines(3, 17), st.just(""), BREAKS, MOVING, MARKS
)
SCREENS = CARDS | COUNTS | LONG_COUNTS | COUNTDOWNS | SPOKEN | INSTRUCTIONS | MOVEMENTS | st.just(Dark())
MOMENTS_S = st.floats(0, 60)


def assert_whole(screen: Screen, now: float) -> None:
    """Nothing is clipped, nothing overlaps, and no text is cut short."""
    shown = list(pieces(screen, now))
    for piece in shown:
        left, top, right, bottom = piece.box
        if is_figure(piece):
            assert (left, top, right, bottom) == (0, 0, 64, 64)
        else:
            assert left >= EDGE, piece
            assert top >= EDGE, piece
            assert right <= WIDTH - EDGE + (len(piece.text) >= 21), piece
            assert bottom <= HEIGHT - EDGE, piece
    for one, other in combinations(shown, 2):
        assert not overlap(one, other), (one, other)
    # An instruction may be broken into other lines.
    assert sorted(" ".join(piece.text for piece in shown).split()) == sorted(" ".join(texts_of(screen, now)).split())


def is_figure(piece: Piece) -> bool:
    """Whether it is the person, who may use the margins."""
    return piece.ink.size == (64, 64)


def overlap(one: Piece, other: Piece) -> bool:
    """Whether two pieces share any spot."""
    left, top, right, bottom = one.box
    other_left, other_top, other_right, other_bottom = other.box
    return left < other_right and other_left < right and top < other_bottom and other_top < bottom


def texts_of(screen: Screen, now: float) -> Iterator[str]:
    """Every text that has to be there."""
    match screen:
        case Card(title, some_lines, footer):
            yield from filter(None, [title, *some_lines, footer])
        case BigNumber(heading, number, unit, caption):
            yield from filter(None, [heading, number, unit, caption])
        case BigWords(some_lines, small):
            yield from filter(None, [*some_lines, small])
        case Instruction(some_lines, part, clock):
            yield from filter(None, [*some_lines, part, clock])
        case Connect(address, code, footer):
            yield from (address.replace(":", " :"), code, *footer)
        case Movement(moving, count, clock, part):
            yield from filter(None, [moving.figure.cue_at(moving.elapsed_s(now)), count, clock, part])


def big_texts(screen: Screen, now: float) -> set[str]:
    """What is read from a metre while moving, or before it becomes that."""
    match screen:
        case BigWords(some_lines):
            return set(some_lines)
        case BigNumber(_, number):
            return {number}
        case Movement(moving, count):
            return {moving.figure.cue_at(moving.elapsed_s(now)), count}
    return set()


@given(SCREENS, MOMENTS_S)
@example(Card("Tails", ("A page", "by page", "by day", "by you"), "below it all"), 0.0)
@example(BigWords(("It's me,", "it's you", "it's us"), ""), 0.0)
@example(BigWords(("WWWWWWWWWW", "WWWWWWWWWW"), "WWWWWWWWWWWW WWWWWWWWWWWW", possible(set(Mark))), 0.0)
@example(Card("000000000000000MMM", ("A line",), "", possible(set(Mark))), 0.0)
@example(Card("W" * 18, ("Ägypten, jq", "Ägypten, jq", "Ägypten, jq", "Ägypten, jq"), "Ç", possible(set(Mark))), 0.0)
@example(BigNumber("W" * 18, "120", "min", "Ägypten, jq", 0.5, possible(set(Mark))), 0.0)
@example(BigNumber("Seated", "1 h 03", "", "a gap", 0.5), 0.0)
@example(BigNumber("W" * 18, "99:59", "", "Ägypten, jq", None, possible(set(Mark))), 0.0)
def test_nothing_is_clipped_overlaps_or_is_cut_short(screen: Screen, now: float) -> None:
    assert_whole(screen, now)


@given(SCREENS, MOMENTS_S)
@example(BigWords(("WWWWWWWWWW", "gggggggggg"), "A small line of 25 letter", possible(set(Mark))), 0.0)
@example(BigWords(("WWWWWWWWWg", "WWWWWWWWWg", "WWWWWWWWWg"), "", possible(set(Mark))), 0.0)
@example(BigWords(("0", "-", "y")), 0.0)
@example(BigWords(("WWWWWWWWWg", "WWWWWWWWWg"), "WWWWWWWWWWWW WWWWWWWWWWWW", possible(set(Mark))), 0.0)
def test_what_is_read_from_a_metre_is_big(screen: Screen, now: float) -> None:
    for text in big_texts(screen, now):
        shown = [piece for piece in pieces(screen, now) if piece.text == text]
        assert shown
        tall = any(letter.isupper() or letter.isdigit() or letter in "bdfhkl" for letter in text)
        # The small line below may say the same.
        piece = max(shown, key=lambda each: each.capitals)
        assert piece.capitals >= (BIG_PX if isinstance(screen, Movement) else 14)
        # A word without a tall letter, such as "ease", is lower though its letters are as big; a dash is a line.
        assert piece.ink.height >= (piece.capitals if tall else 2 if any(map(str.isalpha, text)) else 1)


@given(MOVEMENTS | st.builds(Instruction, lines(2, 12), PLACES, BREAKS, st.none(), MARKS), MOMENTS_S)
def test_nothing_small_is_shown_to_somebody_standing(screen: Screen, now: float) -> None:
    assert all(piece.capitals >= STANDING_PX for piece in pieces(screen, now) if piece.text)


STEPS = st.integers(0, 200)


@given(SCREENS, MOMENTS_S, STEPS)
@example(BigWords((), "", frozenset({Mark.ASKING, Mark.INVITED, Mark.MUTED, Mark.FELT})), 0.0, 13)
@example(Card("W" * 18, ("Ägypten, jq", "Ägypten, jq", "Ägypten, jq", "Ägypten, jq"), "Ç", possible(set(Mark))), 0.0, 3)
@example(BigNumber("W" * 18, "120", "min", "Ägypten, jq", 0.5, possible(set(Mark))), 0.0, 1)
@example(BigNumber("W" * 18, "120", "min", "Ägypten, jq", 0.5, possible(set(Mark))), 0.0, 3)
def test_wherever_it_wanders_a_picture_is_whole_and_says_the_same(screen: Screen, now: float, step: int) -> None:
    shown = wandering(screen, now, step)
    for piece in shown:
        left, top, right, bottom = piece.box
        assert left >= 0, piece
        assert top >= 0, piece
        assert right <= WIDTH, piece
        assert bottom <= HEIGHT, piece
    for one, other in combinations(shown, 2):
        assert not overlap(one, other), (one, other)
    at_home = sorted(piece.text for piece in wandering(screen, now, 0))
    assert sorted(piece.text for piece in shown) == at_home


@given(CARDS | COUNTS | COUNTDOWNS | SPOKEN, MOMENTS_S, STEPS)
def test_wherever_it_wanders_a_finger_on_the_button_moves_nothing(
    screen: Card | BigNumber | BigWords, now: float, step: int
) -> None:
    before = draw(replace(screen, marks=screen.marks - {Mark.FELT}), now, step)
    felt = draw(replace(screen, marks=screen.marks | {Mark.FELT}), now, step)
    assert ImageChops.logical_and(before, felt).tobytes() == before.tobytes()
    assert lit(felt) > lit(before)


def test_figures_stay_where_they_are() -> None:
    day = guide_movement()
    assert draw(day.screen, day.now, 7).tobytes() == draw(day.screen, day.now).tobytes()


@given(SCREENS, MOMENTS_S)
def test_less_than_a_quarter_of_the_panel_is_lit(screen: Screen, now: float) -> None:
    """But for an instruction, which stands for a few seconds: a third."""
    assert lit(draw(screen, now)) < WIDTH * HEIGHT / (3 if isinstance(screen, Instruction) else 4)


def lit(image: Image.Image) -> int:
    """How many pixels shine."""
    return image.convert("L").histogram()[255]


@given(CARDS | COUNTS | COUNTDOWNS | SPOKEN | INSTRUCTIONS | MOVEMENTS, MOMENTS_S)
def test_a_finger_on_the_button_moves_nothing(
    screen: Card | BigNumber | BigWords | Instruction | Movement, now: float
) -> None:
    before = draw(replace(screen, marks=screen.marks - {Mark.FELT}), now)
    felt = draw(replace(screen, marks=screen.marks | {Mark.FELT}), now)
    assert ImageChops.logical_and(before, felt).tobytes() == before.tobytes()
    assert lit(felt) > lit(before)


@given(MOVEMENTS.map(lambda screen: screen.moving), MOMENTS_S)
def test_the_figure_is_the_same_at_the_same_moment_of_its_loop(moving: Moving, now: float) -> None:
    later = replace(moving, since=1000.0)
    first, second = (draw(Movement(each, "5", "1:00"), at) for each, at in ((moving, now), (later, 1000.0 + now)))
    assume(moving.elapsed_s(now) == later.elapsed_s(1000.0 + now))
    assert first.tobytes() == second.tobytes()


@pytest.mark.parametrize("language", languages())
def test_every_cue_is_whole_and_20_pixels_high(language: str) -> None:
    """Measured where it is drawn, and by a letter that has the height of a capital."""
    for stretch in repertoire(Settings(screens=Screens(language=language))).stretches:
        for pose in stretch.figure.poses:
            for word in (pose.cue, pose.hold_cue):
                figure = replace(stretch.figure, poses=(replace(pose, cue=word),))
                shown = [piece.text for piece in pieces(Movement(Moving(figure, False, 0.0), "5", ""), 0.0)]
                tall = replace(figure, poses=(replace(pose, cue=f"{word[:-1]}l"),))
                capitals = next(p for p in pieces(Movement(Moving(tall, False, 0.0), "", ""), 0.0) if p.text)
                assert word in shown
                assert capitals.ink.height >= 20, word


@pytest.mark.parametrize("language", languages())
def test_off_the_chair_nothing_is_too_small_to_read_standing(language: str) -> None:
    offers = (short_break, short_break_done, move_offer, move_offer_after_three_hours_felt)
    for scene in (away, counts, thanks, thanks_for_a_short_break, guide_title, *offers):
        snapshot = replace(scene().snapshot, words=vocabulary(language))
        shown = [piece for piece in pieces(screens.compose(snapshot)[0], snapshot.now) if piece.text]
        assert shown
        assert all(piece.capitals >= STANDING_PX for piece in shown), scene.__name__


@pytest.mark.parametrize("language", languages())
def test_what_is_offered_beside_the_break_is_20_pixels_high_and_whole(language: str) -> None:
    offers = (short_offer, short_offer_of_90_s_without_a_buzzer, short_break, short_break_done)
    for scene in (*offers, move_offer, move_offer_after_three_hours_felt):
        snapshot = replace(scene().snapshot, words=vocabulary(language))
        screen = screens.compose(snapshot)[0]
        assert_whole(screen, snapshot.now)
        assert max(piece.capitals for piece in pieces(screen, snapshot.now)) >= 20, scene.__name__
        if isinstance(screen, BigWords):
            shown = {piece.text: piece.capitals for piece in pieces(screen, snapshot.now)}
            assert all(shown[line] >= 20 for line in screen.lines), screen.lines


@pytest.mark.parametrize("language", languages())
def test_what_the_office_suggests_is_whole_in_every_language(language: str) -> None:
    scenes = (office_offer, office_offer_by_a_long_name_in_place_of_ones_own_felt, office_offer_taken)
    for scene in scenes:
        snapshot = replace(scene().snapshot, words=vocabulary(language))
        assert_whole(screens.compose(snapshot)[0], snapshot.now)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("month", range(1, 13))
def test_the_day_until_which_somebody_is_away_is_whole_in_every_language(month: int, language: str) -> None:
    snapshot = replace(seated_while_away(f"2027-{month:02}-28").snapshot, words=vocabulary(language))
    assert_whole(screens.compose(snapshot)[0], snapshot.now)


@pytest.mark.parametrize("language", languages())
def test_what_is_said_of_phones_meetings_the_journal_and_of_enough_is_whole_in_every_language(language: str) -> None:
    phones = (today_in_the_house, connecting_waits, connecting, connected, code_spent, phones_forgotten)
    calendars = (seated_in_a_meeting, due_in_a_meeting, today_outside_the_hours)
    journals = (journal_in_memory, journal_unwritten, journal_anew)
    for scene in (*phones, seated_enough, today_enough, *calendars, *journals):
        snapshot = replace(scene().snapshot, words=vocabulary(language))
        assert_whole(screens.compose(snapshot)[0], snapshot.now)


def test_a_phone_with_a_long_name_is_connected_all_the_same() -> None:
    day = connecting()
    day.end_code("The telephone of Wilhelmine Friederike")
    shown = list(pieces(day.screen, day.now))
    assert [piece.text for piece in shown if piece.capitals >= BIG_PX] == ["Phone", "connected"]
    assert all(piece.box[0] >= 0 and piece.box[2] <= WIDTH for piece in shown)


def test_what_fits_in_no_size_ends_in_dots() -> None:
    card = Card("A title that is much longer than the panel", ("So long a line is nowhere among the stretches",))
    assert all(piece.text.endswith("..") for piece in pieces(card, 0.0))
    assert all(piece.box[2] < WIDTH for piece in pieces(card, 0.0))


def test_words_too_long_for_big_letters_are_small_and_not_gone() -> None:
    words = BigWords(("Extraordinarily long", "words"), "")
    assert [piece.text for piece in pieces(words, 0.0)] == ["Extraordinarily long", "words"]


def test_a_dark_panel_is_black() -> None:
    assert lit(draw(Dark(), 0.0)) == 0


# ---- the golden pictures themselves


def test_no_picture_is_left_over_from_a_screen_that_is_gone() -> None:
    names = {scene.__name__ for scene in SCENES} | {"cannot_start", "calibrating", "longest"}
    names |= {f"{stretch.id}_{kind}" for stretch in STRETCHES for kind in ("before", "strip")}
    names |= {f"{stretch.id}_{side.value}" for stretch, side in SIDES}
    # Those from before the device runs have a test of their own.
    assert {file.stem for file in golden.FOLDER.glob("*.png") if not file.stem.startswith("early_")} == names


@pytest.fixture
def pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of pictures of one's own."""
    monkeypatch.setattr(golden, "FOLDER", tmp_path / "kept")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.delenv("UNSIT_GOLDEN", raising=False)
    return tmp_path


def test_a_picture_that_nobody_has_kept_fails(pictures: Path) -> None:
    with pytest.raises(AssertionError, match="make golden"):
        assert_golden(Image.new("1", (4, 4)), "new")
    assert list(pictures.iterdir()) == []


def test_a_picture_drawn_anew_fails_once_and_is_kept(pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNSIT_GOLDEN", "write")
    with pytest.raises(AssertionError, match="drawn anew"):
        assert_golden(Image.new("1", (4, 4)), "new")
    monkeypatch.delenv("UNSIT_GOLDEN")
    assert_golden(Image.new("1", (4, 4)), "new")
    assert [file.name for file in (pictures / "kept").iterdir()] == ["new.png"]


def test_a_single_other_pixel_fails_and_the_new_picture_can_be_looked_at(
    pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UNSIT_GOLDEN", "write")
    with pytest.raises(AssertionError):
        assert_golden(Image.new("1", (4, 4)), "new")
    monkeypatch.delenv("UNSIT_GOLDEN")
    other = Image.new("1", (4, 4))
    other.putpixel((1, 2), 1)
    with pytest.raises(AssertionError, match=r"^1 pixels differ from new\.png; the new picture is .*unsit-new\.png"):
        assert_golden(other, "new")
    with Image.open(pictures / "unsit-new.png") as drawn:
        assert drawn.tobytes() == other.tobytes()


def test_a_picture_of_another_size_fails(pictures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNSIT_GOLDEN", "write")
    with pytest.raises(AssertionError):
        assert_golden(Image.new("1", (4, 4)), "new")
    monkeypatch.delenv("UNSIT_GOLDEN")
    with pytest.raises(AssertionError):
        assert_golden(Image.new("1", (4, 8)), "new")
    assert (pictures / "unsit-new.png").exists()


# ---- in other words


@pytest.mark.parametrize("language", languages())
def test_whatever_is_said_of_a_stretch_is_whole_in_every_language(language: str) -> None:
    shows = repertoire(Settings(screens=Screens(language=language), stretches=Stretching(seated="yes", without=())))
    assert len(shows.stretches) == len(STRETCHES)
    for stretch in shows.stretches:
        card = replace(first_card().snapshot, words=shows.words, first_stretch=stretch)
        for snapshot in (card, *told(stretch)):
            screen, _ = screens.compose(replace(snapshot, words=shows.words))
            assert_whole(screen, snapshot.now)
            if isinstance(screen, Instruction):
                shown = [
                    piece
                    for piece in pieces(screen, 0.0)
                    if piece.text and piece.text not in (screen.part, screen.clock)
                ]
                assert all(piece.capitals >= (15 if screen.moving else 20) for piece in shown), screen.lines
                assert not screen.moving or any(is_figure(piece) for piece in pieces(screen, 0.0)), screen.lines


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_every_scene_is_whole_in_every_language(language: str, scene: Callable[[], Day]) -> None:
    snapshot = replace(scene().snapshot, words=vocabulary(language))
    assert_whole(screens.compose(snapshot)[0], snapshot.now)


@pytest.mark.parametrize("size", letters.SIZES)
@pytest.mark.parametrize("language", languages())
def test_every_letter_of_a_language_is_there_in_every_size(language: str, size: str) -> None:
    content = Path(drawing.__file__).parents[2] / "device/content" / language
    # The page has letters of its own.
    files = [file for name in ("words.toml", "stretches.toml") if (file := content / name).is_file()]
    used = {letter for file in files for letter in file.read_text("utf-8") if letter.isprintable()}
    used -= {" ", "?"}
    assert used
    plain = letters.glyph("?", size).tobytes()
    for letter in used:
        glyph = letters.glyph(letter, size)
        assert glyph.getbbox() is not None, letter
        assert glyph.tobytes() != plain, letter


LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789ÄÖÜäöüß"
SIGNS = "éèêñ.,:;!?'-+/()&%"


@pytest.mark.parametrize("size", letters.SIZES)
def test_no_two_letters_look_alike(size: str) -> None:
    """Two pixels apart at least, wherever one lays one upon the other; signs and accents one."""
    glyphs = {letter: letters.glyph(letter, size) for letter in LETTERS_AND_DIGITS + SIGNS}
    assert [
        one + other
        for one, other in combinations(glyphs, 2)
        if apart(glyphs[one], glyphs[other]) < (1 if one in SIGNS or other in SIGNS else 2)
    ] == []


def apart(one: Image.Image, other: Image.Image) -> int:
    """How many pixels differ, laid upon each other so that it is the fewest."""
    width = max(one.width, other.width) + 2
    least = width * one.height
    for shift in range(3):
        left, right = (Image.new("1", (width, one.height)) for _ in range(2))
        left.paste(one, (1, 0))
        right.paste(other, (shift, 0))
        least = min(least, lit(ImageChops.logical_xor(left, right)))
    return least
