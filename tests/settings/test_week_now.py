"""Tests of what the settings say of a local time."""

from __future__ import annotations

from datetime import datetime

import pytest

from device.settings.settings import Settings
from device.settings.settings_file import as_toml, load_settings
from device.settings.week import ALL_DAY, DAYS
from device.settings.week_now import hours_begin, in_force_says, is_in_hours, plan_at, week_text

MONDAY = datetime(2026, 3, 2, 10, 20)
PLANS = [
    "[" + ", ".join(
        (
            '{name = "morning", days = ["mon", "tue", "wed", "thu", "fri"], hours = "08:00-12:00"}',
            '{name = "late", days = ["fri"], hours = "22:00-02:00"}',
            '{name = "weekend", days = ["sat", "sun"]}',
            '{name = "never", days = ["sat", "sun"]}',
        )
    ) + "]"
]  # fmt: skip
HOURS = ["hours.mon=09:00-12:00, 13:00-18:00", "hours.tue=09:00-12:00, 13:00-18:00", "hours.wed=22:00-02:00"]


def settings(*, plans: bool = False, hours: bool = False) -> Settings:
    chosen = [f"plan={PLANS[0]}"] * plans + [
        f'{key}="{value}"' for key, value in (each.split("=") for each in HOURS)
    ] * hours
    return load_settings(None, chosen, places=[])[0]


@pytest.mark.parametrize(
    ("at", "name"),
    [
        (MONDAY, "morning"),
        (MONDAY.replace(hour=12, minute=0), None),
        (MONDAY.replace(day=6, hour=23), "late"),
        (MONDAY.replace(day=7, hour=1), "late"),
        (MONDAY.replace(day=7, hour=2, minute=0), "weekend"),
    ],
)
def test_of_the_plans_that_fit_the_first_is_in_force(at: datetime, name: str | None) -> None:
    found = plan_at(settings(plans=True), at)
    assert (found and found.name) == name


@pytest.mark.parametrize(
    ("at", "begins"),
    [
        (MONDAY, None),
        (MONDAY.replace(hour=12), MONDAY.replace(hour=13, minute=0)),
        (MONDAY.replace(hour=18), MONDAY.replace(day=3, hour=9, minute=0)),
        (MONDAY.replace(day=5, hour=1), None),
        (MONDAY.replace(day=5, hour=2), MONDAY.replace(day=9, hour=9, minute=0)),
    ],
)
def test_outside_of_the_hours_they_begin_again_at_the_next_bound(at: datetime, begins: datetime | None) -> None:
    asked = settings(hours=True)
    assert hours_begin(asked, at) == begins
    assert is_in_hours(asked, at) is (begins is None)


def test_without_hours_it_is_always_within() -> None:
    assert is_in_hours(Settings(), MONDAY)
    assert hours_begin(Settings(), MONDAY) is None


def test_the_hours_of_a_week_are_said_in_a_line_with_equal_days_together() -> None:
    nine = "09:00-12:00, 13:00-18:00"
    assert week_text(dict.fromkeys(DAYS, ALL_DAY)) == "mon-sun all day"
    assert week_text(dict.fromkeys(("mon", "tue", "wed", "fri", "sun"), nine)) == f"mon-wed, fri, sun {nine}"
    assert week_text({"mon": nine, "tue": nine, "sat": "10:00-12:00"}) == f"mon, tue {nine}; sat 10:00-12:00"
    assert week_text({}) == ""


def test_the_settings_say_which_plan_is_in_force_and_why() -> None:
    says = in_force_says(settings(plans=True), MONDAY)
    assert says == ["Plan in force: morning, since it is Monday 10:20 (mon-fri 08:00-12:00)."]
    weekend = in_force_says(settings(plans=True), MONDAY.replace(day=8))
    assert weekend == ["Plan in force: weekend, since it is Sunday 10:20 (sat, sun all day)."]
    assert in_force_says(settings(plans=True), MONDAY.replace(hour=15)) == []


def test_the_settings_say_that_no_hours_are_on_and_until_when() -> None:
    assert in_force_says(settings(hours=True), MONDAY) == []
    noon, evening = (in_force_says(settings(hours=True), MONDAY.replace(hour=hour)) for hour in (12, 19))
    assert noon == ["Outside of your hours, since it is Monday 12:20 (mon, tue 09:00-12:00, 13:00-18:00; "
                    "wed 22:00-02:00): nothing is said till 13:00."]  # fmt: skip
    assert evening[0].endswith(": nothing is said till Tuesday 09:00.")


def test_what_is_in_force_stands_at_the_top_and_the_file_still_loads() -> None:
    asked = settings(plans=True, hours=True)
    text = as_toml(asked, None, remarks=in_force_says(asked, MONDAY))
    assert text.splitlines()[1] == "# Plan in force: morning, since it is Monday 10:20 (mon-fri 08:00-12:00)."
    assert as_toml(asked, None) == text.replace(f"{text.splitlines()[1]}\n", "")
