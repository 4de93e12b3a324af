"""A GPIO controller with wires: what a machine sets can be seen from outside, and what is put on from outside it hears.

Virtio device 41 (specification 1.2, section 5.16). As on a Raspberry Pi, an output keeps its level when the program
that set it is gone, until the power is.
"""

from __future__ import annotations

import struct
import threading
import time
from dataclasses import dataclass, field
from enum import Enum

from tests.real_kernel.vhost_user import Request

_ASKED = struct.Struct("<HHI")
_EVENT = struct.Struct("<H")
_OK, _ERROR = 0, 1
_EVENT_INVALID, _EVENT_VALID = b"\0", b"\1"
_REQUESTS, _EVENTS = 0, 1
_NAMES, _GET_DIRECTION, _SET_DIRECTION, _GET_VALUE, _SET_VALUE, _SET_IRQ = range(1, 7)
_RISING, _FALLING = 1, 2


class Direction(Enum):
    """What a line is for the machine."""

    NONE = 0
    OUT = 1
    IN = 2


@dataclass(frozen=True, slots=True)
class Change:
    """A line took another level, as driven by the machine."""

    at: float
    """Monotonic seconds of this process."""
    high: bool


@dataclass(slots=True)
class _Line:
    direction: Direction = Direction.NONE
    is_driven: bool = False
    """By the machine; goes on when it asks for no direction any more, as on a Pi."""
    out: bool = False
    """What the machine puts on it when it drives it."""
    outside: bool = False
    """What is put on it from outside."""
    edges: int = 0
    """Those that the machine wants to hear of."""
    listening: Request | None = None
    missed_at: float | None = None
    """When an edge came while nobody listened."""
    changes: list[Change] = field(default_factory=list)

    @property
    def high(self) -> bool:
        return self.out if self.is_driven else self.outside


class GpioChip:
    """One controller, `/dev/gpiochipN` in the machine. Safe to use from several threads.

    What is put on lines from outside stays over a restart of the machine; what the machine drove does not.
    """

    device_id = 41
    queues = 2

    def __init__(self, lines: int = 54, tells_edges: bool = True) -> None:
        """Of several in one machine only one may tell of edges, or the kernel's driver falls over its own feet."""
        # VIRTIO_GPIO_F_IRQ
        self.features = int(tells_edges)
        self.config = struct.pack("<HHI", lines, 0, 0)
        self._lines = [_Line() for _ in range(lines)]
        self._lock = threading.Lock()
        self.kept_waiting_s = 0.0
        """For how long, all in all, edges have waited until the machine was ready for them."""
        self._sticks: int | None = None
        self._unanswered: list[tuple[Request, bytes]] = []

    # ---- from outside

    def drive(self, line: int, high: bool) -> float:
        """Put a level on a line; returns when."""
        with self._lock:
            at = time.monotonic()
            wire = self._lines[line]
            rises = high and not wire.outside
            falls = wire.outside and not high
            wire.outside = high
            if (rises and wire.edges & _RISING) or (falls and wire.edges & _FALLING):
                _tell(wire)
            return at

    def is_high(self, line: int) -> bool:
        """What a meter would say."""
        with self._lock:
            return self._lines[line].high

    def is_driven(self, line: int) -> bool:
        """Whether the machine puts a level on it, or did and nothing has changed that since."""
        with self._lock:
            return self._lines[line].is_driven

    def listens(self, line: int) -> bool:
        """Whether a program in the machine waits for edges on it."""
        with self._lock:
            return self._lines[line].edges != 0

    def is_awaited(self, line: int) -> bool:
        """Whether the machine waits for the next edge on it; two that come before that are one."""
        with self._lock:
            return self._lines[line].listening is not None

    def changes(self, line: int, since: float = 0.0) -> list[Change]:
        """The levels that the machine put on a line, oldest first."""
        with self._lock:
            return [change for change in self._lines[line].changes if change.at >= since]

    def stick_when_high(self, line: int) -> None:
        """Once the machine has driven that line high, keep it waiting for the answer: whoever did so hangs there."""
        with self._lock:
            self._sticks = line

    def come_unstuck(self) -> None:
        """Answer what was kept waiting, and all else from now on."""
        with self._lock:
            self._sticks = None
            for request, answer in self._unanswered:
                request.answer(answer)
            self._unanswered.clear()

    # ---- from the machine

    def power_up(self) -> None:
        """As after a reset: all lines float."""
        with self._lock:
            self._lines = [_Line(outside=line.outside) for line in self._lines]
            self._sticks = None
            self._unanswered.clear()

    def serve(self, queue: int, request: Request) -> None:
        """Take a request of the kernel's driver."""
        with self._lock:
            if queue == _EVENTS:
                self._listen(request)
                return
            kind, number, value = _ASKED.unpack(request.said)
            obeyed = self._obey(kind, self._lines[number], value) if number < len(self._lines) else None
            answer = bytes((_ERROR, 0)) if obeyed is None else bytes((_OK, obeyed))
            if number == self._sticks and self._lines[number].high:
                self._unanswered.append((request, answer))
            else:
                request.answer(answer)

    def _obey(self, kind: int, line: _Line, value: int) -> int | None:
        if kind == _GET_DIRECTION:
            return line.direction.value
        if kind == _GET_VALUE:
            return int(line.high)
        if kind == _SET_VALUE:
            self._put(line, bool(value))
        elif kind == _SET_DIRECTION:
            self._turn(line, Direction(value))
        elif kind == _SET_IRQ:
            _want_edges(line, value)
        else:
            return None
        return 0

    def _turn(self, line: _Line, direction: Direction) -> None:
        line.direction = direction
        if direction is Direction.OUT:
            line.is_driven = True
            self._put(line, line.out)
        elif direction is Direction.IN:
            line.is_driven = False

    def _put(self, line: _Line, high: bool) -> None:
        before = line.changes[-1].high if line.changes else None
        line.out = high
        if line.is_driven and high != before:
            line.changes.append(Change(time.monotonic(), high))

    def _listen(self, request: Request) -> None:
        (number,) = _EVENT.unpack(request.said)
        line = self._lines[number]
        line.listening = request
        if line.missed_at is not None:
            self.kept_waiting_s += time.monotonic() - line.missed_at
            _tell(line)


def _want_edges(line: _Line, edges: int) -> None:
    line.edges = edges
    if edges:
        return
    line.missed_at = None
    listening, line.listening = line.listening, None
    if listening is not None:
        listening.answer(_EVENT_INVALID)


def _tell(line: _Line) -> None:
    listening, line.listening = line.listening, None
    if listening is not None:
        line.missed_at = None
        listening.answer(_EVENT_VALID)
    elif line.missed_at is None:
        line.missed_at = time.monotonic()
