"""How long a frame of the guide takes to compose and draw, without the bus, for each stretch and over all of them."""

from __future__ import annotations

import statistics
import time
from dataclasses import replace

from device.coach import Coach
from device.effects import Show
from device.events import Button, Seat, Tick
from device.repertoire import repertoire
from device.routine import StepKind, Turn, steps
from device.screens import compose
from device.settings import Limits, Settings, Stretching
from device.status import GuideStatus, Mode, Status
from hardware.drawing import draw

FRAMES_S = 10
"""In each second."""


def frames_ms(status: Status) -> list[float]:
    """Each frame of the step that this shows, once through its loop."""
    assert status.guide is not None
    took = []
    for nth in range(round(status.guide.step.figure.loop_s * FRAMES_S)):
        elapsed_s = nth / FRAMES_S
        guide = replace(status.guide, elapsed_s=elapsed_s)
        at = replace(status, now=status.guide.began + elapsed_s, guide=guide)
        began = time.perf_counter()
        screen, _ = compose(at)
        draw(screen, at.now)
        took.append(1000 * (time.perf_counter() - began))
    return took


def off_the_chair(settings: Settings) -> Status:
    """Somebody up for half a minute after a due break."""
    coach = Coach(settings, repertoire(settings))
    for event in (Seat(0.0, False), Button(0.0, False), Seat(1.0, True), Tick(40.0), Seat(41.0, False), Tick(71.0)):
        assert all(not isinstance(effect, Show) or effect.screen for effect in coach.handle(event))
    return coach.status()


def main() -> None:
    """Print the table."""
    settings = Settings(Limits(due_after_s=30.0), stretches=Stretching(seated="yes", without=()))
    status = replace(off_the_chair(settings), mode=Mode.GUIDING)
    every: list[float] = []
    for stretch in repertoire(settings).stretches:
        amount = (stretch.least + stretch.most) // 2
        move = next(step for step in steps([Turn(stretch, amount)], settings.guide) if step.kind is StepKind.MOVE)
        took_ms = frames_ms(replace(status, guide=GuideStatus(move, status.now, 0.0)))
        every += took_ms
        print(f"{stretch.id:18} p50 {statistics.median(took_ms):5.2f} ms  most {max(took_ms):5.2f} ms")
    ranked = sorted(every)
    print(f"{'all':18} p50 {statistics.median(every):5.2f} ms  p99 {ranked[int(0.99 * len(ranked))]:5.2f} ms  "
          f"of {len(every)} frames; at most 2 ms at the median is wanted")  # fmt: skip


if __name__ == "__main__":
    main()
