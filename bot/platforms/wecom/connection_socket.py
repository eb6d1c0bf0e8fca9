"""One long connection from its opening to its end. Bad frames do not harm it; silence ends it.

Every half minute the platform is asked for a sign of life. Without one it is asked once more, and without one to that
either the connection is dead, however alive it looks. The wall clock is watched too: a machine that has slept notices
at once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import structlog
from aiohttp import ClientConnectionError, ClientWebSocketResponse, WSMsgType

from bot.clock import Clock
from bot.errors import DeliveryError, NotSent, Undecided
from bot.platforms.links import Timing
from bot.platforms.wecom.exchange import BROKEN, Exchange
from bot.platforms.wecom.frames import EVENT, MESSAGE, PING, Frame, new_frame, read_frame

FRESH = 5.0
"""Seconds; a connection heard of so lately needs no proof of life."""

PROOF = 3.0
"""Seconds such a proof may take: what is sent afterwards needs the rest of its time."""

PINGS = 2

SILENT = "企业微信那边没有声音了"

_ENDED = (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR)

log = structlog.get_logger()


@dataclass(frozen=True)
class Ending:
    """Why a connection is over.

    Attributes:
        reason: a Chinese sentence.
        rest: how long to leave the platform alone; None = as long as after any loss.
        since: when it was last certainly alive, where that is not now.
        kicked: another program has taken the robot over.
    """

    reason: str
    rest: timedelta | None = None
    since: datetime | None = None
    kicked: bool = False


class Socket:
    """Reads frames, keeps watch, and asks.

    Args:
        take: gets each frame that wants something of us; nothing is read until it returns.

    Attributes:
        over: resolved at the end.
        heard_at: when the platform last gave a sign of life.
    """

    def __init__(
        self,
        name: str,
        ws: ClientWebSocketResponse,
        take: Callable[[Frame], Awaitable[None]],
        clock: Clock,
        timing: Timing,
    ) -> None:
        self._name = name
        self._ws = ws
        self._take = take
        self._clock = clock
        self._timing = timing
        self._exchange = Exchange(self._send, timing.ack)
        self.heard_at: datetime = clock.now()
        self._heard = monotonic()
        self.over: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()

    async def ask(
        self,
        cmd: str,
        body: Mapping[str, Any],
        req_id: str = "",
        *,
        seconds: float | None = None,
        passing: bool = False,
    ) -> Frame:
        """Send a command and return its acknowledgement; ``req_id`` is that of what it answers. See ``Exchange``."""
        frame = Frame(req_id, cmd, body) if req_id else new_frame(cmd, body, self._clock.now())
        return await self._exchange.ask(frame, seconds, passing=passing)

    async def prove(self) -> None:
        """Make sure that somebody is there: what is put on a dead line nobody could tell the fate of.

        Raises:
            NotSent: nobody is.
        """
        if self._quiet() > FRESH and not await self._answers(PROOF):
            raise NotSent("企业微信那边没有回应")

    def end(self, ending: Ending) -> None:
        """Give up this connection; the first reason counts."""
        if not self.over.done():
            self.over.set_result(ending)

    async def listen(self) -> None:
        """Read until the connection ends or ``over`` is resolved."""
        watch = asyncio.create_task(self._watch())
        pulse = asyncio.create_task(self._pulse())
        try:
            while (message := await self._ws.receive()).type not in _ENDED:
                self._heard, self.heard_at = monotonic(), self._clock.now()
                if message.type is WSMsgType.PING:
                    await self._ws.pong(message.data)
                elif message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    await self._frame(message.data)
        except ClientConnectionError:
            log.debug("wecom.broken", channel=self._name)
        finally:
            watch.cancel()
            pulse.cancel()
            self._exchange.close()
            self.end(Ending("和企业微信的连接断了"))

    async def _frame(self, raw: str | bytes) -> None:
        frame = read_frame(raw)
        if frame is None:
            log.warning("wecom.bad_frame", channel=self._name, size=len(raw))
        elif frame.cmd in (MESSAGE, EVENT):
            await self._take(frame)
        elif frame.cmd:
            log.info("wecom.unknown_command", channel=self._name, cmd=frame.cmd[:60])
        elif not self._exchange.acknowledged(frame):
            log.info("wecom.unexpected_ack", channel=self._name, errcode=frame.errcode)

    async def _send(self, text: str) -> None:
        if self._ws.closed:
            raise NotSent("连接已经断开")
        try:
            await self._ws.send_str(text)
        except (ClientConnectionError, ConnectionError):
            raise Undecided(BROKEN) from None

    def _quiet(self) -> float:
        """Seconds since the last sign of life, by whichever clock says more: one of them stops in a machine's sleep."""
        wall = (self._clock.now() - self.heard_at).total_seconds()
        return max(wall, monotonic() - self._heard)

    async def _answers(self, seconds: float) -> bool:
        """Whether the platform answers, or gives another sign of life meanwhile."""
        asked = monotonic()
        try:
            await self.ask(PING, {}, seconds=min(seconds, self._timing.ack))
        except DeliveryError:
            return self._heard > asked
        return True

    async def _pulse(self) -> None:
        while True:
            await asyncio.sleep(self._timing.ping)
            for _ in range(PINGS):
                if await self._answers(self._timing.ack):
                    break
            else:
                self.end(Ending(SILENT, since=self.heard_at))

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._timing.look)
            if self._quiet() > self._timing.silence:
                self.end(Ending(SILENT, since=self.heard_at))
