"""Which settings are in force, and where each comes from: default, preset, file, the page or the command line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from device.files.complaint import Complaint, OneLineError
from device.settings.changes_file import read_changes
from device.settings.settings import PanelSettings, Settings
from device.settings.settings_file import (
    BY_PRESET,
    PLACES,
    SettingsError,
    Written,
    found_file,
    keys_of_settings,
    lines_of,
    may_change,
    override_of,
    read_settings,
    settings_from,
    told_value,
)

DEFAULT, PRESET, FILE, PAGE, COMMAND = "default", "preset", "file", "page", "command"
"""Where a value may come from; each beats those before it."""

Place = Callable[[Settings], Path | None]
"""Says where the changes lie for settings without them; None for nowhere."""
Check = Callable[[Settings], object]
"""Raises a OneLineError for settings that go together, but not with what they name."""


@dataclass(frozen=True, slots=True)
class InForce:
    """The settings in force and where they come from."""

    settings: Settings
    file: Path | None = None
    """The settings file; None if there is none."""
    changes: Path | None = None
    """Where changes made on the page are kept; None for nowhere."""
    changed: Mapping[str, Any] = field(default_factory=dict)
    """The values of these changes by their keys, as far as they are in force."""
    trouble: Complaint | None = None
    """Why the changes are passed over; None if they aren't."""
    broker_trouble: str = ""
    """What is wrong with the settings about a broker, none of which is in force then; empty for nothing."""
    _below: Mapping[str, Written] = field(default_factory=dict)
    _above: Mapping[str, Written] = field(default_factory=dict)
    _check: Check = lambda _: None

    @property
    def sources(self) -> dict[str, str]:
        """Where each value comes from, by its key."""
        return {key: self._source(key) for key in keys_of_settings()}

    def _source(self, key: str) -> str:
        if key in self._above:
            return COMMAND
        if key in self.changed:
            return PAGE
        if key in self._below:
            return FILE
        return PRESET if key in BY_PRESET else DEFAULT

    @property
    def says(self) -> str:
        """What was changed on the page, in words; empty if nothing was."""
        return f"but for what was changed on the page, in {self.changes}: {', '.join(self.changed)}" * bool(
            self.changed
        )

    def left_open(self, topics: Mapping[str, str]) -> list[str]:
        """The topics whose setting nobody has written or changed."""
        return [topic for topic, key in topics.items() if self._source(key) == DEFAULT]

    def with_changes(self, values: Mapping[str, Any], reset: Collection[str] = ()) -> InForce:
        """The same with these values changed, and without the changes of the reset keys; `all` resets every one.

        Raises SettingsError, or the error of the check.
        """
        kept = {} if "all" in reset else {key: each for key, each in self.changed.items() if key not in reset}
        for key in [key for key in reset if key != "all"]:
            told_value(key, None)
        return self._with({**kept, **{key: told_value(key, value).value for key, value in values.items()}})

    def _with(self, changed: Mapping[str, Any], origin: str = "") -> InForce:
        for key, value in changed.items():
            told_value(key, value)
            if not may_change(key):
                raise SettingsError("{key} can only be changed in the settings file", origin, key=key)
        told = {key: Written(value, origin) for key, value in changed.items()}
        settings = settings_from({**self._below, **told, **self._above})
        self._check(settings)
        return replace(self, settings=settings, changed=changed, trouble=None)


def in_force(
    config: Path | None = None,
    overrides: Sequence[str] = (),
    places: Iterable[Path] = PLACES,
    changes: Place = lambda _: None,
    check: Check = lambda _: None,
) -> InForce:
    """The settings in force. Changes that make no sense, or don't go with the rest any more, are passed over.

    So are those about a broker, if one of them is wrong: the device has nothing to do with it. `overrides` are
    `key=value` texts. `check` is asked about settings with changes. Raises SettingsError.
    """
    file = config or found_file(places)
    below = read_settings(file) if file else {}
    above = {key: each for text in overrides for key, each in override_of(text).items()}
    trouble = _broker_trouble({**below, **above})
    if trouble:
        below, above = _without_broker(below), _without_broker(above)
    settings = settings_from({**below, **above})
    place = changes(settings)
    plain = InForce(settings, file, place, broker_trouble=trouble, _below=below, _above=above, _check=check)
    return _over(plain)


_BROKER = "mqtt."


def _broker_trouble(written: Mapping[str, Written]) -> str:
    try:
        settings_from({key: each for key, each in written.items() if key.startswith(_BROKER)})
    except SettingsError as error:
        return str(error)
    return ""


def _without_broker(written: Mapping[str, Written]) -> dict[str, Written]:
    return {key: each for key, each in written.items() if not key.startswith(_BROKER)}


def _over(plain: InForce) -> InForce:
    """The same with the changes over them, if these go with the rest."""
    if plain.changes is None:
        return plain
    try:
        changed = read_changes(plain.changes)
        return plain._with(changed, str(plain.changes)) if changed else plain
    except OneLineError as error:
        why = error.complaint if isinstance(error, SettingsError) else str(error)
        return replace(plain, trouble=Complaint("{file} is passed over: {why}", file=plain.changes, why=why))


def in_force_from(settings: Settings, changes: Path, check: Check = lambda _: None) -> InForce:
    """These settings, as if a file had those that aren't the defaults, and the changes that lie there."""
    defaults = set(lines_of(Settings()))
    own = [line for line in lines_of(settings) if line not in defaults]
    below = {key: replace(each, origin="settings") for line in own for key, each in override_of(line).items()}
    return _over(InForce(settings, None, changes, _below=below, _check=check))


def panel_settings(config: Path | None, overrides: Sequence[str], changes: Place = lambda _: None) -> PanelSettings:
    """The panel's settings as far as they are right, so that the panel can show what is wrong with the others."""
    try:
        return in_force(config, overrides, changes=changes).settings.panel
    except SettingsError:
        return _panel_alone(config)


def _panel_alone(config: Path | None) -> PanelSettings:
    try:
        file = config or found_file(PLACES)
        written = read_settings(file) if file else {}
        return settings_from({key: each for key, each in written.items() if key.startswith("panel.")}).panel
    except SettingsError:
        return PanelSettings()
