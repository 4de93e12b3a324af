"""A machine whose plug is pulled again and again, at any instant: while it starts for the first time, and later."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from tests.image.examined import Left, examined
from tests.image.machine import card_of

_AT_FIRST_S = 90.0
"""How long a start may take, as long as none has been seen."""
RUNS_S = 40.0
"""For so long at the most it counts until the plug is pulled from what has come up."""


class Starting(Protocol):
    """A machine as the cuts need it."""

    disk: Path
    started_at: float

    def switch_on(self) -> None:
        """Power on, and wait for nothing."""
        ...

    def cut_power(self) -> None:
        """Pull the plug."""
        ...


@dataclass(frozen=True, slots=True)
class Cut:
    """One cut, and what came after it."""

    nth: int
    card: str
    """`new`, or `used`: whether it had ever come up before."""
    after_s: float
    """From power-on."""
    was: str
    """`starting` or `counting`."""
    left: Left
    up_s: float | None = None
    """How long the start after it took until the device counted again; None where another cut came first."""

    def __str__(self) -> str:
        then = "" if self.up_s is None else f", counts again {self.up_s:.0f} s later"
        found = f"kept {self.left.kept}, journal {self.left.journal}"
        root = "root unchanged" if self.left.root_is_unchanged else "ROOT CHANGED"
        return (
            f"cut {self.nth}: {self.card} card, {self.was}, {self.after_s:.1f} s after power-on: {root}, {found}{then}"
        )


class Cuts:
    """Cuts at random instants, and after each a look at the card.

    What has happened is kept in `folder`, so that whoever begins again there goes on. `counts` waits until the machine
    counts, and raises if it doesn't.
    """

    def __init__(self, machine: Starting, image: Path, folder: Path, counts: Callable[[], None]) -> None:
        self._machine = machine
        self._image = image
        self._folder = folder
        self._counts = counts
        self._told = folder / "cuts.jsonl"

    @property
    def done(self) -> int:
        """How many cuts there were."""
        return len(self._list())

    def _list(self) -> list[dict[str, Any]]:
        lines = self._told.read_text().splitlines() if self._told.exists() else []
        return [json.loads(line) for line in lines]

    def _start_s(self) -> float:
        """How long a start takes on this computer: as long as the last one did."""
        took_s = [float(cut["up_s"]) for cut in self._list() if cut["up_s"] is not None]
        return took_s[-1] if took_s else _AT_FIRST_S

    def go_on(self, number: int, say: Callable[[str], None]) -> None:
        """Cut until there were so many.

        By turns: a start is cut off at any instant of it; the next comes up whole, counts, and is cut off then. Each
        fourth time the card is new, so that its first start is cut off.
        """
        while self.done < number:
            chance = random.Random(f"cut {self.done}")
            is_new = self.done // 2 % 4 == 0
            if is_new:
                card_of(self._image, self._machine.disk)
            self._machine.switch_on()
            self._let_run(chance.uniform(0, self._start_s()))
            self._cut("new" if is_new else "used", "starting", None, say)
            began = time.monotonic()
            self._machine.switch_on()
            self._counts()
            up_s = time.monotonic() - began
            self._let_run(chance.uniform(0, RUNS_S))
            self._cut("used", "counting", up_s, say)

    def _let_run(self, seconds: float) -> None:
        time.sleep(seconds)

    def _cut(self, card: str, was: str, up_s: float | None, say: Callable[[str], None]) -> None:
        after_s = time.monotonic() - self._machine.started_at
        self._machine.cut_power()
        left = examined(self._machine.disk, self._image, self._folder)
        cut = Cut(self.done + 1, card, after_s, was, left, up_s)
        with self._told.open("a") as told:
            told.write(json.dumps(asdict(cut)) + "\n")
        say(str(cut))
        assert left.is_whole, str(cut)
