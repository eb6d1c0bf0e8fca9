"""Order, ends, inbox, the leader's desk, housekeeping."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.chat.transport import Abilities, Outgoing
from bot.clock import SCHOOL_ZONE
from bot.content import Content, content
from bot.delivery.order import heads, line_up
from bot.delivery.outbox import SYSTEM, OutboxItem, enqueue, failed, give_up, held, prune, resend, take_inbox
from bot.delivery.sender import Sender
from bot.errors import Refused
from bot.simulator.transport import FINE, LOST_AFTER_BODY, REFUSED, REJECTED, RESET_AFTER_BODY, rate_limited
from bot.storage.store import Transaction
from tests.delivery.desk import Desk, MakeDesk


async def on_hold(desk: Desk, said: str = "第3周备课", **more: Any) -> OutboxItem:
    desk.robot.faults.append(LOST_AFTER_BODY)
    item = await desk.put(said, **more)
    await desk.sender.drain()
    assert (await desk.item(item)).state == "held"
    return item


async def test_a_message_arrives_as_it_was_written(desk: Desk) -> None:
    said = Content(title="第2周备课", lines=("课题\uff1a插秧歌",), mentions=("王老师",))
    item = await desk.put(said, why=("weekly", "deadline"))
    done = await desk.sender.drain()
    message = desk.robot.delivered[0].message
    assert (message.content, message.why, message.uuid, message.part) == (said, item.why, item.uuid, (1, 1))
    assert [(each.id, each.state, each.sent_at) for each in done] == [(item.id, "sent", desk.now())]


async def test_order_within_a_conversation_survives_trouble(desk: Desk) -> None:
    desk.ability(per_minute=7)
    faults = [REFUSED, FINE, rate_limited(30), FINE, REFUSED, REFUSED]
    desk.robot.faults.extend(faults)
    for n in range(30):
        await desk.put(f"{n}", kind=["card", "note", "change", "reply"][n % 4 if n % 3 else 0], to=f"{n % 3}")
    while due := await desk.sender.next_due():
        desk.clock.set(due)
        await desk.sender.drain()
        await desk.restart()
    assert len(desk.texts) == 30
    for chat in range(3):
        here = [int(text) for text in desk.texts if int(text) % 3 == chat]
        assert here == sorted(here)


async def test_a_private_chat_and_a_group_with_the_same_id_are_two_conversations(desk: Desk) -> None:
    desk.robot.faults.append(REFUSED)
    await desk.put("一", kind="note", to="01", private=True)
    await desk.put("二", kind="note", to="01")
    await desk.sender.drain()
    assert desk.texts == ["二"]


async def test_who_waits_for_a_reply_goes_before_a_hundred_notes(desk: Desk) -> None:
    for n in range(100):
        await desk.put(f"{n}", kind="note", to=f"{n:04}", private=True)
    await desk.put("答复", kind="reply")
    await desk.sender.drain()
    assert desk.texts[0] == "答复"


async def test_a_chat_that_is_gone_blocks_no_other(desk: Desk) -> None:
    desk.robot.gone.add("gone")
    for n in range(6):
        await desk.put(f"{n}", to="gone" if n % 2 else "here")
    await desk.run_dry()
    assert desk.texts == ["0", "2", "4"]
    assert await desk.states() == ["sent", "failed"] * 3
    assert len(desk.troubles) == 3


@pytest.mark.parametrize(
    ("now", "state"),
    [((23, 58, 59), "sent"), ((23, 59, 0), "sent"), ((23, 59, 1), "expired")],
)
async def test_useful_until_a_minute_to_midnight(desk: Desk, now: tuple[int, int, int], state: str) -> None:
    until = datetime(2026, 9, 7, 23, 59, tzinfo=SCHOOL_ZONE)
    item = await desk.put("今天交初案", useful_until=until)
    desk.clock.set(datetime(2026, 9, 7, *now, tzinfo=SCHOOL_ZONE))
    await desk.sender.drain()
    assert (await desk.item(item)).state == state
    assert desk.texts == (["今天交初案"] if state == "sent" else [])


async def test_expiry_needs_no_free_channel_and_frees_who_stands_behind(desk: Desk) -> None:
    desk.robot.faults.append(rate_limited(3600))
    first = await desk.put("一", useful_until=desk.now() + timedelta(minutes=1))
    second = await desk.put("二", useful_until=desk.now() + timedelta(minutes=2))
    third = await desk.put("三")
    await desk.sender.drain()
    desk.forward(180)
    await desk.sender.drain()
    assert [(await desk.item(each)).state for each in (first, second, third)] == ["expired", "expired", "waiting"]
    await desk.run_dry()
    assert desk.texts == ["三"]


async def test_a_held_post_goes_by_itself(desk: Desk) -> None:
    item = await on_hold(desk, useful_until=desk.now() + timedelta(hours=1))
    desk.forward(3601)
    await desk.sender.drain()
    assert (await desk.item(item)).state == "expired"
    async with desk.store.transaction(SYSTEM) as tx:
        assert await held(tx, "g1") == []


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
    item = await on_hold(desk)
    await desk.put("二", to="b")
    await desk.sender.drain()
    assert desk.texts == ["二"], "what it wrote is undone, others go on"
    await told.drain()
    assert [trouble.id for trouble in desk.troubles] == [item.id]


async def test_resend_and_give_up(desk: Desk) -> None:
    one, two, other = await on_hold(desk, "一"), await on_hold(desk, "二"), await on_hold(desk, "三", group="g2")
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
    item = await on_hold(desk, useful_until=desk.now() + timedelta(hours=1))
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
    item = await on_hold(desk)
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


async def test_two_channels_work_side_by_side(make_desk: MakeDesk) -> None:
    desk = make_desk(robot=Abilities(per_minute=1), app=Abilities())
    await desk.store.open()
    await desk.put("一", to="a")
    await desk.put("二", to="a")
    await desk.put("三", to="a", channel="app")
    await desk.sender.drain()
    assert len(desk.transports["app"].delivered) == 1
    assert await desk.sender.next_due() == desk.now() + timedelta(seconds=60.5)


async def test_work_does_not_grow_with_what_is_finished(desk: Desk) -> None:
    desk.ability(per_minute=None)
    for n in range(60):
        await desk.put(f"{n}", to=f"{n}")
    await desk.sender.drain()
    async with desk.store.transaction(SYSTEM) as tx:
        tables = [await held(tx, "g1"), await failed(tx, "g1")]
    assert tables == [[], []]
    assert await desk.sender.drain() == []
    assert desk.robot.received == 60


async def test_what_ends_while_the_one_before_is_on_its_way_is_not_sent(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = desk.robot.send

    async def slow(message: Outgoing) -> None:
        desk.forward(9)
        await take(message)

    monkeypatch.setattr(desk.robot, "send", slow)
    await desk.put("一", to="a")
    await desk.put("二", to="b", useful_until=desk.now() + timedelta(seconds=5))
    await desk.put("三", to="c")
    await desk.run_dry()
    assert desk.texts == ["一", "三"]
    assert await desk.states() == ["sent", "expired", "sent"]


async def test_a_failure_nobody_heard_of_yet_does_not_vanish_with_time(desk: Desk) -> None:
    async def broken(tx: Transaction, item: OutboxItem) -> None:
        raise LookupError("no leader")

    told, desk.sender = desk.sender, Sender(desk.store, desk.transports, desk.clock, broken)
    desk.robot.faults.append(REJECTED)
    item = await desk.put("一", useful_until=desk.now() + timedelta(minutes=1))
    await desk.sender.drain()
    desk.forward(3600)
    await told.drain()
    assert (await desk.item(item)).state == "failed"
    assert [trouble.id for trouble in desk.troubles] == [item.id]


async def test_who_goes_next(desk: Desk) -> None:
    """Rank between conversations, age within one, and nobody passes a message of the same conversation."""
    rows = [
        ("note", "a", 0),
        ("reply", "a", 0),
        ("card", "b", 0),
        ("note", "c", 60),
        ("reply", "c", 0),
        ("reply", "d", 0),
    ]
    items = []
    for kind, to, wait in rows:
        item = await desk.put(f"{kind} {to}", kind=kind, to=to)
        items.append(item.model_copy(update={"next_at": desk.now() + timedelta(seconds=wait) if wait else None}))
    order = [item.content.lines[0] for item in line_up(reversed(items), desk.now())]
    assert order == ["reply d", "card b", "note a", "reply a"]
    assert [item.id for item in heads(items)] == [1, 3, 4, 6]
