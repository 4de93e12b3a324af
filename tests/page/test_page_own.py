"""The pages of the settings, the stretches and the seat in a real browser, on a phone and by keyboard alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Route, ViewportSize

from device.commands.page import page_beside
from device.page.as_set import in_force
from device.run.line import Line
from device.run.orders import OrderError
from device.settings.settings import JournalSettings, Screens, SeatSettings, Settings
from device.settings.settings_file import lines_of
from device.settings.table import GROUPS
from device.settings.week import DAYS
from device.stretches.repertoire import all_stretches
from device.words.events import Chosen
from tests.rig import HALF_HOURLY, Browser, Rig, Window
from tests.waiting import until

PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """One desk for all of these."""
    with Rig(tmp_path_factory.mktemp("desk")).running() as it:
        yield it


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Iterator[Window]:
    """One window for all of these."""
    context = browser.new_context(viewport=PHONE, has_touch=True)
    window = Window(context)
    yield window
    context.close()
    assert not window.complaints, window.complaints


def setting(phone: Window, key: str) -> Any:
    """Its row, with its group open."""
    row = phone.page.locator(f".setting[data-key='{key}']")
    row.wait_for(state="attached")
    row.evaluate("(row) => { row.closest('details').open = true; }")
    return row


@pytest.fixture
def settings(desk: Rig, phone: Window) -> Window:
    phone.page.goto(f"{desk.address}day")
    phone.page.goto(f"{desk.address}settings")
    phone.page.locator("#groups:visible").wait_for()
    phone.page.wait_for_function("() => document.querySelector('[data-key=\"limits.due_after\"] input').value !== ''")
    return phone


# ---- settings


def test_every_setting_stands_in_its_group_with_what_it_is_for_its_default_and_its_bounds(settings: Window) -> None:
    page = settings.page
    shown = page.locator(".setting").evaluate_all("(all) => all.map((each) => each.dataset.key)")
    assert shown == [key for group in GROUPS for key in group.names]
    assert all(page.locator(".setting .doc").all_text_contents())
    row = setting(settings, "limits.due_after")
    assert row.locator("input").input_value() == "30 min"
    assert "default: 2 h" in row.inner_text()
    assert "1 s to 12 h" in row.inner_text()
    assert setting(settings, "sounds.hours").locator("input[type=checkbox]").is_checked()
    assert setting(settings, "sounds.days").locator("input:checked").count() == 7
    assert setting(settings, "limits.preset").locator("input:checked").get_attribute("value") == "half-hourly"
    assert setting(settings, "screens.language").locator("label").all_inner_texts() == ["Deutsch", "English"]


def test_what_may_only_be_shown_says_where_it_is_changed(settings: Window) -> None:
    for key in ("page.port", "journal.file", "stretches.folder"):
        row = setting(settings, key)
        assert "Change it in the settings file" in row.inner_text()
        assert row.locator("input").count() == 0
    assert "A calibration finds it." in setting(settings, "seat.follows").inner_text()


@pytest.mark.parametrize(
    ("key", "typed", "says"),
    [
        ("limits.due_after", "90", "Add a unit, as in 90 min, 2 h or 30 s."),
        ("limits.due_after", "soon", "Write it as 90 min, 2 h or 30 s."),
        ("limits.due_after", "13h", "Allowed: 1 s to 12 h."),
        (
            "limits.due_after",
            "20 min",
            "“Break due after” (20 min) can't be shorter than “Silent offer after” (25 min)",
        ),
        ("press.hold", "3.5 s", "“A long hold” (3 s) must be longer than “A hold” (3.5 s)"),
        ("reminders.after_due", "1 min, 2 min", "Each must be 2 min or more after the one before."),
        ("reminders.after_due", "1 min,4 min;8min, 20 min, 1h", "At most 4 times."),
        ("reminders.snoozes", "11", "Allowed: 0 to 10."),
        ("reminders.snoozes", "some", "Write a number from 0 to 10."),
        ("panel.address", "3C", "Write a number from 0x08 to 0x77."),
        ("seat.sit_above", "2", "Allowed: 0 to 0.99."),
    ],
)
def test_what_is_typed_is_checked_at_once_in_one_clear_line(settings: Window, key: str, typed: str, says: str) -> None:
    row = setting(settings, key)
    field = row.locator("input")
    field.fill(typed)
    assert says in row.locator(".fault").inner_text()
    assert field.get_attribute("aria-invalid") == "true"
    settings.waits_for("#save-says", "1 has to be mended first")
    assert settings.page.get_attribute("#save", "aria-disabled") == "true"
    row.locator("button", has_text="Undo").click()
    assert row.locator(".fault").is_hidden()
    settings.page.locator("#save-bar").wait_for(state="hidden")


def test_what_is_typed_as_people_write_it_is_understood(settings: Window) -> None:
    for typed, shown in (("1h 30min", "90 min"), ("120min", "2 h"), ("90,5 min", "5430 s")):
        field = setting(settings, "limits.due_after").locator("input")
        field.fill(typed)
        field.blur()
        assert field.input_value() == shown
    field.fill("30 min")
    settings.page.locator("#save-bar").wait_for(state="hidden")


def test_a_preset_is_checked_with_the_times_that_it_brings(settings: Window) -> None:
    asked: list[Any] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.post_data_json)
        route.abort()

    settings.page.route("**/orders", refuse)
    setting(settings, "limits.still_you_after").locator("input").fill("40 min")
    settings.waits_for("#save-says", "1 change")
    setting(settings, "sounds.days").locator("label", has_text="Sun").click()
    settings.waits_for("#save-says", "2 changes")
    settings.page.click("#save")
    settings.waits_for("#save-says", "The page's own server doesn't answer.")
    assert asked == [
        {
            "do": "set",
            "to": {"values": {"limits.still_you_after": "40min", "sounds.days": list(DAYS[:6])}},
        }
    ]
    assert "not saved yet" in setting(settings, "sounds.days").inner_text(), "nothing is shown as done"
    settings.page.click("#discard")
    settings.page.locator("#save-bar").wait_for(state="hidden")
    settings.page.unroute("**/orders")
    settings.complaints.clear()


def test_a_search_opens_what_it_finds(settings: Window) -> None:
    page = settings.page
    page.fill("#search", "snooze")
    assert page.locator(".setting:visible").evaluate_all("(all) => all.map((each) => each.dataset.key)") == [
        "reminders.snooze",
        "reminders.snoozes",
    ]
    page.fill("#search", "xyzzy")
    page.locator("#nothing-found:visible").wait_for()
    page.fill("#search", "")
    assert page.locator("details[open]").count() == 1


def test_a_link_leads_to_a_single_setting(settings: Window, desk: Rig) -> None:
    settings.page.goto(f"{desk.address}stretches")
    settings.page.goto(f"{desk.address}settings#stretches.conditions")
    settings.page.locator(".setting[data-key='stretches.conditions']:visible").wait_for()
    settings.page.wait_for_function("() => document.activeElement.name === 'stretches.conditions'")


def test_without_a_device_it_says_so_and_shows_no_values(phone: Window, tmp_path: Path) -> None:
    with page_beside(HALF_HOURLY, tmp_path / "nobody") as address:
        phone.page.goto(f"{address}settings")
        phone.waits_for("#trouble", "The device doesn't answer.")
        phone.waits_for("#waiting", "The settings appear here once the device answers.")
        assert phone.page.locator("#groups").is_hidden()
        phone.page.goto(f"{address}stretches")
        phone.page.locator(".stretch").first.wait_for()
        assert phone.page.locator(".switch:enabled").count() == 0
        phone.page.goto(f"{address}seat")
        phone.waits_for("#pad", "not known")
        phone.page.goto("about:blank")


def test_a_recorded_day_has_settings_of_its_own_which_are_not_shown(settings: Window, desk: Rig) -> None:
    desk.hand("play", True)
    settings.waits_for("#waiting", "The desk plays a recorded day.")
    assert settings.page.locator("#groups").is_hidden()
    settings.page.goto(f"{desk.address}day")
    settings.page.click("#back")
    settings.page.goto(f"{desk.address}settings")
    settings.page.locator("#groups:visible").wait_for()


def test_the_settings_that_a_device_tells_are_those_it_goes_by() -> None:
    own = Settings(screens=Screens(language="de"))
    told = replace(own, stretches=replace(own.stretches, minutes=5, leave_out=("march",)), screens=Screens())
    lines = lines_of(told)
    assert in_force(own, {}) == own
    assert in_force(own, {"device": {"settings": lines}}) == replace(told, screens=own.screens)
    values = dict(line.split("=", 1) for line in lines)
    assert in_force(own, {"settings": {"values": values}}).stretches.minutes == 5
    assert in_force(own, {"settings": {"values": {**values, "sounds.colour": '"red"'}}}) == own


def test_what_is_changed_on_the_phone_is_seen_on_the_panel(phone: Window, tmp_path: Path) -> None:
    page = phone.page
    with Rig(tmp_path).running() as rig:
        until(lambda: rig.hand("seat", True) == 204)
        rig.hand("speed", 10)
        page.goto(f"{rig.address}day")
        phone.waits_for("#screen", "break in 30 min")
        rig.hand("speed", 1)
        page.goto(f"{rig.address}settings")
        page.locator("#groups:visible").wait_for()
        before = rig.things.picture().tobytes()
        setting(phone, "limits.due_after").locator("input").fill("20min")
        assert "can't be shorter" in setting(phone, "limits.due_after").inner_text()
        setting(phone, "limits.invite_after").locator("input").fill("20min")
        page.click("#save")
        phone.waits_for("#save-says", "2 changes are saved.")
        until(lambda: rig.things.picture().tobytes() != before)
        assert "changed here" in setting(phone, "limits.due_after").inner_text()
        setting(phone, "panel.first_column").locator("input").fill("1")
        page.click("#save")
        page.click("#keep")
        page.locator("#keep-card").wait_for(state="hidden")
        setting(phone, "screens.language").locator("label", has_text="Deutsch").click()
        page.click("#save")
        page.locator("h2", has_text="Einstellungen").wait_for()
        page.goto(f"{rig.address}day")
        phone.waits_for("#screen", "Pause in 20 min")
        page.goto("about:blank")


# ---- settings of a real device


class ToldDevice:
    """A device that isn't simulated, as far as a page can tell: it tells what a test wants, and does as ordered."""

    def __init__(self, folder: Path) -> None:
        self.line = Line(folder / "line", self.tell, obey=self._obey)
        self.values = dict(line.split("=", 1) for line in lines_of(HALF_HOURLY))
        self.sources = dict.fromkeys(self.values, "default") | {"limits.due_after": "preset", "sounds.days": "command"}
        self.ordered: list[tuple[object, Any]] = []
        self.confirm_by: float | None = None
        self.takes, self.refuses = True, ""
        self.more: dict[str, dict[str, Any]] = {}
        self.stands: dict[str, Any] = {}

    def tell(self) -> None:
        """Tell all that stands."""
        line, settings = self.line, {"values": dict(self.values), "from": dict(self.sources), "file": "/etc/unsit.toml"}
        line.stand("device", simulated=False, settings=[], language="en", stretches={}, version="", began=0.0)
        line.stand("time", at=100.0, speed=1.0, reads="2026-11-29T15:00:00+01:00", right=True)
        line.stand("standing", **{**STANDING, **self.stands})
        line.stand("settings", **settings, trouble=None, confirm_by=self.confirm_by)
        for kind, message in self.more.items():
            line.stand(kind, **message)

    def change(self, key: str, value: str) -> None:
        """Somebody else has changed it."""
        self.values[key], self.sources[key] = value, "page"
        self.tell()

    def _obey(self, do: object, to: Any) -> dict[str, Any]:
        self.ordered.append((do, to))
        if self.refuses:
            raise OrderError("{why}", why=self.refuses)
        more: dict[str, Any] = {}
        if do == "set" and self.takes:
            for key in self.values if "all" in to.get("reset", ()) else to.get("reset", ()):
                self.values[key], self.sources[key] = DEFAULTS[key], "default"
            for key, value in to.get("values", {}).items():
                self.values[key], self.sources[key] = json.dumps(value), "page"
                if key.startswith("pins."):
                    self.confirm_by = 160.0
                    more = {"confirm_within_s": 60.0}
        if do == "keep":
            self.confirm_by = None
        self.tell()
        return more


DEFAULTS = dict(line.split("=", 1) for line in lines_of(Settings()))
STANDING: dict[str, Any] = {
    "mode": "watching", "says": "watching: the chair is empty", "seated": False, "seat": None, "sits_since": None,
    "sitting_s": 0.0, "due_after_s": 1800.0, "counts_at": None, "full_break_s": 120.0, "rested": False,
    "stretch": None, "left_out": [], "spared": [], "press": None, "hold": None, "hold_s": 1.0, "next": None,
    "sounds": True, "settles_at": None, "moves": None, "muted_until": None, "quiet": False, "enough": False,
}  # fmt: skip


@pytest.fixture
def real(phone: Window, tmp_path: Path) -> Iterator[ToldDevice]:
    """A real device, with its settings on the phone."""
    device = ToldDevice(tmp_path)
    with page_beside(HALF_HOURLY, tmp_path / "line") as address:
        phone.page.goto(f"{address}settings")
        phone.page.wait_for_function("() => document.querySelector('[data-key=\"limits.due_after\"] input')?.value")
        yield device
        phone.page.goto("about:blank")
        device.line.close()


def test_changes_are_saved_together_and_shown_as_done_once_the_device_says_so(real: ToldDevice, phone: Window) -> None:
    page = phone.page
    due, seated = setting(phone, "limits.due_after"), setting(phone, "stretches.seated")
    assert "by “How often”" in due.inner_text()
    due.locator("input").fill("45min")
    seated.locator("input").check()
    phone.waits_for("#save-says", "2 changes")
    real.takes = False
    page.click("#save")
    phone.waits_for("#save-says", "Saving...")
    assert "not saved yet" in due.inner_text()
    real.change("stretches.seated", '"yes"')
    real.change("limits.due_after", '"45min"')
    phone.waits_for("#save-says", "2 changes are saved.")
    assert real.ordered == [("set", {"values": {"limits.due_after": "45min", "stretches.seated": "yes"}})]
    assert "changed here" in due.inner_text()
    assert "not saved yet" not in due.inner_text()
    due.locator("button", has_text="Reset").click()
    phone.waits_for("#save-says", "Saving...")
    real.values["limits.due_after"], real.sources["limits.due_after"] = '"2h"', "preset"
    real.tell()
    phone.waits_for("#save-says", "Reset.")
    assert real.ordered[-1] == ("set", {"reset": ["limits.due_after"]})
    assert due.locator("input").input_value() == "2 h"


def test_what_the_device_refuses_is_said_and_nothing_is_lost(real: ToldDevice, phone: Window) -> None:
    real.refuses = "no, says the device"
    setting(phone, "limits.due_after").locator("input").fill("45min")
    phone.page.click("#save")
    phone.waits_for("#save-says", "No, says the device")
    assert setting(phone, "limits.due_after").locator("input").input_value() == "45 min"
    phone.page.click("#discard")
    assert setting(phone, "limits.due_after").locator("input").input_value() == "30 min"
    assert len(real.ordered) == 1
    assert len(phone.complaints) == 1, "the browser's own, about the answer"
    phone.complaints.clear()


def test_what_another_phone_changes_shows_at_once_and_leaves_what_is_being_typed(
    real: ToldDevice, phone: Window
) -> None:
    setting(phone, "limits.due_after").locator("input").fill("45min")
    real.change("limits.due_after", '"50min"')
    real.change("stretches.minutes", "7")
    until(lambda: setting(phone, "stretches.minutes").locator("input").input_value() == "7")
    assert setting(phone, "limits.due_after").locator("input").input_value() == "45min"
    real.change("limits.due_after", '"45min"')
    phone.page.locator("#save-bar").wait_for(state="hidden")
    assert setting(phone, "limits.due_after").locator("input").input_value() == "45min"


def test_what_the_command_line_says_can_not_be_changed_here(real: ToldDevice, phone: Window) -> None:  # noqa: ARG001
    row = setting(phone, "sounds.days")
    assert "from the command line, which takes precedence" in row.inner_text()
    assert row.locator("input:visible").count() == 0


def test_wiring_asks_whether_it_still_works_and_says_what_happens_otherwise(real: ToldDevice, phone: Window) -> None:
    page = phone.page
    setting(phone, "pins.seat").locator("input").fill("22")
    page.keyboard.press("Enter")
    phone.waits_for("#keep-says", "Without an answer the old values return by themselves.")
    page.locator("#keep-left", has_text="s left").wait_for()
    page.wait_for_function("() => document.activeElement.id === 'keep'")
    page.keyboard.press("Enter")
    page.locator("#keep-card").wait_for(state="hidden")
    assert real.ordered[-1] == ("keep", True)
    setting(phone, "pins.seat").locator("input").focus()
    real.confirm_by = 160.0
    real.tell()
    page.locator("#keep-card:visible").wait_for()
    assert page.evaluate("document.activeElement.type") == "text", "another phone's question takes nobody's focus"
    day = phone.context.new_page()
    day.goto(page.url.replace("/settings", "/day"))
    day.locator("#trouble", has_text="Say in the settings that it works").wait_for()
    day.close()
    page.click("#take-back")
    page.locator("#keep-card").wait_for(state="hidden")
    assert real.ordered[-1] == ("keep", False)
    real.change("pins.seat", "17")
    until(lambda: setting(phone, "pins.seat").locator("input").input_value() == "17")


def test_all_that_was_changed_here_is_reset_once_that_was_said_twice(real: ToldDevice, phone: Window) -> None:
    page = phone.page
    real.change("stretches.minutes", "7")
    page.click("#reset-all")
    phone.waits_for("#reset-asks", "1 setting goes back")
    assert real.ordered == []
    page.click("#reset-yes")
    phone.waits_for("#save-says", "Reset.")
    assert real.ordered == [("set", {"reset": ["all"]})]
    assert setting(phone, "stretches.minutes").locator("input").input_value() == "3"
    assert page.locator("#reset-all").is_hidden()


def test_a_real_seat_is_calibrated_by_orders_in_the_words_of_somebody_who_sits(real: ToldDevice, phone: Window) -> None:
    page = phone.page
    real.values["seat.kind"] = '"ads1115"'
    real.more["level"] = {"at": 100.0, "level": 0.12, "thresholds": [0.2, 0.3], "known": [0.05, 0.5]}
    real.tell()
    page.goto(page.url.replace("settings", "seat"))
    phone.waits_for("#level-says", "0.12")
    phone.waits_for("#thresholds", "empty below 0.20, taken above 0.30")
    page.click("#calibrate")
    until(lambda: real.ordered == [("calibrate", True)])
    real.more["calibration"] = {"on": True, "step": "sit", "until": None, "spreads": {"empty": [0.04, 0.06]}}
    real.tell()
    phone.waits_for("#there", "I sit")
    phone.waits_for("#asks [aria-current=step]", "Sit down as you usually do.")
    phone.waits_for("#pad", "being calibrated")
    page.click("#there")
    until(lambda: real.ordered[-1] == ("there", "sit"))
    real.more["calibration"] |= {"until": 104.0}
    real.tell()
    phone.waits_for("#there", "Stay so: ")
    page.click("#leave")
    until(lambda: real.ordered[-1] == ("calibrate", False))


@pytest.mark.parametrize(
    ("what", "heading", "helps"),
    [
        ("lost", "Something is wrong with the seat", "sit tight"),
        ("worn", "Something is wrong with the seat", "smooth the pad"),
        ("loose", "Something is wrong with the seat", "Push each plug"),
        ("uncalibrated", "It has to be calibrated first", "Calibrate it below"),
    ],
)
def test_what_is_wrong_with_a_seat_is_said_with_what_to_do(
    real: ToldDevice, phone: Window, what: str, heading: str, helps: str
) -> None:
    real.values |= {"seat.kind": '"mcp3008"', "seat.empty": "0.02", "seat.seated": "0.3"}
    real.values["seat.calibrated"] = '"2026-11-29T23:30:00+01:00"'
    real.stands = {"seat": what}
    real.more["level"] = {"at": 100.0, "level": 0.12, "thresholds": [0.2, 0.3], "known": [0.05, 0.5]}
    real.tell()
    phone.page.goto(phone.page.url.replace("settings", "seat"))
    phone.waits_for("#doubt-heading", heading)
    phone.waits_for("#helps", helps)
    assert phone.text("#level-says") == ("a wire is off" if what == "lost" else "0.12")
    assert phone.text("#calibrated-on") == "calibrated on 29 November 2026"
    assert "then it read 0.02 empty and 0.30 seated" in phone.text("#drift")
    assert phone.page.locator(".advice li:visible").count() == 2


def test_the_routine_its_minutes_and_whole_areas_are_chosen_beside_the_stretches(
    real: ToldDevice, phone: Window
) -> None:
    page = phone.page
    page.goto(page.url.replace("settings", "stretches"))
    page.locator("#choose:visible").wait_for()
    page.select_option("#set-minutes", "5")
    until(lambda: real.ordered[-1:] == [("set", {"values": {"stretches.minutes": 5}})])
    page.wait_for_function("() => !document.getElementById('choose-says').textContent")
    assert page.input_value("#set-minutes") == "5"
    page.locator(".area[data-id=neck] .area-head button").click()
    phone.waits_for(".area[data-id=neck] .area-head button", "Offer this area again")
    assert real.ordered[-1] == ("set", {"values": {"stretches.areas_out": ["neck"]}})
    page.locator(".area[data-id=neck] .stretch a[href='/settings#stretches.areas_out']").first.wait_for()
    real.refuses = "no, says the device"
    page.select_option("#set-minutes", "7")
    phone.waits_for("#trouble", "no, says the device")
    page.wait_for_function("() => document.getElementById('set-minutes').value === '5'")
    phone.complaints.clear()


@contextmanager
def real_seat(folder: Path) -> Iterator[Callable[[float], None]]:
    """A real device on force sensors; call it with what they read."""
    places = {"RUNTIME_DIRECTORY": str(folder), "STATE_DIRECTORY": str(folder)}
    words = [sys.executable, "-m", "tests.page.real_seat"]
    ends = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(words, text=True, env={**os.environ, **places}, **ends) as device:  # type: ignore[call-overload]

        def weigh(level: float) -> None:
            print(level, file=device.stdin, flush=True)

        try:
            yield weigh
        finally:
            device.terminate()


def test_the_seat_of_a_real_device_is_calibrated_from_a_phone(phone: Window, tmp_path: Path) -> None:
    page = phone.page
    reads = (0.006, 0.3, 0.21, 0.23, 0.16, 0.007)
    settings = replace(HALF_HOURLY, journal=JournalSettings(file=str(tmp_path / "journal.db")))
    with real_seat(tmp_path) as weigh, page_beside(settings, tmp_path / "line") as address:
        page.goto(f"{address}seat")
        phone.waits_for("#doubt-heading", "It has to be calibrated first")
        phone.waits_for("#level-says", "0.01")
        page.click("#calibrate")
        for nth, level in enumerate(reads, 1):
            page.locator(f"#asks li:nth-child({nth})[aria-current=step]").wait_for()
            weigh(level)
            page.click("#there")
        phone.waits_for("#calibrated", "Calibrated: empty it reads up to 0.007")
        phone.waits_for("#thresholds", "taken above")
        phone.waits_for("#pad", "empty")
        weigh(0.3)
        phone.waits_for("#belief", "The device believes that somebody sits.")
        page.goto("about:blank")


# ---- stretches


@pytest.fixture
def stretches(desk: Rig, phone: Window) -> Window:
    phone.page.goto(f"{desk.address}stretches")
    phone.page.locator(".stretch .switch:enabled").first.wait_for()
    return phone


def test_a_switch_leaves_a_stretch_out_for_good_and_the_next_break_goes_without_it(
    stretches: Window, desk: Rig
) -> None:
    page = stretches.page
    page.locator("#routine li").first.wait_for()
    first = page.locator("#routine b").first.inner_text()
    card = page.locator(".stretch", has=page.get_by_role("heading", name=first, exact=True))
    name = card.get_attribute("data-id")
    card.locator(".switch").click()
    card.get_by_text("Never, as you said.").wait_for()
    until(lambda: name in desk.live._device.snapshot().left_out)  # type: ignore[union-attr]
    page.wait_for_function("(was) => document.querySelector('#routine b').textContent !== was", arg=first)
    assert not card.locator(".switch").is_checked()
    card.locator(".switch").click()
    page.wait_for_function("(was) => document.querySelector('#routine b').textContent === was", arg=first)
    assert card.locator(".switch").is_checked()


def test_the_next_break_is_what_the_device_would_show(stretches: Window, desk: Rig) -> None:
    stretches.page.locator("#routine li").first.wait_for()
    planned = [turn.stretch.name for turn in desk.live._device._coach._state.routine()]  # type: ignore[union-attr]
    assert stretches.page.locator("#routine b").all_inner_texts() == planned
    stretches.waits_for("#lasts", "min")


def test_what_leaves_a_stretch_out_is_named_and_linked(stretches: Window, desk: Rig) -> None:
    page = stretches.page
    floor = page.locator(".stretch[data-id=half_kneel]")
    assert "Left out by the settings. Without" in floor.inner_text()
    assert floor.locator(".switch").is_disabled()
    assert floor.locator("a").get_attribute("href") == "/settings#stretches.without"
    desk.live.tell(partial(Chosen, name="conditions", value="knee"))
    page.locator(".stretch[data-id=hip_lunge]").get_by_text("Left out, as chosen at the device.").wait_for()
    assert page.locator(".stretch[data-id=hip_lunge] .switch").is_disabled()
    assert page.locator(".stretch[data-id=chin_tuck] .switch").is_enabled()
    desk.live.tell(partial(Chosen, name="conditions", value=""))
    page.locator(".stretch[data-id=hip_lunge] .switch:enabled").wait_for()


def test_every_stretch_moves_says_how_and_stands_still_for_those_who_want_that(stretches: Window) -> None:
    page = stretches.page
    pictures = page.locator(".stretch img")
    assert pictures.count() == len(all_stretches(HALF_HOURLY))
    page.wait_for_function("() => document.querySelector('.stretch img').naturalWidth === 384")
    assert page.evaluate("document.querySelector('.stretch img').currentSrc").endswith(".gif")
    page.locator(".stretch summary").first.click()
    page.locator(".stretch li").first.wait_for()
    assert "Careful:" in page.locator(".stretch").first.inner_text()
    page.emulate_media(reduced_motion="reduce")
    page.reload()
    page.wait_for_function("() => document.querySelector('.stretch img')?.currentSrc.endsWith('.png')")
    page.emulate_media(reduced_motion="no-preference")


def test_one_area_can_be_looked_at_alone(stretches: Window) -> None:
    page = stretches.page
    page.locator("#filter label", has_text="neck").click()
    assert page.locator(".area:visible").count() == 1
    page.locator("#filter label", has_text="all").click()
    assert page.locator(".area:visible").count() > 8


def test_the_routine_of_the_page_knows_what_the_journal_and_the_device_know(desk: Rig) -> None:
    told = json.loads(desk.ask("GET", "/routine.json")[1])
    assert 120 < told["lasts_s"] < 240
    assert {"id", "name", "count", "counted", "both_sides"} == set(told["turns"][0])


# ---- the seat


def test_the_seat_says_what_it_reads_and_what_is_believed(phone: Window, desk: Rig) -> None:
    phone.page.goto(f"{desk.address}seat")
    phone.waits_for("#pad", "empty")
    assert phone.page.locator("#sensor, #doubt").locator("visible=true").count() == 0
    desk.hand("seat", True)
    phone.waits_for("#pad", "taken")
    phone.waits_for("#belief", "The device believes that nobody sits. That changes in 0:0")
    desk.hand("speed", 10)
    phone.waits_for("#belief", "The device believes that somebody sits.")
    desk.hand("seat", False)
    phone.waits_for("#pad", "empty")
    desk.hand("speed", 1)


def test_at_the_virtual_desk_the_seat_is_calibrated_step_by_step_on_its_own_page(phone: Window, tmp_path: Path) -> None:
    page = phone.page
    with Rig(tmp_path, replace(HALF_HOURLY, seat=SeatSettings(kind="ads1115"))).running() as rig:
        page.goto(f"{rig.address}seat")
        phone.waits_for("#doubt-heading", "It has to be calibrated first")
        page.click("#calibrate")
        for nth in range(1, 7):
            page.locator(f"#asks li:nth-child({nth})[aria-current=step]").wait_for()
            page.click("#there")
            rig.hand("speed", 10)
        phone.waits_for("#calibrated", "Calibrated: ")
        phone.waits_for("#thresholds", "taken above")
        page.locator("#doubt").wait_for(state="hidden")
        page.goto("about:blank")


# ---- for everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["settings", "stretches", "seat"])
def test_an_accessibility_check_finds_nothing_and_nothing_is_wider_than_a_phone(
    phone: Window, desk: Rig, address: str, scheme: Any
) -> None:
    page = phone.page
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{desk.address}{address}")
    page.locator(".setting, .stretch, .advice li").first.wait_for()
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    if address == "settings":
        setting(phone, "limits.due_after").locator("input").fill("90")
    found = [
        (each["id"], [node["target"] for node in each["nodes"]][:3]) for each in Axe().run(page).response["violations"]
    ]
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    if address == "settings":
        page.click("#discard")
    page.emulate_media(color_scheme="light")


def test_a_setting_is_changed_by_keyboard_alone(settings: Window) -> None:
    page = settings.page
    page.locator("[data-key='limits.preset'] input:checked").focus()
    page.keyboard.press("ArrowLeft")
    assert page.locator("[data-key='limits.preset'] input:checked").get_attribute("value") == "hourly"
    page.locator("#save-bar:visible").wait_for()
    page.keyboard.press("Tab")
    page.wait_for_function("() => document.activeElement.textContent === 'Undo'")
    page.keyboard.press("Enter")
    page.locator("#save-bar").wait_for(state="hidden")
    assert page.locator("[data-key='limits.preset'] input:checked").get_attribute("value") == "half-hourly"
