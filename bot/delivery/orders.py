"""Orders for slow work: written in the commit of the answer that promises it, struck off in the commit of the result.

::

    placed ──► attempt counted ──► result in the outbox, order gone    one commit: killed before it, it is made again
                              └──► a sentence with an incident number, order gone

The result is a message of its own through the outbox. Where a platform comes to fetch answers it finds it in the
outcome of the message that asked (``Outcome.made``).
"""

from datetime import datetime
from typing import ClassVar

from bot.chat.context import Context
from bot.chat.reply import Job
from bot.chat.transport import OutgoingKind
from bot.content import Content
from bot.delivery.outbox import enqueue
from bot.delivery.seen import Seen
from bot.domain.people import SYSTEM
from bot.errors import Refused
from bot.storage import Record, Transaction

MOST_WAITING = 5
"""Orders of one person at a time: who asks for more waits until some are done."""


class Order(Record):
    """One piece of slow work that somebody was promised.

    Attributes:
        key: of the message that asked for it.
        group: key of the group; ``who`` the member's name.
        channel, to, private: where the result goes.
        kind: "reply" into the conversation that asked; "note" to who asked in a group and gets it one-to-one.
        attempts: how often it was begun: what kills the program must not do so for ever.
    """

    TABLE: ClassVar[str] = "orders"
    UNIQUE: ClassVar = (("key",),)

    key: str
    job: Job
    group: str
    who: str
    channel: str
    to: str
    to_name: str = ""
    private: bool = False
    kind: OutgoingKind = "reply"
    attempts: int = 0

    @property
    def once(self) -> str:
        """The name under which its result is in the outbox."""
        return result_name(self.key)

    def same(self, other: "Order") -> bool:
        """Whether both lead to the same message to the same conversation."""
        return self._asked == other._asked

    @property
    def _asked(self) -> tuple[object, ...]:
        return self.job, self.group, self.who, self.channel, self.to


def result_name(key: str) -> str:
    """The name of what a message's order led to, in the outbox."""
    return f"made/{key}"


async def place_order(ctx: Context, job: Job) -> bool:
    """Write an order down in the transaction of its message; whether its result will stand in this conversation.

    Asked for twice before it is done, it is made once, for the first.

    Raises:
        Refused: the speaker has too many waiting.
    """
    incoming, system = ctx.incoming, ctx.tx.within(SYSTEM)
    private, to = (True, incoming.sender) if job.private else incoming.conversation
    wanted = Order(
        key=incoming.key,
        job=job,
        group=ctx.group.key,
        who=ctx.member.name,
        channel=incoming.channel,
        to=to,
        to_name=ctx.member.name if private else "",
        private=private,
        kind="note" if job.private and not incoming.private else "reply",
        created=ctx.now,
        author=ctx.member.name,
    )
    theirs = [each for each in await system.scan(Order) if (each.group, each.who) == (wanted.group, wanted.who)]
    if any(each.same(wanted) for each in theirs):
        return False
    if len(theirs) >= MOST_WAITING:
        raise Refused(f"您要的 {MOST_WAITING} 份还在做。", "做好了会发给您，到时候再要这一份。")
    return (await system.add(wanted)).kind == "reply"


async def fulfil(tx: Transaction, order: Order, result: Content, now: datetime) -> None:
    """Send the result of an order and strike it off.

    Raises:
        Conflict: at the commit, when somebody else has struck it off.
    """
    system = tx.within(SYSTEM)
    if await system.get(Order, order.id) is None:
        return
    await enqueue(
        system,
        channel=order.channel,
        kind=order.kind,
        to=order.to,
        to_name=order.to_name,
        private=order.private,
        group=order.group,
        content=result,
        why=(order.job.label,),
        once=order.once,
        now=now,
    )
    for seen in await system.find(Seen, key=order.key):
        if seen.outcome is not None and order.kind == "reply":  # what one person gets is not for a group's stream
            outcome = seen.outcome.model_copy(update={"making": False, "made": result})
            await system.update(seen.model_copy(update={"outcome": outcome}))
    await system.remove(order)
