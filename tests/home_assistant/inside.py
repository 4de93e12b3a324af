"""Home Assistant itself: this runs under its own Python, takes one JSON line after another, and answers each."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from unittest import mock

from homeassistant import auth, bootstrap, config, config_entries, loader
from homeassistant.components import device_automation
from homeassistant.const import __version__
from homeassistant.core import Event, HomeAssistant
from homeassistant.helpers import device_registry, entity_registry
from homeassistant.setup import async_setup_component
from homeassistant.util import dt

KNOWS_DEVICES = tuple(int(part) for part in __version__.split(".")[:2]) >= (2024, 11)
"""From this version on, one topic tells of a whole device; entries of the broker have another form, too."""
_OF_DEVICES = {"version": 2, "discovery_keys": {}, "subentries_data": ()}
_OF_ENTITIES = {"version": 1}


class House:
    """One Home Assistant, with the broker set up as its user would do in the browser."""

    def __init__(self, folder: str, port: int, http_port: int) -> None:
        self.hass = HomeAssistant(folder)
        self._port, self._http_port = port, http_port
        self._heard: list[dict[str, Any]] = []
        self._happened: list[dict[str, Any]] = []

    async def start(self) -> None:
        """Start it, with what stands in configuration.yaml."""
        hass = self.hass
        hass.config.skip_pip = True
        loader.async_setup(hass)
        hass.config_entries = config_entries.ConfigEntries(hass, {"_": "none"})
        await bootstrap.async_load_base_functionality(hass)
        hass.auth = await auth.auth_manager_from_config(hass, [{"type": "homeassistant"}], [])
        written = await config.async_hass_config_yaml(hass)
        http = {"server_host": "127.0.0.1", "server_port": self._http_port}
        hass.bus.async_listen("call_service", self._hear)
        hass.bus.async_listen("state_changed", self._note)
        for domain, asked in {"http": http, **written}.items():
            if domain != "homeassistant":
                assert await async_setup_component(hass, domain, {domain: asked}), domain
        assert await async_setup_component(hass, "mqtt", {})
        if not hass.config_entries.async_entries("mqtt"):
            await hass.config_entries.async_add(self._broker())
        await hass.async_start()

    def _broker(self) -> config_entries.ConfigEntry:
        form = _OF_DEVICES if KNOWS_DEVICES else _OF_ENTITIES
        return config_entries.ConfigEntry(
            **form, minor_version=1 if KNOWS_DEVICES else 2, domain="mqtt", title="broker", options={}, source="user",
            unique_id=None, data={"broker": "127.0.0.1", "port": self._port, "protocol": "5"},
        )  # fmt: skip

    def _hear(self, event: Event) -> None:
        self._heard.append(json.loads(json.dumps(event.data, default=str)))

    def _note(self, event: Event) -> None:
        state = event.data["new_state"]
        if state is not None and state.domain == "event" and "event_type" in state.attributes:
            self._happened.append(dict(state.attributes))

    # ---- what can be asked of it

    async def states(self) -> Any:
        """Every entity: its state and attributes."""
        return {each.entity_id: [each.state, dict(each.attributes)] for each in self.hass.states.async_all()}

    async def entities(self) -> Any:
        """The registry: unique ids, and the entities they belong to."""
        found = entity_registry.async_get(self.hass).entities.values()
        return {each.unique_id: [each.entity_id, each.entity_category] for each in found if each.platform == "mqtt"}

    async def devices(self) -> Any:
        """The registry of devices."""
        found = device_registry.async_get(self.hass).devices.values()
        return [[each.name, each.manufacturer, each.sw_version] for each in found]

    async def triggers(self) -> Any:
        """What the device can trigger without any entity."""
        ids = [each.id for each in device_registry.async_get(self.hass).devices.values()]
        kind = device_automation.DeviceAutomationType.TRIGGER
        found = await device_automation.async_get_device_automations(self.hass, kind, ids)
        ours = (each for some in found.values() for each in some if each["domain"] == "mqtt")
        return [[each["type"], each["subtype"]] for each in ours]

    async def call(self, domain: str, service: str, **data: Any) -> Any:
        """Call a service, as a tap on the dashboard does."""
        await self.hass.services.async_call(domain, service, data, blocking=True)

    async def calls(self) -> Any:
        """Every service that was called so far."""
        return self._heard

    async def happened(self) -> Any:
        """What every event entity has told so far, with its details."""
        return self._happened

    async def set_state(self, entity: str, state: str, **attributes: Any) -> Any:
        """An entity of another integration has this state."""
        self.hass.states.async_set(entity, state, attributes)

    async def be_at(self, time: str) -> Any:
        """It is that local time: whatever waits for it, or for earlier, is called."""
        then = datetime.fromisoformat(time).replace(tzinfo=dt.DEFAULT_TIME_ZONE)
        in_s = then.timestamp() - datetime.now().timestamp()
        with _believed(then):
            for timer in list(self.hass.loop._scheduled):
                # Others are timeouts of its connections.
                is_of_calendar = "_TrackPointUTCTime" in repr(timer)
                if is_of_calendar and not timer.cancelled() and timer.when() - self.hass.loop.time() <= in_s:
                    timer._run()
                    timer.cancel()
            await self.hass.async_block_till_done()


@contextmanager
def _believed(then: datetime) -> Iterator[None]:
    """Home Assistant's own tests travel in time like this, too."""
    utc = then.astimezone(dt.UTC)
    with (
        mock.patch("homeassistant.helpers.event.time_tracker_utcnow", return_value=utc),
        mock.patch("homeassistant.helpers.event.time_tracker_timestamp", utc.timestamp),
        mock.patch("homeassistant.util.dt.utcnow", return_value=utc),
        mock.patch("homeassistant.util.dt.now", lambda zone=None: utc.astimezone(zone or dt.DEFAULT_TIME_ZONE)),
    ):
        yield


async def main(folder: str, port: str, http_port: str) -> None:
    """Start, and answer until the other end hangs up."""
    house = House(folder, int(port), int(http_port))
    await house.start()
    reader = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    _say({"version": __version__})
    while line := await reader.readline():
        asked = json.loads(line)
        do: Callable[..., Awaitable[Any]] = getattr(house, asked.pop("do"))
        try:
            _say({"fine": True, "answer": await do(**asked)})
        except Exception as error:  # the other end has to hear of all
            _say({"fine": False, "why": repr(error)})
    await house.hass.async_stop(force=True)


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what, default=str) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
