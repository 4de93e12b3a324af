# Enters a root with a folder at /mnt and runs a command there. All that it mounts is its own: `unshare` sees to that.
# Of the caller it takes over how pip is told where libraries are, and which authorities of TLS are trusted.
set -eu
root=$1 folder=$2
shift 2
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for each in null zero full random urandom tty; do
    touch "$root/dev/$each"
    mount --bind "/dev/$each" "$root/dev/$each"
done
mkdir -m 1777 "$root/dev/shm"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
ln -s /proc/self/fd "$root/dev/fd"
# Terminals of its own, which some tests type into.
mkdir "$root/dev/pts"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
mount --bind "$folder" "$root/mnt"
for each in /etc/hosts /etc/resolv.conf /etc/ssl/certs/ca-certificates.crt; do
    [ ! -e "$each" ] || install -D -m 644 "$each" "$root$each"
done
told=$(env | grep '^PIP_' | grep -v '^PIP_\(CERT\|FIND_LINKS\)=' || true)
[ ! -e /etc/ssl/certs/ca-certificates.crt ] || told="$told PIP_CERT=/etc/ssl/certs/ca-certificates.crt"
# The values have no blanks.
# shellcheck disable=SC2086
exec chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin HOME=/mnt LANG=C.UTF-8 $told "$@"
