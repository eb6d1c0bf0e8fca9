"""The long connection of a ``wecom-connection`` channel: this program calls WeCom, no public address is needed.

One robot has one connection. Who subscribes last has it, and who had it before is told and cut off; fighting over it
would help nobody. Subscribing too often locks the robot out for a while (wecom-openclaw-plugin #48), so every attempt
waits longer than the last, and what trying again cannot mend is left alone for a quarter of an hour.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from time import monotonic

import structlog
from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, ClientWSTimeout

from bot.chat.transport import LinkState
from bot.clock import Clock
from bot.config import channels
from bot.delivery.logbook import Logbook
from bot.errors import BotError, DeliveryError
from bot.platforms.links import TIMING, Pauses, Standing, Timing
from bot.platforms.wecom.codes import TOO_FAST
from bot.platforms.wecom.connection_ears import ConnectionEars
from bot.platforms.wecom.connection_socket import Ending, Socket
from bot.platforms.wecom.frames import MOST_BYTES, SUBSCRIBE, Frame, is_kick
from bot.platforms.wecom.wire import Wire

LEFT_ALONE = timedelta(minutes=15)
LOCKED_OUT = timedelta(minutes=10, seconds=30)
ODD = timedelta(minutes=1)
"""After a refusal nobody knows the meaning of."""

CLOSING_SECONDS = 2.0

KICKED = Ending(
    "被另一个程序顶下来了\uff0c同一个机器人只能有一处连接\uff1a请停掉另一处\uff0c15 分钟后再连\uff08重启就马上连\uff09",
    LEFT_ALONE,
    kicked=True,
)
_WRONG = Ending(
    "企业微信不认 bot_id 或 secret\uff1a请到管理后台重新复制\uff08要长连接的 Secret\uff09\uff0c改好 config.toml 再重启",
    LEFT_ALONE,
)
_REFUSED: Mapping[int, Ending] = {
    -1: Ending("企业微信忙\uff0c过一会儿再连"),
    TOO_FAST: Ending("连得太频繁\uff0c企业微信要我们等一等\uff0810 分钟后再连\uff09", LOCKED_OUT),
    93019: _WRONG,
    853000: _WRONG,
}
"""What follows from the code of a refused subscription."""

log = structlog.get_logger()


class WeComConnection:
    """A ``Link``.

    Args:
        wire: gets the connection while it stands.
        session: an open HTTP client; whoever made it closes it.
        on_kicked: called when another program has taken the robot over.
        timing: shorter in tests.
    """

    def __init__(
        self,
        channel: channels.WeComConnection,
        wire: Wire,
        ears: ConnectionEars,
        session: ClientSession,
        clock: Clock,
        logbook: Logbook,
        on_kicked: Callable[[], Awaitable[None]],
        timing: Timing = TIMING,
    ) -> None:
        self.name = channel.name
        self._channel = channel
        self._wire = wire
        self._ears = ears
        self._session = session
        self._clock = clock
        self._on_kicked = on_kicked
        self._timing = timing
        self._standing = Standing(channel.name, clock, logbook)

    @property
    def state(self) -> LinkState:
        """How it stands."""
        return self._standing.state

    async def run(self) -> None:
        """Keep one connection open until cancelled."""
        await self._ears.resume()
        pauses = Pauses(self._timing)
        while True:
            ending = await self._one_connection(pauses)
            log.warning("wecom.over", channel=self.name, reason=ending.reason)
            if ending.rest:
                await self._rest(ending.rest, ending.kicked)
            else:
                await asyncio.sleep(pauses.next())

    async def _one_connection(self, pauses: Pauses) -> Ending:
        try:
            async with asyncio.timeout(self._timing.connect):
                ws = await self._opened()
        except (ClientError, OSError, TimeoutError) as error:
            ending = Ending(f"连不上企业微信\uff08{type(error).__name__}\uff09")
            self._standing.down(ending.reason)
            return ending
        async with self._listening(ws) as socket:
            ending = await self._subscribed(socket) or await self._held(socket, pauses)
        self._standing.down(ending.reason, ending.since)
        return ending

    async def _opened(self) -> ClientWebSocketResponse:
        return await self._session.ws_connect(
            self._channel.url,
            autoping=False,  # a ping is a sign of life like any other frame
            max_msg_size=MOST_BYTES,
            timeout=ClientWSTimeout(ws_close=CLOSING_SECONDS),
        )

    @asynccontextmanager
    async def _listening(self, ws: ClientWebSocketResponse) -> AsyncIterator[Socket]:
        """The socket is read meanwhile; at the end of the program what is in hand is answered first."""

        async def take(frame: Frame) -> None:
            if is_kick(frame):
                socket.end(KICKED)
            else:
                await self._ears.take(frame)

        socket = Socket(self.name, ws, take, self._clock, self._timing)
        reading = asyncio.create_task(socket.listen())
        try:
            yield socket
        except asyncio.CancelledError:
            await self._ears.finish(self._timing.linger)
            raise
        finally:
            self._wire.socket = None
            reading.cancel()
            await asyncio.wait({reading})
            if not reading.cancelled() and (error := reading.exception()):
                log.error("wecom.reading_failed", channel=self.name, exc_info=error)
            await ws.close()

    async def _subscribed(self, socket: Socket) -> Ending | None:
        """Ask for the robot's messages; None when they come from now on."""
        body = {"bot_id": self._channel.bot_id, "secret": self._channel.secret.get_secret_value()}
        try:
            answer = await socket.ask(SUBSCRIBE, body)
        except DeliveryError as error:
            return Ending(f"订阅没有成\uff08{error}\uff09")
        if answer.errcode == 0:
            return None
        known = _REFUSED.get(answer.errcode) if answer.errcode is not None else None
        return known or Ending(f"企业微信不让订阅\uff08{answer.errcode}\uff09\uff0c一分钟后再试", ODD)

    async def _held(self, socket: Socket, pauses: Pauses) -> Ending:
        """Up until the end; the logbook hears meanwhile that the connection still stands."""
        self._wire.socket = socket
        self._standing.up()
        log.info("wecom.connected", channel=self.name)
        begun = monotonic()
        while not socket.over.done():
            await asyncio.wait({socket.over}, timeout=self._timing.silence)
            if not socket.over.done():
                self._standing.still()
        pauses.held(monotonic() - begun)
        return socket.over.result()

    async def _rest(self, rest: timedelta, kicked: bool) -> None:
        """Wait by whichever clock is the faster: one stops while the machine sleeps, the other may be put back."""
        until, enough = self._clock.now() + rest, monotonic() + rest.total_seconds()
        if kicked:
            await self._tell()
        while self._clock.now() < until and monotonic() < enough:  # noqa: ASYNC110 - no event tells a clock
            await asyncio.sleep(self._timing.look)

    async def _tell(self) -> None:
        try:
            await self._on_kicked()
        except BotError:  # /health/ready and the log say it all the same
            log.exception("wecom.kick_untold", channel=self.name)
