"""A thread of its own for an output: it never keeps the loop waiting, and neither a defect nor a wedge ends the day."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from device.words.effects import BigWords, Cue, Dark, Effect, Heard, Note, Play, Show, Silence
from device.words.events import Tick
from device.words.ports import PartError
from hardware import worker as worker_module
from hardware.worker import LooksOnOwnThread, OnOwnThread
from tests.facts import fact_of
from tests.waiting import WITHIN_S

FIRST, SECOND, THIRD = (Show(BigWords((word,))) for word in ("one", "two", "three"))
PLAY = Play(Cue.REMINDER)


class FlyingClock:
    """To wait is to be there."""

    def __init__(self) -> None:
        self.at = 0.0
        self.waited_until: list[float] = []

    def now(self) -> float:
        return self.at

    def wait_s(self, until: float) -> float:
        self.waited_until.append(until)
        self.at = max(self.at, until)
        return 0.0


class Part:
    """An output that says what it did; it can be slow, or defective."""

    def __init__(self) -> None:
        self.done: list[tuple[Effect, float]] = []
        self.ticks: list[float] = []
        self.threads: set[str] = set()
        self.closed = 0
        self.deadlines: list[float] = []
        self.fails_at: Callable[[str], Exception | None] = lambda _what: None
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self._changed = threading.Condition()

    def start(self) -> None:
        self._act("start")

    def perform(self, effect: Effect, now: float) -> None:
        with self._changed:
            self.done.append((effect, now))
            self._changed.notify_all()
        assert self.may_go_on.wait(WITHIN_S)
        self._act("perform" if isinstance(effect, Show) else "sound")

    def next_deadline(self) -> float | None:
        self._act("next_deadline")
        return self.deadlines[0] if self.deadlines else None

    def tick(self, now: float) -> None:
        with self._changed:
            self.ticks.append(now)
            self._changed.notify_all()
        self._act("tick")
        self.deadlines.pop(0)

    def close(self) -> None:
        self.closed += 1
        self._act("close")

    def until(self, true: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(true, WITHIN_S)

    def until_done(self, effect: Effect) -> None:
        self.until(lambda: effect in self.effects)

    @property
    def effects(self) -> list[Effect]:
        return [effect for effect, _ in self.done]

    def _act(self, what: str) -> None:
        self.threads.add(threading.current_thread().name)
        error = self.fails_at(what)
        if error:
            raise error


@pytest.fixture
def part() -> Part:
    return Part()


@pytest.fixture
def clock() -> FlyingClock:
    return FlyingClock()


@contextmanager
def at_work(part: Part, clock: FlyingClock) -> Iterator[OnOwnThread]:
    worker = OnOwnThread(part, clock)
    try:
        yield worker
    finally:
        part.may_go_on.set()
        worker.close()


@pytest.fixture
def worker(part: Part, clock: FlyingClock) -> Iterator[OnOwnThread]:
    with at_work(part, clock) as worker:
        yield worker


# ---- work


def test_effects_are_performed_in_their_order_on_one_thread_and_told_the_time(
    part: Part, clock: FlyingClock, worker: OnOwnThread
) -> None:
    clock.at = 12.5
    for effect in (FIRST, PLAY, Silence()):
        worker.perform(effect)
        part.until_done(effect)
    worker.close()
    assert part.done == [(FIRST, 12.5), (PLAY, 12.5), (Silence(), 12.5)]
    assert part.threads == {"Part"}


def test_a_slow_output_keeps_nobody_waiting_and_takes_only_the_latest_screen_and_sound(
    part: Part, worker: OnOwnThread
) -> None:
    part.may_go_on.clear()
    worker.perform(FIRST)
    part.until_done(FIRST)
    for effect in (SECOND, PLAY, THIRD, Show(Dark()), Silence()):
        worker.perform(effect)
    part.may_go_on.set()
    part.until_done(Silence())
    assert part.effects == [FIRST, Show(Dark()), Silence()]


def test_deadlines_are_kept_in_turn_and_without_a_pause(
    part: Part, clock: FlyingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "_BREATHER_S", 3600.0)
    part.deadlines = [1.0, 2.5, 2.75]
    with at_work(part, clock):
        part.until(lambda: len(part.ticks) == 3)
    assert part.ticks == [1.0, 2.5, 2.75]


def perform_and_want_a_tick(part: Part, worker: OnOwnThread, at: float) -> None:
    """Let the part perform an effect, and come out of it with a deadline."""
    part.may_go_on.clear()
    worker.perform(PLAY)
    part.until_done(PLAY)
    part.deadlines = [at]
    part.may_go_on.set()


def test_a_deadline_that_an_effect_sets_is_kept(part: Part, clock: FlyingClock, worker: OnOwnThread) -> None:
    clock.at = 10.0
    perform_and_want_a_tick(part, worker, at=10.5)
    part.until(lambda: part.ticks == [10.5])


def test_a_deadline_that_passes_during_an_effect_is_kept_right_after_it(
    part: Part, clock: FlyingClock, worker: OnOwnThread
) -> None:
    clock.at = 10.0
    perform_and_want_a_tick(part, worker, at=9.0)
    part.until(lambda: part.ticks == [10.0])
    assert clock.waited_until == []


def test_without_a_deadline_it_sleeps(part: Part, clock: FlyingClock, worker: OnOwnThread) -> None:
    worker.perform(PLAY)
    part.until_done(PLAY)
    worker.close()
    assert clock.waited_until == []
    assert part.ticks == []


# ---- defects


def fails_once(at: str) -> Callable[[str], Exception | None]:
    errors = [RuntimeError("a defect")]
    return lambda what: errors.pop() if what == at and errors else None


def fails_always(at: str) -> Callable[[str], Exception | None]:
    return lambda what: RuntimeError("a defect") if what == at else None


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    assert all(record.exc_info for record in caplog.records if record.levelno == logging.ERROR), "with its traceback"
    return [record.getMessage() for record in caplog.records]


def test_a_screen_that_cannot_be_drawn_is_told_once_and_takes_no_silence_with_it(
    part: Part, worker: OnOwnThread, caplog: pytest.LogCaptureFixture
) -> None:
    part.may_go_on.clear()
    part.fails_at = fails_always("perform")
    worker.perform(PLAY)
    part.until_done(PLAY)
    worker.perform(FIRST)
    worker.perform(Silence())
    part.may_go_on.set()
    part.until_done(Silence())
    worker.perform(SECOND)
    part.until_done(SECOND)
    worker.close()
    assert part.effects == [PLAY, FIRST, Silence(), SECOND]
    assert told(caplog) == ["Part failed"]


def test_a_tick_that_fails_is_tried_again_after_a_breather(
    part: Part, clock: FlyingClock, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "_BREATHER_S", 0.0)
    part.deadlines = [1.0, 2.0]
    part.fails_at = fails_once("tick")
    with at_work(part, clock):
        part.until(lambda: part.ticks == [1.0, 1.0, 2.0])
    assert told(caplog) == ["Part failed"]


def test_a_tick_that_always_fails_does_not_keep_the_processor_busy(
    part: Part, clock: FlyingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "_BREATHER_S", 3600.0)
    part.deadlines = [1.0]
    part.fails_at = fails_always("tick")
    with at_work(part, clock) as worker:
        part.until(lambda: part.ticks == [1.0])
        worker.close()
    assert part.ticks == [1.0]
    assert part.closed == 1


def test_an_output_that_cannot_say_when_still_performs(
    part: Part, worker: OnOwnThread, caplog: pytest.LogCaptureFixture
) -> None:
    part.fails_at = fails_always("next_deadline")
    for effect in (PLAY, Silence()):
        worker.perform(effect)
        part.until_done(effect)
    worker.close()
    assert told(caplog) == ["Part failed"]


# ---- the end


def test_closing_lets_the_output_close_itself_on_its_own_thread_and_ends_that(part: Part, clock: FlyingClock) -> None:
    worker = OnOwnThread(part, clock)
    worker.close()
    worker.close()
    assert part.closed == 1
    assert part.threads == {"Part"}
    assert "Part" not in [thread.name for thread in threading.enumerate()]


def test_at_the_end_what_was_said_and_heard_is_kept_and_nothing_else_performed(part: Part, clock: FlyingClock) -> None:
    said, heard = Note(fact_of(1.0, 1.0, "sat")), Heard(Tick(2.0))
    part.may_go_on.clear()
    worker = OnOwnThread(part, clock)
    worker.perform(FIRST)
    part.until_done(FIRST)
    # They come while it is at work, as facts do during a long write.
    for effect in (PLAY, said, SECOND, heard):
        worker.perform(effect)
    closer = threading.Thread(target=worker.close)
    closer.start()
    # It is told to end before it may go on: close() sets that first of all.
    assert worker._closing.wait(WITHIN_S)
    part.may_go_on.set()
    closer.join(WITHIN_S)
    worker.perform(THIRD)
    assert part.effects == [FIRST, said, heard]
    assert part.closed == 1


def test_a_deadline_that_has_passed_by_the_end_is_not_kept_any_more(part: Part) -> None:
    class PatientClock(FlyingClock):
        def __init__(self) -> None:
            super().__init__()
            self.is_waited_for = threading.Event()

        def wait_s(self, until: float) -> float:  # noqa: ARG002 - it is a long time whatever it is for
            self.is_waited_for.set()
            return 3600.0

    clock = PatientClock()
    part.deadlines = [5.0]
    worker = OnOwnThread(part, clock)
    assert clock.is_waited_for.wait(WITHIN_S)
    clock.at = 10.0
    worker.close()
    assert part.ticks == []
    assert part.closed == 1


def test_a_close_that_fails_is_told_and_is_the_end_all_the_same(
    part: Part, clock: FlyingClock, caplog: pytest.LogCaptureFixture
) -> None:
    part.fails_at = fails_always("close")
    OnOwnThread(part, clock).close()
    assert told(caplog) == ["Part failed"]


def test_a_wedged_output_is_left_behind_and_keeps_no_process_alive(
    part: Part, clock: FlyingClock, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "_CLOSING_TAKES_S", 0.01)
    part.may_go_on.clear()
    with at_work(part, clock) as worker:
        worker.perform(FIRST)
        part.until_done(FIRST)
        worker.close()
        assert told(caplog) == ["Part doesn't come to an end; it is left behind"]
        assert [thread.daemon for thread in threading.enumerate() if thread.name == "Part"] == [True]
        monkeypatch.undo()


# ---- inputs


def test_an_input_looks_at_its_deadlines_on_its_own_thread(part: Part, clock: FlyingClock) -> None:
    part.deadlines = [1.0, 2.5]
    sensor = LooksOnOwnThread(part, clock)
    sensor.start()
    part.until(lambda: part.ticks == [1.0, 2.5])
    sensor.close()
    sensor.close()
    assert part.closed == 2
    assert "Part" in part.threads


def test_an_input_that_is_told_of_changes_gets_no_thread(part: Part, clock: FlyingClock) -> None:
    sensor = LooksOnOwnThread(part, clock)
    sensor.start()
    sensor.close()
    assert "Part" not in part.threads
    assert part.closed == 1


def test_an_input_that_cannot_start_says_so_to_its_starter(part: Part, clock: FlyingClock) -> None:
    part.fails_at = lambda what: PartError("no chip") if what == "start" else None
    sensor = LooksOnOwnThread(part, clock)
    with pytest.raises(PartError, match="no chip"):
        sensor.start()
    sensor.close()


def test_a_defect_while_looking_is_told_once_and_the_next_look_comes(
    part: Part, clock: FlyingClock, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "_BREATHER_S", 0.0)
    failures = iter([ZeroDivisionError(), ZeroDivisionError()])
    part.fails_at = lambda what: next(failures, None) if what == "tick" else None
    part.deadlines = [1.0]
    sensor = LooksOnOwnThread(part, clock)
    sensor.start()
    part.until(lambda: len(part.ticks) == 3)
    sensor.close()
    assert [record.getMessage() for record in caplog.records] == ["Part failed"]


def test_an_input_that_hangs_holds_up_nobody_at_the_end(
    part: Part, clock: FlyingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "_CLOSING_TAKES_S", 0.01)
    hangs = threading.Event()

    def hang(what: str) -> None:
        if what == "tick":
            assert hangs.wait(WITHIN_S)

    part.fails_at = hang
    part.deadlines = [1.0]
    sensor = LooksOnOwnThread(part, clock)
    sensor.start()
    part.until(lambda: part.ticks == [1.0])
    sensor.close()
    assert part.closed == 1
    hangs.set()
