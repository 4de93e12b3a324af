"""`unsit away`: no sound and no offers until a date, for who is on holiday, ill or elsewhere."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from device.commands.asking import EX_UNAVAILABLE, EX_USAGE, CommandError, Commands, a_date, command
from device.files.complaint import complaint_told
from device.run.line import SERVICE


def offer(commands: Commands) -> None:
    """Add the command."""
    away = command(commands, "away", _away, "say until when you are away, or how it stands")
    how = away.add_mutually_exclusive_group()
    how.add_argument(
        "--until", type=a_date, metavar="DATE", help="the first day on which you are back, such as 2027-01-07"
    )
    how.add_argument("--back", action="store_true", help="you are back already")
    away.add_argument(
        "--line", type=Path, default=SERVICE, metavar="SOCKET",
        help="the socket of the running device; without it the service's",
    )  # fmt: skip


def _away(asked: argparse.Namespace) -> int:
    back_on = _back_on(asked.line)
    if asked.until is not None:
        _choose(asked.line, asked.until.isoformat())
        print(_until(asked.until))
    elif back_on is None:
        print("You aren't away.")
    elif asked.back:
        _choose(asked.line, "")
        print("Back again: sound and offers as before.")
    else:
        print(_until(back_on))
    return 0


def _until(day: date) -> str:
    return f"Away until {day:%A}, {day.isoformat()}: no sound and no offers until then. The count goes on."


def _back_on(line: Path) -> date | None:
    """The day until which somebody is away, as the running device says; None if nobody is."""
    from device.phones.ordering import UnansweredError, standing

    try:
        told = _of_device(line, standing(line))
    except UnansweredError as error:
        raise CommandError(str(error), EX_UNAVAILABLE) from error
    # An older device has no word for it.
    back_on = told.get("back_on")
    return None if back_on is None else date.fromisoformat(back_on)


def _choose(line: Path, until: str) -> None:
    from device.phones.ordering import UnansweredError, ordered
    from device.words.facts import Away

    try:
        answer = _of_device(line, ordered(line, "choose", {"name": Away.name, "value": until}))
    except UnansweredError as error:
        raise CommandError(str(error), EX_UNAVAILABLE) from error
    if not answer["fine"]:
        raise CommandError(str(complaint_told(answer["why"])), EX_USAGE)


def _of_device(line: Path, message: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if message is None:
        raise CommandError(f"{line}: no device runs there, and only a running one knows who is away", EX_UNAVAILABLE)
    return message
