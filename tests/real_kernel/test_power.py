"""The plug pulled at any instant of a day: the disk, the installed files and the service come back."""

from __future__ import annotations

import json
import random
import subprocess
import time
from pathlib import Path

import pytest

from tests.real_kernel.desk import PI_3B, SETTINGS, Desk, desk
from tests.real_kernel.machine import copy_of

pytestmark = pytest.mark.kernel

CUTS = 5
"""For each of the seeds."""
LONGEST_S = 8.0
SOON_S = 60.0
"""Within so long of a start comes the next cut."""

DIGEST = f"find /opt/unsit /usr/local /etc/systemd/system {SETTINGS} -type f -exec md5sum {{}} + | sort | md5sum"


EXAMINE = """
import sqlite3
journal = sqlite3.connect("file:/var/lib/unsit/journal.db?mode=ro", uri=True)
(whole,) = journal.execute("PRAGMA integrity_check").fetchone()
(twice,) = journal.execute("SELECT count(*) FROM fact GROUP BY run, t_ms, said_ms, fact HAVING count(*) > 1 "
                           "UNION ALL SELECT 0").fetchone()
print(whole, twice)
"""
"""Whether the journal is whole, and whether there is a fact twice."""

HISTORY = ("unsit", "history", "--since", "2020-01-01", "--json")


class Chair:
    """Follows for how long it was taken, at the most, while the machine was on."""

    def __init__(self, it: Desk) -> None:
        self._it = it
        self._sat_at: float | None = None
        self.taken_s = 0.0

    def sit(self) -> None:
        self._sat_at = self._sat_at or time.monotonic()
        self._it.sit()

    def stand(self) -> None:
        self._it.stand()
        self.bank()

    def bank(self) -> None:
        """The power is gone, or nobody sits any more."""
        if self._sat_at is not None:
            self.taken_s += time.monotonic() - self._sat_at
        self._sat_at = None


def play(it: Desk, chair: Chair, chance: random.Random, lasts_s: float) -> None:
    """Sit, rise and press at random until the time is up."""
    while lasts_s > 0:
        pause_s = min(lasts_s, chance.uniform(0.1, 1.5))
        lasts_s -= pause_s
        chance.choice([chair.sit, chair.stand, it.down, it.up])()
        it.wait(pause_s)


SLOW = range(3, 8)
"""So many times the cuts, and those that follow each of them soon, make fifty."""


def cut(it: Desk, chair: Chair) -> None:
    """The plug is pulled and put back, till the service is there again."""
    it.machine.cut_power()
    chair.bank()
    it.tidy_up()
    it.machine.start()
    it.until(lambda: it.shows("ActiveState") == "active", "service back", 60)
    assert "EXT4-fs error" not in it.said


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (2, *SLOW))])
def test_a_power_cut_at_a_random_instant_leaves_all_as_it_was(
    seed: int,
    machines: None,  # noqa: ARG001
    tmp_path: Path,
) -> None:
    chance = random.Random(seed)
    with desk(tmp_path, PI_3B) as it:
        it.restart(limits={"due_after": "2s"}, settle={"sit": "0s", "leave": "0s"}, screens={"safety": "0s"})
        it.machine.do("sync")
        before = it.machine.shell(DIGEST)
        chair, cuts = Chair(it), 0
        for nth in range(CUTS):
            lives_s = [chance.uniform(0, LONGEST_S)]
            # Whoever pulls the plug once may do so again, before the device has come to anything.
            if seed in SLOW:
                lives_s += [chance.choice([0.0, chance.uniform(0, 10), chance.uniform(0, SOON_S)])] * (1 + nth % 2)
            elif nth == 0:
                lives_s.append(0.0)
            for life_s in lives_s:
                play(it, chair, chance, life_s)
                cut(it, chair)
            cuts += len(lives_s)
            chair.sit()
            it.until_fact("due")
            assert it.machine.do("/opt/unsit/bin/python", "-c", EXAMINE).strip() == "ok 0"
            assert "damaged" not in it.said
        assert it.machine.shell(DIGEST) == before
        chair.stand()
        it.wait(2)
        days = map(json.loads, it.machine.do(*HISTORY).splitlines())
        seated_s = sum(day["seated_s"] for day in days)
        assert chair.taken_s - 60 * cuts <= seated_s <= chair.taken_s
        play(it, chair, chance, 1)
        it.machine.cut_power()
        assert_whole(it.machine.disk, tmp_path)


def assert_whole(disk: Path, folder: Path) -> None:
    """After the journal of the file system was played back, as each mount does, nothing is left to repair."""
    copy = copy_of(disk, folder / "copy.img")
    subprocess.run(["e2fsck", "-p", "-E", "journal_only", str(copy)], capture_output=True, check=True)
    checked = subprocess.run(["e2fsck", "-f", "-n", str(copy)], capture_output=True, text=True, check=False)
    copy.unlink()
    assert checked.returncode == 0, checked.stdout


def test_with_the_time_told_a_short_cut_is_known_to_be_one(
    machines: None,  # noqa: ARG001
    tmp_path: Path,
) -> None:
    with desk(tmp_path, PI_3B) as it:
        it.machine.do("tee", "/etc/tmpfiles.d/told.conf", stdin="f /run/systemd/timesync/synchronized\n")
        it.machine.shell("mkdir -p /run/systemd/timesync && touch /run/systemd/timesync/synchronized && sync")
        it.restart()
        # Stopped, it has written how far it came, and that the clock was right.
        it.machine.do("systemctl", "stop", "unsit")
        it.machine.do("sync")
        it.machine.cut_power()
        it.tidy_up()
        it.machine.start()
        it.until_fact("resumed")
        told = it.until_fact("power_cut")
        assert told["counts"] is False
        assert 0 < told["off_s"] < 110
