"""The page's server without a browser: what it answers, whom it refuses, and that the device takes no notice."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from uvicorn.server import ServerState

from device.commands.page import page_beside
from device.page.answers import Sources, app
from device.page.follower import Follower
from device.page.one_by_one import OneByOne
from device.page.server import _Connection
from device.page.texts import Texts
from device.run.line import Line
from device.settings.settings import JournalSettings, PageSettings, Settings
from device.words.events import Chosen
from tests.rig import HALF_HOURLY, Rig, ask
from tests.waiting import WITHIN_S, apart, until
from tests.world import BEGAN, World

JSON = {"content-type": "application/json"}
SIT = b'{"do": "seat", "to": true}'
DAY = b'{"day": "2026-03-02"}'


def led_here_in(place: str) -> dict[str, str]:
    """What a browser adds when another site's page leads it here."""
    return {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": place}


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    with Rig(tmp_path_factory.mktemp("rig")).running() as rig:
        until(lambda: rig.ask("GET", "/")[0] == 200)
        yield rig


def stream(rig: Rig, request: str = "GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n") -> socket.socket:
    """A connection on which that was said."""
    host, port = rig.address.removeprefix("http://").rstrip("/").split(":")
    opened = socket.create_connection((host, int(port)), timeout=WITHIN_S)
    opened.sendall(request.encode())
    return opened


def still_counts(rig: Rig) -> None:
    """The device is there, and does what hands say."""
    for sits in (True, False):
        assert rig.hand("seat", sits) == 204
        until(lambda sits=sits: rig.live.levels["seat"] is sits)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "<title>Unsit: the virtual desk"),
        ("/day", "<title>Unsit: the day"),
        ("/static/desk/desk.js", "import"),
        ("/days.json", '"today"'),
        ("/days.json?first=2026-03-01&last=2026-03-31", '"days":[]'),
        ("/stretches.json", '"hip_lunge"'),
        ("/stretches/hip_lunge.gif", "GIF89a"),
        ("/stretches/hip_lunge.png", "PNG"),
    ],
)
def test_what_there_is(rig: Rig, path: str, kind: str) -> None:
    status, body = rig.ask("GET", path)
    assert status == 200
    assert kind in body


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        # Somebody else's name that points here.
        ("GET", "/", None, {"Host": "evil.example"}, 400),
        ("GET", "/days.json", None, {"Host": "evil.example:8016"}, 400),
        ("POST", "/hands", SIT, {**JSON, "Host": "127.0.0.1.evil.example"}, 400),
        # Somebody else's page.
        ("POST", "/hands", SIT, {**JSON, "Origin": "http://evil.example"}, 403),
        ("POST", "/hands", SIT, {**JSON, "Origin": "null"}, 403),
        ("POST", "/hands", SIT, {**JSON, "Sec-Fetch-Site": "cross-site"}, 403),
        ("POST", "/hands", SIT, {**JSON, "Sec-Fetch-Site": "same-site"}, 403),
        ("POST", "/hands", SIT, {**JSON, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 403),
        ("GET", "/live", None, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403),
        ("GET", "/days.json", None, {"Origin": "http://evil.example"}, 403),
        # A form that a page elsewhere sends needs no leave of ours, so it is none of the types we take.
        ("POST", "/hands", SIT, {"content-type": "text/plain"}, 415),
        ("POST", "/hands", b"do=seat&to=true", {"content-type": "application/x-www-form-urlencoded"}, 415),
        # Another page may lead here, and nothing else: it can't look in through a frame, nor open what is in ours.
        ("GET", "/", None, led_here_in("document"), 200),
        ("GET", "/day", None, led_here_in("document"), 200),
        ("GET", "/live", None, led_here_in("document"), 403),
        ("GET", "/days.json", None, led_here_in("document"), 403),
        ("GET", "/", None, led_here_in("iframe"), 403),
        ("POST", "/", SIT, {**JSON, **led_here_in("document")}, 403),
        # Bodies.
        ("POST", "/hands", b"x" * 3000, JSON, 413),
        ("GET", "/", b"x" * 100_000, {}, 413),
        ("POST", "/hands", SIT, {**JSON, "Content-Length": "99999999999999999999"}, 413),
        ("POST", "/hands", b"", JSON, 400),
        ("POST", "/hands", b"{", JSON, 400),
        ("POST", "/hands", b"\xff\xfe", JSON, 400),
        ("POST", "/hands", b"[" * 2000, JSON, 400),
        ("POST", "/hands", b"[]", JSON, 400),
        ("POST", "/hands", b'{"do": "seat"}', JSON, 400),
        ("POST", "/hands", b'{"do": ["seat"], "to": true}', JSON, 400),
        ("POST", "/hands", b'{"do": "explode", "to": true}', JSON, 400),
        ("POST", "/hands", b'{"do": "seat", "to": 1}', JSON, 400),
        ("POST", "/hands", b'{"do": "speed", "to": 1e9}', JSON, 400),
        ("POST", "/hands", b'{"do": "speed", "to": NaN}', JSON, 400),
        ("POST", "/hands", b'{"do": "step", "to": Infinity}', JSON, 400),
        ("POST", "/hands", b'{"do": "seat", "to": true, "more": 1}', JSON, 400),
        ("POST", "/hands", b'{"do": "seat", "to": "\\ud800"}', JSON, 400),
        ("GET", "/hands", None, {}, 405),
        # What can't be undone.
        ("GET", "/forget", None, {}, 405),
        ("GET", "/forget?day=2026-03-02", None, {}, 405),
        ("POST", "/forget", DAY, {**JSON, "Host": "evil.example"}, 400),
        ("POST", "/forget", DAY, {**JSON, "Origin": "http://evil.example"}, 403),
        ("POST", "/forget", DAY, {**JSON, "Sec-Fetch-Site": "same-site"}, 403),
        ("POST", "/forget", DAY, {**JSON, **led_here_in("document")}, 403),
        ("POST", "/forget", DAY, {"content-type": "text/plain"}, 415),
        ("POST", "/forget", b"[]", JSON, 400),
        ("POST", "/forget", b"{}", JSON, 400),
        ("POST", "/forget", b'{"day": 20260302}', JSON, 400),
        ("POST", "/forget", b'{"day": "yesterday"}', JSON, 400),
        ("POST", "/forget", b'{"day": "0001-01-01"}', JSON, 400),
        ("POST", "/forget", b'{"all": "2026-03-02"}', JSON, 400),
        ("POST", "/forget", b'{"before": "2026-03-02"}', JSON, 400),
        ("POST", "/forget", b'{"bout": "2026-03-02T07:00:00"}', JSON, 400),
        ("POST", "/forget", b'{"bout": "0001-01-01T00:00:00+23:00"}', JSON, 400),
        ("POST", "/forget", b'{"day": "2026-03-02", "bout": "2026-03-02T07:00:00+00:00"}', JSON, 400),
        ("GET", "/bouts.json?day=9999-01-01", None, {}, 400),
        ("GET", "/levels.json?day=9999-01-01", None, {}, 400),
        ("DELETE", "/", None, {}, 405),
        ("HEAD", "/live", None, {}, 405),
        # Addresses.
        ("GET", "/nothing", None, {}, 404),
        ("GET", "/static/../server.py", None, {}, 404),
        ("GET", "/static/..%2fserver.py", None, {}, 404),
        ("GET", "/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd", None, {}, 404),
        ("GET", "/static//etc/passwd", None, {}, 404),
        ("GET", "/stretches/..%2f..%2fcontent.gif", None, {}, 404),
        ("GET", "/stretches/hip_lunge.svg", None, {}, 404),
        ("GET", "/days.json?last=yesterday", None, {}, 400),
        ("GET", "/days.json?first=2020-01-01&last=2026-01-01", None, {}, 400),
        ("GET", "/days.json?last=0001-01-03", None, {}, 400),
        ("GET", "/days.json?last=9999-12-31", None, {}, 400),
        ("GET", "/days.json?last=2199-12-31", None, {}, 200),
    ],
)
def test_what_no_page_of_ours_asks_for_is_refused_with_a_status_and_the_device_takes_no_notice(
    rig: Rig, method: str, path: str, body: bytes | None, headers: dict[str, str], status: int
) -> None:
    before = dict(rig.live.levels)
    answer, said = rig.ask(method, path, body, headers)
    assert answer == status, said
    assert "Traceback" not in said
    assert rig.live.levels == before


@pytest.mark.parametrize("kind", ["application/json", "APPLICATION/JSON", "application/json ; charset=utf-8"])
def test_json_may_be_called_so_in_other_ways(rig: Rig, kind: str) -> None:
    assert rig.ask("POST", "/hands", b'{"do": "seat", "to": false}', {"content-type": kind})[0] == 204


@pytest.mark.parametrize(
    "said",
    [
        "\x00\x01\x02\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /" + "a" * 100_000 + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\n" + "X-Much: y\r\n" * 20_000 + "\r\n",
        "POST /hands HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        "POST /hands HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_no_http_is_refused(rig: Rig, said: str) -> None:
    with stream(rig, said) as opened:
        answer = b""
        try:
            while chunk := opened.recv(4096):
                answer += chunk
                if b"\r\n\r\n" in answer:
                    break
        except ConnectionError:
            pass
    assert not answer or answer.split()[1] in (b"400", b"404"), answer
    still_counts(rig)


def test_a_body_without_end_is_cut_off(rig: Rig) -> None:
    lines = ("POST /hands HTTP/1.1", "Host: localhost", "Content-Type: application/json", "Transfer-Encoding: chunked")
    head = "".join(f"{line}\r\n" for line in (*lines, ""))
    with stream(rig, head) as opened:
        answer = b""
        opened.settimeout(0.05)
        deadline = time.monotonic() + WITHIN_S
        while not answer and time.monotonic() < deadline:
            try:
                opened.sendall(b"100\r\n" + b"x" * 256 + b"\r\n")
                answer = opened.recv(4096)
            except TimeoutError:
                continue
            except ConnectionError:
                break
    assert answer.split()[1] == b"413"


def test_sixteen_pages_may_be_open_and_no_more(rig: Rig) -> None:
    with ExitStack() as opened:
        for _ in range(16):
            page = opened.enter_context(stream(rig))
            assert b"200 OK" in page.recv(4096)
        with stream(rig) as one_more:
            assert b"503" in one_more.recv(4096)
        still_counts(rig)
    # They have gone, and the next is let in as soon as that is noticed.
    until(lambda: b"200 OK" in _first_bytes(rig))


def test_however_many_ask_at_once_sixteen_pages_are_open_and_no_more(rig: Rig) -> None:
    # The pages of the test before have gone, which takes a moment to be noticed.
    until(lambda: b"200 OK" in _first_bytes(rig))
    with ExitStack() as opened:
        asked = [opened.enter_context(stream(rig)) for _ in range(40)]
        answers = [page.recv(12) for page in asked]
        let_in = answers.count(b"HTTP/1.1 200")
        assert let_in <= 16
        assert let_in + answers.count(b"HTTP/1.1 503") == 40
        still_counts(rig)


def _first_bytes(rig: Rig) -> bytes:
    with stream(rig) as opened:
        return opened.recv(4096)


def test_each_answer_on_a_connection_that_is_kept_comes_at_once(rig: Rig) -> None:
    host, port = rig.address.removeprefix("http://").rstrip("/").split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=WITHIN_S)
    took_s = []
    for _ in range(20):
        began = time.monotonic()
        connection.request("GET", "/static/shared/icon.svg")
        connection.getresponse().read()
        took_s.append(time.monotonic() - began)
    connection.close()
    # Head and body are two writes; held back, the second waits for the other end to say that it has the first: 40 ms.
    assert sorted(took_s)[10] < 0.03, took_s


@pytest.mark.parametrize(
    "says",
    [
        "POST /hands HTTP/1.1\r\nContent-Length: 9\r\n",
        "POST /hands HTTP/1.1\r\nTransfer-Encoding: chunked\r\n",
        "GET /day HTTP/1.1\r\nContent-Length: 9\r\n",
        "GET /live HTTP/1.1\r\n",
        "GET /days.json HTTP/1.1\r\n",
    ],
)
def test_who_hangs_up_in_the_middle_of_a_word_fills_no_log(tmp_path: Path, says: str) -> None:
    called = threading.Event()
    line = Line(tmp_path / "line", called.set, lambda _: None)
    words = [sys.executable, "-m", "device", "page", "--line", str(tmp_path / "line"), "--set", "page.port=0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as page:
        assert page.stdout is not None
        assert page.stderr is not None
        address = page.stdout.readline().strip()
        assert called.wait(WITHIN_S)
        line.stand("device", version="1", simulated=True, began=0.0, settings=[])
        until(lambda: ask(address, "POST", "/hands", SIT, JSON)[0] == 204)
        host, port = address.removeprefix("http://").rstrip("/").split(":")
        for _ in range(5):
            with socket.create_connection((host, int(port)), timeout=WITHIN_S) as opened:
                opened.sendall(f"{says}Host: localhost\r\nContent-Type: application/json\r\n\r\n".encode())
                assert ask(address, "GET", "/day")[0] == 200
        page.terminate()
        line.close()
        assert page.wait(WITHIN_S) == 0
        assert page.stderr.read() == ""


def test_a_name_it_is_not_asked_for_by_is_told_what_is_allowed_and_where_to_add_it(rig: Rig) -> None:
    status, said = rig.ask("GET", "/", headers={"Host": "pi.local:8016"})
    assert status == 400
    assert said == (
        "this page is not called pi.local; allowed: 127.0.0.1, localhost; "
        'to add it, put hosts = ["pi.local"] under [page] in the settings file; see docs/page.md\n'
    )
    assert "<script>" not in rig.ask("GET", "/", headers={"Host": "<script>"})[1]


def test_a_name_that_the_settings_add_is_answered(tmp_path: Path) -> None:
    settings = replace(HALF_HOURLY, page=PageSettings(port=0, hosts=("pi.local", "[fd00::1]")))
    with page_beside(settings, tmp_path / "nobody") as address:
        for host in ("pi.local", "PI.local:8016", "[fd00::1]:80", "localhost"):
            assert ask(address, "GET", "/day", headers={"Host": host})[0] == 200, host
        assert ask(address, "GET", "/day", headers={"Host": "pi.local.evil.example"})[0] == 400
        # Behind a proxy that speaks https to browsers.
        said = {**JSON, "Host": "pi.local", "Origin": "https://pi.local"}
        assert ask(address, "POST", "/hands", SIT, said)[0] == 503


def test_a_journal_that_cannot_be_read_is_told_beside_the_days(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    settings = replace(HALF_HOURLY, page=PageSettings(port=0), journal=JournalSettings(file=str(file)))
    with page_beside(settings, tmp_path / "nobody") as address:

        def trouble() -> str:
            told: str = json.loads(ask(address, "GET", "/days.json")[1])["trouble"]
            return told

        assert trouble() == "", "nothing is written yet"
        file.write_bytes(b"this is no journal at all" * 100)
        assert str(file) in trouble()
        file.unlink()
        file.mkdir()
        assert str(file) in trouble()


def test_a_bout_or_a_day_that_was_not_me_leaves_the_days_and_the_journal(tmp_path: Path) -> None:
    world = World(tmp_path, HALF_HOURLY, BEGAN)
    for _ in range(3):
        world.sit(minutes=20)
        world.rise(minutes=5)
    world.stop()
    settings = replace(HALF_HOURLY, page=PageSettings(port=0), journal=JournalSettings(file=str(world.file)))
    day = f"{BEGAN.astimezone():%Y-%m-%d}"
    with page_beside(settings, tmp_path / "nobody") as address:

        def seated() -> tuple[float, int]:
            (told,) = json.loads(ask(address, "GET", f"/days.json?first={day}&last={day}")[1])["days"] or [None]
            return (told["figures"]["seated_s"], told["forgotten"]) if told else (0.0, 0)

        def forget(what: dict[str, str]) -> int:
            return ask(address, "POST", "/forget", json.dumps(what).encode(), JSON)[0]

        told = json.loads(ask(address, "GET", f"/bouts.json?day={day}")[1])
        assert told["may_forget"] is True
        assert len(told["bouts"]) == 3
        assert told["bouts"][1]["since"] == f"{BEGAN.astimezone() + timedelta(minutes=25):%H:%M}"
        assert seated() == (3600.0, 0)
        assert forget({"bout": told["bouts"][1]["at"]}) == 204
        assert seated() == (2400.0, 1)
        assert forget({"bout": told["bouts"][1]["at"]}) == 409, "it is gone"
        assert len(json.loads(ask(address, "GET", f"/bouts.json?day={day}")[1])["bouts"]) == 2
        assert forget({"day": day}) == 204
        assert seated() == (0.0, 0)
        assert forget({"day": "2020-01-01"}) == 409
        world.file.unlink()
        assert ask(address, "POST", "/forget", DAY, JSON)[0] == 403
        assert ask(address, "GET", f"/bouts.json?day={day}")[0] == 200


def test_the_language_that_is_chosen_at_the_device_is_that_of_the_page_from_then_on(rig: Rig) -> None:
    def language_of(path: str) -> str:
        return rig.ask("GET", path)[1].split('lang="')[1][:2]

    def march() -> str:
        told = json.loads(rig.ask("GET", "/stretches.json")[1])
        return str(next(each["name"] for each in told if each["id"] == "march"))

    assert (language_of("/day"), march()) == ("en", "Marching")
    rig.live.tell(partial(Chosen, name="language", value="de"))
    until(lambda: language_of("/day") == "de")
    assert march() == "Gehen am Platz"
    assert "verstanden" in rig.ask("GET", "/said.js")[1]


def test_a_journal_that_the_page_may_only_read_loses_nothing(tmp_path: Path) -> None:
    def never(*_: object) -> Any:
        raise AssertionError("nobody may ask for that")

    nothing = dict.fromkeys(
        ("days", "today", "levels", "check", "forget", "recorded", "in_force", "week", "next_routine", "away"), never
    )
    may = {"bouts": lambda _: [], "may_forget": lambda: False}
    sources = Sources(**nothing, **may, stretches={}, settings={}, texts=Texts())  # type: ignore[arg-type]
    answered: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": DAY}

    async def send(message: Any) -> None:
        answered.append(message)

    headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
    asked = {"type": "http", "method": "POST", "path": "/forget", "query_string": b"", "headers": headers}
    page = app(Follower(tmp_path / "nobody"), sources)
    apart(lambda: asyncio.run(page(asked, receive, send)))
    assert answered[0]["status"] == 403
    assert b"only be read" in answered[1]["body"]


def test_pages_that_never_read_hold_nobody_up(rig: Rig) -> None:
    with ExitStack() as opened:
        for _ in range(8):
            asleep = opened.enter_context(stream(rig))
            asleep.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        rig.hand("seat", True)
        rig.hand("speed", 600)
        until(lambda: rig.live.clock.now() > 2400)
        rig.hand("speed", 1)
        still_counts(rig)


def test_a_page_that_is_stopped_altogether_holds_nobody_up(tmp_path: Path) -> None:
    """The whole process hangs; the device goes on counting, and hangs up on it in the end."""
    newcomer = threading.Event()
    line = Line(tmp_path / "line", newcomer.set)
    words = [sys.executable, "-m", "device", "page", "--line", str(tmp_path / "line"), "--set", "page.port=0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as page:
        assert newcomer.wait(WITHIN_S)
        os.kill(page.pid, signal.SIGSTOP)
        began = time.monotonic()
        for t in range(20_000):
            line.tell("fact", t=t, said=t, fact="sat", details={}, when=None, says="x" * 200)
        told_s = time.monotonic() - began
        until(lambda: not line.followed)
        os.kill(page.pid, signal.SIGCONT)
        page.terminate()
    line.close()
    assert told_s < WITHIN_S


def test_each_answer_says_what_browsers_may_do_with_it(rig: Rig) -> None:
    with stream(rig, "GET /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n") as opened:
        head = opened.recv(65536).decode().lower()
    assert "default-src 'self'" in head
    assert "frame-ancestors 'none'" in head
    assert "cache-control: no-cache" in head
    assert "x-content-type-options: nosniff" in head
    assert "server:" not in head
    assert "access-control" not in head


# ---- many at once, on a loop of our own


def waiting(hangs_up: asyncio.Event | None = None) -> Request:
    """A request whose browser waits for the answer, or until it hangs up."""

    async def receive() -> dict[str, str]:
        await (hangs_up or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    return Request({"type": "http"}, receive)


def test_no_work_is_done_for_a_page_that_was_left_while_it_waited() -> None:
    goes_on, done = threading.Event(), []

    def work(name: str) -> str:
        assert goes_on.wait(WITHIN_S)
        done.append(name)
        return name

    async def ask() -> list[str | BaseException]:
        turns, hangs_up = OneByOne(5), asyncio.Event()
        browsers = {"first": waiting(), "left": waiting(hangs_up), "last": waiting()}
        asked = [asyncio.create_task(turns.do(each, partial(work, name))) for name, each in browsers.items()]
        hangs_up.set()
        goes_on.set()
        return await asyncio.gather(*asked, return_exceptions=True)

    first, left, last = apart(lambda: asyncio.run(ask()))
    assert (first, last) == ("first", "last")
    assert isinstance(left, ClientDisconnect)
    assert done == ["first", "last"]


def test_days_are_added_up_one_after_the_other_and_too_many_are_told_to_come_again() -> None:
    begun, goes_on = threading.Semaphore(0), threading.Event()

    def work() -> int:
        begun.release()
        assert goes_on.wait(WITHIN_S)
        return 7

    async def ask() -> list[int | BaseException]:
        turns = OneByOne(5)
        asked = asyncio.gather(*(turns.do(waiting(), work) for _ in range(8)), return_exceptions=True)
        assert await asyncio.to_thread(begun.acquire, timeout=WITHIN_S)
        assert not await asyncio.to_thread(begun.acquire, timeout=0.2), "two at once"
        goes_on.set()
        return await asked

    answers = apart(lambda: asyncio.run(ask()))
    assert answers[:5] == [7] * 5
    assert [each.status_code for each in answers[5:] if isinstance(each, HTTPException)] == [503] * 3


class TimedLoop(asyncio.SelectorEventLoop):
    """Seconds that pass when somebody says so."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 0.0
        self.coming: list[tuple[float, Callable[[], None]]] = []

    def call_later(self, delay: float, callback: Any, *args: Any, **_: Any) -> Any:  # type: ignore[override]
        self.coming.append((self.at + delay, partial(callback, *args)))
        return asyncio.TimerHandle(self.at + delay, callback, args, self)

    def wait(self, seconds: float) -> None:
        self.at += seconds
        due = [each for each in self.coming if each[0] <= self.at]
        self.coming = [each for each in self.coming if each[0] > self.at]
        for _, callback in due:
            callback()


class Wire(asyncio.Transport):
    """The other end of a connection."""

    def __init__(self) -> None:
        super().__init__()
        self.said = b""
        self.unread = 0
        self.closed = False

    def write(self, data: Any) -> None:
        self.said += data

    def close(self) -> None:
        self.closed = True

    abort = close

    def get_write_buffer_size(self) -> int:
        return self.unread

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


HEAD = b"GET /live HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture
def world() -> Iterator[TimedLoop]:
    world = TimedLoop()
    yield world
    world.close()


def connected(world: TimedLoop, state: ServerState) -> tuple[_Connection, Wire]:
    async def listens(_: Any, __: Any, ___: Any) -> None:
        await asyncio.Event().wait()

    config = uvicorn.Config(listens, lifespan="off", log_config=None, ws="none")
    connection, wire = _Connection(config, state, {}, world), Wire()
    connection.connection_made(wire)
    return connection, wire


@pytest.mark.parametrize("says", [b"", HEAD, b"POST /hands HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{"])
def test_whoever_does_not_say_what_they_want_is_hung_up_on(world: TimedLoop, says: bytes) -> None:
    connection, wire = connected(world, ServerState())
    if says:
        connection.data_received(says)
    assert not wire.closed
    world.wait(10.0)
    world.wait(10.0)
    assert wire.closed
    end(world)


def test_whoever_listens_may_stay(world: TimedLoop) -> None:
    connection, wire = connected(world, ServerState())
    connection.data_received(HEAD + b"\r\n")
    for _ in range(100):
        world.wait(10.0)
    assert not wire.closed
    end(world)


def test_whoever_does_not_read_what_they_asked_for_is_hung_up_on(world: TimedLoop) -> None:
    connection, wire = connected(world, ServerState())
    connection.data_received(HEAD + b"\r\n")
    for unread in (9000, 7000, 3000):
        wire.unread = unread
        world.wait(10.0)
    assert not wire.closed, "slow is slow"
    world.wait(10.0)
    assert wire.closed
    end(world)


def test_of_very_many_the_last_are_not_listened_to(world: TimedLoop) -> None:
    state = ServerState()
    wires = [connected(world, state)[1] for _ in range(250)]
    assert [wire.closed for wire in wires] == [False] * 200 + [True] * 50


def end(world: TimedLoop) -> None:
    for task in asyncio.all_tasks(world):
        task.cancel()
        with suppress(asyncio.CancelledError):
            apart(partial(world.run_until_complete, task))


# ---- a real device


def test_a_real_device_is_only_looked_at(tmp_path: Path) -> None:
    heard = threading.Event()
    line = Line(tmp_path / "line", heard.set)
    words = [sys.executable, "-m", "device", "page", "--line", str(tmp_path / "line"), "--set", "page.port=0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as page:
        assert page.stdout is not None
        rig = Rig.__new__(Rig)
        rig.address = page.stdout.readline().strip()
        assert heard.wait(WITHIN_S)
        assert rig.hand("seat", True) == 503
        line.stand("device", version="1", simulated=False, began=0.0, settings=[])
        until(lambda: rig.hand("seat", True) == 403)
        assert rig.ask("GET", "/")[0] == 307
        assert line.followed, "it wasn't hung up on, so it didn't say a word"
        line.close()
        until(lambda: rig.hand("seat", True) == 503)
        page.terminate()
        assert page.wait(WITHIN_S) == 0


@pytest.mark.parametrize("right", [False, True])
def test_a_device_that_has_not_been_told_the_time_is_dated_by_its_journal(tmp_path: Path, right: bool) -> None:
    world = World(tmp_path, Settings())
    world.sit(minutes=30)
    world.rise(minutes=5)
    world.stop()
    called = threading.Event()
    line = Line(tmp_path / "line", called.set)
    words = [sys.executable, "-m", "device", "page", "--line", str(tmp_path / "line"), "--set", "page.port=0"]
    words += ["--set", f"journal.file={world.file}"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as page:
        assert page.stdout is not None
        address = page.stdout.readline().strip()
        assert called.wait(WITHIN_S)
        line.stand("device", version="1", simulated=False, began=world.now + 10, settings=[])
        line.stand("standing", mode="watching", seated=False)
        line.stand("time", at=world.now + 20, speed=1, reads="1999-12-31T09:00:00+00:00", right=right)

        def day_told() -> str:
            told: str = json.loads(ask(address, "GET", "/days.json")[1])["today"]
            return told

        until(lambda: day_told() == ("1999-12-31" if right else f"{BEGAN:%Y-%m-%d}"))
        page.terminate()
    line.close()


def ran(*words: str, env: dict[str, str] | None = None) -> tuple[int, str]:
    """The command, from start to end: its exit code, and what it complained of."""
    done = subprocess.run(
        [sys.executable, "-m", "device", *words],
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )
    return done.returncode, done.stderr


def test_a_port_that_is_taken_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as there:
        port = there.getsockname()[1]
        for words in (["page", "--line", str(tmp_path / "line")], ["run", "--hardware", "simulated"]):
            code, said = ran(*words, "--set", f"page.port={port}")
            assert code == 78
            assert len(said.splitlines()) == 1
            assert f"page.port = {port}: Address already in use; allowed: a free one, or 0 for any" in said


def test_the_page_does_not_outlive_a_device_that_was_killed() -> None:
    words = [sys.executable, "-m", "device", "run", "--hardware", "simulated", "--set", "page.port=0"]
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as run:
        assert run.stderr is not None
        address = run.stderr.readline().decode().split()[-1]
        until(lambda: ask(address, "GET", "/")[0] == 200)
        run.kill()
        run.wait()

        def is_gone() -> bool:
            try:
                ask(address, "GET", "/day")
            except OSError:
                return True
            return False

        until(is_gone)


def test_a_desk_whose_page_was_killed_ends_and_says_so() -> None:
    words = [sys.executable, "-m", "device", "run", "--hardware", "simulated", "--set", "page.port=0"]
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as run:
        assert run.stderr is not None
        run.stderr.readline()
        page = int(Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text())
        os.kill(page, signal.SIGKILL)
        assert run.wait(WITHIN_S) == 69
        assert run.stderr.read().decode() == "unsit: the page has ended (SIGKILL); start it again\n"


def test_a_page_that_hangs_is_ended_with_the_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("device.commands.page._ENDS_WITHIN_S", 0.1)
    ended = threading.Event()
    before = children()
    with page_beside(HALF_HOURLY, tmp_path / "nobody", ended.set):
        (page,) = children() - before
        os.kill(page, signal.SIGSTOP)
        assert not ended.is_set()
    assert ended.wait(WITHIN_S)
    assert page not in children()


def children() -> set[int]:
    """The processes that this one has started."""
    return {int(pid) for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()}


def test_a_folder_where_no_line_can_be_is_told_in_one_line(tmp_path: Path) -> None:
    far = tmp_path / ("far" * 40)
    far.mkdir()
    env = {**os.environ, "TMPDIR": str(far)}
    code, said = ran("run", "--hardware", "simulated", "--set", "page.port=0", env=env)
    assert code == 74
    assert len(said.splitlines()) == 1
    assert "the page can't follow the desk in" in said


def test_a_path_of_the_settings_is_no_fault_of_the_page(tmp_path: Path) -> None:
    file = tmp_path / ("far" * 100) / "journal.db"
    code, said = ran("run", "--hardware", "simulated", "--set", "page.port=0", "--set", f"journal.file={file}")
    assert code == 78
    assert len(said.splitlines()) == 1
    assert said.startswith(f'unsit: --set: journal.file = "{str(tmp_path)[:20]}')
    assert "can't be a path; allowed: a file; each name in it up to 255 bytes" in said
    assert "the page" not in said


def test_hands_that_were_given_up_while_the_page_stood_still_do_nothing_later(tmp_path: Path) -> None:
    called = threading.Event()
    asked: list[Any] = []
    line = Line(tmp_path / "line", called.set, asked.append)
    words = [sys.executable, "-m", "device", "page", "--line", str(tmp_path / "line"), "--set", "page.port=0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as page:
        assert page.stdout is not None
        address = page.stdout.readline().strip()
        assert called.wait(WITHIN_S)
        line.stand("device", version="1", simulated=True, began=0.0, settings=[])
        until(lambda: ask(address, "POST", "/hands", SIT, JSON)[0] == 204)
        until(lambda: asked != [])
        asked.clear()
        os.kill(page.pid, signal.SIGSTOP)
        host, port = address.removeprefix("http://").rstrip("/").split(":")
        head = (
            f"POST /hands HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(SIT)}"
        )
        for _ in range(5):
            with socket.create_connection((host, int(port)), timeout=WITHIN_S) as opened:
                opened.sendall(f"{head}\r\n\r\n".encode() + SIT)
        os.kill(page.pid, signal.SIGCONT)
        assert ask(address, "POST", "/hands", b'{"do": "skip", "to": true}', JSON)[0] == 204
        until(lambda: asked != [])
        page.terminate()
    line.close()
    assert asked == [{"do": "skip", "to": True}]


def test_where_the_library_is_missing_it_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "starlette.py").write_text("raise ModuleNotFoundError('no', name='starlette')\n")
    env = {"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin"}
    code, said = ran("run", "--hardware", "simulated", env=env)
    assert code == 69
    assert "the page takes starlette, which comes with `sudo make install-page`" in said
    assert "--terminal" in said


def test_the_end_waits_for_nobody_who_does_not_read_and_fills_no_log() -> None:
    words = [sys.executable, "-m", "device", "page", "--line", "/nowhere", "--set", "page.port=0"]
    with (
        subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as page,
        ExitStack() as opened,
    ):
        assert page.stdout is not None
        assert page.stderr is not None
        address = page.stdout.readline().strip()
        stretch = json.loads(ask(address, "GET", "/stretches.json")[1])[0]["id"]
        host, port = address.removeprefix("http://").rstrip("/").split(":")
        for _ in range(10):
            asks = opened.enter_context(socket.socket())
            asks.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
            asks.connect((host, int(port)))
            # One picture would find room on the way.
            asks.sendall(200 * f"GET /stretches/{stretch}.gif HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        # They have been answered as far as there is room, by the time that others have had their turn so often.
        for _ in range(200):
            assert ask(address, "GET", f"/stretches/{stretch}.gif")[0] == 200
        page.terminate()
        assert page.wait(WITHIN_S) == 0
        assert page.stderr.read() == ""


def test_without_power_no_second_is_counted(tmp_path: Path) -> None:
    with Rig(tmp_path).running() as rig:
        until(lambda: rig.hand("seat", True) == 204)
        rig.hand("speed", 600)
        until(lambda: rig.live.clock.now() > 600)
        rig.hand("power", False)
        until(lambda: not rig.live.levels["power"])
        at = rig.live.clock.now()
        until(lambda: rig.live.clock.now() > at + 1200)
        days = json.loads(rig.ask("GET", "/days.json")[1])["days"]
        # The power went a moment before or after that.
        assert sum(day["figures"]["seated_s"] for day in days) < at + 600


def test_settings_and_facts_reach_the_page_as_they_are(rig: Rig) -> None:
    with stream(rig) as page:
        told = b""
        while b'"kind": "panel"' not in told:
            told += page.recv(65536)
    device = json.loads(next(line for line in told.split(b"data: ") if b'"kind": "device"' in line).split(b"\n")[0])
    assert 'limits.due_after="30min"' in device["settings"]
