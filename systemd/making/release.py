"""Makes a release: all that one downloads in one folder, with notes, checksums and a bill of materials."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from systemd.making.bill_of_materials import BillError, DebianPackage, PinnedLibrary, Released, bill, pins
from systemd.making.description import DescriptionError, described
from systemd.making.python_packages import PROJECT, checked_out, source_package, wheel
from systemd.making.release_notes import ChangesError, notes

SUITE = "debian-13"
CHECKSUMS, BILL, NOTES = "SHA256SUMS", "bill-of-materials.cdx.json", "NOTES.md"
TARGETS = {
    "deb": ("unsit*_{version}*.deb",),
    "user-data": ("user-data/user-data",),
    "image": tuple(f"unsit-{{version}}-arm64.{ending}" for ending in ("img.zst", "json", "packages")),
}
"""What `make` makes for it, and the files of it in dist/ that are released."""
MORE = {"user-data": ("PAGE=house",)}
"""What else to tell `make`: whoever copies one file expects the page, as on the card."""


class ReleaseError(Exception):
    """No release can be made of this; the message says why in one line."""


def version_of(project: Path) -> str:
    """The version, from the one place that has it."""
    found = re.search(r'^__version__ = "(.+)"$', (project / "device/__init__.py").read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise ReleaseError('device/__init__.py: no version; allowed: __version__ = "1.2.3"')
    return found[1]


def make_release(project: Path, targets: Collection[str] = tuple(TARGETS)) -> Path:
    """Make dist/release-VERSION whole, or nothing of it. Raises ReleaseError, ChangesError."""
    version = version_of(project)
    to = project / f"dist/release-{version}"
    said = _checked(project, version, to)
    epoch_s = int(_git(project, "log", "-1", "--format=%ct"))
    to.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=to.parent, prefix="half-a-release-") as folder:
        whole = Path(folder, to.name)
        whole.mkdir()
        _put_python_packages(project, whole, epoch_s)
        for target in targets:
            for file in _made(project, target, version):
                shutil.copy(file, whole)
        (whole / NOTES).write_text(said, "utf-8")
        (whole / BILL).write_text(bill(version, epoch_s, [_released(each) for each in _files(whole)], SUITE), "utf-8")
        (whole / CHECKSUMS).write_text("".join(f"{sha256(each)}  {each.name}\n" for each in _files(whole)), "utf-8")
        whole.rename(to)
    return to


def _checked(project: Path, version: str, to: Path) -> str:
    """The notes, if a release can be made."""
    if changed := _git(project, "status", "--porcelain"):
        raise ReleaseError(f"not committed: {changed.splitlines()[0][3:]}; a release is made of what is committed")
    if to.exists():
        raise ReleaseError(f"dist/{to.name} is there; delete it, or write the next version into device/__init__.py")
    return notes((project / "CHANGELOG.md").read_text("utf-8"), version)


def _git(project: Path, *words: str) -> str:
    done = subprocess.run(["git", "-C", str(project), *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise ReleaseError(f"a release is made of a checkout: {done.stderr.strip()}")
    return done.stdout


def _put_python_packages(project: Path, to: Path, epoch_s: int) -> None:
    with tempfile.TemporaryDirectory() as copies:
        wheel(checked_out(Path(copies, "for-wheel"), project), to, epoch_s)
        source_package(checked_out(Path(copies, "for-source"), project), to, epoch_s)


def _made(project: Path, target: str, version: str) -> list[Path]:
    """What `make` has just made for it; what lay there before is taken away first."""
    patterns = [each.format(version=version) for each in TARGETS[target]]
    for pattern in patterns:
        for old in (project / "dist").glob(pattern):
            old.unlink()
    print(f"make {target} ...", flush=True)
    if subprocess.run(["make", "-C", str(project), target, *MORE.get(target, ())], check=False).returncode:
        raise ReleaseError(f"make {target} failed; the lines above say why")
    made = [file for pattern in patterns for file in sorted((project / "dist").glob(pattern))]
    if not made:
        raise ReleaseError(f"make {target} has made no dist/{patterns[0]}")
    return made


# ---- what is in it


def _files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def sha256(file: Path) -> str:
    """As sha256sum writes it."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _released(file: Path) -> Released:
    return Released(file.name, sha256(file), tuple(_libraries(file.name)), tuple(_packages(file)))


def _libraries(name: str) -> Iterator[PinnedLibrary]:
    """What one gets of the package index with it, or inside it."""
    parts = described().parts
    if name.endswith(".whl") or name == "user-data":
        for part in parts.values():
            yield from pins(part.libraries.read_text("utf-8"))
    elif name.endswith(".deb"):
        part = parts[name.partition("_")[0].removeprefix("unsit").removeprefix("-") or "device"]
        yield from (pin for pin in pins(part.libraries.read_text("utf-8")) if pin.name in part.vendored)


def _packages(file: Path) -> Iterable[DebianPackage]:
    """Of the image, the packages of Debian in it, which the list beside it tells."""
    beside = file.with_name(file.name.removesuffix(".img.zst") + ".packages")
    return packages(beside.read_text("utf-8")) if file.name.endswith(".img.zst") and beside.exists() else ()


def packages(told: str) -> Iterator[DebianPackage]:
    """The packages of a list with name, version and architecture in each line."""
    for line in told.splitlines():
        name, version, architecture = line.split("\t")
        # Unsit's own are files of the release.
        if not name.startswith("unsit"):
            yield DebianPackage(name, version, architecture)


def main(words: list[str]) -> str | None:
    """Make the release; returns what went wrong."""
    without = {"--without-image"} & set(words)
    try:
        to = make_release(PROJECT, [each for each in TARGETS if not (without and each == "image")])
    except (ReleaseError, ChangesError, BillError, DescriptionError) as error:
        return str(error)
    print(f"Made dist/{to.name}:")
    for file in _files(to):
        print(f"  {file.stat().st_size / 1e6:8.2f} MB  {file.name}")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
