"""What takes minutes to build, kept outside the checkout under a key of all that went into it."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

_KEEP = 2
"""How many of one name stay: the one in use, and the one of the commit before or after."""


def folder() -> Path:
    """Where it all lies; deleting it is always safe."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base, "unsit", "real-kernel")


def kept(name: str, ingredients: Iterable[bytes], build: Callable[[Path], None]) -> Path:
    """The file or folder `name` made of these ingredients: the one at hand, or a new one that `build` writes there.

    Two runs at once build it once. A build that fails leaves nothing behind.
    """
    file = folder() / f"{_key(ingredients)}-{name}"
    file.parent.mkdir(parents=True, exist_ok=True)
    with (folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            with tempfile.TemporaryDirectory(prefix="building-", dir=file.parent) as scratch:
                built = Path(scratch, name)
                build(built)
                built.rename(file)
        os.utime(file)
        _tidy(name)
    return file


def _key(ingredients: Iterable[bytes]) -> str:
    # Each by its own digest, so that what moves from one into the next is a difference too.
    return hashlib.sha256(b"".join(hashlib.sha256(each).digest() for each in ingredients)).hexdigest()[:16]


def _tidy(name: str) -> None:
    by_use = sorted(folder().glob(f"{'?' * 16}-{name}"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in by_use[_KEEP:]:
        if file.is_dir():
            shutil.rmtree(file)
        else:
            file.unlink()
    for left_over in folder().glob("building-*"):
        # The lock is ours, and names differ only by what is built: a folder of another name may be in use.
        if (left_over / name).exists():
            shutil.rmtree(left_over, ignore_errors=True)
