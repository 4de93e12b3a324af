"""The seat's calibration is in force wherever the device begins; a damaged one is told, and counts as none."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from device.commands.asking import as_calibrated, start_of
from device.settings.calibration_file import Calibration, write_calibration
from device.settings.settings import JournalSettings, SeatSettings, Settings
from device.words.levels import SeatLevels, Thresholds

FOUND = Calibration(SeatLevels(0.006, 0.3, Thresholds(0.08, 0.05)), 0.02, 0.12)
WHEN = datetime(2026, 3, 2, 8, 30, tzinfo=timezone(timedelta(hours=1)))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Those of an analog seat that was calibrated."""
    write_calibration(tmp_path / "seat.toml", FOUND, WHEN)
    return Settings(seat=SeatSettings(kind="mcp3008"), journal=JournalSettings(file=str(tmp_path / "journal.db")))


def asked(settings: Settings, *overrides: str) -> argparse.Namespace:
    own = [f"journal.file={settings.journal.file}", f"seat.kind={settings.seat.kind}", *overrides]
    return argparse.Namespace(config=None, overrides=own)


def test_a_start_goes_by_the_calibration_beside_the_journal(settings: Settings) -> None:
    assert start_of(asked(settings)).settings.seat.levels == FOUND.levels
    own = start_of(asked(settings, "seat.seated=0.5")).settings.seat
    assert (own.empty, own.seated) == (0.006, 0.5)


def test_a_start_knows_when_the_seat_was_calibrated(settings: Settings, tmp_path: Path) -> None:
    def date(*overrides: str) -> str:
        return start_of(asked(settings, *overrides)).settings.seat.calibrated

    assert date() == date("seat.sit_above=0.1") == WHEN.isoformat()
    assert start_of(asked(settings), ["seat.kind=mcp3008"]).settings.seat.calibrated == ""
    assert date("seat.kind=contact") == ""
    (tmp_path / "seat.toml").write_text("damaged")
    assert date() == ""
    (tmp_path / "seat.toml").unlink()
    assert date() == ""


def test_levels_of_the_settings_are_not_those_of_that_date(settings: Settings) -> None:
    for own in ("seat.empty=0.01", "seat.seated=0.5"):
        assert start_of(asked(settings, own)).settings.seat.calibrated == ""


def test_a_recorded_day_that_carries_settings_brings_its_own_calibration_or_none(settings: Settings) -> None:
    assert start_of(asked(settings), ["seat.kind=mcp3008"]).settings.seat.levels is None


def test_a_contact_has_no_calibration(settings: Settings) -> None:
    contact = Settings(journal=settings.journal)
    assert as_calibrated(contact) is contact


def test_without_a_file_nothing_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    bare = Settings(seat=SeatSettings(kind="ads1115"), journal=JournalSettings(file=str(tmp_path / "journal.db")))
    assert as_calibrated(bare) is bare
    assert caplog.messages == []


@pytest.mark.parametrize("text", ["", "empty = 0.3\x00", 'seated = "0.3"', "\udc80"])
def test_a_damaged_calibration_is_one_line_and_counts_as_none(
    settings: Settings, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    file = Path(settings.journal.file).with_name("seat.toml")
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert as_calibrated(settings) is settings
    (said,) = caplog.messages
    assert said.startswith(f"the seat counts as not calibrated: {file}: ")


def test_settings_that_don_t_go_with_the_calibration_are_told(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    own = replace(settings, seat=replace(settings.seat, sit_above=0.31))
    assert as_calibrated(own) is own
    assert caplog.messages == [
        "the seat counts as not calibrated: seat.sit_above = 0.31: is out of bounds; "
        "allowed: above seat.leave_below, 0.050, and below seat.seated, 0.300 (of the calibration)"
    ]


def test_a_level_of_the_settings_that_doesn_t_go_with_the_calibration_isn_t_completed_by_another(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """It went by an empty level of 0 then, which nobody had set."""
    own = replace(settings, seat=replace(settings.seat, seated=0.015))
    assert as_calibrated(own).seat.levels is None
    assert caplog.messages[0].endswith("allowed: 0.01 or more above seat.empty, 0.006 (of the calibration)")


def test_settings_without_a_seated_level_or_a_calibration_say_that_it_is_missing(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "seat.toml").unlink()
    for own in ("sit_above", "leave_below", "empty"):
        caplog.clear()
        assert start_of(asked(settings, f"seat.{own}=0.05")).settings.seat.levels is None
        assert caplog.messages == [
            f"the seat counts as not calibrated: seat.seated is missing, and seat.{own} "
            "can't do without: set it, or run unsit calibrate"
        ]


def test_levels_of_the_settings_hold_beside_a_damaged_calibration_and_that_is_said(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "seat.toml").write_text("damaged")
    own = replace(settings, seat=replace(settings.seat, seated=0.5))
    assert as_calibrated(own) is own
    assert caplog.messages[0].startswith(f"only [seat] in the settings holds: {tmp_path}/seat.toml: ")
