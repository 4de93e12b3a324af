"""Asks systemd itself about the unit: is it well-formed, and how well is it sandboxed?

`python -m tests.check_unit` says so in a line each. Exit 0: in order, or no systemd-analyze to ask; 1: it isn't.
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
DROP_IN = PROJECT / "systemd/rpigpio.conf"
MOST_EXPOSED = 1.0
"""0 is a unit that may do nothing, 10 one that may do everything."""


def has_systemd_analyze() -> bool:
    """Whether there is anybody to ask."""
    return shutil.which("systemd-analyze") is not None


def scratch_root(folder: Path) -> Path:
    """A root that holds the unit and a stand-in for the command it starts."""
    command = folder / "opt/unsit/bin/unsit"
    command.parent.mkdir(parents=True)
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    units = folder / "etc/systemd/system"
    units.mkdir(parents=True)
    shutil.copy(UNIT, units)
    return folder


def add_drop_in(root: Path) -> None:
    """Put the drop-in for RPi.GPIO where systemd looks for it."""
    folder = root / "etc/systemd/system/unsit.service.d"
    folder.mkdir()
    shutil.copy(DROP_IN, folder)


def verify(root: Path) -> str:
    """What systemd finds wrong with the unit in this root; empty when nothing is."""
    units = root / "usr/lib/systemd/system"
    if not units.exists():
        # The unit is only loaded together with sysinit.target and its like.
        shutil.copytree("/usr/lib/systemd/system", units, symlinks=True)
    asked = _analyze("verify", f"--root={root}", "unsit.service")
    said = (asked.stdout + asked.stderr).strip()
    return said or ("" if asked.returncode == 0 else f"exit code {asked.returncode}")


def exposure(root: Path) -> float:
    """How exposed the unit in this root is, from 0 to 10."""
    asked = _analyze("security", "--offline=true", "--no-pager", f"--root={root}", "unsit.service")
    level = re.search(r"exposure level for unsit\.service: ([\d.]+)", asked.stdout)
    assert level, asked.stdout + asked.stderr
    return float(level[1])


def _analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)


def main() -> int:
    """Say how the unit is."""
    if not has_systemd_analyze():
        print("systemd/unsit.service: not checked: no systemd-analyze here")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        root = scratch_root(Path(folder))
        wrong, level = verify(root), exposure(root)
    print(f"systemd/unsit.service: {wrong or 'nothing wrong'}; exposure {level}, at most {MOST_EXPOSED} is wanted")
    return 1 if wrong or level > MOST_EXPOSED else 0


if __name__ == "__main__":
    sys.exit(main())
