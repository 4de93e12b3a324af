"""Who may ask this server (its own pages, under a host name it knows), and what browsers may do with an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from device.page.texts import Texts
from device.settings.settings import is_host

HERE = ("127.0.0.1", "localhost")
"""The names by which this computer calls itself."""
LARGEST_BODY = 2048
"""The most bytes in a request."""

_HEADERS = {
    "content-security-policy": "default-src 'self'; img-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class Guard:
    """Refuses requests that our pages never make, and tells browsers what they may do with an answer."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str], texts: Texts) -> None:
        self._app = app
        self._hosts, self._texts = hosts, texts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                # An update, or another device at the same address, is seen at once.
                headers.setdefault("cache-control", "no-cache")
            await send(message)

        refusal = _refusal(Request(scope), self._hosts, self._texts)
        await (refusal or self._app)(scope, receive, send_guarded)


def _refusal(request: Request, hosts: Sequence[str], texts: Texts) -> Response | None:
    headers = request.headers
    host = headers.get("host", "")
    if _name(host) not in hosts:
        # Otherwise strangers could point their host name here, and their script could read our page.
        return _refused(400, _unknown(host, hosts, texts))
    site = headers.get("sec-fetch-site", "same-origin")
    origin = headers.get("origin")
    follows = site in ("same-origin", "none") or _follows_a_link(request)
    # A proxy in front of it may speak https to browsers.
    if not follows or (origin is not None and origin not in (f"http://{host}", f"https://{host}")):
        return _refused(403, texts.say("only a page from this address may ask for this"))
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > LARGEST_BODY:
        return _refused(413, texts.say("at most {count} bytes", count=LARGEST_BODY))
    return None


def _refused(status: int, says: str) -> Response:
    return Response(f"{says}\n", status, media_type="text/plain")


def _name(host: str) -> str:
    """The host without its port."""
    return re.sub(r":[0-9]*$", "", host).lower()


def _unknown(host: str, hosts: Sequence[str], texts: Texts) -> str:
    """The refusal of an unknown host name. It says what is allowed, and how to add a name."""
    name = re.sub(r"[^\w.:-]", "?", _name(host))[:100]
    called = name or texts.say("nothing")
    refusal = texts.say("this page is not called {name}; allowed: {allowed}", name=called, allowed=", ".join(hosts))
    line = f'hosts = ["{name}"]'
    add = texts.say("to add it, put {line} under [page] in the settings file", line=line)
    return "; ".join([refusal, *([add] if is_host(name) else []), texts.say("see docs/page.md")])


def _follows_a_link(request: Request) -> bool:
    """Whether a person follows a link to this page, so that they see the address."""
    headers = request.headers
    opens = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    return opens and request.method == "GET" and request.url.path in ("/", "/day")
