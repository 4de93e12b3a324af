"""Writes the output file of a command, whole or not at all. If it can't, one line says why."""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from device.commands.asking import EX_IO_ERR, CommandError


@contextmanager
def written(file: Path) -> Iterator[Path]:
    """A temporary file with the same ending. When it is complete, it replaces the file.

    Raises CommandError. Pipes, /dev/stdout and the like get everything at once at the end.
    """
    with complaining_about(file), (_passed_on if _is_passed_on(file) else _in_its_place)(file) as draft:
        yield draft


@contextmanager
def written_along(file: Path) -> Iterator[Callable[[str], object]]:
    """The same for lines that come during other work. An error in that work isn't reported as one of the file."""
    try:
        with written(file) as draft, draft.open("w", encoding="utf-8") as text:

            def write(line: str) -> None:
                with complaining_about(file):
                    text.write(line)

            try:
                yield write
            except OSError as error:
                raise _OtherError(error) from error
    except _OtherError as other:
        raise other.error from None


class _OtherError(Exception):
    """The other work failed."""

    def __init__(self, error: OSError) -> None:
        super().__init__(error)
        self.error = error


@contextmanager
def complaining_about(file: Path) -> Iterator[None]:
    """Turn errors of that file into one line."""
    try:
        yield
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror or error}", EX_IO_ERR) from error


def _is_passed_on(file: Path) -> bool:
    """Whether it is something that can't be replaced, such as a pipe."""
    # /dev/stdout may lead to an ordinary file; in /dev/shm they are ordinary themselves.
    is_a_way = file.parts[:2] in (("/", "dev"), ("/", "proc")) and file.parts[:3] != ("/", "dev", "shm")
    try:
        return is_a_way or not stat.S_ISREG(os.stat(file).st_mode)
    except OSError:
        # An error is reported when it is written.
        return False


@contextmanager
def _passed_on(file: Path) -> Iterator[Path]:
    # Try this first, so that an error comes before the work.
    with tempfile.TemporaryDirectory(prefix="unsit-") as folder, file.open("wb") as target:
        draft = Path(folder, f"draft{file.suffix}")
        yield draft
        with draft.open("rb") as source:
            shutil.copyfileobj(source, target)


@contextmanager
def _in_its_place(file: Path) -> Iterator[Path]:
    place = Path(os.path.realpath(file))
    draft = place.with_name(f".unsit-{secrets.token_hex(4)}{place.suffix[-20:]}")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    except PermissionError:
        if not place.exists():
            raise
        # The file is writable, but its folder isn't.
        with _passed_on(place) as elsewhere:
            yield elsewhere
        return
    try:
        yield draft
        with suppress(FileNotFoundError):
            shutil.copymode(place, draft)
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)
