"""What a stretch is: a movement with all that routines, screens, lists and docs need to know about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from device.body.figure import Figure
from device.words.instants import whole
from device.words.traits import Area


class Side(Enum):
    """Which side of the body a step is for."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


class Posture(Enum):
    """How one is while doing it."""

    STANDING = "standing"
    SEATED = "seated"
    """On the chair, or partly: it stays taken, or is again and again, so this is no break."""
    FLOOR = "floor"


class Kind(Enum):
    """How it is done."""

    DYNAMIC = "dynamic"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A movement."""

    id: str
    name: str
    why: str
    """What for, in five words."""
    area: Area
    muscles: str
    posture: Posture
    kind: Kind
    warm_up: bool
    """It may begin a routine."""
    sides: tuple[Side, ...]
    counted: bool
    """Done by repetitions, times through the figure's loop; else by seconds."""
    least: int
    most: int
    """How much of it for each side: repetitions or seconds; of a hold, those that it is held."""
    title_lines: tuple[str, ...]
    said_left: tuple[str, ...]
    said_right: tuple[str, ...]
    steps: tuple[tuple[str, ...], ...]
    """How it is done, for the desk and the docs: pages of up to 4 lines of 21 characters."""
    place: tuple[str, ...]
    """Where to go and what to hold on to, in words that are read standing; empty: what it needs says it."""
    how: tuple[tuple[str, ...], ...]
    """How it is done for whoever stands there, the first side first: pages of two or three short words each."""
    how_poses: tuple[int, ...]
    """For each of these pages the pose that the figure gets into meanwhile: 1 is the first, 0 the last, at rest."""
    care: tuple[str, ...]
    """The one caution that matters; empty: to stop at what `stop` says."""
    feel: str
    stop: str
    mistake: str
    caution: str
    easier: str
    needs: frozenset[str]
    not_in: frozenset[str]
    """Clothes."""
    leave_out: frozenset[str]
    """Conditions."""
    sources: tuple[str, ...]
    figure: Figure

    @property
    def takes_a_thing(self) -> bool:
        """One has to get to something first."""
        return bool(self.needs - {"space"})

    def lasts_s(self, amount: int) -> float:
        """How long that much of it takes, for each side; a hold with getting there and back."""
        if self.kind is Kind.HOLD:
            return whole(self.figure_for(amount).loop_s)
        return whole(amount * self.figure.loop_s) if self.counted else float(amount)

    def figure_for(self, amount: int) -> Figure:
        """The figure as it moves when that much is done: a hold is held for that many seconds."""
        return self.figure.holding(amount) if self.kind is Kind.HOLD else self.figure

    def side_lines(self, side: Side) -> tuple[str, ...]:
        """The side in words: up to 3 lines of 10 characters."""
        return self.said_left if side is Side.LEFT else self.said_right
