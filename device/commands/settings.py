"""`unsit settings`: prints the settings in force, as a file that loads again."""

from __future__ import annotations

import argparse
import codecs
import sys
from datetime import datetime

from device.commands.asking import Commands, command, in_force_of, takes_settings
from device.settings.settings_file import as_toml
from device.settings.week_now import in_force_says


def offer(commands: Commands) -> None:
    """Add the command."""
    does = "print the settings in force, as a settings file"
    takes_settings(command(commands, "settings", _print_settings, does))


def _print_settings(asked: argparse.Namespace) -> int:
    found = in_force_of(asked)
    for trouble in filter(None, [found.trouble, found.broker_trouble]):
        print(f"unsit: {trouble}", file=sys.stderr)
    now = in_force_says(found.settings, datetime.now())
    text = as_toml(found.settings, found.file, asked.overrides, found.sources, now)
    if codecs.lookup(sys.stdout.encoding or "ascii").name != "utf-8":
        # A settings file is UTF-8. In another encoding it would be another text, or none.
        text = "".join(letter if letter.isascii() else f"\\U{ord(letter):08x}" for letter in text)
    print(text, end="")
    return 0
