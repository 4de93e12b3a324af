"""The secret addresses: what is one, and where it is kept from everybody else's eyes."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from device.files.complaint import ComplaintError
from device.meetings.addresses import (
    Address,
    address_of,
    folder_of_addresses,
    forget_address,
    keep_address,
    kept_addresses,
)

SECRET = "https://calendar.example/private-5eCre7/basic.ics?token=a1"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config/unsit/calendars"


@pytest.mark.parametrize("text", [SECRET, f"  {SECRET}\n", SECRET.replace("https", "webcal"), f"HTTPS{SECRET[5:]}"])
def test_an_address_is_read_however_it_is_pasted(text: str) -> None:
    assert Address(text).secret.lower() == SECRET.lower()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is no address"),
        ("5eCre7", "is no address"),
        ("http://calendar.example/5eCre7", "isn't safe"),
        ("file:///5eCre7", "is no address"),
        ("ftp://calendar.example/5eCre7", "isn't safe"),
        ("https:///5eCre7", "is no address"),
        ("https://calendar.example:99999/5eCre7", "is no address"),
        ("https://calendar.example:0/5eCre7", "is no address"),
        ("https://[5eCre7/", "is no address"),
        ("https://calendar.example/5eCre7 and more", "is no address"),
        ("https://calendar.example/5eCre7\nX-Header: 1", "is no address"),
        ("https://calendar.example/5eCre7ä", "is no address"),
        (f"https://calendar.example/5eCre7{'x' * 2000}", "is no address"),
    ],
)
def test_what_is_no_safe_address_is_refused_and_not_repeated(text: str, says: str) -> None:
    with pytest.raises(ComplaintError, match=says) as told:
        Address(text)
    assert "5eCre7" not in f"{told.value} {told.value!r} {told.value.complaint.told()}"


def test_an_address_shows_itself_to_nobody() -> None:
    address = Address(SECRET)
    assert "5eCre7" not in f"{address} {address!r} {[address]}"
    assert not hasattr(address, "__dict__")


def test_it_is_kept_where_only_its_owner_can_read_it_whatever_the_umask(folder: Path) -> None:
    before = os.umask(0)
    try:
        file = keep_address("work", Address(SECRET))
    finally:
        os.umask(before)
    assert file == folder / "work"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert address_of("work").secret == SECRET
    assert [each.name for each in folder.iterdir()] == ["work"]


def test_a_folder_that_was_open_is_closed(folder: Path) -> None:
    folder.mkdir(parents=True, mode=0o755)
    keep_address("work", Address(SECRET))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_an_address_is_replaced_listed_and_forgotten(folder: Path) -> None:
    assert kept_addresses() == ()
    assert not forget_address("work")
    keep_address("work", Address("https://calendar.example/old"))
    keep_address("work", Address(SECRET))
    keep_address("home", Address(SECRET))
    (folder / ".work.new").write_text("left by a power cut")
    assert kept_addresses() == ["home", "work"]
    assert address_of("work").secret == SECRET
    assert forget_address("work")
    assert kept_addresses() == ["home"]
    with pytest.raises(ComplaintError, match="unsit meetings add work"):
        address_of("work")


def test_a_link_in_its_place_is_not_followed(folder: Path, tmp_path: Path) -> None:
    folder.mkdir(parents=True)
    for name in ("work", ".work.new"):
        (folder / name).symlink_to(tmp_path / "elsewhere")
    keep_address("work", Address(SECRET))
    assert not (tmp_path / "elsewhere").exists()
    assert not (folder / "work").is_symlink()


def test_a_file_that_holds_something_else_is_one_line_without_it(folder: Path) -> None:
    folder.mkdir(parents=True)
    for held in (b"5eCre7", b"\xff5eCre7", b"https://x/5eCre7" * 1000, b""):
        (folder / "work").write_bytes(held)
        with pytest.raises(ComplaintError) as told:
            address_of("work")
        assert "5eCre7" not in str(told.value)
        assert "\n" not in str(told.value)


def test_the_service_reads_what_systemd_hands_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    (tmp_path / "calendars_work").write_text(SECRET)
    assert address_of("work").secret == SECRET
    with pytest.raises(ComplaintError, match="sudo unsit meetings add home"):
        address_of("home")


def test_root_keeps_them_for_the_service_and_others_in_their_own_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert folder_of_addresses() == folder
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert folder_of_addresses() == tmp_path / ".config/unsit/calendars"
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert folder_of_addresses() == Path("/etc/unsit/calendars")
