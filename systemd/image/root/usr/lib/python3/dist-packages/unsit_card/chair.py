"""Asks the device whether somebody sits, on the line that everybody who follows it listens to."""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from pathlib import Path

LINE = Path("/run/unsit/line")
_WAITS_S = 10.0


def is_empty(line: Path = LINE) -> bool:
    """Whether the chair is empty; a device that says nothing isn't disturbed."""
    with suppress(OSError, ValueError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.settimeout(_WAITS_S)
        door.connect(str(line))
        with door.makefile("r", encoding="utf-8") as told:
            for each in told:
                message = json.loads(each)
                if message.get("kind") == "standing":
                    return message.get("seated") is False
    return False
