"""Follows the device on its line, hands on what it says to every open page, and takes hands' words back."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

_log = logging.getLogger(__name__)

Message = Mapping[str, Any]

KEPT = 300
"""So many facts are told to a page that has just been opened."""
_AGAIN_S = 1.0
"""How soon a device that has gone is looked for again."""
_ANSWERS_WITHIN_S = 10.0
"""A device that is asked and says nothing for so long stands still."""
_LONGEST_LINE = 1 << 20
_GLANCE_S = 0.03
_PATIENCE = 1000
"""Messages that may wait for a page."""
_PASSING = ("fact", "sound", "afresh")
"""What has to be heard one by one; of all else only the latest matters."""


class Follower:
    """The page's end of the line, on the event loop of the server."""

    def __init__(self, line: Path) -> None:
        self._path = line
        self._writer: asyncio.StreamWriter | None = None
        # Both are replaced whole and never changed, since threads of the server read them.
        self.latest: Mapping[str, Message] = {"link": {"kind": "link", "up": False}}
        """What stands, by kind."""
        self.facts: tuple[Message, ...] = ()
        self._heard_at = self._asked_at = time.monotonic()
        self._pages: set[Page] = set()
        self._known = asyncio.Event()
        self._parent = os.getppid()

    async def device(self, within_s: float) -> Message | None:
        """What it is that is followed, if it says so within that time."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._known.wait(), within_s)
        return self.latest.get("device")

    async def run(self) -> None:
        """Follow for good; ends only when whoever started this process has gone and the device with them."""
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
        """Hear it out; where there are followers enough, that is not a word."""
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
        """Tell the device; False when there is none."""
        if self._writer is None:
            return False
        try:
            self._writer.write(json.dumps(message).encode() + b"\n")
            await self._writer.drain()
        except OSError:
            return False
        return True

    async def look(self) -> None:
        """See whether the device is still there, when it hasn't said a word for a while: one that sleeps answers."""
        now = time.monotonic()
        if self._asked_at > self._heard_at:
            if now - self._asked_at >= _ANSWERS_WITHIN_S and self.latest["link"]["up"]:
                self._hear({"kind": "link", "up": False, "silent": True})
        elif now - self._heard_at >= _ANSWERS_WITHIN_S:
            self._asked_at = now
            await self.say({"kind": "ask"})

    def instant(self) -> float:
        """The device's instant by now; of one that stands still, the last that it told."""
        told = self.latest["time"]
        at: float = told["at"]
        return at + (time.monotonic() - told["heard"]) * told["speed"] if self.latest["link"]["up"] else at

    def open_page(self) -> Page:
        """A page that will hear all there is to know, and then whatever comes."""
        page = Page()
        # One that was here before and lost its connection knows some of it already.
        page.put({"kind": "afresh"})
        for fact in self.facts:
            page.put(fact)
        for message in self.latest.values():
            page.put(_aged(message))
        self._pages.add(page)
        return page

    def close_page(self, page: Page) -> None:
        """It hears no more."""
        self._pages.discard(page)

    @property
    def pages(self) -> int:
        """How many are open."""
        return len(self._pages)

    def hang_up(self) -> None:
        """Let every page come to its end."""
        for page in self._pages:
            page.end()

    def _begin(self) -> None:
        self.latest, self.facts = {}, ()
        self._tell({"kind": "afresh"})
        self._hear({"kind": "link", "up": True})

    def _lose(self) -> None:
        if self.latest.keys() == {"link"} and not self.latest["link"]["up"]:
            return
        self._known.clear()
        self.latest = {}
        self._hear({"kind": "link", "up": False})

    def _hear(self, message: Message) -> None:
        kind = message["kind"]
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

    def _tell(self, message: Message) -> None:
        for page in self._pages:
            page.put(message)


def _aged(message: Message) -> Message:
    """Time has passed since its reading was told; to a newcomer that is told as well."""
    return message if message["kind"] != "time" else {**message, "age": time.monotonic() - message["heard"]}


class Page:
    """What one open page hasn't heard yet."""

    def __init__(self) -> None:
        self._passing: list[Message] = []
        self._standing: dict[str, Message] = {}
        self._news = asyncio.Event()
        self._ended = False

    def put(self, message: Message) -> None:
        """Something to hear."""
        if message["kind"] in _PASSING:
            self._passing.append(message)
            if len(self._passing) > _PATIENCE:
                self.end()
        else:
            self._standing[message["kind"]] = message
        self._news.set()

    def end(self) -> None:
        """No more comes."""
        self._ended = True
        self._passing.clear()
        self._standing.clear()
        self._news.set()

    async def messages(self, quiet_s: float) -> AsyncIterator[list[Message]]:
        """What there is to hear, as it comes; an empty list after so long without any."""
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
