"""Facts to files and back: nothing is lost, and what can't be a fact is none."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.words.fact_codec import (
    NoFactError,
    details_as_json,
    details_of,
    fact_from_json,
    facts_among,
    read_fact,
)
from device.words.fact_form import LAST_S
from device.words.facts import (
    KINDS,
    Away,
    Bout,
    BreakCutShort,
    BreakHonoured,
    ClockStepped,
    Fact,
    FellDue,
    GuideEnded,
    GuideStarted,
    InMeeting,
    Invited,
    MeetingOff,
    Muted,
    OfficeAnswered,
    OfficeAsked,
    OfficeOffered,
    OtherFact,
    PersonChosen,
    PlanChanged,
    PowerCut,
    Resumed,
    SeatBack,
    SeatDoubted,
    SeatDrifted,
    Snoozed,
    Sounded,
    StretchAgain,
    StretchDone,
    StretchNever,
    StretchShown,
    StretchStarted,
    Stuck,
    TopicChosen,
    names_of,
)

DAY_S = 86_400.0

# ---- there and back

texts = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=30)
spans = st.floats(0, LAST_S)
counts = st.integers(0, 10**6)
plain = st.one_of(texts, st.none(), st.booleans(), st.floats(-1e15, 1e15), st.integers(-(10**15), 10**15))

Details = Mapping[str, st.SearchStrategy[Any]]


def upto(most: float) -> st.SearchStrategy[float]:
    return st.floats(0, most)


SITTING = {"sitting_s": st.one_of(st.none(), spans)}
MOVED = {"stretch": texts, "side": texts}
DETAILS: Mapping[type[Fact], Callable[[float, float], Details]] = {
    Bout: lambda t, _: {"start": upto(t), "seated_s": spans},
    Invited: lambda _, __: SITTING,
    FellDue: lambda _, __: SITTING,
    Sounded: lambda _, __: {"cue": texts, "nth": counts},
    Snoozed: lambda _, said: {"until": st.floats(said, min(LAST_S, said + DAY_S)), "nth": counts},
    Muted: lambda _, said: {"until": st.floats(said, min(LAST_S, said + DAY_S))},
    InMeeting: lambda _, __: {"until": spans, "began": texts},
    MeetingOff: lambda _, __: {"began": texts},
    PlanChanged: lambda _, __: {"plan": texts},
    BreakHonoured: lambda _, __: {"after": texts, "rose_after_s": st.one_of(st.none(), spans)},
    BreakCutShort: lambda _, __: {"after": texts},
    GuideStarted: lambda _, __: {"asked": st.booleans()},
    StretchStarted: lambda _, __: MOVED,
    StretchDone: lambda _, __: MOVED,
    StretchShown: lambda _, __: MOVED,
    GuideEnded: lambda _, __: {"how": texts},
    TopicChosen: lambda _, __: {"what": texts, "value": texts},
    PersonChosen: lambda _, __: {"person": texts, "before": texts},
    StretchNever: lambda _, __: {"stretch": texts},
    StretchAgain: lambda _, __: {"stretch": texts},
    Away: lambda _, __: {"until": st.one_of(st.just(""), st.dates().map(str))},
    OfficeOffered: lambda _, __: {**dict.fromkeys(("offer", "preset", "by"), texts), "till": st.dates().map(str)},
    OfficeAsked: lambda _, __: {"offer": texts, "day": st.dates().map(str)},
    OfficeAnswered: lambda _, __: {"offer": texts, "taken": st.booleans()},
    Stuck: lambda t, _: {"what": st.sampled_from(["seat", "button", "another"]), "since": upto(t)},
    Resumed: lambda t, _: {"cut_at": st.just(t), "seated_till": st.one_of(st.none(), upto(t))},
    PowerCut: lambda _, __: {"off_s": spans, "counts": st.booleans(), "new_day": st.booleans()},
    SeatBack: lambda _, __: {"lost_s": spans, "counts": st.booleans()},
    SeatDrifted: lambda _, __: {
        "empty": st.floats(0, 0.4),
        "seated": st.floats(0.5, 1),
        **dict.fromkeys(("from_empty", "from_seated"), st.one_of(st.none(), st.floats(0, 1))),
        "calibrated": texts,
    },
    SeatDoubted: lambda t, _: {"why": texts, "since": upto(t)},
    ClockStepped: lambda _, __: {"by_s": st.floats(-LAST_S, LAST_S)},
}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
@given(data=st.data())
def test_a_fact_of_every_kind_comes_back_from_a_file_as_it_was(kind: type[Fact], data: st.DataObject) -> None:
    t, said = sorted(data.draw(st.tuples(spans, spans)))
    known = {key: data.draw(each) for key, each in DETAILS[kind](t, said).items()} if kind in DETAILS else {}
    more = data.draw(st.dictionaries(texts.filter(lambda key: key not in known), plain, max_size=2))
    fact = kind(t, said, **known, more=tuple(more.items()))
    assert details_of(fact).items() >= more.items()
    assert fact_from_json(t, said, kind.name, details_as_json(fact)) == fact
    assert read_fact(t, said, kind.name, {**known, **more}) == fact


@given(spans, texts.filter(lambda name: name not in KINDS), st.dictionaries(texts, plain, max_size=3))
def test_a_fact_that_another_unsit_wrote_is_carried_on_unharmed(
    t: float, name: str, details: Mapping[str, object]
) -> None:
    fact = fact_from_json(t, t, name, json.dumps(details))
    assert isinstance(fact, OtherFact)
    assert (fact.name, details_of(fact), json.loads(details_as_json(fact))) == (name, details, details)


@given(st.text(), st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_whatever_a_file_says_it_is_a_fact_or_none(name: str, details: object) -> None:
    for called in (name, *KINDS):
        try:
            fact = read_fact(1.0, 2.0, called, details)
        except NoFactError:
            continue
        assert isinstance(details, Mapping)
        assert details_of(fact).items() >= {key: each for key, each in details.items() if each is not None}.items()


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
def test_a_fact_is_frozen_and_has_slots(kind: type[Fact]) -> None:
    fact = kind(1.0, 1.0, *(0 for _ in fields(kind)[3:]))
    assert is_dataclass(fact)
    assert not hasattr(fact, "__dict__")
    with pytest.raises(AttributeError):
        fact.t = 2.0  # type: ignore[misc]


def test_no_two_kinds_have_the_same_name() -> None:
    def kinds(kind: type[Fact]) -> list[type[Fact]]:
        return [each for child in kind.__subclasses__() for each in (child, *kinds(child))]

    # A class that gets slots is made twice.
    named = {each.__name__: each for each in kinds(Fact) if not each.__name__.startswith(("_", "OtherFact"))}
    assert sorted(names_of(*named.values())) == sorted(KINDS)


# ---- what can be a fact, and what can't

GOOD: list[tuple[float, float, str, dict[str, object]]] = [
    (1.0, 5.0, "sat", {}),
    (5.0, 5.0, "sat", {"since": "whenever"}),
    (LAST_S, LAST_S, "sat", {}),
    (1.0, 1.0, "due", {}),
    (1.0, 1.0, "bout", {"start": 0.0, "seated_s": 1.0}),
    (1, 1, "bout", {"start": 1, "seated_s": 1}),
    (1.0, 1.0, "sound", {"cue": "reminder", "nth": 0}),
    (1.0, 1.0, "resumed", {"cut_at": 0.5, "seated_till": None}),
    (1.0, 1.0, "resumed", {"cut_at": 1.0, "seated_till": 1.0}),
    (1.0, 1.0, "muted", {"until": 3601.0}),
    (1.0, 1.0, "muted", {"until": 1.0}),
    (1.0, 2.0, "snoozed", {"until": 86_402.0, "nth": 1}),
    (1.0, 1.0, "stuck", {"what": "button"}),
    (9.0, 9.0, "stuck", {"what": "seat", "since": 9.0}),
    (1.0, 1.0, "break_honoured", {"after": "due", "rose_after_s": None}),
    (1.0, 1.0, "clock_stepped", {"by_s": -90_000.0}),
    (1.0, 1.0, "stretch_never", {"stretch": "x" * 10_000}),
    (1.0, 1.0, "of_tomorrow", {"whatever": "ä", "there": None, "is": True}),
    (1.0, 1.0, "of_tomorrow", {"most": 1e15, "least": -1e15}),
]
BAD: list[tuple[object, object, object, object]] = [
    (-1.0, 1.0, "sat", {}),
    (5.0, 1.0, "sat", {}),
    (None, 1.0, "sat", {}),
    (1.0, "1.0", "sat", {}),
    (True, True, "sat", {}),
    (float("nan"), 1.0, "sat", {}),
    (LAST_S + 1, LAST_S + 1, "sat", {}),
    (1.0, 1.0, "s\nat", {}),
    (1.0, 1.0, "x" * 10_001, {}),
    (1.0, 1.0, None, {}),
    (1.0, 1.0, b"sat", {}),
    (1.0, 1.0, "sat", {"since": [1.0]}),
    (1.0, 1.0, "sat", {"since": float("inf")}),
    (1.0, 1.0, "sat", {"since": 10**400}),
    (1.0, 1.0, "sat", ["since"]),
    (1.0, 1.0, "due", {"sitting_s": "long"}),
    (1.0, 1.0, "due", {"sitting_s": -1.0}),
    (1.0, 1.0, "bout", {"start": 0.0}),
    (1.0, 1.0, "bout", {"seated_s": 1.0}),
    (1.0, 1.0, "bout", {"start": 2.0, "seated_s": 1.0}),
    (1.0, 1.0, "bout", {"start": True, "seated_s": 1.0}),
    (1.0, 1.0, "bout", {"start": None, "seated_s": 1.0}),
    (1.0, 1.0, "sound", {"cue": "reminder", "nth": 1.5}),
    (1.0, 1.0, "sound", {"cue": "reminder", "nth": -1}),
    (1.0, 1.0, "sound", {"cue": "reminder", "nth": True}),
    (1.0, 1.0, "sound", {"cue": 1, "nth": 1}),
    (1.0, 1.0, "guide_started", {"asked": None}),
    (1.0, 1.0, "guide_ended", {}),
    (1.0, 1.0, "chosen", {"what": "language"}),
    (1.0, 1.0, "stretch_never", {"stretch": "x" * 10_001}),
    (1.0, 1.0, "resumed", {"cut_at": 0.5}),
    (1.0, 1.0, "resumed", {"cut_at": 2.0, "seated_till": None}),
    (1.0, 1.0, "resumed", {"cut_at": 0.5, "seated_till": 0.6}),
    (1.0, 1.0, "muted", {"until": 0.5}),
    (1.0, 1.0, "muted", {"until": 90_000.0}),
    (1.0, 2.0, "snoozed", {"until": 1.5, "nth": 1}),
    (1.0, 1.0, "power_cut", {"off_s": 1.0, "counts": 1, "new_day": False}),
    (1.0, 1.0, "power_cut", {"off_s": -1.0, "counts": True, "new_day": False}),
    (1.0, 1.0, "clock_stepped", {"by_s": LAST_S + 1}),
    (1.0, 1.0, "stretch_done", {"stretch": "\ud800", "side": "both"}),
    (1.0, 1.0, "break_honoured", {"after": "due", "rose_after_s": -1.0}),
    (9.0, 9.0, "stuck", {"what": "seat"}),
    (9.0, 9.0, "stuck", {"what": "seat", "since": None}),
    (9.0, 9.0, "stuck", {"what": "seat", "since": 10.0}),
    (1.0, 1.0, "of_tomorrow", {"whatever": {"more": 1}}),
    (1.0, 1.0, "of_tomorrow", {"whatever": 1.1e15}),
]


@pytest.mark.parametrize("told", GOOD, ids=lambda told: f"{told[2]} {told[3]}"[:60])
def test_a_fact_with_all_that_one_of_its_name_has_is_read(told: tuple[float, float, str, dict[str, object]]) -> None:
    t, said, name, details = told
    fact = read_fact(*told)
    kept = {key: each for key, each in details.items() if each is not None or key in ("seated_till", "there")}
    assert (fact.t, fact.said, fact.name, details_of(fact)) == (t, said, name, kept)


@pytest.mark.parametrize("nth", range(len(BAD)))
def test_what_lacks_something_or_is_absurd_is_not(nth: int) -> None:
    with pytest.raises(NoFactError):
        read_fact(*BAD[nth])
    assert facts_among([BAD[nth], GOOD[0]]) == [read_fact(*GOOD[0])]


@pytest.mark.parametrize("text", ["", "{", "[1]", "1", "nonsense", "[" * 100_000, b"\xff", None, 3, '{"a": 1e999}'])
def test_details_that_are_no_json_object_of_plain_values_make_no_fact(text: object) -> None:
    with pytest.raises(NoFactError):
        fact_from_json(1.0, 1.0, "sat", text)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ((5.0, 1.0, "sat", {}), "its instants"),
        ((1.0, 1.0, "bout", {"start": 1.0}), "bout lacks its seated_s"),
        ((1.0, 1.0, "bout", {"start": -1.0, "seated_s": 1.0}), "the start of bout makes no sense"),
        ((1.0, 1.0, "bout", {"start": 2.0, "seated_s": 1.0}), "details of bout contradict each other"),
        ((1.0, 1.0, "\n", {}), "it has no name"),
        ((1.0, 1.0, "sat", None), "sat has no details"),
        ((1.0, 1.0, "sat", {"a": []}), "neither text nor a number"),
    ],
)
def test_it_says_why_something_is_no_fact(told: tuple[Any, Any, Any, Any], why: str) -> None:
    with pytest.raises(NoFactError, match=why):
        read_fact(*told)
