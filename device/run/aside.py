"""Writes lines on a separate thread, so that a slow reader delays nothing else."""

from __future__ import annotations

import logging
import os
import queue
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

_log = logging.getLogger(__name__)

_WAITING = 1000
"""How many lines may wait to be read; further lines are dropped and counted."""
_ENDS_WITHIN_S = 1.0
_LOOKS_AGAIN_S = 0.05

Say = Callable[[str], None]


class Aside:
    """Writes lines to an open file. Lines that can't be written are dropped, and their number is told later."""

    def __init__(self, file: int, encoding: str, faulty: Callable[[OSError], None] = lambda _: None) -> None:
        """`faulty` is called once if the file can't be written."""
        self._file, self._encoding, self._faulty = file, encoding, faulty
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._is_faulty = False
        self._lock = threading.Lock()
        self._dropped = 0
        self._thread = threading.Thread(target=self._run, name="aside", daemon=True)
        self._thread.start()

    def say(self, line: str) -> None:
        """Queue a line."""
        if self._lines.qsize() < _WAITING:
            self._lines.put(line)
        else:
            self._drop(1)

    def close(self) -> None:
        """Write what is queued. Wait for that, but only for a while."""
        self._lines.put(None)
        self._thread.join(_ENDS_WITHIN_S)

    @property
    def unsaid(self) -> int:
        """How many lines were dropped or still wait, and haven't been told of."""
        return self._dropped + self._lines.qsize()

    def _drop(self, lines: int) -> None:
        with self._lock:
            self._dropped += lines

    def _run(self) -> None:
        while (line := self._lines.get()) is not None:
            dropped = self._dropped
            said = f"{line}\n" if not dropped else f"unsit: lines left out here: {dropped}\n{line}\n"
            try:
                self._write(said.encode(self._encoding, "replace"))
                self._drop(-dropped)
            except OSError as fault:
                self._drop(1)
                if not self._is_faulty:
                    self._is_faulty = True
                    self._faulty(fault)

    def _write(self, said: bytes) -> None:
        while said:
            try:
                # Not through Python's buffer, which would wait for the reader again at exit.
                said = said[os.write(self._file, said) :]
            except BlockingIOError:
                threading.Event().wait(_LOOKS_AGAIN_S)


@contextmanager
def aside() -> Iterator[Say]:
    """Yield a function that writes lines to standard output; the log goes to standard error in the same way."""
    root = logging.getLogger()
    before = list(root.handlers)
    log, output = _aside_of(sys.stderr), _aside_of(sys.stdout, _tell)
    if log is not None:
        root.handlers = [_Handler(log, each) if _is_plain(each) else each for each in before]
    try:
        yield output.say if output else _print
    finally:
        if output is not None:
            output.close()
            if output.unsaid:
                _log.warning("standard output: lines dropped: %d", output.unsaid)
        root.handlers = before
        if log is not None:
            log.close()


def _aside_of(stream: TextIO, faulty: Callable[[OSError], None] = lambda _: None) -> Aside | None:
    """None if the stream isn't a file of the system."""
    try:
        stream.flush()
        return Aside(stream.fileno(), stream.encoding or "utf-8", faulty)
    except (OSError, ValueError):
        return None


def _tell(fault: OSError) -> None:
    _log.warning("standard output: %s; the device goes on, and what it says there is dropped", fault.strerror)


def _print(line: str) -> None:
    print(line, flush=True)


def _is_plain(handler: logging.Handler) -> bool:
    return isinstance(handler, logging.StreamHandler) and handler.stream is sys.stderr


class _Handler(logging.Handler):
    """Writes log records in the format of another handler."""

    def __init__(self, log: Aside, before: logging.Handler) -> None:
        super().__init__(before.level)
        self.setFormatter(before.formatter)
        self._aside = log

    def emit(self, record: logging.LogRecord) -> None:
        self._aside.say(self.format(record))
