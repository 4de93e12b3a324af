"""A complaint on its way to the page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from device.files.complaint import Complaint, brief, complaint_told


def test_a_complaint_is_the_same_after_its_way_as_json_with_the_complaints_inside_it() -> None:
    inside = Complaint("at most {most}", most=5)
    complaint = Complaint("{file}: {text}; allowed: {says}", file=Path("a.toml"), text="x", says=inside)
    told = json.loads(json.dumps(complaint.told()))
    assert str(complaint_told(told)) == str(complaint) == "a.toml: x; allowed: at most 5"


@pytest.mark.parametrize("told", [None, "x", {"text": 3, "values": {}}, {"text": "x"}, {"text": "x", "values": []}])
def test_what_is_no_complaint_is_not_taken_for_one(told: object) -> None:
    with pytest.raises(ValueError, match="no complaint"):
        complaint_told(told)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"\x1f\ud800\n": 1}, "{??? = 1}"),
        ({"x" * 100: None}, "{" + "x" * 60 + "... = null}"),
        ({"due after": [True]}, "{due after = [true]}"),
    ],
)
def test_keys_of_any_letters_and_any_length_are_shown_in_one_short_line(value: object, shown: str) -> None:
    assert brief(value) == shown


@pytest.mark.parametrize(
    "value", ["\ud800", {"\ud800": "\udfff"}, {"a\nb\x1b[2J\u202e" * 100: 1}, ["\ud800"], [{"\ud800": 1}]]
)
def test_a_complaint_about_letters_that_are_none_can_be_sent_and_is_short(value: object) -> None:
    complaint = complaint_told(Complaint("{what} is wrong", what=brief(value)).told())
    assert str(complaint).isprintable()
    assert len(str(complaint).encode()) < 400


def test_what_was_not_shortened_is_sent_in_one_line_as_well() -> None:
    complaint = complaint_told(Complaint("{what} is wrong", what="a\n\ud800b").told())
    assert str(complaint) == "a ?b is wrong"
