"""A real server with TLS and an authority of its own, which answers whatever a test tells it to."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Asked:
    """A request; the names of its headers are in small letters."""

    path: str
    headers: Mapping[str, str]


Answers = Callable[[ssl.SSLSocket, Asked], None]
"""Gets the connection and the request, and answers."""

CALENDAR = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Unsit//tests//EN\r\n"
    b"BEGIN:VEVENT\r\nUID:daily\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:Lunch with the Joneses\r\n"
    b"DTSTART:20260101T120000Z\r\nDTEND:20260101T123000Z\r\nRRULE:FREQ=DAILY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


class Authority:
    """Signs certificates, and is trusted by whoever sets SSL_CERT_FILE to `file`."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._key, self.file = folder, folder / "ca.key", folder / "ca.pem"
        # Python 3.13 is strict about what an authority's certificate says it is for.
        _openssl("req", "-x509", *_NEW_KEY, "-keyout", self._key, "-out", self.file, "-subj", "/CN=tests", "-days", "9",
                 "-addext", "keyUsage=critical,keyCertSign,cRLSign")  # fmt: skip

    def context(self, name: str = "DNS:localhost,IP:127.0.0.1", days: int = 9) -> ssl.SSLContext:
        """For a server with that name."""
        key, asks, signed, says = (self._folder / f"server.{each}" for each in ("key", "csr", "pem", "ext"))
        says.write_text(f"subjectAltName={name}\nauthorityKeyIdentifier=keyid\n")
        _openssl("req", *_NEW_KEY, "-keyout", key, "-out", asks, "-subj", "/CN=server")
        _openssl("x509", "-req", "-in", asks, "-CA", self.file, "-CAkey", self._key, "-CAcreateserial", "-out", signed,
                 "-days", str(days), "-extfile", says)  # fmt: skip
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(signed, key)
        return context


_NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


def _openssl(*words: object) -> None:
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


class TlsServer:
    """Answers each request in a thread of its own; `heard` has what was asked."""

    def __init__(self, context: ssl.SSLContext, answers: Answers) -> None:
        self._context, self._answers = context, answers
        self._listens = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listens.getsockname()[1]
        self.heard: list[Asked] = []
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._serve, daemon=True)]
        self._threads[0].start()

    def at(self, path: str) -> str:
        """Its address."""
        return f"https://localhost:{self.port}{path}"

    def close(self) -> None:
        """Hang up on everybody."""
        for each in (self._listens, *self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        for thread in self._threads:
            thread.join(10)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                plain, _ = self._listens.accept()
                self._open.append(plain)
                thread = threading.Thread(target=self._answer, args=(plain,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _answer(self, plain: socket.socket) -> None:
        with suppress(OSError, ValueError), self._context.wrap_socket(plain, server_side=True) as safe:
            self._open.append(safe)
            head = b""
            while b"\r\n\r\n" not in head and (more := safe.recv(65536)):
                head += more
            first, *lines = head.decode().split("\r\n\r\n")[0].split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
            self.heard.append(Asked(first.split(" ")[1], headers))
            self._answers(safe, self.heard[-1])


def reply(body: bytes, status: str = "200 OK", **headers: object) -> bytes:
    """A whole answer; of each header's name, _ is written -."""
    told: dict[str, object] = {"Content-Length": len(body), "Connection": "close"}
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body
