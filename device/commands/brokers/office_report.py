"""`unsit office report`: how the teams of an office sit, by week."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from device.commands.asking import Commands, command, say, whole_number
from device.commands.brokers.office_asking import office_of, store_of, takes_office
from device.commands.writing import written

if TYPE_CHECKING:
    from device.office.office_file import Office
    from device.teams.report import OfficeReport

_USUAL_WEEKS = 4


def offer_below(commands: Commands) -> None:
    """Add the command."""
    asks = command(commands, "report", _report, "show how teams sit, by week, and nothing about any person")
    takes_office(asks, also_before=True)
    asks.add_argument("--weeks", type=whole_number(1, 52), default=_USUAL_WEEKS, metavar="N",
                      help=f"the last closed weeks, 1 to 52; without it {_USUAL_WEEKS}")  # fmt: skip
    asks.add_argument("--page", type=Path, metavar="FILE", help="write it as a page, for a browser or a printer")


def _report(asked: argparse.Namespace) -> int:
    from device.reports.report_page import report_page
    from device.reports.report_text import report_text
    from device.reports.report_words import LANGUAGES

    office = office_of(asked)
    told = _told(office, asked.weeks, date.today())
    if asked.page is None:
        print("\n".join(report_text(told, office.name)))
        return 0
    with written(asked.page) as draft:
        draft.write_text(report_page(told, office.name, LANGUAGES[office.language]), "utf-8")
    say(f"The report is in {asked.page}; open it in a browser.")
    return 0


def _told(office: Office, weeks: int, today: date) -> OfficeReport:
    """What is too old is deleted first."""
    with store_of(office) as store:
        from device.office.told_weeks import keep_up, told_week
        from device.teams.report import report
        from device.teams.weeks import last_closed, weeks_to

        keep_up(store, office.keep_weeks, today)
        return report([told_week(store, monday, today) for monday in weeks_to(last_closed(today), weeks)])
