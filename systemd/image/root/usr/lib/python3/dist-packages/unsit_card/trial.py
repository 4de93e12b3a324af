"""Keeps a new slot that proves itself, and goes back to the one before if it doesn't: `python3 -I -m unsit_card.trial`.

Proven is a slot in which the device has run for two minutes and keeps what it notes, with a network and a panel if
there were before. Until then the card starts the slot before, which the initrd has chosen again; a restart is all that
it takes to go back.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

from unsit_card.line import panel_works
from unsit_card.memory import Remembered, log, remember, remembered
from unsit_card.slots import SlotError, Starts, goes_back_to, running_slot
from unsit_card.update import MOST_TIMES, has_network, show_log, writable_card

_PROVEN_S = 120.0
_PATIENCE_S = 600.0
_AGAIN_S = 5.0


def main() -> int:
    """Wait until the slot that runs on trial has proved itself; 1 if it doesn't."""
    words, state = Path("/proc/cmdline").read_text(), remembered()
    slot = running_slot(words)
    end = time.monotonic() + _PATIENCE_S
    set_back(goes_back_to(words))
    while not _is_proven(state):
        if time.monotonic() > end:
            print("the device doesn't run in this slot: back to the one before", file=sys.stderr)
            return 1
        time.sleep(_AGAIN_S)
    with writable_card():
        Starts().prove(slot)
        _keep(state)
    show_log()
    return 0


def set_back(slot: str, starts: Starts | None = None) -> None:
    """Have the card start that slot again, where the initrd could not."""
    starts = starts or Starts()
    try:
        if starts.chosen() != slot:
            with writable_card():
                starts.choose(slot)
    except (OSError, SlotError) as error:
        print(f"the card can't be told to go back: {error}", file=sys.stderr)


def _is_proven(state: Remembered) -> bool:
    return (
        _has_run(_PROVEN_S)
        and os.path.ismount("/kept")
        and (has_network() or not state.has_network)
        and (panel_works() or not state.panel_works)
    )


def _keep(state: Remembered) -> None:
    """Remember that it was updated. The slot is proven already, so nothing of this may send it back."""
    try:
        log(f"updated: {state.what}", datetime.now().astimezone())
        state.trial, state.times = "", MOST_TIMES
        remember(state)
    except OSError as error:
        print(error, file=sys.stderr)


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
