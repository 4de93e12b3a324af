"""A person, a chair and a Pi without a clock battery, with its journal on a real file, all on simulated time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from device.commands.desk import past_of
from device.history.day_file import RecordedDay, write_day
from device.journal.writer import Journal
from device.meetings.spans_file import Spans, SpansWatch, week_of, write_spans
from device.mind.snapshot import SAFETY
from device.run.calendar import Calendar
from device.run.loop import Device, earliest
from device.run.restart import Start, begins_at, by_plan, change, resumed
from device.settings.settings import Settings
from device.settings.settings_file import lines_of
from device.stretches.repertoire import repertoire
from device.words.effects import Effect, Note
from device.words.events import Button, Chosen, Event, Order, Ordered, PairingEnded, PairingOpened, Seat
from device.words.facts import Fact
from device.words.instants import HOUR_S, MINUTE_S, after, whole
from device.words.past import Readings, Sitting
from tests.facts import details_of, fact_of

BEGAN = datetime(2026, 3, 2, 8).astimezone()
"""A Monday at eight, in whichever zone the tests run: sixteen hours later it is midnight."""

_running: set[World] = set()


def pull_every_plug() -> None:
    """Let go of the journals of those that still run: a test may end at any moment of a day."""
    for world in _running:
        world._journal._hang_up()
    _running.clear()


class World:
    """What happens, and what the journal has of it. True time never stops; the device's does without power."""

    def __init__(self, folder: Path, settings: Settings, began: datetime = BEGAN, real_s: float = 0.0) -> None:
        """Where there is a journal already, the device goes on from it, at that true second."""
        self.file = folder / "journal.db"
        self.spans_file = folder / "spans.json"
        self._has_calendar = bool(settings.meetings.calendar)
        self.start_of = Start(settings, repertoire(settings), plans=by_plan(settings))
        self.began = began
        self.real_s = real_s
        """True seconds since it all began."""
        self.believed_s = 0.0
        """Seconds that somebody sat, as the device believed while it lived."""
        self.deaths = 0
        self.rounds = 0
        """How often the device asked to be woken."""
        self._sat_at: float | None = None
        self._sitting = Sitting()
        self.said: list[Fact] = []
        """All that was ever said, lost or not."""
        self._taken = self._down = False
        self._boot, self._boot_real_s = 0, 0.0
        self.right_from_s: float | None = 0.0
        """From when on its clock is right; None for never."""
        self.error_s = 0.0
        """How far a clock that is right goes wrong all the same: somebody has set it."""
        self.stale = began
        """What the clock began with when the Pi was last booted."""
        self._on()

    # ---- what happens

    def wait(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Let time pass."""
        end = after(self.now, hours * HOUR_S + minutes * MINUTE_S + seconds)
        while (deadline := earliest(self._device.next_deadline(), self._journal.next_deadline())) is not None:
            if deadline > end:
                break
            self.rounds += 1
            self._go(max(deadline, self.now))
            self._device.catch_up(self.now)
            self._journal.tick(self.now)
        self._go(end)

    def sit(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Somebody sits down, and so much time passes."""
        self._taken = True
        self._hear(Seat(self.now, True))
        self.wait(hours=hours, minutes=minutes, seconds=seconds)

    def rise(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """They rise, and so much time passes."""
        self._taken = False
        self._hear(Seat(self.now, False))
        self.wait(hours=hours, minutes=minutes, seconds=seconds)

    def push(self, seconds: float = 0.2) -> None:
        """A press, or a hold."""
        self._hear(Button(self.now, True))
        self.wait(seconds=seconds)
        self._hear(Button(self.now, False))
        self.wait(seconds=0.1)

    def read_safety(self) -> None:
        """A press for each card of safety."""
        for _ in SAFETY:
            self.push()

    def choose(self, name: str, value: str) -> None:
        """Somebody chooses on the page."""
        self._hear(Chosen(self.now, name, value))

    def order(self, order: Order, lasts_s: float | None = None) -> None:
        """Somebody orders this on the page."""
        self._hear(Ordered(self.now, order, None if lasts_s is None else after(self.now, lasts_s)))

    def connect(self, name: str, code: str = "KLM234") -> None:
        """A phone of this name is connected by a code; without a name, the code is spent."""
        self._hear(PairingOpened(self.now, "unsit.local:8016", code))
        self._hear(PairingEnded(self.now, name))

    def change(self, due_after_s: float) -> None:
        """Somebody changes this limit on the page."""
        settings = self.start_of.settings
        limits = replace(settings.limits, due_after_s=due_after_s, invite_after_s=due_after_s)
        self.go_by(replace(settings, limits=limits))

    def go_by(self, settings: Settings) -> None:
        """Somebody changes the settings to these on the page."""
        self.start_of = replace(self.start_of, settings=settings, plans=by_plan(settings))
        change(self._device, self.start_of, self.now)

    def have_meetings(self, *spans: tuple[datetime, datetime]) -> None:
        """The feed's process writes these meetings; the device looks within a minute."""
        made = self.began + timedelta(seconds=self.real_s)
        write_spans(self.spans_file, Spans(made, week_of(made, spans)))

    def at(self, text: str, days: int = 0) -> datetime:
        """The true local time of the first day, or so many days later."""
        hours, minutes = map(int, text.split(":"))
        midnight = self.began.replace(hour=0, minute=0, tzinfo=None) + timedelta(days=days)
        return (midnight + timedelta(hours=hours, minutes=minutes)).astimezone()

    def crash(self, off_s: float = 3.0) -> None:
        """The process dies, and systemd starts it again; the computer stays on."""
        self._die()
        self.real_s = after(self.real_s, off_s)
        self._on()

    def cut_power(self, off_s: float, answer_s: float | None = 20.0, *, taken: bool | None = None) -> None:
        """The plug is pulled for so long; so much later the network tells the time, or never."""
        self.stale = self.shows
        self._die()
        self.real_s = after(self.real_s, off_s)
        self._taken = self._taken if taken is None else taken
        self._boot, self._boot_real_s = self._boot + 1, self.real_s
        self.right_from_s = None if answer_s is None else after(self.real_s, answer_s)
        self._on()

    def stop(self) -> None:
        """The service is stopped, and the journal with it."""
        self._device.end(self.now)
        self._journal.close()
        _running.discard(self)
        self._end()

    # ---- its clocks

    @property
    def now(self) -> float:
        """The device's instant."""
        return whole(self._on_at + self.real_s - self._on_real_s)

    watched = True

    @property
    def is_right(self) -> bool:
        """The network has told the time."""
        return self.right_from_s is not None and self.real_s >= self.right_from_s

    @property
    def shows(self) -> datetime:
        """What the wall clock shows."""
        if self.is_right:
            return (self.began + timedelta(seconds=self.real_s + self.error_s)).astimezone()
        return (self.stale + timedelta(seconds=self.real_s - self._boot_real_s)).astimezone()

    def reads(self, now: float) -> datetime:  # noqa: ARG002 - there is one present only
        """As the device reads it."""
        return self.shows

    def readings(self, now: float) -> Readings:
        """The present instant on every clock there is."""
        boot_s = whole(self.real_s - self._boot_real_s)
        return Readings(now, f"boot {self._boot}", boot_s, self.shows if self.is_right else None)

    # ---- details

    def perform(self, effect: Effect) -> None:
        """Listen, and hand on to the journal."""
        self._sitting.perform(effect)
        if isinstance(effect, Note):
            self.said.append(effect.fact)
            if effect.fact.name == "sat":
                self._sat_at = effect.fact.t
            elif effect.fact.name == "left":
                self._bank(effect.fact.t)
        self._journal.perform(effect, self.now)

    def _on(self) -> None:
        start = self.start_of
        journal = replace(start.settings.journal, file=str(self.file))
        before = past_of(replace(start, settings=replace(start.settings, journal=journal)))
        self._on_real_s, self._on_at = self.real_s, 0.0
        here = self.readings(0.0)
        self._on_at = begins_at(before, here)
        settings = self.start_of.settings
        self._journal = Journal(self.file, self, "\n".join(lines_of(settings)))
        _running.add(self)
        coach = self.coach = self.start_of.coach(self.now)
        meetings = SpansWatch(self.spans_file) if self._has_calendar else None
        if before is None:
            self._device = Device(coach, Calendar(settings, self, meetings=meetings), [self])
        else:
            self._device = resumed(coach, settings, self, [self], before, replace(here, at=self.now), meetings)
        self._journal.tick(self.now)
        self._device.hear(Seat(self.now, self._taken))
        self._device.hear(Button(self.now, False))
        self._device.catch_up(self.now)
        # No hand is so quick.
        self.wait(seconds=0.001)

    def _die(self) -> None:
        """Without a word: what waits to be written is lost."""
        self._journal._hang_up()
        self._end()
        self.deaths += 1

    def _end(self) -> None:
        self._bank(self._sitting.till(self.now))
        self._sitting = Sitting()

    def _bank(self, till: float | None) -> None:
        if self._sat_at is not None and till is not None:
            self.believed_s = after(self.believed_s, till - self._sat_at)
        self._sat_at = None

    def _go(self, at: float) -> None:
        self.real_s = whole(self.real_s + at - self.now)

    def _hear(self, event: Event) -> None:
        self._device.hear(event)


def shifted(facts: Sequence[Fact], by_s: float) -> list[Fact]:
    """The same facts on a line that begins so much later."""
    instants = {"start", "since", "until", "cut_at", "seated_till"}

    def details(fact: Fact) -> dict[str, object]:
        return {
            key: whole(value - by_s) if key in instants and isinstance(value, float | int) else value
            for key, value in details_of(fact).items()
        }

    return [fact_of(whole(fact.t - by_s), whole(fact.said - by_s), fact.name, details(fact)) for fact in facts]


def written(day: RecordedDay, folder: Path) -> Path:
    """The day as a file."""
    file = folder / "day.csv"
    file.write_text("\n".join(write_day(day)) + "\n")
    return file
