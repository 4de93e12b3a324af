"""Writes what a command was asked to put into a file: whole or not at all, and in one line why not."""

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
    """A place for what is to be in that file, with the same ending; when all is there, it takes the file's place.

    Raises CommandError. Pipes, /dev/stdout and the like get it in one go at the end.
    """
    with complaining_about(file), (_passed_on if _is_passed_on(file) else _in_its_place)(file) as draft:
        yield draft


@contextmanager
def written_along(file: Path) -> Iterator[Callable[[str], object]]:
    """The same for lines that come while something else goes on; what goes wrong with that is no matter of the file."""
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
    """Something else went wrong."""

    def __init__(self, error: OSError) -> None:
        super().__init__(error)
        self.error = error


@contextmanager
def complaining_about(file: Path) -> Iterator[None]:
    """Let what goes wrong with that file be told in one line."""
    try:
        yield
    except OSError as error:
        raise CommandError(f"{file}: {error.strerror or error}", EX_IO_ERR) from error


def _is_passed_on(file: Path) -> bool:
    """It is no file that another one could take the place of."""
    try:
        return not stat.S_ISREG(os.stat(file).st_mode) or file.parts[:2] in (("/", "dev"), ("/", "proc"))
    except OSError:
        # What is wrong with it is told when it is written.
        return False


@contextmanager
def _passed_on(file: Path) -> Iterator[Path]:
    # Asked first, so that what can't be opened is told before the work is done.
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
        # One may write into the file, but make none beside it.
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
