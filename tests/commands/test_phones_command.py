"""`unsit page paired` and `unsit page forget`, with a running device and without one."""

from __future__ import annotations

import os
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from device.__main__ import main
from device.phones.paired import PairedPhones
from device.phones.pairing import Pairing
from device.phones.phone_file import Phone, read_phones, write_phones
from device.run.clock import DeskWall, RecordedClock
from device.run.line import Line
from device.run.orders import Orders

SINCE = datetime(2026, 3, 2, 12).astimezone()
ADA = Phone("0000000a", "Ada's phone", "a" * 64, SINCE, SINCE.replace(hour=14))
BOB = Phone("0000000b", "Bob", "b" * 64, None, None)


class House:
    """A folder with two phones, and what a command says."""

    def __init__(self, folder: Path, output: pytest.CaptureFixture[str]) -> None:
        self.file, self.line, self._output = folder / "phones.json", folder / "line", output
        write_phones(self.file, (BOB, ADA))

    def says(self, *words: str, code: int = 0) -> str:
        """What the command prints."""
        line = ["--line", str(self.line)] if words[0] == "forget" else []
        assert main(["page", *words, *line, "--set", f"journal.file={self.file.with_name('journal.db')}"]) == code
        said = self._output.readouterr()
        assert (said.err == "") is (code == 0)
        return said.out if code == 0 else said.err

    @property
    def names(self) -> list[str]:
        """Who is paired."""
        return [each.name for each in read_phones(self.file)]

    @contextmanager
    def device(self) -> Iterator[None]:
        """A running one."""
        phones = PairedPhones(self.file, RecordedClock(), DeskWall())
        pairing = Pairing(phones, lambda _: None, RecordedClock(), "")
        line = Line(self.line, lambda: None, obey=Orders(pairing.orders))
        for t in range(300):
            line.tell("fact", t=t)
        try:
            yield
        finally:
            line.close()


@pytest.fixture
def house(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> House:
    return House(tmp_path, capsys)


def test_the_paired_phones_are_a_table_with_the_last_seen_first(house: House) -> None:
    assert house.says("paired") == (
        "name         since             last seen\n"
        "Ada's phone  2026-03-02 12:00  2026-03-02 14:00\n"
        "Bob          ?                 ?\n"
    )


def test_without_a_phone_it_says_so(house: House) -> None:
    house.file.unlink()
    assert house.says("paired") == "No phone is paired.\n"
    assert house.says("forget", "--all") == "No phone is paired.\n"
    assert house.says("forget", "Bob", code=66) == 'unsit: there is no phone "Bob"; no phone is paired\n'
    assert not house.file.exists()


@pytest.mark.parametrize("name", ["Bob", "bob"])
@pytest.mark.parametrize("is_on", [True, False])
def test_a_phone_is_forgotten_by_its_name_whether_the_device_runs_or_not(house: House, name: str, is_on: bool) -> None:
    with house.device() if is_on else threading.Lock():
        assert house.says("forget", name) == "Forgotten: Bob.\n"
        assert house.names == ["Ada's phone"]
        assert house.says("forget", name, code=66).endswith("there are Ada's phone\n")


def test_options_before_the_command_hold_as_well(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    own = ["--set", f"journal.file={house.file.with_name('journal.db')}"]
    assert main(["page", *own, "paired"]) == 0
    assert "Bob" in capsys.readouterr().out
    with house.device():
        assert main(["page", *own, "--line", str(house.line), "forget", "Bob"]) == 0
    assert house.names == ["Ada's phone"]
    assert main(["page", "--config", "/nowhere.toml", "paired"]) == 78


@pytest.mark.parametrize("is_on", [True, False])
def test_all_phones_are_forgotten_whether_the_device_runs_or_not(house: House, is_on: bool) -> None:
    with house.device() if is_on else threading.Lock():
        assert house.says("forget", "--all") == "Forgotten: Bob, Ada's phone.\n"
        assert house.names == []


def test_a_name_that_two_have_but_for_their_letters_has_to_be_written_as_it_is(house: House) -> None:
    write_phones(house.file, (Phone("0000000c", "BOB", "c" * 64, None, None), BOB))
    assert "there is no phone" in house.says("forget", "bob", code=66)
    assert house.says("forget", "BOB") == "Forgotten: BOB.\n"


@pytest.mark.parametrize("words", [["forget"], ["forget", "Bob", "--all"], ["forgett"]])
def test_what_is_no_command_says_how_it_is_written(house: House, words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["page", *words])
    assert ended.value.code == 2
    assert house.names == ["Bob", "Ada's phone"]


def test_a_file_that_makes_no_sense_is_told_of_in_a_line(house: House) -> None:
    house.file.write_text("{")
    assert house.says("paired", code=69).startswith(f"unsit: {house.file}: makes no sense")
    assert "makes no sense" in house.says("forget", "Bob", code=69)


@pytest.mark.parametrize("says", [b"", b"no json\n", b"[1]\n", b'{"kind": "answer"}\n'])
def test_a_device_that_does_not_answer_as_it_should_is_told_of_and_nothing_is_forgotten(
    house: House, says: bytes
) -> None:
    with socket.socket(socket.AF_UNIX) as odd:
        odd.bind(str(house.line))
        odd.listen()

        def answer() -> None:
            caller, _ = odd.accept()
            caller.sendall(says)
            caller.recv(4096)
            caller.close()

        answers = threading.Thread(target=answer)
        answers.start()
        assert house.says("forget", "Bob", code=69).startswith(f"unsit: {house.line}: the device ")
        answers.join()
    assert house.names == ["Bob", "Ada's phone"]


def test_a_device_that_tells_and_tells_and_never_answers_is_given_up(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("device.phones.ordering._WITHIN_S", 0.05)
    line = Line(house.line, lambda: None, obey=lambda *_: {})
    monkeypatch.setattr(line, "_take_order", lambda *_: line.tell("fact"))
    try:
        assert "doesn't answer" in house.says("forget", "Bob", code=69)
    finally:
        line.close()


def test_a_file_that_cannot_be_written_is_told_of(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("device.phones.paired.write_phones", full)
    assert house.says("forget", "Bob", code=74) == f"unsit: {house.file}: No space left on device\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another")
def test_who_may_not_is_told_to_try_sudo(capsys: pytest.CaptureFixture[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        house = House(Path(folder), capsys)
        house.file.chmod(0o644)
        with another():
            assert house.says("forget", "Bob", code=74).endswith("try sudo\n")
        with house.device(), another():
            assert house.says("forget", "Bob", code=69).endswith("try sudo\n")
        house.file.chmod(0o600)
        with another():
            assert house.says("paired", code=69).endswith("try sudo\n")


@contextmanager
def another() -> Iterator[None]:
    """Be nobody for a while."""
    groups = os.getgroups()
    os.setgroups([])
    os.setegid(65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)
