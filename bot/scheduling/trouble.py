"""When something cannot be delivered, or not for certain: the leader of the group is told, once."""

from collections.abc import Collection
from datetime import datetime

from bot.content import Action, Content, content
from bot.delivery.logbook import month_of
from bot.delivery.outbox import OutboxItem, enqueue
from bot.domain import groups, people
from bot.domain.groups import GroupRecord
from bot.domain.people import SYSTEM
from bot.storage import Store, Transaction

_DECIDE = (Action(label="看一眼群里，再定", send="/待定"),)


async def trouble(tx: Transaction, item: OutboxItem, now: datetime) -> None:
    """Tell the leader of the item's group, once, that something could not be delivered for certain."""
    found = await tx.within(SYSTEM).find(GroupRecord, key=item.group)
    if not found:
        return
    what = item.content.title or (item.content.lines[0] if item.content.lines else "一条消息")
    sentence = "可能没有发出去，也可能已经发了" if item.state == "held" else f"没有发出去（{item.last_error}）"
    news = content(f"⚠️ 这条消息{sentence}：", what[:60], actions=_DECIDE if item.state == "held" else ())
    await _tell_leader(tx, found[0], news, now)


async def out_of_quota(store: Store, channel: str, detail: str, advice: str, now: datetime) -> None:
    """Tell the leaders who hear through ``channel``, once a month, that the platform's quota is used up.

    Args:
        detail: the platform's own sentence; may be empty.
        advice: what can be done about it there.
    """
    said = f"平台的说法：{detail}" if detail else "平台没有说更多。"
    news = content(
        "⚠️ 学校这个月的机器人调用次数用完了，群里说的话我收不到。",
        said,
        advice,
    )
    async with store.transaction(SYSTEM) as tx:
        for record in await groups.all_groups(tx):
            if record.channel == channel:
                await _tell_leader(tx, record, news, now, once=f"quota/{channel}/{record.key}/{month_of(now)}")


async def quota_nearly_used(store: Store, channels: Collection[str], used: str, now: datetime) -> None:
    """Tell the leaders who hear through ``channels``, once a month, that the program is thrifty from now on.

    Args:
        used: how much of the month is used, as a person reads it.
    """
    news = content(
        f"⚠️ 学校这个月的机器人调用快用完了，光我这里就用了：{used}。",
        "从现在起通知合着发，最多晚半小时；您问我答照旧。全用完以后，群里说的话我就收不到了。",
        "请管理员看开发者后台 > 资源管理 > 用量管控，等下月或升级。",
    )
    async with store.transaction(SYSTEM) as tx:
        for record in await groups.all_groups(tx):
            if record.channel in channels:
                await _tell_leader(tx, record, news, now, once=f"quota-nearly/{record.key}/{month_of(now)}")


async def kicked(store: Store, channel: str, now: datetime) -> None:
    """Tell the leaders who hear through ``channel``, once a day, that another program has taken its robot over.

    The notes wait in the outbox until the connection is ours again.
    """
    news = content(
        "⚠️ 另一个程序连上了这个机器人，我被顶了下来，那段时间群里说的话我收不到。",
        "同一个机器人只能有一处连接：请管理员把另一处停掉，或给它另建一个机器人。",
    )
    async with store.transaction(SYSTEM) as tx:
        for record in await groups.all_groups(tx):
            if record.channel == channel:
                await _tell_leader(tx, record, news, now, once=f"kicked/{channel}/{record.key}/{now:%Y-%m-%d}")


async def _tell_leader(
    tx: Transaction, record: GroupRecord, news: Content, now: datetime, once: str | None = None
) -> None:
    """A private note about a trouble; a group without a leader has nobody to tell."""
    bound = await groups.load(tx, record.key, now)
    leader = await bound.leader()
    if leader is None:
        return
    system = tx.within(SYSTEM)
    channel, user = await people.address(system, record.channel, leader)
    await enqueue(
        system,
        channel=channel,
        kind="note",
        to=user,
        to_name=leader.name,
        private=True,
        group=record.key,
        content=news,
        notice=True,
        once=once,
        now=now,
    )
