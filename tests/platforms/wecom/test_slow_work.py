"""Slow work at a callback address: the stream stays open until the file's link is there; what is private stays so."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import MovableClock
from bot.delivery.workshop import Workshop
from bot.platforms.wecom.replies import QUIET
from bot.simulator import sample
from tests.platforms.house import Served, school_config, section
from tests.platforms.house import house as house_of
from tests.platforms.wecom.connection_school import CHAT, School
from tests.platforms.wecom.fake import Fake
from tests.platforms.wecom.peer import KEY, ROBOT, TOKEN, Platform

LEADER = sample.user_of("李老师")


@pytest.fixture
async def called(tmp_path: Path, clock: MovableClock) -> AsyncIterator["Caller"]:
    public = '[server]\npublic_url = "https://bot.example.com"\n'
    async with Fake() as fake:
        secrets = {"token": TOKEN, "encoding_aes_key": KEY}
        channel = section("wecom-callback", name="wecom", bot_id=ROBOT, api_base=fake.base, **secrets)
        async with house_of(public + school_config(channel, channel="wecom", chat=CHAT), tmp_path, clock) as served:
            yield Caller(served, Platform(clock), fake)


class Caller:
    """WeCom as it calls a callback address, and asks for streams again."""

    def __init__(self, served: Served, platform: Platform, fake: Fake) -> None:
        self.served, self.platform, self.fake = served, platform, fake

    async def hears(self, text: str = "", /, **more: Any) -> dict[str, Any]:
        """The stream that comes back."""
        query, body = self.platform.signed(self.platform.body(text, who=LEADER, **more))
        async with self.served.http.post(self.served.callback("wecom"), params=query, data=body) as answer:
            assert answer.status == 200
            return dict(self.platform.read(await answer.read())["stream"])

    async def asks(self, stream: dict[str, Any], **more: Any) -> dict[str, Any]:
        """The same stream, asked for again."""
        return await self.hears(msgtype="stream", stream={"id": stream["id"]}, **more)

    async def makes(self) -> int:
        """What is ordered is made; how many."""
        assert isinstance(self.served.bot.workshop, Workshop)
        return await self.served.bot.workshop.drain()

    async def fetched(self, words: str) -> bytes:
        """The file behind the link in a text."""
        link = words.split("(https://bot.example.com")[1].split(")")[0]
        async with self.served.http.get(self.served.url + link) as page:
            assert page.status == 200
            return await page.read()


async def test_the_stream_says_what_is_done_until_the_link_is_there(called: Caller) -> None:
    await called.hears("/反思 导入太长，下次三分钟内进入文本")
    stream = await called.hears("/汇总 9月 Word")
    assert (stream["finish"], stream["content"].splitlines()[0]) == (False, "⏳ 正在做9月小结（Word），做好只发给您。")
    assert (await called.asks(stream))["finish"] is False
    assert await called.makes() == 1
    done = await called.asks(stream)
    assert done["finish"] is True
    assert done["content"].startswith("✅ 9月小结（Word）好了")
    assert (await called.fetched(done["content"])).startswith(b"PK")
    await called.served.bot.sender.drain()  # it was fetched: nothing is posted on top of it
    called.served.clock.set(called.served.clock.now() + QUIET)
    await called.served.bot.sender.drain()
    assert called.fake.taken == []


async def test_whose_stream_is_not_asked_for_gets_it_at_the_messages_address(called: Caller) -> None:
    url = f"{called.fake.base}/cgi-bin/aibot/response?response_code=1"
    await called.hears("/反思 导入太长，下次三分钟内进入文本")
    await called.hears("/汇总 9月 图", response_url=url)
    await called.makes()
    for _ in range(3):
        called.served.clock.set(called.served.clock.now() + QUIET + timedelta(seconds=5))
        await called.served.bot.sender.drain()
    (posted,) = called.fake.taken
    assert "9月小结 · 高一语文备课组" in posted["markdown"]["content"]
    assert "/files/" in posted["markdown"]["content"]


async def test_what_is_private_does_not_stand_in_the_groups_stream(called: Caller) -> None:
    await called.hears("/反思 导入太长，下次三分钟内进入文本")
    stream = await called.hears("@备课助手 /汇总 9月 Excel", chat=CHAT)
    assert stream["finish"] is True
    await called.makes()
    await called.served.bot.sender.drain()
    assert "/files/" not in (await called.hears("@备课助手 /汇总 9月", chat=CHAT))["content"]
    private = (await called.hears("/汇总 9月 反思"))["content"]
    assert "✉️ 给您的留言" in private
    assert (await called.fetched(private)).startswith(b"PK")
    assert "/files/" not in (await called.hears("/汇总 9月 反思"))["content"]


async def test_the_same_question_delivered_again_is_the_same_stream(called: Caller) -> None:
    await called.hears("/反思 导入太长，下次三分钟内进入文本")
    first = await called.hears("/汇总 9月 Word", msgid="CAIQ/7=")
    assert await called.hears("/汇总 9月 Word", msgid="CAIQ/7=") == first
    assert await called.makes() == 1
    assert (await called.hears("/汇总 9月 Word", msgid="CAIQ/7="))["finish"] is True


async def test_over_the_connection_the_file_is_a_message_of_its_own(house: School) -> None:
    await house.says("/反思 导入太长，下次三分钟内进入文本")
    assert (await house.says("/汇总 9月 图", "李老师")).startswith("⏳ 正在做9月小结（图）")
    assert isinstance(house.served.bot.workshop, Workshop)
    await house.served.bot.workshop.drain()
    await house.drain()
    words, file = house.platform.shown[-2:]
    assert words.text.startswith("📊 9月小结 · 高一语文备课组")
    assert (words.chat, file.chat, file.cmd) == (CHAT, CHAT, "aibot_send_msg")
    (upload,) = house.platform.media.values()
    assert next(part for part in upload if isinstance(part, bytes)).startswith(b"\x89PNG")
