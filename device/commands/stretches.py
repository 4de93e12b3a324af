"""`unsit stretches`: lists, shows and draws stretches, and prints the next routines."""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from device.commands.asking import (
    EX_IO_ERR,
    EX_NO_INPUT,
    EX_USAGE,
    CommandError,
    Commands,
    command,
    in_terminal,
    settings_of,
    spoken_settings_of,
    takes_settings,
    whole_number,
)
from device.commands.writing import written
from device.desk.live import until_told_to_stop
from device.run.clock import RunningClock
from device.run.loop import EventQueue
from device.settings.choices import Choices
from device.settings.settings import Settings
from device.stretches.repertoire import all_stretches, repertoire
from device.stretches.steps import steps
from device.stretches.stretch import Stretch
from device.words.effects import Movement, Moving
from device.words.facts import StretchAgain, StretchNever


def offer(commands: Commands) -> None:
    """Add the commands."""
    parser = commands.add_parser("stretches", help="list, show, draw and choose stretches")
    parser.set_defaults(command=_list_stretches, config=None, overrides=[])
    about_them = parser.add_subparsers(title="commands", metavar="COMMAND")
    takes_settings(command(about_them, "list", _list_stretches, "list the stretches, and what each is for"))
    show = command(about_them, "show", _show_stretch, "show a stretch in the terminal, as it moves")
    render = command(about_them, "render", _render_stretch, "draw a stretch, moving or as a strip of its poses")
    for each in (show, render):
        each.add_argument("id", metavar="ID", help="the id of the stretch, such as hip_lunge")
        takes_settings(each)
    render.add_argument("--out", type=Path, required=True, metavar="FILE", help="the file to write: .gif, .png or .svg")
    for name, choice, says in (
        ("never", StretchNever, "never show a stretch again"),
        ("again", StretchAgain, "show a stretch again that was left out"),
    ):
        chosen = command(about_them, name, _choose, says)
        chosen.set_defaults(choice=choice)
        chosen.add_argument("id", metavar="ID", help="the id of the stretch, such as hip_lunge")
        takes_settings(chosen)
    routine = command(about_them, "routine", _print_routine, "print the routines of the next breaks")
    takes_settings(routine)
    minutes, breaks = whole_number(1, 10), whole_number(1, 100)
    routine.add_argument(
        "--minutes", type=minutes, metavar="N", help="how long a routine lasts; without it as the settings say"
    )
    routine.add_argument(
        "--breaks", type=breaks, default=1, metavar="N", help="how many breaks, one after the other; without it 1"
    )


def _list_stretches(asked: argparse.Namespace) -> int:
    settings = spoken_settings_of(asked)
    chosen = _chosen(settings)
    for stretch in repertoire(settings).stretches:
        print(_about(stretch, _why_left_out(stretch, chosen)))
    return 0


def _why_left_out(stretch: Stretch, chosen: _Picked) -> str:
    """Why a stretch never comes; empty for one that does."""
    if stretch.id in chosen.left_out:
        return "never again, as you said; `unsit stretches again` takes it back"
    wrong_with = sorted(stretch.leave_out.intersection(chosen.conditions))
    return f"left out for {', '.join(wrong_with)}, as chosen at the device" if wrong_with else ""


def _choose(asked: argparse.Namespace) -> int:
    """Write it where the device reads it. Not everybody may write the service's journal."""
    from device.journal.place import journal_to_read
    from device.journal.rows import choose

    stretch = _asked_stretch(asked)
    file = journal_to_read(settings_of(asked))
    try:
        if not file.exists():
            raise CommandError(f"{file}: there is no journal yet, so nothing was ever left out", EX_NO_INPUT)
        choose(file, asked.choice(0.0, 0.0, stretch.id))
    except (OSError, sqlite3.Error) as error:
        raise CommandError(f"{file}: {error}; the service's journal takes sudo", EX_IO_ERR) from error
    comes = "won't come again" if asked.choice is StretchNever else "may come again"
    print(f"{stretch.name} {comes}; a running device knows it once somebody has sat for a minute.")
    return 0


@dataclass(frozen=True, slots=True)
class _Picked:
    """What was chosen at the device, in addition to the settings."""

    left_out: Sequence[str]
    """The ids of stretches."""
    conditions: Sequence[str]


def _chosen(settings: Settings) -> _Picked:
    from device.journal.place import journal_to_read
    from device.journal.reader import JournalError, choices

    file, chosen = journal_to_read(settings), Choices()
    try:
        for fact in choices(file) if file.exists() else ():
            chosen.take(fact)
    except (OSError, JournalError) as error:
        print(f"unsit: it can't be known which stretches were left out at the device: {error}", file=sys.stderr)
    # The settings take precedence, as at the device.
    return _Picked(chosen.left_out, () if settings.stretches.conditions else chosen.conditions)


def _show_stretch(asked: argparse.Namespace) -> int:
    from device.desk.window import Window
    from device.pictures.drawing import draw

    stretch = _asked_stretch(asked)
    if not in_terminal():
        print(_about(stretch))
        return 0
    inbox, clock = EventQueue(), RunningClock()
    screen = Movement(Moving(stretch.figure, False, 0.0), "", "")
    pages = _Screenfuls(_about(stretch).splitlines())
    keys = {"q": inbox.stop, " ": pages.turn}
    with until_told_to_stop(inbox), Window(lambda: draw(screen, clock.now()), lambda: [pages.says], keys, pages.page):
        clock.start()
        while not inbox.stopped:
            inbox.wait(None)
    return 0


class _Screenfuls:
    """Lines in a window: as many as have room, and the others at the press of a key."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._turned = 0
        self.says = " q quit   space more of the text"

    def turn(self) -> None:
        """Show the next lines; after the last, the first again."""
        self._turned += 1

    def page(self, width: int, room: int) -> Sequence[str]:
        """The lines to show now."""
        from device.desk.window import wrapped

        lines = wrapped(self._lines, width)
        starts = range(0, len(lines), max(room, 1))
        start = starts[self._turned % len(starts)]
        return lines[start : start + room]


def _render_stretch(asked: argparse.Namespace) -> int:
    from device.pictures.moving_pictures import KINDS, render

    stretch = _asked_stretch(asked)
    if asked.out.suffix not in KINDS:
        raise CommandError(f"--out {asked.out}: allowed: a name that ends in {', '.join(KINDS)}", EX_USAGE)
    with written(asked.out) as draft:
        render(stretch, draft)
    return 0


def _asked_stretch(asked: argparse.Namespace) -> Stretch:
    """The stretch with that id, even if the settings leave it out."""
    import difflib

    known = {stretch.id: stretch for stretch in all_stretches(spoken_settings_of(asked))}
    if asked.id not in known:
        near = difflib.get_close_matches(asked.id, known, n=1)
        hint = f"nearest: {near[0]}" if near else f"there are {', '.join(known)}"
        raise CommandError(f'there is no stretch "{asked.id}"; {hint}', EX_USAGE)
    return known[asked.id]


def _print_routine(asked: argparse.Namespace) -> int:
    minutes = [] if asked.minutes is None else [f"stretches.minutes={asked.minutes}"]
    asked.overrides = [*asked.overrides, *minutes]
    settings = spoken_settings_of(asked)
    chosen = _chosen(settings)
    shows = repertoire(settings).without(chosen.left_out, chosen.conditions)
    if chosen.conditions:
        print(f"Left out, as chosen at the device: stretches that don't suit {', '.join(chosen.conditions)}.")
    history: list[list[str]] = []
    for _ in range(asked.breaks):
        routine = shows.routine(history, settings.guide)
        history.append([turn.stretch.id for turn in routine])
        lasts_s = sum(step.lasts_s for step in steps(routine, settings.guide))
        print(f"{lasts_s / 60:.1f} min")
        for turn in routine:
            print(f"  {turn.stretch.name:18}  {_amount_text(turn.stretch, str(turn.stretch.counts_in(turn.amount)))}")
    return 0


def _about(stretch: Stretch, note: str = "") -> str:
    steps = " ".join(" ".join(page) for page in stretch.steps)
    sources = "; ".join(stretch.sources)
    told = {
        "Why": stretch.why,
        "For": f"{stretch.area.value.replace('_', ' ')}: {stretch.muscles}",
        "Dose": _dose_text(stretch),
        "How": steps,
        "Feel": stretch.feel,
        "Stop if": stretch.stop,
        "Not": stretch.mistake,
        "Care": stretch.caution,
        "Easier": stretch.easier,
        "Takes": ", ".join(sorted(stretch.needs)) or "nothing",
        "Not for": ", ".join(sorted(stretch.leave_out | stretch.not_in)) or "nobody in particular",
        "Sources": sources,
    }
    lines = [f"{stretch.name} ({stretch.id})", *([f"  {note}"] if note else [])]
    width = min(shutil.get_terminal_size((96, 24)).columns, 96)
    for word, text in told.items():
        lines += textwrap.wrap(text, width, initial_indent=f"  {word:8} ", subsequent_indent=" " * 11)
    return "\n".join(lines) + "\n"


def _dose_text(stretch: Stretch) -> str:
    least, most = stretch.counts_in(stretch.least), stretch.counts_in(stretch.most)
    return _amount_text(stretch, f"{least}" if least == most else f"{least} to {most}")


def _amount_text(stretch: Stretch, amount: str) -> str:
    dose = f"{amount} times" if stretch.counted else f"{amount} s"
    return f"{dose} each side" if len(stretch.sides) > 1 else dose
