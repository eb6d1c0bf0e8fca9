"""A client of the simulator's API for the tests: it speaks as a browser on the same machine does."""

import json
from typing import Any

from aiohttp import ClientSession, FormData
from aiohttp.test_utils import TestServer

from tests.simulator.fake_simulation import FakeSimulation


class Api:
    """The server and a client that speaks to it as a browser on the same machine does."""

    def __init__(self, simulation: FakeSimulation, server: TestServer, session: ClientSession) -> None:
        self.simulation = simulation
        self.port = server.port
        self.base = f"http://127.0.0.1:{server.port}"
        self.session = session

    async def post(self, path: str, body: Any, **headers: str) -> tuple[int, Any]:
        data = body if isinstance(body, (bytes, FormData)) else json.dumps(body).encode()
        async with self.session.post(f"{self.base}/try/api/{path}", data=data, headers=headers) as response:
            return response.status, await response.json()

    async def get(self, path: str, **headers: str) -> tuple[int, Any]:
        async with self.session.get(self.base + path, headers=headers) as response:
            return response.status, await response.json()


def is_chinese_error(status: int, answer: Any) -> bool:
    return (
        400 <= status < 500
        and set(answer) == {"error"}
        and any("\u4e00" <= char <= "\u9fff" for char in answer["error"])
    )


def form(data: bytes, filename: str | None = "计划.txt", field: str = "file") -> FormData:
    fields = FormData(quote_fields=False)
    fields.add_field(field, data, filename=filename, content_type="text/plain")
    return fields
