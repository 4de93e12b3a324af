"""What may come of a file in which anything may stand: damage or a passing fault, and how it is told in a line."""

from __future__ import annotations

import sqlite3

from device.journal.layout import (
    NewerLayoutError,
)

_LINE_IS = 200
"""So many signs are enough to say what is wrong."""


_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}


FAULTS = (OSError, sqlite3.Error, ArithmeticError, RecursionError, TypeError, ValueError)
"""All that may come of a file in which anything may stand; SQLite's own words needn't be text."""


def is_damage(fault: Exception) -> bool:
    """Whether it is the file, and not the card or another program that stands in the way."""
    # The lower byte says what, the rest in which way.
    code = getattr(fault, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    return not isinstance(fault, OSError | NewerLayoutError) and code not in _PASSING


def in_a_line(fault: Exception) -> str:
    """What it says, in one line that any terminal can show."""
    said = " ".join(str(fault).split())[:_LINE_IS]
    return "".join(each if each.isprintable() else "?" for each in said)
