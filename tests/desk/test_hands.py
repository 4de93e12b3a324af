"""Hands do each thing at its own time."""

from __future__ import annotations

from device.desk.hands import Hands, InTurn
from device.run.clock import RunningClock
from device.run.moments import Moment


def a_pair_of_hands() -> tuple[Hands, RunningClock, list[tuple[str, float]]]:
    clock = RunningClock(source=lambda: 0.0)
    return Hands(clock), clock, []


def test_each_moment_has_its_own_time_however_late_it_is_played() -> None:
    hands, clock, done = a_pair_of_hands()
    hands.add(Moment(2.0, lambda: done.append(("second", clock.now()))))
    hands.add(Moment(1.0, lambda: done.append(("first", clock.now()))))
    hands.add(Moment(9.0, lambda: done.append(("later", clock.now()))))
    while hands.play_next(5.0):
        pass
    assert done == [("first", 1.0), ("second", 2.0)]
    assert hands.next_deadline() == 9.0
    assert clock.now() == 0.0


def test_moments_of_one_instant_keep_their_order() -> None:
    hands, _, done = a_pair_of_hands()
    for name in "abc":
        hands.add(Moment(1.0, lambda name=name: done.append((name, 1.0))))  # type: ignore[misc]  # the default binds it now
    while hands.play_next(1.0):
        pass
    assert [name for name, _ in done] == ["a", "b", "c"]


def test_idle_hands_have_nothing_coming() -> None:
    hands, _, _ = a_pair_of_hands()
    assert hands.next_deadline() is None
    assert hands.play_next(100.0) is False


def test_what_is_asked_for_later_is_done_later_though_the_clock_stands_earlier() -> None:
    hands, clock, done = a_pair_of_hands()
    for at, name in ((5.0, "down"), (4.0, "up")):
        with clock.holding(at):
            hands.soon(lambda name=name: done.append((name, clock.now())))  # type: ignore[misc]  # the default binds it now
    while hands.play_next(5.0):
        pass
    assert done == [("down", 5.0), ("up", 5.0)]


def test_what_was_asked_for_while_time_was_skipped_is_not_done_in_the_past() -> None:
    hands, clock, done = a_pair_of_hands()
    hands.soon(lambda: done.append(("push", clock.now())))
    hands.skip_to(1800.0)
    hands.play_next(1800.0)
    assert done == [("push", 1800.0)]


class Lookout:
    """An input that looks every second."""

    def __init__(self, done: list[tuple[str, float]]) -> None:
        self._done = done
        self._at = 1.0

    def start(self) -> None:
        pass

    def next_deadline(self) -> float:
        return self._at

    def tick(self, now: float) -> None:
        self._done.append(("look", now))
        self._at = now + 1.0

    def close(self) -> None:
        pass


def test_an_input_looks_between_the_moments_at_its_own_time_and_before_one_of_the_same_instant() -> None:
    hands, clock, done = a_pair_of_hands()
    both = InTurn(hands, [Lookout(done)], clock)
    for t in (0.5, 2.0):
        hands.add(Moment(t, lambda: done.append(("hand", clock.now()))))
    assert both.next_deadline() == 0.5
    while both.play_next(3.9):
        pass
    assert done == [("hand", 0.5), ("look", 1.0), ("look", 2.0), ("hand", 2.0), ("look", 3.0)]
    assert both.next_deadline() == 4.0
