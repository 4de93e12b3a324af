"""From a screen to its picture: 128 by 64 pixels, lit or not.

What is read standing, a metre away, has capitals of 10 pixels and more, cue and count of 20 where the word allows; what
is read at the desk may be small. docs/panel.md has the measures.
Each screen is laid out as pieces that keep clear of each other and of the edges, where the orbit needs room.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import combinations, pairwise, product

from PIL import Image, ImageDraw

from device.body.figure import Figure
from device.body.skeleton import FLOOR_Y, SIZE, Circle, Line
from device.pictures import orbit
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
    blank,
    cap_height,
    cap_rows,
    dots,
    gap,
    glyph,
)
from device.pictures.piece import Piece
from device.words.effects import Card, Count, Dark, Instruction, Mark, Movement, Screen, Words

WIDTH, HEIGHT = 128, 64
EDGE = 2
"""Left free on each side; a full line of 21 small letters takes one pixel of it on the right."""

_ROOM = WIDTH - EDGE - (EDGE - 1)
_STACKS = ((HUGE, 3, 3), (TALL, 2, 1), (BIG, 2, 0), (BIG, 1, 0), (MIDDLE, 1, 1), (TITLE, 1, 0))
"""How words may be set, best first: the size, the gap between letters, and the least gap between lines."""
_INSTRUCTIONS = ((WIDE, TALL, TIGHT), (MIDDLE, MIDDLE_TIGHT), (SMALL,))
"""How an instruction may be set, best first: sizes that are as high as each other."""
_BESIDE = SIZE + 3
"""Where words begin that stand beside the figure."""


def draw(screen: Screen, now: float, step: int = 0) -> Image.Image:
    """The picture of a screen at that instant, so many steps along its orbit."""
    image = Image.new("1", (WIDTH, HEIGHT))
    canvas = ImageDraw.Draw(image)
    for piece in wandering(screen, now, step):
        canvas.bitmap((piece.left, piece.top), piece.ink, fill=1)
    return image


def wandering(screen: Screen, now: float, step: int) -> Sequence[Piece]:
    """What a screen is made of, so many steps along its orbit. Figures stay: nobody looks at them for hours."""
    if step == 0 or isinstance(screen, Dark | Instruction | Movement):
        return list(pieces(screen, now))
    # With room for the button's mark, so that a press moves nothing.
    roomy = replace(screen, marks=screen.marks | {Mark.FELT})
    match roomy:
        case Count():
            moved = orbit.rearranged(list(_count(roomy, big=orbit.is_big(step))), step, WIDTH, HEIGHT, ordered=False)
        case Card():
            moved = orbit.rearranged(list(_card(roomy, small=True)), step, WIDTH, HEIGHT, ordered=True)
        case Words():
            moved = orbit.shifted(list(_words(roomy)), step, WIDTH, HEIGHT)
    return [piece for piece in moved if piece.ink is not _icon(Mark.FELT) or Mark.FELT in screen.marks]


def pieces(screen: Screen, now: float) -> Iterator[Piece]:
    """What a screen is made of at that instant."""
    match screen:
        case Dark():
            return iter(())
        case Card():
            return _card(screen)
        case Count():
            return _count(screen)
        case Words():
            return _words(screen)
        case Instruction():
            return _instruction(screen, now)
        case Movement():
            return _movement(screen, now)


# ---- the screens


def _card(card: Card, *, small: bool = False) -> Iterator[Piece]:
    yield from _marks_across(card.marks)
    crowded = len(card.lines) == 4 and bool(card.footer)
    sizes = (LINE, DESK) if crowded else (TITLE, LINE, DESK)
    title = list(_heading(card.title, card.marks, *sizes))
    footer = list(_text(card.footer, EDGE, 55, _ROOM, DESK))
    top = max([15, *(piece.box[3] for piece in title)])
    bottom = min([HEIGHT - EDGE, *(piece.top for piece in footer)])
    yield from (*title, *_listed(card.lines, top, bottom, *((DESK,) if small else (LINE, DESK))), *footer)


def _count(count: Count, *, big: bool = True) -> Iterator[Piece]:
    yield from _marks_across(count.marks)
    # A number without a unit is the break's clock, and whoever reads it stands.
    sizes = (LINE, DESK) if count.unit else (SMALL, LINE, DESK)
    yield from _heading(count.heading, count.marks, *sizes)
    unit = _set(count.unit, TITLE)
    room = _ROOM - (unit.image.width + 5 if count.unit else 0)
    number = _set(*_fitted(count.number, room, *((GIANT,) if big else ()), HUGE, BIG))
    # Sixteen lines from the top: so its digits fill whole pages of the panel, and a minute is few bytes.
    bottom = 46
    left = EDGE if count.unit else (WIDTH - number.image.width) // 2
    yield number.at(left, bottom - number.depth)
    if count.unit:
        yield unit.at(left + number.image.width + 5, bottom - cap_height(TITLE))
    yield from _text(count.caption, EDGE, 48, _ROOM, *sizes)
    if count.progress is not None:
        yield Piece(_bar(count.progress), EDGE, HEIGHT - EDGE - 2)


def _words(words: Words) -> Iterator[Piece]:
    yield from _marks_down(words.marks, EDGE)
    if not words.lines:
        return
    bottom = HEIGHT - EDGE
    if words.small:
        small = _set(*_fitted(words.small, _ROOM, SMALL, LINE, DESK))
        bottom -= small.image.height
        yield small.at((WIDTH + 1 - small.image.width) // 2, bottom - small.drop)
        bottom -= 3
    corner = EDGE + (_ICON_SIZE + 2) * len(_shown({*words.marks, Mark.FELT})) - 2
    stacks = (
        _stacked([_set(line, size, gap) for line in words.lines], leading, bottom, corner)
        for size, gap, leading in _STACKS
    )
    yield from next(filter(None, stacks), None) or _listed(words.lines, EDGE, bottom)


def _instruction(told: Instruction, now: float) -> Iterator[Piece]:
    top = HEIGHT - EDGE - cap_height(SMALL)
    beside = _told(told.lines, _BESIDE, top - 1, centred=False) if told.moving else ()
    if told.moving and beside:
        yield figure(told.moving.figure, told.moving.elapsed_s(now), mirrored=told.moving.mirrored)
        yield from _felt_beside(told.marks)
        yield from beside
        yield from _text(told.clock, _BESIDE, top, WIDTH - EDGE - _BESIDE, SMALL)
        return
    # Where the words take all the room there is, the figure comes later.
    yield from _told(told.lines, EDGE, top - 1, centred=True) or _listed(told.lines, EDGE, top - 1)
    yield from _text(told.part, EDGE, top, _ROOM, SMALL)
    clock = _set(told.clock, SMALL)
    if told.clock:
        yield clock.at(WIDTH - EDGE - clock.image.width, top)
    if Mark.FELT in told.marks:
        yield Piece(_icon(Mark.FELT), EDGE + 32, top)


def _movement(movement: Movement, now: float) -> Iterator[Piece]:
    moving = movement.moving
    elapsed_s = moving.elapsed_s(now)
    yield figure(moving.figure, elapsed_s, mirrored=moving.mirrored)
    yield from _felt_beside(movement.marks)
    room = WIDTH - EDGE - _BESIDE
    yield from _text(moving.figure.cue_at(elapsed_s), _BESIDE, EDGE, room, WIDE, TALL, TIGHT, MIDDLE)
    part = _set(movement.part, SMALL)
    if movement.part:
        yield part.at(WIDTH - EDGE - part.image.width, 27 + cap_height(TALL) - cap_height(SMALL))
        room -= part.image.width + 3
    yield from _text(movement.count, _BESIDE, 27, room, TALL, TIGHT, MIDDLE)
    yield from _text(movement.clock, _BESIDE, HEIGHT - EDGE - cap_height(SMALL), WIDTH - EDGE - _BESIDE, SMALL)


def _felt_beside(marks: Collection[Mark]) -> Iterator[Piece]:
    """A finger on the button: a line between the figure and the words, where there is room for nothing else."""
    if Mark.FELT in marks:
        yield Piece(Image.new("1", (2, HEIGHT - 2 * EDGE), 1), SIZE, EDGE)


@lru_cache(maxsize=32)
def _told(lines: tuple[str, ...], left: int, bottom: int, *, centred: bool) -> tuple[Piece, ...]:
    """Lines in the highest letters in which they fit, as they are or else broken anew; none where they fit in none."""
    room = WIDTH - EDGE - left
    for sizes in _INSTRUCTIONS:
        for broken, size in product(_broken(lines), sizes):
            settings = [_set(line, size) for line in broken]
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


# ---- text


@dataclass(frozen=True, slots=True, eq=False)
class _Setting:
    """A set text: its ink, and where that begins and ends."""

    text: str
    image: Image.Image
    drop: int
    """From the top of a capital down to the top of the ink: 0 where some letter is tall."""
    capitals: int

    @property
    def rise(self) -> int:
        """How far something, such as an apostrophe, stands out above the capitals."""
        return max(0, -self.drop)

    @property
    def depth(self) -> int:
        """From the top of a capital down to the end of the ink."""
        return self.drop + self.image.height

    def at(self, left: int, top: int) -> Piece:
        """With the top of its capitals there."""
        return Piece(self.image, left, top + self.drop, self.text, self.capitals)


def _text(text: str, left: int, top: int, room: int, *sizes: str) -> Iterator[Piece]:
    """A line with the top of its capitals at `top`, in the first size that fits; nothing where there is no text."""
    if text:
        yield _set(*_fitted(text, room, *sizes)).at(left, top)


def _heading(text: str, marks: Collection[Mark], *sizes: str) -> Iterator[Piece]:
    """A line beside the marks; small letters stand a little lower, at the marks' middle."""
    if text:
        shown, size = _fitted(text, _room_beside(marks), *sizes)
        line = _set(shown, size)
        yield line.at(EDGE, EDGE + max(line.rise, size != TITLE))


def _listed(lines: Sequence[str], top: int, bottom: int, *sizes: str) -> Iterator[Piece]:
    """Lines one below the other, in small letters; in the smallest where their tails would touch."""
    for size in sizes or (LINE, DESK):
        settings = [_set(*_fitted(line, _ROOM, size)) for line in lines]
        first = top + max((setting.rise for setting in settings[:1]), default=0)
        spare = bottom - first - sum(setting.depth for setting in settings[-1:])
        pitch = min(12, spare // max(1, len(lines) - 1))
        fits = [setting.text for setting in settings] == list(lines)
        if fits and all(one.depth + other.rise <= pitch for one, other in pairwise(settings)):
            break
    first += min(3, (spare - pitch * (len(lines) - 1)) // 2)
    return (setting.at(EDGE, first + row * pitch) for row, setting in enumerate(settings))


def _stacked(lines: Sequence[_Setting], leading: int, bottom: int, corner: int) -> list[Piece]:
    """Lines in the middle of what is above `bottom`, clear of the marks above `corner`; none where they don't fit."""
    spare = bottom - EDGE - sum(line.rise + line.depth for line in lines)
    gap = min(7, spare // len(lines))
    if gap < leading:
        return []
    top = EDGE + (spare - gap * (len(lines) - 1)) // 2
    placed: list[Piece] = []
    for line in lines:
        top += line.rise
        room = _BESIDE_MARK if top + line.drop <= corner else WIDTH - 2 * EDGE
        if line.image.width > room:
            return []
        placed.append(line.at(min((WIDTH - line.image.width) // 2, EDGE + room - line.image.width), top))
        top += line.depth + gap
    return placed


def _fitted(text: str, room: int, *sizes: str) -> tuple[str, str]:
    """The text and its size; what fits in none of the sizes ends in dots."""
    size = _fitting(text, room, *sizes)
    shown, cut = text, text
    while cut and _set(shown, size).image.width > room:
        cut = cut[:-1]
        shown = cut.rstrip() + ".."
    return shown, size


def _fitting(text: str, room: int, *sizes: str) -> str:
    """The first of the sizes in which the text fits, else the last."""
    return next((size for size in sizes if _set(text, size).image.width <= room), sizes[-1])


def _set(text: str, size: str, apart: int | None = None) -> _Setting:
    glyphs = [glyph(letter, size) for letter in text]
    between = gap(size) if apart is None else apart
    line = blank(size, sum(each.width + between for each in glyphs) + 1)
    left = 0
    for each in glyphs:
        line.paste(each, (left, 0))
        left += each.width + between
    first, top, last, bottom = line.getbbox() or (0, 0, 1, 1)
    # A digit keeps its room to either side, lest a 1 draws all that stands beside it nearer for a minute.
    first = 0 if text[:1].isdigit() else first
    last = left - between if text[-1:].isdigit() else last
    return _Setting(text, line.crop((first, top, last, bottom)), top - cap_rows(size)[0], cap_height(size))


# ---- signs and drawings


_ICONS = {
    Mark.MUTED: """
        ....#....
        ...##....
        #####....
        #####.#.#
        #####..#.
        #####.#.#
        #####....
        ...##....
        ....#....""",
    Mark.QUIET: """
        ...##....
        .###.....
        .##......
        ###......
        ###......
        ####....#
        .#######.
        .#######.
        ...###...""",
    Mark.INVITED: """
        #...#...#
        #..###..#
        .#..#..#.
        ..#####..
        ....#....
        ....#....
        ...#.#...
        ..#...#..
        ..#...#..""",
    Mark.COUNTS: """
        .........
        ........#
        .......##
        #.....##.
        ##...##..
        .##.##...
        ..###....
        ...#.....
        .........""",
    Mark.ASKING: """
        ..#####..
        .##...##.
        .......##
        ......##.
        ....##...
        ...##....
        .........
        ...##....
        ...##....""",
    Mark.FELT: """
        ..#####..
        .#.....#.
        #.......#
        #..###..#
        #..###..#
        #..###..#
        #.......#
        .#.....#.
        ..#####..""",
}
"""Each mark's drawing, from the corner on. The button's comes and goes: it is last, and its room always kept free."""
_ICON_SIZE = 9
_BESIDE_MARK = WIDTH - 2 * EDGE - _ICON_SIZE - 2


def _marks_across(marks: Collection[Mark]) -> Iterator[Piece]:
    for nth, mark in enumerate(_shown(marks)):
        yield Piece(_icon(mark), WIDTH - EDGE - _ICON_SIZE - nth * (_ICON_SIZE + 2), EDGE)


def _marks_down(marks: Collection[Mark], top: int) -> Iterator[Piece]:
    for nth, mark in enumerate(_shown(marks)):
        yield Piece(_icon(mark), WIDTH - EDGE - _ICON_SIZE, top + nth * (_ICON_SIZE + 2))


def _room_beside(marks: Collection[Mark]) -> int:
    """What is left of a line with marks at its end."""
    return WIDTH - 2 * EDGE - (_ICON_SIZE + 2) * len(_shown({*marks, Mark.FELT}))


def _shown(marks: Collection[Mark]) -> list[Mark]:
    """From the corner on. While it is muted, quiet hours tell nothing more: there is no sound anyway."""
    return [mark for mark in _ICONS if mark in marks and not (mark is Mark.QUIET and Mark.MUTED in marks)]


@cache
def _icon(mark: Mark) -> Image.Image:
    return dots(_ICONS[mark].split())


def _bar(progress: float) -> Image.Image:
    """How far along, as a line that fills; the rest of the way is dotted."""
    image = Image.new("1", (WIDTH - 2 * EDGE, 2))
    canvas = ImageDraw.Draw(image)
    last = image.width - 1
    canvas.point([(x, 1) for x in range(last, 0, -4)], fill=1)
    canvas.rectangle((0, 0, round(last * progress), 1), fill=1)
    return image


_FINER = 4
"""The figure is drawn this much larger first: then its limbs are smooth, and move by less than a pixel."""
_NEAR, _FAR, _THING, _SEAM = 3.0, 1.8, 1.0, 1.2
"""How wide near limbs, far limbs and things are, and the dark seam that sets the near limbs off, in pixels."""
_SEAM_ON_BRICKS = 2.0
"""The same where a wall is behind the whole body."""
_SLANTED = 1.5
"""How wide a thing is that isn't upright or level: thinner, it would have gaps."""


def figure(movement: Figure, elapsed_s: float, *, mirrored: bool) -> Piece:
    """The person at that moment, in a square of 64 pixels: near limbs thick, far ones thinner, things thin."""
    image = Image.new("L", (SIZE * _FINER, SIZE * _FINER))
    canvas = ImageDraw.Draw(image)
    strokes = movement.strokes_at(elapsed_s, mirrored)
    (head,) = (stroke for stroke in strokes if isinstance(stroke, Circle))
    lines = [stroke for stroke in strokes if isinstance(stroke, Line)]
    # The head is the last of the body: what comes after it is in front of it all.
    behind, ahead = lines[: strokes.index(head)], lines[strokes.index(head) :]
    near = [line for line in behind if not line.far and not line.thing]
    wide = 1.0 if movement.zoom == 1.0 else 1.4
    seam = _SEAM_ON_BRICKS if movement.props.wall_behind else _SEAM
    for line in behind:
        if line.thing:
            _thing(canvas, line)
        elif line.far:
            _limb(canvas, line, _FAR, 255)
    _disc(canvas, head.x, head.y, head.radius + 0.3 + seam, 0)
    for line in near:
        _limb(canvas, line, _NEAR * wide + 2 * seam, 0)
    for line in near:
        _limb(canvas, line, _NEAR * wide, 255)
    _disc(canvas, head.x, head.y, head.radius + 0.3, 255)
    _disc(canvas, head.x, head.y, head.radius - 1.7 * wide, 0)
    for line in ahead:
        _limb(canvas, line, _THING + 2 * _SEAM, 0)
    for line in ahead:
        _thing(canvas, line)
    if movement.zoom == 1.0:
        floor = (int(FLOOR_Y) + 1) * _FINER
        canvas.rectangle((4 * _FINER, floor, (SIZE - 4) * _FINER - 1, floor + _FINER - 1), fill=255)
    return Piece(image.reduce(_FINER).point(lambda shade: 255 * (shade >= 128), "1"), 0, 0)


def _thing(canvas: ImageDraw.ImageDraw, line: Line) -> None:
    _limb(canvas, line, _THING if line.x0 == line.x1 or line.y0 == line.y1 else _SLANTED, 255)


def _limb(canvas: ImageDraw.ImageDraw, line: Line, width: float, shade: int) -> None:
    ends = [(coordinate + 0.5) * _FINER for coordinate in (line.x0, line.y0, line.x1, line.y1)]
    canvas.line(ends, fill=shade, width=round(width * _FINER))
    _disc(canvas, line.x0, line.y0, width / 2, shade)
    _disc(canvas, line.x1, line.y1, width / 2, shade)


def _disc(canvas: ImageDraw.ImageDraw, x: float, y: float, radius: float, shade: int) -> None:
    left, top, reach = (x + 0.5) * _FINER, (y + 0.5) * _FINER, radius * _FINER
    canvas.ellipse((left - reach, top - reach, left + reach, top + reach), fill=shade)
