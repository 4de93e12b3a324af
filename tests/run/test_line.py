"""The line: real sockets, and followers of all kinds."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from device.run.line import _MUCH, KEPT, Line, Obey
from tests.ear import Ear
from tests.waiting import WITHIN_S, until


class Desk:
    """The end of the line that the device has."""

    def __init__(self, path: Path, *, takes_hands: bool, obey: Obey | None = None) -> None:
        self.newcomers = threading.Semaphore(0)
        self.heard: list[Any] = []
        self.path = path
        self.ears: list[Ear] = []
        self.line = Line(path, self.newcomers.release, self._obey if takes_hands else None, obey)

    def close(self) -> None:
        for ear in self.ears:
            ear.close()
        self.line.close()

    def ear(self) -> Ear:
        ear = self.caller()
        assert self.newcomers.acquire(timeout=WITHIN_S)
        return ear

    def caller(self) -> Ear:
        """Somebody who may not be let in."""
        self.ears.append(Ear(self.path))
        return self.ears[-1]

    def _obey(self, message: Any) -> None:
        if message == "nonsense":
            raise ValueError("what?")
        if message == "break":
            raise ZeroDivisionError
        self.heard.append(message)
        self.line.tell("obeyed", message=message)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "line", takes_hands=True)
    yield desk
    desk.close()


@pytest.fixture
def pi(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "line", takes_hands=False)
    yield desk
    desk.close()


def test_what_stands_as_before_wakes_nobody(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each round of the loop tells all of it again."""
    ear, rung = desk.ear(), list[int]()
    desk.line.stand("standing", mode="due")
    assert ear.hears()["mode"] == "due"
    ring = desk.line._ring

    def count() -> None:
        rung.append(1)
        ring()

    monkeypatch.setattr(desk.line, "_ring", count)
    for mode in ("due", "due", "watching", "watching"):
        desk.line.stand("standing", mode=mode)
    assert ear.hears()["mode"] == "watching"
    assert rung == [1]


def test_a_follower_hears_what_is_told_and_what_was_told_before(desk: Desk) -> None:
    desk.line.tell("fact", t=1)
    desk.line.tell("sound", kept=False, hz=1200)
    ear = desk.ear()
    assert ear.hears() == {"kind": "fact", "t": 1}
    desk.line.stand("standing", mode="due")
    assert ear.hears() == {"kind": "standing", "mode": "due"}
    desk.line.tell("fact", t=2, says="größer")
    assert ear.hears() == {"kind": "fact", "t": 2, "says": "größer"}


def test_what_stands_is_not_said_twice(desk: Desk) -> None:
    ear = desk.ear()
    for mode in ("due", "due", "guiding"):
        desk.line.stand("standing", mode=mode)
    desk.line.tell("fact", t=1)
    told = [ear.hears()]
    while told[-1]["kind"] != "fact":
        told.append(ear.hears())
    assert [each.get("mode") for each in told] in (["due", "guiding", None], ["guiding", None])


def test_only_the_last_few_are_kept_for_newcomers(desk: Desk) -> None:
    for t in range(KEPT + 10):
        desk.line.tell("fact", t=t)
    assert desk.ear().hears()["t"] == 10


def test_afresh_forgets_and_says_so(desk: Desk) -> None:
    desk.line.tell("fact", t=1)
    ear = desk.ear()
    ear.hears()
    desk.line.start_afresh()
    assert ear.hears() == {"kind": "afresh"}
    late = desk.ear()
    desk.line.tell("fact", t=2)
    assert late.hears()["t"] == 2


def test_somebody_who_never_reads_is_hung_up_on_and_holds_up_nobody(desk: Desk) -> None:
    asleep, awake = desk.ear(), desk.ear()
    for t in range(4000):
        desk.line.tell("fact", t=t, says="x" * 500)
        assert awake.hears()["t"] == t
    assert desk.line.followed
    asleep.socket.settimeout(WITHIN_S)
    assert asleep.is_hung_up_on()


def test_a_slow_follower_misses_what_stood_in_between_and_hears_all_that_passed(desk: Desk) -> None:
    ear = desk.ear()
    for nth in range(1500):
        desk.line.stand("panel", pixels="x" * 1000, nth=nth)
        if nth % 10 == 0:
            desk.line.tell("fact", t=nth)
    desk.line.tell("fact", t="last")
    told = [ear.hears()]
    while told[-1].get("t") != "last":
        told.append(ear.hears())
    assert [each["t"] for each in told if each["kind"] == "fact"] == [*range(0, 1500, 10), "last"]
    shown = [each["nth"] for each in told if each["kind"] == "panel"]
    assert shown == sorted(shown)
    assert len(shown) < 1500


def test_hands_say_what_is_to_be_done(desk: Desk) -> None:
    ear = desk.ear()
    ear.says('{"do": "seat", "to"')
    ear.says(': true}\n{"do": "seat", "to": false}\n')
    assert ear.hears()["message"]["to"] is True
    assert ear.hears()["message"]["to"] is False


@pytest.mark.parametrize("said", ["no json\n", '"nonsense"\n', "[" * 3000 + "\n", "x" * 30_000])
def test_who_says_what_is_not_understood_is_hung_up_on_and_nothing_else_happens(desk: Desk, said: str) -> None:
    ear, other = desk.ear(), desk.ear()
    with suppress(OSError):
        ear.says(said)
    assert ear.is_hung_up_on()
    desk.line.tell("fact", t=1)
    assert other.hears()["t"] == 1
    assert desk.heard == []


def test_on_a_pi_too_whoever_asks_whether_it_is_there_is_told_the_time_even_one_that_stands(pi: Desk) -> None:
    ear = pi.ear()
    for _ in range(3):
        pi.line.stand("time", at=7.0)
        assert ear.hears() == {"kind": "time", "at": 7.0}
        ear.says('{"kind": "ask"}\n')
        assert pi.newcomers.acquire(timeout=WITHIN_S), "the loop goes round, and tells it again"


def test_on_a_pi_nobody_may_say_another_word(pi: Desk) -> None:
    ear = pi.ear()
    ear.says('{"do": "seat", "to": true}\n')
    assert ear.is_hung_up_on()


def test_a_fifth_follower_is_turned_away(desk: Desk) -> None:
    ears = [desk.ear() for _ in range(4)]
    assert desk.caller().is_hung_up_on()
    ears[0].close()
    desk.line.tell("fact", t=1)
    assert ears[1].hears()["t"] == 1


def test_a_socket_that_was_left_behind_is_in_nobodys_way(tmp_path: Path) -> None:
    path = tmp_path / "line"
    with socket.socket(socket.AF_UNIX) as old:
        old.bind(str(path))
    desk = Desk(path, takes_hands=False)
    desk.line.tell("fact", t=1)
    assert desk.ear().hears()["t"] == 1
    desk.close()
    assert not path.exists()


def test_what_stood_before_afresh_is_told_again_after_it(desk: Desk) -> None:
    ear = desk.ear()
    desk.line.stand("desk", seat=True)
    ear.hears("desk")
    desk.line.start_afresh()
    desk.line.stand("desk", seat=True)
    assert ear.hears() == {"kind": "afresh"}
    assert ear.hears() == {"kind": "desk", "seat": True}


def test_a_slow_follower_hears_nothing_of_before_after_afresh(desk: Desk) -> None:
    ear = desk.ear()
    # More than a socket takes at once, so that all that follows waits.
    desk.line.tell("fact", says="x" * 2_000_000)
    desk.line.stand("desk", title="before")
    desk.line.tell("fact", t="before")
    desk.line.start_afresh()
    desk.line.stand("desk", title="after")
    told = [ear.hears()]
    while told[-1].get("title") != "after":
        told.append(ear.hears())
    since = [each["kind"] for each in told].index("afresh")
    assert told[since:] == [{"kind": "afresh"}, {"kind": "desk", "title": "after"}]


def test_who_breaks_something_is_hung_up_on_and_nobody_else(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    ear, other = desk.ear(), desk.ear()
    ear.says('"break"\n')
    assert ear.is_hung_up_on()
    desk.line.tell("fact", t=1)
    assert other.hears()["t"] == 1
    assert "could not do as somebody on the line said" in caplog.text


def test_who_comes_when_nobody_can_say_how_things_stand_hears_the_rest(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    line = Line(tmp_path / "line", lambda: 1 / 0)  # type: ignore[arg-type]
    line.tell("fact", t=1)
    with Ear(tmp_path / "line") as ear:
        assert ear.hears()["t"] == 1
        line.tell("fact", t=2)
        assert ear.hears()["t"] == 2
    line.close()
    assert not line.followed
    assert "how things stand" in caplog.text


# ---- orders


@pytest.fixture
def ordered(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "line", takes_hands=True, obey=lambda do, to: {"did": do, "to": to})
    yield desk
    desk.close()


def order(nth: object, **more: object) -> str:
    return json.dumps({"kind": "order", "nth": nth, **more}) + "\n"


def test_an_order_is_answered_to_whoever_gave_it_alone(ordered: Desk) -> None:
    ear, other = ordered.ear(), ordered.ear()
    ear.says(order(7, do="mute", to={"for_s": 60}) + order(8, do="sound", to=True))
    assert ear.hears() == {"kind": "answer", "nth": 7, "fine": True, "did": "mute", "to": {"for_s": 60}}
    assert ear.hears()["nth"] == 8
    ordered.line.tell("fact", t=1)
    assert other.hears() == {"kind": "fact", "t": 1}
    late = ordered.ear()
    assert late.hears() == {"kind": "fact", "t": 1}
    assert ordered.heard == [], "an order is nothing for hands"


def test_an_order_may_be_as_long_as_a_page_takes_it(ordered: Desk) -> None:
    ear = ordered.ear()
    ear.says(order(1, do="choose", to="ß" * 2000))
    assert ear.hears()["to"] == "ß" * 2000


def test_an_answer_with_half_a_letter_in_it_can_be_sent(ordered: Desk) -> None:
    ear = ordered.ear()
    ear.says('{"kind": "order", "nth": 1, "do": "\\ud800", "to": true}\n')
    assert ear.hears()["did"] == "?"


def test_an_answer_outlives_a_start_afresh(ordered: Desk) -> None:
    ear = ordered.ear()
    # More than a socket takes at once, so that the answer waits.
    ordered.line.tell("fact", says="x" * 2_000_000)
    ear.says(order(1, do="mute", to=True))
    ordered.line.start_afresh()
    assert ear.hears("answer")["nth"] == 1


@pytest.mark.parametrize("said", [order("x", do="mute", to=1), order(None, do=1, to=1), order(1, do="mute"), order(1)])
def test_an_order_that_is_none_is_hung_up_on(ordered: Desk, said: str) -> None:
    ear = ordered.ear()
    ear.says(said)
    assert ear.is_hung_up_on()


def test_who_takes_no_orders_takes_them_for_hands(desk: Desk) -> None:
    ear = desk.ear()
    ear.says(order(1, do="mute", to=True))
    assert ear.hears("obeyed")["message"]["kind"] == "order"


def test_a_flood_of_orders_and_questions_takes_no_time_from_the_loop_and_is_answered(
    ordered: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaths: list[None] = []
    monkeypatch.setattr("device.run.line._breathe", lambda: breaths.append(None))
    ear = ordered.ear()
    for nth in range(_MUCH - 1):
        ear.says(order(nth, do="mute", to=True))
        ear.hears("answer")
    assert breaths == [], "what people do is no flood"
    for _ in range(20):
        ear.says(order(1, do="mute", to="x" * 100) * 50 + '{"kind": "ask"}\n' * 50)
        for _ in range(50):
            ear.hears("answer")
    assert len(breaths) >= 20


def test_who_orders_and_never_reads_the_answers_is_hung_up_on(ordered: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("device.run.line._breathe", lambda: None)
    ear = ordered.ear()
    flood = "".join(order(nth, do="mute", to="x" * 1000) for nth in range(30_000))
    with pytest.raises(OSError, match=r"Broken pipe|reset"):
        ear.says(flood)
    until(lambda: not ordered.line.followed)
