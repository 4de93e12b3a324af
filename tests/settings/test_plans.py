"""Tests of plans for parts of the week: how they are written, checked and kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from device.settings.settings import Settings, under
from device.settings.settings_file import SettingsError, as_toml, lines_of, load_settings, recorded_settings
from device.settings.week import DAYS

MORNING = """
[limits]
due_after = "90min"

[[plan]]
name = "morning"
days = ["mon", "tue"]
hours = "08:00-12:00"
limits.preset = "hourly"
reminders.after_due = ["2min"]
stretches.routine = "psoas"

[[plan]]
name = "short breaks"
limits.due_after = "45min"
"""


def loaded(folder: Path, text: str) -> Settings:
    file = folder / "unsit.toml"
    file.write_text(text)
    return load_settings(file)[0]


def test_a_plan_changes_what_it_says_and_leaves_the_rest(tmp_path: Path) -> None:
    settings = loaded(tmp_path, MORNING)
    morning, short = settings.plans
    assert (morning.name, morning.days, morning.hours) == ("morning", ("mon", "tue"), "08:00-12:00")
    assert morning.settings.limits.due_after_s == 3600
    assert morning.settings.limits.invite_after_s == 3000
    assert morning.settings.reminders.after_due_s == (120.0,)
    assert morning.settings.settle == settings.settle
    assert short.days == DAYS
    assert short.settings.limits.due_after_s == short.settings.limits.invite_after_s == 2700
    assert settings.limits.due_after_s == 5400


def test_a_plan_counts_by_the_same_seat_as_the_rest(tmp_path: Path) -> None:
    settings = loaded(tmp_path, MORNING)
    assert under(settings.plans[0].settings, settings).seat is settings.seat


def test_plans_are_written_as_a_file_that_loads_the_same(tmp_path: Path) -> None:
    settings = loaded(tmp_path, MORNING)
    assert loaded(tmp_path, as_toml(settings, None)) == settings


def test_plans_are_one_line_of_a_recorded_day(tmp_path: Path) -> None:
    settings = loaded(tmp_path, MORNING)
    line = lines_of(settings)[-1]
    assert line.startswith("plan=[{")
    assert recorded_settings([("line 2", line), ("line 3", 'limits.due_after="90min"')]).plans == settings.plans


@pytest.mark.parametrize("name", ["früh", "a b", "x'y", "C:\\\\x", "[plan]", "= 3"])
def test_a_plan_may_have_any_printable_name(tmp_path: Path, name: str) -> None:
    settings = loaded(tmp_path, f'[[plan]]\nname = "{name}"\n')
    assert recorded_settings([("line 2", lines_of(settings)[-1])]).plans == settings.plans


@pytest.mark.parametrize(
    ("block", "says"),
    [
        ('name = ""', "plan: needs a name of its own; allowed: up to 20 printable letters"),
        ("name = 3", "plan: needs a name of its own"),
        ('name = "a"\ndays = ["monday"]', "plan 'a': days = "),
        ('name = "a"\ndays = []', "plan 'a': days = "),
        ('name = "a"\nhours = "9-12"', "plan 'a': hours = '9-12'; allowed: times as"),
        ('name = "a"\nhours = 9', "plan 'a': hours = 9"),
        ('name = "a"\nlimits.full_break = "5min"', "plan 'a': 'limits.full_break' is nothing that a plan changes"),
        ('name = "a"\nlimits = 3', "plan 'a': 'limits' is nothing that a plan changes"),
        ('name = "a"\nroutine = "psoas"', "plan 'a': 'routine' is nothing that a plan changes"),
        ('name = "a"\nlimits.due_after = "8h"', "plan 'a': limits.still_you_after: is not longer than"),
        ('name = "a"\nlimits.due_after = 8', "plan 'a': limits.due_after = 8: needs its unit"),
    ],
)
def test_a_plan_that_makes_no_sense_is_one_clear_line(tmp_path: Path, block: str, says: str) -> None:
    with pytest.raises(SettingsError) as error:
        loaded(tmp_path, f"[[plan]]\n{block}\n")
    assert str(error.value).startswith(f"{tmp_path / 'unsit.toml'}: {says}")
    assert "\n" not in str(error.value)


def test_two_plans_of_one_name_and_too_many_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="'a' is there twice; allowed: each name once"):
        loaded(tmp_path, '[[plan]]\nname = "a"\n[[plan]]\nname = "a"\n')
    with pytest.raises(SettingsError, match="there are 21; allowed: up to 20"):
        loaded(tmp_path, "".join(f'[[plan]]\nname = "{nth}"\n' for nth in range(21)))


@pytest.mark.parametrize("text", ["[plan]\nname = 'a'", "plan = 3", "plan = [3]"])
def test_plans_that_are_no_blocks_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match=r"plan: must be written as \[\[plan\]\] blocks"):
        loaded(tmp_path, text)


def test_the_recipes_in_the_docs_load(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs/limits.md").read_text("utf-8")
    recipes = re.findall(r"```toml\n(.*?)```", text, flags=re.DOTALL)
    short, half = (loaded(tmp_path, recipe) for recipe in recipes)
    limits = short.plans[0].settings.limits
    assert (limits.due_after_s, limits.invite_after_s) == (3600.0, 3600.0)
    assert (limits.short_every_s, limits.short_break_s) == (1200.0, 20.0)
    assert short.plans[0].settings.stretches.minutes == 5
    assert half.limits.standing == "half"


def test_plans_that_dont_fit_into_a_line_of_the_journal_are_refused_in_one(tmp_path: Path) -> None:
    hours = ", ".join(f"{hour:02}:00-{hour:02}:30" for hour in range(24))
    blocks = [f'[[plan]]\nname = "{nth}"\nhours = "{hours}"\n' for nth in range(20)]
    with pytest.raises(SettingsError, match=r"plan: they have \d+ characters; allowed: up to 6000"):
        loaded(tmp_path, "".join(blocks))
    most = loaded(tmp_path, "".join(blocks[:17]))
    assert recorded_settings(("here", line) for line in lines_of(most)).plans == most.plans
