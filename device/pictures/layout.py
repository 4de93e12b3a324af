"""Where everything on a screen goes: the pieces of each kind of screen.

Text for a person who stands a metre away has capitals of 10 pixels or more; cue and count have 20 if the word allows.
Text for the desk may be small. docs/panel.md has the sizes.
The pieces keep clear of each other and of the edges, where the orbit needs room.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import combinations, pairwise, product

from PIL import Image, ImageDraw

from device.body.skeleton import SIZE
from device.pictures.letters import (
    BIG,
    DESK,
    GIANT,
    HUGE,
    LINE,
    MIDDLE,
    MIDDLE_TIGHT,
    SMALL,
    TALL,
    TIGHT,
    TITLE,
    WIDE,
    cap_height,
)
from device.pictures.marks import BESIDE_MARK, ICON_SIZE, in_order, marks_across, marks_down, room_beside
from device.pictures.person import figure
from device.pictures.piece import EDGE, HEIGHT, WIDTH, Piece
from device.pictures.set_text import SetText, fitted, set_text
from device.words.effects import BigNumber, BigWords, Card, Instruction, Mark, Movement

_ROOM = WIDTH - EDGE - (EDGE - 1)
_STACKS = ((HUGE, 3, 3), (TALL, 2, 1), (BIG, 2, 0), (BIG, 1, 0), (MIDDLE, 1, 1), (TITLE, 1, 0))
"""The ways to set words, best first: the size, the gap between letters, and the least gap between lines."""
_INSTRUCTIONS = ((WIDE, TALL, TIGHT), (MIDDLE, MIDDLE_TIGHT), (SMALL,))
"""The ways to set an instruction, best first. All sizes have the same height."""
_CUE = (WIDE, TALL, TIGHT, MIDDLE, MIDDLE_TIGHT, SMALL)
"""The ways to set a cue word, best first."""
_BESIDE = SIZE + 3
"""The first column of words beside the figure."""


def of_card(card: Card, *, small: bool = False) -> Iterator[Piece]:
    """Text to read at the desk: a title, lines, a footer."""
    yield from marks_across(card.marks)
    crowded = len(card.lines) == 4 and bool(card.footer)
    sizes = (LINE, DESK) if crowded else (TITLE, LINE, DESK)
    title = list(_heading(card.title, card.marks, *sizes))
    footer = list(_text(card.footer, EDGE, 55, _ROOM, DESK))
    top = max([15, *(piece.box[3] for piece in title)])
    bottom = min([HEIGHT - EDGE, *(piece.top for piece in footer)])
    yield from (*title, *_listed(card.lines, top, bottom, *((DESK,) if small else (LINE, DESK))), *footer)


def of_count(count: BigNumber, *, big: bool = True) -> Iterator[Piece]:
    """One big number with a heading, a caption and a bar."""
    yield from marks_across(count.marks)
    # A number without a unit is the break's clock, and the person who reads it stands.
    sizes = (LINE, DESK) if count.unit else (SMALL, LINE, DESK)
    heading = list(_heading(count.heading, count.marks, *sizes))
    yield from heading
    unit = set_text(count.unit, TITLE)
    room = _ROOM - (unit.image.width + 5 if count.unit else 0)
    is_low = any(piece.top > EDGE + ICON_SIZE for piece in heading)
    number = set_text(*fitted(count.number, room, *((GIANT,) if big and not is_low else ()), HUGE, BIG))
    # From line 16 on the digits fill whole pages of the panel, so a new minute takes few bytes.
    bottom = 46
    left = EDGE if count.unit else (WIDTH - number.image.width) // 2
    yield number.at(left, bottom - number.depth)
    if count.unit:
        yield unit.at(left + number.image.width + 5, bottom - cap_height(TITLE))
    bar_top = HEIGHT - EDGE - 2
    if count.progress is not None:
        yield Piece(_bar(count.progress), EDGE, bar_top)
        # The tail of a letter such as g would reach into it.
        short = [size for size in sizes if 48 + set_text(count.caption, size).depth < bar_top]
    yield from _text(count.caption, EDGE, 48, _ROOM, *(sizes if count.progress is None else short))


def of_words(words: BigWords, *, small: bool = False) -> Iterator[Piece]:
    """A few big words and a small line."""
    yield from marks_down(words.marks, EDGE)
    if not words.lines:
        return
    bottom = HEIGHT - EDGE
    below = _in_two(words.small)
    for line in reversed(below):
        part = set_text(*fitted(line, _ROOM, *((SMALL, LINE) if len(below) == 1 else ()), DESK))
        bottom -= part.image.height
        yield part.at((WIDTH + 1 - part.image.width) // 2, bottom - part.drop)
        bottom -= 1
    bottom -= 3 - len(below) if below else 0
    corner = EDGE + (ICON_SIZE + 2) * len(in_order({*words.marks, Mark.FELT})) - 2
    stacks = (
        _stacked([set_text(line, size, gap) for line in words.lines], leading, bottom, corner)
        for size, gap, leading in (((SMALL, 1, 1),) if small else _STACKS)
    )
    yield from next(filter(None, stacks), None) or _listed(words.lines, EDGE, bottom)


def _in_two(text: str) -> Sequence[str]:
    """One line, or two if it is too long for one; none without text."""
    if set_text(text, DESK).image.width <= _ROOM or " " not in text:
        return [text] if text else []
    middle = min((at for at, letter in enumerate(text) if letter == " "), key=lambda at: abs(2 * at - len(text)))
    return [text[:middle].rstrip(), text[middle:].lstrip()]


def of_instruction(told: Instruction, now: float) -> Iterator[Piece]:
    """What to do next, beside the figure if there is room."""
    top = HEIGHT - EDGE - cap_height(SMALL)
    beside = _told(told.lines, _BESIDE, top - 1, centred=False) if told.moving else ()
    if told.moving and beside:
        yield figure(told.moving.figure, told.moving.elapsed_s(now), other_side=told.moving.other_side)
        yield from _felt_beside(told.marks)
        yield from beside
        yield from _text(told.clock, _BESIDE, top, WIDTH - EDGE - _BESIDE, SMALL)
        return
    # If the words take all the room, the figure comes later.
    yield from _told(told.lines, EDGE, top - 1, centred=True) or _listed(told.lines, EDGE, top - 1)
    clock = set_text(told.clock, SMALL)
    begins = WIDTH - EDGE - clock.image.width
    yield from _text(told.part, EDGE, top, begins - EDGE - 6, SMALL)
    if told.clock:
        yield clock.at(begins, top)
    if Mark.FELT in told.marks:
        yield Piece(Image.new("1", (2, cap_height(SMALL)), 1), begins - 4, top)


def of_movement(movement: Movement, now: float) -> Iterator[Piece]:
    """The figure, its word, how much is left and the clock of the break."""
    moving = movement.moving
    elapsed_s = moving.elapsed_s(now)
    yield figure(moving.figure, elapsed_s, other_side=moving.other_side)
    yield from _felt_beside(movement.marks)
    room = WIDTH - EDGE - _BESIDE
    yield from _text(moving.figure.cue_at(elapsed_s), _BESIDE, EDGE, room, *_CUE)
    part = set_text(movement.part, SMALL)
    if movement.part:
        yield part.at(WIDTH - EDGE - part.image.width, 27 + cap_height(TALL) - cap_height(SMALL))
        room -= part.image.width + 3
    yield from _text(movement.count, _BESIDE, 27, room, TALL, TIGHT, MIDDLE)
    yield from _text(movement.clock, _BESIDE, HEIGHT - EDGE - cap_height(SMALL), WIDTH - EDGE - _BESIDE, SMALL)


def _felt_beside(marks: Collection[Mark]) -> Iterator[Piece]:
    """A finger on the button: a line between the figure and the words, since there is no room for more."""
    if Mark.FELT in marks:
        yield Piece(Image.new("1", (2, HEIGHT - 2 * EDGE), 1), SIZE, EDGE)


@lru_cache(maxsize=32)
def _told(lines: tuple[str, ...], left: int, bottom: int, *, centred: bool) -> tuple[Piece, ...]:
    """Lines in the highest letters that fit, broken as given or else in another way; none if nothing fits."""
    room = WIDTH - EDGE - left
    for sizes in _INSTRUCTIONS:
        for broken, size in product(_broken(lines), sizes):
            settings = [set_text(line, size) for line in broken]
            spare = bottom - EDGE - sum(line.rise + line.depth for line in settings)
            if spare < len(settings) - 1 or any(line.image.width > room for line in settings):
                continue
            apart = min(7, spare // len(settings))
            top = EDGE + (spare - apart * (len(settings) - 1)) // 2
            placed: list[Piece] = []
            for line in settings:
                top += line.rise
                placed.append(line.at(left + (room - line.image.width) // 2 if centred else left, top))
                top += line.depth + apart
            return tuple(placed)
    return ()


def _broken(lines: Sequence[str]) -> Iterator[Sequence[str]]:
    """The lines as they are, then the same words in two, three and four lines of about the same length."""
    yield lines
    words = " ".join(lines).split()
    for most in (2, 3, 4):
        breaks = combinations(range(1, len(words)), most - 1)
        yield min(
            ([" ".join(words[start:end]) for start, end in pairwise((0, *each, len(words)))] for each in breaks),
            key=lambda broken: max(map(len, broken)),
            default=lines,
        )


# ---- lines of text


def _text(text: str, left: int, top: int, room: int, *sizes: str) -> Iterator[Piece]:
    """A line with the top of its capitals at `top`, in the first size that fits; nothing without text."""
    if text:
        yield set_text(*fitted(text, room, *sizes)).at(left, top)


def _heading(text: str, marks: Collection[Mark], *sizes: str) -> Iterator[Piece]:
    """A line beside the marks, or below them if there is too little room.

    Small letters stand a little lower, at the marks' middle.
    """
    if text:
        shown, size = fitted(text, room_beside(marks), *sizes)
        line = set_text(shown, size)
        if shown == text:
            yield line.at(EDGE, EDGE + max(line.rise, size != TITLE))
            return
        line = set_text(*fitted(text, _ROOM, size))
        yield line.at(EDGE, EDGE + ICON_SIZE + 1 + line.rise)


def _listed(lines: Sequence[str], top: int, bottom: int, *sizes: str) -> Iterator[Piece]:
    """Lines one below the other, in small letters; in the smallest ones if their tails would touch."""
    for size in sizes or (LINE, DESK):
        settings = [set_text(*fitted(line, _ROOM, size)) for line in lines]
        first = top + max((setting.rise for setting in settings[:1]), default=0)
        spare = bottom - first - sum(setting.depth for setting in settings[-1:])
        pitch = min(12, spare // max(1, len(lines) - 1))
        fits = [setting.text for setting in settings] == list(lines)
        if fits and all(one.depth + other.rise <= pitch for one, other in pairwise(settings)):
            break
    first += min(3, (spare - pitch * (len(lines) - 1)) // 2)
    return (setting.at(EDGE, first + row * pitch) for row, setting in enumerate(settings))


def _stacked(lines: Sequence[SetText], leading: int, bottom: int, corner: int) -> list[Piece]:
    """Lines in the middle of the room above `bottom`, clear of the marks above `corner`; none if they don't fit."""
    spare = bottom - EDGE - sum(line.rise + line.depth for line in lines)
    gap = min(7, spare // len(lines))
    if gap < leading:
        return []
    top = EDGE + (spare - gap * (len(lines) - 1)) // 2
    placed: list[Piece] = []
    for line in lines:
        top += line.rise
        room = BESIDE_MARK if top + line.drop <= corner else WIDTH - 2 * EDGE
        if line.image.width > room:
            return []
        placed.append(line.at(min((WIDTH - line.image.width) // 2, EDGE + room - line.image.width), top))
        top += line.depth + gap
    return placed


def _bar(progress: float) -> Image.Image:
    """The progress as a line that fills; the rest of the way is dotted."""
    image = Image.new("1", (WIDTH - 2 * EDGE, 2))
    canvas = ImageDraw.Draw(image)
    last = image.width - 1
    canvas.point([(x, 1) for x in range(last, 0, -4)], fill=1)
    canvas.rectangle((0, 0, round(last * progress), 1), fill=1)
    return image
