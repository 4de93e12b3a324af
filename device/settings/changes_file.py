"""The settings changed on the page, as a file beside the journal: written whole or not at all, and read back."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

from device.files.user_file import first_there
from device.files.whole_file import sync_folder, write_whole
from device.settings.settings import Settings
from device.settings.settings_file import changes_as_toml, read_settings

_HEADER = "# Changed on the page. This lies over the settings file, and `--set` lies over this.\n"


def before_file(changes: Path) -> Path:
    """Where the changes before are kept, while changed wiring waits for somebody to confirm it."""
    return changes.with_name(f"{changes.stem}-before{changes.suffix}")


def read_changes(file: Path) -> dict[str, Any]:
    """The changed values by their keys, unchecked; none if there is no file. Raises OneLineError."""
    if first_there([file]) is None:
        return {}
    return {key: each.value for key, each in read_settings(file).items()}


def write_changes(file: Path, settings: Settings, keys: Collection[str]) -> None:
    """Write the values of these settings in place of earlier changes. Raises OSError; then those are still there."""
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, (_HEADER + changes_as_toml(settings, keys)).encode())


def put_by(file: Path) -> None:
    """Keep the changes as they are, since those that follow may not work. Raises OSError."""
    now = file.read_bytes() if file.exists() else _HEADER.encode()
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(before_file(file), now)


def confirm(file: Path) -> None:
    """Drop the changes from before: the present ones work. Raises OSError."""
    before_file(file).unlink(missing_ok=True)
    sync_folder(file.parent)


def go_back(file: Path) -> bool:
    """Put the changes from before in force again; False if nothing waits to be confirmed. Raises OSError."""
    before = before_file(file)
    if not before.exists():
        return False
    before.replace(file)
    sync_folder(file.parent)
    return True
