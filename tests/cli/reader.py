"""A reader of docs/connect-*.md who does what the page says, in the order of the text."""

import asyncio
import contextlib
import io
import os
import re
import signal
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
from aiohttp.test_utils import unused_port

from bot.cli.parser import main
from bot.clock import SCHOOL_ZONE, MovableClock, SystemClock
from bot.platforms.dingtalk.signing import milliseconds
from tests.cli.patient import Platforms
from tests.platforms.dingtalk import samples
from tests.platforms.wecom.connection_rules import BOT
from tests.platforms.wecom.peer import Platform

ROOT = Path(__file__).parents[2]
PROCESSES = os.environ.get("FOLLOWING_DOCS") == "processes"
PAGES = {
    "dingtalk": ("## 第三步", "## 只要定时消息"),
    "dingtalk-stream": ("## 第二步", "## 这种连法"),
    "wecom": ("## 第三步", "## 只要定时消息"),
    "wecom-connection": ("## 第二步", "## 这种连法"),
}
"""The part of each page that is done at the keyboard: from which heading to which."""

PUBLIC = "https://beike.example.edu.cn"
LEADERS_WORDS = ("/建组", "/日程", "/撤销")

# What a reader does, in the order in which it stands in the text.
STEP = re.compile(
    r"`python3 start\.py (?P<verb>\w+)`"
    r"|`\[server\]` 里加一行 `(?P<server>[^`]+)`"
    r"|```toml\n(?P<block>.*?)```"
    r"|`curl -i (?P<curl>\S+)`\uff1a回 (?P<status>\d+) 就是通了"
    r"|回到管理后台\uff0c(?P<save>保存)"
    r"|`@备课助手 (?P<group>/[^`]+)`"
    r"|私聊它发 `(?P<private>/[^`]+)`",
    re.DOTALL,
)


class Reader:
    """Follows one page.

    Attributes:
        transcript: what was done and what came back.
        code: the invitation code, once it has been printed.
    """

    def __init__(self, page: str, folder: Path, platforms: Platforms, session: ClientSession) -> None:
        self.page = page
        self.folder = folder
        self.platforms = platforms
        self.session = session
        self.port = unused_port()
        self.transcript: list[str] = []
        self.answers: dict[str, str] = {}
        self.code = ""
        self.process: asyncio.subprocess.Process | None = None
        self._ways = {
            "dingtalk": self._in_dingtalk,
            "dingtalk-stream": self._in_stream,
            "wecom": self._in_wecom,
            "wecom-connection": self._in_connection,
        }
        self.peer = Platform(MovableClock(datetime.now(SCHOOL_ZONE)))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    async def follow(self) -> None:
        """Do everything that the steps at the keyboard say."""
        text = (ROOT / "docs" / f"connect-{self.page}.md").read_text(encoding="utf-8")
        begin, end = PAGES[self.page]
        text = text[text.index(begin) : text.index(end)]
        for step in STEP.finditer(text):
            [(kind, value)] = [(k, v) for k, v in step.groupdict().items() if v is not None and k != "status"]
            if kind == "curl":
                await self.curl(value, int(step["status"]))
            else:
                await getattr(self, kind)(value)

    def note(self, did: str, came: str) -> None:
        self.transcript.append(f"$ {did}\n{came.rstrip()}\n")

    async def verb(self, verb: str) -> None:
        """One command."""
        if verb == "run":
            await self.run()
            return
        code, out = await (self._process(verb) if PROCESSES else asyncio.to_thread(self._here, verb))
        self.note(f"python3 start.py {verb}", out)
        assert code == 0, "\n".join(self.transcript)
        self.answers[f"{verb} {sum(line.startswith(f'$ python3 start.py {verb}') for line in self.transcript)}"] = out
        self.code = next(iter(re.findall(r"邀请码 (\w+)", out)), self.code)

    def _here(self, verb: str) -> tuple[int, str]:
        out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
        before, sys.stdin = sys.stdin, io.StringIO(self.typed(verb))
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
                code = main([verb])
        finally:
            sys.stdin = before
        return code, out.buffer.getvalue().decode()  # type: ignore[attr-defined]

    async def _process(self, verb: str) -> tuple[int, str]:
        process = await self._start(verb, stdin=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
        out, _ = await process.communicate(self.typed(verb).encode())
        return process.returncode or 0, out.decode()

    async def _start(self, verb: str, **streams: Any) -> asyncio.subprocess.Process:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            verb,
            cwd=self.folder,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            **streams,
        )

    def typed(self, verb: str) -> str:
        """The answers to the five questions."""
        if verb != "init":
            return ""
        today = SystemClock().now().date()
        return f"示例中学\n高一语文备课组\n李老师\n{today - timedelta(days=today.weekday() + 35)}\n20\n"

    async def run(self) -> None:
        """Start the bot and leave it running."""
        self.process = await self._start("run", stderr=(self.folder / "log").open("ab"))
        assert self.process.stdout is not None
        line = (await asyncio.wait_for(self.process.stdout.readline(), 30)).decode()
        self.note("python3 start.py run", line)
        assert line.strip() == f"listening on {self.address}", (self.folder / "log").read_text(encoding="utf-8")

    async def stop(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(self.process.wait(), 20) == 0
        self.process = None

    async def server(self, line: str) -> None:
        """A line for [server]; the port that ``init`` wrote may be taken on this machine."""
        text = self.config.read_text(encoding="utf-8").replace("port = 8080", f"port = {self.port}\n{line}")
        self.config.write_text(text.replace(PUBLIC, self.address), encoding="utf-8")
        self.note(f"[server] {line}", "")

    async def block(self, block: str) -> None:
        """The block takes the place of [[groups]]."""
        fake = f'api_base = "{self.platforms.ding.base}"\n'
        bases = {
            "dingtalk-callback": fake + fake.replace("api_base", "oapi_base"),
            "dingtalk-stream": fake + fake.replace("api_base", "oapi_base"),
            "wecom-connection": f'url = "{self.platforms.line.url}"\n',
            "wecom-callback": f'api_base = "{self.platforms.wecom.make_url("")}"\n',
        }
        mine = re.sub(r'kind = "([\w-]+)"\n', lambda kind: kind[0] + bases.get(kind[1], ""), block)
        text = self.config.read_text(encoding="utf-8")
        text = text[: text.index("[[groups]]")] + mine.replace("dingabc123", "dingKEY").replace("aibabc123", BOT)
        text = text.replace("port = 8080", f"port = {self.port}")  # without an address nothing is added to [server]
        self.config.write_text(text, encoding="utf-8")
        self.note("config.toml", text)

    async def curl(self, url: str, status: int) -> None:
        async with self.session.get(url.replace(PUBLIC, self.address)) as answer:
            self.note(f"curl -i {url}", str(answer.status))
            assert answer.status == status

    async def save(self, _: str) -> None:
        """The console of WeCom tries the address when it is saved."""
        async with self.session.get(f"{self.address}/callback/wecom", params=self.peer.echo("123")) as answer:
            said = await answer.text()
        self.note("保存", said)
        assert said == "123"

    async def group(self, text: str) -> None:
        await self._say(text.replace("邀请码", self.code), private=False)

    async def private(self, text: str) -> None:
        await self._say(text, private=True)

    async def _say(self, text: str, *, private: bool) -> None:
        who = "李老师" if text.split()[0] in LEADERS_WORDS else "王老师"
        said = await self._ways[self.page](text, who, private)
        self.note(f"{who}{'私聊' if private else '在群里'}：{'' if private else '@备课助手 '}{text}", said)
        self.answers[text.split()[0]] = said

    def _said(self, text: str, who: str, private: bool, **more: Any) -> dict[str, Any]:
        """What DingTalk makes of it."""
        staff = {"李老师": "0007", "王老师": "0008"}[who]
        given = {
            "senderStaffId": staff,
            "senderNick": who,
            "msgId": f"m{len(self.transcript)}",
            "conversationType": "1" if private else "2",
            "conversationId": f"p{staff}" if private else "cid-1",
        }
        return samples.body(f" {text}", **{**given, **more})

    async def _in_stream(self, text: str, who: str, private: bool) -> str:
        gateway, session = self.platforms.ding, f"s-{len(self.transcript)}"
        gateway.sessions.add(session)
        now = milliseconds(datetime.now(SCHOOL_ZONE))
        url = f"{gateway.base}/robot/sendBySession?session={session}"
        body = self._said(text, who, private, sessionWebhook=url, sessionWebhookExpiredTime=now + 5_400_000)
        assert (await gateway.acked(await gateway.push(body))).code == 200
        await gateway.until(lambda: any(post["to"] == session for post in gateway.posts))
        return str(next(post["text"] for post in gateway.posts if post["to"] == session))

    async def _in_dingtalk(self, text: str, who: str, private: bool) -> str:
        body = self._said(text, who, private)
        headers = samples.headers(datetime.now(SCHOOL_ZONE))
        url = f"{self.address}/callback/dingtalk"
        async with self.session.post(url, data=samples.raw(body), headers=headers) as answer:
            assert answer.status == 200
            return str((await answer.json(content_type=None)).get("markdown", {}).get("text", ""))

    async def _in_connection(self, text: str, who: str, private: bool) -> str:
        line, user = self.platforms.line, {"李老师": "LiLi", "王老师": "WangLi"}[who]
        before = len(line.shown)
        await line.say(text if private else f"@备课助手 {text}", who=user, chat="" if private else "wr-1")
        return (await line.answer(before + 1)).text

    async def _in_wecom(self, text: str, who: str, private: bool) -> str:
        user = {"李老师": "LiLi", "王老师": "WangLi"}[who]
        body = self.peer.body(text if private else f"@备课助手 {text}", who=user, chat="" if private else "wr-1")
        query, sealed = self.peer.signed(body)
        async with self.session.post(f"{self.address}/callback/wecom", params=query, data=sealed) as answer:
            assert answer.status == 200
            return self.peer.said(await answer.read())
