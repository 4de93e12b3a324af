"""Who may ask this server (its own pages, under a host name it knows), and what browsers may do with an answer."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from device.page.door import Names
from device.page.texts import Texts
from device.settings.settings import is_host

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

    def __init__(self, app: ASGIApp, names: Names, pages: Collection[str] | None, texts: Texts) -> None:
        """A link from elsewhere may lead to these pages.

        None means to any: then a phone's cookie doesn't come along, and what is there or not is nobody's business.
        """
        self._app = app
        self._names, self._pages, self._texts = names, pages, texts

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

        await (self._refusal(Request(scope)) or self._app)(scope, receive, send_guarded)

    def _refusal(self, request: Request) -> Response | None:
        headers = request.headers
        host = headers.get("host", "")
        if not self._names.has(_name(host), request.scope):
            # Otherwise strangers could point their host name here, and their script could read our page.
            return _refused(400, self._unknown(_name(host)))
        site = headers.get("sec-fetch-site", "same-origin")
        origin = headers.get("origin")
        follows = site in ("same-origin", "none") or self._follows_a_link(request)
        # A proxy in front of it may speak https to browsers.
        if not follows or (origin is not None and origin not in (f"http://{host}", f"https://{host}")):
            return _refused(403, self._texts.say("only a page from this address may ask for this"))
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            return _refused(413, self._texts.say("at most {count} bytes", count=LARGEST_BODY))
        return None

    def _follows_a_link(self, request: Request) -> bool:
        """Whether a person follows a link to a page, so that they see the address."""
        headers = request.headers
        opens = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
        here = self._pages is None or request.url.path in self._pages
        return opens and request.method == "GET" and here

    def _unknown(self, host: str) -> str:
        """The refusal of an unknown host name. It says what is allowed, and how to add a name."""
        say = self._texts.say
        name = re.sub(r"[^\w.:-]", "?", host)[:100]
        called = name or say("nothing")
        refusal = say("this page is not called {name}", name=called)
        if allowed := ", ".join(self._names.told):
            refusal = say("this page is not called {name}; allowed: {allowed}", name=called, allowed=allowed)
        line = f'hosts = ["{name}"]'
        add = say("to add it, put {line} under [page] in the settings file", line=line)
        return "; ".join([refusal, *([add] if is_host(name) else []), say("see docs/page.md")])


async def json_in(request: Request, texts: Texts) -> Any:
    """The JSON in the request. Raises HTTPException."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, texts.say("send it as application/json"))
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise HTTPException(413, texts.say("at most {count} bytes", count=LARGEST_BODY))
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, texts.say("this isn't JSON")) from error


def _refused(status: int, says: str) -> Response:
    return Response(f"{says}\n", status, media_type="text/plain")


def _name(host: str) -> str:
    """The host without its port."""
    return re.sub(r":[0-9]*$", "", host).lower()
