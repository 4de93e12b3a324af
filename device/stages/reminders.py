"""When the device may sound: the few reminders of a due break, and what holds them back."""

from __future__ import annotations

from itertools import pairwise

from device.settings.settings import Settings
from device.stages.day_levels import DayLevels
from device.words.instants import after, between


class Reminders:
    """The reminders and snoozes of one sitting time, the mute, and the hours that hold them back."""

    def __init__(self, settings: Settings, now: float) -> None:
        self._take(settings)
        self._gap_began: float | None = None
        """When the gap before the next reminder began; None if nothing is due."""
        self.not_before = now
        """Nothing sounds before that instant."""
        self.spent = 0
        """How many reminders have sounded."""
        self.snoozes = 0
        self.snoozed_until: float | None = None
        self.muted_until: float | None = None
        self.enough = False
        """It is enough for today: no sound and no offers until the day closes."""
        self.away = False
        """Somebody is away until a date: no sound and no offers until then."""
        self.levels = DayLevels()

    def go_by(self, settings: Settings) -> None:
        """Use these settings from now on, for a gap that has begun, too. A snooze and a mute last as long as said."""
        self._take(settings)

    def _take(self, settings: Settings) -> None:
        self._settings = settings.reminders
        self.has_buzzer = settings.buzzer.kind != "none"
        times_s = [0.0, *self._settings.after_due_s]
        self._gaps_s = [between(earlier, later) for earlier, later in pairwise(times_s)]

    @property
    def _next_at(self) -> float | None:
        """When the gap before the next reminder is over; None if nothing is due or all reminders are spent."""
        if self._gap_began is None or self.spent >= len(self._gaps_s):
            return None
        return after(self._gap_began, self._gaps_s[self.spent])

    @property
    def is_muted(self) -> bool:
        """Whether somebody has taken the sound off, for a while or for the day."""
        return self.muted_until is not None or self.enough

    @property
    def is_off(self) -> bool:
        """Whether a hold brings the sound back: somebody has taken it off, is in a meeting, or is away."""
        return self.is_muted or self.away or (self.levels.in_meeting and self.has_buzzer)

    @property
    def no_offers(self) -> bool:
        """Whether no break is offered or called."""
        return self.enough or self.away or self.levels.off_hours

    @property
    def hushed(self) -> bool:
        """Whether somebody wants no sound now. Then no short break is offered either."""
        return self.is_muted or self.levels.quiet or self.levels.in_meeting or self.no_offers

    @property
    def silenced(self) -> bool:
        """Whether nothing may sound at all."""
        return self.hushed or not self.has_buzzer

    @property
    def reminder_at(self) -> float | None:
        """When the next reminder may sound, which may lie in the past; None for never.

        The caller has to check whether somebody sits.
        """
        next_at = self._next_at
        if next_at is None or self.silenced:
            return None
        return max(next_at, self.not_before)

    def fall_due(self, now: float) -> None:
        """Begin the first gap: the break is due."""
        self._gap_began = now

    def remind(self, now: float) -> None:
        """Count a reminder. The gap to the next one begins now, however late this one was."""
        self.spent += 1
        self._gap_began = now

    def sit_back(self, since: float) -> None:
        """Hold reminders back for a while: somebody has just sat down again, at `since`."""
        self.not_before = after(since, self._settings.after_sitting_back_s)

    def hold_back(self, until: float) -> None:
        """Hold reminders back until then."""
        self.not_before = max(self.not_before, until)

    @property
    def may_snooze(self) -> bool:
        """Whether the break may be put off once more."""
        return self.snoozes < self._settings.snoozes

    def snooze(self, until: float) -> None:
        """Put the break off."""
        self.snoozes += 1
        self.snoozed_until = until

    def start_afresh(self) -> None:
        """Start again after a full break: nothing is due and nothing is spent. A mute goes on."""
        self.spent, self._gap_began = 0, None
        self.snoozes, self.snoozed_until = 0, None

    def join(self, before: Reminders) -> None:
        """Add the reminders and snoozes from before a power cut that was no break."""
        self.spent, self._gap_began = before.spent, before._gap_began
        self.snoozes, self.snoozed_until = before.snoozes, before.snoozed_until
