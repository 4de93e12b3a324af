"""What a stretch is, and how the ones that ship are read from their TOML file."""

from __future__ import annotations

import difflib
import math
import re
import reprlib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from importlib import resources
from typing import Any, TypeVar

from device.complaint import OneLineError
from device.figure import SIZE, Body, Circle, Figure, Limbs, Pose, Stand, View
from device.instants import whole


class Part(Enum):
    """Which part of a routine it is for."""

    WARM_UP = "warm_up"
    HIPS = "hips"
    BODY = "body"


class Side(Enum):
    """Which side of the body a step is for."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


class ContentError(OneLineError):
    """A stretch that can't be shown: one line naming file, stretch, key, what is wrong and what is allowed."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A movement, with all that screens, lists and docs say about it."""

    id: str
    name: str
    part: Part
    area: str
    """What it is good for, in a word or two."""
    sides: tuple[Side, ...]
    repeats: int | None
    """Times through the figure's loop for each side; None when it is done by the second."""
    lasts_s: float
    """For each side."""
    title_lines: tuple[str, ...]
    said_left: tuple[str, ...]
    said_right: tuple[str, ...]
    steps: tuple[tuple[str, ...], ...]
    """How it is done: pages of up to 4 lines of 21 characters."""
    feel: str
    stop: str
    caution: str
    easier: str
    sources: tuple[str, ...]
    figure: Figure

    def count_at(self, elapsed_s: float) -> str:
        """Repetitions left, or seconds."""
        left_ms = max(0, round((self.lasts_s - elapsed_s) * 1000))
        # Whole numbers: three times 0.7 s is a little more than 2.1 s in floats, and would show as four.
        return str(math.ceil(Fraction(left_ms, round(self.figure.loop_s * 1000) if self.repeats else 1000)))

    def side_lines(self, side: Side) -> tuple[str, ...]:
        """The side in words: up to 3 lines of 10 characters."""
        return self.said_left if side is Side.LEFT else self.said_right

    @property
    def dose_text(self) -> str:
        """How much of it, for a list."""
        dose = f"{self.repeats} times" if self.repeats else f"{self.lasts_s:g} s"
        return f"{dose} each side" if len(self.sides) > 1 else dose


def shipped_stretches() -> tuple[Stretch, ...]:
    """The stretches that come with the device."""
    file = resources.files("device") / "content" / "stretches.toml"
    return read_stretches(file.read_text("utf-8"), "stretches.toml")


def read_stretches(text: str, file: str) -> tuple[Stretch, ...]:
    """The stretches of a TOML text; `file` is its name for complaints. Raises ContentError."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ContentError(f"{file}: not valid TOML: {error}") from error
    top = _Table(table, file)
    blocks = top.take("stretch", _tables)
    top.finish()
    stretches = tuple(
        _stretch(_Table(block, f"{file}: {block.get('id', f'stretch {number}')}"))
        for number, block in enumerate(blocks, 1)
    )
    ids = [stretch.id for stretch in stretches]
    twice = next((each for each in ids if ids.count(each) > 1), None)
    if twice is not None:
        raise ContentError(f"{file}: {twice}: id: is there twice; allowed: each id once")
    for part in Part:
        if all(stretch.part is not part for stretch in stretches):
            raise ContentError(f'{file}: no stretch has part = "{part.value}"; allowed: one or more for each part')
    return stretches


# ---- one block


def _stretch(block: _Table) -> Stretch:
    sides = block.take("sides", _one_of({"each": (Side.LEFT, Side.RIGHT), "both": (Side.BOTH,)}))
    figure = _figure(block.table("figure"))
    repeats, lasts_s = _dose(block, figure.loop_s)
    each = len(sides) > 1
    stretch = Stretch(
        id=block.take("id", _id),
        name=block.take("name", _text(18)),
        part=block.take("part", _one_of({part.value: part for part in Part})),
        area=block.take("area", _text(30)),
        sides=sides,
        repeats=repeats,
        lasts_s=lasts_s,
        title_lines=block.take("title", _lines(3, 10)),
        said_left=block.take("left", _lines(3, 10)) if each else (),
        said_right=block.take("right", _lines(3, 10)) if each else (),
        steps=block.take("steps", _pages),
        feel=block.take("feel", _text(21)),
        stop=block.take("stop", _text(21)),
        caution=block.take("caution", _text(200)),
        easier=block.take("easier", _text(200)),
        sources=block.take("sources", _lines(9, 200)),
        figure=figure,
    )
    block.finish()
    return stretch


def _dose(block: _Table, loop_s: float) -> tuple[int | None, float]:
    """How many times, if it is counted, and how many seconds a side."""
    repeats = block.take("repeats", _whole(1, 99), None)
    seconds = block.take("seconds", _span(5, _LONGEST_S), None)
    if repeats is None and seconds is None:
        raise block.wrong("repeats", "is missing, and so is seconds", "one of them")
    if repeats is None:
        return None, seconds
    if seconds is not None:
        raise block.wrong("repeats", "is there, and so is seconds", "one of them")
    lasts_s = whole(repeats * loop_s)
    if lasts_s > _LONGEST_S:
        raise block.wrong("repeats", f"{repeats} times {loop_s:g} s make {lasts_s:g} s", f"up to {_LONGEST_S} s a side")
    return repeats, lasts_s


def _figure(block: _Table) -> Figure:
    poses = block.take("pose", _tables)
    figure = Figure(
        view=block.take("view", _one_of({view.value: view for view in View})),
        poses=tuple(_pose(_Table(pose, f"{block.place}: pose {number}")) for number, pose in enumerate(poses, 1)),
        x=block.take("x", _number(10, 54), 32.0),
        desk_x=block.take("desk_x", _number(10, 48), None),
    )
    block.finish()
    _keep_in_the_picture(figure, block.place)
    return figure


def _keep_in_the_picture(figure: Figure, place: str) -> None:
    """Refuse a figure that leaves its square on the way to a pose or in it; mirrored it would as well."""
    since_s = 0.0
    for number, pose in enumerate(figure.poses, 1):
        for way in (0.25, 0.5, 0.75, 1.0):
            farthest = _farthest_out(figure, since_s + way * pose.moves_s)
            if farthest is not None:
                raise ContentError(
                    f"{place}: pose {number}: the figure leaves the picture {farthest}; "
                    f"allowed: 0 to {SIZE - 1} both ways; move it by x, or bend it less"
                )
        since_s += pose.moves_s + pose.holds_s


def _farthest_out(figure: Figure, elapsed_s: float) -> str | None:
    """Where the figure leaves the picture at that moment; None if it doesn't."""
    xs: list[float] = []
    ys: list[float] = []
    for stroke in figure.strokes_at(elapsed_s, mirrored=False):
        if isinstance(stroke, Circle):
            xs += (stroke.x - stroke.radius, stroke.x + stroke.radius)
            ys += (stroke.y - stroke.radius, stroke.y + stroke.radius)
        else:
            xs += (stroke.x0, stroke.x1)
            ys += (stroke.y0, stroke.y1)
    out = {"left": -min(xs), "right": max(xs) - (SIZE - 1), "top": -min(ys), "bottom": max(ys) - (SIZE - 1)}
    edge = max(out, key=lambda each: out[each])
    return f"at the {edge} by {out[edge]:.1f}" if out[edge] > 0 else None


def _pose(block: _Table) -> Pose:
    cue = block.take("cue", _text(5))
    pose = Pose(
        body=Body(
            left=_limbs(block.table("left")),
            right=_limbs(block.table("right")),
            torso=block.take("torso", _ANGLE, 0.0),
            neck=block.take("neck", _ANGLE, 0.0),
            head=block.take("head", _ANGLE, 0.0),
            stretch=block.take("stretch", _number(0.5, 1.2), 1.0),
        ),
        moves_s=block.take("moves_s", _span(0.1, 10)),
        holds_s=block.take("holds_s", _span(0, 60), 0.0),
        cue=cue,
        hold_cue=block.take("hold_cue", _text(5), cue),
        stand=block.take("stand", _one_of({stand.value: stand for stand in Stand})),
    )
    block.finish()
    return pose


def _limbs(block: _Table) -> Limbs:
    limbs = Limbs(*(block.take(joint, _ANGLE, 0.0) for joint in Limbs._fields))
    block.finish()
    return limbs


# ---- reading values


_LONGEST_S = 120
"""A side."""

_T = TypeVar("_T")
_MISSING: Any = object()


class _RefusedError(Exception):
    """A value, or a part of one, that won't do, and what would."""

    def __init__(self, value: Any, allowed: str) -> None:
        super().__init__(value, allowed)
        self.value = value
        self.allowed = allowed


class _Table:
    """A table of the file: what is taken from it is checked, and what is left over in the end is unknown."""

    def __init__(self, table: Mapping[str, Any], place: str) -> None:
        self._table = table
        self.place = place
        self._known: list[str] = []

    def take(self, key: str, read: Callable[[Any], _T], default: Any = _MISSING) -> Any:
        """The value of a key, read; its default where it is left out and may be."""
        self._known.append(key)
        # TOML knows no null: None is a key that is left out, and every reader refuses it.
        value = self._table.get(key)
        if value is None and default is not _MISSING:
            return default
        try:
            return read(value)
        except _RefusedError as refused:
            what = f"is missing{self._misspelt(key)}" if value is None else f"{reprlib.repr(refused.value)} won't do"
            raise self.wrong(key, what, refused.allowed) from refused

    def table(self, key: str) -> _Table:
        """A table within this one."""
        return _Table(self.take(key, _table), f"{self.place}: {key}")

    def wrong(self, key: str, what: str, allowed: str) -> ContentError:
        """The line about a key."""
        return ContentError(f"{self.place}: {key}: {what}; allowed: {allowed}")

    def finish(self) -> None:
        """Nothing else may be in it."""
        for key in self._table:
            if key not in self._known:
                near = difflib.get_close_matches(key, self._known, n=1)
                hint = f"nearest: {near[0]}" if near else f"allowed: {', '.join(self._known)}"
                raise ContentError(f"{self.place}: unknown key {key}; {hint}")

    def _misspelt(self, key: str) -> str:
        near = difflib.get_close_matches(key, [other for other in self._table if other not in self._known], n=1)
        return f" ({near[0]} is there)" if near else ""


def _text(longest: int) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not value or len(value) > longest or not value.isprintable():
            raise _RefusedError(value, f"text of 1 to {longest} characters, one line")
        return value

    return read


def _id(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z][a-z0-9_]{0,23}", value):
        raise _RefusedError(value, "up to 24 of a to z, 0 to 9 and _, the first a letter")
    return value


def _lines(most: int, longest: int) -> Callable[[Any], tuple[str, ...]]:
    def read(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not 1 <= len(value) <= most:
            raise _RefusedError(value, f"a list of 1 to {most} texts")
        return tuple(_text(longest)(line) for line in value)

    return read


def _pages(value: Any) -> tuple[tuple[str, ...], ...]:
    if not isinstance(value, list) or not value:
        raise _RefusedError(value, "a list of pages, each a list of 1 to 4 texts")
    return tuple(_lines(4, 21)(page) for page in value)


def _number(low: float, high: float) -> Callable[[Any], float]:
    def read(value: Any) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
            raise _RefusedError(value, f"{low:g} to {high:g}")
        return float(value)

    return read


_ANGLE = _number(-180, 180)


def _span(low_s: float, high_s: float) -> Callable[[Any], float]:
    return lambda value: whole(_number(low_s, high_s)(value))


def _whole(low: int, high: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise _RefusedError(value, f"a whole number from {low} to {high}")
        return value

    return read


def _one_of(values: Mapping[str, _T]) -> Callable[[Any], _T]:
    def read(value: Any) -> _T:
        if not isinstance(value, str) or value not in values:
            raise _RefusedError(value, " or ".join(f'"{each}"' for each in values))
        return values[value]

    return read


def _table(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _RefusedError(value, "a table")
    return value


def _tables(value: Any) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or not value:
        raise _RefusedError(value, "one block or more")
    return [_table(each) for each in value]
