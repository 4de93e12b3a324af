"""Reading all calendars anew: trouble costs a calendar its newest meetings at most, and others nothing."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from device.meetings.fetching import Marks
from device.meetings.kept import KeptCalendar, read_kept, write_kept
from device.meetings.refreshing import refresh, shown_name
from device.meetings.spans_file import Spans, read_spans
from tests.meetings.tls_server import CALENDAR, Answers, TlsServer, reply

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LUNCH = (NOW.replace(hour=12), NOW.replace(hour=12, minute=30))


class Feed:
    """A server whose answer a test may change, a folder, and calendars."""

    def __init__(self, folder: Path, serves: Callable[[Answers], TlsServer]) -> None:
        self.answer = reply(CALENDAR, ETag='"one"')
        self.server = serves(lambda connection, _: connection.sendall(self.answer))
        self.folder, self.file = folder, folder / "spans.json"
        self.calendars = ["work"]

    def reads(self, now: datetime = NOW) -> Spans:
        told = refresh(self.calendars, self.file, now).spans
        assert read_spans(self.file) == told
        return told


@pytest.fixture
def feed(tmp_path: Path, serves: Callable[[Answers], TlsServer], monkeypatch: pytest.MonkeyPatch) -> Feed:
    feed = Feed(tmp_path, serves)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "handed"))
    (tmp_path / "handed").mkdir()
    (tmp_path / "handed/calendars_work").write_text(feed.server.at("/5eCre7.ics"))
    return feed


def test_the_meetings_of_the_week_are_written_down_without_titles_or_addresses(feed: Feed) -> None:
    told = feed.reads()
    assert told.spans[0] == LUNCH
    assert len(told.spans) == 7
    (state,) = told.calendars
    assert (state.name, state.read, state.trouble) == ("work", NOW, None)
    for file in (feed.file, feed.folder / "kept.json"):
        for secret in ("5eCre7", "localhost", "Jones"):
            assert secret not in file.read_text("utf-8")
    assert stat.S_IMODE((feed.folder / "kept.json").stat().st_mode) == 0o600


def test_what_fails_keeps_the_last_good_meetings_and_says_so_with_their_age(feed: Feed) -> None:
    feed.reads()
    feed.answer = reply(b"", "500 Internal Server Error")
    later = NOW + 3 * DAY
    told = feed.reads(later)
    assert told.spans[0] == (LUNCH[0] + 3 * DAY, LUNCH[1] + 3 * DAY)
    assert len(told.spans) == 7
    (state,) = told.calendars
    assert (state.read, state.trouble) == (NOW, "has trouble at its server (HTTP 500)")


def test_after_four_weeks_without_it_nothing_is_claimed_any_more(feed: Feed) -> None:
    feed.reads()
    feed.answer = b""
    assert len(feed.reads(NOW + 25 * DAY).spans) == 3
    assert feed.reads(NOW + 29 * DAY).spans == ()


def test_a_server_in_trouble_is_asked_less_and_less_often_and_then_as_before(feed: Feed) -> None:
    feed.answer = reply(b"", "503 Service Unavailable")
    asked = []
    for quarter in range(4 * 24):
        heard = len(feed.server.heard)
        feed.reads(NOW + quarter * HOUR / 4)
        asked += [quarter] * (len(feed.server.heard) - heard)
    assert asked == [0, 1, 3, 7, 15, 31, 55, 79]
    feed.answer = reply(CALENDAR)
    assert feed.reads(NOW + 2 * DAY).calendars[0].trouble is None
    heard = len(feed.server.heard)
    feed.reads(NOW + 2 * DAY + HOUR / 4)
    assert len(feed.server.heard) == heard + 1


def test_a_clock_set_back_keeps_nobody_waiting(feed: Feed) -> None:
    feed.answer = reply(b"", "503 Service Unavailable")
    feed.reads(NOW)
    feed.answer = reply(CALENDAR)
    assert feed.reads(NOW - 300 * DAY).calendars[0].read == NOW - 300 * DAY


def test_what_has_not_changed_is_not_sent_again_but_once_a_week(feed: Feed) -> None:
    feed.reads()
    feed.answer = reply(b"", "304 Not Modified")
    told = feed.reads(NOW + DAY)
    assert feed.server.heard[-1].headers["if-none-match"] == '"one"'
    assert told.calendars[0].read == NOW + DAY
    assert told.spans[0][0] == LUNCH[0] + DAY
    feed.answer = reply(CALENDAR)
    feed.reads(NOW + 7 * DAY)
    assert "if-none-match" not in feed.server.heard[-1].headers


def test_another_address_of_the_same_name_starts_anew(feed: Feed) -> None:
    feed.reads()
    (feed.folder / "handed/calendars_work").write_text(feed.server.at("/other.ics"))
    feed.answer = reply(b"", "404 Not Found")
    told = feed.reads(NOW + DAY)
    assert "if-none-match" not in feed.server.heard[-1].headers
    assert told.spans == ()
    assert told.calendars[0].read is None


def test_in_another_zone_it_is_read_anew_and_what_is_kept_still_holds(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed.answer = reply(CALENDAR.replace(b"20260101T120000Z", b"20260101T120000").replace(b"3000Z", b"3000"), ETag="1")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    assert feed.reads().spans[0][0] == LUNCH[0] - HOUR
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    sent, feed.answer = feed.answer, b""
    assert feed.reads(NOW + HOUR).spans[0][0] == LUNCH[0] - HOUR
    feed.answer = sent
    assert feed.reads(NOW + DAY).spans[0][0] == LUNCH[0] + DAY - 9 * HOUR + DAY
    assert "if-none-match" not in feed.server.heard[-1].headers


def test_one_calendar_in_trouble_takes_no_other_along(feed: Feed) -> None:
    team, broken = feed.folder / "team.ics", feed.folder / "broken.ics"
    team.write_bytes(CALENDAR.replace(b"T12", b"T15"))
    broken.write_bytes(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n")
    feed.calendars = ["work", str(team), str(broken), str(feed.folder / "gone.ics"), "home"]
    told = feed.reads()
    assert len(told.spans) == 14
    assert {each.name: each.trouble for each in told.calendars} == {
        "work": None,
        "team.ics": None,
        "broken.ics": "has been cut off: END:VCALENDAR is missing",
        "gone.ics": "can't be read: No such file or directory",
        "home": "has no address; give it one: sudo unsit meetings add home",
    }


def test_a_file_that_breaks_keeps_its_last_good_meetings_and_is_read_again_at_once(feed: Feed) -> None:
    team = feed.folder / "team.ics"
    team.write_bytes(CALENDAR)
    feed.calendars = [str(team)]
    feed.reads()
    team.write_bytes(CALENDAR[:-10])
    told = feed.reads(NOW + HOUR)
    assert told.spans[0] == LUNCH
    assert told.calendars[0].read == NOW
    team.write_bytes(CALENDAR.replace(b"T12", b"T15"))
    assert feed.reads(NOW + HOUR + HOUR / 4).spans[0][0] == LUNCH[0].replace(hour=15)


@pytest.mark.parametrize("kind", ["folder", "pipe", "endless", "huge"])
def test_what_is_no_file_of_a_calendar_is_one_line(feed: Feed, kind: str) -> None:
    file = feed.folder / "team.ics"
    if kind == "folder":
        file.mkdir()
    elif kind == "pipe":
        os.mkfifo(file)
    elif kind == "endless":
        file.symlink_to("/dev/zero")
    else:
        file.write_bytes(b" " * 10_000_001)
    feed.calendars = [str(file)]
    said = feed.reads().calendars[0].trouble
    assert said is not None
    assert {"folder": "is a folder", "pipe": "is a pipe", "endless": "is a device", "huge": "is too large"}[
        kind
    ] in said
    assert str(feed.folder) not in said


def test_an_event_that_makes_no_sense_is_said_and_the_others_count(feed: Feed) -> None:
    event = b"BEGIN:VEVENT\r\nUID:2\r\nDTSTART:20261130T990000Z\r\nEND:VEVENT\r\n"
    feed.answer = reply(CALENDAR.replace(b"END:VCALENDAR", event + b"END:VCALENDAR"))
    told = feed.reads()
    assert told.spans[0] == LUNCH
    assert told.calendars[0].read == NOW
    assert told.calendars[0].trouble == "1 event in it makes no sense and is passed over"


def test_a_calendar_taken_out_of_the_settings_is_forgotten(feed: Feed) -> None:
    feed.reads()
    feed.calendars = []
    assert feed.reads().spans == ()
    assert json.loads((feed.folder / "kept.json").read_text()) == {}


def test_two_calendars_with_the_same_meeting_have_it_once(feed: Feed) -> None:
    team = feed.folder / "team.ics"
    team.write_bytes(CALENDAR)
    feed.calendars = ["work", str(team)]
    assert len(feed.reads().spans) == 7


def test_what_is_kept_is_read_again_and_what_is_broken_is_as_if_nothing_were_kept(tmp_path: Path) -> None:
    kept = {
        "work": KeptCalendar("x", "y", NOW, NOW, (LUNCH,), 2, Marks('"e"', "m"), "trouble", 3, NOW),
        "home": KeptCalendar(),
    }
    write_kept(tmp_path, kept)
    assert read_kept(tmp_path) == kept
    for broken in ("", "[]", "{", '{"work": 1}', '{"work": {"source": ""}}', "[" * 50_000):
        (tmp_path / "kept.json").write_text(broken)
        assert read_kept(tmp_path) == {}


def test_where_a_file_lies_is_not_told() -> None:
    assert shown_name("/home/anna/doctor/team.ics") == "team.ics"
    assert shown_name("work") == "work"
