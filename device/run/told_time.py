"""Whether the clock can be trusted, and who set it: the network, the kernel or a hardware clock."""

from __future__ import annotations

import ctypes
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

_SYNCHRONIZED = Path("/run/systemd/timesync/synchronized")
"""Only systemd-timesyncd makes this file, once a server has answered."""
_RTCS = Path("/sys/class/rtc")

_STA_UNSYNC = 0x40
_AGREES_S = 300.0
"""How many seconds the two clocks may differ. The system's, set from the hardware's, drifts some seconds a week."""
_EARLIEST = datetime(2025, 1, 1, tzinfo=UTC).timestamp()
"""The earliest time to believe. A hardware clock without its battery begins in 1970 or 2000."""


def told_by() -> str | None:
    """Who told the time, in a few words; None if it isn't known that anybody has."""
    if _SYNCHRONIZED.exists():
        return "the network"
    if not _kernel_status() & _STA_UNSYNC:
        return "a program that keeps the clock in step"
    if any(abs(at - time.time()) <= _AGREES_S for at in _hardware_clocks()):
        return "a hardware clock"
    return None


class _Timex(ctypes.Structure):
    """The beginning of the kernel's `struct timex`, with room for the rest."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        *((name, ctypes.c_long) for name in ("offset", "freq", "maxerror", "esterror")),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    )


def _kernel_status() -> int:
    """The status word of adjtimex: what chrony, ntpd, PTP or timesyncd have told the kernel."""
    asked = _Timex()
    with suppress(OSError, AttributeError):
        # With no modes set it only reads, which anybody may do.
        if ctypes.CDLL(None).adjtimex(ctypes.byref(asked)) != -1:
            return int(asked.status)
    return _STA_UNSYNC


def _hardware_clocks() -> list[float]:
    """The readings of the hardware clocks that have been set, in seconds since 1970."""
    found = []
    for file in sorted(_RTCS.glob("*/since_epoch")):
        # A clock without its battery or on a broken bus can't be read.
        with suppress(OSError, ValueError):
            found.append(float(file.read_text()))
    return [at for at in found if at >= _EARLIEST]
