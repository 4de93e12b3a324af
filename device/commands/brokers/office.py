"""`unsit office`: the computer on which an office collects from many desks. Each command below it has a file."""

from __future__ import annotations

from device.commands.asking import Commands, command
from device.commands.brokers import office_collect, office_enrol, office_forget, office_offer, office_report
from device.commands.brokers.office_asking import takes_office


def offer(commands: Commands) -> None:
    """Add the command, and those below it."""
    office = command(commands, "office", office_enrol.list_desks, "list the desks of an office that collects from many")
    takes_office(office)
    below = office.add_subparsers(title="commands", metavar="COMMAND")
    for each in (office_enrol, office_collect, office_report, office_forget, office_offer):
        each.offer_below(below)
