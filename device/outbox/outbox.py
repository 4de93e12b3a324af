"""Sends the facts of the journal, each once and in their order. The journal itself is the outbox.

It looks into the journal only after something was told, and once the device must have written that. A fact counts as
sent when the broker has acknowledged it and all before it.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from device.files.complaint import in_a_line
from device.journal.reader import JournalError
from device.journal.rows import WRITES_EVERY_S
from device.outbox.cursor import CursorFile
from device.outbox.unsent import Unsent, UnsentFact, last_fact, unsent
from device.topics.fact_message import message_about
from device.topics.message_form import FactId
from device.topics.names import Topics
from device.topics.sent_message import SendAgain, Sent

_log = logging.getLogger(__name__)

WINDOW = 20
"""How many facts may be on their way."""
_WRITTEN_AFTER_S = WRITES_EVERY_S + 2.0
"""What was told is in the journal then."""
_TRIES = 10
_LONGEST_S = 600.0
"""How long to wait, at the most, between two looks for what was told but isn't in the journal.

So long also after the broker has refused a fact."""
_SAYS_EVERY_S = 600.0
"""How often to say how far the broker has heard, at the most."""


class Send(Protocol):
    """Sends a message; `acknowledged` is called once the broker has it, `refused` if it doesn't take it.

    Neither is if the connection is lost first.
    """

    def __call__(
        self,
        topic: str,
        payload: bytes,
        *,
        retain: bool = False,
        acknowledged: Callable[[], None] | None = None,
        refused: Callable[[], None] | None = None,
    ) -> None: ...


@dataclass(slots=True)
class _OnItsWay:
    """A fact that was sent."""

    sent: UnsentFact
    is_heard: bool = False


class Outbox:
    """An Attentive without a socket. It sends while there is a connection."""

    def __init__(
        self,
        topics: Topics,
        journal: Path,
        cursor: CursorFile,
        send: Send,
        *,
        written_after_s: float = _WRITTEN_AFTER_S,
        says_every_s: float = _SAYS_EVERY_S,
    ) -> None:
        """What is told is in the journal after so long; how far it was heard is said so often at the most."""
        self._topics, self._journal, self._file, self._send = topics, journal, cursor, send
        self._written_after_s, self._says_every_s = written_after_s, says_every_s
        self._is_connected = self._is_closing = False
        self._stirred = False
        """Something has happened, so that it has to look at once."""
        self._looks_at: float | None = None
        self._told_s: float | None = None
        """The latest instant of a fact that was told and isn't known to be in the journal."""
        self._tries = 0
        self._queue: deque[UnsentFact] = deque()
        self._read_to: FactId | None = None
        """Up to where the journal was read; None for the cursor itself."""
        self._has_more = False
        """There may be more in the journal."""
        self._on_their_way: deque[_OnItsWay] = deque()
        self._last: FactId | None = None
        """The last fact that was sent over this connection or acknowledged before."""
        self._missing_from: FactId | None = None
        self._is_before_journal = False
        """It ran before the device had written anything, so that all of it is new."""
        self._is_faulty = self._is_refused = False
        self._said: Sent | None = None
        self._said_at = 0.0

    # ---- what happens

    def told(self, said: float, now: float) -> None:
        """The device has told a fact, known to it since the instant `said`, which it will write soon."""
        self._told_s = said if self._told_s is None else max(self._told_s, said)
        self._tries = 0
        if self._looks_at is None:
            self._looks_at = now + self._written_after_s

    def connected(self) -> None:
        """There is a connection. What was on its way over the one before is sent again."""
        self._is_connected, self._said = True, None
        self._is_before_journal |= not self._file.began.book and not self._has_journal()
        with suppress(JournalError):
            self._begin()
        self._begin_afresh()

    def lost(self) -> None:
        """The connection is lost."""
        self._is_connected = False
        self._queue.clear()
        self._on_their_way.clear()

    def send_again(self, order: SendAgain) -> str:
        """Go back to an earlier fact, but not behind the first one that was ever to be sent.

        Why it can't, in a line; empty if it does, or if no facts are asked for.
        """
        here, began = self._file.cursor, self._file.began
        if not order.facts:
            return ""
        if not here.book:
            return "there is no journal yet"
        if order.book != here.book:
            return f"there is no journal {order.book}; there is {here.book}"
        first = began.facts if began.book == here.book else None
        asked = max(order.after or FactId(0, 0), first or FactId(0, 0))
        if here.facts is not None and asked < here.facts:
            _log.info("asked to send again all after %s", asked)
            self._file.cursor = replace(here, facts=asked if asked.run else None)
            self._begin_afresh()
        return ""

    def close(self) -> None:
        """Keep how far the broker has heard, and what it still acknowledges."""
        self._is_closing = True
        self._file.keep()

    # ---- as an Attentive

    def wants(self) -> Mapping[int, int]:
        """It has no socket."""
        return {}

    @property
    def deadline(self) -> float | None:
        """When to look at the latest."""
        if not self._is_connected:
            return None
        if self._stirred:
            return 0.0
        is_news = self.is_idle and self._said != self._heard_so_far()
        says_at = self._said_at + self._says_every_s if is_news else None
        return min((each for each in (self._looks_at, says_at) if each is not None), default=None)

    def attend(self, _ready: Mapping[int, int], now: float) -> None:
        """Send what there is to send."""
        if not self._is_connected:
            return
        # Before anything is sent on, so that others can compare it with what they have.
        self._say(now)
        if self._is_refused:
            # Whoever may let the desk in takes a while, and what was on its way is asked for by the cursor again.
            self._begin_afresh()
            self._has_more, self._looks_at, self._stirred = False, now + _LONGEST_S, False
        if self._looks_at is not None and now >= self._looks_at:
            self._has_more, self._looks_at, self._stirred = True, None, True
        if self._stirred:
            self._stirred = False
            self._send_on(now)
        self._keep()

    @property
    def is_idle(self) -> bool:
        """Whether all that it knows of is sent and acknowledged."""
        return not (self._stirred or self._queue or self._on_their_way)

    # ---- sending

    def _begin_afresh(self) -> None:
        self._queue.clear()
        self._on_their_way.clear()
        self._read_to, self._last = None, self._file.heard.facts
        self._is_refused = False
        self._has_more = self._stirred = True

    def _send_on(self, now: float) -> None:
        while len(self._on_their_way) < WINDOW:
            if not self._queue and not self._read(now):
                return
            self._send_one(self._queue.popleft())

    def _send_one(self, each: UnsentFact) -> None:
        message = message_about(
            each.fact,
            each.id,
            self._file.cursor.book,
            each.when,
            about=each.about,
            after=self._last,
            missing_from=self._missing_from,
        )
        self._missing_from, self._last = None, each.id
        on_its_way = _OnItsWay(each)
        self._on_their_way.append(on_its_way)
        self._send(
            self._topics.facts,
            message.as_bytes(),
            acknowledged=lambda: self._hear(on_its_way),
            refused=lambda: self._refuse(on_its_way),
        )

    def _hear(self, one: _OnItsWay) -> None:
        """The broker has acknowledged it. The cursor moves when it has all before it, too."""
        one.is_heard = True
        while self._on_their_way and self._on_their_way[0].is_heard:
            heard = self._on_their_way.popleft().sent
            self._file.cursor = replace(self._file.cursor, facts=heard.id, heard=heard.said)
            self._stirred = True
        if self._is_closing:
            self._keep()

    def _refuse(self, one: _OnItsWay) -> None:
        """The broker doesn't take it, so nothing after it counts as heard. Those with it are mostly refused, too."""
        if one in self._on_their_way:
            self._is_refused = self._stirred = True

    def _keep(self) -> None:
        """Each write wears the card, so it waits until the window is empty."""
        if not self._on_their_way and not self._file.is_kept:
            self._file.keep()

    def _say(self, now: float) -> None:
        """Say how far the broker has heard: at once after it has come, and then now and then."""
        heard = self._heard_so_far()
        is_time = self._said is None or (self.is_idle and now >= self._said_at + self._says_every_s)
        if heard is not None and heard != self._said and is_time:
            self._said, self._said_at = heard, now
            self._send(self._topics.sent, heard.as_bytes(), retain=True)

    def _heard_so_far(self) -> Sent | None:
        here = self._file.heard
        return Sent(here.book, here.facts, here.days) if here.book else None

    # ---- reading

    def _read(self, now: float) -> bool:
        """Read the next facts; False if there are none now."""
        while self._has_more:
            try:
                self._begin()
                here = self._file.cursor
                found = unsent(self._journal, replace(here, facts=self._read_to or here.facts))
            except JournalError as error:
                self._complain(error)
                self._look_later(now)
                return False
            self._is_faulty = False
            self._take(found)
            if found.is_all and self._told_s is not None and found.last_said_s < self._told_s:
                self._look_later(now)
            if found.facts:
                return True
        return False

    def _begin(self) -> None:
        """The first time of all, what the journal has already stays where it is. Raises JournalError."""
        if not self._file.began.book:
            book, last = last_fact(self._journal)
            self._file.begin(facts=(book, None if self._is_before_journal else last))

    def _has_journal(self) -> bool:
        """Whether there is one, readable or not."""
        try:
            self._journal.stat()
        except FileNotFoundError:
            return False
        except OSError:
            pass
        return True

    def _take(self, found: Unsent) -> None:
        if found.book != self._file.cursor.book:
            self._change_books(found.book)
        self._read_to = found.read_to or self._read_to
        self._has_more = not found.is_all
        self._queue.extend(found.facts)
        if found.last_said_s >= (self._told_s or 0.0):
            self._told_s = None
        if found.missing_from is not None:
            self._missing_from = found.missing_from
            self._say_missing(f"{found.missing_from} to {found.facts[0].id} of {found.book}")

    def _change_books(self, book: str) -> None:
        before = self._file.cursor
        self._say_missing(f"all after {before.facts or 'the beginning'} of {before.book}")
        self._file.cursor = self._file.cursor.in_book(book)
        # What is on its way is acknowledged to nobody: its numbers are those of the other journal.
        self._on_their_way.clear()
        self._last = self._read_to = None

    def _say_missing(self, missing: str) -> None:
        if missing != self._file.cursor.missing:
            _log.warning("the journal has forgotten facts before they could be sent, if there were any: %s", missing)
            self._file.cursor = replace(self._file.cursor, missing=missing)

    def _look_later(self, now: float) -> None:
        """The device can't write, perhaps. It is asked less and less often, and at last not before it tells more."""
        self._has_more = False
        if self._tries < _TRIES:
            self._looks_at = now + min(self._written_after_s * 2**self._tries, _LONGEST_S)
            self._tries += 1

    def _complain(self, error: JournalError) -> None:
        if not self._is_faulty:
            _log.warning("no fact can be sent: %s", in_a_line(str(error)))
        self._is_faulty = True
