"""The file of the paired phones: it is there whole or as before, and nothing in it does harm."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.files.user_file import UserFileError
from device.phones.phone_file import MOST_PHONES, Phone, read_phones, write_phones
from device.phones.phones import Phones, hash_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINE = Phone("0000000a", "Ada's phone", hash_of("mine"), NOON, None)
YOURS = Phone("0000000b", "Größe 手机", hash_of("yours"), None, NOON)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "phones.json"


def test_the_phones_are_the_same_after_writing_and_reading(file: Path) -> None:
    assert read_phones(file) == ()
    for phones in ((MINE, YOURS), (), (YOURS,)):
        write_phones(file, phones)
        assert read_phones(file) == phones
        assert [each.name for each in file.parent.iterdir()] == [file.name]


ROW: dict[str, Any] = {"id": "0000000a", "name": "x", "hash": "0" * 64, "since": None, "seen": None}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "{",
            "[]",
            "null",
            '"x"',
            "{}",
            '{"phones": {"x": 1}}',
            '{"phones": [1]}',
            "[" * 5000,
            '{"phones": null}',
        ),
        *(json.dumps({"phones": [{**ROW, "id": each}]}) for each in (None, 3, "", "0" * 9, "0000000G", "00000000\n")),
        *(json.dumps({"phones": [{**ROW, "name": each}]}) for each in (None, "", "a\nb", "\u202e", "x" * 41, "\ud800")),
        *(json.dumps({"phones": [{**ROW, "hash": each}]}) for each in (None, "", "0" * 63, "G" * 64, "\u0660" * 64)),
        *(json.dumps({"phones": [{**ROW, "seen": each}]}) for each in (3, "x", "2026-03-02", "0001-01-01T00:00Z")),
        *(json.dumps({"phones": [{key: ROW[key] for key in ROW if key != each}]}) for each in ROW),
        json.dumps({"phones": [ROW, ROW]}),
        json.dumps({"phones": [{**ROW, "id": f"{nth:08x}"} for nth in range(MOST_PHONES + 1)]}),
        "x" * 60_000,
    ],
)
def test_a_file_that_makes_no_sense_says_so_in_a_line_and_no_phone_is_paired(
    file: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    file.write_text(text, "utf-8")
    with pytest.raises(UserFileError) as caught:
        read_phones(file)
    assert str(caught.value).startswith(f"{file}: ")
    phones = Phones(file)
    assert (phones.all(), phones.all()) == ((), ())
    assert len(caplog.messages) == 1
    write_phones(file, (MINE,))
    assert phones.all() == (MINE,)


@given(st.data())
def test_a_damaged_file_is_either_understood_or_told_of(tmp_path_factory: Any, data: st.DataObject) -> None:
    file = tmp_path_factory.getbasetemp() / "damaged.json"
    write_phones(file, (MINE, YOURS))
    whole = bytearray(file.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    file.write_bytes(whole)
    with suppress(UserFileError):
        for phone in read_phones(file):
            assert phone.name.isprintable()
            assert len(phone.hash) == 64


@pytest.mark.parametrize("damage", [Path.mkdir, os.mkfifo])
def test_what_is_no_file_is_no_phone(file: Path, damage: Callable[[Path], None]) -> None:
    damage(file)
    assert Phones(file).all() == ()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another")
def test_a_folder_that_may_not_be_looked_into_is_told_of_once(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    write_phones(file, (MINE,))
    file.parent.chmod(0o700)
    phones = Phones(file)
    os.seteuid(65534)
    try:
        assert (phones.all(), phones.all()) == ((), ())
    finally:
        os.seteuid(0)
    assert ["can't be read" in each for each in caplog.messages] == [True]
    assert phones.all() == (MINE,)


def test_who_is_forgotten_is_out_at_once_and_who_is_paired_is_in(file: Path) -> None:
    phones = Phones(file)
    assert phones.known("mine") is None
    for nth in range(50):
        write_phones(file, (MINE, YOURS))
        assert phones.known("mine") == MINE, nth
        assert phones.known("yours") == YOURS, nth
        assert phones.known("nobody's") is None, nth
        write_phones(file, (replace(YOURS, id=MINE.id),))
        assert phones.known("mine") is None, nth
    file.unlink()
    assert phones.known("yours") is None


@pytest.mark.parametrize("token", ["", "\ud800", "é" * 10_000, "\0"])
def test_whatever_is_said_to_be_a_token_is_looked_at_without_harm(file: Path, token: str) -> None:
    write_phones(file, (MINE,))
    assert Phones(file).known(token) is None


def test_the_hash_of_a_token_is_no_token(file: Path) -> None:
    write_phones(file, (MINE,))
    assert Phones(file).known(MINE.hash) is None
    assert "mine" not in file.read_text("utf-8").replace(MINE.name, "")
