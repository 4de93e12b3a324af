"""The simulated desk, and the parts on it: what hands do is heard, and what the device does is seen and heard."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial

import pytest
from gpiozero import PinUnknownPi

from device.run.clock import DeskWall
from device.run.loop import EventQueue
from device.settings.settings import BuzzerSettings, PanelSettings, Pins, Settings
from device.words.effects import BigWords, Cue, Effect, Play, Show, Silence
from device.words.events import Button, Event, Panel, Seat
from device.words.ports import PartError
from hardware import parts
from hardware.buzzer.buzzer import Buzzer
from hardware.panel.bus import panel_on
from hardware.panel.oled import OledPanel
from hardware.parts import WiredDesk, at_the_desk, is_a_pi, on_the_pi, show_on_panel
from hardware.shared.bus import Bus, OpenBus
from hardware.simulated.desk import SimulatedDesk
from tests.waiting import WITHIN_S
from tests.wires import ZERO_2_W, Line, be_no_pi, wires_of

HELLO = Show(BigWords(("hello",)))


class Inbox:
    def __init__(self) -> None:
        self.events: list[Event] = []

    def put(self, event: Event) -> None:
        self.events.append(event)

    @property
    def levels(self) -> list[tuple[str, bool]]:
        return [
            ("seat", event.taken) if isinstance(event, Seat) else ("button", event.down)
            for event in self.events
            if isinstance(event, Seat | Button)
        ]


class Standing:
    """A clock that stands."""

    def now(self) -> float:
        return 0.0

    def wait_s(self, until: float) -> float:
        return 0.0 if until <= 0.0 else 3600.0


def wired(settings: Settings, *before: tuple[str, bool]) -> tuple[SimulatedDesk, WiredDesk, Inbox]:
    """A desk with all parts on it, whose hands have done that before they were."""
    desk, inbox = SimulatedDesk(settings), Inbox()
    for part, value in before:
        desk.act(part, value)
    device = WiredDesk(desk, settings, inbox, Standing())
    device.start()
    return desk, device, inbox


def perform(device: WiredDesk, effect: Effect) -> None:
    for output in device.outputs:
        output.perform(effect, 0.0)


def tick(device: WiredDesk, now: float) -> None:
    for output in device.outputs:
        output.tick(now)


# ---- hands

WIRINGS = [
    Pins(seat_pull=pull, seat_taken=yes, button_pull=pull, button_down=yes)
    for pull in ("up", "down", "none")
    for yes in ("low", "high")
]


@pytest.mark.parametrize("pins", WIRINGS, ids=lambda pins: f"{pins.seat_pull}-{pins.seat_taken}")
def test_hands_mean_the_same_however_it_is_wired(pins: Pins) -> None:
    desk, device, inbox = wired(Settings(pins=pins))
    for part in ("seat", "button"):
        for value in (True, False):
            desk.act(part, value)
    assert inbox.levels == [
        *(("seat", False), ("button", False)),
        *(("seat", True), ("seat", False), ("button", True), ("button", False)),
    ]
    assert device.outputs


@pytest.mark.parametrize("pins", WIRINGS, ids=lambda pins: f"{pins.seat_pull}-{pins.seat_taken}")
def test_what_hands_did_before_the_parts_were_there_holds(pins: Pins) -> None:
    _, device, inbox = wired(Settings(pins=pins), ("seat", True), ("button", True), ("button", False))
    assert inbox.levels == [("seat", True), ("button", False)]
    assert device.outputs


def test_sitting_twice_is_sitting() -> None:
    desk, device, inbox = wired(Settings())
    device.act("seat", True)
    desk.act("seat", True)
    assert inbox.levels == [("seat", False), ("button", False), ("seat", True)]


# ---- the eye


def test_the_eye_sees_the_panel_until_it_is_gone_and_again_when_it_is_back() -> None:
    desk, device, inbox = wired(Settings())
    perform(device, HELLO)
    seen = desk.picture().tobytes()
    assert any(seen)
    desk.act("panel", False)
    assert desk.picture().getbbox() is None
    tick(device, 60.0)
    desk.act("panel", True)
    assert desk.picture().getbbox() is None, "a panel that was without power shows nothing by itself"
    tick(device, 120.0)
    assert desk.picture().tobytes() == seen
    assert [event.present for event in inbox.events if isinstance(event, Panel)] == [True, False, True]


def test_a_panel_that_is_gone_from_the_start_is_dark_and_hurts_nobody() -> None:
    desk, device, inbox = wired(Settings(), ("panel", False))
    perform(device, HELLO)
    desk.act("seat", True)
    assert desk.picture().getbbox() is None
    assert Panel(0.0, False) in inbox.events
    assert inbox.levels[-1] == ("seat", True)


def test_each_write_that_is_acknowledged_is_told_with_its_address() -> None:
    writes: list[tuple[int, bytes]] = []
    settings = Settings(panel=PanelSettings(address=0x3D))
    desk = SimulatedDesk(settings, lambda address, payload: writes.append((address, payload)))
    device = WiredDesk(desk, settings, Inbox(), Standing())
    perform(device, HELLO)
    assert {address for address, _ in writes} == {0x3D}
    desk.act("panel", False)
    told = len(writes)
    perform(device, Show(BigWords(("nobody", "reads this"))))
    assert len(writes) == told


# ---- the ear


@pytest.mark.parametrize(
    ("buzzer", "hears"),
    [(BuzzerSettings("passive"), 1200), (BuzzerSettings("active"), 0.0), (BuzzerSettings("active", "low"), 0.0)],
    ids=["passive", "active", "active-low"],
)
def test_the_ear_hears_what_the_buzzer_plays(buzzer: BuzzerSettings, hears: float) -> None:
    desk, device, _ = wired(Settings(buzzer=buzzer))
    assert desk.sounding_hz is None
    perform(device, Play(Cue.REMINDER))
    assert desk.sounding_hz == hears
    perform(device, Silence())
    assert desk.sounding_hz is None


@pytest.mark.parametrize("kind", ["passive", "active", "none"])
def test_a_desk_nobody_has_put_anything_on_is_silent(kind: str) -> None:
    for on in ("high", "low"):
        assert SimulatedDesk(Settings(buzzer=BuzzerSettings(kind, on))).sounding_hz is None


def test_without_a_buzzer_its_pin_is_left_alone() -> None:
    desk, device, _ = wired(Settings(buzzer=BuzzerSettings("none")))
    perform(device, Play(Cue.REMINDER))
    assert desk.sounding_hz is None
    assert desk.factory.pin(18).function == "input"
    assert not any(isinstance(output, Buzzer) for output in device.outputs)


# ---- live


def next_of(inbox: EventQueue, kinds: type[Event] | tuple[type[Event], ...]) -> Event:
    while (event := inbox.wait(WITHIN_S)) is not None:
        if isinstance(event, kinds):
            return event
    raise AssertionError("nothing was reported")


def part_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name in {"OledPanel", "Buzzer"}]


def test_live_the_parts_report_and_perform_and_in_the_end_all_is_dark_and_silent() -> None:
    settings, inbox = Settings(), EventQueue()
    desk = SimulatedDesk(settings)
    desk.act("seat", True)
    with at_the_desk(desk, settings, inbox, Standing(), DeskWall()) as (performers, _):
        assert [next_of(inbox, (Seat, Button)) for _ in range(2)] == [Seat(0.0, True), Button(0.0, False)]
        for performer in performers:
            performer.perform(HELLO)
            performer.perform(Play(Cue.REMINDER))
        desk.act("seat", False)
        assert next_of(inbox, Seat) == Seat(0.0, False)
        assert sorted(part_threads()) == ["Buzzer", "OledPanel"]
    assert desk.picture().getbbox() is None
    assert desk.sounding_hz is None
    assert part_threads() == []
    desk.act("seat", True)
    assert not [event for event in inbox.drain() if isinstance(event, Seat)]


def test_live_a_crash_leaves_it_dark_and_silent_too() -> None:
    settings = Settings()
    desk = SimulatedDesk(settings)

    def crash() -> None:
        with at_the_desk(desk, settings, EventQueue(), Standing(), DeskWall()) as (performers, _):
            for performer in performers:
                performer.perform(HELLO)
                performer.perform(Play(Cue.REMINDER))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        crash()
    assert desk.picture().getbbox() is None
    assert desk.sounding_hz is None
    assert part_threads() == []


def test_a_part_that_cannot_be_had_closes_those_before_it() -> None:
    settings = Settings(pins=Pins(button=17))
    desk = SimulatedDesk(settings)
    with (
        pytest.raises(PartError, match=r"GPIO17 \(button\)"),
        at_the_desk(desk, settings, EventQueue(), Standing(), DeskWall()),
    ):
        raise AssertionError("it must not run with a part missing")
    assert part_threads() == []
    assert desk.picture().getbbox() is None
    # The chair pad was given back: somebody else may have its pin.
    sane = replace(settings, pins=Pins())
    with at_the_desk(desk, sane, EventQueue(), Standing(), DeskWall()) as (performers, _):
        assert len(performers) == 2


# ---- the Pi's own ends


@pytest.mark.parametrize("back_end", ["gpiod", "lgpio", "rpigpio"])
def test_on_a_pi_without_a_panel_the_rest_works(back_end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wires = wires_of(back_end, monkeypatch)
    monkeypatch.setattr(parts, "real_bus", no_bus)
    inbox = EventQueue()
    with on_the_pi(Settings(pins=Pins(backend=back_end)), inbox, Standing(), DeskWall()) as performers:
        # The panel has a thread of its own, so its word may come between the others.
        reported = {next_of(inbox, (Seat, Button, Panel)) for _ in range(3)}
        assert reported == {Seat(0.0, False), Button(0.0, False), Panel(0.0, False)}
        wires.hand(17, False)
        assert next_of(inbox, Seat) == Seat(0.0, True)
        for performer in performers:
            performer.perform(Play(Cue.REMINDER))
    assert wires.line(18) == Line(True, False, "floating")
    assert part_threads() == []


def no_bus(_port: int) -> Bus:
    def fail() -> OpenBus:
        raise OSError(2, "No such file or directory", "/dev/i2c-1")

    return Bus(fail)


def test_on_the_pi_off_a_pi_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    be_no_pi(monkeypatch)
    with (
        pytest.raises(PartError, match="no Raspberry Pi found here"),
        on_the_pi(Settings(), Inbox(), Standing(), DeskWall()),
    ):
        raise AssertionError("there is nothing to run on")


def test_a_pi_is_known_by_its_revision(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "get_pi_revision", lambda: ZERO_2_W)
    assert is_a_pi()


@pytest.mark.parametrize("why", [PinUnknownPi("unable to locate Pi revision"), PermissionError(13, "/proc/cpuinfo")])
def test_what_names_no_revision_is_no_pi(why: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> int:
        raise why

    monkeypatch.setattr(parts, "get_pi_revision", unknown)
    assert not is_a_pi()


def test_a_device_that_does_not_start_leaves_its_reason_on_the_panel(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = SimulatedDesk(Settings())
    monkeypatch.setattr(parts, "real_bus", lambda _port: desk.i2c)
    show_on_panel(HELLO.screen, PanelSettings())
    assert desk.picture().getbbox() is not None


def test_where_there_is_no_panel_either_a_device_that_does_not_start_says_no_more(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(parts, "real_bus", no_bus)
    show_on_panel(HELLO.screen, PanelSettings())
    assert caplog.records == []
    # Later on a panel that is missing is told of as ever.
    OledPanel(PanelSettings(), Inbox(), partial(panel_on, no_bus(1), 0x3C)).perform(HELLO, 0.0)
    assert len(caplog.records) == 1


def test_a_desk_that_stands_for_months_remembers_no_level_but_the_last() -> None:
    desk = SimulatedDesk(Settings())
    desk.power_up()
    for nth in range(100):
        desk.act("seat", bool(nth % 2))
    assert len(desk.factory.pin(17).states) == 1
