"""Says on the panel what is wrong with the person's files, before the device runs and owns the panel."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from device.pictures.drawing import draw
from device.words.effects import BigWords
from hardware.panel.delta import packed
from hardware.panel.early import EarlyPanel, show
from unsit_card.read import FOUND

SETTINGS = ("/etc/unsit/unsit.toml", "/boot/firmware/unsit.toml")
NO_PANEL = 3
"""The exit code when none answers; 1 is what a Python that breaks ends with."""
_MOST_FAULTS = 3
_EACH_S = 8.0
_WAITS_S = 5.0


def say(lines: Sequence[str], small: str, panel: EarlyPanel) -> bool:
    """Whether the panel shows these words now."""
    return show(packed(draw(BigWords(tuple(lines), small), 0.0)), panel, _WAITS_S)


def main() -> int:
    """Show each fault for a while."""
    panel = EarlyPanel()
    for file in SETTINGS:
        panel.read(file)
    found = json.loads((Path("/") / FOUND).read_text())
    for words in found[:_MOST_FAULTS]:
        lines, small = words["de" if panel.language == "de" else "en"]
        if not say(lines, small, panel):
            return NO_PANEL
        time.sleep(_EACH_S)
    return 0


if __name__ == "__main__":
    sys.exit(main())
