"""Serves the page: what is so now, what was, and every stretch; and at the simulated desk takes what hands do."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar

import h11
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from device.files.complaint import Complaint, ComplaintError
from device.page.follower import Follower, Page
from device.page.moving import moving
from device.page.texts import Texts
from device.pictures.moving_pictures import moving_picture, still_picture
from device.settings.settings import is_host
from device.stretches.stretch import Stretch
from device.words.ports import PartError

_Result = TypeVar("_Result")

STREAMS = 16
"""So many pages may be open at once."""
_STATIC = Path(__file__).parent / "static"
_LARGEST_BODY = 2048
_QUIET_S = 12.0
"""A page that has heard nothing for so long is told that, so that each notices when the other has gone."""
_STARTS_WITHIN_S = 2.0
"""A device that is started together with the page may come a little later."""
_A_WEEK = timedelta(days=6)
_MOST_DAYS = 400
_YEARS = range(2000, 2200)
_CONNECTIONS = 100
"""With more, whoever asks is told to come back later; with twice as many, nobody is listened to."""
_SAYS_WITHIN_S = 10.0
"""Till whoever has connected has said what they want."""
_WAITING = 16
"""So many may wait for their days to be added up."""

HERE = ("127.0.0.1", "localhost")
"""The names of this computer to itself."""

_HEADERS = {
    "content-security-policy": "default-src 'self'; img-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the page has from what it shows."""

    days: Callable[[Follower, date, date], tuple[Mapping[str, Any], Complaint | None]]
    """Those from the first to the last, for which there is anything to tell, and what was in the way of more.

    May take a while.
    """
    today: Callable[[Follower], date]
    stretches: Mapping[str, Stretch]
    offered: frozenset[str]
    """Those that the settings leave in."""
    check: Callable[[object], object]
    """Raises ComplaintError for what hands can't do."""
    bouts: Callable[[date], list[tuple[datetime, datetime]]]
    """From when till when each bout of that day was that is over. Raises ComplaintError."""
    may_forget: Callable[[], bool]
    """Whether anything may be deleted from here."""
    forget: Callable[[date | datetime], bool]
    """Deletes the day, or the bout of that time; False where there was none that is over. Raises ComplaintError."""
    recorded: Callable[[Follower], Mapping[str, Any]]
    """The same for the recorded day that plays at the simulated desk; without a day while none does."""
    settings: Sequence[Mapping[str, str]]
    """The key of each setting and of each section of them, what it is for, and what it is by default."""
    texts: Texts
    hosts: tuple[str, ...] = ()
    """The names that it may be asked for by, besides those of this computer to itself."""


def serve(follower: Follower, sources: Sources, port: int, say: Callable[[str], None]) -> None:
    """Serve until told to stop. `say` is told the address. Raises PartError where the port can't be had."""
    # asyncio lets small answers go at once only where the protocol is named.
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind(("127.0.0.1", port))
        # Whoever comes from now on waits, and isn't turned away.
        door.listen()
    except OSError as error:
        raise PartError(f"page.port = {port}: {error.strerror}; allowed: a free one, or 0 for any") from error
    config = uvicorn.Config(
        app(follower, sources),
        http=_Connection,
        ws="none",
        loop="asyncio",
        access_log=False,
        server_header=False,
        log_config=None,
        # What strangers do wrong is theirs to know, and no reason to fill the log.
        log_level="error",
        # Kept up to date only in uvicorn's own main loop.
        date_header=False,
        limit_concurrency=_CONNECTIONS,
        # So many at the most are let in before any of them can be sent away again.
        backlog=_CONNECTIONS,
        timeout_graceful_shutdown=1,
    )
    server = _Server(config, follower)
    say(f"http://127.0.0.1:{door.getsockname()[1]}/")
    server.run(sockets=[door])
    if server.following is not None and not server.following.cancelled():
        # Whatever ended it before its time is to be seen.
        server.following.result()


class _Connection(H11Protocol):
    """Hangs up on whoever doesn't say in time what they want, or doesn't read it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > 2 * _CONNECTIONS:
            transport.abort()
            return
        self.loop.call_later(_SAYS_WITHIN_S, self._look, None)

    def give_up(self) -> None:
        """Hang up on whoever doesn't read what they asked for."""
        if self._unread:
            self.transport.abort()

    def _look(self, last: object) -> None:
        """`last` is how far it had come when this one was looked at before."""
        if self.transport.is_closing():
            return
        come = (self.cycle, self._unread)
        if come == last and (self._unread or self.conn.their_state in (h11.IDLE, h11.SEND_BODY)):
            self.transport.abort()
        else:
            self.loop.call_later(_SAYS_WITHIN_S, self._look, come)

    @property
    def _unread(self) -> int:
        """Bytes that there was no room for at the other end."""
        return self.transport.get_write_buffer_size()


class _Server(uvicorn.Server):
    """Sleeps until somebody asks for something, and lets open pages go first in the end."""

    def __init__(self, config: uvicorn.Config, follower: Follower) -> None:
        super().__init__(config)
        self._follower = follower
        self._ended = asyncio.Event()
        self.following: asyncio.Task[None] | None = None

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Who was asked to end, and has, hasn't died of a signal; uvicorn would raise it again."""
        loop, numbers = asyncio.get_running_loop(), (signal.SIGINT, signal.SIGTERM)
        for number in numbers:
            loop.add_signal_handler(number, self._end)
        try:
            yield
        finally:
            for number in numbers:
                loop.remove_signal_handler(number)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.following = asyncio.get_running_loop().create_task(self._follower.run())
        self.following.add_done_callback(lambda _: self._end())

    async def main_loop(self) -> None:
        """Wait for the end; uvicorn would look around for it ten times a second."""
        await self._ended.wait()

    def _end(self) -> None:
        # The server waits for all that is under way, but not for who doesn't read what was asked for.
        self._follower.hang_up()
        for connection in list(self.server_state.connections):
            if isinstance(connection, _Connection):
                connection.give_up()
        self.should_exit = True
        self._ended.set()


def app(follower: Follower, sources: Sources) -> Starlette:
    """The page as an ASGI application."""
    page = _Page(follower, sources)
    return Starlette(
        routes=[
            Route("/", page.front),
            Route("/day", page.day),
            Route("/live", page.live),
            Route("/days.json", page.days),
            Route("/bouts.json", page.bouts),
            Route("/forget", page.forget, methods=["POST"]),
            Route("/stretches.json", page.stretches),
            Route("/stretches/{name}", page.picture),
            Route("/settings.json", page.settings),
            Route("/recorded.json", page.recorded),
            Route("/said.js", page.said),
            Route("/hands", page.hands, methods=["POST"]),
            Mount("/static", StaticFiles(directory=_STATIC)),
        ],
        middleware=[Middleware(_Guard, hosts=(*HERE, *sources.hosts), texts=sources.texts)],
        exception_handlers={HTTPException: page.refused, ClientDisconnect: _hung_up},
    )


class _Page:
    """What is answered to each address."""

    def __init__(self, follower: Follower, sources: Sources) -> None:
        self._follower = follower
        self._sources = sources
        self._texts = sources.texts
        too_many = self._texts.say("too many ask at once; try again")
        self._days_in_turn, self._pictures_in_turn = _Turns(_WAITING, too_many), _Turns(_CONNECTIONS, too_many)
        self._moving = lru_cache(maxsize=64)(moving_picture)
        self._still = lru_cache(maxsize=64)(still_picture)
        self._figures = lru_cache(maxsize=64)(moving)

    async def front(self, _: Request) -> Response:
        """The virtual desk; where a real device is followed, or none, the day."""
        device = await self._follower.device(_STARTS_WITHIN_S)
        if device is None or not device["simulated"]:
            return RedirectResponse("/day")
        return HTMLResponse(self._texts.page("desk/desk.html"))

    async def day(self, _: Request) -> Response:
        return HTMLResponse(self._texts.page("day/day.html"))

    async def said(self, _: Request) -> Response:
        return Response(self._texts.script(), media_type="text/javascript")

    async def settings(self, _: Request) -> Response:
        return JSONResponse(self._sources.settings)

    async def live(self, request: Request) -> Response:
        if request.method != "GET":
            raise HTTPException(405)
        if self._follower.pages >= STREAMS:
            raise HTTPException(503, self._texts.say("{count} pages are open already; close one", count=STREAMS))
        return _Stream(self._follower)

    async def days(self, request: Request) -> Response:
        today = self._sources.today(self._follower)
        last = self._date(request, "last", today)
        first = self._date(request, "first", last - _A_WEEK)
        if not 0 <= (last - first).days < _MOST_DAYS:
            raise HTTPException(400, self._texts.say("first to last must be 1 to {count} days", count=_MOST_DAYS))
        days, trouble = await self._days_in_turn.do(lambda: self._sources.days(self._follower, first, last))
        told = {"today": today.isoformat(), "first": first.isoformat(), "last": last.isoformat()}
        said = "" if trouble is None else self._texts.tell(trouble)
        return JSONResponse({**told, **days, "trouble": said}, headers={"cache-control": "no-store"})

    def _date(self, request: Request, name: str, default: date) -> date:
        asked = request.query_params.get(name)
        if asked is None:
            return default
        say = self._texts.say
        try:
            day = date.fromisoformat(asked)
        except ValueError:
            raise HTTPException(400, say("{name}: write it as 2026-03-02", name=name)) from None
        if day.year not in _YEARS:
            raise HTTPException(
                400, say("{name}: allowed: {first} to {last}", name=name, first=_YEARS[0], last=_YEARS[-1])
            )
        return day

    async def bouts(self, request: Request) -> Response:
        """Those of a day, each with a time in it by which it is known."""
        day = self._date(request, "day", self._sources.today(self._follower))
        bouts = await self._from_journal(lambda: self._sources.bouts(day))
        answer = {"bouts": [_named(*each) for each in bouts], "may_forget": self._sources.may_forget()}
        return JSONResponse(answer, headers={"cache-control": "no-store"})

    async def forget(self, request: Request) -> Response:
        """Somebody says that it wasn't them who sat."""
        what = _what_was_not_me(await self._json(request))
        if what is None:
            raise HTTPException(400, self._texts.say("write it as {example}", example='{"day": "2026-03-02"}'))
        if not self._sources.may_forget():
            raise HTTPException(403, self._texts.say("from here the journal is only read; `unsit forget` deletes"))
        if not await self._from_journal(lambda: self._sources.forget(what)):
            raise HTTPException(409, self._texts.say("no bout that is over is written down of then; it takes a minute"))
        return Response(status_code=204)

    async def _from_journal(self, work: Callable[[], _Result]) -> _Result:
        try:
            return await self._days_in_turn.do(work)
        except ComplaintError as error:
            raise HTTPException(503, self._texts.tell(error.complaint)) from error

    async def _json(self, request: Request) -> Any:
        """What was sent."""
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise HTTPException(415, self._texts.say("send it as application/json"))
        try:
            return json.loads(await self._body(request))
        except (ValueError, RecursionError) as error:
            raise HTTPException(400, self._texts.say("that is no JSON")) from error

    async def _body(self, request: Request) -> bytes:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > _LARGEST_BODY:
                raise HTTPException(413, self._texts.say("at most {count} bytes", count=_LARGEST_BODY))
        return body

    async def recorded(self, _: Request) -> Response:
        """What the recorded day came to that plays."""
        day = await self._days_in_turn.do(lambda: self._sources.recorded(self._follower))
        return JSONResponse(day, headers={"cache-control": "no-store"})

    async def stretches(self, _: Request) -> Response:
        return JSONResponse([self._told(each) for each in self._sources.stretches.values()])

    def _told(self, stretch: Stretch) -> Mapping[str, Any]:
        return {
            "id": stretch.id,
            "name": stretch.name,
            "area": self._texts.say(stretch.area.value.replace("_", " ")),
            "why": stretch.why,
            "steps": [" ".join(page) for page in stretch.steps],
            "stop": stretch.stop,
            "caution": stretch.caution,
            "offered": stretch.id in self._sources.offered,
            "not_for": sorted(stretch.leave_out),
        }

    async def picture(self, request: Request) -> Response:
        name, _, kind = request.path_params["name"].partition(".")
        if name not in self._sources.stretches or kind not in ("gif", "png", "json"):
            raise HTTPException(404)
        stretch = self._sources.stretches[name]
        if kind == "json":
            asked = request.query_params.get("holds_s", "")
            holds_s = float(asked) if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3})?", asked) else None
            other_side = request.query_params.get("side") == "other"
            figures = partial(self._figures, stretch.figure, holds_s, other_side=other_side)
            told = await self._pictures_in_turn.do(figures)
            return JSONResponse(told, headers={"cache-control": "max-age=3600"})
        drawn = await self._pictures_in_turn.do(partial(self._moving if kind == "gif" else self._still, stretch))
        return Response(drawn, media_type=f"image/{kind}", headers={"cache-control": "max-age=3600"})

    async def refused(self, request: Request, error: Exception) -> Response:
        """In a line; whoever came by a wrong address finds the way from here."""
        assert isinstance(error, HTTPException)
        if error.status_code == 404 and "text/html" in request.headers.get("accept", ""):
            # Only as much of it as one can read.
            path = request.url.path if len(request.url.path) < 60 else f"{request.url.path[:60]}..."
            return HTMLResponse(self._texts.page("shared/missing.html", path=path), 404)
        detail = {404: self._texts.say("there is nothing here"), 405: self._texts.say("that isn't done like this")}
        said = detail.get(error.status_code, error.detail)
        return Response(f"{said}\n", error.status_code, media_type="text/plain", headers=error.headers)

    async def hands(self, request: Request) -> Response:
        device = self._follower.latest.get("device")
        if device is None:
            raise HTTPException(503, self._texts.say("no device answers"))
        if not device["simulated"]:
            raise HTTPException(403, self._texts.say("a real device is only looked at from here"))
        asked = await self._json(request)
        try:
            self._sources.check(asked)
        except ComplaintError as error:
            raise HTTPException(400, self._texts.tell(error.complaint)) from error
        # Who has gone meanwhile was told that it came to nothing; the end of it may lie right behind the words.
        await asyncio.sleep(0)
        if await request.is_disconnected():
            raise ClientDisconnect
        if not await self._follower.say(asked):
            raise HTTPException(503, self._texts.say("no device answers"))
        return Response(status_code=204)


def _named(begins: datetime, ends: datetime) -> Mapping[str, str]:
    """A bout as it is read, and the time by which it is known."""
    return {"since": f"{begins:%H:%M}", "until": f"{ends:%H:%M}", "at": begins.isoformat(timespec="milliseconds")}


def _what_was_not_me(asked: object) -> date | datetime | None:
    """A day, or the time of a bout; None for what is neither."""
    read = {"day": date.fromisoformat, "bout": datetime.fromisoformat}
    with suppress(AttributeError, ValueError, TypeError, KeyError):
        ((kind, text),) = asked.items()  # type: ignore[attr-defined]
        what: date | datetime = read[kind](text)
        zone = what.tzinfo if isinstance(what, datetime) else True
        return what if zone and what.year in _YEARS else None
    return None


class _Stream(StreamingResponse):
    """All that a page hears; its place is taken from the first moment on, and free again however it ends."""

    def __init__(self, follower: Follower) -> None:
        self._follower, self._page = follower, follower.open_page()
        # A proxy that gathers what it passes on would hold every word back; nginx takes this as a wish not to.
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        super().__init__(_events(follower, self._page), media_type="text/event-stream", headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._follower.close_page(self._page)


async def _events(follower: Follower, page: Page) -> AsyncIterator[str]:
    await follower.look()
    async for messages in page.messages(_QUIET_S):
        if not messages:
            await follower.look()
        yield "".join(f"data: {json.dumps(each)}\n\n" for each in messages or [{"kind": "beat"}])


class _Turns:
    """What takes time and memory is done one by one, so that however many ask it takes no more than for one."""

    def __init__(self, most: int, refusal: str = "") -> None:
        """So many may wait; who comes then is told that."""
        self._most, self._refusal = most, refusal
        self._waiting = 0
        self._turn = asyncio.Lock()

    async def do(self, work: Callable[[], _Result]) -> _Result:
        """Have it done on another thread, after those who came before."""
        if self._waiting >= self._most:
            raise HTTPException(503, self._refusal)
        self._waiting += 1
        try:
            async with self._turn:
                return await run_in_threadpool(work)
        finally:
            self._waiting -= 1


async def _hung_up(_: Request, __: Exception) -> Response:
    """Nobody is there to be told, and it is none of the log's business."""
    return Response(status_code=400)


class _Guard:
    """Refuses what no page of ours would ask for, and says with each answer what browsers may do with it."""

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
        # Whoever gets a name of theirs to point here still can't have our page read by their script.
        return _refused(400, _unknown(host, hosts, texts))
    site = headers.get("sec-fetch-site", "same-origin")
    origin = headers.get("origin")
    follows = site in ("same-origin", "none") or _follows_a_link(request)
    # A proxy before it may speak https to browsers.
    if not follows or (origin is not None and origin not in (f"http://{host}", f"https://{host}")):
        return _refused(403, texts.say("only pages from here may ask for this"))
    length = headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > _LARGEST_BODY:
        return _refused(413, texts.say("at most {count} bytes", count=_LARGEST_BODY))
    return None


def _refused(status: int, says: str) -> Response:
    return Response(f"{says}\n", status, media_type="text/plain")


def _name(host: str) -> str:
    """The host without its port."""
    return re.sub(r":[0-9]*$", "", host).lower()


def _unknown(host: str, hosts: Sequence[str], texts: Texts) -> str:
    """Where this page isn't asked for by one of its names: what is allowed, and how to have another."""
    name = re.sub(r"[^\w.:-]", "?", _name(host))[:100]
    called = name or texts.say("nothing")
    refusal = texts.say("this page is not called {name}; allowed: {allowed}", name=called, allowed=", ".join(hosts))
    line = f'hosts = ["{name}"]'
    add = texts.say("to add it, put {line} under [page] in the settings file", line=line)
    return "; ".join([refusal, *([add] if is_host(name) else []), texts.say("see docs/page.md")])


def _follows_a_link(request: Request) -> bool:
    """Somebody comes here from another page, and sees where they are."""
    headers = request.headers
    opens = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    return opens and request.method == "GET" and request.url.path in ("/", "/day")
