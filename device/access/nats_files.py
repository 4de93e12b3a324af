"""Writes who may do what on a cluster of nats-server: the file of users that each node's configuration includes."""

from __future__ import annotations

import ctypes
import json
import re
import secrets
from collections.abc import Mapping, Sequence

from device.access.users import BrokerUser, Role
from device.office.office_file import Office
from device.topics.names import Topics

NATS = "nats"
_COST = 4
"""The least. Our passwords are drawn at random, and a thousand desks that come back at once are to get in quickly."""
_LETTERS = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
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


def nats_files(office: Office, users: Sequence[BrokerUser]) -> Mapping[str, bytes]:
    """The file of users, by its name. Raises NatsNameError.

    Whoever isn't let in any more stays in it, without a password that anybody knows: nats-server 2.9 crashes when it
    reads anew that a user is gone whose retained messages it has.
    """
    base = office.broker.topic
    for name in (base, *(each.name for each in users)):
        if not _NAME.fullmatch(name):
            raise NatsNameError(f"{name:.60}: a name on a nats-server has none of . * > / + # $ and no blanks")
    rows = "".join(_user(each, *_rights(each, base)) for each in sorted(users, key=lambda each: each.name))
    return {
        "unsit-users.conf": f"# Written by `unsit office enrol`, which writes it anew.\nusers = [\n{rows}]\n".encode()
    }


def _rights(user: BrokerUser, base: str) -> tuple[Sequence[str], Sequence[str]]:
    """What somebody may publish and hear."""
    desks, own = Topics(base, "*"), Topics(base, user.name)
    collected = (desks.facts, desks.days, desks.sent)
    kept = (desks.availability, desks.state("*"), desks.sent, desks.offer)
    if user.role is Role.DESK:
        states = (own.availability, own.state("*"), own.event, own.button)
        return (*states, own.facts, own.days, own.sent, own.refused), (own.command("*"), own.offer)
    if user.role is Role.COLLECTOR:
        return (desks.command("resend"),), collected
    if user.role is Role.OFFERING:
        return (desks.offer,), ()
    if user.role is Role.CLEARING:
        return kept, ()
    return collected, (desks.command("resend"), desks.offer)


def _subject(topic: str) -> str:
    return topic.replace("/", ".")


def _user(user: BrokerUser, says: Sequence[str], hears: Sequence[str]) -> str:
    password = user.proofs.get(NATS) or f"locked {secrets.token_hex(16)}"
    # With QoS 1 a message comes by way of a subject of the client's own.
    rights = {"publish": [_subject(each) for each in says], "subscribe": [*map(_subject, hears), "$MQTT.sub.>"]}
    told = ", ".join(f"{name}: {json.dumps(subjects)}" for name, subjects in rights.items())
    return f"  {{ user: {json.dumps(user.name)}, password: {json.dumps(password)}, permissions: {{ {told} }} }}\n"
