"""Follows the device on its line. It passes messages on to every open page, and sends back what pages ask for."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import os
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from device.files.complaint import ComplaintError

_log = logging.getLogger(__name__)

Message = Mapping[str, Any]

KEPT = 300
"""How many facts a page hears when it opens."""
_AGAIN_S = 1.0
"""How often to look for a device that is gone."""
_ANSWERS_WITHIN_S = 10.0
"""A device that doesn't answer for this long has stopped."""
_DOES_WITHIN_S = 5.0
"""How long to wait for the answer to an order."""
_LONGEST_LINE = 1 << 20
_GLANCE_S = 0.03
_PATIENCE = 1000
"""The most messages that may wait for a page."""
_PASSING = ("fact", "sound", "afresh")
"""A page has to hear every message of these kinds; of the others only the latest matters."""


class NoAnswerError(ComplaintError):
    """No device answers an order. It may have been done or not."""


class Follower:
    """The page's end of the line, on the event loop of the server."""

    def __init__(self, line: Path) -> None:
        self._path = line
        self._writer: asyncio.StreamWriter | None = None
        # Both are replaced and never changed, since other threads read them.
        self.latest: Mapping[str, Message] = {"link": {"kind": "link", "up": False}}
        """The latest message of each kind."""
        self.facts: tuple[Message, ...] = ()
        self._heard_at = self._asked_at = time.monotonic()
        self._pages: set[OpenPage] = set()
        self._known = asyncio.Event()
        self._ordered: dict[int, asyncio.Future[Message]] = {}
        """The orders that wait for an answer, by their number."""
        self._number = itertools.count(1)
        self._parent = os.getppid()

    async def device(self, within_s: float) -> Message | None:
        """The message about the device itself; None if it doesn't come in time."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._known.wait(), within_s)
        return self.latest.get("device")

    async def run(self) -> None:
        """Follow until the process that started this one is gone, together with its device."""
        while os.getppid() == self._parent:
            try:
                reader, self._writer = await asyncio.open_unix_connection(str(self._path), limit=_LONGEST_LINE)
            except OSError:
                await asyncio.sleep(_AGAIN_S)
                continue
            try:
                await self._listen(reader)
            except OSError:
                pass
            except (ValueError, KeyError, TypeError) as error:
                _log.warning("what was said on the line isn't understood: %r", error)
            finally:
                self._writer.close()
                self._writer = None
                self._lose()
            await asyncio.sleep(_AGAIN_S)

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        """Read until the device hangs up. A device with too many followers says nothing at all."""
        line = await reader.readline()
        if line:
            self._begin()
        while line:
            self._heard_at = time.monotonic()
            if not self.latest["link"]["up"]:
                self._hear({"kind": "link", "up": True})
            self._hear(json.loads(line))
            line = await reader.readline()

    async def say(self, message: Message) -> bool:
        """Send it to the device; False if there is none."""
        if self._writer is None:
            return False
        try:
            self._writer.write(json.dumps(message).encode() + b"\n")
            await self._writer.drain()
        except OSError:
            return False
        return True

    async def order(self, do: str, to: object) -> Message:
        """Order something of the device and return its answer: `fine`, and if it isn't, a complaint as `why`.

        Raises NoAnswerError.
        """
        nth = next(self._number)
        answer: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._ordered[nth] = answer
        try:
            async with asyncio.timeout(_DOES_WITHIN_S):
                if await self.say({"kind": "order", "nth": nth, "do": do, "to": to}):
                    return await answer
        except TimeoutError:
            raise NoAnswerError("the device doesn't answer; look whether it has done that") from None
        finally:
            del self._ordered[nth]
        raise NoAnswerError("no device answers")

    async def look(self) -> None:
        """If the device has been silent for a while, ask whether it is still there. A device that sleeps answers."""
        now = time.monotonic()
        if self._asked_at > self._heard_at:
            if now - self._asked_at >= _ANSWERS_WITHIN_S and self.latest["link"]["up"]:
                self._hear({"kind": "link", "up": False, "silent": True})
        elif now - self._heard_at >= _ANSWERS_WITHIN_S:
            self._asked_at = now
            await self.say({"kind": "ask"})

    def instant(self) -> float:
        """The device's present instant; if it has stopped, the last one that it told."""
        told = self.latest["time"]
        at: float = told["at"]
        return at + (time.monotonic() - told["heard"]) * told["speed"] if self.latest["link"]["up"] else at

    def open_page(self) -> OpenPage:
        """Open a page. It hears everything so far, and then each new message."""
        page = OpenPage()
        # A page that lost its connection knows some of it already.
        page.put({"kind": "afresh"})
        for fact in self.facts:
            page.put(fact)
        for message in self.latest.values():
            page.put(_aged(message))
        self._pages.add(page)
        return page

    def close_page(self, page: OpenPage) -> None:
        """Stop telling that page."""
        self._pages.discard(page)

    @property
    def pages(self) -> int:
        """How many pages are open."""
        return len(self._pages)

    def hang_up(self) -> None:
        """End the stream of every page."""
        for page in self._pages:
            page.end()

    def _begin(self) -> None:
        self.latest, self.facts = {}, ()
        self._tell({"kind": "afresh"})
        self._hear({"kind": "link", "up": True})

    def _lose(self) -> None:
        for answer in self._ordered.values():
            if not answer.done():
                answer.set_exception(NoAnswerError("the device has gone; look whether it has done that"))
        if self.latest.keys() == {"link"} and not self.latest["link"]["up"]:
            return
        self._known.clear()
        self.latest = {}
        self._hear({"kind": "link", "up": False})

    def _hear(self, message: Message) -> None:
        kind = message["kind"]
        if kind == "answer":
            self._take(message)
            return
        if kind == "time":
            message = {**message, "heard": time.monotonic()}
        if kind == "fact":
            self.facts = (*self.facts, message)[-KEPT:]
        elif kind == "afresh":
            self.facts = ()
        elif kind not in _PASSING:
            self.latest = {**self.latest, kind: message}
        if kind == "device":
            self._known.set()
        self._tell(message)

    def _take(self, answer: Message) -> None:
        ordered = self._ordered.get(answer["nth"])
        # Who asked may have given up.
        if ordered is not None and not ordered.done():
            ordered.set_result({key: value for key, value in answer.items() if key not in ("kind", "nth")})

    def _tell(self, message: Message) -> None:
        for page in self._pages:
            page.put(message)


def _aged(message: Message) -> Message:
    """The message with the age of its reading, for a page that hears it late."""
    return message if message["kind"] != "time" else {**message, "age": time.monotonic() - message["heard"]}


class OpenPage:
    """What one open page hasn't heard yet."""

    def __init__(self) -> None:
        self._passing: list[Message] = []
        self._standing: dict[str, Message] = {}
        self._news = asyncio.Event()
        self._ended = False

    def put(self, message: Message) -> None:
        """Add a message."""
        if message["kind"] in _PASSING:
            self._passing.append(message)
            if len(self._passing) > _PATIENCE:
                self.end()
        else:
            self._standing[message["kind"]] = message
        self._news.set()

    def end(self) -> None:
        """End the stream after the messages so far."""
        self._ended = True
        self._passing.clear()
        self._standing.clear()
        self._news.set()

    async def messages(self, quiet_s: float) -> AsyncIterator[list[Message]]:
        """The messages as they come; an empty list if none comes for that time."""
        while not self._ended:
            try:
                await asyncio.wait_for(self._news.wait(), quiet_s)
            except TimeoutError:
                yield []
                continue
            self._news.clear()
            news = [*self._passing, *self._standing.values()]
            self._passing, self._standing = [], {}
            yield news
            # At 600x a desk changes hundreds of times a second; nobody could see that.
            await asyncio.sleep(_GLANCE_S)
