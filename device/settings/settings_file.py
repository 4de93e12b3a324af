"""Reads the settings from the file and the command line, and writes them as a file that loads again."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import Field, dataclass, fields, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, get_type_hints

from device.files.complaint import OneLineError, brief
from device.files.user_file import UserFileError, first_there, user_tables, user_text
from device.settings.seat_fault import seat_fault
from device.settings.settings import (
    RULES,
    Allowed,
    Limits,
    PanelSettings,
    Rule,
    Settings,
    address_text,
    claims,
    duration_of,
)
from device.words.durations import duration_s, duration_text

PLACES = (
    Path("/etc/unsit/unsit.toml"),
    # Any computer can write to the boot partition: /boot/firmware since Bookworm, /boot before.
    Path("/boot/firmware/unsit.toml"),
    Path("/boot/unsit.toml"),
)
"""Where to look for the settings file; the first one that exists counts."""

RECORDED = (
    *("limits.", "settle.", "reminders.", "guide.", "stretches.", "press.", "sounds."),
    *("screens.language", "screens.safety", "buzzer.kind", "seat.", "page.reach"),
)
"""The settings that facts depend on. Only these may be in a recorded day."""
_RECORDED_SAYS = ", ".join(each.removesuffix(".") for each in RECORDED)

PRESETS_S = {"couple-of-hours": (3600.0, 7200.0), "hourly": (3000.0, 3600.0), "half-hourly": (1500.0, 1800.0)}
"""The seconds until the invite and until the break is due, by preset."""

_SECTIONS: dict[str, type] = get_type_hints(Settings)
_SETTINGS: dict[str, tuple[str, Field[Any]]] = {
    f"{section}.{each.name.removesuffix('_s')}": (section, each)
    for section, words in _SECTIONS.items()
    for each in fields(words)
}
"""The section and the field of each setting, by its key in the file."""
_TYPES = {key: get_type_hints(_SECTIONS[section])[each.name] for key, (section, each) in _SETTINGS.items()}
_BARE_WORDS = re.compile(r"[\w.:+/-]+(?: +[\w.:+/-]+)*")
_SHOWN = 60
"""The most characters of a written value that an error message shows."""
# I2C bus 1 is always on these two pins.
_BUS_PINS = (2, 3)


class SettingsError(OneLineError):
    """A setting with which the device can't start; one line with file, key, what is wrong and what is allowed."""


@dataclass(frozen=True, slots=True)
class _Written:
    """A value as somebody wrote it, and where."""

    value: Any
    origin: str


def load_settings(
    config: Path | None = None,
    overrides: Sequence[str] = (),
    places: Iterable[Path] = PLACES,
    *,
    recorded: bool = False,
) -> tuple[Settings, Path | None]:
    """The settings in force and their file; None if there is no file, so that the defaults hold.

    `overrides` are `key=value` texts, which override the file. Days that were recorded with levels of the seat that are
    refused now are still played. Raises SettingsError.
    """
    file = config or _found(places)
    written = _read(file) if file else {}
    for override in overrides:
        written |= _override(override)
    return _settings(written, recorded=recorded), file


def recorded_setting(text: str) -> str:
    """The key of a setting in a recorded day. Raises SettingsError for a setting that no export writes.

    People pass recorded days on. So such a day may set only what facts depend on, and never a file.
    """
    ((key, written),) = _override(text, "setting").items()
    _, setting = _known(key, written)
    if not key.startswith(RECORDED):
        raise SettingsError(f"setting: {key} is not for a recorded day; allowed: {_RECORDED_SAYS}")
    value = _checked(key, written, setting)
    if setting.metadata["allowed"].is_path and value:
        raise SettingsError(f"setting: {key} is not for a recorded day, since it is a path; use --set for it")
    return key


def recorded_settings(told: Iterable[tuple[str, str]]) -> Settings:
    """The settings for a start in a recorded day; each text comes with its place. Raises SettingsError."""
    written: dict[str, _Written] = {}
    for origin, text in told:
        written |= _override(text, origin)
    return _settings(written, recorded=True)


def left_open(topics: Mapping[str, str], config: Path | None, overrides: Sequence[str]) -> list[str]:
    """The topics whose setting is neither in the file nor among the overrides. Raises SettingsError."""
    file = config or _found(PLACES)
    written = _read(file) if file else {}
    for override in overrides:
        written |= _override(override)
    return [topic for topic, key in topics.items() if key not in written]


def panel_settings(config: Path | None, overrides: Sequence[str]) -> PanelSettings:
    """The panel's settings as far as they are right, so that the panel can show what is wrong with the others."""
    try:
        return load_settings(config, overrides)[0].panel
    except SettingsError:
        return _panel_alone(config)


def as_toml(settings: Settings, file: Path | None, overrides: Sequence[str] = ()) -> str:
    """A commented settings file that loads as the same settings."""
    # A file name may have control characters, but a comment may not.
    whence = f"from {_quoted(str(file))[1:-1]}" if file else "defaults" if overrides else "all of them defaults"
    whence += " and --set" if overrides else ""
    lines = [f"# Unsit's settings in force, {whence}."]
    for section, words in _SECTIONS.items():
        part = getattr(settings, section)
        lines += ["", f"# {_first_line(words)}", f"[{section}]"]
        for each in fields(words):
            lines += [f"# {each.metadata['doc']} {each.metadata['allowed'].says}.".replace("..", ".")]
            lines += [f"{_key(each)} = {_as_written(each, getattr(part, each.name))}"]
    return "\n".join(lines) + "\n"


def lines_of(settings: Settings) -> list[str]:
    """Every setting in force, in the form that `--set` takes."""
    return [
        f"{section}.{_key(each)}={_as_written(each, getattr(getattr(settings, section), each.name))}"
        for section, words in _SECTIONS.items()
        for each in fields(words)
    ]


def field_of(key: str) -> Field[Any]:
    """The field of a setting, by its key in the file."""
    return _SETTINGS[key][1]


def setting_docs() -> dict[str, str]:
    """The purpose of each setting by its key, and of each section by its name."""
    docs: dict[str, str] = {}
    for section, words in _SECTIONS.items():
        docs[section] = _first_line(words)
        docs |= {f"{section}.{_key(each)}": each.metadata["doc"] for each in fields(words)}
    return docs


# ---- reading


def _found(places: Iterable[Path]) -> Path | None:
    try:
        return first_there(places)
    except UserFileError as error:
        raise SettingsError(str(error)) from error


def _read(file: Path) -> dict[str, _Written]:
    try:
        tables = user_tables(user_text(file), str(file))
    except UserFileError as error:
        raise SettingsError(str(error)) from error
    written: dict[str, _Written] = {}
    for section, table in tables.items():
        if not isinstance(table, Mapping):
            raise SettingsError(f"{file}: {section:.{_SHOWN}} stands outside of a [section]{_nearest_key(section)}")
        if section not in _SECTIONS:
            raise SettingsError(f"{file}: unknown section [{section:.{_SHOWN}}]{_nearest(section, _SECTIONS)}")
        written |= {f"{section}.{key}": _Written(value, str(file)) for key, value in table.items()}
    return written


def _panel_alone(config: Path | None) -> PanelSettings:
    try:
        file = config or _found(PLACES)
        written = _read(file) if file else {}
        return _settings({key: each for key, each in written.items() if key.startswith("panel.")}).panel
    except SettingsError:
        return PanelSettings()


def _override(text: str, origin: str = "--set") -> dict[str, _Written]:
    key, equals, value = (part.strip() for part in text.partition("="))
    if not equals or not key or not value:
        raise SettingsError(f"{origin} {text:.{_SHOWN}}: write it as key=value, such as limits.due_after=90min")
    return {key: _Written(_toml_value(value, f"{origin} {text:.{_SHOWN}}"), origin)}


def _toml_value(value: str, place: str) -> Any:
    try:
        table = user_tables(f"value = {value}", place)
        # A value with a line break could bring further keys.
        if list(table) == ["value"]:
            return table["value"]
    except UserFileError:
        # Bare words such as 20 min are text. Shells remove quotes too easily to insist on them.
        if _BARE_WORDS.fullmatch(value):
            return value
    raise SettingsError(f"{place}: {value:.{_SHOWN}} is neither a TOML value nor bare words")


def _settings(written: Mapping[str, _Written], *, recorded: bool = False) -> Settings:
    values: dict[str, dict[str, Any]] = {section: {} for section in _SECTIONS}
    for key, each in written.items():
        section, setting = _known(key, each)
        values[section][setting.name] = _checked(key, each, setting)
    settings = Settings(**{section: words(**values[section]) for section, words in _SECTIONS.items()})
    settings = replace(settings, limits=_with_preset(settings.limits, values["limits"]))
    _check_together(settings, written, recorded=recorded)
    return settings


def _known(key: str, written: _Written) -> tuple[str, Field[Any]]:
    """The section and the setting of a key."""
    if key not in _SETTINGS:
        raise SettingsError(f"{written.origin}: unknown key {key:.{_SHOWN}}{_nearest_key(key)}")
    return _SETTINGS[key]


def _with_preset(limits: Limits, own: Mapping[str, Any]) -> Limits:
    """The person's own numbers override the preset's. An invite that isn't set is never later than due."""
    invite_after_s, due_after_s = PRESETS_S[limits.preset]
    due_after_s = own.get("due_after_s", due_after_s)
    return replace(
        limits, due_after_s=due_after_s, invite_after_s=own.get("invite_after_s", min(invite_after_s, due_after_s))
    )


# ---- checking


def _checked(key: str, written: _Written, setting: Field[Any]) -> Any:
    allowed, wanted = setting.metadata["allowed"], _TYPES[key]
    try:
        value = _typed(written.value, wanted, setting)
    except (TypeError, ValueError) as error:
        raise _wrong(key, written, str(error), allowed) from error
    if not allowed.accepts(value):
        what = "is out of bounds" if _is_number(value) else "can't be a path" if allowed.is_path else "is none of them"
        raise _wrong(key, written, what, allowed)
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)


def _wrong(key: str, written: _Written, what: str, allowed: Allowed) -> SettingsError:
    value = written.value
    # Who writes 0x78 doesn't know it as 120, but -1 and True are no addresses.
    is_address = allowed.is_address and type(value) is int and 0 <= value <= 0xFFFF
    shown = address_text(value) if is_address else _briefly(value)
    return SettingsError(f"{written.origin}: {key} = {shown}: {what}; allowed: {allowed.says}")


def _typed(value: Any, wanted: Any, setting: Field[Any]) -> Any:
    if isinstance(setting.default, tuple):
        if not isinstance(value, list):
            raise TypeError("must be a list")
        return tuple(_single(each, wanted.__args__[0], setting) for each in value)
    return _single(value, wanted, setting)


def _single(value: Any, wanted: type, setting: Field[Any]) -> Any:
    if setting.name.endswith("_s"):
        if _is_number(value) and not isinstance(value, bool):
            raise TypeError(f'needs its unit, such as "{brief(value)}s" or "{brief(value)}min"')
        if not isinstance(value, str):
            raise TypeError("must be text with a unit")
        return duration_s(value)
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    # In Python True is an int, but it doesn't mean GPIO1.
    if not isinstance(value, wanted) or isinstance(value, bool):
        raise TypeError(_MUST_BE[wanted])
    # The command line can contain half a character (a surrogate), which can't be written to a file.
    if isinstance(value, str) and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise TypeError("is not UTF-8 text")
    return value


_MUST_BE = {int: "must be a whole number", float: "must be a number", str: "must be text"}


def _check_together(settings: Settings, written: Mapping[str, _Written], *, recorded: bool) -> None:
    """Check the values against each other."""

    for rule in RULES:
        if not rule.holds(settings):
            raise _contradiction(rule, settings, written)

    def clash(key: str, what: str) -> SettingsError:
        origin = next(
            (written[each].origin for each in written if each.startswith(key.split(".")[0] + ".")), "settings"
        )
        return SettingsError(f"{origin}: {key}: {what}")

    _check_claims(settings, clash)
    seat = settings.seat
    if seat.kind == "ads1115" and seat.channel > 3:
        raise clash("seat.channel", f"an ads1115 has no channel {seat.channel}; allowed: 0 to 3")
    rising = {name: value for name in ("empty", "leave_below", "sit_above", "seated") if (value := getattr(seat, name))}
    if seat.seated and not recorded and _rise(list(rising.values())) and (fault := seat_fault(seat)):
        raise SettingsError(f"{written[fault.partition(' ')[0]].origin}: {fault}")
    if not _rise(list(rising.values())) or (seat.seated and seat.levels is None):
        shown = ", ".join(f"{name} {value:g}" for name, value in rising.items())
        raise clash("seat", f"{shown}: these don't rise; allowed: empty < leave_below < sit_above < seated")


def _rise(levels: Sequence[float]) -> bool:
    return all(lower < higher for lower, higher in pairwise(levels))


def _contradiction(rule: Rule, settings: Settings, written: Mapping[str, _Written]) -> SettingsError:
    origin = next(
        (written[key].origin for key in (rule.key, rule.other, "limits.preset") if key in written), "settings"
    )
    first, second = (_lasts(key, settings, written) for key in (rule.key, rule.other))
    least = duration_text(duration_of(settings, rule.other))
    is_, allowed = (
        ("is not longer", f'longer than "{least}"') if rule.strictly else ("is shorter", f'"{least}" or longer')
    )
    return SettingsError(
        f"{origin}: {rule.key}: {is_} than {rule.other} ({first} and {second}): {rule.why}; "
        f"allowed: {allowed}, or a shorter {rule.other}"
    )


def _lasts(key: str, settings: Settings, written: Mapping[str, _Written]) -> str:
    """A duration, and where it comes from if nobody wrote it."""
    shown = f'"{duration_text(duration_of(settings, key))}"'
    if key in written:
        return shown
    return f"{shown} by {'the preset' if key in ('limits.due_after', 'limits.invite_after') else 'default'}"


def _check_claims(settings: Settings, clash: Callable[[str, str], SettingsError]) -> None:
    """No two parts may have the same pin or address."""
    taken: dict[str, str] = {}
    # What can't be set comes first, so that the line names what can.
    for claim in sorted(claims(settings), key=lambda claim: claim.is_set):
        what = f"GPIO{claim.number}" if claim.is_pin else address_text(claim.number)
        if what in taken:
            own = "a pin" if claim.is_pin else "an address"
            raise clash(claim.owner, f"{what} is {taken[what]} already; allowed: {own} of its own")
        if claim.is_pin and settings.panel.port == 1 and claim.number in _BUS_PINS:
            raise clash(claim.owner, f"{what} belongs to the panel's bus; allowed: any other pin")
        taken[what] = claim.owner


def _nearest_key(key: str) -> str:
    return _nearest(key, [f"{section}.{_key(each)}" for section, words in _SECTIONS.items() for each in fields(words)])


def _nearest(word: str, words: Iterable[str]) -> str:
    """The end of the message about an unknown word."""
    words = list(words)
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    # The key may be right, but in the wrong section or in none.
    near = near or [each for each in words if each.split(".")[-1] == word.split(".")[-1]]
    return f"; nearest: {near[0]}" if near else f"; `unsit settings` prints them all, such as {words[0]}"


# ---- writing


def _key(setting: Field[Any]) -> str:
    return setting.name.removesuffix("_s")


def _first_line(words: type) -> str:
    return (words.__doc__ or "").strip().splitlines()[0]


def _as_written(setting: Field[Any], value: Any) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_as_written(setting, each) for each in value) + "]"
    if setting.name.endswith("_s"):
        return f'"{duration_text(value)}"'
    return address_text(value) if setting.name in ("address", "contrast") else _shown(value)


def _shown(value: Any) -> str:
    """A value as TOML writes it."""
    return _quoted(value) if isinstance(value, str) else str(value)


def _briefly(value: Any) -> str:
    """Any written value, shortened for an error message."""
    if isinstance(value, str):
        return _quoted(value if len(value) <= _SHOWN else f"{value[:_SHOWN]}...")
    return str(value) if isinstance(value, float) else brief(value)


def _quoted(text: str) -> str:
    return f'"{"".join(_escaped(letter) for letter in text)}"'


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    if letter.isprintable():
        return letter
    # Line separators are escaped as well, since settings are kept one per line.
    return f"\\u{ord(letter):04x}" if ord(letter) <= 0xFFFF else f"\\U{ord(letter):08x}"
