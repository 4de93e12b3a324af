"""The secret addresses of calendars: each in a file of its own that only its owner may read."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from device.files.complaint import ComplaintError
from device.files.user_file import NoFileError, UserFileError, user_text
from device.meetings.own_file import write_for_owner
from device.settings.settings import CALENDAR_NAME

_LONGEST = 2000
_SERVICE = Path("/etc/unsit/calendars")
_CREDENTIAL = "calendars_"
"""What systemd puts before the name of a file in the folder that it hands over."""


class Address:
    """An address that nobody gets to see: it shows itself to nothing but `secret`."""

    __slots__ = ("secret",)

    def __init__(self, text: str) -> None:
        """Raises ComplaintError if it is no https address; the line doesn't repeat it."""
        text = text.strip()
        scheme, colon, rest = text.partition("://")
        if scheme.lower() in ("webcal", "webcals"):
            text = f"https{colon}{rest}"
        self.secret = _checked(text)

    def __repr__(self) -> str:
        return "an address"


def _checked(text: str) -> str:
    if not text or len(text) > _LONGEST or not text.isascii() or not text.isprintable() or " " in text:
        raise ComplaintError("is no address; allowed: one line that begins with https:// or webcal://")
    try:
        parts = urlsplit(text)
        is_one = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_one = False
    if not is_one:
        raise ComplaintError("is no address; allowed: one line that begins with https:// or webcal://")
    if parts.scheme.lower() != "https":
        raise ComplaintError("isn't safe from readers on the way; allowed: an address that begins with https://")
    return text


def folder_of_addresses() -> Path:
    """Where they are kept: the service's if root asks, else the person's own."""
    if os.geteuid() == 0:
        return _SERVICE
    own = os.environ.get("XDG_CONFIG_HOME", "")
    return (Path(own) if own.startswith("/") else Path.home() / ".config") / "unsit/calendars"


def address_of(name: str) -> Address:
    """The address with that name. Raises ComplaintError if there is none, or it can't be read."""
    handed = os.environ.get("CREDENTIALS_DIRECTORY")
    file = Path(handed, f"{_CREDENTIAL}{name}") if handed else folder_of_addresses() / name
    try:
        os.stat(file)
        return Address(user_text(file, name="its address", most_bytes=2 * _LONGEST))
    except (FileNotFoundError, NotADirectoryError):
        raise ComplaintError(
            "has no address; give it one: {sudo}unsit meetings add {name}",
            sudo="sudo " * bool(handed or os.geteuid() == 0),
            name=name,
        ) from None
    except (NoFileError, OSError):
        raise ComplaintError("has an address that can't be read: only its owner may, so try sudo") from None
    except UserFileError as error:
        raise ComplaintError("{error}", error=error) from None


def keep_address(name: str, address: Address) -> Path:
    """Write it where only its owner may read it; returns the file. Raises OSError."""
    folder = folder_of_addresses()
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    # Nobody may lead root elsewhere by a link.
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        os.fchmod(opened, 0o700)
    finally:
        os.close(opened)
    write_for_owner(folder / name, f"{address.secret}\n".encode())
    return folder / name


def forget_address(name: str) -> bool:
    """Whether there was one. Raises OSError."""
    try:
        (folder_of_addresses() / name).unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def kept_addresses() -> Sequence[str]:
    """The names that have one. Raises OSError if the folder can't be read."""
    try:
        return sorted(name for name in os.listdir(folder_of_addresses()) if CALENDAR_NAME.fullmatch(name))
    except (FileNotFoundError, NotADirectoryError):
        return ()
