"""`unsit check` and `unsit silence`: the parts of the device, one by one."""

from __future__ import annotations

import argparse
from functools import partial

from device.commands.asking import (
    EX_USAGE,
    CommandError,
    Commands,
    as_calibrated,
    command,
    say,
    settings_of,
    takes_settings,
)
from device.run.clock import RunningClock
from device.run.loop import EventQueue
from device.run.told_time import told_by
from device.settings.settings_file import load_settings
from device.settings.settings_place import whence, written_into


def offer(commands: Commands) -> None:
    """Add the commands."""
    takes_settings(command(commands, "check", _check, "try the parts of the device, one by one"))
    takes_settings(command(commands, "silence", _silence, "silence the buzzer after the device has crashed"))


def _check(asked: argparse.Namespace) -> int:
    from hardware.check import Check, pi_ends

    def ask(please: str) -> str:
        return input(f"           {please} Then press Enter. ")

    settings, file = load_settings(asked.config, asked.overrides)
    for line in whence(file):
        say(f"{'settings':10} {line}")
    settings = as_calibrated(settings)
    clock = RunningClock()
    keep = partial(written_into, file, "panel")
    check = Check(settings, pi_ends(settings), EventQueue(), clock, ask, say, told_by(), keep)
    clock.start()
    try:
        return 0 if check.run() else 1
    except (EOFError, KeyboardInterrupt):
        raise CommandError("check asks you to sit, press and look: run it in a terminal", EX_USAGE) from None


def _silence(asked: argparse.Namespace) -> int:
    from hardware.buzzer.buzzer import silence

    silence(settings_of(asked))
    return 0
