"""A journal of layout 3, written before facts had types, is read as it was then.

`layout_3` holds its tables, and what `history --json` and `export` said of them then.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from device.__main__ import main
from device.journal.layout import LAYOUT
from device.journal.reader import choices, past, runs
from device.words.fact_codec import details_of
from device.words.facts import KINDS, Bout, OtherFact, Snoozed, StretchNever

THEN = Path(__file__).parent / "layout_3"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "journal.db"
    with closing(sqlite3.connect(made)) as connection:
        connection.executescript((THEN / "journal.sql").read_text("utf-8"))
    return made


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main([*words]) == 0
    return capsys.readouterr().out


def test_its_history_is_the_same(
    file: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    asked = ("history", "--since", "2026-01-01", "--json", "--set", f"journal.file={file}")
    then = [json.loads(line) for line in (THEN / "history.json").read_text("utf-8").splitlines()]
    for _ in range(2):
        now = [json.loads(line) for line in said(capsys, *asked).splitlines()]
        # Nobody could say then that it was enough.
        assert now == [{**day, "enough": 0} for day in then]
    assert "rows that make no sense, left out here: 1" in caplog.text


def test_a_day_of_it_is_exported_as_it_was(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exported = said(capsys, "export", "--day", "2026-03-02", "--set", f"journal.file={file}")
    assert exported == (THEN / "day.csv").read_text("utf-8")


def test_what_another_unsit_wrote_is_carried_on(file: Path) -> None:
    facts = [fact for run in runs(file) for fact in run.facts]
    (other,) = [fact for fact in facts if isinstance(fact, OtherFact)]
    assert (other.name, details_of(other)) == ("of_tomorrow", {"mood": "ä", "so": None})
    (snoozed,) = [fact for fact in facts if isinstance(fact, Snoozed)]
    assert (snoozed.nth, details_of(snoozed)["felt"]) == (1, "well")
    known = past(file)
    assert known is not None
    assert known.told[-1] == other
    assert known.choices == choices(file) == [StretchNever(0.0, 0.0, "march")]


def test_a_row_that_is_no_fact_is_skipped_whole(file: Path) -> None:
    bouts = [fact for run in runs(file) for fact in run.facts if isinstance(fact, Bout)]
    with closing(sqlite3.connect(file)) as connection:
        (rows,) = connection.execute("SELECT count(*) FROM fact WHERE fact = ?", (Bout.name,)).fetchone()
    assert len(bouts) == rows - 1


@pytest.mark.parametrize(
    "row",
    [
        "INSERT INTO fact VALUES (1, 999, 1000, 2000, 'muted', '{}')",
        """INSERT INTO fact VALUES (1, 999, 1000, 2000, 'muted', '{"until": 1e9}')""",
        "INSERT INTO fact VALUES (1, 999, 2000, 1000, 'sat', '{}')",
        "INSERT INTO fact VALUES (1, 999, 1000, 2000, 'sat', '[]')",
        "INSERT INTO fact VALUES (1, 999, 1000, 2000, x'ff', '{}')",
        "INSERT INTO fact VALUES (1, 999, 'then', 2000, 'sat', '{}')",
        "INSERT INTO choice VALUES ('language', 'chosen', '{}')",
    ],
)
def test_each_row_that_makes_no_sense_is_counted_and_changes_nothing(
    file: Path, row: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = past(file)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(row)
        # A choice of another version makes sense, though not to this one.
        connection.execute("INSERT INTO choice VALUES ('more', 'of_tomorrow', '{}')")
    with caplog.at_level(logging.WARNING):
        assert past(file) == before
    assert "rows that make no sense, left out here: 2" in caplog.text


def test_it_is_the_layout_of_today_and_has_most_kinds_of_facts(file: Path) -> None:
    assert LAYOUT == 3
    seen = {fact.name for run in runs(file) for fact in run.facts}
    assert len(seen & KINDS.keys()) > 20
