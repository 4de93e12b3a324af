"""Fetches a calendar from its address: by https alone, no more than fits, and without a word of where it came from."""

from __future__ import annotations

import errno
import logging
import socket
import ssl
import time
import zlib
from dataclasses import dataclass
from urllib.parse import unquote, urljoin, urlsplit

import urllib3
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.response import BaseHTTPResponse

from device.calendars.lines import CalendarError
from device.files.complaint import ComplaintError
from device.meetings.addresses import Address
from device.meetings.local_zone import FIRST_YEAR

MOST_BYTES = 10_000_000
_MOST_REDIRECTS = 5
_WAITS_S = 10.0
"""The longest wait for the next bytes, in seconds."""
_PIECE = 65_536
_REDIRECTS = {301, 302, 303, 307, 308}
_SAYS = {
    401: "wants a password: is the address the secret one?",
    403: "says that it is forbidden: is the address the secret one, and still the newest?",
    404: "isn't there any more: is the address still the newest?",
    410: "isn't there any more: is the address still the newest?",
    429: "was asked too often",
}
# It would log each request with its path, which is the secret.
logging.getLogger("urllib3").disabled = True
logging.getLogger("urllib3.connectionpool").disabled = True
logging.getLogger("urllib3.connection").disabled = True


@dataclass(frozen=True, slots=True)
class Marks:
    """What a server calls this state of the calendar, so that it needn't send it again."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the server has sent; None if the calendar is as it was."""

    data: bytes | None
    marks: Marks


def fetch(address: Address, marks: Marks) -> Fetched:
    """The calendar at that address. Raises CalendarError, with a line that doesn't say where it is.

    Each wait is bounded, all of them together aren't: a server that sends byte after byte holds it up.
    """
    with urllib3.PoolManager(retries=False, timeout=_WAITS_S, ssl_context=ssl.create_default_context()) as pool:
        asked = address.secret
        for _ in range(_MOST_REDIRECTS + 1):
            # What a library says of an error has the address in it, so none of it goes on, nor hangs on ours.
            try:
                answer = pool.request(
                    "GET", _bare(asked), headers=_headers(asked, marks), redirect=False, preload_content=False
                )
            except (HTTPError, OSError, ValueError) as error:
                raise CalendarError(_why(error)) from None
            with answer:
                if answer.status not in _REDIRECTS:
                    return _taken(answer, marks)
                asked = _next(asked, answer)
    raise CalendarError(f"sends on and on; allowed: {_MOST_REDIRECTS} times")


def _bare(address: str) -> str:
    """Without the name and password in it, which go into a header."""
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment="").geturl()


def _headers(address: str, marks: Marks) -> dict[str, str]:
    headers = {"User-Agent": "unsit", "Accept": "text/calendar, */*;q=0.1", "Accept-Encoding": "identity"}
    account = urlsplit(address).netloc.rpartition("@")[0]
    if account:
        headers |= urllib3.make_headers(basic_auth=unquote(account))
    if marks.etag:
        headers["If-None-Match"] = marks.etag
    if marks.modified:
        headers["If-Modified-Since"] = marks.modified
    return headers


def _next(asked: str, answer: BaseHTTPResponse) -> str:
    """Where the answer sends us on. A password goes along to the same server only, as it is no part of the answer."""
    try:
        told = answer.headers.get("Location", "")
        there = Address(urljoin(asked, told)).secret if told else ""
    except (ComplaintError, ValueError):
        raise CalendarError("sends on to an address without https, which isn't followed") from None
    if not there:
        raise CalendarError("sends on without saying where to")
    old, new = urlsplit(asked), urlsplit(there)
    account = old.netloc.rpartition("@")[0]
    if account and "@" not in new.netloc and (new.hostname, new.port) == (old.hostname, old.port):
        there = new._replace(netloc=f"{account}@{new.netloc}").geturl()
    return there


def _taken(answer: BaseHTTPResponse, marks: Marks) -> Fetched:
    if answer.status == 304 and marks != Marks():
        return Fetched(None, marks)
    if answer.status != 200:
        says = _SAYS.get(answer.status, "has trouble at its server" if answer.status >= 500 else "was refused")
        raise CalendarError(f"{says} (HTTP {answer.status})")
    data = _unpacked(_body(answer), answer.headers.get("Content-Encoding", "identity").strip().lower())
    return Fetched(data, Marks(_mark(answer, "ETag"), _mark(answer, "Last-Modified")))


def _mark(answer: BaseHTTPResponse, name: str) -> str:
    told = answer.headers.get(name, "")
    return told if len(told) <= 200 and told.isprintable() and told.isascii() else ""


def _body(answer: BaseHTTPResponse) -> bytes:
    told = answer.headers.get("Content-Length", "")
    if told.isdigit() and int(told[:20]) > MOST_BYTES:
        raise _too_large()
    data = bytearray()
    try:
        for piece in answer.stream(_PIECE, decode_content=False):
            data += piece
            if len(data) > MOST_BYTES:
                raise _too_large()
    except (HTTPError, OSError, ValueError) as error:
        raise CalendarError(_why(error, "breaks off in the middle")) from None
    return bytes(data)


def _unpacked(data: bytes, encoding: str) -> bytes:
    """Some servers pack it though asked not to."""
    if encoding in ("", "identity"):
        return data
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise CalendarError("comes packed in a way that wasn't asked for")
    unpacker = zlib.decompressobj(wbits=47)
    try:
        plain = unpacker.decompress(data, MOST_BYTES + 1)
    except zlib.error:
        raise CalendarError("comes packed, and can't be unpacked") from None
    if len(plain) > MOST_BYTES:
        raise _too_large()
    if not unpacker.eof:
        raise CalendarError("breaks off in the middle")
    return plain


def _too_large() -> CalendarError:
    return CalendarError(f"is too large; allowed: up to {MOST_BYTES / 1e6:g} MB")


def _why(error: Exception, otherwise: str = "can't be reached: the server doesn't answer as a server does") -> str:
    """What went wrong, in our words."""
    while isinstance(error, HTTPError) and isinstance(error.__context__, ssl.SSLError | OSError):
        error = error.__context__
    match error:
        case ssl.SSLCertVerificationError() if time.gmtime().tm_year < FIRST_YEAR:
            return f"can't be reached: the clock of this computer says {time.gmtime().tm_year}"
        case ssl.SSLCertVerificationError(verify_message=str() as message) if message.isprintable():
            return f"isn't trusted: its certificate is wrong ({message.partition(',')[0].lower():.80})"
        case ssl.SSLError() | SSLError():
            return "can't be reached: the server doesn't speak https as it should"
        case NameResolutionError() | socket.gaierror():
            return "can't be reached: no such server is known; is there a network?"
        case ConnectTimeoutError() | ReadTimeoutError() | TimeoutError():
            return "can't be reached: the server doesn't answer"
        case NewConnectionError() | ConnectionRefusedError() | OSError(errno=errno.ENETUNREACH | errno.EHOSTUNREACH):
            return "can't be reached: no connection to the server"
        case _:
            return otherwise
