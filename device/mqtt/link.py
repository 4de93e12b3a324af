"""This process's end of the device's line: it hears what the device tells, and passes orders on."""

from __future__ import annotations

import itertools
import json
import logging
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from device.mqtt.rounds import READ, WRITE

_log = logging.getLogger(__name__)

Message = Mapping[str, Any]

_AT_ONCE = 65_536
_LONGEST = 1 << 20
"""The longest line of the device, in bytes."""
_AGAIN_S = (1.0, 1.0, 1.0, 2.0, 2.0, 5.0, 10.0)
"""How long to wait between looks for a device that is gone; the last one from then on."""
_ANSWERS_WITHIN_S = 5.0


@dataclass(frozen=True, slots=True)
class LineHooks:
    """What is called when something comes."""

    message: Callable[[Message], None]
    gone: Callable[[], None]
    """The device has hung up, or was never there at the first look."""


Answered = Callable[[Message | None], None]
"""Is called with the device's answer to an order; None if none comes."""


class Link:
    """An Attentive. It looks for a device that is gone, less and less often."""

    def __init__(self, line: Path, hooks: LineHooks) -> None:
        self._path, self._hooks = line, hooks
        self._socket: socket.socket | None = None
        self._looks_at: float | None = 0.0
        self._looks = 0
        self._is_missed = False
        """It was said that the device isn't heard."""
        self._heard = self._unsent = b""
        self._number = itertools.count(1)
        self._ordered: dict[int, tuple[float, Answered]] = {}
        """Until when an order waits for its answer, and for whom; by its number."""

    def order(self, do: str, to: object, answered: Answered, now: float) -> None:
        """Order something of the device."""
        if self._socket is None:
            answered(None)
            return
        nth = next(self._number)
        self._ordered[nth] = now + _ANSWERS_WITHIN_S, answered
        self._unsent += json.dumps({"kind": "order", "nth": nth, "do": do, "to": to}).encode() + b"\n"
        self._write()

    def close(self) -> None:
        """Hang up, and don't look again."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        self._looks_at = None

    # ---- as an Attentive

    def wants(self) -> Mapping[int, int]:
        """The line's socket."""
        return {} if self._socket is None else {self._socket.fileno(): READ | (WRITE if self._unsent else 0)}

    @property
    def deadline(self) -> float | None:
        """When to look for the device, or to give an order up."""
        if self._socket is None:
            return self._looks_at
        return min((until for until, _ in self._ordered.values()), default=None)

    def attend(self, ready: Mapping[int, int], now: float) -> None:
        """Hear, write or look for the device."""
        if self._socket is None:
            if self._looks_at is not None and now >= self._looks_at:
                self._look(now)
            return
        events = next(iter(ready.values()), 0)
        if events & WRITE:
            self._write()
        if events & ~WRITE:
            self._read(now)
        for nth in [nth for nth, (until, _) in self._ordered.items() if now >= until]:
            self._ordered.pop(nth)[1](None)

    def _look(self, now: float) -> None:
        caller = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            caller.setblocking(False)
            caller.connect(str(self._path))
        except OSError as error:
            caller.close()
            self._lose(now, error.strerror or str(error))
            return
        self._socket, self._heard, self._unsent = caller, b"", b""

    def _read(self, now: float) -> None:
        assert self._socket is not None, "asked by attend"
        try:
            heard = self._socket.recv(_AT_ONCE)
        except BlockingIOError:
            return
        except OSError:
            heard = b""
        *lines, self._heard = (self._heard + heard).split(b"\n")
        try:
            for line in lines:
                self._hear(json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            _log.warning("what was said on the line isn't understood: %r", error)
            heard = b""
        if not heard or len(self._heard) > _LONGEST:
            self._lose(now, "it has hung up" if not heard else "it says too much at once")

    def _hear(self, message: Message) -> None:
        # A device with too many followers says nothing at all.
        self._looks = 0
        if self._is_missed:
            self._is_missed = False
            _log.info("the device is heard")
        if message["kind"] != "answer":
            self._hooks.message(message)
        elif (waits := self._ordered.pop(message["nth"], None)) is not None:
            waits[1](message)

    def _write(self) -> None:
        assert self._socket is not None, "asked by attend"
        try:
            self._unsent = self._unsent[self._socket.send(self._unsent) :]
        except BlockingIOError:
            pass
        except OSError:
            # Reading says so, too, and there it is dealt with.
            self._unsent = b""

    def _lose(self, now: float, why: str) -> None:
        # It looks again and again, and says so once.
        if not self._is_missed:
            self._is_missed = True
            _log.warning("the device isn't heard at %s: %s; looking again", self._path, why)
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        self._looks_at = now + _AGAIN_S[min(self._looks, len(_AGAIN_S) - 1)]
        self._looks += 1
        ordered, self._ordered = self._ordered, {}
        for _, answered in ordered.values():
            answered(None)
        self._hooks.gone()
