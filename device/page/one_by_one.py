"""Does work that takes time and memory one piece at a time, so that many requests use no more memory than one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

_Result = TypeVar("_Result")


class OneByOne:
    """One piece of work after the other."""

    def __init__(self, most: int, refusal: str = "") -> None:
        """At most `most` requests may wait; a further one gets the refusal."""
        self._most, self._refusal = most, refusal
        self._waiting = 0
        self._turn = asyncio.Lock()

    async def do(self, request: Request, work: Callable[[], _Result]) -> _Result:
        """Do the work on another thread, after the work that came before.

        A page that has been left is not waited for: raises ClientDisconnect.
        """
        if self._waiting >= self._most:
            raise HTTPException(503, self._refusal)
        self._waiting += 1
        try:
            async with self._turn:
                if await request.is_disconnected():
                    raise ClientDisconnect
                return await run_in_threadpool(work)
        finally:
            self._waiting -= 1
