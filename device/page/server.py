"""Serves the page with uvicorn: one process that sleeps until a request comes, and ends when it is told to."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import h11
import uvicorn
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.h11_impl import H11Protocol

from device.page.answers import CONNECTIONS, PageApp
from device.page.crowd import Crowd
from device.page.door import is_within, plain
from device.page.follower import Follower

_SAYS_WITHIN_S = 10.0
"""The time for a client to send its request, in seconds."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How the page is served."""

    crowd: Crowd | None = None
    """Limits the connections of strangers; None where there are none."""
    within: bool = False
    """Only for this computer, whoever else gets in by the socket."""
    proxies: Sequence[str] = ()
    """Whose word counts about who asks, and how."""
    idle_s: float | None = None
    """End after this long without a connection; None: never."""


def serve(follower: Follower, pages: PageApp, door: socket.socket, manner: Manner) -> None:
    """Serve until told to stop, or until nobody has been there for long enough."""
    quiet = _Quiet(manner.idle_s)
    asyncio.run(_serve_and_follow(follower, _config(pages, manner, quiet), door, quiet))


def _config(pages: PageApp, manner: Manner, quiet: _Quiet) -> uvicorn.Config:
    return uvicorn.Config(
        _asked_by(pages, manner.proxies),
        http=type("_Connection", (_Connection,), {"manner": manner, "quiet": quiet}),
        ws="none",
        access_log=False,
        server_header=False,
        log_config=None,
        # A stranger's bad request is no reason to fill the log.
        log_level="error",
        # Only uvicorn's own main loop, which we replace, keeps this up to date.
        date_header=False,
        # It would believe whoever asks from this computer; we believe the proxies that the settings name.
        proxy_headers=False,
        limit_concurrency=CONNECTIONS,
        # So many connections at most come in before the server can close one of them.
        backlog=CONNECTIONS,
        timeout_graceful_shutdown=1,
    )


def _asked_by(pages: PageApp, proxies: Sequence[str]) -> Any:
    """The pages, told whose connection it is and, if that is a proxy's, whom the proxy asks for."""
    believed: Any = ProxyHeadersMiddleware(pages, list(proxies)) if proxies else pages  # type: ignore[arg-type]

    async def ask(scope: Any, receive: Any, send: Any) -> None:
        if client := scope.get("client"):
            scope = {**scope, "client": (plain(client[0]), client[1])}
        await believed({**scope, "peer": scope.get("client")}, receive, send)

    return ask


async def _serve_and_follow(follower: Follower, config: uvicorn.Config, door: socket.socket, quiet: _Quiet) -> None:
    server = _Server(config, follower, quiet)
    following = asyncio.create_task(follower.run())
    following.add_done_callback(lambda _: server.end())
    await server.serve(sockets=[door])
    if following.done():
        # This task should still be running, so raise its error.
        following.result()
    following.cancel()


class _Quiet:
    """Notices when nobody has been connected for a while. Meanwhile nothing wakes up."""

    def __init__(self, lasts_s: float | None) -> None:
        self._lasts_s = lasts_s
        self._end: Callable[[], None] = lambda: None
        self._is_stirred = False
        self._ends: asyncio.TimerHandle | None = None

    def begin(self, end: Callable[[], None]) -> None:
        """From now on call `end` when it has been quiet for that long."""
        self._end = end
        # Whoever waited while the page started is there already.
        if not self._is_stirred:
            self.rest()

    def stir(self) -> None:
        """Somebody is there."""
        self._is_stirred = True
        if self._ends:
            self._ends.cancel()

    def rest(self) -> None:
        """Nobody is there any more."""
        self.stir()
        self._is_stirred = False
        if self._lasts_s is not None:
            self._ends = asyncio.get_running_loop().call_later(self._lasts_s, lambda: self._end())


# Patched: uvicorn 0.54 has no limit for how long a request may take to arrive, or an answer to be read.
class _Connection(H11Protocol):
    """Hangs up on a client that doesn't send its request in time, or doesn't read the answer."""

    manner = Manner()
    quiet = _Quiet(None)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.quiet.stir()
        manner = self.manner
        own_end, self._peer = (_end_of(transport, which) for which in ("sockname", "peername"))
        if len(self.connections) > 2 * CONNECTIONS or (manner.within and not is_within(own_end[0])):
            transport.abort()
            return
        if manner.crowd is not None:
            manner.crowd.come(self._peer, transport.abort)
        self.loop.call_later(_SAYS_WITHIN_S, self._look, None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Whoever was there has gone."""
        super().connection_lost(exc)
        if self.manner.crowd is not None:
            self.manner.crowd.go(self._peer)
        if not self.connections:
            self.quiet.rest()

    def give_up(self) -> None:
        """Hang up on a client that doesn't read its answer."""
        if self._unread:
            self.transport.abort()

    def _look(self, last: object) -> None:
        """`last` is how far the answer had come at the last look."""
        if self.transport.is_closing():
            return
        come = (self.cycle, self._unread)
        if come == last and (self._unread or self.conn.their_state in (h11.IDLE, h11.SEND_BODY)):
            self.transport.abort()
        else:
            self.loop.call_later(_SAYS_WITHIN_S, self._look, come)

    @property
    def _unread(self) -> int:
        """Bytes that still wait because the client doesn't read."""
        return self.transport.get_write_buffer_size()


def _end_of(transport: asyncio.Transport, which: str) -> tuple[str, int]:
    address, port, *_ = transport.get_extra_info(which) or ("", 0)
    return plain(address), port


# Patched: uvicorn 0.54 wakes ten times a second to see whether it should end, and raises a signal again at its end.
class _Server(uvicorn.Server):
    """Sleeps until a request comes. At the end it closes open pages first."""

    def __init__(self, config: uvicorn.Config, follower: Follower, quiet: _Quiet) -> None:
        super().__init__(config)
        self._follower, self._quiet = follower, quiet
        self._ended = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End at a signal. Don't raise it again: the process ends in order."""
        loop, numbers = asyncio.get_running_loop(), (signal.SIGINT, signal.SIGTERM)
        for number in numbers:
            loop.add_signal_handler(number, self.end)
        try:
            yield
        finally:
            for number in numbers:
                loop.remove_signal_handler(number)

    async def main_loop(self) -> None:
        """Wait for the end."""
        self._quiet.begin(self.end)
        await self._ended.wait()

    def end(self) -> None:
        """Finish the answers that have begun, but don't wait for clients that don't read."""
        self._follower.hang_up()
        for connection in list(self.server_state.connections):
            if isinstance(connection, _Connection):
                connection.give_up()
        self.should_exit = True
        self._ended.set()
