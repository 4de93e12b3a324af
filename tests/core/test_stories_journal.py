"""A journal that forgets, is stuck or begins anew: the panel says so once, to somebody who sits there to read it."""

from __future__ import annotations

import pytest

from device.words.events import JournalTrouble
from tests.story import PLAIN, Day

SAID = {
    JournalTrouble.IN_MEMORY: "Journal forgets at each start",
    JournalTrouble.UNWRITTEN: "Journal stuck is the card full?",
    JournalTrouble.ANEW: "Journal begun anew the old one was broken",
}


@pytest.mark.parametrize("trouble", JournalTrouble)
def test_it_is_said_when_somebody_sits_for_ten_seconds_and_once_only(trouble: JournalTrouble) -> None:
    day = Day(PLAIN)
    day.journal(trouble)
    day.wait(minutes=5)
    assert "Journal" not in day.text, "nobody is there to read it"
    day.sit(seconds=5)
    assert day.text == SAID[trouble]
    day.wait(seconds=9)
    assert day.text == SAID[trouble]
    day.wait(seconds=1)
    assert day.text.startswith("Seated")
    day.journal(trouble)
    day.rise(minutes=5)
    day.sit(minutes=5)
    assert "Journal" not in day.text
    assert day.snapshot.today.seated_s > 300, "it counts all the same"


def test_one_that_comes_while_somebody_sits_is_said_at_once_and_again_after_it_was_well() -> None:
    day = Day(PLAIN)
    day.sit(minutes=5)
    day.journal(JournalTrouble.UNWRITTEN)
    assert day.text == SAID[JournalTrouble.UNWRITTEN]
    day.journal(None)
    day.wait(minutes=1)
    day.journal(JournalTrouble.UNWRITTEN)
    assert day.text == SAID[JournalTrouble.UNWRITTEN]


def test_one_that_has_passed_before_anybody_sat_is_not_said() -> None:
    day = Day(PLAIN)
    day.journal(JournalTrouble.UNWRITTEN)
    day.journal(None)
    day.sit(minutes=1)
    assert "Journal" not in day.text


def test_a_break_that_is_due_comes_first() -> None:
    day = Day(PLAIN)
    day.sit(hours=2)
    assert day.mode == "due"
    day.journal(JournalTrouble.IN_MEMORY)
    assert "Journal" not in day.text
    day.rise(minutes=3)
    day.sit(seconds=10)
    assert day.text == SAID[JournalTrouble.IN_MEMORY]


def test_a_press_ends_it_and_means_what_it_says() -> None:
    day = Day(PLAIN)
    day.sit(minutes=5)
    day.journal(JournalTrouble.IN_MEMORY)
    day.press()
    assert day.mode == "today"


def test_outside_of_the_hours_it_waits() -> None:
    day = Day(PLAIN)
    day.hours(False)
    day.sit(minutes=5)
    day.journal(JournalTrouble.IN_MEMORY)
    day.wait(minutes=1)
    assert "Journal" not in day.text
    day.hours(True)
    assert day.text == SAID[JournalTrouble.IN_MEMORY]
