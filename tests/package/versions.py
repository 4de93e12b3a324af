"""The packages of the sources as they are, and of the same sources with another version."""

from __future__ import annotations

import re
from pathlib import Path

from systemd.making.debian_packages import debian_packages
from tests.checkout import copied

EPOCH_S = 1_796_000_000
OLDER, NEWER = "0.0.1", "99.0"
ALL = ("unsit", "unsit-page", "unsit-meetings", "unsit-mqtt")
# Somebody sits for a few hours, of which each takes seconds.
LIVED = """
install -d -o unsit -g unsit -m 750 /var/lib/unsit
runuser -u unsit -- timeout -s INT 60 unsit run --hardware simulated --set page.port=0 --speed 2000 \\
    --set journal.file=/var/lib/unsit/journal.db --play /usr/lib/unsit/current/device/content/days/office.csv \\
    </dev/null || true
test -s /var/lib/unsit/journal.db
"""


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


def packages_of(version: str, *names: str) -> str:
    """The files of that version, as a Debian with them at /mnt finds them."""
    return " ".join(f"/mnt/{version}/{name}_{version}_all.deb" for name in names or ALL)


def apt_installs(version: str, *names: str) -> str:
    """A line of shell that installs them, with all that they depend on."""
    options = "-o Acquire::Check-Valid-Until=false -qq -y --no-install-recommends"
    return f"cd / && apt-get {options} install {packages_of(version, *names)}\n"
