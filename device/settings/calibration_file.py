"""The seat's calibration as a file beside the journal: written whole or not at all, read back, and put in force."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from device.files.complaint import brief
from device.files.user_file import UserFileError, first_there, user_tables, user_text
from device.settings.seat_fault import seat_fault
from device.settings.settings import Settings
from device.words.levels import LEAST_APART, SeatLevels, seat_levels

_LEVELS = ("empty", "seated", "sit_above", "leave_below", "empty_most", "seated_least")
_KEYS = ("date", *_LEVELS)
_MOST = {"empty": 0.9, "seated": 0.99, "sit_above": 0.99, "leave_below": 0.99}
"""As in [seat]."""
_ROUNDING = 0.0002
"""By how much levels that are written with four digits may seem closer than they are."""
_MOST_CHARACTERS = 500
"""More than a calibration has."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a calibration has found. All are fractions of full scale."""

    levels: SeatLevels
    empty_most: float
    """The highest reading with nobody there, but for stray ones."""
    seated_least: float
    """The lowest reading of somebody who sits and leans, but for stray ones."""


def read_calibration(file: Path) -> tuple[Calibration, datetime] | None:
    """The calibration and its date; None if there is no file. Raises UserFileError for one that makes no sense."""
    if first_there([file]) is None:
        return None
    found = user_tables(user_text(file), str(file))
    wrong = [_wrong(key, found) for key in _KEYS if not _fits(key, found.get(key))]
    if wrong:
        raise UserFileError(f"{file}: {', '.join(wrong)}; allowed: what `unsit calibrate` writes")
    levels = seat_levels(*(float(found[key]) for key in _LEVELS[:4]))
    if levels is None:
        shown = ", ".join(f"{key} {found[key]:g}" for key in ("empty", "leave_below", "sit_above", "seated"))
        raise UserFileError(f"{file}: {shown}: these don't rise; allowed: empty < leave_below < sit_above < seated")
    if levels.span < LEAST_APART - _ROUNDING:
        shown = f"empty {levels.empty:g} and seated {levels.seated:g} are too close"
        raise UserFileError(f"{file}: {shown}; allowed: {LEAST_APART} or more apart")
    return Calibration(levels, float(found["empty_most"]), float(found["seated_least"])), found["date"]


def _wrong(key: str, found: dict[str, Any]) -> str:
    if key not in found:
        return f"{key} is missing"
    wanted = "no date and time with its zone" if key == "date" else f"no number from 0 to {_MOST.get(key, 1)}"
    return f"{key} = {brief(found[key])} is {wanted}"


def _fits(key: str, value: Any) -> bool:
    if key == "date":
        return isinstance(value, datetime) and value.tzinfo is not None
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _MOST.get(key, 1)


def try_to_write(file: Path) -> None:
    """Find out whether a calibration could be written there now. Leaves nothing. Raises OSError if not."""
    if file.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    # A folder that isn't there yet is made when there is something to write.
    folder = next(each for each in file.absolute().parents if each.exists())
    with _draft(folder / file.name, " " * _MOST_CHARACTERS):
        pass


def write_calibration(file: Path, calibration: Calibration, when: datetime) -> None:
    """Write it, in place of an earlier one. Raises OSError; then the earlier one is still there."""
    lines = [
        "# From `unsit calibrate`; [seat] in the settings beats it.",
        f"date = {when.isoformat(timespec='seconds')}",
        *_level_lines(calibration.levels),
        f"empty_most = {calibration.empty_most:.4f}",
        f"seated_least = {calibration.seated_least:.4f}",
    ]
    file.parent.mkdir(parents=True, exist_ok=True)
    with _draft(file, "\n".join(lines) + "\n") as draft:
        draft.replace(file)


@contextmanager
def _draft(file: Path, says: str) -> Iterator[Path]:
    draft = file.with_name(f"{file.name}.new")
    try:
        with draft.open("w", encoding="utf-8") as text:
            text.write(says)
            text.flush()
            os.fsync(text.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def seat_lines(levels: SeatLevels) -> list[str]:
    """The levels and thresholds as [seat] in the settings has them. The thresholds move along as a pad ages."""
    return ["[seat]", *_level_lines(levels), 'follows = ["sit_above", "leave_below"]']


def _level_lines(levels: SeatLevels) -> list[str]:
    values = (levels.empty, levels.seated, levels.thresholds.sit_above, levels.thresholds.leave_below)
    return [f"{key} = {value:.4f}" for key, value in zip(_LEVELS[:4], values, strict=True)]


def calibrated(settings: Settings, calibration: Calibration, when: datetime) -> Settings | None:
    """The settings with what the calibration has found; settings of the same names beat it.

    None if the two together make no sense, see `seat_fault`: then the seat isn't calibrated.
    """
    if seat_fault(settings.seat, calibration.levels):
        return None
    own, found = settings.seat, calibration.levels
    if own.empty or own.seated:
        # Other levels take other thresholds, and what has drifted from the calibration says nothing of them.
        seat = replace(own, empty=own.empty or found.empty, seated=own.seated or found.seated)
    else:
        thresholds = asdict(found.thresholds)
        open_ones = {name: level for name, level in thresholds.items() if not getattr(own, name)}
        seat = replace(own, empty=found.empty, seated=found.seated, follows=tuple(open_ones), **open_ones)
        # As the file has it: what drifts from now on is known by this date after the next start.
        seat = replace(seat, calibrated=when.isoformat(timespec="seconds"))
    return replace(settings, seat=seat)


def seat_says(settings: Settings) -> str:
    """The levels and thresholds in force, in words; empty without calibration, and for a contact, which has none."""
    levels = settings.seat.levels
    if levels is None or settings.seat.kind == "contact":
        return ""
    return levels_say(levels)


def levels_say(levels: SeatLevels) -> str:
    """The levels and thresholds in words."""
    bounds = levels.thresholds
    return (
        f"empty {levels.empty:.3f}, seated {levels.seated:.3f}; "
        f"taken from {bounds.sit_above:.3f} up, empty from {bounds.leave_below:.3f} down"
    )
