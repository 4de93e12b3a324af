"""Skips time at the simulated desk; everything on the way happens at its own instant."""

from __future__ import annotations

from device.desk.hands import Hands
from device.run.clock import RunningClock
from device.run.loop import Device, EventQueue, Mover, earliest
from device.screens.state_feed import next_break_at


def skip_to_break(device: Device, hands: Hands, moves: Mover, inbox: EventQueue, clock: RunningClock) -> None:
    """Go to the next break or, if none is coming, to the next thing that time brings."""
    snapshot = device.snapshot()
    if snapshot.settles_at is not None and not snapshot.seated:
        # Somebody who has just sat down wants to see the break, not that the device believes they sit.
        _run_through(device, hands, moves, inbox, clock, snapshot.settles_at)
        device.catch_up(clock.now())
    if (at := next_break_at(device.snapshot())) is not None and at > clock.now():
        _run_through(device, hands, moves, inbox, clock, at)


def _run_through(device: Device, hands: Hands, moves: Mover, inbox: EventQueue, clock: RunningClock, t: float) -> None:
    hands.skip_to(t)
    while (deadline := earliest(device.next_deadline(), moves.next_deadline())) is not None and deadline < t:
        now = max(deadline, clock.now())
        clock.jump(now)
        while moves.play_next(now):
            for event in inbox.drain():
                device.hear(event)
        device.catch_up(now)
    clock.jump(t)
