"""The process that reads one calendar: it ends, whatever it reads, and runs as nobody who matters."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from device.calendars.lines import CalendarError
from device.files.user_file import UserFileError
from device.meetings import child
from device.meetings.addresses import Address
from device.meetings.child import Job, ask
from tests.meetings.tls_server import CALENDAR, Answers, TlsServer

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)


def job(file: Path) -> Job:
    return Job(None, file, NOW, NOW + timedelta(days=7))


def test_a_process_that_never_answers_is_ended(
    serves: Callable[[Answers], TlsServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()

    def answers(*_: object) -> None:
        over.wait(60)

    server = serves(answers)
    # The process itself would wait longer.
    monkeypatch.setattr(child, "FETCHES_WITHIN_S", 0.5)
    monkeypatch.setattr(child, "_READS_WITHIN_S", 0.5)
    began = time.monotonic()
    try:
        with pytest.raises(CalendarError, match="takes too long to read"):
            ask(Job(Address(server.at("/x")), None, NOW, NOW))
    finally:
        over.set()
    assert time.monotonic() - began < 20


def test_a_process_that_dies_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(CalendarError, match="takes too much time or memory"):
        ask(job(tmp_path / "team.ics"))
    monkeypatch.setattr(sys, "executable", "/nowhere")
    with pytest.raises(CalendarError, match="no process can be started: No such file or directory"):
        ask(job(tmp_path / "team.ics"))


def test_the_largest_calendar_is_read_with_a_few_hundred_megabytes(tmp_path: Path) -> None:
    file = tmp_path / "team.ics"
    parts = b"BEGIN:X-A\nEND:X-A\n" * 540_000
    file.write_bytes(CALENDAR.replace(b"BEGIN:VEVENT", parts + b"BEGIN:VEVENT"))
    assert 9_500_000 < file.stat().st_size < 10_000_000
    assert ask(job(file)).spans


def test_a_rule_gone_wild_is_passed_over_at_once_even_a_hundred_times(tmp_path: Path) -> None:
    file = tmp_path / "team.ics"
    event = (
        b"BEGIN:VEVENT\r\nUID:%d\r\nDTSTART:20000101T000000Z\r\nDURATION:PT1S\r\nRRULE:FREQ=SECONDLY\r\nEND:VEVENT\r\n"
    )
    many = b"".join(event % number for number in range(100))
    file.write_bytes(CALENDAR.replace(b"END:VCALENDAR", many + b"END:VCALENDAR"))
    answer = ask(job(file))
    assert answer.passed_over == 100
    assert answer.spans


def test_a_file_in_a_home_folder_says_why_the_service_does_not_see_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATE_DIRECTORY", "/var/lib/unsit-meetings")
    with pytest.raises(CalendarError, match="lies in a home folder, which the service can't look into"):
        ask(job(Path("/home/nobody-of-that-name/team.ics")))


def test_a_file_of_somebody_else_says_who_may_not_read_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> bytes:
        raise UserFileError("the file: can't be read: Permission denied") from PermissionError()

    monkeypatch.setattr(child, "user_bytes", refuse)
    with pytest.raises(CalendarError, match="can't be read by the user "):
        child._of_file(str(tmp_path / "team.ics"))


def test_what_strangers_have_written_is_not_read_as_root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    as_whom: list[dict[str, Any]] = []

    def run(*_: object, **words: Any) -> SimpleNamespace:
        as_whom.append({key: value for key, value in words.items() if key in ("user", "group", "extra_groups")})
        return SimpleNamespace(stdout=b'{"trouble": "none"}')

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(pwd, "getpwnam", lambda name: SimpleNamespace(pw_uid=997, pw_gid=996, pw_name=name))
    for user, prefix in ((0, "/opt/unsit"), (0, "/somewhere"), (997, "/opt/unsit")):
        monkeypatch.setattr(os, "geteuid", lambda user=user: user)
        monkeypatch.setattr(sys, "prefix", prefix)
        with pytest.raises(CalendarError, match="none"):
            ask(job(tmp_path))
    assert as_whom == [{"user": 997, "group": 996, "extra_groups": []}, {}, {}]
