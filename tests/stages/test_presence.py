"""From a twitchy pad to a belief."""

from __future__ import annotations

from device.settings.settings import Settle
from device.stages.presence import Presence

SETTLE = Settle(sit_s=5.0, leave_s=15.0)


def test_at_first_the_chair_is_empty_and_nobody_is_believed_to_sit() -> None:
    presence = Presence(SETTLE, 7.0)
    assert (presence.taken, presence.seated, presence.since) == (False, False, 7.0)
    assert presence.next_deadline() is None


def test_only_a_change_of_level_is_news() -> None:
    presence = Presence(SETTLE, 0.0)
    assert not presence.report(1.0, False)
    assert presence.report(2.0, True)
    assert not presence.report(3.0, True)
    assert presence.since == 2.0


def test_a_level_is_believed_when_its_run_is_long_enough() -> None:
    presence = Presence(SETTLE, 0.0)
    presence.report(2.0, True)
    assert presence.next_deadline() == 7.0
    assert presence.settle() == 2.0
    assert presence.seated
    presence.report(100.0, False)
    assert not presence.settled
    assert presence.next_deadline() == 115.0
    assert presence.settle() == 100.0
    assert not presence.seated


def test_what_agrees_with_belief_again_has_nothing_to_settle() -> None:
    presence = Presence(SETTLE, 0.0)
    presence.report(2.0, True)
    presence.report(3.0, False)
    assert presence.settled
    assert presence.next_deadline() is None
