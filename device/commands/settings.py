"""`unsit settings`: those in force, as a file that loads again."""

from __future__ import annotations

import argparse

from device.commands.asking import Commands, command, takes_settings
from device.settings_file import as_toml, load_settings


def offer(commands: Commands) -> None:
    """Add it to what can be asked."""
    does = "print the settings in force as a file that loads again"
    takes_settings(command(commands, "settings", _print_settings, does))


def _print_settings(asked: argparse.Namespace) -> int:
    print(as_toml(*load_settings(asked.config, asked.overrides)), end="")
    return 0
