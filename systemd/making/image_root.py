"""The root of an image: Debian's packages, Unsit's own on top, and what the image lays over both."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from systemd.making.description import SYSTEMD, Description
from systemd.making.early_pictures import write_pictures

IMAGE = SYSTEMD / "image"
_SUITE = "trixie"
_EXCLUDED = IMAGE / "root/etc/dpkg/dpkg.cfg.d/unsit-image"
_HOOK = "etc/kernel/postinst.d/z50-raspi-firmware"
_A_DAY_S = 86_400
_DEBIAN_S = 1_735_689_600
"""What is the time for Debian's packages, whatever commit they are installed for."""
_LATER_S = 4_000_000_000


class ImageError(Exception):
    """One line: what keeps the image from being made."""


def debian_root(architecture: str, description: Description, *, is_new: bool) -> Path:
    """An archive of a Debian with all packages that the image takes, Unsit's not yet among them.

    The one at hand, if it isn't a day old.
    """
    packages = _packages(architecture, description)
    ingredients = "\n".join([_SUITE, architecture, *packages, _EXCLUDED.read_text("utf-8")])
    archive = _kept() / f"debian-{architecture}-{hashlib.sha256(ingredients.encode()).hexdigest()[:16]}.tar.zst"
    if is_new or not archive.exists() or time.time() - archive.stat().st_mtime > _A_DAY_S:
        with tempfile.TemporaryDirectory(prefix="unsit-debian-") as scratch:
            _bootstrap(architecture, packages, Path(scratch, "root"))
            made = Path(scratch, "debian.tar.zst")
            _run("tar", "--create", "--sort=name", *_TAR, "--file", made, "--directory", Path(scratch, "root"), ".")
            # The one at hand goes when the next is there, and not before.
            for old in archive.parent.glob(f"debian-{architecture}-*"):
                old.unlink()
            shutil.move(made, archive)
    return archive


def unsit_root(root: Path, debian: Path, debs: Sequence[Path], epoch_s: int) -> None:
    """The whole root of the image, in that folder."""
    if not debs:
        raise ImageError("there are no packages of Unsit; first: make deb")
    root.mkdir()
    began_s = int(time.time())
    _run("tar", "--extract", *_TAR, "--file", debian, "--directory", root)
    for folder in ("kept", "boot/firmware", "var/unsit-debs"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    _lay(IMAGE / "root", root)
    _lay(IMAGE / "initramfs", root / "usr/share/initramfs-tools")
    write_pictures(root / "usr/lib/unsit/early")
    (root / "boot/firmware/config.txt").touch()
    for folder in ("boot/firmware", "usr/lib/unsit-image"):
        shutil.copy(IMAGE / "firmware/unsit.toml", root / folder)
    for each in debs:
        shutil.copy(each, root / "var/unsit-debs")
    shutil.copy(IMAGE / "finish.sh", root / "var/unsit-debs")
    _inside(root, epoch_s, "sh", "-c", "dpkg --install /var/unsit-debs/*.deb && sh /var/unsit-debs/finish.sh")
    for scaffold in ("var/unsit-debs", "boot/firmware"):
        shutil.rmtree(root / scaffold)
    (root / "boot/firmware").mkdir()
    _settle_times(root, began_s, epoch_s)


def packages_in(root: Path) -> str:
    """Its packages, a line for each: name, version and architecture, between tabs."""
    line = "--showformat=${Package}\\t${Version}\\t${Architecture}\\n"
    told = subprocess.run(
        ["dpkg-query", f"--admindir={root}/var/lib/dpkg", "--show", line], capture_output=True, text=True, check=True
    )
    return "".join(sorted(told.stdout.splitlines(keepends=True)))


# Numbers, since this computer's users are others; attributes, since a program may be allowed something by one.
_TAR = ("--zstd", "--warning=no-timestamp", "--numeric-owner", "--xattrs", "--xattrs-include=*", "--acls")


def _packages(architecture: str, description: Description) -> list[str]:
    of_parts = (package.split()[0] for part in description.parts.values() for package in part.debian)
    return sorted({*description.image_packages["all"], *description.image_packages[architecture], *of_parts})


def _kept() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    kept = Path(base, "unsit", "image")
    kept.mkdir(parents=True, exist_ok=True)
    return kept


def _bootstrap(architecture: str, packages: Iterable[str], root: Path) -> None:
    began_s = int(time.time())
    debs = _kept() / f"debs-{architecture}"
    debs.mkdir(exist_ok=True)
    # The initrd comes last, when all that goes into it is there.
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(_DEBIAN_S), "INITRD": "No"}
    subprocess.run(
        [
            # What it mounts, this computer's /dev among it, goes with it however it ends, and is nothing to clean up.
            *("unshare", "--mount", "mmdebstrap", "--variant=minbase", f"--architectures={architecture}"),
            *("--components=main,non-free-firmware", f"--include={','.join(packages)}", f"--dpkgopt={_EXCLUDED}"),
            *("--skip=download/empty", "--skip=essential/unlink"),
            f'--setup-hook=mkdir -p "$1"/var/cache/apt/archives && cp -a {debs}/. "$1"/var/cache/apt/archives/',
            # Before the package that calls it.
            f'--essential-hook=install -D -m 755 {IMAGE}/root/{_HOOK} "$1"/{_HOOK}',
            f'--customize-hook=cp -an "$1"/var/cache/apt/archives/*.deb {debs}/',
            *(_SUITE, root),
        ],
        check=True,
        env=environment,
    )
    # In the time to come, so that it gets the time of the commit when that is known.
    _settle_times(root, began_s, _LATER_S)


def _lay(source: Path, over: Path) -> None:
    """Lay the files over a root, as root's, whoever has the checkout."""
    for each in sorted(source.rglob("*")):
        # Tests that run the code leave these in the checkout.
        if "__pycache__" in each.parts:
            continue
        there = over / each.relative_to(source)
        if each.is_dir():
            there.mkdir(exist_ok=True)
        else:
            shutil.copyfile(each, there)
            there.chmod(0o755 if each.stat().st_mode & 0o100 else 0o644)


def _inside(root: Path, epoch_s: int, *words: str) -> None:
    """Run it in the root, in a world of its own that ends with it."""
    mounts = 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" "$@"'
    subprocess.run(
        ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", mounts, root, *words],
        check=True,
        env={
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "LC_ALL": "C.UTF-8",
            "DEBIAN_FRONTEND": "noninteractive",
            "SOURCE_DATE_EPOCH": str(epoch_s),
        },
    )


def _settle_times(root: Path, began_s: int, epoch_s: int) -> None:
    """Give all that was made since then the one time; what packages brought has its own, which byte code goes by."""
    for folder, names, files in os.walk(root):
        for name in (*names, *files):
            path = os.path.join(folder, name)
            if os.lstat(path).st_mtime >= began_s:
                os.utime(path, (epoch_s, epoch_s), follow_symlinks=False)
    os.utime(root, (epoch_s, epoch_s))
    for updated in ("etc/.updated", "var/.updated"):
        # A second after /usr, or systemd takes it for older.
        if (root / updated).exists():
            os.utime(root / updated, (epoch_s + 1, epoch_s + 1))


def _run(*words: str | Path) -> None:
    subprocess.run(words, check=True)
