"""``run`` as a real process: both platforms call it, it calls both platforms, all on loopback."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.clock import SCHOOL_ZONE, MovableClock
from tests.platforms.dingtalk import samples
from tests.platforms.wecom.peer import KEY, TOKEN, Platform

ROOT = Path(__file__).parents[2]
CONFIG = """
[server]
port = 0
[[schools]]
name = "示例中学"
[[schools.terms]]
name = "2026学年第一学期"
first_day = {first_day}
weeks = 20
[[channels]]
name = "ding"
kind = "dingtalk-callback"
client_id = "dingKEY"
client_secret = "env:DING_SECRET"
robot_code = "dingrobotcode"
corp_id = "dingcorp"
api_base = "{fake}"
oapi_base = "{fake}"
[[channels]]
name = "wecom"
kind = "wecom-callback"
token = "{token}"
encoding_aes_key = "{key}"
[[channels]]
name = "wecom-posts"
kind = "wecom-robot"
webhook = "{fake}/cgi-bin/webhook/send?key=WEBHOOK-KEY"
[[groups]]
name = "高一语文备课组"
channel = "ding"
leader = "李老师"
members = ["王老师"]
[[groups]]
name = "高一数学备课组"
channel = "wecom"
posts_through = "wecom-posts"
leader = "张老师"
members = ["赵老师"]
"""


class FakePlatforms:
    """What the bot calls: DingTalk's API and WeCom's webhook."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.arrived = asyncio.Event()

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.calls.append((request.path, body))
        self.arrived.set()
        if request.path.endswith("accessToken"):
            return web.json_response({"accessToken": "token-1", "expireIn": 7200})
        return web.json_response({"errcode": 0, "errmsg": "ok", "processQueryKey": "q"})

    def to(self, path: str) -> list[dict[str, Any]]:
        return [body for called, body in self.calls if called.endswith(path)]

    async def until(self, path: str, count: int = 1) -> list[dict[str, Any]]:
        async with asyncio.timeout(20):
            while len(self.to(path)) < count:
                self.arrived.clear()
                await self.arrived.wait()
        return self.to(path)


class Running:
    """The process, its address and its log."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def start(self) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "DING_SECRET": samples.SECRET}
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=self.folder, env=environment,
            stdout=asyncio.subprocess.PIPE, stderr=(self.folder / "log").open("ab"),
        )  # fmt: skip
        assert self.process.stdout is not None
        line = (await asyncio.wait_for(self.process.stdout.readline(), 30)).decode().strip()
        assert line.startswith("listening on http://127.0.0.1:"), (self.folder / "log").read_text()
        self.address = line.removeprefix("listening on ")

    async def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), 20)

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")


@pytest.fixture
async def fake() -> AsyncIterator[tuple[FakePlatforms, str]]:
    platforms = FakePlatforms()
    app = web.Application()
    app.router.add_post("/{path:.*}", platforms.handle)
    async with TestServer(app, host="127.0.0.1") as server:
        yield platforms, f"http://127.0.0.1:{server.port}"


@pytest.fixture
async def bot(tmp_path: Path, fake: tuple[FakePlatforms, str]) -> AsyncIterator[Running]:
    today = datetime.now(SCHOOL_ZONE).date()
    first_day = today - timedelta(days=today.weekday() + 35)  # the process has the machine's clock: it is week 6
    text = CONFIG.format(fake=fake[1], token=TOKEN, key=KEY, first_day=first_day)
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    running = Running(tmp_path)
    await running.start()
    yield running
    if running.process.returncode is None:
        assert await running.stop() == 0


async def ding(session: ClientSession, bot: Running, text: str, **more: Any) -> str:
    now = datetime.now(SCHOOL_ZONE)
    body = samples.body(f" {text}", chatbotCorpId="dingcorp", **more)
    async with session.post(
        f"{bot.address}/callback/ding", data=samples.raw(body), headers=samples.headers(now)
    ) as answer:
        assert answer.status == 200
        found = await answer.json(content_type=None)
        return str(found.get("markdown", {}).get("text", ""))


async def invitation(folder: Path, group: str) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "invite", group, cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "DING_SECRET": samples.SECRET},
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await process.communicate()
    return out.decode().split("邀请码 ")[1].split("\u3000")[0].strip()


async def test_dingtalk_from_the_first_message_to_a_private_note(bot, fake):
    platforms, _ = fake
    await bot.stop()
    code = await invitation(bot.folder, "高一语文备课组")
    await bot.start()
    async with ClientSession() as session:
        assert "/建组" in await ding(session, bot, "你好", msgId="1")
        leader = {"senderStaffId": "0007", "senderNick": "李老师"}
        assert "您是组长" in await ding(session, bot, f"/建组 高一语文备课组 {code}", msgId="2", **leader)
        first = await ding(session, bot, "/我是 王老师", msgId="3", senderStaffId="0008", senderNick="wang")
        assert "王老师" in first
        again = await ding(session, bot, "/我是 王老师", msgId="3", senderStaffId="0008", senderNick="wang")
        assert again == first
        [note] = await platforms.until("oToMessages/batchSend")
        assert note["userIds"] == ["0007"]
        assert "王老师刚登记了账号" in note["msgParam"]
    log = bot.log
    assert samples.SECRET not in log
    assert "token-1" not in log
    assert "Traceback" not in log


async def test_wecom_hears_by_callback_and_posts_by_robot(bot, fake):
    platforms, _ = fake
    await bot.stop()
    code = await invitation(bot.folder, "高一数学备课组")
    await bot.start()
    peer = Platform(MovableClock(datetime.now(SCHOOL_ZONE)))
    async with ClientSession() as session:

        async def say(text: str, who: str, msgid: str) -> str:
            query, body = peer.signed(peer.body(f"@备课助手 {text}", who=who, chat="wr-1", msgid=msgid))
            async with session.post(f"{bot.address}/callback/wecom", params=query, data=body) as answer:
                assert answer.status == 200
                return peer.said(await answer.read())

        async with session.get(f"{bot.address}/callback/wecom", params=peer.echo("hello+1")) as answer:
            assert await answer.text() == "hello+1"
        assert "您是组长" in await say(f"/建组 高一数学备课组 {code}", "LiLi", "a")
        assert "✅ 已加" in await say("/日程 加 每周三第8节 集体备课", "LiLi", "b")
        assert "/日程" in await say("/帮助", "LiLi", "c")
        query, body = peer.signed(peer.body("/日程 停 1 教师会", who="LiLi", msgid="d"))  # privately
        async with session.post(f"{bot.address}/callback/wecom", params=query, data=body) as answer:
            assert "取消了" in peer.said(await answer.read())
        [post] = await platforms.until("webhook/send")
        assert "【改】集体备课" in post["markdown"]["content"]
        query, body = peer.signed(peer.body("@备课助手 /帮助", chat="wr-1"))
        async with session.post(
            f"{bot.address}/callback/wecom", params={**query, "msg_signature": "0" * 40}, data=body
        ) as answer:
            assert answer.status == 403
    assert KEY not in bot.log
    assert "WEBHOOK-KEY" not in bot.log
    assert json.dumps("Traceback") not in bot.log
