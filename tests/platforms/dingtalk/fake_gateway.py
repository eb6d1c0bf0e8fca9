"""DingTalk's Stream on loopback: gateway, tickets good for one connection, deliveries that come again without an ack.

What it enforces is proved by the platform's own client (tests/platforms/peers/test_dingtalk_stream_sdk.py).
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from time import monotonic
from typing import Any

from aiohttp import WSMsgType, web

from tests.platforms.dingtalk.fake import FakeDingTalk

MESSAGES = "/v1.0/im/bot/messages/get"
CARDS = "/v1.0/card/instances/callback"


@dataclass
class Delivery:
    """One frame on its way: what it was, and when which acknowledgement came."""

    message_id: str
    data: str
    topic: str
    sent_at: float
    code: int | None = None
    ack: Any = None
    acked_at: float = 0.0


@dataclass(eq=False)
class Line:
    """One connection; ``deaf`` = it looks alive, and nothing is delivered on it any more."""

    held: web.WebSocketResponse | None
    deaf: bool = False
    raw: list[str] = field(default_factory=list)

    @property
    def ws(self) -> web.WebSocketResponse:
        assert self.held is not None, "the connection has ended"
        return self.held

    @property
    def closed(self) -> bool:
        return self.held is None or self.held.closed

    @property
    def good(self) -> bool:
        return not (self.deaf or self.closed)


@dataclass
class FakeGateway(FakeDingTalk):
    """Beside the open API: ``opens`` and ``lines`` are moments and connections, ``deliveries`` frames by their id."""

    opens: list[float] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    refused: int = 0
    tickets: set[str] = field(default_factory=set)
    spare: list[str] = field(default_factory=list)
    numbers: Any = field(default_factory=lambda: count(1))
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.server.app.router.add_post("/v1.0/gateway/connections/open", self._open)
        self.server.app.router.add_get("/connect", self._connect)

    @property
    def alive(self) -> list[Line]:
        """Connections that deliveries go to, the newest last."""
        return [line for line in self.lines if line.good]

    async def until(self, done: Callable[[], object], seconds: float = 10.0) -> None:
        """Wait until something is so; looked at whenever anything happens here."""
        async with asyncio.timeout(seconds), self.news:
            while not done():
                await self.news.wait()

    async def tell(self) -> None:
        async with self.news:
            self.news.notify_all()

    async def push(self, body: dict[str, Any], topic: str = MESSAGES, message_id: str = "", on: int = -1) -> Delivery:
        """Deliver a message on a connection that is up, as the platform spreads them."""
        await self.until(lambda: self.alive)
        name = message_id or f"frame-{next(self.numbers)}"
        made = Delivery(name, json.dumps(body, ensure_ascii=False), topic, monotonic())
        self.deliveries[name] = made
        await self.alive[on].ws.send_str(frame(name, topic, made.data))
        return made

    async def acked(self, delivery: Delivery, seconds: float = 10.0) -> Delivery:
        await self.until(lambda: delivery.code is not None, seconds)
        return delivery

    async def posted(self, number: int = 1, seconds: float = 10.0) -> list[dict[str, Any]]:
        """What readers see, once there is so much of it."""
        await self.until(lambda: len(self.posts) >= number, seconds)
        return self.posts

    async def redeliver(self) -> int:
        """What nobody has acknowledged comes again, in a new frame, as after a minute; how much that was."""
        waiting = [one for one in self.deliveries.values() if one.code is None]
        for one in waiting:
            await self.push(json.loads(one.data), one.topic)
            one.code = 0  # followed up by the new one
        return len(waiting)

    async def disconnect(self) -> None:
        """As the server changes a connection: it says so, and delivers nothing on it from then on."""
        line = self.alive[-1]
        line.deaf = True
        name = f"frame-{next(self.numbers)}"
        await line.ws.send_str(frame(name, "disconnect", '{"reason": "persistent connection is timeout"}', "SYSTEM"))

    async def close_lines(self, code: int) -> None:
        for line in self.alive:
            await line.ws.close(code=code)

    def abort_lines(self) -> None:
        for line in self.alive:
            transport = line.ws._req.transport if line.ws._req else None
            if transport is not None:
                transport.abort()

    async def _open(self, request: web.Request) -> web.Response:
        self.opens.append(monotonic())
        asked = await request.json()
        self.asked = [*self.asked, asked][:10]  # enough to look at
        await self.tell()
        if request.headers.get("Accept") != "application/json":
            return web.Response(text="<xml/>", content_type="application/xml")
        topics = {one.get("topic") for one in asked.get("subscriptions", []) if one.get("type") == "CALLBACK"}
        if (asked.get("clientId"), asked.get("clientSecret")) != ("dingKEY", "app-secret-never-in-a-log"):
            return web.json_response({"code": "invalidClientIdOrSecret", "message": "no"}, status=401)
        if not topics:
            return web.json_response({"code": "invalidParameter", "message": "no subscription"}, status=400)
        ticket = self.spare.pop() if self.spare else f"t-{next(self.numbers)}-a+b/c="
        self.tickets.add(ticket)
        return web.json_response({"endpoint": f"ws{self.base[4:]}/connect", "ticket": ticket})

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self.tickets:
            self.refused += 1
            raise web.HTTPUnauthorized
        self.tickets.remove(ticket)
        ws = web.WebSocketResponse()
        await ws.prepare(request)
        line = Line(ws)
        self.lines.append(line)
        await self.tell()
        try:
            async for message in ws:
                if message.type is WSMsgType.TEXT:
                    line.raw.append(message.data)
                    await self._answered(json.loads(message.data))
        finally:
            line.held = None
            await self.tell()
        return ws

    async def _answered(self, ack: dict[str, Any]) -> None:
        known = self.deliveries.get(ack["headers"]["messageId"])
        if known is not None:
            assert isinstance(ack["data"], str)
            known.code, known.ack, known.acked_at = ack["code"], json.loads(ack["data"]), monotonic()
        await self.tell()

    def _taken(self, asked: dict[str, Any], whom: Any, **more: list[str]) -> web.Response:
        answer = super()._taken(asked, whom, **more)
        asyncio.get_running_loop().call_soon(self._tell_soon)
        return answer

    async def _session(self, request: web.Request) -> web.Response:
        answer = await super()._session(request)
        await self.tell()
        return answer

    def _tell_soon(self) -> None:
        self._telling = asyncio.ensure_future(self.tell())


def frame(message_id: str, topic: str, data: str, kind: str = "CALLBACK") -> str:
    """A frame as the wire carries it."""
    headers = {"contentType": "application/json", "messageId": message_id, "time": "1763900000940", "topic": topic}
    return json.dumps({"specVersion": "1.0", "type": kind, "headers": headers, "data": data}, ensure_ascii=False)


Deed = Callable[[FakeGateway], Awaitable[None]]
