"""What a fact has to have with it, and what none can have."""

from __future__ import annotations

import pytest

from device.words.effects import Fact
from device.words.fact_form import LAST_S, well_formed

GOOD = [
    Fact(1.0, 5.0, "sat"),
    Fact(1.0, 1.0, "bout", {"start": 0.0, "seated_s": 1.0}),
    Fact(1.0, 1.0, "resumed", {"cut_at": 0.5, "seated_till": None}),
    Fact(1.0, 1.0, "resumed", {"cut_at": 0.5, "seated_till": 0.5}),
    Fact(1.0, 1.0, "muted", {"until": 3601.0}),
    Fact(1.0, 1.0, "stuck", {"what": "button"}),
    Fact(9.0, 9.0, "stuck", {"what": "seat", "since": 1.0}),
    Fact(1.0, 1.0, "clock_stepped", {"by_s": -90_000.0}),
    Fact(1.0, 1.0, "of_tomorrow", {"whatever": "ä", "there": None, "is": True}),
]
BAD = [
    Fact(-1.0, 1.0, "sat"),
    Fact(5.0, 1.0, "sat"),
    Fact(float("nan"), 1.0, "sat"),
    Fact(LAST_S + 1, LAST_S + 1, "sat"),
    Fact(1.0, 1.0, "s\nat"),
    Fact(1.0, 1.0, "sat", {"since": [1.0]}),
    Fact(1.0, 1.0, "sat", {"since": float("inf")}),
    Fact(1.0, 1.0, "sat", {"since": 10**400}),
    Fact(1.0, 1.0, "sat", ["since"]),  # type: ignore[arg-type]  # as a file may have it
    Fact(1.0, 1.0, "bout", {"start": 0.0}),
    Fact(1.0, 1.0, "bout", {"start": 2.0, "seated_s": 1.0}),
    Fact(1.0, 1.0, "bout", {"start": True, "seated_s": 1.0}),
    Fact(1.0, 1.0, "sound", {"cue": "reminder", "nth": 1.5}),
    Fact(1.0, 1.0, "sound", {"cue": "reminder", "nth": -1}),
    Fact(1.0, 1.0, "resumed", {"cut_at": 2.0, "seated_till": None}),
    Fact(1.0, 1.0, "resumed", {"cut_at": 0.5, "seated_till": 0.6}),
    Fact(1.0, 1.0, "muted", {"until": 0.5}),
    Fact(1.0, 1.0, "muted", {"until": 90_000.0}),
    Fact(1.0, 1.0, "power_cut", {"off_s": 1.0, "counts": 1, "new_day": False}),
    Fact(1.0, 1.0, "stretch_done", {"stretch": "\ud800", "side": "both"}),
    Fact(9.0, 9.0, "stuck", {"what": "seat"}),
    Fact(9.0, 9.0, "stuck", {"what": "seat", "since": 10.0}),
]


@pytest.mark.parametrize("fact", GOOD, ids=lambda fact: f"{fact.fact} {dict(fact.details)}")
def test_a_fact_with_all_that_one_of_its_name_has_is_well_formed(fact: Fact) -> None:
    assert well_formed(fact)


@pytest.mark.parametrize("nth", range(len(BAD)))
def test_what_lacks_something_or_is_absurd_is_not(nth: int) -> None:
    assert not well_formed(BAD[nth])
