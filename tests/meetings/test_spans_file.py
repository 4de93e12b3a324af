"""The file of spans: what is written is read, and what is broken is one clear line."""

from __future__ import annotations

import errno
import json
import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.meetings.spans_file import (
    AHEAD,
    MOST_SPANS,
    CalendarState,
    Spans,
    SpansError,
    read_spans,
    spans_file,
    week_of,
    write_spans,
)
from device.settings.settings import JournalSettings, Settings

MADE = datetime(2026, 11, 29, 18, 20, tzinfo=UTC)
NINE = datetime(2026, 11, 30, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
TOLD: dict[str, Any] = {
    "format": 1,
    "made": "2026-11-29T18:20:00+00:00",
    "spans": [["2026-11-30T09:00:00+00:00", "2026-11-30T10:00:00+00:00"]],
    "calendars": [{"name": "work", "read": "2026-11-29T18:20:00+00:00", "trouble": None}],
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "spans.json"


def test_what_is_written_is_read_again_and_looks_as_agreed(file: Path) -> None:
    spans = Spans(MADE, ((NINE, NINE + HOUR),), (CalendarState("work", MADE, None),))
    write_spans(file, spans)
    assert json.loads(file.read_text("utf-8")) == TOLD
    assert read_spans(file) == spans
    assert file.stat().st_mode & 0o777 == 0o640, "the device reads it as a member of the group"


def test_instants_are_written_in_utc_from_whatever_zone(file: Path) -> None:
    there = NINE.astimezone(timezone(timedelta(hours=5, minutes=30)))
    write_spans(file, Spans(MADE, ((there, there + HOUR),)))
    assert json.loads(file.read_text("utf-8"))["spans"] == TOLD["spans"]


def test_no_file_is_no_error(tmp_path: Path) -> None:
    assert read_spans(tmp_path / "spans.json") is None
    assert read_spans(tmp_path / "no folder" / "spans.json") is None
    (tmp_path / "a file").touch()
    assert read_spans(tmp_path / "a file" / "spans.json") is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is no JSON"),
        ("[" * 100_000, "is too large|is no JSON"),
        ("[" * 50_000, "is no JSON"),
        ("[]", "makes no sense"),
        ("null", "makes no sense"),
        ('{"format": 2}', "written by a newer Unsit"),
        ('{"format": true, "made": 1}', "makes no sense"),
    ],
)
def test_a_broken_file_is_one_line_with_its_name(file: Path, text: str, says: str) -> None:
    file.write_text(text, "utf-8")
    with pytest.raises(SpansError, match=says) as told:
        read_spans(file)
    assert str(file) in str(told.value.complaint)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", 0),
        ("format", "1"),
        ("made", "2026-11-29T18:20:00"),
        ("made", "yesterday"),
        ("made", 7),
        ("made", "0001-01-01T00:00:00+14:00"),
        ("spans", None),
        ("spans", [["2026-11-30T09:00:00+00:00"]]),
        ("spans", [["2026-11-30T09:00:00+00:00", "2026-11-30T09:00:00+00:00"]]),
        ("spans", [["2026-11-30T09:00:00+00:00", "2026-11-30T08:00:00+00:00"]]),
        ("spans", [["2026-11-30T09:00:00", "2026-11-30T10:00:00"]]),
        ("spans", TOLD["spans"] * (MOST_SPANS + 1)),
        ("calendars", [{"name": "work"}]),
        ("calendars", [{"name": 1, "read": None, "trouble": None}]),
        ("calendars", [{"name": "work", "read": None, "trouble": 4}]),
        ("calendars", TOLD["calendars"] * 11),
    ],
)
def test_a_file_with_something_else_in_it_makes_no_sense(file: Path, key: str, value: Any) -> None:
    file.write_text(json.dumps({**TOLD, key: value}), "utf-8")
    with pytest.raises(SpansError, match="makes no sense"):
        read_spans(file)


def test_a_folder_a_loop_of_links_and_bytes_that_are_no_text_are_one_line(tmp_path: Path) -> None:
    folder, loop, latin = tmp_path / "folder", tmp_path / "loop", tmp_path / "latin"
    folder.mkdir()
    loop.symlink_to(loop)
    latin.write_bytes(b'{"format": "\xe4"}')
    for file in (folder, loop, latin):
        with pytest.raises(SpansError, match=file.name):
            read_spans(file)


def test_a_folder_that_one_may_not_look_into_is_not_taken_for_an_empty_one(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    for name in ("lstat", "open"):
        monkeypatch.setattr(os, name, refuse)
    with pytest.raises(SpansError, match="can't be read: Permission denied; only its owner may: try sudo"):
        read_spans(file)


@given(st.binary(max_size=200))
def test_whatever_bytes_are_there_it_is_spans_or_one_line(tmp_path_factory: pytest.TempPathFactory, cut: bytes) -> None:
    file = tmp_path_factory.mktemp("spans") / "spans.json"
    whole = json.dumps(TOLD).encode()
    at = len(cut) * 7 % len(whole)
    file.write_bytes(whole[:at] + cut + whole[at + len(cut) :])
    with suppress(SpansError):
        read_spans(file)


def test_the_week_has_each_meeting_once_and_those_in_a_row_apart() -> None:
    running = (MADE - HOUR, MADE + HOUR)
    past = (MADE - HOUR, MADE)
    last, beyond = (MADE + AHEAD, MADE + AHEAD + HOUR), (MADE + AHEAD + timedelta(seconds=1), MADE + AHEAD + HOUR)
    row = [(NINE, NINE + HOUR), (NINE + HOUR, NINE + 2 * HOUR)]
    assert week_of(MADE, [last, beyond, *row, *row, past, running]) == (running, *row, last)


def test_the_week_ends_where_the_file_is_full() -> None:
    many = [(NINE + timedelta(seconds=each), NINE + HOUR) for each in range(MOST_SPANS + 5)]
    assert week_of(MADE, many) == tuple(many[:MOST_SPANS])


def test_the_service_has_its_own_place_and_others_have_theirs_beside_the_journal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("STATE_DIRECTORY", raising=False)
    service = Path("/var/lib/unsit-meetings/spans.json")
    named = Settings(journal=JournalSettings(file="/somewhere/journal.db"))
    assert spans_file(Settings()) == service
    assert spans_file(named) == Path("/somewhere/meetings/spans.json")
    monkeypatch.setenv("STATE_DIRECTORY", "/var/lib/unsit")
    assert spans_file(named) == service
