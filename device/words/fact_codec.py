"""Turns facts into what files hold, and back, with all checks. Nothing else does this."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields
from functools import cache
from typing import Any, get_type_hints

from device.words.fact_form import Plain, is_instant, is_plain, is_text
from device.words.facts import KINDS, Fact, OtherFact


class NoFactError(ValueError):
    """A file says something that can't be a fact."""


def read_fact(t: Any, said: Any, name: Any, details: Any) -> Fact:
    """The fact from values of any kind, whole or not at all. Raises NoFactError."""
    if not (is_instant(t) and is_instant(said) and t <= said):
        raise NoFactError("its instants make no sense")
    if not is_text(name):
        raise NoFactError("it has no name")
    if not isinstance(details, Mapping):
        raise NoFactError(f"{name} has no details")
    kind = KINDS.get(name)
    if kind is None:
        return OtherFact(t, said, name, dict(_plain(details)))
    fact = kind(t, said, **_known(name, details), more=_plain(details, leave_out=_details(name)))
    if not fact.agrees():
        raise NoFactError(f"the details of {name} contradict each other")
    return fact


def fact_from_json(t: Any, said: Any, name: Any, details: Any) -> Fact:
    """The fact whose details are a JSON object as text. Raises NoFactError."""
    if details == "{}":
        return read_fact(t, said, name, {})
    try:
        read = json.loads(details)
    except (ValueError, TypeError, RecursionError) as error:
        raise NoFactError(f"the details are no JSON: {error}") from error
    return read_fact(t, said, name, read)


def facts_among(told: Iterable[tuple[Any, Any, Any, Any]]) -> list[Fact]:
    """The facts from their instants, names and details. It leaves out what can't be a fact."""
    facts = []
    for each in told:
        try:
            facts.append(read_fact(*each))
        except NoFactError:
            continue
    return facts


def details_of(fact: Fact) -> dict[str, Plain]:
    """The details as in a file. It leaves out a detail that is None because a file lacked it."""
    if isinstance(fact, OtherFact):
        return dict(fact.details)
    known = {
        key: getattr(fact, key) for key, detail in _details(fact.name).items() if getattr(fact, key) != detail.default
    }
    return {**known, **dict(fact.more)}


def details_as_json(fact: Fact) -> str:
    """The details as the text of a JSON object."""
    return json.dumps(details_of(fact), ensure_ascii=False)


class _Detail:
    """What a kind of fact says about one of its details."""

    __slots__ = ("default", "fits")

    def __init__(self, fits: Callable[[Any], bool], default: Any) -> None:
        """`default` is MISSING for a detail that has to be there."""
        self.fits = fits
        self.default = default


@cache
def _details(name: str) -> Mapping[str, _Detail]:
    kind = KINDS[name]
    hints = get_type_hints(kind, include_extras=True)
    return {
        each.name: _Detail(hints[each.name].__metadata__[0], each.default)
        for each in fields(kind)
        if each.name not in ("t", "said", "more")
    }


def _known(name: str, details: Mapping[str, Any]) -> dict[str, Any]:
    known = {}
    for key, detail in _details(name).items():
        value = details.get(key, detail.default)
        if value is MISSING:
            raise NoFactError(f"{name} lacks its {key}")
        if not detail.fits(value):
            raise NoFactError(f"the {key} of {name} makes no sense")
        known[key] = value
    return known


def _plain(details: Mapping[str, Any], leave_out: Mapping[str, Any] | None = None) -> tuple[tuple[str, Plain], ...]:
    """The details that aren't in `leave_out`, as a tuple. Raises NoFactError unless each is plain."""
    rest = [(key, value) for key, value in details.items() if not leave_out or key not in leave_out]
    if not all(is_plain(value) for _, value in rest):
        raise NoFactError("it has a detail that is neither text nor a number")
    return tuple(rest)
