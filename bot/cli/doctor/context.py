"""What a check gets to work with."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import aiohttp
from aiohttp import ClientSession, ClientTimeout, DummyCookieJar

from bot.cli.doctor.finding import Findings
from bot.cli.doctor.holder import Holder, Process, holder, listener, same
from bot.clock import Clock
from bot.config import Config
from bot.storage import Store

NEAR_SECONDS = 1.0
FAR_SECONDS = 2.5
"""How long one request may take, on this machine and beyond; with what a check does one after the other, less than
the five seconds that ``check`` may wait for networks in all."""

Running = Literal["ours", "other", "silent", "no"]
"""Our bot answers and holds the data; what answers is another bot; the data are held and nobody answers; neither."""


@dataclass(frozen=True)
class Context:
    """One look at an installation.

    Attributes:
        near, far: HTTP clients for this machine (never by a proxy) and for the world.
        holder: who holds the data folder.
        neighbour: who listens at our port, as far as the system shows it.
        copy: the data to read; None while there are none, or none that can be read.
    """

    config: Config
    folder: Path
    clock: Clock
    near: ClientSession
    far: ClientSession
    running: Running
    holder: Holder | None
    neighbour: Process | None
    copy: Store | None = None

    @property
    def store(self) -> Store:
        """The data, for checks that are run only where there are some."""
        if self.copy is None:
            raise LookupError("no data")
        return self.copy


Run = Callable[[Context], Awaitable[Findings]]


def address(config: Config) -> str:
    """Where our bot listens, as this machine calls it."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(config.server.host, config.server.host)  # noqa: S104  (compared)
    return f"http://{f'[{host}]' if ':' in host else host}:{config.server.port}"


@asynccontextmanager
async def look(config: Config, folder: Path, clock: Clock) -> AsyncIterator[Context]:
    """Open the clients and see who is there already."""
    async with (
        ClientSession(timeout=ClientTimeout(total=NEAR_SECONDS), cookie_jar=DummyCookieJar()) as near,
        ClientSession(timeout=ClientTimeout(total=FAR_SECONDS), cookie_jar=DummyCookieJar(), trust_env=True) as far,
    ):
        held, neighbour = holder(folder, clock.now()), listener(config.server.port)
        answers = await _answers(near, config)
        yield Context(config, folder, clock, near, far, _running(answers, held, neighbour), held, neighbour)


def _running(answers: bool, held: Holder | None, neighbour: Process | None) -> Running:
    if answers:
        return "ours" if held is not None and same(held, neighbour) else "other"
    return "silent" if held is not None else "no"


async def _answers(near: ClientSession, config: Config) -> bool:
    """Whether a bot answers at our address."""
    if not config.server.port:
        return False
    try:
        async with near.get(f"{address(config)}/health/live", allow_redirects=False) as answer:
            said = await answer.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return False
    return isinstance(said, dict) and said.get("status") == "ok"
