"""The card starts: the device counts, the page answers, and the card is as it should be while it runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from systemd.making.opened import opened
from tests.image.card_desk import CardDesk, card_desk, label_of
from tests.image.examined import examined
from tests.image.hand import LATE
from tests.image.machine import card_of
from tests.image.pi import PiMachine
from tests.real_kernel.machine import AnyMachine

pytestmark = pytest.mark.image

OURS = ("unsit.service", "unsit-early.service", "unsit-page.socket", "unsit-page.service", "unsit-card.service",
        "unsit-card-faults.service", "unsit-trial.service", "unsit-hotspot.service", "unsit-update.timer",
        "unsit-update-by-day.timer")  # fmt: skip
"""What isn't started in the empty system."""
MIB = 1 << 20


@pytest.fixture(scope="module")
def started(image: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CardDesk]:
    """A new card that has started for the first time; one for all tests."""
    with card_desk(image, tmp_path_factory.mktemp("started")) as it:
        it.machine.start()
        it.until_up()
        yield it
        assert not it.panel.defects


def test_the_first_start_ends_with_nothing_failed(started: CardDesk) -> None:
    failed = started.systemctl("list-units", "--failed", "--plain", "--no-legend")
    assert (failed, started.systemctl("is-system-running")) == ("", "running")


def test_the_panel_greets_before_the_device_does(started: CardDesk) -> None:
    at = started.until_shown("choosing_language", 300)
    earlier = [picture for shown_at, picture in started.panel.shown if shown_at < at]
    assert any(picture.count(b"\0") < len(picture) for picture in earlier), "dark until the device has come"


def test_the_page_answers(started: CardDesk) -> None:
    assert started.page() in (200, 401, 403)


def test_it_counts_and_keeps_it_on_the_card(started: CardDesk) -> None:
    started.begin()
    started.sit()
    started.until_fact("sat", 120)
    started.stand()
    assert started.label_of("/var/lib/unsit") == "kept"


def test_the_root_stays_as_it_is_and_nothing_else_is_written(started: CardDesk) -> None:
    do = started.machine.do
    assert do("findmnt", "--noheadings", "--output", "FSTYPE", "--target", "/usr") == "overlay\n"
    card = do("findmnt", "--noheadings", "--raw", "--output", "SOURCE,OPTIONS,LABEL", "--types", "ext4,vfat")
    writable = {line.split()[2] for line in card.splitlines() if re.search(r" rw[ ,]", line)}
    assert writable == {"kept"}
    assert do("swapon", "--show") == ""
    assert "/run/log/journal" in do("sh", "-c", "ls -d /run/log/journal /var/log/journal/* 2>/dev/null || true")
    assert do("sh", "-c", "ls /var/log/journal 2>/dev/null || true") == ""


def test_only_what_is_listed_is_open_to_the_network(started: CardDesk) -> None:
    said = started.machine.do("ss", "-tulpn")
    assert opened().unlisted(said, {"always", "network"}) == []
    assert opened().missing(said, {"always"}) == []
    assert started.systemctl("is-active", "ssh.service") == "inactive"
    assert started.systemctl("is-enabled", "sshd-keygen.service") == "masked"
    # Of systemd's own generator, for a machine that is a guest of another.
    assert "sshd" not in started.machine.do("systemctl", "list-units", "--all", "--plain", "--no-legend", "*.socket")


# ---- how long it takes


def test_what_a_start_takes_and_where_the_time_goes(image: Path, room: Path, report: Callable[[str], None]) -> None:
    report(f"image for amd64: {image.stat().st_size / MIB:.0f} MiB, {packed_mib(image):.0f} MiB to download")
    with card_desk(image, room, wanted_by=LATE) as it:
        for nth in ("first", "second"):
            it.machine.start()
            it.until_up()
            report(f"{nth} start, amd64, in seconds of the machine's own clock: {times(it.machine)}")
            it.machine.tell("systemctl", "poweroff")
            it.machine.wait_until_off(400)
        it.machine.start()
        it.until_up()
        report("where the time goes:\n" + it.machine.do("systemd-analyze", "critical-chain", "unsit.service"))
        report("what takes longest:\n" + it.machine.shell("systemd-analyze blame | head -n 15"))
        report("memory in use, in MiB: " + it.machine.shell("free -m | awk '/Mem/ { print $3 }'"))


def test_what_an_empty_system_takes(image: Path, room: Path, report: Callable[[str], None]) -> None:
    masked = [f"systemd.mask={unit}" for unit in OURS]
    with card_desk(image, room, *masked, wanted_by=LATE) as it:
        for nth in ("first", "second"):
            it.machine.start()
            it.until(lambda: it.systemctl("is-system-running") != "starting", "started system", 400)
            report(f"{nth} start of the same without Unsit: {it.machine.do('systemd-analyze', 'time')}")
            it.machine.tell("systemctl", "poweroff")
            it.machine.wait_until_off(400)


def times(machine: AnyMachine) -> str:
    """When each came, after the start of the kernel."""
    asked = {
        "first program": ("UserspaceTimestampMonotonic", ""),
        "early picture begun": ("ExecMainStartTimestampMonotonic", "unsit-early.service"),
        "early picture shown": ("ExecMainExitTimestampMonotonic", "unsit-early.service"),
        "device begun": ("ExecMainStartTimestampMonotonic", "unsit.service"),
        "device counts and shows": ("ActiveEnterTimestampMonotonic", "unsit.service"),
        "page can be asked": ("ActiveEnterTimestampMonotonic", "unsit-page.socket"),
        "all is there": ("FinishTimestampMonotonic", ""),
    }
    told = {}
    for what, (name, unit) in asked.items():
        value = machine.do("systemctl", "show", *([unit] if unit else []), f"--property={name}", "--value")
        told[what] = f"{int(value or 0) / 1e6:.1f}"
    return ", ".join(f"{what} {value}" for what, value in told.items())


def packed_mib(image: Path) -> float:
    """What is downloaded of it; 0 where it isn't packed."""
    packed = image.with_name(f"{image.name}.zst")
    return packed.stat().st_size / MIB if packed.exists() else 0.0


# ---- the nearest to a Pi


def test_a_pi_3b_starts_counts_and_answers(pi_image: Path, room: Path, report: Callable[[str], None]) -> None:
    report(f"image for a Pi: {pi_image.stat().st_size / MIB:.0f} MiB, {packed_mib(pi_image):.0f} MiB to download")
    card = card_of(pi_image, room / "card.img")
    with PiMachine(card, wanted_by=LATE) as pi:
        for nth in ("first", "second"):
            pi.start()
            assert pi.do("systemctl", "is-active", "unsit.service") == "active\n"
            report(f"{nth} start, Pi 3B, in seconds of the machine's own clock: {times(pi)}")
            assert pi.page() in (200, 401, 403)
            assert label_of(pi, "/var/lib/unsit") == "kept"
            pi.tell("systemctl", "poweroff")
            pi.wait_until_off(900)
        assert examined(card, pi_image, room).is_whole
    card.unlink()
