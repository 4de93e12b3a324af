"""What an analog seat reads now as far as the journal knows, and what became of its calibration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile

from device.settings.settings import SeatSettings
from device.stages.drift import levels_since
from device.words.facts import SeatDrifted
from device.words.instants import between
from device.words.levels import SeatLevels
from device.words.past import Past


def seat_now(seat: SeatSettings, past: Past | None) -> SeatSettings:
    """The same seat with the levels and thresholds to which it has drifted since it was calibrated."""
    if seat.levels is None:
        return seat
    now = levels_since(next(iter(_drifts(past)), None), seat.levels, seat.calibrated)
    if now == seat.levels:
        return seat
    above, below = now.thresholds.sit_above, now.thresholds.leave_below
    return replace(seat, empty=now.empty, seated=now.seated, sit_above=above, leave_below=below)


def origin_says(seat: SeatSettings, past: Past | None) -> Iterator[str]:
    """Where the levels and thresholds in force come from, in sentences. `seat` is the one as calibrated."""
    levels, now = seat.levels, seat_now(seat, past).levels
    if levels is None or now is None:
        return
    whence = f"calibrated on {datetime.fromisoformat(seat.calibrated).date()}" if seat.calibrated else "set"
    if (now.empty, now.seated) != (levels.empty, levels.seated):
        drifted = f"drifted to empty {now.empty:.3f}, seated {now.seated:.3f}{_since(now, past)}"
        yield f"{whence} with empty {levels.empty:.3f}, seated {levels.seated:.3f}; {drifted}"
    elif seat.calibrated:
        yield whence
    if levels.fixed:
        yield f"no drift moves what [seat] in the settings sets: {', '.join(levels.fixed)}"


def _since(now: SeatLevels, past: Past | None) -> str:
    """Since when it has drifted there; empty if that has no date, because the clock wasn't right."""
    if past is None or past.seen.reads is None:
        return ""
    # A drift is noted again now and then, so that it isn't forgotten. The first of the same counts.
    same = takewhile(lambda fact: (fact.empty, fact.seated) == (now.empty, now.seated), _drifts(past))
    began_s = [between(fact.t, past.seen.at) for fact in same][-1]
    return f" since {(past.seen.reads - timedelta(seconds=began_s)).date()}"


def _drifts(past: Past | None) -> list[SeatDrifted]:
    """What was said of drifts, the latest first."""
    return [fact for fact in reversed(past.told) if isinstance(fact, SeatDrifted)] if past else []
