"""Files sent to WeCom's robots, over the long connection and to a callback address: fetched, opened, asked about."""

import asyncio
import base64
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ThreadedResolver

from bot.clock import MovableClock
from bot.delivery.flight import Patience
from bot.domain.groups import space_of
from bot.domain.resources import Resource
from bot.errors import BadArgument
from bot.platforms.download import PublicOnly, download
from bot.platforms.wecom.crypto import encrypt_blocks
from bot.simulator import sample
from tests.platforms.documents import PDF, PLAN, PNG, docx
from tests.platforms.file_host import FileHost
from tests.platforms.house import Served, school_config, section
from tests.platforms.house import house as house_of
from tests.platforms.wecom.connection_school import CHAT, School, school
from tests.platforms.wecom.fake_connection import FakeConnection
from tests.platforms.wecom.peer import KEY, ROBOT, TOKEN, Platform

OWN_KEY = bytes(range(32))
CODED = base64.b64encode(OWN_KEY).decode().rstrip("=")


@pytest.fixture
async def host() -> AsyncIterator[FileHost]:
    async with FileHost() as made:
        yield made


async def sends(school: School, host: FileHost, data: bytes, name: str = "", who: str = "王老师", **more: Any) -> str:
    """Send a file one-to-one, sealed with a key of its own, and read the answer."""
    url = host.put(encrypt_blocks(OWN_KEY, data), name)
    body = {"msgtype": "file", "text": None, "file": {"url": url, "aeskey": CODED}, **more}
    return await school.says("", who, private=True, **body)


async def resources(served: Served) -> list[Resource]:
    async with served.store.transaction(space_of(sample.CHINESE)) as tx:
        return await tx.scan(Resource)


async def test_a_plan_over_the_connection_is_read_and_chosen(house: School, host: FileHost) -> None:
    answer = await sends(house, host, docx(*PLAN), "工作计划.docx", "李老师")
    assert "《工作计划.docx》" in answer
    assert "读出 3 项安排" in answer
    assert "已读进计划" in await house.says("1", "李老师", private=True)
    assert len(await resources(house.served)) == 1


async def test_what_came_is_handed_out_after_its_words(house: School, host: FileHost) -> None:
    data = docx("学案")
    await sends(house, host, data, "第二单元学案.docx")
    assert "已存" in await house.says("1", private=True)
    before = len(house.platform.shown)
    await house.heard("/资源 1", "张老师")
    async with asyncio.timeout(5):
        while len(house.platform.shown) < before + 2:
            await house.drain()
            await asyncio.sleep(0.01)
    words, file = house.platform.shown[before:]
    assert "《第二单元学案.docx》" in words.text
    assert (file.chat, file.cmd) == (CHAT, "aibot_send_msg")
    (upload,) = house.platform.media.values()
    assert data in upload


@pytest.mark.parametrize("name", ["", "x.bin"])
async def test_without_a_name_the_bytes_tell_what_it_is(house: School, host: FileHost, name: str) -> None:
    answer = await sends(house, host, PDF, name)
    assert (".pdf》" in answer) is (not name)
    assert ("这种文件我不收" in answer) is bool(name)


async def test_a_picture_is_kept_too(house: School, host: FileHost) -> None:
    url = host.put(encrypt_blocks(OWN_KEY, PNG))
    answer = await house.says("", private=True, msgtype="image", text=None, image={"url": url, "aeskey": CODED})
    assert ".png》" in answer
    assert "存为备课资源" in answer


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("AAAA", "解不开"),
        (base64.b64encode(bytes(range(32, 64))).decode(), "解不开"),
        ("", "解不开"),
        ("\u4e00", "解不开"),
    ],
)
async def test_a_wrong_key_is_said(house: School, host: FileHost, key: str, words: str) -> None:
    # The same bytes always: a document holds its date, and one in 256 decrypts to something that looks padded.
    file = {"url": host.put(encrypt_blocks(OWN_KEY, b"what was sent " * 40), "a.docx"), "aeskey": key}
    assert words in await house.says("", private=True, msgtype="file", text=None, file=file)
    assert await resources(house.served) == []


@pytest.mark.parametrize(
    ("status", "headers", "words"),
    [
        (302, {"Location": "/media/0"}, "没有取到"),
        (404, {}, "取不到了"),
        (403, {}, "取不到了"),
        (500, {}, "没有取到"),
    ],
)
async def test_what_does_not_come_is_said(
    house: School, host: FileHost, status: int, headers: dict[str, str], words: str
) -> None:
    host.put(encrypt_blocks(OWN_KEY, docx("a")), "a.docx")
    url = host.put(b"", status=status, **headers)
    file = {"url": url, "aeskey": CODED}
    assert words in await house.says("", private=True, msgtype="file", text=None, file=file)
    assert host.asked == 1


ELSEWHERE = (
    "http://example.com/1",
    "https://10.0.0.1/1",
    "https://[::1]:1/1",
    "file:///etc/passwd",
    "ftp://127.0.0.1/",
    "http://[",
    "https://169.254.169.254/latest",
)


async def test_an_address_that_leads_elsewhere_is_not_followed(house: School, host: FileHost) -> None:
    for url in ELSEWHERE:
        said = await house.says("", private=True, msgtype="file", text=None, file={"url": url, "aeskey": CODED})
        assert "没有取到" in said, url
    assert host.asked == 0


@pytest.mark.parametrize(
    "url",
    [
        *ELSEWHERE,
        "https://a@example.com/",
        "https://127.0.0.1/1",
        "https://localhost/1",
        "https://[fd00::1]/",
        "https://0.0.0.0/",
    ],
)
async def test_in_earnest_only_public_hosts_are_asked(url: str) -> None:
    with pytest.raises(BadArgument, match="没有取到"):
        await download(url, 10, base="https://api.dingtalk.com")


async def test_a_name_that_leads_into_our_own_network_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    where = "10.0.0.1"

    async def found(*_: object, **__: object) -> list[dict[str, object]]:
        return [{"hostname": "x", "host": where, "port": 443, "family": socket.AF_INET, "proto": 0, "flags": 0}]

    monkeypatch.setattr(ThreadedResolver, "resolve", found)
    resolver = PublicOnly("files.example.com")
    with pytest.raises(OSError, match="no public address"):
        await resolver.resolve("files.example.com")
    assert len(await resolver.resolve("proxy.school")) == 1  # the school's own proxy may be inside
    where = "93.184.216.34"
    assert len(await resolver.resolve("files.example.com")) == 1


async def test_in_a_group_and_from_an_outsider_nothing_is_fetched(house: School, host: FileHost) -> None:
    url = host.put(encrypt_blocks(OWN_KEY, docx("a")), "a.docx")
    file = {"msgtype": "file", "text": None, "file": {"url": url, "aeskey": CODED}}
    assert "私下发给我" in await house.says("", **file)
    assert "我还不认识您" in await house.says("", "新老师", private=True, **file)
    assert host.asked == 0


async def test_a_restart_while_downloading_fetches_again(
    platform: FakeConnection, host: FileHost, tmp_path: Path, clock: MovableClock
) -> None:
    host.gate.clear()
    async with school(platform, tmp_path, clock) as first:
        first.served.bot.dispatcher.patience = Patience(0.05)
        url = host.put(encrypt_blocks(OWN_KEY, docx("a")), "学案.docx")
        await first.heard("", private=True, msgtype="file", text=None, file={"url": url, "aeskey": CODED})
        await platform.until(lambda: host.asked == 1 and platform.shown)
        for flight in list(first.served.bot.dispatcher._flights.values()):
            flight.task.cancel()
    host.gate.set()
    async with school(platform, tmp_path, clock) as second:
        assert await second.served.bot.dispatcher.drain() == 1
        await second.drain()
        assert any("收到 1《学案.docx》" in text for text in platform.in_chat(sample.user_of("王老师")))
        assert host.asked == 2


async def test_nothing_of_a_file_is_in_a_log(house: School, host: FileHost, capfd: pytest.CaptureFixture[str]) -> None:
    await sends(house, host, docx("a"), "学案.docx")
    await sends(house, host, b"", "学案.docx")
    printed = "".join(capfd.readouterr())
    assert CODED not in printed
    assert "/media/" not in printed


@pytest.fixture
async def called(tmp_path: Path, clock: MovableClock, host: FileHost) -> AsyncIterator[tuple[Served, Platform]]:
    """The sample school at a callback address; files lie on loopback, as its ``api_base`` does."""
    base = str(host.server.make_url("")).rstrip("/")
    channel = section("wecom-callback", name="wecom", token=TOKEN, encoding_aes_key=KEY, bot_id=ROBOT, api_base=base)
    public = '[server]\npublic_url = "https://bot.example.com"\n'
    async with house_of(public + school_config(channel, channel="wecom", chat=CHAT), tmp_path, clock) as served:
        yield served, Platform(clock)


async def says(called: tuple[Served, Platform], text: str = "", /, who: str = "王老师", **more: Any) -> str:
    served, platform = called
    query, body = platform.signed(platform.body(text, who=sample.user_of(who), **more))
    async with served.http.post(served.callback("wecom"), params=query, data=body) as answer:
        assert answer.status == 200
        return platform.said(await answer.read())


async def test_a_file_to_the_callback_is_opened_with_its_key_and_handed_out_by_link(
    called: tuple[Served, Platform], host: FileHost
) -> None:
    data = docx("学案")
    url = host.put(encrypt_blocks(base64.b64decode(KEY + "="), data), "学案 终稿😀.docx")
    answer = await says(called, msgtype="file", file={"url": url})
    assert "收到 1《学案 终稿😀.docx》" in answer
    assert "已存" in await says(called, "1")
    link = (
        (await says(called, "@备课助手 /资源 1", "张老师", chat=CHAT))
        .split("(https://bot.example.com")[1]
        .split(")")[0]
    )
    served = called[0]
    async with served.http.get(served.url + link) as page:
        assert (page.status, await page.read()) == (200, data)
        assert page.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E5%AD%A6%E6%A1%88")
        assert (page.headers["X-Content-Type-Options"], page.headers["Cache-Control"]) == ("nosniff", "no-store")
    for wrong in (
        link[:-1] + ("A" if link[-1] != "A" else "B"),
        "/files/x.y",
        "/files/" + "a" * 2000,
        link + "=",
    ):
        async with served.http.get(served.url + wrong) as page:
            assert page.status == 404
            assert "链接失效了" in await page.text()
    served.clock.set(served.clock.now().replace(day=20))
    async with served.http.get(served.url + link) as page:
        assert page.status == 404
