"""Every fact as a plain sentence and every screen as text, for people who read along."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from device.languages.phrases import Phrases
from device.words.durations import span_text
from device.words.effects import Card, Count, Dark, Fact, Instruction, Screen, Words
from device.words.instants import between

Names = Mapping[str, str]
"""The names of the stretches by their ids."""
Details = Mapping[str, Any]

_PLAIN = {
    "safety_seen": "A press: the card that says to stop if it hurts has been read.",
    "sat": "Somebody sits down.",
    "left": "They have left the chair.",
    "full_break": "Long enough off the chair: the count starts again.",
    "acknowledged": "A press: silence, and the card of the first stretch.",
    "unmuted": "Sound is back on.",
    "answered": "A press: it is a person who sits there.",
    "panel_lost": "The panel doesn't answer.",
    "panel_back": "The panel is back, whole.",
    "resumed": "The power is back.",
}

_ENDS = {
    "done": "The guide is through.",
    "skipped": "Skipped past the last stretch.",
    "finished": "A hold: the guide is finished.",
    "sat_down": "Sitting again, so the guide ends.",
    "power_cut": "The power cut ended the guide.",
}


_ENGLISH = Phrases()


def sentence(fact: Fact, names: Names, say: Phrases = _ENGLISH) -> str:
    """The fact as one line; its name if there is no sentence for it."""
    if fact.fact in _PLAIN:
        return say(_PLAIN[fact.fact])
    if fact.fact in _FILLED_IN:
        return _FILLED_IN[fact.fact](_with_spans(fact), names, say)
    return fact.fact.replace("_", " ").capitalize() + "."


def _with_spans(fact: Fact) -> Details:
    """Add for how long the fact had been true when it was noted, since the settings decide that."""
    return {**fact.details, "lasted_s": between(fact.details.get("since", fact.t), fact.said)}


def words_of(screen: Screen, say: Phrases = _ENGLISH) -> str:
    """The text on the screen, from top to bottom. A figure is only mentioned."""
    match screen:
        case Dark():
            said: list[str] = []
        case Card(title, lines, footer):
            said = [title, " ".join(lines), footer]
        case Count(heading, number, unit, caption):
            said = [heading, f"{number} {unit}".strip(), caption]
        case Words(lines, small):
            said = [" ".join(lines), small]
        case Instruction(lines, part, clock, moving):
            said = [say("a figure that shows how to move") if moving else "", " ".join(lines), part, clock]
        case _:
            said = [say("a figure that shows how to move"), screen.count, screen.part, screen.clock]
    return "; ".join(each for each in said if each)


def _bout(details: Details, _: Names, say: Phrases) -> str:
    span = span_text(details["seated_s"])
    away = span_text(details["lasted_s"])
    return say("{away} off the chair: a break. The bout before it was {span}.", away=away, span=span)


def _invite(details: Details, _: Names, say: Phrases) -> str:
    return say("{span} of sitting: a silent offer on the panel.", span=span_text(details["sitting_s"]))


def _due(details: Details, _: Names, say: Phrases) -> str:
    span = span_text(details["sitting_s"])
    return say("{span} of sitting: a break is due. At first only the panel says so.", span=span)


def _sound(details: Details, _: Names, say: Phrases) -> str:
    return say("It sounds, softly: reminder {nth}.", nth=details["nth"])


def _snoozed(details: Details, _: Names, say: Phrases) -> str:
    nth = details["nth"]
    if nth in _SNOOZED:
        return say(_SNOOZED[nth])
    return say("A hold: not now. Put off, for the {nth}th time.", nth=nth)


def _muted(_: Details, __: Names, say: Phrases) -> str:
    return say("A hold: no sound for a while. It counts on.")


def _guide_started(details: Details, _: Names, say: Phrases) -> str:
    return say("The guide begins." if details["asked"] else "Up from the chair, so the guide begins by itself.")


def _stretch(word: str) -> Callable[[Details, Names, Phrases], str]:
    def told(details: Details, names: Names, say: Phrases) -> str:
        name = names.get(details["stretch"], details["stretch"].replace("_", " "))
        side = details["side"]
        return f"{say(word)}: {name}{'' if side == 'both' else f', {say(side)}'}."

    return told


def _choice(word: str) -> Callable[[Details, Names, Phrases], str]:
    return lambda details, names, say: f"{say(word)}: {names.get(details['stretch'], details['stretch'])}."


def _chosen(details: Details, _: Names, say: Phrases) -> str:
    return say("Chosen: {what}, {value}.", what=details["what"], value=details["value"] or "-")


def _guide_ended(details: Details, _: Names, say: Phrases) -> str:
    return say(_ENDS.get(details["how"], "The guide has ended."))


def _honoured(details: Details, _: Names, say: Phrases) -> str:
    if details["after"] != "due":
        return say("The break is honoured, and nobody had to ask twice.")
    honoured, waited_s = (
        say("The break is honoured: it was due, and the chair was really empty."),
        details.get("rose_after_s"),
    )
    if waited_s is None:
        return honoured
    return f"{honoured} {say('They rose {span} after that.', span=span_text(waited_s))}"


def _cut_short(_: Details, __: Names, say: Phrases) -> str:
    return say("Back too soon: the break was cut short.")


def _stuck(details: Details, _: Names, say: Phrases) -> str:
    if details["what"] == "button":
        return say("The button has been down for too long to be a finger.")
    return say("Nobody has moved for {span}: is it a bag?", span=span_text(details["lasted_s"]))


def _power_cut(details: Details, _: Names, say: Phrases) -> str:
    span = span_text(details["off_s"])
    if details["counts"]:
        return say("Nothing is known of the last {span}: that counts as a full break.", span=span)
    return say("Nothing is known of the last {span}: too short for a break, so the count goes on.", span=span)


def _stepped(details: Details, _: Names, say: Phrases) -> str:
    span = span_text(abs(details["by_s"]))
    if details["by_s"] > 0:
        return say("The clock jumped forward by {span}. No seated second is touched.", span=span)
    return say("The clock jumped back by {span}. No seated second is touched.", span=span)


_SNOOZED = {
    1: "A hold: not now. Put off, for the first time.",
    2: "A hold: not now. Put off, for the second time.",
    3: "A hold: not now. Put off, for the third time.",
}

_FILLED_IN: Mapping[str, Callable[[Details, Names, Phrases], str]] = {
    "bout": _bout,
    "invite": _invite,
    "due": _due,
    "sound": _sound,
    "snoozed": _snoozed,
    "muted": _muted,
    "guide_started": _guide_started,
    "stretch_started": _stretch("Now"),
    "stretch_done": _stretch("Done"),
    "stretch_shown": _stretch("Shown"),
    "chosen": _chosen,
    "stretch_never": _choice("Never again"),
    "stretch_again": _choice("On offer again"),
    "guide_ended": _guide_ended,
    "break_honoured": _honoured,
    "break_cut_short": _cut_short,
    "stuck": _stuck,
    "power_cut": _power_cut,
    "clock_stepped": _stepped,
}
