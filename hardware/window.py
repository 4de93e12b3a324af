"""The simulated desk in a terminal: the panel drawn live, a few lines below it, and keys for hands."""

from __future__ import annotations

import os
import select
import shutil
import sys
import termios
import threading
import tty
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from PIL import Image

from hardware.terminal import picture_lines

_LOOK_EVERY_S = 0.1
"""As often as a moving figure moves."""

_ALTERNATE_SCREEN, _USUAL_SCREEN = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
_TOP_LEFT, _REST_OF_LINE, _REST_OF_SCREEN = "\x1b[H", "\x1b[K", "\x1b[J"


class Window:
    """Draws on a thread of its own while it is entered; leaves the terminal as it was."""

    def __init__(
        self,
        picture: Callable[[], Image.Image],
        below: Callable[[], Sequence[str]],
        keys: Mapping[str, Callable[[], object]],
    ) -> None:
        self._picture = picture
        self._below = below
        self._keys = keys
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="window", daemon=True)
        self._drawn = ""

    def __enter__(self) -> Window:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._thread.join(timeout=1.0)

    def _run(self) -> None:
        with _keys_at_once(), _alternate_screen():
            while not self._closing.is_set():
                self._draw()
                self._take_keys()

    def _draw(self) -> None:
        size = shutil.get_terminal_size()
        lines = [*picture_lines(self._picture(), size.columns), *self._below()]
        fitting = "\n".join(line[: size.columns] + _REST_OF_LINE for line in lines[: size.lines])
        drawn = _TOP_LEFT + fitting + _REST_OF_SCREEN
        if drawn != self._drawn:
            self._drawn = drawn
            _write(drawn)

    def _take_keys(self) -> None:
        """Wait a moment for keys, and do what those mean that mean something."""
        readable, _, _ = select.select([sys.stdin], [], [], _LOOK_EVERY_S)
        struck = os.read(sys.stdin.fileno(), 64).decode(errors="ignore") if readable else ""
        for key in struck.lower():
            if key in self._keys:
                self._keys[key]()
        if readable and not struck:
            # The terminal has gone.
            self._closing.wait(_LOOK_EVERY_S)


@contextmanager
def _keys_at_once() -> Iterator[None]:
    """Keys come one by one and aren't echoed."""
    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


@contextmanager
def _alternate_screen() -> Iterator[None]:
    """What was on the terminal stays there for afterwards."""
    _write(_ALTERNATE_SCREEN)
    try:
        yield
    finally:
        _write(_USUAL_SCREEN)


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
