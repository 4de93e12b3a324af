"""Makes a day file from the journal. If the device plays it, the same facts follow."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from device.history.day_file import DayRow, RecordedDay, Value, value_of
from device.history.order_row import ROW_EVENTS
from device.journal.inputs import CHANGED
from device.settings.choices import choices_among, latest, text_of
from device.settings.settings import TOPICS
from device.settings.settings_file import SettingsError, recorded_setting
from device.words.facts import (
    Choice,
    Enough,
    Fact,
    FullBreak,
    GuideEnded,
    GuideStarted,
    InMeeting,
    MeetingOff,
    MeetingOver,
    MoveOffered,
    Muted,
    PersonChosen,
    Resumed,
    SafetySeen,
    Sat,
    SeatDoubted,
    SeatTrusted,
    StretchStarted,
    TopicChosen,
    Unmuted,
)
from device.words.instants import after, between
from device.words.past import REMEMBERED
from device.words.record import Kept

_CLOCKS = ("clock", "clock_stale")
_CARRIED = 100
"""How many earlier routines a day file carries."""


class NothingKeptError(Exception):
    """The journal has nothing of that day to play; the message is one line."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A day file and its place in the journal."""

    day: RecordedDay
    begins: float
    """The instant of the journal at which the file begins."""
    kept: Sequence[Kept]
    """The runs it is made of."""
    left_out: int
    """How many runs of that day are left out, since the runs in the file don't go on from them."""

    def t_of(self, when: datetime) -> float | None:
        """The instant in the file of a local time, in seconds; None if the device was off."""
        for each in reversed(self.kept):
            instant = each.run.local.instant(when)
            if each.run.began_s <= instant <= each.run.seen_s:
                return between(self.begins, instant)
        return None

    def when(self, t: float) -> datetime:
        """The local time of an instant of the file."""
        instant = after(self.begins, t)
        run = next((each.run for each in reversed(self.kept) if each.run.began_s <= instant), self.kept[0].run)
        return run.when(instant)

    def until(self, t: float) -> RecordedDay:
        """The file up to the instant `t`."""
        return RecordedDay(tuple(row for row in self.day.rows if row.t <= t), t)


def export(kept: Sequence[Kept], day: date) -> Exported:
    """Export a local day, from the last full break before it. Raises NothingKeptError."""
    chains = [chain for chain in _chains(kept) if _span_of(chain, day) is not None]
    if not chains:
        raise NothingKeptError(f"{day}: nothing is noted of that day")
    chain = chains[-1]
    span = _span_of(chain, day)
    assert span is not None, "it was chosen for having one"
    since, until = span
    begins = _begins(chain, since)
    runs = [each for each in chain if each.run.seen_s >= begins]
    if not any(name != CHANGED for each in runs for _, name, _ in each.inputs):
        raise NothingKeptError(f"{day}: what the pad and the button said that day is not kept any more, only the facts")
    rows = [*_carried(kept, runs[0], begins), *_rows(runs, begins, until)]
    return Exported(RecordedDay(tuple(rows), between(begins, until)), begins, runs, sum(map(len, chains[:-1])))


def _chains(kept: Sequence[Kept]) -> list[list[Kept]]:
    """The runs as chains: in a chain, each run went on where the power cut ended the one before."""
    chains: list[list[Kept]] = []
    for each in kept:
        if chains and any(isinstance(fact, Resumed) for fact in each.run.facts):
            chains[-1].append(each)
        else:
            chains.append([each])
    return chains


def _span_of(chain: Sequence[Kept], day: date) -> tuple[float, float] | None:
    """The first and last instant of that day in a chain; None if the day isn't in it."""
    spans = []
    for each in chain:
        for begins, ends in each.run.local.spans_of(day):
            since, until = max(each.run.began_s, begins), min(each.run.seen_s, ends)
            if since < until:
                spans.append((since, until))
    return (spans[0][0], spans[-1][1]) if spans else None


def _begins(chain: Sequence[Kept], since: float) -> float:
    """The last full break before `since`, or the end of its guide; without a full break, the first start."""
    begins, rested, guiding, muted, doubted = chain[0].run.began_s, False, False, False, False
    sound_in, facts = "", [fact for each in chain for fact in each.run.facts]
    # Who sits is asked by how long the chair was empty. That is known at a full break, but not at the end of its guide.
    places = FullBreak if any(isinstance(fact, PersonChosen) for fact in facts) else FullBreak | GuideEnded
    for nth, fact in enumerate(facts):
        if fact.said > since:
            break
        match fact:
            case GuideStarted() | GuideEnded():
                guiding = isinstance(fact, GuideStarted)
            case Muted() | Enough() | Unmuted():
                muted = not isinstance(fact, Unmuted)
            case MeetingOff(began=sound_in):
                pass
            case InMeeting() | MeetingOver() if getattr(fact, "began", "") != sound_in:
                sound_in = ""
            case SeatDoubted() | SeatTrusted():
                doubted = isinstance(fact, SeatDoubted)
            case Sat() | Resumed():
                rested = False
            case FullBreak():
                rested = fact.t == fact.said
        # At such an instant nothing else is under way that the file would have to carry.
        is_over = isinstance(fact, places) and rested
        if is_over and not (guiding or muted or doubted or sound_in or _offers_to_move(facts, nth)):
            begins = fact.said
    return begins


def _offers_to_move(facts: Sequence[Fact], nth: int) -> bool:
    """Whether the panel offers to move in the absence of the nth fact, after it: a replay has to know of its begin."""
    # From there on only: there may be years of facts.
    coming = (facts[later] for later in range(nth, len(facts)))
    return isinstance(next((fact for fact in coming if isinstance(fact, Sat | MoveOffered)), None), MoveOffered)


# ---- what the day file carries from before


def _carried(kept: Sequence[Kept], first: Kept, begins: float) -> Iterator[DayRow]:
    """The settings then, the earlier routines and the levels."""
    yield from _settings(_settings_at(first, begins), 0.0)
    if begins != first.run.began_s:
        held = [value for at, name, value in first.inputs if name == "button" and at <= begins][-1:] == ["down"]
        yield DayRow(0.0, "button", held)
    yield from _seat_at(first, begins)
    yield from _meetings_at(first, begins)
    asked = {fact.what for each in kept for fact in each.run.facts if isinstance(fact, TopicChosen)}
    if asked:
        yield DayRow(0.0, "asks", " ".join(topic for topic in TOPICS if topic in asked))
    for fact in _choices(kept, first, begins):
        yield DayRow(0.0, "chosen", text_of(fact))
    for routine in _routines(kept, first, begins):
        yield DayRow(0.0, "routine", " ".join(routine))
    yield _clock_at(first, begins)


def _seat_at(first: Kept, begins: float) -> Iterator[DayRow]:
    """Whether an analog seat was there, and what it read. What is told at that very instant has rows of its own."""
    latest = {name: value for at, name, value in first.inputs if at < begins}
    for part in ("sensor_seen", "level"):
        if part in latest:
            yield DayRow(0.0, part, value_of(part, latest[part]))


def _meetings_at(first: Kept, begins: float) -> Iterator[DayRow]:
    """The meetings told last. A start reads them anew, so those of the run before don't count."""
    told = [value for at, name, value in first.inputs if name == "meetings" and at < begins]
    yield from (DayRow(0.0, "meetings", value) for value in told[-1:])


def _settings_at(each: Kept, at: float) -> list[str]:
    """The settings of that run at an instant, a line for each."""
    changed = [value for told_at, name, value in each.inputs if name == CHANGED and told_at < at]
    lines = [line for text in (each.settings, *changed) for line in text.splitlines()]
    return list({line.partition("=")[0]: line for line in lines}.values())


def _settings(lines: Sequence[str], t: float) -> Iterator[DayRow]:
    """The settings that a day file may carry. The folder of own stretches differs by computer, so it stays out."""
    for line in lines:
        if _is_carried(line):
            yield DayRow(t, "setting", line)


def _is_carried(line: str) -> bool:
    try:
        recorded_setting(line)
    except SettingsError:
        return False
    return True


def _choices(kept: Sequence[Kept], first: Kept, begins: float) -> list[Choice]:
    """What the person had chosen before."""
    before = choices_among(_facts_before(kept, first, begins))
    ever_seen = any(isinstance(fact, SafetySeen) for each in kept for fact in each.run.facts)
    if begins != first.run.began_s and not ever_seen:
        # No fact says that the safety card was put away. Either it didn't wait any more, or it still waits today.
        before.append(SafetySeen(begins, begins))
    return latest([*kept[0].choices, *before])


def _routines(kept: Sequence[Kept], first: Kept, begins: float) -> list[list[str]]:
    """The earlier routines as lists of the stretches that were begun, oldest first."""
    routines: list[list[str]] = []
    for fact in _facts_before(kept, first, begins)[-REMEMBERED:]:
        if isinstance(fact, GuideStarted):
            routines.append([])
        elif isinstance(fact, StretchStarted) and routines:
            routines[-1].append(fact.stretch)
    return routines[-_CARRIED:]


def _facts_before(kept: Sequence[Kept], first: Kept, begins: float) -> list[Fact]:
    """All facts up to `begins`."""
    earlier: list[Fact] = []
    for each in kept:
        if each is first:
            return [*earlier, *(fact for fact in each.run.facts if fact.said <= begins)]
        earlier += each.run.facts
    return earlier


def _clock_at(each: Kept, begins: float) -> DayRow:
    """What the wall clock showed then, right or not."""
    read = [(at, name, value) for at, name, value in each.inputs if name in _CLOCKS and at <= begins]
    if not read:
        return DayRow(0.0, _CLOCKS[each.run.about], each.run.when(begins))
    at, name, value = read[-1]
    return DayRow(0.0, name, datetime.fromisoformat(value) + timedelta(seconds=between(at, begins)))


# ---- what happened


def _rows(runs: Sequence[Kept], begins: float, until: float) -> Iterator[DayRow]:
    """The inputs, with a power cut before each run but the first."""
    settings = _settings_at(runs[0], begins)
    for nth, each in enumerate(runs):
        if each.run.began_s > until:
            return
        inputs, began = list(_inputs(each)), between(begins, each.run.began_s)
        if nth:
            yield DayRow(between(begins, runs[nth - 1].run.seen_s), "power", False)
            if (own := _settings_at(each, each.run.began_s)) != settings:
                yield from _settings(own, began)
            # The levels that the start finds aren't changes: they come before the power is back.
            found, inputs = _as_found(inputs, each.run.began_s)
            if each.unsure_s:
                yield DayRow(began, "unsure", f"{each.unsure_s:g}")
            yield from (DayRow(began, part, value) for _, part, value in found)
            yield DayRow(began, "power", True)
        chosen: list[KeptInput] = [(f.said, "chosen", text_of(f)) for f in choices_among(each.run.facts)]
        # What was chosen with the button has been chosen by the time its row comes, so the row does nothing.
        for at, part, value in sorted([*inputs, *chosen], key=lambda told: told[0]):
            if begins <= at <= until and not (part in _CLOCKS and at == begins):
                yield DayRow(between(begins, at), part, value)
        settings = _settings_at(each, math.inf)


def _as_found(inputs: Sequence[KeptInput], began: float) -> tuple[list[KeptInput], list[KeptInput]]:
    """Split the inputs into the levels found at the start and what came later."""
    found: dict[str, KeptInput] = {}
    came = []
    for each in inputs:
        # What comes from outside needs a device that runs.
        if each[0] == began and each[1] not in found and each[1] not in ROW_EVENTS:
            found[each[1]] = each
        else:
            came.append(each)
    return list(found.values()), came


KeptInput = tuple[float, str, Value]


def _inputs(each: Kept) -> Iterator[KeptInput]:
    latest = each.run.began_s
    for at, part, value in each.inputs:
        if part == "day":
            continue
        if part == CHANGED:
            yield from ((max(latest, at), "setting", line) for line in value.splitlines() if _is_carried(line))
            continue
        # An input that came late counts as if it came with the one before.
        latest = max(latest, at)
        yield latest, part, value_of(part, value)
