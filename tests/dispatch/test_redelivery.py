"""The same message again: serial, parallel, after a restart, through the whole house."""

import asyncio
from pathlib import Path

import pytest

from bot.app import Playhouse
from bot.delivery.seen import KEEP_SEEN, Seen, forget_seen
from bot.domain.groups import space_of
from bot.domain.people import SYSTEM
from bot.domain.reflections import Reflection
from bot.simulator.api_models import MessageRequest
from tests.dispatch.desk import Desk


async def test_three_times_in_a_row(desk: Desk) -> None:
    outcomes = [await desk.receive("/记下 导入太长", "007") for _ in range(3)]
    assert outcomes[0] is not None
    assert outcomes == [outcomes[0]] * 3
    assert await desk.notes() == ["导入太长"]
    assert [item.to_name for item in await desk.outbox("note")] == ["孙老师"]


async def test_three_times_at_once(desk: Desk) -> None:
    outcomes = await asyncio.gather(*(desk.receive("/记下 导入太长") for _ in range(3)))
    assert outcomes[0] is not None
    assert outcomes == [outcomes[0]] * 3
    assert await desk.notes() == ["导入太长"]
    assert len(await desk.outbox("note")) == 1
    assert desk.behaviour.runs == ["导入太长"]


async def test_again_while_its_group_is_busy(desk: Desk) -> None:
    """It waits no longer than anybody would, and has the answer that got lost."""
    desk.patience = 0.05
    desk.dispatcher = desk._dispatcher()
    first = await desk.receive("/记下 一句", "m1")
    desk.behaviour.gate.clear()
    assert await desk.receive("/慢慢 另一句", "m2", who="张老师") is None
    assert await desk.receive("/记下 一句", "m1") == first
    stranger = await desk.receive("/记下 一句", "m1", who="赵老师")
    assert stranger is not None
    assert "已经处理过" in stranger.answer.plain()
    desk.behaviour.gate.set()
    await desk.dispatcher.settle()
    (late,) = await desk.outbox("reply")
    assert "终于好了：另一句" in late.content.plain()
    assert (await desk.notes(), await desk.inbox()) == (["一句", "另一句"], 0)


async def test_again_after_a_restart(desk: Desk) -> None:
    first = await desk.receive("/记下 导入太长")
    await desk.restart()
    assert await desk.receive("/记下 导入太长") == first
    assert await desk.notes() == ["导入太长"]
    assert len(await desk.outbox("note")) == 1


async def test_the_text_of_a_second_delivery_does_not_matter(desk: Desk) -> None:
    first = await desk.receive("/记下 甲")
    assert await desk.receive("/记下 乙") == first
    assert await desk.notes() == ["甲"]


@pytest.mark.parametrize("other", ["7", "07", "0007"])
async def test_another_id_is_another_message(desk: Desk, other: str) -> None:
    await desk.receive("/记下 导入太长", "007")
    await desk.receive("/记下 导入太长", other)
    assert await desk.notes() == ["导入太长"] * 2
    assert len(await desk.outbox("note")) == 2


async def test_the_same_id_on_another_channel_is_another_message(desk: Desk) -> None:
    message = desk.message("/记下 甲")
    await desk.dispatcher.receive(message)
    elsewhere = await desk.dispatcher.receive(message.model_copy(update={"channel": "other"}))
    assert elsewhere is not None
    assert "/建组" in elsewhere.answer.plain()
    assert await desk.seen() == 2


async def test_what_is_not_understood_is_answered_alike_too(desk: Desk) -> None:
    first = await desk.receive("\U0001f600 什么都不是")
    assert first is not None
    assert first.said[0].status == "menu"
    await desk.restart()
    assert await desk.receive("\U0001f600 什么都不是") == first
    assert await desk.seen() == 1


async def test_a_message_of_ten_thousand_characters_comes_back_whole(desk: Desk) -> None:
    text = "反" * 10_000
    await desk.receive(f"/记下 {text}")
    await desk.restart()
    assert await desk.notes() == [text]


async def test_marks_are_forgotten_after_days_and_not_before(desk: Desk) -> None:
    for number in range(5):
        await desk.receive(f"/记下 {number}", f"m{number}")
    desk.clock.set(desk.clock.now() + KEEP_SEEN)
    await desk.receive("/记下 5", "m5")
    async with desk.store.transaction(SYSTEM) as tx:
        assert await forget_seen(tx, desk.clock.now(), 10) == 0
    desk.clock.set(desk.clock.now().replace(minute=1))
    async with desk.store.transaction(SYSTEM) as tx:
        assert [await forget_seen(tx, desk.clock.now(), 3) for _ in range(3)] == [3, 2, 0]
        assert [mark.key for mark in await tx.scan(Seen)] == ["try/m5"]


async def test_through_the_whole_house(tmp_path: Path) -> None:
    """One record and equal replies: serial, parallel, and by another process on the same folder."""
    request = MessageRequest(speaker="王老师", text="/反思 导入太长，下次三分钟内进入文本", msgid="0099")
    async with Playhouse(tmp_path / "data", None) as playground:
        results = [await playground.say(request) for _ in range(3)]
        results += await asyncio.gather(*(playground.say(request) for _ in range(3)))
    async with Playhouse(tmp_path / "data", None) as playground:
        results.append(await playground.say(request))
        async with playground.store.transaction(space_of("chinese")) as tx:
            assert await tx.count(Reflection) == 1
        chat = await playground.transcript("高一语文备课组", None, 0)
    assert len(results) == 7
    assert all(result.replies == results[0].replies for result in results)
    assert [bubble.who for bubble in chat] == ["王老师", "bot"]
