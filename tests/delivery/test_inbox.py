"""Notes a channel cannot carry, and what housekeeping takes away."""

from datetime import timedelta

import pytest

from bot.delivery.outbox import (
    SYSTEM,
    forget_sent,
    notes_waiting,
    prune,
    take_inbox,
)
from bot.simulator.transport import FINE, LOST_AFTER_BODY, REJECTED
from tests.delivery.desk import Desk


async def test_a_note_the_channel_cannot_carry_waits_for_the_next_private_answer(desk: Desk) -> None:
    desk.ability(private=False)
    first = await desk.put("一", kind="note", to="007", private=True)
    over = await desk.put("二", kind="note", to="007", private=True, useful_until=desk.now() + timedelta(minutes=5))
    await desk.put("三", kind="note", to="7", private=True)
    reply = await desk.put("答复", kind="reply", to="007", private=True)
    await desk.sender.drain()
    assert await desk.states() == ["inbox", "inbox", "inbox", "sent"]
    assert await desk.sender.next_due() is None
    await desk.restart()
    desk.forward(600)
    async with desk.store.transaction("group:g1") as tx:
        taken = await take_inbox(tx.within(SYSTEM), "robot", "007", desk.now())
    assert [(item.id, item.state, item.sent_at) for item in taken] == [(first.id, "sent", desk.now())]
    assert (await desk.item(over)).state == "expired"
    assert desk.texts == [reply.content.lines[0]]
    async with desk.store.transaction(SYSTEM) as tx:
        assert await take_inbox(tx, "robot", "007", desk.now()) == []


async def test_an_answer_that_is_not_stored_leaves_the_inbox_full(desk: Desk) -> None:
    desk.ability(private=False)
    item = await desk.put("一", kind="note", to="007", private=True)
    await desk.sender.drain()

    async def failing_handler() -> None:
        async with desk.store.transaction("group:g1") as tx:
            await take_inbox(tx.within(SYSTEM), "robot", "007", desk.now())
            raise RuntimeError("handler")

    with pytest.raises(RuntimeError, match="handler"):
        await failing_handler()
    assert (await desk.item(item)).state == "inbox"


async def test_housekeeping_removes_only_what_is_finished_and_old(desk: Desk) -> None:
    desk.robot.faults.extend([FINE, REJECTED, LOST_AFTER_BODY])
    for n in range(3):
        await desk.put(f"{n}", to=f"{n}")
    await desk.sender.drain()
    desk.forward(86_400 * 30)
    await desk.put("新", to="3")
    await desk.sender.drain()
    async with desk.store.transaction(SYSTEM) as tx:
        assert await prune(tx, desk.now() - timedelta(days=7)) == 2
    assert await desk.states() == ["held", "sent"]


async def test_the_group_counts_its_waiting_notes(desk: Desk) -> None:
    desk.ability(private=False)
    await desk.put("一", kind="note", to="007", private=True)
    await desk.put("二", kind="note", to="008", private=True, useful_until=desk.now() + timedelta(minutes=5))
    await desk.put("三", kind="note", to="person:9", private=True)
    await desk.put("四", kind="note", to="007", private=True, group="g2")
    await desk.sender.drain()

    async def count(group: str) -> int:
        async with desk.store.transaction(SYSTEM) as tx:
            return await notes_waiting(tx, group, desk.now())

    assert (await count("g1"), await count("g2"), await count("g3")) == (3, 1, 0)
    desk.forward(301)
    assert await count("g1") == 2, "what is past waits for nobody"
    async with desk.store.transaction(SYSTEM) as tx:
        await take_inbox(tx, "robot", "007", desk.now())
    await desk.restart()
    assert (await count("g1"), await count("g2")) == (1, 0)


async def test_housekeeping_removes_notes_nobody_fetched_in_time(desk: Desk) -> None:
    desk.ability(private=False)
    await desk.put("一", kind="note", to="007", private=True, useful_until=desk.now() + timedelta(hours=1))
    await desk.put("二", kind="note", to="007", private=True)
    await desk.sender.drain()
    desk.forward(86_400 * 40)
    async with desk.store.transaction(SYSTEM) as tx:
        assert await forget_sent(tx, desk.now(), 100) == 1
    assert await desk.states() == ["inbox"]
