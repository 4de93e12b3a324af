"""Day files: all of one or nothing."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from device.files.complaint import brief
from device.files.user_file import NoFileError
from device.history.day_file import DayFileError, DayRow, RecordedDay, read_day, write_day
from device.settings.settings import Settings
from device.settings.settings_file import RECORDED, SECTIONS, SettingsError, lines_of, recorded_setting


def written(folder: Path, *lines: str, header: str = "t,input,value") -> Path:
    file = folder / "day.csv"
    file.write_text("\n".join([header, *lines]) + "\n", "utf-8")
    return file


def test_a_day_is_rows_and_a_last_instant(tmp_path: Path) -> None:
    file = written(
        tmp_path, "0,seat,empty", "10.5,seat,taken", "20,button,down", "20.2,button,up", "30,panel,gone", "99,end,"
    )
    assert read_day(file) == RecordedDay(
        (
            DayRow(0, "seat", False),
            DayRow(10.5, "seat", True),
            DayRow(20, "button", True),
            DayRow(20.2, "button", False),
            DayRow(30, "panel", False),
        ),
        99,
    )


def test_without_an_end_the_last_row_is_the_end(tmp_path: Path) -> None:
    assert read_day(written(tmp_path, "5,seat,taken", "7.25,seat,empty")).end == 7.25
    assert read_day(written(tmp_path)) == RecordedDay((), 0.0)


def test_the_start_is_kept_apart_from_what_happens_later(tmp_path: Path) -> None:
    day = read_day(written(tmp_path, "0,seat,taken", "0.000,button,down", "1,button,up"))
    assert day.at_start == (DayRow(0, "seat", True), DayRow(0, "button", True))
    assert day.later == (DayRow(1, "button", False),)


def test_a_clock_row_at_the_start_sets_the_wall_clock(tmp_path: Path) -> None:
    shows = datetime(2026, 3, 2, 8, 30, tzinfo=timezone(timedelta(hours=1)))
    assert read_day(written(tmp_path, "0,clock,2026-03-02T08:30:00+01:00")).shows_at_start == shows
    assert read_day(written(tmp_path, "5,seat,taken")).shows_at_start is None


def test_a_clock_that_is_first_set_later_ran_from_1970(tmp_path: Path) -> None:
    shows = read_day(written(tmp_path, "30,clock,2026-03-02T08:30:00+01:00")).shows_at_start
    assert shows == datetime(1970, 1, 1, tzinfo=timezone(timedelta(hours=1)))


def test_spreadsheets_may_leave_their_mark_and_empty_lines(tmp_path: Path) -> None:
    file = tmp_path / "day.csv"
    file.write_bytes(b"\xef\xbb\xbft,input,value\r\n1,seat,taken\r\n\r\n2,end,x\r\n")
    assert read_day(file) == RecordedDay((DayRow(1, "seat", True),), 2)


def test_levels_and_instants_are_read_as_programs_write_fractions(tmp_path: Path) -> None:
    """A recorder that divides readings by 4095, or a clock's ticks by 3, writes all the digits that it has."""
    recorded = ((0.1 + 0.2, 1235 / 4095), (1 / 3, 1 / 8 / 4095), (0.7, 0.0), (4.1, 1.0))
    file = written(tmp_path, *(f"{t},level,{level}" for t, level in recorded))
    assert [row.value for row in read_day(file).rows] == [level for _, level in recorded]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("x,seat,taken", ["'x'", "seconds"]),
        ("-1,seat,taken", ["'-1'"]),
        ("nan,seat,taken", ["'nan'"]),
        ("inf,end,", ["'inf'"]),
        ("1e3,seat,taken", ["'1e3'"]),
        ("\u0661,seat,taken", ["'\u0661'", "seconds"]),
        (
            "1,chair,taken",
            ["'chair'", "seat, button, panel, panel_seen, power, clock, clock_stale"],
        ),
        ("1,seat,full", ["'full'", "taken, empty"]),
        ("1,button,taken", ["'taken'", "down, up"]),
        ("1,panel,", ["''", "back, gone"]),
        ("1,level,1.01", ["'1.01'", "a fraction of full scale from 0 to 1"]),
        ("1,level,-0.1", ["'-0.1'", "from 0 to 1"]),
        ("1,level,nan", ["'nan'", "from 0 to 1"]),
        ("1,level,1e3", ["'1e3'", "from 0 to 1"]),
        ("1,level,2e-0", ["'2e-0'", "from 0 to 1"]),
        ("1,level,e-3", ["'e-3'", "from 0 to 1"]),
        ("1,level,\u0661", ["'\u0661'", "from 0 to 1"]),
        ("0.5,level,0.3", ["falls back", "0.7"]),
        ("1,sensor_seen,lost", ["'lost'", "back, gone"]),
        ("1,clock,yesterday", ["'yesterday'", "offset"]),
        ("1,clock,2026-03-02T08:30:00", ["offset"]),
        ("1,clock,0001-01-01T00:00:00+14:00", ["offset"]),
        ("1,seat", ["2 values", "t,input,value"]),
        ("1,seat,taken,now", ["4 values"]),
        ("0.5,seat,taken", ["falls back", "0.7"]),
        ('1,"seat,taken', []),
        ("999999999,end,", ["999999999", "up to 315360000"]),
        ("1,thinned,\x1b[2J", ["thinned", "printable"]),
        ("1,order,sit", ["order is 'sit'", "must be mute, sound, enough, stretch, try_sound, press"]),
        ("1,pairing,KLM234", ["pairing", "allowed: connected, spent"]),
        ("1,routine,../../etc", ["routine", "ids of stretches"]),
        ("1,setting,limits.due_after=1", ["setting", "limits.due_after", "unit"]),
    ],
)
def test_a_malformed_line_is_named_with_what_is_allowed(tmp_path: Path, line: str, says: list[str]) -> None:
    file = written(tmp_path, "0.7,seat,empty", line)
    with pytest.raises(DayFileError) as caught:
        read_day(file)
    told = str(caught.value)
    assert told.startswith(f"{file}: line 3: ")
    assert "\n" not in told
    for part in says:
        assert part in told


def test_what_came_from_the_page_is_read(tmp_path: Path) -> None:
    day = read_day(written(tmp_path, "1,order,mute 1800", "2,order,enough", "3,pairing,connected", "4,pairing,spent"))
    assert [row.value for row in day.rows] == ["mute 1800", "enough", "connected", "spent"]


@pytest.mark.parametrize("part", ["t", "input", "seat", "unsure", "routine", "chosen", "asks", "thinned", "clock"])
def test_whatever_is_wrong_is_quoted_in_one_way_and_cut_where_it_is_long(tmp_path: Path, part: str) -> None:
    wrong = "\u001b[2J\u2028it's" * 40
    row = {"t": f"{wrong},seat,taken", "input": f"1,{wrong},taken"}.get(part, f"1,{part},{wrong}")
    with pytest.raises(DayFileError) as caught:
        read_day(written(tmp_path, row))
    assert f"{part} is {brief(wrong)}; " in str(caught.value)
    assert len(brief(wrong)) < 70


def test_nothing_may_come_after_the_end(tmp_path: Path) -> None:
    with pytest.raises(DayFileError, match="line 3: nothing may come after end"):
        read_day(written(tmp_path, "5,end,", "5,seat,taken"))


@pytest.mark.parametrize("header", ["", "t,input", "t_seconds,seated", "T,INPUT,VALUE"])
def test_the_header_must_be_there(tmp_path: Path, header: str) -> None:
    with pytest.raises(DayFileError, match="line 1: must be the header t,input,value"):
        read_day(written(tmp_path, "1,seat,taken", header=header))


def test_remarks_are_passed_over(tmp_path: Path) -> None:
    lines = ("# a report", '# journal.file="x", and more', "t,input,value", "5,seat,taken", "# why", "7.25,seat,empty")
    assert [row.t for row in read_day(written(tmp_path, *lines[1:], header=lines[0])).rows] == [5, 7.25]
    with pytest.raises(DayFileError, match="line 2: must be the header"):
        read_day(written(tmp_path, "5,seat,taken", header="# a report"))


def test_an_empty_file_has_no_header(tmp_path: Path) -> None:
    file = tmp_path / "day.csv"
    file.touch()
    with pytest.raises(DayFileError, match="line 1"):
        read_day(file)


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    file = tmp_path / "day.csv"
    file.write_bytes(b"t,input,value\n1,seat,\xff\n")
    with pytest.raises(DayFileError, match="UTF-8"):
        read_day(file)


def test_a_file_that_is_not_there_is_no_day(tmp_path: Path) -> None:
    with pytest.raises(NoFileError):
        read_day(tmp_path / "none.csv")


def test_what_is_no_day_file_at_all_is_told_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(DayFileError, match=r"pipe\.csv: is a pipe; allowed: a file"):
        read_day(tmp_path / "pipe.csv")
    with pytest.raises(DayFileError, match=r"/dev/zero: is a device or the like; allowed: a file"):
        read_day(Path("/dev/zero"))
    with (tmp_path / "large.csv").open("wb") as sparse:
        sparse.truncate(2_000_000_000)
    with pytest.raises(DayFileError, match=r"large\.csv: is too large; allowed: up to 10 MB"):
        read_day(tmp_path / "large.csv")


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["1,power,on"], "line 2: power is on already"),
        (["1,power,cut", "2,power,cut"], "line 3: power is cut already"),
        (["1,power,off"], "power is 'off'; allowed: on, cut"),
        (["1,unsure,long"], "unsure is 'long'; must be seconds"),
    ],
)
def test_power_goes_when_it_is_there_and_comes_when_it_is_gone(tmp_path: Path, lines: list[str], says: str) -> None:
    with pytest.raises(DayFileError, match=says):
        read_day(written(tmp_path, *lines))


def test_what_is_written_reads_as_the_same_day(tmp_path: Path) -> None:
    shows = datetime(2026, 3, 2, 8, 30, tzinfo=timezone(timedelta(hours=1)))
    rows = (
        DayRow(0, "setting", 'stretches.leave_out=["a", "b"]'), DayRow(0, "routine", "march walk"),
        DayRow(0, "clock", shows), DayRow(1.5, "seat", True), DayRow(2, "power", False), DayRow(2, "seat", False),
        DayRow(60, "unsure", "55"),
        DayRow(60, "clock_stale", shows), DayRow(60, "power", True), DayRow(61, "panel_seen", False),
        DayRow(62, "thinned", "so, so"), DayRow(63, "level", 0.123456), DayRow(63, "level", 1.0),
        DayRow(63, "level", 0.0), DayRow(64, "sensor_seen", False),
    )  # fmt: skip
    file = tmp_path / "day.csv"
    file.write_text("\n".join(write_day(RecordedDay(rows, 99.0))))
    day = read_day(file)
    assert day == RecordedDay(rows, 99.0)
    assert day.starts == (0.0, 60.0)
    assert day.carried[0.0] == ('stretches.leave_out=["a", "b"]',)
    assert day.routines == [["march", "walk"]]
    assert day.thinned == [(62.0, "so, so")]


NOT_FOR_A_RECORDED_DAY = sorted(
    line for line in lines_of(Settings()) if not line.startswith(RECORDED) or line.startswith("stretches.folder")
)


@pytest.mark.parametrize("line", NOT_FOR_A_RECORDED_DAY)
def test_a_recorded_day_sets_only_what_an_export_writes(tmp_path: Path, line: str) -> None:
    key = line.partition("=")[0]
    value = line.partition("=")[2].replace('""', '"victim/notes.txt"')
    row = next(csv_lines([["0", "setting", f"{key}={value}"]]))
    with pytest.raises(DayFileError, match=f"line 2: setting: {key} is not for a recorded day"):
        read_day(written(tmp_path, row))


def test_no_setting_that_is_a_path_may_be_recorded() -> None:
    paths = [
        f"{section}.{setting.name}"
        for section, words in SECTIONS.items()
        for setting in fields(words)
        if setting.metadata["allowed"].is_path
    ]
    of_the_device = ["stretches.folder", "languages.folder", "journal.file", "meetings.calendar"]
    assert paths == [*of_the_device, "mqtt.ca", "mqtt.password"]
    for path in paths:
        written = '["/etc/a.ics"]' if path == "meetings.calendar" else '"/etc"'
        with pytest.raises(SettingsError, match="not for a recorded day"):
            recorded_setting(f"{path}={written}")


@pytest.mark.parametrize("spelled", [" stretches.folder = 'x'", 'stretches.folder="\\u0078"', "stretches.folder=x/y"])
def test_a_path_in_other_words_is_a_path(tmp_path: Path, spelled: str) -> None:
    with pytest.raises(DayFileError, match="it is a path"):
        read_day(written(tmp_path, next(csv_lines([["0", "setting", spelled]]))))


def csv_lines(rows: list[list[str]]) -> Iterator[str]:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    yield from text.getvalue().splitlines()


def test_settings_that_contradict_each_other_are_told_with_the_line_of_one(tmp_path: Path) -> None:
    rows = ["0,setting,limits.break_after=20s", "0,setting,limits.full_break=30s", "9,seat,taken"]
    assert read_day(written(tmp_path, *rows)).carried == {
        0.0: ("limits.break_after=20s", "limits.full_break=30s"),
    }
    with pytest.raises(DayFileError, match=r"day\.csv: line 2: setting: limits\.full_break: is shorter than"):
        read_day(written(tmp_path, *rows[1:]))


def test_each_start_has_the_settings_told_by_then(tmp_path: Path) -> None:
    rows = [
        *("0,setting,limits.due_after=10min", "0,setting,limits.due_after=20min", "5,power,cut", "9,power,on"),
        *("10,setting,press.hold=2s", "20,power,cut", "30,setting,limits.due_after=30min", "30,power,on"),
    ]
    assert read_day(written(tmp_path, *rows)).carried == {
        0.0: ("limits.due_after=20min",),
        9.0: ("limits.due_after=20min",),
        30.0: ("limits.due_after=30min", "press.hold=2s"),
    }


def test_settings_that_change_while_the_device_runs_are_turns_of_their_own(tmp_path: Path) -> None:
    rows = [
        *("0,setting,limits.due_after=10min", "0,asks,language conditions", "5,setting,press.hold=2s"),
        *("5,setting,screens.language=de", "7,power,cut", "8,setting,press.hold=1500ms", "9,power,on"),
    ]
    day = read_day(written(tmp_path, *rows))
    assert day.changes == (5.0,)
    assert day.turns == [0.0, 5.0, 9.0]
    assert day.carried_by_turn[5.0] == ("limits.due_after=10min", "press.hold=2s", "screens.language=de")
    assert [day.asks_at(t) for t in (0.0, 5.0)] == [["language", "conditions"], ["conditions"]]


def test_changes_that_contradict_what_holds_then_are_told_with_a_line(tmp_path: Path) -> None:
    rows = ["0,setting,limits.due_after=1h", "0,setting,limits.invite_after=50min", "5,setting,limits.due_after=30min"]
    with pytest.raises(DayFileError, match=r"line 4: setting: limits\.due_after: is shorter than"):
        read_day(written(tmp_path, *rows))


def test_a_day_has_hundreds_of_power_cuts_and_no_thousands(tmp_path: Path) -> None:
    cuts = [f"{t},power,{'on' if t % 2 else 'cut'}" for t in range(20_000)]
    assert len(read_day(written(tmp_path, *cuts[:1000])).starts) == 501
    with pytest.raises(DayFileError, match=r"day\.csv: has 10000 power cuts; allowed: up to 500"):
        read_day(written(tmp_path, *cuts))


def test_a_few_starts_may_go_by_settings_of_their_own(tmp_path: Path) -> None:
    changes = [
        row
        for t in range(52)
        for row in (f"{t},power,cut", f"{t},setting,limits.due_after={t + 1}min", f"{t},power,on")
    ]
    with pytest.raises(DayFileError, match=r"has 52 starts with other settings; allowed: up to 50"):
        read_day(written(tmp_path, *changes))


def test_a_day_may_begin_with_what_the_device_asks_about(tmp_path: Path) -> None:
    day = read_day(written(tmp_path, "0,asks,language conditions", "5,seat,taken"))
    assert DayRow(0, "asks", "language conditions") in [*day.at_start, *day.rows]
