#!/bin/sh
# Switches I2C on where a Raspberry Pi's firmware does so, and says what it has done: switch-on-i2c.sh LINE...
# LINE is one for config.txt. A speed that somebody has chosen there stays, and so does all else.
set -eu

# FAT has no journal, and a file that another takes the place of is freed when nobody has it open any more. So it is held
# open until the card has the new name: a power cut leaves one of the two, and never a name for room that is free.
holds() { exec 3<"$1"; }

for config in "${DPKG_ROOT:-}/boot/firmware/config.txt" "${DPKG_ROOT:-}/boot/config.txt"; do
    # What Raspberry Pi OS leaves at the former place only says where it is now.
    if [ -f "$config" ] && ! grep -q '^DO NOT EDIT' "$config"; then break; fi
    config=
done
if [ -n "$config" ]; then holds "$config"; fi
if command -v raspi-config >/dev/null; then
    # At once, but at the stock speed.
    raspi-config nonint do_i2c 0 && echo "I2C is switched on."
fi
# Debian's own kernel has it on by itself, and its config.txt is written anew with each kernel.
if [ -z "$config" ] || [ -e "${DPKG_ROOT:-}/etc/default/raspi-firmware" ]; then exit 0; fi
# raspi-config puts another in its place, too.
sync -f "$config"
holds "$config"
if grep -q '^[^#]*i2c_arm_baudrate' "$config"; then exit 0; fi
{
    cat "$config"
    # Whatever condition the last lines are under, these are under none.
    printf '\n[all]\n# Unsit: the panel'\''s bus, at four times the stock speed.\n'
    printf '%s\n' "$@"
} >"$config.new"
sync "$config.new"
mv "$config.new" "$config"
sync -f "$config"
echo "From the next start on, I2C runs at 400 kHz: $config says so now."
