"""The shipped unit under a real systemd: when it is ready, what it may open, and how it ends and comes back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.real_kernel.desk import BUTTON, BUZZER, PI_3B, SEAT, Desk, desk

pytestmark = pytest.mark.kernel

DROP_IN = "/etc/systemd/system/unsit.service.d/test.conf"

BEEPS_SOON: dict[str, Mapping[str, object]] = {
    "limits": {"due_after": "1s", "heads_up": "0s"},
    "settle": {"sit": "0s"},
    "screens": {"safety": "0s"},
    "reminders": {"after_due": ["1s"]},
    "buzzer": {"kind": "active"},
}

HANGS_ON_USR1 = """
import signal, time
signal.signal(signal.SIGUSR1, lambda *_: time.sleep(3600))
"""
"""The main thread does nothing any more, all others go on."""

OPENS_ALL = """
import os
for folder, _, names in os.walk("/dev"):
    for name in names:
        path = os.path.join(folder, name)
        try:
            os.close(os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY))
        except OSError:
            continue
        print("opened", os.path.realpath(path))
"""


def drop_in(desk: Desk, lines: str) -> None:
    """More lines for the [Service] section, until the next test."""
    desk.machine.shell(f"mkdir -p $(dirname {DROP_IN})")
    desk.machine.do("tee", DROP_IN, stdin=f"[Service]\n{lines}\n")


def stop_with_the_buzzer_high(desk: Desk, how: str) -> None:
    """End the process by that signal while it holds the buzzer's line high, and see the line stay high."""
    desk.chip.stick_when_high(BUZZER)
    desk.sit()
    desk.until_sound()
    pid = desk.shows("MainPID")
    desk.systemctl("kill", f"--signal={how}", "unsit")
    assert desk.buzzer_is_high
    assert desk.shows("MainPID") == pid
    desk.chip.come_unstuck()


def until_back(desk: Desk, timeout_s: float = 15) -> None:
    """Wait until the service is there again, and counts."""
    desk.until(lambda: desk.chip.listens(SEAT) and desk.shows("ActiveState") == "active", "service back", timeout_s)


def test_it_is_active_only_once_it_listens(booted: Desk) -> None:
    booted.systemctl("stop", "unsit")
    assert not booted.chip.listens(SEAT)
    booted.systemctl("start", "--no-block", "unsit")
    seen: list[tuple[str, bool]] = []
    while not seen or seen[-1][0] != "active":
        seen.append((booted.shows("ActiveState"), booted.chip.listens(SEAT) and booted.chip.listens(BUTTON)))
        assert len(seen) < 200, seen
    assert seen[0] == ("activating", False)
    assert all(state == "activating" for state, _ in seen[:-1])
    assert seen[-1] == ("active", True)


def test_a_loop_that_hangs_is_killed_by_the_watchdog_and_back_within_seconds(booted: Desk) -> None:
    booted.machine.shell("mkdir -p /opt/hang")
    booted.machine.do("tee", "/opt/hang/sitecustomize.py", stdin=HANGS_ON_USR1)
    drop_in(booted, "Environment=PYTHONPATH=/opt/hang")
    booted.restart(**BEEPS_SOON)
    booted.begin()
    # The worst instant: the buzzer's own thread hangs as well, with the line high.
    booted.chip.stick_when_high(BUZZER)
    booted.sit()
    booted.until_sound()
    booted.systemctl("kill", "--signal=USR1", "unsit")
    booted.until_said("unsit.service: Watchdog timeout", 40)
    assert booted.buzzer_is_high
    booted.chip.come_unstuck()
    booted.until(lambda: not booted.buzzer_is_high, "silence", 10)
    until_back(booted)
    assert booted.shows("NRestarts") == "1"
    assert booted.shows("Result") == "success"


def test_killed_in_mid_note_it_is_silent_soon_and_comes_back(booted: Desk) -> None:
    booted.restart(**BEEPS_SOON)
    booted.begin()
    stop_with_the_buzzer_high(booted, "KILL")
    booted.until_said("Main process exited, code=killed, status=9/KILL")
    booted.until(lambda: not booted.buzzer_is_high, "silence", 10)
    assert "Scheduled restart job" not in booted.said, "not by starting again, which a settings error would prevent"
    until_back(booted)
    booted.until_fact("sat")


def test_stopped_in_mid_note_it_is_silent_and_dark(booted: Desk) -> None:
    booted.restart(**BEEPS_SOON)
    booted.begin()
    booted.sit()
    booted.until_sound()
    booted.systemctl("stop", "unsit")
    assert not booted.buzzer_is_high
    assert booted.chip.is_driven(BUZZER), "given back, the line might float, and buzz"
    assert not booted.panel.picture().getbbox()
    assert booted.shows("Result") == "success"


def test_a_settings_error_stays_down_with_78_and_the_panel_says_why(booted: Desk) -> None:
    booted.settings({"limits": {"due_after": "3 days"}})
    booted.begin()
    assert "failed" in booted.systemctl("restart", "unsit")
    booted.until_said(r"unsit\.toml: limits\.due_after")
    booted.wait(5)
    assert booted.shows("ActiveState") == "failed"
    assert booted.shows("ExecMainStatus") == "78"
    assert booted.shows("NRestarts") == "0"
    assert booted.panel.picture().getbbox()


@pytest.mark.parametrize("prefix", ["", "+"], ids=["as-the-service", "as-root-in-its-cgroup"])
def test_no_devices_open_but_those_the_unit_names(booted: Desk, prefix: str) -> None:
    booted.machine.do("tee", "/opt/opens_all.py", stdin=OPENS_ALL)
    outside = booted.machine.do("python3", "/opt/opens_all.py")
    assert "opened /dev/ubda" in outside, "outside of the sandbox much more opens"
    drop_in(booted, f"ExecStartPre={prefix}/usr/bin/python3 /opt/opens_all.py")
    booted.restart()
    booted.begin()
    booted.restart()
    opened = set(re.findall(r"opened /dev/(\S+)", booted.said))
    named = {"gpiochip0", "i2c-0", "i2c-1"}
    # What no program does without: systemd.exec(5), DevicePolicy=closed.
    harmless = {"null", "zero", "full", "random", "urandom", "tty", "ptmx"}
    assert named <= opened
    assert opened <= named | harmless | {name for name in opened if name.startswith("pts/")}


def test_a_reboot_brings_it_back_by_itself(machines: None, tmp_path: Path) -> None:  # noqa: ARG001
    with desk(tmp_path, PI_3B) as it:
        until_back(it, 60)
        it.begin()
        it.machine.tell("systemctl", "reboot")
        it.machine.wait_until_up()
        until_back(it, 60)
        it.sit()
        it.until_fact("sat")
        it.until(lambda: it.panel.shown, "a picture")
        # It remembers that it was on before, and that the card was seen.
        it.until_fact("resumed")
