"""Builds the Debian packages with debhelper, one for each part of the description.

Run as `python -m systemd.making.debian_packages`, it writes them to dist/; the same bytes from the same sources.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator, Mapping
from email.utils import formatdate
from pathlib import Path
from zipfile import ZipFile

from systemd.making.description import Description, DescriptionError, InstalledPart, described
from systemd.making.python_packages import PROJECT, wheel

PLACE = "usr/lib/unsit"
"""Where the code lies: in a folder for each version, and a link called `current` leads to the one in force."""
_TAKEN = ("setup.py", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "device", "hardware", "systemd")
_PACKAGED = {"/opt/unsit/bin/unsit": "/usr/bin/unsit", "sudo make install-": "sudo apt install unsit-"}
"""What the files of systemd/ say of `make install`, and what they say in a package."""


class NoPackageError(Exception):
    """The packages can't be built; in one line, why."""


def package_of(part: str) -> str:
    """The name of the Debian package that holds a part."""
    return "unsit" if part == "device" else f"unsit-{part}"


def debian_version(version: str) -> str:
    """Python's version in Debian's order, which has what comes before a release under ~."""
    return re.sub(r"\.?(a|b|rc|dev)(\d+)", r"~\1\2", version)


def debian_packages(sources: Path, to: Path, epoch_s: int) -> list[Path]:
    """Build them from the sources, which stay as they are; `epoch_s` is the time that all files have."""
    missing = [tool for tool in ("dpkg-buildpackage", "dh", "dh_python3") if shutil.which(tool) is None]
    if missing:
        raise NoPackageError(f"{missing[0]} is missing: sudo apt install debhelper dh-python")
    with tempfile.TemporaryDirectory(prefix="unsit-deb-") as scratch:
        tree = Path(scratch, "unsit")
        _Tree(_copied(sources, Path(scratch, "sources")), tree, epoch_s).write()
        flags = ("--build=binary", "--no-sign", "--no-check-builddeps", "--no-pre-clean")
        _run(tree, epoch_s, "dpkg-buildpackage", *flags)
        to.mkdir(parents=True, exist_ok=True)
        return [Path(shutil.copy(each, to / each.name)) for each in sorted(Path(scratch).glob("*.deb"))]


def _copied(sources: Path, to: Path) -> Path:
    to.mkdir()
    for name in _TAKEN:
        if (sources / name).is_dir():
            shutil.copytree(sources / name, to / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(sources / name, to / name)
    return to


def _run(folder: Path, epoch_s: int, *words: str) -> None:
    # What the caller's shell has of options must not get into what is built.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DEB_", "DH_", "MAKE", "MFLAGS"))}
    environment = {**kept, "SOURCE_DATE_EPOCH": str(epoch_s), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    ran = subprocess.run(words, cwd=folder, env=environment, umask=0o022, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise NoPackageError(f"{Path(words[0]).name} failed:\n{(ran.stdout + ran.stderr)[-3000:]}")


class _Tree:
    """What debhelper builds from: debian/, and beside it a root for each package."""

    def __init__(self, sources: Path, tree: Path, epoch_s: int) -> None:
        self._sources = sources
        self._tree = tree
        self._epoch_s = epoch_s
        self._description = described(sources / "systemd/installed.toml")
        self._wheel = wheel(sources, tree / "wheels", epoch_s)
        # It comes from device/__init__.py, and pip's form of it is in the name.
        self._version = debian_version(self._wheel.name.split("-")[1])

    def write(self) -> None:
        debian = self._tree / "debian"
        shutil.copytree(self._sources / "systemd/debian", debian)
        refuses = (debian / "refuses-older.in").read_text("utf-8").strip()
        values = {"@REFUSES-OLDER@": refuses, "@VERSION@": self._version, **_packages_named(self._description)}
        for file in filter(Path.is_file, debian.iterdir()):
            _replace(file, values)
        (debian / "changelog").write_text(_changelog(self._sources, self._version, self._epoch_s), "utf-8")
        for part in self._description.parts.values():
            package = package_of(part.name)
            root = self._tree / "roots" / package
            self._put_files(part, root)
            self._put_vendored(part, root / PLACE / self._version)
            (debian / f"{package}.install").write_text(f"roots/{package}/* .\n")
        self._put_code(self._tree / "roots/unsit" / PLACE)
        self._put_reach(self._tree / "roots/unsit-page" / PLACE / self._version)

    def _put_files(self, part: InstalledPart, root: Path) -> None:
        for file in part.files:
            place = root / file.place_in_package.lstrip("/")
            if file.reach:
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            if file.kind == "link":
                place.symlink_to(f"../lib/unsit/current/{place.name}")
            else:
                shutil.copy(file.source, place)
                _replace(place, _PACKAGED)

    def _put_vendored(self, part: InstalledPart, to: Path) -> None:
        """The libraries that Debian has too old, unpacked beside our code."""
        if not part.vendored:
            return
        fetched = self._tree / "fetched" / part.name
        fetched.mkdir(parents=True)
        pinned = fetched / "pinned.txt"
        pinned.write_text("\n".join(_pinned(part)), "utf-8")
        pip = (sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps")
        flags = ("--require-hashes", "--only-binary=:all:", "--dest", str(fetched), "--requirement", str(pinned))
        _run(self._tree, self._epoch_s, *pip, *flags)
        for each in sorted(fetched.glob("*.whl")):
            if not each.name.endswith("-none-any.whl"):
                raise NoPackageError(f"{each.name} holds compiled code, and one package is for all processors")
            _unpack(each, to)

    def _put_code(self, place: Path) -> None:
        to = place / self._version
        _unpack(self._wheel, to)
        for name in ("unsit", "python"):
            shutil.copy(self._tree / "debian" / f"{name}.in", to / name)
            (to / name).chmod(0o755)
        shutil.copy(self._sources / "systemd/switch-on-i2c.sh", to)
        # dpkg renames links last: until it does, all of the old version is in force, and then all of the new one.
        (place / "current").symlink_to(self._version)

    def _put_reach(self, to: Path) -> None:
        to.mkdir(parents=True)
        shutil.copy(self._sources / "systemd/page-reach.sh", to)
        for file in self._description.parts["page"].files:
            if file.reach:
                shutil.copy(file.source, to)
                _replace(to / file.source.name, _PACKAGED)


def _packages_named(description: Description) -> dict[str, str]:
    """What the templates of debian/ say @NAME@ for."""
    named = {f"@DEBIAN-{name}@": ", ".join(part.debian) for name, part in description.parts.items()}
    return {**named, "@BOOT-CONFIG@": " ".join(f"'{line}'" for line in description.boot_config)}


def _pinned(part: InstalledPart) -> Iterator[str]:
    """The lines of its list that name a vendored library, with their hashes."""
    for line in part.libraries.read_text("utf-8").replace("\\\n", " ").splitlines():
        if line.partition("==")[0] in part.vendored:
            yield line


def _unpack(packed: Path, to: Path) -> None:
    with ZipFile(packed) as opened:
        # Tests that a library brings, and what its makers' tools read, are of no use on a desk.
        opened.extractall(to, [name for name in opened.namelist() if not re.search(r"/tests?/|/\.", name)])


def _replace(file: Path, values: Mapping[str, str]) -> None:
    text = file.read_text("utf-8")
    for old, new in values.items():
        text = text.replace(old, new)
    file.write_text(text, "utf-8")


def _changelog(sources: Path, version: str, epoch_s: int) -> str:
    """Debian's form of what the changes say of this version, or of what isn't released yet."""
    cut = re.split(r"^## +(\S+).*$", (sources / "CHANGELOG.md").read_text("utf-8"), flags=re.MULTILINE)
    said = dict(zip(cut[1::2], cut[2::2], strict=True))
    changes = re.split(r"^- ", said.get(version, said.get("Unreleased", "")), flags=re.MULTILINE)[1:]
    items = [
        textwrap.fill(
            re.split(r"\n\s*\n|\n#", each)[0],
            76,
            initial_indent="  * ",
            subsequent_indent="    ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for each in changes or ["As CHANGELOG.md says."]
    ]
    author = re.search(r"^Maintainer: (.+)$", (sources / "systemd/debian/control").read_text("utf-8"), re.MULTILINE)
    assert author, "Debian's tools ask for one"
    lines = "\n".join(items)
    return f"unsit ({version}) unstable; urgency=medium\n\n{lines}\n\n -- {author[1]}  {formatdate(epoch_s)}\n"


def committed_at_s(project: Path = PROJECT) -> int:
    """When the sources were committed; SOURCE_DATE_EPOCH says otherwise, and without either it is now."""
    git = ("git", "-C", str(project), "log", "-1", "--format=%ct")
    asked = subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()
    return int(os.environ.get("SOURCE_DATE_EPOCH") or asked or time.time())


def main() -> int:
    """Build them; 1, and a line on why, if it can't be done."""
    try:
        for built in debian_packages(PROJECT, PROJECT / "dist", committed_at_s()):
            print(f"{built.relative_to(PROJECT)}  {built.stat().st_size:,} bytes")
    except (NoPackageError, DescriptionError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
