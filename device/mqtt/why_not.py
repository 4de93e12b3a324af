"""Why a broker can't be reached or doesn't let the desk in, in one line for the person who can mend it."""

from __future__ import annotations

import socket
import ssl

from device.mqtt.broker import Broker

_WRONG_NAME = (62, 64)
"""OpenSSL's numbers for a certificate of another name, and of another address."""
_PLAIN = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNEXPECTED_EOF_WHILE_READING", "RECORD_LAYER_FAILURE")
REFUSES_PASSWORD = "it refuses the user or the password"
_REFUSED = {
    133: "it doesn't take the name that the desk gives itself: mqtt.desk",
    134: f"{REFUSES_PASSWORD}: mqtt.user, mqtt.password",
    135: f"{REFUSES_PASSWORD}: mqtt.user, mqtt.password",
    136: "it is not available just now",
    137: "it is busy just now",
    138: "it has banned this desk",
}
"""What a broker says in the answer to a connection, by the codes of MQTT 5."""
_UNSUPPORTED = 132


def why_unreached(broker: Broker, error: Exception) -> str:
    """Why there is no connection at all."""
    where = _where(broker)
    match error:
        case socket.gaierror():
            return f"mqtt.host: no computer is called {broker.host}, or nobody can be asked ({error.strerror})"
        case UnicodeError():
            return f"mqtt.host: no computer can be called {broker.host}"
        case ConnectionRefusedError():
            return f"mqtt.port: nobody listens at {where}"
        case ssl.SSLCertVerificationError():
            return f"{where}: {_distrusted(broker, error)}"
        case ssl.SSLError() if error.reason in _PLAIN or isinstance(error, ssl.SSLEOFError):
            return f'{where}: it speaks no TLS there: mqtt.tls = "no", or another mqtt.port'
        case ssl.SSLError():
            return f"{where}: TLS: {error.reason or error}"
        case TimeoutError():
            return f"{where}: it doesn't answer"
        case ConnectionResetError() if broker.tls is not None:
            return f'{where}: it hangs up at once; it may speak no TLS there: mqtt.tls = "no", or another mqtt.port'
        case OSError():
            return f"{where}: {error.strerror or error}"
    return f"{where}: {error}"


def _distrusted(broker: Broker, error: ssl.SSLCertVerificationError) -> str:
    if error.verify_code in _WRONG_NAME:
        return f"its certificate isn't for {broker.host}: mqtt.host is the name that stands in it"
    return f"its certificate isn't trusted ({error.verify_message}): mqtt.ca says whom to trust"


def why_refused(broker: Broker, code: int, says: str) -> str:
    """Why it doesn't let the desk in, by the code of its answer; `says` is what the library calls it."""
    if code == _UNSUPPORTED:
        return why_not_understood(broker)
    return f"{_where(broker)}: {_REFUSED.get(code, f'it refuses: {says}')}"


def why_not_understood(broker: Broker) -> str:
    """What it says is no MQTT of that version."""
    other = "3.1.1" if broker.version == "5" else "5"
    return f'{_where(broker)}: it doesn\'t speak MQTT {broker.version}: mqtt.version = "{other}", or no broker is there'


def why_unanswered(broker: Broker) -> str:
    """It takes the connection and says nothing."""
    return f"{_where(broker)}: it doesn't answer as a broker does: another mqtt.port"


def why_hung_up(broker: Broker) -> str:
    """It has ended the connection without a word."""
    if broker.tls is None:
        return f'{_where(broker)}: it hangs up at once; it may want TLS: mqtt.tls = "yes", or another mqtt.port'
    return f"{_where(broker)}: it hangs up at once; is it a broker, and does it speak MQTT {broker.version}?"


def why_lost(broker: Broker) -> str:
    """A connection that was a good one has ended."""
    return f"{_where(broker)}: the connection is lost"


def why_taken_over(broker: Broker, name: str) -> str:
    """Another one took its place."""
    return f"{_where(broker)}: another one has connected as {name}: each desk needs an mqtt.desk of its own"


def _where(broker: Broker) -> str:
    return f"{broker.host}, port {broker.port}"
