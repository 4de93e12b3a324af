"""The page in the house behind nginx and behind Caddy with TLS, set up with the very lines of docs/page.md."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.mosquitto import free_port
from tests.page.test_house import CODE, LOOKS, MINE, House, answer_on
from tests.waiting import WITHIN_S, until

DOCS = (Path(__file__).parents[2] / "docs/page.md").read_text("utf-8")
NAME = "unsit.home.arpa"
AROUND = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
{user}
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{server}
}}
"""
JSON = {"Content-Type": "application/json"}


class Proxy:
    """A proxy that speaks TLS to the house, and the page behind it."""

    def __init__(self, house: House, port: int) -> None:
        self.house, self._port = house, port
        # Nobody has signed for a certificate that one has made oneself.
        self._trust = ssl.create_default_context()
        self._trust.check_hostname, self._trust.verify_mode = False, ssl.CERT_NONE

    def connect(self) -> ssl.SSLSocket:
        """As a browser does."""
        plain = socket.create_connection(("127.0.0.1", self._port), WITHIN_S)
        return self._trust.wrap_socket(plain, server_hostname=NAME)

    def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: str = ""
    ) -> tuple[int, dict[str, str], str]:
        """One request; status, headers and body of the answer."""
        return answer_on(self.connect(), method, path, {"Host": NAME, **(headers or {})}, body)

    def say(self, words: str) -> bytes:
        """All that comes back to these words."""
        heard = b""
        with self.connect() as opened:
            opened.settimeout(2)
            opened.sendall(words.encode("latin1"))
            with suppress(OSError):
                while chunk := opened.recv(65536):
                    heard += chunk
        return heard

    @property
    def is_up(self) -> bool:
        """Whether it answers."""
        with suppress(OSError):
            return self.ask("GET", "/")[0] == 401
        return False


def lines(kind: str) -> str:
    """The lines for that proxy in the docs."""
    (found,) = re.findall(rf"```{kind}\n(.*?)```", DOCS, re.DOTALL)
    return str(found)


def replaced(text: str, *pairs: tuple[str, str]) -> str:
    """Each with what it is here; all of them have to be there."""
    for documented, here in pairs:
        assert documented in text
        text = text.replace(documented, here)
    return text


def command(name: str) -> str:
    """The real one; on CI it has to be there."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"no {name} to put before the page: sudo apt install {name}")
        pytest.skip(f"no {name} here: sudo apt install {name}")
    return found


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    tmp_path = tmp_path_factory.mktemp("house")
    house = House(tmp_path)
    settings = re.search(r"```toml\n(\[page\]\nreach = .*?)```", DOCS, re.DOTALL)
    assert settings
    (tmp_path / "unsit.toml").write_text(f"{settings[1]}port = 0\n")
    with house.running("--config", str(tmp_path / "unsit.toml")):
        until(lambda: house.line.followed)
        yield house
    house.line.close()


Before = Callable[[House, Path, int], list[str]]


def before_nginx(house: House, folder: Path, port: int) -> list[str]:
    nginx, (crt, key) = command("nginx"), (folder / "unsit.crt", folder / "unsit.key")
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    subprocess.run(
        [*made, "-keyout", key, "-out", crt, "-days", "2", "-subj", f"/CN={NAME}"], check=True, capture_output=True
    )
    server = replaced(
        lines("nginx"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        ("/etc/nginx/unsit.crt", str(crt)),
        ("/etc/nginx/unsit.key", str(key)),
        ("http://127.0.0.1:8016", f"http://127.0.0.1:{house.port}"),
    )
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user, server=server))
    return [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf")]


def before_caddy(house: House, folder: Path, port: int) -> list[str]:
    caddy = command("caddy")
    site = replaced(lines("caddy"), (NAME, f"{NAME}:{port}"), ("127.0.0.1:8016", f"127.0.0.1:{house.port}"))
    # Its certificates stay in this folder, and it doesn't ask the system to trust them.
    head = (
        f"{{\nadmin off\nskip_install_trust\nauto_https disable_redirects\nstorage file_system {folder / 'caddy'}\n}}\n"
    )
    (folder / "Caddyfile").write_text(head + site)
    return [caddy, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


@contextmanager
def standing(house: House, folder: Path, before: Before) -> Iterator[Proxy]:
    """That proxy, once it answers."""
    port = free_port()
    words = before(house, folder, port)
    with subprocess.Popen(
        words, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env={**os.environ, "HOME": str(folder)}
    ) as process:
        proxy = Proxy(house, port)
        try:
            until(lambda: proxy.is_up, f"{words[0]} to stand before the page")
            yield proxy
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def proxy(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with standing(house, tmp_path_factory.mktemp("nginx"), before_nginx) as it:
        yield it


@pytest.mark.parametrize("before", [before_nginx, before_caddy], ids=["nginx", "caddy"])
def test_behind_the_proxy_as_documented_a_phone_is_paired_by_tls_and_each_word_comes_at_once(
    house: House, tmp_path: Path, before: Before
) -> None:
    with standing(house, tmp_path, before) as proxy:
        lies = {"X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "http", "X-Forwarded-Host": "evil.example"}
        status, told, _ = proxy.ask("POST", "/pair", {**JSON, **lies}, json.dumps({"code": CODE}))
        assert status == 200
        assert "Secure" in told["set-cookie"]
        assert house.tried[-1]["from"] == "127.0.0.1", "what the proxy saw, not what the phone said"
        cookie = told["set-cookie"].split(";")[0]
        with proxy.connect() as opened:
            opened.sendall(f"GET /live HTTP/1.1\r\nHost: {NAME}\r\nCookie: {cookie}\r\n\r\n".encode())
            heard = b""
            while b'"up"' not in heard:
                heard += opened.recv(65536)
            house.line.tell("fact", t=1.0, said=1.0, fact="sat", details={}, when=None, says="Somebody sits down.")
            while b"Somebody sits down." not in heard:
                heard += opened.recv(65536)


def test_behind_nginx_changes_of_its_own_page_are_let_through_and_those_of_others_are_not(proxy: Proxy) -> None:
    proxy.house.pair()
    proxy.house.line.stand("device", version="1", simulated=False, began=0.0, settings=[])
    for origin, says in ((f"https://{NAME}", "a real device can only be"), ("https://evil.example", "only a page")):
        said = {**MINE, **JSON, "Origin": origin}

        def is_told(said: dict[str, str] = said, says: str = says) -> bool:
            return proxy.ask("POST", "/hands", said, '{"do":"skip","to":true}')[2].startswith(says)

        until(is_told)


SMUGGLED = f"GET /P/{CODE} HTTP/1.1\r\nHost: {NAME}\r\nAccept: text/html\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n"
"""What must not reach the page as it stands there."""


@pytest.mark.parametrize(
    "head",
    [
        # Two lengths: what one end takes for the body, the other would take for the next request.
        f"POST /pair HTTP/1.1\r\nContent-Length: {len(SMUGGLED)}\r\nTransfer-Encoding: chunked\r\n",
        f"POST /pair HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: {len(SMUGGLED)}\r\n",
        "POST /pair HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n",
        "POST /pair HTTP/1.1\r\nTransfer-Encoding : chunked\r\n",
        "POST /pair HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        # Lines within a line.
        "GET /said.js%20HTTP/1.1%0d%0aCookie:%20unsit=token HTTP/1.1\r\n",
        "GET /said.js HTTP/1.1\r\nX: y\rCookie: unsit=token\r\n",
        "GET /said.js HTTP/1.1\r\nX: y\r\n\tCookie: unsit=token\r\n",
        "GET /said.js HTTP/1.1\r\nX_Forwarded_For: 127.0.0.1\r\nX-Forwarded-For: 127.0.0.1, 127.0.0.1\r\n",
        "GET /said.js HTTP/1.1\r\nCookie:\x00unsit=token\r\n",
    ],
)
def test_nothing_is_smuggled_through_nginx(proxy: Proxy, head: str) -> None:
    proxy.house.pair()
    assert proxy.ask("GET", "/said.js", MINE)[0] == 200
    body = f"0\r\n\r\n{SMUGGLED}" if head.startswith("POST") else ""
    heard = proxy.say(f"{head}Host: {NAME}\r\nConnection: close\r\nContent-Type: application/json\r\n\r\n{body}")
    assert heard.partition(b"HTTP/1.1 ")[2][:3] in (b"400", b"401", b"415", b"501", b""), heard
    assert b"export const" not in heard
    assert {each["from"] for each in proxy.house.tried} <= {"127.0.0.1"}


def test_a_stranger_behind_nginx_gets_what_a_stranger_gets(proxy: Proxy) -> None:
    proxy.house.pair()
    for path in ("/day", "/days.json", "/nothing"):
        assert proxy.ask("GET", path)[0] == 401
        assert "<form" in proxy.ask("GET", path, LOOKS)[2]
    assert proxy.ask("GET", "/day", {**LOOKS, "Host": "evil.example"})[0] == 400
