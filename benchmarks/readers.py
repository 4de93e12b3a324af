"""Keeps so many pages open, as browsers would, and reads what they are told: `python -m benchmarks.readers URL N`."""

from __future__ import annotations

import selectors
import socket
import sys
from urllib.parse import urlsplit


def main(address: str, pages: int) -> None:
    """Read until killed."""
    there = urlsplit(address)
    request = f"GET /live HTTP/1.1\r\nHost: {there.netloc}\r\n\r\n".encode()
    with selectors.DefaultSelector() as selector:
        for _ in range(pages):
            opened = socket.create_connection((there.hostname, there.port))
            opened.sendall(request)
            selector.register(opened, selectors.EVENT_READ, opened)
        print("open", flush=True)
        while True:
            for key, _ in selector.select():
                key.data.recv(65536)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
