"""DingTalk on loopback, with the limits it documents and the faults networks have."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self
from urllib.parse import quote_plus

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.clock import Clock
from bot.platforms.dingtalk.signing import milliseconds, sign
from bot.simulator import sample

ACCESS = "robot-token-never-in-a-log"
SEC = "SECnever-in-a-log"
FIELDS = {
    "text": {"content"},
    "markdown": {"title", "text"},
    "actionCard": {"title", "text", "singleTitle", "singleURL"},
}
GROUP_FIELDS = {"robotCode", "openConversationId", "msgKey", "msgParam"}
ROBOTS = {"dingrobotcode", "dingKEY"}
"""A robot's code: its own, or that of its app."""

PEOPLE_FIELDS = {"robotCode", "userIds", "msgKey", "msgParam"}
PEOPLE = {"0123", "user-wang", *(sample.user_of(f"{name}老师") for name in "李王张赵陈刘周孙")}

Fault = Callable[[web.Request], Awaitable[web.StreamResponse]]


def says(data: Any, status: int = 200) -> Fault:
    """Answer with this JSON whatever was asked."""

    async def answer(request: web.Request) -> web.StreamResponse:
        await request.read()
        return web.json_response(data, status=status)

    return answer


def page(status: int) -> Fault:
    """Answer with a page for people."""

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text="<html><body>nginx</body></html>", content_type="text/html")

    return answer


async def hang(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(30)
    return web.Response()


async def reset_before_the_body(request: web.Request) -> web.StreamResponse:
    return _cut(request)


async def reset_after_the_body(request: web.Request) -> web.StreamResponse:
    await request.read()
    return _cut(request)


async def half_an_answer(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "100"})
    await response.prepare(request)
    await response.write(b'{"errcode":')
    return _cut(request, response)


def _cut(request: web.Request, response: web.StreamResponse | None = None) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return response or web.Response()


@dataclass
class FakeDingTalk:
    """``posts`` is what readers see, ``calls`` every path asked; ``faults`` are used up before anything is judged.

    ``requests`` holds what was judged: the path, the headers, the JSON.
    """

    clock: Clock
    seconds: int = 7200
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    posts: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    requests: list[tuple[str, Mapping[str, str], Any]] = field(default_factory=list)
    sessions: set[str] = field(default_factory=set)
    tokens: dict[str, datetime] = field(default_factory=dict)
    uuids: set[str] = field(default_factory=set)
    keys: dict[str, tuple[dict[str, Any], datetime]] = field(default_factory=dict)
    sent_at: list[datetime] = field(default_factory=list)
    blocked_until: datetime | None = None
    people: set[str] = field(default_factory=lambda: set(PEOPLE))

    def __post_init__(self) -> None:
        app = web.Application(middlewares=[self._spoil])
        app.router.add_post("/v1.0/oauth2/accessToken", self._token)
        app.router.add_post("/v1.0/robot/groupMessages/send", self._group)
        app.router.add_post("/v1.0/robot/oToMessages/batchSend", self._people)
        app.router.add_post("/v1.0/robot/groupMessages/recall", self._recall_group)
        app.router.add_post("/v1.0/robot/otoMessages/batchRecall", self._recall)
        app.router.add_post("/robot/sendBySession", self._session)
        app.router.add_post("/robot/send", self._robot)
        self.server = TestServer(app)

    async def __aenter__(self) -> Self:
        await self.server.start_server()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.server.close()

    @property
    def base(self) -> str:
        return str(self.server.make_url("")).rstrip("/")

    def spoil(self, path: str, *faults: Fault) -> None:
        """What the next requests for a path whose end this is run into."""
        self.faults.setdefault(path, []).extend(faults)

    @web.middleware
    async def _spoil(self, request: web.Request, handler: Any) -> web.StreamResponse:
        self.calls.append(request.path.rsplit("/", 1)[-1])
        waiting = self.faults.get(self.calls[-1], [])
        answer: web.StreamResponse = await (waiting.pop(0) if waiting else handler)(request)
        return answer

    async def _asked(self, request: web.Request) -> Any:
        asked = await request.json()
        self.requests.append((request.path, request.headers, asked))
        return asked

    async def _token(self, request: web.Request) -> web.Response:
        asked = await self._asked(request)
        if asked != {"appKey": "dingKEY", "appSecret": "app-secret-never-in-a-log"}:
            return _refusal(400, "invalidClientIdOrSecret")
        await asyncio.sleep(0.01)
        token = f"token-{self.calls.count('accessToken')}"
        self.tokens[token] = self.clock.now() + timedelta(seconds=self.seconds)
        return web.json_response({"accessToken": token, "expireIn": self.seconds})

    async def _group(self, request: web.Request) -> web.Response:
        asked = await self._asked(request)
        refusal = self._api_refuses(request, asked, GROUP_FIELDS)
        if refusal:
            return _refusal(400, refusal)
        return self._taken(asked, asked["openConversationId"])

    async def _people(self, request: web.Request) -> web.Response:
        asked = await self._asked(request)
        refusal = self._api_refuses(request, asked, PEOPLE_FIELDS)
        users = asked.get("userIds")
        if refusal or not isinstance(users, list) or not 1 <= len(users) <= 20:
            return _refusal(400, refusal or "invalidParameter.userIds")
        unknown = [user for user in users if user not in self.people]
        known = [user for user in users if user in self.people]
        return self._taken(asked, known, invalidStaffIdList=unknown, flowControlledStaffIdList=[])

    def _taken(self, asked: dict[str, Any], whom: Any, **more: list[str]) -> web.Response:
        key, post = f"key-{len(self.keys)}", {"to": whom, **json.loads(asked["msgParam"])}
        self.keys[key] = (post, self.clock.now())
        if whom:  # nobody known: nothing is shown
            self.posts.append(post)
        return web.json_response({"processQueryKey": key, **more})

    async def _recall_group(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if not asked.get("openConversationId"):
            return _refusal(400, "invalidParameter.openConversationId")
        return await self._recall(request, asked["openConversationId"])

    async def _recall(self, request: web.Request, chat: str | None = None) -> web.Response:
        """Take messages out of the chat they were sent to: people's ones within a day, without a trace."""
        asked = await self._asked(request)
        keys = asked.get("processQueryKeys")
        good_until = self.tokens.get(request.headers.get("x-acs-dingtalk-access-token", ""))
        if good_until is None or good_until <= self.clock.now():
            return _refusal(400, "InvalidAuthentication")
        if asked.get("robotCode") not in ROBOTS or not isinstance(keys, list) or not 1 <= len(keys) <= 20:
            return _refusal(400, "invalidParameter")
        failed = {key: reason for key in keys if (reason := self._past_recalling(key, chat))}
        gone = [self.keys[key][0] for key in keys if key not in failed]
        self.posts = [post for post in self.posts if not any(post is each for each in gone)]
        return web.json_response({"successResult": [key for key in keys if key not in failed], "failedResult": failed})

    def _past_recalling(self, key: str, chat: str | None) -> str:
        post, at = self.keys.get(key, ({"to": None}, self.clock.now()))
        if post["to"] != chat if chat else not isinstance(post["to"], list):
            return "no such message"
        return "" if self.clock.now() - at < timedelta(days=1) else "sent more than 24 hours ago"

    def _api_refuses(self, request: web.Request, asked: dict[str, Any], fields: set[str]) -> str:
        """The code of the refusal, "" = taken."""
        good_until = self.tokens.get(request.headers.get("x-acs-dingtalk-access-token", ""))
        if good_until is None or good_until <= self.clock.now():
            return "InvalidAuthentication"
        if not fields <= set(asked) or not isinstance(asked["msgParam"], str):
            return "invalidParameter"
        if asked["robotCode"] not in ROBOTS or asked["msgKey"] != "sampleMarkdown":
            return "invalidParameter.robotCode.auth"
        return "invalidParameter.msgParam.tooLong" if len(asked["msgParam"].encode()) > 15_000 else ""

    async def _session(self, request: web.Request) -> web.Response:
        if request.query["session"] not in self.sessions:
            return web.json_response({"errcode": 300001, "errmsg": "session 不存在"})
        asked = await self._asked(request)
        self.posts.append({"to": request.query["session"], **asked[asked["msgtype"]]})
        return web.json_response({"errcode": "0", "errmsg": "ok"})

    async def _robot(self, request: web.Request) -> web.Response:
        raw = await request.read()
        refusal = self._robot_refuses(request, raw)
        if refusal:
            return web.json_response({"errcode": refusal, "errmsg": "no"})
        asked = await self._asked(request)
        uuid = asked.get("msgUuid", f"none-{len(self.posts)}")  # without one a repeat is another message
        if uuid not in self.uuids:
            self.uuids.add(uuid)
            self.posts.append({"to": "group", **asked[asked["msgtype"]], "at": _users(asked)})
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    def _robot_refuses(self, request: web.Request, raw: bytes) -> int:
        """The code of the refusal, 0 = taken."""
        now = self.clock.now()
        timestamp = request.query.get("timestamp", "0")
        if request.query.get("access_token") != ACCESS:
            return 400101
        old = abs(milliseconds(now) - int(timestamp)) > 3_600_000
        if old or f"&sign={quote_plus(sign(timestamp, SEC))}" not in request.raw_path:
            return 310000
        if len(raw) > 20_000:
            return 460101
        asked = json.loads(raw)
        card, users = asked.get(asked["msgtype"], {}), _users(asked)
        if (
            not set(card) >= FIELDS[asked["msgtype"]]
            or len(users) > 50
            or any(f"@{u}" not in card.get("text", card.get("content")) for u in users)
        ):
            return 400105
        return self._too_fast(now)

    def _too_fast(self, now: datetime) -> int:
        if self.blocked_until and now < self.blocked_until:
            return 410100
        self.sent_at = [at for at in [*self.sent_at, now] if now - at < timedelta(minutes=1)]
        if len(self.sent_at) > 20:
            self.blocked_until = now + timedelta(minutes=10)
            return 130101
        return 0


def _users(asked: dict[str, Any]) -> list[str]:
    users: list[str] = asked.get("at", {}).get("atUserIds", [])
    return users


def _refusal(status: int, code: str) -> web.Response:
    return web.json_response({"code": code, "requestid": "R", "message": "no"}, status=status)
