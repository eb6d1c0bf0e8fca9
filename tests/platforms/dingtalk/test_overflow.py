"""What does not fit into the answer to a callback follows at once: nobody waits for the outbox's next round."""

import asyncio
from pathlib import Path

from bot.clock import MovableClock
from bot.simulator import sample
from tests.platforms.dingtalk.fake import FakeDingTalk
from tests.platforms.dingtalk.samples import SECRET, body, headers, raw
from tests.platforms.house import Served, house, school_config, section

LONG = "导入太长\uff0c下次压到三分钟。" * 700


async def say(served: Served, text: str, msgid: str) -> str:
    at = served.clock.now()
    asked = raw(
        body(text, msgId=msgid, conversationType="1", conversationId="private-wang", without=("sessionWebhook",))
    )
    async with served.http.post(served.callback("here"), data=asked, headers=headers(at)) as answer:
        assert answer.status == 200
        served.clock.set(at.replace(microsecond=at.microsecond + 1_000))  # a signature serves one message
        return str((await answer.json())["markdown"]["text"])


async def test_the_rest_of_a_long_answer_follows_at_once(tmp_path: Path) -> None:
    clock = MovableClock(sample.START)
    async with FakeDingTalk(clock) as fake:
        keys = {"client_id": "dingKEY", "client_secret": SECRET, "robot_code": "dingrobotcode", "corp_id": "dingcorp"}
        app = section("dingtalk-callback", name="here", api_base=fake.base, oapi_base=fake.base, **keys)
        async with house(school_config(app, channel="here"), tmp_path, clock) as served:
            sending = asyncio.create_task(served.bot.sender.run())
            await asyncio.sleep(0.05)  # its first round is over, and it would sleep for a minute
            assert "已保存" in await say(served, f"/反思 {LONG}", "m1")
            first = await say(served, "/反思 看 1", "m2")
            async with asyncio.timeout(10):
                while len(first) + sum(len(post["text"]) for post in fake.posts) < len(LONG):  # noqa: ASYNC110 - over a wire
                    await asyncio.sleep(0.01)
            served.bot.sender.stop()
            await sending
    assert {tuple(post["to"]) for post in fake.posts} == {(sample.user_of("王老师"),)}
