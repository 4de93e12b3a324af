"""Every frame of every movement the guide can show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from device.core.coach import Coach
from device.mind.rules import Mode
from device.mind.snapshot import GuideSnapshot, Snapshot
from device.screens.screens import compose
from device.settings.settings import Limits, Settings, Stretching
from device.stretches.repertoire import repertoire
from device.stretches.steps import Planned, StepKind, steps
from device.words.effects import Screen
from device.words.events import Button, Seat, Tick

FRAMES_S = 10
"""In each second."""


def every_movement() -> Iterator[Snapshot]:
    """Each stretch of the repertoire, at the beginning of its movement, half a minute after rising from a due break."""
    settings = Settings(Limits(due_after_s=30.0), stretches=Stretching(seated="yes", without=()))
    snapshot = replace(_off_the_chair(settings), mode=Mode.GUIDING)
    for stretch in repertoire(settings).stretches:
        planned = Planned(stretch, (stretch.least + stretch.most) // 2)
        move = next(step for step in steps([planned], settings.guide) if step.kind is StepKind.MOVE)
        yield replace(snapshot, guide=GuideSnapshot(move, snapshot.now, 0.0))


def frames_of(snapshot: Snapshot) -> Iterator[tuple[Screen, float]]:
    """The screens of a movement with their instants, a frame apart."""
    guide = snapshot.guide
    assert guide is not None
    for nth in range(round(guide.step.lasts_s * FRAMES_S)):
        elapsed_s = nth / FRAMES_S
        at = replace(snapshot, now=guide.began + elapsed_s, guide=replace(guide, elapsed_s=elapsed_s))
        screen, _ = compose(at)
        yield screen, at.now


def _off_the_chair(settings: Settings) -> Snapshot:
    coach = Coach(settings, repertoire(settings), compose=compose)
    for event in (Seat(0.0, False), Button(0.0, False), Seat(1.0, True), Tick(40.0), Seat(41.0, False), Tick(71.0)):
        coach.handle(event)
    return coach.snapshot()
