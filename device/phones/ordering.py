"""One order or question to a running device, from somebody who doesn't follow it, such as a command in a terminal."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from device.run.line import ASKS

_WITHIN_S = 5.0
_NTH = 1


class UnansweredError(Exception):
    """A device is there and doesn't answer; the message is one line."""


Message = Mapping[str, Any]


def ordered(line: Path, do: str, to: object) -> Message | None:
    """The device's answer; None if no device runs there. Raises UnansweredError."""
    order = {"kind": "order", "nth": _NTH, "do": do, "to": to}
    return _heard(line, order, lambda told: told["kind"] == "answer" and told["nth"] == _NTH)


def standing(line: Path) -> Message | None:
    """How things stand, as followers hear it; None if no device runs there. Raises UnansweredError."""
    return _heard(line, ASKS, lambda told: told["kind"] == "standing")


def _heard(line: Path, says: Message, is_answer: Callable[[Message], bool]) -> Message | None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
        caller.settimeout(_WITHIN_S)
        try:
            caller.connect(str(line))
        except (FileNotFoundError, ConnectionRefusedError):
            return None
        except OSError as error:
            raise UnansweredError(f"{line}: {error.strerror or error}{_hint(error)}") from error
        try:
            caller.sendall(json.dumps(says).encode() + b"\n")
            answer = _answer(caller, is_answer)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise UnansweredError(f"{line}: the device doesn't answer as it should: {error}") from error
    if answer is None:
        raise UnansweredError(f"{line}: the device has hung up; too many follow it, or it stops")
    return answer


def _answer(caller: socket.socket, is_answer: Callable[[Message], bool]) -> Message | None:
    """The answer among all that the device tells; None if it hangs up."""
    ends_at = time.monotonic() + _WITHIN_S
    with caller.makefile("rb") as told:
        for message in map(json.loads, told):
            if is_answer(message):
                return dict(message)
            caller.settimeout(max(ends_at - time.monotonic(), 0.001))
    return None


def _hint(error: OSError) -> str:
    return "; only its owner may: try sudo" if isinstance(error, PermissionError) else ""
