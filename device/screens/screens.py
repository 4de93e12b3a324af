"""One function per screen. Each takes the snapshot and returns what to show, and until when that stays true."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable
from dataclasses import replace

from device.languages.screen_words import Vocabulary
from device.mind.rules import Mode, Push
from device.mind.snapshot import SAFETY, Asked, GuideSnapshot, Notice, SeatTrouble, Snapshot
from device.screens.shown import Shown, big_words, marks, short_counts_at
from device.settings.settings_file import PRESETS_S, goes_by_preset
from device.stages.tally import Figures
from device.stretches.steps import StepKind
from device.stretches.stretch import Side
from device.words.effects import BigNumber, BigWords, Card, Connect, Dark, Instruction, Mark, Movement, Moving
from device.words.instants import HOUR_S, MINUTE_S, after, between
from device.words.traits import CONDITIONS


def compose(snapshot: Snapshot) -> Shown:
    """The screen for this moment."""
    screen, until = _pick(snapshot)(snapshot)
    ends = [end for end in (until, _ends(snapshot)) if end is not None and end > snapshot.now]
    return screen, min(ends, default=None)


def _pick(snapshot: Snapshot) -> Callable[[Snapshot], Shown]:
    notice = snapshot.notice if snapshot.notice_until > snapshot.now else None
    if snapshot.holds_on:
        return hold_on if snapshot.at_hand is not None else hold_on_to_choose
    is_off = snapshot.off_at is not None and snapshot.off_at <= snapshot.now
    if snapshot.mode in (Mode.STARTING, Mode.CHOOSING, Mode.MOVE_OFFERED) and is_off:
        return dark
    dims = snapshot.dims_at is not None and snapshot.dims_at <= snapshot.now
    if snapshot.mode in _STANDING and dims:
        return unanswered
    if snapshot.mode is Mode.ASKING and _is_doubted(snapshot):
        return doubted
    if snapshot.mode is Mode.PAUSED and snapshot.seat is SeatTrouble.LOST:
        return seat_lost
    # A press means what the mode's own screen says, so nothing may cover that screen.
    if snapshot.mode in _MODES:
        return _MODES[snapshot.mode]
    if notice is not None:
        return _NOTICES[notice]
    if is_off:
        # On a dark panel a mark couldn't be seen.
        return today if snapshot.felt else dark
    if snapshot.button_stuck and snapshot.owed is None and not dims:
        return button_stuck
    if snapshot.mode is Mode.WATCHING and _is_doubted(snapshot) and not dims:
        return doubted
    if _rises_briefly(snapshot):
        return short_break
    return _while_seated(snapshot) if snapshot.off_at is None else away


def _while_seated(snapshot: Snapshot) -> Callable[[Snapshot], Shown]:
    if snapshot.mode is Mode.INVITED and not _shrunk(snapshot):
        return invite
    return {Mode.DUE: due, Mode.SNOOZED: snoozed, Mode.SHORT_OFFERED: short_offer}.get(snapshot.mode, seated)


def _ends(snapshot: Snapshot) -> float | None:
    """When another screen takes over by time alone, without a change of mode."""
    ends = [snapshot.off_at, snapshot.notice_until, snapshot.dims_at, _shows_short_at(snapshot)]
    if snapshot.invited_at is not None:
        ends.append(after(snapshot.invited_at, snapshot.settings.screens.invite_s))
    return min((end for end in ends if end is not None and end > snapshot.now), default=None)


# ---- at the desk


def safety(snapshot: Snapshot) -> Shown:
    """The stop-if-it-hurts cards, one thing on each, large enough to read from where one stretches."""
    say, nth = snapshot.words, snapshot.safety_nth + 1
    does = say.text("safety.next", nth=nth, of=len(SAFETY)) if nth < len(SAFETY) else say.text("safety.small")
    return BigWords(say.lines(f"safety.{SAFETY[snapshot.safety_nth]}"), does, marks(snapshot), stands=True), None


def choosing(snapshot: Snapshot) -> Shown:
    """The questions of the first start."""
    assert snapshot.asked is not None, "choosing takes a question"
    asked, say = snapshot.asked, snapshot.words
    if asked.topic == "language":
        return _language(snapshot, asked), None
    title, lines = say.text("any.title"), say.lines("any.lines")
    if asked.nth:
        title = say.text(f"condition.{CONDITIONS[asked.nth - 1].replace(' ', '_')}")
        lines = say.lines("condition.lines")
    return Card(title, lines, say.text("any.footer"), marks(snapshot)), None


def _language(snapshot: Snapshot, asked: Asked) -> Card:
    """Two of the languages, each in its own words. A mark shows which one a hold takes."""
    first = min(asked.nth, max(0, len(asked.tongues) - 2))
    lines: list[str] = []
    for nth, words in enumerate(asked.tongues[first : first + 2], first):
        lines += [f"{'>' if nth == asked.nth else ' '} {words.text('language.name')}", words.text("language.how")]
    titles = [words.text("language.title") for words in asked.tongues[:2]]
    return Card(" / ".join(titles), tuple(lines), "", marks(snapshot))


def hold_on_to_choose(snapshot: Snapshot) -> Shown:
    """What happens if the finger stays down in the dark."""
    return big_words(snapshot, "hold_on_to_choose"), None


def seated(snapshot: Snapshot) -> Shown:
    """The length of this sitting time, and how long it is to the break."""
    limit_s = snapshot.settings.limits.due_after_s
    left_s = between(snapshot.sitting_s, limit_s)
    minutes, changes_in_s = _minutes_up(snapshot.sitting_s)
    if snapshot.no_offers:
        heading, caption = _unoffered(snapshot)
        number = _big(snapshot.words, minutes)
        return BigNumber(heading, *number, caption, None, _marks_in_doubt(snapshot)), after(snapshot.now, changes_in_s)
    minutes_left, left_changes_in_s = _minutes_left(left_s)
    until = after(snapshot.now, min(changes_in_s, left_changes_in_s))
    say = snapshot.words
    if left_s <= snapshot.settings.limits.heads_up_s:
        heading = _muted_text(snapshot) or say.text("seated.coming_up")
        return BigNumber(
            heading, *_big(say, minutes_left), say.text("seated.rise"), None, _marks_in_doubt(snapshot)
        ), until
    caption = say.text("seated.caption", span=_span(say, minutes_left))
    progress = min(1.0, minutes * MINUTE_S / limit_s)
    until = min(until, after(snapshot.now, between(snapshot.settings.limits.heads_up_s, left_s)))
    heading = _muted_text(snapshot) or say.text("seated.heading")
    return BigNumber(heading, *_big(say, minutes), caption, progress, _marks_in_doubt(snapshot)), until


def _unoffered(snapshot: Snapshot) -> tuple[str, str]:
    """Why no break is offered: the lines above and below the sitting time."""
    say, day = snapshot.words, snapshot.back_on
    if day is None:
        why = say.text("enough.plain") if snapshot.enough else say.text("hours.over")
        return say.text("seated.heading"), why
    date = say.text("month.date", day=day.day, month=say.text(f"month.{day.month}"))
    return say.text("till.heading", date=date), say.text("till.caption")


def invite(snapshot: Snapshot) -> Shown:
    """The silent offer of a stretch."""
    return _pushed(snapshot, "invite"), None


def short_offer(snapshot: Snapshot) -> Shown:
    """The silent offer of a short break."""
    offered = _pushed(snapshot, "short")
    return replace(offered, lines=_with_span(snapshot, offered.lines)), None


def due(snapshot: Snapshot) -> Shown:
    """The break is due, and how many minutes it is overdue."""
    over_s = between(snapshot.settings.limits.due_after_s, snapshot.sitting_s)
    minutes, changes_in_s = _minutes_up(over_s)
    until = after(snapshot.now, changes_in_s)
    say, muted = snapshot.words, _muted_text(snapshot)
    if minutes < 1:
        called = _pushed(snapshot, "due")
        return replace(called, small=muted or called.small), until
    number, unit = _big(say, minutes)
    caption = muted or say.text("due.caption")
    return BigNumber(say.text("due.heading"), f"+{number}", unit, caption, None, marks(snapshot)), until


def snoozed(snapshot: Snapshot) -> Shown:
    """How long the break is put off."""
    assert snapshot.lapses_at is not None, "a snooze has an end"
    minutes, changes_in_s = _minutes_left(between(snapshot.now, snapshot.lapses_at))
    say = snapshot.words
    heading, caption = say.text("snoozed.heading"), say.text("snoozed.caption")
    return BigNumber(heading, *_big(say, minutes), caption, None, marks(snapshot)), after(snapshot.now, changes_in_s)


def first_card(snapshot: Snapshot) -> Shown:
    """The first stretch, to read while rising. The guide begins when the chair is empty."""
    stretch = snapshot.first_stretch
    say = snapshot.words
    if stretch is None:
        return BigWords(say.lines("first_card.none_lines"), say.text("first_card.none_small"), marks(snapshot)), None
    return BigWords(stretch.title_lines, say.text("first_card.footer"), marks(snapshot)), None


def today(snapshot: Snapshot) -> Shown:
    """Today's figures."""
    left_s = max(0.0, between(snapshot.sitting_s, snapshot.settings.limits.due_after_s))
    minutes, changes_in_s = _minutes_left(left_s)
    say = snapshot.words
    comes = _no_next(snapshot) or _span(say, minutes)
    figure_of = {**_of_today(say, snapshot.today), "next": comes}
    labels = {key: say.text(f"today.{key}") for key in figure_of}
    wide = max(map(len, labels.values())) + 2
    lines = tuple(f"{labels[key]:{wide}}{figure}" for key, figure in figure_of.items())
    footer = say.text("today.connect") if snapshot.hold is Push.CONNECT else say.text("today.footer")
    return Card(say.text("today.title"), lines, footer, marks(snapshot)), after(snapshot.now, changes_in_s)


def _no_next(snapshot: Snapshot) -> str:
    """Why no break comes; empty if one does."""
    say = snapshot.words
    if snapshot.enough or snapshot.back_on is not None:
        return say.text("enough.next")
    return say.text("hours.next") if snapshot.off_hours else ""


def _of_today(say: Vocabulary, figures: Figures) -> dict[str, str]:
    """As many figures as there is room for. Doubtful time and breaks taken in time come first."""
    seated, longest = _span_of(say, figures.seated_s), _span_of(say, figures.longest_s)
    if not figures.due and not figures.doubtful_s:
        return {"seated": seated, "longest": longest, "breaks": str(figures.breaks)}
    in_time = say.text("today.of_due", in_time=figures.in_time, due=figures.due)
    if not figures.doubtful_s:
        return {"seated": seated, "breaks": str(figures.breaks), "in_time": in_time}
    doubtful = _span_of(say, figures.doubtful_s)
    if not figures.due:
        return {"seated": seated, "doubtful": doubtful, "breaks": str(figures.breaks)}
    return {"seated": seated, "doubtful": doubtful, "in_time": in_time}


def connecting(snapshot: Snapshot) -> Shown:
    """How to connect a phone."""
    if snapshot.code is None:
        return big_words(snapshot, "connect"), None
    code, words = snapshot.code, snapshot.words
    footer = words.lines("connect.wifi") if code.is_wifi else words.lines("connect.footer")
    return Connect(code.address, code.letters, footer, marks(snapshot), code.is_wifi), None


def connected(snapshot: Snapshot) -> Shown:
    """Which phone is connected now."""
    return BigWords(snapshot.words.lines("connected.lines"), snapshot.phone, marks(snapshot)), None


def code_spent(snapshot: Snapshot) -> Shown:
    """The code counts no more, and how to get a new one."""
    say = snapshot.words
    return Card(say.text("code_spent.title"), say.lines("code_spent.lines"), "", marks(snapshot)), None


def phones_forgotten(snapshot: Snapshot) -> Shown:
    """No phone is connected any more."""
    return big_words(snapshot, "phones_forgotten"), None


def office_offer(snapshot: Snapshot) -> Shown:
    """The question whether somebody takes the preset that the office suggests, and what that would replace."""
    assert snapshot.office is not None, "the office suggests something"
    say, limits = snapshot.words, snapshot.settings.limits
    invite_s, due_s = PRESETS_S[snapshot.office.preset]
    now = "office.now" if goes_by_preset(limits, limits.preset) else "office.own"
    lines = (
        say.text("office.by", who=snapshot.office.by),
        say.text("office.due", span=_span_of(say, due_s)),
        say.text("office.invite", span=_span_of(say, invite_s)),
        say.text(now, span=_span_of(say, limits.due_after_s)),
    )
    return Card(say.text("office.title"), lines, say.text("office.footer"), marks(snapshot)), None


def journal_in_memory(snapshot: Snapshot) -> Shown:
    """What is noted is forgotten at the next start."""
    return big_words(snapshot, "journal_in_memory"), None


def journal_unwritten(snapshot: Snapshot) -> Shown:
    """What happens now can't be noted."""
    return big_words(snapshot, "journal_unwritten"), None


def journal_anew(snapshot: Snapshot) -> Shown:
    """The journal was damaged, and a new one is begun."""
    return big_words(snapshot, "journal_anew"), None


def preset_taken(snapshot: Snapshot) -> Shown:
    """The preset is taken, and where that can be undone."""
    say = snapshot.words
    return BigWords(say.lines("office.taken_lines"), say.text("office.taken_small"), marks(snapshot)), None


def greeting(snapshot: Snapshot) -> Shown:
    """The last day's figures, at the next day's first sitting."""
    assert snapshot.last_day is not None, "the greeting tells of a day"
    say = snapshot.words
    lines = told(say, snapshot.last_day)
    return Card(say.text("greeting.title"), lines, say.text("greeting.footer"), marks(snapshot)), None


def who_sits(snapshot: Snapshot) -> Shown:
    """The question who sits now: a name, which counts if nobody presses."""
    assert snapshot.who is not None, "a name is held out"
    return BigWords((snapshot.who,), snapshot.words.text("who.small"), marks(snapshot)), None


def still_you(snapshot: Snapshot) -> Shown:
    """The question whether a person sits there: for hours nobody has moved, so it may be a bag."""
    return big_words(snapshot, "still_you"), None


def seat_lost(snapshot: Snapshot) -> Shown:
    """The seat's sensor gives no level."""
    return replace(big_words(snapshot, "seat_lost"), stands=True), None


def uncalibrated(snapshot: Snapshot) -> Shown:
    """Nobody has said yet what the seat's levels mean."""
    return replace(big_words(snapshot, "uncalibrated"), stands=True), None


def doubted(snapshot: Snapshot) -> Shown:
    """The seat reports what no person does. While the device asks who is there, a press still answers that."""
    assert snapshot.seat is not None, "something is wrong with the seat"
    told = big_words(snapshot, snapshot.seat.value)
    if snapshot.mode is Mode.ASKING:
        return replace(told, small=snapshot.words.text("still_you.small")), None
    return replace(told, stands=True), None


def unanswered(snapshot: Snapshot) -> Shown:
    """Dark except for a mark, so that what stands for hours doesn't burn in."""
    return BigWords((), "", marks(snapshot) | {Mark.ASKING}), None


def button_stuck(snapshot: Snapshot) -> Shown:
    """The button has been down for too long to be a finger."""
    say = snapshot.words
    return Card(say.text("button_stuck.title"), say.lines("button_stuck.lines"), "", marks(snapshot)), None


def cannot_start(say: Vocabulary, message: str) -> Card:
    """Why the device didn't start."""
    lines = tuple(textwrap.wrap(message, 21, max_lines=4, placeholder="..."))
    return Card(say.text("cannot_start.title"), lines, say.text("cannot_start.footer"))


# ---- off the chair


def dark(_: Snapshot) -> Shown:
    """Nobody is there, so there is nothing to show."""
    return Dark(), None


def away(snapshot: Snapshot) -> Shown:
    """The clock of the break."""
    if snapshot.rested:
        return counts(snapshot)
    clock, until = _till_counts(snapshot)
    say = snapshot.words
    return BigNumber(
        say.text("away.heading"), clock, "", say.text("away.caption"), None, _marks_in_doubt(snapshot)
    ), until


def short_break(snapshot: Snapshot) -> Shown:
    """The clock of the short break, and then that it is done."""
    say, counts_at = snapshot.words, short_counts_at(snapshot)
    if counts_at is None:
        return BigWords(_with_span(snapshot, say.lines("short_break.lines")), "", marks(snapshot)), None
    left_s = max(0.0, between(snapshot.now, counts_at))
    until = after(snapshot.now, _changes_in_s(left_s)) if left_s else None
    heading, caption = say.text("short_break.heading"), say.text("short_break.caption")
    return BigNumber(heading, _clock(left_s), "", caption, None, marks(snapshot)), until


def move_offer(snapshot: Snapshot) -> Shown:
    """The silent offer to move. Nobody knows whether they stand."""
    assert snapshot.counts_at is not None, "who is offered to move is off the chair"
    say = snapshot.words
    left_at = between(snapshot.settings.limits.full_break_s, snapshot.counts_at)
    minutes, changes_in_s = _minutes_up(between(left_at, snapshot.now))
    small = say.text("move_offer.small", span=_span(say, minutes))
    shown = BigWords(say.lines("move_offer.lines"), small, marks(snapshot) - {Mark.COUNTS})
    return shown, after(snapshot.now, changes_in_s)


def counts(snapshot: Snapshot) -> Shown:
    """The break is long enough."""
    return BigWords(snapshot.words.lines("counts.lines"), "", marks(snapshot) - {Mark.COUNTS}), None


def thanks(snapshot: Snapshot) -> Shown:
    """The guide has ended."""
    lines = snapshot.words.lines("thanks.rested" if snapshot.rested else "thanks.short")
    clock, until = _break_clock(snapshot)
    return Instruction(lines, "", clock, None, marks(snapshot)), until


def hold_on(snapshot: Snapshot) -> Shown:
    """What happens if the finger stays down in the guide."""
    assert snapshot.at_hand is not None, "there is a stretch to leave out"
    return BigWords(snapshot.words.lines("hold_on.lines"), snapshot.at_hand.name, marks(snapshot)), None


def left_out(snapshot: Snapshot) -> Shown:
    """The stretch is left out from now on, and how to undo that."""
    assert snapshot.at_hand is not None, "a stretch was left out"
    say, stretch = snapshot.words, snapshot.at_hand
    return Card(stretch.name, (*say.lines("left_out.lines"), stretch.id), "", marks(snapshot)), None


def guiding(snapshot: Snapshot) -> Shown:
    """The present step of the guide."""
    assert snapshot.guide is not None, "guiding needs a guide"
    step = snapshot.guide.step
    clock, until = _break_clock(snapshot)
    if step.kind is StepKind.CAUTION:
        return big_words(snapshot, "caution"), None
    if step.kind is StepKind.COUNTS:
        return Instruction(snapshot.words.lines("counts.more"), "", clock, None, marks(snapshot)), until
    if step.kind is StepKind.MOVE:
        return _movement(snapshot, snapshot.guide, clock, until)
    lines = step.lines or snapshot.words.lines(_SIGNS[step.kind])
    if step.kind in (StepKind.WATCH, StepKind.HOW, StepKind.ASIDE):
        return Instruction(lines, "", clock, _moving(snapshot.guide), marks(snapshot)), until
    part = snapshot.words.text("guide.part", nth=step.nth, of=step.of)
    return Instruction(lines, part, clock, None, marks(snapshot)), until


_SIGNS = {StepKind.WATCH: "watch.lines", StepKind.NOW: "now.lines", StepKind.TURN: "turn.lines"}


def paused(snapshot: Snapshot) -> Shown:
    """Somebody sits in the middle of the guide."""
    return _pushed(snapshot, "paused"), None


def _movement(snapshot: Snapshot, guide: GuideSnapshot, clock: str, until: float | None) -> Shown:
    step = guide.step
    unit = "units.times" if step.stretch.counted else "units.seconds"
    left = step.count_at(guide.elapsed_s)
    count = snapshot.words.text(unit, count=left) if left else ""
    next_count = after(snapshot.now, _changes_in_s(step.left_s(guide.elapsed_s), step.counts_every_s))
    until = next_count if until is None else min(until, next_count)
    return Movement(_moving(guide), count, clock, f"{step.nth}/{step.of}", marks(snapshot)), until


def _moving(guide: GuideSnapshot) -> Moving:
    step = guide.step
    return Moving(step.figure, step.side is Side.LEFT, after(guide.began, -step.figure_for_s))


_NOTICES: dict[Notice, Callable[[Snapshot], Shown]] = {
    Notice.THANKS: thanks,
    Notice.GREETING: greeting,
    Notice.LEFT_OUT: left_out,
    Notice.CONNECTED: connected,
    Notice.CODE_SPENT: code_spent,
    Notice.PHONES_FORGOTTEN: phones_forgotten,
    Notice.JOURNAL_IN_MEMORY: journal_in_memory,
    Notice.JOURNAL_UNWRITTEN: journal_unwritten,
    Notice.JOURNAL_ANEW: journal_anew,
    Notice.PRESET_TAKEN: preset_taken,
}
_MODES: dict[Mode, Callable[[Snapshot], Shown]] = {
    Mode.STARTING: safety,
    Mode.CHOOSING: choosing,
    Mode.TODAY: today,
    Mode.CONNECTING: connecting,
    Mode.ASKING: still_you,
    Mode.WHO: who_sits,
    Mode.MOVE_OFFERED: move_offer,
    Mode.OFFICE_OFFERED: office_offer,
    Mode.ACKNOWLEDGED: first_card,
    Mode.GUIDING: guiding,
    Mode.PAUSED: paused,
    Mode.SEAT_LOST: seat_lost,
    Mode.UNCALIBRATED: uncalibrated,
}
_STANDING = (Mode.ASKING, Mode.SEAT_LOST, Mode.UNCALIBRATED)
"""Modes that may stand for hours."""


# ---- words and numbers


def _pushed(snapshot: Snapshot, name: str) -> BigWords:
    """Words whose small line says what a hold would do now."""
    say = snapshot.words
    small = (
        say.text(f"{name}.alone")
        if snapshot.hold is None
        else say.text(f"{name}.small", hold=say.text(_HOLDS[snapshot.hold]))
    )
    return BigWords(say.lines(f"{name}.lines"), small, marks(snapshot))


_HOLDS = {
    Push.LATER: "hold.later",
    Push.MUTE: "hold.mute",
    Push.UNMUTE: "hold.unmute",
    Push.BACK: "hold.back",
    Push.END: "hold.end",
}


def _is_doubted(snapshot: Snapshot) -> bool:
    return snapshot.seat is not None and snapshot.seat.is_doubt


def _marks_in_doubt(snapshot: Snapshot) -> frozenset[Mark]:
    """The marks, with one for a seat that isn't trusted and for what waits. Where a break is owed is no room for it."""
    waits = snapshot.office is not None and snapshot.office_asked and snapshot.seated
    is_marked = snapshot.mode is Mode.WATCHING and (_is_doubted(snapshot) or waits)
    return marks(snapshot) | {Mark.ASKING} if is_marked else marks(snapshot)


def _shrunk(snapshot: Snapshot) -> bool:
    """Whether the invite has had its time on the full screen."""
    assert snapshot.invited_at is not None, "an invite has its moment"
    return snapshot.now >= after(snapshot.invited_at, snapshot.settings.screens.invite_s)


def _shows_short_at(snapshot: Snapshot) -> float | None:
    """From when on the clock of the short break is shown: not for a chair that is empty for a moment."""
    counts_at, settings = short_counts_at(snapshot), snapshot.settings
    if counts_at is None:
        return None
    return after(between(settings.limits.short_break_s, counts_at), settings.guide.begins_after_s)


def _rises_briefly(snapshot: Snapshot) -> bool:
    """Whether who is off the chair takes the short break, or has taken it and needs no more."""
    shows_at = _shows_short_at(snapshot)
    is_on = shows_at is not None and shows_at <= snapshot.now
    return is_on or (snapshot.briefly_rested and not snapshot.rested)


def _with_span(snapshot: Snapshot, lines: tuple[str, ...]) -> tuple[str, ...]:
    """The lines, with the length of a short break filled in."""
    say, lasts_s = snapshot.words, snapshot.settings.limits.short_break_s
    in_minutes = lasts_s % MINUTE_S == 0
    span = _span_of(say, lasts_s) if in_minutes else say.text("units.seconds", count=math.ceil(lasts_s))
    return tuple(line.format(span=span) for line in lines)


def _muted_text(snapshot: Snapshot) -> str:
    if snapshot.muted_until is None:
        return _meeting_text(snapshot)
    if snapshot.muted_till is not None:
        return snapshot.words.text("muted.till", time=f"{snapshot.muted_till:%H:%M}")
    return snapshot.words.text("muted.plain")


def _meeting_text(snapshot: Snapshot) -> str:
    if not snapshot.in_meeting or snapshot.meeting_till is None:
        return ""
    return snapshot.words.text("meeting.till", time=f"{snapshot.meeting_till:%H:%M}")


def _break_clock(snapshot: Snapshot) -> tuple[str, float | None]:
    """The clock of the break with its meaning, and when it moves on."""
    if snapshot.rested:
        return snapshot.words.text("guide.counted"), None
    clock, until = _till_counts(snapshot)
    return snapshot.words.text("guide.clock", clock=clock) if clock else "", until


def _till_counts(snapshot: Snapshot) -> tuple[str, float | None]:
    """The clock of the break, and when it moves on. It stands while somebody touches the chair."""
    if snapshot.counts_at is not None:
        left_s = max(0.0, between(snapshot.now, snapshot.counts_at))
        return _clock(left_s), after(snapshot.now, _changes_in_s(left_s)) if left_s else None
    return _clock(snapshot.settings.limits.full_break_s) if snapshot.seated else "", None


def told(say: Vocabulary, figures: Figures) -> tuple[str, ...]:
    """A day in plain words: seated time, longest bout and number of breaks."""
    doubtful_s = figures.doubtful_s
    second = say.text("greeting.longest", span=_span_of(say, figures.longest_s))
    in_time = (say.text("greeting.in_time", in_time=figures.in_time, due=figures.due),) if figures.due else ()
    return (
        say.text("greeting.sat", span=_span_of(say, figures.seated_s)),
        say.text("greeting.doubtful", span=_span_of(say, doubtful_s)) if doubtful_s else second,
        say.counted("greeting.breaks", figures.breaks),
        *in_time,
    )


def _big(say: Vocabulary, minutes: int) -> tuple[str, str]:
    """Minutes as a large number and a small unit. From an hour on the number says all and the unit is empty."""
    if minutes < HOUR_S / MINUTE_S:
        return str(minutes), say.text("units.minutes")
    return _span(say, minutes), ""


def _span_of(say: Vocabulary, seconds: float) -> str:
    return _span(say, int(seconds // MINUTE_S))


def _span(say: Vocabulary, minutes: int) -> str:
    if minutes < HOUR_S / MINUTE_S:
        return say.text("units.span_minutes", minutes=minutes)
    return say.text("units.span_hours", hours=minutes // 60, minutes=minutes % 60)


def _clock(left_s: float) -> str:
    seconds = math.ceil(left_s)
    return f"{seconds // 60}:{seconds % 60:02d}"


def _minutes_up(span_s: float) -> tuple[int, float]:
    """Whole minutes that have passed, and the seconds until that changes."""
    return int(span_s // MINUTE_S), between(math.fmod(span_s, MINUTE_S), MINUTE_S)


def _minutes_left(span_s: float) -> tuple[int, float]:
    """Minutes left, rounded up, and the seconds until that changes."""
    minutes = max(0, math.ceil(span_s / MINUTE_S))
    return minutes, between((minutes - 1) * MINUTE_S, span_s) if minutes else MINUTE_S


def _changes_in_s(left_s: float, period_s: float = 1.0) -> float:
    """Seconds until one period less is left."""
    # In whole milliseconds: as floats, 2.1 s is slightly more than three times 0.7 s.
    left_ms, period_ms = round(left_s * 1000), round(period_s * 1000)
    return ((left_ms - 1) % period_ms + 1) / 1000
