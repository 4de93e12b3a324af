"""What git has of the project, for tests that build it or take it elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]


def git(project: Path, *words: str) -> str:
    """What git says of it."""
    who = {f"GIT_{who}_{what}": "unsit@example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    asked = ["git", "-C", str(project), *words]
    return subprocess.run(asked, env={**os.environ, **who}, capture_output=True, text=True, check=True).stdout


def tracked() -> list[str]:
    """What git has of the project, with what isn't committed yet."""
    if not (PROJECT / ".git").exists():
        pytest.skip("only git knows what belongs to the sources")
    names = git(PROJECT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    return sorted(name for name in names if (PROJECT / name).is_symlink() or (PROJECT / name).is_file())


def copied(to: Path) -> Path:
    """All that, in a folder."""
    for name in tracked():
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        # A unit that is masked is a link to /dev/null, and has to stay one.
        shutil.copy(PROJECT / name, to / name, follow_symlinks=False)
    return to
