"""The simulated desk in a terminal: the panel drawn live, a few lines below it, and keys for hands."""

from __future__ import annotations

import os
import select
import shutil
import sys
import termios
import textwrap
import threading
import tty
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from PIL import Image

from device.pictures.terminal import picture_lines

_LOOK_EVERY_S = 0.1
"""As often as a figure moves, in seconds."""

_ALTERNATE_SCREEN, _USUAL_SCREEN = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
_PARTED = " " * 3
"""What separates parts of a line that stay whole."""
_HOLDS = "\N{NO-BREAK SPACE}"

_TOP_LEFT, _REST_OF_LINE, _REST_OF_SCREEN = "\x1b[H", "\x1b[K", "\x1b[J"


class Window:
    """Draws on its own thread while it is entered; afterwards the terminal is as before."""

    def __init__(
        self,
        picture: Callable[[], Image.Image],
        below: Callable[[], Sequence[str]],
        keys: Mapping[str, Callable[[], object]],
        more: Callable[[int, int], Sequence[str]] = lambda _, __: (),
    ) -> None:
        """`more` gets how wide a line may be, and how many lines have room below everything else."""
        self._picture = picture
        self._below = below
        self._keys = keys
        self._more = more
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
        with keys_at_once(), _alternate_screen():
            while not self._closing.is_set():
                self._draw()
                self._take_keys()

    def _draw(self) -> None:
        size = shutil.get_terminal_size()
        below = wrapped(self._below(), size.columns)
        picture = picture_lines(self._picture(), size.columns, size.lines - len(below), plain=not draws_blocks())
        needs = len(picture[0]), len(picture) + len(below)
        if needs[0] > size.columns or needs[1] > size.lines:
            told = f"The panel takes {needs[0]}x{needs[1]} here; this window is {size.columns}x{size.lines}."
            picture = wrapped([told, ""], size.columns)
        lines = [*picture, *below]
        lines += self._more(size.columns, max(0, size.lines - len(lines)))
        drawn = _TOP_LEFT + "\n".join(line + _REST_OF_LINE for line in lines[: size.lines]) + _REST_OF_SCREEN
        if drawn != self._drawn:
            self._drawn = drawn
            _write(drawn)

    def _take_keys(self) -> None:
        """Wait a moment for keys, and do what they mean."""
        readable, _, _ = select.select([sys.stdin], [], [], _LOOK_EVERY_S)
        struck = os.read(sys.stdin.fileno(), 64).decode(errors="ignore") if readable else ""
        for key in struck.lower():
            if key in self._keys:
                self._keys[key]()
        if readable and not struck:
            # The terminal has gone.
            self._closing.wait(_LOOK_EVERY_S)


def wrapped(lines: Sequence[str], width: int) -> list[str]:
    """The text in lines of that width; a line that goes on keeps its indent.

    What stands between three spaces, such as a key and its meaning, stays on one line if it fits.
    """
    all_of_them = []
    for line in lines:
        indent = line[: len(line) - len(line.lstrip())]
        whole = _PARTED.join(_held_together(part, width - len(indent)) for part in line.strip().split(_PARTED))
        folded = textwrap.wrap(indent + whole, max(width, 20), subsequent_indent=indent, drop_whitespace=True)
        all_of_them += [each.replace(_HOLDS, " ") for each in folded] or [""]
    return all_of_them


def _held_together(part: str, width: int) -> str:
    return part.replace(" ", _HOLDS) if len(part) <= width else part


def draws_blocks() -> bool:
    try:
        "⠿█╭".encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


@contextmanager
def keys_at_once() -> Iterator[None]:
    """Keys come one by one and aren't echoed."""
    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


@contextmanager
def _alternate_screen() -> Iterator[None]:
    """What was on the terminal comes back afterwards."""
    _write(_ALTERNATE_SCREEN)
    try:
        yield
    finally:
        _write(_USUAL_SCREEN)


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
