"""What Home Assistant is told of a desk, so that it shows it without a line of YAML."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from device import __version__
from device.languages.phrases import Phrases
from device.mind.rules import Mode
from device.settings.layers import COMMAND
from device.settings.settings_file import PRESETS_S
from device.topics.names import STATES, Topics
from device.words.durations import duration_s
from device.words.facts import KINDS

BORN = "online"
"""What Home Assistant says on its own topic when it has started."""
LONGEST_DUE_MIN = 720
"""The longest time until a break is due, in minutes."""


class Retained(NamedTuple):
    """A message that stands on the broker; an empty payload takes away what stood there."""

    topic: str
    payload: str


@dataclass(frozen=True, slots=True)
class Able:
    """What the desk's settings allow, as far as Home Assistant shows it."""

    sounds: bool = True
    """There is something to mute."""
    sets_preset: bool = True
    """The preset isn't fixed on the command line."""
    sets_due_after: bool = True
    longest_due_min: int = LONGEST_DUE_MIN
    """After how many minutes a break may be due at most."""


def able(told: Mapping[str, Any]) -> Able:
    """What the settings allow that the device has told, with where each comes from."""
    values, sources = told["values"], told["from"]
    before_asked_min = (duration_s(json.loads(values["limits.still_you_after"])) - 1) // 60
    return Able(
        sounds=json.loads(values["buzzer.kind"]) != "none",
        sets_preset=sources["limits.preset"] != COMMAND,
        sets_due_after=sources["limits.due_after"] != COMMAND,
        longest_due_min=max(1, min(LONGEST_DUE_MIN, int(before_asked_min))),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Component:
    """One thing that Home Assistant shows, in its own words."""

    platform: str
    key: str
    """What it is called in ids, which outlast any change of language."""
    name: str = ""
    """What a person reads, in English."""
    state: str = ""
    """The state that it shows; empty for none."""
    command: str = ""
    """The command that it gives; empty for none."""
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> str:
        """Its place in the message about the whole device."""
        return f"{self.platform}_{self.key}"


_CONFIG = {"entity_category": "config"}
_DIAGNOSTIC = {"entity_category": "diagnostic"}
_MINUTES = {"device_class": "duration", "unit_of_measurement": "min"}
_OF_PRESETS: Mapping[str, Any] = {"options": list(PRESETS_S)}
_TIME = {"device_class": "timestamp"}
_TROUBLE: Mapping[str, Any] = {
    **_DIAGNOSTIC,
    "device_class": "problem",
    "value_template": "{{ 'OFF' if value == 'ok' else 'ON' }}",
    "json_attributes_template": "{{ {'says': value} | tojson }}",
}

COMPONENTS = (
    Component("binary_sensor", "seated", "Seated", "seated", more={"device_class": "occupancy"}),
    # A break that is due is no problem, so it has no class.
    Component("binary_sensor", "due", "Break due", "due", more={"icon": "mdi:human-handsup"}),
    Component(
        *("sensor", "mode", "Mode", "mode"),
        more={"device_class": "enum", "options": [each.value for each in Mode], "icon": "mdi:chair-rolling"},
    ),
    Component("sensor", "sitting_since", "Sitting since", "sitting_since", more=_TIME),
    Component("sensor", "sitting", "Sitting time", "sitting", more={**_MINUTES, "state_class": "measurement"}),
    Component("sensor", "today", "Seated today", "today", more={**_MINUTES, "state_class": "total_increasing"}),
    Component("switch", "mute", "Mute", "muted", "mute", {"icon": "mdi:volume-off"}),
    Component("sensor", "muted_until", "Muted until", "muted_until", more=_TIME),
    Component("select", "preset", "How often", "preset", "preset", {**_CONFIG, **_OF_PRESETS}),
    Component("sensor", "preset", "How often", "preset", more={**_DIAGNOSTIC, **_OF_PRESETS, "device_class": "enum"}),
    Component(
        *("number", "due_after", "Break due after", "due_after", "due_after"),
        {**_CONFIG, **_MINUTES, "min": 1, "step": 1, "mode": "box"},
    ),
    Component("sensor", "due_after", "Break due after", "due_after", more={**_DIAGNOSTIC, **_MINUTES}),
    Component("button", "press", "Press the button", "", "press", {"icon": "mdi:gesture-tap-button"}),
    Component("button", "stretch", "Stretch now", "", "stretch", {"icon": "mdi:yoga"}),
    Component("event", "fact", "Event", more={"event_types": sorted(KINDS), "icon": "mdi:timeline-text-outline"}),
    Component("device_automation", "pressed", more={"payload": "press", "type": "button_short_press"}),
    Component("device_automation", "held", more={"payload": "hold", "type": "button_long_press"}),
    Component("binary_sensor", "seat", "Seat", "seat", more=_TROUBLE),
    Component("binary_sensor", "panel", "Panel", "panel", more=_TROUBLE),
    Component("sensor", "version", "Version", "version", more=_DIAGNOSTIC),
)
"""All that there may be. What a desk doesn't have is taken away by name."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """Where Home Assistant looks for a desk, and in which form."""

    topics: Topics
    prefix: str
    """What the topics begin with on which it looks for devices; empty if it isn't to find the desk."""
    single: bool = False
    """Each component by a topic of its own, for versions before 2024.11."""
    called: str = ""
    """What its owner calls the desk; empty if nobody gave it a name."""

    @property
    def status(self) -> str:
        """The topic on which Home Assistant says that it has started."""
        return f"{self.prefix}/status"

    def announce(self, able: Able, say: Phrases) -> list[Retained]:
        """The messages that show the desk, in order. What it showed before and doesn't have any more goes first."""
        if not self.prefix:
            return []
        shown = {each: self._told(each, able, say) for each in COMPONENTS if _has(able, each)}
        if self.single:
            alone = [Retained(self._topic(each), _json(self._about | told)) for each, told in shown.items()]
            gone = [Retained(self._topic(each), "") for each in COMPONENTS if each not in shown]
            return [Retained(self._whole, ""), *gone, *alone]
        # A component is taken away by its platform alone; only after that may it be missing.
        gone_ones = {each.place: {"platform": each.platform} for each in COMPONENTS if each not in shown}
        told_ones = {each.place: {"platform": each.platform, **told} for each, told in shown.items()}
        twice = [{**told_ones, **gone_ones}, told_ones] if gone_ones else [told_ones]
        return [*self._no_single, *(Retained(self._whole, _json({**self._about, "components": c})) for c in twice)]

    def withdraw(self) -> list[Retained]:
        """The messages that take away the desk, whichever form it was shown in, and how it stood."""
        stood = [Retained(self.topics.state(name), "") for name in STATES]
        shown = [Retained(self._whole, ""), *self._no_single] if self.prefix else []
        return [*shown, *stood, Retained(self.topics.availability, "")]

    @property
    def _id(self) -> str:
        return f"unsit_{self.topics.desk}"

    @property
    def _whole(self) -> str:
        return f"{self.prefix}/device/{self._id}/config"

    def _topic(self, component: Component) -> str:
        return f"{self.prefix}/{component.platform}/{self._id}/{component.key}/config"

    @property
    def _no_single(self) -> list[Retained]:
        return [Retained(self._topic(each), "") for each in COMPONENTS]

    @property
    def _about(self) -> dict[str, Any]:
        return {
            "device": {
                "identifiers": [self._id],
                "name": f"Unsit {self.called}".rstrip(),
                "manufacturer": "Unsit",
                "sw_version": __version__,
            },
            "origin": {"name": "Unsit", "sw_version": __version__},
        }

    def _told(self, component: Component, able: Able, say: Phrases) -> dict[str, Any]:
        if component.platform == "device_automation":
            kind = {"automation_type": "trigger", "subtype": "button"}
            return {**kind, **component.more, "topic": self.topics.button, "qos": 1}
        called = "_".join(each for each in ("unsit", self.called.lower(), component.key) if each).replace("-", "_")
        told = {
            "name": say(component.name),
            "unique_id": f"{self._id}_{component.key}",
            **self._entity_id(component.platform, called),
            "availability": [{"topic": self.topics.availability}],
            "qos": 1,
            **component.more,
            **dict(self._led(component)),
            **(self._time(component) if self.single and component.more is _TIME else {}),
        }
        return told | ({"max": able.longest_due_min} if component.platform == "number" else {})

    def _entity_id(self, platform: str, called: str) -> Mapping[str, str]:
        """Its id for automations, which is the same in every language; until 2025.9 it was asked for as object_id."""
        return {"default_entity_id": f"{platform}.{called}", "object_id": called}

    def _time(self, component: Component) -> Mapping[str, Any]:
        """How a time that is none is told to an older version, which takes it for no message at all."""
        gone = {"value_template": "{{ 'offline' if value == 'None' else 'online' }}"}
        return {
            "availability": [
                {"topic": self.topics.availability},
                {"topic": self.topics.state(component.state), **gone},
            ],
            "availability_mode": "all",
            "value_template": "{{ '1970-01-01T00:00:00Z' if value == 'None' else value }}",
        }

    def _led(self, component: Component) -> Iterator[tuple[str, str]]:
        """The topics that it is led to."""
        if component.platform == "event":
            yield "state_topic", self.topics.event
        if component.state:
            yield "state_topic", self.topics.state(component.state)
        if "json_attributes_template" in component.more:
            yield "json_attributes_topic", self.topics.state(component.state)
        if component.command:
            yield "command_topic", self.topics.command(component.command)


def _has(able: Able, component: Component) -> bool:
    """Whether the desk has it."""
    sets = {"preset": able.sets_preset, "due_after": able.sets_due_after}
    if component.key in sets:
        return sets[component.key] != (component.platform == "sensor")
    return able.sounds or component.key not in ("mute", "muted_until")


def _json(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
