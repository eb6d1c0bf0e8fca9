"""Both platforms' group robots on loopback, in whatever mood, behind the transports that speak to them in earnest.

A mood is what one request meets. The platform's own limit goes before every mood: 20 in any minute, then WeCom's 45009
or DingTalk's ten minutes of 130101 and 410100.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, Protocol

import pytest
from aiohttp import ClientSession, web

from bot.chat.transport import Transport
from bot.clock import MovableClock
from bot.config import channels
from bot.delivery.files import Files
from bot.platforms.dingtalk import posting
from bot.platforms.dingtalk.robot import DingTalkRobot
from bot.platforms.wecom.robot import WeComRobot
from tests.platforms.dingtalk import fake as dingtalk
from tests.platforms.wecom import fake as wecom

Mood = Literal[
    "too fast", "too fast, other code", "busy", "500", "502", "503", "reset before the body", "reset after the body",
    "hangs", "half an answer", "no JSON", "final",
]  # fmt: skip

TAKES: tuple[Mood, ...] = ("500", "502", "reset after the body", "hangs", "half an answer", "no JSON")
"""After these the message stands in the group or does not; the sender cannot tell."""

HANGS = 0.1
"""Seconds after which a hanging platform is given up here: the ten of the house are too long for a test."""


@dataclass(frozen=True)
class Plan:
    """What the next request meets, and whether the message is taken all the same."""

    mood: Mood
    takes: bool = False


class Robot(Protocol):
    """A fake platform with one robot.

    Attributes:
        plans: what the next requests meet; None and nothing left = nothing special.
        arrivals: when each request came.
        too_fast: how many came faster than allowed.
        holds: numbers of requests (from 1) that are never answered, and whether their message is taken.
        cut: set when such a request has come.
    """

    plans: deque[Plan | None]
    arrivals: list[datetime]
    too_fast: int
    holds: dict[int, bool]
    cut: asyncio.Event

    @property
    def texts(self) -> list[str]:
        """What stands in the group, in order."""
        ...

    def transport(self, session: ClientSession, patient: bool) -> Transport:
        """A new transport to the robot; one without patience gives a hanging platform up after ``HANGS``."""
        ...


async def nobody(_chat: str, _names: tuple[str, ...]) -> Mapping[str, str]:
    return {}


class WeComGroup(wecom.Fake):
    """A WeCom robot."""

    def __init__(self, clock: MovableClock, folder: Path) -> None:
        super().__init__(clock)
        self.plans: deque[Plan | None] = deque()
        self.arrivals: list[datetime] = []
        self.too_fast = 0
        self.holds: dict[int, bool] = {}
        self.cut = asyncio.Event()
        self._now = clock
        self._folder = folder

    @property
    def texts(self) -> list[str]:
        return [body["markdown"]["content"] for body in self.taken]

    def transport(self, session: ClientSession, patient: bool) -> Transport:
        settings = {"name": "robot", "kind": "wecom-robot", "webhook": self.webhook}
        config = channels.WeComRobot.model_validate(settings)
        robot = WeComRobot(config, session, nobody, Files(self._folder), self._now)
        if not patient:
            robot.abilities = replace(robot.abilities, timeout=0.5 + HANGS)  # half a second is kept back
        return robot

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.deaf = bool(self.plans) and self.plans[0] == Plan("reset before the body")
        if self.deaf:
            self.plans.popleft()
            self.arrivals.append(self._now.now())
        await super()._serve(reader, writer)

    def _by_the_rules(self, message: dict[str, object], head: str) -> wecom.Reply:
        self.arrivals.append(self._now.now())
        plan = self.plans.popleft() if self.plans else None
        ruled = super()._by_the_rules(message, head)
        self.too_fast += ruled.errcode == 45009
        if ruled.errcode:
            return ruled
        if (taken := self.holds.get(len(self.arrivals))) is not None:
            self.cut.set()
            return wecom.Reply(takes=taken, end="hang")
        return replace(_WECOM[plan.mood], takes=plan.takes) if plan else ruled


_WECOM: Mapping[Mood, wecom.Reply] = {
    "too fast": wecom.Reply(errcode=45009),
    "too fast, other code": wecom.Reply(status=429),
    "busy": wecom.Reply(errcode=-1),
    "500": wecom.Reply(status=500),
    "502": wecom.Reply(status=502, body=b"<html>bad gateway</html>"),
    "503": wecom.Reply(status=503),
    "reset after the body": wecom.Reply(end="reset"),
    "hangs": wecom.Reply(end="hang"),
    "half an answer": wecom.Reply(end="half"),
    "no JSON": wecom.Reply(body=b"<html>please log in</html>"),
    "final": wecom.Reply(errcode=93008),
}


class DingTalkGroup(dingtalk.FakeDingTalk):
    """A DingTalk robot, which knows a repeated ``msgUuid``."""

    def __init__(self, clock: MovableClock) -> None:
        self.plans: deque[Plan | None] = deque()
        self.arrivals: list[datetime] = []
        self.too_fast = 0
        self.holds: dict[int, bool] = {}
        self.cut, self.over = asyncio.Event(), asyncio.Event()
        super().__init__(clock)

    @property
    def texts(self) -> list[str]:
        return [post["text"] for post in self.posts]

    def transport(self, session: ClientSession, patient: bool) -> Transport:
        settings = {
            "name": "robot",
            "kind": "dingtalk-robot",
            "secret": dingtalk.SEC,
            "webhook": f"{self.base}/robot/send?access_token={dingtalk.ACCESS}",
        }
        return DingTalkRobot(channels.DingTalkRobot.model_validate(settings), session, self.clock, nobody)

    async def _robot(self, request: web.Request) -> web.StreamResponse:
        self.arrivals.append(self.clock.now())
        plan = self.plans.popleft() if self.plans else None
        held = self.holds.get(len(self.arrivals))
        if held is False:
            self.cut.set()
            return await _hangs(self, request)
        if plan and not plan.takes:
            return await _DINGTALK[plan.mood](self, request)
        answer = await super()._robot(request)
        if b'"errcode": 0' not in (answer.body or b""):  # type: ignore[operator]
            return answer
        if held:
            self.cut.set()
            return await _hangs(self, request)
        return await _DINGTALK[plan.mood](self, request) if plan else answer

    def _too_fast(self, now: datetime) -> int:
        code = super()._too_fast(now)
        self.too_fast += bool(code)
        return code

    async def refuse(self, code: int) -> web.StreamResponse:
        """Too fast, says the platform, and shuts the robot out."""
        self.blocked_until = self.clock.now() + timedelta(minutes=10)
        return web.json_response({"errcode": code, "errmsg": "no"})


_Answer = Callable[[DingTalkGroup, web.Request], Awaitable[web.StreamResponse]]


def _ready(fault: dingtalk.Fault) -> _Answer:
    return lambda _, request: fault(request)


async def _hangs(robot: DingTalkGroup, request: web.Request) -> web.StreamResponse:
    await robot.over.wait()
    return web.Response()


async def _plain(_: DingTalkGroup, request: web.Request) -> web.StreamResponse:
    await request.read()
    return web.Response(text="busy")


_DINGTALK: Mapping[Mood, _Answer] = {
    "too fast": lambda robot, _: robot.refuse(130101),
    "too fast, other code": lambda robot, _: robot.refuse(410100),
    "busy": _ready(dingtalk.says({"errcode": -1, "errmsg": "busy"})),
    "500": _ready(dingtalk.page(500)),
    "502": _ready(dingtalk.page(502)),
    "503": _ready(dingtalk.page(503)),
    "reset before the body": _ready(dingtalk.reset_before_the_body),
    "reset after the body": _ready(dingtalk.reset_after_the_body),
    "hangs": _hangs,
    "half an answer": _ready(dingtalk.half_an_answer),
    "no JSON": _plain,
    "final": _ready(dingtalk.says({"errcode": 400106, "errmsg": "removed"})),
}


@asynccontextmanager
async def robot_of(
    kind: str, clock: MovableClock, folder: Path, monkeypatch: pytest.MonkeyPatch, *, patient: bool
) -> AsyncIterator[Robot]:
    """A "wecom" or "dingtalk" robot, served until the end."""
    if kind == "wecom":
        async with WeComGroup(clock, folder) as group:
            yield group
        return
    if not patient:
        monkeypatch.setattr(posting, "SECONDS", HANGS)
    robot = DingTalkGroup(clock)
    await robot.server.start_server()
    yield robot
    robot.over.set()
    await robot.server.close()
