"""The pins: the library that drives them, and what to do if it refuses."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gpiozero import Factory, GPIOPinInUse, PinFixedPull, PinUnknownPi
from gpiozero.pins.local import get_pi_revision

from device.words.ports import PartError

_INSTALL = {
    "gpiod": "pip install 'gpiod>=2.1'",
    "lgpio": "sudo apt install python3-lgpio, or pip install 'lgpio>=0.2.2'",
    "rpigpio": "pip install RPi.GPIO (for the Pi 4 and older)",
}


def open_factory(backend: str) -> Factory:
    """The gpiozero pin factory of that name, and never another one instead.

    Raises PartError if it is missing or refused, or if this isn't a Pi.
    """
    # Opened by class: gpiozero's own choice falls back to any library that loads, even one that reports no edges.
    opener = {"gpiod": _open_gpiod, "lgpio": _open_lgpio, "rpigpio": _open_rpigpio}[backend]
    try:
        # Check this first: without a Pi "install lgpio" would be the wrong advice.
        get_pi_revision()
        return opener()
    except Exception as error:  # Back-ends raise all kinds of errors: lgpio.error is a bare Exception.
        raise PartError(f"pins: {backend} can't be used: {_why_no_factory(backend, error)}") from error


@contextmanager
def explained(backend: str, part: str, gpio: int) -> Iterator[None]:
    """Turn any error of the back-end about a pin into a PartError: one line for the person who wired it."""
    try:
        yield
    except Exception as error:
        raise PartError(f"pins: GPIO{gpio} ({part}) can't be used: {_why_no_pin(backend, error)}") from error


def _open_gpiod() -> Factory:
    from hardware.gpio.gpiod_factory import GpiodFactory

    return GpiodFactory()


def _open_lgpio() -> Factory:
    from gpiozero.pins.lgpio import LGPIOFactory

    return LGPIOFactory()


def _open_rpigpio() -> Factory:
    from gpiozero.pins.rpigpio import RPiGPIOFactory

    return RPiGPIOFactory()


def _why_no_factory(backend: str, error: Exception) -> str:
    match error:
        case PinUnknownPi():
            return "no Raspberry Pi found here; off a Pi use --hardware simulated"
        case ImportError():
            return f"it is not installed ({said_by(error)}); {_INSTALL[backend]}"
        case AttributeError():
            # If no build fits, pip installs lgpio 0.0.0.2: an empty module that imports without an error.
            return f"what is installed under its name is empty or too old ({said_by(error)}); {_INSTALL[backend]}"
        case OSError() if ".lgd-nfy" in str(error):
            return f"it can't write into {Path.cwd()}; start in a directory it can write, or set LG_WD to one"
        case _:
            return f"{said_by(error)}; {_device_advice(backend)}"


def _device_advice(backend: str) -> str:
    nodes = sorted(Path("/dev").glob("gpiomem*" if backend == "rpigpio" else "gpiochip*"))
    if not nodes:
        return "there is no GPIO device under /dev: is this a Pi with its own kernel?"
    if not any(os.access(node, os.R_OK | os.W_OK) for node in nodes):
        if _is_roots_alone(nodes[0]):
            return f"only root may open {nodes[0]}: `sudo make install` brings a rule that gives it to the group gpio"
        return f"this user may not open {nodes[0]}: sudo usermod -aG gpio $USER, then log in again"
    hint = "rpigpio is for the Pi 4 and older; " if backend == "rpigpio" else ""
    return f"{hint}`unsit check` goes through the parts"


def _is_roots_alone(node: Path) -> bool:
    """Whether only root may use the node, as on plain Debian, where no group helps."""
    with suppress(OSError):
        return node.stat().st_gid == 0
    return False


def _why_no_pin(backend: str, error: Exception) -> str:
    said = said_by(error)
    if isinstance(error, GPIOPinInUse):
        return "another part of Unsit has it already; give each part a pin of its own"
    if isinstance(error, PinFixedPull):
        return 'the board has a fixed pull-up resistor there; use another pin, or pull = "up"'
    if "busy" in said:
        return f"{backend} says {said}: another program or the kernel holds it; stop that one or use another pin"
    return f"{backend} says {said}; {_device_advice(backend)}"


def said_by(error: Exception) -> str:
    """What a back-end's error says, in a line."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    # lgpio.error puts quotes around its text.
    return " ".join(str(getattr(error, "value", error)).split())
