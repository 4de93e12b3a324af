"""The page in the house as its own process: phones, neighbours, systemd's socket, and the end when all are gone."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from device.page.door import is_within, plain
from device.phones.phone_file import Phone, write_phones
from device.phones.phones import hash_of
from device.run.line import Line
from tests.rig import Browser, Window
from tests.waiting import WITHIN_S, until

CODE = "ABC234"
LOOKS = {"Accept": "text/html"}
NEIGHBOUR, PHONE = "127.0.0.66", "127.0.0.20"
"""Addresses of other computers, as far as the page can tell."""
PAGE = [sys.executable, "-m", "device", "page", "--config", os.devnull, "--set", "page.port=0"]
MINE = {"Cookie": "unsit=token"}
HANDED = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
os.execv(sys.executable, sys.argv[2:])
"""
"""As systemd hands a socket over: as the third, to a process of that number."""


class House:
    """The page in the house, and a device at the other end of its line that pairs by one code."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.file = folder, folder / "phones.json"
        self.port = 0
        self.pid = 0
        self.tried: list[Any] = []
        self.line = Line(folder / "line", lambda: None, obey=self._obey)

    def _obey(self, do: object, to: Any) -> Mapping[str, Any]:
        if do == "pair":
            self.tried.append(to)
            if to["code"] == CODE:
                self.pair(to["name"], to["hash"])
        return {"fine": do != "pair" or to["code"] == CODE, "phone": "0a0b0c0d"}

    def pair(self, name: str = "Mine", token_hash: str = hash_of("token")) -> None:
        """Pair this phone alone; from now on `MINE` lets in whoever has it."""
        write_phones(self.file, [Phone("0a0b0c0d", name, token_hash, None, None)])

    @contextmanager
    def running(self, *words: str) -> Iterator[House]:
        """From start to end."""
        asked = ["--line", str(self.folder / "line"), "--set", f"journal.file={self.folder / 'journal.db'}"]
        with subprocess.Popen([*PAGE, *asked, *words], stdout=subprocess.PIPE, text=True) as page:
            assert page.stdout is not None
            self.pid, self.port = page.pid, int(page.stdout.readline().strip().rstrip("/").rpartition(":")[2])
            yield self
            page.terminate()
            assert page.wait(WITHIN_S) == 0

    def connect(self, sender: str) -> socket.socket:
        """A connection from that address."""
        return socket.create_connection(("127.0.0.1", self.port), WITHIN_S, (sender, 0))

    def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: str = "", sender: str = PHONE
    ) -> tuple[int, dict[str, str], str]:
        """One request; status, headers and body of the answer."""
        return answer_on(self.connect(sender), method, path, headers, body)


def answer_on(
    opened: socket.socket, method: str, path: str, headers: Mapping[str, str] | None = None, body: str = ""
) -> tuple[int, dict[str, str], str]:
    said = {"Host": "127.0.0.1", "Connection": "close", "Content-Length": str(len(body)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    with opened:
        opened.sendall(f"{method} {path} HTTP/1.1\r\n{head}\r\n{body}".encode())
        heard = b""
        while chunk := opened.recv(65536):
            heard += chunk
    top, _, text = heard.decode(errors="replace").partition("\r\n\r\n")
    lines = top.splitlines()
    told = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:])}
    return int(lines[0].split()[1]), told, text


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    with house.running("--set", "page.reach=house"):
        yield house
    house.line.close()


def stream(house: House, sender: str = PHONE) -> socket.socket:
    """A paired phone's open page, which has heard its first words."""
    opened = house.connect(sender)
    opened.sendall(b"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: unsit=token\r\n\r\n")
    heard = b""
    while b"data: " not in heard:
        heard += opened.recv(65536)
    assert heard.startswith(b"HTTP/1.1 200")
    return opened


def test_of_two_browsers_the_one_that_had_the_code_sees_the_days_and_the_other_how_to_pair(house: House) -> None:
    until(lambda: house.line.followed)
    status, told, _ = house.ask("GET", f"/P/{CODE}", LOOKS)
    assert (status, told["location"]) == (303, "/welcome")
    mine = {"Cookie": told["set-cookie"].split(";")[0]}
    assert house.ask("GET", "/day", {**mine, **LOOKS})[0] == 200
    for path in ("/day", "/days.json", "/live", "/settings.json"):
        assert house.ask("GET", path, sender=NEIGHBOUR)[0] == 401
        assert "<form" in house.ask("GET", path, LOOKS, sender=NEIGHBOUR)[2]
    assert house.tried[0]["from"] == PHONE


def test_an_open_page_of_a_phone_that_is_forgotten_is_cut_off_before_it_hears_another_word(house: House) -> None:
    house.pair()
    until(lambda: house.line.followed)
    with stream(house) as opened:
        write_phones(house.file, [])
        house.line.tell("fact", t=1.0, said=1.0, fact="sat", details={}, when=None, says="a secret")
        heard = b""
        with suppress(ConnectionError):
            while chunk := opened.recv(65536):
                heard += chunk
        assert b"a secret" not in heard
    assert house.ask("GET", "/said.js", MINE)[0] == 401


def test_a_neighbour_with_two_hundred_slow_connections_keeps_nobody_out(house: House) -> None:
    house.pair()
    with ExitStack() as slow:
        for _ in range(200):
            opened = slow.enter_context(house.connect(NEIGHBOUR))
            with suppress(OSError):
                opened.sendall(b"GET / HTTP/1.1\r\nHost: 127.0")
        began = time.monotonic()
        for _ in range(20):
            assert house.ask("GET", "/said.js", MINE)[0] == 200
            assert "<form" in house.ask("GET", "/", LOOKS)[2]
        assert time.monotonic() - began < WITHIN_S / 2


def test_a_neighbour_who_asks_without_end_is_told_to_wait_and_nobody_else_is(house: House) -> None:
    house.pair()
    came = [house.ask("GET", "/", LOOKS, sender=NEIGHBOUR)[0] for _ in range(250)]
    assert came.count(429) > 40
    assert house.ask("GET", "/said.js", MINE, sender=NEIGHBOUR)[0] == 200
    assert "<form" in house.ask("GET", "/", LOOKS)[2]


def test_after_five_hundred_reconnects_nothing_is_left_of_them(house: House) -> None:
    house.pair()
    handles = Path(f"/proc/{house.pid}/fd")
    stream(house).close()
    before = len(list(handles.iterdir()))
    for _ in range(500):
        with stream(house) as opened:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    until(lambda: len(list(handles.iterdir())) <= before, "its connections to be closed")
    assert house.ask("GET", "/said.js", MINE)[0] == 200


def test_forwarded_headers_of_whoever_is_no_proxy_are_not_believed(house: House) -> None:
    lies = {"X-Forwarded-For": PHONE, "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    until(lambda: house.line.followed)
    status, told, _ = house.ask("GET", f"/P/{CODE}", {**LOOKS, **lies}, sender=NEIGHBOUR)
    assert status == 303
    assert "Secure" not in told["set-cookie"]
    assert house.tried[0]["from"] == NEIGHBOUR


def test_a_proxy_that_the_settings_name_is_believed_about_who_asks_and_how(tmp_path: Path) -> None:
    house = House(tmp_path)
    with house.running("--set", "page.reach=house", "--set", f'page.proxy=["{NEIGHBOUR}"]'):
        until(lambda: house.line.followed)
        told = {"X-Forwarded-For": f"6.6.6.6, {PHONE}", "X-Forwarded-Proto": "https"}
        _, said, _ = house.ask("GET", f"/P/{CODE}", {**LOOKS, **told}, sender=NEIGHBOUR)
        assert "Secure" in said["set-cookie"]
        # What the phone itself claimed comes before what the proxy saw.
        assert house.tried[0]["from"] == PHONE
        for _ in range(150):
            house.ask("GET", "/", {**LOOKS, "X-Forwarded-For": "9.9.9.9"}, sender=NEIGHBOUR)
        assert house.ask("GET", "/", {**LOOKS, "X-Forwarded-For": "9.9.9.9"}, sender=NEIGHBOUR)[0] == 429
        assert house.ask("GET", "/", {**LOOKS, "X-Forwarded-For": PHONE}, sender=NEIGHBOUR)[0] == 200
    house.line.close()


# ---- systemd's socket


@contextmanager
def handed(door: socket.socket, *words: str) -> Iterator[subprocess.Popen[str]]:
    """The page with that socket, as systemd starts it."""
    started = [sys.executable, "-c", HANDED, str(door.fileno()), *PAGE, "--line", "/nowhere", *words]
    with subprocess.Popen(
        started, pass_fds=[door.fileno()], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as page:
        yield page
        page.kill()


def test_on_systemds_socket_the_first_request_is_what_starts_it_and_nobody_for_a_while_is_what_ends_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        for _ in range(2):
            with socket.create_connection(door.getsockname(), WITHIN_S) as waits:
                waits.sendall(b"GET /day HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                with handed(door, "--ends-after", "1s") as page:
                    assert waits.recv(12) == b"HTTP/1.1 200"
                    waits.close()
                    assert page.wait(WITHIN_S) == 0


def test_while_somebody_is_connected_it_does_not_end(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.pair()
    with house.running("--set", "page.reach=house", "--ends-after", "2s"), stream(house) as opened:
        opened.settimeout(2.6)
        with suppress(TimeoutError):
            while opened.recv(65536):
                pass
            pytest.fail("the stream has ended")
        assert house.ask("GET", "/said.js", MINE)[0] == 200
    house.line.close()


def test_settings_that_are_wrong_cost_one_start_and_not_one_after_the_other() -> None:
    """Whoever waits at the socket would else have systemd start it again at once."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        waiting = [socket.create_connection(door.getsockname(), WITHIN_S) for _ in range(3)]
        with handed(door, "--set", "page.reach=moon") as page:
            assert page.wait(WITHIN_S) == os.EX_CONFIG
        for each in waiting:
            with each:
                assert each.recv(1) == b""
        door.setblocking(False)
        with pytest.raises(BlockingIOError):
            door.accept()


def test_a_socket_that_is_no_address_to_listen_on_is_refused_in_a_line() -> None:
    one, other = socket.socketpair()
    with one, other, handed(one) as page:
        assert page.wait(WITHIN_S) == os.EX_CONFIG
        assert page.stderr is not None
        assert page.stderr.read().startswith("unsit: unsit-page.socket: ")


def test_a_socket_unlike_the_settings_is_said_and_wider_than_they_are_it_serves_this_computer_only() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as seen:
        try:
            seen.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this computer has no address but for itself")
        own = seen.getsockname()[0]
    with socket.create_server(("0.0.0.0", 0)) as door:
        port = door.getsockname()[1]
        with handed(door) as page:
            ask = (b"GET /day HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 12)
            with socket.create_connection(("127.0.0.1", port), WITHIN_S) as here:
                here.sendall(ask[0])
                assert here.recv(ask[1]) == b"HTTP/1.1 200"
            with socket.create_connection((own, port), WITHIN_S) as there, suppress(ConnectionError):
                there.sendall(ask[0])
                assert there.recv(ask[1]) == b""
            page.send_signal(signal.SIGTERM)
            assert page.wait(WITHIN_S) == 0
            assert page.stdout is not None
            assert f"unsit-page.socket listens on 0.0.0.0:{port}" in page.stdout.read()


def test_addresses_of_the_old_kind_are_told_in_their_own_form_on_a_socket_of_both_kinds() -> None:
    assert plain("::ffff:192.168.1.5") == "192.168.1.5"
    assert plain("fd00::1") == "fd00::1"
    assert [each for each in ("127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1") if not is_within(each)] == []
    assert [each for each in ("192.168.1.5", "fd00::1", "", "0.0.0.0", "localhost") if is_within(each)] == []
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as door:
        port = door.getsockname()[1]
        with handed(door), socket.create_connection(("127.0.0.1", port), WITHIN_S) as here:
            here.sendall(b"GET /day HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert here.recv(12) == b"HTTP/1.1 200"


# ---- in a browser


@contextmanager
def elsewhere(link: str) -> Iterator[str]:
    """Another site, with a link to ours."""
    page = f'<!doctype html><title>elsewhere</title><link rel="icon" href="data:,"><a href="{link}">go</a>'.encode()

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://localhost:{server.server_address[1]}/"
        server.shutdown()
        thread.join(WITHIN_S)


def test_in_a_browser_the_code_leads_on_from_the_camera_as_from_a_link_and_later_links_find_it_paired(
    house: House, browser: Browser
) -> None:
    """A browser keeps a strict cookie back when another site leads to the page."""
    until(lambda: house.line.followed)
    ours = f"http://127.0.0.1:{house.port}"
    for by_link in (False, True):
        context = browser.new_context()
        window = Window(context)
        page = window.page
        with elsewhere(f"{ours}/P/{CODE}") as site:
            if by_link:
                page.goto(site)
                page.locator("a").click()
            else:
                page.goto(f"{ours}/P/{CODE}")
            page.wait_for_url(f"{ours}/welcome")
            page.locator("form#pair").wait_for(state="detached")
        with elsewhere(f"{ours}/day") as site:
            page.goto(site)
            page.locator("a").click()
            page.wait_for_url(f"{ours}/day")
            page.locator("form#pair").wait_for(state="detached")
            assert "the day" in page.title()
        context.close()
        assert not window.complaints, window.complaints


def test_a_browser_that_is_not_paired_complains_of_nothing_and_pairs_by_typing(house: House, browser: Browser) -> None:
    until(lambda: house.line.followed)
    context = browser.new_context()
    window = Window(context)
    page = window.page
    page.goto(f"http://127.0.0.1:{house.port}/day")
    page.locator("#code").fill("abc 234")
    assert not window.complaints, window.complaints
    page.locator("form#pair button").click()
    page.wait_for_url(f"http://127.0.0.1:{house.port}/welcome")
    assert not window.complaints, window.complaints
    context.close()
