"""A seat that is an ADS1115: its comparator watches, its pin tells, and no fault of the chip becomes sitting."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterator

import pytest
from PIL import ImageChops

from device.pictures.drawing import draw
from device.run.clock import RecordedClock, RunningClock
from device.run.loop import EventQueue
from device.settings.settings import PanelSettings, SeatSettings, Settings
from device.stretches.repertoire import all_stretches
from device.words.effects import Movement, Moving, Show
from device.words.events import Event, Level, Panel, Seat, SeatSensor
from device.words.instants import after
from device.words.levels import Thresholds
from hardware.panel.bus import panel_on
from hardware.panel.oled import OledPanel
from hardware.seat.ads1115 import WatchedSeat
from hardware.seat.ads1115_model import Ads1115Model, WeighedConverter
from hardware.shared.part import Wires
from hardware.simulated.desk import SimulatedDesk
from hardware.worker import LooksOnOwnThread
from tests.waiting import until

ADDRESS = 0x48
SETTINGS = Settings(seat=SeatSettings(kind="ads1115", empty=0.01, seated=0.3))


class Chair:
    """A chair with the converter, on simulated time."""

    def __init__(self, settings: Settings = SETTINGS) -> None:
        self.written: list[tuple[float, bytes]] = []
        self.clock = RecordedClock()
        self.desk = SimulatedDesk(settings, self._wrote)
        self.inbox = EventQueue()
        self.events: list[Event] = []
        self.seat = WatchedSeat(Wires(settings, self.inbox, self.clock, self.desk.factory, self.desk.i2c))
        self.end = next(end for end in self.desk._ends if isinstance(end, WeighedConverter))
        self.chip = self.end.chip
        self.desk.power_up()

    def start(self) -> Chair:
        self.seat.start()
        return self.wait(1.0)

    def wait(self, span_s: float) -> Chair:
        end = self.clock.at + span_s
        while (deadline := self.seat.next_deadline()) is not None and deadline <= end:
            self.clock.at = max(self.clock.at, deadline)
            self.seat.tick(self.clock.at)
        self.clock.at = end
        self.events += self.inbox.drain()
        return self

    def weigh(self, level: float, span_s: float = 60.0) -> Chair:
        self.desk.weigh(level)
        return self.wait(span_s)

    def unplug(self) -> Chair:
        self.desk.bus.unplug(ADDRESS)
        return self

    def refuse(self, span_s: float) -> Chair:
        """It acknowledges nothing for so long, and goes on as if nothing had been."""
        del self.desk.bus._chips[ADDRESS]
        return self.wait(span_s).plug()

    def plug(self) -> Chair:
        self.desk.bus.plug(ADDRESS, self.chip)
        return self

    @property
    def edges(self) -> list[tuple[float, bool]]:
        return [(event.at, event.taken) for event in self.events if isinstance(event, Seat)]

    @property
    def presence(self) -> list[tuple[float, bool]]:
        return [(event.at, event.present) for event in self.events if isinstance(event, SeatSensor)]

    def _wrote(self, address: int, payload: bytes) -> None:
        if address == ADDRESS:
            self.written.append((self.clock.at, payload))


@pytest.fixture
def chair() -> Chair:
    return Chair().start()


def changes(edges: list[tuple[float, bool]]) -> list[bool]:
    told: list[bool] = []
    for _, taken in edges:
        if told[-1:] != [taken]:
            told.append(taken)
    return told


# ---- as it should be


@pytest.mark.parametrize(("channel", "configuration"), [(0, "4202"), (1, "5202"), (2, "6202"), (3, "7202")])
def test_it_is_told_to_watch_its_input_by_itself(channel: int, configuration: str) -> None:
    chair = Chair(
        Settings(seat=SeatSettings(kind="ads1115", channel=channel, sit_above=0.2, leave_below=0.1, seated=0.5))
    )
    chair.start()
    writes = [payload.hex() for _, payload in chair.written if len(payload) == 3]
    # 0.2 and 0.1 of 3.3 V are 5280 and 2640 steps of 125 uV. Above 5279 is 5280, below 2641 is 2640.
    assert writes == ["020a51", "03149f", "01" + configuration]
    assert chair.weigh(0.2).edges[-1][1]
    assert chair.weigh(0.101).edges[-1][1]
    assert not chair.weigh(0.0999).edges[-1][1]
    assert not chair.weigh(0.199).edges[-1][1]


def test_each_of_500_sittings_is_heard_once_at_the_instant_of_its_edge(chair: Chair) -> None:
    truth = []
    for nth in range(500):
        truth.append((chair.clock.at, True))
        chair.weigh(0.2 + nth % 50 / 100, 100.0 + nth)
        truth.append((chair.clock.at, False))
        chair.weigh(nth % 4 / 100, 700.0)
    assert chair.edges == [(1.0 - 0.3, False), *truth]
    assert chair.presence == [(0.7, True)]


def test_the_level_is_told_at_each_edge_and_every_ten_minutes_and_when_it_has_changed_under_somebody(
    chair: Chair,
) -> None:
    chair.weigh(0.3, 1500.0).weigh(0.01, 100.0)
    levels = [(event.at, round(event.level, 3)) for event in chair.events if isinstance(event, Level)]
    assert levels == [(0.7, 0.01), (1.0, 0.3), (601.0, 0.3), (1201.0, 0.3), (1501.0, 0.01)]
    chair.events.clear()
    chair.weigh(0.3, 100.0).weigh(0.309, 100.0).weigh(0.311, 100.0)
    levels = [(event.at, round(event.level, 3)) for event in chair.events if isinstance(event, Level)]
    assert levels == [(1601.0, 0.3), (1841.0, 0.311)]


def test_at_an_empty_chair_the_bus_is_silent_but_for_a_look_every_ten_minutes(chair: Chair) -> None:
    chair.wait(10.0)
    chair.written.clear()
    chair.wait(8 * 3600.0)
    assert {at for at, _ in chair.written} == {0.7 + 600.0 * nth for nth in range(1, 49)}
    assert {len(payload) for _, payload in chair.written} == {1}, "nothing is written to a register"


def test_under_somebody_the_bus_is_asked_once_a_minute(chair: Chair) -> None:
    chair.weigh(0.3, 1.0)
    chair.written.clear()
    chair.wait(3600.0)
    assert {at for at, _ in chair.written} == {1.0 + 60.0 * nth for nth in range(1, 61)}
    assert {len(payload) for _, payload in chair.written} == {1}, "nothing is written to a register"


def test_who_sits_at_the_start_is_heard() -> None:
    chair = Chair()
    chair.desk.weigh(0.3)
    assert chair.start().edges == [(0.7, True)]


def test_a_restart_finds_it_watching_and_leaves_it_alone(chair: Chair) -> None:
    chair.weigh(0.3)
    chair.seat.close()
    chair.seat.close()
    written, chair.events = chair.chip.writes, []
    chair.seat = WatchedSeat(Wires(SETTINGS, chair.inbox, chair.clock, chair.desk.factory, chair.desk.i2c))
    chair.desk.power_up()
    at = chair.clock.at
    assert chair.start().edges == [(at, True)]
    assert chair.chip.writes == written


def test_without_calibration_nobody_ever_sits() -> None:
    chair = Chair(Settings(seat=SeatSettings(kind="ads1115"))).start()
    for level in (0.3, 0.9, 0.99, 0.0):
        chair.weigh(level)
    assert changes(chair.edges) == [False]
    assert chair.seat.level() == pytest.approx(0.0)


def test_new_thresholds_hold_from_the_moment_they_are_told(chair: Chair, caplog: pytest.LogCaptureFixture) -> None:
    chair.weigh(0.3)
    chair.seat.adjust(Thresholds(sit_above=0.5, leave_below=0.4))
    assert not chair.wait(1.0).edges[-1][1]
    assert chair.weigh(0.6).edges[-1][1]
    assert not caplog.records


# ---- what befalls the chip


def test_a_chip_that_resets_behind_our_back_is_told_again_and_said(
    chair: Chair, caplog: pytest.LogCaptureFixture
) -> None:
    chair.chip.reset()
    # Nothing tells of it till the next look; then it hears who sits meanwhile.
    chair.weigh(0.3, 700.0)
    assert chair.edges[-1] == (601.4, True)
    assert [record.message for record in caplog.records] == [
        "the seat's converter had forgotten how to watch, and was told again: was its power gone?"
    ]
    assert chair.presence == [(0.7, True)]


def test_a_chip_that_resets_while_somebody_sits_is_no_rising(chair: Chair) -> None:
    chair.weigh(0.3)
    for _ in range(10):
        chair.chip.reset()
        chair.wait(50.0)
    assert changes(chair.edges) == [False, True]


def test_who_rises_in_the_moment_of_a_reset_is_heard(chair: Chair) -> None:
    chair.weigh(0.3)
    at = chair.clock.at
    chair.chip.reset()
    chair.weigh(0.01)
    assert chair.edges[-1] == (after(at, 0.7), False)


def test_a_chip_that_is_pulled_off_is_lost_and_not_empty_and_is_found_when_it_is_back(
    chair: Chair, caplog: pytest.LogCaptureFixture
) -> None:
    chair.weigh(0.3)
    at = chair.clock.at
    chair.unplug().wait(3600.0)
    assert chair.presence == [(0.7, True), (after(at, 2.0), False)]
    assert changes(chair.edges) == [False, True], "the open contact is no rising"
    assert len(caplog.records) == 1, "it is said once"
    back_at = chair.clock.at
    chair.plug().wait(61.0)
    ((found_at, is_found),) = chair.presence[2:]
    assert is_found
    assert back_at < found_at <= back_at + 10.7
    assert chair.edges[-1] == (found_at, True)
    order = [event for event in chair.events if event.at == found_at]
    assert [type(event) for event in order] == [SeatSensor, Seat, Level]


def test_it_is_asked_with_patience_while_it_is_gone(chair: Chair) -> None:
    chair.unplug().wait(700.0)
    asked: list[float] = []
    answer = chair.desk.bus.i2c_rdwr

    def count(*messages: object) -> None:
        asked.append(chair.clock.at)
        answer(*messages)  # type: ignore[arg-type]

    chair.desk.bus.i2c_rdwr = count  # type: ignore[method-assign]
    chair.wait(3600.0)
    assert sorted(set(asked)) == [after(asked[0], 10.0 * nth) for nth in range(360)]


def test_a_chip_that_is_missing_at_the_start_is_lost_till_it_comes() -> None:
    chair = Chair().unplug()
    chair.start().wait(1.0)
    assert (chair.presence, chair.edges) == ([(2.0, False)], [])
    assert chair.plug().wait(10.0).presence[-1][1]
    assert not chair.edges[-1][1]


class Ads1015(Ads1115Model):
    """Its cheaper sister: the last four bits of a threshold are none."""

    def write(self, payload: bytes) -> None:
        is_threshold = len(payload) == 3 and payload[0] in (2, 3)
        super().write(bytes([*payload[:2], payload[2] & 0xF0]) if is_threshold else payload)


def test_another_chip_at_its_address_is_a_lost_seat_and_said_once(caplog: pytest.LogCaptureFixture) -> None:
    chair = Chair()
    chair.desk.bus.plug(ADDRESS, Ads1015())
    chair.start().wait(3600.0)
    assert (chair.presence, chair.edges) == ([(2.0, False)], [])
    (said,) = [record.message for record in caplog.records]
    assert said.startswith("the seat's converter doesn't answer: what answers there keeps nothing that it is told")


# ---- what befalls the wire of ALERT


def let_go(chair: Chair, *, high: bool) -> None:
    """The chip is heard no more; the pull-up has its way, or ground."""
    chair.chip._on_alert = lambda _: None
    pin = chair.desk.factory.pin(17)
    (pin.drive_high if high else pin.drive_low)()


def test_a_wire_of_alert_that_comes_off_under_somebody_is_lost_and_no_rising(
    chair: Chair, caplog: pytest.LogCaptureFixture
) -> None:
    chair.weigh(0.3)
    at = chair.clock.at
    let_go(chair, high=True)
    chair.wait(600.0)
    assert chair.presence == [(0.7, True), (after(at, 2.0), False)]
    assert changes(chair.edges) == [False, True]
    assert [record.message for record in caplog.records] == [
        "the seat's converter isn't heard: check the wire from ALRT to GPIO17"
    ]
    chair.chip._on_alert = lambda _: chair.end.power_up()
    chair.end.power_up()
    chair.wait(20.0)
    assert chair.presence[-1][1]
    assert changes(chair.edges) == [False, True]
    assert not chair.weigh(0.01).edges[-1][1]


def test_a_wire_of_alert_that_is_shorted_to_ground_is_lost_and_no_sitting(chair: Chair) -> None:
    at = chair.clock.at
    let_go(chair, high=False)
    chair.wait(600.0)
    assert chair.presence == [(0.7, True), (after(at, 2.0), False)]
    assert changes(chair.edges) == [False]


def test_a_wire_of_alert_that_is_off_is_noticed_at_the_next_look_under_somebody(chair: Chair) -> None:
    let_go(chair, high=True)
    chair.weigh(0.3, 700.0)
    assert [present for _, present in chair.presence] == [True, False]


def test_without_calibration_a_pin_that_says_taken_is_a_wire_that_is_shorted() -> None:
    chair = Chair(Settings(seat=SeatSettings(kind="ads1115"))).start()
    let_go(chair, high=False)
    chair.wait(60.0)
    assert [present for _, present in chair.presence] == [True, False]
    assert changes(chair.edges) == [False]


def test_a_look_in_the_half_second_before_alert_falls_changes_nothing(chair: Chair) -> None:
    """The level is above the threshold, and the comparator waits for four readings."""
    on_alert, chair.chip._on_alert = chair.chip._on_alert, lambda _: None
    chair.desk.weigh(0.3)
    chair.seat.adjust(SETTINGS.seat.levels.thresholds)  # type: ignore[union-attr]
    chair.wait(0.55)
    chair.chip._on_alert = on_alert
    chair.end.power_up()
    chair.wait(60.0)
    assert chair.presence == [(0.7, True)]
    assert chair.edges == [(0.7, False), (1.55, True)]


@pytest.mark.parametrize("level", [1.0, 0.996])
def test_a_wire_that_is_off_is_lost_and_not_taken(chair: Chair, level: float) -> None:
    at = chair.clock.at
    chair.weigh(level, 300.0)
    assert chair.presence == [(0.7, True), (after(at, 2.0), False)]
    assert changes(chair.edges) == [False]
    chair.weigh(0.01)
    assert chair.presence[-1][1]
    assert changes(chair.edges) == [False]
    assert changes(chair.weigh(0.3).edges) == [False, True]


def test_a_wire_that_comes_off_under_somebody_is_lost_within_a_minute_and_no_rising(chair: Chair) -> None:
    """Full scale keeps the contact closed, as somebody does who sits."""
    chair.weigh(0.3, 30.0)
    at = chair.clock.at
    chair.weigh(1.0, 600.0)
    ((lost_at, is_lost),) = chair.presence[1:]
    assert not is_lost
    assert lost_at <= at + 62.0
    assert changes(chair.edges) == [False, True]
    found_at = chair.clock.at
    chair.weigh(0.3, 60.0)
    assert chair.presence[2][1]
    assert chair.presence[2][0] <= found_at + 10.7
    assert changes(chair.edges) == [False, True]


def test_a_wire_that_chatters_while_it_is_lost_does_not_keep_the_bus_busy(chair: Chair) -> None:
    chair.weigh(1.0, 300.0)
    chair.written.clear()
    for nth in range(1000):
        chair.weigh((0.0, 1.0)[nth % 2], 0.01)
    assert len({at for at, _ in chair.written}) <= 40, "four times a second"


def test_what_is_not_acknowledged_for_a_second_and_a_half_loses_nothing(chair: Chair) -> None:
    """Whoever sits down or rises in that time has done so then."""
    truth = [(0.7, False)]
    for taken in (True, False, True, False):
        truth.append((chair.clock.at, taken))
        chair.desk.weigh(0.3 if taken else 0.01)
        chair.refuse(1.5).wait(60.0)
    assert (chair.presence, chair.edges) == ([(0.7, True)], truth)
    assert chair.seat._retry_s == 0.5


def test_what_is_not_acknowledged_for_three_seconds_is_lost_and_found_as_soon_as_it_answers(
    chair: Chair, caplog: pytest.LogCaptureFixture
) -> None:
    chair.weigh(0.3)
    for _ in range(3):
        at, chair.events = chair.clock.at, []
        chair.desk.weigh(0.01)
        chair.refuse(3.0).wait(60.0)
        back_at = after(at, 3.5)
        assert chair.presence == [(after(at, 2.0), False), (back_at, True)]
        assert chair.edges == [(back_at, False)], "when somebody rose is not known"
        chair.weigh(0.3)
    assert len(caplog.records) == 3


def test_while_it_does_not_answer_each_look_is_one_transfer(chair: Chair) -> None:
    asked: list[float] = []
    transfer = chair.desk.bus._addressed

    def count(address: int) -> object:
        asked.append(chair.clock.at)
        return transfer(address)

    chair.desk.bus._addressed = count  # type: ignore[method-assign, assignment]
    chair.wait(3600.0)
    asked.clear()
    chair.desk.weigh(0.3)
    chair.refuse(1.95)
    assert asked == [after(asked[0], nth / 10) for nth in range(20)], "ten times a second, and once each"


def test_full_scale_for_a_second_and_a_half_is_neither_a_loss_nor_a_sitting(chair: Chair) -> None:
    for level, taken in ((0.01, False), (0.3, True), (0.01, False)):
        chair.weigh(level)
        chair.events.clear()
        chair.weigh(1.0, 1.5).weigh(level)
        assert chair.presence == []
        assert {edge for _, edge in chair.edges} <= {taken}


@pytest.mark.parametrize("span_s", [1.5, 300.0])
def test_a_level_between_the_thresholds_after_full_scale_is_no_sitting(chair: Chair, span_s: float) -> None:
    """The comparator has closed the contact at full scale, and would keep it closed."""
    chair.weigh(1.0, span_s).weigh(0.05)
    assert changes(chair.edges) == [False]
    assert changes(chair.weigh(0.3).edges) == [False, True]
    assert changes(chair.weigh(0.01).edges) == [False, True, False]


def test_thresholds_that_are_told_during_a_look_are_not_left_for_the_next(chair: Chair) -> None:
    """The core tells them when it hears the level, which may be before the look has ended."""
    put, told = chair.inbox.put, [Thresholds(sit_above=0.5, leave_below=0.4)]

    def hear(event: Event) -> None:
        put(event)
        if isinstance(event, Level) and told:
            chair.seat.adjust(told.pop())

    chair.inbox.put = hear  # type: ignore[method-assign]
    chair.weigh(0.3, 2.0)
    assert [taken for _, taken in chair.edges] == [False, True, False]


def test_a_reset_is_said_after_new_thresholds_too(chair: Chair, caplog: pytest.LogCaptureFixture) -> None:
    """The same thresholds as before need no set-up, so the next one is not the one that was expected."""
    chair.seat.adjust(SETTINGS.seat.levels.thresholds)  # type: ignore[union-attr]
    chair.wait(60.0).chip.reset()
    chair.wait(700.0)
    assert len(caplog.records) == 1


@pytest.mark.parametrize("seed", range(5))
def test_transfers_that_fail_at_random_cost_no_sitting(chair: Chair, seed: int) -> None:
    dice = random.Random(seed)
    transfer, at_random = chair.desk.bus._addressed, [0]

    def sometimes(address: int) -> object:
        if dice.random() < 0.1:
            at_random[0] += 1
            raise OSError(121, "Remote I/O error")
        return transfer(address)

    chair.desk.bus._addressed = sometimes  # type: ignore[method-assign, assignment]
    for _ in range(500):
        chair.weigh(0.3, 120.0).weigh(0.01, 120.0)
    assert at_random[0] > 100
    assert changes(chair.edges) == [False, *[True, False] * 500]


@pytest.mark.parametrize("seed", range(16))
def test_whatever_befalls_it_nobody_sits_or_rises_who_does_not_and_in_the_end_it_is_right(seed: int) -> None:
    chair, dice = Chair().start(), random.Random(seed)
    may_be_taken, may_be_empty, level, is_there = False, True, 0.01, True
    for _ in range(300):
        before, heard = level, len(chair.edges)
        match dice.choice(("weigh", "weigh", "reset", "pull", "put back", "refuse", "rail", "other", "adjust")):
            case "weigh":
                level = dice.choice((0.0, 0.01, 0.05, 0.2, 0.5, 0.9))
            case "rail":
                level = 1.0
            case "reset":
                chair.chip.reset()
            case "pull" if is_there:
                chair.unplug()
                is_there = False
            case "put back" if not is_there:
                chair.plug()
                is_there = True
            case "refuse" if is_there:
                chair.refuse(dice.choice((0.05, 1.5, 3.0)))
            case "other":
                with pytest.raises(OSError, match="not acknowledged"):
                    chair.desk.i2c.chip(0x20).read(0, 1)
            case "adjust":
                chair.seat.adjust(Thresholds(0.08, 0.05))
        chair.weigh(level, dice.choice((0.0, 0.1, 0.6, 3.0, 70.0, 700.0)))
        # What is reported late may be of the weight before.
        may_be_taken = before >= 0.08 or level >= 0.08 or (may_be_taken and before > 0.05)
        may_be_empty = before <= 0.05 or level <= 0.05 or (may_be_empty and before < 0.08)
        told = {taken for _, taken in chair.edges[heard:]}
        assert may_be_taken or True not in told
        assert may_be_empty or False not in told
    if not is_there:
        chair.plug()
    chair.weigh(0.5, 1300.0)
    assert (chair.seat._present, chair.edges[-1][1]) == (True, True)
    assert not chair.weigh(0.01, 10.0).edges[-1][1]


def test_a_fault_of_another_chip_makes_it_look_but_not_all_the_time(chair: Chair) -> None:
    chair.wait(100.0)
    chair.chip.reset()
    chair.written.clear()
    for _ in range(20):
        with pytest.raises(OSError, match="not acknowledged"):
            chair.desk.i2c.chip(0x20).read(0, 1)
        chair.wait(1.0)
    assert [at for at, payload in chair.written if len(payload) == 3] == [101.0] * 3
    assert chair.weigh(0.3, 1.0).edges[-1][1], "it watches again"
    assert len({at for at, _ in chair.written}) == 3, "the fault, till it has settled, and the edge"


def test_a_level_that_cannot_be_read_is_none(chair: Chair) -> None:
    chair.weigh(0.25)
    assert chair.seat.level() == pytest.approx(0.25, abs=0.0001)
    chair.unplug()
    assert chair.seat.level() != chair.seat.level()


# ---- beside the panel


def on_its_own_thread(chair: Chair) -> tuple[WatchedSeat, LooksOnOwnThread]:
    """The chair's seat anew, looking in real time as on a Pi."""
    clock = RunningClock()
    chair.seat.close()
    seat = WatchedSeat(Wires(SETTINGS, chair.inbox, clock, chair.desk.factory, chair.desk.i2c))
    chair.desk.power_up()
    clock.start()
    looking = LooksOnOwnThread(seat, clock)
    looking.start()
    return seat, looking


def test_the_panel_loses_no_frame_while_it_is_asked_and_told_all_the_time() -> None:
    chair = Chair().start()
    figure = next(each.figure for each in all_stretches(Settings()) if each.id == "march")
    moving = Movement(Moving(figure, False, since=0.0), "30", "1:23")
    reports = EventQueue()
    panel = OledPanel(PanelSettings(), reports, lambda: panel_on(chair.desk.i2c, 0x3C))
    seat, talker = on_its_own_thread(chair)
    try:
        panel.perform(Show(moving), 0.0)
        frames = 0
        while (now := panel.next_deadline()) is not None and now <= 20.0:
            seat.adjust(Thresholds(0.2 + frames / 1000, 0.1))
            panel.tick(now)
            frames += 1
            assert not ImageChops.logical_xor(chair.desk.picture(), draw(moving, now)).getbbox()
        until(lambda: chair.chip.writes >= 6)
    finally:
        talker.close()
    assert frames == 200
    assert [event.present for event in reports.drain() if isinstance(event, Panel)] == [True]


@pytest.fixture
def threaded() -> Iterator[tuple[Chair, Callable[[], list[Event]]]]:
    """The chair on its own thread and in real time, as on a Pi."""
    chair = Chair()
    _, runner = on_its_own_thread(chair)

    def heard() -> list[Event]:
        chair.events += chair.inbox.drain()
        return chair.events

    until(lambda: any(isinstance(event, Seat) for event in heard()))
    yield chair, heard
    runner.close()


def test_on_a_pi_an_edge_wakes_its_thread_at_once(threaded: tuple[Chair, Callable[[], list[Event]]]) -> None:
    chair, heard = threaded
    for taken in (True, False) * 3:
        chair.desk.act("seat", taken)
        until(lambda taken=taken: heard() and chair.edges[-1][1] is taken)  # type: ignore[misc]


# ---- the model


def test_four_readings_in_a_row_close_the_contact_and_one_below_opens_it() -> None:
    alerts: list[bool] = []
    chip = Ads1115Model(alerts.append)
    for register in (b"\x02\x0a\x51", b"\x03\x14\x9f", b"\x01\x42\x02"):
        chip.write(register)
    chip.volts[0] = 1.0
    for _ in range(3):
        chip.convert()
    chip.volts[0] = 0.5
    chip.convert()
    chip.volts[0] = 1.0
    for _ in range(3):
        chip.convert()
    assert alerts == []
    chip.convert()
    assert alerts == [True]
    chip.volts[0] = 0.3
    chip.convert()
    assert alerts == [True, False]


@pytest.mark.parametrize("payload", ["04", "0142", "000001", "014212", "010202"])
def test_the_model_refuses_what_the_seat_has_no_business_to_send(payload: str) -> None:
    chip = Ads1115Model()
    for register in (b"\x02\x0a\x51", b"\x03\x14\x9f"):
        chip.write(register)
    with pytest.raises(ValueError, match=r"register|written|input|latch|cross"):
        chip.write(bytes.fromhex(payload))


def test_what_it_says_of_a_lost_chip_is_a_line(chair: Chair, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        chair.unplug().wait(700.0)
    assert [record.message for record in caplog.records] == [
        "the seat's converter doesn't answer: [Errno 121] not acknowledged"
    ]
