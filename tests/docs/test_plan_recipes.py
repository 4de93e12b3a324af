"""The recipes for hours and plans: each loads, and is in force when it says."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from device.settings.plans import _MAY_CHANGE
from device.settings.settings import Settings
from device.settings.settings_file import keys_of_settings, lines_of, load_settings
from device.settings.week_now import hours_begin, plan_at
from device.stretches.repertoire import repertoire

PAGE = (Path(__file__).parents[2] / "docs/plans.md").read_text("utf-8")
HOURS, *PLANS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
WEDNESDAY = datetime(2026, 3, 4)


def loaded(folder: Path, text: str) -> Settings:
    file = folder / "unsit.toml"
    file.write_text(text)
    return load_settings(file)[0]


def test_the_hours_are_those_of_a_working_week(tmp_path: Path) -> None:
    settings = loaded(tmp_path, HOURS)
    assert hours_begin(settings, WEDNESDAY.replace(hour=10)) is None
    assert hours_begin(settings, WEDNESDAY.replace(hour=12)) == WEDNESDAY.replace(hour=13)
    assert hours_begin(settings, WEDNESDAY.replace(day=6, hour=15)) == WEDNESDAY.replace(day=9, hour=9)


@pytest.mark.parametrize(
    ("nth", "at", "changes"),
    [
        (0, WEDNESDAY.replace(hour=8), {"limits.due_after": '"1h"'}),
        (1, WEDNESDAY, {"limits.due_after": '"1h"', "limits.short_every": '"20min"', "stretches.minutes": "5"}),
        (2, WEDNESDAY.replace(day=8), {"limits.invite_after": '"90min"', "reminders.after_due": "[]"}),
        (3, WEDNESDAY.replace(hour=17), {"stretches.routine": '"upper"', "limits.due_after": '"2h"'}),
    ],
)
def test_each_plan_is_in_force_when_it_says_and_changes_what_it_says(
    tmp_path: Path, nth: int, at: datetime, changes: dict[str, str]
) -> None:
    plan = plan_at(loaded(tmp_path, PLANS[nth]), at)
    assert plan is not None
    written = as_values(plan.settings)
    assert {key: written[key] for key in changes} == changes
    assert repertoire(plan.settings).stretches


def as_values(settings: Settings) -> dict[str, str]:
    return dict(line.split("=", 1) for line in lines_of(settings))


def test_all_recipes_fit_into_one_file(tmp_path: Path) -> None:
    settings = loaded(tmp_path, "\n".join([HOURS, *PLANS]))
    assert [plan.name for plan in settings.plans] == ["morning", "short breaks", "weekend", "afternoon"]


def test_what_a_plan_may_change_is_listed() -> None:
    reminders = {key for key in keys_of_settings() if key.startswith("reminders.")}
    assert reminders < set(_MAY_CHANGE)
    named = set(re.findall(r"`((?:limits|stretches)\.\w+)`", PAGE))
    assert named == set(_MAY_CHANGE) - reminders
