"""Asks the device whether somebody sits, and tells it of the hotspot, on the line that its followers use."""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from pathlib import Path

LINE = Path("/run/unsit/line")
_WAITS_S = 10.0


def is_empty(line: Path = LINE) -> bool:
    """Whether the chair is empty; a device that says nothing isn't disturbed."""
    return _told("standing", line).get("seated") is False


def panel_works(line: Path = LINE) -> bool:
    """Whether the device says that its panel answers."""
    return _told("health", line).get("panel") == "ok"


def _told(kind: str, line: Path) -> dict[str, object]:
    """The first message of that kind, empty if there is none."""
    with suppress(OSError, ValueError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.settimeout(_WAITS_S)
        door.connect(str(line))
        with door.makefile("r", encoding="utf-8") as told:
            for each in told:
                message: dict[str, object] = json.loads(each)
                if message.get("kind") == kind:
                    return message
    return {}


def tell_wifi(name: str = "", password: str = "", line: Path = LINE) -> None:
    """Have the panel show the device's own Wi-Fi, or no more. A device that doesn't run yet is told later."""
    order = {"kind": "order", "nth": 1, "do": "wifi", "to": {"name": name, "password": password}}
    with suppress(OSError, ValueError), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.settimeout(_WAITS_S)
        door.connect(str(line))
        door.sendall(f"{json.dumps(order)}\n".encode())
        with door.makefile("r", encoding="utf-8") as told:
            # It hangs up on nobody who waits for the answer.
            next((each for each in told if json.loads(each).get("kind") == "answer"), None)
