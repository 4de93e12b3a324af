"""What the person has chosen at the device. A choice lasts until the person makes a new one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

from device.files.alphabet import LETTERS
from device.settings.settings import LONGEST_NAME, TOPICS
from device.settings.settings_file import PRESETS_S
from device.words.facts import (
    CHOICES,
    FARTHEST,
    Away,
    Choice,
    ConnectSeen,
    Fact,
    OfficeAnswered,
    OfficeAsked,
    OfficeOffered,
    PersonChosen,
    SafetySeen,
    StretchAgain,
    StretchNever,
    TopicChosen,
    date_of,
)

_OF_STRETCHES: Mapping[str, type[StretchNever] | type[StretchAgain]] = {
    kind.name: kind for kind in (StretchNever, StretchAgain)
}
_SEEN: Mapping[str, type[SafetySeen] | type[ConnectSeen]] = {kind.name: kind for kind in (SafetySeen, ConnectSeen)}
_ID = "[A-Za-z0-9_-]{1,40}"
_NAME_OF_ONE = f"[{re.escape(''.join(sorted(LETTERS)))}]"
_OFFER = re.compile(f"({_ID}) ([a-z-]{{1,30}}) ([0-9-]{{10}}) ({_NAME_OF_ONE}{{1,{LONGEST_NAME}}})")
_ASKED = re.compile(f"({_ID}) ([0-9-]{{10}})")
TAKEN, DECLINED = "taken", "declined"
"""How somebody answers what the office suggests."""
_ANSWER = re.compile(f"({_ID}) ({TAKEN}|{DECLINED})")


def _is_offer(text: str) -> bool:
    match = _OFFER.fullmatch(text)
    if match is None or match[4] != match[4].strip():
        # Blanks around the name would be lost in a row of a day file.
        return False
    return match[2] in PRESETS_S and date_of(match[3]) is not None


def _is_asked(text: str) -> bool:
    match = _ASKED.fullmatch(text)
    return match is not None and date_of(match[2]) is not None


_FORMS: Mapping[str, Callable[[str], object]] = {
    **dict.fromkeys(_SEEN, re.compile("").fullmatch),
    **dict.fromkeys(_OF_STRETCHES, re.compile("[a-z0-9_]{1,60}").fullmatch),
    "language": re.compile("[a-z]{2}").fullmatch,
    "conditions": re.compile("[a-z, ]{0,200}").fullmatch,
    Away.name: lambda text: not text or date_of(text),
    PersonChosen.name: re.compile(f"{_NAME_OF_ONE}{{0,{LONGEST_NAME}}}").fullmatch,
    OfficeOffered.name: _is_offer,
    OfficeAsked.name: _is_asked,
    OfficeAnswered.name: _ANSWER.fullmatch,
}
"""Whether a text is a value of that choice."""


def choice(at: float, name: str, value: str = "") -> Choice:
    """Return the fact of a choice.

    The names are `safety_seen`, `connect_seen`, `stretch_never` and `stretch_again` (value: id of the stretch),
    `language` (value: its two letters), `conditions` (value: the conditions, separated by commas), `person` (value:
    the name), `away` (value: the date until which, empty for being back), and what the office suggests:
    `office_offer` (value: id, preset, last day and who), `office_asked` (id and day), `office_answer` (id and `taken`
    or `declined`).
    """
    if name in _OF_OFFICE:
        return _OF_OFFICE[name](at, value)
    if name == PersonChosen.name:
        return PersonChosen(at, at, value, "")
    if name in TOPICS:
        return TopicChosen(at, at, name, value)
    if name == Away.name:
        return Away(at, at, value)
    return _OF_STRETCHES[name](at, at, value) if name in _OF_STRETCHES else _SEEN[name](at, at)


def _offered(at: float, value: str) -> OfficeOffered:
    offer, preset, till, by = value.split(" ", 3)
    return OfficeOffered(at, at, offer, preset, by, till)


def _asked(at: float, value: str) -> OfficeAsked:
    return OfficeAsked(at, at, *value.split(" "))


def _answered(at: float, value: str) -> OfficeAnswered:
    offer, answer = value.split(" ")
    return OfficeAnswered(at, at, offer, answer == TAKEN)


_OF_OFFICE: Mapping[str, Callable[[float, str], Choice]] = {
    OfficeOffered.name: _offered,
    OfficeAsked.name: _asked,
    OfficeAnswered.name: _answered,
}


def name_and_value(fact: Choice) -> tuple[str, str]:
    """The name and value of a choice: the opposite of `choice`."""
    match fact:
        case TopicChosen(what=what, value=value):
            return what, value
        case PersonChosen(person=person):
            return fact.name, person
        case StretchNever(stretch=stretch) | StretchAgain(stretch=stretch):
            return fact.name, stretch
        case Away(until=until):
            return fact.name, until
        case OfficeOffered(offer=offer, preset=preset, till=till, by=by):
            return fact.name, f"{offer} {preset} {till} {by}"
        case OfficeAsked(offer=offer, day=day):
            return fact.name, f"{offer} {day}"
        case OfficeAnswered(offer=offer, taken=taken):
            return fact.name, f"{offer} {TAKEN if taken else DECLINED}"
    return fact.name, ""


def choice_of(text: str, at: float = 0.0) -> Choice:
    """The fact from its text in a recorded day: name and value with a space between. Raises ValueError."""
    name, _, value = text.partition(" ")
    if not is_choice(name, value):
        raise ValueError(f"must be {', '.join(_FORMS)}, and what goes with it, such as stretch_never march")
    return choice(at, name, value)


def is_choice(name: str, value: str) -> bool:
    """Whether there is a choice of that name with that value, as far as its form says."""
    fits = _FORMS.get(name)
    return fits is not None and bool(fits(value))


def text_of(fact: Choice) -> str:
    """The text of a choice in a recorded day: the opposite of `choice_of`."""
    return " ".join(name_and_value(fact)).strip()


def key_of(fact: Choice) -> str:
    """The key of a choice. A later choice with the same key replaces it."""
    match fact:
        case TopicChosen(what=what):
            return what
        case StretchNever(stretch=stretch) | StretchAgain(stretch=stretch):
            return f"stretch {stretch}"
        case OfficeAnswered(offer=offer):
            # None is asked about again, however old it is.
            return f"{fact.name} {offer}"
    return fact.name


def choices_among(facts: Iterable[Fact]) -> list[Choice]:
    """The facts that are choices, in the same order."""
    return [fact for fact in facts if isinstance(fact, CHOICES)]


def latest(facts: Iterable[Fact]) -> list[Choice]:
    """The latest fact for each choice."""
    return list({key_of(fact): fact for fact in choices_among(facts)}.values())


class Choices:
    """All choices that are in force."""

    def __init__(self) -> None:
        self._last: dict[str, Choice] = {}

    def take(self, fact: Choice) -> None:
        """Take in a choice."""
        self._last[key_of(fact)] = fact

    def are_as(self, fact: Choice) -> bool:
        """Whether the fact would change nothing."""
        last = self._last.get(key_of(fact))
        if last is None:
            return isinstance(fact, StretchAgain) or (isinstance(fact, Away) and not fact.until)
        return name_and_value(last) == name_and_value(fact)

    @property
    def safety_seen(self) -> bool:
        """Whether the stop-if-it-hurts card has been put away."""
        return SafetySeen.name in self._last

    @property
    def connect_seen(self) -> bool:
        """Whether the panel has shown how to connect a phone."""
        return ConnectSeen.name in self._last

    @property
    def left_out(self) -> tuple[str, ...]:
        """The ids of the stretches that the person has left out."""
        return tuple(fact.stretch for fact in self._last.values() if isinstance(fact, StretchNever))

    @property
    def conditions(self) -> tuple[str, ...]:
        """The chosen conditions; empty if the person hasn't chosen yet."""
        return tuple(each for each in (self.value("conditions") or "").split(", ") if each)

    def back_on(self, today: date) -> date | None:
        """The day on which somebody is back who is away today; None if nobody is."""
        fact = self._last.get(Away.name)
        day = fact.back_on if isinstance(fact, Away) else None
        return day if day is not None and timedelta(0) < day - today <= FARTHEST else None

    def offered(self, today: date) -> OfficeOffered | None:
        """The preset that the office suggests, if it may still be taken and nobody has answered yet."""
        fact = self._last.get(OfficeOffered.name)
        if not isinstance(fact, OfficeOffered) or self.has_answered(fact.offer) or fact.preset not in PRESETS_S:
            return None
        till = date_of(fact.till)
        return fact if till is not None and timedelta(0) <= till - today <= FARTHEST else None

    def has_answered(self, offer: str) -> bool:
        """Whether somebody has taken or declined what the office suggested by that id."""
        return f"{OfficeAnswered.name} {offer}" in self._last

    def was_asked(self, today: date) -> bool:
        """Whether the panel has asked today about something that the office suggests."""
        fact = self._last.get(OfficeAsked.name)
        return isinstance(fact, OfficeAsked) and fact.day == today.isoformat()

    @property
    def person(self) -> str:
        """Whose the next sitting is; empty for nobody named."""
        fact = self._last.get(PersonChosen.name)
        return fact.person if isinstance(fact, PersonChosen) else ""

    def value(self, topic: str) -> str | None:
        """The answer on a topic that the device asks about; None without an answer."""
        fact = self._last.get(topic)
        return fact.value if isinstance(fact, TopicChosen) else None
