"""What the device makes of the file of spans, whoever writes what into it and however often."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from device.meetings.spans_file import MOST_SPANS, Spans, SpansWatch, write_spans
from device.settings.settings import MeetingSettings, Settings
from device.words.events import Span

NAMED = Settings(meetings=MeetingSettings(calendar=("work",)))
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def span(begins_h: float, lasts_h: float = 1.0) -> Span:
    """So many hours after noon."""
    return NOON + begins_h * HOUR, NOON + (begins_h + lasts_h) * HOUR


class Watched:
    """A file of spans and who watches it."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "spans.json"
        self.watch = SpansWatch(self.file)

    def write(self, *spans: Span) -> None:
        """The feed's process writes these."""
        write_spans(self.file, Spans(NOON, spans))

    def look(self, shows: datetime = NOON, settings: Settings = NAMED) -> tuple[Span, ...] | None:
        """The device looks."""
        return self.watch(settings, shows)


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def test_it_tells_what_is_there_once_and_again_when_it_is_other(watched: Watched) -> None:
    assert watched.look() is None
    watched.write(span(1))
    assert watched.look() == (span(1),)
    assert watched.look() is None
    watched.write(span(1))
    assert watched.look() is None, "written anew, it is the same"
    watched.write(span(1), span(2))
    assert watched.look() == (span(1), span(2))
    watched.file.unlink()
    assert watched.look() == ()


def test_a_meeting_that_is_over_is_no_news(watched: Watched) -> None:
    watched.write(span(-1), span(2))
    assert watched.look(NOON - HOUR / 2) == (span(-1), span(2))
    assert watched.look(NOON + HOUR) is None
    watched.write(span(2))
    assert watched.look(NOON + HOUR) is None


def test_it_tells_today_and_tomorrow_and_the_next_day_when_that_has_come(watched: Watched) -> None:
    week = tuple(span(24 * day) for day in range(7))
    watched.write(*week)
    assert watched.look() == week[:2]
    assert watched.look(NOON + 11.9 * HOUR) is None
    assert watched.look(NOON + 12 * HOUR) == week[1:3]


def test_a_clock_in_1970_or_far_ahead_has_no_meetings_until_it_is_set(watched: Watched) -> None:
    watched.write(span(1))
    assert watched.look(datetime(1970, 1, 1, tzinfo=UTC)) is None
    assert watched.look() == (span(1),)
    assert watched.look(NOON + 400 * 24 * HOUR) is None
    assert watched.look(NOON + HOUR / 2) is None, "the device knows them still"


def test_no_calendar_in_the_settings_is_no_meeting_and_naming_one_finds_them_again(watched: Watched) -> None:
    watched.write(span(1))
    watched.look()
    assert watched.look(settings=Settings()) == ()
    assert watched.look(settings=Settings()) is None
    assert watched.look() == (span(1),)


def a_directory(file: Path) -> None:
    file.mkdir()


def a_hundred_megabytes(file: Path) -> None:
    with file.open("wb") as huge:
        huge.truncate(100_000_000)


def a_link_to_itself(file: Path) -> None:
    file.symlink_to(file)


def a_pipe(file: Path) -> None:
    os.mkfifo(file)


def half_of_it(file: Path) -> None:
    write_spans(file, Spans(NOON, (span(1),)))
    os.truncate(file, 60)


def a_span_without_length(file: Path) -> None:
    file.write_text(
        '{"format": 1, "made": "2026-11-30T12:00:00+00:00", "calendars": [], '
        '"spans": [["2026-11-30T13:00:00+00:00", "2026-11-30T13:00:00+00:00"]]}'
    )


def too_many(file: Path) -> None:
    write_spans(file, Spans(NOON, tuple(span(nth / 50) for nth in range(MOST_SPANS + 1))))


@pytest.mark.parametrize(
    "spoil",
    [a_directory, a_hundred_megabytes, a_link_to_itself, a_pipe, half_of_it, a_span_without_length, too_many],
)
def test_what_cant_be_read_is_one_line_once_and_the_last_that_could_holds(
    watched: Watched, spoil: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    watched.write(span(1))
    watched.look()
    for _ in range(2):
        # Spoilt twice, it is another version of the file with the same trouble.
        shutil.rmtree(watched.file) if watched.file.is_dir() else watched.file.unlink()
        spoil(watched.file)
        with caplog.at_level(logging.WARNING):
            assert watched.look() is None
            assert watched.look() is None
    assert len(caplog.records) == 1
    said = caplog.records[0].getMessage()
    assert str(watched.file) in said
    assert "\n" not in said


def test_it_is_said_again_when_it_was_well_in_between(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    for text in ("{", "", "{"):
        watched.file.write_text(text)
        os.utime(watched.file, ns=(0, len(caplog.records) + 1))
        watched.look()
        watched.write(span(1))
        watched.look()
    assert len(caplog.records) == 3


def test_a_file_that_is_other_each_second_is_read_and_told_as_it_is(watched: Watched) -> None:
    for nth in range(200):
        watched.write(span(1 + nth / 100))
        assert watched.look() == (span(1 + nth / 100),)


def test_five_hundred_meetings_are_told(watched: Watched) -> None:
    spans = tuple(span(nth / 50) for nth in range(MOST_SPANS))
    watched.write(*spans)
    assert watched.look() == spans
