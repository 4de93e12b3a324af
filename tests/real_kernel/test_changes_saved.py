"""The plug pulled while settings are saved: the card has the old ones or the new ones, and never neither."""

from __future__ import annotations

import random

import pytest

from tests.real_kernel.desk import Desk

pytestmark = pytest.mark.kernel

SAVES = """
from itertools import count
from pathlib import Path
from device.settings.changes_file import confirm, go_back, put_by, write_changes
from device.settings.layers import in_force
file = Path("/var/lib/unsit/changes.toml")
plain = in_force(None, (), (), lambda _: file)
for nth in count():
    hours = "08:00-18:00" if nth % 2 else "10:00-16:00"
    due_after, pin = f"{60 + nth % 2}min", 5 + nth % 2
    made = plain.with_changes({"limits.due_after": due_after, "sounds.hours": hours, "pins.seat": pin})
    if nth % 3 == 2:
        put_by(file)
    write_changes(file, made.settings, made.changed)
    if nth % 3 == 2:
        (go_back if nth % 2 else confirm)(file)
    if nth == 0:
        Path("/var/lib/unsit/begun").touch()
"""
"""Saves changes for as long as there is power, some as wiring that is confirmed or goes back."""

LOOKS = """
from pathlib import Path
from device.settings.changes_file import before_file, read_changes
file = Path("/var/lib/unsit/changes.toml")
for each in (file, before_file(file)):
    found = read_changes(each)
    print(found.get("limits.due_after"), found.get("sounds.hours"), found.get("pins.seat")) if each.exists() else None
"""

WHOLE = {"1h 10:00-16:00 5", "60min 10:00-16:00 5", "61min 08:00-18:00 6"}


@pytest.mark.parametrize("cuts", [4, pytest.param(60, marks=pytest.mark.slow)])
def test_a_power_cut_while_settings_are_saved_leaves_the_old_or_the_new(board: Desk, cuts: int) -> None:
    chance = random.Random(cuts)
    for _ in range(cuts):
        board.machine.shell("mkdir -p /var/lib/unsit && rm -f /var/lib/unsit/begun")
        board.machine.do("tee", "/run/saves.py", stdin=SAVES)
        board.machine.shell("cd / && /opt/unsit/bin/python /run/saves.py >/dev/null 2>&1 &")
        board.until(lambda: board.machine.shell("ls /var/lib/unsit").count("begun"), "first save", 60)
        board.wait(chance.uniform(0, 0.5))
        board.machine.cut_power()
        board.tidy_up()
        board.machine.start()
        found = board.machine.do("/opt/unsit/bin/python", "-c", LOOKS).splitlines()
        assert found
        assert set(found) <= WHOLE
