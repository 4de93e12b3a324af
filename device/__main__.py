"""The command line: `unsit` and a command, each of which is in a file of its own."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence

from device import __version__
from device.commands import demo, history, page, parts, replay, run, settings, stretches
from device.commands.asking import EX_CONFIG, EX_DATA, CommandError
from device.day_file import DayFileError
from device.ports import PartError
from device.settings_file import SettingsError
from device.stretch_file import ContentError

_SAFETY = (
    "Stop if it hurts; a mild pull will do. Chest pain, dizziness or shortness of breath: stop at once and get help. "
    "With a new hip, after an operation, pregnant or ill: ask a doctor first. This is no medical advice."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    asked = _parser().parse_args(arguments)
    logging.basicConfig(format="unsit: %(message)s", level=logging.INFO)
    try:
        code: int = asked.command(asked)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read along has seen enough, as `| head` does. The interpreter would flush again and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except CommandError as error:
        return _complain(error, error.code)
    except DayFileError as error:
        return _complain(error, EX_DATA)
    except (SettingsError, ContentError, PartError) as error:
        return _complain(error, EX_CONFIG)
    return code


def _complain(error: Exception, code: int) -> int:
    print(f"unsit: {error}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="unsit", description="Knows when you sit, and shows you how to move.", epilog=_SAFETY
    )
    parser.add_argument("--version", action="version", version=f"unsit {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for each in (run, page, demo, replay, stretches, history, settings, parts):
        each.offer(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
