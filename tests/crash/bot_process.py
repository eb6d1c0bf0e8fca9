"""``python -m bot run`` as a process that can be killed, and both platforms that call it."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from bot.clock import SCHOOL_ZONE, MovableClock
from bot.platforms.dingtalk.signing import milliseconds
from tests.crash.school import Line, Team
from tests.platforms.dingtalk import samples
from tests.platforms.wecom.peer import Platform

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Message:
    """What somebody says, once; it may be delivered many times."""

    team: Team
    speaker: str
    line: Line
    msgid: str


class BotProcess:
    """The bot on a folder that holds config.toml and data.

    Args:
        base: where the platforms listen that call it.

    Attributes:
        address: where the bot listens, "http://127.0.0.1:PORT"; set it to call one that was not started from here.
    """

    def __init__(self, folder: Path, base: str = "") -> None:
        self._folder = folder
        self._base = base
        self._process: asyncio.subprocess.Process | None = None
        self.address = ""
        self._wecom = Platform(MovableClock(datetime.now(SCHOOL_ZONE)))
        self._signed_at = datetime.now(SCHOOL_ZONE)

    @property
    def log(self) -> str:
        return (self._folder / "log").read_text(encoding="utf-8")

    @property
    def resident(self) -> float:
        """MiB it holds."""
        return int(self._proc("statm").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

    @property
    def descriptors(self) -> int:
        """Files and connections it has open."""
        assert self._process is not None
        return len(os.listdir(f"/proc/{self._process.pid}/fd"))

    def _proc(self, name: str) -> str:
        assert self._process is not None
        return Path(f"/proc/{self._process.pid}/{name}").read_text(encoding="ascii")

    async def start(self) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "DING_SECRET": samples.SECRET}
        with (self._folder / "log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run"),
                cwd=self._folder,
                env=environment,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        assert self._process.stdout is not None
        line = (await asyncio.wait_for(self._process.stdout.readline(), 30)).decode().strip()
        assert line.startswith("listening on "), self.log[-3000:]
        self.address = line.removeprefix("listening on ")

    async def kill(self) -> None:
        """As the power does it; nothing happens when it is not running."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def stop(self) -> int:
        """SIGTERM; returns the exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self._process.wait(), 30)

    async def deliver(self, session: ClientSession, message: Message) -> str:
        """One delivery, signed anew as the platforms do; returns the answer, "" when it is to follow later.

        Raises:
            OSError, aiohttp.ClientError: killed before it had answered.
        """
        return await _BY_CHANNEL[message.team.channel](self, session, message)

    def _moment(self) -> datetime:
        """Now, and never the same millisecond twice: it is all that DingTalk signs."""
        self._signed_at = max(datetime.now(SCHOOL_ZONE), self._signed_at + timedelta(milliseconds=1))
        return self._signed_at

    async def _by_dingtalk(self, session: ClientSession, message: Message) -> str:
        now = self._moment()
        body = samples.body(
            f" {message.line.text}",
            without=("sessionWebhook",),  # an answer that comes late goes through the API, after a restart as well
            msgId=message.msgid,
            createAt=milliseconds(now),
            conversationId=f"with {message.speaker}" if message.line.private else message.team.chat,
            conversationType="1" if message.line.private else "2",
            senderNick=message.speaker,
            senderStaffId=message.speaker,
        )
        data, headers = samples.raw(body), samples.headers(now)
        async with session.post(f"{self.address}/callback/ding", data=data, headers=headers) as answer:
            assert answer.status == 200, (answer.status, self.log[-3000:])
            said: dict[str, Any] = await answer.json(content_type=None)
            return str(said.get("markdown", {}).get("text", ""))

    async def _by_wecom(self, session: ClientSession, message: Message) -> str:
        chat = "" if message.line.private else message.team.chat
        text = message.line.text if message.line.private else f"@备课助手 {message.line.text}"
        url = f"{self._base}/cgi-bin/aibot/response?response_code={message.msgid}"
        body = self._wecom.body(text, who=message.speaker, chat=chat, msgid=message.msgid, response_url=url)
        query, data = self._wecom.signed(body, at=int(datetime.now(SCHOOL_ZONE).timestamp()))
        async with session.post(f"{self.address}/callback/wecom", params=query, data=data) as answer:
            assert answer.status == 200, (answer.status, self.log[-3000:])
            stream = self._wecom.read(await answer.read())["stream"]
            return str(stream["content"]) if stream["finish"] else ""


_Deliver = Callable[[BotProcess, ClientSession, Message], Awaitable[str]]
_BY_CHANNEL: dict[str, _Deliver] = {"ding": BotProcess._by_dingtalk, "wecom": BotProcess._by_wecom}
