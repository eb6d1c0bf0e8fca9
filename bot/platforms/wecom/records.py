"""What WeCom's channels write down, and how long it is of use.

Every bot clears these tables at night, so this module needs none of the platform's others: a school has one platform.
"""

from datetime import datetime, timedelta
from typing import ClassVar, Literal

from bot.storage import Record, Records

URL_LIFE = timedelta(minutes=58)
"""Of a message's ``response_url``: an hour (path/101138) less a margin."""

STREAM_LIFE = timedelta(minutes=5, seconds=30)
"""Of a stream: six minutes (path/101031) less a margin."""

KEEP = timedelta(hours=2)
"""How long a slip stays."""


class Slip(Record):
    """A message acknowledged without its answer. ``stream`` is the id under which the platform asks for it."""

    TABLE: ClassVar[str] = "wecom_slips"
    INDEXES: ClassVar[tuple[str, ...]] = ("conversation",)
    UNIQUE: ClassVar[tuple[tuple[str, ...], ...]] = (("channel", "stream"),)

    channel: str
    stream: str
    msgid: str
    conversation: str
    response_url: str = ""
    asked: datetime
    state: Literal["open", "delivered"] = "open"


class OpenStream(Record):
    """A stream that was begun. It stays written down when it was ended: its message's answer tells.

    Attributes:
        key: the message's, as in ``Incoming.key``.
        private, to: the conversation.
        at: when the message came.
    """

    TABLE: ClassVar[str] = "wecom_streams"
    INDEXES: ClassVar[tuple[str, ...]] = ("channel",)
    UNIQUE: ClassVar[tuple[tuple[str, ...], ...]] = (("key",),)

    key: str
    channel: str
    msgid: str
    req_id: str
    private: bool
    to: str
    at: datetime


async def forget_slips(records: Records, now: datetime, most: int) -> int:
    """Housekeeping: remove up to ``most`` slips nobody can use any more; returns how many."""
    old = [slip for slip in await records.scan(Slip) if now - slip.asked > KEEP]
    for slip in old[:most]:
        await records.remove(slip)
    return len(old[:most])


async def forget_streams(records: Records, now: datetime, most: int) -> int:
    """Housekeeping: remove up to ``most`` streams the platform has ended by now; returns how many."""
    old = [row for row in await records.scan(OpenStream) if now - row.at > STREAM_LIFE]
    for row in old[:most]:
        await records.remove(row)
    return len(old[:most])
