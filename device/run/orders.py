"""What the page may order of the device: each order has a name and a value, is checked, and is answered."""

from __future__ import annotations

import logging
import re
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from device.files.complaint import Complaint, ComplaintError, brief
from device.mind.snapshot import Snapshot
from device.settings.choices import is_choice
from device.words.events import LONGEST_MUTE_S, Chosen, Event, Order, Ordered, OwnWifi
from device.words.facts import FARTHEST, Away, OfficeAnswered, PersonChosen, date_of
from device.words.instants import MINUTE_S, after
from device.words.ports import Clock, Wall

_log = logging.getLogger(__name__)

A_SECOND = 10
"""How many orders the device takes in any second, from all followers together."""
_OF_STRANGERS = ("pair",)
STRANGERS_A_SECOND = 5
"""How many of these may be by somebody who isn't paired. So the others are always heard."""
TOO_MANY = Complaint("too many orders at once: the device takes {count} a second", count=A_SECOND)

_TAKES_A_FINGER = Complaint("what the panel asks now is answered by the device's own button only")
_DOES_NOTHING = Complaint("a press would do nothing now")

Answer = Mapping[str, Any]
Do = Callable[[Any], Answer]
"""Does as ordered, with the order's value. It returns what else there is to answer, or raises OrderError."""
TellCore = Callable[[Callable[[float], Event]], None]
"""Has the core hear an event that is made for the instant at which it hears it."""


class OrderError(ComplaintError):
    """The device doesn't do as ordered; one line says why."""


def refused(do: str, to: object, says: object) -> OrderError:
    """The error of an order with a value that isn't allowed. `says` is what is, as text or a Complaint."""
    return OrderError("{do} to {to}; allowed: {says}", do=do, to=brief(to), says=says)


class Orders:
    """The table of orders: by name, what does it. All are done on the thread of the line."""

    def __init__(self, table: Mapping[str, Do], now: Callable[[], float] = time.monotonic) -> None:
        self._table, self._now = table, now
        self._all, self._strangers = Pace(A_SECOND), Pace(STRANGERS_A_SECOND)
        self._not_now: Mapping[str, Complaint] = {}
        """Why an order would come to nothing, by its name."""

    def __call__(self, do: object, to: object) -> Answer:
        """Do as ordered. Raises OrderError."""
        now, paces = self._now(), [self._all, *([self._strangers] if do in _OF_STRANGERS else [])]
        for pace in paces:
            if pace.is_full(now):
                raise OrderError(TOO_MANY.text, count=pace.most)
        for pace in paces:
            pace.count(now)
        if not isinstance(do, str) or do not in self._table:
            raise OrderError("this device takes no order {what}", what=brief(do))
        if (why := self._not_now.get(do)) is not None:
            raise OrderError(why.text)
        return self._table[do](to)

    def look(self, snapshot: Callable[[], Snapshot]) -> None:
        """Know what may be ordered from this round of the loop on. The core decides on its own thread, all the same."""
        now = snapshot()
        why = _DOES_NOTHING if now.press is None else _TAKES_A_FINGER
        self._not_now = {} if now.afar is not None else {Order.PRESS.value: why}


class Pace:
    """How many there were in the last second, or in a longer time."""

    def __init__(self, most: int, within_s: float = 1.0) -> None:
        self.most, self._within_s = most, within_s
        self._last: deque[float] = deque(maxlen=most)

    def is_full(self, now: float) -> bool:
        """Whether there were as many as there may be by now."""
        return len(self._last) == self.most and now - self._last[0] < self._within_s

    def count(self, now: float) -> None:
        """There is one more."""
        self._last.append(now)


def answered(orders: Callable[[object, object], Answer], do: object, to: object) -> Answer:
    """The answer to an order, whatever comes of it."""
    try:
        return {"fine": True, **orders(do, to)}
    except ComplaintError as error:
        return {"fine": False, "why": error.complaint.told()}
    except Exception:
        # The other followers still have to be served.
        _log.exception("an order could not be done")
        return {"fine": False, "why": Complaint("the device could not do that; its log says why").told()}


def orders_to_core(
    tell: TellCore,
    clock: Clock,
    wall: Wall,
    choosable: Mapping[str, Collection[str]],
    persons: Callable[[], Collection[str]] = tuple,
) -> Mapping[str, Do]:
    """The orders that the core does. `choosable` has the values of each choice, `persons` who may sit as of now."""

    def mute(to: Any) -> Answer:
        lasts_s = _mute_s(to, clock.now(), wall)
        tell(lambda at: Ordered(at, Order.MUTE, after(at, lasts_s)))
        return {}

    def order(which: Order, to: Any) -> Answer:
        if to is not True:
            raise refused(which.value, to, "true")
        tell(lambda at: Ordered(at, which))
        return {}

    def choose(to: Any) -> Answer:
        checks: Mapping[str, Callable[[str], None]] = {
            Away.name: partial(_check_away, clock, wall),
            PersonChosen.name: partial(_check_person, persons),
            OfficeAnswered.name: _check_answer,
        }
        name, value = _choice(to, choosable, checks)
        tell(lambda at: Chosen(at, name, value))
        return {}

    plain = (each for each in Order if each is not Order.MUTE)
    named: Mapping[str, Do] = {Order.MUTE.value: mute, "choose": choose, "wifi": partial(_wifi, tell)}
    return {**named, **{each.value: partial(order, each) for each in plain}}


def _wifi(tell: TellCore, to: Any) -> Answer:
    asked = fields("wifi", to, name=str, password=str)
    if not re.fullmatch("[ -~]{0,32}", asked["name"]) or not re.fullmatch("[ -~]{0,63}", asked["password"]):
        raise OrderError("a Wi-Fi has a name of up to 32 letters and a password of up to 63")
    tell(lambda at: OwnWifi(at, asked["name"], asked["password"]))
    return {}


def fields(do: str, to: object, **kinds: type) -> Mapping[str, Any]:
    """The value of an order that has exactly these fields. Raises OrderError."""
    if isinstance(to, Mapping) and to.keys() == kinds.keys() and all(isinstance(to[k], kinds[k]) for k in kinds):
        return to
    # What it has isn't said again: it may be a code.
    raise OrderError("{do} takes an object with {keys}", do=do, keys=", ".join(kinds))


def _mute_s(to: object, now: float, wall: Wall) -> float:
    """How many seconds the order asks for."""
    wrong = OrderError("mute for {least} to {most}, or until a time before that", least="1 min", most="12 h")
    match to:
        case {"for_s": int() | float() as lasts_s, **rest} if not rest and not isinstance(lasts_s, bool):
            pass
        case {"until": str() as text, **rest} if not rest:
            lasts_s = _until_s(text, now, wall)
            if lasts_s <= 0:
                raise OrderError("{written} is past", written=brief(text))
        case _:
            raise wrong
    # A number that isn't one is in no bounds.
    if not MINUTE_S <= lasts_s <= LONGEST_MUTE_S:
        raise wrong
    return float(lasts_s)


def _until_s(text: str, now: float, wall: Wall) -> float:
    reads = wall.reads(now)
    if reads is None or not wall.is_right:
        raise OrderError("the device doesn't know the time yet: mute it for a while instead")
    try:
        return (datetime.fromisoformat(text) - reads).total_seconds()
    except (ValueError, TypeError):
        # Without a zone two clocks can't be compared.
        raise OrderError("{written} is no time with its zone", written=brief(text)) from None


def _check_away(clock: Clock, wall: Wall, until: str) -> None:
    """Raise OrderError unless that may be the first day on which somebody is back, or they are back already."""
    if not until:
        return
    reads = wall.reads(clock.now())
    if reads is None or not wall.is_right:
        raise OrderError("the device doesn't know the date yet, so it can't know when you are back")
    day, today = date_of(until), reads.date()
    if day is None:
        raise OrderError("{written} is no date; write it as {example}", written=brief(until), example="2027-01-07")
    if not timedelta(0) < day - today <= FARTHEST:
        bounds = {"first": today + timedelta(days=1), "last": today + FARTHEST}
        raise OrderError("you can't be back on {day}: allowed are {first} to {last}", day=day, **bounds)


def _check_person(persons: Callable[[], Collection[str]], name: str) -> None:
    """Raise OrderError unless the settings name that person."""
    names = persons()
    if not names:
        raise OrderError("one person sits here: {key} in the settings names no others", key="persons.names")
    if name not in names:
        raise OrderError("nobody is called {what} here; there are {names}", what=brief(name), names=", ".join(names))


def _check_answer(value: str) -> None:
    """Raise OrderError unless it is an answer. Whether what it answers still waits the core knows."""
    if not is_choice(OfficeAnswered.name, value):
        raise OrderError("{what} is no answer; write it as {example}", what=brief(value), example="spring taken")


def _choice(
    to: object, choosable: Mapping[str, Collection[str]], checks: Mapping[str, Callable[[str], None]]
) -> tuple[str, str]:
    asked = fields("choose", to, name=str, value=str)
    name, value = asked["name"], asked["value"]
    if name in checks:
        checks[name](value)
        return name, value
    if name not in choosable:
        raise OrderError("there is nothing called {what} to choose", what=brief(name))
    if value not in choosable[name]:
        raise OrderError("{what} can't be {value}", what=name, value=brief(value))
    return name, value
