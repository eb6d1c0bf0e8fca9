"""The door of the server: whoever keeps a connection waiting is shown out.

aiohttp limits no number of connections, and its keep-alive time-out does not see who leaves an answer unread. Here a
connection has to bring a whole header in time, first and after every answer, and those who only wait never take the
last file descriptor.
"""

import asyncio
from collections.abc import Awaitable, Callable
from math import inf
from typing import cast

import structlog
from aiohttp import web

HEADER_SECONDS = 8.0
"""From the opening of a connection, or from an answer, to the end of the next header.

Idle connections are not kept longer than that: half a header may have come together with the request before it. The
time holds for the reader of an answer too.
"""

MOST = 500
"""Connections at a time: half of the 1024 file descriptors that a process commonly gets."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger()


class Door:
    """Stands between a listening socket and an aiohttp server.

    Args:
        server: makes aiohttp's protocol for a connection (``AppRunner.server``).
        most: connections at a time; one more, and the longest waiting has to go.
    """

    def __init__(self, server: Callable[[], asyncio.Protocol], *, most: int = MOST) -> None:
        self._server = server
        self._most = most
        self._inside: dict[asyncio.BaseTransport, _Visitor] = {}

    def __call__(self) -> asyncio.Protocol:
        """The protocol factory for ``loop.create_server``."""
        return _Visitor(self, self._server())

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The first of the application: a whole header has come, and later its answer is ready."""
        visitor = self._inside.get(request.transport) if request.transport else None
        if visitor is None:  # gone already
            return await handler(request)
        visitor.serve()
        try:
            return await handler(request)
        finally:
            visitor.rest()

    def enter(self, visitor: "_Visitor") -> None:
        """A connection was opened."""
        self._inside[visitor.transport] = visitor
        visitor.wait()
        if len(self._inside) > self._most:
            longest = min(self._inside.values(), key=lambda one: inf if one.until is None else one.until)
            longest.show_out("too many connections")

    def leave(self, visitor: "_Visitor") -> None:
        """A connection has ended."""
        self._inside.pop(visitor.transport, None)


class _Visitor(asyncio.Protocol):
    """One connection: passes everything on to aiohttp and watches the time."""

    transport: asyncio.Transport
    until: float | None = None
    """The loop's time by which a header has to be whole; None = being served."""

    def __init__(self, door: Door, inner: asyncio.Protocol) -> None:
        self._door = door
        self._inner = inner
        self._loop = asyncio.get_running_loop()
        self._timer: asyncio.TimerHandle | None = None
        self._idle = False  # answered, and not a byte since

    def wait(self) -> None:
        """A whole header has to come, or the connection ends."""
        self.until = self._loop.time() + HEADER_SECONDS
        if self._timer is None:
            self._look()

    def serve(self) -> None:
        """A request is under way; its handler minds the time."""
        self.until = None

    def rest(self) -> None:
        """The answer is ready; a further request may come."""
        if not self.transport.is_closing():
            self._idle = True
            self.wait()

    def show_out(self, reason: str) -> None:
        """End the connection; that an idle one ends is not worth a line."""
        if not self._idle:
            log.info("door.closed", reason=reason)
        self._stop_timer()
        self._door.leave(self)
        self.transport.abort()

    def _look(self) -> None:
        """Whether the time is up; one timer is enough for all the headers of a connection."""
        self._timer = None
        if self.until is None:
            return
        if self._loop.time() < self.until:
            self._timer = self._loop.call_at(self.until, self._look)
        else:
            self.show_out("no whole header in time")

    def _stop_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._inner.connection_made(transport)
        self._door.enter(self)

    def data_received(self, data: bytes) -> None:
        self._idle = False
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        self._door.leave(self)
        self._inner.connection_lost(exc)

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()
