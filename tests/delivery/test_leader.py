"""What the leader is told, and what they decide with /待定."""

from datetime import timedelta

import pytest

from bot.content import Content, content
from bot.delivery.desk import OutboxDesk
from bot.delivery.outbox import (
    SYSTEM,
    OutboxItem,
    enqueue,
    failed,
    give_up,
    held,
    resend,
)
from bot.delivery.sender import Sender
from bot.errors import Refused
from bot.simulator.transport import FINE, LOST_AFTER_BODY, REJECTED, RESET_AFTER_BODY
from bot.storage.store import Transaction
from tests.delivery.desk import Desk


async def test_the_leader_is_told_once_and_the_news_breeds_no_news(desk: Desk) -> None:
    async def tell(tx: Transaction, item: OutboxItem) -> None:
        desk.troubles.append(item)
        await enqueue(
            tx,
            channel="robot",
            kind="note",
            to="leader",
            private=True,
            content=content("有一条"),
            notice=True,
            now=desk.now(),
        )

    desk.sender = Sender(desk.store, desk.transports, desk.clock, tell)
    desk.robot.faults.extend([LOST_AFTER_BODY, REJECTED])
    item = await desk.put("第3周备课")
    for _ in range(3):
        await desk.sender.drain()
        desk.forward(3600)
    assert await desk.states() == ["held", "failed"]
    assert [trouble.id for trouble in desk.troubles] == [item.id]
    await desk.restart()
    await desk.run_dry()
    assert len(desk.troubles) == 1


async def test_a_broken_teller_changes_nothing_else_and_is_asked_again(desk: Desk) -> None:
    async def broken(tx: Transaction, item: OutboxItem) -> None:
        await enqueue(tx, channel="robot", kind="note", to="x", content=content("半"), now=desk.now())
        raise LookupError("no leader")

    told, desk.sender = desk.sender, Sender(desk.store, desk.transports, desk.clock, broken)
    item = await desk.on_hold()
    await desk.put("二", to="b")
    await desk.sender.drain()
    assert desk.texts == ["二"], "what it wrote is undone, others go on"
    await told.drain()
    assert [trouble.id for trouble in desk.troubles] == [item.id]


async def test_resend_and_give_up(desk: Desk) -> None:
    one, two, other = await desk.on_hold("一"), await desk.on_hold("二"), await desk.on_hold("三", group="g2")
    async with desk.store.transaction("group:g1") as tx:
        shown = await held(tx.within(SYSTEM), "g1")
        assert [item.id for item in shown] == [one.id, two.id]
        await resend(tx.within(SYSTEM), shown[0], desk.now())
        await give_up(tx.within(SYSTEM), shown[1])
    await desk.run_dry()
    assert desk.texts == ["一"]
    assert [(await desk.item(each)).state for each in (one, two, other)] == ["sent", "expired", "held"]
    async with desk.store.transaction(SYSTEM) as tx:
        for item in shown:
            with pytest.raises(Refused, match="处理过了"):
                await resend(tx, item, desk.now())
            with pytest.raises(Refused, match="处理过了"):
                await give_up(tx, item)


async def test_resend_of_what_is_over_is_refused(desk: Desk) -> None:
    item = await desk.on_hold(useful_until=desk.now() + timedelta(hours=1))
    desk.forward(3601)
    async with desk.store.transaction(SYSTEM) as tx:
        with pytest.raises(Refused, match="过了时间"):
            await resend(tx, item, desk.now())


async def test_resend_goes_on_at_the_undecided_part(desk: Desk) -> None:
    lines = tuple(f"{n:03} 单元检测卷初稿由陈老师整理" for n in range(100))
    desk.robot.faults.extend([FINE, LOST_AFTER_BODY])
    item = await desk.put(Content(lines=lines))
    await desk.run_dry()
    assert len(desk.robot.delivered) == 1
    async with desk.store.transaction(SYSTEM) as tx:
        await resend(tx, item, desk.now())
    await desk.run_dry()
    assert tuple(line for each in desk.robot.delivered for line in each.message.content.lines) == lines


async def test_a_leader_who_resends_hears_of_it_when_it_fails_again(desk: Desk) -> None:
    item = await desk.on_hold()
    desk.robot.faults.append(RESET_AFTER_BODY)
    async with desk.store.transaction(SYSTEM) as tx:
        await resend(tx, item, desk.now())
    await desk.run_dry()
    assert [trouble.id for trouble in desk.troubles] == [item.id, item.id]


async def test_what_failed_is_listed_for_the_doctor(desk: Desk) -> None:
    desk.robot.faults.append(REJECTED)
    item = await desk.put("一")
    await desk.sender.drain()
    async with desk.store.transaction(SYSTEM) as tx:
        assert [each.id for each in await failed(tx, "g1")] == [item.id]
        assert await failed(tx, "g2") == []


async def test_the_desk_leaves_out_what_is_past_before_the_sender_has_looked(desk: Desk) -> None:
    await desk.on_hold("一", useful_until=desk.now() + timedelta(minutes=1))
    lasting = await desk.on_hold("二", useful_until=desk.now() + timedelta(hours=1))
    desk.forward(61)
    async with desk.store.transaction(SYSTEM) as tx:
        assert [pending.id for pending in await OutboxDesk(tx, "g1", desk.now()).held()] == [lasting.id]
