"""Reads timezone.txt, the time zone of the house. Without it, a country whose zones are all alike gives one."""

from __future__ import annotations

import re
from pathlib import Path

from unsit_card.faults import Fault, Found
from unsit_card.text import Written, unquoted

ZONE_FILE = "timezone.txt"
ZONES = Path("/usr/share/zoneinfo")


def zone_of(file: Written, zones: Path = ZONES) -> tuple[str, list[Found]]:
    """The zone's name as the system has it, empty if there is none, and what is wrong."""
    if not file.lines:
        return "", [Found(file.file, Fault.EMPTY)]
    number, line = file.lines[0]
    told = unquoted(re.sub(r"^(timezone|zeitzone|zone)\s*[=:]\s*", "", line, flags=re.IGNORECASE))
    zone = _known(told, zones)
    if not zone:
        return "", [Found(file.file, Fault.ZONE, number)]
    return zone, [Found(file.file, Fault.TWO_ZONES, file.lines[1][0])] if len(file.lines) > 1 else []


def zone_in(country: str, zones: Path = ZONES) -> str:
    """The zone of that country, empty if its parts have different times."""
    try:
        rows = [line.split("\t") for line in (zones / "zone.tab").read_text("utf-8").splitlines()]
        there = [row[2] for row in rows if row[0] == country and len(row) > 2]
        # The table names the larger places first.
        return there[0] if len({_rule(zones / zone) for zone in there}) == 1 else ""
    except (OSError, ValueError):
        return ""


def _known(told: str, zones: Path) -> str:
    """The name of that zone, however it has capitals and blanks."""
    parts = told.replace(" ", "_").split("/")
    # Those at the top are old names and other tables, and one of them is the link that this sets.
    if told.upper() != "UTC" and (len(parts) < 2 or parts[0].lower() in ("right", "posix")):
        return ""
    place = zones
    try:
        for part in parts:
            place = next(each for each in place.iterdir() if each.name.lower() == part.lower())
        return str(place.relative_to(zones)) if place.read_bytes().startswith(b"TZif") else ""
    except (OSError, StopIteration):
        return ""


def _rule(zone: Path) -> bytes:
    """What holds there from now on, which the file says in its last line."""
    return zone.read_bytes().rsplit(b"\n", 2)[-2]
