"""The chat side of /撤销: what an undone command had others told is called back as far as that goes.

What has not left yet never does. What stands in a chat is recalled where the platform can do that (DingTalk's API,
open.dingtalk.com, batch-message-recall, 2025-10); whoever may have read it hears the correction all the same.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.content import Content
from bot.delivery.outbox import OutboxItem, enqueue
from bot.storage import Records

TRY_FOR = timedelta(hours=1)
"""Undone is what was done within ten minutes: an hour later nobody looks at the message any more."""


async def call_back(system: Records, posts: Sequence[int], now: datetime, home: str = "") -> frozenset[str]:
    """Stop or recall messages of the outbox.

    Args:
        system: the system space, in the transaction that undoes.
        posts: ids of what was enqueued for the undone command; what housekeeping has removed is past recalling.
        home: key of the group that undoes; whoever was told in another one stands under that one's key.

    Returns:
        who has certainly not been told, as in ``OutboxItem.to_name``: nothing has to be put right for them.
    """
    found = [item for number in posts if (item := await system.get(OutboxItem, number))]
    told = {_who(item, home) for item in found if not _unheard(item)}
    for item in found:
        if item.state in _STOPPED:
            await system.update(item.moved("expired"))
        if item.receipts:
            await _recall(system, item, now)
    return frozenset(_who(item, home) for item in found) - told


def _who(item: OutboxItem, home: str) -> str:
    return item.to_name if item.group == home or not home else f"{item.group}/{item.to_name}"


_STOPPED = ("waiting", "unknown", "held", "inbox")
"""Not in a chat, or not for certain: sending it after the undo would tell what is not so any more."""


def _unheard(item: OutboxItem) -> bool:
    return item.state in ("waiting", "inbox", "failed") and not (item.parts_sent or item.undecided)


async def _recall(system: Records, item: OutboxItem, now: datetime) -> None:
    """Its trouble is nobody's business but the log's: the correction has been said."""
    await enqueue(
        system,
        channel=item.channel,
        kind="recall",
        to=item.to,
        to_name=item.to_name,
        private=item.private,
        content=Content(),
        recalls=item.receipts,
        useful_until=now + TRY_FOR,
        notice=True,
        why=("撤销",),
        once=f"recall/{item.uuid}",
        now=now,
    )
