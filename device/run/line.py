"""The line: a unix socket on which followers hear how the device is, and at the simulated desk lend it a hand.

Each message is one line of JSON with its `kind`. Some stand until the next of their kind replaces them, so a follower
that is slow misses some of these and none of the rest; one that doesn't read at all is hung up on. Whoever tells
something never waits.
"""

from __future__ import annotations

import json
import logging
import selectors
import socket
import threading
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

_log = logging.getLogger(__name__)

SERVICE = Path("/run/unsit/line")
"""Where the service is followed."""
KEPT = 300
"""So many of the last passing messages are told to a new follower."""
_FOLLOWERS = 4
_PATIENCE = 2000
"""Passing messages that may wait for a follower."""
_NO_ROOM_S = 0.2
_LONGEST = 4096
"""Bytes in a line that a follower says."""

ASKS = {"kind": "ask"}
"""What a follower says that wants to know whether the device is still there; the time is the answer."""

Message = Mapping[str, Any]
Hands = Callable[[Any], None]


class NoLineError(OSError):
    """There can be no socket there."""


class Line:
    """The device's end, with a thread of its own that sleeps while nobody follows and nothing is told."""

    def __init__(self, path: Path, newcomer: Callable[[], None], hands: Hands | None = None) -> None:
        """`newcomer` is called when somebody begins to follow, or asks. Without `hands` nobody may say another word.

        Raises NoLineError where there can be no socket.
        """
        self._newcomer = newcomer
        self._hands = hands
        self._lock = threading.Lock()
        self._kept: deque[bytes] = deque(maxlen=KEPT)
        self._followers: list[_Follower] = []
        self._closing = False
        self._path = path
        self._door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            path.unlink(missing_ok=True)
            self._door.bind(str(path))
            path.chmod(0o660)
            self._door.listen(_FOLLOWERS)
        except OSError as error:
            self._door.close()
            raise NoLineError(error.errno, error.strerror or str(error), str(path)) from error
        self._door.setblocking(False)
        self._bell, self._rung = socket.socketpair()
        self._bell.setblocking(False)
        self._thread = threading.Thread(target=self._run, name="line", daemon=True)
        self._thread.start()

    @property
    def followed(self) -> bool:
        """Somebody listens."""
        return bool(self._followers)

    def tell(self, kind: str, *, kept: bool = True, **message: Any) -> None:
        """Say something that passes, such as a fact; the last few that are `kept` are told to newcomers."""
        told = _line(kind, message)
        with self._lock:
            if kept:
                self._kept.append(told)
            for follower in self._followers:
                follower.passing.append(told)
        self._ring()

    def stand(self, kind: str, **message: Any) -> None:
        """Say how something is from now on, to whoever follows now."""
        if not self._followers:
            return
        told = _line(kind, message)
        with self._lock:
            for follower in self._followers:
                if follower.knows.get(kind) != told:
                    follower.knows[kind] = follower.standing[kind] = told
        self._ring()

    def start_afresh(self) -> None:
        """What was told so far concerns nobody any more; followers are told so."""
        afresh = _line("afresh", {})
        with self._lock:
            self._kept.clear()
            for follower in self._followers:
                follower.begin_afresh(afresh)
        self._ring()

    def close(self) -> None:
        """Hang up on everybody."""
        self._closing = True
        self._ring()
        self._thread.join(timeout=1.0)
        self._path.unlink(missing_ok=True)

    def _ring(self) -> None:
        # A bell that is full rings already.
        with suppress(OSError):
            self._bell.send(b"!")

    # ---- on its own thread

    def _run(self) -> None:
        try:
            self._attend_all()
        finally:
            with self._lock:
                for follower in self._followers:
                    follower.socket.close()
                self._followers.clear()

    def _attend_all(self) -> None:
        with selectors.DefaultSelector() as selector, self._door, self._rung, self._bell:
            selector.register(self._door, selectors.EVENT_READ)
            selector.register(self._rung, selectors.EVENT_READ)
            while not self._closing:
                for key, events in selector.select():
                    self._attend(selector, key, events)
                self._ask_for_room(selector)

    def _attend(self, selector: selectors.BaseSelector, key: selectors.SelectorKey, events: int) -> None:
        if key.fileobj is self._door:
            self._let_in(selector)
        elif key.fileobj is self._rung:
            self._rung.recv(4096)
        elif not (self._listen(key.data) if events & selectors.EVENT_READ else self._send(key.data)):
            self._hang_up(selector, key.data)

    def _let_in(self, selector: selectors.BaseSelector) -> None:
        try:
            caller, _ = self._door.accept()
        except OSError:
            # With no handle left, whoever waits at the door would be seen there again at once.
            threading.Event().wait(_NO_ROOM_S)
            return
        if len(self._followers) >= _FOLLOWERS:
            caller.close()
            return
        caller.setblocking(False)
        follower = _Follower(caller)
        with self._lock:
            follower.passing.extend(self._kept)
            self._followers.append(follower)
        selector.register(caller, selectors.EVENT_READ, follower)
        try:
            self._newcomer()
        except Exception:
            _log.exception("nobody could say how things stand")

    def _ask_for_room(self, selector: selectors.BaseSelector) -> None:
        """Those with something to hear are written to as soon as they read."""
        for follower in list(self._followers):
            if len(follower.passing) > _PATIENCE:
                self._hang_up(selector, follower)
                continue
            with self._lock:
                waits = follower.waits
            selector.modify(follower.socket, selectors.EVENT_READ | (selectors.EVENT_WRITE if waits else 0), follower)

    def _send(self, follower: _Follower) -> bool:
        with self._lock:
            told = follower.next_bytes()
            try:
                follower.unsent = told[follower.socket.send(told) :]
            except BlockingIOError:
                pass
            except OSError:
                return False
        return True

    def _listen(self, follower: _Follower) -> bool:
        """Take what a follower says; False when it has gone, or says what nobody may."""
        try:
            heard = follower.socket.recv(_LONGEST)
        except BlockingIOError:
            return True
        except OSError:
            return False
        if not heard:
            return False
        *lines, follower.heard = (follower.heard + heard).split(b"\n")
        return len(follower.heard) <= _LONGEST and all(self._obey(follower, line) for line in lines)

    def _obey(self, follower: _Follower, line: bytes) -> bool:
        try:
            message = json.loads(line)
            if message == ASKS:
                self._answer(follower)
                return True
            if self._hands is None:
                return False
            self._hands(message)
        except (ValueError, RecursionError) as error:
            _log.warning("somebody on the line said what isn't understood: %s", error)
            return False
        except Exception:
            # Everybody else is still to be heard.
            _log.exception("hands could not do as somebody on the line said")
            return False
        return True

    def _answer(self, follower: _Follower) -> None:
        """Have the time told once more, even one that stands: by the loop, so that one which hangs is noticed."""
        with self._lock:
            follower.knows.pop("time", None)
        self._newcomer()

    def _hang_up(self, selector: selectors.BaseSelector, follower: _Follower) -> None:
        selector.unregister(follower.socket)
        follower.socket.close()
        with self._lock:
            self._followers.remove(follower)


class _Follower:
    """Somebody who listens, and what they haven't heard yet."""

    def __init__(self, caller: socket.socket) -> None:
        self.socket = caller
        self.passing: deque[bytes] = deque()
        self.standing: dict[str, bytes] = {}
        self.knows: dict[str, bytes] = {}
        self.unsent = b""
        self.heard = b""

    def begin_afresh(self, afresh: bytes) -> None:
        """What it hasn't heard yet, and what it knows, concerns nobody any more."""
        self.passing.clear()
        self.standing.clear()
        self.knows.clear()
        self.unsent += afresh

    @property
    def waits(self) -> bool:
        """There is something to hear."""
        return bool(self.unsent or self.passing or self.standing)

    def next_bytes(self) -> bytes:
        """What to send now; a line once begun is finished first."""
        if not self.unsent:
            self.unsent = b"".join([*self.standing.values(), *self.passing])
            self.standing.clear()
            self.passing.clear()
        return self.unsent


def _line(kind: str, message: Message) -> bytes:
    return json.dumps({"kind": kind, **message}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
