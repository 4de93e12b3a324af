"""What the desk says on a broker about its journal: there and back, whole or not at all, and a day without any time."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.stages.tally import Tally
from device.topics.day_message import DayMessage, day_message_of, message_about_day
from device.topics.fact_message import FactMessage, fact_message_of, message_about
from device.topics.message_form import FactId, NoMessageError
from device.topics.sent_message import SendAgain, Sent, send_again_of, sent_of
from device.words.facts import Bout, FellDue, FullBreak, Left, Sat

books = st.from_regex(r"\A[0-9a-f]{8}\Z")
ids = st.builds(FactId, st.integers(0, 10**15 - 1), st.integers(0, 10**15 - 1))
texts = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=30)
spans = st.floats(0, 1e9)
plain = st.one_of(texts, st.none(), st.booleans(), st.floats(-1e15, 1e15), st.integers(-(10**15), 10**15))
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
whens = st.datetimes(datetime(1971, 1, 1), datetime(2199, 1, 1), timezones=zones)
facts = st.builds(
    FactMessage,
    ids,
    books,
    st.none() | ids,
    texts.filter(bool),
    st.none() | whens,
    spans,
    spans,
    st.dictionaries(texts, plain),
    st.booleans(),
    st.none() | ids,
)
counts = st.integers(0, 400)
days = st.builds(
    DayMessage, st.dates(date(1970, 1, 1)), books, st.just(1500), *[counts] * 3, st.just(400), counts, st.just(0), texts
)

# ---- there and back


@given(facts)
def test_a_fact_comes_back_as_it_was_sent(message: FactMessage) -> None:
    assert fact_message_of(message.as_bytes()) == message


@given(days)
def test_a_day_comes_back_as_it_was_sent(message: DayMessage) -> None:
    assert day_message_of(message.as_bytes()) == message


@given(st.builds(Sent, books, st.none() | ids, st.none() | st.dates()))
def test_how_far_it_was_heard_comes_back(sent: Sent) -> None:
    assert sent_of(sent.as_bytes()) == sent


@given(books, st.none() | ids, st.none() | st.dates(), st.booleans(), st.booleans())
def test_an_order_to_send_again_comes_back(
    book: str, after: FactId | None, days_after: date | None, facts: bool, days: bool
) -> None:
    order = SendAgain(book, after if facts else None, days_after if days else None, facts, days)
    assert send_again_of(order.as_bytes()) == order


def test_a_message_about_a_fact_says_what_the_fact_says() -> None:
    when = datetime(2026, 11, 27, 9, 0, tzinfo=timezone(timedelta(hours=1)))
    fact = Bout(900.0, 960.5, 100.0, 800.0)
    message = message_about(fact, FactId(3, 17), "0a1b2c3d", when, after=FactId(3, 12), missing_from=FactId(3, 13))
    assert json.loads(message.as_bytes()) == {
        "id": "3.17",
        "book": "0a1b2c3d",
        "after": "3.12",
        "missing_from": "3.13",
        "fact": "bout",
        "when": "2026-11-27T09:00:00+01:00",
        "about": False,
        "t": 900.0,
        "said": 960.5,
        "details": {"start": 100.0, "seated_s": 800.0},
    }


def test_each_message_comes_back() -> None:
    """Once without made-up examples, which coverage doesn't count."""
    when = datetime(2026, 11, 27, 9, 0, tzinfo=timezone(timedelta(hours=1)))
    fact = message_about(Sat(1.0, 6.0), FactId(1, 2), "0a1b2c3d", when, about=True)
    assert fact_message_of(fact.as_bytes()) == fact
    assert fact_message_of(FACT).when is None
    sent = Sent("0a1b2c3d", FactId(1, 2), date(2026, 11, 27))
    assert sent_of(sent.as_bytes()) == sent
    orders = [SendAgain("0a1b2c3d", None, None), SendAgain("0a1b2c3d", None, None, facts=False, days=False)]
    assert [send_again_of(order.as_bytes()) for order in orders] == orders


@pytest.mark.parametrize("payload", [b"", b"\xff", b"[]", b"3", b"{}"])
def test_what_is_no_object_is_no_message(payload: bytes) -> None:
    for read in (fact_message_of, day_message_of, sent_of, send_again_of):
        with pytest.raises(NoMessageError):
            read(payload)


def test_ids_are_in_the_order_of_the_journal() -> None:
    assert FactId(2, 9) < FactId(2, 10) < FactId(10, 1)


# ---- totals


def test_the_totals_of_a_day_are_whole_minutes_without_any_time_of_day() -> None:
    tally = Tally()
    for fact in (Sat(100.0, 105.0), FellDue(3700.0, 3700.0), Left(3731.0, 3746.0), Bout(3731.0, 3791.0, 100.0, 3631.0)):
        tally.note(fact)
    tally.note(FullBreak(3851.0, 3851.0))
    payload = message_about_day(date(2026, 11, 27), "0a1b2c3d", tally.figures(4000.0), "1.2").as_bytes()
    assert json.loads(payload) == {
        "id": "2026-11-27",
        "book": "0a1b2c3d",
        "version": "1.2",
        "seated_min": 61,
        "longest_min": 61,
        "bouts": 1,
        "breaks": 1,
        "dues": 1,
        "taken": 0,
        "in_time": 0,
    }
    assert not re.search(rb"\d\d:\d\d|\d{5,}", payload.replace(b"0a1b2c3d", b""))


# ---- anything else is none

NO_DETAILS: tuple[object, ...] = (None, [], {"a": []}, {"a": 1e300}, {"a\n": 1})
FACT = message_about(Sat(1.0, 6.0), FactId(1, 2), "0a1b2c3d", None).as_bytes()
DAY = DayMessage(date(2026, 11, 27), "0a1b2c3d", 300, 60, 5, 4, 3, 2, 1, "1.2").as_bytes()


def with_other(payload: bytes, key: str, value: object) -> bytes:
    return json.dumps({**json.loads(payload), key: value}).encode()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("id", each) for each in (None, 7, "1", "1.2.3", "1.-2", "a.b", "1.2\n", f"1.{10**20}", "\u0661.2")),
        *(("book", each) for each in (None, "", "0A1B2C3D", "0a1b2c3", 12345678)),
        *(("after", each) for each in ("x", 1)),
        *(("missing_from", each) for each in ("x", 1)),
        *(("fact", each) for each in (None, "", "a\nb", 3)),
        *(("when", each) for each in (3, "now", "2026-03-02T09:00:00", "0001-01-01T00:00:00+01:00")),
        *(("about", each) for each in (1, None)),
        *(("t", each) for each in (None, -1, "1", math.nan, True)),
        ("said", math.inf),
        *(("details", each) for each in NO_DETAILS),
    ],
)
def test_a_fact_that_makes_no_sense_is_none(key: str, value: object) -> None:
    assert fact_message_of(FACT).fact == "sat"
    with pytest.raises(NoMessageError):
        fact_message_of(with_other(FACT, key, value))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("id", each) for each in (None, 20261127, "20261127", "2026-W48-5", "2026-11-31")),
        *(("book", each) for each in (None, "x")),
        *(("version", each) for each in (None, "v" * 41, "a\nb")),
        *(("seated_min", each) for each in (None, -1, 1.5, 1621, True, 59)),
        *(("bouts", each) for each in ("1", 10_001)),
        *(("taken", each) for each in (0, 4)),
    ],
)
def test_a_day_that_makes_no_sense_is_none(key: str, value: object) -> None:
    assert day_message_of(DAY).dues == 3
    with pytest.raises(NoMessageError):
        day_message_of(with_other(DAY, key, value))


@pytest.mark.parametrize(
    ("read", "payload", "may_lack"),
    [
        (fact_message_of, FACT, {"after", "when", "about"}),
        (day_message_of, DAY, set()),
        (sent_of, Sent("0a1b2c3d", None, None).as_bytes(), {"facts", "days"}),
        (send_again_of, SendAgain("0a1b2c3d", None, None).as_bytes(), {"after", "days_after"}),
    ],
)
def test_what_is_missing_is_called_missing(read: Callable[[bytes], object], payload: bytes, may_lack: set[str]) -> None:
    told = json.loads(payload)
    for name in told:
        less = json.dumps({key: value for key, value in told.items() if key != name}).encode()
        if name in may_lack:
            assert read(less)
        else:
            with pytest.raises(NoMessageError, match=f"^`{name}` is missing$"):
                read(less)


@given(st.one_of(st.binary(), st.recursive(plain, lambda x: st.lists(x) | st.dictionaries(texts, x)).map(json.dumps)))
def test_any_bytes_are_read_or_refused_in_one_line(payload: bytes | str) -> None:
    for read in (fact_message_of, day_message_of, sent_of, send_again_of):
        with pytest.raises(NoMessageError) as refused:
            read(payload if isinstance(payload, bytes) else payload.encode())
        assert "\n" not in str(refused.value)


def test_a_deeply_nested_payload_is_refused() -> None:
    with pytest.raises(NoMessageError):
        fact_message_of(b"[" * 100_000)
