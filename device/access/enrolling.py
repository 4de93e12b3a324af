"""Lets desks in, and shuts them out: their passwords, what is carried to them, and the files of the broker."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from device.access.mosquitto_files import MOSQUITTO, bridge_to, mosquitto_files, mosquitto_proof
from device.access.nats_files import NATS, NatsNameError, nats_files, nats_password
from device.access.users import BrokerUser, Role, folder_for_owner, read_users, write_users
from device.files.complaint import OneLineError
from device.files.user_file import UserFileError
from device.files.whole_file import write_whole
from device.office.office_file import Office

DESK_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
DESK_NAMES = "up to 40 small letters, digits, - and _, a letter or digit first"
_RANDOM_BYTES = 24
_HOOK_S = 60
_OFFICES = {Role.COLLECTOR: "", Role.OFFERING: "-offers", Role.CLEARING: "-forgets"}
"""The office's own users: what follows the name in office.toml."""
_OWNERS = 0o600


class EnrolError(OneLineError):
    """Somebody can't be let in or shut out."""


@dataclass(frozen=True, slots=True)
class _BrokerKind:
    """A kind of broker."""

    proof: Callable[[str], str]
    files: Callable[[Office, Sequence[BrokerUser]], Mapping[str, bytes]]


_KINDS = {
    MOSQUITTO: _BrokerKind(mosquitto_proof, mosquitto_files),
    NATS: _BrokerKind(nats_password, nats_files),
}


def new_name() -> str:
    """A name that says nothing about anybody."""
    return f"desk-{secrets.token_hex(4)}"


def user_for(office: Office, role: Role) -> str:
    """As whom the office itself does that. Where a client is its user, two roles mustn't take each other's place."""
    return f"{office.broker.user}{_OFFICES[role]}"


class Access:
    """Who may connect to the broker of an office. Every method raises EnrolError."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._kinds = {name: _KINDS[name] for name in office.access.split("+")}
        self._folder = office.folder / "access"
        self._file = self._folder / "users.json"
        self.broker_files = [self._folder / name for name in self._kinds]
        """The folders of the files that brokers read, one for each kind."""
        self._own = {user_for(office, role): role for role in _OFFICES}

    def names(self) -> Sequence[str]:
        """Everybody who may connect."""
        with self._changing() as users:
            return sorted(each.name for each in users.values() if each.proofs)

    def desks(self) -> Mapping[str, bool]:
        """Every desk that was ever let in, and whether its password holds. Nothing is written."""
        with _complaining():
            return {each.name: bool(each.proofs) for each in read_users(self._file) if each.role is Role.DESK}

    def let_in(self, names: Sequence[str], role: Role = Role.DESK) -> Mapping[str, Path]:
        """Give each a password; returns the folders with what is to be carried to each."""
        with self._changing() as users:
            for name in names:
                if name in users and users[name].proofs:
                    raise EnrolError(f"{name} may connect already; `unsit office revoke {name}` ends that")
            return {name: self._give(users, name, role) for name in names}

    def shut_out(self, name: str) -> bool:
        """Take the password away; returns whether there was one."""
        if name in self._own:
            raise EnrolError(f"{name} is the office itself; delete {self._office.password_file} for another password")
        with self._changing() as users:
            was_in = name in users and bool(users[name].proofs)
            if was_in:
                # Some brokers have to be told whom not to let in any more.
                users[name] = BrokerUser(name, users[name].role, {})
            shutil.rmtree(self._carried(name), ignore_errors=True)
        return was_in

    def tell_broker(self) -> str:
        """Run the program that brings the files to the brokers; returns what to say about it."""
        program = self._office.changed
        if not program:
            folders = " and ".join(map(str, self.broker_files))
            return f"Bring the files in {folders} to the broker, and have it read them anew."
        try:
            for each in self.broker_files:
                subprocess.run([program, str(each)], check=True, timeout=_HOOK_S, stdin=subprocess.DEVNULL)
        except (OSError, subprocess.SubprocessError) as error:
            raise EnrolError(f"changed = {program}: the broker may not know of it yet: {error}") from error
        return f"{program} has told the broker."

    # ---- within

    @contextmanager
    def _changing(self) -> Iterator[dict[str, BrokerUser]]:
        """The users by their names; afterwards they are written down, and so are the broker's files."""
        with _complaining(), self._alone():
            users = {each.name: each for each in read_users(self._file)}
            self._give_office(users)
            yield users
            write_users(self._file, users.values())
            for folder, kind in zip(self.broker_files, self._kinds.values(), strict=True):
                folder_for_owner(folder)
                for name, says in kind.files(self._office, list(users.values())).items():
                    write_whole(folder / name, says)

    def _user(self, name: str, role: Role, password: str) -> BrokerUser:
        return BrokerUser(name, role, {kind: each.proof(password) for kind, each in self._kinds.items()})

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else changes anything meanwhile."""
        folder_for_owner(self._folder)
        lock = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _give_office(self, users: dict[str, BrokerUser]) -> None:
        """The office's own users, by the password in its file, which is made if it isn't there."""
        file = self._office.password_file
        if all(name in users for name in self._own) and file.exists():
            return
        if not file.exists():
            write_whole(file, f"{secrets.token_urlsafe(_RANDOM_BYTES)}\n".encode(), _OWNERS)
        password = file.read_text("utf-8").splitlines()[0]
        users.update({name: self._user(name, role, password) for name, role in self._own.items()})

    def _give(self, users: dict[str, BrokerUser], name: str, role: Role) -> Path:
        password = secrets.token_urlsafe(_RANDOM_BYTES)
        users[name] = self._user(name, role, password)
        folder = self._carried(name)
        folder_for_owner(folder.parent)
        folder_for_owner(folder)
        write_whole(folder / "mqtt-password", f"{password}\n".encode(), _OWNERS)
        if role is Role.DESK:
            write_whole(folder / "unsit.toml", _desk_settings(self._office, name).encode())
        elif role is Role.BRIDGE:
            write_whole(folder / "bridge.conf", bridge_to(self._office, name, password), _OWNERS)
        return folder

    def _carried(self, name: str) -> Path:
        return self._folder / "to-carry" / name


def _desk_settings(office: Office, name: str) -> str:
    """What goes into the desk's settings."""
    own, desks = office.broker, office.desks
    tls, ca = desks.tls or own.tls, desks.ca or own.ca
    lines = [
        "# For the end of /etc/unsit/unsit.toml at the desk. The file mqtt-password goes to /etc/unsit.",
        "[mqtt]",
        f'host = "{desks.host or own.host}"',
        *([f"port = {desks.port or own.port}"] if desks.port or own.port else []),
        f'tls = "{tls}"',
        *([f'ca = "{ca}"'] if ca and tls == "yes" else []),
        *([f'version = "{own.version}"'] if own.version != "5" else []),
        f'user = "{name}"',
        f'desk = "{name}"',
        f'topic = "{own.topic}"',
        "# The totals of each day, without times of day. The desk's owner may change it.",
        'share = "days"',
        'discovery = ""',
    ]
    return "".join(f"{line}\n" for line in lines)


@contextmanager
def _complaining() -> Iterator[None]:
    try:
        yield
    except (UserFileError, NatsNameError) as error:
        raise EnrolError(str(error)) from error
    except OSError as error:
        raise EnrolError(f"{error.filename or 'the access files'}: {error.strerror or error}") from error
