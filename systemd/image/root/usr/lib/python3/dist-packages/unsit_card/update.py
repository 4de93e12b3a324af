"""Brings Debian's security updates, and newer packages of Unsit from the card, into the slot that doesn't run.

`python3 -I -m unsit_card.update` at night, and soon after a start. The slot that runs stays as it is. The other becomes
a copy of it, is brought up to date, and is started on trial; unsit_card.trial says what follows.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from unsit_card.line import is_empty, panel_works
from unsit_card.memory import Remembered, log, remember, remembered, told
from unsit_card.news import News, debs_on, security_updates
from unsit_card.slots import CARD, SlotError, Starts, goes_back_to, other_slot, partition, running_slot

LOWER = Path("/run/card/root")
"""The slot that runs, without the memory that lies over it."""
_NEW = Path("/run/unsit-update/root")
SETTINGS = "unsit.toml"
_HOURS = range(1, 6)
_OLD_S = 3 * 86_400.0
"""Whoever switches the desk off at night has no nights; after that long it is looked by day."""
_WAITS_S = 2 * 3600.0
"""How long the chair may stay taken before the restart is left for another night."""
_AGAIN_S = 60.0
MOST_TIMES = 2
"""How often the same is tried: the first time, somebody may have pulled the plug."""


class NotNowError(Exception):
    """One line: why nothing is updated now."""


def main() -> int:
    """Update what there is. What fails is in the journal and in the log, and the system that runs goes on."""
    state, now = remembered(), datetime.now().astimezone()
    try:
        settle_ended(state, now)
        _update(state, now)
    except NotNowError as why:
        print(f"no update now: {why}")
    except (OSError, SlotError, subprocess.CalledProcessError) as error:
        print(f"not updated: {error}", file=sys.stderr)
        log(f"not updated: {error}", now)
        return 1
    finally:
        show_log()
    return 0


def show_log(card: Path = CARD) -> None:
    """Lay the log beside the person's files, where it has changed. It can be done without."""
    file = card / "updates.txt"
    text = "\r\n".join([*reversed(told()), ""]).encode()
    try:
        if not os.path.ismount(card) or not text or (file.exists() and file.read_bytes() == text):
            return
        with writable_card():
            file.write_bytes(text)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"{file}: {error}", file=sys.stderr)


def _update(state: Remembered, now: datetime) -> None:
    words = Path("/proc/cmdline").read_text()
    if goes_back_to(words):
        raise NotNowError("this system is on trial itself")
    if not os.path.ismount("/kept") or not os.path.ismount(CARD):
        raise NotNowError("the card lacks what is needed for it")
    # Before it looks, since it looks once in three days by day.
    if not is_empty():
        raise NotNowError("somebody sits, or the device doesn't say")
    running = running_slot(words)
    news = _news(state, now)
    if not news:
        raise NotNowError("there is nothing new")
    news = _to_try(state, news)
    slot = other_slot(running)
    if state.ready != f"{slot} {news.fingerprint}":
        state.ready = ""
        remember(state)
        _make(slot, running, news, state)
        state.ready = f"{slot} {news.fingerprint}"
        remember(state)
    _wait_for_empty_chair()
    state.times += 1
    state.trial, state.what, state.ready = slot, news.words, ""
    state.has_network, state.panel_works = has_network(), panel_works()
    remember(state)
    with writable_card():
        Starts().choose(slot)
    subprocess.run(["systemctl", "reboot"], check=True)


def _make(slot: str, running: str, news: News, state: Remembered) -> None:
    """Make the slot anew with the news in it. Raises SlotError."""
    print(f"updating slot {slot}: {news.words}", flush=True)
    try:
        _copy(partition(_mounted(LOWER), slot), slot)
        _bring_up_to_date(news)
        with writable_card():
            _put_start(slot, running)
    except (OSError, SlotError, subprocess.CalledProcessError) as error:
        state.times += 1
        remember(state)
        raise SlotError(f"{news.words}: {_why(error)}") from error


def _to_try(state: Remembered, news: News) -> News:
    """What of it wasn't tried often enough. Raises NotNowError."""
    if news.fingerprint == state.tried and state.times >= MOST_TIMES and news.debs and news.security:
        # Debian's updates don't wait for a package that can't be installed or doesn't start.
        state.left_out = News(news.debs).fingerprint
        log(f"left out from now on: {News(news.debs).words}", datetime.now().astimezone())
        news = News((), news.security)
    if news.fingerprint != state.tried:
        state.tried, state.times = news.fingerprint, 0
    if state.times >= MOST_TIMES:
        raise NotNowError(f"it was tried before: {news.words}")
    return news


def _why(error: Exception) -> str:
    """In a few words; the whole command is in the journal."""
    if isinstance(error, subprocess.CalledProcessError):
        print(error, file=sys.stderr)
        return f"{' '.join(map(str, error.cmd[:2]))[:60]} ended with {error.returncode}"
    return str(error)


def settle_ended(state: Remembered, now: datetime) -> None:
    """Say how the last trial ended, if one did since."""
    if not state.trial or goes_back_to(Path("/proc/cmdline").read_text()):
        return
    if running_slot(Path("/proc/cmdline").read_text()) == state.trial:
        log(f"updated: {state.what}", now)
        state.times = MOST_TIMES
    else:
        log(f"not updated, since the new system was not started or did not come up: {state.what}", now)
    state.trial = ""
    remember(state)


def _news(state: Remembered, now: datetime) -> News:
    debs, found = debs_on(CARD)
    for each in found:
        print(each, file=sys.stderr)
        # Once: it lies there until the person takes it away.
        if not any(line.endswith(str(each)) for line in told()):
            log(str(each), now)
    if News(debs).fingerprint == state.left_out:
        debs = ()
    is_old = not 0 <= now.timestamp() - state.looked_s < _OLD_S
    security: tuple[str, ...] = ()
    if has_network() and (now.hour in _HOURS or is_old):
        try:
            security = security_updates()
        except subprocess.CalledProcessError:
            print("Debian's security archive can't be reached", file=sys.stderr)
        else:
            state.looked_s = now.timestamp()
            remember(state)
    return News(debs, security)


def has_network() -> bool:
    """Whether NetworkManager is connected to anything."""
    told = subprocess.run(["nmcli", "-t", "-f", "STATE", "general"], capture_output=True, text=True, check=False)
    return told.stdout.startswith("connected")


def _mounted(place: Path) -> str:
    for line in Path("/proc/mounts").read_text().splitlines():
        device, where, *_ = line.split(" ")
        if where == str(place):
            return os.path.realpath(device)
    raise SlotError(f"nothing is mounted at {place}")


def _copy(device: str, slot: str) -> None:
    """Make the slot anew, as the one that runs."""
    subprocess.run(["mke2fs", "-q", "-F", "-t", "ext4", "-m", "0", "-L", f"root-{slot}", device], check=True)
    _NEW.mkdir(parents=True, exist_ok=True)
    # The unit's mounts are its own, so they end with it.
    subprocess.run(["mount", "-t", "ext4", "-o", "noatime", device, str(_NEW)], check=True)
    subprocess.run(["cp", "-ax", f"{LOWER}/.", str(_NEW)], check=True)


def _bring_up_to_date(news: News) -> None:
    """Install it in the copy, and have a kernel and an initrd in its /boot."""
    for place in ("proc", "sys", "dev"):
        subprocess.run(["mount", "--rbind", f"/{place}", str(_NEW / place)], check=True)
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(_NEW / "run")], check=True)
    # Where it brings no newer kernel, it keeps the one that runs.
    shutil.copy(CARD / running_slot(Path("/proc/cmdline").read_text()) / "vmlinuz", _NEW / "run/vmlinuz")
    if os.path.exists("/etc/resolv.conf"):
        shutil.copy("/etc/resolv.conf", _NEW / "run/resolv.conf")
    # Packages ask the settings who may open the page; in here they would find none, and shut it.
    subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(_NEW / "boot/firmware")], check=True)
    if (CARD / SETTINGS).exists():
        shutil.copy(CARD / SETTINGS, _NEW / "boot/firmware")
    debs = _NEW / "run/unsit-debs"
    debs.mkdir()
    for each in news.debs:
        shutil.copy(each, debs)
    words = ["sh", "/usr/lib/unsit-image/bring-up-to-date", "security" if news.security else ""]
    subprocess.run(["chroot", str(_NEW), *words], check=True)


@contextmanager
def writable_card() -> Iterator[None]:
    """The partition that a person can read, as one that can be written for so long."""
    subprocess.run(["mount", "-o", "remount,rw", str(CARD)], check=True)
    try:
        yield
    finally:
        os.sync()
        subprocess.run(["mount", "-o", "remount,ro", str(CARD)], check=False)


def _put_start(slot: str, running: str) -> None:
    """Put kernel, initrd and device trees of the new slot onto the card. Its start isn't chosen yet."""
    folder = CARD / slot
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    subprocess.run(["sh", "/usr/lib/unsit-image/fill-prefix", str(_NEW), str(folder), str(CARD / running)], check=True)
    (folder / "cmdline.txt").write_text(Starts().words_on_trial(slot, running), "utf-8")
    for each in [*(_NEW / "boot").glob("[vi]*"), *CARD.glob("FSCK*.REC")]:
        each.unlink()
    os.sync()


def _wait_for_empty_chair() -> None:
    end = time.monotonic() + _WAITS_S
    while not is_empty():
        if time.monotonic() > end:
            raise NotNowError("somebody has sat down")
        time.sleep(_AGAIN_S)


if __name__ == "__main__":
    sys.exit(main())
