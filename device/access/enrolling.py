"""Lets desks in, and shuts them out: their passwords, what is carried to them, and the files of the broker."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import shutil
import signal
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
from device.office.office_file import DesksBroker, Office

DESK_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
DESK_NAMES = "up to 40 small letters, digits, - and _, a letter or digit first"
_RANDOM_BYTES = 24
_HOOK_S = 60
_OFFICES = {Role.COLLECTOR: "", Role.OFFERING: "-offers", Role.CLEARING: "-forgets"}
"""The office's own users: what follows the name in office.toml."""
_OWNERS, _EVERYBODYS = 0o600, 0o644
_PASSWORD, _CA = "mqtt-password", "office-ca.pem"
_AT_DESKS, _AT_FLOORS = Path("/etc/unsit"), Path("/etc/mosquitto/unsit")
"""Where these files lie on the computers that they are carried to."""


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
        authority = self.authority()
        with self._changing() as users:
            for name in names:
                if name in users and users[name].proofs:
                    raise EnrolError(f"{name} may connect already; `unsit office revoke {name}` ends that")
            return {name: self._give(users, name, role, authority) for name in names}

    def authority(self) -> bytes:
        """The certificate of whoever vouches for the broker, which is carried along; b"" if there is no file of it."""
        broker = self._office.broker
        if not broker.ca or "yes" not in (broker.tls, self._office.desks.tls):
            return b""
        try:
            return Path(broker.ca).read_bytes()
        except OSError as error:
            raise EnrolError(f"{self._office.file}: broker.ca: {broker.ca}: {error.strerror or error}") from error

    def shut_out(self, name: str) -> bool:
        """Take the password away; returns whether anybody of that name was ever let in.

        The broker is to be told if so: who was shut out before may be somebody whom it wasn't told of.
        """
        if name in self._own:
            raise EnrolError(f"{name} is the office itself; delete {self._office.password_file} for another password")
        with self._changing() as users:
            was_known = name in users
            if was_known:
                # Some brokers have to be told whom not to let in any more.
                users[name] = BrokerUser(name, users[name].role, {})
            shutil.rmtree(self._carried(name), ignore_errors=True)
        return was_known

    def tell_broker(self) -> str:
        """Run the program that brings the files to the brokers; returns what to say about it."""
        program = self._office.changed
        if not program:
            folders = " and ".join(map(str, self.broker_files))
            return f"Bring the files in {folders} to the broker, and have it read them anew."
        # A slow one mustn't bring old files after another one has brought new ones.
        with _complaining(), self._alone():
            whys = {each: why for each in self.broker_files if (why := _why_not(program, each))}
        if whys:
            mended = f"when that is mended: {' and '.join(f'{program} {each}' for each in whys)}"
            says = (
                f"{program}: {' and '.join(dict.fromkeys(whys.values()))}. The broker may not know of it yet; {mended}"
            )
            raise EnrolError(f"{self._office.file}: changed: {says}")
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
        may_connect = (name in users and self._kinds.keys() <= users[name].proofs.keys() for name in self._own)
        if file.exists() and all(may_connect):
            return
        if not file.exists():
            write_whole(file, f"{secrets.token_urlsafe(_RANDOM_BYTES)}\n".encode(), _OWNERS)
        if not (password := file.read_text("utf-8").partition("\n")[0].rstrip("\r")):
            raise EnrolError(f"{file} is empty; allowed: a file with the password in its first line")
        users.update({name: self._user(name, role, password) for name, role in self._own.items()})

    def _give(self, users: dict[str, BrokerUser], name: str, role: Role, authority: bytes) -> Path:
        password = secrets.token_urlsafe(_RANDOM_BYTES)
        users[name] = self._user(name, role, password)
        folder = self._carried(name)
        folder_for_owner(folder.parent)
        folder_for_owner(folder)
        for file, says in self._to_carry(name, role, password, authority).items():
            write_whole(folder / file, says, _EVERYBODYS if file == _CA else _OWNERS)
        return folder

    def _to_carry(self, name: str, role: Role, password: str, authority: bytes) -> Mapping[str, bytes]:
        """The files for whoever was let in."""
        office, desks = self._office, self._office.desks if role is Role.DESK else DesksBroker()
        # Where office.toml says where it lies at desks, they have it.
        has_ca = authority and not desks.ca and (desks.tls or office.broker.tls) == "yes"
        carried = {_CA: authority} if has_ca else {}
        if role is Role.BRIDGE:
            ca = str(_AT_FLOORS / _CA) if has_ca else ""
            return {**carried, "bridge.conf": bridge_to(office, name, password, ca)}
        carried[_PASSWORD] = f"{password}\n".encode()
        if role is Role.DESK:
            ca = desks.ca or (str(_AT_DESKS / _CA) if has_ca else "")
            carried["unsit.toml"] = _desk_settings(office, name, ca).encode()
        return carried

    def _carried(self, name: str) -> Path:
        return self._folder / "to-carry" / name


def _why_not(program: str, folder: Path) -> str:
    """Run it for the folder; returns what went wrong, "" if nothing did."""
    try:
        code = subprocess.run([program, str(folder)], check=False, timeout=_HOOK_S, stdin=subprocess.DEVNULL).returncode
    except subprocess.TimeoutExpired:
        return f"it didn't end within {_HOOK_S} s"
    except OSError as error:
        return f"it can't be started: {error.strerror or error}"
    if code < 0:
        return f"it was ended by {signal.Signals(-code).name}"
    return f"it ended with {code}" if code else ""


def _desk_settings(office: Office, name: str, ca: str) -> str:
    """What goes into the desk's settings; `ca` is where the authority's file lies at the desk."""
    own, desks = office.broker, office.desks
    tls = desks.tls or own.tls
    lines = [
        "# For /etc/unsit/unsit.toml at the desk: at its end, or in place of the [mqtt] that it has.",
        f"# The other files go to {_AT_DESKS}.",
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
