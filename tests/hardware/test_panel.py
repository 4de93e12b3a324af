"""The panel on the wire: luma's drivers on a model of the chip, with faults at every turn."""

from __future__ import annotations

import atexit
import errno
import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from luma.core.error import DeviceNotFoundError

from device.body.figure import Figure
from device.pictures.drawing import draw
from device.settings.settings import PanelSettings
from device.stretches.repertoire import shipped
from device.words.effects import (
    BigNumber,
    Card,
    Cue,
    Dark,
    Effect,
    Mark,
    Movement,
    Moving,
    Note,
    Play,
    Screen,
    Show,
    Silence,
)
from device.words.events import Event, Panel
from device.words.ports import Output
from hardware.panel.bus import Serial, panel_on
from hardware.panel.delta import packed, page_runs, windows, wire_bytes
from hardware.panel.oled import OledPanel
from hardware.shared.bus import real_bus
from hardware.simulated.controller import ModelBus, model_serial
from tests.facts import fact_of

CARD = Card("Today", ("Seated 2:10", "Breaks 3"), "press: stretch now")
COUNT = BigNumber("seated", "47", "min", "break in 73 min", 0.4)
DRIVERS = ("ssd1306", "sh1106", "ssd1309", "ssd1315")
EVERY_DRIVER = pytest.mark.parametrize("driver", DRIVERS)


FIGURES = {stretch.id: stretch.figure for stretch in shipped()}


def figure() -> Figure:
    return shipped()[0].figure


def movement(since: float, frozen_s: float | None = None) -> Movement:
    return Movement(Moving(figure(), False, since, frozen_s), "30", "1:23")


class Wiring:
    """A panel, its wire, and what it reported; time goes from deadline to deadline."""

    def __init__(self, driver: str = "ssd1306", **others: int) -> None:
        self.settings = PanelSettings(driver=driver, **others)
        self.writes: list[bytes] = []
        self.reports: list[tuple[float, bool]] = []
        self.now = 0.0
        self.bus = ModelBus(
            driver, self.settings.address, lambda _, payload: self.writes.append(payload), self.settings.first_column
        )
        self.panel = OledPanel(self.settings, self, self.open_bus)

    def open_bus(self) -> Serial:
        serial: Serial = model_serial(self.bus)
        return serial

    def put(self, event: Event) -> None:
        assert isinstance(event, Panel)
        self.reports.append((event.at, event.present))

    def show(self, screen: Screen) -> None:
        self.panel.perform(Show(screen), self.now)

    def wait(self, seconds: float) -> None:
        end = round(self.now + seconds, 3)
        while (deadline := self.panel.next_deadline()) is not None and deadline <= end:
            self.now = max(self.now, deadline)
            self.panel.tick(self.now)
            after = self.panel.next_deadline()
            assert after is None or after > self.now, "a deadline that was kept must not stand any longer"
        self.now = end

    def shows(self, screen: Screen, step: int = 0) -> bool:
        """Whether an eye sees exactly that, as it is drawn now."""
        drawn = draw(screen, self.now, step).rotate(self.settings.rotation)
        return self.bus.picture().tobytes() == drawn.tobytes()

    @property
    def dark(self) -> bool:
        return not self.bus.controller.on and self.bus.picture().getbbox() is None


# ---- what any output keeps to


def there() -> Output:
    return Wiring().panel


def gone() -> Output:
    wiring = Wiring()
    wiring.bus.gone()
    return wiring.panel


def without_bus() -> Output:
    return OledPanel(PanelSettings(), Wiring(), no_bus)


def no_bus() -> Serial:
    raise DeviceNotFoundError("I2C device not found: /dev/i2c-1")


EVERY_OUTPUT = pytest.mark.parametrize("make", [there, gone, without_bus])
EFFECTS: list[Effect] = [
    Show(CARD),
    Show(movement(0.0)),
    Play(Cue.REMINDER, 2),
    Silence(),
    Note(fact_of(0.0, 0.0, "sat")),
    Show(Dark()),
]


@EVERY_OUTPUT
def test_an_output_takes_every_effect_and_never_raises(make: Callable[[], Output]) -> None:
    output = make()
    for at, effect in enumerate(EFFECTS):
        output.perform(effect, float(at))
        output.tick(at + 0.5)
    output.close()


@EVERY_OUTPUT
def test_an_output_asks_to_be_called_later_than_it_was(make: Callable[[], Output]) -> None:
    output = make()
    for at, effect in enumerate(EFFECTS):
        output.perform(effect, float(at))
        now = max(float(at), output.next_deadline() or 0.0)
        output.tick(now)
        deadline = output.next_deadline()
        assert deadline is None or deadline > now
    output.close()


@EVERY_OUTPUT
def test_an_output_can_be_closed_twice_and_then_has_no_deadline(make: Callable[[], Output]) -> None:
    output = make()
    output.perform(Show(movement(0.0)), 1.0)
    output.close()
    output.close()
    assert output.next_deadline() is None


@EVERY_OUTPUT
def test_an_output_can_be_closed_before_it_was_ever_used(make: Callable[[], Output]) -> None:
    output = make()
    output.close()
    assert output.next_deadline() is None


# ---- pictures


@EVERY_DRIVER
@pytest.mark.parametrize("rotation", [0, 180])
def test_an_eye_sees_the_screen_as_it_is_drawn(driver: str, rotation: int) -> None:
    wiring = Wiring(driver, rotation=rotation)
    for screen in (CARD, COUNT, movement(0.0), Dark(), movement(0.0, frozen_s=1.0), CARD):
        wiring.show(screen)
        assert wiring.dark if isinstance(screen, Dark) else wiring.shows(screen)
        wiring.wait(0.7)
    assert wiring.bus.picture().getbbox() is not None


@EVERY_DRIVER
def test_the_light_goes_on_when_all_is_in_place(driver: str) -> None:
    wiring = Wiring(driver, contrast=0x21)
    wiring.show(CARD)
    assert not any(b"\xaf" in write for write in wiring.writes[:-1] if write[0] == 0x00)
    assert wiring.writes[-1] == b"\x00\xaf"
    assert wiring.bus.controller.contrast == 0x21


def test_a_panel_of_another_address_is_spoken_to_there() -> None:
    wiring = Wiring(address=0x3D)
    wiring.show(CARD)
    assert wiring.shows(CARD)


def test_between_two_deadlines_a_call_does_nothing() -> None:
    wiring = Wiring()
    wiring.show(movement(since=0.0))
    wiring.writes.clear()
    for at in (0.02, 0.05, 0.099):
        wiring.panel.tick(at)
    assert wiring.writes == []
    assert wiring.panel.next_deadline() == 0.1


def test_a_screen_that_has_not_changed_costs_a_byte_or_two_every_half_minute() -> None:
    wiring = Wiring()
    wiring.show(CARD)
    wiring.writes.clear()
    wiring.show(CARD)
    wiring.show(replace(CARD))
    assert wiring.writes == []
    wiring.wait(299)
    assert wiring.writes == [b"\x00\xe3"] * 9


def test_a_still_panel_that_goes_is_noticed_in_half_a_minute_and_whole_two_seconds_after_it_is_back() -> None:
    wiring = Wiring()
    wiring.show(CARD)
    wiring.wait(60)
    wiring.bus.gone()
    wiring.wait(30)
    assert wiring.reports[-1] == (90.0, False)
    wiring.wait(60)
    wiring.bus.back()
    wiring.wait(2)
    assert wiring.reports[-1] == (152.0, True)
    assert wiring.shows(CARD)


def test_dark_is_one_short_write_and_then_silence() -> None:
    wiring = Wiring()
    wiring.show(CARD)
    wiring.writes.clear()
    wiring.show(Dark())
    assert wiring.dark
    wiring.show(Dark())
    assert wiring.panel.next_deadline() is None
    assert wiring.writes == [b"\x00\xae"]


def test_after_the_dark_the_same_screen_is_sent_whole() -> None:
    wiring = Wiring()
    wiring.show(CARD)
    wiring.show(Dark())
    wiring.bus.controller.reset()
    wiring.show(CARD)
    assert wiring.shows(CARD)


def test_what_is_no_screen_does_not_concern_it() -> None:
    wiring = Wiring()
    wiring.show(CARD)
    deadline = wiring.panel.next_deadline()
    wiring.writes.clear()
    for effect in (Play(Cue.REMINDER), Silence(), Note(fact_of(0.0, 0.0, "sat"))):
        wiring.panel.perform(effect, 5.0)
    assert wiring.writes == []
    assert wiring.panel.next_deadline() == deadline


# ---- motion


def test_a_figure_moves_ten_times_a_second_from_its_own_beginning() -> None:
    wiring = Wiring()
    wiring.now = 7.25
    march = replace(movement(since=7.03), moving=Moving(FIGURES["march"], False, 7.03))
    wiring.show(march)
    deadlines = []
    for _ in range(20):
        deadline = wiring.panel.next_deadline()
        assert deadline is not None
        deadlines.append(deadline)
        wiring.wait(deadline - wiring.now)
        assert wiring.shows(march)
    assert deadlines == [round(7.33 + frame / 10, 3) for frame in range(20)]


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_a_figure_that_holds_is_let_alone_and_every_frame_is_right(figure: Figure) -> None:
    wiring = Wiring()
    screen = Movement(Moving(figure, False, 0.0), "30", "1:23")
    wiring.show(screen)
    drawn = 0
    frames = round(figure.loop_s * 10)
    for _ in range(frames):
        before = wiring.panel.next_deadline()
        wiring.wait(0.1)
        drawn += wiring.panel.next_deadline() != before
        assert wiring.shows(screen)
    held_s = sum(pose.holds_s for pose in figure.poses)
    assert drawn <= frames - 10 * held_s + 2 * len(figure.poses)


def test_frames_that_were_missed_are_not_made_up_for() -> None:
    wiring = Wiring()
    wiring.show(replace(movement(since=0.0), moving=Moving(FIGURES["walk"], False, 0.0)))
    wiring.panel.tick(30.04)
    assert wiring.panel.next_deadline() == 30.1


@EVERY_DRIVER
def test_a_frame_is_what_has_changed_and_nothing_else(driver: str) -> None:
    wiring = Wiring(driver)
    wiring.show(movement(since=0.0))
    for _ in range(100):
        wiring.writes.clear()
        held = packed(wiring.bus.picture())
        wiring.wait(0.1)
        shown = packed(wiring.bus.picture())
        changes = page_runs if driver == "sh1106" else windows
        assert wiring.writes == changes(held, shown)
        assert wire_bytes(wiring.writes) < 444, "what 100 kHz can take 25 times a second"


def test_a_figure_that_stands_still_asks_for_no_frames() -> None:
    wiring = Wiring()
    wiring.show(movement(0.0, frozen_s=1.3))
    assert wiring.panel.next_deadline() == 30.0


# ---- glass that begins elsewhere


@pytest.mark.parametrize("first_column", [0, 1, 2, 4])
@pytest.mark.parametrize("rotation", [0, 180])
def test_an_sh1106_shows_all_of_the_picture_wherever_its_glass_begins(first_column: int, rotation: int) -> None:
    wiring = Wiring("sh1106", first_column=first_column, rotation=rotation)
    for screen in (CARD, COUNT, movement(since=0.0)):
        wiring.show(screen)
        assert wiring.shows(screen)


def test_glass_that_begins_elsewhere_than_the_setting_says_shows_noise_at_its_edge() -> None:
    wiring = Wiring("sh1106", first_column=0)
    wiring.panel = OledPanel(PanelSettings(driver="sh1106"), wiring, wiring.open_bus)
    wiring.show(CARD)
    assert not wiring.shows(CARD)


# ---- keeping it fresh


@EVERY_DRIVER
def test_five_minutes_heal_whatever_became_of_the_panel(driver: str) -> None:
    wiring = Wiring(driver)
    wiring.show(CARD)
    wiring.bus.controller.reset()
    wiring.wait(299.9)
    assert wiring.dark
    wiring.wait(0.1)
    assert wiring.shows(CARD, step=1)


def test_a_figure_that_moves_on_and_on_is_refreshed_too() -> None:
    wiring = Wiring()
    wiring.show(movement(since=0.0))
    wiring.wait(299)
    wiring.bus.controller.reset()
    wiring.wait(0.5)
    assert wiring.dark
    wiring.wait(0.5)
    assert wiring.shows(movement(since=0.0), step=1)


def test_a_refresh_does_not_switch_the_panel_off() -> None:
    wiring = Wiring()
    wiring.show(CARD)
    wiring.writes.clear()
    wiring.wait(600)
    commands = [write[1:] for write in wiring.writes if write[0] == 0x00 and write[1:] != b"\xe3"]
    assert commands[0][:2] == bytes((0xD5, 0x80))
    assert not any(b"\xae" in command for command in commands)


def test_the_picture_wanders_every_five_minutes() -> None:
    wiring = Wiring()
    wiring.show(CARD)
    for step in range(10):
        assert wiring.shows(CARD, step)
        wiring.wait(300)


def test_an_hour_of_darkness_is_one_step_of_the_orbit() -> None:
    wiring = Wiring()
    wiring.show(CARD)
    wiring.show(Dark())
    wiring.wait(3600)
    wiring.show(CARD)
    assert wiring.shows(CARD, step=1)


# ---- lost and found


def test_a_panel_that_is_there_is_reported_before_anything_is_shown() -> None:
    wiring = Wiring()
    assert wiring.panel.next_deadline() == 0.0
    wiring.wait(10)
    assert wiring.reports == [(0.0, True)]
    assert wiring.dark


def test_a_panel_that_is_absent_is_reported_once_and_found_when_it_comes() -> None:
    wiring = Wiring()
    wiring.bus.gone()
    wiring.wait(9)
    wiring.show(CARD)
    assert wiring.reports == [(0.0, False)]
    wiring.bus.back()
    wiring.wait(2)
    assert wiring.reports == [(0.0, False), (11.0, True)]
    assert wiring.shows(CARD)


def test_a_bus_that_is_missing_is_logged_once_with_its_reason(caplog: pytest.LogCaptureFixture) -> None:
    wiring = Wiring()
    wiring.panel = OledPanel(wiring.settings, wiring, lambda: panel_on(real_bus(99), 0x3C))
    with caplog.at_level(logging.INFO):
        wiring.wait(60)
        wiring.show(CARD)
    assert [record.getMessage() for record in caplog.records] == [
        "the panel doesn't answer: I2C device not found: /dev/i2c-99"
    ]
    assert wiring.reports == [(0.0, False)]
    wiring.panel.close()


@EVERY_DRIVER
@pytest.mark.parametrize("code", [errno.EREMOTEIO, errno.EIO, errno.ETIMEDOUT])
def test_a_panel_that_refuses_any_transfer_of_its_start_is_back_in_two_seconds(driver: str, code: int) -> None:
    undisturbed = Wiring(driver)
    undisturbed.show(CARD)
    for nth in range(1, undisturbed.bus.transfers + 1):
        wiring = Wiring(driver)
        wiring.bus.refuse(nth, code)
        wiring.show(CARD)
        assert wiring.reports == [(0.0, False)]
        wiring.wait(2)
        assert wiring.reports == [(0.0, False), (2.0, True)]
        assert wiring.shows(CARD)


@EVERY_DRIVER
@pytest.mark.parametrize("screen", [COUNT, movement(since=1.0), Dark()], ids=["still", "moving", "dark"])
def test_a_panel_that_refuses_any_transfer_of_a_screen_is_back_in_two_seconds(driver: str, screen: Screen) -> None:
    undisturbed = Wiring(driver)
    undisturbed.show(CARD)
    undisturbed.wait(1)
    before = undisturbed.bus.transfers
    undisturbed.show(screen)
    for nth in range(1, undisturbed.bus.transfers - before + 1):
        wiring = Wiring(driver)
        wiring.show(CARD)
        wiring.wait(1)
        wiring.bus.refuse(nth)
        wiring.show(screen)
        # Whatever it held is lost with the contact.
        wiring.bus.controller.reset()
        retry_s = 30 if screen == Dark() else 2
        wiring.wait(retry_s)
        assert wiring.reports == [(0.0, True), (1.0, False), (1.0 + retry_s, True)]
        assert wiring.dark if screen == Dark() else wiring.shows(screen)


def test_while_it_is_lost_new_screens_do_not_hurry_the_next_try() -> None:
    wiring = Wiring()
    wiring.show(CARD)
    tries = 0

    def count_and_fail() -> Serial:
        nonlocal tries
        tries += 1
        return no_bus()

    wiring.panel = OledPanel(wiring.settings, wiring, count_and_fail)
    for _ in range(100):
        wiring.show(CARD)
        wiring.show(COUNT)
        wiring.wait(0.1)
    assert tries == 6, "at once, and every two seconds for ten"


def test_a_panel_lost_in_the_dark_is_found_dark() -> None:
    wiring = Wiring()
    wiring.show(CARD)
    wiring.bus.gone()
    wiring.show(Dark())
    wiring.wait(300)
    wiring.bus.back()
    wiring.wait(30)
    assert [present for _, present in wiring.reports] == [True, False, True]
    assert wiring.dark
    assert wiring.panel.next_deadline() is None


def test_a_panel_lost_in_the_dark_is_tried_soon_once_there_is_something_to_show() -> None:
    wiring = Wiring()
    wiring.bus.gone()
    wiring.wait(100)
    wiring.bus.back()
    wiring.show(CARD)
    wiring.wait(2)
    assert wiring.shows(CARD)


@EVERY_DRIVER
def test_a_panel_that_was_loose_for_a_moment_is_whole_again_after_a_press(driver: str) -> None:
    wiring = Wiring(driver)
    wiring.show(CARD)
    wiring.bus.gone()
    wiring.bus.back()
    wiring.show(replace(CARD, marks=frozenset({Mark.FELT})))
    wiring.show(COUNT)
    assert wiring.shows(COUNT)
    assert wiring.reports == [(0.0, True)], "nobody could have noticed"


def test_a_press_shows_as_few_bytes_at_once_and_all_of_them_when_it_is_over() -> None:
    wiring = Wiring()
    wiring.show(CARD)
    wiring.writes.clear()
    wiring.show(replace(CARD, marks=frozenset({Mark.FELT})))
    assert wire_bytes(wiring.writes) < 40
    wiring.writes.clear()
    wiring.show(CARD)
    assert wire_bytes(wiring.writes) > 1024


@dataclass
class Mishaps:
    """What may happen to a panel, told in order."""

    wiring: Wiring
    refusals: int = field(default=0)

    def gone(self) -> None:
        self.wiring.bus.gone()

    def back(self) -> None:
        self.wiring.bus.back()

    def refusal(self) -> None:
        self.refusals += 1
        self.wiring.bus.refuse(1 + self.refusals % 3)

    def moment(self) -> None:
        self.wiring.wait(0.35)

    def while_longer(self) -> None:
        self.wiring.wait(3)

    def card(self) -> None:
        self.wiring.show(CARD)

    def figure(self) -> None:
        self.wiring.show(movement(self.wiring.now))

    def dark(self) -> None:
        self.wiring.show(Dark())


HAPPENINGS = (
    Mishaps.gone,
    Mishaps.back,
    Mishaps.refusal,
    Mishaps.moment,
    Mishaps.while_longer,
    Mishaps.card,
    Mishaps.figure,
    Mishaps.dark,
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(DRIVERS), st.lists(st.sampled_from(HAPPENINGS), max_size=25))
def test_whatever_happens_after_a_press_the_screen_is_seen_within_five_seconds(
    driver: str, happenings: list[Callable[[Mishaps], None]]
) -> None:
    wiring = Wiring(driver)
    mishaps = Mishaps(wiring)
    for happening in happenings:
        happening(mishaps)
    wiring.bus.back()
    wiring.show(replace(COUNT, marks=frozenset({Mark.FELT})))
    wiring.show(COUNT)
    # Each refusal that is still to come costs one more try.
    wiring.wait(2 * mishaps.refusals + 5)
    assert wiring.shows(COUNT)
    reported = [present for _, present in wiring.reports]
    assert reported[-1] is True
    assert all(one is not other for one, other in pairwise(reported))


# ---- the end


@EVERY_DRIVER
def test_closing_leaves_the_panel_dark_and_the_bus_closed(driver: str) -> None:
    wiring = Wiring(driver)
    wiring.show(CARD)
    wiring.writes.clear()
    wiring.panel.close()
    assert wiring.dark
    assert wiring.writes == [b"\x00\xae"]
    assert not wiring.bus.is_open
    wiring.panel.close()
    wiring.panel.tick(700.0)
    wiring.panel.perform(Show(CARD), 700.0)
    assert wiring.writes == [b"\x00\xae"]
    assert not wiring.bus.is_open


def test_closing_a_dark_panel_sends_nothing() -> None:
    wiring = Wiring()
    wiring.show(CARD)
    wiring.show(Dark())
    wiring.writes.clear()
    wiring.panel.close()
    assert wiring.writes == []
    assert not wiring.bus.is_open


def test_closing_while_it_is_gone_harms_nobody() -> None:
    wiring = Wiring()
    wiring.show(CARD)
    wiring.bus.gone()
    wiring.panel.close()
    assert not wiring.bus.is_open


def test_a_bus_that_cannot_even_be_closed_harms_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    wiring = Wiring()
    wiring.show(CARD)

    def unplugged() -> None:
        raise OSError(errno.ENODEV, "no such device")

    monkeypatch.setattr(wiring.bus, "close", unplugged)
    wiring.bus.gone()
    wiring.show(COUNT)
    wiring.panel.close()
    assert wiring.reports == [(0.0, True), (0.0, False)]


def test_a_panel_that_came_back_unnoticed_is_dark_in_the_end() -> None:
    wiring = Wiring()
    wiring.show(CARD)
    wiring.bus.refuse(1)
    wiring.show(COUNT)
    assert wiring.bus.controller.on
    wiring.panel.close()
    assert wiring.dark
    assert wiring.reports == [(0.0, True), (0.0, False)]


@pytest.fixture
def farewells(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    registered: list[object] = []
    monkeypatch.setattr(atexit, "register", registered.append)
    return registered


@EVERY_DRIVER
def test_when_python_ends_nobody_speaks_to_the_bus(driver: str, farewells: list[object]) -> None:
    wiring = Wiring(driver)
    wiring.show(CARD)
    wiring.bus.gone()
    wiring.wait(10)
    wiring.show(COUNT)
    wiring.wait(10)
    wiring.panel.close()
    assert farewells == []
