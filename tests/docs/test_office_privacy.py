"""What docs/office-privacy.md promises is what the code does: its tables are compared, and its tests exist."""

from __future__ import annotations

import ast
import re
from dataclasses import fields
from pathlib import Path

from device.access.enrolling import Access
from device.office.office_file import DesksBroker, Office, OfficeBroker, load_office
from device.office.store import DAY, DESK, FACT, TABLES, TOLD
from device.office.told_weeks import TOLD_FOR
from device.reports.report_words import ENGLISH
from device.settings.settings_file import load_settings
from device.teams.figures import FIGURES
from device.teams.holding_back import FEWEST, roughly
from device.topics.day_message import DayMessage
from device.topics.names import COMMANDS
from tests.docs.recipe import PROJECT

TEXT = (PROJECT / "docs/office-privacy.md").read_text("utf-8")
FLAT = " ".join(TEXT.split())


def rows_below(head: str) -> list[list[str]]:
    """The rows of the table whose first line begins so."""
    table = TEXT.split(f"\n| {head} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def test_a_day_leaves_the_desk_with_these_fields_and_no_others() -> None:
    told = [row[0].strip("`") for row in rows_below("field")]
    assert told == ["id" if each.name == "day" else each.name for each in fields(DayMessage)]


def test_the_database_has_these_columns_and_no_others() -> None:
    told = {row[0].strip("`"): re.findall(r"`(\w+)`", row[1]) for row in rows_below("table")}
    for table in (DAY, FACT, DESK, TOLD):
        assert told[table.name][: len(table.columns)] == [column.name for column in table.columns], table.name
    # The number of the layout is about nobody.
    assert told.keys() == TABLES.tables.keys() - {"unsit"}


def test_days_are_kept_as_long_as_it_says() -> None:
    office = Office(Path("office.toml"), OfficeBroker("x"), DesksBroker())
    assert f"`keep_weeks`, {office.keep_weeks} unless changed" in FLAT
    assert f"{TOLD_FOR.days // 7} weeks longer than days" in FLAT


def test_the_office_s_connection_is_encrypted_unless_said_otherwise() -> None:
    assert OfficeBroker("x").tls == "yes"


def test_figures_are_as_coarse_as_it_says() -> None:
    for figure, (name, _, step, ends) in zip(FIGURES, rows_below("figure"), strict=True):
        assert name == ENGLISH.figures[figure.name].lower()
        assert step == f"{figure.step} {'%' if figure.high < 100 else 'min'}"
        assert ends == f"{ENGLISH.value(figure, figure.low)}, {ENGLISH.value(figure, figure.high)}"
    assert [figure.most for figure in FIGURES[:2]] == [12 * 60, 4 * 60]


def test_five_is_five() -> None:
    assert FEWEST == 5
    assert [roughly(count) for count in (5, 10, 20)] == [(5, 9), (10, 19), (20, 49)]
    assert "(5 to 9, 10 to 19, 20 to 49 and so on)" in FLAT


def test_rounding_hides_as_much_of_one_who_joins_five_as_it_says() -> None:
    # Six times one mean less five times the other, each wrong by half a step.
    assert (6 + 5) * FIGURES[0].step // 2 == 82
    assert "up to 82 minutes a day either way" in FLAT


def test_a_desk_can_be_told_these_and_no_others() -> None:
    told = FLAT.split("a desk can be told ")[1].split(", and none of these")[0]
    assert re.findall(r"`(\w+)`", told) == list(COMMANDS)


def test_a_desk_that_is_enrolled_sends_days(tmp_path: Path) -> None:
    (tmp_path / "office.toml").write_text('[broker]\nhost = "broker.example"\ntls = "no"\n', "utf-8")
    folder = Access(load_office(tmp_path / "office.toml")).let_in(["d1"])["d1"]
    assert load_settings(folder / "unsit.toml", [])[0].mqtt.share == "days"


def test_each_test_that_it_names_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)
    assert len(named) > 10
    for file, name in named:
        tree = ast.parse((PROJECT / file).read_text("utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, (file, name)
