"""Every fact as a plain sentence, and every screen in its words, for people who read along."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from device.durations import span_text
from device.effects import Card, Count, Dark, Fact, Instruction, Screen, Words

Names = Mapping[str, str]
"""What each stretch is called, by its id."""

_PLAIN = {
    "safety_seen": "A press: the card that says to stop if it hurts has been read.",
    "sat": "Somebody sits down.",
    "left": "They have left the chair.",
    "full_break": "Long enough off the chair: the count starts afresh.",
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


def sentence(fact: Fact, names: Names) -> str:
    """What the fact says, in a line; one that nobody wrote a sentence for is told by its name."""
    if fact.fact in _PLAIN:
        return _PLAIN[fact.fact]
    if fact.fact in _FILLED_IN:
        return _FILLED_IN[fact.fact](fact.details, names)
    return fact.fact.replace("_", " ").capitalize() + "."


def words_of(screen: Screen) -> str:
    """What can be read on the screen, from top to bottom; of a figure only that it is there."""
    match screen:
        case Dark():
            said: list[str] = []
        case Card(title, lines, footer):
            said = [title, " ".join(lines), footer]
        case Count(heading, number, unit, caption):
            said = [heading, f"{number} {unit}", caption]
        case Words(lines, small):
            said = [" ".join(lines), small]
        case Instruction(lines, part, clock, moving):
            said = ["a figure that shows how to move" if moving else "", " ".join(lines), part, clock]
        case _:
            said = ["a figure that shows how to move", screen.count, screen.part, screen.clock]
    return "; ".join(each for each in said if each)


def _bout(details: Mapping[str, Any], _: Names) -> str:
    return f"A minute off the chair: a break. The bout before it was {span_text(details['seated_s'])}."


def _invite(details: Mapping[str, Any], _: Names) -> str:
    return f"{span_text(details['sitting_s'])} of sitting: a silent offer on the panel."


def _due(details: Mapping[str, Any], _: Names) -> str:
    return f"{span_text(details['sitting_s'])} of sitting: a break is due. At first only the panel says so."


def _sound(details: Mapping[str, Any], _: Names) -> str:
    return f"It sounds, softly: reminder {details['nth']}."


def _snoozed(details: Mapping[str, Any], _: Names) -> str:
    return f"A hold: not now. Put off, {_times(details['nth'])} time."


def _muted(_: Mapping[str, Any], __: Names) -> str:
    return "A hold: no sound for a while. It counts on."


def _guide_started(details: Mapping[str, Any], _: Names) -> str:
    return "The guide begins." if details["asked"] else "Up from the chair, so the guide begins by itself."


def _stretch(word: str) -> Callable[[Mapping[str, Any], Names], str]:
    def told(details: Mapping[str, Any], names: Names) -> str:
        name = names.get(details["stretch"], details["stretch"].replace("_", " "))
        side = details["side"]
        return f"{word}: {name}{'' if side == 'both' else f', {side}'}."

    return told


def _choice(word: str) -> Callable[[Mapping[str, Any], Names], str]:
    return lambda details, names: f"{word}: {names.get(details['stretch'], details['stretch'])}."


def _guide_ended(details: Mapping[str, Any], _: Names) -> str:
    return _ENDS.get(details["how"], "The guide has ended.")


def _honoured(details: Mapping[str, Any], _: Names) -> str:
    if details["after"] != "due":
        return "The break is honoured, and nobody had to ask twice."
    waited_s = details.get("rose_after_s")
    up = "" if waited_s is None else f" They rose {span_text(waited_s)} after that."
    return f"The break is honoured: it was due, and the chair was really empty.{up}"


def _cut_short(_: Mapping[str, Any], __: Names) -> str:
    return "Back too soon: the break was cut short."


def _stuck(details: Mapping[str, Any], _: Names) -> str:
    if details["what"] == "button":
        return "The button has been down for too long to be a finger."
    return "Nobody has moved for hours: is it a bag?"


def _power_cut(details: Mapping[str, Any], _: Names) -> str:
    came_to = "that counts as a full break" if details["counts"] else "too short for a break, so the count goes on"
    return f"Nothing is known of the last {span_text(details['off_s'])}: {came_to}."


def _stepped(details: Mapping[str, Any], _: Names) -> str:
    forward = details["by_s"] > 0
    by = span_text(abs(details["by_s"]))
    return f"The clock jumped {'forward' if forward else 'back'} by {by}. No seated second is touched."


def _times(nth: int) -> str:
    return {1: "for the first", 2: "for the second", 3: "for the third"}.get(nth, f"for the {nth}th")


_FILLED_IN: Mapping[str, Callable[[Mapping[str, Any], Names], str]] = {
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
    "stretch_never": _choice("Never again"),
    "stretch_again": _choice("On offer again"),
    "guide_ended": _guide_ended,
    "break_honoured": _honoured,
    "break_cut_short": _cut_short,
    "stuck": _stuck,
    "power_cut": _power_cut,
    "clock_stepped": _stepped,
}
