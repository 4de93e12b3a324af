"""Opens a Wi-Fi of the device's own while it knows no other; comitup's page there lets a person choose one.

It is off once the device is in a network, and stays off until the next start: a router that restarts opens nothing.
"""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from unsit_card.line import tell_wifi

KEPT = Path("/kept/hotspot")
CONFIG = Path("/etc/comitup.conf")
_UNKNOWN_S, _KNOWN_S = 30.0, 180.0
"""How long it waits for a cable or a known network. Without a known one, a person is waiting."""
_AGAIN_S = 3.0
_SAID_AGAIN_S = 30.0
_CLEAR = "abcdefghjknpqrstuvxyz23456789"
"""No letters that look like another one, and none that is wide."""


class Hotspot(NamedTuple):
    """A Wi-Fi of the device's own."""

    name: str
    password: str


def hotspot(kept: Path = KEPT) -> Hotspot:
    """The device's own, made at the first time and the same from then on."""
    try:
        name, password = kept.read_text("ascii").splitlines()
        return Hotspot(name, password)
    except (OSError, ValueError):
        made = Hotspot(
            # As long as the QR code on the panel has room for. A digit, so that it isn't the name of the device itself.
            f"unsit{secrets.choice('234569')}",
            # As many as the QR code has room for, and as a phone asks for at least.
            "".join(secrets.choice(_CLEAR) for _ in range(8)),
        )
    if os.path.ismount(kept.parent):
        _keep(kept, made)
    return made


def comitup_conf(own: Hotspot) -> str:
    """comitup's settings: with a password, without a way from the hotspot into the house's network."""
    told: Mapping[str, str] = {
        "ap_name": own.name,
        "ap_password": own.password,
        "enable_appliance_mode": "false",
        # It stops none of ours. Whoever is in the hotspot reaches the page as in the house: paired, or not at all.
        "web_service": "",
        "external_callback": "",
        "enable_nuke": "false",
        "ipv6_link_local": "false",
    }
    return "".join(f"{key}: {value}\n" for key, value in told.items())


def network_joined(devices: Iterable[str], own: str) -> bool:
    """Whether one of `nmcli -t -f TYPE,STATE,CONNECTION device` is in a network that isn't the hotspot."""
    rows = (line.split(":", 2) for line in devices if line.count(":") >= 2)
    return any(
        kind in ("wifi", "ethernet") and state == "connected" and not connection.startswith(f"{own}-")
        for kind, state, connection in rows
    )


def known_networks(connections: Iterable[str], own: str) -> bool:
    """Whether one of `nmcli -t -f TYPE,NAME connection` is a Wi-Fi that isn't the hotspot."""
    return any(re.match("802-11-wireless:", line) and not line.endswith(f":{own}-0000") for line in connections)


def main() -> int:
    """Wait for a network; open the hotspot if none comes, and close it when the device is in one."""
    own = hotspot()
    _forget(own)
    waits_s = _KNOWN_S if known_networks(_nmcli("TYPE,NAME", "connection"), own.name) else _UNKNOWN_S
    if not _wait_for_network(own, waits_s):
        CONFIG.write_text(comitup_conf(own))
        print(f"no known network: opening {own.name}", flush=True)
        subprocess.run(["systemctl", "start", "comitup.service"], check=True)
        tell_wifi(*own)
        while not _wait_for_network(own, _SAID_AGAIN_S):
            # A device that has started anew doesn't know.
            tell_wifi(*own)
    close(own)
    return 0


def close(own: Hotspot) -> None:
    """Leave nothing of it open."""
    tell_wifi()
    subprocess.run(["systemctl", "stop", "comitup.service", "comitup-web.service"], check=False)
    _forget(own)


def _wait_for_network(own: Hotspot, waits_s: float) -> bool:
    """Whether the device is in a network before the time is over."""
    end = time.monotonic() + waits_s
    while not network_joined(_nmcli("TYPE,STATE,CONNECTION", "device"), own.name):
        if time.monotonic() > end:
            return False
        time.sleep(_AGAIN_S)
    return True


def _forget(own: Hotspot) -> None:
    """Take the hotspot's connection away, which comitup leaves behind."""
    subprocess.run(["nmcli", "connection", "delete", f"{own.name}-0000"], check=False, capture_output=True)


def _nmcli(fields: str, what: str) -> list[str]:
    words = ["nmcli", "-t", "-e", "no", "-f", fields, what]
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout.splitlines()


def _keep(file: Path, own: Hotspot) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f"{file.name}.new")
    with open(beside, "w", opener=lambda name, flags: os.open(name, flags, 0o640)) as opened:
        opened.write(f"{own.name}\n{own.password}\n")
        opened.flush()
        os.fsync(opened.fileno())
    os.replace(beside, file)


if __name__ == "__main__":
    sys.exit(main())
