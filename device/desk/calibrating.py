"""The calibration of the seat, step by step, at the simulated desk or at a real one. Meanwhile no device runs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from device.files.complaint import Complaint
from device.journal.place import desk_calibration_file
from device.languages.phrases import phrases
from device.languages.screen_words import vocabulary
from device.run.clock import RunningClock
from device.run.loop import EventQueue, Mover
from device.run.restart import Start
from device.screens.calibrating import calibrated as end_screen
from device.screens.calibrating import calibrating as step_screen
from device.settings.calibration_file import Calibration, calibrated, seat_lines, try_to_write, write_calibration
from device.settings.settings import Settings
from device.stages.calibrating import Steps
from device.stages.calibration import AGAIN, STEPS
from device.words.effects import Screen
from device.words.instants import after
from device.words.ports import Clock, Inbox, Wall

_GLANCES_S = 0.1
"""How often to look at the seat, in seconds."""
_SHOWS_S = 3.0
"""For how many seconds the panel shows how it ended."""
EMPTY_STEPS = ("empty", "rise")
"""The steps in which nobody sits."""


class SeatAndPanel(Protocol):
    """An analog seat that runs, and the panel beside it."""

    def level(self) -> float:
        """What the seat reads now, as a fraction of full scale; NaN if it doesn't answer."""
        ...

    def show(self, screen: Screen) -> None:
        """Show a screen on the panel."""
        ...


Alone = Callable[[Inbox, Clock], AbstractContextManager[SeatAndPanel]]
"""Opens the seat and the panel without the rest of the device."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How a calibration ended."""

    is_fine: bool
    why: Complaint
    todo: tuple[Complaint, ...] = ()


class DeskCalibration:
    """One calibration after the other, each of which a person begins and may leave."""

    def __init__(
        self,
        start: Start,
        clock: RunningClock,
        wall: Wall,
        alone: Alone | None,
        place: Callable[[Settings], Path | None] = desk_calibration_file,
    ) -> None:
        """Without `alone` there is no calibration. `start` is what the device goes by, with the latest calibration.

        `place` says where a calibration is kept.
        """
        self._place = place
        self.level = math.nan
        """What the seat read at the last look."""
        self.start = start
        self._clock, self._wall, self._alone = clock, wall, alone
        self._own_seat = start.own_seat or start.settings.seat
        self._steps: Steps | None = None
        self._outcome: _Outcome | None = None
        self._ends_at: float | None = None
        self._shown: object = None
        self.language = start.settings.screens.language
        """The language in use, by its two letters."""
        self.by_keys = False
        """Whether it is led by keys in a terminal, and not on the page."""

    def go_by(self, start: Start) -> None:
        """The device goes by other settings, which have the latest calibration, too."""
        self.start, self._own_seat = start, start.own_seat or start.settings.seat

    @property
    def is_on(self) -> bool:
        """Somebody is being guided, or is shown how it ended."""
        return self._steps is not None

    @property
    def step(self) -> str:
        """The step that is asked for; empty for none."""
        return (self._steps and self._steps.step) or ""

    @property
    def says(self) -> str:
        """For a terminal: how far it is, or why it needs to be; empty where nothing is to be calibrated."""
        steps, outcome, seat = self._steps, self._outcome, self.start.settings.seat
        if steps is not None and steps.step is not None:
            asks = "press Enter" if steps.fault is None else str(AGAIN)
            return f"calibrating {steps.nth}/{len(STEPS)}: {asks if steps.until is None else 'stay so'}"
        if seat.kind == "contact" or seat.levels is not None:
            return ""
        helps = "k calibrates it" if self.by_keys else "unsit calibrate"
        return f"not calibrated: {helps}" if outcome is None else f"not calibrated: {outcome.why}"

    def begin(self) -> bool:
        """Ask for the first step from now on. False if that can't be."""
        if self.is_on or self._alone is None or self.start.settings.seat.kind == "contact":
            return False
        file = self._place(self.start.settings)
        try:
            if file is not None:
                try_to_write(file)
        except OSError as error:
            self._outcome = _unwritten(file, error)
            return False
        self._steps, self._outcome, self._ends_at, self._shown = Steps(), None, None, None
        return True

    def leave(self) -> None:
        """End it. Without a last step all stays as it was."""
        self._steps = None

    def fail(self, why: str) -> None:
        """End it, since the seat can't be read."""
        self._steps, self._outcome = None, _Outcome(False, Complaint("{why}", why=why))

    def there(self, step: str) -> bool:
        """The person does what this step asks for. False if it isn't the one that is asked for."""
        if self._steps is None or self._steps.step != step or self._steps.until is not None:
            return False
        self._steps.there(self._clock.now())
        return True

    def run(self, inbox: EventQueue, hands: Mover, look: Callable[[bool], None]) -> None:
        """Guide the person until it is over or the inbox stops. `look` hears after each round whether there is news."""
        assert self._alone is not None, "only what can be calibrated has begun"
        with self._alone(inbox, self._clock) as alone:
            while self.is_on and not inbox.stopped:
                look(self._look(alone))
                inbox.wait(self._clock.wait_s(after(self._clock.now(), _GLANCES_S)))
                now = self._clock.now()
                while hands.play_next(now):
                    pass

    def told(self) -> Mapping[str, Any] | None:
        """How far it is, or how the latest one ended, in words; None if there was none."""
        said = phrases(self.language, self.start.settings.languages.folder)
        steps, outcome = self._steps, self._outcome
        if outcome is not None:
            todo = [said.tell(each) for each in outcome.todo]
            return {"on": self.is_on, "fine": outcome.is_fine, "why": said.tell(outcome.why), "todo": todo}
        if steps is None:
            return None
        asks = {"on": True, "step": steps.step, "until": steps.until, "spreads": steps.spreads()}
        if steps.fault is None:
            return asks
        todo = [said.tell(each) for each in steps.fault.todo]
        return asks | {"again": said.tell(AGAIN), "todo": todo}

    # ---- details

    def _look(self, alone: SeatAndPanel) -> bool:
        """Return whether there is news."""
        steps, level, now = self._steps, alone.level(), self._clock.now()
        assert steps is not None, "looks are taken while somebody is guided"
        self.level = level
        steps.look(now, level)
        if self._ends_at is not None:
            if now >= self._ends_at:
                self.leave()
        elif steps.step is None:
            self._end(steps, alone)
        news = (steps.step, steps.until, self._ends_at)
        if news == self._shown:
            return False
        self._shown = news
        if steps.step is not None:
            alone.show(step_screen(self._words, steps.step, steps.nth, len(STEPS), on_page=not self.by_keys))
        return True

    def _end(self, steps: Steps, alone: SeatAndPanel) -> None:
        found = steps.found()
        self._outcome = self._keep(found) if isinstance(found, Calibration) else _Outcome(False, found.why, found.todo)
        self._ends_at = after(self._clock.now(), _SHOWS_S)
        alone.show(end_screen(self._words, is_fine=self._outcome.is_fine))

    @property
    def _words(self) -> Any:
        return vocabulary(self.language, self.start.settings.languages.folder)

    def _keep(self, found: Calibration) -> _Outcome:
        """Write the calibration, and go by it."""
        settings = self.start.settings
        file, when = self._place(settings), self._wall.reads(self._clock.now())
        assert when is not None, "a computer tells the time"
        in_force = calibrated(replace(settings, seat=self._own_seat), found, when)
        if in_force is None:
            why = Complaint("[seat] in the settings doesn't go with what was read: take its levels out there")
            return _Outcome(False, why)
        try:
            if file is not None:
                write_calibration(file, found, when)
        except OSError as error:
            lines = ", ".join(seat_lines(found.levels)[1:])
            by_hand = Complaint("type this under [seat] in the settings: {lines}", lines=lines)
            return _unwritten(file, error, by_hand)
        self.start = replace(self.start, settings=in_force)
        beaten = Complaint("[seat] in the settings has levels of its own, which beat these")
        apart = Complaint(
            "empty it reads up to {empty:.3f}, seated {seated:.3f} or more: {apart:.3f} apart",
            empty=found.empty_most,
            seated=found.seated_least,
            apart=found.seated_least - found.empty_most,
        )
        return _Outcome(True, apart, () if in_force.seat.calibrated else (beaten,))


def _unwritten(file: Path | None, error: OSError, *todo: Complaint) -> _Outcome:
    why = Complaint("{file}: it can't be written: {error}", file=file, error=error.strerror or error)
    return _Outcome(False, why, (Complaint("what held before still holds"), *todo))
