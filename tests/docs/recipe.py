"""Does to a copy of the project what a document says, and runs the copy."""

from __future__ import annotations

import filecmp
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]
PACKAGES = ("device", "hardware")


class Recipe:
    """A document with one new file in Python, and changes to others as diffs that begin with `@@ file`."""

    def __init__(self, document: str, new_file: str) -> None:
        self.text = (PROJECT / document).read_text("utf-8")
        self._new_file = new_file

    def blocks(self, kind: str) -> list[str]:
        """The code of that kind."""
        return re.findall(rf"```{kind}\n(.*?)```", self.text, re.DOTALL)

    @property
    def table(self) -> dict[str, str]:
        """What the document says happens to which file: it is new or changed."""
        rows = re.findall(r"^\| `([\w.]+)` in `([\w/]+)` \| (\w+)", self.text, re.MULTILINE)
        return {folder + name: what for name, folder, what in rows}

    def carry_out(self, copy: Path) -> Path:
        """Copy the project there, and do what the document says."""
        for package in PACKAGES:
            shutil.copytree(PROJECT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
        (source,) = self.blocks("python")
        (copy / self._new_file).write_text(source, "utf-8")
        for change in self.blocks("diff"):
            head, *lines = change.splitlines()
            file = copy / head.removeprefix("@@ ")
            before, after = ("".join(f"{line[1:]}\n" for line in lines if line[0] != not_in) for not_in in "+-")
            text = file.read_text("utf-8")
            assert text.count(before) == 1, "the document doesn't fit the code any more"
            file.write_text(text.replace(before, after), "utf-8")
        return copy


def what_changed(copy: Path) -> dict[str, str]:
    """Each file of the copy that is new or changed."""
    files = [path for package in PACKAGES for path in (copy / package).rglob("*.*") if path.is_file()]
    names = sorted(str(file.relative_to(copy)) for file in files if file.parent.name != "__pycache__")
    new = {name: "new" for name in names if not (PROJECT / name).exists()}
    kept = [name for name in names if name not in new]
    return new | {name: "changed" for name in kept if not filecmp.cmp(copy / name, PROJECT / name, shallow=False)}


def run_in(copy: Path, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run a module of the copy, or one of the tests with the copy."""
    paths = {"PYTHONPATH": f"{copy}{os.pathsep}{PROJECT}", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=copy, env=os.environ | paths, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return done
