"""Keeps a new slot that proves itself, and goes back to the one before if it doesn't: `python3 -I -m unsit_card.trial`.

Proven is a slot in which the device has run for two minutes, with a network if there was one before. Until then the
card starts the slot before, which the initrd has chosen again; a restart is all that it takes to go back.
"""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

from unsit_card.memory import Remembered, log, remember, remembered, told
from unsit_card.slots import CARD, Starts, running_slot
from unsit_card.update import MOST_TIMES, has_network, writable_card

_PROVEN_S = 120.0
_PATIENCE_S = 600.0
_AGAIN_S = 5.0
_UPDATES = CARD / "updates.txt"


def main() -> int:
    """Wait until the slot that runs on trial has proved itself; 1 if it doesn't."""
    slot, state = running_slot(Path("/proc/cmdline").read_text()), remembered()
    end = time.monotonic() + _PATIENCE_S
    while not _has_run(_PROVEN_S) or (state.has_network and not has_network()):
        if time.monotonic() > end:
            print("the device doesn't run in this slot: back to the one before", file=sys.stderr)
            return 1
        time.sleep(_AGAIN_S)
    with writable_card():
        Starts().prove(slot)
        _keep(state)
        _show_log()
    return 0


def _keep(state: Remembered) -> None:
    """Remember that it was updated. The slot is proven already, so nothing of this may send it back."""
    try:
        log(f"updated: {state.what}", datetime.now().astimezone())
        state.trial, state.times = "", MOST_TIMES
        remember(state)
    except OSError as error:
        print(error, file=sys.stderr)


def _show_log() -> None:
    """Lay the log beside the person's files. It can be done without."""
    try:
        _UPDATES.write_text("\r\n".join([*reversed(told()), ""]), "utf-8")
    except OSError as error:
        print(f"{_UPDATES}: {error}", file=sys.stderr)


def _has_run(seconds: float) -> bool:
    """Whether the device has run for that long without a restart."""
    asked = ["systemctl", "show", "unsit.service", "--property=ActiveState,ActiveEnterTimestampMonotonic"]
    shown = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    values = dict(line.split("=", 1) for line in shown.splitlines() if "=" in line)
    since_us = int(values.get("ActiveEnterTimestampMonotonic") or 0)
    return (
        values.get("ActiveState") == "active" and time.clock_gettime(time.CLOCK_MONOTONIC) - since_us / 1e6 >= seconds
    )


if __name__ == "__main__":
    sys.exit(main())
