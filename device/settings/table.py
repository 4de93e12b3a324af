"""Every setting as a page can draw it: what kind of value it takes, its bounds, its name, and where to look for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from device.settings.settings import RULES, Settings
from device.settings.settings_file import BY_PRESET, PRESETS_S, field_of, lines_of, may_change
from device.settings.week import DAYS
from device.words.durations import duration_text


@dataclass(frozen=True, slots=True)
class Group:
    """Settings that a person looks for together."""

    name: str
    title: str
    about: str
    names: Mapping[str, str]
    """What people call each setting, by its key; in the order in which they are shown."""
    warns: bool = False
    """A wrong value may leave the device deaf, dark or silent."""


GROUPS = (
    Group(
        "day",
        "My day",
        "How long you sit, and what counts as a break.",
        {
            "limits.preset": "How often",
            "limits.invite_after": "Silent offer after",
            "limits.due_after": "Break due after",
            "limits.heads_up": "Heads-up before",
            "limits.in_time": "In time within",
            "limits.break_after": "A break begins after",
            "limits.full_break": "A full break lasts",
            "limits.short_every": "A short break every",
            "limits.short_break": "A short break lasts",
            "limits.standing": "Off the chair for long is",
            "reminders.snooze": "A snooze lasts",
            "reminders.snoozes": "Snoozes",
            "reminders.acknowledged": "Waits for you to rise",
            "limits.still_you_after": "Asks if you are there after",
            "limits.day_closes_after": "The day is over after",
        },
    ),
    Group(
        "sound",
        "Sound",
        "When it may sound, and how often.",
        {
            "sounds.days": "Days with sound",
            "sounds.hours": "Hours with sound",
            "reminders.after_due": "Reminders after due",
            "reminders.after_sitting_back": "Silent after sitting back",
            "reminders.mute": "A mute lasts",
        },
    ),
    Group(
        "hours",
        "Hours, plans, meetings",
        "Outside of your hours it counts and says nothing. If no day has any, it is always on.",
        {
            "hours.mon": "Monday",
            "hours.tue": "Tuesday",
            "hours.wed": "Wednesday",
            "hours.thu": "Thursday",
            "hours.fri": "Friday",
            "hours.sat": "Saturday",
            "hours.sun": "Sunday",
            "meetings.calendar": "Your calendars",
        },
    ),
    Group(
        "stretches",
        "Stretches",
        "What a break shows you. Single stretches are switched on their own page.",
        {
            "stretches.minutes": "Minutes",
            "stretches.routine": "Routine",
            "stretches.conditions": "Spare me with",
            "stretches.without": "Without",
            "stretches.clothes": "Clothes",
            "stretches.seated": "On the chair, too",
            "stretches.areas_out": "Leave out areas",
            "stretches.leave_out": "Leave out stretches",
            "guide.begins_after": "The guide begins after",
            "guide.pauses_after": "It pauses after",
            "guide.ends_after": "It ends after",
            "guide.title": "The name stands for",
            "guide.place": "Time to get there",
            "guide.side": "The side stands for",
        },
    ),
    Group(
        "panel",
        "Panel",
        "What it says, for how long, and how bright.",
        {
            "screens.language": "Language",
            "panel.contrast": "Brightness",
            "panel.rotation": "Turned by",
            "screens.off_after": "Dark after",
            "screens.today": "Today's card",
            "screens.invite": "The offer",
            "screens.greeting": "Yesterday's figures",
            "screens.thanks": "Thanks",
            "screens.counts": "The break counts",
            "screens.left_out": "Left out",
            "screens.question": "A question",
            "screens.safety": "The safety card",
        },
    ),
    Group(
        "seat",
        "Seat and button",
        "When it believes that you sit, and what a press is.",
        {
            "settle.sit": "Believed seated after",
            "settle.leave": "Believed gone after",
            "press.hold": "A hold",
            "press.long_hold": "A long hold",
            "press.rearm": "Between two presses",
            "press.stuck": "A stuck button",
            "seat.sit_above": "Taken above",
            "seat.leave_below": "Empty below",
            "seat.empty": "Reads empty",
            "seat.seated": "Reads seated",
            "seat.calibrated": "Calibrated",
            "seat.follows": "Follows the drift",
        },
    ),
    Group(
        "wiring",
        "Wiring",
        "What is connected, and where.",
        {
            "seat.kind": "Kind of seat",
            "seat.address": "The converter's address",
            "seat.channel": "The converter's channel",
            "seat.chip_select": "The converter's select line",
            "pins.seat": "Pin of the seat",
            "pins.seat_pull": "The seat's resistor",
            "pins.seat_taken": "The seat's level when taken",
            "pins.button": "Pin of the button",
            "pins.button_pull": "The button's resistor",
            "pins.button_down": "The button's level when pressed",
            "pins.buzzer": "Pin of the buzzer",
            "buzzer.kind": "Kind of buzzer",
            "buzzer.on": "The buzzer's level",
            "panel.driver": "The panel's driver",
            "panel.address": "The panel's address",
            "panel.port": "The panel's bus",
            "panel.first_column": "The panel's first column",
            "pins.backend": "Driver of the pins",
        },
        warns=True,
    ),
    Group(
        "broker",
        "Home and office",
        "An MQTT broker that hears how the desk is, such as that of Home Assistant. It has none until you name one.",
        {
            "mqtt.host": "The broker",
            "mqtt.port": "The broker's port",
            "mqtt.tls": "Encrypted",
            "mqtt.ca": "Who vouches for it",
            "mqtt.user": "Name at the broker",
            "mqtt.password": "The password's file",
            "mqtt.version": "MQTT",
            "mqtt.topic": "Topics begin with",
            "mqtt.desk": "The desk is called",
            "mqtt.share": "What leaves the desk",
            "mqtt.discovery": "Home Assistant looks at",
            "mqtt.components": "Home Assistant is told",
        },
    ),
    Group(
        "more",
        "More",
        "What is kept, and where things are.",
        {
            "persons.names": "Who shares the chair",
            "persons.ask_after": "Asks who sits after",
            "journal.keep_days": "Days kept",
            "journal.file": "The journal",
            "stretches.folder": "Your own stretches",
            "languages.folder": "Your own languages",
            "page.reach": "Who reaches this page",
            "page.port": "Port of this page",
            "page.hosts": "Names of this page",
            "page.proxy": "Your proxies",
        },
    ),
)
"""Every setting, as a person thinks. A new setting is one line here."""

OPTION_NAMES: Mapping[str, Mapping[str, str]] = {
    "limits.preset": {
        "couple-of-hours": "Every two hours",
        "hourly": "Every hour",
        "half-hourly": "Every half hour",
    },
    "limits.standing": {"break": "All break", "half": "Half a break: offer to move"},
    "stretches.routine": {
        "by-turns": "Hips and more, by turns",
        "hips": "Hips",
        "psoas": "Deep hip flexor",
        "glutes-and-core": "Glutes and core",
        "upper": "Upper body",
        "quiet": "Quiet, on the spot",
        "one-move": "One stretch only",
    },
    "seat.kind": {
        "contact": "Pad with a contact",
        "ads1115": "Force sensors on an ADS1115",
        "mcp3008": "Force sensors on an MCP3008",
    },
    "buzzer.kind": {"passive": "Passive", "active": "Active", "none": "None"},
    "mqtt.share": {
        "live": "How it stands, and what happens",
        "facts": "What happened",
        "days": "Totals of each day",
    },
    "mqtt.components": {"device": "All in one", "single": "Each alone"},
    "page.reach": {"this-computer": "This computer only", "house": "Connected phones in the house"},
}
"""What people call the options of a setting, by its key. Parts and pins are called what is printed on them."""

_A_BYTE = 255
_TIMES = {"sounds": "hours", "hours": "spans"}
"""The sections whose texts are times."""
_FOUND = ("seat.calibrated", "seat.follows")
"""A calibration writes these; nobody else does."""


def grouped() -> list[dict[str, Any]]:
    """The groups, with the keys of their settings in order."""
    return [
        {
            "name": each.name,
            "title": each.title,
            "about": each.about,
            "warns": each.warns,
            "keys": list(each.names),
        }
        for each in GROUPS
    ]


def table(docs: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Every setting of the groups; `docs` explains each. Values are texts as the settings file has them."""
    defaults = dict(line.split("=", 1) for line in lines_of(Settings()))
    for group in GROUPS:
        for key, name in group.names.items():
            allowed = field_of(key).metadata["allowed"]
            yield {
                "key": key,
                "name": name,
                "doc": docs[key],
                "default": defaults[key],
                "kind": _kind(key),
                "low": allowed.low,
                "high": allowed.high,
                "options": list(allowed.options),
                "words": dict(OPTION_NAMES.get(key, {})),
                "allowed": allowed.says,
                "where": where_changed(key),
            }


def is_wiring(key: str) -> bool:
    """Whether a wrong value may leave the device deaf, dark or silent."""
    return any(key in each.names for each in GROUPS if each.warns)


def rules() -> list[dict[str, Any]]:
    """The rules between durations, for checking as somebody types."""
    return [asdict(each) for each in RULES]


def presets() -> dict[str, dict[str, str]]:
    """What each preset says, as the settings file would."""
    return {
        name: {key: f'"{duration_text(each_s)}"' for key, each_s in zip(BY_PRESET, seconds, strict=True)}
        for name, seconds in PRESETS_S.items()
    }


def where_changed(key: str) -> str:
    """Where to change what a page may only show: `file`, or `calibration`; empty if a page may change it."""
    if not may_change(key):
        return "file"
    return "calibration" if key in _FOUND else ""


def _kind(key: str) -> str:
    """What kind of value it takes, and so what a person moves to change it."""
    setting = field_of(key)
    allowed, default, is_duration = setting.metadata["allowed"], setting.default, setting.name.endswith("_s")
    if isinstance(default, tuple):
        choices = "days" if allowed.options == DAYS else "choices"
        listed = "names" if key == "persons.names" else "list"
        return "durations" if is_duration else choices if allowed.options else listed
    if is_duration:
        return "duration"
    if allowed.options:
        return "toggle" if set(allowed.options) == {"no", "yes"} else "choice"
    if isinstance(default, str):
        return "path" if allowed.is_path else _TIMES.get(key.partition(".")[0], "text")
    if allowed.is_address:
        return "address"
    return "number" if isinstance(default, float) else "slider" if allowed.high == _A_BYTE else "whole"
