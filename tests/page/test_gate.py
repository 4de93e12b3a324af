"""The gate of the house: what strangers get, how a code is spent, and that paired phones take no notice."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from starlette.requests import Request
from starlette.routing import Mount, Route

from device.files.complaint import ComplaintError
from device.page.answers import Sources, app
from device.page.crowd import MOST_EACH, MOST_STRANGERS, Crowd, Ration
from device.page.door import Names
from device.page.follower import Follower
from device.page.gate import House, _called
from device.page.texts import Texts
from device.phones.phone_file import Phone, write_phones
from device.phones.phones import Phones, hash_of
from device.run.orders import TOO_MANY
from tests.waiting import apart, until

CODE = "ABC234"
JSON = {"content-type": "application/json"}
LOOKS = {"accept": "text/html,application/xhtml+xml", "sec-fetch-dest": "document"}
OWN_END = ("192.168.1.5", 8016)


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: str


class Device(Follower):
    """A device that pairs phones by a code, as the real one does."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / "nobody")
        self.file = folder / "phones.json"
        self.ordered: list[tuple[str, Any]] = []
        self.is_there = True
        self.crowded = 0
        """So many tries it doesn't even look at."""

    async def device(self, within_s: float) -> None:
        """It is known already."""

    async def order(self, do: str, to: Any) -> Mapping[str, Any]:
        """Do it as the real one."""
        self.ordered.append((do, to))
        if not self.is_there:
            raise ComplaintError("no device answers")
        if do == "pair" and self.crowded:
            self.crowded -= 1
            return {"fine": False, "why": TOO_MANY.told()}
        if do != "pair" or to["code"] != CODE:
            return {"fine": do != "pair"}
        write_phones(self.file, [Phone("0a0b0c0d", to["name"], to["hash"], None, None)])
        return {"fine": True, "phone": "0a0b0c0d", "name": to["name"]}

    @property
    def tried(self) -> list[Any]:
        """What was to pair."""
        return [to for do, to in self.ordered if do == "pair"]


class Door:
    """The page in the house, asked without a network."""

    def __init__(self, folder: Path) -> None:
        self.device = Device(folder)
        self.house = House(Phones(self.device.file), self.device, Crowd())
        self.has_rested()
        self.house.tries = Ration(5, 30.0, lambda: 0.0)

        def nothing(*_: object) -> Any:
            raise AssertionError("nobody may ask for that")

        fields: dict[str, Any] = dict.fromkeys(Sources.__dataclass_fields__, nothing)
        fields |= {"stretches": {}, "settings": [], "texts": Texts()}
        fields |= {"names": Names(("unsit.example",), house=True), "house": self.house}
        self.app = app(self.device, Sources(**fields))

    def has_rested(self) -> None:
        """Nobody has asked for a while; from now on time stands still."""
        self.house.asks = Ration(120, 0.5, lambda: 0.0)

    def ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = b"",
        *,
        sender: str = "192.168.1.20",
        scheme: str = "http",
    ) -> Answer:
        """One request; without a body it begins and says no more."""
        told: list[Any] = []

        said_all = asyncio.Event()

        async def receive() -> Any:
            if said_all.is_set() or body is None:
                await asyncio.Event().wait()
            said_all.set()
            return {"type": "http.request", "body": body}

        async def send(message: Any) -> None:
            told.append(message)

        said = {"host": "192.168.1.5:8016", **(headers or {})}
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": b"",
            "scheme": scheme,
            "server": OWN_END,
            "client": (sender, 4711),
            "peer": (sender, 4711),
            "root_path": "",
            "headers": [(name.lower().encode(), value.encode()) for name, value in said.items()],
        }
        apart(lambda: asyncio.run(self.app(scope, receive, send)))
        start = told[0]
        sent = {name.decode(): value.decode() for name, value in start["headers"]}
        text = b"".join(each.get("body", b"") for each in told[1:])
        return Answer(start["status"], sent, text.decode(errors="replace"))

    def paired(self) -> dict[str, str]:
        """What a phone that is paired from now on sends."""
        write_phones(self.device.file, [Phone("0a0b0c0d", "Mine", hash_of("token"), None, None)])
        return {"cookie": "unsit=token"}


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door(tmp_path)


def addresses(door: Door) -> list[str]:
    """All there are."""
    routes = [each.path for each in door.app.routes if isinstance(each, Route | Mount)]
    return [path.replace("{name}", "march.png") + ("/day/day.js" if path == "/static" else "") for path in routes]


def test_a_stranger_gets_the_same_answer_whatever_there_is_at_an_address(door: Door) -> None:
    there = [*addresses(door), "/welcome", "/phones"]
    assert len(there) > 10
    for headers in ({}, LOOKS):
        for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS"):
            nothing = door.ask(method, "/there/is/no/such.thing", headers)
            assert nothing.status == (200 if headers and method == "GET" else 401)
            for path in there:
                door.has_rested()
                assert door.ask(method, path, headers) == nothing, (method, path)
    nothing = door.ask("POST", "/there/is/no/such.thing", JSON, b"{}")
    for path in (each for each in there if each != "/pair"):
        door.has_rested()
        assert door.ask("POST", path, JSON, b"{}") == nothing, path
    assert "device" not in door.ask("GET", "/settings.json", {}).body.replace("this device isn't paired", "")


def test_a_browser_gets_the_page_that_says_how_to_pair_and_all_that_it_loads(door: Door) -> None:
    page = door.ask("GET", "/day", LOOKS)
    assert page.status == 200
    assert "<form" in page.body
    assert door.ask("GET", "/pair", {}).status == 204, "whether it still has to pair"
    assert door.ask("GET", "/pair", door.paired()).headers["location"] == "/"
    assert page.headers["cache-control"] == "no-store"
    loaded = [part.partition('"')[0] for part in page.body.split('"/static')[1:]]
    assert loaded
    for path in loaded:
        assert door.ask("GET", f"/static{path}").status == 200
    for path in ("/static/day/day.js", "/static/shared/../day/day.js", "/static/shared/pair.html"):
        assert door.ask("GET", path).status == 401


def test_no_answer_to_a_stranger_names_a_version_or_how_the_device_is(door: Door) -> None:
    door.device.latest = {"device": {"kind": "device", "version": "9.9.9", "simulated": False}, "standing": {}}
    for path in ("/", "/day", "/live", "/settings.json"):
        for headers in ({}, LOOKS):
            answer = door.ask("GET", path, headers)
            assert "9.9.9" not in answer.body + str(answer.headers)
            assert "server" not in answer.headers


@pytest.mark.parametrize("address", [f"/P/{CODE}", f"/p/{CODE}", f"/p/{CODE.lower()}"])
def test_a_code_that_is_read_is_spent_at_once_and_the_address_is_replaced(door: Door, address: str) -> None:
    answer = door.ask("GET", address, LOOKS)
    assert (answer.status, answer.headers["location"]) == (303, "/welcome")
    cookie = answer.headers["set-cookie"]
    token = cookie.split("=", 1)[1].split(";")[0]
    assert {each.strip() for each in cookie.split(";")[1:]} == {
        *("HttpOnly", "Max-Age=31536000", "Path=/", "SameSite=strict")
    }
    assert len(token) >= 40
    assert token not in door.device.file.read_text()
    assert door.device.tried[0]["hash"] == hash_of(token)
    assert door.ask("GET", "/day", {**LOOKS, "cookie": f"unsit={token}"}).status == 200
    again = door.ask("GET", address, {**LOOKS, "cookie": f"unsit={token}"})
    assert (again.status, again.headers["location"]) == (303, "/")
    assert len(door.device.tried) == 1


def test_over_tls_the_cookie_never_goes_without(door: Door) -> None:
    assert "Secure" in door.ask("GET", f"/P/{CODE}", LOOKS, scheme="https").headers["set-cookie"]


def test_a_code_may_be_typed_with_blanks_and_the_phone_given_a_name(door: Door) -> None:
    answer = door.ask("POST", "/pair", JSON, json.dumps({"code": "abc 234", "name": "  Anna's\n phone "}).encode())
    assert answer.status == 200
    assert json.loads(answer.body) == {"phone": "0a0b0c0d"}
    assert "unsit=" in answer.headers["set-cookie"]
    assert door.device.tried == [
        {"code": CODE, "hash": door.device.tried[0]["hash"], "name": "Anna's phone", "from": "192.168.1.20"}
    ]


@pytest.mark.parametrize("code", ["ZZZZZZ", "", "A", "ABC2345", "ÄBC234", "A" * 900, "ABC234\x00", "../../x"])
def test_every_wrong_code_is_refused_in_the_same_words_and_leaves_no_trace(door: Door, code: str) -> None:
    typed = door.ask("POST", "/pair", JSON, json.dumps({"code": code}).encode())
    assert (typed.status, typed.body) == (403, "this code doesn't count, or no longer\n")
    assert "set-cookie" not in typed.headers
    if code and "/" not in code:
        read = door.ask("GET", f"/P/{code}", LOOKS)
        assert (read.status, read.headers["location"]) == (303, "/pair#wrong")
        assert "set-cookie" not in read.headers
    assert not door.device.file.exists()


@pytest.mark.parametrize(("crowded", "status", "says"), [(1, 200, "phone"), (2, 429, "too many tries; wait a minute")])
def test_a_right_code_in_a_second_of_many_tries_is_tried_again_and_never_called_wrong(
    door: Door, monkeypatch: pytest.MonkeyPatch, crowded: int, status: int, says: str
) -> None:
    monkeypatch.setattr("device.page.gate._AGAIN_S", 0.0)
    door.device.crowded = crowded
    answer = door.ask("POST", "/pair", JSON, json.dumps({"code": CODE}).encode())
    assert answer.status == status
    assert says in answer.body


def test_without_a_device_a_code_is_told_so(door: Door) -> None:
    door.device.is_there = False
    assert door.ask("POST", "/pair", JSON, b'{"code": "ABC234"}').status == 503
    assert door.ask("GET", f"/P/{CODE}", LOOKS).headers["location"] == "/pair#nobody"


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("HEAD", LOOKS),
        ("POST", {**LOOKS, **JSON}),
        ("GET", {**LOOKS, "sec-purpose": "prefetch;prerender"}),
        ("GET", {**LOOKS, "purpose": "prefetch"}),
        ("GET", {**LOOKS, "purpose": "Prefetch"}),
        ("GET", {**LOOKS, "purpose": "preview"}),
        ("GET", {**LOOKS, "x-purpose": "preview"}),
        ("GET", {**LOOKS, "x-moz": "prefetch"}),
        (
            "GET",
            {"accept": LOOKS["accept"], "user-agent": "Mozilla/5.0 (Macintosh) facebookexternalhit/1.1 Twitterbot/1.0"},
        ),
        ("GET", {"accept": LOOKS["accept"], "user-agent": "WhatsApp/2.23.20.0 A"}),
        ("GET", {"accept": "image/avif,*/*"}),
        ("GET", {**LOOKS, "sec-fetch-dest": "iframe"}),
        ("GET", {}),
    ],
)
def test_a_code_is_not_spent_by_what_only_looks_ahead(door: Door, method: str, headers: dict[str, str]) -> None:
    assert door.ask(method, f"/P/{CODE}", headers).status == 401
    assert door.device.tried == []


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"content-type": "text/plain"}, b'{"code": "ABC234"}', 415),
        ({"content-type": "application/x-www-form-urlencoded"}, b"code=ABC234", 415),
        (JSON, b"{", 400),
        (JSON, b"[]", 400),
        (JSON, b'{"code": 5}', 400),
        (JSON, b'{"code": "ABC234", "name": 5}', 400),
        (JSON, b'{"code": "ABC234", "hash": "00"}', 400),
        (JSON, b'{"code": "ABC234", "name": "' + b"x" * 3000 + b'"}', 413),
        ({**JSON, "origin": "http://evil.example"}, b'{"code": "ABC234"}', 403),
        ({**JSON, "origin": "null"}, b'{"code": "ABC234"}', 403),
        ({**JSON, "sec-fetch-site": "cross-site"}, b'{"code": "ABC234"}', 403),
        ({**JSON, "host": "evil.example"}, b'{"code": "ABC234"}', 400),
    ],
)
def test_what_the_pair_page_never_sends_pairs_nobody(
    door: Door, headers: dict[str, str], body: bytes, status: int
) -> None:
    assert door.ask("POST", "/pair", headers, body).status == status
    assert door.device.tried == []


def test_ten_thousand_guesses_of_one_come_to_five_tries_and_nobody_else_notices(door: Door) -> None:
    """The device listens to three of them, see the tests of pairing."""
    came: Counter[int] = Counter()
    for number in range(10_000):
        body = json.dumps({"code": f"Z{number:05}"}).encode()
        came[door.ask("POST", "/pair", JSON, body, sender="192.168.1.66").status] += 1
    assert len(door.device.tried) == 5
    assert came[429] > 9_900
    assert set(came) == {403, 429}
    assert door.ask("GET", "/day", LOOKS, sender="192.168.1.66").status == 429
    assert door.ask("POST", "/pair", JSON, b'{"code": "ABC234"}', sender="192.168.1.20").status == 200


def test_who_has_the_right_code_may_pair_as_many_phones_as_there_are(door: Door) -> None:
    for _ in range(20):
        assert door.ask("POST", "/pair", JSON, b'{"code": "ABC234"}').status == 200
    door.device.is_there = False
    for _ in range(20):
        assert door.ask("POST", "/pair", JSON, b'{"code": "ABC234"}').status == 503


def test_a_paired_phone_is_never_kept_waiting_for_what_others_ask_even_from_its_own_address(door: Door) -> None:
    cookie = door.paired()
    for _ in range(200):
        door.ask("GET", "/day", LOOKS)
    assert door.ask("GET", "/day", LOOKS).status == 429
    for _ in range(200):
        assert door.ask("GET", "/said.js", cookie).status == 200


def test_a_stolen_cookie_is_worth_nothing_once_the_phone_is_forgotten(door: Door) -> None:
    cookie = door.paired()
    assert door.ask("GET", "/said.js", cookie).status == 200
    write_phones(door.device.file, [])
    assert door.ask("GET", "/said.js", cookie).status == 401
    assert door.ask("POST", "/orders", {**cookie, **JSON}, b'{"do": "sound", "to": true}').status == 401


@pytest.mark.parametrize("cookie", ["unsit=", "unsit=x", "unsit=" + "x" * 4000, "other=token", "unsit", "=;;=,"])
def test_a_cookie_that_is_none_of_ours_lets_nobody_in(door: Door, cookie: str) -> None:
    door.paired()
    assert door.ask("GET", "/said.js", {"cookie": cookie}).status == 401


@pytest.mark.parametrize("cookie", ['unsit="' + "\\" * 15_000 + '"', 'unsit="' + "\\1" * 7_500, "; unsit=" * 2_000])
def test_a_cookie_made_to_be_hard_to_read_takes_no_longer_than_another(door: Door, cookie: str) -> None:
    door.paired()
    begins = time.process_time()
    assert door.ask("GET", "/said.js", {"cookie": cookie}).status == 401
    assert time.process_time() - begins < 0.2


@pytest.mark.parametrize(
    "cookie", ["theme=dark; unsit=token", "unsit=token; theme=dark", 'a="b; unsit=token;c', "unsit=token;"]
)
def test_cookies_of_others_on_this_host_do_not_hide_ours(door: Door, cookie: str) -> None:
    door.paired()
    assert door.ask("GET", "/said.js", {"cookie": cookie}).status == 200


def test_the_device_hears_that_a_phone_was_here_once_an_hour(door: Door) -> None:
    cookie = door.paired()
    for _ in range(5):
        door.ask("GET", "/said.js", cookie)
    assert door.device.ordered == [("seen", {"phone": "0a0b0c0d"})]
    door.house._seen_at["0a0b0c0d"] -= 3601
    door.ask("GET", "/said.js", cookie)
    assert len(door.device.ordered) == 2


def test_a_name_that_points_here_without_being_ours_gets_nothing_even_with_the_cookie(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "Pi")
    cookie = door.paired()
    ours = [
        "pi",
        "pi.local",
        "PI.LOCAL:8016",
        "pi-2.local",
        "192.168.1.5",
        "192.168.1.5:8016",
        "127.0.0.1",
        "localhost",
    ]
    for host in [*ours, "unsit.example"]:
        assert door.ask("GET", "/said.js", {**cookie, "host": host}).status == 200, host
    others = ["evil.example", "192.168.1.6", "pi.local.evil.example", "xpi.local", "pi-x.local", "pi.localx", ""]
    for host in [*others, "[::1]", "192.168.1.5.evil.example", "evil.example:192.168.1.5"]:
        refused = door.ask("GET", "/said.js", {**cookie, "host": host})
        assert refused.status == 400, host
        assert "unsit.example" not in refused.body, "whom it answers is nobody's business"


def test_a_change_from_another_site_is_refused_though_the_cookie_comes_along(door: Door) -> None:
    cookie = {**door.paired(), **JSON}
    sound = b'{"do": "sound", "to": true}'
    for more in ({"origin": "http://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "same-site"}):
        assert door.ask("POST", "/orders", {**cookie, **more}, sound).status == 403
        assert door.ask("POST", "/hands", {**cookie, **more}, sound).status == 403
        assert door.ask("POST", "/forget", {**cookie, **more}, b'{"day": "2026-03-02"}').status == 403
    # A form of another site can't send JSON.
    form = {"cookie": "unsit=token", "content-type": "text/plain", "origin": "http://192.168.1.5:8016"}
    assert door.ask("POST", "/forget", form, b'{"day": "2026-03-02"}').status == 415


def test_a_link_from_another_site_leads_to_the_page_that_asks_again_with_the_cookie(door: Door) -> None:
    """A browser keeps a strict cookie back then; asked by our own page, it sends it."""
    led = {**LOOKS, "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    for path in ("/", "/day", "/nothing"):
        assert "/static/shared/pair.js" in door.ask("GET", path, led).body
    assert door.ask("GET", "/day", {**led, "sec-fetch-dest": "iframe"}).status == 403


def test_no_page_may_be_shown_in_a_frame_or_load_from_elsewhere(door: Door) -> None:
    for headers in (LOOKS, {**LOOKS, **door.paired()}):
        policy = door.ask("GET", "/day", headers).headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "default-src 'self'" in policy


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (iPhone; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Safari/604.1", "iPhone"),
        ("Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/130.0 Mobile Safari/537.36", "Android phone"),
        ("Mozilla/5.0 (Linux; Android 14; SM-X200) AppleWebKit/537.36 Chrome/130.0 Safari/537.36", "Android tablet"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) AppleWebKit/605.1 Version/18.0 Safari/605.1", "Safari on Mac"),
        ("curl/8.5", "Browser"),
        ("", "Browser"),
        ("\x07<script>", "Browser"),
    ],
)  # fmt: skip
def test_a_phone_that_gets_no_name_is_called_by_what_it_is(agent: str, name: str) -> None:
    asked = Request({"type": "http", "headers": [(b"user-agent", agent.encode())]})
    assert _called(asked) == name


# ---- the crowd


def test_one_address_with_many_connections_loses_its_oldest_and_nobody_elses() -> None:
    crowd = Crowd()
    gone: list[object] = []
    crowd.come(("192.168.1.20", 1), lambda: gone.append("mine"))
    for port in range(200):
        crowd.come(("192.168.1.66", port), lambda port=port: gone.append(port))  # type: ignore[misc]
    assert gone == list(range(200 - MOST_EACH))


def test_many_addresses_with_some_each_do_not_fill_the_house_and_paired_phones_stay() -> None:
    crowd = Crowd()
    gone: list[object] = []
    crowd.come(("192.168.1.20", 1), lambda: gone.append("mine"))
    crowd.trust(("192.168.1.20", 1), "0a0b0c0d")
    for port in range(1000):
        crowd.come((f"192.168.1.{100 + port % 50}", port), lambda port=port: gone.append(port))  # type: ignore[misc]
    assert len(gone) == 1000 - MOST_STRANGERS
    assert "mine" not in gone


def test_behind_a_proxy_are_many_so_its_connections_are_not_counted() -> None:
    crowd = Crowd(["127.0.0.1"])
    gone: list[object] = []
    for port in range(90):
        crowd.come(("127.0.0.1", port), lambda: gone.append(1))
    assert gone == []


def test_connections_that_ended_count_no_more() -> None:
    crowd = Crowd()
    gone: list[object] = []
    for port in range(500):
        crowd.come(("192.168.1.20", port), lambda: gone.append(1))
        if port % 2:
            crowd.trust(("192.168.1.20", port), "0a0b0c0d")
        crowd.go(("192.168.1.20", port))
    assert gone == []
    crowd.expel(())
    assert gone == []


def test_a_forgotten_phone_loses_all_its_connections_and_no_other_phone_does() -> None:
    crowd = Crowd()
    gone: list[str] = []
    for port, phone in enumerate(("mine", "theirs", "mine")):
        crowd.come(("192.168.1.20", port), lambda phone=phone: gone.append(phone))  # type: ignore[misc]
        crowd.trust(("192.168.1.20", port), phone)
        crowd.trust(("192.168.1.20", port), phone)
    crowd.expel({"theirs"})
    assert gone == ["mine", "mine"]


def test_a_ration_comes_back_with_time_and_is_each_addresss_own() -> None:
    now = 0.0
    ration = Ration(3, 10.0, lambda: now)
    assert [ration.take("a") for _ in range(5)] == [True, True, True, False, False]
    assert ration.take("b")
    now = 10.0
    assert [ration.take("a") for _ in range(2)] == [True, False]
    now = 1e6
    assert [ration.take("a") for _ in range(4)] == [True, True, True, False]


def test_what_did_no_harm_is_given_back() -> None:
    ration = Ration(2, 10.0)
    for _ in range(10):
        assert ration.take("a")
        ration.give_back("a")
    ration.give_back("nobody")
    assert [ration.take("a") for _ in range(3)] == [True, True, False]


def test_however_many_addresses_ask_the_memory_of_them_is_bounded() -> None:
    ration = Ration(3, 10.0)
    for number in range(5000):
        ration.take(str(number))
    assert len(ration._used) <= 1024


def test_behind_a_proxy_slow_strangers_are_few_and_nobody_else_notices(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("device.page.gate._SAYS_WITHIN_S", 0.5)

    def slow(sender: str) -> Answer:
        return door.ask("POST", "/pair", JSON, None, sender=sender)

    with ThreadPoolExecutor(4) as neighbours:
        begun = [neighbours.submit(slow, "192.168.1.66") for _ in range(4)]
        until(lambda: door.house.speaking.total() == 4)
        assert slow("192.168.1.66").status == 429
        assert door.ask("GET", "/said.js", door.paired()).status == 200
        assert door.ask("POST", "/pair", JSON, json.dumps({"code": CODE}).encode()).status == 200
        assert [each.result().status for each in begun] == [408] * 4
    assert not door.house.speaking, "who has gone takes no room"
    monkeypatch.setattr("device.page.gate._SLOW", 0)
    assert slow("192.168.1.67").status == 429
