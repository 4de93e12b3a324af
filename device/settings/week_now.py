"""What the settings say of a local time: which plan is in force, whether it is one of the person's hours, and why."""

from __future__ import annotations

from datetime import datetime

from device.settings.settings import Plan, Settings
from device.settings.week import ALL_DAY, DAYS, Week, begins_after, is_within


def plan_at(settings: Settings, local: datetime) -> Plan | None:
    """The plan in force at that local time: of those that fit, the first. None if none fits."""
    return next((plan for plan in settings.plans if is_within(local, plan.week)), None)


def is_in_hours(settings: Settings, local: datetime) -> bool:
    """Whether that local time lies in the person's hours; without any set it always does."""
    week = settings.hours.week
    return week is None or is_within(local, week)


def hours_begin(settings: Settings, local: datetime) -> datetime | None:
    """When the person's hours begin again; None while they are on."""
    week = settings.hours.week
    return None if week is None or is_within(local, week) else begins_after(local, week)


def same_hours(week: Week) -> list[tuple[list[list[str]], str]]:
    """The different hours of a week, each with its days; days in a row stand together."""
    different = [hours for hours in dict.fromkeys(week.get(day, "") for day in DAYS) if hours]
    return [(_in_rows([day for day in DAYS if week.get(day, "") == hours]), hours) for hours in different]


def _in_rows(days: list[str]) -> list[list[str]]:
    rows: list[list[str]] = []
    for day in days:
        if rows and DAYS.index(rows[-1][-1]) + 1 == DAYS.index(day):
            rows[-1].append(day)
        else:
            rows.append([day])
    return rows


def week_text(week: Week) -> str:
    """The hours of a week in a line, such as `mon-fri 09:00-12:00, 13:00-18:00; sun all day`."""
    return "; ".join(
        f"{', '.join(map(_row_text, rows))} {'all day' if hours == ALL_DAY else hours}"
        for rows, hours in same_hours(week)
    )


def _row_text(days: list[str]) -> str:
    return f"{days[0]}-{days[-1]}" if len(days) > 2 else ", ".join(days)


def in_force_says(settings: Settings, local: datetime) -> list[str]:
    """Which plan is in force at that local time and why, and that it is outside of the hours; empty for neither."""
    now, plan = f"it is {local:%A %H:%M}", plan_at(settings, local)
    says = [f"Plan in force: {plan.name}, since {now} ({week_text(plan.week)})."] if plan else []
    week, begins = settings.hours.week, hours_begin(settings, local)
    if week and begins:
        until = f"{begins:%H:%M}" if begins.date() == local.date() else f"{begins:%A %H:%M}"
        says.append(f"Outside of your hours, since {now} ({week_text(week)}): nothing is said till {until}.")
    return says
