"""The pins: one contract for both contacts on every back-end, and what is said when a back-end can't be had."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.settings.settings import BuzzerSettings, Pins, Settings
from device.words.events import Button, Event, Seat
from device.words.ports import PartError
from hardware.button.button import PushButton
from hardware.buzzer.buzzer import silence
from hardware.gpio.pins import open_factory
from hardware.seat.contact import ChairPad
from tests.wires import BACK_ENDS, LgpioError, LgpioWires, MockWires, RPiGPIOWires, Wires, be_a_pi, be_no_pi, wires_of

PAD, BUTTON, BUZZER = 17, 27, 18


class Listening:
    """Inbox and clock in one; the clock goes on a second with each look at it."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.at = 0.0
        self.on_look: Callable[[], object] = lambda: None

    def put(self, event: Event) -> None:
        self.events.append(event)

    def now(self) -> float:
        on_look, self.on_look = self.on_look, lambda: None
        on_look()
        self.at += 1.0
        return self.at

    def wait_s(self, until: float) -> float:
        raise AssertionError(f"a contact waits for nothing, not for {until}")

    @property
    def levels(self) -> list[bool]:
        return [event.taken if isinstance(event, Seat) else event.down for event in self.of_contacts]

    @property
    def of_contacts(self) -> list[Seat | Button]:
        return [event for event in self.events if isinstance(event, Seat | Button)]


@pytest.fixture(params=BACK_ENDS)
def wires(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Wires:
    return wires_of(request.param, monkeypatch)


@pytest.fixture
def heard() -> Listening:
    return Listening()


def pad(wires: Wires, heard: Listening, pull: str = "up", taken: str = "low") -> ChairPad:
    return ChairPad(wires.factory, Pins(seat_pull=pull, seat_taken=taken), heard, heard)


# ---- the contract


def test_the_level_there_is_comes_first(wires: Wires, heard: Listening) -> None:
    pad(wires, heard).start()
    assert heard.events == [Seat(1.0, False)]


def test_the_button_is_a_contact_of_the_same_kind(wires: Wires, heard: Listening) -> None:
    button = PushButton(wires.factory, Pins(), heard, heard)
    button.start()
    wires.hand(BUTTON, False)
    wires.hand(BUTTON, True)
    # Not by their times: what the kernel has stamped, a busy machine tells a moment later.
    assert all(isinstance(event, Button) for event in heard.events)
    assert heard.levels == [False, True, False]


def test_a_level_that_came_before_the_start_is_not_lost(wires: Wires, heard: Listening) -> None:
    contact = pad(wires, heard)
    wires.hand(PAD, False)
    assert heard.events == []
    contact.start()
    assert heard.levels == [True]
    wires.hand(PAD, True)
    assert heard.levels == [True, False]


def test_a_level_that_came_and_went_before_the_start_is_none(wires: Wires, heard: Listening) -> None:
    contact = pad(wires, heard)
    wires.hand(PAD, False)
    wires.hand(PAD, True)
    contact.start()
    wires.hand(PAD, False)
    assert heard.levels == [False, True]


def test_every_bounce_is_told_for_the_core_to_judge(wires: Wires, heard: Listening) -> None:
    contact = pad(wires, heard)
    contact.start()
    for high in (False, True) * 20:
        wires.hand(PAD, high)
    assert heard.levels == [False, *(True, False) * 20]
    assert [event.at for event in heard.events] == pytest.approx([float(nth) for nth in range(1, 42)], abs=0.9)


@pytest.mark.parametrize(
    ("pull", "taken", "at_rest"),
    [
        ("up", "low", False),
        ("up", "high", True),
        ("down", "high", False),
        ("down", "low", True),
    ],
)
def test_pull_and_polarity_are_as_wired(wires: Wires, heard: Listening, pull: str, taken: str, at_rest: bool) -> None:
    contact = pad(wires, heard, pull, taken)
    assert wires.line(PAD).pull == pull
    contact.start()
    assert wires.line(PAD).pull == pull
    wires.hand(PAD, pull == "down")
    assert heard.levels == [at_rest, not at_rest]
    assert contact.level is not at_rest


@pytest.mark.parametrize("taken", ["low", "high"])
def test_without_a_pull_the_divider_on_the_pin_decides(wires: Wires, heard: Listening, taken: str) -> None:
    contact = pad(wires, heard, "none", taken)
    assert wires.line(PAD).pull == "floating"
    wires.hand(PAD, True)
    contact.start()
    wires.hand(PAD, False)
    assert heard.levels == [taken == "high", taken == "low"]


def test_nothing_is_told_after_the_end_and_the_pin_is_free_again(wires: Wires, heard: Listening) -> None:
    contact = pad(wires, heard)
    contact.start()
    contact.close()
    contact.close()
    wires.hand(PAD, False)
    contact.start()
    assert heard.levels == [False]
    with pytest.raises(PartError, match=r"GPIO17 \(chair pad\).*closed"):
        _ = contact.level
    successor = pad(wires, heard)
    successor.start()
    at_rest = wires.line(PAD).high
    wires.hand(PAD, not at_rest)
    assert heard.levels == [False, not at_rest, at_rest]


def test_an_inbox_that_fails_once_makes_nobody_deaf(
    wires: Wires, heard: Listening, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("an hour has no such minute")

    contacts = pad(wires, heard), PushButton(wires.factory, Pins(), heard, heard)
    for contact in contacts:
        contact.start()
    heard.on_look = fail
    wires.hand(PAD, False)
    wires.hand(PAD, True)
    wires.hand(BUTTON, False)
    assert heard.levels == [False, False, False, True]
    assert [record.getMessage() for record in caplog.records] == ["pins: a change of the chair pad was lost"]


def test_an_edge_in_the_middle_of_the_start_comes_after_the_older_level(wires: Wires, heard: Listening) -> None:
    contact = pad(wires, heard)
    sitter = threading.Thread(target=wires.hand, args=(PAD, False))

    def sit() -> None:
        sitter.start()
        # Long enough for a report that doesn't wait for its turn; one that does outlasts any such time.
        sitter.join(0.1)

    heard.on_look = sit
    contact.start()
    sitter.join()
    assert heard.levels[-1] is True
    assert heard.levels[0] is False


def test_two_parts_on_one_pin_are_told_of_each_other(wires: Wires, heard: Listening) -> None:
    first = pad(wires, heard)
    with pytest.raises(PartError, match=r"GPIO17 \(button\) can't be used: another part of Unsit has it already"):
        PushButton(wires.factory, Pins(button=PAD), heard, heard)
    first.start()
    wires.hand(PAD, False)
    assert heard.levels == [False, True]


def test_a_pin_with_a_resistor_of_its_own_says_so(wires: Wires, heard: Listening) -> None:
    with pytest.raises(PartError, match=r"GPIO2 .*fixed pull-up resistor"):
        ChairPad(wires.factory, Pins(seat=2, seat_pull="down"), heard, heard)


@given(st.lists(st.booleans(), max_size=30), st.lists(st.booleans(), max_size=30))
def test_the_last_word_is_always_the_level_there_is(before: list[bool], after: list[bool]) -> None:
    wires, heard = MockWires(), Listening()
    contact = pad(wires, heard)
    for high in before:
        wires.hand(PAD, high)
    contact.start()
    for high in after:
        wires.hand(PAD, high)
    assert heard.levels[-1] is not wires.line(PAD).high
    assert all(one != other for one, other in zip(heard.levels, heard.levels[1:], strict=False))


# ---- back-ends that can't be had


def why_not(backend: str) -> str:
    with pytest.raises(PartError) as caught:
        open_factory(backend)
    said = str(caught.value)
    assert "\n" not in said
    assert said.startswith(f"pins: {backend} can't be used: ")
    return said


@pytest.mark.parametrize("backend", ["gpiod", "lgpio", "rpigpio"])
def test_off_a_pi_there_is_a_simulated_one(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    be_no_pi(monkeypatch)
    assert "no Raspberry Pi found here; off a Pi use --hardware simulated" in why_not(backend)


def test_a_missing_library_is_asked_for_though_the_other_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    wires_of("rpigpio", monkeypatch)
    monkeypatch.setitem(sys.modules, "lgpio", None)
    said = why_not("lgpio")
    assert "not installed" in said
    assert "sudo apt install python3-lgpio" in said


def test_a_missing_rpi_gpio_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    be_a_pi(monkeypatch)
    monkeypatch.setitem(sys.modules, "RPi", None)
    assert "pip install RPi.GPIO" in why_not("rpigpio")


def test_the_empty_module_that_pip_finds_is_seen_through(monkeypatch: pytest.MonkeyPatch) -> None:
    be_a_pi(monkeypatch)
    monkeypatch.setitem(sys.modules, "lgpio", ModuleType("lgpio"))
    assert "empty or too old" in why_not("lgpio")


def test_a_folder_lgpio_cannot_write_to_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    be_a_pi(monkeypatch)
    monkeypatch.delitem(sys.modules, "lgpio", raising=False)
    (tmp_path / "lgpio.py").write_text("raise FileNotFoundError(2, 'No such file or directory', '.lgd-nfy-3')")
    monkeypatch.syspath_prepend(tmp_path)
    said = why_not("lgpio")
    assert f"can't write into {Path.cwd()}" in said
    assert "LG_WD" in said


def test_a_library_that_refuses_the_board_is_quoted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    be_a_pi(monkeypatch)
    for name in ("RPi", "RPi.GPIO"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    (tmp_path / "RPi").mkdir()
    (tmp_path / "RPi" / "__init__.py").touch()
    (tmp_path / "RPi" / "GPIO.py").write_text("raise RuntimeError('Cannot determine SOC peripheral base address')")
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "gpiomem").touch()
    monkeypatch.setattr("hardware.gpio.pins.Path", lambda _: tmp_path)
    said = why_not("rpigpio")
    assert "Cannot determine SOC peripheral base address" in said
    assert "rpigpio is for the Pi 4 and older" in said


class TestAChipThatIsNotOpened:
    """lgpio is there, and says no more than that it can't open the chip."""

    @pytest.fixture(autouse=True)
    def _closed_chip(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        def refused(_chip: int) -> int:
            raise LgpioError("can not open gpiochip")

        wires_of("lgpio", monkeypatch)
        monkeypatch.setattr(sys.modules["lgpio"], "gpiochip_open", refused)
        monkeypatch.setattr("hardware.gpio.pins.Path", lambda _: tmp_path)

    def test_for_there_is_none(self) -> None:
        assert "can not open gpiochip; there is no GPIO device under /dev" in why_not("lgpio")

    def test_for_this_user_may_not(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        (tmp_path / "gpiochip0").touch()
        monkeypatch.setattr("os.access", lambda _path, _mode: False)
        monkeypatch.setattr("hardware.gpio.pins._is_roots_alone", lambda _: False)
        assert "gpiochip0: sudo usermod -aG gpio $USER" in why_not("lgpio")

    def test_for_it_is_roots_alone_as_on_plain_debian(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        (tmp_path / "gpiochip0").touch()
        os.chown(tmp_path / "gpiochip0", -1, os.getgid())
        monkeypatch.setattr("os.access", lambda _path, _mode: False)
        said = why_not("lgpio")
        assert ("`sudo make install` brings a rule" in said) is (os.getgid() == 0)
        assert ("usermod" in said) is (os.getgid() != 0)

    def test_for_a_reason_only_check_may_find(self, tmp_path: Path) -> None:
        (tmp_path / "gpiochip0").touch()
        assert "`unsit check` goes through the parts" in why_not("lgpio")


def test_a_kernel_without_edges_for_rpi_gpio_is_told_of_and_looked_at_slowly(
    monkeypatch: pytest.MonkeyPatch, heard: Listening, caplog: pytest.LogCaptureFixture
) -> None:
    wires = rpi_gpio(monkeypatch)
    wires.refuses_edges = RuntimeError("Failed to add edge detection")
    contact = ChairPad(wires.factory, Pins(backend="rpigpio"), heard, heard)
    contact.start()
    assert [record.getMessage() for record in caplog.records] == [
        "pins: rpigpio can't tell of changes at GPIO17 (chair pad) here: Failed to add edge detection; "
        "it looks there 20 times a second instead"
    ]
    wires.hand(PAD, False)
    assert check_at(contact) == pytest.approx(1.05)
    assert heard.levels == [False, True]
    wires.hand(PAD, True)
    assert check_at(contact) == pytest.approx(1.10)
    assert heard.levels == [False, True, False]
    check_at(contact)
    assert heard.levels == [False, True, False]
    contact.close()
    assert contact.next_deadline() is None


def check_at(contact: ChairPad) -> float:
    """When it wanted to look again; it did, and not before that."""
    at = contact.next_deadline()
    assert at is not None
    contact.tick(at - 0.001)
    assert contact.next_deadline() == at
    contact.tick(at)
    return at


def test_an_edge_that_rpi_gpio_misses_is_made_up_for(monkeypatch: pytest.MonkeyPatch, heard: Listening) -> None:
    wires = rpi_gpio(monkeypatch)
    contact = ChairPad(wires.factory, Pins(backend="rpigpio"), heard, heard)
    contact.start()
    wires.pins[PAD].watcher = None
    wires.hand(PAD, False)
    assert heard.levels == [False]
    assert check_at(contact) == 2.0, "a second after the start"
    assert heard.levels == [False, True]
    contact.close()


def test_a_level_that_cannot_be_read_for_once_is_read_at_the_next_check(
    monkeypatch: pytest.MonkeyPatch, heard: Listening
) -> None:
    wires = rpi_gpio(monkeypatch)
    contact = ChairPad(wires.factory, Pins(backend="rpigpio"), heard, heard)
    contact.start()
    wires.pins[PAD].watcher = None
    wires.hand(PAD, False)
    read = sys.modules["RPi.GPIO"].input

    def fail(_gpio: int) -> int:
        raise RuntimeError("for once")

    monkeypatch.setattr(sys.modules["RPi.GPIO"], "input", fail)
    check_at(contact)
    assert heard.levels == [False]
    monkeypatch.setattr(sys.modules["RPi.GPIO"], "input", read)
    check_at(contact)
    assert heard.levels == [False, True]
    contact.close()


@pytest.mark.parametrize("backend", ["gpiod", "lgpio"])
def test_a_contact_whose_changes_are_told_looks_at_nothing(
    backend: str, monkeypatch: pytest.MonkeyPatch, heard: Listening
) -> None:
    wires = wires_of(backend, monkeypatch)
    contact = ChairPad(wires.factory, Pins(backend=backend), heard, heard)
    contact.start()
    assert contact.next_deadline() is None
    contact.tick(100.0)
    assert heard.levels == [False]
    contact.close()


def rpi_gpio(monkeypatch: pytest.MonkeyPatch) -> RPiGPIOWires:
    be_a_pi(monkeypatch)
    return RPiGPIOWires(monkeypatch)


def test_a_pin_somebody_else_holds_is_named(monkeypatch: pytest.MonkeyPatch, heard: Listening) -> None:
    def busy(_handle: int, _gpio: int, _flags: int = 0) -> None:
        raise LgpioError("GPIO busy")

    be_a_pi(monkeypatch)
    wires = LgpioWires(monkeypatch)
    monkeypatch.setattr(sys.modules["lgpio"], "gpio_claim_input", busy)
    with pytest.raises(PartError, match="lgpio says GPIO busy: another program or the kernel holds it"):
        ChairPad(wires.factory, Pins(backend="lgpio"), heard, heard)


# ---- the last silence


@pytest.mark.parametrize("back_end", ["gpiod", "lgpio", "rpigpio"])
@pytest.mark.parametrize(
    ("buzzer", "quiet"),
    [
        (BuzzerSettings("passive", "high"), False),
        # Which level powers an active one says nothing about a piezo.
        (BuzzerSettings("passive", "low"), False),
        (BuzzerSettings("active", "high"), False),
        (BuzzerSettings("active", "low"), True),
    ],
)
def test_silence_leaves_the_pin_driven_to_its_quiet_level(
    back_end: str, buzzer: BuzzerSettings, quiet: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    wires = wires_of(back_end, monkeypatch)
    wires.factory.pin(BUZZER).output_with_state(not quiet)
    silence(Settings(pins=Pins(backend=back_end), buzzer=buzzer))
    assert (wires.line(BUZZER).is_output, wires.line(BUZZER).high) == (True, quiet)


def test_silence_without_a_buzzer_touches_no_pin(monkeypatch: pytest.MonkeyPatch) -> None:
    be_no_pi(monkeypatch)
    silence(Settings(buzzer=BuzzerSettings(kind="none")))


def test_silence_where_there_are_no_pins_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    be_no_pi(monkeypatch)
    with pytest.raises(PartError, match="no Raspberry Pi found here"):
        silence(Settings())


def test_silence_on_a_pin_that_is_held_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    wires = wires_of("lgpio", monkeypatch)
    wires.refuses = LgpioError("GPIO busy")
    with pytest.raises(PartError, match=r"GPIO18 \(buzzer\).*GPIO busy"):
        silence(Settings(pins=Pins(backend="lgpio")))
