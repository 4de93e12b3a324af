"""The buzzer: what each cue sounds like at the pin, on every back-end; and that it is silent whenever it should be."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.settings.settings import BuzzerSettings, Pins, Settings
from device.words.effects import Cue, Dark, Effect, Note, Play, Show, Silence
from device.words.ports import PartError
from hardware.buzzer.buzzer import Buzzer
from tests.facts import fact_of
from tests.wires import BACK_ENDS, GpiodWires, Line, MockWires, Wires, wires_of

PIN = 18
PASSIVE, ACTIVE = BuzzerSettings("passive"), BuzzerSettings("active")
KINDS = (PASSIVE, BuzzerSettings("passive", "low"), ACTIVE, BuzzerSettings("active", "low"))
EVERY_KIND = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.kind}-{kind.on}")

REMINDERS = [Play(Cue.REMINDER, nth) for nth in (1, 2, 3, 4)]
CUES = [*REMINDERS, Play(Cue.CHANGE_SIDE), Play(Cue.GUIDE_END), Play(Cue.SHORT_OFFER)]


@dataclass(frozen=True, slots=True)
class Heard:
    """Something the ear hears from `at` on: a pitch, 0 for an active buzzer's own, None for silence."""

    at: float
    hz: float | None


class Room:
    """A buzzer and an ear; time goes from deadline to deadline."""

    def __init__(self, wires: Wires, kind: BuzzerSettings = PASSIVE) -> None:
        self.wires = wires
        self.kind = kind
        self.now = 0.0
        self.buzzer = Buzzer(wires.factory, Settings(buzzer=kind))

    @property
    def line(self) -> Line:
        return self.wires.line(PIN)

    @property
    def hz(self) -> float | None:
        if self.kind.kind == "passive":
            return self.line.hz if self.line.duty else None
        return 0.0 if self.line.high is (self.kind.on == "high") else None

    @property
    def at_rest(self) -> bool:
        """Driven, and to the level that makes no sound; no wave is running."""
        quiet = self.kind.kind == "active" and self.kind.on == "low"
        return self.line == Line(True, quiet, "floating")

    def perform(self, effect: Effect) -> None:
        self.buzzer.perform(effect, self.now)

    def listen(self, until: float = 60.0) -> list[Heard]:
        """Let it play, and hear the changes."""
        heard = [Heard(self.now, self.hz)]
        while (deadline := self.buzzer.next_deadline()) is not None and deadline <= until:
            assert deadline > self.now
            self.now = deadline
            self.buzzer.tick(self.now)
            heard.append(Heard(self.now, self.hz))
        return heard


@pytest.fixture(params=BACK_ENDS)
def wires(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wires]:
    wires = wires_of(request.param, monkeypatch)
    yield wires
    if isinstance(wires, GpiodWires):
        # Its waves are real, and so is the thread that one left sounding would keep busy.
        wires.factory.close()


# ---- what it sounds like


@EVERY_KIND
def test_before_the_first_cue_the_pin_is_driven_quiet(wires: Wires, kind: BuzzerSettings) -> None:
    room = Room(wires, kind)
    assert room.at_rest
    assert room.buzzer.next_deadline() is None


def test_a_reminder_is_two_falling_notes(wires: Wires) -> None:
    room = Room(wires)
    room.perform(Play(Cue.REMINDER))
    assert room.listen() == [Heard(0.0, 1200), Heard(0.16, None), Heard(0.19, 900), Heard(0.43, None)]


def test_notes_are_soft_for_they_are_high_a_tenth_of_the_time(wires: Wires) -> None:
    room = Room(wires)
    for cue in CUES:
        room.perform(cue)
        assert room.line.duty == 0.1
        room.listen()


def test_a_change_of_side_is_one_short_note_and_the_end_two_rising_ones(wires: Wires) -> None:
    room = Room(wires)
    room.perform(Play(Cue.CHANGE_SIDE))
    assert room.listen() == [Heard(0.0, 1050), Heard(0.12, None)]
    room.perform(Play(Cue.GUIDE_END))
    pitches = [heard.hz for heard in room.listen()]
    assert pitches == [900, 1200, None]


@EVERY_KIND
def test_cues_are_told_apart_by_ear(wires: Wires, kind: BuzzerSettings) -> None:
    melodies = set()
    for cue in CUES:
        room = Room(wires, kind)
        room.perform(cue)
        melodies.add(tuple(room.listen()))
        room.buzzer.close()
        del room
        gc.collect()
    assert len(melodies) == len(CUES)


@pytest.mark.parametrize("on", ["high", "low"])
def test_an_active_buzzer_chirps_at_the_level_that_powers_it(wires: Wires, on: str) -> None:
    room = Room(wires, BuzzerSettings("active", on))
    room.perform(Play(Cue.REMINDER))
    assert room.line == Line(True, on == "high", "floating")
    assert room.listen() == [Heard(0.0, 0.0), Heard(0.05, None), Heard(0.17, 0.0), Heard(0.22, None)]


@EVERY_KIND
def test_each_reminder_is_the_one_before_and_a_little_more(wires: Wires, kind: BuzzerSettings) -> None:
    room = Room(wires, kind)
    melodies = []
    for reminder in REMINDERS:
        began = room.now
        room.perform(reminder)
        melodies.append([Heard(round(heard.at - began, 3), heard.hz) for heard in room.listen()])
    for shorter, longer in pairwise(melodies):
        assert longer[: len(shorter)] == shorter
        assert 0 < longer[-1].at - shorter[-1].at < 1
    assert melodies[-1][-1].at < 3.5


@EVERY_KIND
def test_between_its_notes_and_after_them_no_wave_runs(wires: Wires, kind: BuzzerSettings) -> None:
    room = Room(wires, kind)
    for cue in CUES:
        room.perform(cue)
        assert not room.at_rest
        while (deadline := room.buzzer.next_deadline()) is not None:
            room.now = deadline
            room.buzzer.tick(room.now)
            assert room.at_rest is (room.hz is None)
        assert room.at_rest


# ---- when it sounds, and when not


@EVERY_KIND
def test_the_newest_cue_takes_the_place_of_any_other(wires: Wires, kind: BuzzerSettings) -> None:
    alone = Room(wires, kind)
    alone.perform(Play(Cue.CHANGE_SIDE))
    melody = alone.listen()
    alone.perform(Play(Cue.REMINDER, 4))
    began = alone.now
    alone.listen(until=began + 0.1)
    began = alone.now
    alone.perform(Play(Cue.CHANGE_SIDE))
    assert [Heard(round(heard.at - began, 3), heard.hz) for heard in alone.listen()] == melody


@EVERY_KIND
def test_silence_is_at_once_and_lasts(wires: Wires, kind: BuzzerSettings) -> None:
    room = Room(wires, kind)
    room.perform(Play(Cue.REMINDER, 4))
    room.perform(Silence())
    assert room.at_rest
    assert room.buzzer.next_deadline() is None
    room.buzzer.tick(30.0)
    assert room.at_rest


def test_called_too_early_it_does_nothing_and_too_late_it_plays_on_from_there(wires: Wires) -> None:
    room = Room(wires)
    room.perform(Play(Cue.REMINDER))
    room.buzzer.tick(0.159)
    assert room.hz == 1200
    room.buzzer.tick(5.0)
    assert room.hz is None
    assert room.buzzer.next_deadline() == 5.03
    room.now = 5.0
    assert room.listen()[-1] == Heard(5.27, None)


def test_what_is_no_sound_passes(wires: Wires) -> None:
    room = Room(wires)
    room.perform(Play(Cue.REMINDER))
    room.perform(Show(Dark()))
    room.perform(Note(fact_of(0.0, 0.0, "sound")))
    assert room.hz == 1200
    assert room.buzzer.next_deadline() == 0.16


@EVERY_KIND
def test_closed_it_is_silent_for_good_and_its_pin_stays_driven(wires: Wires, kind: BuzzerSettings) -> None:
    room = Room(wires, kind)
    room.perform(Play(Cue.REMINDER))
    room.buzzer.close()
    room.buzzer.close()
    room.perform(Play(Cue.REMINDER))
    room.buzzer.tick(30.0)
    assert room.at_rest
    assert room.buzzer.next_deadline() is None
    # gpiozero gives the pins of collected devices back, and a pin given back floats.
    del room.buzzer
    gc.collect()
    assert room.at_rest


def test_a_buzzer_that_is_gone_waits_for_no_lock_wherever_it_is_collected(wires: Wires) -> None:
    room = Room(wires)
    room.buzzer.close()
    # As if it were collected while its own thread takes a pin for another part.
    with wires.factory._res_lock:
        del room.buzzer
        gc.collect()
    Buzzer(wires.factory, Settings()).close()


@given(
    st.sampled_from(KINDS),
    st.lists(st.tuples(st.sampled_from([*CUES, Silence()]), st.floats(0, 3).map(lambda s: round(s, 3))), max_size=8),
)
def test_whatever_it_is_told_it_ends_silent(kind: BuzzerSettings, told: list[tuple[Effect, float]]) -> None:
    room = Room(MockWires(), kind)
    for effect, for_s in told:
        room.perform(effect)
        end = round(room.now + for_s, 3)
        room.listen(until=end)
        room.now = end
        assert room.at_rest or room.buzzer.next_deadline() is not None
    room.listen(until=room.now + 4)
    assert room.at_rest
    assert room.buzzer.next_deadline() is None


# ---- faults


@EVERY_KIND
def test_a_fault_is_told_once_and_heals_with_the_next_cue(
    wires: Wires, kind: BuzzerSettings, caplog: pytest.LogCaptureFixture
) -> None:
    room = Room(wires, kind)
    wires.refuses = OSError(5, "Input/output error")
    for cue in CUES:
        room.perform(cue)
        assert room.buzzer.next_deadline() is None
    room.perform(Silence())
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (logging.WARNING, "the buzzer can't sound: [Errno 5] Input/output error")
    ]
    wires.refuses = None
    room.perform(Play(Cue.CHANGE_SIDE))
    assert not room.at_rest
    room.listen()
    assert room.at_rest
    wires.refuses = OSError(5, "Input/output error")
    room.perform(Play(Cue.CHANGE_SIDE))
    assert len(caplog.records) == 2


def test_a_fault_in_mid_cue_ends_the_cue(wires: Wires) -> None:
    room = Room(wires)
    room.perform(Play(Cue.REMINDER))
    wires.refuses = OSError(5, "Input/output error")
    room.listen()
    assert room.buzzer.next_deadline() is None
    room.buzzer.close()
    wires.refuses = None
    room.perform(Silence())
    assert room.at_rest


def test_a_note_that_fails_half_way_leaves_no_wave_behind(wires: Wires) -> None:
    room = Room(wires)
    wires.refuses_waves = OSError(5, "Input/output error")
    room.perform(Play(Cue.REMINDER))
    assert room.at_rest
    assert room.buzzer.next_deadline() is None


def test_a_pin_it_cannot_have_is_one_line(wires: Wires) -> None:
    wires.refuses = RuntimeError("GPIO busy")
    with pytest.raises(PartError, match=r"^pins: GPIO18 \(buzzer\) can't be used: .*GPIO busy.*$"):
        Buzzer(wires.factory, Settings())


def test_the_pin_of_another_part_is_not_taken(wires: Wires) -> None:
    room = Room(wires)
    with pytest.raises(PartError, match="another part of Unsit has it already"):
        Buzzer(wires.factory, Settings(pins=Pins(buzzer=PIN)))
    room.perform(Play(Cue.REMINDER))
    assert room.hz == 1200
