"""The page behind nginx, set up with the very lines of docs/page.md."""

from __future__ import annotations

import base64
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from device.run.line import Line
from tests.rig import ask
from tests.waiting import WITHIN_S, until

LINES = re.findall(r"```nginx\n(.*?)```", (Path(__file__).parents[2] / "docs/page.md").read_text("utf-8"), re.DOTALL)
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
LET_IN = {"Host": "pi.local", "Authorization": f"Basic {base64.b64encode(b'me:secret').decode()}"}


@pytest.fixture
def nginx() -> str:
    """The real one; on CI it has to be there."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("no nginx to put before the page: apt install nginx-light")
        pytest.skip("no nginx here: sudo apt install nginx-light")
    return found


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    line = Line(tmp_path / "line", lambda: None)
    yield line
    line.close()


@pytest.fixture
def page(tmp_path: Path) -> Iterator[str]:
    """Where the page is that follows the line, for whoever is on this computer."""
    words = [sys.executable, "-m", "device", "page", "--line", str(tmp_path / "line"), "--set", "page.port=0"]
    with subprocess.Popen([*words, "--set", 'page.hosts=["pi.local"]'], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


@pytest.fixture
def proxy(tmp_path: Path, nginx: str, page: str) -> Iterator[str]:
    """Where it is for everybody else."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (server,) = LINES
    users = tmp_path / "users"
    users.write_text("me:{PLAIN}secret\n")
    for documented, here in (
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("http://127.0.0.1:8016", page.rstrip("/")),
        ("/etc/nginx/unsit.users", str(users)),
    ):
        assert documented in server
        server = server.replace(documented, here)
    user = "user root;" if os.geteuid() == 0 else ""
    (tmp_path / "nginx.conf").write_text(AROUND.format(folder=tmp_path, user=user, server=server))
    with subprocess.Popen([nginx, "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]) as process:
        address = f"http://127.0.0.1:{port}/"

        def answers() -> bool:
            try:
                return ask(address, "GET", "/day", headers=LET_IN)[0] == 200
            except OSError:
                return False

        until(answers)
        yield address
        process.terminate()


def test_behind_nginx_as_documented_each_word_comes_at_once(line: Line, proxy: str) -> None:
    assert ask(proxy, "GET", "/day", headers={"Host": "pi.local"})[0] == 401
    host, port = proxy.removeprefix("http://").rstrip("/").split(":")
    with socket.create_connection((host, int(port)), timeout=WITHIN_S) as opened:
        head = "".join(f"{name}: {value}\r\n" for name, value in LET_IN.items())
        opened.sendall(f"GET /live HTTP/1.1\r\n{head}\r\n".encode())
        heard = b""
        while b'"up"' not in heard:
            heard += opened.recv(65536)
        until(lambda: line.followed)
        line.tell("fact", t=1.0, said=1.0, fact="sat", details={}, when=None, says="Somebody sits down.")
        while b"Somebody sits down." not in heard:
            heard += opened.recv(65536)


def test_behind_nginx_hands_of_its_own_page_are_let_through_and_those_of_others_are_not(line: Line, proxy: str) -> None:
    until(lambda: line.followed)
    line.stand("device", version="1", simulated=False, began=0.0, settings=[])
    for origin, says in (("http://pi.local", "a real device can only be"), ("http://evil.example", "only a page")):
        said = {**LET_IN, "content-type": "application/json", "Origin": origin}

        def is_told(said: dict[str, str] = said, says: str = says) -> bool:
            return ask(proxy, "POST", "/hands", b'{"do":"skip","to":true}', said)[1].startswith(says)

        until(is_told)
