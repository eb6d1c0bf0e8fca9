"""A group's desk: what was held because nobody can tell whether it arrived, and what somebody did last."""

from collections.abc import Sequence
from datetime import datetime

from bot.chat.buttons import mark_of
from bot.chat.desk import Pending
from bot.delivery import outbox, recall
from bot.delivery.outbox import OutboxItem
from bot.delivery.seen import Seen
from bot.domain.undo import Done
from bot.errors import Refused
from bot.storage import Records

LONGEST_LINE = 40


class OutboxDesk:
    """The undecided messages of one group and what its people did last, within an open transaction.

    Args:
        system: the records of the system space.
        group: key of the group; empty for somebody without one, whose desk is bare.
    """

    def __init__(self, system: Records, group: str, now: datetime) -> None:
        self.system = system
        self.group = group
        self.now = now

    async def held(self) -> list[Pending]:
        """See ``Desk.held``."""
        return [_pending(item) for item in await outbox.held(self.system, self.group) if not item.past(self.now)]

    async def resend(self, pending: Pending) -> None:
        """See ``Desk.resend``."""
        await outbox.resend(self.system, await self._item(pending), self.now)

    async def give_up(self, pending: Pending) -> None:
        """See ``Desk.give_up``."""
        await outbox.give_up(self.system, await self._item(pending))

    async def last_done(self, who: str) -> Done | None:
        """See ``Desk.last_done``."""
        seen = await self._last_of(who)
        if seen is None:
            return None
        channel, _, msgid = seen.key.partition("/")
        return Done(seen.undo, seen.created or self.now, mark_of(channel, msgid), seen.posts)

    async def mark_taken_back(self, who: str) -> None:
        """See ``Desk.mark_taken_back``."""
        if seen := await self._last_of(who):
            await self.system.update(seen.model_copy(update={"undo": None}))

    async def _last_of(self, who: str) -> Seen | None:
        last = await self.system.latest(Seen, 1, group=self.group, doer=who)
        return last[0] if last else None

    async def call_back(self, posts: Sequence[int]) -> frozenset[str]:
        """See ``Desk.call_back``."""
        return await recall.call_back(self.system, posts, self.now, self.group)

    async def _item(self, pending: Pending) -> OutboxItem:
        item = await self.system.get(OutboxItem, pending.id)
        if item is None or item.group != self.group:
            raise Refused("这条已经处理过了\uff0c不在待定里。", "看还有哪些\uff1a/待定")
        return item


def _pending(item: OutboxItem) -> Pending:
    content = item.content
    first = content.title or next((line for line in content.lines if line), "一条消息")
    to = item.to_name if item.private else "群里"
    return Pending(item.id, to, first[:LONGEST_LINE], item.created, item.useful_until)
