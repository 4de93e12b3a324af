"""Writes a file that only its owner may read."""

from __future__ import annotations

import os
from pathlib import Path

from device.files.whole_file import sync_folder


def write_for_owner(file: Path, says: bytes) -> None:
    """Put this in place of what is there, whole or not at all; it belongs to the folder's owner. Raises OSError."""
    # Hidden, so that nobody takes it for one of the files.
    draft = file.with_name(f".{file.name}.new")
    draft.unlink(missing_ok=True)
    opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(opened, "wb") as written:
        if os.geteuid() == 0:
            folder = os.stat(file.parent)
            os.fchown(opened, folder.st_uid, folder.st_gid)
        written.write(says)
        written.flush()
        os.fsync(opened)
    draft.replace(file)
    sync_folder(file.parent)
