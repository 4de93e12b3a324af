"""The seat and the panel without the rest of the device, for commands that look at the seat's levels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from device.settings.settings import PLACES, Settings, claims
from device.words.effects import Screen, Show
from device.words.ports import AnalogSeat, Clock, Inbox, NotHereError, Output
from hardware.check import HOLDER, Ends, pi_ends
from hardware.shared.part import Wires, part_at, parts_of

if TYPE_CHECKING:
    from hardware.simulated.desk import SimulatedDesk


@dataclass(frozen=True, slots=True)
class SeatAlone:
    """An analog seat that runs, and the panel beside it. Its user calls `level` a few times a second."""

    seat: AnalogSeat
    panel: Output
    clock: Clock
    pretend: Callable[[float], object]
    """Put that level on the seat, at the simulated desk; a real one has somebody on it."""

    def level(self) -> float:
        """What the seat reads now, as a fraction of full scale; NaN if it doesn't answer. Both parts look, if due."""
        for part in (self.seat, self.panel):
            deadline, now = part.next_deadline(), self.clock.now()
            if deadline is not None and deadline <= now:
                part.tick(now)
        return self.seat.level()

    def show(self, screen: Screen) -> None:
        """Show a screen on the panel, if there is one."""
        self.panel.perform(Show(screen), self.clock.now())


@contextmanager
def on_the_pi(settings: Settings, inbox: Inbox, clock: Clock) -> Iterator[SeatAlone]:
    """The seat and panel of a Pi. Raises PartError; NotHereError while the service runs: it has the pins."""
    ends = pi_ends(settings)
    if any(ends.holder(claim.number) == HOLDER for claim in claims(settings) if claim.is_pin):
        raise NotHereError("the service runs and has the seat: sudo systemctl stop unsit, and start it again later")
    # Whoever has the pins next shall find none of these, which gpiozero keeps for all factories.
    with closing(ends.factory), _alone(settings, inbox, clock, ends, lambda: None, lambda _: None) as alone:
        yield alone


@contextmanager
def at_the_desk(desk: SimulatedDesk, settings: Settings, inbox: Inbox, clock: Clock) -> Iterator[SeatAlone]:
    """The seat and panel of a simulated desk."""
    ends = Ends(desk.factory, desk.i2c, list)
    with _alone(settings, inbox, clock, ends, desk.power_up, desk.weigh) as alone:
        yield alone


@contextmanager
def _alone(
    settings: Settings,
    inbox: Inbox,
    clock: Clock,
    ends: Ends,
    power_up: Callable[[], None],
    pretend: Callable[[float], object],
) -> Iterator[SeatAlone]:
    """However this ends, the panel is dark and the pins are free afterwards."""
    wires = Wires(settings, inbox, clock, ends.factory, ends.bus)
    make = next(part.input for part in parts_of(settings) if part.input is not None and part.name == "seat")
    panel_made = part_at(PLACES[0]).output
    assert panel_made is not None, "the panel is an output"
    panel, seat = panel_made(wires), cast("AnalogSeat", make(wires))
    try:
        power_up()
        seat.start()
        yield SeatAlone(seat, panel, clock, pretend)
    finally:
        seat.close()
        panel.close()
