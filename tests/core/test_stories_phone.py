"""Stories of connecting a phone: the card, its code, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from device.settings.settings import TOPICS, BuzzerSettings, Limits, PageSettings, SeatSettings, Settings
from device.words.effects import BigWords, Card, ClosePairing, Connect, ForgetPhones, OpenPairing
from device.words.events import Order, PairingOpened
from tests.story import PLAIN, Day

HOUSE = replace(PLAIN, page=PageSettings(reach="house"))
NO_INVITE = replace(HOUSE, limits=Limits(invite_after_s=7200.0))


def at_the_desk(settings: Settings = HOUSE, *, minutes: float = 10) -> Day:
    """Somebody sits who has seen the card once."""
    day = Day(settings)
    day.choose("connect_seen")
    day.sit(minutes=minutes)
    return day


def connecting(settings: Settings = HOUSE, *, minutes: float = 10) -> Day:
    """The card is shown, with its code."""
    day = at_the_desk(settings, minutes=minutes)
    day.press()
    day.hold()
    day.have_code()
    assert isinstance(day.screen, Connect)
    return day


# ---- the card


def test_a_hold_on_today_s_card_shows_how_to_connect_a_phone_and_the_card_says_so() -> None:
    day = at_the_desk()
    day.press()
    assert "hold: phone" in day.text
    day.hold()
    assert (day.mode, day.did(OpenPairing)) == ("connecting", 1)
    assert day.text == "One moment the code is coming"
    day.have_code("KLM234")
    assert day.screen == Connect("unsit.local:8016", "KLM234", ("press: close", "hold: forget"))
    assert not day.facts("muted")


def test_without_the_page_in_the_house_that_hold_takes_the_sound_off_as_ever() -> None:
    day = Day()
    day.sit(minutes=10)
    day.press()
    assert "phone" not in day.text
    day.hold()
    assert day.facts("muted")
    assert not day.did(OpenPairing)


def test_in_the_house_a_hold_takes_the_sound_off_while_nothing_is_shown() -> None:
    day = at_the_desk()
    day.hold()
    assert day.facts("muted")
    day.hold()
    assert day.facts("unmuted")


def test_a_phone_can_be_connected_in_a_meeting_without_a_sound() -> None:
    day = at_the_desk()
    day.hold()
    day.press()
    assert "hold: phone" in day.text
    day.hold()
    assert day.mode == "connecting"
    day.hold()
    assert day.did(ForgetPhones) == 1
    assert not day.facts("unmuted")


def test_without_a_buzzer_a_phone_can_be_connected_too() -> None:
    assert connecting(replace(HOUSE, buzzer=BuzzerSettings(kind="none"))).mode == "connecting"


def test_a_press_puts_the_card_away_and_its_code_counts_no_more() -> None:
    day = connecting()
    day.press()
    assert (day.mode, day.did(ClosePairing)) == ("watching", 1)
    assert "KLM234" not in day.text
    assert day.snapshot.code is None
    assert not day.facts("acknowledged")


def test_the_card_goes_away_after_two_minutes() -> None:
    day = at_the_desk()
    day.press()
    day.down()
    day.wait(seconds=1)
    day.up()
    day.have_code()
    day.wait(seconds=119.999)
    assert day.mode == "connecting"
    day.wait(seconds=0.001)
    assert (day.mode, day.did(ClosePairing)) == ("watching", 1)


def test_a_code_that_comes_when_the_card_is_gone_is_never_shown() -> None:
    day = connecting()
    day.press()
    day.have_code("ZZZ999")
    assert day.snapshot.code is None
    day.press()
    day.hold()
    assert day.text == "One moment the code is coming"


def test_a_finger_that_stays_down_shows_the_card_and_forgets_nothing() -> None:
    day = at_the_desk()
    day.press()
    day.down()
    day.wait(seconds=9)
    day.up()
    assert day.mode == "connecting"
    assert not day.did(ForgetPhones)


def test_a_hold_on_the_card_forgets_every_phone_and_says_so() -> None:
    day = connecting()
    day.hold()
    assert (day.mode, day.did(ForgetPhones), day.did(ClosePairing)) == ("watching", 1, 1)
    assert day.text == "Phones forgotten none is connected now"
    day.wait(seconds=10)
    assert "forgotten" not in day.text


def test_phones_are_forgotten_even_where_a_break_fell_due_while_the_finger_was_down() -> None:
    day = connecting(NO_INVITE, minutes=119)
    day.wait_until(7199.5)
    day.down()
    day.wait(seconds=1)
    assert (day.mode, day.did(ForgetPhones)) == ("due", 1)


# ---- what becomes of the code


def test_the_panel_says_which_phone_is_connected() -> None:
    day = connecting()
    day.end_code("Anna's phone")
    assert (day.mode, day.did(ClosePairing)) == ("watching", 1)
    assert day.screen == BigWords(("Phone", "connected"), "Anna's phone")
    day.press()
    assert "Today" in day.text, "a notice never swallows a press"


def test_a_code_that_is_spent_says_how_to_get_a_new_one() -> None:
    day = connecting()
    day.end_code()
    assert isinstance(day.screen, Card)
    assert day.text.startswith("Code used up For a new one: press")
    assert day.mode == "watching"
    day.wait(seconds=10)
    assert "Code" not in day.text


def test_a_phone_that_is_connected_at_the_last_moment_is_named_all_the_same() -> None:
    day = connecting()
    day.press()
    day.end_code("Anna's phone")
    assert day.screen == BigWords(("Phone", "connected"), "Anna's phone")


def test_a_code_that_ends_without_a_card_is_no_news() -> None:
    day = at_the_desk()
    before = day.screen
    day.end_code()
    assert day.screen == before


def test_a_phone_that_is_connected_while_a_break_is_due_covers_nothing() -> None:
    day = at_the_desk(NO_INVITE, minutes=120.2)
    before = day.screen
    day.end_code("Anna's phone")
    assert day.screen == before


# ---- never over a break or a guide


def test_a_break_that_falls_due_takes_the_card_s_place() -> None:
    day = connecting(NO_INVITE, minutes=119)
    day.wait(minutes=1)
    assert (day.mode, day.did(ClosePairing)) == ("due", 1)
    assert day.text.startswith("Time to get up")


def test_a_silent_offer_waits_until_the_card_is_gone() -> None:
    day = connecting(minutes=59)
    day.wait(minutes=1)
    assert day.facts("invite")
    assert day.mode == "connecting"
    day.press()
    assert day.mode == "invited"


def test_a_break_that_falls_due_while_the_finger_is_down_keeps_the_card_away() -> None:
    day = at_the_desk(NO_INVITE, minutes=119)
    day.wait_until(7198.0)
    day.press()
    day.wait_until(7199.5)
    day.down()
    day.wait(seconds=1)
    assert day.mode == "due"
    assert not day.did(OpenPairing)


def test_a_guide_that_begins_while_the_finger_is_down_keeps_the_card_away() -> None:
    day = at_the_desk()
    day.rise(minutes=10)
    day.press()
    day.down()
    day.order(Order.STRETCH)
    day.wait(seconds=1)
    assert day.mode == "guiding"
    assert not day.did(OpenPairing)


def test_a_seat_that_is_lost_puts_the_card_away_and_a_phone_can_be_connected_without_it() -> None:
    day = connecting()
    day.lose_seat()
    assert (day.mode, day.did(ClosePairing)) == ("seat_lost", 1)
    day.press()
    day.hold()
    assert day.mode == "connecting"
    day.press()
    assert day.mode == "seat_lost"


def test_a_break_that_a_power_cut_hid_takes_the_card_s_place_once_that_is_known() -> None:
    day = at_the_desk(NO_INVITE, minutes=121)
    day.cut_power(seconds=20, known=False)
    day.wait(seconds=10)
    day.press()
    day.hold()
    assert day.mode == "connecting"
    day.learn(seconds=20)
    assert (day.mode, day.did(ClosePairing)) == ("due", 1)


def test_a_power_cut_that_hid_nothing_leaves_the_card_where_it_is() -> None:
    day = at_the_desk()
    day.cut_power(seconds=20, known=False)
    day.wait(seconds=10)
    day.press()
    day.hold()
    day.learn(seconds=20)
    assert day.mode == "connecting"


def test_a_power_cut_takes_the_card_and_its_code() -> None:
    day = connecting()
    day.cut_power(seconds=2)
    day.wait(seconds=10)
    assert day.mode == "watching"
    assert day.snapshot.code is None


# ---- once by itself


def test_at_the_first_start_the_card_comes_once_after_the_questions_and_the_safety_cards() -> None:
    day = Day(HOUSE, safety_s=8.0, asks=list(TOPICS))
    day.hold()
    day.press()
    assert day.mode == "starting"
    assert not day.did(OpenPairing)
    day.read_safety()
    assert (day.mode, day.did(OpenPairing)) == ("connecting", 1)
    assert len(day.facts("connect_seen")) == 1
    day.press()
    day.sit(minutes=10)
    day.rise(hours=5)
    day.sit(minutes=10)
    day.cut_power(hours=1)
    day.sit(minutes=10)
    assert day.did(OpenPairing) == 1


def test_where_the_safety_cards_were_read_long_ago_it_comes_when_somebody_sits_down() -> None:
    day = Day(HOUSE)
    day.wait(hours=1)
    assert not day.did(OpenPairing), "nobody would see it"
    day.sit(seconds=5)
    assert (day.mode, day.did(OpenPairing)) == ("connecting", 1)
    day.wait(minutes=2)
    assert day.mode == "watching"
    assert day.did(OpenPairing) == 1


def test_it_comes_after_the_questions_where_the_seat_waits_to_be_calibrated() -> None:
    day = Day(replace(HOUSE, seat=SeatSettings("ads1115")), asks=list(TOPICS))
    day.hold()
    assert not day.did(OpenPairing)
    day.press()
    assert day.mode == "connecting"
    day.press()
    assert day.mode == "uncalibrated"


def test_it_never_comes_by_itself_where_the_page_is_for_this_computer() -> None:
    day = Day(safety_s=8.0, asks=list(TOPICS))
    day.hold()
    day.press()
    day.read_safety()
    day.sit(minutes=10)
    assert not day.did(OpenPairing)


def test_where_the_page_comes_to_the_house_while_a_break_is_due_it_comes_after_the_break() -> None:
    day = Day()
    day.sit(minutes=121)
    day._start = replace(day._start, settings=replace(day._start.settings, page=HOUSE.page))
    day.cut_power(seconds=20, taken=True)
    day.wait(minutes=1)
    assert day.mode == "due"
    assert not day.did(OpenPairing)
    day.rise(hours=1)
    day.sit(minutes=1)
    assert (day.mode, day.did(OpenPairing)) == ("connecting", 1)


def test_who_has_asked_for_it_is_not_shown_it_again() -> None:
    day = Day(HOUSE)
    day.press()
    day.hold()
    assert day.facts("connect_seen")
    day.press()
    day.sit(minutes=10)
    assert day.did(OpenPairing) == 1


# ---- nobody else learns the code


@pytest.mark.parametrize("sees", [lambda day: day.screen, lambda day: day.snapshot, lambda day: day.told])
def test_no_text_of_what_is_shown_or_known_has_the_code(sees: object) -> None:
    day = connecting()
    assert callable(sees)
    assert "KLM234" not in repr(sees(day))
    assert "KLM234" not in repr(day.coach._state)
    assert "KLM234" not in repr(PairingOpened(0.0, "unsit.local:8016", "KLM234"))


# ---- the device's own Wi-Fi

WIFI = Connect("unsit7", "kmpq2345", ("your phone", "joins it"), is_wifi=True)


def test_the_device_s_own_wifi_is_shown_as_soon_as_it_is_open_and_no_longer_than_it_is() -> None:
    day = Day(HOUSE)
    day.choose("connect_seen")
    day.open_wifi()
    assert day.screen == WIFI
    day.have_code()
    assert day.screen == WIFI
    day.open_wifi("")
    assert day.mode == "watching"


def test_it_is_put_away_by_a_press_and_is_back_for_whoever_sits_down_while_it_is_open() -> None:
    day = Day()
    day.open_wifi()
    day.press()
    assert day.mode == "watching"
    day.open_wifi()
    assert day.mode == "watching"
    day.sit(minutes=0.5)
    assert day.screen == WIFI
    day.rise(minutes=15)
    assert day.mode == "watching"
    day.open_wifi("")
    day.sit(minutes=0.5)
    assert day.mode == "watching"


def test_it_waits_while_something_else_is_to_be_said() -> None:
    day = Day(NO_INVITE)
    day.choose("connect_seen")
    day.sit(minutes=125)
    assert day.mode == "due"
    day.open_wifi()
    day.open_wifi("")
    assert day.mode == "due"


def test_the_page_s_card_is_still_shown_once_when_there_is_a_network() -> None:
    day = Day(HOUSE)
    day.open_wifi()
    day.open_wifi("")
    day.sit(minutes=0.5)
    day.have_code()
    assert isinstance(day.screen, Connect)
    assert not day.screen.is_wifi
