"""What the page shows of the settings, the week and the stretches, by the settings that the device goes by now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from device.languages.language_files import languages
from device.languages.phrases import Phrases, explained
from device.languages.screen_words import vocabulary
from device.meetings.spans_file import CalendarState
from device.settings.plans import KEY as PLAN
from device.settings.settings import Settings, under
from device.settings.settings_file import SettingsError, recorded_settings
from device.settings.table import grouped, presets, rules, table
from device.settings.week_now import hours_begin, plan_at, same_hours
from device.stretches.repertoire import repertoire
from device.stretches.routine import History
from device.stretches.steps import steps
from device.stretches.stretch import Stretch
from device.words.facts import Fact, GuideStarted, StretchStarted

Latest = Mapping[str, Mapping[str, Any]]
"""The latest message of each kind that the device has told."""


def in_force(own: Settings, latest: Latest) -> Settings:
    """The settings that the device told last, those of the plan in force over them, in the page's language.

    Before it has told any they are the page's own.
    """
    told, lines = latest.get("settings", {}), latest.get("device", {}).get("settings", ())
    values = told.get("values")
    if values:
        plans = [line for line in lines if line.startswith(f"{PLAN}=")]
        lines = [*(f"{key}={value}" for key, value in values.items()), *plans]
    if not lines:
        return own
    try:
        settings = recorded_settings(("the device", line) for line in lines)
    except SettingsError:
        # A newer device has settings that this page doesn't know.
        return own
    plan = latest.get("standing", {}).get("plan")
    planned = next((under(each.settings, settings) for each in settings.plans if each.name == plan), settings)
    return replace(planned, screens=replace(settings.screens, language=own.screens.language))


def week_told(settings: Settings, now: datetime | None, calendars: Sequence[CalendarState] | None) -> Mapping[str, Any]:
    """The plans and the hours, and what of them holds at the local time `now`; None if nobody knows that time.

    `calendars` say how they were read; None if that isn't known.
    """
    begins = None if now is None else hours_begin(settings, now)
    on = None if now is None else plan_at(settings, now)
    plans = [
        {
            "name": each.name,
            "week": same_hours(each.week),
            "changes": [line.split("=", 1) for line in each.lines],
            "on": each is on,
        }
        for each in settings.plans
    ]
    return {
        "hours_begin": None if begins is None else begins.isoformat(timespec="minutes"),
        "plans": plans,
        "calendars": None if calendars is None else [_calendar_told(each) for each in calendars],
    }


def _calendar_told(calendar: CalendarState) -> Mapping[str, Any]:
    read = calendar.read and calendar.read.astimezone().isoformat(timespec="minutes")
    return {"name": calendar.name, "read": read, "trouble": calendar.trouble}


def every_setting(settings: Settings, stretches: Iterable[Stretch], say: Phrases) -> Mapping[str, Any]:
    """All that a page draws the settings from, in its language; what holds now the device tells."""
    folder = settings.languages.folder
    words = {"stretches.leave_out": {each.id: each.name for each in stretches}, "screens.language": _names(folder)}
    rows = [_said(row, words.get(row["key"], {}), say) for row in table(explained(say.language, folder))]
    groups = [{**each, "title": say(each["title"]), "about": say(each["about"])} for each in grouped()]
    return {
        "groups": groups,
        "settings": rows,
        "rules": [{**each, "why": say(each["why"])} for each in rules()],
        "presets": presets(),
    }


def _said(row: Mapping[str, Any], words: Mapping[str, str], say: Phrases) -> Mapping[str, Any]:
    """The row in the page's language; with `words` for its options, as far as they have any."""
    # What an explanation speaks of by its name keeps that name.
    has_words = row["kind"] == "choices" or row["key"] == "stretches.clothes"
    options = list(words) or row["options"]
    named = {each: say(name) for each, name in row["words"].items()}
    told = words or named or {each: say(each.replace("_", " ")) for each in options if has_words}
    kind = "choice" if row["key"] == "screens.language" else row["kind"]
    said = {"name": say(row["name"]), "allowed": say(row["allowed"])}
    return {**row, **said, "kind": kind, "options": options, "words": told}


def _names(folder: str) -> Mapping[str, str]:
    """The languages that the device knows, each by its own name."""
    return {each: vocabulary(each, folder).text("language.name") for each in languages(folder)}


def routines_among(facts: Iterable[Fact]) -> History:
    """The routines so far, as the device remembers them."""
    history: list[list[str]] = []
    for fact in facts:
        if isinstance(fact, GuideStarted):
            history.append([])
        elif isinstance(fact, StretchStarted) and history:
            history[-1].append(fact.stretch)
    return history


def next_routine(
    settings: Settings, history: History, left_out: Collection[str], spared: Collection[str]
) -> Mapping[str, Any]:
    """What the next break would show if it came now. Raises ContentError if the settings leave nothing in."""
    offered = repertoire(settings).without(left_out, spared)
    routine = offered.routine(history, settings.guide)
    return {
        "lasts_s": sum(step.lasts_s for step in steps(routine, settings.guide)),
        "turns": [
            {
                "id": turn.stretch.id,
                "name": turn.stretch.name,
                "count": turn.stretch.counts_in(turn.amount),
                "counted": turn.stretch.counted,
                "both_sides": len(turn.stretch.sides) > 1,
            }
            for turn in routine
        ],
    }
