"""The line: a unix socket on which followers hear how the device is, and give orders. At the simulated desk they act.

Each message is one line of JSON with its `kind`. Some kinds stand until the next message of that kind replaces them.
A slow follower may miss some of these, but none of the others. The line hangs up on a follower that doesn't read at
all. Telling never waits. The answer to an order has the order's number, and only who gave it hears it.
"""

from __future__ import annotations

import json
import logging
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from device.run.orders import A_SECOND, Answer, Pace, answered

_log = logging.getLogger(__name__)

SERVICE = Path("/run/unsit/line")
"""The socket of the service."""
KEPT = 300
"""How many of the last passing messages a new follower is told."""
_FOLLOWERS = 4
_PATIENCE = 2000
"""How many passing messages and answers may wait for a follower."""
_NO_ROOM_S = 0.2
_MUCH = 2 * A_SECOND
"""After so many orders and questions in a second, the line listens only now and then."""
_BREATH_S = 0.1
_LONGEST = 16_384
"""The most bytes in a line from a follower: what the page takes from a browser, with every letter escaped."""
_AT_ONCE = 4096

ASKS = {"kind": "ask"}
"""A follower says this to learn whether the device is still there; the answer is the time."""

Message = Mapping[str, Any]
Hands = Callable[[Any], None]
Obey = Callable[[object, object], Answer]
"""Takes an order's name and value."""


class NoLineError(OSError):
    """No socket can be made there."""


class Line:
    """The device's end of the line. Its thread sleeps while nobody follows and nothing is told."""

    def __init__(
        self, path: Path, newcomer: Callable[[], None], hands: Hands | None = None, obey: Obey | None = None
    ) -> None:
        """`newcomer` is called when a follower comes or asks. Whatever else they say is for `hands` and `obey`.

        Raises NoLineError if no socket can be made.
        """
        self._newcomer = newcomer
        self._hands, self._obeys = hands, obey
        self._pace = Pace(_MUCH)
        self._lock = threading.Lock()
        self._kept: deque[bytes] = deque(maxlen=KEPT)
        self._followers: list[_Following] = []
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
        """Whether anybody follows."""
        return bool(self._followers)

    def tell(self, kind: str, *, kept: bool = True, **message: Any) -> None:
        """Tell something that passes, such as a fact. New followers are told the last few that are `kept`."""
        told = _line(kind, message)
        with self._lock:
            if kept:
                self._kept.append(told)
            for follower in self._followers:
                follower.passing.append(told)
        self._ring()

    def stand(self, kind: str, **message: Any) -> None:
        """Tell present followers how something stands from now on."""
        if not self._followers:
            return
        told = _line(kind, message)
        with self._lock:
            unaware = [follower for follower in self._followers if follower.knows.get(kind) != told]
            for follower in unaware:
                follower.knows[kind] = follower.standing[kind] = told
        if unaware:
            self._ring()

    def start_afresh(self) -> None:
        """Drop all that was told so far, and tell the followers to do so too."""
        afresh = _line("afresh", {})
        with self._lock:
            self._kept.clear()
            for follower in self._followers:
                follower.begin_afresh(afresh)
        self._ring()

    def close(self) -> None:
        """Hang up on all followers."""
        self._closing = True
        self._ring()
        self._thread.join(timeout=1.0)
        self._path.unlink(missing_ok=True)

    def _ring(self) -> None:
        # If the bell is full, it rings already.
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
            self._rung.recv(_AT_ONCE)
        elif not (self._listen(key.data) if events & selectors.EVENT_READ else self._send(key.data)):
            self._hang_up(selector, key.data)

    def _let_in(self, selector: selectors.BaseSelector) -> None:
        try:
            caller, _ = self._door.accept()
        except OSError:
            # No file handle is left. Without a wait, the loop would spin on the same waiting follower.
            threading.Event().wait(_NO_ROOM_S)
            return
        if len(self._followers) >= _FOLLOWERS:
            caller.close()
            return
        caller.setblocking(False)
        follower = _Following(caller)
        with self._lock:
            follower.passing.extend(self._kept)
            self._followers.append(follower)
        selector.register(caller, selectors.EVENT_READ, follower)
        try:
            self._newcomer()
        except Exception:
            _log.exception("nobody could say how things stand")

    def _ask_for_room(self, selector: selectors.BaseSelector) -> None:
        """Watch for the moment at which followers with waiting messages can be written to."""
        for follower in list(self._followers):
            if len(follower.passing) + len(follower.answers) > _PATIENCE:
                self._hang_up(selector, follower)
                continue
            with self._lock:
                waits = follower.waits
            selector.modify(follower.socket, selectors.EVENT_READ | (selectors.EVENT_WRITE if waits else 0), follower)

    def _send(self, follower: _Following) -> bool:
        with self._lock:
            told = follower.next_bytes()
            try:
                follower.unsent = told[follower.socket.send(told) :]
            except BlockingIOError:
                pass
            except OSError:
                return False
        return True

    def _listen(self, follower: _Following) -> bool:
        """Take what a follower says; False if it has gone or says something that isn't allowed."""
        try:
            heard = follower.socket.recv(_AT_ONCE)
        except BlockingIOError:
            return True
        except OSError:
            return False
        if not heard:
            return False
        *lines, follower.heard = (follower.heard + heard).split(b"\n")
        is_fine = len(follower.heard) <= _LONGEST and all(self._obey(follower, line) for line in lines)
        if self._pace.is_full(time.monotonic()):
            # A flood waits, so that it takes no time from the loop. What the device tells waits with it, for a moment.
            _breathe()
        return is_fine

    def _obey(self, follower: _Following, line: bytes) -> bool:
        try:
            message = json.loads(line)
            if message == ASKS:
                self._pace.count(time.monotonic())
                self._answer(follower)
            elif self._obeys is not None and isinstance(message, dict) and message.get("kind") == "order":
                self._pace.count(time.monotonic())
                self._take_order(self._obeys, follower, message)
            elif self._hands is not None:
                self._hands(message)
            else:
                return False
        except (ValueError, RecursionError) as error:
            _log.warning("a follower sent something that isn't understood: %s", error)
            return False
        except Exception:
            # The other followers still have to be served.
            _log.exception("hands could not do as somebody on the line said")
            return False
        return True

    def _answer(self, follower: _Following) -> None:
        """Have the loop tell the time again, even if the clock stands. So a follower notices a loop that hangs."""
        with self._lock:
            follower.knows.pop("time", None)
        self._newcomer()

    def _take_order(self, obey: Obey, follower: _Following, order: Message) -> None:
        nth = order.get("nth")
        if not isinstance(nth, int) or order.keys() != {"kind", "nth", "do", "to"}:
            raise ValueError("an order has nth, do and to")
        answer = answered(obey, order["do"], order["to"])
        with self._lock:
            follower.answers.append(_line("answer", {"nth": nth, **answer}))

    def _hang_up(self, selector: selectors.BaseSelector, follower: _Following) -> None:
        selector.unregister(follower.socket)
        follower.socket.close()
        with self._lock:
            self._followers.remove(follower)


class _Following:
    """A follower and the messages that wait for it."""

    def __init__(self, caller: socket.socket) -> None:
        self.socket = caller
        self.answers: list[bytes] = []
        self.passing: deque[bytes] = deque()
        self.standing: dict[str, bytes] = {}
        self.knows: dict[str, bytes] = {}
        self.unsent = b""
        self.heard = b""

    def begin_afresh(self, afresh: bytes) -> None:
        """Drop what waits but answers, and tell the follower to drop what it knows."""
        self.passing.clear()
        self.standing.clear()
        self.knows.clear()
        self.unsent += afresh

    @property
    def waits(self) -> bool:
        """Whether messages wait."""
        return bool(self.unsent or self.answers or self.passing or self.standing)

    def next_bytes(self) -> bytes:
        """The bytes to send now. A line that has been begun is finished first."""
        if not self.unsent:
            self.unsent = b"".join([*self.answers, *self.standing.values(), *self.passing])
            self.answers.clear()
            self.standing.clear()
            self.passing.clear()
        return self.unsent


def _breathe() -> None:
    threading.Event().wait(_BREATH_S)


def _line(kind: str, message: Message) -> bytes:
    told = json.dumps({"kind": kind, **message}, ensure_ascii=False, separators=(",", ":"))
    return told.encode("utf-8", "replace") + b"\n"
