"""From contacts that bounce to gestures."""

from __future__ import annotations

from device.settings.settings import Press
from device.stages.button import Finger, Gesture

PRESS = Press(hold_s=1.0, rearm_s=0.025, stuck_s=10.0)


def armed() -> Finger:
    """A finger whose first level, up, has been reported."""
    finger = Finger(PRESS)
    assert finger.report(0.0, False) is None
    return finger


def test_armed_and_up_there_is_nothing_to_wait_for() -> None:
    assert armed().next_deadline() is None


def test_the_first_contact_is_felt_at_once() -> None:
    finger = armed()
    assert finger.report(5.0, True) is Gesture.DOWN
    assert finger.felt


def test_let_go_before_the_hold_it_is_a_press_once_it_has_been_up_long_enough() -> None:
    finger = armed()
    finger.report(5.0, True)
    assert finger.next_deadline() == 6.0
    assert finger.report(5.9, False) is None
    assert finger.next_deadline() == 5.925
    assert finger.settle() is Gesture.PRESS
    assert not finger.felt


def test_down_for_long_enough_it_is_a_hold_and_letting_go_is_just_that() -> None:
    finger = armed()
    finger.report(5.0, True)
    assert finger.settle() is Gesture.HOLD
    assert not finger.felt
    finger.report(7.0, False)
    assert finger.next_deadline() == 7.025
    assert finger.settle() is Gesture.UP


def test_the_same_level_again_moves_no_deadline() -> None:
    finger = armed()
    finger.report(5.0, True)
    finger.report(5.1, False)
    finger.report(5.12, False)
    assert finger.next_deadline() == 5.125


def test_a_bounce_is_no_new_contact() -> None:
    finger = armed()
    finger.report(5.0, True)
    finger.report(5.01, False)
    assert finger.report(5.02, True) is None
    assert finger.next_deadline() == 6.0


def test_a_bounce_told_after_its_release_was_settled_is_no_new_press() -> None:
    finger = armed()
    finger.report(5.0, True)
    finger.report(5.2, False)
    assert finger.settle() is Gesture.PRESS
    assert finger.report(5.201, True) is None
    assert not finger.felt
    finger.report(5.202, False)
    assert finger.settle() is Gesture.UP
    assert finger.report(5.227, True) is Gesture.DOWN


def test_held_for_too_long_it_is_stuck_once_until_it_is_up() -> None:
    finger = armed()
    finger.report(5.0, True)
    finger.settle()
    assert finger.settle() is Gesture.LONG_HOLD
    assert finger.next_deadline() == 15.0
    assert finger.settle() is Gesture.STUCK
    assert finger.stuck
    assert finger.next_deadline() is None
    finger.report(60.0, False)
    assert finger.settle() is Gesture.UP
    assert not finger.stuck
    assert finger.report(61.0, True) is Gesture.DOWN


def test_held_down_at_the_start_it_is_no_press_but_may_be_stuck() -> None:
    finger = Finger(PRESS)
    assert finger.report(0.0, True) is None
    assert not finger.felt
    assert finger.next_deadline() == 10.0
    finger.report(3.0, False)
    assert finger.settle() is Gesture.UP
    assert finger.report(4.0, True) is Gesture.DOWN


def test_held_on_after_the_hold_it_is_a_long_one_said_once() -> None:
    finger = armed()
    finger.report(5.0, True)
    assert finger.settle() is Gesture.HOLD
    assert finger.holds_on
    assert finger.next_deadline() == 8.0
    assert finger.settle() is Gesture.LONG_HOLD
    assert not finger.holds_on
    assert finger.next_deadline() == 15.0
    assert finger.settle() is Gesture.STUCK


def test_let_go_after_the_hold_it_is_no_long_one() -> None:
    finger = armed()
    finger.report(5.0, True)
    finger.settle()
    finger.report(7.9, False)
    assert finger.settle() is Gesture.UP
    assert not finger.holds_on
    assert finger.next_deadline() is None


def test_held_down_at_the_start_it_is_no_long_one() -> None:
    finger = Finger(PRESS)
    finger.report(0.0, True)
    assert finger.next_deadline() == 10.0
    assert not finger.holds_on
