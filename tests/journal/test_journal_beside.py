"""The journal and others who reach for its file: a second device, a newer Unsit, a lock, a hand that deletes."""

from __future__ import annotations

import logging
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from device.__main__ import main
from device.history.shares import by_day
from device.journal.beside import JournalTakenError, beside_of, written_alone
from device.journal.forgetting import forget_all
from device.journal.layout import LAYOUT, open_journal
from device.journal.place import why_unwritten
from device.journal.reader import JournalError, choices, past, runs
from device.settings.choices import choice
from device.settings.settings import Limits, Settings
from device.words.effects import Note
from tests.facts import details_of
from tests.waiting import until
from tests.world import World

HALF_HOURLY = Settings(limits=Limits(invite_after_s=1500.0, due_after_s=1800.0))


def seated_s(file: Path) -> float:
    return sum(told.figures.seated_s for told in by_day(runs(file), {}).values())


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Somebody else is at it."""
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


# ---- deleted, or replaced


@pytest.mark.parametrize("with_its_log", [True, False])
def test_a_journal_that_is_deleted_while_the_device_runs_is_begun_anew_with_what_is_going_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, with_its_log: bool
) -> None:
    world = World(tmp_path, HALF_HOURLY)
    world.sit(minutes=10)
    world.rise(minutes=3)
    world.sit(minutes=20)
    for each in tmp_path.glob("journal.db*") if with_its_log else [world.file]:
        each.unlink()
    world.wait(seconds=60)
    assert "the journal was deleted while the device ran, a new one is begun" in caplog.text
    world.wait(minutes=4)
    world.cut_power(5, 0.0)
    world.wait(minutes=1)
    world.stop()
    # The ten minutes before the full break are gone, and nothing else.
    assert seated_s(world.file) == pytest.approx(26 * 60, abs=60)
    assert len(caplog.records) == 1


def test_a_journal_that_is_replaced_while_the_device_runs_is_gone_on_with(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "old").mkdir()
    older = World(tmp_path / "old", HALF_HOURLY)
    older.sit(minutes=5)
    older.stop()
    world = World(tmp_path, HALF_HOURLY, real_s=86_400.0)
    world.sit(minutes=20)
    older.file.replace(world.file)
    world.wait(minutes=5)
    world.stop()
    assert "the journal was replaced while the device ran" in caplog.text
    assert seated_s(world.file) == pytest.approx(30 * 60, abs=0.01)


# ---- a second device


def test_two_devices_dont_write_one_journal(tmp_path: Path) -> None:
    file = tmp_path / "state" / "journal.db"
    with written_alone(file):
        with pytest.raises(JournalTakenError, match=r"another Unsit writes this journal"), written_alone(file):
            pass
        (tmp_path / "same.db").symlink_to(file)
        with pytest.raises(JournalTakenError), written_alone(tmp_path / "same.db"):
            pass
        with written_alone(tmp_path / "other.db"), written_alone(None):
            pass
    with written_alone(file):
        pass


def test_where_no_lock_can_be_made_nobody_is_kept_out(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("no folder")
    with written_alone(tmp_path / "state" / "journal.db"), written_alone(tmp_path / "state" / "journal.db"):
        pass


@contextmanager
def device(file: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A desk that writes that journal, from its first fact on."""
    command = [sys.executable, "-m", "device", "run", "--hardware", "simulated", "--set", "page.port=0"]
    with subprocess.Popen(
        [*command, "--set", f"journal.file={file}", *words],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def is_made(file: Path) -> bool:
    """The device has begun its journal."""
    with suppress(JournalError):
        choices(file)
        return True
    return False


def test_the_second_device_refuses_in_one_line_and_readers_are_let_in(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    with device(file) as first:
        # While it makes the tables nobody can read, and on a busy computer that lasts longer than a reader waits.
        until(lambda: is_made(file))
        for words in ((), ("--terminal",)):
            with device(file, *words) as second:
                _, said = second.communicate(timeout=60)
                assert second.returncode == 69
                assert said.splitlines()[-1].startswith(f"unsit: {file}: another Unsit writes this journal")
        assert main(["history", "--set", f"journal.file={file}"]) == 0
        first.send_signal(signal.SIGKILL)
        first.wait()
        # Killed, it lets go at once.
        with device(file) as next_one:
            until(lambda: os.path.exists(f"{file}-wal"))
            assert next_one.poll() is None


def test_a_reader_that_comes_while_the_file_is_made_keeps_nobody_from_making_it(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    made = threading.Barrier(8)
    faults: list[Exception] = []

    def opens() -> None:
        made.wait()
        try:
            open_journal(file, 20.0).close()
        except sqlite3.Error as fault:
            faults.append(fault)

    threads = [threading.Thread(target=opens) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert faults == []
    file.unlink()
    file.touch()
    with pytest.raises(JournalError, match="there is no journal yet, only an empty file"):
        list(runs(file))
    assert file.stat().st_size == 0


# ---- locked at the end


def test_what_cant_be_written_at_the_end_is_taken_up_at_the_next_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    world = World(tmp_path, HALF_HOURLY)
    world.sit(minutes=10)
    with locked(world.file):
        world.wait(minutes=5)
        world.rise(minutes=1)
        world.stop()
    assert "facts that couldn't be written are kept in" in caplog.text
    assert beside_of(world.file).exists()
    world = World(tmp_path, HALF_HOURLY, real_s=world.real_s)
    assert not beside_of(world.file).exists()
    world.sit(minutes=5)
    world.stop()
    assert seated_s(world.file) == pytest.approx(20 * 60, abs=0.01)
    told = [fact.name for run in runs(world.file) for fact in run.facts]
    assert told == ["sat", "left", "bout", "resumed", "power_cut", "sat"]


def test_what_somebody_chose_meanwhile_is_taken_up_too(tmp_path: Path) -> None:
    world = World(tmp_path, HALF_HOURLY)
    world.sit(minutes=2)
    with locked(world.file):
        world.perform(Note(choice(world.now, "stretch_never", "march")))
        world.stop()
    World(tmp_path, HALF_HOURLY, real_s=200.0).stop()
    before = past(world.file)
    assert before is not None
    assert [details_of(fact) for fact in before.choices] == [{"stretch": "march"}]


def test_a_whole_run_that_couldnt_be_written_is_taken_up_as_a_run(tmp_path: Path) -> None:
    World(tmp_path, HALF_HOURLY).stop()
    with locked(tmp_path / "journal.db"):
        world = World(tmp_path, HALF_HOURLY, real_s=100.0)
        world.sit(minutes=5)
        world.stop()
    again = World(tmp_path, HALF_HOURLY, real_s=500.0)
    again.sit(minutes=5)
    again.stop()
    assert seated_s(again.file) == pytest.approx(600, abs=0.01)


def test_what_is_still_locked_at_the_next_start_stays_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("device.journal.beside._LOCKED_FOR_S", 0.01)
    world = World(tmp_path, HALF_HOURLY)
    world.sit(minutes=10)
    with locked(world.file):
        world.wait(minutes=5)
        world.push(1.5)
        world.stop()
        World(tmp_path, HALF_HOURLY, real_s=world.real_s)
        assert "can't be taken up yet" in caplog.text
    assert beside_of(world.file).exists()


def test_where_nothing_can_be_put_beside_it_either_it_says_what_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuses(*_: object) -> Path:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("device.journal.writer.put_by", refuses)
    world = World(tmp_path, HALF_HOURLY)
    world.sit(minutes=10)
    with locked(world.file):
        world.rise(minutes=5)
        world.stop()
    assert "facts lost, because they couldn't be written: 3" in caplog.text


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff", b"[", b"[]", b"[" * 100_000, b'{"run": 1}',
        b'{"run": "x", "mark": [1, 2], "settings": 3, "facts": [], "inputs": []}',
        b'{"run": null, "mark": ["", 0, 1, null, 0, null, 1], "settings": "", "facts": [[1]], "inputs": 7}',
    ],
)  # fmt: skip
def test_what_was_put_by_and_makes_no_sense_is_set_aside(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    world = World(tmp_path, HALF_HOURLY)
    world.sit(minutes=5)
    world.stop()
    beside_of(world.file).write_bytes(content)
    again = World(tmp_path, HALF_HOURLY, real_s=400.0)
    again.sit(minutes=5)
    again.stop()
    assert "makes no sense" in caplog.text
    assert seated_s(again.file) == pytest.approx(600, abs=0.01)
    assert world.file.with_name("journal.db.waiting.damaged-1").read_bytes() == content


@pytest.mark.parametrize("kind", ["too large", "a pipe"])
def test_what_lies_there_is_read_no_further_than_it_may_be_large(
    tmp_path: Path, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    beside = beside_of(tmp_path / "journal.db")
    if kind == "a pipe":
        os.mkfifo(beside)
    else:
        with beside.open("wb") as file:
            # Of nothing but holes; in memory it would be all there.
            file.truncate(40_000_000_000)
    World(tmp_path, HALF_HOURLY).stop()
    (said,) = [each.getMessage() for each in caplog.records if "makes no sense" in each.getMessage()]
    assert f"{beside}: is {kind}; allowed: " in said
    assert "\n" not in said
    assert not beside.exists()


def test_what_was_put_by_before_a_later_start_was_written_is_not_mixed_in(tmp_path: Path) -> None:
    world = World(tmp_path, HALF_HOURLY)
    world.sit(minutes=10)
    with locked(world.file):
        world.cut_power(5, 0.0)
        world.wait(minutes=5)
        world.stop()
    kept = beside_of(world.file).read_bytes()
    beside_of(world.file).unlink()
    world = World(tmp_path, HALF_HOURLY, real_s=world.real_s)
    world.sit(minutes=5)
    world.stop()
    beside_of(world.file).write_bytes(kept)
    before = seated_s(world.file)
    World(tmp_path, HALF_HOURLY, real_s=world.real_s).stop()
    assert seated_s(world.file) == before


def test_to_forget_all_takes_what_was_put_by_along(tmp_path: Path) -> None:
    World(tmp_path, HALF_HOURLY).stop()
    file = tmp_path / "journal.db"
    beside_of(file).write_text("{}")
    forget_all(file)
    assert not beside_of(file).exists()


# ---- of a newer Unsit


def test_a_journal_of_a_newer_layout_is_kept_and_taken_up_again_after_the_update(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    world = World(tmp_path, HALF_HOURLY)
    world.sit(minutes=10)
    world.stop()
    with closing(sqlite3.connect(world.file)) as newer:
        newer.execute(f"PRAGMA user_version = {LAYOUT + 1}")
    kept = world.file.read_bytes()
    older = World(tmp_path, HALF_HOURLY, real_s=1000.0)
    older.sit(minutes=20)
    assert f"written by a newer Unsit: it has layout {LAYOUT + 1}, this Unsit knows {LAYOUT}" in caplog.text
    older.stop()
    assert older.believed_s == pytest.approx(1200, abs=0.01)
    assert world.file.read_bytes() == kept
    assert list(tmp_path.glob("*.damaged-*")) == []
    with pytest.raises(JournalError, match="written by a newer Unsit"):
        list(runs(world.file))
    with closing(sqlite3.connect(world.file)) as updated:
        updated.execute(f"PRAGMA user_version = {LAYOUT}")
    again = World(tmp_path, HALF_HOURLY, real_s=2300.0)
    again.sit(minutes=5)
    again.stop()
    assert seated_s(again.file) == pytest.approx(35 * 60, abs=0.01)


# ---- a folder that nobody may write


def test_a_folder_that_is_closed_to_its_owner_or_full_is_said_by_the_history(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    World(tmp_path, HALF_HOURLY).stop()
    file = tmp_path / "journal.db"
    assert why_unwritten(file) is None
    assert why_unwritten(tmp_path / "nowhere" / "journal.db") is None
    room = list(os.statvfs(tmp_path))
    for says, changed in (("can't be written", {8: os.ST_RDONLY}), ("is full", {4: 0})):
        told = os.statvfs_result([changed.get(nth, each) for nth, each in enumerate(room)])
        monkeypatch.setattr(os, "statvfs", lambda _, told=told: told)
        assert main(["history", "--set", f"journal.file={file}"]) == 0
        said = capsys.readouterr().err
        assert f"{says}: what happens now waits in the memory of the device, and a restart loses it" in said


# ---- stopped cleanly


def test_a_clean_stop_marks_the_last_minute_of_a_sitting(tmp_path: Path) -> None:
    world = World(tmp_path, HALF_HOURLY)
    world.sit(seconds=90)
    world.stop()
    (run,) = runs(world.file)
    assert (run.seen_s, run.seated_till_s) == (90.001, 90.001)
    world = World(tmp_path, HALF_HOURLY, real_s=100.0)
    world.sit(seconds=20)
    world.stop()
    assert list(runs(world.file))[-1].seated_till_s == pytest.approx(120.0, abs=0.01)


def test_that_it_cant_be_written_is_said_once_and_that_it_can_again_too(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        world = World(tmp_path, HALF_HOURLY)
        world.sit(minutes=2)
        with locked(world.file):
            world.wait(minutes=5)
        world.wait(minutes=5)
        world.stop()
    said = [record.getMessage().split(":")[0] for record in caplog.records]
    assert said == [
        "the journal can't be written, facts wait in memory, and a restart may lose them",
        "the journal is written again",
    ]
