"""What a stretch is, and how the ones that ship are read from their TOML file."""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from enum import Enum
from importlib import resources
from typing import Any, TypeVar

from device.figure import Body, Figure, Limbs, Pose, Stand, View


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


class ContentError(Exception):
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
        left_s = max(0.0, self.lasts_s - elapsed_s)
        return str(math.ceil(left_s / self.figure.loop_s if self.repeats else left_s))

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
    twice = next((each.id for each in stretches if sum(other.id == each.id for other in stretches) > 1), None)
    if twice is not None:
        raise ContentError(f"{file}: {twice}: id is there twice; allowed: each id once")
    return stretches


# ---- one block


def _stretch(block: _Table) -> Stretch:
    sides = block.take("sides", _one_of({"each": (Side.LEFT, Side.RIGHT), "both": (Side.BOTH,)}))
    figure = _figure(block.table("figure"))
    repeats = block.take("repeats", _whole(1, 99), None)
    seconds = block.take("seconds", _number(5, 120), None)
    if (repeats is None) == (seconds is None):
        raise block.wrong("repeats", "one of repeats and seconds must be there", "either of them")
    each = len(sides) > 1
    stretch = Stretch(
        id=block.take("id", _text(24)),
        name=block.take("name", _text(18)),
        part=block.take("part", _one_of({part.value: part for part in Part})),
        area=block.take("area", _text(30)),
        sides=sides,
        repeats=repeats,
        lasts_s=round(repeats * figure.loop_s, 3) if repeats else seconds,
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


def _figure(block: _Table) -> Figure:
    poses = block.take("pose", _tables)
    figure = Figure(
        view=block.take("view", _one_of({view.value: view for view in View})),
        poses=tuple(_pose(_Table(pose, f"{block.place}: pose {number}")) for number, pose in enumerate(poses, 1)),
        x=block.take("x", _number(10, 54), 32.0),
        desk_x=block.take("desk_x", _number(10, 54), None),
    )
    block.finish()
    return figure


def _pose(block: _Table) -> Pose:
    cue = block.take("cue", _text(5))
    pose = Pose(
        body=Body(
            left=block.take("left", _limbs),
            right=block.take("right", _limbs),
            torso=block.take("torso", _ANGLE, 0.0),
            neck=block.take("neck", _ANGLE, 0.0),
            head=block.take("head", _ANGLE, 0.0),
            stretch=block.take("stretch", _number(0.5, 1.2), 1.0),
        ),
        moves_s=block.take("moves_s", _number(0.1, 10)),
        holds_s=block.take("holds_s", _number(0, 60), 0.0),
        cue=cue,
        hold_cue=block.take("hold_cue", _text(5), cue),
        stand=block.take("stand", _one_of({stand.value: stand for stand in Stand})),
    )
    block.finish()
    return pose


# ---- reading values


_T = TypeVar("_T")
_MISSING: Any = object()


class _RefusedError(Exception):
    """Why a value won't do, and what would."""

    def __init__(self, allowed: str) -> None:
        super().__init__(allowed)
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
        if key not in self._table:
            if default is _MISSING:
                raise ContentError(f"{self.place}: {key} is missing{self._misspelt(key)}")
            return default
        try:
            return read(self._table[key])
        except _RefusedError as refused:
            raise self.wrong(key, f"{self._table[key]!r} won't do", refused.allowed) from refused

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
        return f"; is {near[0]} meant to be it?" if near else ""


def _text(longest: int) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not value or len(value) > longest or not value.isprintable():
            raise _RefusedError(f"text of 1 to {longest} characters")
        return value

    return read


def _lines(most: int, longest: int) -> Callable[[Any], tuple[str, ...]]:
    def read(value: Any) -> tuple[str, ...]:
        try:
            if not isinstance(value, list) or not 1 <= len(value) <= most:
                raise _RefusedError("")
            return tuple(_text(longest)(line) for line in value)
        except _RefusedError:
            raise _RefusedError(f"a list of 1 to {most} texts of up to {longest} characters") from None

    return read


def _pages(value: Any) -> tuple[tuple[str, ...], ...]:
    try:
        if not isinstance(value, list) or not value:
            raise _RefusedError("")
        return tuple(_lines(4, 21)(page) for page in value)
    except _RefusedError:
        raise _RefusedError("a list of pages, each a list of 1 to 4 texts of up to 21 characters") from None


def _number(low: float, high: float) -> Callable[[Any], float]:
    def read(value: Any) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
            raise _RefusedError(f"{low:g} to {high:g}")
        return float(value)

    return read


def _whole(low: int, high: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise _RefusedError(f"a whole number from {low} to {high}")
        return value

    return read


def _one_of(values: Mapping[str, _T]) -> Callable[[Any], _T]:
    def read(value: Any) -> _T:
        if not isinstance(value, str) or value not in values:
            raise _RefusedError(" or ".join(f'"{each}"' for each in values))
        return values[value]

    return read


def _table(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _RefusedError("a table")
    return value


def _tables(value: Any) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or not value:
        raise _RefusedError("one block or more")
    return [_table(each) for each in value]


_ANGLE = _number(-180, 180)


def _limbs(value: Any) -> Limbs:
    names = [each.name for each in fields(Limbs)]
    try:
        angles = {name: _ANGLE(angle) for name, angle in _table(value).items()}
    except _RefusedError:
        angles = {"": 0.0}
    if not set(angles) <= set(names):
        raise _RefusedError(f"a table of {', '.join(names)}, each -180 to 180")
    return Limbs(**angles)
