"""What an update tries, what it leaves alone, and what a person learns of it."""

from __future__ import annotations

import os
import subprocess
from datetime import datetime
from pathlib import Path

import pytest
from unsit_card import memory, update
from unsit_card.memory import Remembered, log, told
from unsit_card.news import News
from unsit_card.update import MOST_TIMES, NotNowError

IMAGE = Path(__file__).parents[2] / "systemd/image"
PAGE_REACH = IMAGE / "root/usr/lib/unsit-image/page-reach"
NIGHT = datetime(2026, 11, 30, 3, 12)


class RestartError(Exception):
    """It would restart now."""


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder for what is remembered, and commands that need a card do nothing."""
    for function in (memory.remember, memory.log, memory.told):
        monkeypatch.setattr(function, "__defaults__", (tmp_path / "kept",))
    monkeypatch.setattr("os.path.ismount", lambda _: True)
    for name in ("mount", "systemctl"):
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / name).write_text("#!/bin/sh\n")
        (tmp_path / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")


@pytest.mark.usefixtures("kept")
def test_packages_that_failed_twice_do_not_hold_the_security_updates_up(tmp_path: Path) -> None:
    deb = tmp_path / "unsit_2_all.deb"
    deb.write_bytes(b"bad")
    both = News((deb,), ("openssl 2",))
    state = Remembered()
    for _ in range(MOST_TIMES):
        assert update._to_try(state, both) == both
        state.times += 1
    alone = update._to_try(state, both)
    assert alone == News((), ("openssl 2",))
    assert state.left_out == News((deb,)).fingerprint
    assert told()[-1].endswith("left out from now on: unsit_2_all.deb")
    state.times = MOST_TIMES
    with pytest.raises(NotNowError, match="tried before: openssl 2"):
        update._to_try(state, alone)


@pytest.mark.usefixtures("kept")
def test_a_slot_that_waits_for_an_empty_chair_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    sits = True

    def wait() -> None:
        if sits:
            raise NotNowError("somebody has sat down")
        raise RestartError

    news = News((), ("openssl 2",))
    for name, stands_in in {
        "running_slot": lambda _: "a",
        "is_empty": lambda: True,
        "_news": lambda *_: news,
        "_make": lambda slot, *_: made.append(slot),
        "_wait_for_empty_chair": wait,
    }.items():
        monkeypatch.setattr(update, name, stands_in)
    state = Remembered()
    for _ in range(3):
        with pytest.raises(NotNowError, match="sat down"):
            update._update(state, NIGHT)
    sits = False
    with pytest.raises(RestartError):
        update._update(state, NIGHT)
    assert made == ["b"]
    # Something newer has come meanwhile.
    news = News((), ("openssl 3",))
    with pytest.raises(RestartError):
        update._update(state, NIGHT)
    assert made == ["b", "b"]


@pytest.mark.usefixtures("kept")
def test_whatever_is_in_the_log_lies_on_the_card_and_is_written_only_if_it_is_new(tmp_path: Path) -> None:
    update.show_log(tmp_path)
    assert not (tmp_path / "updates.txt").exists()
    log("updated: openssl 2", NIGHT)
    log("not updated: openssl 3", NIGHT)
    update.show_log(tmp_path)
    shown = (tmp_path / "updates.txt").read_bytes()
    assert shown == b"2026-11-30 03:12 not updated: openssl 3\r\n2026-11-30 03:12 updated: openssl 2\r\n"
    (tmp_path / "updates.txt").chmod(0o444)
    before = (tmp_path / "updates.txt").stat().st_mtime_ns
    update.show_log(tmp_path)
    assert (tmp_path / "updates.txt").stat().st_mtime_ns == before


# ---- who may open the page


@pytest.mark.parametrize(("listens", "settles"), [("0.0.0.0:8016", False), ("127.0.0.1:8016", True), (None, True)])
def test_the_page_of_the_house_is_settled_again_unless_it_listens_there(
    tmp_path: Path, listens: str | None, settles: bool
) -> None:
    settings, drop_in, was_made = (tmp_path / name for name in ("unsit.toml", "10-reach.conf", "made"))
    settings.write_bytes((IMAGE / "firmware/unsit.toml").read_bytes())
    if listens:
        drop_in.write_text(f"[Socket]\nListenStream={listens}\n")
    page_reach = tmp_path / "page-reach.sh"
    page_reach.write_text(f"#!/bin/sh\ntouch {was_made}\n")
    page_reach.chmod(0o755)
    text = PAGE_REACH.read_text()
    for there, here in {
        "/boot/firmware/unsit.toml": settings,
        "/usr/lib/unsit-image/unsit.toml": IMAGE / "firmware/unsit.toml",
        "/etc/systemd/system/unsit-page.socket.d/10-reach.conf": drop_in,
        "/usr/lib/unsit/current/page-reach.sh": page_reach,
        "systemctl daemon-reload": ":",
    }.items():
        assert there in text
        text = text.replace(there, str(here))
    subprocess.run(["sh", "-c", text], check=True)
    assert was_made.exists() is settles


@pytest.mark.usefixtures("kept")
def test_the_packages_of_an_update_find_the_settings_of_the_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without them unsit-page's script would shut the page of the house.
    card, slot = tmp_path / "card", tmp_path / "slot"
    for folder in (card / "a", slot / "run", slot / "boot/firmware"):
        folder.mkdir(parents=True)
    (card / "a/vmlinuz").write_bytes(b"kernel")
    (card / "unsit.toml").write_text('[page]\nreach = "house"\n')
    chroot = tmp_path / "bin/chroot"
    chroot.write_text("#!/bin/sh\ncp $1/boot/firmware/unsit.toml $1/found\n")
    chroot.chmod(0o755)
    for name, stands_in in {"CARD": card, "_NEW": slot, "running_slot": lambda _: "a"}.items():
        monkeypatch.setattr(update, name, stands_in)
    update._bring_up_to_date(News((), ("openssl 2",)))
    assert (slot / "found").read_text() == (card / "unsit.toml").read_text()
