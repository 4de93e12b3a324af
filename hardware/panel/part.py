"""The panel as a part of the device: how it is made and checked, and how it is unplugged at the simulated desk."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from luma.core.error import Error as LumaError

from device.settings.settings import PanelSettings, address_text
from device.words.effects import Card, Show
from device.words.events import Panel
from hardware.panel.bus import panel_on
from hardware.panel.oled import OledPanel
from hardware.panel.which_panel import ASKS, FOUND, show_lines
from hardware.shared.checking import Checking, Found
from hardware.shared.part import FarEnd, FarWires, Part, Wires

_TEST_CARD = Card(
    "Unsit", ("The quick brown fox", "jumps over the lazy", "dog. 0123456789 +:?", "Is it upright?"), "a test"
)
_SILENT = "it doesn't answer; the line about the bus says more"


def _make(wires: Wires) -> OledPanel:
    panel = wires.settings.panel
    return OledPanel(panel, wires.inbox, partial(panel_on, wires.bus, panel.address))


class _Plug(FarEnd):
    """The panel's plug at the simulated desk, whose bus has the panel on it from the start."""

    hand = "panel"

    def __init__(self, wires: FarWires) -> None:
        self._wires = wires
        self._unplugged: Any = None

    def act(self, value: bool) -> None:
        """Plug the panel in, or unplug it."""
        address = self._wires.settings.panel.address
        if not value:
            self._unplugged = self._wires.bus.unplug(address) or self._unplugged
        elif self._unplugged is not None:
            self._wires.bus.plug(address, self._unplugged)
        self._wires.seen()


# ---- its check


def _check(checking: Checking) -> Found:
    found = _which_panel(checking)
    if found is None:
        return _SILENT, ""
    settings, todo = found
    panel = OledPanel(settings, checking.inbox, partial(panel_on, checking.bus, settings.address))
    try:
        panel.perform(Show(_TEST_CARD), checking.clock.now())
        if any(isinstance(event, Panel) and not event.present for event in checking.events_for(0.0)):
            return _SILENT, ""
        checking.ask("The panel shows a text. Upside down: panel.rotation = 180.")
    finally:
        panel.close()
    return todo, f"it answers at {address_text(settings.address)}, driver {settings.driver}"


def _which_panel(checking: Checking) -> tuple[PanelSettings, str | None] | None:
    """The settings that fit the connected panel, and what is left to do; None if no panel answers."""
    panel = checking.settings.panel
    try:
        serial = panel_on(checking.bus, panel.address)
        try:
            show_lines(serial)
        finally:
            serial.cleanup()
    except (OSError, LumaError):
        return None
    driver, first_column = FOUND.get(checking.ask(ASKS).strip(), (panel.driver, panel.first_column))
    if driver == "ssd1306" and panel.driver != "sh1106":
        driver = panel.driver
    changed: dict[str, str | int] = {}
    if driver != panel.driver:
        changed["driver"] = driver
    if driver == "sh1106" and first_column != panel.first_column:
        changed["first_column"] = first_column
    if not changed:
        return panel, None
    return replace(panel, driver=driver, first_column=first_column), _to_be_written(checking, changed)


def _to_be_written(checking: Checking, changed: dict[str, str | int]) -> str | None:
    """Write the settings into the file; if that can't be done, say what the person has to write."""
    lines = ", ".join(
        f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value}" for key, value in changed.items()
    )
    kept_in = checking.keep(changed)
    if kept_in is None:
        return f"below [panel] in the settings file, write {lines}"
    checking.remark(f"{lines} is written into {kept_in}, for the next start")
    return None


PART = Part("panel", _check, _Plug, output=_make)
