"""What the page may order: what reaches the core, and what is refused."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.files.complaint import complaint_told
from device.phones.paired import PairedPhones
from device.phones.pairing import Pairing
from device.run.clock import DeskWall, RecordedClock
from device.run.orders import A_SECOND, STRANGERS_A_SECOND, OrderError, Orders, answered, orders_to_core
from device.words.events import Chosen, Event, Order, Ordered, OwnWifi
from tests.story import Day

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone(timedelta(hours=1)))


class Core:
    """A core at noon, and what it hears."""

    def __init__(self) -> None:
        self.heard: list[Event] = []
        self.clock, self.wall = RecordedClock(), DeskWall()
        self.clock.at = 100.0
        self.wall.set(100.0, NOON)
        choosable = {"stretch_never": {"march"}, "language": {"de", "en"}}
        tell = lambda event: self.heard.append(event(100.5))  # noqa: E731
        self.names: list[str] = []
        to_core = orders_to_core(tell, self.clock, self.wall, choosable, lambda: self.names)
        self.orders = Orders(to_core, now=lambda: len(self.heard) * 1.0)

    def refuses(self, do: object, to: object) -> str:
        """The line that says why."""
        with pytest.raises(OrderError) as refused:
            self.orders(do, to)
        assert self.heard == []
        json.dumps(refused.value.complaint.told())
        return str(refused.value)


@pytest.fixture
def core() -> Core:
    return Core()


@pytest.mark.parametrize("order", [each for each in Order if each is not Order.MUTE])
def test_a_plain_order_reaches_the_core_at_the_instant_at_which_it_hears_it(core: Core, order: Order) -> None:
    assert core.orders(order.value, True) == {}
    assert core.heard == [Ordered(100.5, order)]


@pytest.mark.parametrize(
    ("to", "until"),
    [
        ({"for_s": 1800}, 1900.5),
        ({"for_s": 60.0}, 160.5),
        ({"for_s": 43200}, 43300.5),
        ({"until": "2026-03-02T12:30:00+01:00"}, 1900.5),
        ({"until": "2026-03-02T11:30:00Z"}, 1900.5),
    ],
)
def test_a_mute_lasts_for_a_while_or_until_a_time(core: Core, to: object, until: float) -> None:
    core.orders("mute", to)
    assert core.heard == [Ordered(100.5, Order.MUTE, until)]


@pytest.mark.parametrize(
    "to",
    [
        *(True, None, {}, [], {"for_s": True}, {"for_s": "60"}, {"for_s": 60, "until": "x"}),
        *({"for_s": 59.9}, {"for_s": 43201}, {"for_s": float("nan")}, {"for_s": float("inf")}, {"for_s": 10**400}),
        *({"until": "2026-03-02T12:00:30+01:00"}, {"until": "2026-03-03T00:01:00+01:00"}),
    ],
)
def test_a_mute_that_makes_no_sense_is_refused_with_its_bounds(core: Core, to: object) -> None:
    assert core.refuses("mute", to) == "mute for 1 min to 12 h, or until a time before that"


@pytest.mark.parametrize("until", ["2026-03-02T11:59:00+01:00", "2020-01-01T00:00:00+00:00"])
def test_a_time_that_is_past_is_said_with_its_value(core: Core, until: str) -> None:
    assert core.refuses("mute", {"until": until}) == f"'{until}' is past"


@pytest.mark.parametrize("until", ["soon", "", "2026-03-02T12:30:00", "9999-99-99T00:00:00Z"])
def test_a_time_without_its_zone_and_what_is_no_time_is_refused(core: Core, until: str) -> None:
    assert core.refuses("mute", {"until": until}) == f"'{until}' is no time with its zone"


def test_a_device_that_does_not_know_the_time_mutes_for_a_while_only(core: Core) -> None:
    core.wall.is_right = False
    assert "doesn't know the time" in core.refuses("mute", {"until": "2026-03-02T12:30:00+01:00"})
    core.orders("mute", {"for_s": 60})
    assert len(core.heard) == 1


def test_a_choice_reaches_the_core(core: Core) -> None:
    core.orders("choose", {"name": "stretch_never", "value": "march"})
    core.orders("choose", {"name": "language", "value": "de"})
    assert core.heard == [Chosen(100.5, "stretch_never", "march"), Chosen(100.5, "language", "de")]


def test_somebody_is_away_until_a_date_and_back_at_once(core: Core) -> None:
    for until in ("2026-03-03", "2027-03-03", ""):
        core.orders("choose", {"name": "away", "value": until})
    assert core.heard == [Chosen(100.5, "away", until) for until in ("2026-03-03", "2027-03-03", "")]


@pytest.mark.parametrize("until", ["2026-03-02", "2026-03-01", "2020-12-24", "2027-03-04", "9999-12-31"])
def test_a_date_that_has_come_or_is_over_a_year_ahead_is_refused_with_its_bounds(core: Core, until: str) -> None:
    says = core.refuses("choose", {"name": "away", "value": until})
    assert says == f"you can't be back on {until}: allowed are 2026-03-03 to 2027-03-03"


@pytest.mark.parametrize("until", ["soon", "2026-02-30", "20260307", "2026-W10-7", " 2026-03-07", "2026-03-07T00:00"])
def test_what_is_no_date_is_refused(core: Core, until: str) -> None:
    says = core.refuses("choose", {"name": "away", "value": until})
    assert says == f"'{until}' is no date; write it as 2027-01-07"


def test_a_device_that_does_not_know_the_date_lets_nobody_be_away_but_back(core: Core) -> None:
    core.wall.is_right = False
    assert "doesn't know the date" in core.refuses("choose", {"name": "away", "value": "2026-03-07"})
    core.orders("choose", {"name": "away", "value": ""})
    assert len(core.heard) == 1


@pytest.mark.parametrize(
    ("do", "to"),
    [
        *(("sound", False), ("sound", 1), ("enough", None), ("stretch", "x" * 9999), ("try_sound", {})),
        *(("choose", {"name": "safety_seen", "value": ""}), ("choose", {"name": "language", "value": "xx"})),
        *(("choose", {"name": "stretch_never", "value": "../x"}), ("choose", {"name": "language"}), ("choose", 3)),
        *(("", True), ("set", {}), (None, True), (["mute"], True), ({}, True)),
    ],
)
def test_what_the_device_does_not_take_is_refused_in_a_short_line(core: Core, do: object, to: object) -> None:
    assert len(core.refuses(do, to)) < 200


def test_a_flood_of_orders_is_refused_and_ends_with_the_second() -> None:
    now, done = [0.0], []
    orders = Orders({"do": lambda to: done.append(to) or {}}, now=lambda: now[0])  # type: ignore[func-returns-value]
    for second in range(3):
        now[0] = float(second)
        answers = [answered(orders, "do", nth) for nth in range(1000)]
        assert [each["fine"] for each in answers] == [True] * A_SECOND + [False] * (1000 - A_SECOND)
        assert answers[-1]["why"]["text"].startswith("too many orders at once")
    assert len(done) == 3 * A_SECOND


def test_strangers_leave_room_for_the_orders_of_those_who_are_paired() -> None:
    orders = Orders({"pair": lambda _: {}, "mute": lambda _: {}}, now=lambda: 0.0)
    strangers = [answered(orders, "pair", nth)["fine"] for nth in range(1000)]
    assert sum(strangers) == STRANGERS_A_SECOND
    others = [answered(orders, "mute", nth)["fine"] for nth in range(1000)]
    assert sum(others) == A_SECOND - STRANGERS_A_SECOND


def test_an_order_that_breaks_something_is_answered_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    answer = answered(Orders({"break": lambda _: 1 / 0}), "break", True)  # type: ignore[dict-item, return-value]
    assert answer == {"fine": False, "why": {"text": "the device could not do that; its log says why", "values": {}}}
    assert "ZeroDivisionError" in caplog.text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=5), each, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(("password", "for_s", "until", "name", "value", "phone", "all", "code", "hash", "from", "x"))


@given(
    st.sampled_from(("mute", "wifi", "choose", "sound", "pair", "forget", "seen")), JSON | st.dictionaries(KEYS, JSON)
)
def test_whatever_is_ordered_it_is_done_or_refused_in_one_short_line(
    tmp_path_factory: pytest.TempPathFactory, do: str, to: object
) -> None:
    core = Core()
    phones = PairedPhones(tmp_path_factory.getbasetemp() / "ordered.json", core.clock, core.wall)
    pairing = Pairing(phones, lambda _: None, core.clock, "")
    table = {**orders_to_core(lambda event: core.heard.append(event(0.0)), core.clock, core.wall, {}), **pairing.orders}
    answer = answered(Orders(table), do, to)
    assert len(json.dumps(answer, ensure_ascii=False).encode()) < 1000
    if not answer["fine"]:
        assert core.heard == []
        assert str(complaint_told(answer["why"])).isprintable()


def test_a_person_whom_the_settings_name_at_that_moment_may_be_said_to_sit(core: Core) -> None:
    bob = {"name": "person", "value": "Bob"}
    assert "persons.names" in core.refuses("choose", bob)
    core.names = ["Anna", "Bob"]
    assert core.refuses("choose", {**bob, "value": "Dora"}) == "nobody is called 'Dora' here; there are Anna, Bob"
    core.orders("choose", bob)
    assert core.heard == [Chosen(100.5, "person", "Bob")]


# ---- a press from afar


def seen(orders: Orders, day: Day) -> Orders:
    """The orders, after a round of the loop."""
    orders.look(lambda: day.snapshot)
    return orders


def test_a_press_is_refused_in_a_line_where_only_somebody_at_the_device_can_answer(core: Core) -> None:
    day = Day(safety_s=15.0)
    day.sit(minutes=1)
    seen(core.orders, day)
    assert core.refuses("press", True) == "what the panel asks now is answered by the device's own button only"
    day.read_safety()
    seen(core.orders, day)
    core.orders("press", True)
    assert core.heard == [Ordered(100.5, Order.PRESS)]


def test_a_press_that_would_do_nothing_is_refused_and_all_other_orders_are_not(core: Core) -> None:
    day = Day()
    day.sit(minutes=121)
    day.press()
    seen(core.orders, day)
    assert core.refuses("press", True) == "a press would do nothing now"
    core.orders("sound", True)
    assert core.heard == [Ordered(100.5, Order.SOUND)]


def test_the_hotspot_is_told_to_the_core_if_it_is_one(core: Core) -> None:
    core.orders("wifi", {"name": "unsit7", "password": "kmpq2345"})
    core.orders("wifi", {"name": "", "password": ""})
    assert core.heard == [OwnWifi(100.5, "unsit7", "kmpq2345"), OwnWifi(100.5)]
    core.heard.clear()
    assert "up to 32 letters" in core.refuses("wifi", {"name": "ü", "password": ""})
    assert "up to 32 letters" in core.refuses("wifi", {"name": "unsit7", "password": "x" * 64})
