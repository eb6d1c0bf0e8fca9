"""The HTTP server: its limits, its door, and one log line for what is no HTTP at all."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from aiohttp import web
from aiohttp.http_exceptions import BadHttpMessage, BadHttpMethod, HttpProcessingError

from bot.web.door import MOST, Door

LINE_BYTES = 8190
"""Longest request line and header field; a callback has some hundred."""

HEADERS = 64
"""Header fields of a request."""

LINGER_SECONDS = 1.0
"""A refused body is read on for so long, that its sender sees the answer and not a reset."""

DRAIN_SECONDS = 15.0
"""How long requests under way are waited for at the end."""

_WORDED = (BadHttpMessage, BadHttpMethod)
_HINTS: dict[type[HttpProcessingError], str] = {BadHttpMethod: "这里只有 HTTP：HTTPS 由前面的反向代理负责"}

log = structlog.get_logger()


@asynccontextmanager
async def serving(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Serve ``app`` until the block ends, then finish what is under way.

    Yields:
        the port, also where ``port`` was 0.

    Raises:
        OSError: the address cannot be used.
    """
    # Compressed bodies are refused, not unpacked: what is small on the wire could be large in memory.
    runner = web.AppRunner(
        app,
        access_log=None,
        logger=_logger(),
        auto_decompress=False,
        lingering_time=LINGER_SECONDS,
        max_line_size=LINE_BYTES,
        max_field_size=LINE_BYTES,
        max_headers=HEADERS,
        shutdown_timeout=DRAIN_SECONDS,
    )
    door = Door(lambda: _protocol(runner))
    app.middlewares.insert(0, door.middleware)
    await runner.setup()
    try:
        listener = await asyncio.get_running_loop().create_server(door, host, port, backlog=MOST)
        try:
            yield int(listener.sockets[0].getsockname()[1])
        finally:
            listener.close()
    finally:
        await runner.cleanup()


def _protocol(runner: web.AppRunner) -> asyncio.Protocol:
    if runner.server is None:
        raise RuntimeError("the server was not set up")
    return runner.server()


def _logger() -> logging.Logger:
    """What aiohttp reports, as lines of our log; its own would quote what was sent."""
    logger = logging.Logger("http")
    logger.addHandler(_Lines())
    return logger


class _Lines(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, HttpProcessingError):
            kind = type(error)
            log.warning("http.refused", status=error.code, reason=_reason(error), hint=_HINTS.get(kind, ""))
        elif error is not None:
            log.error("http.failed", exc_info=error)


def _reason(error: HttpProcessingError) -> str:
    """The parser's words without the bytes that it quotes after them; other kinds begin with a quotation."""
    name = type(error).__name__
    return f"{name}: {error.message.partition(':')[0]}" if type(error) in _WORDED else name
