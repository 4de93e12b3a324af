"""Finds out whose calendar it is, since a file doesn't say so: what its owner has declined is no meeting of theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from device.calendars.lines import CalendarLines, name_of, value_of

_MAIL = re.compile(r"[^\s@:;,<>\"]+@[^\s@:;,<>\"]+")
_FEWEST = 3
"""As many events with people in them are needed to tell who is in all of them."""


def mail_of(address: str) -> str:
    """The e-mail address in `mailto:anna@example.org`, in small letters; empty if there is none."""
    found = _MAIL.fullmatch(address.strip().casefold().removeprefix("mailto:"))
    return found[0] if found else ""


def owner_of(calendar: CalendarLines) -> str:
    """The owner's e-mail address; empty if it isn't known.

    It is the calendar's title, if that is an address, as with Google; else the one person who is in every event that
    has people in it.
    """
    return mail_of(calendar.title) or _in_all(map(_people, calendar.events))


def _people(event: Sequence[str]) -> set[str]:
    lines = (line for line in event if name_of(line) in ("ATTENDEE", "ORGANIZER"))
    return {mail_of(value_of(line)) for line in lines} - {""}


def _in_all(meetings: Iterable[set[str]]) -> str:
    with_people = [each for each in meetings if each]
    if len(with_people) < _FEWEST:
        return ""
    common = set.intersection(*with_people)
    return common.pop() if len(common) == 1 else ""
