"""Writes who may do what on a cluster of nats-server: the file of users that each node's configuration includes."""

from __future__ import annotations

import ctypes
import json
import re
import secrets
from collections.abc import Mapping

from device.topics.names import Topics

_COST = 4
"""The least. Our passwords are drawn at random, and a thousand desks that come back at once are to get in quickly."""
_LETTERS = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_A_USER = re.compile(r'^\s*\{ user: ("[^"\\]*"), password: ("[^"\\]*")', re.MULTILINE)
_NAME = re.compile(r"[^\s.*>/+#$\"\\]+")
"""What may be part of a topic there, where a dot parts what a slash parts elsewhere."""


class NatsNameError(ValueError):
    """A name that can't be part of a topic on a nats-server."""


def nats_password(password: str) -> str:
    """The hash of a password, as nats-server reads it. Raises OSError where the system's libcrypt can't make one."""
    library = ctypes.CDLL("libcrypt.so.1")
    library.crypt.restype = ctypes.c_char_p
    # Of the last letter only two bits count; "." has none.
    salt = "".join(secrets.choice(_LETTERS) for _ in range(21)) + "."
    hashed: bytes | None = library.crypt(password.encode(), f"$2b${_COST:02}${salt}".encode())
    if hashed is None or not hashed.startswith(b"$2b$"):
        raise OSError("libcrypt can't make a bcrypt hash")
    return hashed.decode("ascii")


def nats_users(desks: Mapping[str, str], offices: Mapping[str, str], topic: str) -> str:
    """The file of users: hashes by names of desks, and of those that collect. Raises NatsNameError.

    Whose hash is "" is locked out, and stays in the file: nats-server 2.9 crashes when it reads anew that a user is
    gone whose retained messages it has. `topic` is what all topics begin with.
    """
    for name in (topic, *desks, *offices):
        if not _NAME.fullmatch(name):
            raise NatsNameError(f"{name:.60}: a name on a nats-server has none of . * > / + # $ and no blanks")
    rows = [_user(name, hashed, [">"], [">"]) for name, hashed in sorted(offices.items())]
    rows += [_user(name, hashed, *_rights(Topics(topic, name))) for name, hashed in sorted(desks.items())]
    return "# Written by `unsit office enrol`.\nusers = [\n" + "".join(rows) + "]\n"


def read_nats_users(text: str) -> Mapping[str, str]:
    """The hashes by names in such a file, "" for those that are locked out."""
    found = {json.loads(name): json.loads(hashed) for name, hashed in _A_USER.findall(text)}
    return {name: hashed if hashed.startswith("$2") else "" for name, hashed in found.items()}


def _rights(topics: Topics) -> tuple[list[str], list[str]]:
    """What a desk may publish and hear: its own, except that it gives itself no orders and no offers."""
    says = [topics.availability, topics.state("*"), topics.event, topics.button, topics.facts, topics.days]
    says += [topics.sent, topics.refused]
    hears = [topics.command("*"), topics.offer]
    # With QoS 1 a message comes by way of a subject of the client's own.
    return [_subject(each) for each in says], [*(_subject(each) for each in hears), "$MQTT.sub.>"]


def _subject(topic: str) -> str:
    return topic.replace("/", ".")


def _user(name: str, hashed: str, says: list[str], hears: list[str]) -> str:
    password = hashed or f"locked {secrets.token_hex(16)}"
    rights = f"publish: {json.dumps(says)}, subscribe: {json.dumps(hears)}"
    return f"  {{ user: {json.dumps(name)}, password: {json.dumps(password)}, permissions: {{ {rights} }} }}\n"
