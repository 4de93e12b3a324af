"""Does to a journal what worn cards, falling bits and careless hands do to files."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

Harm = Callable[[Path], None]

_NONSENSE: tuple[object, ...] = (
    *(None, "", "perhaps", "a\nb", "\ud800", b"\xff\xfe", 0, -1, 1.5, float("inf"), 2**31, 2**53, 2**63 - 1, -(2**63)),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-03-02T08:00:00", "2199-01-01T00:00:00+00:00"),
    *("[" * 5000, "{", "null", "7", '{"until": 1e300}', '{"seated_till": null, "cut_at": -5}', '{"off_s": "long"}'),
    *("sat", "left", "resumed", "power_cut", "bout", "full_break", "stretch_started", "muted", "x" * 100_000),
)
_COLUMNS = (
    *(("run", each) for each in ("id", "boot", "began_ms", "seen_ms", "seated_ms", "boot_ms", "clock", "clock_right")),
    *(("fact", each) for each in ("run", "nth", "t_ms", "said_ms", "fact", "details")),
    *(("input", each) for each in ("run", "nth", "at_ms", "input", "value")),
    *(("settings", each) for each in ("run", "lines")),
)


def flipped(seed: int) -> Harm:
    """Bits have fallen over, or whole sectors hold something else."""

    def harm(file: Path) -> None:
        chance, content = random.Random(seed), bytearray(file.read_bytes())
        for _ in range(chance.choice([1, 1, 1, 3, 20])):
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        if chance.random() < 0.2:
            at = chance.randrange(len(content))
            content[at : at + 512] = chance.randbytes(len(content[at : at + 512]))
        file.write_bytes(content)

    return harm


def nonsense(seed: int) -> Harm:
    """It is whole, but for what stands in it."""

    def harm(file: Path) -> None:
        chance = random.Random(seed)
        with closing(sqlite3.connect(file)) as connection:
            for _ in range(chance.choice([1, 1, 3, 10])):
                (table, column), value = chance.choice(_COLUMNS), chance.choice(_NONSENSE)
                which = chance.choice(["1", f"abs(random()) % 7 = {chance.randrange(7)}", "fact = 'resumed'"])
                # What the tables themselves refuse isn't what a journal can have.
                with suppress(sqlite3.Error, UnicodeEncodeError), connection:
                    connection.execute(f"UPDATE {table} SET {column} = ? WHERE {which}", (value,))

    return harm


def torn(at: int) -> Harm:
    """It ends there."""

    def harm(file: Path) -> None:
        file.write_bytes(file.read_bytes()[:at])

    return harm
