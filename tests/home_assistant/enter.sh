# Enters a root with a folder at /mnt and runs a command there. All that it mounts is its own: `unshare` sees to that.
set -eu
root=$1 folder=$2
shift 2
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/tmp"
mount -t tmpfs tmpfs "$root/dev"
mknod -m 666 "$root/dev/null" c 1 3
mknod -m 444 "$root/dev/urandom" c 1 9
mount --bind "$folder" "$root/mnt"
exec chroot "$root" /usr/bin/env -i PATH=/usr/bin HOME=/mnt LANG=C.UTF-8 "$@"
