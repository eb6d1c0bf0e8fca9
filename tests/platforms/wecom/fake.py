"""The platform's sending addresses on loopback, with the documented limits and faults on demand (path/99110)."""

import asyncio
import json
from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

import aiohttp

from bot.clock import Clock

LIMITS = {"text": 2048, "markdown": 4096}
KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"


@dataclass(frozen=True)
class Reply:
    """What happens to the next message.

    Attributes:
        errcode, status, body: the answer; ``body`` None = errcode as JSON.
        takes: whether the message stands in the group all the same.
        end: "answer", "reset" (after the body), "half" (of an answer), "hang" (no answer ever).
    """

    errcode: int = 0
    status: int = 200
    body: bytes | None = None
    takes: bool = False
    end: str = "answer"


def new_session() -> aiohttp.ClientSession:
    """The session of the house: no connection is used twice."""
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True), trust_env=False)


class Fake:
    """A server on raw sockets, so that it can break wherever it likes.

    Attributes:
        taken: the messages that stand in the group.
        received, paths: how many bodies arrived, and at which addresses.
        next: what happens to the next ones; empty = the documented rules alone.
        deaf: connections are reset before anything is read.
        clock: tells the minute for the limit of 20; None = no limit.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        self.taken: list[dict[str, Any]] = []
        self.received = 0
        self.paths: list[str] = []
        self.next: deque[Reply] = deque()
        self.deaf = False
        self.base = ""
        self._clock = clock
        self._times: list[Any] = []
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def webhook(self) -> str:
        return f"{self.base}/cgi-bin/webhook/send?key={KEY}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.base = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Stop listening: from now on connections are refused."""
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        try:
            await self._serve(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.deaf:
            writer.transport.abort()
            return
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        assert "transfer-encoding" not in head
        size = int(head.split("content-length:")[1].split("\r\n")[0])
        message = json.loads(await reader.readexactly(size))
        self.received += 1
        self.paths.append(head.split(" ")[1])
        reply = self.next.popleft() if self.next else self._by_the_rules(message, head)
        if reply.takes or (reply.errcode == 0 and reply.end == "answer" and reply.status == 200 and reply.body is None):
            self.taken.append(message)
        await self._end(reply, writer)

    def _by_the_rules(self, message: dict[str, Any], head: str) -> Reply:
        if "/webhook/" in head and KEY not in head:
            return Reply(errcode=93000)
        if "/webhook/" not in head:
            return Reply()
        text = message[message["msgtype"]]["content"]
        if not text:
            return Reply(errcode=93017)
        if len(text.encode()) > LIMITS[message["msgtype"]]:
            return Reply(errcode=40058)
        return self._by_the_minute()

    def _by_the_minute(self) -> Reply:
        if self._clock is None:
            return Reply()
        now = self._clock.now()
        self._times = [time for time in self._times if now - time < timedelta(seconds=60)]
        if len(self._times) >= 20:
            return Reply(errcode=45009)
        self._times.append(now)
        return Reply()

    async def _end(self, reply: Reply, writer: asyncio.StreamWriter) -> None:
        if reply.end == "hang":
            await asyncio.Event().wait()
        if reply.end == "reset":
            writer.transport.abort()
            return
        hint = "errmsg with https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=" + KEY
        body = json.dumps({"errcode": reply.errcode, "errmsg": hint}).encode() if reply.body is None else reply.body
        head = f"HTTP/1.1 {reply.status} X\r\nLocation: /elsewhere\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + (body[: len(body) // 2] if reply.end == "half" else body))
        await writer.drain()
