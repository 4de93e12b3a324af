"""How a desk stands, as texts for a broker."""

from __future__ import annotations

from typing import Any

from device.topics.names import STATES
from device.topics.states import NONE, States

SETTINGS = ['limits.preset="hourly"', 'reminders.mute="1h"', "plan=[]"]
SEATED = {
    "kind": "standing",
    "mode": "watching",
    "seated": True,
    "due": False,
    "seat": None,
    "sits_since": 1000.0,
    "sitting_s": None,
    "today_since": 400.0,
    "today_s": None,
    "due_after_s": 3600.0,
    "muted_until": None,
    "enough": False,
}
AWAY = {**SEATED, "seated": False, "sits_since": None, "sitting_s": 130.0, "today_since": None, "today_s": 725.0}
NINE = "2026-03-02T09:00:00+01:00"


def time(at: float = 1090.0, reads: str | None = NINE, speed: float = 1.0) -> dict[str, Any]:
    return {"kind": "time", "at": at, "speed": speed, "reads": reads, "right": True}


def states(*messages: dict[str, Any], now: float = 50.0) -> States:
    """As of `now` by this process's clock, when the device's reads 1090 and nine o'clock."""
    it = States()
    told: tuple[dict[str, Any], ...] = (
        {"kind": "device", "version": "1.2", "settings": SETTINGS},
        {"kind": "health", "panel": "ok"},
        time(),
    )
    for message in (*told, SEATED, *messages):
        it.hear(message, now)
    return it


def test_all_states_are_said_with_plain_texts() -> None:
    told = states().texts(50.0)
    assert list(told) == list(STATES)
    assert told == {
        "seated": "ON",
        "due": "OFF",
        "muted": "OFF",
        "mode": "watching",
        "sitting_since": "2026-03-02T08:58:30+01:00",
        "sitting": "1",
        "today": "11",
        "muted_until": NONE,
        "seat": "ok",
        "panel": "ok",
        "version": "1.2",
        "preset": "hourly",
        "due_after": "60",
    }


def test_before_all_is_told_nothing_is_known() -> None:
    it = States()
    assert not it.are_known
    assert it.next_minute_at(0.0) is None
    it.hear({"kind": "screen", "says": []}, 1.0)
    it.hear(time(), 1.0)
    assert not it.are_known


def test_while_somebody_sits_only_the_minutes_change_once_a_minute() -> None:
    it = states()
    now, before = 50.0, it.texts(50.0)
    for minute in range(2, 300):
        at = it.next_minute_at(now)
        assert at == 80.0 + (minute - 2) * 60.0
        now, told = at, it.texts(at)
        assert told["sitting"] == str(minute)
        assert {name for name in told if told[name] != before[name]} == {"sitting", "today"}
        before = told


def test_at_speed_the_minutes_are_short_and_on_a_clock_that_stands_none_ends() -> None:
    it = states(time(at=1119.0))
    assert it.next_minute_at(50.0) == 51.0
    it.hear(time(at=1120.0, speed=60.0), 60.0)
    assert it.next_minute_at(60.0) == 61.0
    assert it.next_minute_at(60.5) == 61.0
    it.hear(time(at=1120.0, speed=0.0), 60.0)
    assert it.next_minute_at(60.0) is None


def test_off_the_chair_nothing_moves_by_itself() -> None:
    it = states(AWAY)
    assert it.next_minute_at(50.0) is None
    told = it.texts(50.0)
    assert (told["sitting"], told["today"], told["sitting_since"]) == ("2", "12", NONE)
    assert it.texts(5000.0) == told


def test_todays_minutes_never_fall_within_a_day() -> None:
    it = states()
    assert it.texts(50.0)["today"] == "11"
    it.hear({**AWAY, "today_s": 650.0}, 51.0)
    assert it.texts(51.0)["today"] == "11"
    it.hear({**AWAY, "today_s": 0.0}, 52.0)
    it.hear(time(reads="2026-03-03T00:00:01+01:00"), 52.0)
    assert it.texts(52.0)["today"] == "0"


def test_after_midnight_nobody_hears_yesterdays_minutes_again() -> None:
    it = states(time(reads="2026-03-02T23:59:30+01:00"))
    assert it.texts(50.0)["today"] == "11"
    assert it.texts(81.0)["today"] == "0"
    it.hear({**SEATED, "today_since": 1120.0}, 82.0)
    assert it.texts(200.0)["today"] == "2"


def test_a_clock_that_is_not_right_takes_nothing_from_todays_minutes() -> None:
    it = states({**time(reads="2026-03-02T00:01:00+01:00"), "right": False})
    assert it.texts(50.0)["today"] == "11"


def test_todays_minutes_dont_fall_when_the_device_was_gone_in_between() -> None:
    it = states()
    assert it.texts(50.0)["today"] == "11"
    it.forget()
    assert not it.are_known
    for message in ({"kind": "device", "version": "1.2", "settings": SETTINGS}, {"kind": "health", "panel": "ok"}):
        it.hear(message, 60.0)
    it.hear(time(), 60.0)
    it.hear({**AWAY, "today_s": 599.0}, 60.0)
    assert it.texts(60.0)["today"] == "11"
    it.hear({"kind": "afresh"}, 70.0)
    for message in ({"kind": "device", "version": "1.2", "settings": SETTINGS}, {"kind": "health", "panel": "ok"}):
        it.hear(message, 70.0)
    it.hear(time(), 70.0)
    it.hear({**AWAY, "today_s": 60.0}, 70.0)
    assert it.texts(70.0)["today"] == "1"


def test_without_a_clock_todays_minutes_are_what_the_device_says() -> None:
    it = states(time(reads=None))
    assert it.texts(50.0)["today"] == "11"
    it.hear({**AWAY, "today_s": 0.0}, 51.0)
    assert it.texts(51.0)["today"] == "0"


def test_a_desk_that_knows_no_time_says_no_times_but_minutes() -> None:
    it = states(time(reads=None), {**SEATED, "muted_until": 1200.0})
    told = it.texts(50.0)
    assert (told["muted"], told["muted_until"], told["sitting_since"]) == ("ON", NONE, NONE)
    assert (told["sitting"], told["today"]) == ("1", "11")


def test_a_clock_that_wanders_moves_no_time_and_one_that_is_set_does() -> None:
    it = states({**SEATED, "muted_until": 1150.0})
    assert it.texts(50.0)["muted_until"] == "2026-03-02T09:01:00+01:00"
    it.hear(time(reads="2026-03-02T09:00:01.4+01:00"), 50.0)
    assert it.texts(50.0)["muted_until"] == "2026-03-02T09:01:00+01:00"
    it.hear(time(reads="2026-03-02T09:10:00+01:00"), 50.0)
    assert it.texts(50.0)["muted_until"] == "2026-03-02T09:11:00+01:00"
    it.hear(time(reads="2026-03-02T10:10:00+02:00"), 50.0)
    assert it.texts(50.0)["muted_until"] == "2026-03-02T10:11:00+02:00"


def test_what_is_due_muted_or_broken_is_said() -> None:
    more = {"due": True, "mode": "due", "enough": True, "seat": "loose", "due_after_s": 2730.0}
    told = states({**SEATED, **more}, {"kind": "health", "panel": "broken"}).texts(50.0)
    assert (told["due"], told["muted"], told["mode"]) == ("ON", "ON", "due")
    assert (told["seat"], told["panel"], told["due_after"]) == ("loose", "broken", "45.5")


def test_a_device_that_begins_anew_is_unknown_until_it_tells_all() -> None:
    it = states({"kind": "afresh"})
    assert not it.are_known
