"""What is to be said outside an answer: written down first, sent afterwards.

``enqueue`` is called inside somebody's transaction, so that a card and the ledger row behind it, or a sign-up and the
note about it, are one commit. ``Sender`` (bot/delivery/sender.py) takes it from there.

::

    waiting ──► sending ──► sent
       ▲           ├──► unknown   it may have arrived and is sent again: a double is harmless, or the channel notices it
       │           ├──► held      it may have arrived and a double would be seen: the leader decides
       └───────────┴──► failed    final, the leader is told
    waiting, unknown, held ──► expired   nobody needs it any more
    waiting ──► merged    part of another message now (bot/delivery/gathering.py)
    waiting ──► inbox ──► sent   a note the channel cannot carry, or not to this person before they have spoken; it goes
                                 with the person's next private answer
"""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal, Required, TypedDict, Unpack
from uuid import uuid4

import structlog

from bot.chat.transport import OutgoingKind
from bot.content import Content
from bot.domain.people import is_unbound
from bot.errors import Refused
from bot.storage.store import Record, Records

SYSTEM = "system"
"""The space of the outbox."""

State = Literal["waiting", "sending", "sent", "unknown", "held", "failed", "expired", "inbox", "merged"]

READY: tuple[State, ...] = ("waiting", "unknown")
"""States the sender works on."""

FINISHED: tuple[State, ...] = ("sent", "failed", "expired", "merged")
"""States nothing leads out of."""

KEEP_SENT = timedelta(days=30)
"""How long what was sent can still be looked up."""

HEAD_START = timedelta(seconds=12)
"""An answer that is handed over at once is left alone by its channel's line for so long: longer than any send takes."""

log = structlog.get_logger()


class OutboxItem(Record):
    """One message on its way.

    Attributes:
        to: conversation id, or the user's id when ``private``.
        to_name: for display: the person's name, or "group".
        group: key of the group it belongs to; its leader hears of trouble.
        useful_until: the last moment at which it is worth sending; None = for ever.
        read_until: the last moment at which it is worth reading from an inbox, where it disturbs nobody at night;
            None = as ``useful_until``.
        why: the occurrences merged into it.
        notice: it is itself the news of a trouble; its own trouble goes to the log alone, or news would breed news.
        since: when sending was first tried; a leader's /待定 重发 begins anew.
        attempts: sends tried for the part now in turn.
        undecided: how many of those may have arrived.
        next_at: not before this moment; None = at once.
        parts: the pieces of a message too long for its channel, fixed at the first send, so that a limit changed
            later moves no border between what has arrived and what has not.
        parts_sent: how many of them have arrived.
        told: the leader has heard of the trouble.
        queue, desk: where the sender and the leader (or the group's card) look it up; set by ``moved``.
        once: a name under which it is written down only once; None = nothing else could be the same.
        answers: the platform's id of the message it answers; "" = none.
        receipts: what the platform calls the parts that have arrived, where it can recall them.
        recalls: the receipts this item takes back.
        merged_into: id of the item it goes with.
    """

    TABLE: ClassVar[str] = "outbox"
    INDEXES: ClassVar[tuple[str, ...]] = ("queue", "desk")
    UNIQUE: ClassVar[tuple[tuple[str, ...], ...]] = (("once",),)

    channel: str
    kind: OutgoingKind
    to: str
    to_name: str = ""
    private: bool = False
    group: str = ""
    content: Content
    useful_until: datetime | None = None
    read_until: datetime | None = None
    why: tuple[str, ...] = ()
    notice: bool = False
    state: State = "waiting"
    since: datetime | None = None
    attempts: int = 0
    undecided: int = 0
    next_at: datetime | None = None
    uuid: str
    sent_at: datetime | None = None
    last_error: str = ""
    parts: tuple[Content, ...] = ()
    parts_sent: int = 0
    told: bool = False
    queue: str | None = None
    desk: str | None = None
    once: str | None = None
    answers: str = ""
    receipts: tuple[str, ...] = ()
    recalls: tuple[str, ...] = ()
    merged_into: int | None = None

    @property
    def conversation(self) -> tuple[bool, str]:
        """Within one conversation messages keep their order."""
        return self.private, self.to

    def past(self, now: datetime) -> bool:
        """Whether nobody needs it any more; at ``useful_until`` itself it still is useful."""
        last = (self.read_until if self.state == "inbox" else None) or self.useful_until
        return last is not None and now > last

    def moved(self, state: State, **changes: Any) -> "OutboxItem":
        """A copy in another state, with the keys it is then looked up by."""
        item = self.model_copy(update={**changes, "state": state})
        return item.model_copy(update={"queue": _queue(item), "desk": _desk(item)})


def queue_key(state: str, channel: str) -> str:
    """Where the sender finds the items of a channel: one of the READY states, "sending", "held" or "untold"."""
    return f"{state}/{channel}"


def _queue(item: OutboxItem) -> str | None:
    if item.state in ("held", "failed") and not item.told:
        return queue_key("untold", item.channel)
    if item.state == "inbox":
        return _inbox_key(item.channel, item.to)
    return None if item.state in FINISHED else queue_key(item.state, item.channel)


def _inbox_key(channel: str, to: str) -> str:
    return f"inbox/{channel}/{to}"


def _desk(item: OutboxItem) -> str | None:
    return f"{item.state}/{item.group}" if item.state in ("held", "failed", "inbox") else None


class Letter(TypedDict, total=False):
    """What ``enqueue`` may be told of a message; each as in ``OutboxItem``."""

    channel: Required[str]
    kind: Required[OutgoingKind]
    to: Required[str]
    content: Required[Content]
    private: bool
    to_name: str
    group: str
    useful_until: datetime | None
    read_until: datetime | None
    why: tuple[str, ...]
    notice: bool
    author: str
    answers: str
    recalls: tuple[str, ...]
    next_at: datetime | None


async def enqueue(records: Records, *, now: datetime, once: str | None = None, **letter: Unpack[Letter]) -> OutboxItem:
    """Write a message down to be sent once the surrounding transaction is durable.

    Args:
        records: the system space: ``tx.within("system")``.
        now: becomes ``created``, by which housekeeping goes.
        once: when a message of that name is there already, that one is returned and nothing is written.

    Call ``Sender.wake`` after the commit; a sender that was not woken finds the item within a minute.
    """
    if once and (known := await records.find(OutboxItem, once=once)):
        return known[0]
    private = letter.get("private", False)
    letter["to_name"] = letter.get("to_name") or ("" if private else "group")
    item = OutboxItem(**letter, once=once, created=now, uuid=uuid4().hex)
    # A member who has not said who they are yet has no account: the note waits for their first private answer.
    nobody = private and is_unbound(item.to)
    return await records.add(item.moved("inbox" if nobody else "waiting"))


async def take_inbox(records: Records, channel: str, to: str, now: datetime) -> list[OutboxItem]:
    """The notes that wait for a person, oldest first, marked as delivered.

    Call it in the transaction that stores the person's next private answer, and add the notes to that answer. What
    nobody needs any more is not returned.
    """
    taken = []
    for item in await records.find(OutboxItem, queue=_inbox_key(channel, to), channel=channel, to=to):
        if item.past(now):
            log.info("outbox.expired", item=item.id, channel=channel, kind=item.kind, state=item.state)
            await records.update(item.moved("expired"))
        else:
            taken.append(await records.update(item.moved("sent", sent_at=now)))
    return taken


async def held(records: Records, group: str) -> list[OutboxItem]:
    """What may or may not have arrived in a group and waits for its leader (``/待定``), oldest first."""
    return await records.find(OutboxItem, desk=f"held/{group}", group=group)


async def notes_waiting(records: Records, group: str, now: datetime) -> int:
    """How many private notes of a group wait in its members' inboxes for their next private message."""
    waiting = await records.find(OutboxItem, desk=f"inbox/{group}", group=group)
    return sum(not item.past(now) for item in waiting)


async def failed(records: Records, group: str) -> list[OutboxItem]:
    """What a group's channel refused for good and housekeeping has not removed yet, oldest first."""
    return await records.find(OutboxItem, desk=f"failed/{group}", group=group)


async def resend(records: Records, item: OutboxItem, now: datetime) -> OutboxItem:
    """Send a held item once more, beginning with the part that is undecided.

    Raises:
        Refused: somebody has dealt with it already, or nobody needs it any more.
    """
    current = await _still_held(records, item)
    if current.past(now):
        raise Refused("这条已经过了时间\uff0c不再发送。", "放弃它\uff1a/待定 放弃")
    again = current.moved("waiting", since=None, attempts=0, undecided=0, next_at=None, told=False)
    return await records.update(again)


async def give_up(records: Records, item: OutboxItem) -> OutboxItem:
    """Drop a held item: the leader has seen it in the group, or does not want it any more.

    Raises:
        Refused: somebody has dealt with it already.
    """
    current = await _still_held(records, item)
    return await records.update(current.moved("expired"))


async def _still_held(records: Records, item: OutboxItem) -> OutboxItem:
    current = await records.get(OutboxItem, item.id)
    if current is None or current.state != "held":
        raise Refused("这条已经处理过了\uff0c不在待定里。", "看还有哪些\uff1a/待定")
    return current


async def forget_sent(records: Records, now: datetime, most: int) -> int:
    """Housekeeping: remove up to ``most`` items finished longer ago than ``KEEP_SENT``; returns how many."""
    return await prune(records, now - KEEP_SENT, most)


async def prune(records: Records, before: datetime, most: int = 10_000) -> int:
    """Remove what is finished and was sent, or else written, before a moment, ``most`` at a time; returns how many.

    A note in an inbox that nobody fetched while it was useful is finished too.

    Housekeeping: reads the whole table.
    """
    removed = 0
    for item in await records.scan(OutboxItem):
        last = item.sent_at or item.created
        over = item.state in FINISHED or (item.state == "inbox" and item.past(before))
        if over and last is not None and last < before:
            await records.remove(item)
            removed += 1
            if removed >= most:
                break
    return removed
