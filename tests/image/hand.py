"""The tests' hand in a machine that runs a card: it comes in by the initramfs, so that no byte of the card is another.

The kernel unpacks as many archives as it is given, one over the other. Ours brings the drivers of the test's board, and
a script that is run last: it puts the agent's unit where systemd looks for those of this boot only.
"""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

from tests.cpio import Cpio

_AGENT = Path(__file__).parents[1] / "real_kernel/root/agent.py"
_BOARD = "Hardware\t: BCM2835\nRevision\t: {revision:x}\nModel\t\t: {model}\n"

_FIRST = """\
for driver in /hand/*.ko; do
    [ -f "$driver" ] && insmod "$driver"
done
echo '/scripts/init-bottom/hand "$@"' >>/scripts/init-bottom/ORDER
"""
"""Read by the initramfs before it does anything."""

_LAST = """\
#!/bin/sh
[ "$1" = prereqs ] && exit
# There is no cp.
lay() { cat "/hand/$1" >"$2/$1"; }
units=/run/systemd/system
mkdir -p /run/hand $units/WANTED_BY.wants
lay agent.py /run/hand
lay hand.service $units
ln -s ../hand.service $units/WANTED_BY.wants/hand.service
if [ -f /hand/cpuinfo ]; then
    lay cpuinfo /run/hand
    mount -o bind /run/hand/cpuinfo /proc/cpuinfo
    mkdir -p $units/unsit.service.d
    lay board.conf $units/unsit.service.d
fi
"""

_UNIT = """\
[Unit]
Description=The tests' hand in this machine
DefaultDependencies=no
AFTER

[Service]
ExecStart=/usr/bin/python3 -I -S /run/hand/agent.py
WorkingDirectory=/
"""

_DROP_IN = "[Service]\nBindReadOnlyPaths=/run/hand/cpuinfo:/proc/cpuinfo\n"
"""The service has a /proc of its own."""

EARLY, LATE = "sysinit.target", "multi-user.target"
"""When the hand comes: as soon as anything runs, or after all else, where it isn't in the way of what is timed."""


def hand(line: str, wanted_by: str, drivers: Path | None = None, board: tuple[str, int] | None = None) -> bytes:
    """An archive for the kernel, to go behind the card's initramfs.

    `line` is the device that the agent listens at; `board` the name and revision that /proc/cpuinfo tells, for a
    machine that has no device tree.
    """
    archive = io.BytesIO()
    pack = Cpio(archive)
    pack.file("conf/conf.d/hand", _FIRST.encode())
    pack.file("scripts/init-bottom/hand", _LAST.replace("WANTED_BY", wanted_by).encode(), 0o755)
    pack.file("hand/agent.py", _AGENT.read_bytes().replace(b"/dev/ttyS0", line.encode()))
    pack.file("hand/hand.service", _UNIT.replace("AFTER", f"After={wanted_by}" if wanted_by == LATE else "").encode())
    if board:
        pack.file("hand/cpuinfo", _BOARD.format(model=board[0], revision=board[1]).encode())
        pack.file("hand/board.conf", _DROP_IN.encode())
    if drivers:
        with tarfile.open(drivers) as built:
            for driver in built:
                content = built.extractfile(driver)
                assert content is not None
                pack.file(f"hand/{driver.name}", content.read())
    pack.end()
    return archive.getvalue()


def behind(initramfs: bytes, more: bytes) -> bytes:
    """Both, as one file for the kernel: archives begin at multiples of four."""
    return initramfs + b"\0" * (-len(initramfs) % 4) + more
