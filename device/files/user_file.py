"""Reads a text file that a person wrote. If it is too large or no text, one line says so."""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from device.files.complaint import OneLineError

MOST_BYTES = 1_000_000
"""The most bytes of a settings or stretch file: a hundred times the largest that ships."""
_MOST_FILES = 200
_LONGEST_LINE = 10_000
"""The time to parse a key grows with the square of its length."""


class UserFileError(OneLineError):
    """A file that can't be used: one line naming it, what is wrong and what is allowed."""


class NoFileError(UserFileError):
    """The file doesn't exist, or this process may not read it."""


def user_text(file: Path, name: str = "", most_bytes: int = MOST_BYTES) -> str:
    """The text, without a byte order mark; `name` is its name in error messages. Raises UserFileError."""
    return decoded(user_bytes(file, name or str(file), most_bytes), name or str(file))


def decoded(data: bytes, name: str) -> str:
    """The text of these bytes. Raises UserFileError."""
    try:
        # Editors on Windows put a byte order mark in front.
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UserFileError(f"{name}: line {line}: is not UTF-8 text; save it as UTF-8") from error


def user_tables(text: str, name: str) -> dict[str, Any]:
    """The tables of a TOML text. Raises UserFileError."""
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > _LONGEST_LINE:
            raise UserFileError(f"{name}: line {number}: is too long; allowed: up to {_LONGEST_LINE} characters")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise UserFileError(f"{name}: not valid TOML: brackets within brackets within brackets, too deep") from error
    # Whole numbers of thousands of digits aren't a TOMLDecodeError.
    except ValueError as error:
        raise UserFileError(f"{name}: not valid TOML: {error}") from error


def first_there(places: Iterable[Path]) -> Path | None:
    """The first of these files that exists. Raises NoFileError if one isn't accessible."""
    for place in places:
        try:
            os.stat(place)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, ValueError) as error:
            raise unread(str(place), error) from error
        return place
    return None


def files_in(folder: Path, ending: str) -> list[Path]:
    """The files of a folder with that ending, sorted. Raises UserFileError."""
    # List the folder first, since a glob finds nothing, without an error, in a folder that isn't accessible.
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith(ending) and not name.startswith("."))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NoFileError(f"{folder} is no folder; allowed: one that is there") from error
    except (OSError, ValueError) as error:
        raise unread(str(folder), error) from error
    if len(names) > _MOST_FILES:
        raise UserFileError(f"{folder} has {len(names)} files; allowed: up to {_MOST_FILES}")
    return [folder / name for name in names]


def unread(name: str, error: OSError | ValueError) -> NoFileError:
    """The error about a file or folder that isn't accessible."""
    # ValueError is Python's word for a name with a NUL in it.
    reason = getattr(error, "strerror", None) or "its name has a NUL in it"
    hint = "; only its owner may: try sudo" if isinstance(error, PermissionError) else ""
    return NoFileError(f"{name}: can't be read: {reason}{hint}")


def user_bytes(file: Path, name: str, most_bytes: int) -> bytes:
    """What is in the file; `name` is its name in error messages. Raises UserFileError."""
    try:
        # Without this, a pipe that nobody writes to would block it forever.
        opened = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(opened, "rb") as readable:
            found = os.fstat(opened)
            if not stat.S_ISREG(found.st_mode) and found.st_rdev != os.stat(os.devnull).st_rdev:
                raise UserFileError(f"{name}: is {_kind(found.st_mode)}; allowed: a file")
            data = readable.read(most_bytes + 1)
    except IsADirectoryError as error:
        raise UserFileError(f"{name}: is a folder; allowed: a file") from error
    except (OSError, ValueError) as error:
        raise unread(name, error) from error
    if len(data) > most_bytes:
        raise UserFileError(f"{name}: is too large; allowed: up to {most_bytes / 1e6:g} MB")
    return data


def _kind(mode: int) -> str:
    return "a pipe" if stat.S_ISFIFO(mode) else "a device or the like"
