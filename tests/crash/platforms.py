"""Both platforms' sending addresses on loopback, outliving every bot that calls them.

Like the real ones they take a message before they answer, so a bot killed in between cannot know; only DingTalk's robot
recognises a message it has taken already, by its ``msgUuid``.
"""

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

SLOWEST = 0.01
"""Seconds a platform thinks at most, before it takes a message and again before it answers."""


class FakePlatforms:
    """What arrived, as its reader would see it.

    Attributes:
        taken: how often each text stands in a chat, by (channel, whom, text); a robot's group is "group".
        repeated: messages DingTalk's robot was given once more and took no second time.
        on_taken: called when a message was taken and not answered yet.
    """

    def __init__(self) -> None:
        self.base = ""
        self.taken: Counter[tuple[str, str, str]] = Counter()
        self.repeated = 0
        self.on_taken: Callable[[], None] = lambda: None
        self._uuids: set[str] = set()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Listen on one address as long as the block lasts."""
        app = web.Application()
        app.router.add_post("/v1.0/oauth2/accessToken", self._token)
        app.router.add_post("/v1.0/robot/groupMessages/send", self._api)
        app.router.add_post("/v1.0/robot/oToMessages/batchSend", self._api)
        app.router.add_post("/robot/send", self._dingtalk_robot)
        app.router.add_post("/cgi-bin/webhook/send", self._wecom_robot)
        async with TestServer(app, host="127.0.0.1") as server:
            self.base = f"http://127.0.0.1:{server.port}"
            yield

    async def _token(self, _: web.Request) -> web.Response:
        return web.json_response({"accessToken": "token-1", "expireIn": 7200})

    async def _api(self, request: web.Request) -> web.Response:
        asked = await _read(request)
        text: str = json.loads(asked["msgParam"])["text"]
        to = asked["openConversationId"] if "openConversationId" in asked else asked["userIds"][0]
        self.taken["ding", to, text] += 1
        self.on_taken()
        return await _say({"processQueryKey": str(self.taken.total()), "invalidStaffIdList": []})

    async def _dingtalk_robot(self, request: web.Request) -> web.Response:
        asked = await _read(request)
        if asked["msgUuid"] in self._uuids:
            self.repeated += 1
        else:
            self._uuids.add(asked["msgUuid"])
            self.taken["ding-robot", "group", asked["markdown"]["text"]] += 1
        return await _say({"errcode": 0, "errmsg": "ok"})

    async def _wecom_robot(self, request: web.Request) -> web.Response:
        asked = await _read(request)
        self.taken["wecom-robot", "group", asked["markdown"]["content"]] += 1
        return await _say({"errcode": 0, "errmsg": "ok"})


async def _read(request: web.Request) -> dict[str, Any]:
    asked: dict[str, Any] = await request.json()
    await _think()
    return asked


async def _say(answer: dict[str, Any]) -> web.Response:
    await _think()
    return web.json_response(answer)


async def _think() -> None:
    await asyncio.sleep(random.random() * SLOWEST)  # noqa: S311 - any moment will do
