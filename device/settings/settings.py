"""Every number the device goes by: its default, its bounds and its reason.

A field that ends in `_s` is a duration. In the settings file it carries its unit in the value, not in the name:
`due_after_s` is written `due_after = "2h"`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from ipaddress import ip_address
from itertools import pairwise
from typing import Any

from device.files.alphabet import LETTERS
from device.settings.week import ALL_DAY, DAYS, Week, are_day_hours
from device.words.durations import duration_text
from device.words.levels import SeatLevels, seat_levels
from device.words.traits import CLOTHES, CONDITIONS, NEEDS, Area


@dataclass(frozen=True, slots=True)
class Allowed:
    """The allowed values, and how to say what is allowed."""

    accepts: Callable[[Any], bool]
    says: str
    is_path: bool = False
    """The value is a path."""
    is_address: bool = False
    """The value is an address on the I2C bus."""
    is_secret: bool = False
    """What is written there by mistake may be a secret, so no message repeats it."""
    low: float | None = None
    high: float | None = None
    """The bounds of a number or a duration, in seconds; for a list of durations, of each."""
    options: tuple[str | int, ...] = ()
    """What there is to choose from; empty if it is no choice."""


def address_text(address: int) -> str:
    """An address on the I2C bus, as boards and data sheets have it."""
    return f"0x{address:02X}"


def _setting(default: Any, doc: str, allowed: Allowed) -> Any:
    return field(default=default, metadata={"doc": doc, "allowed": allowed})


def _from_to(low: float, high: float) -> Allowed:
    return Allowed(lambda value: low <= value <= high, f"{low:g} to {high:g}", low=low, high=high)


_CHANNELS = "0 to 3 on an ads1115, 0 to 7 on an mcp3008"


def _address(low: int, high: int) -> Allowed:
    says = f"{address_text(low)} to {address_text(high)}"
    return Allowed(lambda value: low <= value <= high, says, is_address=True, low=low, high=high)


def _lasting(low_s: float, high_s: float) -> Allowed:
    says = f'"{duration_text(low_s)}" to "{duration_text(high_s)}"'
    return Allowed(lambda value: low_s <= value <= high_s, says, low=low_s, high=high_s)


def _one_of(*values: str | int) -> Allowed:
    shown = [f'"{value}"' if isinstance(value, str) else str(value) for value in values]
    return Allowed(lambda value: value in values, ", ".join(shown[:-1]) + f" or {shown[-1]}", options=values)


def _few_and_far_between(times_s: tuple[float, ...]) -> bool:
    apart = all(later - earlier >= 120 for earlier, later in pairwise(times_s))
    return len(times_s) <= 4 and apart and all(time_s <= _LATEST_REMINDER_S for time_s in times_s)


def _is_none_or_apart(every_s: float) -> bool:
    return every_s == 0 or 300 <= every_s <= 43200


_GPIO = _from_to(0, 27)
_LATEST_REMINDER_S = 43200


def _are_hours(value: str) -> bool:
    return value == "" or (bool(_HOURS.fullmatch(value)) and value[:5] != value[6:])


def _any_of(*values: str) -> Allowed:
    says = "any of " + ", ".join(f'"{value}"' for value in values)
    return Allowed(lambda chosen: set(chosen) <= set(values), says, options=values)


def is_host(name: str) -> bool:
    """Whether it is the name or address of a computer, in the form that browsers ask for."""
    return bool(re.fullmatch(r"[a-z0-9]([a-z0-9.-]{0,98}[a-z0-9])?|\[[0-9a-f:.]{2,45}\]", name))


def is_ip(text: str) -> bool:
    """Whether it is the address of a computer, IPv4 or IPv6, in numbers."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return "%" not in text


def _is_broker(host: str) -> bool:
    return host == "" or is_ip(host) or bool(re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?", host))


def _is_topic(topic: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z0-9_-]{1,30}(/[A-Za-z0-9_-]{1,30}){0,4}", topic))


def _is_file(path: str) -> bool:
    return path == "" or (path.startswith("/") and _can_be_a_path(path))


def _are_persons(names: tuple[str, ...]) -> bool:
    """Whether these are no names at all, or different ones that the panel can show."""
    fit = all(1 <= len(name) <= LONGEST_NAME and name == " ".join(name.split()) for name in names)
    drawn = all(letter in LETTERS for name in names for letter in name)
    different = len({name.casefold() for name in names}) == len(names)
    return len(names) in (0, *range(2, MOST_PERSONS + 1)) and fit and drawn and different


def _a_path(says: str) -> Allowed:
    return Allowed(_can_be_a_path, f"{says}; each name in it up to 255 bytes, without NUL", is_path=True)


def _can_be_a_path(value: str) -> bool:
    names = [name.encode() for name in value.split("/")]
    return "\0" not in value and all(len(name) <= 255 for name in names) and len(value.encode()) < 4096


def _is_a_calendar(value: str) -> bool:
    is_file = value.startswith("/") and _can_be_a_path(value)
    return is_file or bool(CALENDAR_NAME.fullmatch(value))


def _is_a_language(value: str) -> bool:
    return bool(re.fullmatch(r"[a-z]{2}", value))


def _is_a_moment(value: str) -> bool:
    try:
        return value == "" or datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


LONGEST_NAME = 12
MOST_PERSONS = 8
_THRESHOLDS = ("sit_above", "leave_below")
IN_TIME_S = 900.0
"""The default for how many seconds after due a person may rise in time."""
TOPICS = {"language": "screens.language", "conditions": "stretches.conditions"}
"""The topics that the device asks about at its first start, in order, unless their settings are written."""
ROUTINES = ("hips", "psoas", "glutes-and-core", "upper", "quiet", "one-move")
"""The ready-made routines; content/routines.toml says what is in them."""
CALENDAR_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,29}")
"""What a secret address of a calendar may be called."""
MOST_CALENDARS = 10
_HOURS = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True, slots=True)
class Limits:
    """How long you may sit, and what counts as having been up."""

    preset: str = _setting(
        "couple-of-hours",
        "Silent offer and due break: at 60 and 120 min, at 50 and 60, or at 25 and 30.",
        _one_of("couple-of-hours", "hourly", "half-hourly"),
    )
    invite_after_s: float = _setting(
        3600.0, "The silent offer on the screen; as late as the due break means none.", _lasting(1, 43200)
    )
    due_after_s: float = _setting(
        7200.0, "When the break is due, if the preset's time doesn't suit you.", _lasting(1, 43200)
    )
    heads_up_s: float = _setting(120.0, "How long before that the screen says so.", _lasting(0, 3600))
    in_time_s: float = _setting(
        IN_TIME_S, "A due break that you rise for this soon is taken in time; else it is late.", _lasting(60, 43200)
    )
    break_after_s: float = _setting(
        60.0, "An empty chair for this long is a break and ends the bout.", _lasting(1, 3600)
    )
    full_break_s: float = _setting(120.0, "An empty chair for this long resets the count.", _lasting(2, 7200))
    still_you_after_s: float = _setting(
        14400.0, "Seated this long without a lift, the screen asks: still you?", _lasting(60, 86400)
    )
    day_closes_after_s: float = _setting(14400.0, "An empty chair for this long closes the day.", _lasting(600, 86400))
    short_every_s: float = _setting(
        0.0,
        "Seated this long without a short break, one is offered; 0s: none.",
        replace(_lasting(300, 43200), accepts=_is_none_or_apart, says='"0s", "5min" to "12h"', low=0),
    )
    short_break_s: float = _setting(20.0, "An empty chair for this long is a short break.", _lasting(5, 3600))
    standing: str = _setting(
        "break",
        "Off the chair for long is all break; half, for a desk that rises: after 45 min the panel offers to move.",
        _one_of("break", "half"),
    )


@dataclass(frozen=True, slots=True)
class Settle:
    """How long a level must hold before it is believed."""

    sit_s: float = _setting(5.0, "Taken for this long without a gap: somebody sits.", _lasting(0, 60))
    leave_s: float = _setting(15.0, "Empty for this long without a gap: they have left.", _lasting(0, 60))


@dataclass(frozen=True, slots=True)
class ReminderSettings:
    """When a due break speaks up."""

    after_due_s: tuple[float, ...] = _setting(
        (60.0, 240.0, 480.0, 1800.0),
        "When it sounds, counted from due.",
        Allowed(
            _few_and_far_between,
            'up to 4 times that rise by "2min" or more, up to "12h", such as ["1min", "4min"]',
            low=0,
            high=_LATEST_REMINDER_S,
        ),
    )
    after_sitting_back_s: float = _setting(120.0, "No sound before you have sat this long again.", _lasting(0, 3600))
    snooze_s: float = _setting(300.0, "How long a snooze lasts.", _lasting(10, 3600))
    snoozes: int = _setting(2, "How many snoozes one sitting time has; after those the hold mutes.", _from_to(0, 10))
    mute_s: float = _setting(3600.0, "How long a mute lasts.", _lasting(60, 43200))
    acknowledged_s: float = _setting(120.0, "How long an acknowledged break waits for you to rise.", _lasting(10, 3600))


@dataclass(frozen=True, slots=True)
class GuideSettings:
    """When the guide starts, pauses and ends."""

    begins_after_s: float = _setting(
        2.0, "Chair empty for this long when a break is due or acknowledged: it begins.", _lasting(0, 60)
    )
    pauses_after_s: float = _setting(2.0, "Chair taken for this long: it pauses.", _lasting(0, 60))
    ends_after_s: float = _setting(20.0, "Chair taken for this long: it ends.", _lasting(1, 600))
    title_s: float = _setting(2.5, "How long the name of a stretch stands there at least.", _lasting(1, 30))
    place_s: float = _setting(
        7.0,
        "How long you have to get to the wall, desk or chair that a stretch takes, or down to the floor.",
        _lasting(1, 30),
    )
    side_s: float = _setting(5.0, "How long a side stands there at least.", _lasting(1, 30))


@dataclass(frozen=True, slots=True)
class Stretching:
    """Which stretches a break has."""

    minutes: int = _setting(3, "How long a routine is.", _from_to(1, 10))
    routine: str = _setting(
        "by-turns",
        "By turns: hips every time, then what has waited for longest; else always this one.",
        _one_of("by-turns", *ROUTINES),
    )
    seated: str = _setting("no", "Offer those on the chair, too; they are no break.", _one_of("no", "yes"))
    leave_out: tuple[str, ...] = _setting(
        (), "Never these. In a file by their ids; `unsit stretches list` has them.", Allowed(lambda _: True, "any ids")
    )
    areas_out: tuple[str, ...] = _setting((), "None for these areas.", _any_of(*(area.value for area in Area)))
    without: tuple[str, ...] = _setting(
        ("floor",), "None that takes one of these; chair means one that can't roll.", _any_of(*NEEDS)
    )
    clothes: str = _setting("any", "Only what can be done in them.", _one_of("any", *CLOTHES))
    conditions: tuple[str, ...] = _setting(
        (), "None that is wrong with one of these. No medical advice; ask if unsure.", _any_of(*CONDITIONS)
    )
    folder: str = _setting(
        "",
        "A folder with stretches of your own, TOML files; see docs/adding-a-stretch.md.",
        _a_path("a folder"),
    )


@dataclass(frozen=True, slots=True)
class Screens:
    """What the panel says, and for how long."""

    language: str = _setting("en", "Of all words on the panel.", Allowed(_is_a_language, '"en", "de" and the like'))

    today_s: float = _setting(6.0, "Today's card.", _lasting(1, 60))
    safety_s: float = _setting(
        8.0,
        "The stop-if-it-hurts card before the first guide, if not pressed away; 0s: no card, and no first questions.",
        _lasting(0, 120),
    )
    question_s: float = _setting(
        300.0, "How long a question that nobody answers stays before it shrinks to a mark.", _lasting(10, 3600)
    )
    greeting_s: float = _setting(10.0, "The last day's figures at the next day's first sit.", _lasting(0, 120))
    thanks_s: float = _setting(5.0, "The thanks after the guide.", _lasting(0, 60))
    left_out_s: float = _setting(6.0, "The word that a stretch won't come again.", _lasting(1, 60))
    invite_s: float = _setting(
        120.0, "How long the invite fills the screen before it shrinks to a mark.", _lasting(0, 3600)
    )
    counts_s: float = _setting(
        4.0, "The word that the break is done, before the next stretch of the guide.", _lasting(0, 60)
    )
    off_after_s: float = _setting(120.0, "Panel off this long after you left or the guide ended.", _lasting(0, 3600))


@dataclass(frozen=True, slots=True)
class Languages:
    """Languages of your own, beside those that ship."""

    folder: str = _setting(
        "",
        "A folder with a folder for each language of your own; see docs/adding-a-language.md.",
        _a_path("a folder"),
    )


@dataclass(frozen=True, slots=True)
class Press:
    """What counts as a press of the button."""

    hold_s: float = _setting(1.0, "Down for this long is a hold.", _lasting(0.3, 5))
    long_hold_s: float = _setting(
        3.0,
        "Down for this long: in the guide never this stretch again, in the dark the first questions again.",
        _lasting(1, 9),
    )
    rearm_s: float = _setting(
        0.025, "Up for this long before the next press can begin: contacts bounce.", _lasting(0, 0.2)
    )
    stuck_s: float = _setting(10.0, "Down for this long is a stuck button.", _lasting(2, 60))


@dataclass(frozen=True, slots=True)
class Sounds:
    """When it may sound at all."""

    hours: str = _setting(
        "",
        'Sound only between these times, as "08:30-18:00"; empty: at any time.',
        Allowed(_are_hours, '"" or two different times as "08:30-18:00"'),
    )
    days: tuple[str, ...] = _setting(
        DAYS,
        "Sound only on these days.",
        _any_of(*DAYS),
    )

    @property
    def week(self) -> Week:
        """The hours of each day."""
        return dict.fromkeys(self.days, self.hours or ALL_DAY)


_DAY_HOURS = Allowed(are_day_hours, '"" or times that rise, as "09:00-12:00, 13:00-18:00"')


@dataclass(frozen=True, slots=True)
class DayHours:
    """Your hours. Outside of them it counts and says nothing. No day set: always; else those not set have none."""

    mon: str = _setting("", "On Mondays.", _DAY_HOURS)
    tue: str = _setting("", "On Tuesdays.", _DAY_HOURS)
    wed: str = _setting("", "On Wednesdays.", _DAY_HOURS)
    thu: str = _setting("", "On Thursdays.", _DAY_HOURS)
    fri: str = _setting("", "On Fridays.", _DAY_HOURS)
    sat: str = _setting("", "On Saturdays.", _DAY_HOURS)
    sun: str = _setting("", "On Sundays.", _DAY_HOURS)

    @property
    def week(self) -> Week | None:
        """The hours of each day; None if no day is set."""
        week = {day: getattr(self, day) for day in DAYS}
        return week if any(week.values()) else None


@dataclass(frozen=True, slots=True)
class Pins:
    """Where chair pad, button and buzzer are wired; GPIO (BCM) numbers, not positions on the header."""

    backend: str = _setting(
        "gpiod",
        "What drives the pins; lgpio wakes 1763 times a second, rpigpio is for the Pi 4 and older.",
        _one_of("gpiod", "lgpio", "rpigpio"),
    )
    seat: int = _setting(17, "Chair pad.", _GPIO)
    seat_pull: str = _setting(
        "up", "up: pad between pin and ground; none: a divider or comparator drives it.", _one_of("up", "down", "none")
    )
    seat_taken: str = _setting("low", "The level that means somebody sits.", _one_of("low", "high"))
    button: int = _setting(27, "Button.", _GPIO)
    button_pull: str = _setting("up", "up: button between pin and ground.", _one_of("up", "down", "none"))
    button_down: str = _setting("low", "The level that means it is pressed.", _one_of("low", "high"))
    buzzer: int = _setting(18, "Buzzer.", _GPIO)


@dataclass(frozen=True, slots=True)
class PanelSettings:
    """The OLED on the I2C bus."""

    driver: str = _setting(
        "ssd1306", "What is soldered on the panel's board.", _one_of("ssd1306", "sh1106", "ssd1309", "ssd1315")
    )
    first_column: int = _setting(
        2, "Of an SH1106's 132 columns the first that the glass shows: 2, or 0 on 1.54-inch panels.", _from_to(0, 4)
    )
    port: int = _setting(1, "The bus: 1 is /dev/i2c-1.", _from_to(0, 99))
    address: int = _setting(0x3C, "0x3C or 0x3D; boards print it doubled, as 0x78 or 0x7A.", _address(0x08, 0x77))
    rotation: int = _setting(0, "180 when the panel hangs upside down.", _one_of(0, 180))
    contrast: int = _setting(0x40, "How bright; less keeps it fresh for longer.", _from_to(0, 255))


@dataclass(frozen=True, slots=True)
class SeatSettings:
    """What senses that somebody sits. Levels are fractions of full scale; 0 means: as calibrated."""

    kind: str = _setting(
        "contact",
        "A pad that switches a pin, or force sensors on a converter; see docs/wiring.md.",
        _one_of("contact", "ads1115", "mcp3008"),
    )
    address: int = _setting(
        0x48,
        "Of an ads1115: where ADDR is wired to ground, 3.3 V, SDA or SCL.",
        _address(0x48, 0x4B),
    )
    channel: int = _setting(0, "The converter's input.", replace(_from_to(0, 7), says=_CHANNELS))
    chip_select: int = _setting(
        0, "Of an mcp3008: 0 if its CS is wired to CE0 (GPIO8), 1 for CE1 (GPIO7).", _one_of(0, 1)
    )
    empty: float = _setting(0.0, "What it reads with nobody there; 0: from the calibration.", _from_to(0, 0.9))
    seated: float = _setting(
        0.0, "What it reads while somebody sits, 0.01 or more above empty; 0: from the calibration.", _from_to(0, 0.99)
    )
    sit_above: float = _setting(
        0.0, "From here on up it is taken; 0: from the calibration, or from empty and seated.", _from_to(0, 0.99)
    )
    leave_below: float = _setting(
        0.0, "From here on down it is empty; 0: from the calibration, or from empty and seated.", _from_to(0, 0.99)
    )
    calibrated: str = _setting(
        "",
        "When `unsit calibrate` found its levels; written by recorded days.",
        Allowed(_is_a_moment, 'a date and time with its zone, or ""'),
    )
    follows: tuple[str, ...] = _setting(
        (), "The thresholds found with them, which move along as a pad ages; what you set stays.", _any_of(*_THRESHOLDS)
    )

    @property
    def select_pin(self) -> int:
        """The GPIO number of chip_select."""
        return 7 if self.chip_select else 8

    @property
    def levels(self) -> SeatLevels | None:
        """The levels and thresholds; None before calibration."""
        if not self.seated:
            return None
        fixed = tuple(name for name in _THRESHOLDS if getattr(self, name) and name not in self.follows)
        return seat_levels(self.empty, self.seated, self.sit_above, self.leave_below, fixed=fixed)


@dataclass(frozen=True, slots=True)
class BuzzerSettings:
    """What makes the sound."""

    kind: str = _setting(
        "passive",
        "Passive: a bare piezo, plays soft notes. Active: beeps by itself when powered.",
        _one_of("passive", "active", "none"),
    )
    on: str = _setting("high", "The level that powers an active one.", _one_of("high", "low"))


@dataclass(frozen=True, slots=True)
class JournalSettings:
    """What is remembered, and where."""

    file: str = _setting(
        "",
        "Where facts are kept, see docs/journal.md; the service keeps them in /var/lib/unsit unless it says otherwise.",
        _a_path("a file"),
    )
    keep_days: int = _setting(730, "How many days are kept; what is older is deleted at night.", _from_to(7, 36500))


@dataclass(frozen=True, slots=True)
class PageSettings:
    """The page in a browser, see docs/page.md."""

    reach: str = _setting(
        "this-computer",
        "Browsers on the device's computer, unpaired; or phones in your network, once paired at the device.",
        _one_of("this-computer", "house"),
    )
    port: int = _setting(8016, "Where it is served; 0 is any that is free.", _from_to(0, 65535))
    hosts: tuple[str, ...] = _setting(
        (),
        "Other names it may be asked for by, such as that of a proxy of yours; see docs/page.md.",
        Allowed(lambda names: all(map(is_host, names)), 'names without a port, such as ["pi.local", "192.168.1.5"]'),
    )
    proxy: tuple[str, ...] = _setting(
        (),
        "Where a proxy of yours asks from, which is believed about who asks it; see docs/page.md.",
        Allowed(lambda addresses: all(map(is_ip, addresses)), 'addresses in numbers, such as ["127.0.0.1"]'),
    )


@dataclass(frozen=True, slots=True)
class MeetingSettings:
    """Meetings in your calendar, see docs/meetings.md."""

    calendar: tuple[str, ...] = _setting(
        (),
        "Calendars with your meetings: .ics files, and names of secret addresses; see docs/meetings.md.",
        Allowed(
            lambda calendars: len(calendars) <= MOST_CALENDARS and all(map(_is_a_calendar, calendars)),
            f"up to {MOST_CALENDARS} paths of .ics files that begin with /, and names of addresses, such as "
            '["work"]; an address gets its name by `unsit meetings add NAME`',
            is_path=True,
            is_secret=True,
        ),
    )


_TOPIC = 'up to 5 words with / between, of letters, digits, - and _, such as "unsit"'


@dataclass(frozen=True, slots=True)
class MqttSettings:
    """The broker that hears how the desk is, see docs/mqtt.md."""

    host: str = _setting(
        "",
        "Name or address of an MQTT broker of yours; empty: none.",
        Allowed(_is_broker, 'a name or an address, without a port, such as "broker.local"'),
    )
    port: int = _setting(0, "Where it listens; 0: 1883, or 8883 with TLS.", _from_to(0, 65535))
    tls: str = _setting("no", "Encrypt, and make sure that it is your broker.", _one_of("no", "yes"))
    ca: str = _setting(
        "",
        "The certificate of whoever vouches for the broker; empty: whom this computer trusts.",
        replace(_a_path('"" or a file that begins with /'), accepts=_is_file),
    )
    user: str = _setting(
        "",
        "The name by which the broker knows the desk; empty: it asks for none.",
        Allowed(lambda name: len(name) <= 100 and name.isprintable(), "up to 100 letters"),
    )
    password: str = _setting(
        "",
        "The file that has the password in its first line; the service is handed it in another way.",
        replace(_a_path('"" or a file that begins with /'), accepts=_is_file, is_secret=True),
    )
    version: str = _setting("5", "Which MQTT the broker speaks.", _one_of("5", "3.1.1"))
    topic: str = _setting("unsit", "What every topic begins with.", Allowed(_is_topic, _TOPIC))
    desk: str = _setting(
        "",
        "What the desk is called in topics; empty: a name that this computer makes up.",
        Allowed(lambda name: bool(re.fullmatch("[A-Za-z0-9_-]{0,40}", name)), "up to 40 letters, digits, - and _"),
    )
    share: str = _setting(
        "live",
        "What leaves the desk: how it stands and what happens; what happened; or a day's totals, without times of day.",
        _one_of("live", "facts", "days"),
    )
    discovery: str = _setting(
        "homeassistant",
        "Where Home Assistant looks for devices; empty: it isn't told.",
        Allowed(lambda prefix: prefix == "" or _is_topic(prefix), f'"" or {_TOPIC.replace("unsit", "homeassistant")}'),
    )
    components: str = _setting(
        "device",
        "How Home Assistant is told: all in one, or each alone, for versions before 2024.11.",
        _one_of("device", "single"),
    )


@dataclass(frozen=True, slots=True)
class Persons:
    """Who shares the chair, see docs/persons.md."""

    names: tuple[str, ...] = _setting(
        (),
        "The people who share the chair, each with figures of their own; none for one person.",
        Allowed(
            _are_persons,
            f"none, or 2 to {MOST_PERSONS} different names of up to {LONGEST_NAME} letters that the panel can draw, "
            'such as ["Anna", "Bob"]',
        ),
    )
    ask_after_s: float = _setting(
        1800.0, "The chair was empty for this long: the panel asks silently who sits now.", _lasting(60, 86400)
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan for a part of the week, which changes some of the settings."""

    name: str
    days: tuple[str, ...]
    hours: str
    """The hours on each of these days; empty for all day."""
    lines: tuple[str, ...]
    """What it changes, in the form that `--set` takes."""
    settings: Settings
    """The settings while it is in force."""

    @property
    def week(self) -> Week:
        """The hours of each day."""
        return dict.fromkeys(self.days, self.hours or ALL_DAY)


@dataclass(frozen=True, slots=True)
class Settings:
    """All of it."""

    limits: Limits = field(default_factory=Limits)
    settle: Settle = field(default_factory=Settle)
    reminders: ReminderSettings = field(default_factory=ReminderSettings)
    guide: GuideSettings = field(default_factory=GuideSettings)
    stretches: Stretching = field(default_factory=Stretching)
    screens: Screens = field(default_factory=Screens)
    languages: Languages = field(default_factory=Languages)
    press: Press = field(default_factory=Press)
    sounds: Sounds = field(default_factory=Sounds)
    hours: DayHours = field(default_factory=DayHours)
    pins: Pins = field(default_factory=Pins)
    panel: PanelSettings = field(default_factory=PanelSettings)
    seat: SeatSettings = field(default_factory=SeatSettings)
    buzzer: BuzzerSettings = field(default_factory=BuzzerSettings)
    journal: JournalSettings = field(default_factory=JournalSettings)
    page: PageSettings = field(default_factory=PageSettings)
    meetings: MeetingSettings = field(default_factory=MeetingSettings)
    mqtt: MqttSettings = field(default_factory=MqttSettings)
    persons: Persons = field(default_factory=Persons)
    plans: tuple[Plan, ...] = ()
    """Plans for parts of the week; of those that fit an instant, the first is in force."""


def under(own: Settings, settings: Settings) -> Settings:
    """The settings in force under a plan that has its `own`. The seat may be calibrated anew meanwhile."""
    return replace(settings, limits=own.limits, reminders=own.reminders, stretches=own.stretches)


@dataclass(frozen=True, slots=True)
class Rule:
    """Two durations, the first of which must be as long as the second or longer."""

    key: str
    other: str
    why: str
    strictly: bool = False
    """The first must be longer."""
    only_with: str = ""
    """The rule is only for settings in which this duration isn't 0 or this list isn't empty; empty for all."""

    def holds(self, settings: Settings) -> bool:
        """Whether the settings keep the rule."""
        if self.only_with and not _is_set(settings, self.only_with):
            return True
        first_s, second_s = duration_of(settings, self.key), duration_of(settings, self.other)
        return first_s > second_s if self.strictly else first_s >= second_s


def _is_set(settings: Settings, key: str) -> bool:
    """Whether a duration isn't 0, or a list isn't empty."""
    section, _, name = key.partition(".")
    of_section = getattr(settings, section)
    return bool(getattr(of_section, name) if hasattr(of_section, name) else duration_of(settings, key))


_SHORT = "limits.short_every"
RULES = (
    Rule("limits.full_break", "settle.leave", "nobody is believed to have left before"),
    Rule("limits.break_after", "settle.leave", "nobody is believed to have left before"),
    Rule("limits.full_break", "limits.break_after", "a full break is a break"),
    Rule("limits.short_break", "settle.leave", "nobody is believed to have left before", only_with=_SHORT),
    Rule("limits.break_after", "limits.short_break", "a break is no short break", only_with=_SHORT),
    Rule(
        *("persons.ask_after", "limits.full_break"),
        "the sitting time of one person would go on with another",
        only_with="persons.names",
    ),
    Rule("limits.due_after", "limits.invite_after", "the offer comes first"),
    Rule("limits.still_you_after", "limits.due_after", "once it asks, no break is called in", strictly=True),
    Rule("limits.full_break", "guide.begins_after", "the guide would begin when all is over", strictly=True),
    Rule("limits.day_closes_after", "limits.full_break", "a day that is over has no break"),
    Rule("reminders.acknowledged", "guide.begins_after", "the guide would never begin", strictly=True),
    Rule("guide.ends_after", "guide.pauses_after", "it pauses first"),
    Rule("press.stuck", "press.hold", "a hold is no fault", strictly=True),
    Rule("press.long_hold", "press.hold", "a hold comes first", strictly=True),
    Rule("press.stuck", "press.long_hold", "a long hold is no fault", strictly=True),
)
"""The rules between durations. A new rule of either kind is one line here."""


def parts_of(settings: Settings) -> tuple[object, ...]:
    """The settings that the parts are made by."""
    return settings.pins, settings.panel, settings.seat, settings.buzzer


def duration_of(settings: Settings, key: str) -> float:
    """A duration in seconds, by its key in the settings file."""
    section, _, name = key.partition(".")
    return float(getattr(getattr(settings, section), f"{name}_s"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part is: its file, and the settings for its pins and addresses."""

    file: str
    """The module in `hardware` that has the part, as its `PART`."""
    pins: tuple[str | int, ...] = ()
    """Its GPIO numbers, by their keys; those that can't be set as numbers."""
    addresses: tuple[str | int, ...] = ()
    """Its addresses on the panel's I2C bus, in the same way."""
    stands: Callable[[Settings], bool] = lambda _: True
    """Whether the settings ask for this part."""
    looks: bool = False
    """The part looks at intervals, so a replay needs it even if it only wants facts."""


def _seat_is(kind: str) -> Callable[[Settings], bool]:
    return lambda settings: settings.seat.kind == kind


PLACES = (
    Place("panel.part", addresses=("panel.address",)),
    Place("seat.contact", pins=("pins.seat",), stands=_seat_is("contact")),
    Place("seat.ads1115", pins=("pins.seat",), addresses=("seat.address",), stands=_seat_is("ads1115"), looks=True),
    Place("seat.mcp3008", pins=(7, 8, 9, 10, 11), stands=_seat_is("mcp3008"), looks=True),
    Place("button.button", pins=("pins.button",)),
    Place("buzzer.buzzer", pins=("pins.buzzer",), stands=lambda settings: settings.buzzer.kind != "none"),
)
"""All parts, in the order in which they are made and checked. A new part is one line here."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one part has and no other part may have: a pin, or an address on the I2C bus."""

    number: int
    is_pin: bool
    owner: str
    """The setting that says which, or the part if that can't be set."""
    is_set: bool


def claims(settings: Settings) -> list[Claim]:
    """All pins and addresses of the parts that the settings ask for."""
    return [
        _claim(settings, place, which, is_pin=is_pin)
        for place in PLACES
        if place.stands(settings)
        for those, is_pin in ((place.pins, True), (place.addresses, False))
        for which in those
    ]


def _claim(settings: Settings, place: Place, which: str | int, *, is_pin: bool) -> Claim:
    if isinstance(which, int):
        return Claim(which, is_pin, f"the {place.file.rpartition('.')[2]}'s", is_set=False)
    section, _, name = which.partition(".")
    return Claim(getattr(getattr(settings, section), name), is_pin, which, is_set=True)


def has_lookout(settings: Settings) -> bool:
    """Whether a part that the settings ask for looks at intervals."""
    return any(place.looks and place.stands(settings) for place in PLACES)
