"""The calibration's file: what is written is read, what is damaged is told in a line, and settings beat it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from device.files.user_file import UserFileError
from device.settings.calibration_file import (
    Calibration,
    calibrated,
    read_calibration,
    seat_says,
    try_to_write,
    write_calibration,
)
from device.settings.settings import SeatSettings, Settings
from device.words.levels import SeatLevels, Thresholds

FOUND = Calibration(SeatLevels(0.0061, 0.3, Thresholds(0.08, 0.05)), 0.02, 0.12)
WHEN = datetime(2026, 3, 2, 8, 30, tzinfo=timezone(timedelta(hours=1)))


def written(folder: Path) -> Path:
    file = folder / "state/seat.toml"
    write_calibration(file, FOUND, WHEN)
    return file


def test_what_is_written_is_read_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    file = written(tmp_path)
    assert read_calibration(file) == (FOUND, WHEN)
    assert [each.name for each in file.parent.iterdir()] == ["seat.toml"]


def test_without_a_file_there_is_no_calibration(tmp_path: Path) -> None:
    assert read_calibration(tmp_path / "seat.toml") is None


def test_a_calibration_that_can_t_be_written_leaves_the_earlier_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_calibration(file, replace(FOUND, empty_most=0.03), WHEN)
    assert read_calibration(file) == (FOUND, WHEN)
    assert [each.name for each in file.parent.iterdir()] == ["seat.toml"]


def test_a_try_to_write_leaves_nothing_behind(tmp_path: Path) -> None:
    try_to_write(tmp_path / "not" / "there" / "yet" / "seat.toml")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("0.3000", "nan", "seated = nan is no number from 0 to 0.99; allowed: what `unsit calibrate` writes"),
        ("0.3000", '"a"', "seated = 'a' is no number from 0 to 0.99; allowed: what `unsit calibrate` writes"),
        ("0.3000", "true", "seated = true is no number from 0 to 0.99; allowed: "),
        ("0.3000", "[0.3]", "seated = [0.3] is no number from 0 to 0.99; allowed: "),
        ("0.0061", "1", "empty = 1 is no number from 0 to 0.9; allowed: "),
        (
            "0.3000",
            "0.01",
            "empty 0.0061, leave_below 0.05, sit_above 0.08, seated 0.01: these don't rise; allowed: empty <",
        ),
        ("seated = 0.3000\n", "", "seated is missing; allowed: "),
        ("+01:00", "", "date = 2026-03-02T08:30:00 is no date and time with its zone; allowed: "),
        ("0.3000", "0.3.0", "not valid TOML"),
        ("# From", "\0", "not valid TOML"),
    ],
)
def test_a_damaged_file_is_one_line(tmp_path: Path, before: str, after: str, says: str) -> None:
    file = written(tmp_path)
    file.write_text(file.read_text("utf-8").replace(before, after), "utf-8")
    with pytest.raises(UserFileError) as caught:
        read_calibration(file)
    assert says in str(caught.value)
    assert str(caught.value).startswith(f"{file}: ")


def test_everything_that_is_wrong_is_told_at_once_and_not_in_the_words_of_python(tmp_path: Path) -> None:
    file = tmp_path / "seat.toml"
    file.write_text("date = 5\nempty = nan\nseated = 0.3\nsit_above = 0.08\nleave_below = 0.05\nempty_most = 0.02\n")
    with pytest.raises(UserFileError) as caught:
        read_calibration(file)
    assert str(caught.value) == (
        f"{file}: date = 5 is no date and time with its zone, empty = nan is no number from 0 to 0.9, "
        "seated_least is missing; allowed: what `unsit calibrate` writes"
    )


def test_levels_as_close_as_a_calibration_may_find_are_read_and_closer_ones_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "seat.toml"
    closest = Calibration(SeatLevels(0.3, 0.3099, Thresholds(0.305, 0.303)), 0.3, 0.31)
    write_calibration(file, closest, WHEN)
    assert read_calibration(file) == (closest, WHEN)
    assert calibrated(Settings(seat=SeatSettings("mcp3008")), closest, WHEN) is not None
    write_calibration(file, replace(closest, levels=SeatLevels(0.3, 0.305, Thresholds(0.302, 0.301))), WHEN)
    with pytest.raises(UserFileError, match=r"empty 0.3 and seated 0.305 are too close; allowed: 0.01 or more apart$"):
        read_calibration(file)


@pytest.mark.parametrize("cut", [0, 20, 60, 100])
def test_a_file_that_was_cut_off_is_no_calibration(tmp_path: Path, cut: int) -> None:
    file = written(tmp_path)
    file.write_bytes(file.read_bytes()[:cut])
    with pytest.raises(UserFileError):
        read_calibration(file)


def seat(**own: float) -> SeatSettings | None:
    settings = calibrated(Settings(seat=SeatSettings(kind="mcp3008", **own)), FOUND, WHEN)  # type: ignore[arg-type]
    return settings.seat if settings else None


def test_the_calibration_fills_in_what_the_settings_leave_open() -> None:
    both = SeatSettings("mcp3008", empty=0.0061, seated=0.3, sit_above=0.08, leave_below=0.05)
    both = replace(both, calibrated=WHEN.isoformat(), follows=("sit_above", "leave_below"))
    assert seat() == both
    assert seat(sit_above=0.1) == replace(both, sit_above=0.1, follows=("leave_below",))


def test_a_calibration_has_the_same_date_at_once_as_after_the_next_start(tmp_path: Path) -> None:
    when, file = WHEN.replace(microsecond=123456), tmp_path / "seat.toml"
    write_calibration(file, FOUND, when)
    kept = read_calibration(file)
    assert kept is not None
    own = Settings(seat=SeatSettings(kind="ads1115"))
    assert calibrated(own, FOUND, when) == calibrated(own, *kept)


def test_settings_beat_it_and_own_levels_have_their_own_thresholds() -> None:
    own = seat(seated=0.6)
    assert own == SeatSettings("mcp3008", empty=0.0061, seated=0.6)
    assert own.levels is not None
    assert own.levels.thresholds.sit_above > 0.12


def test_settings_that_don_t_go_with_it_leave_the_seat_uncalibrated() -> None:
    assert seat(leave_below=0.2) is None
    assert seat(empty=0.5) is None


def test_the_levels_in_force_are_said() -> None:
    assert seat_says(Settings()) == ""
    settings = calibrated(Settings(seat=SeatSettings(kind="ads1115")), FOUND, WHEN)
    assert settings is not None
    assert seat_says(settings) == "empty 0.006, seated 0.300; taken from 0.080 up, empty from 0.050 down"
