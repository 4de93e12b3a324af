"""Every fact as a plain sentence and every screen as text, for people who read along."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from device.languages.phrases import Phrases
from device.words.durations import span_text
from device.words.effects import BigNumber, BigWords, Card, Connect, Dark, Instruction, Screen
from device.words.facts import (
    Acknowledged,
    Answered,
    Away,
    Bout,
    BreakCutShort,
    BreakHonoured,
    ClockStepped,
    ConnectSeen,
    Enough,
    Fact,
    FellDue,
    FullBreak,
    GuideEnded,
    GuideStarted,
    InMeeting,
    Invited,
    Left,
    MeetingOff,
    MeetingOver,
    MoveOffered,
    Muted,
    OffHours,
    OfficeAnswered,
    OfficeAsked,
    OfficeOffered,
    OnHours,
    PanelBack,
    PanelLost,
    PersonChosen,
    PlanChanged,
    PowerCut,
    Resumed,
    SafetySeen,
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
    StretchAgain,
    StretchDone,
    StretchNever,
    StretchShown,
    StretchStarted,
    StretchWanted,
    Stuck,
    TopicChosen,
    Unmuted,
)
from device.words.instants import between

Names = Mapping[str, str]
"""The names of the stretches by their ids."""

_PLAIN: Mapping[type[Fact], str] = {
    SafetySeen: "A press: the card that says to stop if it hurts has been read.",
    ConnectSeen: "The panel shows how to connect a phone.",
    Sat: "Somebody sits down.",
    Left: "They have left the chair.",
    ShortTaken: "Up long enough for the short break.",
    FullBreak: "Long enough off the chair: the count starts again.",
    Acknowledged: "A press: silence, and the card of the first stretch.",
    Unmuted: "Sound is back on.",
    Enough: "Enough for today: no sound and no offers. It counts on.",
    OffHours: "Outside of your hours: no sound and no offers. It counts on.",
    OnHours: "Your hours begin: sound and offers as before.",
    MeetingOver: "The meeting is over: sound as before.",
    MeetingOff: "Sound is back on in this meeting.",
    StretchWanted: "From the page or afar: a stretch, once the chair is empty.",
    OfficeAsked: "The panel asks, silently, about the preset that the office suggests.",
    Answered: "A press: it is a person who sits there.",
    SeatLost: "The seat's sensor gives no level: nobody knows who sits, and the count stands still.",
    SeatTrusted: "The seat behaves as a seat does again.",
    PanelLost: "The panel doesn't answer.",
    PanelBack: "The panel is back, with its whole picture.",
    Resumed: "The power is back.",
}

_ENDS = {
    GuideEnded.DONE: "The guide is through.",
    GuideEnded.SKIPPED: "Skipped past the last stretch.",
    GuideEnded.FINISHED: "A hold: the guide is finished.",
    GuideEnded.SAT_DOWN: "Sitting again, so the guide ends.",
    GuideEnded.POWER_CUT: "The power cut ended the guide.",
}


_ENGLISH = Phrases()


def sentence(fact: Fact, names: Names, say: Phrases = _ENGLISH) -> str:
    """The fact as one line; its name if there is no sentence for it."""
    kind = type(fact)
    if kind in _PLAIN:
        return say(_PLAIN[kind])
    if kind in _FILLED_IN:
        return _FILLED_IN[kind](fact, names, say)
    return fact.name.replace("_", " ").capitalize() + "."


def words_of(screen: Screen, say: Phrases = _ENGLISH) -> str:
    """The text on the screen, from top to bottom. A figure is only mentioned."""
    match screen:
        case Dark():
            said: list[str] = []
        case Card(title, lines, footer):
            said = [title, " ".join(lines), footer]
        case BigNumber(heading, number, unit, caption):
            said = [heading, f"{number} {unit}".strip(), caption]
        case BigWords(lines, small):
            said = [" ".join(lines), small]
        case Instruction(lines, part, clock, moving):
            said = [say("a figure that shows how to move") if moving else "", " ".join(lines), part, clock]
        case Connect(address, footer=footer):
            # Only who stands at the panel reads the code.
            said = [address, " ".join(footer)]
        case _:
            said = [say("a figure that shows how to move"), screen.count, screen.part, screen.clock]
    return "; ".join(each for each in said if each)


def _bout(fact: Bout, _: Names, say: Phrases) -> str:
    span = span_text(fact.seated_s)
    # How long the fact had been true when it was noted; the settings decide that.
    away = span_text(between(fact.t, fact.said))
    return say("{away} off the chair: a break. The bout before it was {span}.", away=away, span=span)


def _invite(fact: Invited, _: Names, say: Phrases) -> str:
    return say("{span} of sitting: a silent offer on the panel.", span=span_text(fact.sitting_s or 0.0))


def _short_offer(fact: ShortOffered, _: Names, say: Phrases) -> str:
    span = span_text(fact.seated_s or 0.0)
    return say("{span} of sitting without a short break: one is on offer, silently.", span=span)


def _move_offer(fact: MoveOffered, _: Names, say: Phrases) -> str:
    return say("Off the chair for {span}: the panel offers to move, silently.", span=span_text(fact.empty_s or 0.0))


def _due(fact: FellDue, _: Names, say: Phrases) -> str:
    span = span_text(fact.sitting_s or 0.0)
    return say("{span} of sitting: a break is due. At first only the panel says so.", span=span)


def _sound(fact: Sounded, _: Names, say: Phrases) -> str:
    return say("It sounds, softly: reminder {nth}.", nth=fact.nth)


def _snoozed(fact: Snoozed, _: Names, say: Phrases) -> str:
    nth = fact.nth
    if nth in _SNOOZED:
        return say(_SNOOZED[nth])
    return say("A hold: not now. Put off, for the {nth}th time.", nth=nth)


def _muted(fact: Muted, _: Names, say: Phrases) -> str:
    return say("No sound for {span}. It counts on.", span=span_text(between(fact.said, fact.until)))


def _meeting(fact: InMeeting, _: Names, say: Phrases) -> str:
    left_s = between(fact.said, max(fact.said, fact.until))
    return say("In a meeting for {span}: no sound. It counts on.", span=span_text(left_s))


def _plan(fact: PlanChanged, _: Names, say: Phrases) -> str:
    if not fact.plan:
        return say("No plan is in force any more: the usual settings count.")
    return say("The plan {plan} is in force.", plan=fact.plan)


def _guide_started(fact: GuideStarted, _: Names, say: Phrases) -> str:
    return say("The guide begins." if fact.asked else "Up from the chair, so the guide begins by itself.")


_Moved = StretchStarted | StretchDone | StretchShown


def _stretch(word: str) -> Callable[[_Moved, Names, Phrases], str]:
    def told(fact: _Moved, names: Names, say: Phrases) -> str:
        name = names.get(fact.stretch, fact.stretch.replace("_", " "))
        return f"{say(word)}: {name}{'' if fact.side == 'both' else f', {say(fact.side)}'}."

    return told


def _choice(word: str) -> Callable[[StretchNever | StretchAgain, Names, Phrases], str]:
    return lambda fact, names, say: f"{say(word)}: {names.get(fact.stretch, fact.stretch)}."


def _chosen(fact: TopicChosen, _: Names, say: Phrases) -> str:
    return say("Chosen: {what}, {value}.", what=fact.what, value=fact.value or "-")


def _away(fact: Away, _: Names, say: Phrases) -> str:
    if fact.until:
        return say("Away until {date}: no sound and no offers until then.", date=fact.until)
    return say("Back again: sound and offers as before.")


def _person(fact: PersonChosen, _: Names, say: Phrases) -> str:
    return say("It is {person} who sits now.", person=fact.person) if fact.person else say("Nobody is named any more.")


def _office_offer(fact: OfficeOffered, _: Names, say: Phrases) -> str:
    return say(
        "{who} suggests the preset {preset}. Nothing changes unless you take it.", who=fact.by, preset=fact.preset
    )


def _office_answer(fact: OfficeAnswered, _: Names, say: Phrases) -> str:
    if fact.taken:
        return say("The preset that the office suggests is taken.")
    return say("The preset that the office suggests is declined. Nothing changes.")


def _guide_ended(fact: GuideEnded, _: Names, say: Phrases) -> str:
    return say(_ENDS.get(fact.how, "The guide has ended."))


def _honoured(fact: BreakHonoured, _: Names, say: Phrases) -> str:
    if not fact.was_due:
        return say("The break is honoured, and nobody had to ask twice.")
    honoured = say("The break is honoured: it was due, and the chair was really empty.")
    if fact.rose_after_s is None:
        return honoured
    return f"{honoured} {say('They rose {span} after that.', span=span_text(fact.rose_after_s))}"


def _cut_short(_: BreakCutShort, __: Names, say: Phrases) -> str:
    return say("Back too soon: the break was cut short.")


def _stuck(fact: Stuck, _: Names, say: Phrases) -> str:
    if fact.what == Stuck.BUTTON:
        return say("The button has been down for too long to be a finger.")
    since = fact.t if fact.since is None else fact.since
    return say("Nobody has moved for {span}: is it a bag?", span=span_text(between(since, fact.said)))


def _power_cut(fact: PowerCut, _: Names, say: Phrases) -> str:
    span = span_text(fact.off_s)
    if fact.counts:
        return say("Nothing is known of the last {span}: that counts as a full break.", span=span)
    return say("Nothing is known of the last {span}: too short for a break, so the count goes on.", span=span)


def _seat_back(fact: SeatBack, _: Names, say: Phrases) -> str:
    span = span_text(fact.lost_s)
    if fact.counts:
        return say("The seat is back. Nothing is known of the last {span}: that counts as a full break.", span=span)
    return say("The seat is back. Nothing is known of the last {span}: the count goes on.", span=span)


def _drifted(fact: SeatDrifted, _: Names, say: Phrases) -> str:
    empty, seated = (say.number(each, ".3f") for each in (fact.empty, fact.seated))
    if fact.from_empty is None or fact.from_seated is None:
        return say("The seat has drifted: it reads {empty} empty and {seated} seated now.", empty=empty, seated=seated)
    return say(
        "The seat has drifted: it reads {empty} empty (calibrated {from_empty}) and {seated} seated ({from_seated}).",
        empty=empty,
        seated=seated,
        from_empty=say.number(fact.from_empty, ".3f"),
        from_seated=say.number(fact.from_seated, ".3f"),
    )


def _doubted(fact: SeatDoubted, _: Names, say: Phrases) -> str:
    if fact.why == SeatDoubted.LOOSE:
        return say("The seat changes as no person does: a wire may be loose.")
    span = span_text(between(fact.since, fact.said))
    return say("The seat has said taken for {span} without a lift: the pad may be worn.", span=span)


def _stepped(fact: ClockStepped, _: Names, say: Phrases) -> str:
    span = span_text(abs(fact.by_s))
    if fact.by_s > 0:
        return say("The clock jumped forward by {span}. No seated second is touched.", span=span)
    return say("The clock jumped back by {span}. No seated second is touched.", span=span)


_SNOOZED = {
    1: "A hold: not now. Put off, for the first time.",
    2: "A hold: not now. Put off, for the second time.",
    3: "A hold: not now. Put off, for the third time.",
}

_FILLED_IN: Mapping[type[Fact], Callable[[Any, Names, Phrases], str]] = {
    Bout: _bout,
    Invited: _invite,
    FellDue: _due,
    ShortOffered: _short_offer,
    MoveOffered: _move_offer,
    Sounded: _sound,
    Snoozed: _snoozed,
    Muted: _muted,
    InMeeting: _meeting,
    PlanChanged: _plan,
    GuideStarted: _guide_started,
    StretchStarted: _stretch("Now"),
    StretchDone: _stretch("Done"),
    StretchShown: _stretch("Shown"),
    TopicChosen: _chosen,
    PersonChosen: _person,
    StretchNever: _choice("Never again"),
    StretchAgain: _choice("On offer again"),
    Away: _away,
    OfficeOffered: _office_offer,
    OfficeAnswered: _office_answer,
    GuideEnded: _guide_ended,
    BreakHonoured: _honoured,
    BreakCutShort: _cut_short,
    Stuck: _stuck,
    PowerCut: _power_cut,
    ClockStepped: _stepped,
    SeatBack: _seat_back,
    SeatDrifted: _drifted,
    SeatDoubted: _doubted,
}
