"""The whole bot behind both callback addresses, served as ``run`` serves it, and the platforms that call it.

The clock moves on by a millisecond with every request and no more, so that what a test signs is as old as it says;
time-outs run on the machine's clock.
"""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, TCPConnector, web
from yarl import URL

from bot.app import Bot, assemble, record_kinds
from bot.cli import channels
from bot.cli.house import found
from bot.clock import MovableClock
from bot.config import load
from bot.delivery.logbook import Logbook
from bot.domain.people import SYSTEM
from bot.simulator import sample
from bot.storage.tiny import TinyStore
from bot.web.callbacks import Callbacks
from bot.web.health import make_app
from bot.web.server import serving
from tests.platforms.dingtalk import samples
from tests.platforms.wecom.peer import KEY, ROBOT, TOKEN, Platform

MATHS = "高一数学备课组"
MATHS_CHAT = "wr-1"
CONFIG = f"""
[store]
path = "data"
[[schools]]
name = "{sample.SCHOOL}"
[[schools.terms]]
name = "{sample.TERM.name}"
first_day = {sample.TERM.first_day}
weeks = {sample.TERM.weeks}
[[schools.bells]]
valid_from = 2026-08-01
lessons = {json.dumps(sample.LESSONS)}
[[channels]]
name = "ding"
kind = "dingtalk-callback"
client_id = "dingKEY"
client_secret = "{samples.SECRET}"
robot_code = "dingrobotcode"
corp_id = "dingcorp"
[[channels]]
name = "wecom"
kind = "wecom-callback"
token = "{TOKEN}"
encoding_aes_key = "{KEY}"
bot_id = "{ROBOT}"
[[groups]]
name = "{sample.CHINESE}"
channel = "ding"
chat = "{sample.chat_of("chinese")}"
leader = {{ name = "李老师", id = "{sample.user_of("李老师")}" }}
members = [{{ name = "王老师", id = "{sample.user_of("王老师")}" }}, "张老师"]
[[groups]]
name = "{MATHS}"
channel = "wecom"
chat = "{MATHS_CHAT}"
leader = {{ name = "赵老师", id = "ZhaoLi" }}
members = [{{ name = "陈老师", id = "WangLi" }}, "刘老师"]
"""
SECRETS = (samples.SECRET, TOKEN, KEY, "SECRET-CODE")


@dataclass(frozen=True)
class Request:
    """One callback as it goes over the wire."""

    path: str
    body: Any = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"

    def but(self, **changes: Any) -> "Request":
        return replace(self, **changes)


@dataclass(frozen=True)
class Answered:
    """What came back: ``text`` is what the person reads, "" where they read nothing."""

    status: int
    body: bytes
    text: str
    milliseconds: float


class Ding:
    """Signs for DingTalk, every request in a moment of its own."""

    name = "ding"

    def __init__(self, clock: MovableClock) -> None:
        self._clock = clock
        self._numbers = itertools.count(1)

    def body(self, text: Any = " /反思 今天这节导入太长了", **changes: Any) -> dict[str, Any]:
        return samples.body(text, msgId=f"msg-{next(self._numbers)}", **changes)

    def request(self, body: Any, *, seconds: float = 0, secret: str = samples.SECRET) -> Request:
        moment = self._clock.now() + timedelta(seconds=seconds, milliseconds=next(self._numbers) % 500_000)
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return Request("/callback/ding", data, samples.headers(moment, secret))

    def text(self, answer: bytes) -> str:
        said = json.loads(answer)
        return str(said.get("markdown", said.get("text", {})).get("text", ""))


class WeCom:
    """Seals and signs for WeCom."""

    name = "wecom"

    def __init__(self, clock: MovableClock) -> None:
        self._platform = Platform(clock)
        self._forger = Platform(clock, token="another-token")
        self._clock = clock

    def body(self, text: Any = "@备课助手 /反思 今天这节导入太长了", **changes: Any) -> dict[str, Any]:
        return self._platform.body(text, **{"chat": MATHS_CHAT, **changes})

    def request(self, body: Any, *, seconds: float = 0, forged: bool = False) -> Request:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        at = int(self._clock.now().timestamp() + seconds)
        query, sealed = (self._forger if forged else self._platform).signed(data, at=at)
        return Request("/callback/wecom", sealed, {"content-type": "application/json"}, query)

    def text(self, answer: bytes) -> str:
        said = self._platform.read(answer)
        return str(said.get("stream", said.get("text", {})).get("content", ""))


class Site:
    """A running bot, the platforms that call it, and what it keeps."""

    def __init__(self, url: URL, bot: Bot, store: TinyStore, clock: MovableClock, http: ClientSession) -> None:
        self.url = url
        self.bot = bot
        self.clock = clock
        self.ding = Ding(clock)
        self.wecom = WeCom(clock)
        self._store = store
        self._http = http

    async def send(self, request: Request) -> Answered:
        self.clock.set(self.clock.now() + timedelta(milliseconds=1))
        start = asyncio.get_running_loop().time()
        url = (self.url / request.path.lstrip("/")).with_query(request.query)
        async with self._http.request(request.method, url, data=request.body, headers=request.headers) as answer:
            body = await answer.read()
        spent = (asyncio.get_running_loop().time() - start) * 1000
        return Answered(answer.status, body, self._text(request, answer.status, body), spent)

    def _text(self, request: Request, status: int, body: bytes) -> str:
        if status != 200 or request.method != "POST":
            return ""
        return (self.ding if request.path.endswith("ding") else self.wecom).text(body)

    async def kept(self) -> dict[str, list[str]]:
        """Every record of the house, by space and table."""
        found: dict[str, list[str]] = {}
        async with self._store.transaction(SYSTEM) as tx:
            async for space in self._store.spaces():
                for kind in record_kinds():
                    if rows := await tx.within(space).scan(kind):
                        found[f"{space}/{kind.TABLE}"] = [row.model_dump_json() for row in rows]
        return found


@asynccontextmanager
async def site(folder: Path) -> AsyncIterator[Site]:
    """A bot in ``folder``."""
    (folder / "config.toml").write_text(CONFIG, encoding="utf-8")
    config, clock = load(folder / "config.toml"), MovableClock(sample.START)
    store = TinyStore(folder / "data", kinds=record_kinds())
    await store.open()
    try:
        await found(store, config, clock.now())
        async with ClientSession(connector=TCPConnector(force_close=True)) as session, ClientSession() as http:
            logbook = Logbook(clock)
            connected = channels.connect(config, store, session, clock, logbook)
            bot = assemble(store, clock, connected.transports, logbook)
            app: web.Application = make_app(store)
            Callbacks(connected.receivers(bot.dispatcher), config.server.trusted_proxies).add_to(app)
            async with serving(app, "127.0.0.1", 0) as port:
                yield Site(URL(f"http://127.0.0.1:{port}"), bot, store, clock, http)
            await bot.dispatcher.settle()
    finally:
        await store.close()
