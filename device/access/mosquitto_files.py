"""Writes who may do what on a mosquitto: its passwords, its access list, and the settings that go with them."""

from __future__ import annotations

import hashlib
import secrets
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence

from device.access.users import BrokerUser, Role
from device.office.office_file import Office
from device.topics.names import Topics

MOSQUITTO = "mosquitto"
_ROUNDS = 101
"""As mosquitto_passwd does. Our passwords are drawn at random, so that guessing is hopeless anyway."""


def mosquitto_proof(password: str) -> str:
    """The hash of a password, as mosquitto reads it."""
    salt = secrets.token_bytes(12)
    made = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ROUNDS)
    return f"$7${_ROUNDS}${b64encode(salt).decode()}${b64encode(made).decode()}"


def mosquitto_files(office: Office, users: Sequence[BrokerUser]) -> Mapping[str, bytes]:
    """The files by their names."""
    let_in = sorted((each for each in users if MOSQUITTO in each.proofs), key=lambda each: each.name)
    return {
        "passwords": _text(f"{each.name}:{each.proofs[MOSQUITTO]}" for each in let_in),
        "access": _text(_access(office.broker.topic, let_in)),
        "unsit.conf": _text(_configuration(office)),
    }


def _text(lines: Iterator[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _access(base: str, users: Sequence[BrokerUser]) -> Iterator[str]:
    yield "# Written by `unsit office enrol`, which writes it anew."
    yield "# Everybody may do what a desk of their name does; the topics of all others are closed to them."
    own, all_desks = Topics(base, "%u"), Topics(base, "+")
    yield from (f"pattern write {each}" for each in _said(own))
    yield from (f"pattern read {each}" for each in (own.commands, own.offer))
    for user in users:
        if user.role is not Role.DESK:
            yield ""
            yield f"user {user.name}"
            yield from _rights(user.role, all_desks)


def _rights(role: Role, desks: Topics) -> Iterator[str]:
    collected = [desks.facts, desks.days, desks.sent]
    if role is Role.COLLECTOR:
        yield from (f"topic read {each}" for each in collected)
        yield f"topic write {desks.command('resend')}"
    elif role is Role.OFFERING:
        yield f"topic write {desks.offer}"
    elif role is Role.CLEARING:
        yield from (f"topic write {each}" for each in _kept(desks))
    else:
        yield from (f"topic write {each}" for each in collected)
        yield from (f"topic read {each}" for each in (desks.command("resend"), desks.offer))


def _said(topics: Topics) -> Sequence[str]:
    """The filters of all that a desk says."""
    states = (topics.availability, topics.state("+"), topics.event, topics.button)
    return (*states, topics.facts, topics.days, topics.sent, topics.refused)


def _kept(desks: Topics) -> Sequence[str]:
    """The filters of what a broker keeps of desks."""
    return desks.availability, desks.state("+"), desks.sent, desks.offer


def _configuration(office: Office) -> Iterator[str]:
    encrypted = office.desks.tls or office.broker.tls
    port = office.desks.port or office.broker.port or (8883 if encrypted == "yes" else 1883)
    yield "# For /etc/mosquitto/conf.d. Written by `unsit office enrol`; docs/office.md says more."
    yield f"listener {port}"
    if encrypted == "yes":
        yield "certfile /etc/mosquitto/unsit/server.crt"
        yield "keyfile /etc/mosquitto/unsit/server.key"
    yield "# A client is its user: nobody can take another one's place."
    yield "use_username_as_clientid true"
    yield "allow_anonymous false"
    yield "password_file /etc/mosquitto/unsit/passwords"
    yield "acl_file /etc/mosquitto/unsit/access"
    yield "# While a collector or its database is away, nothing is dropped, and what waits is on the disk every minute."
    yield "max_inflight_messages 1000"
    # 0 would mean without end, but then mosquitto 2.0.11 hangs up on whoever says what it may not say.
    yield "max_queued_messages 10000000"
    yield "autosave_interval 60"
    yield "# Desks that have been away for so long are forgotten."
    yield "persistent_client_expiration 60d"
    yield "max_packet_size 20000"


def bridge_to(office: Office, name: str, password: str, ca: str = "") -> bytes:
    """The settings of a floor's mosquitto that passes all on to the office's broker, as the user of that name.

    `ca` is where the authority's file lies on the floor; "" for those that the system trusts.
    """
    return _text(_bridge(office, name, password, ca))


def _bridge(office: Office, name: str, password: str, ca: str) -> Iterator[str]:
    broker = office.broker
    tls = broker.tls == "yes"
    yield "# For /etc/mosquitto/conf.d on the floor. It has a password in it: for root and mosquitto only."
    yield "connection unsit"
    yield f"address {broker.host}:{broker.port or (8883 if tls else 1883)}"
    if tls:
        yield f"bridge_cafile {ca}" if ca else "bridge_capath /etc/ssl/certs"
    yield f"remote_username {name}"
    yield f"remote_password {password}"
    # Where a client may call itself anything, who knew the name would have its place and what waits for it.
    yield f"remote_clientid {name}-{secrets.token_hex(8)}"
    yield "# What comes while the other one is away waits here."
    yield "cleansession false"
    yield "notifications false"
    yield "# Other brokers than mosquitto don't know these."
    yield "try_private false"
    yield "bridge_attempt_unsubscribe false"
    for end in ("facts", "days", "sent"):
        yield f"topic +/{end} out 1 {broker.topic}/ {broker.topic}/"
    for end in ("set/resend", "offer"):
        yield f"topic +/{end} in 1 {broker.topic}/ {broker.topic}/"
