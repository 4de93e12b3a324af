"""`unsit office forget`: all that is known of a desk is deleted, here and at the broker."""

from __future__ import annotations

import argparse
import re

from device.access.enrolling import Access, EnrolError
from device.commands.asking import (
    EX_CONFIG,
    EX_IO_ERR,
    EX_NO_INPUT,
    EX_UNAVAILABLE,
    EX_USAGE,
    CommandError,
    Commands,
    command,
    in_terminal,
    say,
)
from device.commands.brokers.office_asking import need_libraries, office_of, store_of, takes_office
from device.office.office_file import Office

_SAYS = (
    "It can't delete figures of teams that were shown before, which name nobody; backups of the database; and logs of "
    "the broker."
)
_HOLDS = " The desk's password holds until `unsit office revoke` takes it away."


def offer_below(commands: Commands) -> None:
    """Add the command."""
    forget = command(commands, "forget", _forget, "delete all that is known of a desk, for good")
    takes_office(forget, also_before=True)
    forget.add_argument("desk", type=_desk, metavar="DESK", help="the name of the desk, as `unsit office list` has it")
    forget.add_argument("--yes", action="store_true", help="don't ask; for scripts")


def _desk(text: str) -> str:
    if not re.fullmatch("[A-Za-z0-9_-]{1,40}", text):
        raise argparse.ArgumentTypeError(f"{text:.60}; allowed: up to 40 letters, digits, - and _")
    return text


def _forget(asked: argparse.Namespace) -> int:
    office = office_of(asked)
    need_libraries()
    may_connect = _may_connect(office, asked.desk)
    if not asked.yes and not _is_meant(asked.desk):
        print("Nothing is deleted.")
        return 0
    rows = _delete(office, asked.desk)
    deleted = f"{rows} row is" if rows == 1 else f"{rows} rows are"
    print(f"Of {asked.desk}, {deleted} deleted here." if rows else f"Nothing of {asked.desk} is stored here.")
    _clear(office, asked.desk)
    # What came in between may have been on its way into the database already.
    _delete(office, asked.desk)
    print("The broker keeps nothing of it any more.")
    say(f"{_SAYS}{_HOLDS * may_connect}")
    return 0


def _may_connect(office: Office, desk: str) -> bool:
    """Whether its password holds. Raises CommandError for a desk that never was."""
    try:
        desks = Access(office).desks()
    except EnrolError as error:
        raise CommandError(str(error), EX_IO_ERR) from error
    with store_of(office) as store:
        is_known = desk in desks or store.knows(desk)
    if not is_known:
        raise CommandError(f"there is no desk called {desk}; `unsit office list` lists them", EX_NO_INPUT)
    return desks.get(desk, False)


def _is_meant(desk: str) -> bool:
    if not in_terminal():
        raise CommandError("say --yes if you mean it: there is nobody here to ask", EX_USAGE)
    return input(f"Delete all that is known of {desk}, for good? Type yes: ").strip() == "yes"


def _delete(office: Office, desk: str) -> int:
    with store_of(office) as store:
        rows = store.delete_desk(desk)
        store.scrub()
    return rows


def _clear(office: Office, desk: str) -> None:
    from device.access.enrolling import user_for
    from device.access.users import Role
    from device.office.clearing import ClearingError, clear
    from device.office.session import OfficeBrokerError, in_office_words, office_broker
    from device.topics.names import Topics

    try:
        broker = office_broker(office, user_for(office, Role.CLEARING))
        clear(broker, Topics(office.broker.topic, desk))
    except OfficeBrokerError as error:
        raise CommandError(f"{error}; the broker still has what it keeps of {desk}", EX_CONFIG) from error
    except ClearingError as error:
        why = f"{in_office_words(str(error), office)}; the broker still has what it keeps of {desk}: try again later"
        raise CommandError(why, EX_UNAVAILABLE) from error
