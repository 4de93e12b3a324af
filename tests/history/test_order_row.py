"""What came from the page, as texts in a day file and in the journal, and back."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from device.history.order_row import ROW_EVENTS, is_order, order_at, order_text, pairing_at, pairing_text
from device.settings.choices import choice, text_of
from device.words.events import Chosen, Order, Ordered, PairingEnded
from device.words.instants import after

DAY_S = 86_400.0
instants = st.integers(0, 10**10).map(lambda at_ms: at_ms / 1000)


@given(instants, st.sampled_from(Order), st.none() | st.integers(0, 86_400_000).map(lambda span_ms: span_ms / 1000))
@example(0.0, Order.MUTE, 0.0)
@example(0.0, Order.MUTE, 100.0)
@example(0.1, Order.MUTE, DAY_S)
def test_an_order_comes_back_from_its_text_as_it_was(at: float, order: Order, lasts_s: float | None) -> None:
    until = None if lasts_s is None or order is not Order.MUTE else after(at, lasts_s)
    assert order_at(at, order_text(Ordered(at, order, until))) == Ordered(at, order, until)


@pytest.mark.parametrize(
    ("until", "text"),
    [(None, "mute"), (1810.0, "mute 1800"), (10.5, "mute 0.5"), (10.0, "mute 0"), (3.0, "mute 0"), (1e9, "mute 86400")],
)
def test_a_mute_says_for_how_many_seconds(until: float | None, text: str) -> None:
    assert order_text(Ordered(10.0, Order.MUTE, until)) == text


@pytest.mark.parametrize(
    "text", ["", "sit", "mute ", "mute x", "mute -1", "mute 1e3", "mute 86401", "sound 5", "mute 1 2", "mute \u0661"]
)
def test_what_is_no_order_is_refused_with_what_is_allowed(text: str) -> None:
    assert not is_order(text)
    allowed = "must be mute, sound, enough, stretch, try_sound, press; mute may have seconds"
    with pytest.raises(ValueError, match=allowed):
        order_at(0.0, text)


@given(st.text(max_size=20))
def test_any_text_is_an_order_or_none(text: str) -> None:
    assert is_order(text) <= text.startswith(tuple(order.value for order in Order))


@pytest.mark.parametrize(("name", "text"), [("Anna's phone", "connected"), ("", "spent")])
def test_the_end_of_a_code_keeps_no_name(name: str, text: str) -> None:
    assert pairing_text(PairingEnded(5.0, name)) == text
    assert pairing_text(pairing_at(5.0, text)) == text
    assert "Anna" not in repr(pairing_at(5.0, text))


@pytest.mark.parametrize(
    "text", ["mute", "mute 5", "mute 0.5", "mute 86400", "sound", "enough", "stretch", "try_sound", "press"]
)
def test_what_is_an_order_is_taken(text: str) -> None:
    assert is_order(text)


@pytest.mark.parametrize("text", ["away 2027-01-07", "away 2028-02-29", "away"])
def test_a_row_says_until_when_somebody_is_away(text: str) -> None:
    name, _, until = text.partition(" ")
    chosen = ROW_EVENTS["chosen"](at=5.0, text=text)
    assert chosen == Chosen(5.0, name, until)
    assert text_of(choice(5.0, name, until)) == text


@pytest.mark.parametrize(
    "text", ["away 2027-02-29", "away 20270107", "away 2027-W01-4", "away soon", "away  2027-01-07", "away 0"]
)
def test_what_is_no_date_to_be_away_until_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"must be .*away"):
        ROW_EVENTS["chosen"](at=5.0, text=text)


@pytest.mark.parametrize(
    "text",
    [
        *("office_offer spring-26 hourly 2026-03-31 W\u00fcrm & Co", "office_asked spring-26 2026-03-02"),
        *("office_answer spring-26 taken", "office_answer spring-26 declined"),
    ],
)
def test_a_row_says_what_the_office_suggests_and_what_came_of_it(text: str) -> None:
    name, _, value = text.partition(" ")
    assert ROW_EVENTS["chosen"](at=5.0, text=text) == Chosen(5.0, name, value)
    assert text_of(choice(5.0, name, value)) == text


@pytest.mark.parametrize(
    "text",
    [
        *("office_offer", "office_offer a daily 2026-03-31 A", "office_offer a hourly 2026-02-31 A"),
        *(
            "office_offer a hourly 2026-03-31",
            "office_offer a hourly 2026-03-31 A ",
            "office_offer ? hourly 2026-03-31 A",
        ),
        *("office_offer a hourly 2026-03-31 thirteen long", "office_asked a soon", "office_asked a", "office_asked"),
        *("office_answer a", "office_answer a maybe", "office_answer a taken hourly", "office_asked a 2026-02-31"),
    ],
)
def test_what_no_office_suggests_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"must be .*office_offer"):
        ROW_EVENTS["chosen"](at=5.0, text=text)


def test_each_row_makes_its_event() -> None:
    assert ROW_EVENTS["chosen"](at=5.0, text="stretch_never march") == Chosen(5.0, "stretch_never", "march")
    assert ROW_EVENTS["order"](at=5.0, text="mute 3") == Ordered(5.0, Order.MUTE, 8.0)
    assert ROW_EVENTS["pairing"](at=5.0, text="spent") == PairingEnded(5.0, "")
