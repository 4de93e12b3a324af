"""Serves the page with uvicorn: one process that sleeps until a request comes, and ends when it is told to."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from device.page.answers import CONNECTIONS, PageApp
from device.page.follower import Follower
from device.words.ports import PartError

_SAYS_WITHIN_S = 10.0
"""The time for a client to send its request, in seconds."""


def serve(follower: Follower, pages: PageApp, port: int, say: Callable[[str], None]) -> None:
    """Serve until told to stop. `say` gets the address as text. Raises PartError if the port isn't free."""
    door = _door(port)
    say(f"http://127.0.0.1:{door.getsockname()[1]}/")
    asyncio.run(_serve_and_follow(follower, _config(pages), door))


def _door(port: int) -> socket.socket:
    """Open the port early: a client that connects before the page is ready waits and isn't turned away."""
    # asyncio sends small answers at once only if the protocol is named.
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind(("127.0.0.1", port))
        door.listen()
    except OSError as error:
        raise PartError(f"page.port = {port}: {error.strerror}; allowed: a free one, or 0 for any") from error
    return door


def _config(pages: PageApp) -> uvicorn.Config:
    return uvicorn.Config(
        pages,
        http=_Connection,
        ws="none",
        access_log=False,
        server_header=False,
        log_config=None,
        # A stranger's bad request is no reason to fill the log.
        log_level="error",
        # Only uvicorn's own main loop, which we replace, keeps this up to date.
        date_header=False,
        limit_concurrency=CONNECTIONS,
        # So many connections at most come in before the server can close one of them.
        backlog=CONNECTIONS,
        timeout_graceful_shutdown=1,
    )


async def _serve_and_follow(follower: Follower, config: uvicorn.Config, door: socket.socket) -> None:
    server = _Server(config, follower)
    following = asyncio.create_task(follower.run())
    following.add_done_callback(lambda _: server.end())
    await server.serve(sockets=[door])
    if following.done():
        # This task should still be running, so raise its error.
        following.result()


# Patched: uvicorn 0.54 has no limit for how long a request may take to arrive, or an answer to be read.
class _Connection(H11Protocol):
    """Hangs up on a client that doesn't send its request in time, or doesn't read the answer."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > 2 * CONNECTIONS:
            transport.abort()
            return
        self.loop.call_later(_SAYS_WITHIN_S, self._look, None)

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


# Patched: uvicorn 0.54 wakes ten times a second to see whether it should end, and raises a signal again at its end.
class _Server(uvicorn.Server):
    """Sleeps until a request comes. At the end it closes open pages first."""

    def __init__(self, config: uvicorn.Config, follower: Follower) -> None:
        super().__init__(config)
        self._follower = follower
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
        await self._ended.wait()

    def end(self) -> None:
        """Finish the answers that have begun, but don't wait for clients that don't read."""
        self._follower.hang_up()
        for connection in list(self.server_state.connections):
            if isinstance(connection, _Connection):
                connection.give_up()
        self.should_exit = True
        self._ended.set()
