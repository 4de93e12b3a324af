"""Reads the one description of what an installed Unsit consists of.

It takes the standard library alone, so that systemd/install.sh can ask it by any Python from 3.11 on:
description.py files device prints a line for each file, its fields between tabs.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SYSTEMD = Path(__file__).parents[1]
FILE = SYSTEMD / "installed.toml"


class DescriptionError(Exception):
    """One line: what is wrong with the description, where, and what is allowed."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))


@dataclass(frozen=True)
class InstalledFile:
    """A file of the project, and where it lies when it is installed. Of a link, `source` is where it leads."""

    kind: str
    source: Path
    place: str
    place_in_package: str
    reach: str = ""
    """With one, it is there only while the page has that reach, with the page's port in it; no package holds it."""


@dataclass(frozen=True)
class KeptFolder:
    """A folder in which something lies that no installation brings."""

    place: str
    holds: str
    mode: int | None
    """What the installation makes it with; None where systemd makes it, or whoever first needs it."""
    goes: bool
    """Whether it goes with an uninstallation."""


@dataclass(frozen=True)
class InstalledPart:
    """What can be installed by itself: the device, or what comes on top of it."""

    name: str
    libraries: Path
    debian: tuple[str, ...]
    vendored: tuple[str, ...]
    has_network: bool
    files: tuple[InstalledFile, ...]
    enabled: tuple[str, ...]
    folders: tuple[KeptFolder, ...]
    former: tuple[str, ...]

    def units(self) -> tuple[Path, ...]:
        """The units that it brings."""
        return tuple(file.source for file in self.files if file.kind == "unit")

    def links(self) -> dict[str, str]:
        """The links by which its enabled units start, and the unit that each leads to, by `make install`."""
        return {
            f"/etc/systemd/system/{target}.wants/{file.source.name}": file.place
            for file in self.files
            if file.source.name in self.enabled
            for target in wanted_by(file.source)
        }

    def places(self) -> Iterator[str]:
        """Everything of it that `make install` may have put somewhere, and an older one."""
        yield from (file.place for file in self.files)
        yield from self.links()
        yield from self.former


@dataclass(frozen=True)
class Description:
    """The whole installed system."""

    place: str
    boot_config: tuple[str, ...]
    stock: tuple[str, ...]
    stock_32_bit: tuple[str, ...]
    image_enabled: tuple[str, ...]
    """The units that start by themselves in the image beside those of the parts."""
    image_packages: Mapping[str, tuple[str, ...]]
    """What the image takes of Debian beside the packages of the parts: under "all", and by processor."""
    parts: Mapping[str, InstalledPart]
    by_hand: Mapping[Path, str]
    """What else is beside the description for somebody to copy, and what for."""

    def users(self) -> dict[str, tuple[str, ...]]:
        """Each user that is made, and the groups it is put into."""
        lines = [line.split() for line in self._sysusers() if line.startswith(("u ", "m "))]
        users = [line[1] for line in lines if line[0] == "u"]
        return {user: tuple(line[2] for line in lines if line[:2] == ["m", user]) for user in users}

    def groups(self) -> tuple[str, ...]:
        """The groups that are made, beside those of the users."""
        return tuple(line.split()[1] for line in self._sysusers() if line.startswith("g "))

    def _sysusers(self) -> Iterator[str]:
        for part in self.parts.values():
            for file in part.files:
                if file.kind == "sysusers":
                    yield from file.source.read_text("utf-8").splitlines()


def described(file: Path = FILE) -> Description:
    """The description, checked. Raises DescriptionError."""
    try:
        told = _Entries(file.name, tomllib.loads(file.read_text("utf-8")))
    except (OSError, ValueError) as error:
        raise DescriptionError(f"{file.name}: this can't be read: {error}") from None
    by_hand = told.table("by_hand")
    folders = {kind: _pair(f"{file.name}: folders.{kind}", pair) for kind, pair in told.table("folders").items()}
    image, parts = told.table("image_packages"), told.table("parts")
    description = Description(
        told.place("place"),
        told.texts("boot_config"),
        told.texts("stock"),
        told.texts("stock_32_bit"),
        told.texts("image_enabled"),
        {processor: image.texts(processor) for processor in ("all", "arm64", "amd64")},
        {name: _part(name, parts.table(name), folders, file.parent) for name in parts},
        {by_hand.source(name, file.parent, name): by_hand.text(name) for name in by_hand},
    )
    image.end()
    told.end()
    _hold_together(file.name, description)
    return description


def wanted_by(unit: Path) -> tuple[str, ...]:
    """The targets that start the unit once it is enabled, by its own word."""
    targets = re.findall(r"^WantedBy=(.*)$", unit.read_text("utf-8"), re.MULTILINE)
    return tuple(" ".join(targets).split())


# ---- reading it


_PLACE = re.compile(r"/[\w.-]+(/[\w.-]+)+")


class _Entries(dict[str, Any]):
    """A table of the file, whose keys are taken out one by one; what is left at the end is a mistake."""

    def __init__(self, name: str, told: Mapping[str, Any]) -> None:
        super().__init__(told)
        self._name = name
        self._known: list[str] = []

    def text(self, key: str, default: str | None = None) -> str:
        return str(self._taken(key, default, lambda value: isinstance(value, str) and value != "", "a text in quotes"))

    def place(self, key: str) -> str:
        """A path in full; `uninstall` may delete it with all that is in it, so no folder at the top is one."""
        place = self.text(key)
        if not _PLACE.fullmatch(place):
            raise self.wrong(key, "a path in full, such as /opt/unsit")
        return place

    def source(self, key: str, folder: Path, name: str | None = None) -> Path:
        """A file that lies in the folder."""
        file = folder / (name or self.text(key))
        if not file.is_file():
            raise self.wrong(key, "a file beside the description")
        return file

    def yes(self, key: str, default: bool | None = None) -> bool:
        return bool(self._taken(key, default, lambda value: isinstance(value, bool), "true, or false"))

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(
            self._taken(key, [], lambda value: _all(value, str) and "" not in value, "a list of texts in quotes")
        )

    def tables(self, key: str) -> list[_Entries]:
        told = self._taken(key, [], lambda value: _all(value, dict), "a list of tables, each in { }")
        return [_Entries(f"{self._name}: {key}, number {nth}", each) for nth, each in enumerate(told, 1)]

    def table(self, key: str) -> _Entries:
        told = self._taken(key, None, lambda value: isinstance(value, dict), "a table")
        return _Entries(f"{self._name}: {key}", told)

    def end(self) -> None:
        unknown = [key for key in self if key not in self._known]
        if unknown:
            raise DescriptionError(f"{self._name}: {unknown[0]} is not known; allowed: {', '.join(self._known)}")

    def wrong(self, key: str, allowed: str) -> DescriptionError:
        return DescriptionError(f"{self._name}: {key} = {self.get(key)!r:.60}; allowed: {allowed}")

    def _taken(self, key: str, default: Any, is_right: Callable[[Any], bool], allowed: str) -> Any:
        self._known.append(key)
        if key not in self:
            if default is None:
                raise DescriptionError(f"{self._name}: {key} is missing; allowed: {allowed}")
            return default
        if not is_right(self[key]):
            raise self.wrong(key, allowed)
        return self[key]


def _all(value: object, kind: type) -> bool:
    return isinstance(value, list) and all(isinstance(each, kind) for each in value)


def _pair(name: str, pair: object) -> tuple[str, str]:
    match pair:
        case [str() as place, str() as place_in_package] if place.startswith("/") and place_in_package.startswith("/"):
            return place, place_in_package
    raise DescriptionError(f"{name} = {pair!r:.60}; allowed: two folders, by `make install` and in a package")


def _part(name: str, told: _Entries, folders: Mapping[str, tuple[str, str]], systemd: Path) -> InstalledPart:
    part = InstalledPart(
        name,
        told.source("libraries", systemd),
        told.texts("debian"),
        told.texts("vendored"),
        told.yes("network"),
        tuple(_file(each, folders, systemd) for each in told.tables("files")),
        told.texts("enabled"),
        tuple(_folder(each) for each in told.tables("folders")),
        told.texts("former"),
    )
    told.end()
    return part


def _file(told: _Entries, folders: Mapping[str, tuple[str, str]], systemd: Path) -> InstalledFile:
    kind = told.text("kind")
    source = Path(told.text("source")) if kind == "link" else told.source("source", systemd)
    name, reach = told.text("name", source.name), told.text("reach", "")
    if kind not in folders:
        raise told.wrong("kind", ", ".join(folders))
    told.end()
    place, place_in_package = folders[kind]
    return InstalledFile(kind, source, f"{place}/{name}", f"{place_in_package}/{name}", reach)


def _folder(told: _Entries) -> KeptFolder:
    place, holds, goes = told.place("place"), told.text("holds"), told.yes("goes", False)
    mode = told.text("mode", "")
    if mode and not re.fullmatch("0[0-7]{3}", mode):
        raise told.wrong("mode", 'four digits such as "0700"')
    told.end()
    return KeptFolder(place, holds, int(mode, 8) if mode else None, goes)


def _hold_together(name: str, description: Description) -> None:
    seen: set[tuple[str, str]] = set()
    for part in description.parts.values():
        where = f"{name}: parts.{part.name}"
        starts = [unit.name for unit in part.units() if wanted_by(unit)]
        _each_of(f"{where}: enabled", part.enabled, starts)
        pinned = re.findall(r"^([\w.-]+)==", part.libraries.read_text("utf-8"), re.MULTILINE)
        _each_of(f"{where}: vendored", part.vendored, pinned)
        for file in part.files:
            if (file.place, file.reach) in seen:
                raise DescriptionError(f"{where}: {file.place} is there twice; allowed: once")
            seen.add((file.place, file.reach))


def _each_of(where: str, told: Iterable[str], allowed: list[str]) -> None:
    for each in told:
        if each not in allowed:
            raise DescriptionError(f"{where}: {each!r:.60}; allowed: {', '.join(allowed) or 'none'}")


# ---- what install.sh asks


def main(words: list[str]) -> int:
    """Print what is asked for; 64 if there is no such thing, 78 if the description is broken."""
    try:
        description = described()
    except DescriptionError as error:
        print(error, file=sys.stderr)
        return 78
    try:
        rows = _asked(description, *words)
    except (KeyError, TypeError):
        print(f"Nothing known by: {' '.join(words)}; the parts are {', '.join(description.parts)}", file=sys.stderr)
        return 64
    sys.stdout.writelines("\t".join(row) + "\n" for row in rows)
    return 0


def _asked(description: Description, about: str, name: str = "") -> Iterable[tuple[str, ...]]:
    match about:
        case "parts":
            return [(each,) for each in description.parts]
        case "boot_config":
            return [(line,) for line in description.boot_config]
        case "users":
            return [(f"the users {_listed(description.users())}, the groups {_listed(description.groups())}",)]
        case "libraries":
            return [(each, str(part.libraries)) for each, part in description.parts.items()]
        case "uninstalled":
            return _uninstalled(description)
    return _asked_of(description.parts[name], about)


def _asked_of(part: InstalledPart, about: str) -> Iterable[tuple[str, ...]]:
    match about:
        case "files":
            return [(file.kind, str(file.source), file.place) for file in part.files if not file.reach]
        case "folders":
            return [(each.place, f"{each.mode:o}") for each in part.folders if each.mode is not None]
        case "enabled":
            return part.links().items()
        case "former":
            return [(place,) for place in part.former]
    raise KeyError(about)


def _listed(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}"


def _uninstalled(description: Description) -> Iterator[tuple[str, ...]]:
    """What is stopped, then deleted, and what is left: its kind, its place and, of what is left, what it holds."""
    parts = [*description.parts.values()][::-1]
    for part in parts:
        # What would start the others again comes first.
        yield from (("unit", unit) for unit in dict.fromkeys([*part.enabled, *(unit.name for unit in part.units())]))
        yield from (("file", place) for place in dict.fromkeys(part.places()))
    yield from (("empty", str(Path(file.place).parent)) for part in parts for file in part.files if file.reach)
    folders = [folder for part in description.parts.values() for folder in part.folders]
    gone = [description.place, f"{description.place}.new", *(folder.place for folder in folders if folder.goes)]
    yield from (("folder", place) for place in gone)
    yield from (("left", folder.place, folder.holds) for folder in folders if not folder.goes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
