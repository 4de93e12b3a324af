"""`unsit meetings`: what a person sees of their calendars, and what nobody sees."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from device.__main__ import main
from device.commands.asking import EX_CONFIG, EX_DATA, EX_NO_INPUT, EX_UNAVAILABLE, EX_USAGE
from device.meetings.spans_file import CalendarState, Spans, write_spans
from tests.meetings.conftest import authority, context, serves
from tests.meetings.tls_server import CALENDAR, Answers, TlsServer, reply

__all__ = ["authority", "context", "serves"]

HOUR = timedelta(hours=1)


class Desk:
    """Somebody at a checkout, with a journal of their own."""

    def __init__(self, folder: Path, output: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self.now = datetime.now(UTC).replace(microsecond=0)
        self.spans = folder / "meetings/spans.json"
        self.addresses = folder / "config/unsit/calendars"
        self._folder, self._output, self._patch = folder, output, patch
        self.calendars = "[]"

    def says(self, *words: str, code: int = 0, pasted: str = "") -> str:
        """What the command prints."""
        self._patch.setattr(sys, "stdin", io.StringIO(pasted))
        own = ["--set", f"journal.file={self._folder / 'journal.db'}", "--set", f"meetings.calendar={self.calendars}"]
        assert main(["meetings", *words, *own]) == code
        said = self._output.readouterr()
        assert "5eCre7" not in said.out + said.err
        return (said.out + said.err).strip()

    def has(self, *spans: tuple[datetime, datetime], state: CalendarState | None = None) -> None:
        """The spans as the service has written them."""
        self.spans.parent.mkdir(exist_ok=True)
        write_spans(self.spans, Spans(self.now, spans, (state or CalendarState("work", self.now, None),)))


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    for name in ("STATE_DIRECTORY", "CREDENTIALS_DIRECTORY", "JOURNAL_STREAM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    return Desk(tmp_path, capsys, monkeypatch)


def local(at: datetime) -> str:
    return f"{at.astimezone():%H:%M}"


def test_without_a_calendar_it_says_how_to_have_one(desk: Desk) -> None:
    assert desk.says() == "No calendar is named in the settings; docs/meetings.md says how."


def test_a_calendar_that_was_never_read_says_what_reads_it(desk: Desk) -> None:
    desk.calendars = '["work", "/srv/team.ics"]'
    assert desk.says() == "work, team.ics: never read yet; unsit meetings refresh reads them"


def test_it_lists_each_calendar_and_the_next_meetings_by_their_times(desk: Desk) -> None:
    desk.calendars = '["work"]'
    desk.has(
        (desk.now + HOUR, desk.now + 2 * HOUR),
        state=CalendarState("work", desk.now - 3 * HOUR, "was refused (HTTP 418)"),
    )
    said = desk.says().splitlines()
    assert said[:2] == ["work: was refused (HTTP 418); read 3 hours ago", "The next meetings:"]
    assert local(desk.now + HOUR) in said[2]
    assert local(desk.now + 2 * HOUR) in said[2]


@pytest.mark.parametrize(
    ("ago", "says"),
    [
        (timedelta(), "read just now"),
        (timedelta(minutes=1, seconds=30), "read 1 minute ago"),
        (timedelta(minutes=59, seconds=30), "read 59 minutes ago"),
        (timedelta(hours=25), "read 1 day ago"),
        (timedelta(hours=-25), "read in the future: the clock of this computer was wrong then, or is now"),
    ],
)
def test_it_says_how_old_that_is(desk: Desk, ago: timedelta, says: str) -> None:
    desk.calendars = '["work"]'
    desk.has(state=CalendarState("work", desk.now - ago, None))
    assert desk.says() == f"work: {says}\nNo meeting within a week."


def test_no_more_than_ten_meetings_are_listed_and_none_that_is_over(desk: Desk) -> None:
    desk.calendars = '["work"]'
    desk.has(
        (desk.now - 2 * HOUR, desk.now - HOUR),
        *((desk.now + each * HOUR, desk.now + (each + 1) * HOUR) for each in range(12)),
    )
    said = desk.says().splitlines()
    assert len(said) == 2 + 10 + 1
    assert said[-1].strip() == "and 2 more within a week"


def test_spans_that_make_no_sense_are_one_line(desk: Desk) -> None:
    desk.calendars = '["work"]'
    desk.has()
    desk.spans.write_text("{}")
    assert "spans.json: makes no sense" in desk.says(code=EX_DATA)


def test_an_address_is_tried_kept_and_told_of(desk: Desk, serves: Callable[[Answers], TlsServer]) -> None:
    server = serves(lambda connection, _: connection.sendall(reply(CALENDAR)))
    said = desk.says("add", "work", pasted=server.at("/5eCre7.ics") + "\n").splitlines()
    assert said[0].startswith("work: ")
    assert "meetings in the coming week" in said[0]
    assert said[1] == 'Now put it into the settings: [meetings] calendar = ["work"]'
    assert (desk.addresses / "work").read_text() == server.at("/5eCre7.ics") + "\n"
    assert desk.says().splitlines()[-1] == "Kept, but not in meetings.calendar: work"
    desk.calendars = '["work"]'
    assert desk.says("add", "work", pasted=server.at("/5eCre7.ics")).endswith("at once by: unsit meetings refresh")
    assert desk.says("refresh") == "work: read just now"
    assert "The next meetings:" in desk.says()
    assert "out there, too" in desk.says("remove", "work")
    assert not (desk.addresses / "work").exists()
    assert desk.says("remove", "work", code=EX_NO_INPUT) == "unsit: there is no address called work; none is kept"


def test_an_address_that_does_not_work_is_not_kept(desk: Desk, serves: Callable[[Answers], TlsServer]) -> None:
    server = serves(lambda connection, _: connection.sendall(reply(b"", "404 Not Found")))
    said = desk.says("add", "work", pasted=server.at("/5eCre7.ics"), code=EX_UNAVAILABLE)
    assert said == "unsit: work: isn't there any more: is the address still the newest? (HTTP 404); nothing is kept"
    assert not desk.addresses.exists()


@pytest.mark.parametrize("pasted", ["", "5eCre7", "http://calendar.example/5eCre7", "\0"])
def test_what_is_no_address_is_not_tried(desk: Desk, pasted: str) -> None:
    assert "allowed: " in desk.says("add", "work", pasted=pasted, code=EX_USAGE)


@pytest.mark.parametrize("name", ["https://calendar.example/x", "Work", "../../etc", "", "a" * 31, "-x"])
def test_a_name_is_short_and_plain_and_no_address(desk: Desk, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        desk.says("add", "--", name)
    said = capsys.readouterr().err
    assert "calendar.example" not in said
    assert "allowed: " in said or "a secret and no argument" in said


def test_reading_says_by_its_exit_code_whether_all_could_be_read(desk: Desk, tmp_path: Path) -> None:
    team = tmp_path / "team.ics"
    team.write_bytes(CALENDAR)
    desk.calendars = f'["{team}"]'
    assert desk.says("refresh") == "team.ics: read just now"
    team.unlink()
    said = desk.says("refresh", code=EX_UNAVAILABLE)
    assert said == "team.ics: can't be read: No such file or directory; read just now"


def test_under_systemd_each_line_says_how_grave_it_is(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "team.ics").write_bytes(CALENDAR)
    desk.calendars = f'["{tmp_path / "team.ics"}", "work"]'
    monkeypatch.setenv("JOURNAL_STREAM", "8:1")
    fine, bad = desk.says("refresh", code=EX_UNAVAILABLE).splitlines()
    assert fine == "<6>team.ics: read just now"
    assert bad.startswith("<4>work: has no address")
    _, known = desk.says("refresh", code=EX_UNAVAILABLE).splitlines()
    assert known.startswith("<6>work: has no address"), "it is said once, and not every quarter of an hour"


def test_without_the_service_and_without_a_journal_there_is_no_place_for_the_spans(
    desk: Desk,  # noqa: ARG001 - it clears the way
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("device.meetings.spans_file._SERVICE_KEEPS_IT", tmp_path / "unsit-meetings/spans.json")
    assert main(["meetings", "refresh"]) == EX_CONFIG
    assert "sudo make install-meetings" in capsys.readouterr().err


def test_where_the_service_is_an_address_of_ones_own_is_refused(
    desk: Desk,  # noqa: ARG001 - it clears the way
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("device.meetings.spans_file._SERVICE_KEEPS_IT", tmp_path / "spans.json")
    for words in ("add", "remove"):
        assert main(["meetings", words, "work"]) == EX_USAGE
        assert (
            capsys.readouterr().err == f"unsit: the service's addresses are root's: sudo unsit meetings {words} work\n"
        )


def test_with_a_clock_of_1970_what_is_written_down_stays(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.calendars = '["work"]'
    desk.has((desk.now + HOUR, desk.now + 2 * HOUR))
    before = desk.spans.read_bytes()
    monkeypatch.setattr("device.meetings.local_zone.FIRST_YEAR", desk.now.year + 1)
    assert "nothing is read until it is right" in desk.says("refresh", code=EX_UNAVAILABLE)
    assert desk.spans.read_bytes() == before


def test_without_its_libraries_it_says_where_they_come_from(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)
    assert "sudo make install-meetings" in desk.says("refresh", code=EX_UNAVAILABLE)
