"""The paired phones as the device keeps them: it alone adds one, forgets one, and says when one was here."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from device.files.user_file import UserFileError
from device.phones.phone_file import LONGEST_NAME, MOST_PHONES, Phone, read_phones, write_phones
from device.words.instants import HOUR_S, between
from device.words.ports import Clock, Wall

_log = logging.getLogger(__name__)

_ANY = "phone"
"""The name of one that says none."""


class PairedPhones:
    """Changes the file of the phones. Any thread may, but the loop: each change waits for the disk.

    The phones are in the order in which they were last here, so no clock has to be right.
    """

    def __init__(self, file: Path, clock: Clock, wall: Wall) -> None:
        self._file, self._clock, self._wall = file, clock, wall
        self._lock = threading.Lock()
        self._seen_at: dict[str, float] = {}

    def add(self, name: str, token_hash: str) -> Phone:
        """Pair a phone. If there are too many, the longest unseen goes. Raises OSError."""
        with self._lock:
            others = list(self._there())
            for gone in others[: max(len(others) + 1 - MOST_PHONES, 0)]:
                _log.warning("the phone %s is forgotten: %d are paired, and it wasn't here the longest",
                             gone.name, MOST_PHONES)  # fmt: skip
                others.remove(gone)
            own, now = one_of(name, {each.name for each in others}), self._reads()
            phone = Phone(secrets.token_hex(4), own, token_hash, now, now)
            write_phones(self._file, [*others, phone])
            self._seen_at[phone.id] = self._clock.now()
        return phone

    def forget(self, phone_id: str) -> Phone | None:
        """Forget a phone; None if it isn't paired. Raises OSError."""
        with self._lock:
            there = self._there()
            phone = next((each for each in there if each.id == phone_id), None)
            if phone is not None:
                write_phones(self._file, [each for each in there if each is not phone])
        return phone

    def forget_all(self) -> tuple[Phone, ...]:
        """Forget all phones, even on a full disk. Raises OSError."""
        with self._lock:
            there = self._there()
            try:
                if self._file.exists():
                    write_phones(self._file, ())
            except OSError:
                self._file.unlink(missing_ok=True)
        return there

    def see(self, phone_id: str) -> bool:
        """A phone is here; False if it isn't paired. It is written at most once an hour. Raises OSError."""
        with self._lock:
            there = self._there()
            phone = next((each for each in there if each.id == phone_id), None)
            if phone is None:
                return False
            now, before = self._clock.now(), self._seen_at.get(phone_id)
            if before is None or between(before, now) >= HOUR_S:
                here = replace(phone, seen=self._reads() or phone.seen)
                write_phones(self._file, [*(each for each in there if each is not phone), here])
                self._seen_at[phone_id] = now
        return True

    def _there(self) -> tuple[Phone, ...]:
        try:
            return read_phones(self._file)
        except UserFileError as error:
            _log.warning("%s", error)
            return ()

    def _reads(self) -> datetime | None:
        return self._wall.reads(self._clock.now()) if self._wall.is_right else None


def one_of(name: str, others: Iterable[str]) -> str:
    """The name in printable letters, not too long, and unlike the others."""
    plain = "".join(letter if letter.isprintable() else " " for letter in name)
    base = " ".join(plain.split())[:LONGEST_NAME].strip() or _ANY
    own, number = base, 1
    while own in others:
        number += 1
        own = f"{base[: LONGEST_NAME - len(str(number)) - 1].strip()} {number}"
    return own
