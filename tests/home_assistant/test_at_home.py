"""A desk with its service in a real Home Assistant: what is done at the one is seen at the other, whatever breaks."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from device.mqtt.broker import topics_of
from device.settings.settings import MqttSettings
from tests.home_assistant.conftest import Home
from tests.home_assistant.desk import ServedDesk
from tests.home_assistant.house import House
from tests.home_assistant.test_shown import ENTITIES, TIMES, shown, usable
from tests.home_assistant.told import ToldDesk
from tests.waiting import until

SEATED, DUE, MUTE = "binary_sensor.unsit_seated", "binary_sensor.unsit_due", "switch.unsit_mute"
FAST = 600


@pytest.fixture(scope="module")
def _desk(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedDesk]:
    folder = tmp_path_factory.mktemp("served") / "desk"
    with ServedDesk(folder, home.broker.port, single=home.single).running() as it:
        yield it
    forget_at_broker(home)
    until(lambda: not shown(home.house), "still shown")


def forget_at_broker(home: Home) -> None:
    """Have the broker lose all that it keeps of the desk."""
    forgetting = ToldDesk(home.broker.port, single=home.single)
    forgetting.topics = topics_of(MqttSettings())
    forgetting.close()


@pytest.fixture
def desk(home: Home, _desk: ServedDesk) -> ServedDesk:
    """The chair has been empty for long, and all is shown."""
    _desk.rises(FAST)
    is_shown(home.house)
    home.house.shows(SEATED, "off")
    home.house.shows(DUE, "off")
    until(lambda: home.house.state("sensor.unsit_mode") == "watching", "still busy")
    _desk.rises()
    return _desk


@pytest.fixture
def house(home: Home, desk: ServedDesk) -> House:  # noqa: ARG001 - it is there
    return home.house


def is_shown(house: House) -> None:
    """Wait until all of it is there."""
    until(lambda: usable(house) == ENTITIES - TIMES, f"not there: {ENTITIES - TIMES - usable(house)}")


def events(house: House, fact: str) -> list[dict[str, object]]:
    """Each time that this happened, with its details. At speed the next fact comes within the blink of an eye."""
    return [each for each in house.does("happened") if each["event_type"] == fact]


def test_whoever_sits_is_seated_and_counted_and_a_break_falls_due(house: House, desk: ServedDesk) -> None:
    before = len(events(house, "sat"))
    desk.sits()
    house.shows(SEATED, "on")
    until(lambda: len(events(house, "sat")) > before, "nobody sat")
    since = datetime.fromisoformat(str(house.state("sensor.unsit_sitting_since")))
    assert since.tzinfo is not None
    desk.sits(FAST)
    house.shows(DUE, "on")
    assert int(house.state("sensor.unsit_today") or 0) >= 29
    assert int(house.state("sensor.unsit_sitting") or 0) >= 29
    desk.rises(FAST)
    house.shows(SEATED, "off")
    house.shows(DUE, "off")
    house.shows("sensor.unsit_sitting", "0")


def test_a_due_break_is_an_event_with_its_details(house: House, desk: ServedDesk) -> None:
    before = len(events(house, "due"))
    desk.sits(FAST)
    until(lambda: len(events(house, "due")) > before, "no break is due")
    assert events(house, "due")[-1]["sitting_s"] == 1800
    desk.rises(FAST)


def test_sound_is_muted_and_comes_back(house: House) -> None:
    house.taps("turn_on", MUTE)
    house.shows(MUTE, "on")
    until(lambda: house.state("sensor.unsit_muted_until") not in ("unknown", "unavailable"), "until when?")
    until_when = datetime.fromisoformat(str(house.state("sensor.unsit_muted_until")))
    assert timedelta(minutes=50) < until_when - datetime.now(UTC)
    house.taps("turn_off", MUTE)
    house.shows(MUTE, "off")


def test_it_is_muted_until_the_end_of_a_meeting(house: House) -> None:
    end = (datetime.now(UTC) + timedelta(hours=9)).replace(microsecond=0)
    topic = topics_of(MqttSettings()).command("mute_until")
    house.does("call", domain="mqtt", service="publish", topic=topic, payload=end.isoformat())
    house.shows(MUTE, "on")
    until(lambda: house.state("sensor.unsit_muted_until") not in ("unknown", "unavailable"), "until when?")
    until_when = datetime.fromisoformat(str(house.state("sensor.unsit_muted_until")))
    # The desk's clock isn't quite this one after it has run fast.
    assert abs(until_when - end) < timedelta(seconds=5)
    house.taps("turn_off", MUTE)
    house.shows(MUTE, "off")


def test_how_often_a_break_is_due_is_set_in_either_way(house: House) -> None:
    house.taps("set_value", "number.unsit_due_after", value=45)
    house.shows("number.unsit_due_after", "45")
    house.taps("select_option", "select.unsit_preset", option="hourly")
    house.shows("select.unsit_preset", "hourly")
    house.shows("number.unsit_due_after", "60")
    house.taps("select_option", "select.unsit_preset", option="half-hourly")
    house.shows("number.unsit_due_after", "30")


def test_a_press_from_afar_is_a_press_and_a_stretch_waits_for_the_chair_to_empty(
    house: House, desk: ServedDesk
) -> None:
    house.taps("press", "button.unsit_press")
    house.shows("sensor.unsit_mode", "today")
    house.shows("sensor.unsit_mode", "watching")
    desk.sits()
    house.shows(SEATED, "on")
    house.taps("press", "button.unsit_stretch")
    house.shows("sensor.unsit_mode", "acknowledged")


def test_a_killed_service_is_unavailable_and_comes_back(house: House, desk: ServedDesk) -> None:
    desk.ends(signal.SIGKILL)
    house.shows(SEATED, "unavailable")
    house.shows(MUTE, "unavailable")
    desk.serve()
    is_shown(house)
    house.shows(SEATED, "off")


def test_a_service_that_ends_says_so(house: House, desk: ServedDesk) -> None:
    desk.ends()
    house.shows(SEATED, "unavailable")
    desk.serve()
    is_shown(house)


def test_home_assistant_restarts_and_finds_the_desk_again(house: House, desk: ServedDesk) -> None:
    house.stop()
    desk.sits()
    house.start()
    is_shown(house)
    house.shows(SEATED, "on")


def test_what_the_broker_has_lost_is_told_again_when_home_assistant_starts(home: Home, house: House) -> None:
    house.stop()
    forget_at_broker(home)
    house.start()
    is_shown(house)
    house.shows("number.unsit_due_after", "30")


def test_a_broker_that_has_lost_everything_hears_it_again(home: Home, house: House) -> None:
    home.broker.kill()
    home.broker.forget_all()
    house.shows(SEATED, "unavailable")
    home.broker.start()
    # Home Assistant itself takes its time to connect again.
    for _ in range(3):
        if usable(house) != ENTITIES - TIMES:
            try:
                is_shown(house)
            except AssertionError:
                continue
    is_shown(house)


def test_without_a_buzzer_there_is_no_switch_for_its_sound(house: House, desk: ServedDesk) -> None:
    desk.changes(buzzer__kind="none")
    house.shows(MUTE, None)
    until(lambda: "sensor.unsit_muted_until" not in shown(house), "the end of a mute is still there")
    desk.takes_back()
    house.shows(MUTE, "off")


def test_the_names_follow_the_language_of_the_panel(house: House, desk: ServedDesk) -> None:
    def name() -> object:
        return house.attributes(SEATED)["friendly_name"]

    assert name() == "Unsit Seated"
    desk.changes(screens__language="de")
    until(lambda: name() == "Unsit Besetzt", "still English")
    desk.changes(screens__language="en")
    until(lambda: name() == "Unsit Seated", "still German")


@pytest.mark.parametrize(
    "setting", ['mqtt.discovery=""', "mqtt.share=facts", "mqtt.share=days", "mqtt.discovery=elsewhere"]
)
def test_a_desk_that_is_not_to_be_shown_any_more_goes(house: House, desk: ServedDesk, setting: str) -> None:
    desk.ends()
    desk.serve(setting)
    until(lambda: shown(house) == set(), "still shown")
    desk.ends()
    desk.serve()
    is_shown(house)


def test_home_assistant_complains_of_nothing_and_the_service_neither(house: House, desk: ServedDesk) -> None:
    assert house.warnings() == []
    assert [line for line in desk.log.splitlines() if "connect" not in line] == []
