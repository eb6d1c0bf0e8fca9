"""Who may call the simulator, and with what: foreign callers, sizes, broken bodies, the shape of errors."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, FormData
from aiohttp.test_utils import TestServer

from bot.errors import ReadOnly
from bot.simulator.guard import JSON_BYTES, JSON_DEPTH, UPLOAD_BYTES
from bot.simulator.server import make_app
from tests.simulator.api_client import Api, form, is_chinese_error
from tests.simulator.fake_simulation import FakeSimulation

DEEP = b'{"speaker":"a","text":' + b"[" * 60 + b"]" * 60 + b"}"
BOTTOMLESS = b'{"a":' * 50_000 + b"1" + b"}" * 50_000


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"\xff\xfe{}",
        b'{"speaker":"a","text":NaN}',
        b'{"speaker":"a","text":"\\ud800"}',
        b'{"n":' + b"9" * 5000 + b"}",
        DEEP,
    ],
)
async def test_bad_json_is_refused(api: Api, raw: bytes) -> None:
    status, found = await api.post("messages", raw)
    assert is_chinese_error(status, found)
    assert status == 400


async def test_a_bottomless_body_does_not_break_the_server(api: Api) -> None:
    status, found = await api.post("messages", BOTTOMLESS[:JSON_BYTES])
    assert is_chinese_error(status, found)
    assert (await api.get("/health/live"))[0] == 200


async def test_depth_is_counted_exactly(api: Api) -> None:
    def nested(levels: int) -> dict[str, Any]:
        inner: dict[str, Any] = {}
        for _ in range(levels - 4):  # the body, lines, the line and its context are four
            inner = {"a": inner}
        return {"lines": [{"line": "每周三", "context": inner}]}

    assert (await api.post("plan", nested(JSON_DEPTH)))[0] == 200
    status, found = await api.post("plan", nested(JSON_DEPTH + 1))
    assert (status, "太深" in found["error"]) == (400, True)


async def test_size_is_counted_exactly(api: Api) -> None:
    def padded(size: int) -> bytes:
        frame = b'{"speaker":"a","private":true,"text":"%s"}'
        return frame % (b"x" * (size - len(frame) + 2))

    assert (await api.post("messages", padded(JSON_BYTES)))[0] == 200
    status, found = await api.post("messages", padded(JSON_BYTES + 1))
    assert (status, is_chinese_error(status, found)) == (413, True)


async def test_a_body_of_unsaid_length_is_cut_off_too(api: Api) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b" " * (JSON_BYTES // 4)

    async with api.session.post(f"{api.base}/try/api/messages", data=endless()) as response:
        assert response.status == 413


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:{port}", "[::1]:{port}"]
)
async def test_a_foreign_host_is_refused(api: Api, host: str) -> None:
    for path in ("/try", "/try/api/state", "/health/live", "/"):
        status, found = await api.get(path, Host=host.format(port=api.port))
        assert is_chinese_error(status, found)
        assert status == 403


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "https://127.0.0.1:{port}",
        "http://127.0.0.1",
        "http://127.0.0.1:{port}.evil.example",
    ],
)
async def test_a_foreign_origin_is_refused_and_nothing_is_said(api: Api, origin: str) -> None:
    body = {"speaker": "王老师", "text": "/帮助"}
    status, found = await api.post("messages", body, Origin=origin.format(port=api.port))
    assert (status, is_chinese_error(status, found)) == (403, True)
    assert api.simulation.bubbles == []


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST"])
async def test_its_own_names_are_accepted(api: Api, name: str) -> None:
    own = f"{name}:{api.port}"
    assert (await api.get("/try/api/state", Host=own, Origin=f"http://{own}"))[0] == 200


async def test_the_name_it_was_told_to_listen_on_is_accepted() -> None:
    server = TestServer(make_app(FakeSimulation(), host="teacher-pc"), host="127.0.0.1")
    async with server, ClientSession() as session:
        headers = {"Host": f"teacher-pc:{server.port}"}
        response = await session.get(server.make_url("/try/api/state"), headers=headers)
        assert response.status == 200


async def test_upload_limits(api: Api) -> None:
    assert (await api.post("plan", form(b"a" * UPLOAD_BYTES)))[0] == 200
    status, found = await api.post("plan", form(b"a" * (UPLOAD_BYTES + 1)))
    assert (status, is_chinese_error(status, found)) == (413, True)


@pytest.mark.parametrize("fields", [form(b"x", field="other"), form(b"x", filename="/")])
async def test_a_form_without_the_file_is_told(api: Api, fields: FormData) -> None:
    status, found = await api.post("plan", fields)
    assert (status, is_chinese_error(status, found)) == (400, True)


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=x"])
async def test_a_broken_form_is_told(api: Api, kind: str) -> None:
    status, found = await api.post("plan", b"no form at all", **{"Content-Type": kind})
    assert (status, is_chinese_error(status, found)) == (400, True)


async def test_unknown_paths_and_methods_are_json_too(api: Api) -> None:
    for path, code in (("/try/api/nothing", 404), ("/try/api/messages", 405), ("/try/static/../server.py", 404)):
        status, found = await api.get(path)
        assert (status, is_chinese_error(status, found)) == (code, True)


async def test_a_store_that_cannot_write_is_a_503_not_a_defect(api: Api) -> None:
    async def down(_group: str | None) -> None:
        raise ReadOnly("disk full at /secret/place")

    api.simulation.state = down  # type: ignore[assignment, method-assign]
    status, found = await api.get("/try/api/state")
    assert status == 503
    assert "没有保存" in found["error"]
    assert "secret" not in found["error"]


async def test_a_defect_shows_no_trace(api: Api) -> None:
    async def broken(_group: str | None) -> None:
        raise RuntimeError("secret detail")

    api.simulation.state = broken  # type: ignore[assignment, method-assign]
    status, found = await api.get("/try/api/state")
    assert status == 500
    assert "secret" not in found["error"]
