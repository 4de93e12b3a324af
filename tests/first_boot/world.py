"""The world that the stock system finds behind its network: an index of libraries over TLS, and a clock."""

from __future__ import annotations

import re
import socket
import socketserver
import ssl
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HOST = "10.0.2.2"
"""This computer, as a machine with QEMU's user network sees it."""
NAME = "index.test"
"""What it is called there: pip refuses a server without a name."""
_FROM_1900_TO_1970_S = 2208988800
_NTP_PORT = 123


class Index:
    """The simple index, with what a test does to it."""

    def __init__(self, wheels: Path, folder: Path) -> None:
        self.is_tampered_with = False
        """Each library is a byte longer than it should be."""
        self.asked: list[tuple[float, str]] = []
        """When it was asked for what."""
        self.certificate = folder / "index.pem"
        key = folder / "index.key"
        # It begins to hold only now, so that a clock of the past finds it not yet valid.
        subprocess.run(
            [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-subj", "/CN=index", "-addext", f"subjectAltName=DNS:{NAME}", "-days", "2",
                "-keyout", str(key), "-out", str(self.certificate),
            ],
            check=True, capture_output=True,
        )  # fmt: skip
        files = {_normal(file.name.split("-")[0]): file for file in wheels.iterdir()}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _answers(self, files))
        by = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        by.load_cert_chain(self.certificate, key)
        self._server.socket = by.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)

    @property
    def pip_conf(self) -> str:
        """What makes pip ask here."""
        address = f"https://{NAME}:{self._server.server_port}/simple"
        return f"[global]\nindex-url = {address}\ncert = /etc/index.pem\n"

    @contextmanager
    def served(self) -> Iterator[Index]:
        """From start to end."""
        with running(self._server):
            yield self


def _normal(name: str) -> str:
    return re.sub("[-_.]+", "-", name).lower()


def _answers(index: Index, files: dict[str, Path]) -> type[BaseHTTPRequestHandler]:
    class Answers(BaseHTTPRequestHandler):
        timeout = 30

        def do_GET(self) -> None:
            index.asked.append((time.monotonic(), self.path))
            kind, name = self.path.strip("/").split("/")[:2]
            # A wheel's own name has no hyphen in it.
            found = files.get(_normal(name if kind == "simple" else name.split("-")[0]))
            if found is None:
                self.send_error(404)
            elif kind == "simple":
                self._send(f'<!DOCTYPE html><a href="/files/{found.name}">{found.name}</a>'.encode(), "text/html")
            else:
                self._send(found.read_bytes() + b"\0" * index.is_tampered_with, "application/octet-stream")

        def _send(self, content: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Answers


class _Ntp(socketserver.BaseRequestHandler):
    """Answers as a server whose clock is right (RFC 5905, section 7.3)."""

    def handle(self) -> None:
        asked, ours = self.request
        now = struct.pack(">II", int(time.time()) + _FROM_1900_TO_1970_S, int(time.time() % 1 * 2**32))
        head = struct.pack(">BBbbII4s", 0b00_100_100, 1, asked[2], -20, 0, 64, b"TEST")
        ours.sendto(head + now + asked[40:48] + now + now, self.client_address)


@contextmanager
def clock_server() -> Iterator[None]:
    """A server of the right time where one is looked for."""
    with running(socketserver.ThreadingUDPServer(("127.0.0.1", _NTP_PORT), _Ntp)):
        yield


def may_serve_the_clock() -> bool:
    """Whether this process may listen there; it takes root, or an own network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as tried:
        try:
            tried.bind(("127.0.0.1", _NTP_PORT))
        except OSError:
            return False
        return True


@contextmanager
def running(server: socketserver.BaseServer) -> Iterator[None]:
    """Serve on a thread."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, name="world")
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
