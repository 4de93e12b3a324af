"""Sends the totals of closed days: at night, at a second that is drawn anew for each, or soon after a start."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from device import __version__
from device.files.complaint import in_a_line
from device.journal.reader import AN_HONEST_YEAR, JournalError
from device.outbox.cursor import CursorFile
from device.outbox.outbox import Send
from device.outbox.unsent import closed_days
from device.topics.day_message import message_about_day
from device.topics.names import Topics
from device.topics.sent_message import SendAgain, Sent

_log = logging.getLogger(__name__)

_FROM_HOUR = 4
"""From then on, local time, nobody can take a break of the day before any more, and the device has added it up."""
_WITHIN_S = 3600.0
_LONGEST_S = 6 * 3600.0
"""How long to trust a plan, in seconds: the clock may be set meanwhile."""
_FURTHEST = timedelta(hours=30)
"""No plan is for a later second. If one seems to be, the clock was ahead when it was made."""


def local_now() -> datetime:
    """What the computer's clock shows."""
    return datetime.now().astimezone()


class DayOutbox:
    """An Attentive without a socket. It sends while there is a connection."""

    def __init__(
        self,
        topics: Topics,
        journal: Path,
        cursor: CursorFile,
        send: Send,
        in_time_s: Callable[[], float],
        *,
        is_alone: bool = False,
        wall: Callable[[], datetime] = local_now,
        draw: Callable[[], float] = random.random,
    ) -> None:
        """`in_time_s` returns `limits.in_time` as it is in force then; `draw` numbers from 0 to 1.

        With `is_alone`, days are all that leaves the desk.
        """
        self._topics, self._journal, self._file, self._send = topics, journal, cursor, send
        self._in_time_s, self._is_alone, self._wall, self._draw = in_time_s, is_alone, wall, draw
        self._is_connected = False
        self._looks_at: float | None = None
        self._until: datetime | None = None
        """The planned second; None before the first plan."""
        self.is_due = False
        """It is time, and not all is sent yet."""
        self._on_their_way: dict[date, bool] = {}
        """The days that were sent, and whether each is acknowledged."""
        self._name = ""
        self._said: Sent | None = None
        self._is_faulty = self._is_refused = False

    def connected(self) -> None:
        """There is a connection."""
        self._is_connected, self._is_refused, self._said = True, False, None
        self._on_their_way.clear()

    def lost(self) -> None:
        """The connection is lost."""
        self._is_connected = False
        self._on_their_way.clear()

    def put_off(self, now: float) -> None:
        """Try again within the next hour."""
        self.is_due = False
        self._plan(now, self._wall() + timedelta(seconds=self._draw() * _WITHIN_S))

    def send_again(self, order: SendAgain) -> str:
        """Go back to an earlier day, but not behind the first one that was ever to be sent. Returns nothing to say."""
        here, first = self._file.cursor.days, self._file.began.days
        if not order.days or here is None or first is None:
            return ""
        asked = max(order.days_after or first, first)
        if asked < here:
            _log.info("asked to send again the days after %s", asked)
            self._file.cursor = replace(self._file.cursor, days=asked)
            self._on_their_way.clear()
            self.is_due = True
        return ""

    # ---- as an Attentive

    def wants(self) -> Mapping[int, int]:
        """It has no socket."""
        return {}

    @property
    def deadline(self) -> float | None:
        """When to look at the latest."""
        if self.is_due:
            return 0.0 if self._is_connected and not self._on_their_way else None
        return 0.0 if self._until is None else self._looks_at

    def attend(self, _ready: Mapping[int, int], now: float) -> None:
        """Plan, or send if it is time and there is a connection."""
        if self._until is None:
            self._begin()
            self._plan(now, self._first_time())
        elif not self.is_due and self._looks_at is not None and now >= self._looks_at:
            if self._wall() < self._until:
                is_near = self._until - self._wall() <= _FURTHEST
                self._plan(now, self._until if is_near else self._first_time())
            else:
                self.is_due = True
        if self._is_refused:
            self._is_refused = False
            self.put_off(now)
        if self.is_due and self._is_connected and not self._on_their_way:
            self._send_days(now)

    # ---- planning

    def _first_time(self) -> datetime:
        """Soon after a start, as the desk may be off at night; but not before the day before is closed."""
        wall = self._wall()
        if wall.hour < _FROM_HOUR:
            return self._in_the_night(wall)
        return wall + timedelta(seconds=self._draw() * _WITHIN_S)

    def _in_the_night(self, of: datetime) -> datetime:
        begins = of.replace(tzinfo=None, hour=_FROM_HOUR, minute=0, second=0, microsecond=0).astimezone()
        return begins + timedelta(seconds=self._draw() * _WITHIN_S)

    def _plan(self, now: float, until: datetime) -> None:
        self._until = until
        self._looks_at = now + min(max((until - self._wall()).total_seconds(), 0.0), _LONGEST_S)

    def _is_done(self, now: float) -> None:
        self.is_due = False
        wall = self._wall()
        self._plan(now, self._in_the_night(wall if wall.hour < _FROM_HOUR else wall + timedelta(days=1)))

    # ---- sending

    def _send_days(self, now: float) -> None:
        if not self._begin():
            self.put_off(now)
            return
        # Until four, whenever it is asked, yesterday isn't over.
        over, after = self._wall() - timedelta(hours=_FROM_HOUR), self._file.cursor.days or date.min
        try:
            self._name, days = closed_days(self._journal, after, over, self._in_time_s())
        except JournalError as error:
            if not self._is_faulty:
                _log.warning("no day can be sent: %s", in_a_line(str(error)))
            self._is_faulty = True
            self.put_off(now)
            return
        self._is_faulty = False
        self._say()
        self._on_their_way = dict.fromkeys(days, False)
        for day, each in days.items():
            message = message_about_day(day, self._name, each.figures, __version__)
            self._send(
                self._topics.days,
                message.as_bytes(),
                acknowledged=partial(self._hear, day, self._on_their_way),
                refused=partial(self._refuse, self._on_their_way),
            )
        if not days:
            self._is_done(now)

    def _begin(self) -> bool:
        """The first time of all, days go from yesterday on; False while the clock hasn't been told the time."""
        wall, here, first = self._wall(), self._file.cursor.days, self._file.began.days
        if wall.year < AN_HONEST_YEAR:
            return False
        # Where there is no connection, it is rather the clock that is behind.
        was_ahead = here is not None and here >= wall.date() and self._is_connected
        if was_ahead:
            _log.warning("%s is noted as sent, so the clock was ahead once; days are sent again", here)
        if was_ahead and first is not None and first < wall.date():
            self._file.cursor = replace(self._file.cursor, days=first)
        elif was_ahead or here is None:
            self._file.begin(days=wall.date() - timedelta(days=2))
        return True

    def _hear(self, day: date, sent: dict[date, bool]) -> None:
        """The broker has acknowledged it. The cursor moves when it has all before it, too."""
        sent[day] = True
        if sent is not self._on_their_way:
            return
        while sent and sent[first := min(sent)]:
            del sent[first]
            self._file.cursor = replace(self._file.cursor, days=first)
        if not sent:
            self._file.keep()
            self._say()

    def _refuse(self, sent: dict[date, bool]) -> None:
        """The broker doesn't take it: try all of them again later."""
        if sent is self._on_their_way:
            self._on_their_way, self._is_refused = {}, True

    def _say(self) -> None:
        """Say how far the broker has heard, if nobody else does."""
        sent = Sent(self._name, None, self._file.heard.days)
        if self._is_alone and sent != self._said:
            self._said = sent
            self._send(self._topics.sent, sent.as_bytes(), retain=True)
