"""The names that programs give to zones, and those by which the library knows them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from zoneinfo import available_timezones

from icalendar.timezone import tzp

_LONGEST = 200
_ZONE = re.compile(r';TZID=("[^"]*"|[^;:]*)', re.IGNORECASE)
_WITHOUT_ZONE = re.compile(r":\d{8}(T\d{6}Z)?\s*$")
"""Times in UTC, and days, which mean the same in every zone."""
_UTC = {"z", "utc", "tzone://microsoft/utc", "coordinated universal time"}
_OFFSET = re.compile(r"(?:UTC|GMT)([+-])0?(\d{1,2})(?::?00)?", re.IGNORECASE)


def with_known_zone(line: str, defined: Collection[str]) -> str:
    """The line, with a zone that the library knows; without one if nobody does, or if it is in UTC or a day.

    `defined` has the names of the zones that the calendar defines.
    """
    found = _ZONE.search(line)
    if not found:
        return line
    name = found[1].strip('"').strip()
    known = "" if _WITHOUT_ZONE.search(line) else name if name in defined else _known(name)
    return line[: found.start()] + (f';TZID="{known}"' if known else "") + line[found.end() :]


@cache
def _known(name: str) -> str:
    return next((each for each in _candidates(name[:_LONGEST]) if tzp.timezone(each) is not None), "")


def _candidates(name: str) -> Iterator[str]:
    yield name
    if name.lower() in _UTC:
        yield "UTC"
    # Some have a prefix of their own, such as /mozilla.org/20070129_1/Europe/Berlin.
    for at in (at for at, letter in enumerate(name) if letter in "/:"):
        yield name[at + 1 :]
    if ahead := _OFFSET.fullmatch(name):
        # In these names the signs are the other way round.
        yield f"Etc/GMT{'-' if ahead[1] == '+' else '+'}{ahead[2]}"
    yield _by_small_letters().get(name.lower(), "")


@cache
def _by_small_letters() -> dict[str, str]:
    return {each.lower(): each for each in available_timezones()}
