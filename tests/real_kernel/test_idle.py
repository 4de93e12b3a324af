"""What the installed device does on a real kernel while nothing happens; and lgpio beside it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.real_kernel.desk import Desk

pytestmark = [pytest.mark.kernel, pytest.mark.timed]

LASTS_S = 20
COUNTS = r"""
pid=$(systemctl show unsit --property=MainPID --value)
cat /proc/$pid/task/*/status | awk '/^voluntary/ { woken += $2 } END { print woken }'
awk '$1 == "usage_usec" { print $2 }' /sys/fs/cgroup/system.slice/unsit.service/cpu.stat
"""


@pytest.fixture
def say(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Tell a figure after all else, as `report` does with times."""
    return lambda figure: record_property("figure", figure)


def test_an_empty_chair_wakes_nobody(booted: Desk, say: Callable[[str], None]) -> None:
    booted.restart(screens={"safety": "0s"})
    booted.until(lambda: not booted.panel.picture().getbbox(), "dark panel", 150)
    woken_per_s = measure(booted, "chair empty, panel dark", say)
    assert woken_per_s <= 0.2


def test_somebody_who_sits_wakes_it_for_the_minute(booted: Desk, say: Callable[[str], None]) -> None:
    booted.restart(screens={"safety": "0s"})
    booted.sit()
    booted.until_shown("seated_just_now")
    assert measure(booted, "seated, minute picture", say) <= 0.5


def test_lgpio_is_still_there_and_looks_for_edges_all_the_time(booted: Desk, say: Callable[[str], None]) -> None:
    booted.restart(screens={"safety": "0s"}, pins={"backend": "lgpio"})
    booted.sit()
    booted.until_shown("seated_just_now")
    assert measure(booted, "seated, on lgpio", say) > 100


def measure(desk: Desk, when: str, say: Callable[[str], None]) -> float:
    """How often a second the whole service is woken."""
    # What it has still to do after starting, it does in that time.
    desk.wait(5)
    before = counts(desk)
    desk.wait(LASTS_S)
    after = counts(desk)
    woken_per_s = (after[0] - before[0]) / LASTS_S
    cpu = (after[1] - before[1]) / 1e6 / LASTS_S
    say(f"{when}: woken {woken_per_s:.2f} times a second, {cpu:.3%} of the processor")
    return woken_per_s


def counts(desk: Desk) -> tuple[int, int]:
    """Voluntary context switches of all its threads, and microseconds they have run."""
    woken, ran_us = desk.machine.shell(COUNTS).split()
    return int(woken), int(ran_us)
