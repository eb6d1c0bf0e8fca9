"""What is remembered of a message: the mark that it was handled, or itself while it waits to be."""

from datetime import datetime, timedelta
from typing import ClassVar

from bot.chat.transport import Incoming
from bot.delivery.outcome import Outcome
from bot.domain.undo import Undo
from bot.storage import Record, Records

KEEP_SEEN = timedelta(days=3)
"""Far longer than any platform delivers again."""


class Seen(Record):
    """The mark that a message was handled, with its outcome; None where the answer went apart, through the outbox.

    Of one that did something ``doer`` is the member who did it, ``group`` the key of the group, ``undo`` how it is
    taken back, if it can be, and ``posts`` are the ids of the messages that others got because of it.
    """

    TABLE: ClassVar[str] = "seen"
    SCHEMA: ClassVar[int] = 2
    INDEXES: ClassVar = (("group", "doer"),)
    UNIQUE: ClassVar = (("key",),)

    key: str
    sender: str = ""
    outcome: Outcome | None = None
    group: str | None = None
    doer: str | None = None
    undo: Undo | None = None
    posts: tuple[int, ...] = ()


class Inboxed(Record):
    """A message that took too long: acknowledged, and to be handled from here."""

    TABLE: ClassVar[str] = "inbox"
    UNIQUE: ClassVar = (("key",),)

    key: str
    incoming: Incoming


async def forget_seen(system: Records, now: datetime, most: int) -> int:
    """Housekeeping: drop up to ``most`` marks older than any platform's redelivery; returns how many."""
    old = [mark for mark in await system.scan(Seen) if mark.created and now - mark.created > KEEP_SEEN]
    for mark in old[:most]:
        await system.remove(mark)
    return len(old[:most])
