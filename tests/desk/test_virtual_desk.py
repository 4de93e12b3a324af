"""The virtual desk without a browser: hands on the line, several at once, and a recorded day beside one's own."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from device.desk.live import LiveDesk
from device.desk.virtual_desk import HandsError, Scene, understood
from device.run.clock import YEARS
from device.run.line import Line
from tests.ear import Ear
from tests.rig import Rig
from tests.waiting import until


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """A desk that runs, and no page."""
    rig = Rig(tmp_path)
    with rig.desk_alone():
        yield rig


@pytest.fixture
def hand(rig: Rig) -> Iterator[Ear]:
    with Ear(rig.line) as hand:
        hand.hears("standing")
        yield hand


def own(rig: Rig) -> LiveDesk:
    return rig.desk._own[1].desk


def is_on(rig: Rig) -> bool:
    """The device runs, and not only has power."""
    return own(rig)._device is not None


def test_a_plug_that_is_pulled_and_put_back_in_one_go_crashes_nothing(rig: Rig, hand: Ear) -> None:
    for sits in (True, False) * 5:
        hand.does(("power", False), ("power", True), ("power", False), ("power", True), ("seat", sits))
        until(lambda sits=sits: is_on(rig) and own(rig).levels["seat"] is sits)  # type: ignore[misc]


def test_power_comes_back_while_time_stands(rig: Rig, hand: Ear) -> None:
    hand.does(("speed", 0), ("power", False))
    until(lambda: not own(rig).levels["power"])
    hand.does(("power", True))
    until(lambda: is_on(rig))
    assert own(rig).clock.speed == 0


def test_ones_own_desk_goes_on_as_fast_as_before_however_often_a_day_is_played(rig: Rig, hand: Ear) -> None:
    hand.does(("speed", 60))
    until(lambda: own(rig).clock.speed == 60)
    hand.does(("play", True), ("play", False), ("play", True), ("play", False))
    until(lambda: own(rig).clock.speed == 60)
    hand.does(("button", True), ("play", True))
    until(lambda: rig.live is not own(rig) and own(rig).clock.speed == 0)
    hand.does(("play", False))
    until(lambda: own(rig).clock.speed == 60)


def test_a_desk_whose_time_stands_and_one_without_power_answer_whoever_asks_whether_they_are_there(
    rig: Rig, hand: Ear
) -> None:
    for power in (True, False):
        hand.does(("speed", 0), ("power", power))
        until(lambda power=power: own(rig).levels["power"] is power)  # type: ignore[misc]
        with Ear(rig.line) as asks:
            asks.hears("time")
            for _ in range(3):
                asks.says('{"kind": "ask"}\n')
                asks.hears("time")


def test_a_noisy_pad_is_as_noisy_however_often_it_was_made_so(rig: Rig, hand: Ear) -> None:
    hand.does(("speed", 0))
    until(lambda: own(rig).clock.speed == 0)
    hand.does(*[("noise", nth % 2 == 0) for nth in range(101)], ("speed", 600))
    until(lambda: own(rig).levels["noise"] and own(rig).clock.now() > 300)
    hand.does(("speed", 0))
    until(lambda: own(rig).clock.speed == 0)
    # One blink to come, and perhaps the end of the one before.
    assert len(own(rig)._hands._coming) <= 3


def test_a_noisy_pad_stays_noisy_when_the_power_was_cut_after_the_clock_was_set_back(rig: Rig, hand: Ear) -> None:
    hand.does(("noise", True), ("speed", 60))
    until(lambda: own(rig).clock.now() > 60)
    hand.does(("step", -7200), ("power", False), ("power", True))
    until(lambda: own(rig).levels["power"] and own(rig).levels["noise"])
    until(lambda: bool(own(rig)._hands._coming))


def test_no_clock_can_be_set_to_where_no_date_is(rig: Rig, hand: Ear) -> None:
    desk = own(rig)
    last = datetime(YEARS[-1], 12, 30).astimezone()
    desk.wall.set(desk.clock.now(), last)
    hand.does(("step", 172_800), ("seat", True))
    until(lambda: desk.levels["seat"])
    reads = desk.wall.reads(desk.clock.now())
    assert reads is not None
    assert reads.year == YEARS[-1]
    assert reads.day == last.day


@pytest.mark.parametrize("said", ["[1]\n", "null\n", '"seat"\n', '{"do": "explode", "to": true}\n'])
def test_who_says_what_no_hand_can_do_is_hung_up_on_and_others_are_not(rig: Rig, hand: Ear, said: str) -> None:
    with Ear(rig.line) as stranger:
        stranger.says(said)
        assert stranger.is_hung_up_on()
    hand.does(("seat", True))
    until(lambda: own(rig).levels["seat"])
    with Ear(rig.line) as newcomer:
        while not newcomer.hears("desk")["seat"]:
            continue


@pytest.mark.parametrize("to", ["\ud800", "x" * 500, 10**400, [[]]])
def test_what_is_refused_is_one_short_line_that_can_be_sent(to: object) -> None:
    with pytest.raises(HandsError) as refused:
        understood({"do": "seat", "to": to})
    assert len(str(refused.value).encode()) < 120


def test_what_is_told_while_another_scene_is_shown_waits_and_is_told_once(tmp_path: Path) -> None:
    class Interrupted(Line):
        """In the middle of what was told before, the desk's own thread has something to say."""

        def tell(self, kind: str, *, kept: bool = True, **message: Any) -> None:
            super().tell(kind, kept=kept, **message)
            if message.get("t") == 0 and not interruptions:
                interruptions.append(threading.Thread(target=scene.tell, args=("fact",), kwargs={"t": 99}))
                interruptions[0].start()
                interruptions[0].join(0.1)

    interruptions: list[threading.Thread] = []
    line = Interrupted(tmp_path / "line", lambda: None)
    scene = Scene(line)
    for t in range(3):
        scene.tell("fact", t=t)
    scene.show()
    interruptions[0].join()
    with Ear(tmp_path / "line") as ear:
        assert [ear.hears()["t"] for _ in range(4)] == [0, 1, 2, 99]
    line.close()


def test_a_recorded_day_ends_with_the_desk(tmp_path: Path) -> None:
    rig = Rig(tmp_path)
    with rig.desk_alone(), Ear(rig.line) as hand:
        hand.does(("play", True))
        until(lambda: rig.desk._playing is not None)
    assert rig.desk._playing is None
    assert not [each for each in threading.enumerate() if each.name == "recorded day"]


def test_what_is_told_of_the_time_is_so_however_fast_it_ran(rig: Rig, hand: Ear) -> None:
    hand.does(("speed", 600))
    until(lambda: own(rig).clock.now() > 60)
    hand.does(("speed", 0))
    told = hand.hears("time")
    while told["speed"] != 0:
        told = hand.hears("time")
    assert told["at"] == own(rig).clock.now()


def test_back_from_a_recorded_day_all_is_told_again_though_ones_own_desk_has_no_power(rig: Rig, hand: Ear) -> None:
    hand.does(("power", False))
    until(lambda: not is_on(rig))
    hand.does(("play", True))
    assert standing_at(rig, "title", "a working day")["standing"]["due_after_s"] == 7200.0
    hand.does(("play", False))
    told = standing_at(rig, "title", "")
    assert told["desk"]["power"] is False
    assert told["standing"]["due_after_s"] == 1800.0
    assert 'limits.due_after="30min"' in told["device"]["settings"]


def standing_at(rig: Rig, key: str, begins: str) -> dict[str, Any]:
    """All that a newcomer hears to stand, once the desk's word for that key is so."""
    while True:
        with Ear(rig.line) as newcomer:
            told: dict[str, Any] = {}
            while not {"device", "standing", "desk", "panel"} <= told.keys():
                each = newcomer.hears()
                told[each["kind"]] = each
        if told["desk"][key].lower().startswith(begins) and bool(told["desk"][key]) == bool(begins):
            return told


def test_a_worn_pad_tells_what_it_reads_and_how_often_it_blinked(rig: Rig, hand: Ear) -> None:
    hand.does(("noise", True), ("speed", 60))
    told = hand.hears("desk")
    while not (told["pad"] and told["blinks"] > 1):
        told = hand.hears("desk")
    assert told["seat"] is False
    hand.does(("noise", False))
    while told["noise"] or told["pad"]:
        told = hand.hears("desk")
    assert told["blinks"] == own(rig).chair.pad.blinks == 0


@pytest.mark.parametrize("to", [False, None, 1, 0])
def test_to_skip_has_no_opposite(to: object) -> None:
    with pytest.raises(HandsError, match="allowed: true"):
        understood({"do": "skip", "to": to})


def test_a_finger_that_comes_down_while_time_is_skipped_is_on_the_button_for_no_longer_than_it_is(
    rig: Rig, hand: Ear
) -> None:
    hand.does(("seat", True))
    while hand.hears("fact")["fact"] != "sat":
        continue
    hand.does(("skip", True), ("button", True))
    while (told := hand.hears("fact")["fact"]) not in ("snoozed", "stuck"):
        continue
    assert told == "snoozed"
    assert own(rig).clock.now() < 1800 + 60


@pytest.mark.usefixtures("rig")
def test_a_stretch_is_left_out_and_comes_again_by_a_click(hand: Ear) -> None:
    hand.does(("never", "march"))
    # What stands and what is told are on no common order: either may come first.
    told, stands = False, False
    while not (told and stands):
        heard = hand.hears()
        told |= heard["kind"] == "fact" and (heard["fact"], heard["details"]) == ("stretch_never", {"stretch": "march"})
        stands |= heard["kind"] == "standing" and heard["left_out"] == ["march"]
    hand.does(("again", "march"))
    while hand.hears("standing")["left_out"]:
        continue


# ---- orders


def ordered(hand: Ear, do: str, to: Any) -> Any:
    """Why the order isn't done; None if it is."""
    hand.says(json.dumps({"kind": "order", "nth": 1, "do": do, "to": to}) + "\n")
    answer = hand.hears("answer")
    return None if answer["fine"] else answer["why"]["text"]


def test_an_order_mutes_the_desk_by_its_own_clock_however_fast_that_runs_or_if_it_stands(rig: Rig, hand: Ear) -> None:
    for speed in (0, 600):
        hand.does(("speed", speed))
        until(lambda speed=speed: own(rig).clock.speed == speed)  # type: ignore[misc]
        reads = own(rig).wall.reads(own(rig).clock.now())
        assert reads is not None
        ends = reads + timedelta(hours=6)
        assert ordered(hand, "mute", {"until": ends.isoformat()}) is None
        muted = hand.hears("fact")
        while muted["fact"] != "muted":
            muted = hand.hears("fact")
        assert own(rig).wall.reads(muted["details"]["until"]) == pytest.approx(ends, abs=timedelta(minutes=5))


def test_while_a_recorded_day_plays_and_without_power_nothing_can_be_ordered(rig: Rig, hand: Ear) -> None:
    hand.does(("play", True))
    assert ordered(hand, "sound", True) == "a recorded day plays: go back to your desk first"
    hand.does(("play", False), ("power", False))
    until(lambda: not own(rig).levels["power"])
    assert ordered(hand, "sound", True) == "without power the device does nothing: put the plug back first"
    hand.does(("power", True))
    until(lambda: own(rig).levels["power"])
    assert ordered(hand, "sound", True) is None
    assert ordered(hand, "explode", True) == "this device takes no order {what}"
