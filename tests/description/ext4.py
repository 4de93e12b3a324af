"""Reads the root in a card's image with debugfs, which takes neither root nor a mount."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

SECTOR = 512


class ImageRoot:
    """The second partition of an image."""

    def __init__(self, image: Path) -> None:
        asked = subprocess.run(["sfdisk", "--json", image], capture_output=True, text=True, check=True)
        second = json.loads(asked.stdout)["partitiontable"]["partitions"][1]
        # debugfs takes an offset so.
        self._device = f"{image}?offset={second['start'] * SECTOR}"

    def text(self, place: str) -> str:
        """What a file says."""
        return self._asked(f'cat "{place}"')

    def names(self, folder: str) -> Iterator[str]:
        """What is in a folder; nothing if it isn't there."""
        for line in self._asked(f'ls -p "{folder}"').splitlines():
            parts = line.split("/")
            if len(parts) > 5 and parts[5] not in (".", ".."):
                yield parts[5]

    def kind(self, place: str) -> str | None:
        """What lies there: regular, directory, or where a symlink leads; None if nothing does."""
        said = self._asked(f'stat "{place}"')
        link = re.search(r'^Fast link dest: "(.*)"$', said, re.MULTILINE)
        kind = re.search(r"Type: (\w+)", said)
        return link[1] if link else kind[1] if kind else None

    def is_masked(self, unit: str) -> bool:
        """Whether systemd never starts it, as a link to nothing says, or a file with nothing in it."""
        kind = self.kind(unit)
        return kind == "/dev/null" or (kind == "regular" and not self.text(unit))

    def mode(self, place: str) -> int:
        """Who may do what with it."""
        mode = re.search(r"Mode: +(\d+)", self._asked(f'stat "{place}"'))
        assert mode, place
        return int(mode[1], 8)

    def _asked(self, request: str) -> str:
        ran = subprocess.run(["debugfs", "-R", request, self._device], capture_output=True, text=True, check=True)
        return ran.stdout
