"""The desk: Unsit's wires on a board, and a person who sits, rises, presses, looks and listens."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from smbus2 import i2c_msg

from hardware.simulated.controller import HEIGHT, WIDTH, ModelBus, WireError
from tests.golden import FOLDER
from tests.real_kernel.board import Board
from tests.real_kernel.disk import installed_disk
from tests.real_kernel.gpio import GpioChip
from tests.real_kernel.i2c import I2cBus, Slave
from tests.real_kernel.kernel import kernel
from tests.real_kernel.machine import SYSTEMD, AnyMachine, Machine, copy_of, device_tree

SEAT, BUTTON, BUZZER = 17, 27, 18
PANEL = 0x3C
SETTINGS = "/etc/unsit/unsit.toml"


@dataclass(frozen=True, slots=True)
class Model:
    """A Raspberry Pi, as its device tree and its GPIO controllers tell it."""

    id: str
    name: str
    revision: int
    chips: int = 1
    """How many controllers there are; the header is on the last."""


PI_3B = Model("3B", "Raspberry Pi 3 Model B Rev 1.2", 0xA02082)
PI_4B = Model("4B", "Raspberry Pi 4 Model B Rev 1.4", 0xC03114)
PI_ZERO_2_W = Model("zero-2-W", "Raspberry Pi Zero 2 W Rev 1.0", 0x902120)
PI_5 = Model("5", "Raspberry Pi 5 Model B Rev 1.0", 0xC04170)
PI_5_AT_FIRST = Model("5-at-first", "Raspberry Pi 5 Model B Rev 1.0", 0xC04170, chips=5)
"""Its first kernels had the header at gpiochip4."""


class Panel:
    """The OLED at the end of the wire: the project's controller model, and every picture it has shown."""

    def __init__(self) -> None:
        self.bus = ModelBus("ssd1306", PANEL)
        self.bus.open()
        self.shown: list[tuple[float, bytes]] = []
        """Each picture with its instant, as they came."""
        self.defects: list[str] = []
        """Writes that have no meaning to the controller: why, and all of their bytes."""
        self.refused = 0
        self._refuses = 0.0
        self._random = random.Random(3)

    def refuse_at_random(self, share: float) -> None:
        """Acknowledge only so many of the writes from now on."""
        self._refuses = share

    def picture(self) -> Image.Image:
        """What an eye sees now."""
        return self.bus.picture()

    def write(self, payload: bytes) -> bool:
        """Take a write; the bus calls it."""
        if self._random.random() < self._refuses:
            self.refused += 1
            return False
        try:
            self.bus.i2c_rdwr(i2c_msg.write(PANEL, payload))
        except OSError:
            return False
        except WireError as defect:
            self.defects.append(f"{defect}, in {payload.hex(' ')}")
        seen = self.bus.picture().tobytes()
        if not self.shown or self.shown[-1][1] != seen:
            self.shown.append((time.monotonic(), seen))
        return True

    def read(self, size: int) -> bytes | None:
        """Nothing can be read from it."""
        del size
        return None


class Desk:
    """A machine with the device's parts on its board.

    Times are monotonic seconds of this process, and waiting has a deadline: what doesn't come fails the test.
    """

    def __init__(self, machine: AnyMachine, chip: GpioChip, bus: I2cBus) -> None:
        self.machine = machine
        self.chip = chip
        self.bus = bus
        self._mark = 0
        self.tidy_up()

    def tidy_up(self) -> None:
        """Nobody sits, nobody presses, and a new panel is plugged in; what was said so far is past."""
        self.stand()
        self.up()
        self.panel = Panel()
        self.bus.slaves = {PANEL: self.panel}
        self.begin()

    # ---- the person

    def sit(self) -> float:
        """Close the pad's contact; returns when."""
        return self.chip.drive(SEAT, False)

    def stand(self) -> float:
        """Open it; returns when."""
        return self.chip.drive(SEAT, True)

    def down(self) -> float:
        """Push the button; returns when."""
        return self.chip.drive(BUTTON, False)

    def up(self) -> float:
        """Let go; returns when."""
        return self.chip.drive(BUTTON, True)

    def press(self, lasts_s: float = 0.2) -> float:
        """Push the button and let go; returns when it went down."""
        at = self.down()
        self.wait(lasts_s)
        self.up()
        return at

    def wait(self, seconds: float) -> None:
        """Let real time pass: the kernel's clock can't be turned."""
        time.sleep(seconds)

    # ---- what it says

    def begin(self) -> None:
        """Forget what was said and shown so far."""
        self._mark = self.machine.console.stat().st_size
        self.panel.shown.clear()

    @property
    def said(self) -> str:
        """The log since the beginning, every service's."""
        with self.machine.console.open("rb") as console:
            console.seek(self._mark)
            # The kernel and systemd write in between; a carriage return ends their lines too.
            return console.read().decode(errors="replace").replace("\r", "")

    @property
    def facts(self) -> list[dict[str, Any]]:
        """What the device told in its log since the beginning."""
        lines = re.findall(r"unsit\[\d+\]: (\{.*\})$", self.said, re.MULTILINE)
        return [json.loads(line) for line in lines]

    def fact(self, name: str) -> dict[str, Any]:
        """The first fact of that name."""
        return next(fact for fact in self.facts if fact["fact"] == name)

    def names(self) -> list[str]:
        """What was told, by name."""
        return [fact["fact"] for fact in self.facts]

    def until_said(self, pattern: str, timeout_s: float = 30) -> str:
        """Wait until the log says so; returns the words."""
        self.until(lambda: re.search(pattern, self.said, re.MULTILINE), f"log to say {pattern}", timeout_s)
        found = re.search(pattern, self.said, re.MULTILINE)
        assert found
        return found[0]

    def until_fact(self, name: str, timeout_s: float = 30, times: int = 1) -> dict[str, Any]:
        """Wait until it has told that fact so often; returns the last."""
        told: list[dict[str, Any]] = []

        def is_told() -> bool:
            told[:] = [fact for fact in self.facts if fact["fact"] == name]
            return len(told) >= times

        self.until(is_told, f"fact {name}", timeout_s)
        return told[times - 1]

    def until(self, condition: Callable[[], object], what: str, timeout_s: float = 30) -> None:
        """Wait until it holds."""
        until = time.monotonic() + timeout_s
        while not condition():
            if time.monotonic() > until:
                raise AssertionError(f"no {what} within {timeout_s:g} s; the log:\n{self.said[-3000:]}")
            time.sleep(0.01)

    # ---- what it shows and sounds

    def until_shown(self, golden: str, timeout_s: float = 30) -> float:
        """Wait until the golden picture of that name was on the panel; returns since when."""
        wanted = golden_picture(golden)
        seen: list[float] = []

        def is_shown() -> bool:
            seen[:] = [at for at, picture in self.panel.shown if picture == wanted]
            return bool(seen)

        self.until(is_shown, f"picture {golden}.png", timeout_s)
        return seen[0]

    @property
    def buzzer_is_high(self) -> bool:
        """Whether there is power on the buzzer's line; a note goes up and down a thousand times a second."""
        return self.chip.is_high(BUZZER)

    def until_sound(self, timeout_s: float = 30) -> float:
        """Wait until the buzzer's line goes high; returns when it did."""
        since = time.monotonic()
        self.until(lambda: self.chip.changes(BUZZER, since), "sound", timeout_s)
        return self.highs(since)[0]

    def highs(self, since: float) -> list[float]:
        """When the buzzer's line went high."""
        return [change.at for change in self.chip.changes(BUZZER, since) if change.high]

    # ---- the device

    def afresh(self, chips: Mapping[int, Slave] | None = None, **tables: Mapping[str, object]) -> None:
        """As after `make install`: no settings but these, the service running, nobody there.

        `chips` are on the bus beside the panel, by their addresses.
        """
        self.machine.shell("systemctl revert unsit; rm -rf /etc/unsit /run/systemd/system/unsit.service.d")
        self.systemctl("stop", "unsit")
        self.tidy_up()
        self.bus.slaves = {**self.bus.slaves, **(chips or {})}
        self.restart(**tables)

    def restart(self, **tables: Mapping[str, object]) -> None:
        """Start the service as for the first time, with these tables as its settings; returns once it is ready."""
        if tables:
            self.settings(tables)
        self.machine.do("systemctl", "daemon-reload")
        self.machine.do("systemctl", "reset-failed", "unsit")
        self.machine.do("systemctl", "stop", "unsit")
        self.machine.shell("rm -f /var/lib/unsit/journal.db*")
        self.begin()
        self.machine.do("systemctl", "start", "unsit")

    def settings(self, tables: Mapping[str, Mapping[str, object]]) -> None:
        """Write the settings file, as `sudo nano` would."""
        text = "\n".join(
            "\n".join([f"[{table}]", *(f"{key} = {json.dumps(value)}" for key, value in values.items()), ""])
            for table, values in tables.items()
        )
        self.machine.shell("mkdir -p /etc/unsit")
        self.machine.do("tee", SETTINGS, stdin=text)

    def systemctl(self, *words: str) -> str:
        """Ask systemd; returns what it says."""
        done = self.machine.run("systemctl", *words)
        return (done.out + done.err).strip()

    def shows(self, name: str) -> str:
        """A property of the service."""
        return self.systemctl("show", "unsit", f"--property={name}", "--value")


def golden_picture(name: str) -> bytes:
    """Its pixels."""
    with Image.open(FOLDER / f"{name}.png") as picture:
        assert picture.size == (WIDTH, HEIGHT), name
        return picture.convert("1").tobytes()


@contextmanager
def desk(folder: Path, model: Model = PI_3B, init: str = SYSTEMD) -> Iterator[Desk]:
    """A desk with a machine of that model, switched on."""
    header = GpioChip()
    chips = [*(GpioChip(tells_edges=False) for _ in range(model.chips - 1)), header]
    buses = [I2cBus(), I2cBus()]
    # The pull-ups: with nothing pressed, both contacts are high.
    for line in (SEAT, BUTTON):
        header.drive(line, True)
    tree = device_tree(model.name, model.revision, folder / "board.dtb")
    disk = copy_of(installed_disk(), folder / "disk.img")
    # The log comes out as it is written, so that nobody has to ask for it again and again.
    log = "systemd.journald.forward_to_console=1"
    with Board(chips, buses) as board, Machine(kernel(), disk, tree, board, init, log) as machine:
        machine.console.touch()
        at_the_desk = Desk(machine, header, buses[1])
        machine.start()
        yield at_the_desk
        assert not at_the_desk.panel.defects
    # Half a gigabyte; pytest keeps folders of three runs.
    disk.unlink()
