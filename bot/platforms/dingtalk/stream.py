"""The Stream connection of a ``dingtalk-stream`` channel: this program calls DingTalk, no public address is needed.

The life of a connection, as the platform's documents and the reports of those who run such robots have it: it is ended
by the server every one to three hours (a ``disconnect`` frame, or a close), sometimes it stops delivering in silence,
and what is said meanwhile is gone. So the next connection is opened before the last one is given up, a minute without
any frame counts as an end, and after an end the next attempt comes soon, but never at once.
"""

import asyncio

import structlog
from aiohttp import ClientSession

from bot.chat.transport import LinkState
from bot.clock import Clock
from bot.config.channels import DingTalkApp
from bot.delivery.logbook import Logbook
from bot.platforms.dingtalk import gateway
from bot.platforms.dingtalk.ears import StreamEars
from bot.platforms.dingtalk.gateway import NoConnection
from bot.platforms.dingtalk.stream_socket import SILENT, StreamSocket
from bot.platforms.links import TIMING, Pauses, Standing, Timing

log = structlog.get_logger()


class DingTalkStream:
    """A ``Link``.

    Args:
        session: an open HTTP client; whoever made it closes it.
        timing: shorter in tests.
    """

    def __init__(
        self,
        channel: DingTalkApp,
        ears: StreamEars,
        session: ClientSession,
        clock: Clock,
        logbook: Logbook,
        timing: Timing = TIMING,
    ) -> None:
        self.name = channel.name
        self._channel = channel
        self._ears = ears
        self._session = session
        self._clock = clock
        self._timing = timing
        self._standing = Standing(channel.name, clock, logbook)

    @property
    def state(self) -> LinkState:
        """How it stands."""
        return self._standing.state

    async def run(self) -> None:
        """Keep one connection open until cancelled."""
        pauses = Pauses(self._timing)
        async with asyncio.TaskGroup() as tasks:
            old: StreamSocket | None = None
            try:
                while True:
                    new = await self._opened(pauses, old)
                    listening = tasks.create_task(new.listen())
                    self._standing.up()
                    if old is not None:
                        tasks.create_task(old.retire())
                    old = new
                    await self._until_over(new)
                    pauses.held(new.age)
                    if not new.stands or new.age < self._timing.steady:
                        await asyncio.sleep(pauses.next())
            finally:
                if old is not None:
                    await old.retire()
                    listening.cancel()

    async def _opened(self, pauses: Pauses, old: StreamSocket | None) -> StreamSocket:
        """The next connection, however long it takes; each attempt has a ticket of its own."""
        while True:
            try:
                ticket = await gateway.ask(self._channel, self._session, self._timing.connect)
                ws = await gateway.connect(ticket, self._session, self._timing.connect)
            except NoConnection as error:
                if old is None or not old.stands:
                    self._standing.down(str(error))
                log.warning("stream.no_connection", channel=self.name, reason=str(error))
                await asyncio.sleep(pauses.next())
            else:
                log.info("stream.connected", channel=self.name)
                return StreamSocket(self.name, ws, self._ears, self._clock, self._timing)

    async def _until_over(self, socket: StreamSocket) -> None:
        """Wait for the end; the logbook hears meanwhile that the connection still stands."""
        while not socket.over.done():
            self._standing.still()
            await asyncio.wait({socket.over}, timeout=self._timing.silence)
        reason = socket.over.result()
        if not socket.stands or reason == SILENT:
            self._standing.down(reason, since=socket.heard_at if reason == SILENT else None)
        log.info("stream.over", channel=self.name, reason=reason, age=round(socket.age))
