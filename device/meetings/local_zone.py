"""The zone of this computer: what times without a zone are meant in; and when its clock can't be right."""

from __future__ import annotations

import os
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

FIRST_YEAR = 2026
"""No clock that is right says an earlier one."""
_HERE = "/etc/localtime"


def local_zone() -> tzinfo:
    """With its rules for summer time, if they are known."""
    told = os.environ.get("TZ")
    try:
        if told:
            return ZoneInfo(told.removeprefix(":"))
        with open(_HERE, "rb") as rules:
            return ZoneInfo.from_file(rules, key="here")
    except (OSError, ValueError):
        zone = datetime.now().astimezone().tzinfo
        assert zone is not None, "a local time has its zone"
        return zone


def zone_mark() -> str:
    """Another text for another zone, though two may have the same one."""
    return f"{os.environ.get('TZ') or os.path.realpath(_HERE)} {datetime.now().astimezone():%z}"
