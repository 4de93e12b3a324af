"""What there is that the system hasn't: Debian's security updates, and packages of Unsit that lie on the card."""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from unsit_card.faults import Fault, Found

OURS = frozenset({"unsit", "unsit-page", "unsit-meetings", "unsit-mqtt"})
_SCRATCH = Path("/run/unsit-update")
_SOURCES = (Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*.list")))


@dataclass(frozen=True, slots=True)
class News:
    """What an update would bring."""

    debs: tuple[Path, ...] = ()
    security: tuple[str, ...] = ()
    """Each as `package version`."""

    def __bool__(self) -> bool:
        return bool(self.debs or self.security)

    @property
    def fingerprint(self) -> str:
        """The same for the same packages."""
        sums = [hashlib.sha256(each.read_bytes()).hexdigest() for each in self.debs]
        return hashlib.sha256("\n".join([*sorted(sums), *sorted(self.security)]).encode()).hexdigest()

    @property
    def words(self) -> str:
        """The same for people, in a line."""
        return ", ".join([*(each.name for each in self.debs), *self.security])


def debs_on(card: Path) -> tuple[tuple[Path, ...], list[Found]]:
    """The packages on the card that are newer than what runs, and what is wrong with the others.

    Each asks for the others in its own version. So there are either enough of them for all that is installed, or none.
    """
    newer: dict[str, tuple[str, Path]] = {}
    found: list[Found] = []
    for each in sorted(card.glob("[Uu][Nn][Ss][Ii][Tt]*.[Dd][Ee][Bb]")):
        told = _asked("dpkg-deb", "--show", "--showformat=${Package} ${Version}", str(each)).split()
        if len(told) != 2 or told[0] not in OURS:
            found.append(Found(each.name, Fault.NOT_OURS))
            continue
        name, version = told
        there = _version(name)
        if not there or _is_newer(version, there):
            if name not in newer or _is_newer(version, newer[name][0]):
                newer[name] = (version, each)
        elif version != there:
            # What runs already may stay on the card.
            found.append(Found(each.name, Fault.OLDER))
    after = {name: version for name in OURS if (version := _version(name))}
    after.update({name: version for name, (version, _) in newer.items()})
    debs = tuple(file for _, file in newer.values())
    if debs and len(set(after.values())) > 1:
        return (), [*found, Found(debs[0].name, Fault.ALONE)]
    return debs, found


def security_updates(sources: Sequence[Path] = _SOURCES, scratch: Path = _SCRATCH) -> tuple[str, ...]:
    """What Debian's security archive has that is newer than what runs. Raises CalledProcessError without a network."""
    # Only this archive's list is fetched, into memory: some hundred kilobytes.
    for folder in ("lists/partial", "cache/archives/partial"):
        (scratch / folder).mkdir(parents=True, exist_ok=True)
    lines = [line for file in sources if file.exists() for line in file.read_text("utf-8").splitlines()]
    (scratch / "security.list").write_text("".join(f"{line}\n" for line in lines if is_security(line)), "utf-8")
    options = [
        *("-o", f"Dir::State::lists={scratch}/lists", "-o", f"Dir::Cache={scratch}/cache"),
        *("-o", f"Dir::Etc::SourceList={scratch}/security.list", "-o", "Dir::Etc::SourceParts=/dev/null"),
        *("-o", "APT::Update::Error-Mode=any"),
    ]
    subprocess.run(["apt-get", *options, "--quiet", "update"], check=True)
    listed = subprocess.run(
        ["apt", *options, "list", "--upgradable"], check=True, capture_output=True, text=True, env={"LC_ALL": "C"}
    )
    return upgradable(listed.stdout)


def is_security(line: str) -> bool:
    """Whether a line of sources.list names the security archive."""
    return bool(re.match(r"deb\s+(\[[^]]*\]\s+)?\S+\s+\S+-security(/\S*)?\s", line))


def upgradable(listed: str) -> tuple[str, ...]:
    """Of what `apt list --upgradable` prints, each package with its new version."""
    rows = (re.match(r"([^\s/]+)/\S+ (\S+) \S+ \[upgradable from: ", line) for line in listed.splitlines())
    return tuple(sorted(f"{row[1]} {row[2]}" for row in rows if row))


def _asked(*words: str) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout.strip()


def _version(package: str) -> str:
    """Of that package as it is installed, empty if it isn't."""
    status, _, version = _asked(
        "dpkg-query", "--show", "--showformat=${db:Status-Status} ${Version}", package
    ).partition(" ")
    return version if status == "installed" else ""


def _is_newer(one: str, other: str) -> bool:
    return subprocess.run(["dpkg", "--compare-versions", one, "gt", other], check=False).returncode == 0
