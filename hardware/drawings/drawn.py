"""Every drawing in docs/build: its file's name, and how it is drawn from the wiring."""

from __future__ import annotations

from collections.abc import Callable

from hardware.drawings.button_picture import button_picture
from hardware.drawings.circuit_picture import circuit_picture
from hardware.drawings.harness_picture import harness_picture
from hardware.drawings.socket_picture import socket_picture
from hardware.drawings.strip_picture import copper_picture, empty_picture, parts_picture, wires_picture
from hardware.drawings.wiring_picture import wiring_picture
from hardware.wiring.wires import SHIPPED, Build, wiring

_FORCE = Build(seat="force")
_ACTIVE = Build(buzzer="active")

DRAWN: dict[str, Callable[[], str]] = {
    "wiring": lambda: wiring_picture(wiring(SHIPPED)),
    "wiring-force": lambda: wiring_picture(wiring(_FORCE)),
    "wiring-full": lambda: wiring_picture(wiring(Build(board="full"))),
    "header": lambda: wiring_picture(wiring(SHIPPED), ("header",)),
    "panel": lambda: wiring_picture(wiring(SHIPPED), ("panel",)),
    "button": lambda: wiring_picture(wiring(SHIPPED), ("button",)),
    "button-lugs": lambda: button_picture(wiring(SHIPPED)),
    "socket": lambda: socket_picture(wiring(SHIPPED), "socket"),
    "chair": lambda: socket_picture(wiring(SHIPPED), "chair socket"),
    "board-empty": lambda: empty_picture(wiring(SHIPPED)),
    "board-parts": lambda: parts_picture(wiring(SHIPPED)),
    "board-wires": lambda: wires_picture(wiring(SHIPPED)),
    "board-copper": lambda: copper_picture(wiring(SHIPPED)),
    "board-parts-force": lambda: parts_picture(wiring(_FORCE)),
    "board-wires-force": lambda: wires_picture(wiring(_FORCE)),
    "board-copper-force": lambda: copper_picture(wiring(_FORCE)),
    "board-parts-active": lambda: parts_picture(wiring(_ACTIVE)),
    "board-copper-active": lambda: copper_picture(wiring(_ACTIVE)),
    "harness": lambda: harness_picture(wiring(SHIPPED)),
    "harness-force": lambda: harness_picture(wiring(_FORCE)),
    "circuit": lambda: circuit_picture(wiring(SHIPPED)),
    "circuit-force": lambda: circuit_picture(wiring(_FORCE)),
    "circuit-active": lambda: circuit_picture(wiring(_ACTIVE)),
}
"""The SVG of each, by the name of its file in docs/build without `.svg`."""
