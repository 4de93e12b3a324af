"""Reads the person's files on the card at each start, and settles what they ask for until it is switched off."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import traceback
from pathlib import Path

from unsit_card.connections import connection
from unsit_card.faults import Fault, Found
from unsit_card.names import KEY_FILE, NAME_FILE, host_name_of, keys_of
from unsit_card.text import written
from unsit_card.wifi import FILE as WIFI_FILE
from unsit_card.wifi import wifi_of
from unsit_card.zones import ZONE_FILE, ZONES, zone_in, zone_of

CARD = Path("/boot/firmware")
HOST_NAME = "unsit"
"""The device's name until the person gives it another."""
CONNECTIONS = "run/NetworkManager/system-connections"
"""NetworkManager reads them beside those that it keeps, and they are gone at the next start, as the file may be."""
KEYS = "run/unsit-card/ssh-keys"
COUNTRY = "run/unsit-card/country"
FOUND = "run/unsit-card/found"


def settle(card: Path, root: Path) -> list[Found]:
    """Put below that root what the files ask for. Return what is wrong with them."""
    found: list[Found] = []
    for file, part in _PARTS.items():
        try:
            found += part(card, root)
        except Exception:
            # Whatever it is, the other files count all the same, and the person learns of it.
            traceback.print_exc()
            found.append(Found(file, Fault.UNREAD))
    return found


def _settle_wifi(card: Path, root: Path) -> list[Found]:
    file, found = written(card, WIFI_FILE)
    if file is None:
        return found
    told = wifi_of(file)
    for nth, network in enumerate(told.networks):
        again = sum(each.name == network.name for each in told.networks[:nth])
        # NetworkManager passes over one that others may read.
        _write(root / CONNECTIONS / f"unsit-wifi-{nth + 1}.nmconnection", connection(network, nth, again), 0o600)
    if told.country:
        _write(root / COUNTRY, told.country)
    return [*told.found, *found]


def _settle_zone(card: Path, root: Path) -> list[Found]:
    file, found = written(card, ZONE_FILE)
    zone, wrong = zone_of(file) if file else ("", [])
    country = root / COUNTRY
    if not zone and country.exists():
        zone = zone_in(country.read_text())
    if zone:
        here = root / "etc/localtime"
        here.parent.mkdir(parents=True, exist_ok=True)
        here.unlink(missing_ok=True)
        here.symlink_to(ZONES / zone)
    return [*wrong, *found]


def _settle_name(card: Path, root: Path) -> list[Found]:
    file, found = written(card, NAME_FILE)
    name, wrong = host_name_of(file) if file else ("", [])
    name = name or HOST_NAME
    _write(root / "etc/hostname", f"{name}\n")
    _write(root / "etc/hosts", f"127.0.0.1\tlocalhost\n127.0.1.1\t{name}\n::1\tlocalhost ip6-localhost ip6-loopback\n")
    return [*wrong, *found]


def _settle_keys(card: Path, root: Path) -> list[Found]:
    file, found = written(card, KEY_FILE)
    keys, wrong = keys_of(file) if file else ([], [])
    if keys:
        _write(root / KEYS, "".join(f"{key}\n" for key in keys))
    return [*wrong, *found]


_PARTS = {
    WIFI_FILE: _settle_wifi,
    # After the country of the Wi-Fi, which may say it.
    ZONE_FILE: _settle_zone,
    NAME_FILE: _settle_name,
    KEY_FILE: _settle_keys,
}


def _write(file: Path, text: str, mode: int = 0o644) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(file, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, mode)) as opened:
        opened.write(text)


def main() -> None:
    """Settle what they ask for in the running system."""
    root = Path("/")
    found = settle(CARD, root) if os.path.ismount(CARD) else [Found("wifi.txt", Fault.UNREAD)]
    for each in found:
        print(each, file=sys.stderr)
    if found:
        words = [{language: each.words(language) for language in ("en", "de")} for each in found]
        _write(root / FOUND, json.dumps(words))
    socket.sethostname((root / "etc/hostname").read_text().strip())
    if (root / COUNTRY).exists():
        # Without Wi-Fi there is nothing to set.
        subprocess.run(["iw", "reg", "set", (root / COUNTRY).read_text()], check=False)


if __name__ == "__main__":
    main()
