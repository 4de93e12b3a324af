"""`unsit away` and `unsit person`: what somebody says to a running device, and how that stands."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from device.commands.asking import EX_UNAVAILABLE, EX_USAGE, CommandError, Commands, a_date, command
from device.files.complaint import complaint_told
from device.run.line import SERVICE

if TYPE_CHECKING:
    from device.phones.ordering import Message


_WHO_IS_AWAY, _WHO_SITS = "who is away", "who sits"
"""What only a running device knows."""


def offer(commands: Commands) -> None:
    """Add the commands."""
    away = command(commands, "away", _away, "say until when you are away, or how it stands")
    how = away.add_mutually_exclusive_group()
    how.add_argument(
        "--until", type=a_date, metavar="DATE", help="the first day on which you are back, such as 2027-01-07"
    )
    how.add_argument("--back", action="store_true", help="you are back already")
    person = command(commands, "person", _person, "say which of several people sits now")
    person.add_argument("name", nargs="?", metavar="NAME", help="who sits now; without it the command only says so")
    for each in (away, person):
        each.add_argument(
            "--line", type=Path, default=SERVICE, metavar="SOCKET",
            help="the socket of the running device; without it the service's",
        )  # fmt: skip


def _away(asked: argparse.Namespace) -> int:
    from device.words.facts import Away

    back_on = _back_on(asked.line)
    if asked.until is not None:
        _choose(asked.line, Away.name, asked.until.isoformat(), _WHO_IS_AWAY)
        print(_until(asked.until))
    elif back_on is None:
        print("You aren't away.")
    elif asked.back:
        _choose(asked.line, Away.name, "", _WHO_IS_AWAY)
        print("Back again: sound and offers as before.")
    else:
        print(_until(back_on))
    return 0


def _until(day: date) -> str:
    return f"Away until {day:%A}, {day.isoformat()}: no sound and no offers until then. The count goes on."


def _back_on(line: Path) -> date | None:
    """The day until which somebody is away; None if nobody is. An older device has no word for it."""
    back_on = _standing(line, _WHO_IS_AWAY).get("back_on")
    return None if back_on is None else date.fromisoformat(back_on)


def _person(asked: argparse.Namespace) -> int:
    from device.words.facts import PersonChosen

    if asked.name is not None:
        _choose(asked.line, PersonChosen.name, asked.name, _WHO_SITS)
        print(f"{asked.name} sits now.")
        return 0
    told = _standing(asked.line, _WHO_SITS)
    for line in _who(told.get("person", ""), told.get("persons", ())):
        print(line)
    return 0


def _who(person: str, names: Sequence[str]) -> Sequence[str]:
    if not names:
        return ["One person sits here; persons.names in the settings would name several."]
    return [f"{person} sits now, or sat last." if person else "Nobody has sat yet.", f"There are {', '.join(names)}."]


def _standing(line: Path, what: str) -> Message:
    """How things stand, as the running device says."""
    from device.phones.ordering import UnansweredError, standing

    try:
        return _of_device(line, standing(line), what)
    except UnansweredError as error:
        raise CommandError(str(error), EX_UNAVAILABLE) from error


def _choose(line: Path, name: str, value: str, what: str) -> None:
    from device.phones.ordering import UnansweredError, ordered

    try:
        answer = _of_device(line, ordered(line, "choose", {"name": name, "value": value}), what)
    except UnansweredError as error:
        raise CommandError(str(error), EX_UNAVAILABLE) from error
    if not answer["fine"]:
        raise CommandError(str(complaint_told(answer["why"])), EX_USAGE)


def _of_device(line: Path, message: Message | None, what: str) -> Message:
    if message is None:
        raise CommandError(f"{line}: no device runs there, and only a running one knows {what}", EX_UNAVAILABLE)
    return message
