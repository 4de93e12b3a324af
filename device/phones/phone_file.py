"""The file of the paired phones: read with care, written whole or not at all."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from device.files.user_file import UserFileError, user_text
from device.files.whole_file import write_whole

MOST_PHONES = 20
LONGEST_NAME = 40
_MOST_BYTES = 50_000
"""Several times what that many phones take."""
_YEARS = range(2000, 2200)
"""Far from the limits of `datetime`."""


@dataclass(frozen=True, slots=True)
class Phone:
    """A paired phone, or whatever else has a browser."""

    id: str
    name: str
    hash: str
    """The SHA-256 of its token, in hexadecimal. Nobody but the phone has the token."""
    since: datetime | None
    """When it was paired; None if the device didn't know the time. It has its zone."""
    seen: datetime | None
    """When it was last here."""


def read_phones(file: Path) -> tuple[Phone, ...]:
    """The phones, the longest unseen first; none if there is no file. Raises UserFileError if it makes no sense."""
    try:
        os.stat(file)
    except FileNotFoundError:
        return ()
    except OSError:
        pass  # what is wrong is told below
    try:
        told = json.loads(user_text(file, most_bytes=_MOST_BYTES))
        phones = tuple(_phone(each) for each in told["phones"])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise UserFileError(f"{file}: makes no sense, so no phone is paired; allowed: what the device writes") from None
    if len(phones) > MOST_PHONES or len({each.id for each in phones}) < len(phones):
        raise UserFileError(f"{file}: no phone is paired, since there are too many, or one is there twice")
    return phones


def write_phones(file: Path, phones: Iterable[Phone]) -> None:
    """Write them in place of what is there. Raises OSError."""
    told = json.dumps({"phones": [_told(each) for each in phones]}, indent=1)
    write_whole(file, f"{told}\n".encode())


def _told(phone: Phone) -> Mapping[str, object]:
    when = {key: value and value.isoformat(timespec="seconds") for key, value in _times(phone)}
    return {"id": phone.id, "name": phone.name, "hash": phone.hash, **when}


def _times(phone: Phone) -> Iterable[tuple[str, datetime | None]]:
    return ("since", phone.since), ("seen", phone.seen)


def _phone(told: Any) -> Phone:
    """Raises ValueError, TypeError or KeyError if it makes no sense."""
    is_one = (
        re.fullmatch("[0-9a-f]{8}", told["id"])
        and re.fullmatch("[0-9a-f]{64}", told["hash"])
        and isinstance(told["name"], str)
        and 0 < len(told["name"]) <= LONGEST_NAME
        and told["name"].isprintable()
    )
    if not is_one:
        raise ValueError("this is no phone")
    return Phone(told["id"], told["name"], told["hash"], _when(told["since"]), _when(told["seen"]))


def _when(told: Any) -> datetime | None:
    if told is None:
        return None
    when = datetime.fromisoformat(told)
    if when.tzinfo is None or when.year not in _YEARS:
        raise ValueError("this is no time of a pairing")
    return when
