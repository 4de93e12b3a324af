"""What the documents say of wires and values is what the data has."""

from __future__ import annotations

import pytest

from hardware.drawings.tables import DOCUMENTS, PROJECT, TABLES, NoTableError, asked_for, table, written


@pytest.mark.parametrize("document", [each for each in DOCUMENTS if (PROJECT / each).exists()])
def test_the_documents_have_the_tables_of_the_data(document: str) -> None:
    text = (PROJECT / document).read_text("utf-8")
    assert written(text) == text, "make drawings writes them anew"


def test_documents_ask_for_tables() -> None:
    asked = [
        name for each in DOCUMENTS if (PROJECT / each).exists() for name in asked_for((PROJECT / each).read_text())
    ]
    assert "all wires" in asked
    assert set(asked) <= TABLES.keys()


def test_a_table_is_written_between_its_marks_and_nothing_else_is_touched() -> None:
    text = "before\n<!-- `make drawings` writes: comparator -->\nold\n<!-- So far. -->\nafter\n"
    now = written(text)
    assert (
        now
        == f"before\n<!-- `make drawings` writes: comparator -->\n\n{table('comparator')}\n\n<!-- So far. -->\nafter\n"
    )
    assert written(now) == now


def test_a_table_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(NoTableError, match="no table 'wirs'; there are: all wires, "):
        written("<!-- `make drawings` writes: wirs -->\n<!-- So far. -->")
