"""Installs Home Assistant, once: an older one for this Python 3.11, and a newer one in a Debian of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from tests.real_kernel.cache import kept

HERE = Path(__file__).parent
OLD_PINS, NEW_PINS = HERE / "pins-2024.3.3.txt", HERE / "pins-2026.2.3.txt"
_OLD_PYTHON = (3, 11)
"""2024.3.3 is the last one that runs on it."""
_SUITE, _NEW_PYTHON = "trixie", "3.13.5"
_FROM_DEBIAN = "python3,python3-lru-dict"
"""There is no wheel of lru-dict; with the one that Debian has built nothing needs a compiler."""
_PLATFORMS = ["linux_x86_64", "manylinux2014_x86_64", *(f"manylinux_2_{glibc}_x86_64" for glibc in range(17, 42))]
_LIBRARIES = "opt/home-assistant"


class NotHereError(Exception):
    """This Home Assistant can't be installed here; the message says why."""


def old_python() -> Path:
    """The Python of a venv with 2024.3.3; takes half a minute at first. Raises NotHereError."""
    python = sys.executable if sys.version_info[:2] == _OLD_PYTHON else shutil.which("python3.11")
    if python is None:
        raise NotHereError("Home Assistant 2024.3.3 needs Python 3.11")

    def build(to: Path) -> None:
        _run(python, "-m", "venv", str(to))
        _run(str(to / "bin/python"), *_PIP, "install", "--no-deps", "--requirement", str(OLD_PINS))

    return kept("home-assistant-old", [OLD_PINS.read_bytes(), python.encode()], build) / "bin/python"


def new_root() -> Path:
    """The root of a Debian 13 with 2026.2.3; takes a minute or two at first. Raises NotHereError."""
    missing = [tool for tool in ("mmdebstrap", "unshare") if shutil.which(tool) is None]
    if missing:
        raise NotHereError(f"not installed: {', '.join(missing)}")
    return kept("home-assistant-new", [NEW_PINS.read_bytes(), Path(__file__).read_bytes()], _build_root)


_PIP = ("-m", "pip", "--quiet", "--disable-pip-version-check")


def _build_root(to: Path) -> None:
    to.mkdir()
    with tempfile.TemporaryDirectory() as folder:
        packed = Path(folder, "root.tar")
        excluded = [f"--dpkgopt=path-exclude=/usr/share/{each}/*" for each in ("doc", "man", "locale")]
        # Into an archive: what is mounted while it works is never mounted in a folder that is deleted some day.
        _run("mmdebstrap", "--quiet", "--variant=minbase", f"--include={_FROM_DEBIAN}", *excluded, _SUITE, str(packed))
        _run("tar", "--extract", "--file", str(packed), "--directory", str(to), "--exclude=./dev/*")
        platforms = [word for each in _PLATFORMS for word in ("--platform", each)]
        _run(
            *(sys.executable, *_PIP, "download", "--no-deps", "--only-binary=:all:", *platforms),
            *("--python-version", _NEW_PYTHON, "--requirement", str(NEW_PINS), "--dest", f"{folder}/wheels"),
        )
        for wheel in Path(folder, "wheels").iterdir():
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(to / _LIBRARIES)


def in_new_root(folder: Path) -> Sequence[str]:
    """The words that run its Python, with that folder as /mnt."""
    namespaces = ("--mount", "--pid", "--fork", "--kill-child", "--propagation", "private")
    entered = ("bash", str(HERE / "enter.sh"), str(new_root()), str(folder))
    return "unshare", *namespaces, *entered, "env", f"PYTHONPATH=/{_LIBRARIES}", "python3"


def _run(*words: str) -> None:
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise NotHereError(f"{' '.join(words[:4])}: {done.stdout[-500:]}")
