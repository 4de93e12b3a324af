"""`unsit check` at the simulated desk: a person who does as asked, and parts that are fine or not."""

from __future__ import annotations

import errno
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from device.run.clock import RunningClock
from device.run.loop import EventQueue
from device.settings.settings import BuzzerSettings, PanelSettings, Pins, SeatSettings, Settings
from device.settings.settings_file import load_settings
from device.words.ports import PartError
from hardware.button import button
from hardware.check import Check, Ends, _scan, pi_ends
from hardware.panel.which_panel import ASKS
from hardware.seat import contact as seat_contact
from hardware.seat.ads1115_model import WeighedConverter
from hardware.seat.contact import ChairPad
from hardware.shared.checking import Checking
from hardware.shared.part import Part
from hardware.simulated.desk import SimulatedDesk
from hardware.wiring.header_drawing import _PAINT
from hardware.wiring.told import WAYS, told
from hardware.wiring.wires import SHIPPED, builds, settings_for, wiring
from tests.wires import ZERO_2_W, GpiodWires, RPiGPIOWires, be_a_pi, wires_of


class Person:
    """Does what is asked at the desk, and remembers it."""

    def __init__(
        self,
        desk: SimulatedDesk,
        *,
        presses: bool = True,
        sits: bool = True,
        leaves: bool = True,
        leans: tuple[str, ...] = ("Lean left",),
    ) -> None:
        self.desk = desk
        self.asked: list[str] = []
        self.said: list[str] = []
        self.sees = False
        self._presses, self._sits, self._leaves = presses, sits, leaves
        self._leans = leans

    def ask(self, please: str) -> str:
        self.asked.append(please)
        if please == ASKS:
            return self.answers(self.desk.picture())
        if please.startswith("Sit") and self._sits:
            self.desk.act("seat", True)
        elif self._leans and please.startswith(self._leans):
            self.desk.act("seat", False)
            self.desk.act("seat", True)
        elif please.startswith("Rise") and self._leaves:
            self.desk.act("seat", False)
        elif "panel" in please:
            self.sees = self.desk.picture().getbbox() is not None
        return ""

    def answers(self, picture: Image.Image) -> str:
        """Which lines are seen: where they are, and how wide."""
        lit = [x for x in range(picture.width) if picture.getpixel((x, 30))]
        wide = {1: "3", 2: "4", 3: "2"}
        if lit and lit[0] == 0 and lit[-1] == 127:
            return "1"
        return wide.get(len(lit), "")

    def say(self, line: str) -> None:
        self.said.append(line)
        if "Press the button" in line and self._presses:
            self.desk.act("button", True)

    def line(self, part: str) -> str:
        return next(line for line in self.said if line.startswith(part))


DEFAULTS = Settings()


@pytest.fixture(autouse=True)
def _is_in_the_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests may drive the pins, as far as these tests know."""
    groups = {1: "gpio", 2: "i2c"}
    monkeypatch.setattr("os.getgroups", lambda: list(groups))
    monkeypatch.setattr("grp.getgrgid", lambda number: SimpleNamespace(gr_name=groups[number]))


def checked(
    person: Person,
    settings: Settings = DEFAULTS,
    scan: Callable[[], list[int]] = lambda: [0x3C],
    told_by: str | None = "the network",
    keep: Callable[[Mapping[str, str | int]], str | None] = lambda _: None,
) -> bool:
    return check_of(person, settings, scan, told_by, keep).run()


def check_of(
    person: Person,
    settings: Settings = DEFAULTS,
    scan: Callable[[], list[int]] = lambda: [0x3C],
    told_by: str | None = "the network",
    keep: Callable[[Mapping[str, str | int]], str | None] = lambda _: None,
) -> Check:
    desk = person.desk
    desk.power_up()
    # A thousand times as fast: nobody waits for a person who is quick.
    clock = RunningClock(1000.0)
    clock.start()
    ends = Ends(desk.factory, desk.i2c, scan)
    return Check(settings, ends, EventQueue(), clock, person.ask, person.say, told_by, keep)


@pytest.fixture
def desk() -> SimulatedDesk:
    return SimulatedDesk(Settings())


def test_a_desk_where_all_is_well(desk: SimulatedDesk) -> None:
    person = Person(desk)
    assert checked(person)
    assert person.sees
    for part in ("pins", "groups", "clock", "bus", "panel", "chair pad", "button", "buzzer"):
        assert "fine" in person.line(part)
    assert desk.sounding_hz is None
    assert desk.picture().getbbox() is None


def test_drop_outs_while_leaning_are_counted(desk: SimulatedDesk) -> None:
    person = Person(desk)
    checked(person)
    assert "1 drop-out while you leaned; under 15 s each does no harm" in person.line("chair pad")
    restless = Person(SimulatedDesk(Settings()), leans=("Lean left", "Lean right"))
    checked(restless)
    assert "2 drop-outs" in restless.line("chair pad")
    calm = Person(SimulatedDesk(Settings()), leans=())
    checked(calm)
    assert "fine: it follows you, and holds while you lean" in calm.line("chair pad")


def test_a_pad_that_never_closes_or_never_opens_is_named(desk: SimulatedDesk) -> None:
    lazy = Person(desk, sits=False)
    assert not checked(lazy)
    assert "TO DO: it says empty while you sit: check the green wires 9 (pin 11), 11 and 13" in lazy.line("chair pad")
    stuck = Person(SimulatedDesk(Settings()), leaves=False)
    assert not checked(stuck)
    assert "it says taken with nobody there" in stuck.line("chair pad")


# ---- a seat with a level


KINDS = {kind: Settings(seat=SeatSettings(kind=kind, empty=0.01, seated=0.3)) for kind in ("ads1115", "mcp3008")}


def seat_checked(person: Person, settings: Settings) -> bool:
    return checked(person, settings, scan=lambda: [0x3C, 0x48])


@pytest.fixture
def _has_spi(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Everything that an mcp3008 needs beside pins."""
    monkeypatch.setattr("hardware.check._own_groups", lambda: ["gpio", "i2c", "spi"])
    (tmp_path / "spi.conf").touch()
    monkeypatch.setattr("hardware.check._DROP_INS", tmp_path)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("_has_spi")
def test_a_seat_with_a_level_shows_it_empty_seated_and_leaning(kind: str) -> None:
    person = Person(SimulatedDesk(KINDS[kind]), leans=())
    assert seat_checked(person, KINDS[kind])
    assert [line.strip() for line in person.said if line.startswith("   ") and ": 0." in line] == [
        "seated: 0.300", "left: 0.300", "right: 0.300", "empty: 0.010"
    ]  # fmt: skip
    assert person.line("seat") == "seat       fine: 0.010 empty, 0.300 seated, 0.300 at least while you lean"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("_has_spi")
def test_a_lean_that_reads_as_empty_is_said(kind: str) -> None:
    class Leaner(Person):
        def ask(self, please: str) -> str:
            answer = super().ask(please)
            if please.startswith("Lean"):
                self.desk.weigh({"left": 0.2, "right": 0.03}[please.split()[-1].rstrip(".")])
            return answer

    person = Leaner(SimulatedDesk(KINDS[kind]), leans=())
    assert seat_checked(person, KINDS[kind])
    leans = "0.030 at least while you lean, which reads as empty; under 15 s each does no harm"
    assert person.line("seat") == f"seat       fine: 0.010 empty, 0.300 seated, {leans}"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("_has_spi")
def test_a_seat_that_is_not_calibrated_says_how(kind: str) -> None:
    settings = Settings(seat=SeatSettings(kind=kind))
    person = Person(SimulatedDesk(settings), leans=())
    assert not seat_checked(person, settings)
    assert person.line("seat") == "seat       TO DO: it isn't calibrated yet: unsit calibrate"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("_has_spi")
def test_a_seat_whose_levels_do_not_fit_its_thresholds_says_which_it_read(kind: str) -> None:
    person = Person(SimulatedDesk(KINDS[kind]), leans=(), sits=False)
    assert not seat_checked(person, KINDS[kind])
    assert "TO DO: 0.010 empty and 0.010 seated don't fit its thresholds: unsit calibrate" in person.line("seat")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.usefixtures("_has_spi")
def test_a_seat_whose_wire_is_off_says_so(kind: str) -> None:
    person = Person(SimulatedDesk(KINDS[kind]), leans=(), sits=False, leaves=False)
    person.desk.weigh(1.0)
    assert not seat_checked(person, KINDS[kind])
    assert "TO DO: it reads full scale: a wire is off, or shorted" in person.line("seat")


def test_a_converter_that_is_not_on_the_bus_is_named_with_its_setting() -> None:
    person = Person(SimulatedDesk(KINDS["ads1115"]), leans=())
    person.desk.bus.unplug(0x48)
    assert not checked(person, KINDS["ads1115"])
    wires = (
        "the red wire 14 (hole B3 to VDD), the black wire 15 (hole C2 to GND), the blue wire 16 (hole A3 to SDA) and "
        "the yellow wire 17 (hole G3 to SCL)"
    )
    assert person.line("bus") == (
        f"bus        TO DO: on bus 1 answers 0x3C, not 0x48: check {wires}, or set seat.address"
    )
    assert f"TO DO: it doesn't answer: check {wires}, and [seat] in the settings" in person.line("seat")


def test_an_alert_that_is_not_wired_is_named() -> None:
    person = Person(SimulatedDesk(KINDS["ads1115"]), leans=())
    converter = next(end for end in person.desk._ends if isinstance(end, WeighedConverter))
    converter.chip._on_alert = lambda _: None
    assert not seat_checked(person, KINDS["ads1115"])
    assert "TO DO: its ALERT isn't heard: check the green wire 18 (pin 11 to ALRT)" in person.line("seat")


@pytest.mark.usefixtures("_has_spi")
def test_the_pins_of_spi_are_the_kernels_as_they_should_be() -> None:
    person = Person(SimulatedDesk(KINDS["mcp3008"]), leans=())
    held = dict.fromkeys(range(7, 12), "spi0 CS0")
    ends = Ends(person.desk.factory, person.desk.i2c, lambda: [0x3C], lambda gpio: held.get(gpio, ""))
    clock = RunningClock(1000.0)
    clock.start()
    assert Check(KINDS["mcp3008"], ends, EventQueue(), clock, person.ask, person.say, "the network").run()


@pytest.mark.usefixtures("_has_spi")
def test_a_line_that_the_kernel_holds_for_spi_is_a_strangers_only_to_another_part(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """CE0 and CE1 are lines of the kernel's SPI, and the default back-end tells who holds a line."""
    wires = wires_of("gpiod", monkeypatch)
    assert isinstance(wires, GpiodWires)
    wires.held |= {8: "spi0 CS0", 7: "spi0 CS1"}
    monkeypatch.setattr("hardware.parts.get_pi_revision", lambda: ZERO_2_W)
    says = {
        "seat.kind=mcp3008": "pins       fine: gpiod drives them",
        "pins.button=8": "pins       TO DO: GPIO8 is held by spi0 CS0: stop that, or use another pin",
        "pins.seat=7": "pins       TO DO: GPIO7 is held by spi0 CS1: stop that, or use another pin",
    }
    for written, said in says.items():
        settings = load_settings(None, [written], ())[0]
        person, ends = Person(SimulatedDesk(settings)), pi_ends(settings)
        clock = RunningClock(1000.0)
        clock.start()
        Check(settings, ends, EventQueue(), clock, person.ask, person.say, None).run()
        ends.factory.close()
        assert person.line("pins") == said


def test_what_an_mcp3008_needs_beside_pins_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr("hardware.check._DROP_INS", tmp_path)
    person = Person(SimulatedDesk(KINDS["mcp3008"]), leans=())
    assert not checked(person, KINDS["mcp3008"])
    assert "TO DO: not in spi: sudo usermod -aG spi $USER, then log in again" in person.line("groups")
    assert "it works here, but not yet in the service: sudo install -D -m 644 systemd/spi.conf" in person.line("seat")


# ---- the button, the panel and the rest


def test_a_button_nobody_can_hear_is_named(desk: SimulatedDesk) -> None:
    person = Person(desk, presses=False)
    assert not checked(person)
    assert "no press was felt: check the white wire 5 (pin 13) and the black wire 6 (pin 14)" in person.line("button")


def test_a_button_wired_the_wrong_way_is_named(desk: SimulatedDesk) -> None:
    person = Person(desk)
    assert not checked(person, load_settings(None, ["pins.button_down=high"], [])[0])
    assert "it says down while nobody presses" in person.line("button")


def test_a_panel_that_is_not_there_is_named_and_the_rest_is_checked(desk: SimulatedDesk) -> None:
    desk.act("panel", False)
    person = Person(desk)
    assert not checked(person, scan=list)
    assert "answers nobody, not 0x3C: check the red wire 1 (pin 1 to VCC)" in person.line("bus")
    assert "TO DO: it doesn't answer" in person.line("panel")
    assert "fine" in person.line("buzzer")


@pytest.mark.parametrize(("kind", "address"), [("contact", 0x3C), ("ads1115", 0x48)])
def test_a_chip_that_the_kernel_drives_is_named_with_what_to_do(
    kind: str, address: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It doesn't answer the search then, since it is in use."""
    monkeypatch.setattr("hardware.check._KERNEL_HAS", tmp_path)
    (tmp_path / "ti-ads1015").mkdir()
    for known in (0x3C, 0x48):
        (tmp_path / f"1-{known:04x}").mkdir()
    settings = Settings(seat=SeatSettings(kind=kind))
    person = Person(SimulatedDesk(settings))
    (tmp_path / f"1-{address:04x}" / "driver").symlink_to(tmp_path / "ti-ads1015")
    assert not checked(person, settings, scan=lambda: [each for each in (0x3C, 0x48) if each != address])
    says = f"bus        TO DO: the kernel's ti-ads1015 has 0x{address:02X}: take its dtoverlay out of config.txt"
    assert person.line("bus") == f"{says}, then reboot"


def test_a_bus_that_is_switched_off_is_named(desk: SimulatedDesk) -> None:
    def no_bus() -> list[int]:
        raise FileNotFoundError(2, "No such file or directory", "/dev/i2c-1")

    person = Person(desk)
    assert not checked(person, scan=no_bus)
    assert "raspi-config nonint do_i2c 0" in person.line("bus")


def test_without_a_buzzer_nothing_sounds() -> None:
    settings = load_settings(None, ["buzzer.kind=none"], [])[0]
    person = Person(SimulatedDesk(settings))
    assert checked(person, settings)
    assert "there is none" in person.line("buzzer")


def test_a_pin_that_cannot_be_had_is_named_and_the_rest_is_checked(desk: SimulatedDesk) -> None:
    somebody = ChairPad(desk.factory, Settings().pins, EventQueue(), RunningClock())
    person = Person(desk)
    assert not checked(person)
    assert "TO DO: pins: GPIO17 (chair pad) can't be used" in person.line("chair pad")
    assert "fine" in person.line("button")
    somebody.close()


@pytest.mark.parametrize(
    ("belongs_to", "says"),
    [
        ({1: "audio"}, "not in gpio and i2c: sudo usermod -aG gpio,i2c $USER"),
        ({1: "audio", 2: "gpio"}, "not in i2c: sudo usermod -aG i2c $USER"),
        ({2: "gpio", 3: "i2c"}, "fine: this user may use pins and bus"),
    ],
)
def test_groups_that_are_missing_are_named(
    desk: SimulatedDesk, monkeypatch: pytest.MonkeyPatch, belongs_to: dict[int, str], says: str
) -> None:
    def entry(number: int) -> SimpleNamespace:
        # Containers have groups without a name.
        return SimpleNamespace(gr_name=belongs_to[number])

    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr("os.getgroups", lambda: [*belongs_to, 4711])
    monkeypatch.setattr("grp.getgrgid", entry)
    person = Person(desk)
    checked(person)
    assert says in person.line("groups")


@pytest.mark.parametrize(
    ("told_by", "says"), [("a hardware clock", "told the time by a hardware clock"), (None, "nobody has told it")]
)
def test_whether_the_clock_can_be_trusted_is_said(desk: SimulatedDesk, told_by: str | None, says: str) -> None:
    person = Person(desk)
    checked(person, told_by=told_by)
    assert f"fine: {says}" in person.line("clock")


class Adapter:
    """As much of an I2C adapter as a search asks for, with a panel at 0x3C and something at 0x50."""

    sends_empty = True

    def __init__(self, port: int) -> None:
        self.port = port

    def __enter__(self) -> Adapter:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def write_quick(self, address: int) -> None:
        if not self.sends_empty:
            raise OSError(errno.EOPNOTSUPP, "Operation not supported")
        self.read_byte(address)

    def read_byte(self, address: int) -> int:
        if address not in (0x3C, 0x50):
            raise OSError(errno.EREMOTEIO, "Remote I/O error")
        return 0


@pytest.mark.parametrize("sends_empty", [True, False])
def test_on_a_pi_it_has_the_pis_own_ends_and_finds_who_answers(
    monkeypatch: pytest.MonkeyPatch, sends_empty: bool
) -> None:
    wires = wires_of("gpiod", monkeypatch)
    monkeypatch.setattr("hardware.parts.get_pi_revision", lambda: ZERO_2_W)
    monkeypatch.setattr("hardware.check.SMBus", Adapter)
    monkeypatch.setattr(Adapter, "sends_empty", sends_empty)
    ends = pi_ends(Settings())
    assert ends.scan() == [0x3C, 0x50]
    ends.factory.pin(18).output_with_state(True)
    assert wires.line(18).high


def test_off_a_pi_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hardware.check.is_a_pi", lambda: False)
    with pytest.raises(PartError, match="Raspberry Pi"):
        pi_ends(Settings())


# ---- what the bus tells of its wires

SENSORS = KINDS["ads1115"]
WIRES = (
    "the red wire 1 (pin 1 to VCC), the black wire 4 (pin 6 to GND), the blue wire 2 (pin 3 to SDA) and the yellow "
    "wire 3 (pin 5 to SCL)"
)


@pytest.mark.parametrize(
    ("settings", "found", "says"),
    [
        (DEFAULTS, [], f"on bus 1 answers nobody, not 0x3C: check {WIRES}; are SDA and SCL swapped?"),
        (DEFAULTS, [0x3D], "on bus 1 answers 0x3D, not 0x3C: set panel.address to 0x3D"),
        (DEFAULTS, [0x50], f"on bus 1 answers 0x50, not 0x3C: check {WIRES}, or set panel.address"),
        (
            DEFAULTS,
            range(0x08, 0x78),
            "every address seems to answer, so SDA is held low: see that the blue wire 2 (pin 3 to SDA) touches "
            "nothing else, and that the red wire 1 (pin 1 to VCC) is on",
        ),
        (SENSORS, [0x3C, 0x4A], "on bus 1 answers 0x3C, 0x4A, not 0x48: set seat.address to 0x4A"),
        (
            SENSORS,
            [],
            "on bus 1 answers nobody, not 0x3C: check the red wire 9 (pin 1), the black wire 10 (pin 9), the blue wire "
            "2 (pin 3) and the yellow wire 3 (pin 5); are SDA and SCL swapped?",
        ),
        (
            SENSORS,
            [0x48],
            "on bus 1 answers 0x48, not 0x3C: check the red wire 4 (hole B2 to VCC), the black wire 1 (pin 6 to GND), "
            "the blue wire 5 (hole A2 to SDA) and the yellow wire 6 (hole G2 to SCL), or set panel.address",
        ),
        (
            Settings(panel=PanelSettings(port=3)),
            [],
            "on bus 3 answers nobody, not 0x3C: check the red wire 1 (pin 1 to VCC), the black wire 4 (pin 6 to GND) "
            "and SDA and SCL of bus 3; are SDA and SCL swapped?",
        ),
    ],
)
def test_who_answers_tells_which_wires_to_look_at(settings: Settings, found: list[int], says: str) -> None:
    person = Person(SimulatedDesk(settings))
    checked(person, settings, scan=lambda: list(found))
    assert person.line("bus") == f"bus        TO DO: {says}"


def test_a_bus_that_hangs_is_left_at_its_first_address(monkeypatch: pytest.MonkeyPatch, desk: SimulatedDesk) -> None:
    """Each of the hundred others would take a second more."""
    asked: list[int] = []

    class Hangs(Adapter):
        def write_quick(self, address: int) -> None:
            asked.append(address)
            raise OSError(errno.ETIMEDOUT, "Connection timed out")

    monkeypatch.setattr("hardware.check.SMBus", Hangs)
    person = Person(desk)
    assert not checked(person, scan=partial(_scan, 1))
    assert asked == [0x08]
    assert person.line("bus") == (
        "bus        TO DO: bus 1 hangs, so SCL or SDA is held low: see that the yellow wire 3 (pin 5 to SCL) and the "
        "blue wire 2 (pin 3 to SDA) touch nothing else, and that the red wire 1 (pin 1 to VCC) is on"
    )


# ---- the header, as it is drawn in the end


def drawn(person: Person, settings: Settings, scan: Callable[[], list[int]] = lambda: [0x3C]) -> list[str]:
    check = check_of(person, settings, scan)
    check.run()
    return check.drawing(coloured=False)


def row_of(lines: list[str], what: str) -> str:
    return next(line for line in lines if what in line)


def test_the_document_shows_the_header_of_a_desk_where_all_is_well() -> None:
    """If a pin or a wire changes in the data, this says what the document has to show."""
    settings = settings_for(SHIPPED)
    lines = drawn(Person(SimulatedDesk(settings)), settings)
    text = "\n".join(lines)
    assert f"```\n{text}\n```" in Path("docs/wiring.md").read_text("utf-8")


def test_each_wire_of_the_header_says_what_was_measured() -> None:
    settings = load_settings(None, ["pins.seat=4", "pins.button_down=high", "pins.button_pull=down"], [])[0]
    lines = drawn(Person(SimulatedDesk(settings), sits=False, presses=False), settings, scan=list)
    assert lines[6] == "   7 │  9   · │ 8    9 green   seat, signal      GPIO4   high while you sit"
    assert row_of(lines, "panel, data").endswith("GPIO2   silent")
    assert row_of(lines, "button, signal").endswith("GPIO27  low: no press felt")
    assert row_of(lines, "board, power").endswith("3.3 V   not tried")
    assert max(map(len, lines)) <= 80


def test_a_seat_that_stays_taken_and_a_bus_that_is_held_low_are_seen_at_their_pins() -> None:
    person = Person(SimulatedDesk(DEFAULTS), leaves=False)
    lines = drawn(person, DEFAULTS, scan=lambda: list(range(0x08, 0x78)))
    assert row_of(lines, "seat, signal").endswith("low, nobody there")
    assert row_of(lines, "panel, data").endswith("held low")
    assert row_of(lines, "panel, clock").endswith("not tried")


def test_with_a_converter_the_shared_wires_are_fine_once_a_chip_answers() -> None:
    person = Person(SimulatedDesk(SENSORS), leans=())
    lines = drawn(person, SENSORS, scan=lambda: [0x48])
    assert row_of(lines, "bus, data").endswith("answers at 0x48")
    assert row_of(lines, "panel, ground").endswith("silent")
    assert row_of(lines, "converter, alert").endswith("0.010 to 0.300")


@pytest.mark.usefixtures("_has_spi")
def test_what_the_drawings_do_not_have_is_named_by_pin_and_gpio() -> None:
    settings = replace(KINDS["mcp3008"], buzzer=BuzzerSettings(kind="none"))
    person = Person(SimulatedDesk(settings), leans=())
    lines = drawn(person, settings)
    assert [line[21:] for line in lines if "mcp3008" in line] == [
        f"●         mcp3008           {gpio:6}  0.010 to 0.300" for gpio in ("GPIO10", "GPIO9", "GPIO11", "GPIO8")
    ]
    assert not any("seat, signal" in line or "buzzer" in line for line in lines)
    assert told(settings, "converter") == "pin 19 (GPIO10), pin 21 (GPIO9), pin 23 (GPIO11) and pin 24 (GPIO8)"


def test_in_colour_each_number_has_its_wires_colour_and_the_words_stay() -> None:
    settings = DEFAULTS
    check = check_of(Person(SimulatedDesk(settings)), settings)
    check.run()
    plain, coloured = check.drawing(coloured=False), check.drawing(coloured=True)
    assert [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in coloured] == plain
    green = "\x1b[30;42m 9\x1b[0m"
    assert row_of(coloured, "seat, signal").count(green) == 2
    assert {wire.colour for build in builds() for wire in wiring(build).wires} <= set(_PAINT)


def test_every_wire_belongs_to_a_part_that_is_told_of_it() -> None:
    named = {what for whats in WAYS.values() for what in whats}
    assert named == {wire.what for build in builds() for wire in wiring(build).wires}


def test_a_device_that_starts_does_not_load_the_drawings_data() -> None:
    loads = (
        "import sys, device.__main__, hardware.parts; from device.settings.settings import Settings; "
        "from hardware.shared.part import parts_of; parts_of(Settings()); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", loads], capture_output=True, text=True, check=True)
    assert not [name for name in done.stdout.split() if name.startswith("hardware.wiring")]


# ---- which panel it is


def panel_of(driver: str, first_column: int = 2) -> SimulatedDesk:
    return SimulatedDesk(Settings(panel=PanelSettings(driver=driver, first_column=first_column)))


@pytest.mark.parametrize(
    ("driver", "first_column", "wants"),
    [
        ("ssd1306", 2, {}),
        ("ssd1309", 2, {}),
        ("sh1106", 2, {"driver": "sh1106"}),
        ("sh1106", 0, {"driver": "sh1106", "first_column": 0}),
        ("sh1106", 4, {"driver": "sh1106", "first_column": 4}),
    ],
)
def test_which_panel_it_is_is_seen_and_written_down(
    driver: str, first_column: int, wants: dict[str, str | int]
) -> None:
    person, kept = Person(panel_of(driver, first_column)), []

    def keep(values: Mapping[str, str | int]) -> str:
        kept.append(dict(values))
        return "/boot/firmware/unsit.toml"

    assert checked(person, keep=keep)
    assert kept == ([wants] if wants else [])
    assert person.sees
    assert f"driver {driver if wants else 'ssd1306'}" in person.line("panel")
    if wants:
        assert any('driver = "sh1106"' in line and "is written into /boot" in line for line in person.said)


def test_where_it_cannot_be_written_the_line_to_write_is_said() -> None:
    person = Person(panel_of("sh1106", 0))
    assert not checked(person)
    assert 'TO DO: below [panel] in the settings file, write driver = "sh1106", first_column = 0' in person.line(
        "panel"
    )


def test_who_does_not_say_what_they_see_keeps_their_settings(desk: SimulatedDesk) -> None:
    person = Person(desk)
    person.answers = lambda picture: "what?"  # type: ignore[method-assign]  # noqa: ARG005
    assert checked(person)
    assert "driver ssd1306" in person.line("panel")


# ---- while the service runs


@pytest.mark.parametrize(
    ("holder", "says"),
    [("unsit", "sudo systemctl stop unsit"), ("spi0 CS0", "GPIO17 is held by spi0 CS0: stop that, or use another pin")],
)
def test_while_somebody_else_has_the_pins_one_line_says_so_and_nothing_is_touched(
    desk: SimulatedDesk, holder: str, says: str
) -> None:
    person = Person(desk)
    ends = Ends(desk.factory, desk.i2c, lambda: [0x3C], lambda _: holder)
    check = Check(Settings(), ends, EventQueue(), RunningClock(), person.ask, person.say, None)
    assert not check.run()
    (line,) = person.said
    assert says in line
    assert not person.asked
    assert not check.drawing(coloured=False)
    assert desk.bus.transfers == 0


@pytest.mark.parametrize("part", [seat_contact.PART, button.PART], ids=lambda part: part.name)
def test_contacts_are_checked_where_the_back_end_tells_of_no_change(
    part: Part, monkeypatch: pytest.MonkeyPatch
) -> None:
    be_a_pi(monkeypatch)
    wires = RPiGPIOWires(monkeypatch)
    wires.refuses_edges = RuntimeError("Failed to add edge detection")
    settings = Settings(pins=Pins(backend="rpigpio"))

    def ask(please: str) -> str:
        wires.hand(17, please == "Rise.")
        return ""

    def say(line: str) -> None:
        if "Press the button" in line:
            wires.hand(27, False)

    clock = RunningClock(1000.0)
    clock.start()
    bus = SimulatedDesk(settings).i2c
    wrong, _ = part.check(Checking(settings, wires.factory, bus, EventQueue(), clock, ask, say, lambda _: None))
    assert wrong is None
