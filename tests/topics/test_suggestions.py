"""What the office suggests as a message, and what stays at the desk."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.topics.fact_message import fact_message_of, message_about
from device.topics.message_form import FactId, NoMessageError
from device.topics.own_business import is_own_answer
from device.topics.suggestion import Suggestion, suggestion_of
from device.words.facts import Fact, OfficeAnswered, OfficeOffered, PersonChosen, TopicChosen


def test_a_suggestion_says_who_suggests_what_till_when() -> None:
    payload = Suggestion("spring", "hourly", "ACME", date(2026, 3, 31)).as_bytes()
    assert payload == b'{"id":"spring","preset":"hourly","from":"ACME","till":"2026-03-31"}'
    assert suggestion_of(payload)["from"] == "ACME"


@given(st.text(max_size=40), st.text(max_size=20), st.text(max_size=12), st.dates())
def test_what_an_office_suggests_comes_back_as_the_value_of_an_order(
    offer: str, preset: str, by: str, till: date
) -> None:
    told = suggestion_of(Suggestion(offer, preset, by, till).as_bytes())
    assert told == {"id": offer, "preset": preset, "from": by, "till": str(till)}


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        (b"", "no JSON"),
        (b"[]", "no JSON object"),
        (
            b'{"id": "a", "preset": "hourly", "from": "ACME"}',
            "an object with id, preset, from, till, all of them texts",
        ),
        (b'{"id": "a", "preset": "hourly", "from": "ACME", "till": 5}', "all of them texts"),
        (b'{"id": "a", "preset": "hourly", "from": "ACME", "till": "2026-03-31", "x": "y"}', "an object with"),
        (b'"' + 1000 * b"x" + b'"', "longer than 1000 bytes"),
    ],
)
def test_what_is_no_suggestion_is_said_in_a_line(payload: bytes, says: str) -> None:
    with pytest.raises(NoMessageError, match=says):
        suggestion_of(payload)


@pytest.mark.parametrize(
    ("fact", "details"),
    [
        (TopicChosen(1.0, 1.0, "conditions", "hip_replacement"), {}),
        (PersonChosen(1.0, 1.0, "Anna", "Bob"), {}),
        (OfficeAnswered(1.0, 1.0, "spring", False), {}),
        (
            OfficeOffered(1.0, 1.0, "spring", "hourly", "ACME", "2026-03-31"),
            {"offer": "spring", "preset": "hourly", "by": "ACME", "till": "2026-03-31"},
        ),
    ],
)
def test_answers_stay_at_the_desk_whatever_it_shares(fact: Fact, details: object) -> None:
    payload = message_about(fact, FactId(1, 1), "0badcafe", None).as_bytes()
    assert fact_message_of(payload).details == details
    assert not any(each in payload for each in (b"hip", b"Anna", b"Bob", b"taken"))


def test_a_press_is_an_answer_where_a_question_stands_that_is_nobody_elses_business() -> None:
    assert all(is_own_answer(["watching", each]) for each in ("office_offered", "who", "choosing"))
    assert not is_own_answer(["watching", "due"])
