"""The disk of a stock system: a Debian 13 with cloud-init as Raspberry Pi OS has it, which nobody has started yet."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.first_boot.world import HOST, NAME
from tests.real_kernel.cache import kept

PROJECT = Path(__file__).parents[2]
LIBRARIES = [PROJECT / "systemd" / name for name in ("requirements.txt", "requirements-page.txt")]

_SUITE = "trixie"
_PACKAGES = (
    "systemd,systemd-sysv,systemd-timesyncd,udev,dbus,kmod,zstd,e2fsprogs,dosfstools,linux-image-amd64,initramfs-tools,"
    "cloud-init,netplan.io,network-manager,iproute2,ca-certificates,python3,python3-venv"
)
"""Of what Raspberry Pi OS has, what the set-up meets."""

_FILES = {
    "etc/fstab": "LABEL=rootfs / ext4 defaults,noatime 0 1\nLABEL=bootfs /boot/firmware vfat defaults 0 2\n",
    "etc/hostname": "raspberrypi\n",
    "etc/machine-id": "",
    # So does it there.
    "etc/systemd/system/cloud-init-main.service.d/boot.conf": "[Unit]\nRequiresMountsFor=/boot/firmware\n",
    # Its cloud-init looks at the first partition and nowhere else.
    "etc/cloud/cloud.cfg.d/99_raspberry-pi.cfg": "datasource_list: [NoCloud, None]\n"
    "datasource: {NoCloud: {seedfrom: file:///boot/firmware}}\nssh_deletekeys: false\nssh_genkeytypes: []\n",
    "usr/lib/netplan/00-network-manager-all.yaml": "network: {version: 2, renderer: NetworkManager}\n",
    # cloud-init writes /etc/hosts from it.
    "etc/cloud/templates/hosts.debian.tmpl": "## template:jinja\n127.0.0.1 localhost\n127.0.1.1 {{fqdn}} {{hostname}}\n"
    f"{HOST} {NAME}\n",
    # The test's clock; everybody's is out of reach here.
    "etc/systemd/timesyncd.conf.d/test.conf": f"[Time]\nNTP={HOST}\nFallbackNTP=\n",
}
_NEVER_STARTED = (
    "systemd-networkd.service systemd-networkd.socket systemd-networkd-wait-online.service systemd-firstboot.service "
    "getty@tty1.service apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer"
)

ON_THE_CARD = {
    "config.txt": "# Some settings may impact device functionality.\n#dtparam=i2c_arm=on\n#dtparam=spi=on\n\n"
    "[cm5]\ndtoverlay=dwc2,dr_mode=host\n\n[all]\n",
    "meta-data": "dsmode: local\ninstance_id: rpios-image\n",
    "user-data": "#cloud-config\n",
    "network-config": "network: {version: 2, ethernets: {eth0: {dhcp4: true, optional: true}}}\n",
}
"""The files of the first partition that the set-up meets, as they are on a card that was just written."""


def stock() -> Path:
    """A folder with `root.img`, `kernel` and `initramfs`; the first time takes three minutes."""
    return kept("stock", [repr((_PACKAGES, _FILES, _NEVER_STARTED)).encode()], _build)


def wheels() -> Path:
    """The libraries that the stock system will ask the index for."""
    return kept("stock-wheels", [each.read_bytes() for each in LIBRARIES], _fetch)


def _build(to: Path) -> None:
    to.mkdir()
    with tempfile.TemporaryDirectory() as folder:
        for name, text in _FILES.items():
            file = Path(folder, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        subprocess.run(
            [
                "mmdebstrap", "--quiet", "--variant=minbase", "--format=null", f"--include={_PACKAGES}",
                f"--customize-hook=sync-in {folder} /",
                '--customize-hook=chmod 600 "$1/usr/lib/netplan/"*',
                f'--customize-hook=chroot "$1" systemctl --quiet mask {_NEVER_STARTED}',
                '--customize-hook=mkdir -p "$1/boot/firmware"',
                f'--customize-hook=cp -L "$1/vmlinuz" {to}/kernel',
                f'--customize-hook=cp -L "$1/initrd.img" {to}/initramfs',
                # /proc and the like are mounted in there; what they cover is what belongs on the disk.
                '--customize-hook=mount --mkdir --bind "$1" "$1.disk"',
                f'--customize-hook=mke2fs -q -t ext4 -L rootfs -d "$1.disk" {to}/root.img 3G >/dev/null',
                '--customize-hook=umount "$1.disk" && rmdir "$1.disk"',
                _SUITE, "/dev/null",
            ],
            check=True,
        )  # fmt: skip


def _fetch(to: Path) -> None:
    platforms = [word for glibc in range(17, 42) for word in ("--platform", f"manylinux_2_{glibc}_x86_64")]
    subprocess.run(
        [
            sys.executable, "-m", "pip", "download", "-qq", "--disable-pip-version-check", "--dest", str(to),
            "--no-deps", "--only-binary=:all:", "--python-version", "3.13", *platforms, "--require-hashes",
            *(word for file in LIBRARIES for word in ("--requirement", str(file))),
        ],
        check=True,
    )  # fmt: skip
