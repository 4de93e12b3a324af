"""The paired phones as the device keeps them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.phones.paired import PairedPhones, one_of
from device.phones.phone_file import LONGEST_NAME, MOST_PHONES, read_phones
from device.run.clock import DeskWall, RecordedClock

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Kept:
    """The phones of a device at noon."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "phones.json"
        self.clock, self.wall = RecordedClock(), DeskWall()
        self.wall.set(0.0, NOON)
        self.phones = PairedPhones(self.file, self.clock, self.wall)

    @property
    def names(self) -> list[str]:
        """The names in the file."""
        return [each.name for each in read_phones(self.file)]


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def test_a_phone_is_kept_with_its_time_and_the_hash_of_its_token(kept: Kept) -> None:
    phone = kept.phones.add("Ada", "0" * 64)
    assert read_phones(kept.file) == (phone,)
    assert (phone.name, phone.hash, phone.since, phone.seen) == ("Ada", "0" * 64, NOON, NOON)


def test_a_device_that_does_not_know_the_time_writes_none(kept: Kept) -> None:
    kept.wall.is_right = False
    phone = kept.phones.add("Ada", "0" * 64)
    assert (phone.since, phone.seen) == (None, None)
    kept.clock.at = 3600.0
    kept.wall.is_right = True
    assert kept.phones.see(phone.id)
    assert read_phones(kept.file)[0].seen == NOON + timedelta(hours=1)
    kept.clock.at = 7200.0
    kept.wall.is_right = False
    assert kept.phones.see(phone.id)
    assert read_phones(kept.file)[0].seen == NOON + timedelta(hours=1), "better an old time than none"


def test_the_longest_unseen_phone_makes_room_and_the_log_says_so(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    phones = [kept.phones.add(f"phone {nth}", f"{nth:064x}") for nth in range(MOST_PHONES)]
    kept.clock.at = 3600.0
    assert kept.phones.see(phones[0].id)
    kept.phones.add("one more", "f" * 64)
    assert len(kept.names) == MOST_PHONES
    assert "phone 1" not in kept.names
    assert {"phone 0", "one more"} <= set(kept.names)
    assert caplog.messages == ["the phone phone 1 is forgotten: 20 are paired, and it wasn't here the longest"]


def test_being_here_is_written_once_an_hour_at_most(kept: Kept) -> None:
    phone = kept.phones.add("Ada", "0" * 64)
    versions = set()
    for minute in range(0, 181, 5):
        kept.clock.at = minute * 60.0
        assert kept.phones.see(phone.id)
        versions.add(kept.file.read_text("utf-8"))
    assert len(versions) == 4


def test_forgetting_one_leaves_the_others(kept: Kept) -> None:
    ada, bob = kept.phones.add("Ada", "a" * 64), kept.phones.add("Bob", "b" * 64)
    assert kept.phones.forget(ada.id) == ada
    assert kept.phones.forget(ada.id) is None
    assert not kept.phones.see(ada.id)
    assert kept.names == ["Bob"]
    assert kept.phones.forget_all() == (bob,)
    assert kept.names == []


def test_on_a_full_disk_all_can_still_be_forgotten(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.phones.add("Ada", "a" * 64)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        kept.phones.add("Bob", "b" * 64)
    assert kept.names == ["Ada"]
    kept.phones.forget_all()
    assert kept.names == []


def test_a_file_that_makes_no_sense_is_told_of_and_written_anew(kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
    kept.file.write_text("{")
    assert kept.phones.forget("0000000a") is None
    assert "makes no sense" in caplog.text
    kept.phones.add("Ada", "a" * 64)
    assert kept.names == ["Ada"]


@given(st.text(), st.sets(st.text()))
def test_whatever_a_phone_calls_itself_its_name_is_short_plain_and_its_own(name: str, others: set[str]) -> None:
    own = one_of(name, others)
    assert own.isprintable()
    assert own == own.strip()
    assert 0 < len(own) <= LONGEST_NAME
    assert own not in others


@pytest.mark.parametrize(
    ("name", "others", "own"),
    [
        ("Ada's phone", [], "Ada's phone"),
        ("  a\tb\n\x00c\u202e ", [], "a b c"),
        ("", [], "phone"),
        ("\n", ["phone", "phone 2"], "phone 3"),
        ("x" * 50, ["x" * 40], "x" * 38 + " 2"),
    ],
)
def test_a_name_is_made_plain(name: str, others: list[str], own: str) -> None:
    assert one_of(name, others) == own
