"""The hostile table against the whole bot. ``-s`` prints it: name, status, milliseconds."""

import asyncio
import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from structlog.typing import EventDict

from tests.hostile.rows import MEGABYTE, ROWS, WORDS, Row
from tests.hostile.site import SECRETS, Answered, Request, Site
from tests.platforms.dingtalk import samples

pytestmark = pytest.mark.asyncio(loop_scope="module")

ODD: tuple[Any, ...] = (5, -1, 1e308, True, "", "x", "0" * 300, [], [[]], {}, {"a": {"b": []}}, [None], ["x"] * 2000)


@pytest.fixture(scope="module")
def table() -> Iterator[list[str]]:
    lines: list[str] = []
    yield lines
    print("\n" + "\n".join(lines))


async def observed(site: Site, request: Request) -> tuple[Answered, list[EventDict], bool]:
    """The answer, the log, and whether anything was stored."""
    before = await site.kept()
    with structlog.testing.capture_logs() as logs:
        answer = await site.send(request)
    return answer, logs, await site.kept() != before


def check_log(logs: list[EventDict]) -> None:
    written = repr(logs)
    assert not any(secret in written for secret in (*SECRETS, WORDS))


@pytest.mark.parametrize("name", ROWS)
async def test_row(site: Site, table: list[str], name: str) -> None:
    row: Row = ROWS[name]
    first = await site.send(row.first(site)) if row.first else None
    answer, logs, stored = await observed(site, row.make(site))
    table.append(f"{name:50} {answer.status} {answer.milliseconds:7.1f} ms")
    assert answer.status == row.status
    assert stored is row.served
    assert row.says in answer.text
    assert "😣" not in answer.text
    check_log(logs)
    if row.reason or row.status >= 400:
        assert len(logs) == 1
        assert row.reason in repr(logs)
        assert logs[0].get("reason", logs[0]["event"])
    if name.endswith("the same again") and first:
        assert answer.text == first.text


@pytest.mark.parametrize("field", samples.body())
async def test_dingtalk_with_anything_in_a_field(site: Site, field: str) -> None:
    await _neither_breaks_nor_half_done(site, [site.ding.request({**site.ding.body(), field: odd}) for odd in ODD])


@pytest.mark.parametrize(
    "field",
    ["msgid", "aibotid", "chattype", "chatid", "from", "response_url", "msgtype", "text", "mixed", "voice", "event"],
)
async def test_wecom_with_anything_in_a_field(site: Site, field: str) -> None:
    await _neither_breaks_nor_half_done(site, [site.wecom.request({**site.wecom.body(), field: odd}) for odd in ODD])


async def _neither_breaks_nor_half_done(site: Site, requests: list[Request]) -> None:
    refused = [request for request in requests if (await _answered(site, request)).status != 200]
    before = await site.kept()
    for request in refused:
        await _answered(site, request)
    assert await site.kept() == before


async def _answered(site: Site, request: Request) -> Answered:
    with structlog.testing.capture_logs() as logs:
        answer = await site.send(request)
    assert answer.status < 500
    assert "😣" not in answer.text
    assert answer.status == 200 or [bool(line["reason"]) for line in logs] == [True]
    check_log(logs)
    return answer


async def test_64_megabytes_do_not_stay_in_memory(site: Site) -> None:
    """From a sender who does not stop when he is refused."""
    resource = pytest.importorskip("resource")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    _, writer = await asyncio.open_connection("127.0.0.1", site.url.port)
    writer.write(f"POST /callback/ding HTTP/1.1\r\nHost: x\r\nContent-Length: {64 << 20}\r\n\r\n".encode())
    with contextlib.suppress(ConnectionError):
        for _ in range(64):
            writer.write(b"x" * MEGABYTE)
            await writer.drain()
    writer.close()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 16 * 1024  # KB on Linux, bytes on macOS


@pytest.mark.parametrize("sent", [b"", b"POST /callback/ding HTTP/1.1\r\nHost:"])
async def test_two_hundred_half_open_connections_leave_room_for_a_good_request(site: Site, sent: bytes) -> None:
    writers = []
    for _ in range(200):
        _, writer = await asyncio.open_connection("127.0.0.1", site.url.port)
        writer.write(sent)
        writers.append(writer)
    try:
        for name in ("DingTalk: a good request", "WeCom: a good request"):
            answers = [await site.send(ROWS[name].make(site)) for _ in range(3)]
            assert all("✅" in answer.text for answer in answers)
            assert min(answer.milliseconds for answer in answers) < 100  # one may meet a busy machine
    finally:
        for writer in writers:
            writer.close()


async def test_the_wrong_path_is_logged_with_the_right_one(site: Site) -> None:
    _, logs, _ = await observed(site, ROWS["WeCom: trailing slash"].make(site))
    assert logs[0]["path"] == "/callback/wecom/"
    assert "/callback/wecom" in json.dumps(logs[0]["hint"])
