"""The command line: finds the command that follows `unsit`, and runs it."""

from __future__ import annotations

import argparse
import io
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module

from device import __version__
from device.commands.asking import EX_CONFIG, EX_DATA, EX_IO_ERR, EX_UNAVAILABLE, CommandError, Parser
from device.files.complaint import ContentError
from device.history.day_file import DayFileError
from device.settings.settings_file import SettingsError
from device.words.ports import NotHereError, PartError

_INTERRUPTED = 130
"""The exit code that shells use after Ctrl-C."""
_SAFETY = (
    "Stop if it hurts; a mild pull will do. Chest pain, dizziness or shortness of breath: stop at once and get help. "
    "With a new hip, after an operation, pregnant or ill: ask a doctor first. This is no medical advice."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    output = _prepared_output()
    try:
        code = _answered(arguments)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except (OSError, SystemExit):
        # argparse ends the program by itself, and ignores output that it can't write.
        if output is None or output.fault is None:
            raise
    return code if output is None or output.fault is None else _given_up(output.fault)


def _answered(arguments: Sequence[str] | None) -> int:
    try:
        words = sys.argv[1:] if arguments is None else arguments
        asked = _parser(words).parse_args(words)
        logging.basicConfig(format="unsit: %(message)s", level=logging.INFO)
        code: int = asked.command(asked)
        sys.stdout.flush()
    except SystemExit:
        # --help and the like are output, too.
        sys.stdout.flush()
        raise
    except CommandError as error:
        return _complain(error, error.code)
    except DayFileError as error:
        return _complain(error, EX_DATA)
    except NotHereError as error:
        return _complain(error, EX_UNAVAILABLE)
    except (SettingsError, ContentError, PartError) as error:
        return _complain(error, EX_CONFIG)
    return code


def _complain(what: Exception | str, code: int) -> int:
    with suppress(OSError):
        print(f"unsit: {what}", file=sys.stderr)
    return code


# ---- the ends of the process


class _Stdout(io.TextIOWrapper):
    """Standard output that remembers its error, and prints ? for a letter that it can't print."""

    fault: OSError | None = None

    def write(self, text: str) -> int:
        try:
            return super().write(text)
        except OSError as fault:
            self.fault = fault
            raise

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as fault:
            self.fault = fault
            raise


def _prepared_output() -> _Stdout | None:
    """Make sure that all three standard streams exist. None if standard output is another program's object."""
    # Each gets the lowest free number, so that none of our files becomes a standard stream.
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - stays open
    before = sys.stdout
    if type(before) is not io.TextIOWrapper:
        return None
    encoding, by_line, at_once = before.encoding, before.line_buffering, before.write_through
    # A request for the size of the terminal goes to the original.
    output = _Stdout(before.detach(), encoding, "replace", None, by_line, at_once)
    sys.stdout = sys.__stdout__ = output  # type: ignore[misc]  # it would be of no use without its file
    return output


def _given_up(fault: OSError) -> int:
    # The interpreter would flush again at the end, and complain.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    # The reader may have stopped early, as `| head` does.
    return 0 if isinstance(fault, BrokenPipeError) else _complain(f"standard output: {fault.strerror}", EX_IO_ERR)


_OFFERED = {
    "run": ("run",),
    "page": ("page",),
    "replay": ("demo", "replay"),
    "saying": ("away", "person"),
    "stretches": ("stretches",),
    "languages": ("languages",),
    "history": ("history", "why", "export", "forget"),
    "settings": ("settings",),
    "parts": ("check", "silence"),
    "calibrate": ("calibrate", "seat"),
    "calendars.meetings": ("meetings",),
    "brokers.mqtt": ("mqtt",),
    "brokers.office": ("office",),
}
"""Each file of commands, with the commands in it."""


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """A parser for these arguments. If the first is a command, import only its file: each import takes time."""
    parser = Parser(prog="unsit", description="Knows when you sit, and shows you how to move.", epilog=_SAFETY)
    parser.add_argument("--version", action="version", version=f"unsit {__version__}")
    parser.set_defaults(command=lambda _: _list_commands(parser))
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    asked = [file for file, offered in _OFFERED.items() if words and words[0] in offered]
    for file in asked or _OFFERED:
        import_module(f"device.commands.{file}").offer(commands)
    return parser


def _list_commands(parser: argparse.ArgumentParser) -> int:
    """Without a command, list the commands. This is no error."""
    parser.print_help()
    print("\n`unsit COMMAND --help` explains a command; `unsit demo` is a good beginning.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
