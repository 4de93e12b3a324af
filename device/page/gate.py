"""The gate of the house: lets paired phones in, shows everybody else how to pair, and nothing besides."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from device.files.complaint import ComplaintError
from device.page.crowd import Crowd, Ration
from device.page.follower import Follower, Message
from device.page.guard import json_in
from device.page.texts import Texts, statics_in
from device.phones.phone_file import LONGEST_NAME
from device.phones.phones import Phones, hash_of
from device.run.orders import TOO_MANY
from device.words.instants import HOUR_S

COOKIE = "unsit"
_TOKEN = re.compile(rf"(?:^|;) *{COOKIE}=([\w-]{{1,64}}) *(?:;|$)", re.ASCII)
SPENDS = re.compile(r"/[Pp]/([^/]+)")
"""The address in the QR code. Its capitals make for a smaller code."""
_PAIRS = "/pair"
_PAGE = "shared/pair.html"
_STARTS_WITHIN_S = 2.0
_AGAIN_S = 1.1
"""After this the device takes tries again."""
_A_YEAR_S = 365 * 86400
_CODE = re.compile(r"[A-Z0-9]{6}")
_MEANT = str.maketrans("01OI", "QLQL")
"""No code has these letters: whoever types one has misread another."""
_SLOW_EACH, _SLOW = 4, 20
"""How many strangers of one address, and how many together, may be in the middle of what they send."""
_SAYS_WITHIN_S = 10.0
_PURPOSES = ("sec-purpose", "purpose", "x-purpose", "x-moz")
_PREVIEWS = re.compile("bot|facebookexternalhit|WhatsApp", re.IGNORECASE)
"""What a messenger calls itself when it fetches the address for the picture beside a link."""
_DEVICES = ("iPhone", "iPad", "Android", "Windows", "CrOS", "Macintosh", "Linux")
_BROWSERS = {"Firefox/": "Firefox", "FxiOS/": "Firefox", "Edg": "Edge", "Chrom": "Chrome", "Safari/": "Safari"}
"""Words in `User-Agent`, in the order in which they tell browsers apart, since each names its forebears."""


class House:
    """Who is let in: the paired phones. Strangers may ask now and then how to pair, and try a code."""

    def __init__(self, phones: Phones, follower: Follower, crowd: Crowd) -> None:
        self.crowd = crowd
        self.asks, self.tries = Ration(120, 0.5), Ration(5, 30.0)
        self.speaking: Counter[str] = Counter()
        """How many strangers of each address are in the middle of what they send."""
        self._phones, self._device = phones, follower
        self._let_in: frozenset[str] = frozenset()
        self._seen_at: dict[str, float] = {}
        self._telling: set[asyncio.Task[None]] = set()

    def look(self) -> None:
        """Hang up on phones that have been forgotten."""
        known = frozenset(each.id for each in self._phones.all())
        if known != self._let_in:
            self._let_in = known
            self.crowd.expel(known)

    def phone_of(self, token: str | None) -> str | None:
        """The id of the phone that has this token."""
        self.look()
        phone = self._phones.known(token) if token else None
        return phone.id if phone else None

    def seen(self, phone: str) -> None:
        """Let the device know that this phone was here, at most once an hour."""
        now = time.monotonic()
        if now - self._seen_at.get(phone, -HOUR_S) >= HOUR_S:
            self._seen_at[phone] = now
            telling = asyncio.create_task(self._tell_seen(phone))
            self._telling.add(telling)
            telling.add_done_callback(self._telling.discard)

    async def _tell_seen(self, phone: str) -> None:
        with suppress(ComplaintError):
            await self._device.order("seen", {"phone": phone})

    async def pair(self, code: str, name: str, sender: str) -> _Paired:
        """Try the code. All wrong codes have the same answer, be there one on the panel or not."""
        if not self.tries.take(sender):
            return _Paired(429, "later")
        if not code:
            return _Paired(403, "wrong")
        token = secrets.token_urlsafe(32)
        asked = {"code": code, "hash": hash_of(token), "name": name, "from": sender}
        # The code may be what has started this process.
        await self._device.device(_STARTS_WITHIN_S)
        try:
            answer = await self._tried(asked)
        except ComplaintError:
            self.tries.give_back(sender)
            return _Paired(503, "nobody")
        if _is_crowded_out(answer):
            return _Paired(429, "later")
        if not answer["fine"]:
            return _Paired(403, "wrong")
        self.tries.give_back(sender)
        return _Paired(200, token=token, phone=answer.get("phone", ""))

    async def _tried(self, asked: Message) -> Message:
        """The device's answer; once more after a second if others have used up all tries of this one."""
        answer = await self._device.order("pair", asked)
        if _is_crowded_out(answer):
            await asyncio.sleep(_AGAIN_S)
            answer = await self._device.order("pair", asked)
        return answer


def _is_crowded_out(answer: Message) -> bool:
    """Whether the device hasn't even looked at the code."""
    return not answer["fine"] and answer.get("why", {}).get("text") == TOO_MANY.text


@dataclass(frozen=True, slots=True)
class _Paired:
    """What came of a code."""

    status: int
    why: str = ""
    """Where the page says what went wrong."""
    token: str = ""
    phone: str = ""


class Gate:
    """Passes on what a paired phone asks, and answers everybody else itself, whatever they ask for."""

    def __init__(self, app: ASGIApp, house: House, texts: Texts) -> None:
        self._app = app
        self._house, self._texts = house, texts
        self._for_all = frozenset(statics_in(_PAGE))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        phone = self._house.phone_of(_token(request))
        if phone is None:
            await (await self._answered(request))(scope, receive, send)
            return
        self._house.crowd.trust(scope.get("peer") or ("", 0), phone)
        self._house.seen(phone)
        scope["phone"] = phone
        # A paired phone that reads the code again has nothing to do.
        again = request.method == "GET" and (request.url.path == _PAIRS or SPENDS.fullmatch(request.url.path))
        await (RedirectResponse("/", 303) if again else self._app)(scope, receive, send)
        self._house.look()

    async def _answered(self, request: Request) -> ASGIApp:
        try:
            return await self._to_stranger(request)
        except HTTPException as error:
            return Response(f"{error.detail}\n", error.status_code, media_type="text/plain")
        except ClientDisconnect:
            return Response(status_code=400)

    async def _to_stranger(self, request: Request) -> ASGIApp:
        sender = request.client.host if request.client else ""
        if not self._house.asks.take(sender):
            said = self._texts.say("too many requests at once; try again")
            return Response(f"{said}\n", 429, {"retry-after": "10"}, "text/plain")
        path = request.url.path
        if request.method == "POST" and path == _PAIRS:
            return await self._try_typed(request, sender)
        if request.method != "GET":
            return self._closed()
        if path in self._for_all:
            return self._app
        if not _is_looked_at(request):
            # The page that says how to pair asks whether it still has to.
            return Response(status_code=204) if path == _PAIRS else self._closed()
        spends = SPENDS.fullmatch(path)
        return await self._try_read(request, spends[1], sender) if spends else self._how_to_pair()

    def _closed(self) -> Response:
        said = self._texts.say("this device isn't paired: open the page in a browser")
        return Response(f"{said}\n", 401, {"cache-control": "no-store"}, "text/plain")

    def _how_to_pair(self) -> Response:
        # No error: browsers tell people of those as if something were broken.
        return HTMLResponse(self._texts.page(_PAGE), headers={"cache-control": "no-store"})

    async def _try_read(self, request: Request, written: str, sender: str) -> Response:
        """Spend the code of the address at once. The address is replaced, whatever comes of it."""
        paired = await self._house.pair(_code(written), _called(request), sender)
        if paired.why:
            return _kept_nowhere(RedirectResponse(f"{_PAIRS}#{paired.why}", 303))
        return _with_cookie(RedirectResponse("/welcome", 303), request, paired)

    async def _try_typed(self, request: Request, sender: str) -> Response:
        match await self._said(request, sender):
            case {"code": str() as code, "name": str() as name, **rest} if not rest:
                pass
            case {"code": str() as code, **rest} if not rest:
                name = ""
            case _:
                said = self._texts.say("write it as {example}", example='{"code": "ABC234", "name": "iPhone"}')
                return Response(f"{said}\n", 400, media_type="text/plain")
        paired = await self._house.pair(_code(code), _one_line(name) or _called(request), sender)
        if paired.why:
            return _kept_nowhere(Response(f"{self._refusal(paired.why)}\n", paired.status, media_type="text/plain"))
        return _with_cookie(JSONResponse({"phone": paired.phone}), request, paired)

    async def _said(self, request: Request, sender: str) -> Any:
        """What a stranger sends. Behind a proxy their connections aren't limited, so slow ones are few."""
        speaking = self._house.speaking
        if speaking[sender] >= _SLOW_EACH or speaking.total() >= _SLOW:
            raise HTTPException(429, self._refusal("later"))
        speaking[sender] += 1
        try:
            async with asyncio.timeout(_SAYS_WITHIN_S):
                return await json_in(request, self._texts)
        except TimeoutError:
            raise HTTPException(408, self._texts.say("what was sent came too slowly")) from None
        finally:
            speaking[sender] -= 1
            if not speaking[sender]:
                del speaking[sender]

    def _refusal(self, why: str) -> str:
        match why:
            case "later":
                return self._texts.say("too many tries; wait a minute")
            case "nobody":
                return self._texts.say("no device answers")
        return self._texts.say("this code doesn't count, or no longer")


def _token(request: Request) -> str | None:
    """The token in the cookie. Starlette's own reading takes time by the square of what a stranger sends."""
    found = _TOKEN.search("; ".join(request.headers.getlist("cookie")))
    return found[1] if found else None


def _is_looked_at(request: Request) -> bool:
    """Whether a person opens the address, so that they see what is answered, and nothing fetches it beforehand."""
    headers = request.headers
    if any(word in headers.get(name, "").lower() for name in _PURPOSES for word in ("prefetch", "preview")):
        return False
    if _PREVIEWS.search(headers.get("user-agent", "")):
        return False
    opens = headers.get("sec-fetch-dest", "document") == "document"
    return opens and "text/html" in headers.get("accept", "")


def _with_cookie(response: Response, request: Request, paired: _Paired) -> Response:
    response.set_cookie(
        COOKIE, paired.token, _A_YEAR_S, secure=request.url.scheme == "https", httponly=True, samesite="strict"
    )
    return _kept_nowhere(response)


def _kept_nowhere(response: Response) -> Response:
    response.headers["cache-control"] = "no-store"
    return response


def _code(written: str) -> str:
    """The code as the panel shows it, however it was typed; empty if it can't be one."""
    letters = re.sub(r"[\s-]", "", written[:LONGEST_NAME]).upper().translate(_MEANT)
    return letters if _CODE.fullmatch(letters) else ""


def _one_line(name: str) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in name[: 4 * LONGEST_NAME]).split())[
        :LONGEST_NAME
    ]


def _called(request: Request) -> str:
    """A name for the phone, from what its browser says about itself."""
    agent = request.headers.get("user-agent", "")
    browser = next((name for word, name in _BROWSERS.items() if word in agent), "")
    device = next((word for word in _DEVICES if word in agent), "")
    if device == "Android":
        return "Android phone" if "Mobile" in agent else "Android tablet"
    if device in ("iPhone", "iPad"):
        return device
    device = {"Macintosh": "Mac", "CrOS": "Chromebook"}.get(device, device)
    return " on ".join(filter(None, [browser, device])) or "Browser"
