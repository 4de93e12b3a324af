"""Files as accidents leave them: whatever has happened to one, it is read or told in one line, and soon."""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from device.commands.asking import starts_of
from device.files.complaint import ContentError
from device.history.day_file import DayFileError, read_day
from device.languages.phrases import phrases
from device.languages.screen_words import vocabulary
from device.pictures.drawing import draw
from device.run.clock import RecordedClock
from device.run.loop import EventQueue
from device.run.replay import BareDesk, Replay
from device.run.telling import Collecting
from device.settings.settings import RULES, Languages, Screens, Settings, Stretching
from device.settings.settings_file import SettingsError, as_toml, load_settings
from device.stretches.repertoire import in_every_language, repertoire
from device.words.effects import BigWords
from tests.stretches.test_repertoire import OWN

SETTINGS = as_toml(Settings(), None).encode()
OFFICE = Path(__file__).parents[2] / "device/content/days/office.csv"
DAY = OFFICE.read_bytes().rpartition(b"\n32379")[0] + (
    b'\n32400,setting,"limits.due_after=""30min"""\n32400,power,cut\n32401,setting,settle.leave=20s\n'
    b"32500,power,on\n32500,routine,march hip_circle\n32501,thinned,a few\n32600,panel_seen,gone\n"
    b"32700,order,mute 1800\n32800,pairing,spent\n33000,end,\n"
)
STRETCH = OWN.encode()
GERMAN = OFFICE.parents[1] / "de"
POLISH = b"""
[language]
plural = "polish"
[greeting.breaks]
one = "1 przerwa."
few = "{count} przerwy."
many = "{count} przerw."
[muted]
till = "Cisza do {time}"
[due]
lines = ["Czas", "wsta\xc4\x87"]
[cues]
"down" = "na d\xc3\xb3\xc5\x82"
"""
WORDS_OF_ONE_S_OWN = POLISH.replace("ć".encode(), b"c").replace("ł".encode(), b"l")
STRETCHES_OF_ONE_S_OWN = b"".join((GERMAN / "stretches.toml").read_bytes().partition(b"[psoas_reach]")[:1])
PAGE_OF_ONE_S_OWN = b'"in {time}" = "za {time}"\n["{count} bouts"]\none = "{count} raz"\nother = "{count} razy"\n'

PIECES = [
    *(b"\xff", b"\x00", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"\x1b[2J", "٣".encode(), b"\r", b"\n\n", b" ", b"\t"),
    *(b'"', b"'", b'"""', b"[", b"]", b"[[", b"{", b"}", b"=", b",", b".", b"#", b"\\", b"\\u0000", b"-", b"+"),
    *(b"[" * 500, b"9" * 5000, b"0x" + b"f" * 5000, b"1e999", b"nan", b"inf", b"-0.0", b"true", b"[]", b"{}"),
    *(b'"0s"', b'"1ms"', b'"12h"', b'"9999999h"', b"s", b"min", b"h", b"cut", b"on", b"taken", b"setting", b"end"),
    *(b"0", b"1", b"-1", b"999999999", b"2026-03-02T25:00:00", b"9999-12-31T23:59:59+14:00", b"limits.full_break=1s"),
]


def mutated(data: bytes, by_chance: random.Random) -> bytes:
    """The same bytes after one to four accidents."""
    for _ in range(by_chance.choice((1, 1, 1, 2, 4))):
        at = by_chance.randrange(len(data) + 1)
        to = min(len(data), at + by_chance.choice((0, 1, 2, 5, 40)))
        match by_chance.randrange(6):
            case 0:
                data = data[:at] + by_chance.choice(PIECES) + data[to:]
            case 1:
                data = data[:at] + data[to:]
            case 2:
                data = data[:at] + bytes([by_chance.randrange(256)]) + data[at + 1 :]
            case 3:
                data = data[:at] + data[at:to] * by_chance.choice((2, 30)) + data[to:]
            case 4:
                lines = data.splitlines(keepends=True)
                by_chance.shuffle(lines)
                data = b"".join(lines) if by_chance.random() < 0.1 else data[:at]
            case _:
                # A number becomes another one, which a comparison may find out of order.
                digits = [nth for nth, byte in enumerate(data) if chr(byte).isdigit()]
                if digits:
                    nth = by_chance.choice(digits)
                    data = data[:nth] + str(by_chance.randrange(1000)).encode() + data[nth + 1 :]
    return data


def one_line(error: Exception) -> None:
    line = str(error)
    assert line.isprintable()
    assert 0 < len(line) < 1000


def use_settings(file: Path) -> bool:
    try:
        settings = load_settings(file)[0]
        assert [rule for rule in RULES if not rule.holds(settings)] == []
        again = file.with_suffix(".again")
        again.write_text(as_toml(settings, file), "utf-8")
        assert load_settings(again)[0] == settings
        repertoire(settings)
    except (SettingsError, ContentError) as error:
        one_line(error)
        return False
    return True


def use_day(file: Path) -> bool:
    try:
        day = read_day(file)
        starts = starts_of(argparse.Namespace(config=None, overrides=[]), day)
    except (DayFileError, SettingsError, ContentError) as error:
        one_line(error)
        return False
    clock, inbox, told = RecordedClock(), EventQueue(), Collecting()
    Replay(starts.__getitem__, clock, inbox, BareDesk(inbox, clock), [told]).play(day)
    assert all(fact.t <= fact.said <= day.end for fact in told.facts)
    return True


def use_stretches(file: Path) -> bool:
    try:
        shows = repertoire(Settings(stretches=Stretching(folder=str(file.parent))))
    except ContentError as error:
        one_line(error)
        return False
    assert shows.routine([], Settings().guide)
    return True


def use_language(file: Path) -> bool:
    settings = Settings(screens=Screens(language="xx"), languages=Languages(str(file.parents[1])))
    vocabulary.cache_clear()
    phrases.cache_clear()
    try:
        shows = in_every_language(settings)["xx"]
        say = phrases("xx", settings.languages.folder)
    except ContentError as error:
        one_line(error)
        return False
    for count in (0, 1, 2, 21):
        assert shows.words.counted("greeting.breaks", count)
    assert shows.words.text("muted.till", time="9:00")
    assert say("in {time}", time="0:12")
    for stretch in shows.stretches:
        screen = BigWords(stretch.title_lines, "")
        assert draw(screen, 0.0).getbbox()
    return True


def try_many(folder: Path, name: str, data: bytes, use: Callable[[Path], bool], times: int) -> None:
    file = folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(data)
    assert use(file)
    used = 0
    for nth in range(times):
        changed = mutated(data, random.Random(nth))
        file.write_bytes(changed)
        try:
            used += use(file)
        except Exception as error:
            raise AssertionError(f"accident {nth}: {changed[:2000]!r}") from error
    # Both are worth something only if both happen.
    assert 0.02 < used / times < 0.98


@pytest.mark.parametrize(
    ("name", "data", "use", "times"),
    [
        pytest.param("unsit.toml", SETTINGS, use_settings, 150, id="settings"),
        pytest.param("day.csv", DAY, use_day, 150, id="a day"),
        pytest.param("mine.toml", STRETCH, use_stretches, 100, id="a stretch"),
        pytest.param("xx/words.toml", WORDS_OF_ONE_S_OWN, use_language, 100, id="words"),
        pytest.param("xx/stretches.toml", STRETCHES_OF_ONE_S_OWN, use_language, 50, id="stretches in other words"),
        pytest.param("xx/page.toml", PAGE_OF_ONE_S_OWN, use_language, 50, id="a page in other words"),
        pytest.param("unsit.toml", SETTINGS, use_settings, 5_000, id="5,000 settings", marks=pytest.mark.slow),
        pytest.param("day.csv", DAY, use_day, 10_000, id="10,000 days", marks=pytest.mark.slow),
        pytest.param("mine.toml", STRETCH, use_stretches, 2_000, id="2,000 stretches", marks=pytest.mark.slow),
        pytest.param(
            "xx/words.toml", WORDS_OF_ONE_S_OWN, use_language, 2_000, id="2,000 words", marks=pytest.mark.slow
        ),
    ],
)
def test_whatever_has_happened_to_a_file_it_is_read_or_told_in_a_line(
    tmp_path: Path, name: str, data: bytes, use: Callable[[Path], bool], times: int
) -> None:
    try_many(tmp_path, name, data, use, times)
