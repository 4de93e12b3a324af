"""An upgrade that is cut off at any instant: the device works at once, and the next try ends it."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.package.debians import Debian, Kind, fresh
from tests.package.versions import LIVED, OLDER, apt_installs, packages_of, version_here

pytestmark = pytest.mark.package
HERE = version_here()
CUTS = 20
_KEPT = "sha256sum /etc/unsit/unsit.toml /var/lib/unsit/journal.db"
_WORKS = """
unsit --version && unsit settings >/dev/null && unsit stretches >/dev/null
cp /var/lib/unsit/journal.db /tmp/journal.db && chown unsit /tmp/journal.db
runuser -u unsit -- timeout 60 unsit run --hardware simulated --set page.port=0 --set journal.file=/tmp/journal.db \\
    --play /usr/lib/unsit/current/device/content/days/office.csv --speed 2000 </dev/null 2>&1 | grep -m 1 -q '"fact"'
"""
"""The device as the next boot would start it, with a copy of its journal, which it goes on writing."""
UPGRADES = f"dpkg --install {packages_of(HERE)}"


@pytest.fixture(scope="module")
def older(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Debian:
    """A Debian 13 with the version before this one, settings and a journal."""
    older = fresh(Kind("trixie", "amd64"), tmp_path_factory.mktemp("older") / "changes", packages)
    settings = "mkdir -p /etc/unsit && echo 'limits.preset = \"hourly\"' >/etc/unsit/unsit.toml"
    older.says(f"{settings}\n{apt_installs(OLDER)}{LIVED}")
    return older


@pytest.fixture(scope="module")
def takes_s(older: Debian, tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long a whole upgrade takes."""
    whole = older.above(tmp_path_factory.mktemp("whole") / "changes")
    began = time.monotonic()
    whole.says(UPGRADES)
    return time.monotonic() - began


@pytest.fixture
def debian(older: Debian, tmp_path: Path) -> Iterator[Debian]:
    """The same, to be cut off; gone afterwards, since there are many."""
    yield older.above(tmp_path / "changes")
    shutil.rmtree(tmp_path / "changes")


@pytest.mark.parametrize("nth", range(CUTS))
def test_cut_off_at_any_instant(debian: Debian, takes_s: float, nth: int) -> None:
    # One in each twentieth, so that all of it is met.
    at_s = takes_s * (nth + random.Random(f"{nth} {time.time()}").random()) / CUTS
    kept = debian.says(_KEPT)
    debian.is_cut(UPGRADES, lambda ran_s: ran_s >= at_s)
    _check_it_works_and_heals(debian, kept)


def _new_code(debian: Debian) -> bool:
    return (debian.changed / f"usr/lib/unsit/{HERE}/device/__init__.py").exists()


def _new_unit(debian: Debian) -> bool:
    return (debian.changed / "usr/lib/systemd/system/unsit.service").exists()


def _new_version_in_force(debian: Debian) -> bool:
    current = debian.changed / "usr/lib/unsit/current"
    return current.is_symlink() and str(current.readlink()) == HERE


@pytest.mark.parametrize("instant", [_new_unit, _new_code, _new_version_in_force])
def test_cut_off_while_dpkg_puts_the_new_files_in_place(debian: Debian, instant: Callable[[Debian], bool]) -> None:
    kept = debian.says(_KEPT)
    assert debian.is_cut(UPGRADES, lambda _: instant(debian))
    _check_it_works_and_heals(debian, kept)


def _check_it_works_and_heals(debian: Debian, kept: str) -> None:
    assert debian.says(_KEPT) == kept
    version = debian.says(_WORKS).strip()
    assert version in (f"unsit {OLDER}", f"unsit {HERE}")
    # It is begun once more. dpkg alone can't end what it has half unpacked: it asks for the packages.
    debian.says(f"dpkg --configure --pending || true; apt-get -qq -y --fix-broken install {packages_of(HERE)}")
    assert debian.says(_WORKS).strip() == f"unsit {HERE}"
    assert debian.says(_KEPT) == kept
    assert debian.says("dpkg --audit; find / -xdev -name '*.dpkg-new' -o -xdev -name '*.dpkg-tmp'") == ""
    assert sorted(debian.says("ls /usr/lib/unsit").split()) == sorted([HERE, "current"])
