"""DingTalk's Stream and WeCom's long connection as ``Line``: what each brings again, and how an answer looks there.

DingTalk brings everything again that nobody has acknowledged. WeCom knows no acknowledgement and promises nothing: its
fake brings every second message again, with what was answered among it, and loses the others in a crash.
"""

from collections import Counter
from contextlib import suppress
from datetime import datetime
from typing import Any

from bot.clock import SCHOOL_ZONE, SystemClock
from bot.content import Content
from bot.platforms.dingtalk import render as dingtalk
from bot.platforms.dingtalk.signing import milliseconds
from bot.platforms.wecom import render as wecom
from tests.crash.line import Line, Said
from tests.crash.school import Team, config
from tests.platforms.dingtalk import samples
from tests.platforms.dingtalk.fake_gateway import Delivery, FakeGateway
from tests.platforms.wecom.connection_rules import BOT, SECRET
from tests.platforms.wecom.fake_connection import FakeConnection

BOT_NAME = "备课助手"

_CONNECTION = f"""[[channels]]
name = "wecom"
kind = "wecom-connection"
bot_id = "{BOT}"
secret = "{SECRET}"
url = "%s"
"""


class DingTalkLine(Line):
    """DingTalk's Stream."""

    def __init__(self, teams: tuple[Team, ...]) -> None:
        super().__init__(teams)
        self.gateway = FakeGateway(SystemClock(), people={name for team in teams for name in team.people})
        self._pushed: list[tuple[str, Delivery]] = []
        self._open: dict[str, Delivery] = {}
        self._acked: set[str] = set()

    async def start(self) -> None:
        await self.gateway.server.start_server()

    async def stop(self) -> None:
        await self.gateway.server.close()

    def config(self) -> str:
        head = config(self.gateway.base).partition("[[groups]]")[0]
        return head.replace("dingtalk-callback", "dingtalk-stream") + "".join(team.section() for team in self.teams)

    async def until(self, *, up: bool) -> None:
        await self.gateway.until(lambda: bool(self.gateway.alive) == up, 30)

    async def deliver(self, *msgids: str) -> None:
        for msgid in msgids:
            self.deliveries += 1
            self.gateway.sessions.add(msgid)
            delivery = await self.gateway.push(self._body(msgid, self.said[msgid]))
            self._open[delivery.message_id] = delivery
            self._pushed.append((msgid, delivery))

    def _body(self, msgid: str, said: Said) -> dict[str, Any]:
        now = milliseconds(datetime.now(SCHOOL_ZONE))
        return samples.body(
            f" {said.text}",
            msgId=msgid,
            senderStaffId=said.who,
            senderNick=said.who,
            chatbotCorpId="",
            conversationType="1" if said.private else "2",
            conversationId=f"cid {said.who}" if said.private else said.team.chat,
            createAt=now,
            sessionWebhook=f"{self.gateway.base}/robot/sendBySession?session={msgid}",
            sessionWebhookExpiredTime=now + 5_400_000,
        )

    @property
    def acked(self) -> set[str]:
        self._acked |= {msgid for msgid, delivery in self._pushed if delivery.code == 200}
        self._pushed = [(msgid, delivery) for msgid, delivery in self._pushed if delivery.code is None]
        return self._acked

    @property
    def owed(self) -> set[str]:
        return set(self.said) - self.acked

    @property
    def certain(self) -> set[str]:
        return set(self.said)

    async def taken(self, msgids: set[str]) -> None:
        with suppress(TimeoutError):
            await self.gateway.until(lambda: msgids <= self.acked, 5)

    async def answer(self, msgid: str) -> str:
        await self.gateway.until(lambda: any(post["to"] == msgid for post in self.gateway.posts))
        return str(next(post["text"] for post in self.gateway.posts if post["to"] == msgid))

    def posts(self, team: Team) -> Counter[str]:
        return Counter(str(post["text"]) for post in self.gateway.posts if post["to"] == team.chat)

    @property
    def shown(self) -> int:
        return len(self.gateway.posts)

    @property
    def unfinished(self) -> int:
        return 0  # a Stream shows nothing before the answer

    def rendered(self, content: Content) -> str:
        return dingtalk.render(content, in_group=True, bot_name=BOT_NAME).text

    def gather(self) -> list[float]:
        """Until the acknowledgement; as many answers stand in the chats as messages were acknowledged."""
        done = [name for name, one in self._open.items() if one.code is not None]
        taken = [one.acked_at - one.sent_at for one in map(self._open.pop, done)]
        for name in done:
            self.gateway.deliveries.pop(name)
        for record in (self.gateway.posts, self.gateway.requests, self.gateway.calls, self._pushed):
            record.clear()
        self.gateway.sessions &= set(list(self.said)[-1_000:])
        return taken


class WeComLine(Line):
    """WeCom's long connection."""

    def __init__(self, teams: tuple[Team, ...]) -> None:
        super().__init__(teams)
        self.platform = FakeConnection(SystemClock(), subscribes=10**6)
        self._seen = 0
        self._acked: set[str] = set()
        self._brought: set[str] = set()

    async def start(self) -> None:
        await self.platform.server.start_server()

    async def stop(self) -> None:
        await self.platform.server.close()

    def config(self) -> str:
        head = config("http://127.0.0.1:1").partition("[[channels]]")[0]
        return head + _CONNECTION % self.platform.url + "".join(team.section() for team in self.teams)

    async def until(self, *, up: bool) -> None:
        await self.platform.until(lambda: (self.platform.current is not None) == up, 30)
        self._brought.clear()

    async def deliver(self, *msgids: str) -> None:
        self._brought |= set(msgids)
        for msgid in msgids:
            said = self.said[msgid]
            self.deliveries += 1
            if msgid in self.platform.delivered:
                await self.platform.redeliver(msgid)
                continue
            text = said.text if said.private else f"@{BOT_NAME} {said.text}"
            chat = "" if said.private else said.team.chat
            await self.platform.say(text, who=said.who, chat=chat, msgid=msgid)

    @property
    def acked(self) -> set[str]:
        """Answered, or told that it takes a while."""
        for one in self.platform.shown[self._seen :]:
            if one.req_id in self.platform.asked:
                self._acked.add(self.platform.asked[one.req_id].msgid)
        self._seen = len(self.platform.shown)
        return self._acked

    @property
    def _second(self) -> set[str]:
        return {msgid for msgid in self.said if int(msgid[1:]) % 2}

    @property
    def owed(self) -> set[str]:
        """An answer that comes after a crash does not say what it answers: what it answers is brought again, too."""
        return self._second - self.acked - self._brought

    @property
    def certain(self) -> set[str]:
        return self._second | self.acked

    async def taken(self, msgids: set[str]) -> None:
        """Nothing tells that a message was taken which is answered already."""

    async def answer(self, msgid: str) -> str:
        await self.platform.until(lambda: msgid in self.acked)
        mine = [req_id for req_id, asked in self.platform.asked.items() if asked.msgid == msgid]
        return next(one.text for one in self.platform.shown if one.req_id in mine)

    def posts(self, team: Team) -> Counter[str]:
        return Counter(self.platform.in_chat(team.chat))

    @property
    def shown(self) -> int:
        return len(self.platform.shown)

    @property
    def unfinished(self) -> int:
        return sum(not one.finished for one in self.platform.shown)

    def rendered(self, content: Content) -> str:
        return wecom.render(content, in_group=True, bot_name=BOT_NAME).text

    def gather(self) -> list[float]:
        """Until the answer stands under its question."""
        taken, shown = [], [one for one in self.platform.shown if one.finished]
        for one in shown:
            if asked := self.platform.asked.pop(one.req_id, None):
                taken.append((one.at - asked.at).total_seconds())
                self.platform.delivered.pop(asked.msgid)
        self.platform.forget()
        return taken


LINES: dict[str, type[Line]] = {"dingtalk": DingTalkLine, "wecom": WeComLine}
