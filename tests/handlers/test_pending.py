"""What may or may not have arrived: the leader is told once, and decides."""

from bot.delivery.outbox import OutboxItem
from bot.domain.people import SYSTEM

GROUP = "高一语文备课组"


async def held_card(chat):
    """Monday's card on a platform that does not know a repeated message and breaks off after it was written."""
    transport = chat.playground.transport
    transport.abilities = type(transport.abilities)(**{**vars(transport.abilities), "idempotent": False})
    await chat.playground.faults("reset", 1)
    await chat.until("2026-09-07T07:11")


async def states(chat):
    async with chat.playground.store.transaction(SYSTEM) as tx:
        return [item.state for item in await tx.scan(OutboxItem) if item.kind == "card"]


async def test_nothing_is_pending_on_a_good_day(chat):
    assert (await chat.李老师("/待定")).startswith("✅ 没有待定的消息")


async def test_the_leader_is_told_once_and_sends_it_again(chat):
    await held_card(chat)
    assert await states(chat) == ["held"]
    notes = [b.text for b in await chat.playground.transcript(GROUP, "李老师", 0)]
    assert len(notes) == 1
    assert "可能没有发出去" in notes[0]
    assert "/待定" in notes[0]
    reply = await chat.李老师.private("/待定")
    assert reply.status == "question"
    assert "1 · 给群里：📅 第2周备课" in reply
    assert (await chat.李老师.private("1")).startswith("✅ 再发一次：📅 第2周备课")
    assert await states(chat) == ["sent"]
    assert (await chat.李老师("/待定")).startswith("✅ 没有待定")


async def test_given_up_it_is_not_sent(chat):
    await held_card(chat)
    assert (await chat.李老师("/待定 放弃 1")).startswith("✅ 不再发")
    assert await states(chat) == ["expired"]
    assert (await chat.李老师("/待定 重发 1")).startswith("ℹ️ 没有待定的消息")


async def test_a_number_that_is_not_there_and_somebody_who_may_not(chat):
    await held_card(chat)
    assert "一共 1 条" in await chat.李老师("/待定 重发 7")
    assert (await chat.王老师("/待定 重发 1")).startswith("🔒")
    assert await states(chat) == ["held"]
