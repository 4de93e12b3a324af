"""What goes over the bus, counted on the controller model: bytes for a minute, for a frame, and the bus's own limit."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from itertools import pairwise

from benchmarks.guide import every_movement, frames_of
from benchmarks.table import Row
from device.core.coach import Coach
from device.pictures.drawing import draw
from device.screens.screens import compose
from device.settings.settings import Limits, Screens, Settings
from device.stretches.repertoire import repertoire
from device.words.effects import Show
from device.words.events import Button, Event, Seat, Tick
from hardware.panel.delta import Changes, packed, page_runs, windows, wire_bytes
from hardware.simulated.controller import ModelBus, model_serial

LUMA_BYTES = 1034
"""luma's display() on an SSD1306: every picture, whole."""
_BUS_BYTES_S = 100_000 / 9
"""At the stock 100 kHz: eight bits and an acknowledgement each."""
_FAST = 25
_REFRESH_S = 300.0
"""How often the panel sends all anew, and moves the picture on."""


def rows() -> Iterator[Row]:
    """Minutes of two hours on the chair, and frames of every stretch."""
    minutes, moved = _minute_bytes()
    yield Row("minute changes on the seated screen, median", "bytes", statistics.median(minutes), "at most 150",
              "luma display()", LUMA_BYTES)  # fmt: skip
    yield Row("  the dearest 1 in 10", "bytes", _at(minutes, 0.9), "", "luma display()", LUMA_BYTES)
    yield Row("  the dearest", "bytes", max(minutes), "", "luma display()", LUMA_BYTES)
    yield Row("  with the picture moving on every 5 min, mean", "bytes", statistics.mean(minutes + moved), "",
              "luma display()", LUMA_BYTES)  # fmt: skip
    for name, changes, whole in (("SSD1306", windows, LUMA_BYTES), ("SH1106", page_runs, 1080)):
        frames = _frame_bytes(changes)
        wanted = "at most 120" if changes is windows else ""
        yield Row(f"frame of the guide, {name}, median", "bytes", statistics.median(frames), wanted,
                  "luma display()", whole)  # fmt: skip
        yield Row("  the dearest", "bytes", max(frames), f"{_BUS_BYTES_S / _FAST:.0f}: 25 a second at 100 kHz",
                  "luma display()", whole)  # fmt: skip


def _minute_bytes() -> tuple[list[int], list[int]]:
    """Somebody sits for two hours: each change of the picture, sent to the model and looked at there.

    Those of the minutes in which the picture stays where it is, and those in which it moves on and is sent whole.
    """
    # Without the invite, which has the whole screen for a while.
    settings = Settings(Limits(invite_after_s=7200), screens=Screens(safety_s=0))
    coach = Coach(settings, repertoire(settings), compose=compose)
    bus = ModelBus("ssd1306", 0x3C)
    serial = model_serial(bus)
    serial.transfer([bytes.fromhex("00 8D 14 20 00 A1 C8 DA 12 AF")])
    held, step = None, 0
    sent: list[int] = []
    moved: list[int] = []
    script: list[Event] = [Seat(0.0, False), Button(0.0, False), Seat(30.0, True)]
    script += [Tick(30.0 + 60 * minute) for minute in range(1, 118)]
    for event in script:
        for effect in coach.handle(event):
            if not isinstance(effect, Show):
                continue
            moves, step = step != int(event.at // _REFRESH_S), int(event.at // _REFRESH_S)
            picture = draw(effect.screen, event.at, step)
            writes = windows(None if moves else held, packed(picture))
            serial.transfer(writes)
            if bus.picture().tobytes() != picture.tobytes():
                raise AssertionError("the panel shows something else")
            if isinstance(event, Tick) and event.at > 120:
                (moved if moves else sent).append(wire_bytes(writes))
            held = packed(picture)
    return sent, moved


def _frame_bytes(changes: Changes) -> list[int]:
    """Ten frames a second of every movement, from its first to its last, countdown and all."""
    sent = []
    for movement in every_movement():
        memories = (packed(draw(screen, now)) for screen, now in frames_of(movement))
        sent += [wire_bytes(changes(before, after)) for before, after in pairwise(memories)]
    return sent


def _at(values: list[int], share: float) -> int:
    return sorted(values)[int(share * len(values))]
