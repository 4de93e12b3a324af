"""What Home Assistant is told of a desk: each component by topics that it has, and nothing left of what is lost."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from device.languages.phrases import Phrases, phrases
from device.mind.rules import Mode
from device.settings.layers import in_force_from
from device.settings.settings import Settings
from device.settings.settings_file import keys_of_settings, text_of
from device.topics.discovery import COMPONENTS, Able, Discovery, Retained, able
from device.topics.names import COMMANDS, STATES, Topics
from device.words.facts import KINDS

DESK = Topics("unsit", "desk-1a2b3c4d")
WHOLE = "homeassistant/device/unsit_desk-1a2b3c4d/config"
ALL_AT_ONCE = Discovery(DESK, "homeassistant")
ONE_BY_ONE = Discovery(DESK, "homeassistant", single=True)


def standing(messages: Sequence[Retained]) -> dict[str, Any]:
    """What stands on the broker in the end, read."""
    last = dict(messages)
    return {topic: json.loads(payload) for topic, payload in last.items() if payload}


def told(discovery: Discovery, allowed: Able = Able(), say: Phrases | None = None) -> dict[str, Any]:  # noqa: B008
    return standing(discovery.announce(allowed, say or Phrases()))


def components(allowed: Able = Able(), say: Phrases | None = None) -> dict[str, Any]:  # noqa: B008
    found: dict[str, Any] = told(ALL_AT_ONCE, allowed, say)[WHOLE]["components"]
    return found


def test_one_message_tells_of_the_whole_desk() -> None:
    messages = told(ALL_AT_ONCE)
    assert list(messages) == [WHOLE]
    assert messages[WHOLE]["device"]["identifiers"] == ["unsit_desk-1a2b3c4d"]
    assert messages[WHOLE]["device"]["name"] == "Unsit"
    assert messages[WHOLE]["origin"]["name"] == "Unsit"


def test_for_older_versions_each_component_has_a_message_that_tells_all_about_it() -> None:
    messages = told(ONE_BY_ONE)
    together = told(ALL_AT_ONCE)[WHOLE]
    assert len(messages) == len(together["components"])
    for topic, alone in messages.items():
        prefix, platform, desk, key, config = topic.split("/")
        assert (prefix, desk, config) == ("homeassistant", "unsit_desk-1a2b3c4d", "config")
        about = {key: together[key] for key in ("device", "origin")}
        in_one = together["components"][f"{platform}_{key}"]
        if key in ("sitting_since", "muted_until"):
            in_one |= {each: alone[each] for each in ("availability", "availability_mode", "value_template")}
        assert {"platform": platform, **alone} == in_one | about


def test_a_time_that_is_none_is_no_state_for_older_versions_but_not_available() -> None:
    alone = told(ONE_BY_ONE)["homeassistant/sensor/unsit_desk-1a2b3c4d/sitting_since/config"]
    assert [each["topic"] for each in alone["availability"]] == [DESK.availability, DESK.state("sitting_since")]
    assert alone["availability_mode"] == "all"
    assert "value_template" not in components()["sensor_sitting_since"], "newer ones know what None means"


def test_every_state_and_every_command_that_a_person_gives_is_shown() -> None:
    topics = {value for each in components().values() for key, value in each.items() if key.endswith("topic")}
    topics |= {each["topic"] for shown in components().values() for each in shown.get("availability", ())}
    # Until when it is muted is told with a time, and sent again is what the office asks for.
    commands = [name for name in COMMANDS if name not in ("mute_until", "resend")]
    assert topics == {
        *(DESK.state(name) for name in STATES),
        *(DESK.command(name) for name in commands),
        *(DESK.availability, DESK.event, DESK.button),
    }


def test_every_component_says_its_quality_of_service_since_it_is_not_handed_down() -> None:
    assert {each["qos"] for each in components().values()} == {1}


def test_every_entity_has_an_id_of_its_own_that_outlasts_languages_and_names() -> None:
    entities = [each for each in components().values() if each["platform"] != "device_automation"]
    ids = {(each["platform"], each["unique_id"]) for each in entities}
    assert len(ids) == len(entities)
    german = [each for each in components(say=phrases("de")).values() if each["platform"] != "device_automation"]
    for own in ("unique_id", "default_entity_id", "object_id"):
        assert [each[own] for each in german] == [each[own] for each in entities]
    assert components()["binary_sensor_seated"]["default_entity_id"] == "binary_sensor.unsit_seated"


def test_a_desk_with_a_name_has_it_in_the_ids_for_automations() -> None:
    named = Discovery(Topics("unsit", "Anna-2"), "homeassistant", called="Anna-2")
    (message,) = told(named).values()
    assert message["device"]["name"] == "Unsit Anna-2"
    assert message["components"]["binary_sensor_seated"]["default_entity_id"] == "binary_sensor.unsit_anna_2_seated"


def test_names_are_in_the_language_of_the_panel() -> None:
    assert components(say=phrases("de"))["binary_sensor_seated"]["name"] == "Besetzt"
    assert components()["binary_sensor_seated"]["name"] == "Seated"


def test_what_home_assistant_makes_of_each_value() -> None:
    shown = components()
    assert shown["binary_sensor_seated"]["device_class"] == "occupancy"
    assert "device_class" not in shown["binary_sensor_due"], "a break that is due is no problem"
    assert {shown[f"binary_sensor_{each}"]["device_class"] for each in ("seat", "panel")} == {"problem"}
    assert shown["sensor_mode"]["options"] == [each.value for each in Mode]
    assert "state_class" not in shown["sensor_mode"]
    assert shown["sensor_today"]["state_class"] == "total_increasing"
    assert shown["event_fact"]["event_types"] == sorted(KINDS)


def test_no_command_is_ever_asked_to_be_retained() -> None:
    assert not any("retain" in each for each in components().values())


@pytest.mark.parametrize(
    ("allowed", "gone", "instead"),
    [
        (Able(sounds=False), {"switch_mute", "sensor_muted_until"}, set()),
        (Able(sets_preset=False), {"select_preset"}, {"sensor_preset"}),
        (Able(sets_due_after=False), {"number_due_after"}, {"sensor_due_after"}),
    ],
)
def test_what_a_setting_takes_away_is_first_taken_back_by_its_platform_alone(
    allowed: Able, gone: set[str], instead: set[str]
) -> None:
    first, then = (json.loads(each.payload)["components"] for each in ALL_AT_ONCE.announce(allowed, Phrases())[-2:])
    assert gone <= {place for place, each in first.items() if each == {"platform": each["platform"]}}
    assert not gone & then.keys()
    assert instead <= then.keys()
    assert all(len(each) > 1 for each in then.values())

    taken_back = {each.topic for each in ONE_BY_ONE.announce(allowed, Phrases()) if not each.payload}
    for place in gone:
        platform = next(each.platform for each in COMPONENTS if each.place == place)
        key = place.removeprefix(f"{platform}_")
        assert f"homeassistant/{platform}/unsit_desk-1a2b3c4d/{key}/config" in taken_back


def test_what_is_fixed_is_shown_and_only_shown() -> None:
    fixed = components(Able(sets_preset=False, sets_due_after=False))
    assert "command_topic" not in fixed["sensor_preset"]
    assert fixed["sensor_due_after"]["state_topic"] == DESK.state("due_after")


def test_a_break_can_be_due_as_late_as_the_other_settings_allow() -> None:
    assert components(Able(longest_due_min=239))["number_due_after"]["max"] == 239


def told_settings(sources: Mapping[str, str] = {}, **values: object) -> Mapping[str, Any]:
    """What the device tells of its settings."""
    found = in_force_from(Settings(), Path("/nowhere"), lambda _: None).with_changes(
        {key.replace("__", "."): value for key, value in values.items()}
    )
    texts = {key: text_of(found.settings, key) for key in keys_of_settings()}
    return {"values": texts, "from": {**found.sources, **sources}}


def test_what_the_settings_allow_follows_from_what_the_device_tells_of_them() -> None:
    assert able(told_settings()) == Able(longest_due_min=239)
    assert not able(told_settings(buzzer__kind="none")).sounds
    assert able(told_settings({"limits.preset": "command"})) == Able(sets_preset=False, longest_due_min=239)
    assert able(told_settings({"limits.due_after": "command"})) == Able(sets_due_after=False, longest_due_min=239)


@pytest.mark.parametrize(("asks_after", "longest_min"), [("121min", 120), ("24h", 720)])
def test_a_break_is_due_before_the_device_asks_whether_anybody_is_there(asks_after: str, longest_min: int) -> None:
    assert able(told_settings(limits__still_you_after=asks_after)).longest_due_min == longest_min


def test_the_one_form_takes_the_other_away() -> None:
    everything = [*ONE_BY_ONE.announce(Able(), Phrases()), *ALL_AT_ONCE.announce(Able(), Phrases())]
    assert list(standing(everything)) == [WHOLE]
    everything += ONE_BY_ONE.announce(Able(), Phrases())
    assert WHOLE not in standing(everything)


@pytest.mark.parametrize("shown", [ALL_AT_ONCE, ONE_BY_ONE])
@pytest.mark.parametrize("withdrawn", [ALL_AT_ONCE, ONE_BY_ONE])
def test_nothing_stands_on_the_broker_once_it_is_withdrawn(shown: Discovery, withdrawn: Discovery) -> None:
    assert standing([*shown.announce(Able(sounds=False), Phrases()), *withdrawn.withdraw()]) == {}


def test_without_discovery_only_how_it_stood_is_withdrawn() -> None:
    hidden = Discovery(DESK, "")
    assert hidden.announce(Able(), Phrases()) == []
    stood = [DESK.availability, *(DESK.state(name) for name in STATES)]
    assert sorted(hidden.withdraw()) == sorted((topic, "") for topic in stood)


def test_home_assistant_says_beside_the_devices_that_it_has_started() -> None:
    assert Discovery(DESK, "house/ha").status == "house/ha/status"
