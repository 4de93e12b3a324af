"""`unsit demo`: a working hour at the simulated desk in half a minute."""

from __future__ import annotations

import argparse
from functools import partial

from device.commands.asking import Commands, command, in_terminal, say, takes_settings
from device.commands.desk import live_desk, told_by, window
from device.desk.live import until_told_to_stop
from device.run.restart import Start
from device.run.telling import Telling
from device.settings.settings_file import load_settings
from device.stretches.repertoire import repertoire


def offer(commands: Commands) -> None:
    """Add the command."""
    takes_settings(command(commands, "demo", _demo, "show a working hour at the simulated desk in half a minute"))


def _demo(asked: argparse.Namespace) -> int:
    from device.desk import demo

    settings = load_settings(asked.config, [*demo.SETTINGS, *asked.overrides])[0]
    things, desk = live_desk(Start(settings, repertoire(settings)), demo.SPEEDS[0][1], demo.DAY)
    desk.change_speed_at(demo.SPEEDS)
    desk.stop_at(demo.DAY.end)
    told = partial(demo.told, settings)
    with until_told_to_stop(desk):
        if not in_terminal():
            desk.run(told_by(Telling(told, say)))
        else:
            with window(things, desk, {"q": desk.stop}, "q quit") as latest:
                desk.run(told_by(Telling(told, latest.append)))
    print(demo.FAREWELL)
    return 0
