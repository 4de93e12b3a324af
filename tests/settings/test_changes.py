"""Settings changed on the page: what lies over what, and a file that is whole whatever fails while it is written."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from device.files.complaint import ContentError
from device.settings.changes_file import (
    before_file,
    confirm,
    go_back,
    put_by,
    read_changes,
    write_changes,
)
from device.settings.layers import (
    COMMAND,
    DEFAULT,
    FILE,
    PAGE,
    PRESET,
    InForce,
    in_force,
    in_force_from,
    panel_settings,
)
from device.settings.settings import TOPICS, Limits, Settings
from device.settings.settings_file import SettingsError, as_toml, load_settings


class Folders:
    """A settings file, and the device's own folder with the changes."""

    def __init__(self, folder: Path) -> None:
        self.file, self.changes = folder / "unsit.toml", folder / "own/changes.toml"
        self.changes.parent.mkdir()
        self.file.write_text("")

    def load(self, *overrides: str, check: Callable[[Settings], object] = lambda _: None) -> InForce:
        return in_force(self.file, overrides, changes=lambda _: self.changes, check=check)

    def keep(self, changed: InForce) -> None:
        write_changes(self.changes, changed.settings, changed.changed)

    def change(self, **values: Any) -> None:
        self.keep(self.load().with_changes({key.replace("__", "."): value for key, value in values.items()}))


@pytest.fixture
def own(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


def test_each_layer_beats_the_ones_below_it_and_each_value_says_where_it_comes_from(own: Folders) -> None:
    own.file.write_text('[limits]\nheads_up = "1min"\nbreak_after = "90s"\n[sounds]\nhours = "08:00-18:00"\n')
    own.change(limits__break_after="2min", sounds__hours="09:00-17:00", reminders__snoozes=3)
    found = own.load("sounds.hours=10:00-16:00")
    assert found.settings.limits.due_after_s == 7200
    assert found.settings.limits.heads_up_s == 60
    assert found.settings.limits.break_after_s == 120
    assert found.settings.reminders.snoozes == 3
    assert found.settings.sounds.hours == "10:00-16:00"
    told = ("limits.due_after", "limits.heads_up", "limits.break_after", "sounds.hours", "press.hold")
    assert [found.sources[key] for key in told] == [PRESET, FILE, PAGE, COMMAND, DEFAULT]


def test_the_settings_say_where_they_come_from_and_load_again(own: Folders, tmp_path: Path) -> None:
    own.change(limits__due_after="90min")
    found = own.load("pins.seat=6")
    text = as_toml(found.settings, found.file, ["pins.seat=6"], found.sources)
    assert '\ndue_after = "90min"  # page\n' in text
    assert "\nseat = 6  # command\n" in text
    assert '\npreset = "couple-of-hours"  # default\n' in text
    again = tmp_path / "again.toml"
    again.write_text(text, "utf-8")
    assert load_settings(again)[0] == found.settings


def test_a_topic_whose_setting_was_changed_is_not_asked_about(own: Folders) -> None:
    assert own.load().left_open(TOPICS) == ["language", "conditions"]
    own.change(screens__language="de")
    assert own.load().left_open(TOPICS) == ["conditions"]


def test_the_panel_is_the_changed_one_even_where_something_else_is_wrong(own: Folders) -> None:
    own.change(panel__driver="sh1106")
    assert panel_settings(own.file, [], lambda _: own.changes).driver == "sh1106"
    assert panel_settings(own.file, ["pins.seat=99"], lambda _: own.changes).driver == "ssd1306"


@pytest.mark.parametrize(
    "text",
    [
        "[limits",
        "[limit]\n",
        "preset = 'hourly'\n",
        "[limits]\ndue_afte = '1h'\n",
        "[limits]\ndue_after = 90\n",
        "[limits]\ndue_after = '13h'\n",
        "[journal]\nfile = '/dev/null'\n",
        "[journal]\nkeep_days = 30\n",
        "[page]\nreach = 'house'\n",
        "[stretches]\nfolder = '/etc'\n",
        "[pins]\nseat = 27\n",
        "[limits]\ninvite_after = '3h'\n",
        "\x00",
    ],
)
def test_changes_that_make_no_sense_are_passed_over_in_one_line(own: Folders, text: str) -> None:
    own.changes.write_text(text, "utf-8")
    found = own.load()
    assert found.settings == Settings()
    assert found.changed == {}
    line = str(found.trouble)
    assert line.startswith(f"{own.changes} is passed over: ")
    assert "\n" not in line


def test_changes_that_do_not_go_with_an_edited_file_any_more_are_passed_over_and_come_back_with_it(
    own: Folders,
) -> None:
    own.change(limits__invite_after="80min")
    own.file.write_text('[limits]\ndue_after = "30min"\n')
    found = own.load()
    assert found.settings == load_settings(own.file)[0]
    assert "limits.due_after: is shorter than limits.invite_after" in str(found.trouble)
    own.file.write_text("")
    assert own.load().trouble is None
    assert own.load().settings.limits.invite_after_s == 4800


def test_a_file_that_is_wrong_itself_still_stops_the_start(own: Folders) -> None:
    own.change(limits__due_after="90min")
    own.file.write_text("[limits]\ndue_after = 90\n")
    with pytest.raises(SettingsError, match=r"unsit\.toml: limits\.due_after"):
        own.load()


def test_changes_are_also_asked_whether_they_go_with_what_they_name(own: Folders) -> None:
    def check(settings: Settings) -> None:
        if settings.stretches.leave_out:
            raise ContentError("stretches: nothing is left")

    own.changes.write_text('[stretches]\nleave_out = ["march"]\n')
    assert str(own.load(check=check).trouble).endswith("passed over: stretches: nothing is left")
    own.changes.unlink()
    with pytest.raises(ContentError, match="nothing is left"):
        own.load(check=check).with_changes({"stretches.leave_out": ["march"]})


def test_without_a_place_for_them_there_are_no_changes() -> None:
    found = in_force(None, [], ())
    assert (found.settings, found.changes, found.changed) == (Settings(), None, {})


def test_settings_without_a_file_count_as_one_that_changes_lie_over(own: Folders) -> None:
    settings = Settings(limits=Limits(due_after_s=1800.0, invite_after_s=1800.0))
    own.changes.write_text('[limits]\nheads_up = "1min"\n')
    found = in_force_from(settings, own.changes)
    assert (found.settings.limits.due_after_s, found.settings.limits.heads_up_s) == (1800, 60)
    told = [found.sources[key] for key in ("limits.due_after", "limits.heads_up", "press.hold")]
    assert told == [FILE, PAGE, DEFAULT]


def test_what_was_changed_is_said_in_words(own: Folders) -> None:
    assert own.load().says == ""
    own.change(limits__due_after="90min", pins__seat=6)
    assert own.load().says == f"but for what was changed on the page, in {own.changes}: limits.due_after, pins.seat"


# ---- changing


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("limits.due_after", "13h", 'limits.due_after = "13h": is out of bounds; allowed: "1s" to "12h"'),
        ("limits.due_after", 90, 'limits.due_after = 90: needs its unit, such as "90s" or "90min"; allowed: "1s" to'),
        ("limits.due_after", '"soo', 'limits.due_after = "\\"soo": '),
        ("limits.due_afte", "1h", "unknown key limits.due_afte; nearest: limits.due_after"),
        ("reminders.snoozes", "many", 'reminders.snoozes = "many": must be a whole number; allowed: 0 to 10'),
        ("pins.seat", 27, "pins.button: GPIO27 is pins.seat already; allowed: a pin of its own"),
        ("pins.seat", 2, "pins.seat: GPIO2 belongs to the panel's bus; allowed: any other pin"),
        ("journal.file", "/tmp/x", "journal.file can only be changed in the settings file"),
        ("languages.folder", "/tmp", "languages.folder can only be changed in the settings file"),
        ("page.port", 80, "page.port can only be changed in the settings file"),
    ],
)
def test_a_change_is_refused_in_the_words_of_the_file_without_naming_one(
    own: Folders, key: str, value: Any, says: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        own.load().with_changes({key: value})
    assert str(caught.value).startswith(says)
    assert str(caught.value.complaint) == str(caught.value)


def test_changes_that_only_go_together_are_made_together(own: Folders) -> None:
    with pytest.raises(SettingsError, match="is shorter than"):
        own.load().with_changes({"limits.due_after": "30min", "limits.invite_after": "45min"})
    changed = own.load().with_changes(
        {"limits.due_after": "4h", "limits.invite_after": "3h"} | {"limits.still_you_after": "5h"}
    )
    assert changed.settings.limits.invite_after_s == 10800


@pytest.mark.parametrize("told", ["90min", '"90min"', "1h 30min"])
def test_a_duration_is_read_as_typed_or_as_the_file_has_it(own: Folders, told: str) -> None:
    assert own.load().with_changes({"limits.due_after": told}).settings.limits.due_after_s == 5400


def test_numbers_and_lists_are_read_as_typed_too(own: Folders) -> None:
    told = {
        "pins.seat": "6",
        "panel.address": "0x3D",
        "sounds.days": '["mon"]',
        "seat.empty": "0.1",
        "seat.seated": 0.5,
    }
    told = {**told, "reminders.after_due": ["1min", "4min"]}
    settings = own.load().with_changes(told).settings
    assert (settings.pins.seat, settings.panel.address, settings.sounds.days) == (6, 0x3D, ("mon",))
    assert settings.reminders.after_due_s == (60, 240)


def test_one_some_or_all_changes_are_taken_back(own: Folders) -> None:
    own.change(limits__due_after="90min", pins__seat=6, reminders__snoozes=3)
    assert set(own.load().with_changes({}, ["pins.seat"]).changed) == {"limits.due_after", "reminders.snoozes"}
    assert set(own.load().with_changes({}, ["pins.seat", "limits.due_after"]).changed) == {"reminders.snoozes"}
    assert own.load().with_changes({}, ["all"]).settings == Settings()
    assert set(own.load().with_changes({"pins.seat": 5}, ["all"]).changed) == {"pins.seat"}
    with pytest.raises(SettingsError, match=r"unknown key pins\.seet"):
        own.load().with_changes({}, ["pins.seet"])


def test_any_changes_load_as_they_were_made(own: Folders) -> None:
    told = {"sounds.hours": "08:30-18:00", "stretches.without": [], "panel.address": 0x3D, "press.rearm": "30ms"}
    own.keep(own.load().with_changes(told))
    assert own.load().settings == own.load().with_changes(told).settings
    assert own.changes.stat().st_mode & 0o777 == 0o640


# ---- the way back


def test_wiring_that_nobody_confirms_goes_back(own: Folders) -> None:
    own.change(limits__due_after="90min")
    put_by(own.changes)
    own.change(limits__due_after="90min", pins__seat=6)
    assert go_back(own.changes)
    assert read_changes(own.changes) == {"limits.due_after": "90min"}
    assert not go_back(own.changes)


def test_wiring_that_somebody_confirms_stays(own: Folders) -> None:
    put_by(own.changes)
    own.change(pins__seat=6)
    confirm(own.changes)
    assert not go_back(own.changes)
    assert read_changes(own.changes) == {"pins.seat": 6}


# ---- whole, whatever fails


def failing_at(nth: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the nth call of the system that saving takes fail, and all after it, as on a card that goes bad."""
    calls = 0

    def failing(call: Callable[..., Any]) -> Callable[..., Any]:
        def made(*args: Any, **kwargs: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls > nth:
                raise OSError(5, "Input/output error")
            return call(*args, **kwargs)

        return made

    for name in ("open", "fsync", "replace", "rename"):
        monkeypatch.setattr(os, name, failing(getattr(os, name)))


SAVES: list[Callable[[Folders], object]] = [
    lambda own: own.keep(own.load().with_changes({"limits.due_after": "3h"})),
    lambda own: put_by(own.changes),
    lambda own: go_back(own.changes),
    lambda own: confirm(own.changes),
]


@pytest.mark.parametrize("save", SAVES)
@pytest.mark.parametrize("nth", range(8))
def test_whatever_fails_while_saving_the_old_or_the_new_is_there_and_nothing_else(
    own: Folders, monkeypatch: pytest.MonkeyPatch, save: Callable[[Folders], object], nth: int
) -> None:
    own.change(limits__due_after="90min")
    put_by(own.changes)
    own.change(limits__due_after="150min")
    changed = own.load().with_changes({"limits.due_after": "3h"})
    monkeypatch.setattr(own, "load", lambda: changed)
    with monkeypatch.context() as card:
        failing_at(nth, card)
        with suppress(OSError):
            save(own)
    assert read_changes(own.changes)["limits.due_after"] in ("90min", "150min", "3h")
    if before_file(own.changes).exists():
        assert read_changes(before_file(own.changes))["limits.due_after"] in ("90min", "150min")
    assert {each.name for each in own.changes.parent.iterdir()} <= {"changes.toml", "changes-before.toml"}


def test_a_link_in_the_place_of_the_draft_is_not_followed(own: Folders, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("as it was")
    own.changes.with_name("changes.toml.new").symlink_to(victim)
    own.change(limits__due_after="90min")
    assert victim.read_text() == "as it was"
    assert own.load().settings.limits.due_after_s == 5400
