"""Writes a file whole or not at all, even if the power goes in between."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_MODE = 0o640
"""The group has the page in it."""


def write_whole(file: Path, says: bytes, mode: int = _MODE) -> None:
    """Put this in place of what is there. The owner stays; a new file has its folder's. Raises OSError."""
    draft = file.with_name(f"{file.name}.new")
    # It may be somebody else's, who was stopped in the middle.
    draft.unlink(missing_ok=True)
    try:
        opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        with os.fdopen(opened, "wb") as written:
            # Whatever the umask says.
            os.fchmod(opened, mode)
            there = os.stat(file if file.exists() else file.parent)
            with suppress(PermissionError):
                os.fchown(opened, there.st_uid, there.st_gid)
            written.write(says)
            written.flush()
            os.fsync(opened)
        draft.replace(file)
    except OSError:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Have the folder's new entries on the disk, too. Raises OSError."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
