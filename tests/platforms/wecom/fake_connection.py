"""WeCom's long connection on loopback: it keeps the documented rules (connection_rules.py) and fails on demand.

Its honesty is proved by the platform's own clients (tests/platforms/peers/test_wecom_connection_sdks.py).
"""

import asyncio
import itertools
import json
from collections import defaultdict, deque
from collections.abc import Callable
from time import monotonic
from types import TracebackType
from typing import Any, Self

from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer

from bot.clock import Clock
from tests.platforms.wecom.connection_rules import BOT, Asked, Rules, Shown

WANG = "WangLi"
PATIENCE = 8.0


class Client:
    """One connection. ``silent``: it looks alive, and nothing comes back."""

    def __init__(self, ws: web.WebSocketResponse, transport: asyncio.Transport) -> None:
        self.ws = ws
        self.transport = transport
        self.silent = False


class FakeConnection(Rules):
    """The server. Only the last good subscriber gets anything.

    Attributes:
        opens: when (monotonic) each connection was opened.
        frames: what came in, pings apart.
        pings: how many came in.
        faults: by command, what happens to the next frames of it: "no ack", "lost" (not acted on either), "other id",
            "late" (acknowledged by ``release``), "close" (acted on, then 1000), "abort", or a code to answer.
        deaf: connections are cut before the handshake.
    """

    def __init__(self, clock: Clock, subscribes: int = 8) -> None:
        super().__init__(clock, subscribes)
        self.opens: list[float] = []
        self.frames: list[dict[str, Any]] = []
        self.pings = 0
        self.faults: dict[str, deque[str | int]] = defaultdict(deque)
        self.deaf = False
        self.delivered: dict[str, tuple[str, dict[str, Any]]] = {}
        self.current: Client | None = None
        self._late: list[tuple[Client, dict[str, Any]]] = []
        self._numbers = itertools.count(1)
        app = web.Application()
        app.router.add_get("/", self._serve)
        self.server = TestServer(app)

    async def __aenter__(self) -> Self:
        await self.server.start_server()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.server.close()

    @property
    def url(self) -> str:
        return str(self.server.make_url("/").with_scheme("ws"))

    async def until(self, condition: Callable[[], object], seconds: float = PATIENCE) -> None:
        """Wait for what another task or process does."""
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110 - two sides of a wire
                await asyncio.sleep(0.005)

    async def connected(self) -> Client:
        """The subscriber, once there is one."""
        await self.until(lambda: self.current is not None)
        assert self.current
        return self.current

    async def say(self, text: str = "", /, *, who: str = WANG, chat: str = "", msgid: str = "", **more: Any) -> str:
        """Somebody says something; returns the message's id. ``more`` replaces fields, None takes them out."""
        msgid = msgid or f"CAIQ/{next(self._numbers)}="
        body = {
            "msgid": msgid,
            "aibotid": BOT,
            "chatid": chat or None,
            "chattype": "group" if chat else "single",
            "from": {"userid": who},
            "msgtype": "text",
            "text": {"content": text},
            **more,
        }
        self.spoke[chat or who] = 2 if chat else 1
        self.delivered[msgid] = (chat or who, {name: value for name, value in body.items() if value is not None})
        await self.redeliver(msgid)
        return msgid

    async def redeliver(self, msgid: str) -> None:
        """The message again, under a request id of its own."""
        chat, body = self.delivered[msgid]
        req_id = f"REQ{next(self._numbers)}"
        self.asked[req_id] = Asked("aibot_respond_msg", chat, self.clock.now(), msgid=msgid)
        await self.push({"cmd": "aibot_msg_callback", "headers": {"req_id": req_id}, "body": body})

    async def enter(self, who: str = WANG, msgid: str = "") -> str:
        """Somebody opens the private chat for the first time today."""
        self.spoke.setdefault(who, 1)
        return await self._event(who, "aibot_respond_welcome_msg", {"eventtype": "enter_chat"}, msgid=msgid)

    async def tap(self, key: str, task_id: str, *, who: str = WANG, chat: str = "", msgid: str = "") -> str:
        """Somebody taps a button of a card; told with the same ``msgid`` it is the same tap once more."""
        event = {"card_type": "button_interaction", "event_key": key, "task_id": task_id}
        told = {"eventtype": "template_card_event", "template_card_event": event}
        return await self._event(who, "aibot_respond_update_msg", told, chat, task_id, msgid)

    async def tap_button(self, label: str, *, who: str = WANG, chat: str = "", msgid: str = "") -> str:
        """Somebody taps what the newest card in a chat offers them under a label."""
        shown = [one for one in self.shown if one.chat == (chat or who) and one.msgtype == "template_card"]
        task_id = shown[-1].body["template_card"]["task_id"]
        keys = {button["text"]: button["key"] for button in self.card_of(task_id, who)["button_list"]}
        assert label in keys, keys
        return await self.tap(keys[label], task_id, who=who, chat=chat, msgid=msgid)

    async def _event(
        self, who: str, answer: str, event: dict[str, Any], chat: str = "", task_id: str = "", msgid: str = ""
    ) -> str:
        req_id, msgid = f"REQ{next(self._numbers)}", msgid or f"E{next(self._numbers)}"
        now = self.clock.now()
        self.asked[req_id] = Asked(answer, chat or who, now, task_id, msgid, who)
        body = {
            "msgid": msgid,
            "create_time": int(now.timestamp()),
            "aibotid": BOT,
            "from": {"userid": who},
            "msgtype": "event",
            "event": event,
            **({"chatid": chat, "chattype": "group"} if chat else {}),
        }
        await self.push({"cmd": "aibot_event_callback", "headers": {"req_id": req_id}, "body": body})
        return msgid

    async def push(self, frame: dict[str, Any] | str) -> None:
        """A frame for the subscriber; text goes as it is. To nobody, or a silent one, it is lost."""
        client = self.current
        if client and not client.silent and not client.ws.closed:
            await client.ws.send_str(frame if isinstance(frame, str) else json.dumps(frame, ensure_ascii=False))

    async def drop(self, how: str) -> None:
        """End the subscriber's connection: "close" = 1000, "abort" = no close frame, "silent" = it hangs."""
        client = await self.connected()
        self.current = None if how != "silent" else client
        if how == "close":
            await client.ws.close()
        elif how == "abort":
            client.transport.abort()
        client.silent = how == "silent"

    async def release(self) -> None:
        """Give the acknowledgements that were kept back."""
        late, self._late = self._late, []
        for client, frame in late:
            await client.ws.send_str(json.dumps(frame))

    def forget(self) -> None:
        """A long run keeps nothing of what is over; unfinished streams stay."""
        self.shown[:] = [one for one in self.shown if not one.finished]
        self.streams = {key: one for key, one in self.streams.items() if not one.finished}
        self.frames.clear()
        self.begun.clear()

    def in_chat(self, chat: str) -> list[str]:
        """The texts that stand in a chat."""
        return [one.text for one in self.shown if one.chat == chat]

    async def answer(self, number: int = 1) -> Shown:
        """The message shown as the so-many-th, once it is complete."""
        await self.until(lambda: len(self.shown) >= number and self.shown[number - 1].finished)
        return self.shown[number - 1]

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self.opens.append(monotonic())
        assert isinstance(request.transport, asyncio.Transport)
        if self.deaf:
            request.transport.abort()
            return web.Response()
        ws = web.WebSocketResponse(max_msg_size=4 * 2**20)
        await ws.prepare(request)
        client = Client(ws, request.transport)
        try:
            async for message in ws:
                if message.type is WSMsgType.TEXT and not client.silent:
                    await self._frame(client, json.loads(message.data))
        finally:
            if self.current is client:
                self.current = None
        return ws

    async def _frame(self, client: Client, frame: dict[str, Any]) -> None:
        cmd, req_id, body = frame["cmd"], frame["headers"]["req_id"], frame.get("body") or {}
        self.pings += cmd == "ping"
        if cmd != "ping":
            self.frames.append(frame)
        fault = self.faults[cmd].popleft() if self.faults[cmd] else None
        if fault == "lost":
            return
        code, told = (fault, None) if isinstance(fault, int) else await self._acted(client, cmd, req_id, body)
        ack = {"headers": {"req_id": req_id}, "errcode": code, "errmsg": "ok" if code == 0 else f"error {code}"}
        await self._acknowledge(client, ack if told is None else {**ack, "body": told}, fault)

    async def _acted(
        self, client: Client, cmd: str, req_id: str, body: dict[str, Any]
    ) -> tuple[int, dict[str, Any] | None]:
        if cmd == "ping":
            return 0, None
        if cmd == "aibot_subscribe":
            code = self.subscribe(body)
            if code:
                self.refusals.append((cmd, code))
            elif self.current is not client:
                await self._take_over(client)
            return code, None
        if client is not self.current:
            return 846605, None
        return self.judge(cmd, req_id, body)

    async def _take_over(self, client: Client) -> None:
        """One connection per robot: the one before is told, then closed."""
        old, self.current = self.current, client
        if old is None or old.ws.closed:
            return
        body = {"msgid": f"E{next(self._numbers)}", "create_time": 1700000000, "aibotid": BOT, "msgtype": "event"}
        told = {"cmd": "aibot_event_callback", "headers": {"req_id": f"REQ{next(self._numbers)}"}}
        await old.ws.send_str(json.dumps({**told, "body": {**body, "event": {"eventtype": "disconnected_event"}}}))
        asyncio.get_running_loop().create_task(old.ws.close())

    async def _acknowledge(self, client: Client, ack: dict[str, Any], fault: str | int | None) -> None:
        if fault == "no ack":
            return
        if fault == "late":
            self._late.append((client, ack))
        elif fault == "close":
            await client.ws.close()
        elif fault == "abort":
            client.transport.abort()
        else:
            if fault == "other id":
                ack = {**ack, "headers": {"req_id": "somebody-elses"}}
            await client.ws.send_str(json.dumps(ack))
