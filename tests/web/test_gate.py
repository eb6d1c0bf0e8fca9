"""The board is loaded by whoever opens its first page, once, and nobody waits for it who writes to the bot."""

import asyncio
import threading
from http import HTTPStatus

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.web.board.gate import BoardGate

ADDRESSES = [
    ("GET", "/board/", "show"),
    ("GET", "/board/calendar", "show"),
    ("POST", "/board/sign-up", "change"),
    ("GET", "/board/board.css", "css"),
    ("GET", "/board/icon.svg", "icon"),
    ("GET", "/board/chart/0a.svg", "picture"),
    ("GET", "/board/file/12", "file"),
    ("GET", "/board/file/x", "show"),
    ("GET", "/board/open/code", "door"),
    ("POST", "/board/open/code", "enter"),
    ("GET", "/board/group/token", "group"),
    ("POST", "/board/leave", "leave"),
    ("GET", "/board/leave", "show"),
]


class Told:
    """A board that says which of its addresses was asked for."""

    async def answer(self, what: str, _request: web.Request) -> web.StreamResponse:
        return web.Response(text=what)


def served(make, *middlewares) -> TestClient:
    app = web.Application(middlewares=middlewares)
    BoardGate(make).add_to(app)
    return TestClient(TestServer(app))


async def test_many_who_open_the_first_page_at_once_load_it_once() -> None:
    made, come, all_there = [], [], threading.Event()
    asked = ADDRESSES * 3

    def make() -> Told:
        assert all_there.wait(10)  # in a thread: the event loop goes on
        made.append(1)
        return Told()

    @web.middleware
    async def count(request, handler):
        come.append(request.path)
        if len(come) == len(asked):
            all_there.set()
        return await handler(request)

    async with served(make, count) as client:
        assert made == []
        found = await asyncio.gather(*(client.request(method, path) for method, path, _ in asked))
        assert [await response.text() for response in found] == [what for *_, what in asked]
    assert made == [1]


async def test_a_board_that_could_not_be_loaded_is_loaded_by_the_next() -> None:
    answers = iter([OSError("too many open files"), Told()])

    def make() -> Told:
        answer = next(answers)
        if isinstance(answer, OSError):
            raise answer
        return answer

    async with served(make) as client:
        first = await client.get("/board/")
        assert first.status == HTTPStatus.SERVICE_UNAVAILABLE
        assert await first.text() == "看板现在打不开，请过一会儿再试。"
        assert [await (await client.get("/board/")).text() for _ in range(2)] == ["show", "show"]
