"""`unsit office collect`: what desks send goes into the office's database."""

from __future__ import annotations

import argparse

from device.commands.asking import EX_CONFIG, CommandError, Commands, command
from device.commands.brokers.office_asking import need_libraries, office_of, store_of, takes_office


def offer_below(commands: Commands) -> None:
    """Add the command."""
    collect = command(commands, "collect", _collect, "put what desks send into the database, until stopped")
    takes_office(collect, also_before=True)


def _collect(asked: argparse.Namespace) -> int:
    office = office_of(asked)
    need_libraries()
    from device.mqtt.stop import stop_at_signals
    from device.office.session import OfficeBrokerError, collect, office_broker

    try:
        broker = office_broker(office)
        with stop_at_signals() as stop, store_of(office) as store:
            collect(office, broker, store, stop)
    except OfficeBrokerError as error:
        raise CommandError(str(error), EX_CONFIG) from error
    return 0
