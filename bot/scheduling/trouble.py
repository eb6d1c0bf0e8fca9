"""When something could not be delivered for certain: the leader of the group is told, once."""

from datetime import datetime

from bot.content import Action, content
from bot.delivery.outbox import OutboxItem, enqueue
from bot.domain import groups, people
from bot.domain.groups import GroupRecord
from bot.domain.people import SYSTEM
from bot.storage import Transaction

_DECIDE = (Action(label="看一眼群里，再定", send="/待定"),)


async def trouble(tx: Transaction, item: OutboxItem, now: datetime) -> None:
    """Tell the leader of the item's group, once, that something could not be delivered for certain."""
    system = tx.within(SYSTEM)
    found = await system.find(GroupRecord, key=item.group)
    if not found:
        return
    bound = await groups.load(tx, item.group, now)
    leader = await bound.leader()
    if leader is None:
        return
    what = item.content.title or (item.content.lines[0] if item.content.lines else "一条消息")
    channel, user = await people.address(system, found[0].channel, leader)
    sentence = "可能没有发出去，也可能已经发了" if item.state == "held" else f"没有发出去（{item.last_error}）"
    await enqueue(
        system,
        channel=channel,
        kind="note",
        to=user,
        to_name=leader.name,
        private=True,
        group=item.group,
        content=content(f"⚠️ 这条消息{sentence}：", what[:60], actions=_DECIDE if item.state == "held" else ()),
        notice=True,
        now=now,
    )
