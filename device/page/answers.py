"""What the server answers to each address: the pages, the days, the stretches, and what hands do."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from device.body.moving import moving
from device.files.complaint import Complaint, ComplaintError, ContentError
from device.history.level_curve import SLOT_HOURS
from device.journal.export import NothingKeptError
from device.page.door import Names
from device.page.follower import Follower
from device.page.follower import Message as Told
from device.page.gate import Gate, House
from device.page.guard import Guard, json_in
from device.page.one_by_one import OneByOne
from device.page.orders import pass_on
from device.page.streaming import STREAMS, Stream
from device.page.taking_away import ToTakeAway, taken_away
from device.page.texts import Texts
from device.phones.phone_file import Phone
from device.pictures.moving_pictures import moving_picture, still_picture
from device.settings.settings import Settings
from device.stretches.repertoire import left_out_by
from device.stretches.stretch import Stretch

_Result = TypeVar("_Result")
_LOOPBACK = ("127.0.0.1", "localhost")

CONNECTIONS = 100
"""Above this the server asks a client to come back later; above twice as many, it closes connections at once."""
_STATIC = Path(__file__).parent / "static"
_PAGES = {
    "/day": "day/day.html",
    "/stretches": "stretches/stretches.html",
    "/settings": "settings/settings.html",
    "/seat": "seat/seat.html",
    "/phones": "phones/phones.html",
    "/welcome": "welcome/welcome.html",
}
"""The pages by their addresses, besides the desk."""
_STARTS_WITHIN_S = 2.0
"""How long to wait for a device that starts together with the page."""
_A_WEEK = timedelta(days=6)
_MOST_DAYS = 400
_YEARS = range(2000, 2200)
_MAY_WAIT = 16
"""How many requests for days may wait."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the page gets its data."""

    days: Callable[[Follower, date, date, str], tuple[Mapping[str, Any], Complaint | None]]
    """The days in the journal from the first date to the last, and why it couldn't read more of them.

    They are those of the person of that name, or of everybody without one.

    This may take a while.
    """
    today: Callable[[Follower], date]
    stretches: Mapping[str, Stretch]
    in_force: Callable[[Follower], Settings]
    """The settings that the device goes by now."""
    week: Callable[[Follower], Mapping[str, Any]]
    """The plans, the hours and the calendars as they are now. This may take a while."""
    next_routine: Callable[[Follower], Mapping[str, Any]]
    """What the next break would show if it came now. This may take a while. Raises ContentError."""
    check: Callable[[object, Told | None], object]
    """Checks what a page asks the hands to do at a desk that stands so. Raises ComplaintError if they can't do it."""
    levels: Callable[[date], Sequence[tuple[float, float, float]]]
    """What an analog seat read on a day: each slot's first hour, lowest and highest level. Raises ComplaintError."""
    bouts: Callable[[date], list[tuple[datetime, datetime]]]
    """The finished bouts of a day, as beginning and end. Raises ComplaintError."""
    may_forget: Callable[[], bool]
    """Whether the page may delete anything."""
    forget: Callable[[date | datetime], bool]
    """Deletes the day, or the bout at that time; False if there is no finished bout. Raises ComplaintError."""
    recorded: Callable[[Follower], Mapping[str, Any]]
    """As `days`, for the recorded day that plays at the simulated desk; empty if none plays."""
    settings: Mapping[str, Any]
    """All settings as a page draws them; what holds now the device tells."""
    away: ToTakeAway
    texts: Texts
    names: Names = field(default_factory=Names)
    """The host names to which the page answers."""
    house: House | None = None
    """Who is let in; without it everybody is who reaches this computer."""
    phones: Callable[[], Sequence[Phone]] | None = None
    """The paired phones; None where nobody has to pair."""


class PageApp:
    """The page as an ASGI application. Each request is answered in the language in use at that moment."""

    def __init__(self, follower: Follower, spoken: Callable[[], str], sources: Callable[[str], Sources]) -> None:
        self._spoken = spoken
        self._app = lru_cache(maxsize=2)(lambda language: app(follower, sources(language)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(self._spoken())(scope, receive, send)


def app(follower: Follower, sources: Sources) -> Starlette:
    """The page as an ASGI application."""
    page, house = _Answers(follower, sources), sources.house
    pages = ("/", *_PAGES) if house is None else None
    guards = [Middleware(Guard, names=sources.names, pages=pages, texts=sources.texts)]
    if house is not None:
        guards += [Middleware(Gate, house=house, texts=sources.texts)]
    return Starlette(
        routes=[
            Route("/", page.front),
            *(Route(address, page.html) for address in _PAGES),
            Route("/live", page.live),
            Route("/days.json", page.days),
            Route("/levels.json", page.levels),
            Route("/bouts.json", page.bouts),
            Route("/download/{what}", page.download),
            Route("/forget", page.forget, methods=["POST"]),
            Route("/stretches.json", page.stretches),
            Route("/routine.json", page.routine),
            Route("/stretches/{name}", page.picture),
            Route("/settings.json", page.settings),
            Route("/week.json", page.week),
            Route("/recorded.json", page.recorded),
            Route("/phones.json", page.phones),
            Route("/said.js", page.said),
            Route("/hands", page.hands, methods=["POST"]),
            Route("/orders", page.orders, methods=["POST"]),
            Mount("/static", StaticFiles(directory=_STATIC)),
        ],
        middleware=guards,
        exception_handlers={HTTPException: page.refused, ClientDisconnect: _hung_up},
    )


class _Answers:
    """The answer to each address."""

    def __init__(self, follower: Follower, sources: Sources) -> None:
        self._follower = follower
        self._sources = sources
        self._texts = sources.texts
        too_many = self._texts.say("too many requests at once; try again")
        self._days_in_turn, self._pictures_in_turn = OneByOne(_MAY_WAIT, too_many), OneByOne(CONNECTIONS, too_many)
        self._moving = lru_cache(maxsize=64)(moving_picture)
        self._still = lru_cache(maxsize=64)(still_picture)
        self._figures = lru_cache(maxsize=64)(moving)

    async def front(self, _: Request) -> Response:
        """The virtual desk; the day page instead if the page follows a real device, or none."""
        device = await self._follower.device(_STARTS_WITHIN_S)
        if device is None or not device["simulated"]:
            return RedirectResponse("/day")
        return self._page("desk/desk.html")

    async def html(self, request: Request) -> Response:
        """The page at that address."""
        return self._page(_PAGES[request.url.path])

    def _page(self, name: str, status: int = 200, **values: object) -> Response:
        device = self._follower.latest.get("device")
        also = [*(["/"] if device and device["simulated"] else []), *(["/phones"] if self._sources.phones else [])]
        return HTMLResponse(self._texts.page(name, also, **values), status)

    async def said(self, _: Request) -> Response:
        return Response(self._texts.script(), media_type="text/javascript")

    async def settings(self, _: Request) -> Response:
        return JSONResponse(self._sources.settings)

    async def week(self, request: Request) -> Response:
        """The plans, the hours and the calendars as they are now."""
        told = await self._days_in_turn.do(request, lambda: self._sources.week(self._follower))
        return JSONResponse(told, headers={"cache-control": "no-store"})

    async def phones(self, request: Request) -> Response:
        """The paired phones, the one that asks first, and then those that were here last."""
        phones = self._sources.phones
        told = [] if phones is None else told_phones(phones(), request.scope.get("phone"))
        there = {"phones": told, "open": phones is None, "address": _from_elsewhere(request)}
        return JSONResponse(there, headers={"cache-control": "no-store"})

    async def live(self, request: Request) -> Response:
        if request.method != "GET":
            raise HTTPException(405)
        if self._follower.pages >= STREAMS:
            raise HTTPException(503, self._texts.say("{count} pages are open already; close one", count=STREAMS))
        house = self._sources.house
        return Stream(self._follower, house.look) if house else Stream(self._follower)

    async def days(self, request: Request) -> Response:
        today = self._sources.today(self._follower)
        last = self._date(request, "last", today)
        first = self._date(request, "first", last - _A_WEEK)
        if not 0 <= (last - first).days < _MOST_DAYS:
            raise HTTPException(400, self._texts.say("first to last must be 1 to {count} days", count=_MOST_DAYS))
        person = request.query_params.get("person", "")
        read = partial(self._sources.days, self._follower, first, last, person)
        days, trouble = await self._days_in_turn.do(request, read)
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
        """The bouts of a day, each with an instant that names it."""
        day = self._date(request, "day", self._sources.today(self._follower))
        bouts = await self._from_journal(request, lambda: self._sources.bouts(day))
        answer = {"bouts": [_named(*each) for each in bouts], "may_forget": self._sources.may_forget()}
        return JSONResponse(answer, headers={"cache-control": "no-store"})

    async def levels(self, request: Request) -> Response:
        """What an analog seat read on a day."""
        day = self._date(request, "day", self._sources.today(self._follower))
        curve = await self._from_journal(request, lambda: self._sources.levels(day))
        return JSONResponse({"slot": SLOT_HOURS, "curve": curve}, headers={"cache-control": "no-store"})

    async def download(self, request: Request) -> Response:
        """Something to take away, as a file."""
        last = self._date(request, "last", self._sources.today(self._follower))
        first = min(last, self._date(request, "first", last))
        what, away = request.path_params["what"], self._sources.away
        try:
            file = await self._from_journal(request, lambda: taken_away(what, away, self._follower, first, last))
        except NothingKeptError as error:
            said = self._texts.say("of {day} nothing is kept that could be played", day=last)
            raise HTTPException(409, said) from error
        if file is None:
            raise HTTPException(404)
        headers = {"content-disposition": f'attachment; filename="{file.name}"', "cache-control": "no-store"}
        return Response(file.content, media_type=file.kind, headers=headers)

    async def forget(self, request: Request) -> Response:
        """Delete the time when it wasn't the person."""
        what = _what_was_not_me(await json_in(request, self._texts))
        if what is None:
            raise HTTPException(400, self._texts.say("write it as {example}", example='{"day": "2026-03-02"}'))
        if not self._sources.may_forget():
            raise HTTPException(403, self._texts.say("from here the journal can only be read; `unsit forget` deletes"))
        if not await self._from_journal(request, lambda: self._sources.forget(what)):
            raise HTTPException(
                409, self._texts.say("no finished bout of that time is written down; that takes a minute")
            )
        return Response(status_code=204)

    async def _from_journal(self, request: Request, work: Callable[[], _Result]) -> _Result:
        try:
            return await self._days_in_turn.do(request, work)
        except ComplaintError as error:
            raise HTTPException(503, self._texts.tell(error.complaint)) from error

    async def recorded(self, request: Request) -> Response:
        """The recorded day that plays, as `days` tells days."""
        day = await self._days_in_turn.do(request, lambda: self._sources.recorded(self._follower))
        return JSONResponse(day, headers={"cache-control": "no-store"})

    async def stretches(self, _: Request) -> Response:
        asked = self._sources.in_force(self._follower).stretches
        told = [self._told(each, left_out_by(each, asked)) for each in self._sources.stretches.values()]
        return JSONResponse(told, headers={"cache-control": "no-store"})

    async def routine(self, request: Request) -> Response:
        """The routine of the next break."""
        try:
            told = await self._days_in_turn.do(request, lambda: self._sources.next_routine(self._follower))
        except ContentError as error:
            raise HTTPException(409, str(error)) from error
        return JSONResponse(told, headers={"cache-control": "no-store"})

    def _told(self, stretch: Stretch, left_out: Sequence[str]) -> Mapping[str, Any]:
        return {
            "id": stretch.id,
            "name": stretch.name,
            "area_id": stretch.area.value,
            "area": self._texts.say(stretch.area.value.replace("_", " ")),
            "why": stretch.why,
            "steps": [" ".join(page) for page in stretch.steps],
            "stop": stretch.stop,
            "caution": stretch.caution,
            "left_out_by": left_out,
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
            told = await self._pictures_in_turn.do(request, figures)
            return JSONResponse(told, headers={"cache-control": "max-age=3600"})
        drawn = await self._pictures_in_turn.do(
            request, partial(self._moving if kind == "gif" else self._still, stretch)
        )
        return Response(drawn, media_type=f"image/{kind}", headers={"cache-control": "max-age=3600"})

    async def refused(self, request: Request, error: Exception) -> Response:
        """Refuse in one line. A browser gets a page with links instead."""
        assert isinstance(error, HTTPException)
        if error.status_code == 404 and "text/html" in request.headers.get("accept", ""):
            # A long path is shortened.
            path = request.url.path if len(request.url.path) < 60 else f"{request.url.path[:60]}..."
            return self._page("shared/missing.html", 404, path=path)
        detail = {
            404: self._texts.say("there is nothing here"),
            405: self._texts.say("this address doesn't take that method"),
        }
        said = detail.get(error.status_code, error.detail)
        return Response(f"{said}\n", error.status_code, media_type="text/plain", headers=error.headers)

    async def hands(self, request: Request) -> Response:
        device = self._follower.latest.get("device")
        if device is None:
            raise HTTPException(503, self._texts.say("no device answers"))
        if not device["simulated"]:
            raise HTTPException(403, self._texts.say("a real device can only be watched from here"))
        asked = await json_in(request, self._texts)
        try:
            self._sources.check(asked, self._follower.latest.get("desk"))
        except ComplaintError as error:
            raise HTTPException(400, self._texts.tell(error.complaint)) from error
        await _is_awaited(request)
        if not await self._follower.say(asked):
            raise HTTPException(503, self._texts.say("no device answers"))
        return Response(status_code=204)

    async def orders(self, request: Request) -> Response:
        asked = await json_in(request, self._texts)
        await _is_awaited(request)
        return await pass_on(self._follower, asked, self._texts)


async def _is_awaited(request: Request) -> None:
    """Do nothing if the page has given up meanwhile, since it told the person so: raises ClientDisconnect."""
    # The loop has to notice that first.
    await asyncio.sleep(0)
    if await request.is_disconnected():
        raise ClientDisconnect


def told_phones(phones: Sequence[Phone], own: str | None) -> list[Mapping[str, Any]]:
    """The phones as the page lists them. What lets one in isn't among it."""
    listed = [*(each for each in phones if each.id == own), *(each for each in phones[::-1] if each.id != own)]
    return [
        {"id": each.id, "name": each.name, "own": each.id == own, "since": _iso(each.since), "seen": _iso(each.seen)}
        for each in listed
    ]


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")


def _named(begins: datetime, ends: datetime) -> Mapping[str, str]:
    """A bout as people read it, and the instant that names it."""
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


async def _hung_up(_: Request, __: Exception) -> Response:
    """The client is gone; that needs no line in the log."""
    return Response(status_code=400)


def _from_elsewhere(request: Request) -> str:
    """The page's address for another phone: as it was asked for, but for one that only this computer has."""
    url = request.url
    if url.hostname not in _LOOPBACK:
        return url.netloc
    return url.netloc.replace(url.hostname, f"{socket.gethostname().partition('.')[0]}.local", 1)
