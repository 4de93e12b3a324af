"""`unsit office enrol` and what goes with it: which desks may connect, in which teams, and how they leave."""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from device.access.enrolling import DESK_NAME, DESK_NAMES, Access, EnrolError, new_name
from device.access.users import Role
from device.commands.asking import EX_IO_ERR, EX_NO_INPUT, EX_USAGE, CommandError, Commands, command, say, whole_number
from device.commands.brokers.office_asking import office_of, store_of, takes_office
from device.office.office_file import Office

if TYPE_CHECKING:
    from device.office.store import OfficeStore

_T = TypeVar("_T")
_MOST_AT_ONCE = 1000
_TEAM = re.compile(r"[^\W_][\w .&+-]{0,39}")


def offer_below(commands: Commands) -> None:
    """Add the commands."""
    enrol = command(commands, "enrol", _enrol, "let a desk in: it gets a name, a password and a team")
    enrol.add_argument("desk", nargs="?", metavar="DESK", type=_a_name,
                       help="what the desk is called; without it a name that says nothing about anybody")  # fmt: skip
    how = enrol.add_mutually_exclusive_group(required=True)
    how.add_argument("--team", type=_a_team, help="the team that it is in")
    how.add_argument("--collector", action="store_true", help="no desk, but a second collector on another computer")
    how.add_argument("--bridge", action="store_true", help="no desk, but the broker of a floor that passes all on")
    enrol.add_argument("--count", type=whole_number(1, _MOST_AT_ONCE), default=1, metavar="N",
                       help="so many desks, each with a name of its own")  # fmt: skip
    revoke = command(commands, "revoke", _revoke, "shut a desk out: its password holds no longer")
    move = command(commands, "move", _move, "put a desk into another team, from today on")
    move.add_argument("--team", type=_a_team, required=True, help="the team that it is in from now on")
    for each in (revoke, move):
        each.add_argument("desk", metavar="DESK", type=_a_name, help="what the desk is called")
    listing = command(commands, "list", list_desks, "list the desks that are enrolled, by team")
    for each in (enrol, revoke, move, listing):
        takes_office(each, also_before=True)


def _a_name(text: str) -> str:
    if not DESK_NAME.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text:.60}: allowed: {DESK_NAMES}")
    return text


def _a_team(text: str) -> str:
    if not _TEAM.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text:.60}: allowed: up to 40 letters, digits, blanks and . & + - _")
    return text


def _today() -> date:
    return datetime.now(UTC).astimezone().date()


# ---- letting in


def _enrol(asked: argparse.Namespace) -> int:
    office = office_of(asked)
    if asked.desk and asked.count > 1:
        raise CommandError("--count gives each desk a name of its own; leave DESK out", EX_USAGE)
    if not asked.team:
        return _enrol_other(office, asked.desk, Role.COLLECTOR if asked.collector else Role.BRIDGE)
    names = [asked.desk] if asked.desk else [new_name() for _ in range(asked.count)]
    access = Access(office)
    with store_of(office) as store:
        # First here, so that nothing comes from a desk that isn't known.
        carried = _complaining(lambda: _let_in(access, store, names, asked.team))
    for name, folder in carried.items():
        say(f"{name}: {asked.team}. Carry what is in {folder} to the desk, then delete it here.")
    say(_complaining(access.tell_broker))
    return 0


def _let_in(access: Access, store: OfficeStore, names: list[str], team: str) -> dict[str, Path]:
    there = set(access.names()).intersection(names)
    # Whatever is wrong with it is said before anything has changed.
    access.authority()
    if there:
        why = _why_not_again(access, store, min(there))
        raise EnrolError(f"{why}. {access.tell_broker()}")
    for name in names:
        store.enrol(name, team, _today())
    return dict(access.let_in(names))


def _why_not_again(access: Access, store: OfficeStore, name: str) -> str:
    if name not in access.desks():
        return f"{name} is enrolled already, and is no desk"
    if name not in store.enrolled([name]):
        return f"{name} has a password from before: `unsit office revoke {name}` first"
    return f"{name} is enrolled already; `unsit office move` puts it into another team"


def _enrol_other(office: Office, name: str | None, role: Role) -> int:
    if not name:
        raise CommandError(f"a {role} needs a name, such as {role}-2", EX_USAGE)
    access = Access(office)
    if name in _complaining(access.names):
        why = f"{name} may connect already; `unsit office revoke {name}` ends that"
        raise CommandError(f"{why}. {_complaining(access.tell_broker)}", EX_IO_ERR)
    carried = _complaining(lambda: access.let_in([name], role))
    folder, goes = carried[name], "its computer" if role is Role.COLLECTOR else "the floor's broker"
    files = " and ".join(sorted(each.name for each in folder.iterdir()))
    say(f"{name}: a {role}. Carry {files} in {folder} to {goes}, then delete that folder here.")
    say(_complaining(access.tell_broker))
    return 0


# ---- moving and leaving


def _revoke(asked: argparse.Namespace) -> int:
    office, desk = office_of(asked), asked.desk
    access = Access(office)
    # It must work when the database is away, and nothing more is stored when the broker can't be told.
    was_known = _complaining(lambda: access.shut_out(desk))
    trouble = _tell_shut_out(access, desk) if was_known else ""
    is_known = _leave(office, desk, trouble)
    if trouble:
        raise CommandError(trouble, EX_IO_ERR)
    if not (was_known or is_known):
        raise CommandError(f"there is no desk called {desk}; `unsit office list` lists them", EX_NO_INPUT)
    return 0


def _tell_shut_out(access: Access, desk: str) -> str:
    """Returns what went wrong, "" if nothing did."""
    try:
        say(f"{desk} is shut out. {access.tell_broker()}")
    except EnrolError as error:
        return f"{error}, or `unsit office revoke {desk}` again"
    return ""


def _leave(office: Office, desk: str, trouble: str) -> bool:
    """Whether the desk was ever enrolled; `trouble` is said as well if the database has one."""
    try:
        with store_of(office) as store:
            is_known = any(each.desk == desk for each in store.stays())
            store.leave(desk, _today())
    except CommandError as error:
        raise CommandError(f"{trouble}; {error}" if trouble else str(error), error.code) from error
    if is_known:
        say("What is stored stays until it is old; `unsit office forget` deletes it.")
    return is_known


def _move(asked: argparse.Namespace) -> int:
    with store_of(office_of(asked)) as store:
        if asked.desk not in store.enrolled():
            raise CommandError(f"{asked.desk} isn't enrolled; `unsit office list` lists who is", EX_NO_INPUT)
        store.enrol(asked.desk, asked.team, _today())
    say(f"{asked.desk}: {asked.team} from today on; the days before stay with its team of then.")
    return 0


def list_desks(asked: argparse.Namespace) -> int:
    """Say which desks are enrolled."""
    teams = defaultdict(list)
    with store_of(office_of(asked)) as store:
        for stay in store.stays():
            if stay.gone is None:
                teams[stay.team].append(stay.desk)
    for team, desks in sorted(teams.items()):
        say(f"{team}: {len(desks)} desk{'s' * (len(desks) != 1)}")
        for desk in desks:
            say(f"  {desk}")
    if not teams:
        say("No desk is enrolled; `unsit office enrol` does so, and docs/office.md says how.")
    return 0


def _complaining(does: Callable[[], _T]) -> _T:
    try:
        return does()
    except EnrolError as error:
        raise CommandError(str(error), EX_IO_ERR) from error
