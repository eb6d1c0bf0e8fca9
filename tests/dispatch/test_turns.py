"""Handlers of one group run one at a time, those of two groups at once."""

import asyncio

from bot.app import Playhouse
from bot.domain.groups import GroupRecord, space_of
from bot.domain.open_lessons import Seat
from bot.domain.people import SYSTEM
from bot.simulator import sample
from bot.simulator.api_models import MessageRequest
from tests.dispatch.desk import Desk


async def test_twenty_at_once_in_one_group(desk: Desk) -> None:
    outcomes = await asyncio.gather(*(desk.receive(f"/拥挤 {n}", f"m{n}") for n in range(20)))
    assert [outcome.answer.plain() for outcome in outcomes if outcome] == [str(n) for n in range(20)]
    assert desk.behaviour.most == {"chinese": 1}


async def test_two_groups_do_not_wait_for_each_other(desk: Desk) -> None:
    groups = ["chinese", "research"] * 10
    await asyncio.gather(*(desk.receive(f"/拥挤 {n}", f"m{n}", group=group) for n, group in enumerate(groups)))
    assert desk.behaviour.most == {"chinese": 1, "research": 1}
    assert desk.behaviour.at_once == 2


async def test_a_slow_group_does_not_hold_up_the_other(desk: Desk) -> None:
    desk.behaviour.gate.clear()
    slow = asyncio.create_task(desk.receive("/慢慢 一句话"))
    outcome = await desk.receive("/记下 另一组", "m2", group="research", who="张老师")
    assert outcome is not None
    assert await desk.notes("research") == ["另一组"]
    assert not slow.done()
    desk.behaviour.gate.set()
    await slow


async def test_a_conversation_that_changes_hands(desk: Desk) -> None:
    """Where it belonged a message ago is a guess; its turn is taken where it belongs now."""

    async def claim(key: str, chat: str | None) -> None:
        async with desk.store.transaction(SYSTEM) as tx:
            (record,) = await tx.find(GroupRecord, key=key)
            await tx.update(record.model_copy(update={"chat": chat}))

    await desk.receive("/记下 甲", "m1", who="张老师")
    await claim("chinese", None)
    outcome = await desk.receive("/记下 没有组", "m2", who="张老师")
    assert outcome is not None
    assert "还没有备课组" in outcome.answer.plain()
    await claim("research", sample.chat_of("chinese"))
    await desk.receive("/记下 乙", "m3", who="张老师")
    await desk.receive("/拒绝 丙", "m4", who="张老师")
    await claim("research", "elsewhere")
    await claim("chinese", sample.chat_of("chinese"))
    assert await desk.receive("/记下 乙", "m3", who="张老师") is not None, "the answer it had"
    await desk.receive("/记下 丁", "m5", who="张老师")
    assert (await desk.notes("chinese"), await desk.notes("research")) == (["甲", "丁"], ["乙"])


async def test_the_last_seat_is_given_once(tmp_path_factory: object) -> None:
    """Seven teachers want four seats in the same moment."""
    names = ["王老师", "张老师", "赵老师", "刘老师", "周老师", "孙老师", "李老师"]
    async with Playhouse(None, None) as playground:
        requests = [MessageRequest(speaker=name, text="/报名 1") for name in names]
        results = await asyncio.gather(*(playground.say(request) for request in requests))
        async with playground.store.transaction(space_of("chinese")) as tx:
            assert await tx.count(Seat) == 4
    statuses = [result.replies[0].status for result in results]
    assert (statuses.count("ok"), statuses.count("refused")) == (4, 3)
