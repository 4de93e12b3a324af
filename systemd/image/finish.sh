#!/bin/sh
# In the root of an image, when all packages are there: what runs by itself, the initrd, and nothing that differs from
# build to build.
set -eu

# Nobody logs in here, the updates are the image's own, and on a root that is only read there is nothing to look after.
systemctl --quiet mask getty@tty1.service
systemctl --quiet disable apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer \
    e2scrub_reap.service fstrim.timer

for kernel in /usr/lib/modules/*; do
    update-initramfs -c -k "${kernel##*/}" >/dev/null
done

rm -rf /var/cache/apt /var/cache/ldconfig /var/lib/apt/lists /var/lib/systemd/random-seed /var/lib/dbus/machine-id
mkdir -p /var/cache/apt/archives/partial /var/lib/apt/lists/partial
rm -f /etc/resolv.conf /etc/dpkg/dpkg.cfg.d/99mmdebstrap /etc/apt/apt.conf.d/99mmdebstrap /var/lib/dpkg/*-old \
    /var/cache/debconf/*-old /etc/passwd- /etc/group- /etc/shadow- /etc/gshadow- /etc/subuid- /etc/subgid-
find /var/log /tmp /run -mindepth 1 -not -type d -delete
: >/etc/machine-id
# Of systemd: this root is as new as its /usr, so no start has to catch up with anything.
touch /usr/lib/clock-epoch /etc/.updated /var/.updated
