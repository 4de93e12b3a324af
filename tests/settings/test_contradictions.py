"""Settings that contradict each other are refused; those that are let in behave, as a day by them shows."""

from __future__ import annotations

import argparse
import re
from dataclasses import fields
from itertools import combinations, product
from pathlib import Path

import pytest

from device.commands.asking import start_of
from device.settings.settings import PLACES, RULES, Rule, Settings, duration_of
from device.settings.settings_file import SECTIONS, SettingsError, load_settings, recorded_settings, setting_docs
from device.words.durations import duration_s, duration_text
from device.words.levels import seat_levels
from tests.facts import details_of
from tests.story import Day


def _bounds() -> dict[str, tuple[float, float]]:
    """Of each setting that is one duration the least and the most."""
    found = {}
    for section, words in SECTIONS.items():
        for setting in fields(words):
            said = re.fullmatch(r'"(\w+)" to "(\w+)"', setting.metadata["allowed"].says)
            if setting.name.endswith("_s") and said:
                key = f"{section}.{setting.name.removesuffix('_s')}"
                found[key] = duration_s(said[1]), duration_s(said[2])
    return found


BOUNDS = _bounds()


def loaded(**values: float | str) -> Settings:
    written = {key: value if isinstance(value, str) else duration_text(value) for key, value in values.items()}
    return load_settings(None, [f"{key}={value}" for key, value in written.items()], [])[0]


def behaves(settings: Settings) -> None:
    """Sit till the break is due and called in, rise for a full break, sit down on its last instant, ask for a guide."""
    limits, reminders = settings.limits, settings.reminders
    day = Day(settings)
    # Nobody is known to sit before that.
    due, invite = (max(at, settings.settle.sit_s) for at in (limits.due_after_s, limits.invite_after_s))
    day.sit(seconds=due)
    assert day.times("sat") == [0.0]
    assert day.times("due") == [due]
    assert day.times("invite") == ([invite] if invite < due else [])
    called_in = max(due + reminders.after_due_s[0], reminders.after_sitting_back_s)
    if called_in < limits.still_you_after_s:
        day.wait_until(called_in)
        assert [nth for _, nth in day.sounds][:1] == [1]
    day.rise(seconds=limits.full_break_s)
    rose = day.now - limits.full_break_s
    day.sit(seconds=settings.settle.sit_s)
    assert day.times("left") == [rose]
    assert day.times("full_break") == [day.now - settings.settle.sit_s]
    assert [details_of(fact)["after"] for fact in day.facts("break_honoured")] == ["due"]
    assert len(day.facts("guide_started")) == 1
    assert day.times("sat")[1:] == [day.now - settings.settle.sit_s]
    assert day.snapshot.sitting_s == settings.settle.sit_s
    day.wait(seconds=settings.guide.ends_after_s)
    day.press()
    day.press()
    if day.mode == "acknowledged":
        day.rise(seconds=settings.guide.begins_after_s)
        assert len(day.facts("guide_started")) == 2


def accepted(**values: float) -> Settings | None:
    """The settings; None where they are refused, in one line about two durations of which one is among these."""
    try:
        return loaded(**values)
    except SettingsError as error:
        line = str(error)
        broken = [rule for rule in RULES if rule.key in line and rule.other in line]
        assert broken, line
        assert {rule.key for rule in broken} & set(values) or {rule.other for rule in broken} & set(values)
        assert "; allowed: " in line
        return None


@pytest.mark.parametrize("key", BOUNDS)
def test_each_duration_at_its_least_and_its_most_is_refused_or_behaves(key: str) -> None:
    for value in BOUNDS[key]:
        settings = accepted(**{key: value})
        if settings is not None:
            behaves(settings)


PAIRS = list(combinations(BOUNDS, 2))


def try_pair(one: str, other: str) -> None:
    for values in product(BOUNDS[one], BOUNDS[other]):
        settings = accepted(**dict(zip((one, other), values, strict=True)))
        if settings is not None:
            behaves(settings)


@pytest.mark.slow
@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_each_pair_of_durations_is_refused_or_behaves(one: str, other: str) -> None:
    try_pair(one, other)


@pytest.mark.parametrize(("one", "other"), PAIRS[::19])
def test_some_pairs_of_durations_are_refused_or_behave(one: str, other: str) -> None:
    try_pair(one, other)


OUT_OF_THE_WAY = {
    "settle.leave": 0.0,
    "guide.begins_after": 0.0,
    "limits.invite_after": 1.0,
    "limits.full_break": 7200.0,
    "limits.still_you_after": 86400.0,
    "limits.day_closes_after": 86400.0,
    "reminders.acknowledged": 3600.0,
    "guide.pauses_after": 0.0,
    "press.hold": 0.3,
}
"""So that a rule has nothing to say but about its own two."""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.key} and {rule.other}")
def test_each_rule_refuses_what_is_a_little_too_short_and_no_more(rule: Rule) -> None:
    low, high = max(BOUNDS[rule.key][0], BOUNDS[rule.other][0]), min(BOUNDS[rule.key][1], BOUNDS[rule.other][1])
    value = (low + high) / 2
    others: dict[str, float | str] = {**OUT_OF_THE_WAY}
    others["limits.break_after"] = value if rule.other == "settle.leave" else 1.0
    if rule.other == "press.hold":
        others["press.long_hold"] = value + 0.001
    if rule.only_with == "persons.names":
        others[rule.only_with] = '["Anna", "Bob"]'
    elif rule.only_with:
        others[rule.only_with] = BOUNDS["limits.due_after"][1]
    bound = value + 0.002 if rule.strictly else value
    settings = loaded(**others | {rule.key: bound, rule.other: value})
    assert duration_of(settings, rule.key) == bound
    with pytest.raises(SettingsError) as caught:
        loaded(**others | {rule.key: value if rule.strictly else value - 0.001, rule.other: value})
    line = str(caught.value)
    assert rule.key in line
    assert rule.other in line
    assert f'"{duration_text(value)}"' in line


def test_when_it_asks_who_sits_contradicts_nothing_while_there_is_one_person() -> None:
    long = {"limits.full_break": 3600.0}
    assert loaded(**long).limits.full_break_s == 3600.0
    with pytest.raises(SettingsError, match=r"persons\.ask_after: is shorter than limits\.full_break"):
        loaded(**long, **{"persons.names": '["Anna", "Bob"]'})


def test_how_long_a_short_break_is_contradicts_nothing_while_there_are_none() -> None:
    slow = {"settle.leave": 30.0}
    assert loaded(**slow).limits.short_break_s == 20.0
    with pytest.raises(SettingsError, match=r"limits\.short_break: is shorter than settle\.leave"):
        loaded(**slow, **{"limits.short_every": 1200.0})


@pytest.mark.parametrize(("every_s", "is_allowed"), [(0.0, True), (299.999, False), (300.0, True), (1.0, False)])
def test_short_breaks_come_five_minutes_apart_or_not_at_all(every_s: float, is_allowed: bool) -> None:
    if is_allowed:
        assert loaded(**{"limits.short_every": every_s}).limits.short_every_s == every_s
        return
    with pytest.raises(SettingsError, match=r'limits\.short_every = .*; allowed: "0s", "5min" to "12h"'):
        loaded(**{"limits.short_every": every_s})


def test_a_full_break_that_is_over_before_anybody_has_left_is_refused() -> None:
    """It counted down to 0:00, and then sitting down didn't count."""
    with pytest.raises(SettingsError) as caught:
        load_settings(None, ["limits.full_break=10s", "limits.break_after=10s"], [])
    assert str(caught.value) == (
        '--set: limits.full_break: is shorter than settle.leave ("10s" and "15s" by default): nobody is believed to '
        'have left before; allowed: "15s" or longer, or a shorter settle.leave'
    )


def test_an_invite_later_than_the_presets_due_is_refused_and_says_where_due_comes_from() -> None:
    with pytest.raises(SettingsError, match=r'\("30min" by the preset and "45min"\)'):
        load_settings(None, ["limits.preset=half-hourly", "limits.invite_after=45min"], [])


@pytest.mark.parametrize("said", [
    "seat: empty 0.5, seated 0.1: these don't rise",
    "seat: leave_below 0.4, sit_above 0.3: these don't rise",
    "seat: empty 0.1, sit_above 0.6, seated 0.5: these don't rise",
])  # fmt: skip
def test_levels_of_the_seat_that_cross_stop_the_start(said: str) -> None:
    told = said.removeprefix("seat: ").partition(":")[0].split(", ")
    with pytest.raises(SettingsError, match=re.escape(said)):
        load_settings(None, [f"seat.{each.replace(' ', '=')}" for each in told], ())


@pytest.mark.parametrize(("told", "says"), [
    (["seat.empty=0.3", "seat.seated=0.305"],
     "seat.seated = 0.305: is out of bounds; allowed: 0.01 or more above seat.empty, 0.300"),
    (["seat.seated=0.0065"], "seat.seated = 0.0065: is out of bounds; allowed: 0.01 or more above seat.empty, 0.000"),
    (["seat.seated=0.3", "seat.leave_below=0.25"],
     "seat.leave_below = 0.25: is out of bounds; allowed: below 0.180, or with a seat.sit_above"),
])  # fmt: skip
def test_levels_of_the_seat_too_close_to_tell_apart_stop_the_start(told: list[str], says: str) -> None:
    with pytest.raises(SettingsError, match=f"^--set: {re.escape(says)}$"):
        load_settings(None, told, ())


def test_levels_of_the_seat_as_far_apart_as_a_calibration_needs_are_taken() -> None:
    for empty, seated in ((0.0, 0.01), (0.1, 0.11), (0.3, 0.31), (0.7, 0.71)):
        load_settings(None, [f"seat.empty={empty}", f"seat.seated={seated}"], ())


def test_a_day_that_was_recorded_with_levels_closer_than_that_still_plays() -> None:
    told = ["seat.kind=mcp3008", "seat.empty=0.3", "seat.seated=0.305"]
    played = start_of(argparse.Namespace(config=None, overrides=[]), told).settings.seat
    assert played == recorded_settings([("line 1", each) for each in told]).seat
    assert played.levels == seat_levels(0.3, 0.305)


def test_the_settings_say_that_a_level_of_0_comes_from_the_calibration() -> None:
    for key in ("empty", "seated", "sit_above", "leave_below"):
        assert "0: from the calibration" in setting_docs()[f"seat.{key}"]


def test_levels_of_the_seat_that_rise_are_taken_and_a_whole_number_is_one_too() -> None:
    settings, _ = load_settings(None, ["seat.empty=0", "seat.seated=0.5", "seat.sit_above=0.2"], ())
    assert settings.seat.levels == seat_levels(0.0, 0.5, sit_above=0.2, fixed=("sit_above",))
    assert Settings().seat.levels is None


def test_a_level_is_a_number() -> None:
    with pytest.raises(SettingsError, match="must be a number"):
        load_settings(None, ["seat.empty=low"], ())


CHANNELS = "0 to 3 on an ads1115, 0 to 7 on an mcp3008"


@pytest.mark.parametrize("told", [
    ("seat.empty=nan", "seat.empty = nan: is out of bounds; allowed: 0 to 0.9"),
    ("seat.seated=inf", "seat.seated = inf: is out of bounds; allowed: 0 to 0.99"),
    ("seat.sit_above=1.5", "seat.sit_above = 1.5: is out of bounds; allowed: 0 to 0.99"),
    ("seat.leave_below=-0.1", "seat.leave_below = -0.1: is out of bounds; allowed: 0 to 0.99"),
    ("seat.channel=8", f"seat.channel = 8: is out of bounds; allowed: {CHANNELS}"),
    ("seat.channel=-1", f"seat.channel = -1: is out of bounds; allowed: {CHANNELS}"),
    ("seat.channel=true", f"seat.channel = true: must be a whole number; allowed: {CHANNELS}"),
    ("seat.empty=[true, false]", "seat.empty = [true, false]: must be a number; allowed: 0 to 0.9"),
    ("seat.empty={a = true, b = 'c'}", "seat.empty = {a = true, b = 'c'}: must be a number; allowed: 0 to 0.9"),
    ("seat.empty=2026-03-02T08:30:00", "seat.empty = 2026-03-02T08:30:00: must be a number; allowed: 0 to 0.9"),
    ("seat.empty=[2026-03-02]", "seat.empty = [2026-03-02]: must be a number; allowed: 0 to 0.9"),
    ("limits.due_after=true", 'limits.due_after = true: must be text with a unit; allowed: "1s" to "12h"'),
    ("seat.calibrated=May", 'seat.calibrated = "May": is none of them; allowed: a date and time with its zone, or ""'),
    ("seat.chip_select=2", "seat.chip_select = 2: is out of bounds; allowed: 0 or 1"),
    ("seat.address=0x3C", "seat.address = 0x3C: is out of bounds; allowed: 0x48 to 0x4B"),
    ("seat.address=60", "seat.address = 0x3C: is out of bounds; allowed: 0x48 to 0x4B"),
    ("seat.address=-1", "seat.address = -1: is out of bounds; allowed: 0x48 to 0x4B"),
    ("seat.address=0x48000", "seat.address = 294912: is out of bounds; allowed: 0x48 to 0x4B"),
    ("seat.address=true", "seat.address = true: must be a whole number; allowed: 0x48 to 0x4B"),
    ('seat.address="0x48"', 'seat.address = "0x48": must be a whole number; allowed: 0x48 to 0x4B'),
    ("panel.address=0x78", "panel.address = 0x78: is out of bounds; allowed: 0x08 to 0x77"),
    ("seat.kind=hx711", 'seat.kind = "hx711": is none of them; allowed: "contact", "ads1115" or "mcp3008"'),
])  # fmt: skip
def test_a_setting_of_the_seat_that_is_out_of_bounds_stops_the_start(told: tuple[str, str]) -> None:
    with pytest.raises(SettingsError, match=f"^--set: {re.escape(told[1])}$"):
        load_settings(None, [told[0]], ())


@pytest.mark.parametrize("channel", [4, 7])
def test_an_ads1115_has_no_more_than_four_channels(channel: int) -> None:
    says = f"--set: seat.channel: an ads1115 has no channel {channel}; allowed: 0 to 3"
    with pytest.raises(SettingsError, match=f"^{re.escape(says)}$"):
        load_settings(None, ["seat.kind=ads1115", f"seat.channel={channel}"], ())
    for kind in ("contact", "mcp3008"):
        assert load_settings(None, [f"seat.kind={kind}", f"seat.channel={channel}"], ())[0].seat.channel == channel


def test_a_settings_file_from_before_there_were_kinds_of_seats_means_what_it_meant() -> None:
    assert load_settings(Path(__file__).with_name("before_seat_kinds.toml"))[0] == Settings()
    assert Settings().seat.kind == "contact"


def test_every_setting_that_is_an_address_on_the_bus_is_known_as_one() -> None:
    """Then a wrong one is shown as people write it."""
    for key in {each for place in PLACES for each in place.addresses if isinstance(each, str)}:
        with pytest.raises(SettingsError, match=rf"^--set: {re.escape(key)} = 0xFF: is out of bounds; allowed: 0x"):
            load_settings(None, [f"{key}=255"], ())
