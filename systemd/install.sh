#!/usr/bin/env bash
# Installs Unsit, renews what is installed, and takes it away:
# install.sh install | install-page | install-meetings | install-mqtt | uninstall
#
# REACH      of install-page, who may open the page: house, or this-computer; on a Pi it is house unless the settings say
# PYTHON     makes the environment in /opt/unsit
# DESTDIR    a root to prepare, such as that of a card; without it, or as /, the root we are in, a chroot's included
# PIP_FLAGS  more words for pip
set -euo pipefail
# The caller's may be tighter; the service's user has to read what root writes.
umask 022

sources=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
python=${PYTHON:-python3}
root=$(realpath --canonicalize-missing -- "${DESTDIR:-/}")
root=${root%/}
place=$root/opt/unsit
units=$root/etc/systemd/system
addresses=$root/etc/unsit/calendars
page_listens=$units/unsit-page.socket.d/10-reach.conf
page_told=$root/etc/avahi/services/unsit.service
read -ra pip_flags <<<"${PIP_FLAGS:-}"

main() {
    case ${1:-} in
        install) install_all ;;
        install-page) install_page ;;
        install-meetings) install_meetings ;;
        install-mqtt) install_mqtt ;;
        uninstall) uninstall ;;
        *) fail "Usage: install.sh install | install-page | install-meetings | install-mqtt | uninstall" ;;
    esac
}

install_all() {
    need_root install
    need_python
    put_environment
    put_files
    if [[ $root ]]; then
        make_users "--root=$root"
        enable unsit.service multi-user.target
        echo "Prepared in $root; nothing was started."
    else
        go_live
    fi
}

install_page() {
    [[ ${REACH:-house} =~ ^(house|this-computer)$ ]] || fail "REACH=$REACH: allowed: house, or this-computer"
    [[ -x $place/bin/unsit ]] || fail "First: sudo make install"
    need_root install-page
    need_python
    put_environment page
    settle_reach "${REACH:-}" "$(reach_by_itself)"
    put_page_files
    enable_page
    if [[ $root ]]; then
        echo "Prepared in $root; nothing was started."
    else
        page_goes_live
    fi
}

install_meetings() {
    [[ -x $place/bin/unsit ]] || fail "First: sudo make install"
    need_root install-meetings
    need_python
    put_environment meetings
    put_meetings_files
    enable unsit-meetings.timer timers.target
    if [[ $root ]]; then
        make_users "--root=$root"
        echo "Prepared in $root; nothing was started."
    else
        meetings_go_live
    fi
}

install_mqtt() {
    [[ -x $place/bin/unsit ]] || fail "First: sudo make install"
    need_root install-mqtt
    need_python
    put_environment mqtt
    put_mqtt_files
    enable unsit-mqtt.service multi-user.target
    if [[ $root ]]; then
        make_users "--root=$root"
        echo "Prepared in $root; nothing was started."
    else
        mqtt_goes_live
    fi
}

uninstall() {
    need_root uninstall
    local unit
    for unit in unsit-mqtt.service unsit-meetings.timer unsit-meetings.service unsit.service unsit-page.{socket,service}; do
        if [[ ! $root && -e $units/$unit ]] && is_booted; then systemctl --quiet disable --now "$unit"; fi
        rm -f "$units/$unit" "$units"/{multi-user,sockets,timers}.target.wants/"$unit"
    done
    # All of it comes from the calendars.
    rm -rf "$root/var/lib/unsit-meetings"
    rm -f "$page_listens" "$page_told"
    rmdir --ignore-fail-on-non-empty "$(dirname "$page_listens")" "$(dirname "$page_told")" 2>/dev/null || true
    rm -f "$root/etc/sysusers.d/unsit.conf" "$root/etc/modules-load.d/unsit.conf" "$root/usr/local/bin/unsit"
    rm -f "$root/etc/udev/rules.d/60-unsit.rules"
    rm -rf "$place" "$place.new"
    if [[ ! $root ]] && is_booted; then systemctl daemon-reload; fi
    echo "Unsit is gone. Left as they are:"
    echo "  /etc/unsit and unsit.toml on the boot partition, with your settings"
    if [[ -e $addresses ]]; then echo "  /etc/unsit/calendars, with the secret addresses of your calendars"; fi
    echo "  /var/lib/unsit, with the journal"
    if [[ -e $root/var/lib/unsit-mqtt ]]; then echo "  /var/lib/unsit-mqtt, with how far the broker has heard"; fi
    echo "  drop-ins in folders such as /etc/systemd/system/unsit.service.d, if you made any"
    echo "  the users unsit, unsit-page, unsit-meetings and unsit-mqtt, the groups gpio and i2c, and I2C, which stays switched on"
}

# ---- what it takes

fail() {
    echo "$1" >&2
    exit 1
}

need_root() {
    [[ $root || $(id -u) = 0 ]] || fail "That takes root: sudo make $1"
}

need_python() {
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
        fail "Unsit needs Python 3.11 or newer; here: $("$python" --version 2>&1 | tail -n 1). Name another one: make install PYTHON=..."
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "The venv module of $python is missing. Debian and Raspberry Pi OS: sudo apt install python3-venv"
    [[ $root ]] || "$python" -c 'import sys; sys.exit(sys.base_prefix.startswith(("/home/", "/root/")))' ||
        fail "The service may not look into home folders, and $python is in one: make install PYTHON=/usr/bin/python3"
    # No index has these two ready built for 32 bits; what builds them takes a compiler and long.
    ! is_32_bit || "$python" -c 'import gpiod, PIL; gpiod.request_lines' 2>/dev/null ||
        fail "On a 32-bit system two libraries come from the system: sudo apt install python3-libgpiod python3-pil (Debian 13, trixie, or newer)"
}

is_32_bit() {
    # Asked of Python, not of the kernel: a 32-bit system may run on a 64-bit kernel.
    "$python" -c 'import sys; sys.exit(sys.maxsize > 2**32)'
}

has_page() {
    [[ -e $units/unsit-page.service ]]
}

has_meetings() {
    [[ -e $units/unsit-meetings.service ]]
}

has_mqtt() {
    [[ -e $units/unsit-mqtt.service ]]
}

is_booted() {
    # No systemd runs in a chroot or while a card is written; what is enabled there starts with the next boot.
    [[ -d /run/systemd/system ]]
}

# ---- the environment

put_environment() {
    local build=$place
    # One of another Python, or one that doesn't run, is made new beside it, so that a failure leaves the old one there.
    if [[ -e $place ]] && ! is_of_this_python; then build=$place.new; fi
    echo "Installing to $place ..."
    rm -rf "$place.new"
    local venv=(-m venv)
    # Raspberry Pi OS brings some libraries ready built that would need a compiler else.
    if is_32_bit || [[ -e /proc/device-tree/system/linux,revision ]]; then venv+=(--system-site-packages); fi
    "$python" "${venv[@]}" "$build"
    fetch "$build" requirements.txt
    if [[ ${1:-} = page ]] || has_page; then fetch "$build" requirements-page.txt; fi
    if [[ ${1:-} = meetings ]] || has_meetings; then fetch "$build" requirements-meetings.txt; fi
    if [[ ${1:-} = mqtt ]] || has_mqtt; then fetch "$build" requirements-mqtt.txt; fi
    put_package "$build"
    forget_where_it_was_built "$build"
    if [[ $build != "$place" ]]; then
        rm -rf "$place"
        mv "$build" "$place"
    fi
}

is_of_this_python() {
    local asks='import sys; print(sys.version_info[:2], sys.base_prefix)'
    [[ $("$place/bin/python" -c "$asks" 2>/dev/null) = "$("$python" -c "$asks")" ]]
}

fetch() {
    pip_of "$1" --require-hashes --no-deps --requirement <(wanted "$sources/systemd/$2") || fail "$(why_not)"
}

wanted() {
    # On 32 bits the system has what is compiled; each entry goes on while its lines end in a backslash.
    if is_32_bit; then
        awk '/^(gpiod|pillow)==/ { skips = 1 } !skips { print } !/\\$/ { skips = 0 }' "$1"
    else
        cat "$1"
    fi
}

why_not() {
    local year
    year=$(date +%Y)
    if ((year < 2025)); then
        echo "The clock says $year, and with a wrong clock no library can be fetched. Let the network set it, or: sudo date -s '2026-11-28 12:00'"
    else
        echo "The libraries could not be had; pip says above why. Without a network, fetch them on another computer:" \
            "pip download -r systemd/requirements.txt -d wheels; then make install PIP_FLAGS='--no-index --find-links wheels'"
    fi
}

put_package() {
    # From a copy, since pip builds where the sources are and would leave root's files in the checkout.
    local copy
    copy=$(mktemp -d)
    for each in setup.py pyproject.toml README.md LICENSE device hardware; do cp -R "$sources/$each" "$copy"; done
    # What builds it is there already, so this takes no network.
    pip_of "$1" --no-deps --no-index --no-build-isolation --force-reinstall "$copy" || fail "Unsit could not be built; pip says above why."
    rm -rf "$copy"
}

pip_of() {
    "$1/bin/python" -m pip install --quiet --disable-pip-version-check "${pip_flags[@]}" "${@:2}"
}

forget_where_it_was_built() {
    # Scripts name their interpreter in full, and compiled files their source; both will be found under /opt/unsit.
    [[ $1 != /opt/unsit ]] || return 0
    "$python" - "$1" <<'END'
import compileall, pathlib, sys

built = sys.argv[1]
folder = pathlib.Path(built)
for file in [folder / "pyvenv.cfg", *(each for each in (folder / "bin").iterdir() if not each.is_symlink())]:
    file.write_bytes(file.read_bytes().replace(built.encode(), b"/opt/unsit"))
compileall.compile_dir(folder / "lib", quiet=1, force=True, stripdir=built, prependdir="/opt/unsit")
END
}

# ---- the files

put_files() {
    put unsit.service "$units/unsit.service"
    if has_page; then
        settle_reach "" this-computer
        put_page_files
        # It used to be started by itself.
        if [[ -L $units/multi-user.target.wants/unsit-page.service ]]; then enable_page; fi
    fi
    if has_meetings; then put_meetings_files; fi
    if has_mqtt; then put_mqtt_files; fi
    put unsit.sysusers "$root/etc/sysusers.d/unsit.conf"
    put unsit.modules "$root/etc/modules-load.d/unsit.conf"
    put unsit.rules "$root/etc/udev/rules.d/60-unsit.rules"
    install -d "$root/usr/local/bin"
    ln -sfn /opt/unsit/bin/unsit "$root/usr/local/bin/unsit"
}

put() {
    install -D -m 644 "$sources/systemd/$1" "$2"
}

put_meetings_files() {
    # A unit that is handed a folder which isn't there doesn't start; one that leads elsewhere is somebody's trick.
    [[ ! -L $addresses ]] || fail "$addresses is a link; allowed: a folder"
    [[ -d $addresses ]] || install -d -m 700 "$addresses"
    put unsit-meetings.service "$units/unsit-meetings.service"
    put unsit-meetings.timer "$units/unsit-meetings.timer"
    put unsit.sysusers "$root/etc/sysusers.d/unsit.conf"
}

put_mqtt_files() {
    put unsit-mqtt.service "$units/unsit-mqtt.service"
    put unsit.sysusers "$root/etc/sysusers.d/unsit.conf"
}

put_page_files() {
    put unsit-page.service "$units/unsit-page.service"
    put unsit-page.socket "$units/unsit-page.socket"
    install -d "$(dirname "$page_listens")"
    if [[ $reach = house ]]; then
        # Any address of a private network; the page has its own ways with strangers.
        printf '[Socket]\nListenStream=\nListenStream=0.0.0.0:%s\nIPAddressAllow=%s\n' "$port" \
            "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 169.254.0.0/16" >"$page_listens"
        install -d "$(dirname "$page_told")"
        sed "s/8016/$port/" "$sources/systemd/unsit-page.avahi" >"$page_told"
    else
        printf '[Socket]\nListenStream=\nListenStream=127.0.0.1:%s\n' "$port" >"$page_listens"
        rm -f "$page_told"
    fi
}

reach_by_itself() {
    # A card, or a chroot on one, is a Pi's if its boot partition is.
    if [[ ! $root && -e /proc/device-tree/system/linux,revision ]] ||
        [[ -e $root/boot/firmware/config.txt || -e $root/boot/config.txt ]]; then echo house; else echo this-computer; fi
}

settle_reach() {
    # The device and the page read the settings, and so does this. What the settings say already holds.
    local settled owner as_owner=()
    # In a folder of somebody else's, root would follow links wherever they lead.
    owner=$(stat -c %U "$root/etc/unsit" 2>/dev/null || echo root)
    if [[ $owner != root && $(id -u) = 0 ]]; then as_owner=(runuser -u "$owner" --); fi
    settled=$("${as_owner[@]}" "$place/bin/python" -c '
import sys
from device.settings.settings_file import SettingsError
from device.settings.settings_place import settle_reach
try:
    print(*settle_reach(*sys.argv[1:]))
except (SettingsError, OSError) as error:
    sys.exit(str(error))
' "$root" "$@") || fail "Where the page is to be reached can't be settled; the line above says why."
    read -r reach port <<<"$settled"
}

make_users() {
    if command -v systemd-sysusers >/dev/null && [[ $(id -u) = 0 ]]; then
        systemd-sysusers "$@" unsit.conf
    else
        echo "The users unsit, unsit-page, unsit-meetings and unsit-mqtt are made by systemd-sysusers at the next start."
    fi
}

enable() {
    install -d "$units/$2.wants"
    ln -sfn "/etc/systemd/system/$1" "$units/$2.wants/$1"
}

enable_page() {
    rm -f "$units/multi-user.target.wants/unsit-page.service"
    enable unsit-page.socket sockets.target
}

page_is_on() {
    [[ -L $units/sockets.target.wants/unsit-page.socket ]]
}

# ---- this computer

go_live() {
    make_users
    if command -v raspi-config >/dev/null; then
        raspi-config nonint do_i2c 0
        echo "I2C is switched on."
    else
        echo "There is no raspi-config here. For the panel put dtparam=i2c_arm=on into the boot partition's config.txt, then reboot."
    fi
    enable unsit.service multi-user.target
    if ! is_booted; then
        echo "Unsit starts with the next boot."
        return
    fi
    if command -v udevadm >/dev/null; then
        # The groups are there now; what is plugged in already gets its rules only when it is asked again.
        udevadm control --reload
        udevadm trigger --subsystem-match=gpio --subsystem-match=i2c-dev --settle
    fi
    systemctl daemon-reload
    systemctl restart unsit
    if has_page && page_is_on; then page_listens_anew; fi
    if has_meetings; then systemctl try-restart unsit-meetings.timer; fi
    if has_mqtt; then systemctl try-restart unsit-mqtt; fi
    echo "Unsit runs, now and after every start. How it is: systemctl status unsit. Part by part: sudo systemctl stop unsit, then sudo unsit check."
}

page_goes_live() {
    # A journal that was begun before there was a page is for its owner alone. The owner says so, not root, whom a link
    # in that folder could lead anywhere.
    runuser -u unsit -- sh -c 'chmod -f g+rX /var/lib/unsit /var/lib/unsit/journal.db*' || true
    if ! is_booted; then
        echo "The page listens from the next boot on."
        return
    fi
    systemctl daemon-reload
    # What a hold of the button means depends on page.reach.
    systemctl try-restart unsit
    page_listens_anew
    local name
    name=$(hostname)
    if [[ $reach = house ]]; then
        echo "The page is there for the house: http://$name.local:$port/"
        echo "To let a phone in: press the button of the device, then hold it, and read the code with the phone's camera."
        command -v avahi-daemon >/dev/null || echo "For that name: sudo apt install avahi-daemon. By address it works without."
    else
        echo "The page is served on this computer only. From another one: ssh -L $port:127.0.0.1:$port $name, then http://127.0.0.1:$port/"
    fi
}

meetings_go_live() {
    make_users
    if ! is_booted; then
        echo "Your calendars are read from the next boot on."
        return
    fi
    systemctl daemon-reload
    # Only a process that starts now is in the new group.
    systemctl try-restart unsit
    systemctl restart unsit-meetings.timer
    echo "Your calendars are read every quarter of an hour, once there are any: sudo unsit meetings add work"
}

mqtt_goes_live() {
    make_users
    if ! is_booted; then
        echo "The broker hears of the desk from the next boot on, once the settings name one."
        return
    fi
    systemctl daemon-reload
    # One that the settings don't name yet is no failure: the line below says what to do.
    systemctl restart unsit-mqtt || true
    echo "Name the broker under [mqtt] in the settings, then: sudo systemctl restart unsit-mqtt. How it is: unsit mqtt"
}

page_listens_anew() {
    # A page that runs has the old socket, or held the address itself.
    systemctl stop unsit-page.socket unsit-page.service
    systemctl start unsit-page.socket
}

# Sourced, it only has its functions.
[[ ${BASH_SOURCE[0]} != "$0" ]] || main "$@"
