"""Hours, plans and calendars on the page, in a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ViewportSize

from device.commands.page import page_beside
from device.meetings.spans_file import CalendarState, Spans, spans_file, write_spans
from device.page.as_set import in_force, week_told
from device.settings.settings import Settings
from device.settings.settings_file import lines_of, load_settings
from tests.page.test_page_own import ToldDevice
from tests.rig import Browser, Rig, Window
from tests.waiting import until

DESKTOP: ViewportSize = {"width": 1240, "height": 980}
PHONE: ViewportSize = {"width": 390, "height": 844}
SUNDAY = datetime(2026, 11, 29, 15, 0, tzinfo=UTC)
PLANS = (
    'plan=[{name = "morning", days = ["mon", "tue", "wed", "fri"], hours = "08:00-12:00", limits.preset = "hourly"}, '
    '{name = "weekend", days = ["sat", "sun"], limits.short_every = "20min", limits.short_break = "20s"}]'
)
HOURS = ('hours.mon="09:00-12:00,13:00-18:00"', 'hours.tue="22:00-02:00"')


def dashed(text: str) -> str:
    """With the dashes that stand between times."""
    return text.replace("--", "\N{EN DASH}")


def settings_of(*overrides: str) -> Settings:
    return load_settings(None, overrides, places=[])[0]


OPEN: list[Window] = []
"""The windows that are open now."""


class PlannedDevice(ToldDevice):
    """A device that isn't simulated, with settings of its own."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        super().__init__(folder)
        self.lines = lines_of(settings)
        self.values = {key: value for key, value in (each.split("=", 1) for each in self.lines) if key != "plan"}
        self.sources = dict.fromkeys(self.values, "default")
        self.more["device"] = {"simulated": False, "settings": self.lines, "language": settings.screens.language,
                               "stretches": {}, "version": "", "began": 0.0}  # fmt: skip


@contextmanager
def planned(folder: Path, *overrides: str) -> Iterator[tuple[PlannedDevice, str]]:
    """Such a device, and the address of its page."""
    settings = settings_of(*overrides, f'journal.file="{folder / "journal.db"}"')
    device = PlannedDevice(folder, settings)
    with page_beside(replace(settings, page=replace(settings.page, port=0)), folder / "line") as address:
        yield device, address
        for window in OPEN:
            # A page whose server goes complains of that, and it isn't what is tested.
            window.page.goto("about:blank")
    device.line.close()


@pytest.fixture(params=[(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop", "phone"])
def seen(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Window]:
    """A window on a desktop by day, and one on a phone by night."""
    size, scheme = request.param
    context = browser.new_context(viewport=size, color_scheme=scheme, locale="en-GB", has_touch=size is PHONE)
    window = Window(context)
    OPEN.append(window)
    yield window
    OPEN.remove(window)
    window.page.goto("about:blank")
    context.close()
    assert not window.complaints, window.complaints


def opened(window: Window, address: str, settings_group: str = "hours") -> None:
    window.page.goto(f"{address}settings#{settings_group}")
    window.page.locator("#groups:visible").wait_for()
    window.page.locator(f"#group-{settings_group}[open]").wait_for()


def row(window: Window, day: str) -> Any:
    return window.page.locator(f"[data-key='hours.{day}']")


def shown_times(window: Window, day: str) -> list[str]:
    return [each.input_value() for each in row(window, day).locator("input").all()]


def is_accessible(window: Window) -> None:
    found = Axe().run(window.page).response["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"]][:3]) for each in found] == []
    width = window.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0, "it doesn't scroll sideways"


# ---- hours


def test_the_hours_of_each_day_are_times_that_one_adds_takes_away_and_saves(seen: Window, tmp_path: Path) -> None:
    with planned(tmp_path, *HOURS) as (device, address):
        opened(seen, address)
        seen.page.wait_for_function("() => document.querySelectorAll('[data-key=\"hours.mon\"] input').length === 4")
        assert shown_times(seen, "mon") == ["09:00", "12:00", "13:00", "18:00"]
        assert shown_times(seen, "wed") == []
        row(seen, "thu").get_by_role("button", name="Add hours").click()
        assert shown_times(seen, "thu") == ["09:00", "17:00"]
        row(seen, "thu").locator("input").nth(1).fill("00:00")
        row(seen, "fri").get_by_role("button", name="as on Thursday").click()
        row(seen, "mon").get_by_role("button", name="take these hours away").first.click()
        seen.waits_for("#save-says", "3 changes")
        is_accessible(seen)
        seen.page.click("#save")
        seen.waits_for("#save-says", "3 changes are saved.")
    hours = {"hours.thu": "09:00-24:00", "hours.fri": "09:00-24:00", "hours.mon": "13:00-18:00"}
    assert device.ordered == [("set", {"values": hours})]


@pytest.mark.parametrize(
    ("spans", "says"),
    [
        (["09:00", "09:00"], "Choose two different times."),
        (["09:00", "12:00", "11:00", "13:00"], "09:00--12:00 and 11:00--13:00 overlap."),
        (["22:00", "02:00", "23:00", "23:30"], "22:00--02:00 and 23:00--23:30 overlap."),
        (["09:00", "12:00", "13:00", ""], "Choose both times."),
    ],
)
def test_hours_are_checked_as_they_are_typed(browser: Browser, tmp_path: Path, spans: list[str], says: str) -> None:
    context = browser.new_context(viewport=PHONE, locale="en-GB")
    window = Window(context)
    with planned(tmp_path) as (_, address):
        opened(window, address)
        for nth, time in enumerate(spans):
            if nth % 2 == 0:
                row(window, "wed").get_by_role("button", name="Add hours").click()
            row(window, "wed").locator("input").nth(nth).fill(time)
        assert row(window, "wed").locator(".fault").inner_text() == dashed(says)
        assert row(window, "wed").locator("input").first.get_attribute("aria-invalid") == "true"
        assert window.page.get_attribute("#save", "aria-disabled") == "true"
        row(window, "wed").get_by_role("button", name="Undo").click()
        assert shown_times(window, "wed") == []
        window.page.goto("about:blank")
    context.close()
    assert not window.complaints


def test_hours_are_put_in_order_whichever_was_typed_first(seen: Window, tmp_path: Path) -> None:
    with planned(tmp_path) as (device, address):
        opened(seen, address)
        for nth, time in enumerate(("22:00", "02:00", "08:00", "12:00")):
            if nth % 2 == 0:
                row(seen, "sat").get_by_role("button", name="Add hours").click()
            row(seen, "sat").locator("input").nth(nth).fill(time)
        seen.page.click("#save")
        until(lambda: device.ordered == [("set", {"values": {"hours.sat": "08:00-12:00, 22:00-02:00"}})])
        seen.page.wait_for_function("() => document.querySelector('[data-key=\"hours.sat\"] input').value === '08:00'")


def test_with_the_keyboard_alone_hours_are_added_and_taken_away(seen: Window, tmp_path: Path) -> None:
    with planned(tmp_path) as (_, address):
        opened(seen, address)
        row(seen, "mon").get_by_role("button", name="Add hours").focus()
        seen.page.keyboard.press("Enter")
        focused = "document.activeElement.getAttribute('aria-label')"
        assert seen.page.evaluate(focused) == "Monday, from"
        while seen.page.evaluate(focused) != "Monday: take these hours away":
            seen.page.keyboard.press("Tab")
        seen.page.keyboard.press("Enter")
        assert seen.page.evaluate(focused) == "Monday: add hours"
        seen.page.locator("#save-bar").wait_for(state="hidden")


# ---- plans and calendars


def test_plans_say_when_they_are_in_force_and_what_they_change(seen: Window, tmp_path: Path) -> None:
    with planned(tmp_path, PLANS) as (_, address):
        opened(seen, address)
        seen.page.locator("#plans:visible").wait_for()
        morning, weekend = seen.page.locator("#plan-list li").all()
        assert morning.inner_text().split("\n") == [
            dashed("morning Mon--Wed, Fri 08:00--12:00"),
            "How often: Every hour",
        ]
        assert weekend.inner_text().split("\n") == [
            "weekend Sat, Sun all day in force now",
            "A short break every: 20 min; A short break lasts: 20 s",
        ]
        assert "docs/plans.md" in seen.text("#plans")
        is_accessible(seen)


def test_without_a_plan_nothing_is_said_of_plans(seen: Window, tmp_path: Path) -> None:
    with planned(tmp_path) as (_, address), seen.page.expect_response("**/week.json"):
        opened(seen, address)
    assert seen.page.locator("#plans").is_hidden()


def test_calendars_are_named_with_when_they_were_read_and_what_trouble_there_is(seen: Window, tmp_path: Path) -> None:
    named = 'meetings.calendar=["work", "/srv/calendars/team.ics"]'
    file = spans_file(settings_of(f'journal.file="{tmp_path / "journal.db"}"'))
    file.parent.mkdir()
    read = SUNDAY.astimezone() - timedelta(days=2, minutes=40)
    states = (CalendarState("work", read, "the server doesn't answer"), CalendarState("team.ics", None, None))
    write_spans(file, Spans(SUNDAY, (), states))
    with planned(tmp_path, named) as (_, address):
        opened(seen, address)
        seen.page.locator(".calendars").wait_for()
        calendars = seen.page.locator("[data-key='meetings.calendar']")
        assert calendars.locator(".reads").inner_text() == "work, team.ics"
        assert "/srv" not in seen.page.locator("main").inner_text()
        work, team = calendars.locator(".calendars li").all_inner_texts()
        assert work == f"work: read {read.day} Nov {read:%H:%M}. The server doesn't answer."
        assert team == "team.ics: not read yet."
        is_accessible(seen)


def test_of_calendars_that_the_page_may_not_read_nothing_is_claimed(seen: Window, tmp_path: Path) -> None:
    with planned(tmp_path, 'meetings.calendar=["work"]') as (_, address):
        with seen.page.expect_response("**/week.json"):
            opened(seen, address)
        assert seen.page.locator(".calendars").count() == 0
        assert seen.text("[data-key='meetings.calendar'] .reads") == "work"


# ---- what the server tells


def test_the_plans_that_a_device_tells_are_those_of_its_page() -> None:
    told = settings_of(PLANS)
    values = dict(line.split("=", 1) for line in lines_of(told) if not line.startswith("plan="))
    latest: dict[str, Any] = {"device": {"settings": lines_of(told)}, "settings": {"values": values}}
    assert in_force(Settings(), latest).plans == told.plans


def test_what_the_next_break_shows_goes_by_the_plan_in_force() -> None:
    told = settings_of('plan=[{name = "short", stretches.routine = "one-move"}, {name = "upper"}]')
    latest: dict[str, Any] = {"device": {"settings": lines_of(told)}}
    assert in_force(Settings(), latest).stretches.routine == told.stretches.routine
    for plan, routine in (("short", "one-move"), ("upper", told.stretches.routine), ("gone", told.stretches.routine)):
        assert in_force(Settings(), {**latest, "standing": {"plan": plan}}).stretches.routine == routine


def test_of_a_time_that_nobody_knows_no_plan_and_no_hours_are_claimed() -> None:
    told = week_told(settings_of(PLANS, *HOURS), None, None)
    assert told["hours_begin"] is None
    assert told["calendars"] is None
    assert [each["on"] for each in told["plans"]] == [False, False]
    json.dumps(told)


def test_outside_of_the_hours_the_server_tells_when_they_begin() -> None:
    settings = settings_of(PLANS, *HOURS)
    assert week_told(settings, SUNDAY, None)["hours_begin"] == "2026-11-30T09:00+00:00"
    assert week_told(settings, SUNDAY + timedelta(days=1), None)["hours_begin"] is None


# ---- now


def opened_day(window: Window, address: str) -> None:
    window.page.goto(f"{address}day")
    window.page.locator("#orders:visible").wait_for()


MEETING = {"meeting_till": "2026-11-29T15:40:00+01:00", "in_meeting": True, "plan": "", "off_hours": False}


def test_in_a_meeting_the_page_says_till_when_and_its_quiet_is_a_switch(seen: Window, tmp_path: Path) -> None:
    with planned(tmp_path) as (device, address):
        device.stands = dict(MEETING)
        opened_day(seen, address)
        seen.waits_for("#meeting-says", "In a meeting till 15:40.")
        seen.waits_for("#sitting", "Reminders: none till 15:40, in a meeting.")
        seen.waits_for("#mute-says", "There is no sound in this meeting.")
        quiet = seen.page.get_by_role("switch", name="Quiet in this meeting")
        assert quiet.is_checked()
        is_accessible(seen)
        quiet.click()
        until(lambda: device.ordered == [("sound", True)])
        device.stands["in_meeting"] = False
        device.tell()
        seen.waits_for("#sitting", "Reminders: may sound.")
        assert not quiet.is_checked()
        quiet.focus()
        seen.page.keyboard.press("Space")
        until(lambda: len(device.ordered) == 2)
        device.stands["muted_until"] = 2500.0
        device.tell()
        seen.waits_for("#mute-says", "No sound until 15:40.")
        assert quiet.is_checked()
        device.stands = {}
        device.tell()
        seen.page.locator("#meeting").wait_for(state="hidden")
    order, how = device.ordered[1]
    assert order == "mute"
    assert 2340 <= how["for_s"] <= 2400


@pytest.mark.parametrize(
    ("till", "least", "most"), [("2026-11-29T15:00:30+01:00", 60, 60), ("2026-12-01T15:00:00+01:00", 43200, 43200)]
)
def test_a_meeting_longer_or_shorter_than_a_mute_may_be_is_muted_as_far_as_one_lasts(
    browser: Browser, tmp_path: Path, till: str, least: int, most: int
) -> None:
    context = browser.new_context(viewport=PHONE, locale="en-GB")
    window = Window(context)
    with planned(tmp_path) as (device, address):
        device.stands = {**MEETING, "meeting_till": till, "in_meeting": False}
        opened_day(window, address)
        window.page.get_by_role("switch", name="Quiet in this meeting").click()
        until(lambda: bool(device.ordered))
        window.page.goto("about:blank")
    assert least <= device.ordered[0][1]["for_s"] <= most
    context.close()
    assert not window.complaints


def test_an_order_that_is_refused_leaves_the_switch_as_it_was(seen: Window, tmp_path: Path) -> None:
    with planned(tmp_path) as (device, address):
        device.stands, device.refuses = dict(MEETING), "it is asleep"
        opened_day(seen, address)
        seen.page.get_by_role("switch", name="Quiet in this meeting").click()
        seen.waits_for("#order-says", "it is asleep")
        seen.page.wait_for_function("() => document.getElementById('meeting-quiet').checked")
        seen.complaints[:] = [each for each in seen.complaints if "409" not in each]


def test_outside_of_the_hours_the_page_says_till_when_nothing_is_said(seen: Window, tmp_path: Path) -> None:
    with planned(tmp_path, *HOURS) as (device, address):
        device.stands = {"off_hours": True, "plan": "", "meeting_till": None, "in_meeting": False}
        opened_day(seen, address)
        seen.waits_for("#week-says", "Outside of your hours: nothing is said till Mon 09:00.")
        seen.waits_for("#sitting", "Reminders: none outside of your hours.")
        seen.waits_for("#mute-says", "There is no sound outside of your hours.")
        assert not seen.page.is_visible("#mutes")
        is_accessible(seen)


def test_the_plan_in_force_is_named_with_its_days_and_hours(seen: Window, tmp_path: Path) -> None:
    with planned(tmp_path, PLANS) as (device, address):
        device.stands = {"off_hours": False, "plan": "morning", "meeting_till": None, "in_meeting": False}
        opened_day(seen, address)
        seen.waits_for("#week-says", dashed("Plan in force: morning (Mon--Wed, Fri 08:00--12:00)."))
        is_accessible(seen)


def test_at_a_bound_the_server_is_asked_again_until_it_agrees_with_the_device(seen: Window, tmp_path: Path) -> None:
    early = json.dumps({"hours_begin": None, "plans": [], "calendars": None})
    with planned(tmp_path, *HOURS) as (device, address):
        seen.page.route("**/week.json", lambda route: route.fulfill(body=early, content_type="application/json"))
        device.stands = {"off_hours": True, "plan": ""}
        opened_day(seen, address)
        seen.waits_for("#week-says", "Outside of your hours: nothing is said.")
        seen.page.unroute("**/week.json")
        seen.waits_for("#week-says", "till Mon 09:00.")


def test_in_german_meetings_hours_and_plans_are_german(browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context(viewport=PHONE, locale="de-DE")
    window = Window(context)
    with planned(tmp_path, PLANS, *HOURS, "screens.language=de") as (device, address):
        device.stands = {**MEETING, "plan": "morning"}
        opened_day(window, address)
        window.waits_for("#meeting-says", "In einer Besprechung bis 15:40.")
        window.waits_for("#week-says", dashed("Es gilt der Plan morning (Mo--Mi, Fr 08:00--12:00)."))
        window.page.get_by_role("switch", name="Still in dieser Besprechung").wait_for()
        device.stands["off_hours"] = True
        device.tell()
        window.waits_for("#week-says", "Außerhalb deiner Zeiten: nichts wird gesagt bis Mo 09:00.")
        opened(window, address)
        row(window, "thu").get_by_role("button", name="Zeiten dazu").click()
        assert row(window, "thu").locator("h4").inner_text() == "Donnerstag"
        window.waits_for("#plan-list", "gilt jetzt")
        window.page.goto("about:blank")
    context.close()
    assert not window.complaints


def test_without_any_of_it_the_page_shows_none_of_it(seen: Window, tmp_path: Path) -> None:
    with planned(tmp_path) as (_, address):
        opened_day(seen, address)
        seen.waits_for("#sitting", "Reminders: may sound.")
        assert not seen.page.is_visible("#meeting")
        assert not seen.page.is_visible("#week-says")


# ---- at a real desk, through all of it


def test_at_the_desk_a_meeting_from_the_feed_is_quiet_and_the_switch_puts_the_sound_back_and_off_again(
    seen: Window, tmp_path: Path
) -> None:
    always = 'plan=[{name = "all week", limits.preset = "hourly"}]'
    settings = settings_of(f'journal.file="{tmp_path / "journal.db"}"', 'meetings.calendar=["work"]', always)
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    file, end = spans_file(settings), now + timedelta(minutes=30)
    file.parent.mkdir()
    write_spans(file, Spans(now, ((now - timedelta(minutes=10), end),)))
    with Rig(tmp_path, settings).running() as rig:
        opened_day(seen, rig.address)
        seen.waits_for("#meeting-says", f"In a meeting till {end.astimezone():%H:%M}.")
        seen.waits_for("#week-says", "Plan in force: all week (always).")
        quiet = seen.page.get_by_role("switch", name="Quiet in this meeting")
        assert quiet.is_checked()
        quiet.click()
        seen.waits_for("#sitting", "Reminders: may sound.")
        assert not quiet.is_checked()
        quiet.click()
        seen.waits_for("#sitting", "Reminders: muted till")
        assert quiet.is_checked()
        quiet.click()
        seen.waits_for("#sitting", "Reminders: may sound.")
        opened(seen, rig.address)
        seen.waits_for("#plan-list", "in force now")
        seen.page.goto(rig.address)
        seen.waits_for("#facts", "In a meeting for")
        seen.waits_for("#facts", "Sound is back on in this meeting.")
        seen.waits_for("#facts", "The plan all week is in force.")
        seen.page.goto("about:blank")


def test_at_the_desk_hours_that_are_over_are_said_and_a_change_on_the_page_begins_them(
    seen: Window, tmp_path: Path
) -> None:
    now = datetime.now()
    yesterday = f"{now - timedelta(days=1):%a}".lower()
    with Rig(tmp_path, settings_of(f'hours.{yesterday}="09:00-09:01"')).running() as rig:
        opened_day(seen, rig.address)
        seen.waits_for("#week-says", "Outside of your hours: nothing is said till")
        opened(seen, rig.address)
        for nth in (0, 1):
            day = f"{now + timedelta(days=nth):%a}".lower()
            row(seen, day).get_by_role("button", name="Add hours").click()
            for field in (0, 1):
                row(seen, day).locator("input").nth(field).fill("00:00")
        seen.page.click("#save")
        seen.waits_for("#save-says", "2 changes are saved.")
        opened_day(seen, rig.address)
        seen.waits_for("#sitting", "Reminders: may sound.")
        assert not seen.page.is_visible("#week-says")
        seen.page.goto("about:blank")
