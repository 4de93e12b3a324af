"""`unsit office list`: which desks are enrolled, and in which teams."""

from __future__ import annotations

import argparse
from collections import defaultdict

from device.commands.asking import Commands, command, say
from device.commands.brokers.office_asking import office_of, store_of, takes_office


def offer_below(commands: Commands) -> None:
    """Add the commands."""
    takes_office(command(commands, "list", list_desks, "list the desks that are enrolled, by team"), also_before=True)


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
