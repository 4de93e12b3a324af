"""What the updates remember over a restart: what was tried, when they looked last, and what was done."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path

FOLDER = Path("/kept/update")
_LINES = 50


@dataclass(slots=True)
class Remembered:
    """Where the updates stand."""

    tried: str = ""
    """What was tried last, so that it isn't tried again every night."""
    times: int = 0
    """How often that was."""
    trial: str = ""
    """The slot that was sent on trial; empty if none is."""
    has_network: bool = False
    """Whether the slot before had a network, which the new one has to have then as well."""
    panel_works: bool = False
    """The same of the panel."""
    ready: str = ""
    """The slot that is whole and only waits for an empty chair, and what it has; empty if none is."""
    looked_s: float = 0.0
    """When it was last looked for something new, as the clock had it."""
    left_out: str = ""
    """Packages on the card that failed, so that Debian's updates go on without them."""
    what: str = ""
    """What the slot on trial has that the other hasn't, in words."""


def remembered(folder: Path = FOLDER) -> Remembered:
    """As it was left; as new if it can't be read."""
    known = {field.name: field.type for field in fields(Remembered)}
    try:
        told = json.loads((folder / "state").read_text("utf-8"))
        return Remembered(**{key: value for key, value in told.items() if key in known})
    except (OSError, ValueError, AttributeError):
        return Remembered()


def remember(state: Remembered, folder: Path = FOLDER) -> None:
    """Keep it whole, whenever the power is cut."""
    _whole(folder / "state", json.dumps(asdict(state)))


def log(line: str, at: datetime, folder: Path = FOLDER) -> None:
    """Add what was done to the log, the last of which the card shows."""
    _whole(folder / "log", "\n".join([*told(folder), f"{at:%Y-%m-%d %H:%M} {line}"][-_LINES:]) + "\n")


def told(folder: Path = FOLDER) -> Sequence[str]:
    """The lines of the log."""
    try:
        return (folder / "log").read_text("utf-8").splitlines()
    except (OSError, ValueError):
        return []


def _whole(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f"{file.name}.new")
    with open(beside, "w", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    os.replace(beside, file)
