"""An update fills the second slot, which starts on trial: it proves itself and stays, or the slot before is back."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.image.card_desk import CardDesk, card_desk
from tests.image.examined import put_back, taken_out
from tests.image.firmware import Fat, partitions
from tests.package.versions import NEWER, built

pytestmark = pytest.mark.image

SETTINGS = b'[screens]\nsafety = "0s"\n[settle]\nsit = "1s"\nleave = "1s"\n'
"""Nobody is asked for a language first."""
UPDATE = "unsit-update.service"
SECOND = 3
"""Which partition the slot b is."""
FAILS = "[Service]\nExecStartPre=/usr/bin/false\n"


@pytest.fixture(scope="module")
def updated(image: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A card whose first slot has filled the second with a newer version, and was about to start it on trial."""
    folder = tmp_path_factory.mktemp("updated")
    packages = built(folder / "packages", tmp_path_factory.mktemp("sources"), NEWER) / NEWER
    with without_network(image, folder) as it:
        fat = Fat(it.machine.disk)
        fat.put("unsit.toml", SETTINGS)
        for each in packages.iterdir():
            fat.put(each.name, each.read_bytes())
        it.machine.start()
        it.until_up()
        assert it.machine.prefix == "a/"
        update(it)
        shutil.move(it.machine.disk, folder / "updated.img")
        it.machine.disk.touch()
    yield folder / "updated.img"
    (folder / "updated.img").unlink()


@contextmanager
def without_network(image: Path, folder: Path) -> Iterator[CardDesk]:
    """A desk with a copy of that card: the newer packages lie on it, and nothing is fetched."""
    with card_desk(image, folder, has_network=False) as it:
        yield it


def update(it: CardDesk) -> None:
    """Have it look for updates as at night, until it restarts."""
    it.begin()
    it.machine.do("systemctl", "start", "--no-block", UPDATE)
    it.until(lambda: not it.machine.is_on or "not updated" in it.said or "no update now" in it.said, "end of it", 1800)
    assert not it.machine.is_on, it.said[-3000:]
    it.machine.cut_power()


def test_the_new_slot_proves_itself_and_stays(updated: Path, room: Path) -> None:
    with without_network(updated, room) as it:
        fat = Fat(it.machine.disk)
        it.machine.start()
        assert it.machine.prefix == "b/"
        # Until it is proven, whatever happens leads back.
        assert starts_next(fat) == "a/"
        it.until_up()
        assert version(it) == NEWER
        # Nobody asks it meanwhile: a machine with something to do has a slower clock.
        it.until_said(r"unsit-trial\.service: Deactivated successfully", 900)
        assert "updated: unsit" in it.machine.do("cat", "/kept/update/log")
        it.machine.tell("systemctl", "poweroff")
        it.machine.wait_until_off(900)
        assert starts_next(fat) == "b/"
        assert "updated: unsit" in fat.text("updates.txt")
        it.machine.start()
        assert it.machine.prefix == "b/"
        it.until_up()
        assert version(it) == NEWER
        assert it.systemctl("is-active", "unsit-trial.service") == "inactive"
        it.begin()
        it.machine.do("systemctl", "start", "--no-block", UPDATE)
        it.until_said("there is nothing new", 300)


def test_power_that_goes_on_trial_leads_back(updated: Path, room: Path) -> None:
    with without_network(updated, room) as it:
        it.machine.start()
        assert it.machine.prefix == "b/"
        it.machine.cut_power()
        is_back(it)


def no_init(content: Path) -> None:
    """There is nothing to start."""
    in_slot(content, "rm /usr/sbin/init")


def failing_device(content: Path) -> None:
    """All comes up but the device."""
    drop_in = content.with_name("fails.conf")
    drop_in.write_text(FAILS)
    folder = "/etc/systemd/system/unsit.service.d"
    in_slot(content, f"mkdir {folder}")
    in_slot(content, f"write {drop_in} {folder}/fails.conf")


@pytest.mark.parametrize("breaks", [no_init, failing_device], ids=lambda breaks: breaks.__name__)
def test_a_slot_that_does_not_come_up_is_taken_back(breaks: Callable[[Path], None], updated: Path, room: Path) -> None:
    with without_network(updated, room) as it:
        part = partitions(it.machine.disk)[SECOND - 1]
        content = taken_out(it.machine.disk, part, room / "slot.img")
        breaks(content)
        put_back(content, it.machine.disk, part)
        content.unlink()
        it.machine.switch_on()
        assert it.machine.prefix == "b/"
        it.machine.wait_until_off(3600)
        is_back(it)


def is_back(it: CardDesk) -> None:
    """The slot before starts, runs what it ran, says that it was taken back, and leaves the other alone."""
    assert starts_next(Fat(it.machine.disk)) == "a/"
    it.machine.start()
    assert it.machine.prefix == "a/"
    it.until_up()
    assert version(it) != NEWER
    it.begin()
    it.machine.do("systemctl", "start", "--no-block", UPDATE)
    # Once more: somebody may have pulled the plug.
    it.until_said("updating slot b", 300)
    log = it.machine.do("cat", "/kept/update/log")
    assert f"unsit_{NEWER}_all.deb" in log
    assert "updated: " not in log


def starts_next(fat: Fat) -> str:
    """From where the firmware would start the card now."""
    return next(line for line in fat.text("config.txt").splitlines() if line.startswith("os_prefix")).split("=")[1]


def version(it: CardDesk) -> str:
    """Which one of Unsit is installed where it runs."""
    return it.machine.do("dpkg-query", "--show", "--showformat=${Version}", "unsit")


def in_slot(content: Path, request: str) -> None:
    """Have debugfs do that in a filesystem; it ends well whatever it says."""
    done = subprocess.run(["debugfs", "-w", "-R", request, str(content)], capture_output=True, text=True, check=True)
    complaint = done.stderr.split("\n", 1)[1].strip()
    assert not complaint, complaint
