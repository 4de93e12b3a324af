"""Reads stretches from TOML. Error messages name file, stretch, key, what is wrong and what is allowed."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from device.body.figure import Figure, Pose
from device.body.props import Props, Sign
from device.body.skeleton import SIZE, Body, Circle, Limbs, Planted, View
from device.files.alphabet import DRAWN, undrawn
from device.files.complaint import ContentError, brief
from device.files.user_file import UserFileError, user_tables
from device.stretches.stretch import Kind, Posture, Side, Stretch
from device.words.instants import whole
from device.words.traits import CLOTHES, CONDITIONS, NEEDS, Area


def read_stretches(text: str, file: str, *, in_picture: bool = False) -> tuple[Stretch, ...]:
    """The stretches in a TOML text; `file` is its name for error messages. Raises ContentError.

    `in_picture` says that its figures are known to stay in their square. To find that out takes as long as the rest of
    a start.
    """
    top = _Table(_parsed(text, file), file)
    blocks = top.take("stretch", _tables)
    top.finish()
    stretches = tuple(
        _stretch(_Table(block, f"{file}: {_called(block, number)}"), in_picture=in_picture)
        for number, block in enumerate(blocks, 1)
    )
    ids = [stretch.id for stretch in stretches]
    twice = next((each for each in ids if ids.count(each) > 1), None)
    if twice is not None:
        raise ContentError(f"{file}: {twice}: id: is there twice; allowed: each id once")
    return stretches


def translated(stretches: Sequence[Stretch], text: str, file: str) -> tuple[Stretch, ...]:
    """The stretches with translated texts. The TOML text has a table for each id, with the texts that it replaces.

    Raises ContentError.
    """
    top = _Table(_parsed(text, file), file)
    said = tuple(_translated(stretch, top.table(stretch.id, {})) for stretch in stretches)
    top.finish()
    return said


def untranslated(stretches: Sequence[Stretch], text: str) -> list[str]:
    """The texts that a translation leaves as they are, each as `id.key`."""
    tables = tomllib.loads(text)
    return [
        f"{stretch.id}.{key}"
        for stretch in stretches
        for key in _words_of(stretch)
        if key not in tables.get(stretch.id, {})
    ]


def _called(block: Mapping[str, Any], number: int) -> str:
    """The name of a block for error messages."""
    name = block.get("id")
    return name[:24] if isinstance(name, str) else f"stretch {number}"


def _translated(stretch: Stretch, words: _Table) -> Stretch:
    said = {key: words.take(key, read, None) for key, read in _words_of(stretch).items()}
    words.finish()
    return replace(stretch, **{_FIELDS.get(key, key): value for key, value in said.items() if value is not None})


def _words_of(stretch: Stretch) -> dict[str, Callable[[Any], Any]]:
    """The keys that hold words, and the reader of each."""
    left_out = set() if len(stretch.sides) > 1 else {"left", "right"}
    left_out |= set() if stretch.aside else {"aside_how"}
    return {key: read for key, read in _WORDS.items() if key not in left_out}


def _parsed(text: str, file: str) -> Mapping[str, Any]:
    try:
        return user_tables(text, file)
    except UserFileError as error:
        raise ContentError(str(error)) from error


# ---- one block


def _stretch(block: _Table, *, in_picture: bool) -> Stretch:
    both = block.take("sides", _one_of({"each": False, "both": True}))
    kind = block.take("kind", _one_of({kind.value: kind for kind in Kind}))
    figure, elsewhere = _figure(block.table("figure"), in_picture=in_picture), block.table("aside", None)
    aside = _figure(elsewhere, in_picture=in_picture) if elsewhere else None
    counted, (least, most) = _dose(block, kind, figure)
    stretch = Stretch(
        id=block.take("id", _id),
        area=block.take("area", _one_of({area.value: area for area in Area})),
        posture=block.take("posture", _one_of({posture.value: posture for posture in Posture})),
        kind=kind,
        warm_up=block.take("warm_up", _yes_or_no, False),
        sides=_sides(figure, aside, both=both),
        counted=counted,
        counts=block.take("counts", _whole_number(1, 4), 1),
        least=least,
        most=most,
        how_poses=block.take("how_poses", _poses_of(figure), ()),
        needs=block.take("needs", _some_of(NEEDS), frozenset()),
        not_in=block.take("not_in", _some_of(CLOTHES), frozenset()),
        leave_out=block.take("leave_out", _some_of(CONDITIONS), frozenset()),
        sources=block.take("sources", _lines(9, 200)),
        figure=figure,
        aside=aside,
        aside_how=block.take("aside_how", _pages(len(aside.poses), 3, 10)) if aside else (),
        **_wording(block, sided=not both),
    )
    block.finish()
    return stretch


_SAID = ("name", "why", "muscles", "title", "steps", "feel", "stop", "mistake", "caution", "easier")
_SAID_IF_NEEDED = ("place", "how", "care")
_SAID_OF_A_SIDE = ("left", "right")


def _wording(block: _Table, *, sided: bool) -> dict[str, Any]:
    """The words of a stretch, by the names of its fields."""
    said = {key: block.take(key, _WORDS[key]) for key in _SAID}
    said |= {key: block.take(key, _WORDS[key], ()) for key in _SAID_IF_NEEDED}
    said |= {key: block.take(key, _WORDS[key]) if sided else () for key in _SAID_OF_A_SIDE}
    return {_FIELDS.get(key, key): words for key, words in said.items()}


def _sides(figure: Figure, aside: Figure | None, *, both: bool) -> tuple[Side, ...]:
    """The words for both sides. The near side comes first, since it is easier to see."""
    from_the_side = figure.keeps_facing or (aside is not None and aside.keeps_facing)
    if both:
        return (Side.BOTH,)
    return (Side.RIGHT, Side.LEFT) if from_the_side else (Side.LEFT, Side.RIGHT)


def _dose(block: _Table, kind: Kind, figure: Figure) -> tuple[bool, tuple[int, int]]:
    """Whether the stretch is counted, and its least and greatest amount."""
    repeats = block.take("repeats", _range(1, 99), None)
    seconds = block.take("seconds", _range(5, _LONGEST_S), None)
    if (repeats is None) == (seconds is None):
        both = "is missing, and so is" if repeats is None else "is there, and so is"
        raise block.wrong("repeats", f"{both} seconds", "one of them")
    if seconds is not None:
        return False, seconds
    if kind is Kind.HOLD:
        raise block.wrong("repeats", "is for what is dynamic", "seconds")
    lasts_s = whole(repeats[1] * figure.loop_s)
    if lasts_s > _LONGEST_S:
        what = f"{repeats[1]} times {figure.loop_s:g} s make {lasts_s:g} s"
        raise block.wrong("repeats", what, f"up to {_LONGEST_S} s a side")
    return True, repeats


def _figure(block: _Table, *, in_picture: bool) -> Figure:
    poses = block.take("pose", _some_tables)
    figure = Figure(
        view=block.take("view", _one_of({view.value: view for view in View})),
        poses=tuple(_pose(_Table(pose, f"{block.place}: pose {number}")) for number, pose in enumerate(poses, 1)),
        x=block.take("x", _number(10, 54), 32.0),
        props=_props(block),
        on_desk=block.take("on_desk", _hands, ()),
        grows=block.take("grows", _whole_number(0, 9), 0),
        zoom=block.take("zoom", _number(1, 3), 1.0),
        turns=block.take("turns", _yes_or_no, False),
    )
    block.finish()
    if len({pose.stand is Planted.BOTH for pose in figure.poses}) > 1:
        raise ContentError(f'{block.place}: stand is "both" in some poses only; allowed: in all of them, or none')
    if not in_picture:
        _keep_in_the_picture(figure, block.place)
    # Return a new one without cached values: this one is kept for good, and the one that is shown has its words.
    return replace(figure)


def _props(block: _Table) -> Props:
    across = _number(0, SIZE - 1)
    return Props(
        desk_x=block.take("desk_x", across, None),
        desk_to=block.take("desk_to", across, None),
        hand_x=block.take("hand_x", across, None),
        wall_x=block.take("wall_x", across, None),
        wall_behind=block.take("wall_behind", _yes_or_no, False),
        chair_x=block.take("chair_x", _number(2, 48), None),
        pad_x=block.take("pad_x", across, None),
    )


_EDGE = 1.0
"""Half the width of a drawn limb, in pixels."""
_LOOKS = 8
"""At how many places a figure is checked on its way to a pose."""


def _keep_in_the_picture(figure: Figure, place: str) -> None:
    """Refuse a figure that leaves its square, in a pose or on the way to it. Its mirror image would leave it too."""
    since_s = 0.0
    for number, pose in enumerate(figure.poses, 1):
        for nth in range(1, _LOOKS + 1):
            farthest = _farthest_out(figure, figure.grown_s + since_s + nth / _LOOKS * pose.moves_s)
            if farthest is not None:
                raise ContentError(
                    f"{place}: pose {number}: the figure leaves the picture {farthest}; "
                    f"allowed: {_EDGE:g} to {SIZE - 1 - _EDGE:g} both ways; move it by x, or bend it less"
                )
        since_s += pose.moves_s + pose.holds_s


def _farthest_out(figure: Figure, elapsed_s: float) -> str | None:
    """Where the figure leaves the picture at that second; None if it doesn't."""
    xs: list[float] = []
    ys: list[float] = []
    for stroke in figure.strokes_at(elapsed_s, other_side=False):
        if isinstance(stroke, Circle):
            xs += (stroke.x - stroke.radius, stroke.x + stroke.radius)
            ys += (stroke.y - stroke.radius, stroke.y + stroke.radius)
        else:
            edge = 0.0 if stroke.thing else _EDGE
            xs += (min(stroke.x0, stroke.x1) - edge, max(stroke.x0, stroke.x1) + edge)
            ys += (min(stroke.y0, stroke.y1) - edge, max(stroke.y0, stroke.y1) + edge)
    out = {"left": -min(xs), "right": max(xs) - (SIZE - 1), "top": -min(ys), "bottom": max(ys) - (SIZE - 1)}
    if figure.zoom > 1:
        del out["bottom"]
    side = max(out, key=lambda each: out[each])
    return f"at the {side} by {out[side]:.1f}" if out[side] > 0.05 else None


def _pose(block: _Table) -> Pose:
    cue = block.take("cue", _text(8))
    pose = Pose(
        body=Body(
            left=_limbs(block.table("left")),
            right=_limbs(block.table("right")),
            torso=block.take("torso", _ANGLE, 0.0),
            neck=block.take("neck", _ANGLE, 0.0),
            head=block.take("head", _ANGLE, 0.0),
            stretch=block.take("stretch", _number(0.5, 1.2), 1.0),
            spine=block.take("spine", _number(-6, 6), 0.0),
            twist=block.take("twist", _number(-80, 80), 0.0),
            shift=block.take("shift", _number(-16, 16), 0.0),
        ),
        moves_s=block.take("moves_s", _span(0.1, 10)),
        holds_s=block.take("holds_s", _span(0, 60), 0.0),
        cue=cue,
        hold_cue=block.take("hold_cue", _text(8), cue),
        stand=block.take("stand", _one_of({stand.value: stand for stand in Planted})),
        sign=block.take("sign", _one_of({sign.value: sign for sign in Sign}), None),
    )
    block.finish()
    return pose


def _limbs(block: _Table) -> Limbs:
    limbs = Limbs(
        **{joint: block.take(joint, _ANGLE, 0.0) for joint in ("shoulder", "elbow", "hip", "knee", "ankle")},
        arm=block.take("arm", _number(0.2, 1), 1.0),
        # In the quarter view, nearer limbs may be drawn larger.
        **{bone: block.take(bone, _number(0.2, 1.4), 1.0) for bone in ("thigh", "shank")},
    )
    block.finish()
    return limbs


# ---- reading values


_LONGEST_S = 120
"""The longest time for a side, in seconds."""
_MOST_POSES = 24

_T = TypeVar("_T")
_MISSING: Any = object()


class _RefusedError(Exception):
    """A value or a part of it isn't allowed; the error says what is."""

    def __init__(self, value: Any, allowed: str, what: str = "won't do") -> None:
        super().__init__(value, allowed)
        self.value = value
        self.allowed = allowed
        self.what = what


class _Table:
    """A table of the file. It checks what is taken from it; what is left over at the end is an unknown key."""

    def __init__(self, table: Mapping[str, Any], place: str) -> None:
        self._table = table
        self.place = place
        self._known: list[str] = []

    def take(self, key: str, read: Callable[[Any], _T], default: Any = _MISSING) -> Any:
        """Return the value of a key through its reader, or the default if the key is missing and may be."""
        self._known.append(key)
        # TOML has no null, so None means that the key is missing. Every reader refuses it.
        value = self._table.get(key)
        if value is None and default is not _MISSING:
            return default
        try:
            return read(value)
        except _RefusedError as refused:
            what = f"is missing{self._misspelt(key)}" if value is None else f"{brief(refused.value)} {refused.what}"
            raise self.wrong(key, what, refused.allowed) from refused

    def table(self, key: str, default: Any = _MISSING) -> Any:
        """Return a table inside this one; a default of None is returned as it is."""
        table = self.take(key, _table, default)
        return None if table is None else _Table(table, f"{self.place}: {key}")

    def wrong(self, key: str, what: str, allowed: str) -> ContentError:
        """Return the error for a key, with a one-line message."""
        return ContentError(f"{self.place}: {key}: {what}; allowed: {allowed}")

    def finish(self) -> None:
        """Raise ContentError if any other key is left."""
        for key in self._table:
            if key not in self._known:
                near = difflib.get_close_matches(key, self._known, n=1)
                hint = f"nearest: {near[0]}" if near else f"allowed: {', '.join(self._known)}"
                raise ContentError(f"{self.place}: unknown key {key:.60}; {hint}")

    def _misspelt(self, key: str) -> str:
        near = difflib.get_close_matches(key, [other for other in self._table if other not in self._known], n=1)
        return f" ({near[0]} is there)" if near else ""


_LONGEST_ON_PANEL = 21
"""A text that may be longer is for lists and docs."""


def _text(longest: int) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        allowed = f"text of 1 to {longest} characters, one line"
        if not isinstance(value, str) or not value.strip() or not value.isprintable():
            raise _RefusedError(value, allowed)
        if len(value) > longest:
            raise _RefusedError(value, allowed, f"is {len(value) - longest} too long")
        wrong = undrawn(value) if longest <= _LONGEST_ON_PANEL else None
        if wrong:
            raise _RefusedError(value, DRAWN, f"won't do, since {wrong}")
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


def _pages(most: int, lines: int, longest: int) -> Callable[[Any], tuple[tuple[str, ...], ...]]:
    def read(value: Any) -> tuple[tuple[str, ...], ...]:
        if not isinstance(value, list) or not 1 <= len(value) <= most:
            raise _RefusedError(value, f"a list of 1 to {most} pages, each a list of 1 to {lines} texts")
        return tuple(_lines(lines, longest)(page) for page in value)

    return read


def _poses_of(figure: Figure) -> Callable[[Any], tuple[int, ...]]:
    def read(value: Any) -> tuple[int, ...]:
        if not isinstance(value, list) or not 1 <= len(value) <= 4:
            raise _RefusedError(value, "a list of 1 to 4 numbers of poses")
        return tuple(_whole_number(0, len(figure.poses))(each) for each in value)

    return read


def _number(low: float, high: float) -> Callable[[Any], float]:
    def read(value: Any) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool) or not low <= value <= high:
            raise _RefusedError(value, f"{low:g} to {high:g}")
        return float(value)

    return read


_ANGLE = _number(-180, 180)


def _whole_number(low: int, high: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise _RefusedError(value, f"a whole number from {low} to {high}")
        return value

    return read


def _span(low_s: float, high_s: float) -> Callable[[Any], float]:
    return lambda value: whole(_number(low_s, high_s)(value))


def _range(low: int, high: int) -> Callable[[Any], tuple[int, int]]:
    """A reader for one whole number or a pair of least and most."""

    def read(value: Any) -> tuple[int, int]:
        ends = value if isinstance(value, list) and len(value) == 2 else [value, value]
        if (
            any(not isinstance(end, int) or isinstance(end, bool) for end in ends)
            or not low <= ends[0] <= ends[1] <= high
        ):
            raise _RefusedError(value, f"a whole number from {low} to {high}, or the least and the most, as [4, 8]")
        return ends[0], ends[1]

    return read


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _RefusedError(value, "true or false")
    return value


def _some_of(words: Sequence[str]) -> Callable[[Any], frozenset[str]]:
    def read(value: Any) -> frozenset[str]:
        allowed = "a list of " + ", ".join(f'"{word}"' for word in words)
        if not isinstance(value, list):
            raise _RefusedError(value, allowed)
        for each in value:
            if each not in words:
                raise _RefusedError(each, allowed)
        return frozenset(value)

    return read


def _hands(value: Any) -> tuple[Planted, ...]:
    return tuple(side for side in (Planted.LEFT, Planted.RIGHT) if side.value in _some_of(("left", "right"))(value))


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


def _some_tables(value: Any) -> list[Mapping[str, Any]]:
    tables = _tables(value)
    if len(tables) > _MOST_POSES:
        raise _RefusedError(len(tables), f"up to {_MOST_POSES} of them", "are too many")
    return tables


_WORDS: dict[str, Callable[[Any], Any]] = {
    "name": _text(18),
    "why": _text(21),
    "muscles": _text(80),
    "title": _lines(3, 10),
    "left": _lines(3, 17),
    "right": _lines(3, 17),
    "steps": _pages(5, 4, 21),
    "place": _lines(3, 17),
    "how": _pages(4, 3, 10),
    "aside_how": _pages(4, 3, 10),
    "care": _lines(3, 17),
    "feel": _text(21),
    "stop": _text(21),
    "mistake": _text(200),
    "caution": _text(200),
    "easier": _text(200),
}
"""The keys of a stretch that hold words and may be translated, with their readers."""
_FIELDS = {"title": "title_lines", "left": "said_left", "right": "said_right"}
"""The fields of a stretch whose names differ from their keys."""
