"""The packages of the sources as they are, and of the same sources with another version."""

from __future__ import annotations

import re
from pathlib import Path

from systemd.making.debian_packages import debian_packages
from tests.checkout import copied

EPOCH_S = 1_796_000_000
OLDER, NEWER = "0.0.1", "99.0"


def version_here() -> str:
    """What device/__init__.py says."""
    from device import __version__

    return __version__


def built(to: Path, scratch: Path, *versions: str) -> Path:
    """Build them into a folder for each version."""
    for version in versions:
        sources = copied(scratch / version)
        place = sources / "device/__init__.py"
        place.write_text(re.sub(r'(__version__ = ").+"', rf'\g<1>{version}"', place.read_text("utf-8")), "utf-8")
        debian_packages(sources, to / version, EPOCH_S)
    return to
