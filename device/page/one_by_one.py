"""What takes time and memory is done in turn, so that many who ask cost no more than one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

_Result = TypeVar("_Result")


class OneByOne:
    """One piece of work after the other."""

    def __init__(self, most: int, refusal: str = "") -> None:
        """At most `most` may wait; anybody who comes then gets the refusal."""
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
