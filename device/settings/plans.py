"""Plans for parts of the week: reads the [[plan]] blocks of a settings file, and writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from device.files.complaint import Complaint, brief
from device.settings.settings import Plan, Settings
from device.settings.week import DAYS, are_day_hours

KEY = "plan"
_OWN = ("name", "days", "hours")
_LONGEST_NAME = 20
_MOST = 20
_LONGEST = 6000
"""How many characters the plans may have together. A journal and a day file have them all in one line."""
_MAY_CHANGE = (
    *("limits.preset", "limits.invite_after", "limits.due_after", "limits.heads_up", "limits.in_time"),
    *("limits.short_every", "limits.short_break", "limits.standing"),
    *("reminders.after_due", "reminders.after_sitting_back", "reminders.snooze", "reminders.snoozes"),
    *("reminders.mute", "reminders.acknowledged"),
    *("stretches.minutes", "stretches.routine", "stretches.seated", "stretches.without", "stretches.clothes"),
    "stretches.areas_out",
)
"""What a plan may change: what is said and shown, never what is counted."""


class PlanError(Exception):
    """A [[plan]] block that makes no sense."""

    def __init__(self, place: str, complaint: Complaint) -> None:
        super().__init__(f"{place}: {complaint}")
        self.place, self.complaint = place, complaint


Changed = Callable[[Mapping[str, Any], str], Settings]
"""The settings with these values over the others; the text says where they are written."""
TextOf = Callable[[Settings, str], str]


def plans_from(tables: Any, changed: Changed, text_of: TextOf) -> tuple[Plan, ...]:
    """The plans of these tables, in order. Raises PlanError, or what `changed` raises."""
    if not isinstance(tables, list) or not all(isinstance(table, Mapping) for table in tables):
        raise PlanError(KEY, Complaint("must be written as [[plan]] blocks"))
    if len(tables) > _MOST:
        raise PlanError(KEY, Complaint("there are {count}; allowed: up to {most}", count=len(tables), most=_MOST))
    plans: list[Plan] = []
    for table in tables:
        name = _name(table, [plan.name for plan in plans])
        place = f"{KEY} {brief(name)}"
        days, hours = _days(table, place), _hours(table, place)
        values = dict(_values(table, place))
        settings = changed(values, place)
        lines = tuple(f"{key}={text_of(settings, key)}" for key in values)
        plans.append(Plan(name, days, hours, lines, settings))
    length = sum(len(text) for plan in plans for text in (plan.name, *plan.days, plan.hours, *plan.lines))
    if length > _LONGEST:
        says = Complaint("they have {length} characters; allowed: up to {most}", length=length, most=_LONGEST)
        raise PlanError(KEY, says)
    return tuple(plans)


def _name(table: Mapping[str, Any], taken: list[str]) -> str:
    name = table.get("name")
    if not isinstance(name, str) or not name.strip() or not name.isprintable() or len(name) > _LONGEST_NAME:
        says = Complaint("needs a name of its own; allowed: up to {most} printable letters", most=_LONGEST_NAME)
        raise PlanError(KEY, says)
    if name in taken:
        raise PlanError(KEY, Complaint("{name} is there twice; allowed: each name once", name=brief(name)))
    return name


def _days(table: Mapping[str, Any], place: str) -> tuple[str, ...]:
    days = table.get("days", list(DAYS))
    if not isinstance(days, list) or not days or not all(day in DAYS for day in days):
        shown = ", ".join(f'"{day}"' for day in DAYS)
        raise PlanError(place, Complaint("days = {days}; allowed: any of {says}", days=brief(days), says=shown))
    return tuple(day for day in DAYS if day in days)


def _hours(table: Mapping[str, Any], place: str) -> str:
    hours = table.get("hours", "")
    if not isinstance(hours, str) or not are_day_hours(hours):
        says = '"09:00-12:00, 13:00-18:00"'
        raise PlanError(place, Complaint("hours = {hours}; allowed: times as {says}", hours=brief(hours), says=says))
    return hours


def _values(table: Mapping[str, Any], place: str) -> Iterator[tuple[str, Any]]:
    """What it changes, by the keys of the settings."""
    for section, values in table.items():
        if section in _OWN:
            continue
        for name in values if isinstance(values, Mapping) else [""]:
            key = f"{section}.{name}".rstrip(".")
            if key not in _MAY_CHANGE:
                what = Complaint("{key} is nothing that a plan changes", key=brief(key)[:60])
                raise PlanError(place, Complaint("{what}; allowed: {says}", what=what, says=", ".join(_MAY_CHANGE)))
            yield key, values[name]


def as_one_line(plans: tuple[Plan, ...], quoted: Callable[[str], str]) -> str:
    """The plans as one TOML value."""
    return "[" + ", ".join("{" + ", ".join(_pairs(plan, quoted)) + "}" for plan in plans) + "]"


def as_blocks(plans: tuple[Plan, ...], quoted: Callable[[str], str]) -> Iterator[str]:
    """The plans as lines of a settings file."""
    for plan in plans:
        yield from ("", "# A plan for a part of the week; of those that fit, the first counts.", "[[plan]]")
        yield from _pairs(plan, quoted)


def _pairs(plan: Plan, quoted: Callable[[str], str]) -> Iterator[str]:
    yield f"name = {quoted(plan.name)}"
    yield "days = [" + ", ".join(quoted(day) for day in plan.days) + "]"
    if plan.hours:
        yield f"hours = {quoted(plan.hours)}"
    for line in plan.lines:
        key, _, value = line.partition("=")
        yield f"{key} = {value}"
