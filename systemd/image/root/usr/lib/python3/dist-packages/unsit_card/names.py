"""Reads name.txt, the device's name in the house, and ssh-key.txt, whose key lets its owner in."""

from __future__ import annotations

import re

from unsit_card.faults import Fault, Found
from unsit_card.text import Written, unquoted

NAME_FILE, KEY_FILE = "name.txt", "ssh-key.txt"
_KINDS = "|".join(
    (
        *("ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"),
        *("sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"),
    )
)
_PUBLIC_KEY = re.compile(rf"({_KINDS}) [A-Za-z0-9+/]{{40,}}={{0,3}}( [^\x00-\x1f]*)?")


def host_name_of(file: Written) -> tuple[str, list[Found]]:
    """The name, empty if there is none, and what is wrong."""
    if not file.lines:
        return "", [Found(file.file, Fault.EMPTY)]
    number, line = file.lines[0]
    # Whoever writes unsit.local means the name that the house sees.
    name = unquoted(re.sub(r"^(name|hostname)\s*[=:]\s*", "", line, flags=re.IGNORECASE)).lower().removesuffix(".local")
    if not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", name) or name == "localhost" or name.isdigit():
        return "", [Found(file.file, Fault.HOST_NAME, number)]
    return name, [Found(file.file, Fault.TWO_NAMES, file.lines[1][0])] if len(file.lines) > 1 else []


def keys_of(file: Written) -> tuple[list[str], list[Found]]:
    """The public keys, and what is wrong. Options before a key are not taken: they would run what they say."""
    keys: list[str] = []
    found: list[Found] = []
    for number, line in file.lines:
        if "PRIVATE KEY" in line:
            return [], [Found(file.file, Fault.PRIVATE_KEY, number)]
        if _PUBLIC_KEY.fullmatch(line):
            keys.append(line)
        else:
            found.append(Found(file.file, Fault.NO_PUBLIC_KEY, number))
    return keys, found if file.lines else [Found(file.file, Fault.EMPTY)]
