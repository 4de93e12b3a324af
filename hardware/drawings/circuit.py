"""Circuit diagrams of one build, drawn by schemdraw: the seat, the buzzer, the button and the panel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import schemdraw
from schemdraw import elements as elm

from hardware.drawings.svg import INK
from hardware.wiring.figures import DIVIDER_SENSORS, values
from hardware.wiring.header import header
from hardware.wiring.wires import Conductor, End, Wiring, row_letter

_UNIT = 2.4
_SIZE = 13


class OtherwiseWiredError(Exception):
    """A diagram would connect what the wiring doesn't; the message is one line."""


def seat(wired: Wiring) -> str:
    """From the socket at the chair to the Pi. Raises OtherwiseWiredError."""
    return (_pad if wired.build.seat == "pad" else _force)(_Circuit(wired))


def buzzer(wired: Wiring) -> str:
    """From the Pi to the buzzer. Raises OtherwiseWiredError."""
    return (_passive if wired.build.buzzer == "passive" else _active)(_Circuit(wired))


def button(wired: Wiring) -> str:
    """The button between its pin and ground. Raises OtherwiseWiredError."""
    circuit = _Circuit(wired)
    with circuit.drawing as d:
        circuit.end("button, signal", "left")
        d.add(elm.Line().right(1.0))
        d.add(elm.Button().right().label("button", "top"))
        d.add(elm.Line().right(0.6))
        circuit.end("button, ground", "right")
    return circuit.text()


def panel(wired: Wiring) -> str:
    """The panel's four pins. Raises OtherwiseWiredError."""
    circuit = _Circuit(wired)
    sides = {"GND": "panel, ground", "VCC": "panel, power", "SCL": "panel, clock", "SDA": "panel, data"}
    circuit.chip("panel", sides)
    return circuit.text()


# ---- the seat


def _pad(circuit: _Circuit) -> str:
    with circuit.drawing as d:
        circuit.end("seat, signal", "left")
        d.add(elm.Line().right(1.6).label(circuit.row("GPIO of the seat"), "bottom"))
        d.add(elm.Dot())
        with d.hold():
            d.add(elm.Resistor().up().label(circuit.between("R2", "3.3 V", "GPIO of the seat"), "bottom"))
            circuit.end("board, power", "top")
        d.add(elm.Line().right(1.8))
        d.add(elm.Dot())
        with d.hold():
            d.add(elm.Capacitor().down().label(circuit.between("C1", "ground", "GPIO of the seat"), "bottom"))
            d.add(elm.Dot())
            with d.hold():
                d.add(elm.Line().left(1.8).label(circuit.row("ground"), "bottom"))
                circuit.end("board, ground", "left")
            d.add(elm.Line().right(_UNIT + 0.6))
            ground = circuit.end("chair, ground", "mid")
        d.add(elm.Line().right(0.6))
        d.add(elm.Resistor().right().label(circuit.between("R1", "seat line", "GPIO of the seat"), "top"))
        circuit.end("chair, signal", "mid")
        _chair(circuit, ground, "pad, signal", "pad, ground")
        d.add(elm.Button().down().label("pad", "bottom").toy(ground))
    return circuit.text()


def _chair(circuit: _Circuit, ground: Any, signal: str, back: str) -> None:
    """The two wires of the plug cable, and beyond it those at the chair."""
    d = circuit.drawing
    circuit.cable(circuit.wire(signal).ends[0].pin, "right")
    circuit.end(signal, "mid")
    with d.hold():
        d.move_from(ground)
        circuit.cable(circuit.wire(back).ends[0].pin, "right")
        circuit.end(back, "mid")
        d.add(elm.Line().right(0.6 * _UNIT))
    d.add(elm.Line().right(0.6 * _UNIT))


def _force(circuit: _Circuit) -> str:
    with circuit.drawing as d:
        bus = {"VDD": "converter, power", "GND": "converter, ground", "SCL": "converter, clock"}
        bus |= {"SDA": "converter, data", "ALRT": "converter, alert", "A0": "converter, sensors"}
        chip = circuit.chip("converter", bus, right=("A0",))
        d.add(elm.Line().right(0.8).at(chip.A0))
        circuit.end("converter, sensors", "mid")
        d.add(elm.Line().right(1.6).label(circuit.row("sensors"), "bottom"))
        d.add(elm.Dot())
        with d.hold():
            d.add(elm.Resistor().down().label(circuit.between("R2", "ground", "sensors"), "bottom"))
            d.add(elm.Ground())
        d.add(elm.Line().right(1.9))
        d.add(elm.Dot())
        with d.hold():
            d.add(elm.Capacitor().down().label(circuit.between("C1", "ground", "sensors"), "bottom"))
            d.add(elm.Ground())
        d.add(elm.Line().right(0.8))
        circuit.end("chair, sensors", "mid")
        circuit.cable("sleeve", "right")
        circuit.end("sensors, signal", "mid", "right")
        d.add(elm.ResistorVar().up(3.2).label(f"{DIVIDER_SENSORS} force sensors\nside by side", "bottom"))
        circuit.end("sensors, power", "mid", "right")
        circuit.cable("tip", "left")
        circuit.end("chair, power", "mid")
        d.add(elm.Line().left(1.4).label(circuit.row("3.3 V"), "bottom"))
        circuit.end("board, power", "left")
    return circuit.text()


# ---- the buzzer


def _passive(circuit: _Circuit) -> str:
    with circuit.drawing as d:
        circuit.end("buzzer, signal", "left")
        d.add(elm.Resistor().right().label(circuit.between("R3", "GPIO of the buzzer", "buzzer"), "top"))
        d.add(elm.Line().right(1.4).label(circuit.row("buzzer"), "top"))
        d.add(elm.Line().down(0.5))
        speaker = d.add(elm.Speaker().right().anchor("in1"))
        circuit.beside(speaker.in1, circuit.between("BZ1", "ground", "buzzer"), 1.2, -0.3)
        d.add(elm.Line().down(0.5).at(speaker.in2))
        d.add(elm.Ground().label(circuit.row("ground"), "bottom"))
    return circuit.text()


def _active(circuit: _Circuit) -> str:
    with circuit.drawing as d:
        circuit.end("buzzer, signal", "left")
        d.add(elm.Resistor().right().label(circuit.between("R3", "GPIO of the buzzer", "transistor"), "top"))
        d.add(elm.Line().right(1.4).label(circuit.row("transistor"), "top"))
        transistor = d.add(elm.BjtNpn(circle=True).right().anchor("base"))
        circuit.between("Q1", "ground", "transistor", "buzzer")
        circuit.beside(transistor.center, f"Q1\n{values()['transistor'].name}", 0.9)
        d.add(elm.Line().down(0.4).at(transistor.emitter))
        d.add(elm.Ground().label(circuit.row("ground"), "bottom"))
        d.add(elm.Line().up(0.9).at(transistor.collector).label(circuit.row("buzzer"), "top"))
        speaker = d.add(elm.Speaker().right().anchor("in2"))
        circuit.beside(speaker.in1, circuit.between("BZ1", "3.3 V", "buzzer"), 1.2, -0.3)
        d.add(elm.Line().up(0.9).at(speaker.in1).label(f"+  {circuit.row('3.3 V')}", "top"))
        circuit.end("board, power", "top")
    return circuit.text()


# ---- what they are drawn with


class _Circuit:
    """One diagram; what it says of a wire or a part comes from the wiring, or it isn't drawn."""

    def __init__(self, wired: Wiring) -> None:
        self._wired = wired
        self.drawing = schemdraw.Drawing(show=False, canvas="svg", fontsize=_SIZE, unit=_UNIT, color=INK, lw=1.8)

    def text(self) -> str:
        """The SVG, as schemdraw writes it."""
        data: bytes = self.drawing.get_imagedata("svg")
        return data.decode()

    def wire(self, what: str) -> Conductor:
        """The wire that is for that."""
        for wire in self._wired.wires:
            if wire.what == what:
                return wire
        raise OtherwiseWiredError(f"no wire for {what!r}")

    def row(self, name: str) -> str:
        """A strip's letter, to be found on the board."""
        return f"strip {row_letter(self._wired.strips.index(name) + 1)}"

    def between(self, part: str, *strips: str) -> str:
        """A part's label, if its legs are in these strips. Raises OtherwiseWiredError."""
        for each in self._wired.soldered:
            if each.name == part:
                legs = [leg.pin for leg in each.legs]
                if sorted(legs) != sorted(strips):
                    raise OtherwiseWiredError(f"{part} is in {legs}, not in {list(strips)}")
                return f"{part}\n{values()[each.kind].name.partition(',')[0]}"
        raise OtherwiseWiredError(f"no {part} on the board")

    def end(self, what: str, side: str, said_at: str = "top") -> Any:
        """A wire's end: at the diagram's edge with where it leads, in its middle with its number only."""
        wire = self.wire(what)
        dot = elm.Dot(open=True)
        if side == "mid":
            return self.drawing.add(dot.label(f"wire {wire.number}", said_at, ofst=0.2)).center
        said = self.far(wire).rpartition(", ")
        return self.drawing.add(dot.label(f"{said[0]}\n{said[2]}", side)).center

    def cable(self, contact: str, side: str) -> None:
        """The plug cable, which nobody has to solder."""
        line = elm.Line().linestyle("--").label(f"plug cable, {contact}", "bottom" if side == "right" else "top")
        self.drawing.add(getattr(line, side)(4.2))

    def beside(self, spot: Any, said: str, right: float, up: float = 0.0) -> None:
        """Say something to the right of a spot."""
        self.drawing.add(elm.Label().at((spot.x + right, spot.y + up)).label(said, "center", halign="left"))

    def chip(self, part: str, pins: dict[str, str], right: Iterable[str] = ()) -> Any:
        """A part with its pins, each with where it leads."""
        for pin, what in pins.items():
            if End(part, pin) not in self.wire(what).ends:
                raise OtherwiseWiredError(f"{what!r} doesn't end at {pin}")
        shown = [elm.IcPin(name=pin, side="right" if pin in right else "left") for pin in pins]
        chip = self.drawing.add(elm.Ic(pins=shown, edgepadW=0.9, edgepadH=0.3, pinspacing=0.9).label(part, "top"))
        for pin, what in pins.items():
            if pin in right:
                continue
            self.drawing.add(elm.Line().left(0.6).at(getattr(chip, pin)))
            self.drawing.add(elm.Dot(open=True).label(self.far(self.wire(what)), "left"))
        return chip

    def far(self, wire: Conductor) -> str:
        """Which pin of the Pi a wire leads to, straight or over a strip of the board, and the numbers on the way."""
        strips = {end.pin for end in wire.ends if end.part == "board"}
        to_pi = self._wired.at("header")
        direct = wire if wire in to_pi else next(each for each in to_pi if strips & {end.pin for end in each.ends})
        pin = next(end.pin for end in direct.ends if end.part == "header")
        numbers = f"wire {wire.number}" if direct is wire else f"wires {direct.number} + {wire.number}"
        return f"pin {pin}, {header()[int(pin)].name}, {numbers}"
