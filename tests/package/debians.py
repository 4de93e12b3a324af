"""Fresh Debians of several kinds, each with a folder laid over it that takes all changes."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.real_kernel.cache import kept

HERE = Path(__file__).parent
_IN_IT = "dbus,init,python3,udev"
"""What each Pi has before Unsit comes, of what the packages ask for or talk to."""


_TRIED = """\
[Service]
Type=oneshot
TimeoutStartSec=infinity
ExecStart=sh /etc/systemd/system/tried.sh
ExecStopPost=systemctl poweroff --no-block
"""


@dataclass(frozen=True)
class Kind:
    """A Debian, and the processor it is for."""

    suite: str
    processor: str

    def __str__(self) -> str:
        return f"{self.suite} {self.processor}"


class Debian:
    """A root that is changed at will; what it was made of stays as it is."""

    def __init__(self, below: tuple[Path, ...], folder: Path, packages: Path) -> None:
        self._below = below
        self._changes = folder
        self._packages = packages
        self.changed.mkdir(parents=True)

    @property
    def changed(self) -> Path:
        """Where all lies that differs from what is below."""
        return self._changes / "upper"

    def above(self, folder: Path) -> Debian:
        """One more that begins where this one is now."""
        return Debian((self.changed, *self._below), folder, self._packages)

    def runs(self, script: str, at_most_s: float = 1800) -> subprocess.CompletedProcess[str]:
        """What comes of that shell script, with the packages at /mnt."""
        return subprocess.run(
            self._words(script), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=at_most_s, check=False,
        )  # fmt: skip

    def says(self, script: str) -> str:
        """The same, for what goes well."""
        ran = self.runs(script)
        assert ran.returncode == 0, ran.stdout[-3000:]
        return ran.stdout

    def is_cut(self, script: str, when: Callable[[float], bool]) -> bool:
        """Run it and kill all of it as soon as `when` says so of the seconds since; False if it ended before."""
        began = time.monotonic()
        running = subprocess.Popen(
            self._words(script), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while running.poll() is None and not when(time.monotonic() - began):
            os.sched_yield()
        was_cut = running.poll() is None
        # With it goes the namespace of its processes, all at once.
        running.kill()
        running.wait()
        return was_cut

    def boots(self, script: str, at_most_s: float = 600) -> str:
        """What that script says when systemd has started this one; afterwards it is switched off."""
        for name, text in (("tried.service", _TRIED), ("tried.sh", f"exec >/var/tmp/tried 2>&1\n{script}\n")):
            file = self.changed / "etc/systemd/system" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        wanted = self.changed / "etc/systemd/system/multi-user.target.wants/tried.service"
        wanted.parent.mkdir(exist_ok=True)
        wanted.symlink_to("/etc/systemd/system/tried.service")
        words = ["unshare", "--mount", "--propagation", "private", "sh", str(HERE / "boot.sh"), *self._folders()]
        subprocess.run(words, timeout=at_most_s, check=False)
        said = self.changed / "var/tmp/tried"
        assert said.exists(), (self._changes / "console").read_text("utf-8", "replace")[-3000:]
        return said.read_text("utf-8")

    def _folders(self) -> tuple[str, str, str]:
        return ":".join(map(str, self._below)), str(self._changes), str(self._packages)

    def _words(self, script: str) -> list[str]:
        namespaces = ("--mount", "--pid", "--fork", "--kill-child", "--propagation", "private")
        entered = (
            "sh",
            str(HERE / "enter.sh"),
            ":".join(map(str, self._below)),
            str(self._changes),
            str(self._packages),
        )
        return ["nice", "unshare", *namespaces, *entered, "env", "DEBIAN_FRONTEND=noninteractive", "sh", "-c", script]


def fresh(kind: Kind, folder: Path, packages: Path) -> Debian:
    """A Debian as its first start would find it; the first time takes minutes."""
    options = _options(kind)
    root = kept(f"debian-{kind.suite}-{kind.processor}", map(str.encode, options), lambda to: _build(options, to))
    return Debian((root,), folder, packages)


def _options(kind: Kind) -> list[str]:
    left_out = (f"--dpkgopt=path-exclude=/usr/share/{each}/*" for each in ("doc", "man", "locale"))
    # A Debian that isn't out yet may not have been renewed for a while, and these tests need no security fixes.
    old_enough = ('--aptopt=Acquire::Check-Valid-Until "false"', "--skip=cleanup/apt/lists")
    without_updates = "--setup-hook=sed -i '/-security\\|-updates/d' \"$1/etc/apt/sources.list\""
    include, processor = f"--include={_IN_IT}", f"--architectures={kind.processor}"
    return ["--variant=minbase", include, processor, *left_out, *old_enough, without_updates, kind.suite]


def _build(options: list[str], to: Path) -> None:
    to.mkdir()
    with TemporaryDirectory(dir=to.parent) as scratch:
        # Into an archive: what is mounted while it works is never mounted in a folder that is deleted some day.
        packed = str(Path(scratch, "root.tar"))
        for words in (
            ["nice", "mmdebstrap", "--quiet", *options, packed],
            ["tar", "--extract", "--file", packed, "--directory", str(to), "--exclude=./dev/*"],
        ):
            subprocess.run(words, stdin=subprocess.DEVNULL, check=True)


TOOLS = {
    "mmdebstrap": "mmdebstrap",
    "unshare": "util-linux",
    "systemd-nspawn": "systemd-container",
    "dh": "debhelper",
    "dh_python3": "dh-python",
}
"""Each command that all this takes, and the Debian package that has it."""
