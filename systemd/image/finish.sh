#!/bin/sh
# In the root of an image, when all packages are there: what runs by itself, the initrd, and nothing that differs from
# build to build.
set -eu

# Nobody logs in at a screen and a keyboard.
systemctl --quiet mask getty@tty1.service
systemctl --quiet enable unsit-early.service unsit-page-reach.service
# What the image has another opinion on than Debian, which has asked its own presets before this file was there.
grep -E '^(enable|disable) ' /usr/lib/systemd/system-preset/10-unsit-image.preset | while read -r _ unit; do
    if [ -e "/usr/lib/systemd/system/$unit" ]; then systemctl --quiet preset "$unit"; fi
done
# Byte code that is good for its source whatever that one's time is, since all times become one.
python3 -m compileall -q --invalidation-mode unchecked-hash /usr/lib/python3/dist-packages/unsit_card

for kernel in /usr/lib/modules/*; do
    update-initramfs -c -k "${kernel##*/}" >/dev/null
done

rm -rf /etc/ssh/ssh_host_* /var/cache/apt /var/cache/ldconfig /var/lib/apt/lists /var/lib/systemd/random-seed /var/lib/dbus/machine-id
mkdir -p /var/cache/apt/archives/partial /var/lib/apt/lists/partial
rm -f /etc/resolv.conf /etc/dpkg/dpkg.cfg.d/99mmdebstrap /etc/apt/apt.conf.d/99mmdebstrap /var/lib/dpkg/*-old \
    /var/cache/debconf/*-old /etc/passwd- /etc/group- /etc/shadow- /etc/gshadow- /etc/subuid- /etc/subgid-
find /var/log /tmp /run -mindepth 1 -not -type d -delete
: >/etc/machine-id
# Of systemd: this root is as new as its /usr, so no start has to catch up with anything.
touch /usr/lib/clock-epoch /etc/.updated /var/.updated
