"""What the device remembers. All of it follows from facts, so after a power cut the device replays them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from device.mind.snapshot import Owed
from device.settings.choices import Choices
from device.settings.settings import Settings
from device.stages.doubt import Unlifted
from device.stages.people import Owners, Tallies
from device.stages.reminders import Reminders
from device.stages.session import Session
from device.stages.tally import Figures, Tally
from device.words.facts import (
    CHOICES,
    Acknowledged,
    Bout,
    Choice,
    Enough,
    Fact,
    FellDue,
    FullBreak,
    GuideEnded,
    GuideStarted,
    Invited,
    Left,
    MeetingOff,
    MoveOffered,
    Muted,
    PersonChosen,
    PowerCut,
    Resumed,
    Sat,
    SeatBack,
    SeatDoubted,
    SeatDrifted,
    SeatLost,
    SeatTrusted,
    ShortOffered,
    ShortTaken,
    Snoozed,
    Sounded,
    StretchStarted,
    Unmuted,
)
from device.words.instants import after, between

_NOTED_AGAIN = (SeatDrifted, SeatDoubted)
"""Such a fact is true until another one says so, for months maybe."""
_AT_ONCE_S = 10.0
"""If the seat is taken this soon after a start, nobody saw it empty before."""
_ROUTINES_REMEMBERED = 100
"""More than enough for every stretch to have its turn."""


@dataclass(slots=True)
class Interruption:
    """A power cut and what it interrupted, put aside until the length of the cut is known.

    Over the cut, instants move on by its length if the start knows it, else by a moment.
    """

    cut_at: float
    on: float
    """When the device started again."""
    session: Session
    """The sitting time before the cut, with nobody seated."""
    reminders: Reminders
    tally: Tallies
    day_open: bool
    absence_owed: Owed | None
    lost_at: float | None = None
    """Since when the seat's sensor gave no level; None if it did."""
    unseen_s: float = 0.0
    """For how many seconds nothing had been known of the chair until then, since somebody last sat."""
    unsure_s: float = 0.0
    """For how many seconds the device may have run on after `cut_at`."""
    sat_at: float | None = None
    """When somebody first sat after the start."""
    lost_before_sat_s: float = 0.0
    """For how many seconds the seat was lost between the start and then."""
    bout_over: bool = False
    """A bout has ended since the start."""
    rested: bool = False
    """There has been a full break since the start."""

    @property
    def known_till(self) -> float:
        """Until when anything was known of the chair."""
        return self.cut_at if self.lost_at is None else self.lost_at

    def missed_s(self, off_s: float) -> float:
        """How many seconds of the cut the instants have left out."""
        return between(between(self.cut_at, self.on), off_s)

    def absence_s(self, off_s: float) -> float:
        """Seconds that the chair was seen empty around the cut, up to the first sitting after it.

        The cut itself is included only if the chair was empty before it.
        """
        before_s = 0.0
        if self.session.left_at is not None:
            before_s = after(between(self.session.left_at, self.cut_at), off_s)
        return before_s if self.sat_at is None else after(before_s, between(self.on, self.sat_at))


class Memory:
    """The sitting time, what was said about it, the day's figures and the past routines."""

    def __init__(self, settings: Settings, now: float) -> None:
        self._settings = settings
        self.session = Session(settings.limits)
        self.reminders = Reminders(settings, now)
        self.absence_owed: Owed | None = None
        """What was owed when the present absence began."""
        self.under_way: Acknowledged | GuideStarted | None = None
        """The fact that asked for the break or began the guide; None once that has ended."""
        self.routines: list[list[str]] = []
        """The ids of the stretches that were begun, a list for each routine, oldest first."""
        self.choices = Choices()
        self.doubts: dict[str, SeatDoubted] = {}
        """Why the seat isn't trusted, by reason, the latest last; none while it is."""
        self.tally = self._fresh_tally()
        self.day_open = False
        self._last_days: dict[str, Figures] = {}
        """The figures of each person's last day, by name; of everybody together without one."""
        self.before: Interruption | None = None
        """What a power cut has interrupted, while the length of the cut isn't known."""
        self.lost_at: float | None = None
        """Since when the seat's sensor gives no level; None while it does."""
        self.unseen_s = 0.0
        """For how many seconds of cuts and losses nothing was known of the chair, since somebody last sat."""
        self.drifted: SeatDrifted | None = None
        """The last fact about what the seat reads now."""
        self.facts_since: Counter[type[Fact]] = Counter()
        """How many facts there have been since the last one about a drift, and since the last one about a doubt."""
        self.unlifted = Unlifted()
        """What is known of the seat's being taken before the last time without a level."""
        self.seen_from = now
        """From when on there may be a level again, after a start or a loss."""

    def go_by(self, settings: Settings) -> None:
        """Use these settings from now on. What has been counted and said stays."""
        self._settings = settings
        for session, reminders, tally in (
            (self.session, self.reminders, self.tally),
            *([(self.before.session, self.before.reminders, self.before.tally)] if self.before else []),
        ):
            session.go_by(settings.limits)
            reminders.go_by(settings)
            tally.go_by(settings.limits.in_time_s, self._owners())

    def unseen_around_s(self, off_s: float) -> float:
        """For how many seconds nothing was known of the chair around a cut of that length. It is all one time.

        That is from when somebody last sat before the cut until they sat after it.
        """
        assert self.before is not None, "only a start that resumed learns how long it was off"
        since_s = self.unseen_s if self.before.sat_at is None else self.before.lost_before_sat_s
        return after(after(self.before.unseen_s, off_s), since_s)

    @property
    def person(self) -> str:
        """Who sits now, or sat last, if the chair is shared; else empty."""
        return self.choices.person if self.choices.person in self._settings.persons.names else ""

    def today(self, now: float) -> Figures:
        """The figures of today, of the person in force."""
        return self.tally.own(self.person, now) if self.person else self.tally.figures(now)

    @property
    def last_day(self) -> Figures | None:
        """The figures of the last day of the person in force; None if there was none."""
        return self._last_days.get(self.person)

    @property
    def doubt(self) -> SeatDoubted | None:
        """The latest reason why the seat isn't trusted; None while it is."""
        return next(reversed(self.doubts.values()), None)

    @property
    def owed(self) -> Owed | None:
        """The break that the sitting time owes; none while none is called."""
        return None if self.reminders.no_offers else _owed(self.session)

    def know(self, fact: Choice) -> None:
        """Take in a choice from before all other facts, or one that is known already."""
        self.choices.take(fact)
        if isinstance(fact, PersonChosen) and not self.day_open:
            self.tally.go_by(self._settings.limits.in_time_s, None)
            self.tally.go_by(self._settings.limits.in_time_s, self._owners())

    def fits(self, fact: Fact) -> bool:
        """Whether the fact can follow the ones before it. In a journal that has lost a piece it may not."""
        sat_at = self.session.seated_since
        match fact:
            case Left() | ShortOffered():
                return sat_at is not None and sat_at <= fact.t
            case Bout() | FullBreak() | ShortTaken():
                return sat_at is None or (self.before is not None and fact.t < self.before.on)
            case StretchStarted():
                return bool(self.routines)
            case PowerCut():
                return self.before is not None
            case SeatBack():
                return self.lost_at is not None
        return True

    def take(self, fact: Fact) -> None:
        """Let a fact change the memory, in the same way when it is new and when it is replayed."""
        self.facts_since.update(_NOTED_AGAIN)
        if self.before is not None and fact.t < self.before.on:
            # The fact was found out late and belongs to the time before the cut.
            self.before.tally.note(fact)
            match fact:
                case Bout():
                    self.before.session.end_bout()
                case FullBreak():
                    self.before.session.start_afresh()
            return
        self.tally.note(fact)
        change = _CHANGES.get(type(fact))
        if change is not None:
            change(self, fact)

    def halt(self, seated_till: float | None, known_till: float) -> None:
        """Nothing is known of the chair from `known_till` on, and who sat is known to have sat until `seated_till`."""
        sat_at, began_at = self.session.seated_since, self.seen_from
        if sat_at is not None:
            self.unlifted.bank(sat_at, max(sat_at, seated_till or sat_at))
        self.session.halt(seated_till)
        # Whoever sat before a start or a loss counts as away from its end on. If nothing settled, nobody saw that.
        if self.session.left_at == began_at and known_till < after(began_at, self._settings.settle.sit_s):
            self.session.left_at = self.absence_owed = None

    # ---- days

    def closes_day_at(self) -> float | None:
        """When the day is over if the chair stays empty."""
        if not self.day_open or self.session.left_at is None:
            return None
        return after(self.session.left_at, self._settings.limits.day_closes_after_s)

    def close_day(self, at: float) -> None:
        """End the day: the chair has been empty for hours. Its figures wait for the next day's first sitting."""
        self.day_open = self.reminders.enough = False
        self._put_by(self.tally, at)
        self.tally = self._fresh_tally()

    def split_day(self, at: float) -> None:
        """Split the figures at midnight. A sitting that goes on is counted in the new day from there."""
        if self.day_open:
            day = self.tally
            self.tally = day.split(at)
            self._put_by(day, at)
        if not self.day_open or self.lost_at is not None:
            # No empty chair will close this day.
            self.reminders.enough = False

    def _fresh_tally(self) -> Tallies:
        everybody = Tally(self._settings.limits.in_time_s, None if self.doubt is None else self.doubt.since)
        return Tallies(everybody, self._owners())

    def _owners(self) -> Owners | None:
        return Owners(self.choices.person) if self._settings.persons.names else None

    def _put_by(self, day: Tallies, at: float) -> None:
        for who in ("", *day.names):
            figures = day.own(who, at) if who else day.figures(at)
            # A day without a bout is only the rest of an evening; nobody wants its figures.
            if figures.bouts:
                self._last_days[who] = figures

    # ---- what each fact changes

    def _sat(self, fact: Sat) -> None:
        if self.before is not None and self.before.sat_at is None:
            self.before.sat_at, self.before.lost_before_sat_s = fact.t, self.unseen_s
        self.unseen_s = 0.0
        self._be_empty_until(fact.t)
        if self.session.left_at is not None:
            self.reminders.sit_back(fact.t)
        self.session.sit(fact.t)
        self.absence_owed, self.day_open = None, True

    def _be_empty_until(self, at: float) -> None:
        """The chair was empty before, unless nothing was known of it until a moment ago."""
        if at > after(self.seen_from, _AT_ONCE_S):
            self.unlifted.lift()

    def _left(self, fact: Left) -> None:
        self.session.leave(fact.t)
        self.absence_owed = _owed(self.session)
        self.unlifted.lift()

    def _bout(self, fact: Bout) -> None:  # noqa: ARG002 - its kind says it all
        self.session.end_bout()
        if self.before is not None:
            self.before.bout_over = True

    def _full_break(self, fact: FullBreak) -> None:  # noqa: ARG002 - its kind says it all
        self.session.start_afresh()
        self.reminders.start_afresh()
        self.absence_owed = None
        if self.before is not None:
            self.before.rested = True

    def _invite(self, fact: Invited) -> None:
        self.session.invited_at = fact.said

    def _due(self, fact: FellDue) -> None:
        self.session.due_at = fact.said
        self.reminders.fall_due(fact.said)

    def _short_offer(self, fact: ShortOffered) -> None:
        self.session.offer_short_break(fact.said)

    def _short_break(self, fact: ShortTaken) -> None:  # noqa: ARG002 - its kind says it all
        self.session.rest_briefly()
        self.session.briefly_rested = True

    def _move_offer(self, fact: MoveOffered) -> None:  # noqa: ARG002 - its kind says it all
        self.session.move_from_s = None

    def _sound(self, fact: Sounded) -> None:
        self.reminders.remind(fact.said)

    def _snoozed(self, fact: Snoozed) -> None:
        self.reminders.snooze(fact.until)
        self.under_way = None

    def _muted(self, fact: Muted) -> None:
        self.reminders.muted_until, self.reminders.enough = fact.until, False

    def _enough(self, fact: Enough) -> None:  # noqa: ARG002 - its kind says it all
        self.reminders.muted_until, self.reminders.enough = None, True

    def _unmuted(self, fact: Unmuted) -> None:  # noqa: ARG002 - its kind says it all
        self.reminders.muted_until, self.reminders.enough = None, False

    def _meeting_off(self, fact: MeetingOff) -> None:
        self.reminders.levels.sound_in = fact.began

    def _acknowledged(self, fact: Acknowledged) -> None:
        self.under_way = fact
        if self.session.left_at is not None:
            self.session.move_from_s = between(self.session.left_at, fact.said)

    def _guide_started(self, fact: GuideStarted) -> None:
        self.under_way = fact
        self.routines = [*self.routines[-_ROUTINES_REMEMBERED:], []]

    def _stretch_started(self, fact: StretchStarted) -> None:
        self.routines[-1].append(fact.stretch)

    def _guide_ended(self, fact: GuideEnded) -> None:  # noqa: ARG002 - its kind says it all
        self.under_way = None

    def _choice(self, fact: Choice) -> None:
        self.choices.take(fact)

    # ---- over a time without a level

    def _seat_lost(self, fact: SeatLost) -> None:
        self.halt(fact.t, fact.t)
        self.lost_at = fact.t

    def _seat_back(self, fact: SeatBack) -> None:
        """The seat is back. A person who sat when it was lost wasn't seen to rise."""
        lost_at, self.lost_at, session = self.lost_at, None, self.session
        self.seen_from, self.unseen_s = fact.t, after(self.unseen_s, fact.lost_s)
        if self.unseen_s >= self._settings.limits.short_break_s:
            session.rest_briefly()
        if session.left_at is None and session.rested:
            session.left_at = lost_at
        elif session.left_at is None and session.bout_start is not None:
            session.left_at, self.absence_owed = fact.t, _owed(session)

    def _seat_drifted(self, fact: SeatDrifted) -> None:
        self.drifted = fact
        self.facts_since[SeatDrifted] = 0

    def _seat_doubted(self, fact: SeatDoubted) -> None:
        self.doubts.pop(fact.why, None)
        self.doubts[fact.why] = fact
        self.facts_since[SeatDoubted] = 0

    def _seat_trusted(self, fact: SeatTrusted) -> None:  # noqa: ARG002 - its kind says it all
        self.doubts.clear()

    # ---- over a power cut

    def _resumed(self, fact: Resumed) -> None:
        """The device is on again. Until its length is known, the cut counts as a full break and a night."""
        if fact.seated_till is None and self.session.seated_since is None and self.lost_at is None:
            self._be_empty_until(fact.cut_at)
        self.halt(fact.seated_till, fact.cut_at)
        self.seen_from = fact.t
        if self.lost_at is not None:
            self.unseen_s = after(self.unseen_s, between(self.lost_at, fact.cut_at))
        if self.before is not None and self.before.day_open:
            self._put_by(self.before.tally, fact.t)
        self.before = Interruption(
            fact.cut_at,
            fact.t,
            self.session,
            self.reminders,
            self.tally,
            self.day_open,
            self.absence_owed,
            self.lost_at,
            self.unseen_s,
        )
        # The sensor reports anew at each start.
        self.lost_at, self.unseen_s = None, 0.0
        levels, away = self.reminders.levels, self.reminders.away
        self.session, self.reminders = Session(self._settings.limits), Reminders(self._settings, fact.t)
        self.reminders.levels, self.reminders.away = levels, away
        self.absence_owed, self.tally, self.day_open = None, self._fresh_tally(), False

    def _power_cut(self, fact: PowerCut) -> None:
        """The length of the cut is known now."""
        unseen_s = self.unseen_around_s(fact.off_s)
        before, self.before = self.before, None
        assert before is not None, "only a start that resumed learns how long it was off"
        missed_s = before.missed_s(fact.off_s)
        if before.sat_at is None:
            self.unseen_s = unseen_s
        self._join_voice(before, missed_s, fact)
        rose_s = max(before.absence_s(fact.off_s), between(before.unsure_s, unseen_s))
        rested = rose_s >= self._settings.limits.short_break_s
        self._join_session(before, missed_s, counts=fact.counts, briefly_rested=rested)
        self._join_day(before, fact)
        if self.lost_at is not None:
            self.halt(None, self.lost_at)

    def _join_voice(self, before: Interruption, missed_s: float, fact: PowerCut) -> None:
        muted_until = before.reminders.muted_until
        if not self.reminders.is_muted:
            # Without somebody on the chair, the day may still close.
            is_same_day = before.sat_at is None or fact.off_s < self._settings.limits.day_closes_after_s
            self.reminders.enough = before.reminders.enough and is_same_day and not fact.new_day
            self.reminders.muted_until = None if muted_until is None else between(missed_s, muted_until)
        if not fact.counts and not before.rested:
            self.reminders.join(before.reminders)

    def _join_session(self, before: Interruption, missed_s: float, *, counts: bool, briefly_rested: bool) -> None:
        if before.sat_at is None:
            # Nobody has sat since, so all is as it was.
            self.session, self.absence_owed = before.session, before.absence_owed
            self._place_absence(before, missed_s)
            if briefly_rested:
                self.session.rest_briefly()
        elif not counts and not before.rested:
            self.session.join(before.session, same_bout=not before.bout_over, briefly_rested=briefly_rested)

    def _place_absence(self, before: Interruption, missed_s: float) -> None:
        session = self.session
        if session.left_at is not None:
            session.left_at = between(missed_s, session.left_at)
        elif session.rested:
            session.left_at = between(missed_s, before.known_till)
        elif session.bout_start is not None:
            # A person who sat at the cut wasn't seen to rise, so the chair counts as empty only from the start on.
            session.left_at, self.absence_owed = before.on, _owed(session)

    def _join_day(self, before: Interruption, fact: PowerCut) -> None:
        before.tally.note(fact)
        if fact.new_day:
            self._put_by(before.tally, fact.t)
            return
        self.tally.join(before.tally)
        self.day_open = self.day_open or before.day_open


def _owed(session: Session) -> Owed | None:
    if session.due_at is not None:
        return Owed.DUE
    return Owed.INVITE if session.invited_at is not None else None


_CHANGES: dict[type[Fact], Callable[[Memory, Any], None]] = {
    Sat: Memory._sat,
    Left: Memory._left,
    Bout: Memory._bout,
    FullBreak: Memory._full_break,
    Invited: Memory._invite,
    FellDue: Memory._due,
    ShortOffered: Memory._short_offer,
    ShortTaken: Memory._short_break,
    MoveOffered: Memory._move_offer,
    Sounded: Memory._sound,
    Snoozed: Memory._snoozed,
    Muted: Memory._muted,
    Enough: Memory._enough,
    Unmuted: Memory._unmuted,
    MeetingOff: Memory._meeting_off,
    Acknowledged: Memory._acknowledged,
    GuideStarted: Memory._guide_started,
    StretchStarted: Memory._stretch_started,
    GuideEnded: Memory._guide_ended,
    **dict.fromkeys(CHOICES, Memory._choice),
    Resumed: Memory._resumed,
    PowerCut: Memory._power_cut,
    SeatLost: Memory._seat_lost,
    SeatBack: Memory._seat_back,
    SeatDrifted: Memory._seat_drifted,
    SeatDoubted: Memory._seat_doubted,
    SeatTrusted: Memory._seat_trusted,
}
