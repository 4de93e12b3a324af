#!/usr/bin/env bash
# Installs Unsit, renews what is installed, and takes it away:
# install.sh install | install-page | install-meetings | install-mqtt | uninstall
# What belongs to it is in installed.toml, beside this file.
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
read -ra pip_flags <<<"${PIP_FLAGS:-}"

main() {
    case ${1:-} in
        install) install_part device ;;
        install-page | install-meetings | install-mqtt) install_part "${1#install-}" ;;
        uninstall) uninstall ;;
        *) fail "Usage: install.sh install | install-page | install-meetings | install-mqtt | uninstall" ;;
    esac
}

install_part() {
    [[ ${REACH:-house} =~ ^(house|this-computer)$ ]] || fail "REACH=$REACH: allowed: house, or this-computer"
    need_no_packages
    [[ $1 = device || -x $place/bin/unsit ]] || fail "First: sudo make install"
    need_root "install-$1"
    need_python
    put_environment "$1"
    put_files "$1"
    enable "$1"
    if [[ $root ]]; then
        make_users "--root=$root"
        echo "Prepared in $root; nothing was started."
    else
        make_users
        "${1}_goes_live"
    fi
}

uninstall() {
    need_no_packages
    need_root uninstall
    need_description
    local kind what holds left=()
    while IFS=$'\t' read -r kind what holds; do
        case $kind in
            unit) if [[ ! $root && -e $units/$what ]] && is_booted; then systemctl --quiet disable --now "$what"; fi ;;
            file) rm -f "$root$what" ;;
            folder) rm -rf "$root$what" ;;
            empty) rmdir --ignore-fail-on-non-empty "$root$what" 2>/dev/null || true ;;
            left) if [[ -e $root$what ]]; then left+=("$what, with $holds"); fi ;;
        esac
    done < <(described uninstalled)
    if [[ ! $root ]] && is_booted; then systemctl daemon-reload; fi
    echo "Unsit is gone. Left as they are:"
    printf '  %s\n' "${left[@]}" "unsit.toml on the boot partition" \
        "drop-ins in folders such as /etc/systemd/system/unsit.service.d, if you made any" \
        "$(described users), and I2C, which stays switched on"
}

# ---- what it takes

fail() {
    echo "$1" >&2
    exit 1
}

need_root() {
    [[ $root || $(id -u) = 0 ]] || fail "That takes root: sudo make ${1%-device}"
}

need_no_packages() {
    [[ ! -e $root/usr/lib/unsit/current ]] ||
        fail "Unsit is installed as Debian packages here. First: sudo apt remove unsit (your settings and the journal stay)"
}

need_description() {
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
        fail "Unsit needs Python 3.11 or newer; here: $("$python" --version 2>&1 | tail -n 1). Name another one: make install PYTHON=..."
    # Whatever is wrong with it is said here, once.
    parts=$(described parts)
}

need_python() {
    need_description
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

described() {
    "$python" "$sources/systemd/making/description.py" "$@"
}

has() {
    [[ $1 != device && -e $units/unsit-$1.service ]]
}

is_booted() {
    # No systemd runs in a chroot or while a card is written; what is enabled there starts with the next boot.
    [[ -d /run/systemd/system ]]
}

# ---- the environment

put_environment() {
    local build=$place part list
    # One of another Python, or one that doesn't run, is made new beside it, so that a failure leaves the old one there.
    if [[ -e $place ]] && ! is_of_this_python; then build=$place.new; fi
    echo "Installing to $place ..."
    rm -rf "$place.new"
    local venv=(-m venv)
    # Raspberry Pi OS brings some libraries ready built that would need a compiler else.
    if is_32_bit || [[ -e /proc/device-tree/system/linux,revision ]]; then venv+=(--system-site-packages); fi
    "$python" "${venv[@]}" "$build"
    while IFS=$'\t' read -r part list; do
        if [[ $part = device || $part = "$1" ]] || has "$part"; then fetch "$build" "$list"; fi
    done < <(described libraries)
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
    pip_of "$1" --require-hashes --no-deps --requirement <(wanted "$2") || fail "$(why_not)"
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
    local ready=("$sources"/unsit-*.whl)
    if [[ -e ${ready[0]} ]]; then
        # So does user-data bring it.
        pip_of "$1" --no-deps --no-index --force-reinstall "${ready[0]}" || fail "Unsit could not be installed; pip says above why."
        return
    fi
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
    local part
    for part in $parts; do
        if [[ $part = device || $part = "$1" ]] || has "$part"; then put_part "$part"; fi
        # It used to be started in another way.
        if started_formerly "$part"; then enable "$part"; fi
    done
    if [[ $1 = page ]]; then
        put_reach "${REACH:-by-itself}"
    elif has page; then
        put_reach as-it-was
    fi
}

put_part() {
    local kind source to mode
    while IFS=$'\t' read -r to mode; do
        # A unit that is handed a folder which isn't there doesn't start; one that leads elsewhere is somebody's trick.
        [[ ! -L $root$to ]] || fail "$root$to is a link; allowed: a folder"
        [[ -d $root$to ]] || install -d -m "$mode" "$root$to"
    done < <(described folders "$1")
    while IFS=$'\t' read -r kind source to; do
        if [[ $kind = link ]]; then
            install -d "$(dirname "$root$to")"
            ln -sfn "$source" "$root$to"
        else
            install -D -m 644 "$source" "$root$to"
        fi
    done < <(described files "$1")
}

put_reach() {
    local settled
    settled=$(bash "$sources/systemd/page-reach.sh" "$root" "$place/bin/python" "$1") ||
        fail "Where the page is to be reached can't be settled; the line above says why."
    read -r reach port <<<"$settled"
}

make_users() {
    if command -v systemd-sysusers >/dev/null && [[ $(id -u) = 0 ]]; then
        systemd-sysusers "$@" unsit.conf
    else
        echo "Made by systemd-sysusers at the next start: $(described users)."
    fi
}

enable() {
    local link unit
    for link in $(described former "$1"); do rm -f "$root$link"; done
    while IFS=$'\t' read -r link unit; do
        install -d "$(dirname "$root$link")"
        ln -sfn "$unit" "$root$link"
    done < <(described enabled "$1")
}

started_formerly() {
    local link
    for link in $(described former "$1"); do
        if [[ -L $root$link ]]; then return 0; fi
    done
    return 1
}

page_is_on() {
    [[ -L $units/sockets.target.wants/unsit-page.socket ]]
}

# ---- this computer

device_goes_live() {
    switch_on_i2c
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
    if has page && page_is_on; then page_listens_anew; fi
    if has meetings; then systemctl try-restart unsit-meetings.timer; fi
    if has mqtt; then systemctl try-restart unsit-mqtt; fi
    echo "Unsit runs, now and after every start. How it is: systemctl status unsit. Part by part: sudo systemctl stop unsit, then sudo unsit check."
}

switch_on_i2c() {
    local lines
    mapfile -t lines < <(described boot_config)
    if command -v raspi-config >/dev/null || [[ -e /boot/firmware/config.txt || -e /boot/config.txt ]]; then
        bash "$sources/systemd/switch-on-i2c.sh" "${lines[@]}"
    else
        echo "This is no Raspberry Pi OS. For the panel put these lines into the boot partition's config.txt, then reboot:"
        printf '  %s\n' "${lines[@]}"
    fi
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

meetings_goes_live() {
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
