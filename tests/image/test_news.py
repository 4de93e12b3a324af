"""What an update would bring, Debian's or from the card, and what is remembered of it."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from unsit_card import news
from unsit_card.faults import Fault
from unsit_card.line import is_empty, panel_works
from unsit_card.memory import Remembered, log, remember, remembered, told
from unsit_card.news import News, debs_on, is_security, upgradable

from tests.tools import takes

NIGHT = datetime(2026, 11, 30, 3, 12)


def test_only_the_security_archive_is_asked() -> None:
    assert is_security("deb http://archive.example/debian-security trixie-security main non-free-firmware")
    assert is_security("deb [trusted=yes] http://10.0.2.2:8000/ trixie-security main")
    assert not is_security("deb http://archive.example/debian trixie-updates main")
    assert not is_security("# deb http://archive.example/debian-security trixie-security main")
    assert not is_security("deb-src http://archive.example/debian-security trixie-security main")


def test_what_apt_lists_becomes_packages_and_versions() -> None:
    listed = (
        "Listing...\n"
        "openssl/stable-security 3.5.1-1+deb13u2 arm64 [upgradable from: 3.5.1-1]\n"
        "libc6/stable-security,now 2.41-12+deb13u2 arm64 [upgradable from: 2.41-12]\n"
        "\nN: There are 2 more versions.\n"
    )
    assert upgradable(listed) == ("libc6 2.41-12+deb13u2", "openssl 3.5.1-1+deb13u2")


def test_the_same_news_is_known_again_and_other_news_is_not(tmp_path: Path) -> None:
    deb = tmp_path / "unsit_2_all.deb"
    deb.write_bytes(b"one")
    first = News((deb,), ("openssl 2", "libc6 3"))
    assert first.fingerprint == News((deb,), ("libc6 3", "openssl 2")).fingerprint
    assert first.words == "unsit_2_all.deb, openssl 2, libc6 3"
    seen = {first.fingerprint, News((deb,), ()).fingerprint, News((), first.security).fingerprint}
    deb.write_bytes(b"two")
    assert len({*seen, first.fingerprint}) == 4
    assert not News()


@takes({"dpkg-deb": "dpkg"})
def test_a_package_on_the_card_counts_if_it_is_newer_and_is_refused_in_words_if_older(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A package that each Debian has stands for Unsit's.
    has = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", "dpkg"], capture_output=True, text=True, check=True)
    monkeypatch.setattr(news, "OURS", {"dpkg", "unsit-never-seen"})
    packages = {
        "unsit_older": ("dpkg", "0.1"),
        "unsit_same": ("dpkg", has.stdout),
        "UNSIT_newer": ("dpkg", "99:1"),
        "unsit_other": ("evil", "9"),
        "unsit_between": ("dpkg", "98:1"),
        "unsit_more": ("unsit-never-seen", "99:1"),
    }
    put_debs(tmp_path, packages)
    (tmp_path / "unsit_broken.deb").write_bytes(b"half a dow")
    newer, found = debs_on(tmp_path)
    assert {each.name for each in newer} == {"UNSIT_newer.deb", "unsit_more.deb"}
    assert {each.file: each.fault for each in found} == {
        "unsit_older.deb": Fault.OLDER,
        "unsit_other.deb": Fault.NOT_OURS,
        "unsit_broken.deb": Fault.NOT_OURS,
    }


@takes({"dpkg-deb": "dpkg"})
@pytest.mark.parametrize("others", [{}, {"unsit_more": ("unsit-never-seen", "98")}])
def test_a_package_without_its_companions_is_said_and_holds_nothing_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, others: dict[str, tuple[str, str]]
) -> None:
    # Two that each Debian has, in versions of their own.
    monkeypatch.setattr(news, "OURS", {"dpkg", "apt", "unsit-never-seen"})
    put_debs(tmp_path, {"unsit_new": ("dpkg", "99:1"), **others})
    newer, found = debs_on(tmp_path)
    assert (newer, [each.fault for each in found]) == ((), [Fault.ALONE])
    put_debs(tmp_path, {"unsit_more": ("unsit-never-seen", "99:1"), "unsit_page": ("apt", "99:1")})
    assert (len(debs_on(tmp_path)[0]), debs_on(tmp_path)[1]) == (3, [])


def put_debs(card: Path, packages: dict[str, tuple[str, str]]) -> None:
    for name, (package, version) in packages.items():
        control = card / name / "DEBIAN/control"
        control.parent.mkdir(parents=True, exist_ok=True)
        fields = {"Package": package, "Version": version, "Architecture": "all", "Maintainer": "me", "Description": "x"}
        control.write_text("".join(f"{key}: {value}\n" for key, value in fields.items()))
        subprocess.run(["dpkg-deb", "-b", card / name, card / f"{name}.deb"], check=True, capture_output=True)


# ---- what is remembered


def test_it_is_remembered_over_a_restart(tmp_path: Path) -> None:
    state = Remembered("print", 2, "b", has_network=True, looked_s=5.0, what="openssl 2")
    remember(state, tmp_path / "update")
    assert remembered(tmp_path / "update") == state


@pytest.mark.parametrize("text", ["", "[]", "{", '{"tried": 1', "\0"])
def test_a_memory_that_is_lost_or_damaged_is_as_new(tmp_path: Path, text: str) -> None:
    (tmp_path / "state").write_text(text)
    assert remembered(tmp_path) == Remembered()
    assert remembered(tmp_path / "none") == Remembered()


def test_a_memory_of_another_version_keeps_what_is_known(tmp_path: Path) -> None:
    (tmp_path / "state").write_text(json.dumps({"tried": "print", "more": 1}))
    assert remembered(tmp_path) == Remembered("print")


def test_the_log_keeps_its_last_lines(tmp_path: Path) -> None:
    for nth in range(60):
        log(f"updated: {nth}", NIGHT, tmp_path)
    assert len(told(tmp_path)) == 50
    assert told(tmp_path)[-1] == "2026-11-30 03:12 updated: 59"
    assert told(tmp_path / "none") == []


# ---- the chair


@pytest.mark.parametrize(
    ("says", "empty"),
    [
        (['{"kind": "device"}', '{"kind": "standing", "seated": false}'], True),
        (['{"kind": "standing", "seated": true}'], False),
        (['{"kind": "standing"}'], False),
        (["no JSON"], False),
        ([], False),
    ],
)
def test_the_chair_is_empty_only_if_the_device_says_so(tmp_path: Path, says: list[str], empty: bool) -> None:
    with device_that_says(tmp_path / "line", says):
        assert is_empty(tmp_path / "line") is empty


@pytest.mark.parametrize(
    ("says", "works"),
    [
        (['{"kind": "device"}', '{"kind": "health", "panel": "ok"}'], True),
        (['{"kind": "health", "panel": "broken"}'], False),
        (['{"kind": "standing", "seated": true}'], False),
    ],
)
def test_the_panel_works_only_if_the_device_says_so(tmp_path: Path, says: list[str], works: bool) -> None:
    with device_that_says(tmp_path / "line", says):
        assert panel_works(tmp_path / "line") is works


@contextmanager
def device_that_says(line: Path, says: list[str]) -> Iterator[None]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.bind(str(line))
        door.listen()

        def answer() -> None:
            with door.accept()[0] as follower:
                follower.sendall("".join(f"{line}\n" for line in says).encode())

        thread = threading.Thread(target=answer)
        thread.start()
        yield
        thread.join()


def test_a_device_that_does_not_run_is_not_disturbed(tmp_path: Path) -> None:
    assert is_empty(tmp_path / "none") is False
