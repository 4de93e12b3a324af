"""The office's connection to the broker: who it is there, and collecting until the process is to end."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable

from device.files.complaint import OneLineError
from device.files.user_file import UserFileError, user_text
from device.files.whole_file import write_whole
from device.mqtt.broker import Broker, BrokerError, broker_of
from device.mqtt.client import Client, Hooks, Manners
from device.mqtt.rounds import one_round
from device.mqtt.stop import Stop
from device.mqtt.why_not import REFUSES_PASSWORD
from device.office.collecting import KEEPS_S, Collector
from device.office.office_file import Office
from device.office.store import OfficeStore
from device.settings.settings import MqttSettings

_log = logging.getLogger(__name__)


class OfficeBrokerError(OneLineError):
    """A file that office.toml names for the broker can't be used."""


def office_broker(office: Office, user: str = "") -> Broker:
    """The broker as office.toml says; `user` is another than the collector's. Raises OfficeBrokerError."""
    says = office.broker
    password = "" if lacks_password(office) and not says.password else str(office.password_file)
    settings = MqttSettings(
        host=says.host,
        port=says.port,
        tls=says.tls,
        ca=says.ca,
        user=user or says.user,
        password=password,
        version=says.version,
    )
    try:
        return broker_of(settings)
    except BrokerError as error:
        raise OfficeBrokerError(f"{office.file}: {in_office_words(str(error), office)}") from error


def in_office_words(line: str, office: Office) -> str:
    """A line about a desk's settings, as one about office.toml."""
    if REFUSES_PASSWORD in line and lacks_password(office):
        line = line.partition(REFUSES_PASSWORD)[0] + (
            f"it wants a password, and there is no {office.password_file}: `unsit office enrol` makes it"
        )
    return line.replace("mqtt.", "broker.")


def lacks_password(office: Office) -> bool:
    """Whether the file of its password isn't there at all."""
    try:
        office.password_file.stat()
    except FileNotFoundError:
        return True
    except OSError:
        # Whoever reads it says why it can't be read.
        return False
    return False


def connection_of(office: Office, broker: Broker, collector: Collector) -> Client:
    """The connection of a collector; it isn't open yet. Raises OfficeBrokerError."""
    hooks = Hooks(
        connected=_tell_connected(office),
        lost=collector.forget_unacknowledged,
        message=collector.take,
        not_connected=_tell_trouble(office),
    )
    manners = Manners(hears=collector.hears, keeps_s=KEEPS_S, acknowledges_itself=True)
    client = collector.client = Client(broker, _session_of(office), hooks, manners)
    return client


def _session_of(office: Office) -> str:
    """The name under which the broker keeps messages. Who takes it pushes the collector off, so it can't be guessed.

    It outlives the password: under another one, what waits for the collector would wait there for ever.
    """
    file = office.folder / "session"
    try:
        if not file.exists():
            write_whole(file, f"{secrets.token_hex(8)}\n".encode(), 0o600)
        drawn = user_text(file).strip()
    except UserFileError as error:
        raise OfficeBrokerError(str(error)) from error
    except OSError as error:
        raise OfficeBrokerError(f"{file}: {error.strerror or error}") from error
    if not re.fullmatch("[0-9a-f]{16}", drawn):
        raise OfficeBrokerError(f"{file}: makes no sense; delete it, and the next start draws another")
    return f"{office.broker.user}-{drawn}"


def collect(office: Office, broker: Broker, store: OfficeStore, stop: Stop) -> None:
    """Collect until the process is to end. Raises OfficeBrokerError."""
    collector = Collector(office, store)
    client = connection_of(office, broker, collector)
    client.open()
    try:
        while not stop.has_come:
            one_round([client, collector, stop])
        collector.store_now()
    finally:
        client.close()


def _tell_connected(office: Office) -> Callable[[bool], None]:
    def tell(session_present: bool) -> None:
        before = "" if session_present else "; it kept nothing for this collector"
        _log.info("collecting from %s%s", office.broker.host, before)

    return tell


def _tell_trouble(office: Office) -> Callable[[str], None]:
    """Say each trouble once, not at each try."""
    said = ""

    def tell(why: str) -> None:
        nonlocal said
        if why != said:
            _log.warning("%s", in_office_words(why, office))
        said = why

    return tell
