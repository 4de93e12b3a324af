"""Reads the settings from the file and the command line, and writes them as a file that loads again."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import Field, dataclass, fields, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, get_type_hints

from device.files.complaint import Complaint, OneLineError, brief
from device.files.user_file import UserFileError, first_there, user_tables, user_text
from device.settings.plans import KEY as PLAN
from device.settings.plans import PlanError, as_blocks, as_one_line, plans_from
from device.settings.seat_fault import seat_fault
from device.settings.settings import (
    RULES,
    Allowed,
    Limits,
    MqttSettings,
    Plan,
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
    *("limits.", "settle.", "reminders.", "guide.", "stretches.", "press.", "sounds.", "hours.", "plan"),
    *("screens.language", "screens.safety", "buzzer.kind", "seat.", "page.reach", "persons."),
)
"""The settings that facts depend on. Only these may be in a recorded day."""
_RECORDED_SAYS = ", ".join(each.removesuffix(".") for each in RECORDED)

PRESETS_S = {"couple-of-hours": (3600.0, 7200.0), "hourly": (3000.0, 3600.0), "half-hourly": (1500.0, 1800.0)}
"""The seconds until the invite and until the break is due, by preset."""

BY_PRESET = ("limits.invite_after", "limits.due_after")
"""The settings that the preset decides unless they are written."""

SECTIONS: dict[str, type] = {name: words for name, words in get_type_hints(Settings).items() if name != "plans"}
"""The sections of the file, by their names."""
_SETTINGS: dict[str, tuple[str, Field[Any]]] = {
    f"{section}.{each.name.removesuffix('_s')}": (section, each)
    for section, words in SECTIONS.items()
    for each in fields(words)
}
"""The section and the field of each setting, by its key in the file."""
_TYPES = {key: get_type_hints(SECTIONS[section])[each.name] for key, (section, each) in _SETTINGS.items()}
_BARE_WORDS = re.compile(r"[\w.:+/-]+(?: +[\w.:+/-]+)*")
_SHOWN = 60
"""The most characters of a written value that an error message shows."""
# I2C bus 1 is always on these two pins.
_BUS_PINS = (2, 3)


class SettingsError(OneLineError):
    """A setting with which the device can't start; one line with file, key, what is wrong and what is allowed."""

    def __init__(self, text: str, origin: str = "", /, **values: object) -> None:
        """`origin` is where it was written, if that is to be named."""
        self.complaint = Complaint(text, **values)
        """The same without the origin, so that it can be translated."""
        super().__init__(f"{origin}: {self.complaint}" if origin else str(self.complaint))


@dataclass(frozen=True, slots=True)
class Written:
    """A value as somebody wrote it, and where; an empty origin isn't named in error messages."""

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
    file = config or found_file(places)
    written = read_settings(file) if file else {}
    for override in overrides:
        written |= override_of(override)
    return settings_from(written, recorded=recorded), file


def recorded_setting(text: str) -> str:
    """The key of a setting in a recorded day. Raises SettingsError for a setting that no export writes.

    People pass recorded days on. So such a day may set only what facts depend on, and never a file.
    """
    ((key, written),) = override_of(text, "setting").items()
    if key == PLAN:
        return key
    _, setting = _known(key, written)
    if not key.startswith(RECORDED):
        raise SettingsError("{key} is not for a recorded day; allowed: {says}", "setting", key=key, says=_RECORDED_SAYS)
    value = _checked(key, written, setting)
    if setting.metadata["allowed"].is_path and value:
        raise SettingsError("{key} is not for a recorded day, since it is a path; use --set for it", "setting", key=key)
    return key


def recorded_settings(told: Iterable[tuple[str, str]]) -> Settings:
    """The settings for a start in a recorded day; each text comes with its place. Raises SettingsError."""
    written: dict[str, Written] = {}
    for origin, text in told:
        written |= override_of(text, origin)
    return settings_from(written, recorded=True)


def as_toml(
    settings: Settings,
    file: Path | None,
    overrides: Sequence[str] = (),
    sources: Mapping[str, str] | None = None,
    remarks: Iterable[str] = (),
) -> str:
    """A commented settings file that loads as the same settings. `sources` say where each comes from.

    `remarks` are lines that stand at its top.
    """
    # A file name may have control characters, but a comment may not.
    whence = f"from {_quoted(str(file))[1:-1]}" if file else "defaults" if overrides else "all of them defaults"
    whence += " and --set" if overrides else ""
    lines = [f"# Unsit's settings in force, {whence}.", *(f"# {each}" for each in remarks)]
    for section, words in SECTIONS.items():
        lines += ["", f"# {_first_line(words)}", f"[{section}]"]
        for each in fields(words):
            lines += [f"# {each.metadata['doc']} {each.metadata['allowed'].says}.".replace("..", ".")]
            key = f"{section}.{_key(each)}"
            lines += [f"{_key(each)} = {text_of(settings, key)}" + (f"  # {sources[key]}" if sources else "")]
    lines += as_blocks(settings.plans, _quoted)
    return "\n".join(lines) + "\n"


def changes_as_toml(settings: Settings, keys: Collection[str]) -> str:
    """The values of those settings, as a settings file has them."""
    lines = []
    for section, words in SECTIONS.items():
        own = [each for each in map(_key, fields(words)) if f"{section}.{each}" in keys]
        lines += (
            [f"[{section}]", *(f"{each} = {text_of(settings, f'{section}.{each}')}" for each in own)] if own else []
        )
    return "\n".join(lines) + "\n"


def keys_of_settings() -> Iterable[str]:
    """The keys of all settings, in the order of the file."""
    return _SETTINGS


def text_of(settings: Settings, key: str) -> str:
    """The value of a setting, as the file has it."""
    section, setting = _SETTINGS[key]
    return _as_written(setting, getattr(getattr(settings, section), setting.name))


def lines_of(settings: Settings) -> list[str]:
    """Every setting in force, and the plans, in the form that `--set` takes."""
    plans = as_one_line(settings.plans, _quoted)
    return [*(f"{key}={text_of(settings, key)}" for key in _SETTINGS), f"{PLAN}={plans}"]


def told_value(key: str, value: Any) -> Written:
    """A value that the page tells, which may be text as in the file or as in `--set`. Raises SettingsError."""
    told = Written(value, "")
    _, setting = _known(key, told)
    if not isinstance(value, str):
        return told
    is_text = _TYPES[key] is str or (_TYPES[key] is float and setting.name.endswith("_s"))
    if is_text and not value.startswith('"'):
        return told
    try:
        return Written(_toml_value(value, ""), "")
    except SettingsError:
        # The check says what is wrong with it.
        return told


def may_change(key: str) -> bool:
    """Whether a setting may be changed without the file.

    Not if it says where files are or who hears of the person, or is the page's own.
    """
    return not (key.startswith(("journal.", "page.", "mqtt.")) or _SETTINGS[key][1].metadata["allowed"].is_path)


def field_of(key: str) -> Field[Any]:
    """The field of a setting, by its key in the file."""
    return _SETTINGS[key][1]


def setting_docs() -> dict[str, str]:
    """The purpose of each setting by its key, and of each section by its name."""
    docs: dict[str, str] = {}
    for section, words in SECTIONS.items():
        docs[section] = _first_line(words)
        docs |= {f"{section}.{_key(each)}": each.metadata["doc"] for each in fields(words)}
    return docs


# ---- reading


def found_file(places: Iterable[Path]) -> Path | None:
    """The first of these files that exists. Raises SettingsError."""
    try:
        return first_there(places)
    except UserFileError as error:
        raise SettingsError("{error}", error=error) from error


def read_settings(file: Path) -> dict[str, Written]:
    """The values in a file by their keys, unchecked. Raises SettingsError."""
    try:
        tables = user_tables(user_text(file), str(file))
    except UserFileError as error:
        raise SettingsError("{error}", error=error) from error
    written: dict[str, Written] = {}
    for section, table in tables.items():
        if section == PLAN:
            written[PLAN] = Written(table, str(file))
            continue
        if not isinstance(table, Mapping):
            hint = _nearest_key(section)
            raise SettingsError(
                "{section} stands outside of a [section]{hint}", str(file), section=section[:_SHOWN], hint=hint
            )
        if section not in SECTIONS:
            hint = _nearest(section, SECTIONS)
            raise SettingsError("unknown section [{section}]{hint}", str(file), section=section[:_SHOWN], hint=hint)
        written |= {f"{section}.{key}": Written(value, str(file)) for key, value in table.items()}
    return written


def override_of(text: str, origin: str = "--set") -> dict[str, Written]:
    """The value in a `key=value` text by its key, unchecked. Raises SettingsError."""
    key, equals, value = (part.strip() for part in text.partition("="))
    if not equals or not key or not value:
        raise SettingsError("write it as key=value, such as limits.due_after=90min", f"{origin} {text:.{_SHOWN}}")
    shown = key if _may_be_secret(key) else text
    return {key: Written(_toml_value(value, f"{origin} {shown:.{_SHOWN}}", secret=shown is key), origin)}


def _may_be_secret(key: str) -> bool:
    return key in _SETTINGS and bool(field_of(key).metadata["allowed"].is_secret)


def _toml_value(value: str, place: str, *, secret: bool = False) -> Any:
    try:
        table = user_tables(f"value = {value}", place)
        # A value with a line break could bring further keys.
        if list(table) == ["value"]:
            return table["value"]
    except UserFileError:
        # Bare words such as 20 min are text. Shells remove quotes too easily to insist on them.
        if _BARE_WORDS.fullmatch(value):
            return value
    if secret:
        raise SettingsError("what is given is neither a TOML value nor bare words", place)
    raise SettingsError("{value} is neither a TOML value nor bare words", place, value=value[:_SHOWN])


def settings_from(written: Mapping[str, Written], *, recorded: bool = False) -> Settings:
    """The settings with these values, checked one by one and together. Raises SettingsError."""
    plain = {key: each for key, each in written.items() if key != PLAN}
    settings = _without_plans(plain, recorded=recorded)
    return replace(settings, plans=_plans(written[PLAN], plain, recorded=recorded)) if PLAN in written else settings


def _plans(told: Written, plain: Mapping[str, Written], *, recorded: bool) -> tuple[Plan, ...]:
    def changed(values: Mapping[str, Any], place: str) -> Settings:
        origin = f"{told.origin}: {place}".removeprefix(": ")
        # Limits of a plan of its own don't mix with those outside of it.
        mixed = {"limits.preset": BY_PRESET, "limits.due_after": ("limits.invite_after",)}
        dropped = {each for key in values for each in mixed.get(key, ())}
        kept = {key: each for key, each in plain.items() if key not in dropped}
        own = {key: Written(value, origin) for key, value in values.items()}
        return _without_plans({**kept, **own}, recorded=recorded)

    try:
        return plans_from(told.value, changed, text_of)
    except PlanError as error:
        origin = f"{told.origin}: {error.place}".removeprefix(": ")
        raise SettingsError("{complaint}", origin, complaint=error.complaint) from error


def _without_plans(written: Mapping[str, Written], *, recorded: bool) -> Settings:
    values: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
    for key, each in written.items():
        section, setting = _known(key, each)
        values[section][setting.name] = _checked(key, each, setting)
    settings = Settings(**{section: words(**values[section]) for section, words in SECTIONS.items()})
    settings = replace(settings, limits=_with_preset(settings.limits, values["limits"]))
    _check_together(settings, written, recorded=recorded)
    return settings


def _known(key: str, written: Written) -> tuple[str, Field[Any]]:
    """The section and the setting of a key."""
    if key not in _SETTINGS:
        raise SettingsError("unknown key {key}{hint}", written.origin, key=key[:_SHOWN], hint=_nearest_key(key))
    return _SETTINGS[key]


def _with_preset(limits: Limits, own: Mapping[str, Any]) -> Limits:
    """The person's own numbers override the preset's. An invite that isn't set is never later than due."""
    invite_after_s, due_after_s = PRESETS_S[limits.preset]
    due_after_s = own.get("due_after_s", due_after_s)
    return replace(
        limits, due_after_s=due_after_s, invite_after_s=own.get("invite_after_s", min(invite_after_s, due_after_s))
    )


def goes_by_preset(limits: Limits, preset: str) -> bool:
    """Whether these limits are that preset's, without numbers of one's own."""
    return limits.preset == preset and (limits.invite_after_s, limits.due_after_s) == PRESETS_S[preset]


# ---- checking


def _checked(key: str, written: Written, setting: Field[Any]) -> Any:
    allowed, wanted = setting.metadata["allowed"], _TYPES[key]
    try:
        value = _typed(written.value, wanted, setting)
    except (TypeError, ValueError) as error:
        raise _wrong(key, written, error.args[0], allowed) from error
    if not allowed.accepts(value):
        what = "is out of bounds" if _is_number(value) else "can't be a path" if allowed.is_path else "is none of them"
        raise _wrong(key, written, what, allowed)
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float)


def _wrong(key: str, written: Written, what: str | Complaint, allowed: Allowed) -> SettingsError:
    value = written.value
    # Who writes 0x78 doesn't know it as 120, but -1 and True are no addresses.
    is_address = allowed.is_address and type(value) is int and 0 <= value <= 0xFFFF
    shown = address_text(value) if is_address else _briefly(value)
    says: str | Complaint = allowed.says
    if allowed.low is not None:
        low, _, high = allowed.says.partition(" to ")
        says = Complaint("{low} to {high}", low=low, high=high)
    if allowed.is_secret:
        return SettingsError(_NOT_REPEATED, written.origin, key=key, says=says)
    return SettingsError(
        "{key} = {shown}: {what}; allowed: {says}", written.origin, key=key, shown=shown, what=what, says=says
    )


def _typed(value: Any, wanted: Any, setting: Field[Any]) -> Any:
    if isinstance(setting.default, tuple):
        if not isinstance(value, list):
            raise TypeError("must be a list")
        return tuple(_single(each, wanted.__args__[0], setting) for each in value)
    return _single(value, wanted, setting)


def _single(value: Any, wanted: type, setting: Field[Any]) -> Any:
    if setting.name.endswith("_s"):
        if _is_number(value) and not isinstance(value, bool):
            raise TypeError(Complaint('needs its unit, such as "{number}s" or "{number}min"', number=brief(value)))
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


_NOT_REPEATED = "{key}: has something else in it, which may be a secret and isn't repeated; allowed: {says}"
_MUST_BE = {int: "must be a whole number", float: "must be a number", str: "must be text"}


def _check_together(settings: Settings, written: Mapping[str, Written], *, recorded: bool) -> None:
    """Check the values against each other."""

    for rule in RULES:
        if not rule.holds(settings):
            raise _contradiction(rule, settings, written)

    def clash(key: str, what: Complaint) -> SettingsError:
        origin = next(
            (written[each].origin for each in written if each.startswith(key.split(".")[0] + ".")), "settings"
        )
        return SettingsError("{key}: {what}", origin, key=key, what=what)

    _check_claims(settings, clash)
    _check_broker(settings.mqtt, clash)
    seat = settings.seat
    if seat.kind == "ads1115" and seat.channel > 3:
        raise clash("seat.channel", Complaint("an ads1115 has no channel {nth}; allowed: 0 to 3", nth=seat.channel))
    rising = {name: value for name in ("empty", "leave_below", "sit_above", "seated") if (value := getattr(seat, name))}
    if seat.seated and not recorded and _rise(list(rising.values())) and (fault := seat_fault(seat)):
        raise SettingsError("{fault}", written[fault.partition(" ")[0]].origin, fault=fault)
    if not _rise(list(rising.values())) or (seat.seated and seat.levels is None):
        shown = ", ".join(f"{name} {value:g}" for name, value in rising.items())
        fallen = Complaint("{shown}: these don't rise; allowed: empty < leave_below < sit_above < seated", shown=shown)
        raise clash("seat", fallen)


def _rise(levels: Sequence[float]) -> bool:
    return all(lower < higher for lower, higher in pairwise(levels))


def _contradiction(rule: Rule, settings: Settings, written: Mapping[str, Written]) -> SettingsError:
    origin = next(
        (written[key].origin for key in (rule.key, rule.other, "limits.preset") if key in written), "settings"
    )
    first, second = (_lasts(key, settings, written) for key in (rule.key, rule.other))
    least = duration_text(duration_of(settings, rule.other))
    return SettingsError(
        "{key}: is not longer than {other} ({first} and {second}): {why}; "
        'allowed: longer than "{least}", or a shorter {other}'
        if rule.strictly
        else "{key}: is shorter than {other} ({first} and {second}): {why}; "
        'allowed: "{least}" or longer, or a shorter {other}',
        origin,
        key=rule.key,
        other=rule.other,
        first=first,
        second=second,
        why=rule.why,
        least=least,
    )


def _lasts(key: str, settings: Settings, written: Mapping[str, Written]) -> str | Complaint:
    """A duration, and where it comes from if nobody wrote it."""
    shown = f'"{duration_text(duration_of(settings, key))}"'
    if key in written:
        return shown
    return Complaint("{shown} by the preset" if key in BY_PRESET else "{shown} by default", shown=shown)


def _check_claims(settings: Settings, clash: Callable[[str, Complaint], SettingsError]) -> None:
    """No two parts may have the same pin or address."""
    taken: dict[str, str] = {}
    # What can't be set comes first, so that the line names what can.
    for claim in sorted(claims(settings), key=lambda claim: claim.is_set):
        what = f"GPIO{claim.number}" if claim.is_pin else address_text(claim.number)
        if what in taken:
            already = Complaint(
                "{what} is {owner} already; allowed: a pin of its own"
                if claim.is_pin
                else "{what} is {owner} already; allowed: an address of its own",
                what=what,
                owner=taken[what],
            )
            raise clash(claim.owner, already)
        if claim.is_pin and settings.panel.port == 1 and claim.number in _BUS_PINS:
            raise clash(claim.owner, Complaint("{what} belongs to the panel's bus; allowed: any other pin", what=what))
        taken[what] = claim.owner


def _check_broker(mqtt: MqttSettings, clash: Callable[[str, Complaint], SettingsError]) -> None:
    """What would be passed over silently is a mistake."""
    if mqtt.ca and mqtt.tls == "no":
        raise clash("mqtt.ca", Complaint("nothing is encrypted; allowed: with {key}", key='mqtt.tls = "yes"'))
    if mqtt.password and not mqtt.user:
        raise clash("mqtt.password", Complaint("whose is it? allowed: together with {key}", key="mqtt.user"))


def _nearest_key(key: str) -> str:
    return _nearest(key, [f"{section}.{_key(each)}" for section, words in SECTIONS.items() for each in fields(words)])


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
