"""The platform's sending addresses on loopback, with the documented limits and faults on demand (path/99110)."""

import asyncio
import base64
import email
import email.policy
import hashlib
import json
import re
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
        headers: further lines of the answer's head.
        end: "answer", "reset" (after the body), "half" (of an answer), "hang" (no answer ever).
    """

    errcode: int = 0
    status: int = 200
    body: bytes | None = None
    takes: bool = False
    end: str = "answer"
    headers: str = ""


def new_session() -> aiohttp.ClientSession:
    """The session of the house: no connection is used twice."""
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True), trust_env=False)


class Fake:
    """A server on raw sockets, so that it can break wherever it likes.

    Attributes:
        taken: the messages that stand in the group.
        received, paths: how many bodies arrived, and at which addresses.
        next: what happens to the next ones; empty = the documented rules alone.
        uploads: name and bytes of what was uploaded, by media id.
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
        self.uploads: dict[str, tuple[str, bytes]] = {}
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
        original = (await reader.readuntil(b"\r\n\r\n")).decode()
        head = original.lower()
        assert "transfer-encoding" not in head
        size = int(head.split("content-length:")[1].split("\r\n")[0])
        raw = await reader.readexactly(size)
        self.received += 1
        self.paths.append(head.split(" ")[1])
        if "/upload_media?" in head:
            await self._end(self.next.popleft() if self.next else self._uploaded(original, raw), writer)
            return
        message = json.loads(raw)
        reply = self.next.popleft() if self.next else self._by_the_rules(message, head)
        if reply.takes or (reply.errcode == 0 and reply.end == "answer" and reply.status == 200 and reply.body is None):
            self.taken.append(message)
        await self._end(reply, writer)

    def _by_the_rules(self, message: dict[str, Any], head: str) -> Reply:
        if "/webhook/" in head and KEY not in head:
            return Reply(errcode=93000)
        if "/webhook/" not in head:
            return Reply()
        if message["msgtype"] in ("image", "file"):
            return self._by_the_minute() if self._known(message) else Reply(errcode=40123)
        text = message[message["msgtype"]]["content"]
        if not text:
            return Reply(errcode=93017)
        if len(text.encode()) > LIMITS[message["msgtype"]]:
            return Reply(errcode=40058)
        return self._by_the_minute()

    def _uploaded(self, head: str, raw: bytes) -> Reply:
        """A file of 5 bytes to 20 MB in the field "media" of a multipart form; its id holds three days."""
        assert f"key={KEY}&type=file" in head
        kind = head.split("Content-Type:")[1].split("\r\n")[0].strip()
        form = email.message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + raw, policy=email.policy.HTTP)
        (part,) = form.iter_parts()
        name = re.search(r'name="media"; filename="([^"]*)"', raw[:500].decode(errors="replace"))
        data = part.get_payload(decode=True)
        assert name
        if not 5 <= len(data) <= 20 * 2**20:
            return Reply(errcode=40006)
        media_id = f"media-{len(self.uploads) + 1}"
        self.uploads[media_id] = (name[1], data)
        answer = {"errcode": 0, "errmsg": "ok", "type": "file", "media_id": media_id, "created_at": "1380000000"}
        return Reply(body=json.dumps(answer).encode())

    def _known(self, message: dict[str, Any]) -> bool:
        """A picture of at most 2 MB whose MD5 is right, or a file that was uploaded."""
        if message["msgtype"] == "file":
            return message["file"]["media_id"] in self.uploads
        data = base64.b64decode(message["image"]["base64"])
        return len(data) <= 2 * 2**20 and message["image"]["md5"] == hashlib.md5(data).hexdigest()  # noqa: S324

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
        head = (
            f"HTTP/1.1 {reply.status} X\r\nLocation: /elsewhere\r\n{reply.headers}Content-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + (body[: len(body) // 2] if reply.end == "half" else body))
        await writer.drain()
