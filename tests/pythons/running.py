"""Runs the tests somewhere else, and says in figures how it went."""

from __future__ import annotations

import subprocess
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

from tests.checkout import copied
from tests.pythons.roots import Place, which_tests, words

_ASKS = "import platform, sys; print(platform.python_version(), platform.machine(), sys.maxsize > 2**32)"


@dataclass(frozen=True)
class Outcome:
    """A row of the table."""

    place: str
    python: str
    processor: str
    passed: int
    failed: int
    skipped: int
    minutes: float
    said: str = ""


def run_tests(place: Place, folder: Path) -> Outcome:
    """Install the project there, as it is now, and run its tests; `folder` is empty and has room for both."""
    copied(folder / "unsit")
    before = words(place, folder)
    began_s = time.monotonic()
    version, machine, is_64_bit = _said(before, place.python, "-c", _ASKS).split()
    processor = machine if is_64_bit == "True" else f"{machine}, 32 bits"
    _said(before, place.python, "-m", "venv", *place.venv, "venv")
    pip = ("venv/bin/python", "-m", "pip", "--quiet", "--disable-pip-version-check")
    _said(before, "env", "-C", "unsit", f"../{pip[0]}", *pip[1:], "install", *place.installs)
    pytest = ("-m", "pytest", "-p", "no:cacheprovider", "--numprocesses", "2", "--dist", "worksteal")
    ran = subprocess.run(
        [*("nice", *before, "env", "-C", "unsit", "../venv/bin/python", *pytest), *which_tests(place), _REPORT],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        timeout=place.at_most_s, check=False,
    )  # fmt: skip
    counts = _counted(folder / "unsit/report.xml", ran.stdout)
    return Outcome(str(place), version, processor, *counts, (time.monotonic() - began_s) / 60, ran.stdout)


_REPORT = "--junitxml=report.xml"


def _said(before: Iterable[str], *asked: str) -> str:
    ran = subprocess.run([*before, *asked], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, f"{' '.join(asked[:6])}: {ran.stderr[-2000:]}"
    return ran.stdout


def _counted(report: Path, said: str) -> tuple[int, int, int]:
    """Passed, failed and skipped."""
    assert report.exists(), said[-3000:]
    suite = ElementTree.parse(report).getroot().find("testsuite")
    assert suite is not None
    failed = int(suite.attrib["failures"]) + int(suite.attrib["errors"])
    skipped = int(suite.attrib["skipped"])
    return int(suite.attrib["tests"]) - failed - skipped, failed, skipped


def table(outcomes: Iterable[Outcome]) -> list[str]:
    """The outcomes as lines, with a heading."""
    names = [field.name for field in fields(Outcome) if field.name != "said"]
    rows = [names, *([_shown(getattr(each, name)) for name in names] for each in outcomes)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _shown(cell: object) -> str:
    return f"{cell:.1f}" if isinstance(cell, float) else str(cell)
