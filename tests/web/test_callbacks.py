"""What stands before a channel's own checks: sizes, times, numbers, addresses."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from ipaddress import ip_network

import pytest
import structlog
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from bot.errors import ReadOnly
from bot.web import callbacks
from bot.web.callbacks import AT_ONCE, BODY_BYTES, Answer, Callback, Callbacks


class Channel:
    """A channel that echoes, waits or breaks."""

    def __init__(self) -> None:
        self.seen: list[Callback] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.store_down = False

    async def __call__(self, callback: Callback) -> Answer:
        if self.store_down:
            raise ReadOnly("disk")
        self.seen.append(callback)
        await self.gate.wait()
        if callback.body == b"forged":
            return Answer(403, reason="signature")
        return Answer(200, callback.body, "text/plain")


@pytest.fixture
def channel() -> Channel:
    return Channel()


@pytest.fixture
async def client(channel: Channel) -> AsyncIterator[TestClient]:
    app = web.Application()
    Callbacks({"robot": channel, "钉钉-1": channel}, [ip_network("10.0.0.0/8")]).add_to(app)
    async with TestClient(TestServer(app)) as found:
        yield found


@pytest.mark.parametrize("path", ["robot", "钉钉-1", "%E9%92%89%E9%92%89-1"])
async def test_what_is_genuine_reaches_the_channel_whole(client, channel, path):
    answer = await client.post(URL(f"/callback/{path}?x=1%2B1", encoded=path.isascii()), data="你好".encode())
    assert (answer.status, await answer.text()) == (200, "你好")
    assert channel.seen[0].query["x"] == "1+1"


@pytest.mark.parametrize(
    ("method", "path", "data", "headers", "status"),
    [
        ("POST", "/callback/other", b"x", {}, 404),
        ("POST", "/callback/robot", b"forged", {}, 403),
        ("PUT", "/callback/robot", b"x", {}, 405),
        ("POST", "/callback/robot", gzip.compress(b"x", mtime=0), {"Content-Encoding": "gzip"}, 415),
        ("POST", "/callback/robot", b"x" * (BODY_BYTES + 1), {}, 413),
    ],
)
async def test_what_is_refused(client, channel, method, path, data, headers, status):
    answer = await client.request(method, path, data=data, headers=headers)
    assert answer.status == status
    assert await answer.read() == b""
    assert [seen.body for seen in channel.seen] == ([b"forged"] if status == 403 else [])


async def test_the_largest_body_passes_and_a_chunked_one_that_lies_does_not(client, channel):
    assert (await client.post("/callback/robot", data=b"x" * BODY_BYTES)).status == 200

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b"x" * 65_536

    assert (await client.post("/callback/robot", data=endless())).status == 413


async def test_a_body_that_never_ends_is_not_waited_for(client, monkeypatch):
    monkeypatch.setattr(callbacks, "BODY_SECONDS", 0.05)

    async def stalled() -> AsyncIterator[bytes]:
        yield b"x"
        await asyncio.sleep(1)
        yield b"y"

    assert (await client.post("/callback/robot", data=stalled())).status == 408


async def test_a_store_that_is_down_asks_for_the_message_again(client, channel):
    channel.store_down = True
    assert (await client.post("/callback/robot", data=b"x")).status == 503


async def flood(client: TestClient, channel: Channel, addresses: list[str]) -> list[int]:
    channel.gate.clear()
    async with ClientSession() as session:
        url = client.make_url("/callback/robot")
        sent = [
            asyncio.create_task(session.post(url, data=b"x", headers=[("X-Forwarded-For", line) for line in lines]))
            for lines in (address.split(" + ") for address in addresses)
        ]
        while sum(task.done() for task in sent) + len(channel.seen) < len(addresses):  # noqa: ASYNC110 - two counts
            await asyncio.sleep(0.01)
        channel.gate.set()
        return [(await task).status for task in sent]


async def test_too_many_at_once_from_one_address_are_refused_others_are_not(client, channel):
    statuses = await flood(client, channel, ["203.0.113.7"] * (AT_ONCE + 3) + ["203.0.113.8"] * 3)
    assert statuses.count(429) == 3
    assert statuses[-3:] == [200, 200, 200]


async def test_the_own_machine_is_not_counted_unless_it_names_somebody(client, channel):
    assert set(await flood(client, channel, ["127.0.0.1"] * (AT_ONCE + 5))) == {200}


async def test_behind_a_trusted_proxy_the_address_before_it_counts(client, channel):
    statuses = await flood(client, channel, [f"203.0.113.{n}, 10.1.2.3" for n in range(AT_ONCE + 5)])
    assert set(statuses) == {200}


async def test_a_proxy_may_add_its_header_beside_the_one_a_client_made_up(client, channel):
    statuses = await flood(client, channel, [f"198.51.100.{n} + 203.0.113.7" for n in range(AT_ONCE + 2)])
    assert statuses.count(429) == 2


@pytest.mark.parametrize(("channels", "hint"), [(["ding", "wecom"], "/callback/ding、/callback/wecom"), ([], "没有")])
async def test_a_wrong_address_is_logged_with_the_right_one(channels, hint):
    app = web.Application()
    Callbacks(dict.fromkeys(channels, Channel())).add_to(app)
    async with TestClient(TestServer(app)) as client:
        with structlog.testing.capture_logs() as logs:
            assert (await client.post("/callback/wecom/?token=hidden", data=b"x")).status == 404
    assert [(line["path"], line["status"]) for line in logs] == [("/callback/wecom/", 404)]
    assert hint in logs[0]["hint"]
    assert "hidden" not in repr(logs)
