"""A model of the panels' chips. It rebuilds the picture from the bytes on the wire and refuses wrong bytes.

The data sheets explain the numbers: for the SSD1306 in sections 8.1.5, 9 and 10, for the SH1106 in its command
table.
"""

from __future__ import annotations

import ctypes
import errno
import random
import threading
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from PIL import Image
from smbus2 import i2c_msg

from hardware.panel.bus import PanelBus

WIDTH, HEIGHT = 128, 64
_READS = 0x0001
"""The flag of a message that is read (I2C_M_RD)."""
_PAGES = HEIGHT // 8


class WireError(Exception):
    """Bytes without a meaning in the data sheet. This is a defect of the sender, not a fault of the wire."""


# ---- the chips

_Commands = dict[int, tuple[Collection[int], ...]]
"""The opcodes, with the allowed values of their parameters."""

_ANY = range(256)

_BOTH: _Commands = {
    0x81: (_ANY,),  # contrast
    0xA0: (), 0xA1: (),  # column remap
    0xA4: (), 0xA5: (),  # show the memory, or light everything
    0xA6: (), 0xA7: (),  # plain, inverse
    0xA8: (range(15, 64),),  # lines in use, less one
    0xAE: (), 0xAF: (),  # off, on
    0xC0: (), 0xC8: (),  # scan upwards, downwards
    0xD3: (range(64),),  # display offset
    0xD5: (_ANY,),  # clock
    0xD9: (_ANY,),  # pre-charge
    0xDA: ((0x02, 0x12, 0x22, 0x32),),  # how the lines are wired to the glass
    0xDB: (_ANY,),  # voltage of the lines
    0xE3: (),  # nothing
    **dict.fromkeys(range(0x20), ()),  # column, low and high half
    **dict.fromkeys(range(0x40, 0x80), ()),  # start line
    **dict.fromkeys(range(0xB0, 0xB0 + _PAGES), ()),  # page
}  # fmt: skip

_SSD1306: _Commands = _BOTH | {
    0x20: (range(3),),  # addressing mode
    0x21: (range(WIDTH), range(WIDTH)),  # columns of the window
    0x22: (range(_PAGES), range(_PAGES)),  # its pages
    0x2E: (),  # scrolling off
    0x8D: ((0x10, 0x14),),  # charge pump
    0xA3: (range(64), range(128)),  # the part that would scroll
}

_SH1106: _Commands = _BOTH | {
    # These aren't in the data sheet. luma sends both, with a parameter that this chip takes as a column command.
    0x20: (), 0x8D: (),
    0x30: (), 0x31: (), 0x32: (), 0x33: (),  # pump voltage
    0xAD: ((0x8A, 0x8B),),  # DC-DC converter
}  # fmt: skip

_HORIZONTAL, _VERTICAL, _PAGE = range(3)


@dataclass(frozen=True, slots=True)
class _Traits:
    """The properties of a controller."""

    commands: _Commands
    columns: int
    contrast_at_start: int
    has_windows: bool
    needs_pump: bool
    """It stays dark until its charge pump is switched on."""

    def glass_at(self, first_column: int) -> int:
        """The memory column at which the glass begins. The usual modules mirror the columns."""
        return self.columns - WIDTH - min(first_column, self.columns - WIDTH)


_CHIPS = {
    "ssd1306": _Traits(_SSD1306, columns=128, contrast_at_start=0x7F, has_windows=True, needs_pump=True),
    "ssd1315": _Traits(_SSD1306, columns=128, contrast_at_start=0x7F, has_windows=True, needs_pump=True),
    # It is powered from outside and ignores the pump's command.
    "ssd1309": _Traits(_SSD1306, columns=128, contrast_at_start=0x7F, has_windows=True, needs_pump=False),
    "sh1106": _Traits(_SH1106, columns=132, contrast_at_start=0x80, has_windows=False, needs_pump=False),
}


class Controller:
    """A chip and its glass, mounted as on the usual modules: upright with A1 and C8.

    `driver` is ssd1306, sh1106, ssd1309 or ssd1315. If the chip has more columns than the glass, the glass begins at
    `first_column`.
    """

    def __init__(self, driver: str, first_column: int = 2) -> None:
        self._chip = _CHIPS[driver]
        self._glass_at = self._chip.glass_at(first_column)
        self.reset()

    def reset(self) -> None:
        """Reset everything, as at power-up. The memory then holds noise, always the same."""
        chip = self._chip
        self.on = False
        self.contrast = chip.contrast_at_start
        # A column's eight bytes are together, topmost first. In each byte the topmost pixel is the lowest bit.
        self._memory = bytearray(random.Random(1306).randbytes(chip.columns * _PAGES))
        self._mode = _PAGE
        self._columns = (0, chip.columns - 1)
        self._pages = (0, _PAGES - 1)
        self._column = self._page = 0
        self._mirrored = self._downwards = False
        self._start_line = self._offset = 0
        self._lines = HEIGHT
        self._inverse = self._all_lit = False
        self._pumped = not chip.needs_pump
        self._command = bytearray()

    # ---- the wire

    def write(self, payload: bytes) -> None:
        """Take one I2C write without its address. A command's parameters may come in a later one. Raises WireError."""
        rest = memoryview(payload)
        while rest:
            control, rest = rest[0], rest[1:]
            if control & 0x3F:
                raise WireError(f"control byte {control:02X}: its lower six bits must be 0")
            one_byte = bool(control & 0x80)
            if one_byte and not rest:
                raise WireError(f"control byte {control:02X}: the byte it announces is missing")
            told, rest = (rest[:1], rest[1:]) if one_byte else (rest, rest[:0])
            if control & 0x40:
                self._take_data(told)
            else:
                self._take_commands(told)

    def _take_commands(self, told: Iterable[int]) -> None:
        for byte in told:
            self._command.append(byte)
            opcode, *parameters = self._command
            if opcode not in self._chip.commands:
                raise WireError(f"unknown command {opcode:02X}")
            allowed = self._chip.commands[opcode]
            if parameters and byte not in allowed[len(parameters) - 1]:
                raise WireError(f"command {opcode:02X}: {byte:02X} is out of range")
            if len(parameters) == len(allowed):
                self._command.clear()
                self._execute(opcode, parameters)

    def _execute(self, opcode: int, parameters: list[int]) -> None:
        match opcode, parameters:
            case (0x20, [mode]):
                self._mode = mode
            case (0x21, [first, last]):
                self._columns = _window(first, last)
                self._column = first
            case (0x22, [first, last]):
                self._pages = _window(first, last)
                self._page = first
            case (0xA0 | 0xA1, _):
                self._mirrored = opcode == 0xA1
            case (0xA8, [last_line]):
                self._lines = last_line + 1
            case (0xC0 | 0xC8, _):
                self._downwards = opcode == 0xC8
            case (0xD3, [offset]):
                self._offset = offset
            case _ if opcode < 0x20 or 0xB0 <= opcode < 0xB0 + _PAGES:
                self._move_to(opcode)
            case _ if 0x40 <= opcode < 0x80:
                self._start_line = opcode - 0x40
            case _:
                self._shine(opcode, parameters)

    def _shine(self, opcode: int, parameters: list[int]) -> None:
        """Execute what changes the light of all pixels."""
        match opcode, parameters:
            case (0x81, [contrast]):
                self.contrast = contrast
            case (0x8D, [pump]):
                self._pumped = pump == 0x14 or not self._chip.needs_pump
            case (0xA4 | 0xA5, _):
                self._all_lit = opcode == 0xA5
            case (0xA6 | 0xA7, _):
                self._inverse = opcode == 0xA7
            case (0xAE | 0xAF, _):
                self.on = opcode == 0xAF
            case _:
                # The other commands change voltages and clocks, which can't be seen.
                pass

    def _move_to(self, opcode: int) -> None:
        """Set the page or half of the column."""
        if self._mode != _PAGE:
            raise WireError(f"command {opcode:02X} is for page addressing only")
        if opcode < 0x10:
            self._column = self._column & 0xF0 | opcode
        elif opcode < 0x20:
            self._column = (opcode & 0x0F) << 4 | self._column & 0x0F
        else:
            self._page = opcode & 0x0F

    def read(self, length: int) -> bytes:
        """Refuse: a panel on I2C gives nothing away that we could use."""
        raise WireError(f"{length} bytes are read from the panel")

    # ---- the memory

    def _take_data(self, told: Iterable[int]) -> None:
        if self._command:
            raise WireError(f"data where command {self._command[0]:02X} lacks a parameter")
        for byte in told:
            if self._column >= self._chip.columns:
                raise WireError(f"data for column {self._column} of {self._chip.columns}")
            # Columns are mirrored on the way into the memory: A0 and A1 don't change what is there already.
            column = self._chip.columns - 1 - self._column if self._mirrored else self._column
            self._memory[column * _PAGES + self._page] = byte
            self._advance()

    def _advance(self) -> None:
        if not self._chip.has_windows:
            self._column += 1
        elif self._mode == _VERTICAL:
            self._page, wrapped = _step(self._page, self._pages)
            if wrapped:
                self._column, _ = _step(self._column, self._columns)
        else:
            self._column, wrapped = _step(self._column, self._columns)
            if wrapped and self._mode == _HORIZONTAL:
                self._page, _ = _step(self._page, self._pages)

    # ---- the glass

    def picture(self) -> Image.Image:
        """The visible picture: mode "1", 128x64, black if the panel is off."""
        if not (self.on and self._pumped):
            return Image.new("1", (WIDTH, HEIGHT))
        rows = self._rows()
        seen = (rows[line] if line is not None else bytes(WIDTH // 8) for line in map(self._line_at, range(HEIGHT)))
        return Image.frombytes("1", (WIDTH, HEIGHT), b"".join(seen))

    def _rows(self) -> list[bytes]:
        """The lines of the memory in the order in which they light up."""
        if self._all_lit:
            return [b"\xff" * (WIDTH // 8)] * HEIGHT
        first = self._glass_at * _PAGES
        memory = bytes(self._memory[first : first + WIDTH * _PAGES])
        # The columns are wired from right to left. Placed one below the other, they are the picture on its side.
        lying = Image.frombytes("1", (HEIGHT, WIDTH), memory, "raw", "1;IR" if self._inverse else "1;R")
        upright = lying.transpose(Image.Transpose.ROTATE_270).tobytes()
        return [upright[at : at + WIDTH // 8] for at in range(0, len(upright), WIDTH // 8)]

    def _line_at(self, y: int) -> int | None:
        """The memory line that a line of the glass shows; None if the scan doesn't reach it."""
        # The glass is upside down: its topmost line is wired to the last output.
        output = HEIGHT - 1 - y
        scanned = (self._lines - 1 - output if self._downwards else output) + self._offset
        line = scanned % HEIGHT
        return (line + self._start_line) % HEIGHT if line < self._lines else None


def _window(first: int, last: int) -> tuple[int, int]:
    if first > last:
        raise WireError(f"a window from {first} to {last}")
    return first, last


def _step(at: int, window: tuple[int, int]) -> tuple[int, bool]:
    """The next place in the window, and whether it is back at the beginning."""
    first, last = window
    return (first, True) if at == last else (at + 1, False)


# ---- the bus


class ModelChip(Protocol):
    """A model of a chip on the bus."""

    def write(self, payload: bytes) -> None:
        """Take one I2C write, without its address."""
        ...

    def read(self, length: int) -> bytes:
        """Answer one I2C read."""
        ...

    def reset(self) -> None:
        """Be as at power-up."""
        ...


class ModelBus:
    """A model of the I2C bus with a panel, and more chips if they are plugged in.

    It has what `Bus` and luma use of `smbus2.SMBus`, and ways to make chips fail. `on_write` is called for each
    acknowledged write with address and payload. Several threads may use the bus.
    """

    def __init__(
        self,
        driver: str,
        address: int,
        on_write: Callable[[int, bytes], None] | None = None,
        first_column: int = 2,
    ) -> None:
        self.controller = Controller(driver, first_column)
        self.address = address
        self.is_open = False
        self.transfers = 0
        """The number of acknowledged transfers."""
        self.bytes = 0
        """Their length in bytes, including addresses."""
        self._on_write = on_write
        self._lock = threading.Lock()
        self._chips: dict[int, ModelChip] = {address: self.controller}
        self._refusals: dict[int, int] = {}

    def plug(self, address: int, chip: ModelChip) -> None:
        """Plug in a chip."""
        with self._lock:
            self._chips[address] = chip

    def unplug(self, address: int) -> ModelChip | None:
        """Unplug a chip: it loses its memory and doesn't answer any more. Return it, or None if there was none."""
        with self._lock:
            chip = self._chips.pop(address, None)
            if chip is not None:
                chip.reset()
            return chip

    def gone(self) -> None:
        """Unplug the panel."""
        self.unplug(self.address)

    def back(self) -> None:
        """Plug the panel in again."""
        self.plug(self.address, self.controller)

    def lose_power(self) -> None:
        """Clear the memory of all chips; they stay plugged in."""
        with self._lock:
            for chip in self._chips.values():
                chip.reset()

    def refuse(self, nth: int, code: int = errno.EREMOTEIO) -> None:
        """Let the nth transfer from now fail (1 is the next) with an error number. The panel keeps its memory."""
        with self._lock:
            self._refusals[nth] = code

    def picture(self) -> Image.Image:
        """The visible picture; black if the panel is unplugged."""
        with self._lock:
            return self.controller.picture()

    # ---- as smbus2 has it

    def open(self) -> None:
        """Make the bus usable again after `close`."""
        self.is_open = True

    def close(self) -> None:
        """Close the bus. It may be called twice. Using a closed bus is a defect."""
        self.is_open = False

    def i2c_rdwr(self, *messages: i2c_msg) -> None:
        """Send or read messages one after the other and stop at one that is refused. Raises OSError."""
        for message in messages:
            if message.flags & _READS:
                self._answer(message)
            else:
                self._transfer(message.addr, bytes(message))

    def write_i2c_block_data(self, i2c_addr: int, register: int, data: list[int]) -> None:
        """Send up to 32 bytes after a first byte. Raises OSError."""
        if len(data) > 32:
            raise ValueError("Data length cannot exceed 32 bytes")
        self._transfer(i2c_addr, bytes((register, *data)))

    def _transfer(self, address: int, payload: bytes) -> None:
        with self._lock:
            self._addressed(address).write(payload)
            self._count(len(payload))
        if self._on_write is not None:
            self._on_write(address, payload)

    def _answer(self, message: i2c_msg) -> None:
        with self._lock:
            answer = self._addressed(message.addr).read(message.len)
            assert len(answer) == message.len, "a chip answers for as long as it is asked"
            ctypes.memmove(message.buf, answer, len(answer))
            self._count(len(answer))

    def _addressed(self, address: int) -> ModelChip:
        """The chip at that address. Raises OSError if it refuses or isn't there."""
        if not self.is_open:
            raise WireError("the bus is closed")
        refused = self._refusals.pop(1, None)
        self._refusals = {nth - 1: code for nth, code in self._refusals.items()}
        if refused is None and address not in self._chips:
            refused = errno.EREMOTEIO
        if refused is not None:
            raise OSError(refused, "not acknowledged")
        return self._chips[address]

    def _count(self, length: int) -> None:
        self.transfers += 1
        self.bytes += 1 + length


def model_serial(bus: ModelBus) -> PanelBus:
    """luma's own `i2c`, opened on the model."""
    bus.open()
    return PanelBus(bus.address, bus=bus)
