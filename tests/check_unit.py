"""Asks systemd itself about the units: are they well-formed, and how well are they sandboxed?

`python -m tests.check_unit` says so in a line each. Exit 0: in order, or no systemd-analyze to ask; 1: they aren't.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).parent.parent
UNIT = PROJECT / "systemd/unsit.service"
PAGE = PROJECT / "systemd/unsit-page.service"
MEETINGS = PROJECT / "systemd/unsit-meetings.service"
TIMER = PROJECT / "systemd/unsit-meetings.timer"
MQTT = PROJECT / "systemd/unsit-mqtt.service"
COLLECTOR = PROJECT / "systemd/unsit-office-collect.service"
EARLY = PROJECT / "systemd/image/root/usr/lib/systemd/system/unsit-early.service"
SOCKET = PROJECT / "systemd/unsit-page.socket"
DROP_IN = PROJECT / "systemd/rpigpio.conf"
DROP_INS = sorted((PROJECT / "systemd").glob("*.conf"))
"""All drop-ins for the service: that of RPi.GPIO, and those of parts that need more than its sandbox."""
MOST_EXPOSED = 1.0
"""0 is a unit that may do nothing, 10 one that may do everything."""
MOST_EXPOSED_WITH_NETWORK = 2.0
MOST_EXPOSED_TO_A_BROKER = 1.5


def has_systemd_analyze() -> bool:
    """Whether there is anybody to ask."""
    return shutil.which("systemd-analyze") is not None


def scratch_root(folder: Path) -> Path:
    """A root that holds the units and stand-ins for the commands they start."""
    for command in (folder / "opt/unsit/bin/unsit", folder / "usr/bin/python3", folder / "bin/sh"):
        command.parent.mkdir(parents=True)
        command.write_text("#!/bin/sh\n")
        command.chmod(0o755)
    units = folder / "etc/systemd/system"
    units.mkdir(parents=True)
    for unit in (UNIT, PAGE, SOCKET, MEETINGS, TIMER, MQTT, COLLECTOR, EARLY):
        shutil.copy(unit, units)
    return folder


def add_drop_in(root: Path, drop_in: Path = DROP_IN) -> None:
    """Put a drop-in, by default the one for RPi.GPIO, where systemd looks for it."""
    folder = root / "etc/systemd/system/unsit.service.d"
    folder.mkdir()
    shutil.copy(drop_in, folder)


def verify(root: Path, unit: str = UNIT.name) -> str:
    """What systemd finds wrong with the unit in this root; empty when nothing is."""
    units = root / "usr/lib/systemd/system"
    if not units.exists():
        # The unit is only loaded together with sysinit.target and its like.
        shutil.copytree("/usr/lib/systemd/system", units, symlinks=True)
    asked = _analyze("verify", f"--root={root}", unit)
    said = (asked.stdout + asked.stderr).strip()
    return said or ("" if asked.returncode == 0 else f"exit code {asked.returncode}")


def exposure(root: Path, unit: str = UNIT.name) -> float:
    """How exposed the unit in this root is, from 0 to 10."""
    asked = _analyze("security", "--offline=true", "--no-pager", f"--root={root}", unit)
    level = re.search(rf"exposure level for {re.escape(unit)}: ([\d.]+)", asked.stdout)
    assert level, asked.stdout + asked.stderr
    return float(level[1])


def _analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)


def main() -> int:
    """Say how the units are."""
    if not has_systemd_analyze():
        print("systemd/: not checked: no systemd-analyze here")
        return 0
    bad = False
    with tempfile.TemporaryDirectory() as folder:
        root = scratch_root(Path(folder))
        for unit, most in (
            (UNIT, MOST_EXPOSED),
            (PAGE, MOST_EXPOSED),
            (MEETINGS, MOST_EXPOSED_WITH_NETWORK),
            (MQTT, MOST_EXPOSED_TO_A_BROKER),
            (COLLECTOR, MOST_EXPOSED_TO_A_BROKER),
            (EARLY, MOST_EXPOSED),
        ):
            wrong, level = verify(root, unit.name), exposure(root, unit.name)
            print(f"systemd/{unit.name}: {wrong or 'nothing wrong'}; exposure {level}, at most {most} is wanted")
            bad |= bool(wrong) or level > most
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
