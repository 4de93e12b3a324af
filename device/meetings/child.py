"""A process of its own for each calendar: whatever a server or a file does, it costs no more than this process.

It is told on standard input what to read, so that no list of processes shows it, and answers in a line of JSON.
"""

from __future__ import annotations

import json
import os
import pwd
import resource
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

from device.calendars.lines import CalendarError
from device.calendars.reading import read_calendar
from device.files.complaint import in_a_line
from device.files.installation import is_installed, with_modules
from device.files.user_file import UserFileError, user_bytes
from device.meetings.addresses import Address
from device.meetings.fetching import MOST_BYTES, Fetched, Marks, fetch
from device.meetings.local_zone import local_zone
from device.meetings.spans_file import LONGEST_TROUBLE
from device.words.events import Span

FETCHES_WITHIN_S = 30
_READS_WITHIN_S = 60.0
"""More than a Pi Zero takes for a file of the largest size, in seconds."""
_MOST_MEMORY = 350_000_000
_USER = "unsit-meetings"


@dataclass(frozen=True, slots=True)
class Job:
    """What to read: an address or a file."""

    address: Address | None
    file: Path | None
    since: datetime
    until: datetime
    marks: Marks = field(default_factory=Marks)


@dataclass(frozen=True, slots=True)
class WhatWasRead:
    """What was read; None for the spans if the calendar is as it was."""

    spans: tuple[Span, ...] | None
    passed_over: int
    marks: Marks


def ask(job: Job) -> WhatWasRead:
    """Have it read in a process of its own. Raises CalendarError."""
    told = {
        "address": job.address and job.address.secret,
        "file": job.file and str(job.file),
        "since": job.since.isoformat(),
        "until": job.until.isoformat(),
        "marks": asdict(job.marks),
    }
    try:
        ran = subprocess.run(
            [sys.executable, "-P", "-W", "ignore", "-m", "device.meetings.child"],
            input=json.dumps(told).encode(),
            stdout=subprocess.PIPE,
            # Whatever it says before it dies might have the address in it.
            stderr=subprocess.DEVNULL,
            timeout=FETCHES_WITHIN_S + _READS_WITHIN_S,
            check=False,
            # Whoever reads may not look into the folder that we are in.
            cwd="/",
            env=with_modules(),
            **_as_whom(),
        )
        answer = json.loads(ran.stdout)
    except subprocess.TimeoutExpired:
        raise CalendarError("takes too long to read") from None
    except ValueError:
        raise CalendarError("can't be read: it takes too much time or memory") from None
    except OSError as error:
        raise CalendarError(f"can't be read: no process can be started: {error.strerror}") from None
    return _answer(answer)


def _as_whom() -> dict[str, Any]:
    """What strangers have written isn't read as root, where there is somebody else to do so."""
    if os.geteuid() == 0 and is_installed():
        with suppress(KeyError):
            user = pwd.getpwnam(_USER)
            return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return {}


def _answer(told: Any) -> WhatWasRead:
    if "trouble" in told:
        raise CalendarError(in_a_line(told["trouble"])[:LONGEST_TROUBLE])
    spans = told["spans"]
    read = None if spans is None else tuple((_when(start), _when(end)) for start, end in spans)
    return WhatWasRead(read, told["passed_over"], Marks(**told["marks"]))


def _when(told: str) -> datetime:
    return datetime.fromisoformat(told)


# ---- within that process


def main() -> int:
    """Read what standard input tells."""
    for what, most in ((resource.RLIMIT_AS, _MOST_MEMORY), (resource.RLIMIT_CPU, int(_READS_WITHIN_S))):
        # The service's sandbox may not allow it, and has bounds of its own.
        with suppress(OSError, ValueError):
            resource.setrlimit(what, (most, most))
    job = json.load(sys.stdin)
    try:
        answer = _read(job)
    except CalendarError as error:
        answer = {"trouble": str(error)}
    json.dump(answer, sys.stdout)
    return 0


def _read(job: Any) -> dict[str, Any]:
    marks = Marks(**job["marks"])
    fetched = _fetched(Address(job["address"]), marks) if job["address"] else Fetched(_of_file(job["file"]), marks)
    if fetched.data is None:
        return {"spans": None, "passed_over": 0, "marks": asdict(fetched.marks)}
    found = read_calendar(fetched.data, local_zone(), _when(job["since"]), _when(job["until"]))
    spans = [[each.isoformat() for each in span] for span in found.spans]
    return {"spans": spans, "passed_over": found.passed_over, "marks": asdict(fetched.marks)}


def _fetched(address: Address, marks: Marks) -> Fetched:
    """Stopped when its time is over, be it in the middle of a line that comes a letter a second."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise _LateError

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, FETCHES_WITHIN_S)
    try:
        return fetch(address, marks)
    except _LateError:
        raise CalendarError(f"takes too long to come; allowed: {FETCHES_WITHIN_S} s") from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


class _LateError(BaseException):
    """No `Exception`, since a library might catch that."""


def _of_file(file: str) -> bytes:
    try:
        return user_bytes(Path(file), "the file", MOST_BYTES)
    except UserFileError as error:
        if isinstance(error.__cause__, PermissionError):
            raise CalendarError(f"can't be read by the user {pwd.getpwuid(os.geteuid()).pw_name}") from None
        if "STATE_DIRECTORY" in os.environ and file.startswith(("/home/", "/root/")):
            raise CalendarError("lies in a home folder, which the service can't look into") from None
        raise CalendarError(str(error).removeprefix("the file").lstrip(": ")) from None


if __name__ == "__main__":
    sys.exit(main())
