"""The day page in a real browser: what is going on, the days and weeks."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from device.__main__ import main
from device.commands.page import page_beside
from device.settings.settings import JournalSettings, PageSettings, Screens, SeatSettings
from device.words.durations import span_text
from device.words.events import Level
from tests.made_month import SETTINGS, month
from tests.rig import Browser, Rig, Window, rig, window
from tests.sight import to_due
from tests.world import World

__all__ = ["month", "rig", "window"]


def test_the_days_of_a_made_month_are_those_of_the_history(
    window: Window, month: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = replace(SETTINGS, journal=JournalSettings(file=str(month)), page=PageSettings(port=0))
    assert main(["history", "--month", "--json", "--set", f"journal.file={month}"]) == 0
    days = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(days) > 15
    with page_beside(settings, tmp_path / "nobody") as address:
        page = window.page
        page.goto(f"{address}day")
        page.locator(".week-day .seated").first.wait_for()
        window.waits_for("#state", "The device doesn't answer")
        shown = page.locator("#table tbody tr").all_text_contents()
        today = datetime.now().astimezone().date()
        week = [day for day in days if day["day"] > f"{today - timedelta(days=7)}"]
        assert len(shown) == len(week)
        for row, day in zip(shown, week, strict=True):
            assert day["day"] in row
            assert span_text(day["seated_s"]) in row
        told = page.evaluate("() => fetch('/days.json').then((answer) => answer.json())")
        gaps = [gap for day in told["days"] for gap in day["gaps"]]
        for part, full in (("rest", True), ("away", False)):
            assert page.locator(f".week-day .{part}").count() == sum(gap[2] is full for gap in gaps) > 0
        page.set_viewport_size({"width": 390, "height": 844})
        page.wait_for_function("""() => {
          const breaks = [...document.querySelectorAll(".week-day .rest")];
          const least = Math.min(...breaks.map((each) => each.getBoundingClientRect().width));
          return document.getElementById("week").clientWidth < 390 && Math.abs(least - 3) < 0.1;
        }""")
        dues = sum(day["due"] for day in week)
        assert page.locator(".week-day path.due").count() == dues
        done = sum(sum(day["areas"].values()) for day in week)
        counts = page.locator("#areas > span:nth-child(3n)").all_text_contents()
        assert sum(map(int, counts)) == done
        chosen = week[0]["day"]
        page.click(f".week-day a[href$='day={chosen}']")
        window.waits_for("#day-heading", f"{date.fromisoformat(chosen):%A, %-d %B %Y}")
        breaks = page.locator("#figures div:has(dt:text-is('Breaks')) dd").inner_text().split("\n")
        assert breaks == [f"{week[0]['breaks']}", f"{week[0]['full_breaks']} of them full"]
        page.close()


def test_other_weeks_come_without_loading_the_page_anew(window: Window, month: Path, tmp_path: Path) -> None:
    settings = replace(SETTINGS, journal=JournalSettings(file=str(month)), page=PageSettings(port=0))
    today = datetime.now().astimezone().date()
    with page_beside(settings, tmp_path / "nobody") as address:
        page = window.page
        page.goto(f"{address}day")
        page.locator(".week-day .seated").first.wait_for()
        page.locator("#areas > *").first.wait_for()
        page.evaluate("window.same = true")
        page.locator("#week-card").scroll_into_view_if_needed()
        high = page.evaluate("scrollY")
        page.locator(".week-day a").first.focus()
        page.keyboard.press("Enter")
        first = today - timedelta(days=6)
        window.waits_for("#day-heading", f"{first:%A, %-d %B %Y}")
        page.wait_for_function("() => document.activeElement.matches('.week-day:first-child a[aria-current=date]')")
        page.click("#earlier")
        before = first - timedelta(days=1)
        sunday = before + timedelta(days=6 - before.weekday())
        window.waits_for("#areas-heading", f"to {sunday:%-d %b %Y}".replace("Sep ", "Sept "))
        page.locator(".week-day .seated").first.wait_for()
        assert page.evaluate("document.activeElement.id") == "earlier"
        page.click("#later")
        window.waits_for("#week-heading", "The last seven days")
        window.waits_for("#areas-heading", "in the last seven days")
        page.wait_for_function("() => document.activeElement.id === 'earlier'")
        page.go_back()
        window.waits_for("#week-heading", " to ")
        page.go_back()
        window.waits_for("#day-heading", f"{first:%A, %-d %B %Y}")
        assert page.evaluate("window.same") is True
        assert page.evaluate("scrollY") == high
        for _ in range(6):
            heading = window.text("#week-heading")
            page.click("#earlier")
            page.wait_for_function("(was) => document.getElementById('week-heading').textContent !== was", arg=heading)
        assert page.locator(".week-day", has_text="nobody sat").count() == 7
        assert page.locator("#week svg:visible, #legend:visible").count() == 0
        with page.context.expect_page() as opened:
            page.click("#later", modifiers=["Control"])
        opened.value.locator(".week-day").first.wait_for()
        assert window.text("#week-heading") != opened.value.locator("#week-heading").inner_text()
        opened.value.close()
        page.close()


@pytest.mark.parametrize("wide", [390, 1280])
def test_days_away_say_so_with_their_hours_and_without(
    window: Window, tmp_path: Path, capsys: pytest.CaptureFixture[str], wide: int
) -> None:
    today = datetime.now().astimezone().replace(hour=9, minute=0)
    world = World(tmp_path, SETTINGS, today - timedelta(days=5))
    world.sit(hours=1)
    world.rise(hours=7)
    world.choose("away", f"{today - timedelta(days=1):%Y-%m-%d}")
    world.wait(hours=40)
    world.sit(hours=3)
    world.rise(hours=1)
    world.stop()
    sat, empty = (f"{today - timedelta(days=days):%Y-%m-%d}" for days in (3, 2))
    settings = replace(SETTINGS, journal=JournalSettings(file=str(world.file)), page=PageSettings(port=0))
    with page_beside(settings, tmp_path / "nobody") as address:
        page = window.page
        page.set_viewport_size({"width": wide, "height": 844})
        page.goto(f"{address}day?day={empty}")
        window.waits_for("#day-strip", "Away.")
        rows = page.locator(".week-day").all_inner_texts()[:7]
        assert ["away" in row for row in rows] == [False, False, True, True, True, False, False]
        assert "3 h 00" in rows[3]
        page.click(f".week-day a[href$='day={sat}']")
        window.waits_for("#figures", "the streak passes over this day")
        assert page.evaluate("document.documentElement.scrollWidth") <= wide
        told = page.evaluate("() => fetch('/days.json').then((answer) => answer.json())")
        page.close()
    assert told["aways"] == [[f"{today - timedelta(days=4):%Y-%m-%d}", empty]]
    assert main(["history", "--json", "--set", f"journal.file={world.file}"]) == 0
    days = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [day["day"] for day in days if day.get("away")] == [sat]
    assert [day["streak"] for day in days] == [day["streak"] for day in told["days"]]


def test_an_address_by_which_a_day_can_not_be_shown_shows_no_other_as_empty(rig: Rig, window: Window) -> None:
    page = window.page
    to_due(window, rig)
    week = f"last={datetime.now().astimezone():%Y-%m-%d}"
    for day in ("2020-01-01", "2026-13-99", "x"):
        page.goto(f"{rig.address}day?{week}&day={day}")
        window.waits_for("#day-heading", "Today")
        page.locator("#day-strip .seated").first.wait_for()
    page.goto(f"{rig.address}day?last=x")
    window.waits_for("#day-strip", "There is no such week: last: write it as 2026-03-02. Today")
    assert page.locator("#week-card, #areas").locator("visible=true").count() == 0
    page.click("#day-strip a")
    page.locator("#day-strip .seated").first.wait_for()
    page.locator("#week-card .week-day").first.wait_for()
    window.complaints.clear()


def test_a_week_is_named_as_its_language_writes_dates(browser: Browser, tmp_path: Path) -> None:
    for language, says in (("en", "14 to 20 Nov 2026"), ("de", "14. bis 20. Nov. 2026")):
        settings = replace(SETTINGS, page=PageSettings(port=0), screens=Screens(language=language))
        context = browser.new_context()
        window = Window(context)
        with page_beside(settings, tmp_path / "nobody") as address:
            window.page.goto(f"{address}day?last=2026-11-20")
            window.waits_for("#week-heading", says)
        context.close()


def test_before_the_first_day_it_says_how_to_begin(rig: Rig, window: Window) -> None:
    page = window.page
    page.goto(f"{rig.address}day")
    window.waits_for("#day-strip", "Nobody has sat yet. Sit down, and it appears here.")
    assert page.locator(".strip:visible").count() == 0
    page.click("#to-desk")
    window.waits_for("#state b", "Watching")
    page.click("#sit")
    window.waits_for("#facts", "Somebody sits down.")
    page.goto(f"{rig.address}day")
    page.locator("#day-strip .seated").wait_for()


def test_the_day_is_asked_for_once_a_minute(rig: Rig, window: Window) -> None:
    page = window.page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "days.json" in request.url else None)
    page.clock.install()
    page.goto(f"{rig.address}day")
    window.waits_for("#state", "Watching")
    page.clock.run_for(5_000)
    began = len(asked)
    for _ in range(10):
        page.clock.run_for(30_000)
    assert 1 <= began <= 2
    assert len(asked) - began == 5


def test_today_goes_on_up_to_now(rig: Rig, window: Window) -> None:
    page = window.page
    to_due(window, rig)
    page.goto(f"{rig.address}day")
    page.locator("#day-strip .seated").first.wait_for()
    window.waits_for("#state", "Due: it is time for a break.")
    window.waits_for("#figures", "30 min")
    assert page.locator("#day-strip .due").count() == 1


def test_a_bout_that_was_not_me_is_taken_out_once_i_have_said_so_twice(window: Window, tmp_path: Path) -> None:
    midnight = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    world = World(tmp_path, SETTINGS, midnight - timedelta(hours=16))
    for _ in range(2):
        world.sit(minutes=40)
        world.rise(minutes=10)
    world.stop()
    settings = replace(SETTINGS, journal=JournalSettings(file=str(world.file)), page=PageSettings(port=0))
    with page_beside(settings, tmp_path / "nobody") as address:
        page = window.page
        page.goto(f"{address}day?day={midnight - timedelta(days=1):%Y-%m-%d}")
        window.waits_for("#figures", "1 h 20")
        page.click("#not-me summary")
        row = page.locator("#bouts li", has_text="08:50 to 09:30")
        row.locator("button", has_text="This was not me").click()
        row.locator("button", has_text="No").click()
        assert page.locator("#bouts li").count() == 3
        row.locator("button", has_text="This was not me").click()
        assert "for good?" in row.inner_text()
        row.locator("button", has_text="Yes, delete it").click()
        window.waits_for("#not-me-says", "It is deleted.")
        window.waits_for("#figures", "40 min")
        window.waits_for("#taken-out", "1 bout that was not you is left out of all figures.")
        assert page.locator("#bouts li").count() == 2
        page.locator("#bouts button").last.click()
        page.locator("#bouts button", has_text="Yes").click()
        window.waits_for("#day-strip", "Nothing was noted.")
        window.waits_for("#not-me-says", "It is deleted.")
        # There is nothing left to take out.
        page.wait_for_function("() => !document.querySelector('#bouts li')")
        page.close()


def test_where_the_journal_is_only_read_the_words_that_take_a_bout_out_are_shown(rig: Rig, window: Window) -> None:
    page = window.page
    to_due(window, rig)
    bouts = [{"since": "08:50", "until": "09:30", "at": "2026-03-02T08:50:00.000+01:00"}]
    page.route("**/bouts.json*", lambda route: route.fulfill(json={"bouts": bouts, "may_forget": False}))
    page.goto(f"{rig.address}day")
    page.locator("#not-me summary").click()
    window.waits_for("#not-me-how", "From here the journal can only be read.")
    window.waits_for("#bouts code", "sudo unsit forget --bout 2026-03-02T08:50:00.000+01:00")
    assert page.locator("#bouts button").count() == 0


def test_what_the_running_device_has_told_of_a_bout_does_not_bring_it_back(rig: Rig, window: Window) -> None:
    page = window.page
    page.goto(rig.address)
    page.click("#sit")
    page.click("[data-speed='60']")
    window.waits_for("#facts", "Somebody sits down.")
    page.click("#chair")
    page.locator("#facts .full_break").wait_for()
    page.click("#sit")
    page.locator("#facts .sat").nth(1).wait_for()
    page.goto(f"{rig.address}day")
    page.locator("#day-strip .seated").nth(1).wait_for()
    page.locator("#not-me summary").click()
    page.locator("#bouts li", has_text=" to ").locator("button").click()
    page.locator("#bouts button", has_text="Yes").click()
    window.waits_for("#taken-out", "1 bout")
    page.wait_for_function("() => document.querySelectorAll('#day-strip .seated').length === 1")


def test_a_day_on_which_nobody_sat_takes_no_room_for_what_is_not_there(rig: Rig, window: Window) -> None:
    page = window.page
    page.goto(f"{rig.address}day")
    window.waits_for("#day-strip", "Nobody has sat yet.")
    box = page.locator("section[aria-labelledby=day-heading]").bounding_box()
    assert box
    assert box["height"] < 130


def test_a_journal_that_cannot_be_read_is_said_and_not_an_empty_week(window: Window, tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    file.write_bytes(b"this is no journal" * 100)
    settings = replace(SETTINGS, journal=JournalSettings(file=str(file)), page=PageSettings(port=0))
    with page_beside(settings, tmp_path / "nobody") as address:
        window.page.goto(f"{address}day")
        window.waits_for("#trouble", str(file))
        window.page.close()


def test_an_address_that_leads_nowhere_says_so_and_where_to_go(rig: Rig, window: Window) -> None:
    page = window.page
    page.goto(f"{rig.address}nowhere")
    window.waits_for("main", "Nothing is called /nowhere.")
    page.click("main a")
    window.waits_for("#state", "Watching")
    # Whoever asks for no page is told in a line.
    assert rig.ask("GET", "/nowhere") == (404, "there is nothing here\n")
    window.complaints.clear()


def test_doubtful_time_is_hatched_and_a_figure_and_breaks_are_in_time_or_late(window: Window, tmp_path: Path) -> None:
    midnight = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    world = World(tmp_path, SETTINGS, midnight - timedelta(hours=18))
    world.sit(hours=1, minutes=5)
    world.rise(minutes=10)
    world.sit(hours=5)
    world.rise(minutes=10)
    world.stop()
    settings = replace(SETTINGS, journal=JournalSettings(file=str(world.file)), page=PageSettings(port=0))
    with page_beside(settings, tmp_path / "nobody") as address:
        page = window.page
        page.goto(f"{address}day?day={midnight - timedelta(days=1):%Y-%m-%d}")
        page.locator("#day-strip .doubtful").wait_for()
        figures = page.locator("#figures").inner_text().replace("\n", " ")
        assert "Doubtful 5 h 00" in figures
        assert "2 1 in time, 1 late, 0 not taken" in figures
        assert "perhaps a bag, or the seat" in page.locator("#legend").inner_text()
        cells = page.locator("#table tbody tr").last.locator("td").all_text_contents()
        assert cells[1] == "5 h 00"
        assert "5 h 00 of it doubtful" in (page.locator("#day-strip svg").get_attribute("aria-label") or "")
        page.close()


def test_a_day_on_an_analog_seat_shows_its_levels_below_the_strip_and_a_contact_shows_none(
    window: Window, tmp_path: Path
) -> None:
    midnight = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    analog = replace(SETTINGS, seat=SeatSettings(kind="mcp3008", empty=0.02, seated=0.3))
    world = World(tmp_path, analog, midnight - timedelta(hours=39))
    world.sit(hours=1)
    world.rise(hours=23)
    for level, minutes in ((0.02, 1), (0.31, 60), (0.21, 30), (0.02, 20)):
        world._hear(Level(world.now, level))
        (world.sit if level > 0.1 else world.rise)(minutes=minutes)
    world.stop()
    settings = replace(analog, journal=JournalSettings(file=str(world.file)), page=PageSettings(port=0))
    with page_beside(settings, tmp_path / "nobody") as address:
        page = window.page
        page.goto(f"{address}day?day={midnight - timedelta(days=1):%Y-%m-%d}")
        curve = page.locator("#levels svg")
        curve.wait_for()
        assert curve.get_attribute("aria-label") == "Level of the sensor: 0.02 to 0.31"
        below, above = (page.locator(each).bounding_box() for each in ("#levels svg", "#day-strip svg"))
        assert below is not None
        assert above is not None
        assert (below["x"], below["width"]) == (above["x"], above["width"]), "hour below hour"
        page.locator("#week a").nth(-3).click()
        page.locator("#day-strip .seated").wait_for()
        page.locator("#levels").wait_for(state="hidden")
        page.close()
