"""Who may connect to the office's brokers, and what a broker needs to know their passwords."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from device.files.user_file import UserFileError, user_text
from device.files.whole_file import write_whole

_MOST_BYTES = 50_000_000


class Role(StrEnum):
    """What somebody may do on the broker."""

    DESK = "desk"
    """Say all of one desk, and hear what it is told."""
    COLLECTOR = "collector"
    """Hear what is collected, and order it again."""
    OFFERING = "offering"
    """Make offers to desks."""
    CLEARING = "clearing"
    """Clear what the broker keeps of a desk, without reading it."""
    BRIDGE = "bridge"
    """Pass on, for another broker, what its desks say and are told."""


@dataclass(frozen=True, slots=True)
class BrokerUser:
    """Somebody who may connect."""

    name: str
    role: Role
    proofs: Mapping[str, str]
    """What each kind of broker checks the password by; none for somebody who isn't let in any more."""


class UsersFileError(UserFileError):
    """The file of users makes no sense."""


def read_users(file: Path) -> Sequence[BrokerUser]:
    """All of them; none if there is no file. Raises UserFileError."""
    if not file.exists():
        return []
    try:
        told = json.loads(user_text(file, most_bytes=_MOST_BYTES))
        return [_user(each) for each in told["users"]]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise UsersFileError(f"{file}: makes no sense; allowed: what `unsit office enrol` writes") from None


def _user(told: Any) -> BrokerUser:
    """Raises ValueError, TypeError, KeyError or AttributeError."""
    texts = [told["name"], *told["proofs"].keys(), *told["proofs"].values()]
    if not all(isinstance(each, str) for each in texts):
        raise TypeError("names and proofs are texts")
    return BrokerUser(told["name"], Role(told["role"]), told["proofs"])


def write_users(file: Path, users: Iterable[BrokerUser]) -> None:
    """Write them in place of what is there. Raises OSError."""
    told = json.dumps({"users": [asdict(each) for each in sorted(users, key=lambda each: each.name)]}, indent=0)
    write_whole(file, f"{told}\n".encode())


def folder_for_owner(folder: Path) -> None:
    """Make the folder, for the eyes of its owner, who is the owner of the one it is in. Raises OSError."""
    if not folder.is_dir():
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            above = os.stat(folder.parent)
            os.chown(folder, above.st_uid, above.st_gid)
