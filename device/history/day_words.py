"""A day in words, once for all that show it: columns of a table, lines of a page, signs and hours of a strip."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from device.history.diary import Day, Days
from device.languages.phrases import Phrases
from device.stages.tally import Figures
from device.words.durations import span_text
from device.words.facts import Enough, FellDue, FullBreak, Sounded
from device.words.instants import HOUR_S, MINUTE_S
from device.words.record import Strip

IN_ENGLISH = Phrases()

COLUMNS: Mapping[str, Callable[[Day, Phrases], str]] = {
    "seated": lambda day, _: span_text(day.figures.seated_s),
    "doubtful": lambda day, _: span_text(day.figures.doubtful_s) if day.figures.doubtful_s else "",
    "of day": lambda day, say: _share(day.figures, say),
    "longest": lambda day, _: span_text(day.figures.longest_s),
    "bouts": lambda day, _: str(day.figures.bouts),
    "breaks": lambda day, _: str(day.figures.breaks),
    "due": lambda day, _: str(day.figures.due),
    "in time": lambda day, _: str(day.figures.in_time),
    "late": lambda day, _: str(day.figures.late),
    "not taken": lambda day, _: str(day.figures.not_taken),
    "stretches": lambda day, _: str(day.figures.stretches_done),
    "streak": lambda day, say: say("away") if day.strip.away else str(day.streak),
}
"""Each heading of a table, and its cell."""

SIGNS: Mapping[str, str] = {
    "seated": "seated",
    "doubtful": "doubtful: perhaps a bag, or the seat",
    "away": "off the chair",
    FullBreak.name: "a full break",
    FellDue.name: "a break fell due",
    Sounded.name: "a reminder sounded",
}
"""What the signs of a strip mean; some have the name of a fact. Each drawing has those that it can show."""


class DayFigure(NamedTuple):
    """A figure of a day."""

    name: str
    value: str
    link: str = ""
    """The text between the value and the name if both are on one line."""
    more: str = ""


def columns_of(days: Iterable[Day]) -> list[str]:
    """The headings. The doubtful time has one only if there is any."""
    doubtful = any(day.figures.doubtful_s for day in days)
    return [heading for heading in COLUMNS if doubtful or heading != "doubtful"]


def lines_of(day: Day, say: Phrases = IN_ENGLISH) -> Iterator[DayFigure]:
    """All figures of a day, each with its name."""
    for line in chain(_time_lines(day.figures, say), _break_lines(day, say)):
        yield line._replace(name=say(line.name))


def _time_lines(figures: Figures, say: Phrases) -> Iterator[DayFigure]:
    of_day = say("{share} of the time from the first sitting to the last", share=_share(figures, say))
    yield DayFigure("seated", span_text(figures.seated_s), ", ", of_day)
    if figures.doubtful_s:
        why = say("of it: nobody moved, or the seat may be worn or loose")
        yield DayFigure("doubtful", span_text(figures.doubtful_s), " ", why)
    yield DayFigure("longest bout", span_text(figures.longest_s))
    counts = {"half": figures.over_30, "one": figures.over_60, "two": figures.over_120}
    over = say("{half} of 30 min or more, {one} of 60, {two} of 120", **counts)
    yield DayFigure("bouts", str(figures.bouts), "; ", over)


def _break_lines(day: Day, say: Phrases) -> Iterator[DayFigure]:
    figures = day.figures
    yield DayFigure("breaks", str(figures.breaks), ", ", say("{count} of them full", count=figures.full_breaks))
    counts = {"in_time": figures.in_time, "late": figures.late, "not_taken": figures.not_taken}
    yield DayFigure(
        "due", str(figures.due), ": ", say("{in_time} in time, {late} late, {not_taken} not taken", **counts)
    )
    if figures.short_offers:
        of_those = say("of {count} offered", count=figures.short_offers)
        yield DayFigure("short breaks", str(figures.short_breaks), " ", of_those)
    if figures.rose_after_s is not None:
        yield DayFigure("up after", span_text(figures.rose_after_s), " ", say("from when it was due"))
    yield DayFigure("reminders", str(figures.sounds), "; ", _not_now(day, say))
    areas = ", ".join(f"{count} {say(area.replace('_', ' '))}" for area, count in sorted(day.areas.items()))
    yield DayFigure("stretches", str(figures.stretches_done), ": " if areas else "", areas)
    in_a_row = say.many(day.streak, "{count} day", "{count} days")
    yield DayFigure("streak", in_a_row, " ", say("with every due break taken in time"))
    if day.strip.away:
        yield DayFigure("away", say("nothing was offered, and the streak passes over this day"))


def _not_now(day: Day, say: Phrases) -> str:
    figures = day.figures
    put_off = say.many(figures.snoozes, "put off once", "put off {count} times") if figures.snoozes else ""
    muted = say.many(figures.mutes, "muted once", "muted {count} times") if figures.mutes else ""
    times = ", ".join([_time_of_day(at) for at, fact in day.strip.moments if fact == Enough.name])
    enough = say("enough for that day at {time}", time=times) if times else ""
    return ", ".join(filter(None, [put_off, muted, enough])) or say("never put off or muted")


def in_words(day: Day, say: Phrases = IN_ENGLISH) -> str:
    """The strip in words, for people who can't see it."""
    figures = day.figures
    doubtful = say(", {time} of it doubtful", time=span_text(figures.doubtful_s)) if figures.doubtful_s else ""
    return say(
        "seated {seated}, longest {longest}, {breaks}",
        seated=f"{span_text(figures.seated_s)}{doubtful}",
        longest=span_text(figures.longest_s),
        breaks=_full_breaks(figures, say),
    )


def breaks_and_sounds(figures: Figures, say: Phrases) -> str:
    """What the device did on a day."""
    sounds = say.many(figures.sounds, "{count} reminder that sounded", "{count} reminders that sounded")
    return f"{_full_breaks(figures, say)}, {sounds}"


def taken_out(count: int, say: Phrases = IN_ENGLISH) -> str:
    """How many bouts the person has deleted as not theirs, in words; empty for none."""
    one, more = (
        "{count} bout that was not you is left out of all figures.",
        "{count} bouts that were not you are left out of all figures.",
    )
    return say.many(count, one, more) if count else ""


def hours_of(strips: Iterable[Strip]) -> tuple[int, int]:
    """The whole hours that all of these days fit into, from when until when. There is at least one day."""
    all_of_them = list(strips)
    first_s, last_s = min(each.begins_s for each in all_of_them), max(each.ends_s for each in all_of_them)
    return int(first_s // HOUR_S), min(24, int(last_s // HOUR_S) + 1)


def signs_of(days: Days) -> Iterator[str]:
    """The signs that these days may show: doubtful time is rare, and has one only if there is any."""
    doubtful = any(day.strip.doubtful for day in days.values())
    return (sign for sign in SIGNS if doubtful or sign != "doubtful")


def _time_of_day(at: float) -> str:
    return f"{int(at // HOUR_S):02}:{int(at % HOUR_S // MINUTE_S):02}"


def _full_breaks(figures: Figures, say: Phrases) -> str:
    return say.many(figures.full_breaks, "{count} full break", "{count} full breaks")


def _share(figures: Figures, say: Phrases) -> str:
    return say("{share}%", share=f"{100 * figures.share:.0f}")
