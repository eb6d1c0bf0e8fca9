"""Answers handed over at once, beside the channel's line.

A message that came over a connection of our own cannot be answered inside its request. Its answer is in the outbox
before the platform gets its acknowledgement, and somebody is waiting for it: whoever heard the message hands it over
here without waiting for its turn, also past older answers that could not be sent. What does not get through, or is
cut off by a crash, is sent by the channel's line when its head start is over.
"""

import asyncio
from collections.abc import Callable
from weakref import WeakValueDictionary

import structlog

from bot.chat.transport import Transport
from bot.clock import Clock
from bot.delivery.lane import NO_ANSWER
from bot.delivery.limits import talk_of
from bot.delivery.outbox import SYSTEM, OutboxItem
from bot.delivery.pieces import outgoing
from bot.delivery.settling import settle
from bot.errors import Conflict, DeliveryError, Undecided
from bot.storage.store import Store

log = structlog.get_logger()


class Express:
    """Hands over answers on one channel; those of one conversation one after the other.

    Args:
        transport: the channel's outgoing half.
        wake: called when an answer was left to the channel's line.
    """

    def __init__(self, store: Store, transport: Transport, clock: Clock, wake: Callable[[], None]) -> None:
        self._store = store
        self._transport = transport
        self._clock = clock
        self._wake = wake
        self._turns: WeakValueDictionary[tuple[bool, str], asyncio.Lock] = WeakValueDictionary()

    async def deliver(self, once: str) -> None:
        """Hand over what is in the outbox under this name; nothing happens when it is not there, or was tried already.

        Raises:
            StoreError: the outcome could not be written; the line sends the answer later, perhaps a second time.
        """
        item = await self._waiting(once)
        if item is None:
            return
        turn = self._turns.setdefault(item.conversation, asyncio.Lock())
        async with turn:
            item = await self._waiting(once)  # delivered twice at once, its message is answered once
            if item is None:
                return
            if await self._may_go(item):
                await self._hand_over(item)
            else:
                await self._leave(item)

    async def _waiting(self, once: str) -> OutboxItem | None:
        """The item, if it has its head start and nobody has tried it yet."""
        async with self._store.glance(SYSTEM) as tx:
            found = await tx.find(OutboxItem, once=once)
        fresh = found and found[0].state == "waiting" and found[0].next_at is not None and not found[0].attempts
        return found[0] if fresh else None

    async def _may_go(self, item: OutboxItem) -> bool:
        """Whether it fits into one message and its conversation's limits allow it."""
        abilities = self._transport.abilities
        if item.content.files or self._transport.size(item.content, item.private) > abilities.max_bytes:
            return False
        if not abilities.per_conversation:
            return True
        now = self._clock.now()
        async with self._store.glance(SYSTEM) as tx:
            talk = await talk_of(tx, item.channel, item.conversation)
            return talk.free_at(abilities.per_conversation, now) <= now

    async def _hand_over(self, item: OutboxItem) -> None:
        now = self._clock.now()
        sending = item.moved("sending", since=now, attempts=1)
        error: DeliveryError | None = None
        try:
            async with asyncio.timeout(self._transport.abilities.timeout):
                await self._transport.send(outgoing(sending))
        except DeliveryError as failure:
            error = failure
        except TimeoutError:
            error = Undecided(NO_ANSWER)
        try:
            async with self._store.transaction(SYSTEM) as tx:
                done = await settle(tx, sending, error, self._transport.abilities, self._clock.now(), in_line=False)
                if done.state == "sent" and done.answers:  # the message's own mark keeps what was answered
                    await tx.remove(done)
        except Conflict:  # the line was quicker: the machine slept, or the clock was moved
            return
        if done.state != "sent":
            log.info("express.left", item=item.id, channel=item.channel, state=done.state, error=done.last_error)
            self._wake()

    async def _leave(self, item: OutboxItem) -> None:
        """To the line, now."""
        try:
            async with self._store.transaction(SYSTEM) as tx:
                await tx.update(item.moved("waiting", next_at=None))
        except Conflict:
            return
        self._wake()
