"""Fetching a calendar from a real server with TLS: whatever the server does costs little, and is said in one line."""

from __future__ import annotations

import gzip
import json
import ssl
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from device.calendars.lines import CalendarError
from device.meetings.addresses import Address
from device.meetings.child import Job, WhatWasRead, ask
from device.meetings.fetching import MOST_BYTES, Marks
from tests.meetings.tls_server import CALENDAR, Answers, Asked, Authority, TlsServer, reply

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
SECRET = "/private-5eCre7/basic.ics"
Serves = Callable[[Answers], TlsServer]


def always(answer: bytes) -> Answers:
    return lambda connection, _: connection.sendall(answer)


def read(server: TlsServer, path: str = SECRET, marks: Marks | None = None) -> WhatWasRead:
    return ask(Job(Address(server.at(path)), None, NOW, NOW + timedelta(days=2), marks or Marks()))


def trouble(server: TlsServer, path: str = SECRET) -> str:
    """The line that says what is wrong."""
    with pytest.raises(CalendarError) as told:
        read(server, path)
    said = str(told.value)
    assert "5eCre7" not in said
    assert "localhost" not in said
    assert "\n" not in said
    return said


def within(seconds: float, server: TlsServer) -> Any:
    """What the process says if it may take only so long."""
    job = {"address": server.at(SECRET), "file": None, "since": NOW.isoformat(), "until": NOW.isoformat()}
    script = f"from device.meetings import child; child.FETCHES_WITHIN_S = {seconds}; child.main()"
    ran = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps({**job, "marks": {"etag": "", "modified": ""}}).encode(),
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert ran.stderr == b""
    return json.loads(ran.stdout)


def test_a_calendar_is_fetched_and_only_its_times_are_told(serves: Serves) -> None:
    server = serves(always(reply(CALENDAR, Content_Type="text/calendar", ETag='"one"', Last_Modified="yesterday")))
    found = read(server)
    noon = NOW.replace(hour=12)
    assert found.spans == tuple((noon + timedelta(days=day), noon + timedelta(days=day, minutes=30)) for day in (0, 1))
    assert found.marks == Marks('"one"', "yesterday")
    (asked,) = server.heard
    assert asked.path == SECRET
    assert asked.headers["accept-encoding"] == "identity"
    assert not {"authorization", "if-none-match"} & asked.headers.keys()


def test_what_has_not_changed_is_not_sent_again(serves: Serves) -> None:
    def answers(connection: ssl.SSLSocket, asked: Asked) -> None:
        is_known = asked.headers.get("if-none-match") == '"one"' and asked.headers["if-modified-since"] == "yesterday"
        connection.sendall(reply(b"", "304 Not Modified") if is_known else reply(CALENDAR))

    server, marks = serves(answers), Marks('"one"', "yesterday")
    assert read(server, marks=marks) == WhatWasRead(None, 0, marks)
    assert read(server).spans


def test_name_and_password_in_an_address_go_into_a_header(serves: Serves) -> None:
    server = serves(always(reply(CALENDAR)))
    address = Address(server.at("/dav?export").replace("https://", "https://anna:p%40ss@"))
    ask(Job(address, None, NOW, NOW + timedelta(days=2)))
    (asked,) = server.heard
    assert asked.path == "/dav?export"
    assert asked.headers["authorization"] == "Basic YW5uYTpwQHNz"
    assert asked.headers["host"] == f"localhost:{server.port}"


def test_a_redirect_is_followed_and_the_password_stays_with_its_server(serves: Serves) -> None:
    other = serves(always(reply(CALENDAR)))

    def answers(connection: ssl.SSLSocket, asked: Asked) -> None:
        there = "/second" if asked.path == "/first" else other.at("/third")
        connection.sendall(reply(b"", "302 Found", Location=there))

    server = serves(answers)
    address = Address(server.at("/first").replace("https://", "https://anna:pass@"))
    assert ask(Job(address, None, NOW, NOW + timedelta(days=2))).spans
    assert [asked.path for asked in server.heard if "authorization" in asked.headers] == ["/first", "/second"]
    assert [(asked.path, "authorization" in asked.headers) for asked in other.heard] == [("/third", False)]


def test_redirects_without_end_end(serves: Serves) -> None:
    server = serves(always(reply(b"", "301 Moved Permanently", Location="/on")))
    assert trouble(server) == "sends on and on; allowed: 5 times"
    assert len(server.heard) == 6


@pytest.mark.parametrize(
    "there", ["http://localhost/x.ics", "file:///etc/passwd", "ftp://localhost/x", "data:text/calendar,x"]
)
def test_a_redirect_to_anything_but_https_is_not_followed(serves: Serves, there: str) -> None:
    server = serves(always(reply(b"", "307 Temporary Redirect", Location=there)))
    assert trouble(server) == "sends on to an address without https, which isn't followed"


def test_a_redirect_to_nowhere_is_said(serves: Serves) -> None:
    assert "without saying where to" in trouble(serves(always(reply(b"", "302 Found"))))


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("401 Unauthorized", "wants a password: is the address the secret one? (HTTP 401)"),
        ("403 Forbidden", "says that it is forbidden"),
        ("404 Not Found", "isn't there any more: is the address still the newest? (HTTP 404)"),
        ("429 Too Many Requests", "was asked too often (HTTP 429)"),
        ("500 Internal Server Error", "has trouble at its server (HTTP 500)"),
        ("418 I'm a teapot", "was refused (HTTP 418)"),
        ("304 Not Modified", "was refused (HTTP 304)"),
    ],
)
def test_an_answer_that_is_no_calendar_says_what_to_look_for(serves: Serves, status: str, says: str) -> None:
    assert says in trouble(serves(always(reply(b"nothing", status))))


def test_a_page_to_log_in_is_no_calendar(serves: Serves) -> None:
    page = b"<!DOCTYPE html><html><body>Log in</body></html>"
    assert trouble(serves(always(reply(page, Content_Type="text/html")))) == "is a web page and no calendar"


def test_an_empty_answer_is_no_calendar(serves: Serves) -> None:
    assert trouble(serves(always(reply(b"")))) == "is no calendar"


def test_a_calendar_cut_off_on_the_way_is_not_taken_for_whole(serves: Serves) -> None:
    half = reply(CALENDAR, Content_Length=len(CALENDAR) + 1)
    assert "breaks off in the middle" in trouble(serves(always(half)))
    assert "has been cut off" in trouble(serves(always(reply(CALENDAR[:-20]))))


def test_a_gigabyte_is_refused_before_it_comes(serves: Serves) -> None:
    assert trouble(serves(always(reply(b"", Content_Length=10**9)))) == "is too large; allowed: up to 10 MB"


def test_a_gigabyte_that_nobody_announces_is_cut_short(serves: Serves) -> None:
    sent = 0

    def answers(connection: ssl.SSLSocket, _: Asked) -> None:
        nonlocal sent
        connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while sent < 1000:
            connection.sendall(b" " * 1_000_000)
            sent += 1

    assert trouble(serves(answers)) == "is too large; allowed: up to 10 MB"
    assert sent < 50


def test_chunks_are_put_together_and_bounded(serves: Serves) -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in (CALENDAR[:100], CALENDAR[100:]))
    assert read(serves(always(head + chunks + b"0\r\n\r\n"))).spans
    assert "breaks off in the middle" in trouble(serves(always(head + b"zz\r\n")))
    assert "is too large" in trouble(serves(always(head + (b"100000\r\n" + b" " * 0x100000 + b"\r\n") * 12)))


def test_a_bomb_of_zeros_is_not_unpacked(serves: Serves) -> None:
    bomb = gzip.compress(b" " * (MOST_BYTES * 20))
    assert len(bomb) < 500_000
    assert trouble(serves(always(reply(bomb, Content_Encoding="gzip")))) == "is too large; allowed: up to 10 MB"


def test_a_server_that_packs_it_though_asked_not_to_is_understood(serves: Serves) -> None:
    for packed, name in ((gzip.compress(CALENDAR), "gzip"), (zlib.compress(CALENDAR), "deflate")):
        assert read(serves(always(reply(packed, Content_Encoding=name)))).spans
    assert "in a way that wasn't asked for" in trouble(serves(always(reply(b"x", Content_Encoding="br"))))
    assert "can't be unpacked" in trouble(serves(always(reply(CALENDAR, Content_Encoding="gzip"))))
    cut = gzip.compress(CALENDAR)[:-20]
    assert "breaks off in the middle" in trouble(serves(always(reply(cut, Content_Encoding="gzip"))))


@pytest.mark.parametrize("pieces", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\n\r\nBEGIN:VCALENDAR\r\n"])
def test_a_server_that_hangs_or_drips_is_left(serves: Serves, pieces: bytes) -> None:
    over = threading.Event()

    def answers(connection: ssl.SSLSocket, _: Asked) -> None:
        connection.sendall(pieces)
        while pieces and not over.wait(0.05):
            connection.sendall(b"x")
        over.wait(60)

    server = serves(answers)
    try:
        assert within(1, server) == {"trouble": "takes too long to come; allowed: 1 s"}
    finally:
        over.set()


def test_a_certificate_that_nobody_trusts_is_refused(serves: Serves, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serves(always(reply(CALENDAR)))
    monkeypatch.delenv("SSL_CERT_FILE")
    assert trouble(server).startswith("isn't trusted: its certificate is wrong (")
    assert server.heard == [], "the address is told to nobody who isn't trusted"


def test_a_certificate_of_another_server_is_refused(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    server = TlsServer(authority.context("DNS:other.example"), always(reply(CALENDAR)))
    try:
        assert trouble(server) == "isn't trusted: its certificate is wrong (hostname mismatch)"
        assert server.heard == []
    finally:
        server.close()


def test_a_server_that_speaks_something_else_is_said(serves: Serves) -> None:
    assert "doesn't answer as a server does" in trouble(serves(always(b"SSH-2.0-OpenSSH\r\n")))
    assert "doesn't answer as a server does" in trouble(serves(always(b"")))


def test_nobody_there_is_said(serves: Serves) -> None:
    server = serves(always(b""))
    server.close()
    assert trouble(server) == "can't be reached: no connection to the server"
    with pytest.raises(CalendarError, match="no such server is known"):
        ask(Job(Address("https://nobody.invalid/5eCre7"), None, NOW, NOW))


def test_the_address_is_in_no_list_of_processes_and_no_log(
    serves: Serves, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    seen: list[str] = []

    def answers(connection: ssl.SSLSocket, _: Asked) -> None:
        seen.extend(each.read_bytes().decode(errors="replace") for each in Path("/proc").glob("[0-9]*/cmdline"))
        connection.sendall(reply(CALENDAR))

    with caplog.at_level(0):
        read(serves(answers))
    assert any("device.meetings.child" in each for each in seen)
    assert not any("5eCre7" in each for each in seen)
    assert "5eCre7" not in caplog.text
    address = Address("https://localhost/5eCre7")
    assert "5eCre7" not in f"{address} {address!r} {Job(address, tmp_path, NOW, NOW)!r}"
