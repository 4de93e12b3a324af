"""The seat's calibration is in force wherever the device begins; a damaged one is told, and counts as none."""

from __future__ import annotations

import argparse
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
    own = Settings(seat=SeatSettings(kind="mcp3008", sit_above=0.4), journal=settings.journal)
    assert as_calibrated(own) is own
    (said,) = caplog.messages
    assert said.startswith("the seat counts as not calibrated: [seat] in the settings doesn't go with ")
