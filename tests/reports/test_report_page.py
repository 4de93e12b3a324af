"""The page of the report: what it shows, and that it can be read on a screen, on a phone and on paper."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe

from device.reports.report_page import report_page
from device.reports.report_text import report_text
from device.reports.report_words import ENGLISH, GERMAN, ReportWords
from device.teams.figures import FIGURES
from device.teams.report import OfficeReport, report
from device.teams.told_week import tell
from tests.rig import Browser
from tests.teams.offices import MONDAY, office

LONG = "Research, development and everything else beyond"


def made(weeks: int = 4, **sizes: int) -> OfficeReport:
    """A report of so many weeks, in the second of which the team Hill is too small."""
    told = []
    for nth in range(weeks):
        monday = MONDAY + timedelta(weeks=nth)
        own = sizes or {"Harbour": 12, "Hill": 4 if nth == 1 else 6, LONG: 5, "Attic": 2}
        days = office(own, monday=monday)
        told.append(tell(monday, [replace(day, seated_min=300 + 15 * nth + day.day.weekday()) for day in days]))
    return report(told)


OUTSIDE = "() => [...document.querySelectorAll('svg text')].filter(one => !inside(one)).map(one => one.textContent)"
INSIDE = """
    const inside = (text) => {
      const own = text.getBoundingClientRect(), picture = text.closest("svg").getBoundingClientRect();
      return own.left >= picture.left - 1 && own.right <= picture.right + 1 && own.top >= picture.top - 1;
    }
"""


@pytest.mark.parametrize(("says", "weeks"), [(ENGLISH, 4), (GERMAN, 12)], ids=["en", "de"])
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_it_fits_and_can_be_read_by_everybody(
    browser: Browser, tmp_path: Path, width: int, scheme: Literal["dark", "light"], says: ReportWords, weeks: int
) -> None:
    file = tmp_path / "report.html"
    file.write_text(report_page(made(weeks), "Harbour Street", says), "utf-8")
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    try:
        page = context.new_page()
        page.goto(file.as_uri())
        page.locator("summary").click()
        assert page.evaluate("document.documentElement.scrollWidth") == width
        page.add_script_tag(content=INSIDE)
        assert page.evaluate(OUTSIDE) == []
        assert [each["id"] for each in Axe().run(page).response["violations"]] == []
    finally:
        context.close()


def test_a_week_of_too_few_is_an_empty_outline_and_said_in_words() -> None:
    page = report_page(made(), "", ENGLISH)
    hill = page.split("<h2>Hill</h2>")[1].split("</section>")[0]
    assert hill.count('class="few"') == len(FIGURES)
    assert "2026-W48: too few" in hill
    assert page.count("Too few to be shown: Attic") == 1


def test_each_value_of_the_text_is_in_the_table_of_the_page() -> None:
    table = report_page(made(), "", ENGLISH).split("<table>")[1]
    cells = re.findall(r"<td>([^<]+)</td>", table)
    lines = [line for line in report_text(made(), "") if line.startswith("  2026")]
    told = [re.sub(r"\*", "", each) for line in lines for each in re.split(r"\s{2,}", line.strip())]
    assert cells == told


def test_bars_of_one_figure_can_be_compared_over_all_teams() -> None:
    page = report_page(made(), "", ENGLISH)
    drawn = set()
    for each in page.split('<figure class="seated_min">')[1:]:
        picture = each.split("</svg>")[0]
        drawn |= set(re.findall(r'height="([\d.]+)" rx="3"/><text [^>]*>(\d+:\d\d)<', picture))
    assert len(drawn) == len({value for _, value in drawn}) > 2
    assert max(drawn, key=lambda each: float(each[0])) == ("74.0", "5:45")


def test_with_many_weeks_only_the_first_and_the_last_are_named() -> None:
    page = report_page(made(weeks=12), "", ENGLISH)
    picture = page.split("<svg")[1].split("</svg>")[0]
    assert re.findall(r'class="week"[^>]*>(\w+)<', picture) == ["W47", "W05"]
    assert picture.count("<rect") == 12


def test_whoever_has_nothing_to_see_is_told_why() -> None:
    for told in (made(a=2), report([tell(MONDAY, [])])):
        page = report_page(told, "<b>", GERMAN)
        assert "Noch gibt es nichts zu zeigen" in page
        assert "&lt;b&gt;" in page
        assert "<svg" not in page
        assert ENGLISH.nothing in list(report_text(told, ""))
        assert not re.search(r"\d-W\d", page + "".join(report_text(told, ""))), "no week stands above nothing"


@pytest.mark.parametrize(("weeks", "span"), [(1, "2026-W47"), (3, "2026-W47 to 2026-W49")])
def test_the_weeks_stand_above_it_and_a_single_one_once(weeks: int, span: str) -> None:
    told = made(weeks=weeks, a=6)
    assert next(iter(report_text(told, "ACME"))) == f"ACME, {span}"
    page = report_page(told, "ACME", ENGLISH)
    assert f"<title>ACME, {span}</title>" in page
    assert f'<p class="weeks">How people sit, {span}</p>' in page


def test_both_languages_say_all() -> None:
    for name in ReportWords.__dataclass_fields__:
        own, other = getattr(ENGLISH, name), getattr(GERMAN, name)
        assert own
        assert other
        assert not isinstance(own, str) or own.count("{}") == other.count("{}")
    assert GERMAN.figures.keys() == ENGLISH.figures.keys() == {figure.name for figure in FIGURES}


@pytest.mark.parametrize(
    ("nth", "value", "said"),
    [(0, 60, "1 h or less"), (0, 600, "10 h or more"), (0, 315, "5 h 15"), (1, 55, "55 min"), (1, 180, "3 h or more"),
     (2, 10, "10 % or less"), (2, 90, "90 % or more"), (2, 50, "50 %")],
)  # fmt: skip
def test_figures_are_written_for_people(nth: int, value: int, said: str) -> None:
    assert ENGLISH.value(FIGURES[nth], value) == said


def test_changes_and_counts_are_written_for_people() -> None:
    assert ENGLISH.against_before(FIGURES[0], -75) == "1 h 15 less than in the weeks before"
    assert ENGLISH.against_before(FIGURES[0], 0) == "as in the weeks before"
    assert ENGLISH.trend(FIGURES[2], 5) == "5 points more"
    assert ENGLISH.count((5, 9)) == "5 to 9 desks"
    assert ENGLISH.count((1000, None)) == "1000 desks or more"
