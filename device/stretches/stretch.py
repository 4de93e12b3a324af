"""A stretch: a movement, with all that routines, screens, lists and docs need to know of it."""

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
    """The posture in which a stretch is done."""

    STANDING = "standing"
    SEATED = "seated"
    """Wholly or partly on the chair, which stays taken, at least at times. So this is no break."""
    FLOOR = "floor"


class Kind(Enum):
    """The kind of a movement."""

    DYNAMIC = "dynamic"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A movement."""

    id: str
    name: str
    why: str
    """What it is for, in five words."""
    area: Area
    muscles: str
    posture: Posture
    kind: Kind
    warm_up: bool
    """It may begin a routine."""
    sides: tuple[Side, ...]
    counted: bool
    """True if the amount is repetitions, each one loop of the figure; False if it is seconds."""
    counts: int
    """The number of counts in a repetition: 2 where each step is counted, not each pair of them."""
    least: int
    most: int
    """The greatest amount for each side: repetitions or seconds; in a hold, the seconds to hold."""
    title_lines: tuple[str, ...]
    said_left: tuple[str, ...]
    said_right: tuple[str, ...]
    steps: tuple[tuple[str, ...], ...]
    """How it is done, to read at the desk and in the docs: pages of up to 4 lines of 21 characters."""
    place: tuple[str, ...]
    """Where to go and what to hold on to, to read standing. If empty, its needs say that."""
    how: tuple[tuple[str, ...], ...]
    """How it is done, to read standing, for the first side: pages of two or three short words."""
    how_poses: tuple[int, ...]
    """The pose that the figure takes during each page of `how`: 1 is the first, 0 the last, at rest."""
    care: tuple[str, ...]
    """The caution that matters. If empty, it is to stop at what `stop` says."""
    feel: str
    stop: str
    mistake: str
    caution: str
    easier: str
    needs: frozenset[str]
    not_in: frozenset[str]
    """The clothes in which it can't be done."""
    leave_out: frozenset[str]
    """The conditions with which it should be left out."""
    sources: tuple[str, ...]
    figure: Figure
    aside: Figure | None = None
    """The same movement in another view, if one view doesn't show all. It comes before the pages of `how`."""
    aside_how: tuple[tuple[str, ...], ...] = ()
    """The words beside it: a page for each of its poses, from the first on."""

    @property
    def takes_a_thing(self) -> bool:
        """Whether the person has to go to something first."""
        return bool(self.needs - {"space"})

    def lasts_s(self, amount: int) -> float:
        """How many seconds that amount takes for each side; for a hold, with the way there and back."""
        if self.kind is Kind.HOLD:
            return whole(self.figure_for(amount).loop_s)
        return whole(amount * self.figure.loop_s) if self.counted else float(amount)

    def figure_for(self, amount: int) -> Figure:
        """The figure for that amount: in a hold it holds for that many seconds."""
        return self.figure.holding(amount) if self.kind is Kind.HOLD else self.figure

    def side_lines(self, side: Side) -> tuple[str, ...]:
        """The words for a side: up to 3 lines of 10 characters."""
        return self.said_left if side is Side.LEFT else self.said_right

    def counts_in(self, amount: int) -> int:
        """What the count begins with for that amount: times or seconds."""
        return amount * self.counts
