"""What goes when and to whom: order, conversations, channels."""

from datetime import timedelta

from bot.chat.transport import Abilities
from bot.content import Content
from bot.delivery.order import heads, line_up
from bot.delivery.outbox import SYSTEM, failed, held
from bot.simulator.transport import FINE, REFUSED, rate_limited
from tests.delivery.desk import Desk, MakeDesk


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
