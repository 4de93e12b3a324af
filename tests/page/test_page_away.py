"""What can be taken away from the page: days, the journal while it is written, a report without anything private."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path

import pytest

from device.__main__ import main
from device.commands.page import page_beside
from device.history.day_file import DayRow, RecordedDay, read_day
from device.page.taking_away import report_of
from device.settings.settings import JournalSettings, PageSettings
from device.settings.settings_file import lines_of
from tests.made_month import SETTINGS, month
from tests.rig import Browser, Window, ask
from tests.world import World

__all__ = ["month"]

TODAY = datetime.now().astimezone().date()
SPAN = f"first={TODAY - timedelta(days=9)}&last={TODAY}"


@pytest.fixture(scope="module")
def written(month: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The journal of a month that ends now, open for writing by somebody who sits."""
    folder = tmp_path_factory.mktemp("written")
    shutil.copy(month, folder)
    world = World(folder, SETTINGS, datetime.now().astimezone())
    world.sit(minutes=1)
    yield folder / "journal.db"
    world.stop()


@pytest.fixture(scope="module")
def address(written: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    hosts = ("secret.example",)
    settings = replace(SETTINGS, journal=JournalSettings(file=str(written)), page=PageSettings(port=0, hosts=hosts))
    with page_beside(settings, tmp_path_factory.mktemp("nobody") / "line") as address:
        yield address


def taken(address: str, what: str) -> str:
    status, content = ask(address, "GET", f"/download/{what}")
    assert status == 200, content
    return content


def test_the_days_are_those_of_the_history(address: str, written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    since = f"{TODAY - timedelta(days=9)}"
    assert main(["history", "--since", since, "--csv", "--set", f"journal.file={written}"]) == 0
    told = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    rows = list(csv.DictReader(io.StringIO(taken(address, f"days.csv?{SPAN}"), newline="")))
    assert rows == told
    assert len(rows) > 4
    days = json.loads(taken(address, f"days.json?{SPAN}"))
    assert [each["day"] for each in days] == [each["day"] for each in rows]
    assert json.loads(taken(address, f"days.json?first={TODAY}&last=2020-01-01")) == [], "nothing is noted of it"


def test_the_journal_is_whole_and_alone_although_it_is_being_written(
    address: str, written: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    host, port = address.removeprefix("http://").rstrip("/").split(":")
    with closing(HTTPConnection(host, int(port), timeout=20)) as connection:
        connection.request("GET", "/download/journal.db")
        answer = connection.getresponse()
        assert answer.headers["content-disposition"] == f'attachment; filename="unsit-journal-{TODAY}.db"'
        copy = tmp_path / "copy.db"
        copy.write_bytes(answer.read())
    # Only its owner may write there, so it can be read alone.
    with closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro&immutable=1", uri=True)) as there:
        assert there.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert there.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    said = []
    for file in (written, copy):
        assert main(["history", "--month", "--csv", "--set", f"journal.file={file}"]) == 0
        said.append(capsys.readouterr().out)
    assert said[0] == said[1]


def test_a_report_plays_and_has_nothing_private(address: str, tmp_path: Path, written: Path) -> None:
    day = TODAY - timedelta(days=1)
    while day.weekday() >= 5:
        day -= timedelta(days=1)
    text = taken(address, f"report?last={day}")
    assert "# page.hosts: left out" in text
    assert "# journal.file: left out" in text
    for private in ("secret.example", str(written), str(written.parent)):
        assert private not in text
    file = tmp_path / "report.csv"
    file.write_text(text, "utf-8")
    assert len(read_day(file).rows) > 10


def test_a_report_names_what_was_changed_and_keeps_quiet_about_what_it_does_not_know() -> None:
    changed = [*lines_of(SETTINGS), 'panel.driver="ssd1309"', 'tomorrow.secret="mine"', "no line at all"]
    lines = report_of(date(2026, 3, 2), RecordedDay((), 1.0), changed).splitlines()
    remarks = [line for line in lines if line.startswith("#")]
    assert '# panel.driver="ssd1309"' in remarks
    assert "# tomorrow.secret: left out" in remarks
    assert not any("mine" in line for line in lines)
    assert lines[len(remarks)] == "t,input,value"


def test_a_report_has_no_folder_in_the_day_either() -> None:
    told = ('stretches.folder="/home/ada/mine"', "stretches.minutes=5", 'tomorrow.secret="ada"', 'stretches.folder=""')
    rows = tuple(DayRow(float(at), "setting", line) for at, line in enumerate(told))
    report = report_of(date(2026, 3, 2), RecordedDay(rows, 9.0), lines_of(SETTINGS))
    assert "ada" not in report
    assert "1.000,setting,stretches.minutes=5" in report.splitlines()


@pytest.mark.parametrize(
    ("what", "status"),
    [("days.xls", 404), ("../day", 404), ("days.csv?last=soon", 400), ("report?last=1999-03-02", 400),
     ("report?last=2020-03-02", 409)],
)  # fmt: skip
def test_what_can_not_be_taken_away_is_told_in_a_line(address: str, what: str, status: int) -> None:
    answer, said = ask(address, "GET", f"/download/{what}")
    assert answer == status
    assert len(said.splitlines()) == 1


def test_on_the_page_a_report_is_read_before_it_is_saved(browser: Browser, address: str, tmp_path: Path) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, accept_downloads=True)
    window = Window(context)
    page = window.page
    page.goto(f"{address}day")
    page.wait_for_function("() => document.getElementById('away-last').value")
    with page.expect_download() as days:
        page.click("#away-csv")
    window.waits_for("#away-says", f"unsit-{TODAY - timedelta(days=30)}-to-{TODAY}.csv is saved.")
    assert (days.value.path()).read_text().startswith("day,")
    page.get_by_text("Report a fault").click()
    page.fill("#report-day", f"{TODAY}")
    page.click("#report-show")
    page.locator("#report-text").wait_for()
    shown = page.locator("#report-text").inner_text()
    with page.expect_download() as report:
        page.click("#report-save")
    saved = tmp_path / report.value.suggested_filename
    report.value.save_as(saved)
    assert saved.name == f"unsit-report-{TODAY}.csv"
    assert saved.read_text() == shown
    page.fill("#report-day", "2021-03-02")
    page.locator("#report-day").dispatch_event("change")
    window.waits_for("#away-says", "Of 2021-03-02 nothing is kept that could be played")
    assert not page.is_visible("#report")
    assert all("409" in each for each in window.complaints), window.complaints
    context.close()
