"""The file by which Raspberry Pi Imager offers the image: what it is, where it lies, and what it must be like."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

_BOARDS = ("pi3-64bit", "pi4-64bit")
"""By Imager's tags. A Zero 2 W has that of a 3."""


def repository(image: Path, packed: Path, base_url: str, epoch_s: int) -> str:
    """The repository with the one image. Without a place to download from, it is beside this file."""
    entry = {
        "name": "Unsit",
        "description": "A desk device that knows when you sit and shows you how to move",
        "icon": "",
        "url": f"{base_url.rstrip('/')}/{packed.name}" if base_url else packed.name,
        "extract_size": image.stat().st_size,
        "extract_sha256": _sha256(image),
        "image_download_size": packed.stat().st_size,
        "image_download_sha256": _sha256(packed),
        "release_date": datetime.fromtimestamp(epoch_s, UTC).strftime("%Y-%m-%d"),
        "devices": list(_BOARDS),
        # Imager's own questions on user, Wi-Fi and ssh would go nowhere: files on the card answer them.
        "init_format": "none",
    }
    return json.dumps({"os_list": [entry]}, indent=2) + "\n"


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
