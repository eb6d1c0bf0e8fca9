"""One channel's queue being worked off, one message in the air at a time.

Every send is two commits: *sending* before the network is touched, the outcome after. Whoever holds the lane's lock and
finds a message in the state "sending" therefore knows that its sender died, and that it may have arrived.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from weakref import WeakKeyDictionary

import structlog

from bot.chat.transport import Outgoing, Transport
from bot.clock import Clock
from bot.content import Content
from bot.delivery.limits import pace_of, talk_of
from bot.delivery.order import heads, line_up
from bot.delivery.outbox import READY, SYSTEM, OutboxItem, queue_key
from bot.delivery.policy import Broken
from bot.delivery.settling import settle
from bot.delivery.split import split
from bot.errors import Conflict, DeliveryError, StoreError, Undecided
from bot.storage.store import Records, Store, Transaction

Trouble = Callable[[Transaction, OutboxItem], Awaitable[None]]
"""Called once for a held or failed item, inside the commit that marks it as told. It enqueues a note to the leader
with ``notice=True`` and sends nothing. If it raises, nothing is marked and the next round calls it again."""

KILLED = "发送途中程序中断\uff0c不知道有没有送到。"
NO_ANSWER = "平台没有按时回应\uff0c不知道有没有送到。"
BROKEN = "发送时程序出错\uff0c不知道有没有送到。"

log = structlog.get_logger()

_locks: WeakKeyDictionary[Store, dict[str, asyncio.Lock]] = WeakKeyDictionary()
"""One lock per store and channel, so that two senders of one process never work one channel at once.

Between processes it says nothing. There the lock of the data folder holds: a second process that opens the folder gets
``Locked`` and never has a sender. A store for several processes must let each claim its rows (SKIP LOCKED) and free
what a dead process had in the air; until then ``_adopt`` takes every "sending" for an orphan, which is true only as
long as the process is alone."""


class Lane:
    """The outbox of one channel and the transport that empties it."""

    def __init__(
        self, store: Store, channel: str, transport: Transport, clock: Clock, on_trouble: Trouble | None
    ) -> None:
        self.channel = channel
        self.stopping = False
        self._store = store
        self._transport = transport
        self._clock = clock
        self._on_trouble = on_trouble
        self._begun = clock.now()
        self._adopted = False
        self._lock = _locks.setdefault(store, {}).setdefault(channel, asyncio.Lock())

    async def work(self) -> list[OutboxItem]:
        """Send everything due now.

        Returns:
            each item touched, in its new state, in the order first touched.
        """
        touched: dict[int, OutboxItem] = {}
        async with self._lock:
            while not self.stopping:
                changed = [*await self._adopt(), *await self._sort_out(), *await self._send_due(), *await self._tell()]
                if not changed:
                    break
                touched.update((item.id, item) for item in changed)
        return list(touched.values())

    async def next_due(self) -> datetime | None:
        """When there is something to send next, not before now; None = nothing waits.

        The end of an item's usefulness is no reason to wake: nothing is sent then. The leader's desk and the inbox
        leave out what is past, and the next round, a minute later at most, marks it as expired.
        """
        now = self._clock.now()
        async with self._store.transaction(SYSTEM) as tx:
            first = heads(await self._ready(tx))
            pace = await pace_of(tx, self.channel)
            orphans = await self._queue(tx, "sending")
        if orphans and not self._lock.locked():
            return now
        if not first:
            return None
        soonest = min(item.next_at or now for item in first)
        return max(soonest, pace.free_at(self._transport.abilities.per_minute, now))

    async def _queue(self, records: Records, state: str) -> list[OutboxItem]:
        return await records.find(OutboxItem, queue=queue_key(state, self.channel), channel=self.channel)

    async def _ready(self, records: Records) -> list[OutboxItem]:
        return [item for state in READY for item in await self._queue(records, state)]

    async def _adopt(self) -> list[OutboxItem]:
        """Decide about what was in the air when its sender died; it counts as sent just now, which is the safe side."""
        async with self._store.transaction(SYSTEM) as tx:
            found = [await self._settle(tx, item, Undecided(KILLED)) for item in await self._queue(tx, "sending")]
            if self._adopted:
                return found
            left = [item for item in await self._queue(tx, "waiting") if self._left_by_a_former_run(item)]
            found += [await tx.update(item.moved("waiting", next_at=None)) for item in left]
        self._adopted = True
        return found

    def _left_by_a_former_run(self, item: OutboxItem) -> bool:
        """An answer with a head start that nobody makes use of any more."""
        fresh = item.answers and not item.attempts and item.next_at is not None
        return bool(fresh and item.created and item.created < self._begun)

    async def _sort_out(self) -> list[OutboxItem]:
        """Take out what nobody needs any more and the notes this channel cannot carry."""
        now = self._clock.now()
        try:
            async with self._store.transaction(SYSTEM) as tx:
                items = [*await self._ready(tx), *await self._queue(tx, "held"), *await self._queue(tx, "untold")]
                changed = [await tx.update(moved) for item in items if (moved := self._sorted_out(item, now))]
        except Conflict:  # a leader has dealt with a held item meanwhile; the next round sees it
            return []
        for item in changed:
            log.info(f"outbox.{item.state}", item=item.id, channel=self.channel, kind=item.kind, error=item.last_error)
        return changed

    def _sorted_out(self, item: OutboxItem, now: datetime) -> OutboxItem | None:
        if item.past(now) and item.state != "failed":
            return item.moved("expired")
        carried = self._transport.abilities.private or not item.private or item.kind == "reply"
        return None if carried or item.state not in READY else item.moved("inbox", next_at=None)

    async def _send_due(self) -> list[OutboxItem]:
        """One walk along the line; a conversation whose message must wait waits as a whole."""
        now = self._clock.now()
        async with self._store.transaction(SYSTEM) as tx:  # what came since the sorting is sorted in the next round
            line = line_up([item for item in await self._ready(tx) if not self._sorted_out(item, now)], now)
        done: list[OutboxItem] = []
        resting: set[tuple[bool, str]] = set()
        for item in line:
            if item.conversation in resting:
                continue
            claimed = None if self.stopping else await self._claim(item)
            if claimed is None:
                break
            if claimed.state in READY:
                done.append(claimed)
                resting.add(claimed.conversation)
                continue
            outcome = await self._send(claimed)
            done.append(outcome)
            if outcome.state in READY:
                resting.add(outcome.conversation)
        return done

    async def _claim(self, item: OutboxItem) -> OutboxItem | None:
        """The item as "sending", durably, or put off when its conversation must rest.

        None when the whole channel must rest or the item is no longer what it was.
        """
        now, limit = self._clock.now(), self._transport.abilities.per_minute
        try:
            async with self._store.transaction(SYSTEM) as tx:
                current = await tx.get(OutboxItem, item.id)
                pace = await pace_of(tx, self.channel)
                if current is None or current.revision != item.revision or current.past(now):
                    return None
                if pace.free_at(limit, now) > now:
                    return None
                if (later := await self._rest(tx, current, now)) > now:
                    return await tx.update(current.moved(current.state, next_at=later))
                await tx.update(pace.begun(now, limit))
                parts = current.parts or self._parts(current)
                since, attempts = current.since or now, current.attempts + 1
                return await tx.update(current.moved("sending", since=since, attempts=attempts, parts=parts))
        except Conflict:
            return None

    async def _rest(self, records: Records, item: OutboxItem, now: datetime) -> datetime:
        """When its conversation may get the item, not before now."""
        limits = self._transport.abilities.per_conversation
        return (await talk_of(records, self.channel, item.conversation)).free_at(limits, now) if limits else now

    def _parts(self, item: OutboxItem) -> tuple[Content, ...]:
        """The pieces of a message too long for the channel, then its files; () for one that is sent whole.

        What cannot even be measured is sent whole: it breaks there too, is held, and stops nobody else.
        """
        limit = self._transport.abilities.max_bytes
        words, files = apart(item.content) if self._transport.abilities.files else (item.content, ())
        try:
            parts = split(words, limit, lambda content: self._transport.size(content, item.private))
            parts = (*parts, *files) if words != Content() else files
        except Exception:
            log.exception("outbox.size_broken", item=item.id, channel=self.channel)
            return ()
        return parts if len(parts) > 1 else ()

    async def _send(self, item: OutboxItem) -> OutboxItem:
        error = await self._hand_over(item)
        async with self._store.transaction(SYSTEM) as tx:
            return await self._settle(tx, item, error)

    async def _settle(self, tx: Transaction, item: OutboxItem, error: DeliveryError | None) -> OutboxItem:
        return await settle(tx, item, error, self._transport.abilities, self._clock.now())

    async def _hand_over(self, item: OutboxItem) -> DeliveryError | None:
        """Touch the network. A cancelled send leaves the item "sending": whoever comes next finds it undecided."""
        try:
            async with asyncio.timeout(self._transport.abilities.timeout):
                await self._transport.send(outgoing(item))
        except DeliveryError as error:
            return error
        except TimeoutError:
            return Undecided(NO_ANSWER)
        except Exception:  # a transport's defect must not stop the other conversations
            log.exception("outbox.transport_broken", item=item.id, channel=self.channel)
            return Broken(BROKEN)
        return None

    async def _tell(self) -> list[OutboxItem]:
        """Make each trouble known once: a mark and the note about it are one commit."""
        async with self._store.transaction(SYSTEM) as tx:
            untold = await self._queue(tx, "untold")
        told = []
        for item in untold:
            try:
                async with self._store.transaction(SYSTEM) as tx:
                    told.append(await self._tell_one(tx, item))
            except Conflict:  # the leader was quicker
                continue
            except StoreError:
                raise
            except Exception:  # it stays untold and is tried again; the channel goes on
                log.exception("outbox.trouble_untold", item=item.id, channel=self.channel)
        return told

    async def _tell_one(self, tx: Transaction, item: OutboxItem) -> OutboxItem:
        marked = await tx.update(item.moved(item.state, told=True))
        if self._on_trouble is not None and not item.notice:
            await self._on_trouble(tx, marked)
        log.warning(f"outbox.{item.state}", item=item.id, channel=self.channel, kind=item.kind, error=item.last_error)
        return marked


def apart(content: Content) -> tuple[Content, tuple[Content, ...]]:
    """A message without its files, and each file as a message of its own."""
    return content.model_copy(update={"files": ()}), tuple(Content(files=(file,)) for file in content.files)


def outgoing(item: OutboxItem) -> Outgoing:
    """The part now in turn, for the transport. A part's uuid is its own and the same in every attempt."""
    number, total = item.parts_sent + 1, max(len(item.parts), 1)
    return Outgoing(
        uuid=f"{item.uuid}-{number}" if total > 1 else item.uuid,
        kind=item.kind,
        to=item.to,
        private=item.private,
        content=item.parts[number - 1] if item.parts else item.content,
        part=(number, total),
        why=item.why,
        answers=item.answers,
    )
