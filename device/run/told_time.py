"""Who has told this computer the time, so that its clock can be trusted: the network, the kernel, a hardware clock."""

from __future__ import annotations

import ctypes
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

_SYNCHRONIZED = Path("/run/systemd/timesync/synchronized")
"""systemd-timesyncd leaves it there once a server has answered, and no other program does."""
_RTCS = Path("/sys/class/rtc")

_STA_UNSYNC = 0x40
_AGREES_S = 300.0
"""A hardware clock and the system's, once set from it, drift apart by some seconds a week."""
_EARLIEST = datetime(2025, 1, 1, tzinfo=UTC).timestamp()
"""A hardware clock that has lost its battery begins in 1970 or 2000."""


def told_by() -> str | None:
    """Who told the time, in a few words; None while it can't be known that anybody has."""
    if _SYNCHRONIZED.exists():
        return "the network"
    if not _kernel_status() & _STA_UNSYNC:
        return "a program that keeps the clock in step"
    if any(abs(at - time.time()) <= _AGREES_S for at in _hardware_clocks()):
        return "a hardware clock"
    return None


class _Timex(ctypes.Structure):
    """The beginning of the kernel's `struct timex`, and room for the rest."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        *((name, ctypes.c_long) for name in ("offset", "freq", "maxerror", "esterror")),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    )


def _kernel_status() -> int:
    """What the kernel knows of its clock, as adjtimex has it. Chrony, ntpd and PTP tell it, and so does timesyncd."""
    asked = _Timex()
    with suppress(OSError, AttributeError):
        # With no modes set it merely answers, and that anybody may ask.
        if ctypes.CDLL(None).adjtimex(ctypes.byref(asked)) != -1:
            return int(asked.status)
    return _STA_UNSYNC


def _hardware_clocks() -> list[float]:
    """What those read that have been set, in seconds since 1970."""
    found = []
    for file in sorted(_RTCS.glob("*/since_epoch")):
        # One without its battery, or on a bus that is broken, can't be read.
        with suppress(OSError, ValueError):
            found.append(float(file.read_text()))
    return [at for at in found if at >= _EARLIEST]
