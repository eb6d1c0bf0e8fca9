"""Connections that keep the server waiting, and those it must not mistake for them."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import structlog
from aiohttp import ClientSession, web

from bot.web import callbacks, door, server
from bot.web.callbacks import Answer, Callback, Callbacks
from bot.web.door import Door

HEADER = 0.15
LARGE = 20_000_000  # bytes, more than the buffers of both ends take
GOOD = b"GET /fast HTTP/1.1\r\nHost: x\r\n\r\n"
HALF = b"GET /fast HTTP/1.1\r\nHost:"


class Visitor:
    """A connection of which the test knows every byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def drip(self, data: bytes, every: float) -> None:
        for byte in data:
            if self.writer.is_closing():
                return
            self.writer.write(bytes([byte]))
            await asyncio.sleep(every)

    async def asks(self, request: bytes = GOOD) -> bytes:
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        return head.split(b"\r\n")[0] + await self.reader.readexactly(2)

    async def lasts(self) -> float:
        """Seconds until the server ends it."""
        start = time.monotonic()
        async with asyncio.timeout(5):
            try:
                while await self.reader.read(65536):
                    pass
            except ConnectionError:
                pass  # a reset is an end too
        return time.monotonic() - start


class House:
    def __init__(self, port: int, gate: asyncio.Event, stack: AsyncExitStack) -> None:
        self.port = port
        self.gate = gate
        self._stack = stack

    async def visitor(self) -> Visitor:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self._stack.callback(writer.close)
        return Visitor(reader, writer)


def application(gate: asyncio.Event) -> web.Application:
    async def fast(_request: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def slow(_request: web.Request) -> web.Response:
        await gate.wait()
        return web.Response(text="ok")

    async def large(_request: web.Request) -> web.Response:
        return web.Response(body=b"x" * LARGE)

    async def broken(_request: web.Request) -> web.Response:
        raise ZeroDivisionError

    async def channel(callback: Callback) -> Answer:
        return Answer(200, b"ok")

    app = web.Application()
    app.add_routes(
        [web.get("/fast", fast), web.get("/slow", slow), web.get("/large", large), web.get("/broken", broken)]
    )
    Callbacks({"robot": channel}).add_to(app)
    return app


@pytest.fixture
async def house(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    monkeypatch.setattr(door, "HEADER_SECONDS", HEADER)
    monkeypatch.setattr(callbacks, "BODY_SECONDS", HEADER)
    monkeypatch.setattr(server, "LINGER_SECONDS", 0.05)
    gate = asyncio.Event()
    async with server.serving(application(gate), "127.0.0.1", 0) as port, AsyncExitStack() as stack:
        yield House(port, gate, stack)
        gate.set()


def in_time(seconds: float, limit: float) -> bool:
    return limit * 0.8 <= seconds <= limit + 1


async def test_the_real_times_keep_every_kind_within_ten_seconds():
    assert door.HEADER_SECONDS <= 9
    assert callbacks.BODY_SECONDS + server.LINGER_SECONDS <= 9.5


@pytest.mark.parametrize("sent", [b"", HALF, b"\r\n\r\n", b"G"])
async def test_who_sends_nothing_or_half_a_header_has_to_go(house, sent):
    visitor = await house.visitor()
    visitor.writer.write(sent)
    with structlog.testing.capture_logs() as logs:
        assert in_time(await visitor.lasts(), HEADER)
    assert [line["reason"] for line in logs] == ["no whole header in time"]


async def test_a_byte_now_and_then_gives_no_more_time(house):
    visitor = await house.visitor()
    dripping = asyncio.create_task(visitor.drip(HALF, 0.02))
    assert in_time(await visitor.lasts(), HEADER)
    visitor.writer.close()
    await dripping


async def test_half_a_header_after_a_good_request_has_to_go(house):
    visitor = await house.visitor()
    assert await visitor.asks() == b"HTTP/1.1 200 OKok"
    visitor.writer.write(HALF)
    assert in_time(await visitor.lasts(), HEADER)


async def test_half_a_header_together_with_a_good_request_has_to_go(house):
    visitor = await house.visitor()
    assert await visitor.asks(GOOD + HALF) == b"HTTP/1.1 200 OKok"
    assert in_time(await visitor.lasts(), HEADER)


async def test_a_kept_connection_may_rest_and_ends_in_silence(house):
    visitor = await house.visitor()
    for _ in range(3):
        assert await visitor.asks() == b"HTTP/1.1 200 OKok"
        await asyncio.sleep(HEADER * 0.5)
    assert await visitor.asks() == b"HTTP/1.1 200 OKok"
    with structlog.testing.capture_logs() as logs:
        assert in_time(await visitor.lasts(), HEADER)
    assert logs == []


async def test_half_a_body_is_answered_and_ended(house):
    visitor = await house.visitor()
    visitor.writer.write(b"POST /callback/robot HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{")
    assert b" 408 " in await visitor.reader.readline()
    assert await visitor.lasts() < 1


async def test_a_body_for_nobody_is_not_waited_for(house):
    visitor = await house.visitor()
    visitor.writer.write(b"POST /callback/robot/ HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{")
    assert b" 404 " in await visitor.reader.readline()
    assert await visitor.lasts() < 1


async def test_a_handler_may_take_its_time(house):
    visitor = await house.visitor()
    asked = asyncio.create_task(visitor.asks(GOOD.replace(b"fast", b"slow")))
    await asyncio.wait({asked}, timeout=HEADER * 2)
    assert not asked.done()
    house.gate.set()
    assert await asked == b"HTTP/1.1 200 OKok"


async def test_who_does_not_read_the_answer_has_to_go(house):
    visitor = await house.visitor()
    visitor.writer.write(GOOD.replace(b"fast", b"large"))
    await asyncio.sleep(HEADER * 2)
    assert len(await visitor.reader.read()) < LARGE


async def test_a_request_in_several_pieces_is_served(house):
    visitor = await house.visitor()
    for piece in (GOOD[:5], GOOD[5:20]):
        visitor.writer.write(piece)
        await visitor.writer.drain()
    assert await visitor.asks(GOOD[20:]) == b"HTTP/1.1 200 OKok"
    assert await visitor.asks() == b"HTTP/1.1 200 OKok"


async def test_two_hundred_half_open_connections_do_not_slow_a_good_request(house):
    waiting = [await house.visitor() for _ in range(200)]
    for visitor in waiting:
        visitor.writer.write(HALF)
    spent = []
    async with ClientSession() as http:
        for _ in range(3):
            start = time.monotonic()
            async with http.get(f"http://127.0.0.1:{house.port}/fast") as answer:
                assert answer.status == 200
            spent.append(time.monotonic() - start)
    assert min(spent) < 0.1  # one may meet a busy machine


async def test_one_too_many_ends_the_longest_waiting_and_none_that_is_served():
    gate = asyncio.Event()
    runner = web.AppRunner(application(gate))
    entrance = Door(lambda: runner.server(), most=4)
    runner.app.middlewares.append(entrance.middleware)
    await runner.setup()
    listener = await asyncio.get_running_loop().create_server(entrance, "127.0.0.1", 0)
    async with AsyncExitStack() as stack:
        house = House(listener.sockets[0].getsockname()[1], gate, stack)
        served = await house.visitor()
        asked = asyncio.create_task(served.asks(GOOD.replace(b"fast", b"slow")))
        waiting = []
        for _ in range(3):
            waiting.append(await house.visitor())
            await waiting[-1].asks()
        last = await house.visitor()
        assert await last.asks() == b"HTTP/1.1 200 OKok"
        assert await waiting[0].lasts() < 1
        assert await waiting[1].asks() == b"HTTP/1.1 200 OKok"
        gate.set()
        assert await asked == b"HTTP/1.1 200 OKok"
    listener.close()
    await runner.cleanup()


async def test_https_on_the_http_port_is_explained_and_not_quoted(house):
    visitor = await house.visitor()
    with structlog.testing.capture_logs() as logs:
        visitor.writer.write(bytes.fromhex("160301020001000001fc0303") + b"what nobody should see")
        await visitor.lasts()
    assert [line["event"] for line in logs] == ["http.refused"]
    assert "HTTPS" in logs[0]["hint"]
    assert "nobody" not in repr(logs)


async def test_a_defect_is_logged_with_its_trace(house):
    with structlog.testing.capture_logs() as logs:
        visitor = await house.visitor()
        visitor.writer.write(GOOD.replace(b"fast", b"broken"))
        assert b" 500 " in await visitor.reader.readline()
    assert isinstance(logs[0]["exc_info"], ZeroDivisionError)


async def test_the_end_waits_for_a_request_under_way():
    gate = asyncio.Event()
    async with AsyncExitStack() as stack:
        async with server.serving(application(gate), "127.0.0.1", 0) as port:
            visitor = await House(port, gate, stack).visitor()
            asked = asyncio.create_task(visitor.asks(GOOD.replace(b"fast", b"slow")))
            await asyncio.wait({asked}, timeout=0.05)
            asyncio.get_running_loop().call_later(0.05, gate.set)
        assert await asked == b"HTTP/1.1 200 OKok"
