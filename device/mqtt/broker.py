"""Where the broker is, and what it is told so that it lets the desk in: from the settings and the files they name."""

from __future__ import annotations

import os
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from device.files.complaint import OneLineError
from device.files.user_file import UserFileError, user_text
from device.settings.settings import MqttSettings
from device.topics.names import Topics, made_up_name

CREDENTIAL = "mqtt-password"
"""What the password is called among the credentials that systemd hands to the service."""
_OF_THE_SERVICE = Path("/etc/unsit/mqtt-password")
"""Where root keeps what systemd hands over."""
_PORT, _PORT_WITH_TLS = 1883, 8883
_MACHINE = (Path("/etc/machine-id"), Path("/var/lib/dbus/machine-id"))


class BrokerError(OneLineError):
    """A file that the settings name can't be used."""


@dataclass(frozen=True, slots=True)
class Broker:
    """How to reach it."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: ssl.SSLContext | None = None
    """Whom to trust; None if nothing is encrypted."""
    version: str = "5"

    @property
    def says(self) -> str:
        """Where it is, for a line that somebody reads."""
        return _says(self.host, self.port, has_tls=self.tls is not None)


def _says(host: str, port: int, *, has_tls: bool) -> str:
    return f"{host}, port {port}{', with TLS' * has_tls}"


def where(mqtt: MqttSettings) -> str:
    """The same by the settings alone."""
    return _says(mqtt.host, _port(mqtt), has_tls=mqtt.tls == "yes")


def _port(mqtt: MqttSettings) -> int:
    return mqtt.port or (_PORT_WITH_TLS if mqtt.tls == "yes" else _PORT)


def broker_of(mqtt: MqttSettings, environment: Mapping[str, str] = os.environ) -> Broker:
    """The broker that the settings name. Raises BrokerError."""
    tls = _tls(mqtt) if mqtt.tls == "yes" else None
    return Broker(mqtt.host, _port(mqtt), mqtt.user, _password(mqtt, environment), tls, mqtt.version)


def _password(mqtt: MqttSettings, environment: Mapping[str, str]) -> str:
    """The first line of the file; what systemd hands over wins, unless it has nothing in it."""
    if not mqtt.user:
        return ""
    handed = Path(environment.get("CREDENTIALS_DIRECTORY", "/nowhere")) / CREDENTIAL
    if handed.exists() and (password := _first_line(handed)):
        return password
    # Who tries it by hand isn't handed anything.
    file = Path(mqtt.password) if mqtt.password else _OF_THE_SERVICE
    if not mqtt.password and not file.exists():
        return ""
    if not (password := _first_line(file)):
        raise BrokerError(f"mqtt.password: {file} is empty; allowed: a file with the password in its first line")
    return password


def _first_line(file: Path) -> str:
    try:
        return user_text(file).partition("\n")[0].rstrip("\r")
    except UserFileError as error:
        raise BrokerError(f"mqtt.password: {error}") from error


def _tls(mqtt: MqttSettings) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=mqtt.ca or None)
    except ssl.SSLError:
        raise BrokerError(f"mqtt.ca: {mqtt.ca} has no certificate in it; allowed: a file in PEM form") from None
    except OSError as error:
        raise BrokerError(f"mqtt.ca: {mqtt.ca}: {error.strerror or error}") from error


def topics_of(mqtt: MqttSettings, machine: str | None = None) -> Topics:
    """The topics of this desk; `machine` is what its name is made from if the settings give none."""
    return Topics(mqtt.topic, mqtt.desk or made_up_name(_machine() if machine is None else machine))


def _machine() -> str:
    """What is always the same on this computer, and different on any other."""
    for file in _MACHINE:
        try:
            if told := file.read_text("ascii").strip():
                return told
        except (OSError, ValueError):
            continue
    return socket.gethostname()
