"""The real RPi.GPIO, and what the product does through it, watched from outside an emulated Raspberry Pi 3B."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator

import pytest

from tests.raspi3b.machine import Raspi3b, debian, what_is_missing

pytestmark = pytest.mark.raspi3b

BUZZER = 18
RPIGPIO = ("--set", "pins.backend=rpigpio")

OPEN = "from hardware.gpio.pins import open_factory; factory = open_factory('rpigpio')"
DRIVE_AND_DIE = f"""
import os, signal
{OPEN}
factory.pin({BUZZER}).output_with_state(LEVEL)
os.kill(os.getpid(), signal.SIGKILL)
"""
CHIRPING = f"""
import time
from device.words.effects import Cue, Play
from device.settings.settings import BuzzerSettings, Pins, Settings
from hardware.buzzer.buzzer import Buzzer
{OPEN}
buzzer = Buzzer(factory, Settings(pins=Pins("rpigpio"), buzzer=BuzzerSettings(KIND)))
buzzer.perform(Play(Cue.REMINDER, nth=4), time.monotonic())
while (at := buzzer.next_deadline()) is not None:
    time.sleep(max(0, at - time.monotonic()))
    buzzer.tick(time.monotonic())
"""


@pytest.fixture(scope="module")
def _machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Raspi3b]:
    reason = what_is_missing()
    if reason is None:
        try:
            debian()
        except (subprocess.CalledProcessError, OSError) as error:
            reason = f"its Debian can't be had: {error}"
    if reason is not None:
        pytest.skip(f"no Raspberry Pi 3B to test on: {reason}")
    with Raspi3b(tmp_path_factory.mktemp("raspi3b")) as machine:
        yield machine


@pytest.fixture
def machine(_machine: Raspi3b) -> Raspi3b:
    """One for all tests; before each, the buzzer's line is what it is after power-on: an input, and low."""
    python(_machine, f"import RPi.GPIO as g; g.setmode(g.BCM); g.setup({BUZZER}, g.OUT, initial=0); g.cleanup()")
    assert line(_machine) == ("input", "low")
    return _machine


def python(machine: Raspi3b, program: str, ends_with: int = 0) -> str:
    done = machine.run("python3", "-c", program)
    assert done.code == ends_with, done.err
    return done.out


def line(machine: Raspi3b) -> tuple[str, str]:
    """The buzzer's line as the controller has it."""
    return "output" if machine.is_output(BUZZER) else "input", "high" if machine.is_high(BUZZER) else "low"


def test_rpi_gpio_knows_the_board(machine: Raspi3b) -> None:
    told = python(machine, "import RPi.GPIO as g; print(g.RPI_INFO['TYPE'], g.RPI_INFO['REVISION'])")
    assert told == "Pi 3 Model B a02082\n"


def test_the_adapter_drives_the_line_and_a_killed_process_leaves_it_as_it_was(machine: Raspi3b) -> None:
    for level, seen in (("True", "high"), ("False", "low")):
        python(machine, DRIVE_AND_DIE.replace("LEVEL", level), ends_with=-signal.SIGKILL)
        assert line(machine) == ("output", seen)


# A wave has some thousand changes of level, two chirps four times over have 16; from outside a few are missed.
@pytest.mark.parametrize(("kind", "expected"), [("passive", range(17, 5000)), ("active", range(2, 17))])
def test_a_reminder_is_seen_on_the_line_and_ends_low(machine: Raspi3b, kind: str, expected: range) -> None:
    machine.begin("python3", "-c", CHIRPING.replace("KIND", repr(kind)))
    changes = 0
    was_high = False
    while not machine.has_ended:
        is_high = machine.is_high(BUZZER)
        changes += is_high != was_high
        was_high = is_high
    done = machine.end()
    assert done.code == 0, done.err
    assert changes in expected
    assert line(machine) == ("output", "low")


def test_silence_leaves_low_what_a_killed_process_left_high(machine: Raspi3b) -> None:
    python(machine, DRIVE_AND_DIE.replace("LEVEL", "True"), ends_with=-signal.SIGKILL)
    assert line(machine) == ("output", "high")
    done = machine.run("python3", "-m", "device", "silence", *RPIGPIO)
    assert (done.code, done.out, done.err) == (0, "", "")
    assert line(machine) == ("output", "low")


def test_where_the_kernel_tells_rpi_gpio_of_no_changes_the_device_says_so_and_goes_on(machine: Raspi3b) -> None:
    done = machine.run("timeout", "20", "python3", "-m", "device", "run", "--hardware", "pi", *RPIGPIO)
    # Ended by SIGTERM, as systemd ends it.
    assert done.code == 124
    for gpio, part in ((17, "chair pad"), (27, "button")):
        assert (
            f"unsit: pins: rpigpio can't tell of changes at GPIO{gpio} ({part}) here: Failed to add edge detection; "
            "it looks there 20 times a second instead"
        ) in done.err.splitlines()
