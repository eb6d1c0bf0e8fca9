"""One Stream connection from its opening to its end. Bad frames do not harm it; silence ends it."""

import asyncio
from datetime import datetime, timedelta
from time import monotonic

import structlog
from aiohttp import ClientConnectionError, ClientWebSocketResponse, WSMsgType

from bot.clock import Clock
from bot.errors import StoreError
from bot.platforms.dingtalk.ears import StreamEars
from bot.platforms.dingtalk.frames import Frame, acknowledgement, read_frame
from bot.platforms.links import Timing

AT_ONCE = 200
"""Messages being handled on one connection; a further one is not acknowledged, and DingTalk brings it again."""

SILENT = "钉钉那边没有声音了"
"""Why a connection is over on which nothing came for too long; what was said since then is gone."""

_ENDED = (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR)

log = structlog.get_logger()


class StreamSocket:
    """Reads frames and answers them.

    Args:
        over: resolved with a Chinese sentence when another connection is wanted. After a ``disconnect`` frame this one
            still stands, for the acknowledgements under way.
    """

    def __init__(self, name: str, ws: ClientWebSocketResponse, ears: StreamEars, clock: Clock, timing: Timing) -> None:
        self._name = name
        self._ws = ws
        self._ears = ears
        self._clock = clock
        self._timing = timing
        self._heard_at = (clock.now(), monotonic())
        self._hands: set[asyncio.Task[None]] = set()
        self._opened = monotonic()
        self.over: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    @property
    def age(self) -> float:
        """Seconds since it was opened."""
        return monotonic() - self._opened

    @property
    def heard_at(self) -> datetime:
        """When the last frame came."""
        return self._heard_at[0]

    @property
    def stands(self) -> bool:
        """Not closed yet."""
        return not self._ws.closed

    async def listen(self) -> None:
        """Read until the end of the connection."""
        watch = asyncio.create_task(self._watch())
        try:
            while (message := await self._ws.receive()).type not in _ENDED:
                if message.type is WSMsgType.PING:
                    await self._ws.pong(message.data)
                elif message.type is WSMsgType.TEXT:
                    await self._frame(message.data)
                if message.type is not WSMsgType.PONG:
                    self._heard_at = (self._clock.now(), monotonic())
        except ClientConnectionError:
            log.debug("stream.broken", channel=self._name)
        finally:
            watch.cancel()
            await self._ws.close()
            self._end("和钉钉的连接断了")

    async def retire(self) -> None:
        """Another connection has taken over: finish what is in hand, then close."""
        if self._hands:
            await asyncio.wait(self._hands, timeout=self._timing.linger)
        await self._ws.close()

    def _end(self, reason: str) -> None:
        if not self.over.done():
            self.over.set_result(reason)

    async def _watch(self) -> None:
        """End a connection that nobody speaks on; by the wall clock too, which a sleeping machine does not stop."""
        while True:
            await asyncio.sleep(self._timing.look)
            wall, steady = self._heard_at
            quiet = max(self._clock.now() - wall, timedelta(seconds=monotonic() - steady))
            if quiet.total_seconds() > self._timing.silence:
                self._end(SILENT)
                await self._ws.close()
                return

    async def _frame(self, raw: str) -> None:
        frame = read_frame(raw)
        if frame is None:
            log.warning("stream.bad_frame", channel=self._name, size=len(raw))
        elif frame.type == "CALLBACK":
            self._take(frame)
        elif frame.type == "EVENT":
            await self._send(acknowledgement(frame, data={"status": "SUCCESS"}))
        else:
            await self._send(acknowledgement(frame, data=frame.data))
            if frame.headers.topic == "disconnect":
                self._end("钉钉要换一个连接")

    def _take(self, frame: Frame) -> None:
        if len(self._hands) >= AT_ONCE:
            log.warning("stream.too_many_at_once", channel=self._name)
            return
        hand = asyncio.create_task(self._handle(frame))
        self._hands.add(hand)
        hand.add_done_callback(self._hands.discard)

    async def _handle(self, frame: Frame) -> None:
        try:
            verdict = await self._ears.hear(frame)
            await self._send(acknowledgement(frame, verdict.code, verdict.data))
            await verdict.then()
        except StoreError:  # not acknowledged either
            log.warning("stream.not_stored", channel=self._name, exc_info=True)
        except Exception:  # not acknowledged: DingTalk delivers it again
            log.exception("stream.not_handled", channel=self._name, frame=frame.headers.message_id)

    async def _send(self, text: str) -> None:
        """An acknowledgement that cannot be given any more brings the message back, which changes nothing."""
        try:
            await self._ws.send_str(text)
        except (ClientConnectionError, ConnectionError):
            log.info("stream.not_acknowledged", channel=self._name)
