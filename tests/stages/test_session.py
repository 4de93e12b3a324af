"""Spans, bouts and the sitting time."""

from __future__ import annotations

import pytest

from device.settings.settings import Limits
from device.stages.session import Milestone, Session

LIMITS = Limits(invite_after_s=3000.0, due_after_s=3600.0)


def test_before_anybody_sat_nothing_is_to_come() -> None:
    session = Session(LIMITS)
    assert session.next_milestone() is None
    assert session.full_break_at is None
    assert session.sitting_s(100.0) == session.bout_s(100.0) == 0


def test_nobody_can_leave_who_does_not_sit() -> None:
    with pytest.raises(AssertionError, match="only who sits"):
        Session(LIMITS).leave(5.0)


def test_seated_time_is_banked_spans_plus_the_running_one() -> None:
    session = Session(LIMITS)
    session.sit(10.0)
    session.leave(110.0)
    assert session.sitting_s(500.0) == session.bout_s(500.0) == 100
    session.sit(130.0)
    assert session.sitting_s(180.0) == session.bout_s(180.0) == 150
    assert session.bout_start == 10.0


def test_a_tenth_and_two_tenths_are_three_tenths() -> None:
    session = Session(LIMITS)
    session.sit(0.0)
    session.leave(0.1)
    session.sit(1.0)
    session.leave(1.2)
    assert session.sitting_s(2.0) == 0.3


def test_seated_the_invite_comes_first_and_due_after_it() -> None:
    session = Session(LIMITS)
    session.sit(100.0)
    assert session.next_milestone() == (3100.0, Milestone.INVITE)
    session.invited_at = 3100.0
    assert session.next_milestone() == (3700.0, Milestone.DUE)
    session.due_at = 3700.0
    assert session.next_milestone() is None


def test_once_due_an_invite_comes_no_more() -> None:
    session = Session(LIMITS)
    session.sit(0.0)
    session.due_at = 100.0
    assert session.next_milestone() is None


@pytest.mark.parametrize("invite_after_s", [3600.0, 4000.0])
def test_an_invite_no_earlier_than_due_is_none(invite_after_s: float) -> None:
    session = Session(Limits(invite_after_s=invite_after_s, due_after_s=3600.0))
    session.sit(0.0)
    assert session.next_milestone() == (3600.0, Milestone.DUE)


def test_away_the_bout_ends_first_and_the_full_break_comes_after_it() -> None:
    session = Session(LIMITS)
    session.sit(0.0)
    session.leave(1000.0)
    assert session.next_milestone() == (1060.0, Milestone.BREAK)
    session.end_bout()
    assert session.next_milestone() == (1120.0, Milestone.FULL_BREAK)
    session.start_afresh()
    assert session.next_milestone() is None
    assert session.rested
    assert session.full_break_at == 1120.0


def test_a_break_as_long_as_a_full_one_ends_the_bout_first() -> None:
    session = Session(Limits(break_after_s=60.0, full_break_s=60.0))
    session.sit(0.0)
    session.leave(1000.0)
    assert session.next_milestone() == (1060.0, Milestone.BREAK)


def test_a_full_break_forgets_what_was_owed_and_a_sit_that_it_was_rested() -> None:
    session = Session(LIMITS)
    session.sit(0.0)
    session.invited_at, session.due_at = 3000.0, 3600.0
    session.leave(4000.0)
    session.start_afresh()
    assert session.due_at is session.invited_at is None
    session.sit(5000.0)
    assert not session.rested
    assert session.left_at is None
    assert session.sitting_s(5010.0) == 10


def test_a_new_bout_begins_where_it_was_sat_down_after_a_break() -> None:
    session = Session(LIMITS)
    session.sit(0.0)
    session.leave(100.0)
    session.end_bout()
    session.sit(170.0)
    assert session.bout_start == 170.0
    assert session.bout_s(180.0) == 10
    assert session.sitting_s(180.0) == 110
