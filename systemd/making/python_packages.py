"""Builds the wheel and the source package, the same bytes from the same sources."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
import tarfile
from pathlib import Path

PROJECT = Path(__file__).parents[2]
_BUILDS = "import sys; from setuptools import build_meta; print(getattr(build_meta, sys.argv[1])(sys.argv[2]))"


def checked_out(to: Path, of: Path = PROJECT) -> Path:
    """What is committed, in a folder in which a build may leave what it likes."""
    to.mkdir(parents=True)
    archive = subprocess.run(
        ["git", "-C", str(of), "-c", "tar.umask=0022", "archive", "HEAD"], capture_output=True, check=True
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        packed.extractall(to, filter="tar")
    return to


def wheel(sources: Path, to: Path, epoch_s: int) -> Path:
    """Build it from a folder of sources that may be written to; `epoch_s` is the time that its files have."""
    return _built("build_wheel", sources, to, epoch_s)


def source_package(sources: Path, to: Path, epoch_s: int) -> Path:
    """The same with all that git has: whoever gets it can build all the others and run the tests."""
    built = _built("build_sdist", sources, to, epoch_s)
    built.write_bytes(_without_the_builder(built.read_bytes(), epoch_s))
    return built


def _built(hook: str, sources: Path, to: Path, epoch_s: int) -> Path:
    to.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", _BUILDS, hook, str(to.resolve())],
        cwd=sources,
        umask=0o022,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(epoch_s)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{hook} failed: {done.stderr[-500:]}")
    return to / done.stdout.splitlines()[-1]


def _without_the_builder(packed: bytes, epoch_s: int) -> bytes:
    """The same files in order, without who packed them and when, which setuptools writes down."""
    written = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(packed)) as old, tarfile.open(fileobj=written, mode="w") as new:
        for each in sorted(old.getmembers(), key=lambda member: member.name):
            each.uid = each.gid = 0
            each.uname = each.gname = ""
            each.mtime = epoch_s
            each.mode = 0o755 if each.isdir() or each.mode & 0o100 else 0o644
            each.pax_headers = {}
            new.addfile(each, old.extractfile(each) if each.isreg() else None)
    return gzip.compress(written.getvalue(), mtime=0)
