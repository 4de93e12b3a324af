#!/usr/bin/env bash
# Settles who may open the page, writes it where systemd and Avahi look, and prints who may and the port:
# page-reach.sh ROOT PYTHON house | this-computer | by-itself | as-it-was
#
# ROOT       a root to prepare; "" is the one we are in
# PYTHON     one that has Unsit's modules
# by-itself  as the settings say; if they don't, the house on a Pi, and this computer elsewhere
# as-it-was  as the settings say; if they don't, this computer: an update opens the house to nobody
set -euo pipefail
umask 022

templates=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$1
python=$2

main() {
    local reach port
    settled=$(settle "$1")
    read -r reach port <<<"$settled"
    put "unsit-page.$reach" "$port" "$root/etc/systemd/system/unsit-page.socket.d/10-reach.conf"
    if [[ $reach = house ]]; then
        put unsit-page.avahi "$port" "$root/etc/avahi/services/unsit.service"
    else
        rm -f "$root/etc/avahi/services/unsit.service"
    fi
    echo "$reach $port"
}

settle() {
    local wanted=$1 else=this-computer owner as_owner=()
    case $wanted in
        house | this-computer) ;;
        by-itself) wanted="" && if is_a_pi; then else=house; fi ;;
        as-it-was) wanted="" ;;
        *) echo "REACH=$wanted: allowed: house, or this-computer" >&2 && return 1 ;;
    esac
    # In a folder of somebody else's, root would follow links wherever they lead.
    owner=$(stat -c %U "$root/etc/unsit" 2>/dev/null || echo root)
    if [[ $owner != root && $(id -u) = 0 ]]; then as_owner=(runuser -u "$owner" --); fi
    # The device and the page read the settings, and so does this.
    "${as_owner[@]}" "$python" -c '
import sys
from device.settings.settings_file import SettingsError
from device.settings.settings_place import settle_reach
try:
    print(*settle_reach(*sys.argv[1:]))
except (SettingsError, OSError) as error:
    sys.exit(str(error))
' "$root" "$wanted" "$else"
}

is_a_pi() {
    # A card, or a chroot on one, is a Pi's if its boot partition is.
    [[ ! $root && -e /proc/device-tree/system/linux,revision ]] ||
        [[ -e $root/boot/firmware/config.txt || -e $root/boot/config.txt ]]
}

put() {
    install -d "$(dirname "$3")"
    sed "s/8016/$2/" "$templates/$1" >"$3"
}

main "$3"
