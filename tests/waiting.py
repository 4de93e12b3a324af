"""Waiting for what another thread or process does, however busy the computer is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

WITHIN_S = 20.0
"""What hasn't come by then never will."""
_LOOKS_S = 0.005


def until(holds: Callable[[], object], what: str = "") -> None:
    """Wait until it does."""
    deadline = time.monotonic() + WITHIN_S
    while not holds():
        assert time.monotonic() < deadline, what or "it never came"
        threading.Event().wait(_LOOKS_S)


def apart(work: Callable[[], T]) -> T:
    """On another thread, since Playwright may have a loop on this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()
