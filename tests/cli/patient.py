"""An installation in good health, on loopback: its platforms, its configuration, its data, its bot."""

import argparse
import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Self

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from bot.cli import serve
from bot.cli.doctor import Finding, examine
from bot.cli.house import configured, opened
from bot.clock import SystemClock
from bot.delivery.logbook import ChannelLog
from bot.domain.people import SYSTEM
from bot.storage import Transaction
from tests.platforms.dingtalk.fake import ACCESS, SEC
from tests.platforms.dingtalk.fake_gateway import FakeGateway
from tests.platforms.dingtalk.samples import SECRET
from tests.platforms.wecom.fake import KEY as ROBOT_KEY
from tests.platforms.wecom.fake_connection import FakeConnection
from tests.platforms.wecom.peer import KEY, TOKEN

CONFIG = """
[server]
port = {port}

[[schools]]
name = "示例中学"
timezone = "Asia/Shanghai"
[[schools.terms]]
name = "这学期"
first_day = {first_day}
weeks = 20
[[channels]]
name = "ding"
kind = "dingtalk-callback"
bot_name = "备课助手"
client_id = "dingKEY"
client_secret = "{SECRET}"
api_base = "{ding}"
oapi_base = "{ding}"
[[channels]]
name = "ding-posts"
kind = "dingtalk-robot"
webhook = "{ding}/robot/send?access_token={ACCESS}"
secret = "{SEC}"
[[channels]]
name = "wecom"
kind = "wecom-callback"
bot_name = "备课助手"
token = "{TOKEN}"
encoding_aes_key = "{KEY}"
api_base = "{wecom}"
[[channels]]
name = "wecom-posts"
kind = "wecom-robot"
webhook = "{wecom}/cgi-bin/webhook/send?key={ROBOT_KEY}"
[[groups]]
name = "高一语文备课组"
channel = "ding"
chat = "cid-1"
posts_through = "ding-posts"
leader = {{ name = "李老师", id = "0007" }}
members = ["王老师"]
[[groups]]
name = "高一年级课题组"
channel = "wecom"
chat = "wr-1"
posts_through = "wecom-posts"
leader = {{ name = "张老师", id = "Zhang" }}
"""
SECRETS = (SECRET, ACCESS, SEC, TOKEN, KEY, ROBOT_KEY)


class Platforms:
    """DingTalk, WeCom's line, a WeCom that only takes posts; ``ahead`` shifts the time of day their answers carry."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self.ding = FakeGateway(SystemClock())
        self.line = FakeConnection(SystemClock())
        self.posted: list[str] = []
        app = web.Application()
        app.router.add_post("/cgi-bin/webhook/send", self._post)
        self.wecom = TestServer(app)
        for one in (self.ding.server.app, app):
            one.on_response_prepare.append(self._date)

    async def __aenter__(self) -> Self:
        await self.ding.server.start_server()
        await self.wecom.start_server()
        await self.line.server.start_server()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.ding.server.close()
        await self.wecom.close()
        await self.line.server.close()

    async def _post(self, request: web.Request) -> web.Response:
        self.posted.append(await request.text())
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    async def _date(self, _: web.Request, response: web.StreamResponse) -> None:
        moment = (SystemClock().now() + self.ahead).astimezone(UTC)
        response.headers["Date"] = format_datetime(moment, usegmt=True)


class Patient:
    """The installation; ``ill`` and ``cured`` change one thing in its configuration."""

    def __init__(self, folder: Path, platforms: Platforms) -> None:
        self.folder = folder
        self.platforms = platforms
        self.port = unused_port()
        self.arguments = argparse.Namespace(config=folder / "config.toml", json=False)
        today = SystemClock().now().date()
        first_day = today - timedelta(days=today.weekday() + 35)  # the programs have the machine's clock: it is week 6
        values = {name: value for name, value in globals().items() if name.isupper()}
        self.config = CONFIG.format(
            **values, first_day=first_day, port=self.port, ding=platforms.ding.base,
            wecom=str(platforms.wecom.make_url("")).rstrip("/"),
        )  # fmt: skip
        self.write(self.config)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def write(self, text: str) -> None:
        self.arguments.config.write_text(text, encoding="utf-8")

    def changed(self, *pairs: tuple[str, str]) -> None:
        """Write the configuration with something else in it than what makes it good."""
        text = self.config
        for good, bad in pairs:
            assert re.search(good, text), good
            text = re.sub(good, bad, text, count=1)
        self.write(text)

    async def check(self) -> list[Finding]:
        return await examine(self.arguments)

    async def finding(self, name: str) -> Finding:
        """The finding of that name, the worst one where there are several."""
        found = [one for one in await self.check() if one.name == name]
        assert found, name
        return max(found, key=lambda one: ("ok", "warn", "fail").index(one.state))

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Change the data of a bot that does not run."""
        async with opened(configured(self.arguments)) as store, store.transaction(SYSTEM) as tx:
            yield tx

    async def founded(self) -> None:
        """Data as after some weeks: everybody is heard, a backup lies there."""
        now = SystemClock().now()
        async with self.transaction() as tx:
            for channel, senders in (("ding", ("0007", "0008")), ("wecom", ("Zhang", "Wang"))):
                log = ChannelLog(channel=channel, heard_at=now, senders=senders, named_at=now, called_right_at=now)
                await tx.add(log)
        await asyncio.to_thread(self._back_up)

    def _back_up(self) -> None:
        (self.data / "backups").mkdir()
        (self.data / "backups" / "one.sqlite3").touch()

    async def log(self, channel: str, **fields: Any) -> None:
        """Change what a channel's log says."""
        async with self.transaction() as tx:
            [known] = await tx.find(ChannelLog, channel=channel)
            await tx.update(known.model_copy(update=fields))

    @asynccontextmanager
    async def running(self, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
        """The bot itself, in this process."""
        ready, stop = asyncio.Event(), asyncio.Event()

        async def stopped() -> None:
            ready.set()
            await stop.wait()

        monkeypatch.setattr(serve, "stopped", stopped)
        bot = asyncio.create_task(serve.run(self.arguments))
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait({bot, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        try:
            yield
        finally:
            stop.set()
            await bot


def good(finding: Finding) -> bool:
    """Whether there is nothing to do."""
    return finding.state == "ok" and not finding.todo
