"""On which days somebody was away, from what they said of it, day by day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from device.words.facts import FARTHEST, date_of

Away = tuple[date, date]
"""The first day and the last day of a time away."""
_DAY = timedelta(days=1)


class Aways:
    """The times away. The day on which somebody says so counts as usual, and so does the day on which they are back."""

    def __init__(self) -> None:
        self._said_on = self._back_on = date.min
        self._over: list[Away] = []

    def is_away(self, day: date, said: Iterable[str] = ()) -> bool:
        """Whether somebody was away all that day; `said` is what they say on it. Call it for each day, in order."""
        was_away = self._said_on < day < self._back_on
        for until in said:
            back_on = date_of(until) or day
            is_on = day < self._back_on
            if not timedelta(0) < back_on - day <= FARTHEST:
                # They are back. Whoever would be away for longer had said so by a wrong clock.
                self._end(day)
                was_away = False
            elif is_on:
                self._back_on = back_on
            else:
                self._end(day)
                self._said_on, self._back_on = day, back_on
        return was_away

    def _end(self, day: date) -> None:
        self._over += self._until(min(day, self._back_on))
        self._said_on = self._back_on = date.min

    def _until(self, back_on: date) -> list[Away]:
        """The present time away, if a whole day of it comes before that one."""
        return [(self._said_on + _DAY, back_on - _DAY)] if self._said_on + _DAY < back_on else []

    def between(self, first: date, last: date) -> list[Away]:
        """The times away that reach into the days from `first` to `last`."""
        times = [*self._over, *self._until(self._back_on)]
        return [time for time in times if time[0] <= last and time[1] >= first]
