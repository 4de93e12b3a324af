"""The board and the machine themselves, without systemd: edges in, levels out, bytes on the bus, the plug pulled."""

from __future__ import annotations

import errno
from collections.abc import Callable

import pytest

from tests.real_kernel.desk import BUZZER, Desk
from tests.real_kernel.machine import MachineError

pytestmark = pytest.mark.kernel

Report = Callable[[str, list[float]], None]

PYTHON = "/opt/unsit/bin/python"
IN, OUT = 5, 6

ECHO = f"""
import time
from hardware.gpio.gpiod_factory import GpiodFactory
factory = GpiodFactory()
into, out = factory.pin({IN}), factory.pin({OUT})
def echo(ticks, state):
    out.state = state
out.output_with_state(False)
into.input_with_pull("up")
into.when_changed = echo
open("/tmp/listens", "w").close()
time.sleep(600)
"""
DRIVE_HIGH = f"""
import gpiod
from gpiod.line import Direction, Value
high = gpiod.LineSettings(direction=Direction.OUTPUT, output_value=Value.ACTIVE)
gpiod.request_lines("/dev/gpiochip0", {{{OUT}: high}})
"""
HOLD_AS_SPI = """
import time
import gpiod
held = [gpiod.request_lines("/dev/gpiochip0", {line: None}, name) for line, name in ((8, "spi0 CS0"), (7, "spi0 CS1"))]
open("/tmp/listens", "w").close()
time.sleep(600)
"""
TALK = """
from smbus2 import SMBus, i2c_msg
with SMBus(1) as bus:
    try:
        bus.i2c_rdwr(i2c_msg.write(ADDRESS, b"hello"))
        answer = i2c_msg.read(ADDRESS, 5)
        bus.i2c_rdwr(answer)
        print(bytes(answer).decode())
    except OSError as error:
        print(error.errno)
"""


class Parrot:
    """A chip that says what it was told."""

    def __init__(self) -> None:
        self.heard = b""

    def write(self, payload: bytes) -> bool:
        self.heard = payload
        return True

    def read(self, size: int) -> bytes:
        return self.heard[:size]


def python(desk: Desk, program: str) -> str:
    return desk.machine.do(PYTHON, "-c", program).strip()


def listener(desk: Desk, program: str, *words: str, to: str = "/dev/null") -> None:
    """Have a program run, and wait until it says that it listens."""
    # That the line has its interrupt is too soon: the kernel notes what for a moment later, and drops an edge before.
    desk.machine.do("tee", "/tmp/program.py", stdin=program)
    desk.machine.shell(f"cd /tmp; {PYTHON} program.py {' '.join(words)} >{to} 2>/tmp/complaints </dev/null &")
    desk.until(lambda: desk.machine.run("test", "-e", "/tmp/listens").code == 0, "program that listens")


def test_an_edge_is_heard_and_answered_on_another_line(board: Desk, report: Report) -> None:
    listener(board, ECHO)
    took_s = []
    for high in [True, False] * 50:
        at = board.chip.drive(IN, high)
        board.until(lambda: board.chip.is_high(OUT) is high, "answer", 5)  # noqa: B023
        took_s.append(board.chip.changes(OUT)[-1].at - at)
    report("edge to callback and back", took_s)


def test_an_output_stays_when_its_program_is_gone_and_floats_when_the_power_is(board: Desk) -> None:
    python(board, DRIVE_HIGH)
    assert board.chip.is_high(OUT)
    assert board.chip.is_driven(OUT)
    board.machine.cut_power()
    board.machine.start()
    assert not board.chip.is_driven(OUT)
    assert not board.chip.is_high(OUT)


def test_what_is_on_the_bus_answers_and_what_is_not_gives_an_error(board: Desk) -> None:
    board.bus.slaves[0x42] = Parrot()
    assert python(board, TALK.replace("ADDRESS", "0x42")) == "hello"
    assert python(board, TALK.replace("ADDRESS", "0x43")) == str(errno.EREMOTEIO)


def test_the_plug_pulled_loses_what_was_not_synced_and_only_that(board: Desk) -> None:
    board.machine.shell("echo kept >/root/synced; sync; echo lost >/root/unsynced")
    assert board.machine.shell("cat /root/unsynced") == "lost\n"
    board.machine.cut_power()
    board.machine.start()
    assert board.machine.shell("cat /root/synced") == "kept\n"
    assert board.machine.run("cat", "/root/unsynced").code == 1


def test_a_command_that_hangs_is_told_with_the_last_it_said(board: Desk) -> None:
    with pytest.raises(MachineError, match=r"(?s)^sleep 600 still ran after 0\.5 s.*console:\n.*init process"):
        board.machine.run("sleep", "600", timeout_s=0.5)


def test_the_installed_program_goes_through_every_part_with_the_person(board: Desk) -> None:
    board.machine.shell(
        """mkfifo /tmp/enter; sleep 600 >/tmp/enter 2>/dev/null &
        { unsit check </tmp/enter; echo "ended with $?"; } >/dev/console 2>&1 &"""
    )

    def enter() -> None:
        board.machine.shell("echo >/tmp/enter")

    board.until_said("The panel shows upright lines. Which?")
    enter()
    board.until_said("The panel shows a text")
    enter()
    board.until_said("Sit down")
    board.sit()
    enter()
    board.until_said("Lean left")
    enter()
    board.until_said("Lean right")
    enter()
    board.until_said("Rise")
    board.stand()
    enter()
    board.until_said("Press the button")
    board.press()
    board.until_said("It has sounded")
    enter()
    board.until_said("ended with 0")
    for part in ("pins", "bus", "panel", "chair pad", "button", "buzzer"):
        assert f"{part:<10} fine: " in board.said
    assert board.chip.changes(BUZZER)


def test_the_select_lines_of_spi_are_no_strangers_if_the_seat_is_on_it(board: Desk) -> None:
    """Where SPI is on, the kernel holds CE0 and CE1."""
    listener(board, HOLD_AS_SPI)

    def checked(setting: str) -> str:
        done = board.machine.run("sh", "-c", f"yes '' | unsit check --set {setting}", timeout_s=120)
        assert not done.err
        return done.out

    told = checked("seat.kind=mcp3008")
    assert "\npins       fine: gpiod drives them\n" in told
    assert "\nseat       TO DO: seat: hardware SPI can't be used" in told, "this machine has none"
    assert "\npins       TO DO: GPIO8 is held by spi0 CS0: stop that, or use another pin" in checked("pins.button=8")
