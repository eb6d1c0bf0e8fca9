"""Answers that were not ready in time, and how they still reach the person.

The response says "正在处理" and the platform asks again with the stream's id, every second or so, for up to six minutes
(path/101031); what it asks is answered from the stored outcome. An answer nobody comes for any more goes to the
message's ``response_url`` (path/101138: once, within the hour). Both survive a restart: the message waits in the
dispatcher's inbox, the outcome and the slip are stored. Should the machine stop between a post and its mark, the
person may read the answer twice, and never not at all.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.content import Content
from bot.delivery.outcome import Outcome
from bot.delivery.seen import Seen
from bot.domain.people import SYSTEM
from bot.platforms.wecom.answers import stream_id
from bot.platforms.wecom.payloads import Message
from bot.platforms.wecom.records import KEEP, Slip
from bot.storage import Records, Store


@dataclass(frozen=True)
class Late:
    """How far a late answer is; ``outcome`` None = not ready yet."""

    outcome: Outcome | None
    asked: datetime


class LateReplies(Protocol):
    """What a callback needs to know about answers that were not ready in time."""

    async def expect(self, message: Message) -> None:
        """The platform was told to wait for the answer to ``message``; saying so again changes nothing."""
        ...

    async def get(self, stream: str, now: datetime) -> Late | None:
        """The answer under a stream's id, asked for ``now``; None = no such stream.

        A ready one counts as delivered, unless slow work is still to follow.
        """
        ...


class StoredReplies:
    """``LateReplies`` in the store of the house, which also keeps the outcomes."""

    def __init__(self, store: Store, channel: str, api_base: str) -> None:
        self._store = store
        self._channel = channel
        # Who could make us post elsewhere would need our token; the address is checked all the same.
        self._url_start = f"{api_base}/cgi-bin/aibot/response?"
        self._asking: dict[str, datetime] = {}

    async def expect(self, message: Message) -> None:
        """See ``LateReplies``."""
        incoming, stream = message.incoming, stream_id(message.incoming.msgid)
        url = message.response_url if message.response_url.startswith(self._url_start) else ""
        where = conversation(self._channel, incoming.private, incoming.chat)
        async with self._store.transaction(SYSTEM) as tx:
            if await tx.find(Slip, channel=self._channel, stream=stream):
                return
            await self._clear(tx, where, incoming.at)
            await tx.add(
                Slip(
                    channel=self._channel,
                    stream=stream,
                    msgid=incoming.msgid,
                    conversation=where,
                    response_url=url,
                    asked=incoming.at,
                    created=incoming.at,
                )
            )

    async def get(self, stream: str, now: datetime) -> Late | None:
        """See ``LateReplies``."""
        async with self._store.transaction(SYSTEM) as tx:
            found = await tx.find(Slip, channel=self._channel, stream=stream)
            if not found:
                return None
            outcome = await self._outcome(tx, found[0])
            over = outcome is not None and not outcome.making
            if over and found[0].state == "open":
                await tx.update(found[0].model_copy(update={"state": "delivered"}))
        if over:
            self._asking.pop(stream, None)
        else:
            self._asking[stream] = now
        return Late(outcome, found[0].asked)

    def last_asked(self, slip: Slip) -> datetime:
        """When the platform last asked for an answer; a restart forgets it, and the answer is then posted at once."""
        return self._asking.get(slip.stream, slip.asked)

    async def slip_for(self, where: str, answer: Content) -> Slip | None:
        """The slip of a late answer in a conversation, one still open first."""
        async with self._store.transaction(SYSTEM) as tx:
            slips = await tx.find(Slip, conversation=where)
            for slip in sorted(slips, key=lambda slip: slip.state != "open"):
                outcome = await self._outcome(tx, slip)
                if outcome and answer in (outcome.made, outcome.answer):
                    return slip
        return None

    async def delivered(self, slip: Slip) -> None:
        """The answer was posted to the message's own address."""
        async with self._store.transaction(SYSTEM) as tx:
            if current := await tx.get(Slip, slip.id):
                await tx.update(current.model_copy(update={"state": "delivered"}))

    async def _outcome(self, records: Records, slip: Slip) -> Outcome | None:
        seen = await records.find(Seen, key=f"{self._channel}/{slip.msgid}")
        return seen[0].outcome if seen else None

    async def _clear(self, records: Records, where: str, now: datetime) -> None:
        for old in await records.find(Slip, conversation=where):
            if now - old.asked > KEEP:
                await records.remove(old)
                self._asking.pop(old.stream, None)


def conversation(channel: str, private: bool, to: str) -> str:
    """The key under which a conversation's slips are found."""
    return f"{channel}/{'private' if private else 'group'}/{to}"
