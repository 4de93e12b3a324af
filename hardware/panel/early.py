"""Shows a ready-drawn picture on the panel before the device runs: `python3 -I -S -E early.py PICTURE_FILE`.

It is one file without imports of ours, so that it also runs soon after power-on, and where nothing is installed yet.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from fcntl import ioctl

USAGE = "early.py [--settings FILE]... [--waits SECONDS] [--until FILE] PICTURE_FILE"
SHOWN, NO_PANEL, WRONG_USE = 0, 1, 2
"""What it exits with: the panel has the picture, none answered in that time, or it was asked for nonsense."""
LANGUAGE = "{language}"
"""Stands in the name of the picture's file where the settings' language goes."""

WIDTH, PAGES = 128, 8
_AGAIN_S = 0.1
"""Seconds between attempts at a panel that doesn't answer yet."""
_MOST_BYTES = 1_000_000
_CHIP = 0x0703
"""The request that says which chip the next writes are for (I2C_SLAVE)."""

# What luma's drivers send before a picture, without their first command, which switches the panel off.
_AS_SSD1306 = bytes.fromhex("d580a83fd300408d142000a1c8da12d9f1db40a4a6")
_AS_SH1106 = bytes.fromhex("2010b0c8001040a1a6a83fa4d300d5f0d922da12db208d14")
_SET_UP = {"ssd1306": _AS_SSD1306, "ssd1309": _AS_SSD1306, "ssd1315": _AS_SSD1306, "sh1106": _AS_SH1106}
_COMMANDS, _DATA = b"\x00", b"\x40"
_CONTRAST, _ON = 0x81, 0xAF
_UPSIDE_DOWN = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


class EarlyPanel:
    """The settings of the panel, and the language of its words."""

    # No dataclass: making one takes longer than all the rest of this file.
    def __init__(self) -> None:
        self.driver = "ssd1306"
        self.first_column = 2
        self.port = 1
        self.address = 0x3C
        self.rotation = 0
        self.contrast = 0x40
        self.language = "en"

    def read(self, file: str) -> None:
        """Go by what a settings file says, as far as it is right. What is wrong with it, the device says."""
        told = _tables(file)
        panel, screens = told.get("panel"), told.get("screens")
        for key, allowed in _ALLOWED.items():
            value = panel.get(key) if isinstance(panel, dict) else None
            # 1.0 and true are 1 to Python, but not to the device.
            if type(value) in (int, str) and value in allowed:
                setattr(self, key, value)
        language = screens.get("language") if isinstance(screens, dict) else None
        if isinstance(language, str) and len(language) == 2 and language.isascii() and language.isalpha():
            self.language = language


_ALLOWED: dict[str, tuple[str, ...] | tuple[int, ...] | range] = {
    "driver": tuple(_SET_UP),
    "first_column": range(5),
    "port": range(100),
    "address": range(0x08, 0x78),
    "rotation": (0, 180),
    "contrast": range(256),
}


def _tables(file: str) -> dict[str, object]:
    """What is in a settings file; nothing if it isn't there or is broken."""
    if not os.path.isfile(file):
        return {}
    import tomllib

    try:
        with open(file, "rb") as opened:
            return tomllib.loads(opened.read(_MOST_BYTES).decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return {}


# ---- what is sent


def writes_of(picture: bytes, panel: EarlyPanel) -> list[bytes]:
    """The writes that bring a panel from power-up to this picture: what the device sends for its first one."""
    memory = picture if panel.rotation == 0 else picture[::-1].translate(_UPSIDE_DOWN)
    filled = _pages(memory, panel.first_column) if panel.driver == "sh1106" else _window(memory)
    set_up = [_SET_UP[panel.driver], bytes((_CONTRAST, panel.contrast))]
    return [*(_COMMANDS + each for each in set_up), *filled, _COMMANDS + bytes((_ON,))]


def _window(memory: bytes) -> list[bytes]:
    return [_COMMANDS + bytes((0x21, 0, WIDTH - 1, 0x22, 0, PAGES - 1)), _DATA + memory]


def _pages(memory: bytes, at: int) -> list[bytes]:
    writes = []
    for page in range(PAGES):
        moves = bytes((0xB0 | page, at & 0x0F, 0x10 | at >> 4))
        writes += [_COMMANDS + moves, _DATA + memory[page * WIDTH : (page + 1) * WIDTH]]
    return writes


class Wire:
    """An open bus on which writes go to one chip. Raises OSError, here and at each write, if that can't be done."""

    def __init__(self, port: int, address: int) -> None:
        self._bus = os.open(f"/dev/i2c-{port}", os.O_RDWR | os.O_CLOEXEC)
        try:
            ioctl(self._bus, _CHIP, address)
        except OSError:
            self.close()
            raise

    def write(self, payload: bytes) -> None:
        """Send one write, without its address."""
        os.write(self._bus, payload)

    def close(self) -> None:
        """Close the bus."""
        os.close(self._bus)


OpenWire = Callable[[int, int], Wire]
"""Opens the wire to the chip at an address of a bus, by their numbers."""


def show(picture: bytes, panel: EarlyPanel, waits_s: float = 0.0, wire: OpenWire = Wire, until: str = "") -> bool:
    """Show a picture of 1024 bytes, and say whether a panel took it. Until one does, try for so many seconds.

    Once the file `until` is there, the panel is somebody else's.
    """
    writes = writes_of(picture, panel)
    gives_up_at = time.monotonic() + waits_s
    while not (until and os.path.exists(until)):
        if _sent(writes, panel, wire):
            return True
        if time.monotonic() + _AGAIN_S > gives_up_at:
            break
        time.sleep(_AGAIN_S)
    return False


def _sent(writes: list[bytes], panel: EarlyPanel, wire: OpenWire) -> bool:
    try:
        opened = wire(panel.port, panel.address)
        try:
            for each in writes:
                opened.write(each)
        finally:
            opened.close()
    except OSError:
        return False
    return True


# ---- the command line


def main(words: list[str], wire: OpenWire = Wire) -> int:
    """Do what the words of the command line say, and return the exit code."""
    panel, waits_s, until, rest = EarlyPanel(), 0.0, "", list(words)
    try:
        while rest[0].startswith("--"):
            option, value, *rest = rest
            if option == "--settings":
                panel.read(value)
            elif option == "--waits":
                waits_s = float(value)
            elif option == "--until":
                until = value
            else:
                raise ValueError
        (name,) = rest
        if not waits_s >= 0:
            raise ValueError
    except (IndexError, ValueError):
        return _refuse(f"Usage: {USAGE}")
    try:
        picture = _picture(name, panel.language)
    except OSError as error:
        return _refuse(f"{error.filename}: {error.strerror}")
    if len(picture) != WIDTH * PAGES:
        return _refuse(f"{name}: is no picture; allowed: {WIDTH * PAGES} bytes, page after page")
    return SHOWN if show(picture, panel, waits_s, wire, until) else NO_PANEL


def _picture(name: str, language: str) -> bytes:
    """The picture in that language, or in English if nobody drew it in that one. Raises OSError."""
    in_language = name.replace(LANGUAGE, language)
    with open(in_language if os.path.exists(in_language) else name.replace(LANGUAGE, "en"), "rb") as opened:
        return opened.read(WIDTH * PAGES + 1)


def _refuse(why: str) -> int:
    sys.stderr.write(f"{why}\n")
    return WRONG_USE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
