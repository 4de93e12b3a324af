"""The cue word and the figure change at the same instant: as they are drawn, and on the wire."""

from __future__ import annotations

from itertools import pairwise

import pytest

from device.body.figure import Figure
from device.pictures.person import figure
from device.settings.settings import PanelSettings
from device.stretches.stretch import Stretch
from device.words.effects import Movement, Moving, Show
from device.words.events import Event
from hardware.panel.bus import Serial
from hardware.panel.oled import OledPanel
from hardware.simulated.controller import ModelBus, model_serial
from tests import guided

STRETCHES = guided.stretches()
EVERY_STRETCH = pytest.mark.parametrize("stretch", STRETCHES, ids=lambda stretch: stretch.id)
A_HAIR_S = 0.001


def seen(movement: Figure, elapsed_s: float) -> bytes:
    """The figure at that moment."""
    return figure(movement, elapsed_s, other_side=False).ink.tobytes()


@EVERY_STRETCH
def test_with_the_word_the_figure_sets_out_and_with_the_word_it_stops(stretch: Stretch) -> None:
    # One that grows has grown by then.
    movement, begins_s = stretch.figure, 20 * stretch.figure.loop_s
    for number, pose in enumerate(movement.poses):
        before, arrives_s = movement.poses[number - 1], begins_s + pose.moves_s
        if before.holds_s and pose.body != before.body and before.hold_cue != pose.cue:
            assert seen(movement, begins_s - A_HAIR_S) != seen(movement, begins_s + A_HAIR_S), f"off to {pose.cue}"
        if pose.holds_s and pose.body != before.body and pose.hold_cue != pose.cue:
            assert seen(movement, arrives_s - A_HAIR_S) != seen(movement, arrives_s + A_HAIR_S), pose.hold_cue
        if pose.holds_s:
            held = {seen(movement, arrives_s + A_HAIR_S + part * pose.holds_s) for part in (0.0, 0.3, 0.9)}
            assert len(held) == 1, "held is held"
        begins_s = arrives_s + pose.holds_s


class Inbox:
    """Nobody listens to what the panel reports."""

    def put(self, event: Event) -> None:
        """Let it go."""


@pytest.mark.parametrize("stretch_id", ["chin_tuck", "pelvic_tilt", "side_lunge", "back_bend", "psoas_reach"])
def test_on_the_wire_no_word_changes_but_with_the_figure(stretch_id: str) -> None:
    movement = next(stretch.figure for stretch in STRETCHES if stretch.id == stretch_id)
    bus = ModelBus("ssd1306", PanelSettings().address, lambda *_: None)

    def open_bus() -> Serial:
        serial: Serial = model_serial(bus)
        return serial

    panel = OledPanel(PanelSettings(), Inbox(), open_bus)
    panel.perform(Show(Movement(Moving(movement, False, 0.0), "3x", "break 1:12", "2/5")), 0.0)
    frames = [bus.picture()]
    while (deadline := panel.next_deadline()) is not None and deadline < 2 * movement.loop_s:
        panel.tick(deadline)
        frames.append(bus.picture())
    words = 0
    for one, other in pairwise(frames):
        if one.crop((66, 0, 128, 27)).tobytes() != other.crop((66, 0, 128, 27)).tobytes():
            words += 1
            assert one.crop((0, 0, 64, 64)).tobytes() != other.crop((0, 0, 64, 64)).tobytes()
    assert words >= 3
