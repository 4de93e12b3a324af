"""The name of a fact stands in one place; whoever needs it takes it from the kind."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from device.words.facts import KINDS

PROJECT = Path(__file__).parents[2]
FILES = [path for floor in ("device", "hardware") for path in sorted((PROJECT / floor).rglob("*.py"))]
_ROWS = {"chosen": "a row of a day file"}
_SIDES = {"left": "a side"}
NO_FACTS: Mapping[str, Mapping[str, str]] = {
    "device/body": _SIDES,
    "device/stretches": _SIDES,
    "device/pictures": _SIDES,
    "hardware": _SIDES,
    "device/stages/calibration.py": _SIDES,
    "device/commands/calibrate.py": _SIDES,
    "device/words/events.py": dict.fromkeys(("sound", "enough"), "an order"),
    "device/words/effects.py": {"muted": "a mark on the screen"},
    "device/mind/rules.py": dict.fromkeys(("due", "snoozed", "acknowledged", "seat_lost"), "a mode"),
    "device/mind/snapshot.py": {"due": "what is owed", "invite": "what is owed"},
    "device/screens/screens.py": dict.fromkeys(("due", "invite", "seat_lost"), "a screen's words"),
    "device/settings/week.py": {"sat": "a Saturday"},
    "device/settings/settings_file.py": {"plan": "a table of the settings file"},
    "device/settings/plans.py": {"plan": "a table of the settings file"},
    "device/history/day_words.py": {"due": "a column", "away": "a sign of a strip"},
    "device/history/tables.py": {
        "due": "a column",
        "forgotten": "a key of the days' JSON",
        "away": "a sign of a strip",
        "person": "a column",
    },
    "device/pictures/week_picture.py": {"away": "a sign of a strip"},
    "device/history/days_as_data.py": {"sat": "a key of the days' JSON", "forgotten": "a key of the days' JSON"},
    "device/history/day_file.py": _ROWS,
    "device/history/nameless.py": _ROWS,
    "device/history/order_row.py": _ROWS,
    "device/journal/export.py": _ROWS,
    "device/run": _ROWS,
    "device/desk": {"full_break": "a gap in a sentence"},
    "device/desk/chair.py": _SIDES,
    "device/commands": {"sound": "a message on the line", "away": "a command", "person": "a command"},
    "device/__main__.py": {"away": "a command", "person": "a command"},
    "device/settings/table.py": {"sound": "a group of settings"},
    "device/page": {"sound": "a message on the line", "enough": "an order", "bout": "a key of a request"},
    "device/page/answers.py": {"person": "a key of a request"},
    "device/topics/names.py": dict.fromkeys(("due", "muted"), "a state"),
    "device/topics/states.py": {"due": "a state", "muted": "a state", "enough": "a key of what the line tells"},
    "device/topics/commands.py": {"sound": "an order"},
    "device/topics/discovery.py": dict.fromkeys(("due", "muted"), "a state"),
    "device/page/as_set.py": {"plan": "a table of the settings file"},
    "device/journal/layout.py": {"sat": "the names when that layout was new", "left": "likewise"},
}
"""Where the same word means something else. A reader of facts has no place here."""


def no_facts_in(place: Path) -> set[str]:
    """The words that are no facts there."""
    return {word for each in (place, *place.parents) for word in NO_FACTS.get(each.as_posix(), {})}


def names_in(path: Path) -> Iterator[str]:
    """The names of facts that stand as texts in a file, alone or in quotes within SQL."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from {node.value, *re.findall(r"'(\w+)'", node.value)} & KINDS.keys()


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_no_name_of_a_fact_stands_outside_its_kind(path: Path) -> None:
    place = path.relative_to(PROJECT)
    if place != Path("device/words/facts.py"):
        assert set(names_in(path)) - no_facts_in(place) == set()


@pytest.mark.parametrize("place", NO_FACTS)
def test_each_word_that_is_no_fact_is_still_there(place: str) -> None:
    there = [path for path in FILES if path.is_relative_to(PROJECT / place)]
    assert {name for path in there for name in names_in(path)} >= NO_FACTS[place].keys()


def test_each_name_stands_once_among_the_kinds() -> None:
    text = (PROJECT / "device/words/facts.py").read_text("utf-8")
    assert {name: text.count(f'    name = "{name}"') for name in KINDS} == dict.fromkeys(KINDS, 1)


def test_the_names_in_files_stay_as_they_are() -> None:
    # Journals on devices have them.
    assert {name: kind.__name__ for name, kind in KINDS.items()} == {
        "sat": "Sat",
        "left": "Left",
        "bout": "Bout",
        "full_break": "FullBreak",
        "stuck": "Stuck",
        "answered": "Answered",
        "forgotten": "BoutForgotten",
        "invite": "Invited",
        "due": "FellDue",
        "sound": "Sounded",
        "acknowledged": "Acknowledged",
        "snoozed": "Snoozed",
        "muted": "Muted",
        "unmuted": "Unmuted",
        "enough": "Enough",
        "off_hours": "OffHours",
        "on_hours": "OnHours",
        "meeting": "InMeeting",
        "meeting_over": "MeetingOver",
        "meeting_off": "MeetingOff",
        "plan": "PlanChanged",
        "stretch_wanted": "StretchWanted",
        "break_honoured": "BreakHonoured",
        "break_cut_short": "BreakCutShort",
        "short_offer": "ShortOffered",
        "short_break": "ShortTaken",
        "move_offer": "MoveOffered",
        "guide_started": "GuideStarted",
        "stretch_started": "StretchStarted",
        "stretch_done": "StretchDone",
        "stretch_shown": "StretchShown",
        "guide_ended": "GuideEnded",
        "safety_seen": "SafetySeen",
        "connect_seen": "ConnectSeen",
        "chosen": "TopicChosen",
        "stretch_never": "StretchNever",
        "stretch_again": "StretchAgain",
        "away": "Away",
        "person": "PersonChosen",
        "office_offer": "OfficeOffered",
        "office_asked": "OfficeAsked",
        "office_answer": "OfficeAnswered",
        "resumed": "Resumed",
        "power_cut": "PowerCut",
        "clock_stepped": "ClockStepped",
        "seat_lost": "SeatLost",
        "seat_back": "SeatBack",
        "seat_drifted": "SeatDrifted",
        "seat_doubted": "SeatDoubted",
        "seat_trusted": "SeatTrusted",
        "panel_lost": "PanelLost",
        "panel_back": "PanelBack",
    }
