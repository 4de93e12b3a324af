"""Builds the disks: a small Debian, and the same with the project installed as its user would, by `make install`."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.real_kernel.board import Board
from tests.real_kernel.cache import kept
from tests.real_kernel.gpio import GpioChip
from tests.real_kernel.i2c import I2cBus
from tests.real_kernel.kernel import SUITE, kernel
from tests.real_kernel.machine import SYSTEMD, Machine, copy_of, device_tree

PROJECT = Path(__file__).parents[2]
ROOT = Path(__file__).with_name("root")

_PACKAGES = "systemd,systemd-sysv,udev,dbus,python3,python3-venv,make,gpiod,i2c-tools,mosquitto,mosquitto-clients"
_PYTHON = "3.11"
_PLATFORMS = [f"manylinux_2_{glibc}_x86_64" for glibc in range(17, 37)]
"""What the Python and the C library of that Debian can run."""

_LIBRARIES = sorted((PROJECT / "systemd").glob("requirements*.txt"))
_LGPIO = "lgpio>=0.2.2,<0.3"
"""For whoever selects it; docs/wiring.md."""

_NEVER_STARTED = (
    "serial-getty@ttyS0.service getty@tty1.service systemd-binfmt.service proc-sys-fs-binfmt_misc.automount "
    "mosquitto.service apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer"
)
"""What would want the serial line for itself, fail on this kernel, or get busy in the middle of a test."""

_UNITS = "/etc/systemd/system"
_PARTS = {
    "unsit-page": ("unsit-page.socket", "unsit-page.service"),
    "unsit-meetings": ("unsit-meetings.timer",),
    "unsit-mqtt": ("unsit-mqtt.service",),
}
"""What is installed beside the device. Where there is a unit of that name, `make install` renews all that it takes."""

_INSTALLED = ("Makefile", "setup.py", "pyproject.toml", "README.md", "LICENSE", "device", "hardware", "systemd")
"""What `make install` reads."""


def bare_disk() -> Path:
    """A Debian with the agent in it, and the libraries that the project asks for lying ready; takes half a minute."""
    return kept("bare.img", _bare_ingredients(), _build_bare)


def installed_disk() -> Path:
    """The same with the project installed and its service started once; takes one minute more."""
    named = (f"{file.relative_to(PROJECT)}\0".encode() + file.read_bytes() for file in _sources())
    return kept("installed.img", [*_bare_ingredients(), *named], _build_installed)


# ---- bare


def _bare_ingredients() -> list[bytes]:
    return [file.read_bytes() for file in (Path(__file__), *_LIBRARIES, *sorted(ROOT.iterdir()))]


def _build_bare(to: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        wheels = Path(folder, "wheels")
        _fetch_wheels(wheels)
        subprocess.run(
            [
                "mmdebstrap", "--quiet", "--variant=minbase", "--format=null", f"--include={_PACKAGES}",
                f"--customize-hook=copy-in {wheels} /",
                '--customize-hook=mkdir "$1/usr/local/lib/real-kernel"',
                f"--customize-hook=copy-in {ROOT / 'agent.py'} /usr/local/lib/real-kernel",
                f"--customize-hook=copy-in {ROOT / 'agent.service'} /etc/systemd/system",
                f"--customize-hook=copy-in {ROOT / '99-gpio.rules'} /etc/udev/rules.d",
                # Raspberry Pi OS comes with this group; what the rule says of it is in 99-gpio.rules.
                '--customize-hook=chroot "$1" groupadd --system gpio',
                '--customize-hook=chroot "$1" systemctl --quiet enable agent.service',
                f'--customize-hook=chroot "$1" systemctl --quiet mask {_NEVER_STARTED}',
                # /proc and the like are mounted in there; what they cover is what belongs on the disk.
                '--customize-hook=mount --mkdir --bind "$1" "$1.disk"',
                f'--customize-hook=mke2fs -q -t ext4 -d "$1.disk" {to} 1G >/dev/null',
                '--customize-hook=umount "$1.disk" && rmdir "$1.disk"',
                SUITE, "/dev/null",
            ],
            check=True,
        )  # fmt: skip


def _fetch_wheels(to: Path) -> None:
    """What the machine will install from, since it has no network."""
    _download(to, *(word for file in _LIBRARIES for word in ("--requirement", str(file))), "--require-hashes")
    _download(to, _LGPIO)


def _download(to: Path, *words: str) -> None:
    platforms = [word for platform in _PLATFORMS for word in ("--platform", platform)]
    subprocess.run(
        [
            sys.executable, "-m", "pip", "download", "-qq", "--disable-pip-version-check", "--dest", str(to),
            "--only-binary=:all:", "--python-version", _PYTHON, *platforms, "--no-deps", *words,
        ],
        check=True,
    )  # fmt: skip


# ---- installed


def _sources() -> Iterator[Path]:
    for name in _INSTALLED:
        path = PROJECT / name
        yield from sorted(file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts) or [
            path
        ]


def _build_installed(to: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sources = Path(folder, "sources")
        for file in _sources():
            copy = sources / file.relative_to(PROJECT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, copy)
        tree = device_tree("Raspberry Pi 3 Model B Rev 1.2", 0xA02082, Path(folder, "board.dtb"))
        with (
            Board([GpioChip()], [I2cBus(), I2cBus()]) as board,
            Machine(kernel(), copy_of(bare_disk(), to), tree, board, SYSTEMD) as machine,
        ):
            machine.start()
            machine.do("mount", "-t", "hostfs", "-o", str(sources), "none", "/mnt")
            machine.shell(f"mkdir -p {_UNITS}; touch {' '.join(f'{_UNITS}/{each}.service' for each in _PARTS)}")
            machine.shell("cd /mnt && make install PIP_FLAGS='--no-index --find-links /wheels'", timeout_s=300)
            for part, units in _PARTS.items():
                # It goes live as `make install-...` has it; the libraries, which take a minute each time, are there.
                asked = f"put_environment() {{ :; }}; main {part.replace('unsit', 'install')}"
                machine.do("bash", "-euc", f"cd /mnt; source systemd/install.sh; {asked}", timeout_s=300)
                # And off again, as it is for most.
                machine.do("systemctl", "--quiet", "disable", "--now", *units)
            # For whoever selects it.
            machine.do("/opt/unsit/bin/pip", "install", "--quiet", "--no-index", "--find-links", "/wheels", "lgpio")
            machine.do("umount", "/mnt")
            machine.tell("systemctl", "poweroff")
            machine.wait_until_off()
