"""What a real Home Assistant makes of what it is told of a desk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest

from device import __version__
from device.topics.discovery import COMPONENTS, Able
from tests.home_assistant.conftest import Home
from tests.home_assistant.house import House
from tests.home_assistant.told import ToldDesk
from tests.waiting import until

ENTITIES = {
    f"{each.platform}.unsit_{each.key}"
    for each in COMPONENTS
    if each.platform != "device_automation"
    and (each.platform, each.key) not in (("sensor", "preset"), ("sensor", "due_after"))
}
TIMES = {"sensor.unsit_sitting_since", "sensor.unsit_muted_until"}


@pytest.fixture
def desk(home: Home) -> Iterator[ToldDesk]:
    desk = ToldDesk(home.broker.port, single=home.single)
    desk.shows()
    until(lambda: usable(home.house) == ENTITIES - TIMES, f"not shown: {ENTITIES - usable(home.house)}")
    yield desk
    desk.close()
    until(lambda: not shown(home.house), "still shown")


@pytest.fixture
def house(home: Home, desk: ToldDesk) -> House:  # noqa: ARG001 - it is there
    home.house.shows("binary_sensor.unsit_seated", "off")
    return home.house


def usable(house: House) -> set[str]:
    """Those that are available. Times that are none aren't, in an older version."""
    unavailable = {each for each, (state, _) in house.does("states").items() if state == "unavailable"}
    return shown(house) - TIMES - unavailable


def shown(house: House) -> set[str]:
    """The entities of the desk. The utility meter is an example's, not the desk's."""
    return {each for each in house.does("states") if ".unsit_" in each} - {"sensor.unsit_week"} - AUTOMATIONS


AUTOMATIONS = {f"automation.unsit_{name}" for name in ("lamp_when_due", "quiet_in_a_meeting", "weekly_summary")}


def test_every_entity_is_there_under_one_device(house: House) -> None:
    assert shown(house) == ENTITIES
    assert ["Unsit", "Unsit", __version__] in house.does("devices")


def test_every_state_is_taken_as_it_is_told(house: House, desk: ToldDesk) -> None:
    desk.stands(seated="ON", due="ON", muted="ON", mode="due", sitting="61", today="200", seat="lost")
    desk.stands(sitting_since="2026-11-27T09:30:00+01:00", due_after="25", preset="half-hourly", panel="broken")
    for entity, state in {
        "binary_sensor.unsit_seated": "on",
        "binary_sensor.unsit_due": "on",
        "switch.unsit_mute": "on",
        "sensor.unsit_mode": "due",
        "sensor.unsit_sitting": "61",
        "sensor.unsit_today": "200",
        "sensor.unsit_sitting_since": "2026-11-27T08:30:00+00:00",
        "number.unsit_due_after": "25",
        "select.unsit_preset": "half-hourly",
        "binary_sensor.unsit_seat": "on",
        "binary_sensor.unsit_panel": "on",
    }.items():
        house.shows(entity, state)
    assert house.attributes("binary_sensor.unsit_seat")["says"] == "lost"
    # Older versions know no time that is none, so there it isn't available.
    none = "unavailable" if desk.single else "unknown"
    house.shows("sensor.unsit_muted_until", none)
    desk.stands(sitting_since="None")
    house.shows("sensor.unsit_sitting_since", none)


def test_what_happens_is_an_event_with_its_details(house: House, desk: ToldDesk) -> None:
    desk.tells(desk.topics.event, '{"event_type": "bout", "start": 3.0, "seated_s": 1800.0}')
    until(lambda: house.attributes("event.unsit_fact").get("event_type") == "bout", "no event")
    assert house.attributes("event.unsit_fact")["seated_s"] == 1800.0


def test_the_button_of_the_desk_triggers_automations(house: House) -> None:
    found = [["button_long_press", "button"], ["button_short_press", "button"]]
    until(lambda: sorted(house.does("triggers")) == found, "no triggers")


@pytest.mark.parametrize(
    ("entity", "service", "data", "command"),
    [
        ("switch.unsit_mute", "turn_on", {}, ("mute", "ON")),
        ("switch.unsit_mute", "turn_off", {}, ("mute", "OFF")),
        ("number.unsit_due_after", "set_value", {"value": 45}, ("due_after", "45")),
        ("select.unsit_preset", "select_option", {"option": "half-hourly"}, ("preset", "half-hourly")),
        ("button.unsit_press", "press", {}, ("press", "PRESS")),
        ("button.unsit_stretch", "press", {}, ("stretch", "PRESS")),
    ],
)
def test_a_tap_on_the_dashboard_is_a_command(
    house: House, desk: ToldDesk, entity: str, service: str, data: dict[str, object], command: tuple[str, str]
) -> None:
    house.taps(service, entity, **data)
    name, payload = command
    assert desk.hears() == (desk.topics.command(name), payload)


def test_names_are_in_the_language_of_the_panel_and_ids_stay(house: House, desk: ToldDesk) -> None:
    desk.shows(language="de")
    until(lambda: house.attributes("binary_sensor.unsit_seated")["friendly_name"] == "Unsit Besetzt", "not renamed")
    assert shown(house) == ENTITIES


def test_what_a_setting_takes_away_goes_and_comes_back(house: House, desk: ToldDesk) -> None:
    desk.shows(Able(sounds=False, sets_preset=False))
    house.shows("switch.unsit_mute", None)
    house.shows("select.unsit_preset", None)
    house.shows("sensor.unsit_preset", "hourly")
    desk.shows()
    house.shows("switch.unsit_mute", "off")
    house.shows("select.unsit_preset", "hourly")
    house.shows("sensor.unsit_preset", None)


def test_one_form_can_follow_the_other(house: House, home: Home, desk: ToldDesk) -> None:
    if home.single:
        # It knows one form only; to be told in the other takes the desk away.
        desk.single = False
        desk.shows()
        until(lambda: not shown(house), "still shown")
    desk.single = True
    desk.shows()
    until(lambda: shown(house) == ENTITIES, "not shown one by one")
    desk.single = home.single
    desk.shows()
    house.shows("binary_sensor.unsit_seated", "off")
    until(lambda: shown(house) == ENTITIES, "not shown in its own form")


# ---- the examples


def test_a_lamp_is_on_while_a_break_is_due(house: House, desk: ToldDesk) -> None:
    house.does("set_state", entity="light.desk_lamp", state="off")
    desk.stands(due="ON")
    until(lambda: called(house, "light", "turn_on") == ["light.desk_lamp"], "no light")
    desk.stands(due="OFF")
    until(lambda: called(house, "light", "turn_off") == ["light.desk_lamp"], "no dark")


def called(house: House, domain: str, service: str) -> object:
    """What that service was called for last."""
    calls = [each for each in house.does("calls") if (each["domain"], each["service"]) == (domain, service)]
    return calls[-1]["service_data"].get("entity_id") if calls else None


def test_it_is_quiet_until_the_end_of_a_meeting(house: House, desk: ToldDesk) -> None:
    end = datetime.now(UTC) + timedelta(hours=1)
    more = {"all_day": False, "end_time": f"{end:%Y-%m-%d %H:%M:%S}"}
    house.does("set_state", entity="calendar.work", state="off")
    house.does("set_state", entity="calendar.work", state="on", **more)
    topic, payload = desk.hears()
    assert topic == desk.topics.command("mute_until")
    assert datetime.fromisoformat(payload) == end.replace(microsecond=0)
    house.does("set_state", entity="calendar.work", state="off", **more)
    assert desk.hears() == (desk.topics.command("mute"), "OFF")


def test_a_whole_day_in_the_calendar_is_no_meeting(house: House, desk: ToldDesk) -> None:
    house.does("set_state", entity="calendar.work", state="off")
    house.does("set_state", entity="calendar.work", state="on", all_day=True, end_time="2026-11-30 00:00:00")
    house.taps("turn_on", "switch.unsit_mute")
    assert desk.hears() == (desk.topics.command("mute"), "ON")


def test_on_sunday_evening_it_says_how_long_the_week_was(house: House, desk: ToldDesk) -> None:
    # Home Assistant spreads its triggers over half a second; the meter begins again on each Monday that passes.
    today = date.today()
    saturday = today + timedelta(days=(5 - today.weekday()) % 7 or 7)
    house.does("be_at", time=f"{saturday}T18:00:01")
    assert notified(house) == []
    house.shows("sensor.unsit_today", "0")
    before = _number(house.state("sensor.unsit_week"))
    # A new day begins at nought, and the meter adds the days up.
    for minutes in ("100", "130", "0", "5"):
        desk.stands(today=minutes)
        house.shows("sensor.unsit_today", minutes)
    week = before + 135
    until(lambda: _number(house.state("sensor.unsit_week")) == week, f"{house.state('sensor.unsit_week')} of {week}")
    house.does("be_at", time=f"{saturday + timedelta(days=1)}T18:00:01")
    until(lambda: notified(house), "no summary")
    assert notified(house) == [f"You sat {week // 60} h {week % 60:02} this week."]


def _number(state: str | None) -> int:
    """The number that an entity shows; 0 while it shows none."""
    with suppress(TypeError, ValueError):
        return int(float(state or 0))
    return 0


def notified(house: House) -> list[str]:
    """The messages of all notifications so far."""
    calls = [each for each in house.does("calls") if each["domain"] == "persistent_notification"]
    return [each["service_data"]["message"] for each in calls]


# ---- what comes and goes


def test_a_desk_that_is_offline_is_unavailable(house: House, desk: ToldDesk) -> None:
    desk.say([type(desk.discovery().withdraw()[0])(desk.topics.availability, "offline")])
    house.shows("binary_sensor.unsit_seated", "unavailable")
    house.shows("event.unsit_fact", "unavailable")


def test_after_home_assistant_restarts_all_is_there_again(house: House, desk: ToldDesk) -> None:
    desk.stands(today="77")
    house.shows("sensor.unsit_today", "77")
    house.stop()
    house.start()
    until(lambda: usable(house) == ENTITIES - TIMES, "not there again")
    house.shows("sensor.unsit_today", "77")


def test_home_assistant_complains_of_nothing(house: House) -> None:
    assert house.warnings() == []
