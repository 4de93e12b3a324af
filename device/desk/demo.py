"""Shows a built-in working hour at the simulated desk in half a minute."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources

from device.history.day_file import DayRow, RecordedDay, read_day
from device.settings.settings import Settings
from device.words.durations import span_text
from device.words.fact_codec import details_of
from device.words.facts import (
    Acknowledged,
    BreakHonoured,
    Fact,
    FellDue,
    FullBreak,
    GuideEnded,
    GuideStarted,
    Invited,
    Left,
    SafetySeen,
    Sat,
    Sounded,
    StretchStarted,
)

# The half-hourly preset, so that an hour has a whole story.
SETTINGS = ("limits.preset=half-hourly",)

_READ, _SAT, _FIDGETED, _PRESSED, _ROSE, _SAT_BACK, _END = 40.0, 60.0, 620.0, 2000.0, 2012.0, 2262.0, 3600.0

DAY = RecordedDay(
    (
        DayRow(_READ, "button", True),
        DayRow(_READ + 0.2, "button", False),
        DayRow(_SAT, "seat", True),
        DayRow(_FIDGETED, "seat", False),
        DayRow(_FIDGETED + 4, "seat", True),
        DayRow(_PRESSED, "button", True),
        DayRow(_PRESSED + 0.2, "button", False),
        DayRow(_ROSE, "seat", False),
        DayRow(_SAT_BACK, "seat", True),
    ),
    _END,
)

SPEEDS = ((0, 60), (_SAT + 8, 450), (1556, 30), (1590, 450), (1856, 36), (1996, 18), (2276, 450))
"""The speed of time from each instant on: slow where there is something to see."""

WORKING_DAY = "A working day in one minute"
WORKING_DAY_SPEEDS = (
    (0, 800),
    (11_828, 30),
    (11_960, 800),
    (22_700, 60),
    (23_400, 800),
    (30_870, 60),
    (31_010, 800),
    (32_379, 0),
)
"""The speed of time from each instant on; with the last entry it stands at the day's end."""


def working_day() -> RecordedDay:
    """A day at the office that ships with the device."""
    with resources.as_file(resources.files("device") / "content/days/office.csv") as file:
        return read_day(file)


FAREWELL = "That was an hour at the desk. `unsit run` begins a real one."

_SENTENCES: Mapping[type[Fact], str] = {
    SafetySeen: "Stop if it hurts: somebody has read that card, and put it away.",
    Sat: "Somebody sits down.",
    Invited: "A silent offer on the screen: fancy a stretch?",
    FellDue: "{due_after} of sitting: the break is due. At first only the screen says so.",
    Sounded: "Ignored for {reminds_after}, so it sounds, softly.",
    Acknowledged: "A press: silence, and the card of the first stretch.",
    GuideStarted: "Up, and the guide begins.",
    StretchStarted: "Stretch: {stretch}, {side}.",
    Left: "The chair is empty.",
    FullBreak: "{full_break} off the chair: the count starts again.",
    BreakHonoured: "The break is honoured.",
    GuideEnded: "The guide has ended.",
}


def told(settings: Settings, fact: Fact) -> str | None:
    """A fact as a sentence of the story; None for one that the story leaves out."""
    sentence = _SENTENCES.get(type(fact))
    if sentence is None:
        return None
    spans = {
        "due_after": span_text(settings.limits.due_after_s),
        "full_break": span_text(settings.limits.full_break_s),
        "reminds_after": _reminds_after(settings, fact),
    }
    words = sentence.format(**spans, **{key: str(value).replace("_", " ") for key, value in details_of(fact).items()})
    return f"{int(fact.said // 60):2d} min  {words}"


def _reminds_after(settings: Settings, fact: Fact) -> str:
    """How long after due that reminder comes."""
    return span_text(settings.reminders.after_due_s[fact.nth - 1]) if isinstance(fact, Sounded) else ""
