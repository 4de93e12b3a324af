"""`unsit office report`, as the person tries it who has been asked whether people get up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from device.__main__ import main
from device.office.store import OfficeStore
from device.teams.weeks import last_closed, week_name, weeks_to
from tests.mosquitto import Mosquitto
from tests.office.desks import a_day, collecting, days_in, office_at

TODAY = date.today()
WEEKS = weeks_to(last_closed(TODAY), 6)
SIZES = {"Attic": 4, "Hill": 6, "Harbour": 12}
REPORT = """
Harbour Street, {3} to {0}

All together, 10 to 19 desks
                      Seated a day    Longest bout a day      Due breaks taken
  {3}                 5 h 45*               1 h 20*                 65 %*
  {2}                 5 h 30*               1 h 15*                 65 %*
  {1}                 5 h 15*               1 h 10*                 65 %*
  {0}                    5 h*               1 h 05*                 65 %*
  change               30 min less           10 min less              the same

Harbour, 10 to 19 desks
                      Seated a day    Longest bout a day      Due breaks taken
  {3}                  5 h 45                1 h 20                  65 %
  {2}                  5 h 30                1 h 15                  65 %
  {1}                  5 h 15                1 h 10                  65 %
  {0}                     5 h                1 h 05                  65 %
  change               30 min less           10 min less              the same

Hill, 5 to 9 desks
                      Seated a day    Longest bout a day      Due breaks taken
  {3}                  5 h 45                1 h 20                  65 %
  {2}                  5 h 30                1 h 15                  65 %
  {1}                  5 h 15                1 h 10                  65 %
  {0}                     5 h                1 h 05                  65 %
  change               30 min less           10 min less              the same

* without the teams that aren't shown

Too few to be shown: Attic

"""


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office of three teams, over six weeks in which everybody sits less and less."""
    with closing(OfficeStore(f"sqlite:///{tmp_path}/office.db")) as store:
        store.lay_out()
        for team, size in SIZES.items():
            for nth in range(size):
                store.enrol(f"desk-{team}{nth}", team, WEEKS[0])
        for nth, monday in enumerate(WEEKS):
            for day in range(5):
                store.add([_a_row(desk, monday + timedelta(day), nth) for desk in _desks()], [])
    return written(tmp_path, 'name = "Harbour Street"\n')


def written(folder: Path, says: str) -> Path:
    file = folder / "office.toml"
    file.write_text(f'{says}[broker]\nhost = "broker.example"\n', "utf-8")
    return file


def _desks() -> Iterator[str]:
    yield from (f"desk-{team}{nth}" for team, size in SIZES.items() for nth in range(size))


def _a_row(desk: str, day: date, nth: int) -> dict[str, object]:
    seated = 375 - 15 * nth + (200 if "Attic" in desk else 0)
    figures = {"seated_min": seated, "longest_min": 90 - 5 * nth, "bouts": 5, "breaks": 4, "dues": 3, "taken": 2}
    return {"desk": desk, "day": day, **figures, "in_time": 1, "came": datetime(2026, 12, 1)}


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["office", "report", *arguments]) == 0
    return capsys.readouterr().out


def test_the_report_has_the_last_four_closed_weeks(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = asked(capsys, "--office", str(office))
    names = [week_name(each) for each in reversed(WEEKS)]
    assert said.startswith(REPORT.format(*names).removeprefix("\n"))
    assert max(map(len, said.splitlines())) <= 80
    assert "desk-" not in said


def test_more_weeks_go_back_to_the_first_with_anything(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = asked(capsys, "--office", str(office), "--weeks", "52")
    assert re.findall(r"^  (\S+-W\d\d)", said, re.MULTILINE)[:6] == [week_name(each) for each in WEEKS]


def test_asked_again_after_somebody_is_gone_it_says_the_same(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = asked(capsys, "--office", str(office))
    with closing(OfficeStore(f"sqlite:///{office.parent}/office.db")) as store:
        for nth in range(5):
            store.delete_desk(f"desk-Hill{nth}")
        store.enrol("desk-Harbour0", "Attic", WEEKS[0])
    assert asked(capsys, "--office", str(office)) == before


def test_what_was_collected_from_a_broker_is_in_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mosquitto = Mosquitto(tmp_path / "broker").start()
    try:
        office = office_at(tmp_path, mosquitto, f"sqlite:///{tmp_path}/office.db")
        desks = [f"d{nth}" for nth in range(5)]
        with collecting(office, mosquitto, office.database_url, []) as both:
            with closing(OfficeStore(office.database_url)) as store:
                for desk in desks:
                    store.enrol(desk, "Hill", WEEKS[-1])
            for desk in desks:
                both.desks.send(desk, "days", [a_day(WEEKS[-1] + timedelta(nth)) for nth in range(5)])
            both.until(lambda: len(days_in(office.database_url)) == 25)
    finally:
        mosquitto.stop()
    said = asked(capsys, "--office", str(office.file))
    assert "Hill, 5 to 9 desks" in said
    assert f"  {week_name(WEEKS[-1])}                     5 h                   1 h                  80 %" in said


def test_an_office_that_has_nothing_yet_says_when_there_will_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = asked(capsys, "--office", str(written(tmp_path, "")))
    assert "nothing to show yet" in said
    assert said.startswith("The office\n\n"), "no weeks stand above nothing"


def test_the_page_is_one_file_without_scripts_and_in_the_office_s_language(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = office.parent / "report.html"
    written(office.parent, 'name = "Hafen & Söhne"\nlanguage = "de"\n')
    assert str(page) in asked(capsys, "--office", str(office), "--page", str(page))
    text = page.read_text("utf-8")
    assert '<html lang="de">' in text
    assert "<h1>Hafen &amp; Söhne</h1>" in text
    assert "Alle zusammen" in text
    assert not re.search(r"<script|<link|<img|https?:|url\(|@import| on\w+=", text)
    assert "desk-" not in text


def test_a_report_deletes_what_is_too_old(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(office.parent, "keep_weeks = 3\n")
    asked(capsys, "--office", str(office))
    with closing(OfficeStore(f"sqlite:///{office.parent}/office.db")) as store:
        first = min(row.day for row in store.days(WEEKS[0], TODAY))
        assert (TODAY - first).days < 4 * 7
        assert store.told(WEEKS[0]) is not None


@pytest.mark.parametrize("desk", ["--desk", "--team", "--day", "--since"])
def test_there_is_no_filter_with_which_to_look_for_somebody(
    office: Path, desk: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["office", "report", "--office", str(office), desk, "desk-Hill0"])
    assert "unrecognized arguments" in capsys.readouterr().err


def test_the_number_of_weeks_and_the_file_are_complained_of(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["office", "report", "--office", str(office), "--weeks", "0"])
    assert "allowed: a whole number from 1 to 52" in capsys.readouterr().err
    assert main(["office", "report", "--office", str(office), "--page", f"{office.parent}/no/folder.html"]) == 74
    assert main(["office", "report", "--office", f"{office.parent}/none.toml"]) == 78
