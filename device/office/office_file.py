"""Reads office.toml, the settings of the computer that collects for an office."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from device.files.complaint import OneLineError, brief
from device.files.user_file import UserFileError, user_tables, user_text

OFFICE_FILE = Path("/etc/unsit/office.toml")
OFFICE_FOLDER = Path("/var/lib/unsit-office")
"""Where the office of that file keeps its database and what it has made for brokers."""
_MOST_WEEKS = 520
_LONGEST = 1000
_TOPIC = re.compile(r"[^\s+#$\x00-\x1f\x7f][^+#\x00-\x1f\x7f]*")
_SCHEMES = ("sqlite", "postgresql")


class OfficeFileError(OneLineError):
    """An office.toml that can't be used: one line naming it, the key, what is wrong and what is allowed."""


@dataclass(frozen=True, slots=True)
class OfficeBroker:
    """The broker that the office collects from."""

    host: str
    port: int = 0
    """0 means the usual one."""
    tls: str = "yes"
    ca: str = ""
    """The file of the authority whose certificate the broker shows; "" for those that the system trusts."""
    user: str = "office"
    password: str = ""
    """The file with the password; "" for the one in the office's folder."""
    version: str = "5"
    topic: str = "unsit"
    """What all topics begin with, here and at the desks."""


@dataclass(frozen=True, slots=True)
class DesksBroker:
    """The broker that desks connect to, if it is another one, such as their floor's."""

    host: str = ""
    port: int = 0
    tls: str = ""
    ca: str = ""
    """Where the file of the authority lies at a desk."""


@dataclass(frozen=True, slots=True)
class Office:
    """All that office.toml says, with what it leaves out."""

    file: Path
    broker: OfficeBroker
    desks: DesksBroker
    name: str = ""
    """What the office is called in offers and in the report."""
    database: str = ""
    """The URL of the database, as SQLAlchemy writes it."""
    keep_weeks: int = 26
    """What is older is deleted."""
    language: str = "en"
    """Of the report's page."""
    access: str = "mosquitto"
    """The kinds of brokers that users and access lists are made for, with + between them."""
    changed: str = ""
    """The program that brings them to the broker whenever they have changed; it is told their folder."""

    @property
    def folder(self) -> Path:
        """Where the office keeps what it makes: beside the file, but for that in /etc."""
        return OFFICE_FOLDER if self.file == OFFICE_FILE else self.file.absolute().parent

    @property
    def password_file(self) -> Path:
        """Where the office's own password is."""
        return Path(self.broker.password) if self.broker.password else self.folder / "password"

    @property
    def database_url(self) -> str:
        """The URL as written, else that of office.db in the office's folder."""
        return self.database or f"sqlite:///{self.folder / 'office.db'}"


def load_office(file: Path) -> Office:
    """What the file says. Raises OfficeFileError."""
    try:
        tables = user_tables(user_text(file), str(file))
    except UserFileError as error:
        raise OfficeFileError(str(error)) from error
    broker = _OfficeTable(file, "broker", tables.pop("broker", {}))
    desks = _OfficeTable(file, "desks", tables.pop("desks", {}))
    own = _OfficeTable(file, "", tables, others=("broker", "desks"))
    if "host" not in broker.says:
        raise OfficeFileError(f"{file}: broker.host is missing; allowed: the name or address of the broker")
    office = Office(
        file,
        OfficeBroker(**broker.read(_BROKER)),
        DesksBroker(**desks.read(_DESKS)),
        **own.read(_OWN),
    )
    if "nats" in office.access and office.broker.version != "3.1.1":
        raise OfficeFileError(
            f'{file}: access = "{office.access}": nats-server speaks 3.1.1; allowed: broker.version = "3.1.1"'
        )
    return office


# ---- keys


Reader = Callable[[object], Any]
"""The value as it is used; raises ValueError with what is allowed."""


def _text(allowed: str, pattern: str = r"[^\x00-\x1f\x7f]*") -> Reader:
    def read(value: object) -> str:
        if isinstance(value, str) and len(value) <= _LONGEST and re.fullmatch(pattern, value):
            return value
        raise ValueError(allowed)

    return read


def _whole(low: int, high: int) -> Reader:
    def read(value: object) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        raise ValueError(f"a whole number from {low} to {high}")

    return read


def _one_of(*words: str) -> Reader:
    def read(value: object) -> str:
        if isinstance(value, str) and value in words:
            return value
        raise ValueError(" or ".join(f'"{each}"' for each in words))

    return read


def _database(value: object) -> str:
    if isinstance(value, str) and (value == "" or re.fullmatch(rf"({'|'.join(_SCHEMES)})://[^\s\x00-\x1f]+", value)):
        # A part of the password would be taken for the host, and be shown.
        if value.startswith("postgresql:") and value.partition("?")[0].count("@") > 1:
            raise ValueError("one @, before the host; in a password, %40 for @ and %2F for /")
        return re.sub("^postgresql://", "postgresql+psycopg://", value)
    raise ValueError('a URL such as "sqlite:////srv/office.db" or "postgresql://user@host/office"')


_HOST = _text("the name or address of the broker", r"[A-Za-z0-9._:-]{1,253}")
_PORT = _whole(0, 65535)
_PATH = _text("the name of a file from the root on, such as /etc/unsit/office-ca.pem", r"|/[^\x00-\x1f\x7f]*")

_OWN: Mapping[str, Reader] = {
    "name": _text("one line of up to 60 letters", r"[^\x00-\x1f\x7f]{0,60}"),
    "database": _database,
    "keep_weeks": _whole(1, _MOST_WEEKS),
    "language": _one_of("en", "de"),
    "access": _one_of("mosquitto", "nats", "mosquitto+nats"),
    "changed": _PATH,
}
_BROKER: Mapping[str, Reader] = {
    "host": _HOST,
    "port": _PORT,
    "tls": _one_of("yes", "no"),
    "ca": _PATH,
    "user": _text("one word without : and /", r"[^\s:/+#\x00-\x1f]{1,100}"),
    "password": _PATH,
    "version": _one_of("5", "3.1.1"),
    "topic": _text("the beginning of all topics, such as unsit, without + and #", _TOPIC.pattern),
}
_DESKS: Mapping[str, Reader] = {
    "host": _text("the name or address of the broker", r"[A-Za-z0-9._:-]{0,253}"),
    "port": _PORT,
    "tls": _one_of("", "yes", "no"),
    "ca": _PATH,
}


class _OfficeTable:
    """One table of the file, with its name in complaints."""

    def __init__(self, file: Path, name: str, says: object, others: tuple[str, ...] = ()) -> None:
        """`others` are the tables within it. Raises OfficeFileError."""
        if not isinstance(says, dict):
            raise OfficeFileError(f"{file}: {name} = {brief(says)}; allowed: a table, [{name}]")
        self._file, self._name, self.says, self._others = file, name, says, others

    def read(self, keys: Mapping[str, Reader]) -> dict[str, Any]:
        """The values of those keys that are there. Raises OfficeFileError."""
        return {key: self._value(key, value, keys) for key, value in self.says.items()}

    def _value(self, key: str, value: object, keys: Mapping[str, Reader]) -> Any:
        whole = f"{self._name}.{key}" if self._name else key
        if key not in keys:
            known = [*keys, *self._others]
            near = get_close_matches(key, known)
            hint = f"nearest: {' or '.join(near)}" if near else f"there are {', '.join(known)}"
            raise OfficeFileError(f"{self._file}: there is no {whole:.60}; {hint}")
        try:
            return keys[key](value)
        except ValueError as error:
            shown = "what is written" if "://" in str(value) else brief(value)
            raise OfficeFileError(f"{self._file}: {whole} = {shown}; allowed: {error}") from None
