"""A WeCom channel behind the callback address: statuses, hostile requests, what the log shows."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.chat.reply import message
from bot.chat.transport import Incoming
from bot.clock import MovableClock
from bot.delivery.outcome import Outcome, Said
from bot.platforms.wecom.callback import WeComCallback
from bot.platforms.wecom.late import Late
from bot.platforms.wecom.payloads import Message
from bot.platforms.wecom.refusals import Refusal
from bot.web import callbacks
from tests.platforms.wecom.peer import KEY, NOW, TOKEN, Platform, settings

PATH = "/callback/企业微信"
RAW_PATH = "/callback/%E4%BC%81%E4%B8%9A%E5%BE%AE%E4%BF%A1"


class Nothing:
    async def expect(self, message: Message) -> None:
        raise AssertionError(message)

    async def get(self, stream: str, now: datetime) -> Late | None:
        return None


class Site:
    def __init__(self) -> None:
        self.clock = MovableClock(NOW)
        self.platform = Platform(self.clock)
        self.heard: list[Incoming] = []
        self.callback = WeComCallback(settings(name="企业微信"), self.handle, Nothing(), self.clock)
        app = web.Application()
        callbacks.Callbacks({"企业微信": self.receive}).add_to(app)
        self.client: TestClient[web.Request, web.Application] = TestClient(TestServer(app))

    async def receive(self, callback: callbacks.Callback) -> callbacks.Answer:
        try:
            if callback.method == "GET":
                text = await self.callback.verify(callback.query)
                return callbacks.Answer(200, text.encode(), "text/plain")
            return callbacks.Answer(200, await self.callback.receive(callback.query, callback.body))
        except Refusal as refusal:
            return callbacks.Answer(refusal.status, reason=refusal.reason)

    async def handle(self, incoming: Incoming) -> Outcome:
        self.heard.append(incoming)
        return Outcome(said=(Said(to="here", content=message("✅ 好的")),))

    async def post(self, query: dict[str, str], data: Any, **headers: str) -> tuple[int, bytes]:
        async with self.client.post(PATH, params=query, data=data, headers=headers) as response:
            return response.status, await response.read()

    async def raw(self, head: str, body: bytes = b"") -> bytes:
        """The first line of the answer to a request written by hand."""
        reader, writer = await asyncio.open_connection(self.client.host, self.client.port)
        writer.write(f"POST {RAW_PATH} HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n".encode() + body)
        line = await asyncio.wait_for(reader.readline(), 5)
        writer.close()
        return line


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    # What is compressed is refused here; nobody else has to try to unpack it first.
    await site.client.server.start_server(auto_decompress=False)
    async with site.client:
        yield site


async def test_the_console_gets_the_bare_text(site: Site) -> None:
    async with site.client.get(PATH, params=site.platform.echo("1616140317555161061")) as response:
        assert (response.status, await response.read()) == (200, b"1616140317555161061")


async def test_a_question_gets_a_sealed_answer(site: Site) -> None:
    status, answer = await site.post(*site.platform.signed(site.platform.body("/帮助")))
    assert status == 200
    assert site.platform.said(answer) == "✅ 好的"


def forged(site: Site) -> tuple[dict[str, str], Any]:
    other = Platform(site.clock, token="another-token")
    return other.signed(other.body("/帮助"))


def at(seconds: int) -> Any:
    def made(site: Site) -> tuple[dict[str, str], Any]:
        return site.platform.signed(site.platform.body("/帮助"), at=int(NOW.timestamp()) + seconds)

    return made


def raw(data: bytes) -> Any:
    return lambda site: (site.platform.signed({})[0], data)


def inside(body: Any) -> Any:
    return lambda site: site.platform.signed(body)


HOSTILE = {
    "forged": (forged, 403),
    "two hours ago": (at(-7200), 403),
    "in two hours": (at(7200), 403),
    "no parameters": (lambda site: ({}, site.platform.signed(site.platform.body("x"))[1]), 400),
    "query of another message": (lambda site: (site.platform.signed({})[0], site.platform.signed({})[1]), 403),
    "another robot": (lambda site: site.platform.signed(site.platform.body("x", aibotid="aib-9")), 403),
    "empty": (raw(b""), 400),
    "broken JSON": (raw(b'{"encrypt": '), 400),
    "not UTF-8": (raw(b"\xff\xfe\x00"), 400),
    "a list": (raw(b"[]"), 400),
    "null": (raw(b"null"), 400),
    "100k brackets": (raw(b"[" * 100_000), 400),
    "2 MB": (raw(b"x" * 2_000_000), 413),
    "signed: a list": (inside([1]), 400),
    "signed: 100k brackets": (inside(b"[" * 100_000), 400),
    "signed: wrong types": (inside({"aibotid": "aib-1", "msgtype": ["text"]}), 400),
    "signed: without msgid": (lambda site: site.platform.signed(site.platform.body("x", msgid="")), 400),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_hostile_requests_get_a_4xx_and_do_nothing(site: Site, name: str) -> None:
    made, expected = HOSTILE[name]
    with structlog.testing.capture_logs() as logs:
        status, answer = await site.post(*made(site))
    assert (status, site.heard) == (expected, [])
    assert len(answer) < 10
    assert len(logs) == 1
    assert logs[0]["reason"]
    assert not any(secret in json.dumps(logs) for secret in (TOKEN, KEY))
    status, _ = await site.post(*site.platform.signed(site.platform.body("/帮助")))
    assert status == 200


async def test_64_megabytes_are_not_read(site: Site) -> None:
    assert b" 413 " in await site.raw(f"Content-Length: {64 << 20}")


async def test_a_body_without_a_length_is_counted(site: Site) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b"x" * 64 * 1024

    status, _ = await site.post(site.platform.signed({})[0], endless())
    assert status == 413


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "GZIP"])
async def test_compressed_bodies_are_refused(site: Site, encoding: str) -> None:
    query, body = site.platform.signed(site.platform.body("/帮助"))
    status, _ = await site.post(query, gzip.compress(body), **{"Content-Encoding": encoding})
    assert (status, site.heard) == (415, [])


async def test_a_broken_chunk_is_a_400(site: Site) -> None:
    line = await site.raw("Transfer-Encoding: chunked", b"5\r\nhello\r\nZZ\r\n")
    assert b" 400 " in line
    assert site.heard == []


async def test_a_body_that_never_comes_is_given_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callbacks, "BODY_SECONDS", 0.05)
    assert b" 408 " in await site.raw("Content-Length: 50", b"{")


async def test_other_methods_and_names_are_not_served(site: Site) -> None:
    for method, path, status in (("PUT", PATH, 405), ("HEAD", PATH, 405), ("POST", "/callback/other", 404)):
        async with site.client.request(method, path) as response:
            assert response.status == status


async def test_the_same_bytes_are_served_only_within_the_window(site: Site) -> None:
    query, body = site.platform.signed(site.platform.body("/帮助"))
    assert [(await site.post(query, body))[0] for _ in range(2)] == [200, 200]
    site.clock.set(NOW + timedelta(minutes=11))
    assert (await site.post(query, body))[0] == 403
