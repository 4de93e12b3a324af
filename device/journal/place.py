"""The place of the journal, SQLite's files beside it, what lies in memory, and setting a damaged journal aside."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from device.files.complaint import Complaint
from device.settings.settings import Settings

_SERVICE_KEEPS_IT = Path("/var/lib/unsit/journal.db")
_CHANGES = "changes.toml"
_LEAST_ROOM = 16384
"""With less room in bytes, not even a few facts can be written."""


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
        there = os.statvfs(file.parent)
        if closed or there.f_flag & os.ST_RDONLY:
            return Complaint(
                "{folder} can't be written: what happens now waits in the memory of the device, and a restart loses it",
                folder=file.parent,
            )
        # Some file systems have no number of blocks at all.
        if there.f_blocks and there.f_bavail * there.f_frsize < _LEAST_ROOM:
            return Complaint(
                "{folder} is full: what happens now waits in the memory of the device, and a restart loses it",
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


# ---- what lies in memory


_IN_MEMORY = ("tmpfs", "ramfs")
_OVERLAY = "overlay"


class _Mount(NamedTuple):
    point: Path
    kind: str
    options: str

    @property
    def upper(self) -> Path | None:
        """Where an overlay keeps what was changed."""
        found = re.search(r"(?:^|,)upperdir=([^,]*)", self.options)
        return Path(_plain(found[1])) if self.kind == _OVERLAY and found else None


def lies_in_memory(folder: Path, proc: Path = Path("/proc")) -> bool:
    """Whether the folder lies on a file system in memory, or on an overlay whose changes are kept in one.

    `proc` has the kernel's mounts and command line. Where they can't be read, nothing is known, and the answer is no.
    """
    try:
        mounts = list(_mounts((proc / "self/mountinfo").read_text("utf-8", "surrogateescape")))
        # An overlay over the root is made before anything else, so where it keeps its changes is often out of sight.
        told = "overlay" in (proc / "cmdline").read_text("utf-8", "replace")
    except OSError:
        return False
    mount = _mount_of(folder.resolve(), mounts)
    if mount is None or mount.upper is None:
        return mount is not None and mount.kind in _IN_MEMORY
    below = _mount_of(mount.upper, [each for each in mounts if each.point != Path("/")])
    return told if below is None else below.kind in _IN_MEMORY


def _mounts(told: str) -> Iterator[_Mount]:
    """The mounts, in the order in which they were made."""
    for line in told.splitlines():
        before, dash, after = line.partition(" - ")
        fields, kinds = before.split(" "), after.split(" ")
        if dash and len(fields) > 4 and len(kinds) > 2:
            yield _Mount(Path(_plain(fields[4])), kinds[0], kinds[2])


def _mount_of(place: Path, mounts: list[_Mount]) -> _Mount | None:
    """The mount on which a place lies: of the nearest ones the last, which covers the others."""
    over = [each for each in mounts if place.is_relative_to(each.point)]
    return max(enumerate(over), key=lambda each: (len(each[1].point.parts), each[0]), default=(0, None))[1]


def _plain(told: str) -> str:
    """A path without the kernel's escapes for spaces and the like."""
    return re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), told)
