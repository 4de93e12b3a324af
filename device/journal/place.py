"""The place of the journal, SQLite's files beside it, and setting a damaged journal aside."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from device.files.complaint import Complaint
from device.settings.settings import Settings

_SERVICE_KEEPS_IT = Path("/var/lib/unsit/journal.db")
_CHANGES = "changes.toml"


def journal_file(settings: Settings) -> Path | None:
    """The file that this process should write; None for no journal."""
    if settings.journal.file:
        return Path(settings.journal.file)
    # systemd sets this to the service's own folder.
    folder = os.environ.get("STATE_DIRECTORY")
    return Path(folder, "journal.db") if folder else None


def journal_to_read(settings: Settings) -> Path:
    """The file to read: as set, else the service's."""
    return journal_file(settings) or _SERVICE_KEEPS_IT


def journal_of_device(settings: Settings) -> Path:
    """The device's file, for a process with a folder of its own."""
    return Path(settings.journal.file) if settings.journal.file else _SERVICE_KEEPS_IT


def calibration_file(settings: Settings) -> Path:
    """Where the seat's calibration is kept: beside the journal, or beside the service's if there is none."""
    return journal_to_read(settings).with_name("seat.toml")


def phones_file(settings: Settings) -> Path:
    """Where the paired phones are kept: beside the journal, or beside the service's if there is none."""
    return journal_to_read(settings).with_name("phones.json")


def desk_calibration_file(settings: Settings) -> Path | None:
    """Where a simulated seat's calibration is kept: beside a journal that the settings name, else nowhere.

    What it reads is invented, so the service's calibration is neither overwritten nor believed.
    """
    return Path(settings.journal.file).with_name("seat.toml") if settings.journal.file else None


def changes_beside(journal: Path) -> Path:
    """Where changes made on the page are kept: in the folder of the journal."""
    return journal.with_name(_CHANGES)


def changes_file(settings: Settings) -> Path:
    """Where the service keeps them, or whoever goes by these settings."""
    return changes_beside(journal_to_read(settings))


def desk_changes_file(settings: Settings) -> Path | None:
    """Where a simulated desk keeps its own: beside a journal that the settings name, else nowhere."""
    return changes_beside(Path(settings.journal.file)) if settings.journal.file else None


def beside(file: Path, suffix: str) -> Path:
    """SQLite's file beside the journal with that suffix."""
    return file.with_name(file.name + suffix)


def identity(file: Path) -> tuple[int, int] | None:
    """The file's device and inode; None if there is no file."""
    with suppress(OSError):
        found = file.stat()
        return found.st_dev, found.st_ino
    return None


def why_unwritten(file: Path) -> Complaint | None:
    """Why the journal can't be written now, judging by its folder; None if nothing is in the way."""
    with suppress(OSError):
        folder, owner = file.parent.stat(), 0o200
        closed = folder.st_uid != 0 and not folder.st_mode & owner
        if closed or os.statvfs(file.parent).f_flag & os.ST_RDONLY:
            return Complaint(
                "{folder} can't be written: what happens now waits in the memory of the device, and a restart loses it",
                folder=file.parent,
            )
    return None


def set_aside(file: Path) -> Path:
    """Rename the file and its companions. A damaged journal is kept: it may be all there is of a year."""
    number = 1
    while (aside := file.with_name(f"{file.name}.damaged-{number}")).exists():
        number += 1
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            beside(file, suffix).rename(f"{aside}{suffix}")
    return aside
