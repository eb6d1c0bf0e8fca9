"""Streams that say "正在处理", written down: should the program end meanwhile, the next run finishes them.

A stream takes its end for six minutes, from whichever connection (path/101463); after that the platform ends it, and
the answer is a message of its own.
"""

from datetime import datetime

from bot.delivery.outbox import FINISHED, OutboxItem
from bot.delivery.outcome import answer_name
from bot.delivery.seen import Inboxed
from bot.domain.people import SYSTEM
from bot.platforms.wecom.questions import Question
from bot.platforms.wecom.records import OpenStream, forget_streams
from bot.storage import Records, Store


class OpenStreams:
    """The open streams of one channel."""

    def __init__(self, store: Store, channel: str) -> None:
        self._store = store
        self._channel = channel

    async def begin(self, question: Question, conversation: tuple[bool, str]) -> None:
        """Write down that a stream will be opened under ``question``.

        Raises:
            StoreError: it is not written down.
        """
        key, (private, to) = f"{self._channel}/{question.msgid}", conversation
        async with self._store.transaction(SYSTEM) as tx:
            if await tx.find(OpenStream, key=key):
                return
            row = OpenStream(
                key=key,
                channel=self._channel,
                msgid=question.msgid,
                req_id=question.req_id,
                private=private,
                to=to,
                at=question.at,
                created=question.at,
            )
            await tx.add(row)

    async def left(self, now: datetime) -> list[tuple[Question, tuple[bool, str]]]:
        """What a former run left open and can still be finished: questions, each with its conversation."""
        async with self._store.transaction(SYSTEM) as tx:
            await forget_streams(tx, now, 10_000)
            rows = [row for row in await tx.find(OpenStream, channel=self._channel) if await _awaited(tx, row)]
        return [(Question(row.msgid, row.req_id, row.at, working=True), (row.private, row.to)) for row in rows]


async def _awaited(records: Records, row: OpenStream) -> bool:
    """Whether its message is still to be handled, or its answer to be sent."""
    if await records.find(Inboxed, key=row.key):
        return True
    answers = await records.find(OutboxItem, once=answer_name(row.key))
    return any(item.state not in FINISHED for item in answers)
