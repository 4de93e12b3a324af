"""What the commands of an office share: its office.toml, its database, and how they report errors."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from device.commands.asking import EX_CONFIG, EX_UNAVAILABLE, CommandError
from device.office.office_file import OFFICE_FILE, Office, OfficeFileError, load_office

if TYPE_CHECKING:
    from device.office.store import OfficeStore


def takes_office(parser: argparse.ArgumentParser, *, also_before: bool = False) -> None:
    """Add the option for office.toml. With `also_before` it may stand before this command, too."""
    parser.add_argument("--office", type=Path, default=argparse.SUPPRESS if also_before else OFFICE_FILE,
                        metavar="FILE", help=f"the office's settings; without it {OFFICE_FILE}")  # fmt: skip


def office_of(asked: argparse.Namespace) -> Office:
    """What office.toml says. Raises CommandError."""
    try:
        return load_office(asked.office)
    except OfficeFileError as error:
        raise CommandError(str(error), EX_CONFIG) from error


def need_libraries() -> None:
    """Raises CommandError if a library of offices isn't there."""
    try:
        import paho.mqtt.client  # noqa: F401 - only asks for them
        import sqlalchemy  # noqa: F401
    except ModuleNotFoundError as error:
        raise CommandError(f"an office takes {error.name}: pip install 'unsit[office]'", EX_UNAVAILABLE) from error


@contextmanager
def store_of(office: Office) -> Iterator[OfficeStore]:
    """The office's database, laid out. Errors within become a CommandError."""
    need_libraries()
    from device.office.store import OfficeStore, StoreError

    try:
        with closing(OfficeStore(office.database_url)) as store:
            store.lay_out()
            yield store
    except StoreError as error:
        raise CommandError(str(error), EX_UNAVAILABLE) from error
