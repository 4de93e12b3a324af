"""Writes a network as a connection of NetworkManager's, in the form of its keyfiles."""

from __future__ import annotations

import re
import uuid

from unsit_card.wifi import Network

_OURS = uuid.UUID("b9d3c9c4-1c39-4c57-8f0e-0f4d4c2f7a55")
FIRST_PRIORITY = 100
"""Above what the portal has stored: what the person writes on the card counts more."""


def connection(network: Network, nth: int, again: int = 0) -> str:
    """The keyfile of the nth network of the file, from 0; an earlier one is preferred.

    `again` counts those of the same name before it, as with two passwords of which one is right.
    """
    lines = [
        "[connection]",
        f"id=unsit-wifi-{nth + 1}",
        # The same network has the same one at each start.
        f"uuid={uuid.uuid5(_OURS, network.name + again * chr(0))}",
        "type=wifi",
        "autoconnect=true",
        f"autoconnect-priority={max(FIRST_PRIORITY - nth, 1)}",
        "",
        "[wifi]",
        "mode=infrastructure",
        # As numbers, so that no sign of it means anything.
        f"ssid={''.join(f'{byte};' for byte in network.name.encode())}",
        *(["hidden=true"] if network.hidden else []),
        "",
        *(["[wifi-security]", "key-mgmt=wpa-psk", f"psk={escaped(network.password)}", ""] if network.password else []),
        "[ipv4]",
        "method=auto",
        "",
        "[ipv6]",
        "method=auto",
        "",
    ]
    return "\n".join(lines)


def escaped(value: str) -> str:
    """The value as a keyfile has it: a backslash is doubled, and a blank at either end isn't lost."""
    value = value.replace("\\", "\\\\")
    inner = value.strip(" ")
    before = len(value) - len(value.lstrip(" "))
    after = len(value) - len(inner) - before
    return re.sub("\t", r"\\t", "\\s" * before + inner + "\\s" * after)
