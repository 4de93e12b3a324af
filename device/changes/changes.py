"""The settings in force while the device runs, and the orders that change them. Changed wiring has a way back."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from device.files.complaint import Complaint, OneLineError
from device.mind.snapshot import Snapshot
from device.run.clock import RunningClock
from device.run.feed import Told
from device.run.orders import Answer, Do, OrderError, refused
from device.run.restart import Start
from device.settings.changes_file import before_file, confirm, go_back, put_by, write_changes
from device.settings.layers import InForce
from device.settings.settings import Settings
from device.settings.settings_file import (
    BY_PRESET,
    PRESETS_S,
    SettingsError,
    goes_by_preset,
    keys_of_settings,
    text_of,
)
from device.settings.table import is_wiring
from device.words.durations import duration_text
from device.words.instants import after

CONFIRM_WITHIN_S = 60.0
"""How long changed wiring waits for somebody to say that all still works."""
_UNCONFIRMED = Complaint("nobody said that the new wiring works: the old one is back")
_UNWANTED = Complaint("the new wiring is taken back: the old one holds again")

_log = logging.getLogger(__name__)

Make = Callable[[InForce], Start]
"""Makes what the device goes by. Raises a OneLineError if that can't be done."""
Plan = Callable[[float, Callable[[], object]], object]
"""Has something done on the thread of the device, at an instant or soon after it."""


class Changes:
    """Keeps changes of settings, and hands them to the device. Orders come on the thread of the line."""

    def __init__(self, found: InForce, start: Start, make: Make, clock: RunningClock) -> None:
        self._found, self._start, self._make, self._clock = found, start, make, clock
        self._lock = threading.RLock()
        self._before: tuple[InForce, Start] | None = None
        """What held before changed wiring that waits to be confirmed."""
        self._confirm_by: float | None = None
        self._waiting = 0
        """How many changes the device hasn't gone by yet."""
        self._trouble = found.trouble
        self._plan: Plan = lambda _at, _do: None
        self._put_in_force: Callable[[Start], object] = lambda _: None
        self.told: Mapping[str, Any]
        """The settings in force for whoever follows: values, where they come from, and what is wrong with them."""
        self._tell()

    def join(self, plan: Plan, put_in_force: Callable[[Start], object]) -> None:
        """The device that goes by these settings; `put_in_force` is called on its thread."""
        self._plan, self._put_in_force = plan, put_in_force

    @property
    def orders(self) -> Mapping[str, Do]:
        """The orders about settings."""
        return {"set": self._set, "keep": self._keep}

    def _tell(self) -> None:
        found = self._found
        self.told = {
            "values": {key: text_of(self._start.settings, key) for key in keys_of_settings()},
            "from": found.sources,
            "file": None if found.file is None else str(found.file),
            "trouble": self._trouble and self._trouble.told(),
            "confirm_by": self._confirm_by,
        }

    def know(self, start: Start) -> None:
        """The device goes by this start, which may have another calibration."""
        with self._lock:
            # While a newer one waits, this one is old.
            if not self._waiting:
                self._start = start
            self._tell()

    def fail(self, why: Exception) -> Start | None:
        """The device can't start with the new wiring: return what held before; None if nothing can be taken back."""
        with self._lock:
            if self._before is None:
                return None
            return self._return(Complaint("the new wiring doesn't work, the old one is back: {why}", why=str(why)))

    def cut(self) -> None:
        """The power was cut: wiring that waited to be confirmed is taken back. Call it on the device's thread."""
        self._take_back(_UNCONFIRMED)

    # ---- orders

    def _set(self, to: Any) -> Answer:
        values, reset = _understood(to)
        try:
            base, found, start = self._made(values, reset)
            rewires = _differ(base.settings, found.settings)
            with self._lock:
                if base is not self._found:
                    raise OrderError("the old wiring has just come back: look what holds now, and change it again")
                self._save(found, values, reset, rewires=rewires)
                if rewires:
                    self._before = self._before or (self._found, self._start)
                    self._wait()
                self._go_by(found, start)
        except SettingsError as error:
            raise OrderError(error.complaint.text, **error.complaint.values) from error
        except OneLineError as error:
            raise OrderError("{why}", why=str(error)) from error
        except OSError as error:
            why = error.strerror or str(error)
            raise OrderError("{file}: it can't be written: {error}", file=self._found.changes, error=why) from error
        return {"confirm_within_s": CONFIRM_WITHIN_S} if rewires else {}

    def take_preset(self, preset: str) -> None:
        """Go by that preset from now on, as if the page had been told to: somebody at the desk has taken it.

        Numbers of one's own would hide it, so they go. What can't be done is said with the settings.
        """
        try:
            self._set({"values": {"limits.preset": preset}, "reset": [*BY_PRESET]})
            if not goes_by_preset(self._found.settings.limits, preset):
                # The settings file has numbers of one's own, which a change takes the place of.
                self._set({"values": dict(zip(BY_PRESET, map(duration_text, PRESETS_S[preset]), strict=True))})
            if goes_by_preset(self._found.settings.limits, preset):
                return
            trouble = Complaint("the preset {preset} is taken, but the command line says otherwise", preset=preset)
        except OrderError as error:
            trouble = Complaint("the preset {preset} can't be taken: {why}", preset=preset, why=error.complaint)
        _log.warning("settings: %s", trouble)
        with self._lock:
            self._trouble = trouble
            self._tell()
        self._plan(self._clock.now(), lambda: None)

    def _made(self, values: Mapping[str, Any], reset: list[str]) -> tuple[InForce, InForce, Start]:
        """What holds, and what would hold. To make it takes a while, in which the device must not have to wait."""
        base = self._found
        found = base.with_changes(values, reset)
        return base, found, self._make(found)

    def _keep(self, to: Any) -> Answer:
        if to is False:
            if self._before is not None:
                self._plan(self._clock.now(), self._take_back)
            return {}
        if to is not True:
            raise refused("keep", to, "true or false")
        with self._lock:
            try:
                if self._before is not None and self._found.changes is not None:
                    confirm(self._found.changes)
            except OSError as error:
                file, why = before_file(self._found.changes or Path()), error.strerror or str(error)
                raise OrderError("{file}: it can't be written: {error}", file=file, error=why) from error
            self._before = self._confirm_by = None
            self._tell()
            self._plan(self._clock.now(), lambda: None)
        return {}

    def _save(self, found: InForce, values: Mapping[str, Any], reset: list[str], *, rewires: bool) -> None:
        if found.changes is None:
            return
        if rewires and self._before is None:
            put_by(found.changes)
        elif not rewires and self._before is not None:
            # What doesn't wait to be confirmed isn't taken back with what does.
            before = self._before[0].with_changes(values, reset)
            self._before = before, self._make(before)
            write_changes(before_file(found.changes), before.settings, before.changed)
        write_changes(found.changes, found.settings, found.changed)

    # ---- the way back

    def _wait(self) -> None:
        # At the simulated desk a minute is one of those who sit before it.
        self._confirm_by = after(self._clock.now(), CONFIRM_WITHIN_S * max(self._clock.speed, 1.0))
        self._plan(self._confirm_by, self._lapse)

    def _take_back(self, why: Complaint = _UNWANTED) -> None:
        with self._lock:
            if self._before is not None:
                self._put_in_force(self._return(why))

    def _lapse(self) -> None:
        with self._lock:
            if self._confirm_by is not None and self._clock.now() >= self._confirm_by:
                self._take_back(_UNCONFIRMED)

    def _return(self, why: Complaint) -> Start:
        assert self._before is not None, "only what waits can be taken back"
        found, start = self._before
        _log.warning("settings: %s", why)
        try:
            if found.changes is not None:
                go_back(found.changes)
        except OSError as error:
            # The next start goes back once more.
            _log.warning("%s: %s", found.changes, error.strerror or error)
        self._before = self._confirm_by = None
        self._found, self._start, self._trouble = found, start, why
        self._tell()
        return start

    def _go_by(self, found: InForce, start: Start) -> None:
        self._found, self._start, self._trouble = found, start, None
        self._tell()
        self._waiting += 1
        self._plan(self._clock.now(), self._put)

    def _put(self) -> None:
        with self._lock:
            self._waiting -= 1
        # What is in force by now may be the old wiring again.
        self._put_in_force(self._start)


class ChangesTold:
    """Tells followers the settings in force."""

    def __init__(self, changes: Changes, line: Told) -> None:
        self._changes, self._line = changes, line

    def look(self, snapshot: Callable[[], Snapshot]) -> None:  # noqa: ARG002 - an onlooker's
        """Tell them, if anybody follows."""
        if self._line.followed:
            self._line.stand("settings", **self._changes.told)


def go_back_at_start(changes: Path | None) -> Complaint | None:
    """The device starts: take back wiring that nobody has confirmed. Return what there is to say. Raises OSError."""
    return _UNCONFIRMED if changes is not None and go_back(changes) else None


def _differ(before: Settings, settings: Settings) -> bool:
    """Whether the wiring differs."""
    keys = [key for key in keys_of_settings() if is_wiring(key)]
    return any(text_of(before, key) != text_of(settings, key) for key in keys)


def _understood(to: Any) -> tuple[Mapping[str, Any], list[str]]:
    """The values and the keys to reset. Raises OrderError."""
    if isinstance(to, Mapping) and to and to.keys() <= {"values", "reset"}:
        values, reset = to.get("values", {}), to.get("reset", [])
        if isinstance(values, Mapping) and isinstance(reset, list) and all(isinstance(key, str) for key in reset):
            return values, reset
    example = '{"values": {"limits.due_after": "90min"}, "reset": ["pins.seat"]}'
    raise refused("set", to, Complaint("{text}", text=example))
