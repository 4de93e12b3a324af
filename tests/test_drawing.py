"""What the eye sees: a golden picture of every screen, and what holds for all that could be shown."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from device import screens
from device.effects import Card, Count, Dark, Mark, Movement, Moving, Screen, Words
from device.repertoire import repertoire, shipped
from device.routine import Step, StepKind
from device.settings import Limits, Screens, Settings, Stretching
from device.status import GuideStatus, Mode, Status
from device.stretches import Side, Stretch
from device.vocabulary import languages, vocabulary
from hardware import drawing
from hardware.drawing import EDGE, HEIGHT, WIDTH, Piece, draw, pieces
from tests import golden
from tests.golden import assert_golden
from tests.story import Day

STRETCHES = shipped()
SIDES = [(stretch, side) for stretch in STRETCHES for side in stretch.sides]
NO_INVITE = Settings(limits=Limits(invite_after_s=7200.0))
BIG_PX = 14
"""What is read from a metre while moving is at least this high."""


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


def greeting() -> Day:
    day = seated_for_12_hours()
    day.rise(hours=5)
    day.sit(seconds=6)
    return day


def still_you() -> Day:
    return seated_for(minutes=240.5)


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
    day.rise(seconds=121)
    return day


def guide_movement_counts() -> Day:
    day = due_over()
    day.rise(seconds=132)
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


SCENES: list[Callable[[], Day]] = [
    safety,
    safety_felt,
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
    greeting,
    still_you,
    button_stuck,
    away,
    away_muted,
    counts,
    dark,
    guide_caution,
    guide_title,
    guide_movement,
    guide_movement_muted_and_felt,
    guide_counts,
    guide_movement_counts,
    guide_at_a_chair_nobody_left,
    guide_paused,
    thanks,
    thanks_for_a_short_break,
]


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_the_golden_picture_of_a_scene(scene: Callable[[], Day]) -> None:
    day = scene()
    assert_whole(day.screen, day.now)
    assert_golden(draw(day.screen, day.now), scene.__name__)


# ---- each stretch


def guiding(kind: StepKind, stretch: Stretch, side: Side, elapsed_s: float = 0.0) -> Status:
    """Somebody up for half a minute, in that step of the guide."""
    away_for_37_s = away().status
    began = away_for_37_s.now - elapsed_s
    amount = (stretch.least + stretch.most) // 2
    step = Step(kind, stretch, side, stretch.lasts_s(amount), stretch.figure_for(amount))
    return replace(away_for_37_s, mode=Mode.GUIDING, guide=GuideStatus(step, began, elapsed_s))


def strip(statuses: list[Status]) -> Image.Image:
    """The pictures of what is shown then, one below the other with a gap."""
    image = Image.new("1", (WIDTH, (HEIGHT + 4) * len(statuses) - 4))
    for row, status in enumerate(statuses):
        screen, _ = screens.compose(status)
        assert_whole(screen, status.now)
        image.paste(draw(screen, status.now), (0, row * (HEIGHT + 4)))
    return image


@pytest.mark.parametrize("stretch", STRETCHES, ids=lambda stretch: stretch.id)
def test_the_golden_pictures_of_a_stretch_before_it_begins(stretch: Stretch) -> None:
    card = replace(first_card().status, first_stretch=stretch)
    sides = [guiding(StepKind.SIDE, stretch, side) for side in stretch.sides if side is not Side.BOTH]
    assert_golden(strip([card, guiding(StepKind.TITLE, stretch, Side.BOTH), *sides]), f"{stretch.id}_before")


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


def test_the_golden_picture_of_the_longest_texts_and_every_mark() -> None:
    card = Card("Longest name of 18", ("A line of 21 letters.",) * 4, "A footer of 21 letter", possible(set(Mark)))
    assert_whole(card, 0.0)
    assert_golden(draw(card, 0.0), "longest")


# ---- what holds for all that could be shown


def possible(marks: set[Mark]) -> frozenset[Mark]:
    """As many marks as can ever show: an invite is for somebody seated, and a break counts off the chair."""
    return frozenset(marks - {Mark.COUNTS} if Mark.INVITED in marks else marks)


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:;?+-"
MARKS = st.sets(st.sampled_from(Mark)).map(possible)


def texts(longest: int, shortest: int = 1) -> st.SearchStrategy[str]:
    """Texts up to that many characters, with single spaces inside."""
    letters = st.text(LETTERS + "'   ", min_size=shortest, max_size=longest)
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
COUNTS = st.builds(Count, texts(18), MINUTES, st.just("min"), texts(21, 0), st.none() | st.floats(0, 1), MARKS)
COUNTDOWNS = st.builds(Count, texts(18), CLOCKS, st.just(""), texts(21, 0), st.none(), MARKS)
SPOKEN = st.builds(Words, spoken(2), texts(25, 0), MARKS) | st.builds(Words, spoken(3), st.just(""), MARKS)
MOVING = st.builds(Moving, st.sampled_from([stretch.figure for stretch in STRETCHES]), st.booleans(), st.just(0.0))
MOVEMENTS = st.builds(Movement, MOVING, st.integers(0, 120).map(str), st.just("") | CLOCKS, MARKS).map(
    lambda movement: replace(movement, clock="counts") if Mark.COUNTS in movement.marks else movement
)
SCREENS = CARDS | COUNTS | COUNTDOWNS | SPOKEN | MOVEMENTS | st.just(Dark())
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
    assert sorted(piece.text for piece in shown if piece.text) == sorted(texts_of(screen, now))


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
        case Count(heading, number, unit, caption):
            yield from filter(None, [heading, number, unit, caption])
        case Words(some_lines, small):
            yield from filter(None, [*some_lines, small])
        case Movement(moving, count, clock):
            yield from filter(None, [moving.figure.cue_at(moving.elapsed_s(now)), count, clock])


def big_texts(screen: Screen, now: float) -> set[str]:
    """What is read from a metre while moving."""
    match screen:
        case Words(some_lines):
            return set(some_lines)
        case Count(_, number):
            return {number}
        case Movement():
            return set(texts_of(screen, now))
    return set()


@given(SCREENS, MOMENTS_S)
@example(Card("Tails", ("A page", "by page", "by day", "by you"), "below it all"), 0.0)
@example(Words(("It's me,", "it's you", "it's us"), ""), 0.0)
def test_nothing_is_clipped_overlaps_or_is_cut_short(screen: Screen, now: float) -> None:
    assert_whole(screen, now)


@given(SCREENS, MOMENTS_S)
@example(Words(("WWWWWWWWWW", "gggggggggg"), "A small line of 25 letter", possible(set(Mark))), 0.0)
@example(Words(("WWWWWWWWWg", "WWWWWWWWWg", "WWWWWWWWWg"), "", possible(set(Mark))), 0.0)
def test_what_is_read_from_a_metre_is_big(screen: Screen, now: float) -> None:
    for text in big_texts(screen, now):
        heights = [piece.ink.height for piece in pieces(screen, now) if piece.text == text]
        tall = any(letter.isupper() or letter.isdigit() or letter in "bdfhkl" for letter in text)
        assert heights
        # A word without a tall letter, such as "ease", is lower though its letters are as big.
        assert max(heights) >= (BIG_PX if tall else 2)


@given(SCREENS, MOMENTS_S, st.tuples(st.integers(-2, 2), st.integers(-2, 2)))
def test_the_orbit_shifts_the_whole_picture(screen: Screen, now: float, orbit: tuple[int, int]) -> None:
    shifted = Image.new("1", (WIDTH, HEIGHT))
    shifted.paste(draw(screen, now), orbit)
    assert draw(screen, now, orbit).tobytes() == shifted.tobytes()


@given(SCREENS, MOMENTS_S, st.tuples(st.integers(-1, 1), st.integers(-1, 1)))
def test_the_orbit_loses_nothing(screen: Screen, now: float, orbit: tuple[int, int]) -> None:
    assume(not isinstance(screen, Movement))
    assert lit(draw(screen, now, orbit)) == lit(draw(screen, now))


@given(SCREENS, MOMENTS_S)
def test_less_than_a_quarter_of_the_panel_is_lit(screen: Screen, now: float) -> None:
    assert lit(draw(screen, now)) < WIDTH * HEIGHT / 4


def lit(image: Image.Image) -> int:
    """How many pixels shine."""
    return image.convert("L").histogram()[255]


@given(CARDS | COUNTS | COUNTDOWNS | SPOKEN | MOVEMENTS, MOMENTS_S)
def test_a_finger_on_the_button_moves_nothing(screen: Card | Count | Words | Movement, now: float) -> None:
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
def test_once_it_counts_a_big_tick_stands_before_the_word(language: str) -> None:
    word = vocabulary(language).text("guide.done")
    movement = Movement(Moving(STRETCHES[0].figure, False, 0.0), "5", word, frozenset({Mark.COUNTS}))
    assert_whole(movement, 0.0)
    shown = list(pieces(movement, 0.0))
    assert [piece for piece in shown if not piece.text and not is_figure(piece) and piece.ink.height >= BIG_PX]


@pytest.mark.parametrize("language", languages())
def test_every_cue_is_whole_and_14_pixels_high(language: str) -> None:
    """Measured where it is drawn, and by a letter that has the height of a capital."""
    for stretch in repertoire(Settings(screens=Screens(language=language))).stretches:
        for pose in stretch.figure.poses:
            for word in (pose.cue, pose.hold_cue):
                figure = replace(stretch.figure, poses=(replace(pose, cue=word),))
                shown = [piece.text for piece in pieces(Movement(Moving(figure, False, 0.0), "5", ""), 0.0)]
                tall = replace(figure, poses=(replace(pose, cue="H" * len(word)),))
                capitals = next(p for p in pieces(Movement(Moving(tall, False, 0.0), "", ""), 0.0) if p.text)
                assert word in shown
                assert capitals.ink.height >= BIG_PX, word


def test_what_fits_in_no_size_ends_in_dots() -> None:
    card = Card("A title that is much longer than the panel", ("So long a line is nowhere among the stretches",))
    assert all(piece.text.endswith("..") for piece in pieces(card, 0.0))
    assert all(piece.box[2] < WIDTH for piece in pieces(card, 0.0))


def test_words_too_long_for_big_letters_are_small_and_not_gone() -> None:
    words = Words(("Extraordinarily long", "words"), "")
    assert [piece.text for piece in pieces(words, 0.0)] == ["Extraordinarily long", "words"]


def test_a_dark_panel_is_black() -> None:
    assert lit(draw(Dark(), 0.0)) == 0


# ---- the golden pictures themselves


def test_no_picture_is_left_over_from_a_screen_that_is_gone() -> None:
    names = {scene.__name__ for scene in SCENES} | {"cannot_start", "longest"}
    names |= {f"{stretch.id}_{kind}" for stretch in STRETCHES for kind in ("before", "strip")}
    names |= {f"{stretch.id}_{side.value}" for stretch, side in SIDES}
    assert {file.stem for file in golden.FOLDER.glob("*.png")} == names


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
        card = replace(first_card().status, words=shows.words, first_stretch=stretch)
        sides = [guiding(StepKind.SIDE, stretch, side) for side in stretch.sides if side is not Side.BOTH]
        for status in (card, guiding(StepKind.TITLE, stretch, Side.BOTH), *sides):
            screen, _ = screens.compose(replace(status, words=shows.words))
            assert_whole(screen, status.now)
            if isinstance(screen, Words):
                assert not [
                    piece.text for piece in pieces(screen, 0.0) if piece.text in screen.lines and is_small(piece)
                ]


def is_small(piece: Piece) -> bool:
    """Whether its letters are those of the desk, with capitals of less than 14 pixels."""
    plain = (drawing._set(piece.text, size, gap).image for size in ("5x8", "6x12", "8x16") for gap in (None, 0, 1))
    return any(piece.ink.size == image.size and piece.ink.tobytes() == image.tobytes() for image in plain)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_every_scene_is_whole_in_every_language(language: str, scene: Callable[[], Day]) -> None:
    status = replace(scene().status, words=vocabulary(language))
    assert_whole(screens.compose(status)[0], status.now)


@pytest.mark.parametrize("size", ["5x8", "6x12", "8x16", "12x24", "16x32", "8x24", "6x24"])
@pytest.mark.parametrize("language", languages())
def test_every_letter_of_a_language_is_there_in_every_size(language: str, size: str) -> None:
    content = Path(drawing.__file__).parents[1] / "device/content" / language
    letters = {letter for file in content.glob("*.toml") for letter in file.read_text("utf-8") if letter.isprintable()}
    plain = drawing._glyph("?", size).tobytes()
    for letter in letters - {" ", "?"}:
        glyph = drawing._glyph(letter, size)
        assert glyph.getbbox() is not None, letter
        assert glyph.tobytes() != plain, letter
