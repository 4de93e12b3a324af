"""The table that a page draws the settings from: all of them in groups, with controls that take what the file takes."""

from __future__ import annotations

import pytest

from device.settings.settings import RULES
from device.settings.settings_file import (
    SettingsError,
    field_of,
    keys_of_settings,
    lines_of,
    load_settings,
    may_change,
    setting_docs,
)
from device.settings.table import GROUPS, OPTION_NAMES, grouped, is_wiring, presets, rules, table, where_changed

ALL = list(keys_of_settings())
ROWS = {row["key"]: row for row in table(setting_docs())}


def test_every_setting_is_in_exactly_one_group_and_none_that_is_not_there() -> None:
    grouped_keys = [key for group in grouped() for key in group["keys"]]
    assert sorted(grouped_keys) == sorted(ALL)
    assert list(ROWS) == grouped_keys


def test_within_a_group_no_two_settings_have_the_same_name() -> None:
    for group in GROUPS:
        assert len(set(group.names.values())) == len(group.names), group.name


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("limits.due_after", "duration"),
        ("limits.preset", "choice"),
        ("reminders.after_due", "durations"),
        ("reminders.snoozes", "whole"),
        ("stretches.seated", "toggle"),
        ("stretches.conditions", "choices"),
        ("stretches.leave_out", "list"),
        ("sounds.days", "days"),
        ("sounds.hours", "hours"),
        ("hours.mon", "spans"),
        ("screens.language", "text"),
        ("panel.address", "address"),
        ("panel.contrast", "slider"),
        ("panel.rotation", "choice"),
        ("seat.sit_above", "number"),
        ("journal.file", "path"),
    ],
)
def test_each_kind_of_value_has_a_control_of_its_own(key: str, kind: str) -> None:
    assert ROWS[key]["kind"] == kind


def written(key: str, value: float) -> str:
    """A bound as somebody would type it."""
    return f"{key}={value:.3f}s" if ROWS[key]["kind"] == "duration" else f"{key}={value:g}"


@pytest.mark.parametrize("key", [key for key, row in ROWS.items() if row["low"] is not None])
def test_what_the_table_says_is_out_of_bounds_is_what_the_file_refuses(key: str) -> None:
    row = ROWS[key]
    if row["kind"] == "durations":
        beyond = [f'{key}=["{row["high"] + 1}s"]']
    else:
        beyond = [written(key, row["high"] + 1), written(key, row["low"] - 1)][: 2 if row["low"] >= 1 else 1]
    for each in beyond:
        with pytest.raises(SettingsError, match=r"is out of bounds|is none of them|no duration"):
            load_settings(None, [each], places=[])


@pytest.mark.parametrize("key", [key for key, row in ROWS.items() if row["options"]])
def test_every_option_of_a_choice_is_taken_alone(key: str) -> None:
    takes = field_of(key).metadata["allowed"].accepts
    is_list = ROWS[key]["kind"] in ("choices", "days")
    for option in ROWS[key]["options"]:
        assert takes((option,) if is_list else option)
    assert not takes(("another",) if is_list else "another")


def test_a_setting_that_a_page_may_only_show_says_where_it_is_changed() -> None:
    elsewhere = {key: row["where"] for key, row in ROWS.items() if row["where"]}
    assert elsewhere == {
        "seat.calibrated": "calibration",
        "seat.follows": "calibration",
        **{key: "file" for key in ALL if not may_change(key)},
    }
    assert where_changed("page.port") == where_changed("stretches.folder") == "file"
    assert where_changed("limits.due_after") == ""


def test_a_wrong_pin_may_leave_the_device_deaf_but_no_brightness_leaves_it_dark() -> None:
    assert all(map(is_wiring, ("pins.seat", "panel.address", "seat.kind", "buzzer.on")))
    assert not any(map(is_wiring, ("panel.contrast", "panel.rotation", "seat.sit_above", "limits.due_after")))


def test_the_rules_and_presets_are_those_of_the_file() -> None:
    assert [(each["key"], each["other"]) for each in rules()] == [(each.key, each.other) for each in RULES]
    for name, values in presets().items():
        loaded = load_settings(None, [f"limits.preset={name}"], places=[])[0]
        in_force = dict(line.split("=", 1) for line in lines_of(loaded))
        assert {key: in_force[key] for key in values} == values


def test_what_people_choose_among_has_a_name_and_no_setting_is_named_that_has_no_such_option() -> None:
    for key, names in OPTION_NAMES.items():
        assert list(names) == ROWS[key]["options"], key
        assert ROWS[key]["words"] == names
        assert len(set(names.values())) == len(names), key


def test_no_explanation_speaks_of_an_option_by_the_name_that_only_the_file_knows() -> None:
    for key in OPTION_NAMES:
        raw = [each for each in ROWS[key]["options"] if "-" in each or "_" in each]
        assert not [each for each in raw if each in ROWS[key]["doc"]], key
