"""The stream of a page: every message of the device, as events over one connection."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from device.page.follower import Follower, OpenPage

STREAMS = 16
"""How many pages may be open at once."""
_QUIET_S = 12.0
"""After this long without a message a page gets a beat, so that each end notices if the other is gone."""


class Stream(StreamingResponse):
    """All that a page hears. The stream takes its place at once, and frees it at any kind of end."""

    def __init__(self, follower: Follower, look: Callable[[], None] = lambda: None) -> None:
        """`look` is called before anything is told: it hangs up if this page may hear no more."""
        self._follower, self._page = follower, follower.open_page()
        # A proxy that buffers answers would hold every event back. This header tells nginx not to buffer.
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        super().__init__(_events(follower, self._page, look), media_type="text/event-stream", headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._follower.close_page(self._page)


async def _events(follower: Follower, page: OpenPage, look: Callable[[], None]) -> AsyncIterator[str]:
    await follower.look()
    async for messages in page.messages(_QUIET_S):
        if not messages:
            await follower.look()
        look()
        yield "".join(f"data: {json.dumps(each)}\n\n" for each in messages or [{"kind": "beat"}])
