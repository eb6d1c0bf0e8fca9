"""What is written down after a send, whoever made it: the item's new state, and how long its channel has to rest."""

from datetime import datetime, timedelta

from bot.chat.transport import Abilities
from bot.delivery.limits import pace_of, talk_of
from bot.delivery.outbox import READY, OutboxItem
from bot.delivery.policy import Verdict, judge
from bot.errors import DeliveryError, RateLimited, Undecided
from bot.storage.store import Records


async def settle(
    records: Records,
    item: OutboxItem,
    error: DeliveryError | None,
    abilities: Abilities,
    now: datetime,
    *,
    in_line: bool = True,
) -> OutboxItem:
    """Write the outcome of a send.

    Args:
        records: the system space.
        item: in the state "sending", this attempt counted in.
        error: how the send ended; None = the platform has taken the message.
        in_line: it was sent by the channel's line and counts against the channel's messages a minute.

    Raises:
        Conflict: somebody else has dealt with the item meanwhile.
    """
    verdict = judge(error, item, abilities, now)
    if abilities.per_conversation:
        verdict = await _in_conversation(records, verdict, error, abilities, now)
    if in_line or verdict.pause:
        pace = await pace_of(records, item.channel)
        pace = pace.ended(now) if in_line else pace
        await records.update(pace.paused(now, verdict.pause) if verdict.pause else pace)
    return await records.update(verdict.item)


async def _in_conversation(
    records: Records, verdict: Verdict, error: DeliveryError | None, abilities: Abilities, now: datetime
) -> Verdict:
    """Count the send where it went to. A refusal for speed is that conversation's: the others need not rest."""
    talk = await talk_of(records, verdict.item.channel, verdict.item.conversation)
    if error is None or isinstance(error, Undecided):
        await records.update(talk.sent(abilities.per_conversation, now))
        return verdict
    if not (isinstance(error, RateLimited) and verdict.item.state in READY):
        return verdict
    until = now + timedelta(seconds=verdict.pause)
    await records.update(talk.paused(until))
    return Verdict(verdict.item.moved(verdict.item.state, next_at=until))
