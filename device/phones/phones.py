"""The paired phones as the page knows them: whoever is forgotten is out at the next request."""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
from pathlib import Path

from device.files.user_file import UserFileError
from device.phones.phone_file import Phone, read_phones

_log = logging.getLogger(__name__)

_Version = tuple[int, ...]


class Phones:
    """Reads the file of the phones anew whenever it has changed. If it makes no sense, no phone is paired."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._version: _Version | None = ()
        self._phones: tuple[Phone, ...] = ()

    def all(self) -> tuple[Phone, ...]:
        """All paired phones, the longest unseen first."""
        version = self._version_there()
        if version != self._version:
            self._phones = self._read()
            self._version = version
        return self._phones

    def known(self, token: str) -> Phone | None:
        """The phone with that token; None if it isn't paired."""
        told = hash_of(token)
        found = [each for each in self.all() if hmac.compare_digest(each.hash, told)]
        return found[0] if found else None

    def _version_there(self) -> _Version | None:
        """What differs after every write; None if there is no file that can be looked at."""
        try:
            there = os.stat(self._file)
        except (OSError, ValueError):
            return None
        return there.st_dev, there.st_ino, there.st_size, there.st_mtime_ns, there.st_ctime_ns

    def _read(self) -> tuple[Phone, ...]:
        try:
            return read_phones(self._file)
        except UserFileError as error:
            _log.warning("%s", error)
            return ()


def hash_of(token: str) -> str:
    """What is kept of a phone's token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
