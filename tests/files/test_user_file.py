"""Whatever a user names where a file belongs: its text, or one line."""

from __future__ import annotations

import os
import re
import socket
from pathlib import Path

import pytest

from device.files.user_file import MOST_BYTES, NoFileError, UserFileError, files_in, first_there, user_tables, user_text


def complaint(file: Path) -> str:
    with pytest.raises(UserFileError) as caught:
        user_text(file)
    line = str(caught.value)
    assert line.isprintable()
    return line


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "unsit.toml"


def test_a_byte_order_mark_is_read_over(file: Path) -> None:
    file.write_bytes('\ufeff[limits]\r\npreset = "hourly"\r\n'.encode())
    assert user_text(file) == '[limits]\r\npreset = "hourly"\r\n'


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-32", "cp1252"])
def test_another_encoding_is_told_with_its_line(file: Path, encoding: str) -> None:
    file.write_bytes("# one\n# café\n".encode(encoding))
    line = 2 if encoding in ("latin-1", "cp1252") else 1
    assert complaint(file) == f"{file}: line {line}: is not UTF-8 text; save it as UTF-8"


def test_what_is_no_file_is_told_at_once(file: Path, tmp_path: Path) -> None:
    os.mkfifo(file)
    assert complaint(file) == f"{file}: is a pipe; allowed: a file"
    assert complaint(tmp_path) == f"{tmp_path}: is a folder; allowed: a file"
    assert complaint(Path("/dev/zero")) == "/dev/zero: is a device or the like; allowed: a file"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "line"))
        assert complaint(tmp_path / "line").startswith(f"{tmp_path / 'line'}: can't be read: ")


def test_nothing_may_be_read_from_the_null_device() -> None:
    assert user_text(Path(os.devnull)) == ""


def test_a_file_is_read_up_to_its_bound_and_no_farther(file: Path) -> None:
    file.write_bytes(b"#" * MOST_BYTES)
    assert len(user_text(file)) == MOST_BYTES
    with file.open("r+b") as sparse:
        sparse.truncate(95_000_000)
    assert complaint(file) == f"{file}: is too large; allowed: up to 1 MB"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("none.toml", "none.toml: can't be read: No such file or directory"),
        ("x" * 256, "can't be read: File name too long"),
        ("a\0b", "can't be read: its name has a NUL in it"),
    ],
)
def test_a_file_that_is_not_there_is_told_with_its_name(tmp_path: Path, name: str, says: str) -> None:
    with pytest.raises(NoFileError, match=re.escape(says)):
        user_text(tmp_path / name)


def denied(*_: object, **__: object) -> int:
    raise PermissionError(13, "Permission denied")


def test_a_file_that_is_somebody_elses_is_told_with_a_way(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "open", denied)
    assert complaint(file) == f"{file}: can't be read: Permission denied; only its owner may: try sudo"


def test_of_places_the_first_that_is_there_is_taken(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.touch()
    assert first_there([tmp_path / "none", there / "below", there]) == there
    assert first_there([]) is None


def test_a_place_that_nobody_may_look_at_is_not_passed_over(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "stat", denied)
    with pytest.raises(NoFileError, match=r"unsit\.toml: can't be read: Permission denied"):
        first_there([file])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[" * 3000, "f: not valid TOML: "),
        ("x = " + "[\n" * 3000, "f: not valid TOML: brackets within brackets within brackets, too deep"),
        ("x = " + "{a=" * 3000, "f: not valid TOML: brackets within brackets within brackets, too deep"),
        ("x = " + "9" * 5000, "f: not valid TOML: Exceeds the limit"),
        ("x = 2026-99-99", "f: not valid TOML: "),
        ("\n" + "a." * 5001 + "b = 1", "f: line 2: is too long; allowed: up to 10000 characters"),
        ("x", "f: not valid TOML: "),
        ("x = '\0'", "f: not valid TOML: "),
    ],
)
def test_what_is_no_toml_is_one_line(text: str, says: str) -> None:
    with pytest.raises(UserFileError) as caught:
        user_tables(text, "f")
    assert str(caught.value).startswith(says)


def test_tables_are_those_of_the_text() -> None:
    assert user_tables("[limits]\npreset = 'hourly'\n", "f") == {"limits": {"preset": "hourly"}}


def test_files_in_a_folder_are_those_with_such_a_name_and_not_hidden(tmp_path: Path) -> None:
    for name in ("b.toml", "a.toml", ".a.toml", "a.txt"):
        (tmp_path / name).touch()
    assert files_in(tmp_path, ".toml") == [tmp_path / "a.toml", tmp_path / "b.toml"]
    with pytest.raises(NoFileError, match="its name has a NUL in it"):
        files_in(tmp_path / "a\0b", ".toml")
