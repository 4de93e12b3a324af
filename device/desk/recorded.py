"""What a recorded day has hands do at the simulated desk, and when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from device.history.day_file import HANDS, RecordedDay
from device.history.order_row import ROW_EVENTS
from device.run.moments import Moment
from device.words.events import Event


def moments_of(
    day: RecordedDay,
    set_wall: Callable[[datetime], object],
    tell: Callable[[Callable[[float], Event]], object],
    read: Callable[[float], object],
    do: Callable[[str, bool], object],
) -> Iterator[Moment]:
    """What happens after the beginning of the day: the clock is set, the page used, a level read, a part moved.

    The meetings that a day begins with come first.
    """
    for row in (*(row for row in day.at_start if row.part == "meetings"), *day.later):
        if isinstance(row.value, datetime):
            yield Moment(row.t, partial(set_wall, row.value))
        elif row.part in ROW_EVENTS:
            yield Moment(row.t, partial(tell, partial(ROW_EVENTS[row.part], text=str(row.value))))
        elif isinstance(row.value, float) and not day.is_heard:
            yield Moment(row.t, partial(read, row.value))
        elif isinstance(row.value, bool) and row.part in HANDS:
            yield Moment(row.t, partial(do, row.part, row.value))
