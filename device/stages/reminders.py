"""When the device may speak up: the few reminders of a due break, and what keeps them back."""

from __future__ import annotations

from itertools import pairwise

from device.settings.settings import Settings
from device.words.instants import after, between


class Voice:
    """The reminders and snoozes of one sitting time, the mute, and quiet hours."""

    def __init__(self, settings: Settings, now: float) -> None:
        self._settings = settings.reminders
        self.has_buzzer = settings.buzzer.kind != "none"
        times_s = [0.0, *self._settings.after_due_s]
        self._gaps_s = [between(earlier, later) for earlier, later in pairwise(times_s)]
        self._next_at: float | None = None
        """When the next reminder's gap is over; None while nothing is due, and when all are spent."""
        self._not_before = now
        self.spent = 0
        """Reminders that have sounded."""
        self.snoozes = 0
        self.snoozed_until: float | None = None
        self.muted_until: float | None = None
        self.quiet = False

    @property
    def silenced(self) -> bool:
        """Nothing at all may sound."""
        return self.muted_until is not None or self.quiet or not self.has_buzzer

    @property
    def reminder_at(self) -> float | None:
        """When the next reminder may sound, as far as this knows; it may lie in the past. None for never."""
        if self._next_at is None or self.silenced:
            return None
        return max(self._next_at, self._not_before)

    def fall_due(self, now: float) -> None:
        """The break is due; the first gap begins."""
        self._wait_from(now)

    def remind(self, now: float) -> None:
        """One reminder sounds. The gap to the next begins now, however late this one was."""
        self.spent += 1
        self._wait_from(now)

    def sit_back(self, since: float) -> None:
        """Somebody sits again since that instant; who has just sat down is left alone for a while."""
        self._not_before = after(since, self._settings.after_sitting_back_s)

    @property
    def may_snooze(self) -> bool:
        """Whether it may be put off once more."""
        return self.snoozes < self._settings.snoozes

    def snooze(self, until: float) -> None:
        """Put it off."""
        self.snoozes += 1
        self.snoozed_until = until

    def start_afresh(self) -> None:
        """A full break: nothing is due, nothing spent. A mute goes on."""
        self.spent, self._next_at = 0, None
        self.snoozes, self.snoozed_until = 0, None

    def join(self, before: Voice) -> None:
        """Go on with the reminders and snoozes from before a cut that proved to be no break."""
        self.spent, self._next_at = before.spent, before._next_at
        self.snoozes, self.snoozed_until = before.snoozes, before.snoozed_until

    def _wait_from(self, now: float) -> None:
        all_spent = self.spent >= len(self._gaps_s)
        self._next_at = None if all_spent else after(now, self._gaps_s[self.spent])
