"""Somebody at the other end of the line, who listens and may say something."""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.waiting import WITHIN_S


class Ear:
    """Follows the device whose line is at that path."""

    def __init__(self, path: Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(WITHIN_S)
        self.socket.connect(str(path))
        self._lines = self.socket.makefile("rb")

    def __enter__(self) -> Ear:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def hears(self, kind: str | None = None) -> dict[str, Any]:
        """The next message, or the next of that kind."""
        while True:
            line = self._lines.readline()
            assert line, "hung up on"
            told: dict[str, Any] = json.loads(line)
            if kind in (None, told["kind"]):
                return told

    def is_hung_up_on(self) -> bool:
        """Whether the line is dead, once all that was on it is read."""
        with suppress(ConnectionError):
            while self._lines.readline():
                pass
        return True

    def says(self, text: str) -> None:
        """Whatever it is."""
        self.socket.sendall(text.encode())

    def does(self, *deeds: tuple[str, Any]) -> None:
        """All of it at once."""
        self.says("".join(json.dumps({"do": do, "to": to}) + "\n" for do, to in deeds))

    def close(self) -> None:
        """Go away."""
        self._lines.close()
        self.socket.close()
