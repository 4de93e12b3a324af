"""The errors of reading a file that may contain anything: damage or a passing fault, and a one-line message."""

from __future__ import annotations

import sqlite3

from device.journal.layout import NewerLayoutError

_LINE_IS = 200
"""The most characters of an error message."""


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
"""All errors that a file with arbitrary contents may cause. SQLite's messages need not be valid text."""


def is_damage(fault: Exception) -> bool:
    """Whether the file itself is damaged; False if the card or another program is in the way."""
    # The low byte is the kind of error, the rest gives details.
    code = getattr(fault, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    return not isinstance(fault, OSError | NewerLayoutError) and code not in _PASSING


def in_a_line(fault: Exception) -> str:
    """The message in one line that any terminal can show."""
    said = " ".join(str(fault).split())[:_LINE_IS]
    return "".join(each if each.isprintable() else "?" for each in said)
