"""Other Pythons: each in a Debian of its own, or one that this computer has beside the one that runs the tests."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.checkout import PROJECT
from tests.real_kernel.cache import kept

HERE = Path(__file__).parent
OLDEST, NEWEST = 11, 19
_TOOLS = "python3-pytest,python3-pytest-xdist,python3-pytest-timeout,python3-hypothesis,python3-coverage"
_AS_CI_DOES = ("tests/body", "tests/pictures", "tests/stretches")
"""What is drawn and how figures move is arithmetic."""
_ON_32_BITS = tuple(
    f"tests/{each}"
    for each in (
        *("core", "files", "hardware", "history", "journal", "languages", "phones", "screens", "settings", "stages"),
        *("teams", "topics", "words"),
    )
)
"""The core, what it stands on, and what counts in bytes. The rest needs libraries that nobody builds for 32 bits."""


class NotHereError(Exception):
    """This Debian can't be had here; the message says why."""


@dataclass(frozen=True)
class Place:
    """Where a Python is, and which tests run there: `runs`, or all, but for what it `leaves_out`."""

    name: str
    python: str = "python3"
    suite: str = ""
    architecture: str = ""
    """Of another processor than this computer's; "" for its own."""
    packages: str = "python3,python3-venv,make,openssl"
    venv: tuple[str, ...] = ()
    installs: tuple[str, ...] = ("--editable", ".[page,meetings,mqtt,check]")
    runs: tuple[str, ...] = ()
    leaves_out: tuple[str, ...] = _AS_CI_DOES
    at_most_s: float = 3600.0

    def __str__(self) -> str:
        return f"{self.name} {self.architecture}".strip()


DEBIANS = (
    # The newest Python finds the most, so it comes first.
    Place("Debian forky", suite="forky"),
    Place("Debian 13", suite="trixie"),
    Place("Debian 12", suite="bookworm"),
    Place(
        "Debian 13",
        suite="trixie",
        architecture="armhf",
        # No index has these ready built for 32 bits: as systemd/install.sh does, the system's are taken.
        packages=f"python3,python3-venv,python3-pil,python3-libgpiod,make,{_TOOLS}",
        venv=("--system-site-packages",),
        # Debian's hypothesis is too old, and newer ones than this are compiled.
        installs=("--editable", ".", "hypothesis>=6.131,<6.156"),
        runs=_ON_32_BITS,
        at_most_s=5400.0,
    ),
)


def of_this_computer() -> list[Place]:
    """The Pythons that no Debian above has and that are found here, on the path or kept by pyenv."""
    found = {}
    for python in [*_on_the_path(), *sorted(Path.home().glob(".pyenv/versions/3.*/bin/python3"))]:
        asked = [str(python), "-c", "import ensurepip, sys, venv; print(sys.version_info.minor)"]
        ran = subprocess.run(asked, capture_output=True, text=True, check=False)
        if ran.returncode == 0 and OLDEST <= int(ran.stdout) <= NEWEST:
            found[int(ran.stdout)] = Place("this computer", python=str(python))
    had = {sys.version_info.minor, *_OF_DEBIANS}
    return [place for minor, place in sorted(found.items()) if minor not in had]


_OF_DEBIANS = (11, 13)


def _on_the_path() -> list[str]:
    names = (f"python3.{minor}" for minor in range(OLDEST, NEWEST + 1))
    return [path for path in map(shutil.which, names) if path]


def words(place: Place, folder: Path) -> Sequence[str]:
    """The words before a command that runs there, with that folder as its own. Raises NotHereError."""
    if not place.suite:
        return ("env", "-C", str(folder))
    namespaces = ("--mount", "--pid", "--fork", "--kill-child", "--propagation", "private")
    inside = ("env", "-C", "/mnt")
    return ("unshare", *namespaces, "sh", str(HERE / "enter.sh"), str(_root(place)), str(folder), *inside)


def _root(place: Place) -> Path:
    missing = [tool for tool in ("mmdebstrap", "unshare") if shutil.which(tool) is None]
    if missing:
        raise NotHereError(f"not installed: {', '.join(missing)}")
    name = f"python-{place.suite}{place.architecture and '-'}{place.architecture}"
    return kept(name, [place.packages.encode(), Path(__file__).read_bytes()], lambda to: _build(place, to))


def _build(place: Place, to: Path) -> None:
    options = ["--quiet", "--variant=minbase", f"--include={place.packages}"]
    options += [f"--dpkgopt=path-exclude=/usr/share/{each}/*" for each in ("doc", "man", "locale")]
    if place.architecture:
        options.append(f"--architectures={place.architecture}")
    # A Debian that isn't out yet may not have been renewed for a while, and tests need no security fixes.
    options.append('--aptopt=Acquire::Check-Valid-Until "false"')
    options.append("--setup-hook=sed -i '/-security\\|-updates/d' \"$1/etc/apt/sources.list\"")
    to.mkdir()
    with TemporaryDirectory() as folder:
        # Into an archive: what is mounted while it works is never mounted in a folder that is deleted some day.
        packed = Path(folder, "root.tar")
        _run("nice", "mmdebstrap", *options, place.suite, str(packed))
        _run("tar", "--extract", "--file", str(packed), "--directory", str(to), "--exclude=./dev/*")


def _run(*asked: str) -> None:
    done = subprocess.run(asked, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise NotHereError(f"{' '.join(asked[:2])}: {done.stdout[-500:]}")


def which_tests(place: Place) -> list[str]:
    """What pytest is told: all quick tests but those that look through a browser, and those that are left out there."""
    options = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["ini_options"]
    quick = shlex.split(options["addopts"])[-1]
    return ["-m", f"{quick} and not browser", *(f"--ignore={each}" for each in place.leaves_out), *place.runs]
