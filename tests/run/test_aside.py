"""Whoever doesn't read what the device says holds nobody up."""

from __future__ import annotations

import fcntl
import logging
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from device.run.aside import Aside, aside
from tests.waiting import until

FULL = Path("/dev/full")


@contextmanager
def unread() -> Iterator[tuple[int, int]]:
    """A small pipe of which nobody reads: the end to read and the one to write."""
    ends = os.pipe()
    fcntl.fcntl(ends[1], fcntl.F_SETPIPE_SZ, 4096)
    try:
        yield ends
    finally:
        for end in ends:
            os.close(end)


def test_lines_that_nobody_reads_are_dropped_and_counted_and_it_is_told_once_somebody_does() -> None:
    with unread() as (reads, writes):
        os.set_blocking(reads, False)
        told = Aside(writes, "ascii")
        for nth in range(5000):
            told.say(f"{nth} ü {'x' * 100}")
        # A thousand wait; how many of the others have been told of meanwhile is a matter of luck.
        assert 900 < told.unsaid <= 5000
        heard = b""

        def all_but_few() -> bool:
            nonlocal heard
            try:
                heard += os.read(reads, 1 << 20)
            except BlockingIOError:
                return told.unsaid < 5000 - heard.count(b"x\n") and heard.endswith(b"\n") and not told._lines.qsize()
            return False

        until(all_but_few)
        told.say("the last")
        until(lambda: not told.unsaid)
        told.close()
        heard += os.read(reads, 1 << 20)
        lines = heard.decode().splitlines()
        assert lines[-1] == "the last"
        left_out = [line for line in lines if line.startswith("unsit: ")]
        said = [line for line in lines[:-1] if line.endswith(" ? " + 100 * "x")]
        assert left_out
        assert len(said) + len(left_out) + 1 == len(lines)
        assert len(said) + sum(int(line.split()[-1]) for line in left_out) == 5000


def test_an_end_that_doesnt_wait_is_waited_for() -> None:
    with unread() as (reads, writes):
        os.set_blocking(writes, False)
        told = Aside(writes, "utf-8")
        for _ in range(3):
            told.say("x" * 60_000)
        heard = b""
        while heard.count(b"\n") < 3:
            heard += os.read(reads, 1 << 20)
        told.close()
        assert heard == 3 * (60_000 * b"x" + b"\n")


def test_to_close_takes_no_longer_than_a_second_though_nobody_reads() -> None:
    with unread() as (_, writes):
        told = Aside(writes, "utf-8")
        told.say("x" * 1_000_000)
        began = time.monotonic()
        told.close()
        assert time.monotonic() - began < 5
    # With nobody there at all the thread comes to its end.
    until(lambda: not told._thread.is_alive())


def test_what_cant_be_written_is_counted_and_said_once() -> None:
    said: list[OSError] = []
    with FULL.open("wb", buffering=0) as full:
        told = Aside(full.fileno(), "utf-8", said.append)
        for _ in range(10):
            told.say("a line")
        told.close()
    assert told.unsaid == 10
    assert [fault.strerror for fault in said] == ["No space left on device"]


def test_where_standard_output_is_no_file_of_the_computers_it_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with aside() as say:
        say("a line")
    assert capsys.readouterr().out == "a line\n"


# ---- the device


DAY = ["t,input,value", *(f"{nth * 10},seat,{'taken' if nth % 4 == 1 else 'empty'}" for nth in range(1, 1000))]


@contextmanager
def device(folder: Path, output: int, errors: int | None = subprocess.PIPE) -> Iterator[subprocess.Popen[str]]:
    """A desk on which somebody sits down and rises over and over, and its journal."""
    (folder / "day.csv").write_text("\n".join(DAY) + "\n")
    command = [sys.executable, "-m", "device", "run", "--hardware", "simulated", "--terminal", "--speed", "2000"]
    words = ["--play", str(folder / "day.csv"), "--set", f"journal.file={folder / 'journal.db'}"]
    with subprocess.Popen(
        [*command, *words], stdin=subprocess.DEVNULL, stdout=output, stderr=errors, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def played(folder: Path) -> bool:
    """The whole day is in the journal."""
    file = folder / "journal.db"
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as journal:
        (seen_ms,) = journal.execute("SELECT max(seen_ms) FROM run").fetchone()
        return seen_ms is not None and seen_ms > 9_900_000
    return False


def test_a_pipe_that_nobody_reads_holds_the_device_up_in_nothing(tmp_path: Path) -> None:
    with unread() as (_, writes), device(tmp_path, writes, writes) as process:
        until(lambda: played(tmp_path), "it was held up")
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert process.poll() is not None


@pytest.mark.parametrize("reader_gone", [True, False])
def test_where_standard_output_cant_be_written_the_device_goes_on_counting(tmp_path: Path, reader_gone: bool) -> None:
    reads, output = os.pipe()
    os.close(reads)
    if not reader_gone:
        os.close(output)
        output = os.open(FULL, os.O_WRONLY)
    with device(tmp_path, output) as process:
        os.close(output)
        until(lambda: played(tmp_path), "it was held up")
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=20)
        assert process.returncode == 0
        assert said.count("standard output: ") == 2
        assert "the device goes on, and what it says there is dropped" in said
        assert "lines dropped" in said


def test_the_log_goes_the_same_way(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("w", encoding="utf-8") as file:
        script = (
            "import logging; from device.run.aside import aside\n"
            "logging.basicConfig(format='unsit: %(message)s')\n"
            "with aside() as say:\n"
            "    say('said'); logging.warning('logged'); say(type(logging.getLogger().handlers[0]).__name__)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=file, text=True, check=True
        )
    assert log.read_text() == "unsit: logged\n"
    assert sorted(done.stdout.split()) == ["_Handler", "said"]
    assert logging.getLogger().handlers is not None
