"""How fast a channel may be used, counted from what is stored: a restart forgets nothing.

The rule is a log of the last minute's sends: the next one may go when fewer than ``per_minute`` lie in the window. A
token bucket with the same figures would let nearly twice as many through in the first minute. The platforms count 20 a
minute for each robot and shut it out for a minute (WeCom, 45009) or ten (DingTalk, 130101) when there are more.
"""

from datetime import datetime, timedelta
from typing import ClassVar

from bot.storage.store import Record, Records

MARGIN = timedelta(seconds=0.5)
"""Nobody says whether a platform counts the border of its minute in."""

WINDOW = timedelta(seconds=60) + MARGIN

Limits = tuple[tuple[int, timedelta], ...]
"""How many in how long, as in ``Abilities.per_conversation``."""


class Pace(Record):
    """The recent sends of one channel.

    Attributes:
        sends: moments of the last minute's sends, ascending. A send counts from its *end* (or, when it was cut off,
            from the moment that was noticed): the platform saw it no later, so the next one cannot reach it early.
        paused_at, paused_until: the platform refused for being too fast, and when it may be asked again.
    """

    TABLE: ClassVar[str] = "outbox_pace"
    UNIQUE: ClassVar[tuple[tuple[str, ...], ...]] = (("channel",),)

    channel: str
    sends: tuple[datetime, ...] = ()
    paused_at: datetime | None = None
    paused_until: datetime | None = None

    def begun(self, now: datetime, per_minute: int | None) -> "Pace":
        """With one more send, which begins now. As many are kept as the limit counts, none without a limit."""
        sends = (*self._recent(now), now)[-per_minute:] if per_minute else ()
        return self.model_copy(update={"sends": sends})

    def ended(self, now: datetime) -> "Pace":
        """With the latest send counted from now, since it was on its way until now."""
        return self.model_copy(update={"sends": (*self.sends[:-1], now) if self.sends else ()})

    def paused(self, now: datetime, seconds: float) -> "Pace":
        """With the whole channel resting."""
        return self.model_copy(update={"paused_at": now, "paused_until": now + timedelta(seconds=seconds)})

    def free_at(self, per_minute: int | None, now: datetime) -> datetime:
        """The first moment, not before ``now``, at which the channel may be used.

        Args:
            per_minute: sends in any sixty seconds; None = no limit is known.
        """
        moments = [now]
        if self.paused_at and self.paused_until and self.paused_at < now + WINDOW:
            moments.append(self.paused_until)
        recent = sorted(self._recent(now))
        if per_minute and len(recent) >= per_minute:
            moments.append(recent[-per_minute] + WINDOW)
        return max(moments)

    def _recent(self, now: datetime) -> list[datetime]:
        """Sends inside the window. What lies further ahead than it comes from a clock since put back: forgotten."""
        return [moment for moment in self.sends if now - WINDOW < moment < now + WINDOW]


class Talk(Record):
    """The recent sends into one conversation, on a channel whose platform counts them there.

    Attributes:
        key: "CHANNEL/private/USER" or "CHANNEL/group/CHAT".
        sends: milliseconds since 1970, ascending; counted as in ``Pace``.
        paused_until: the platform refused for being too fast.
    """

    TABLE: ClassVar[str] = "outbox_talks"
    UNIQUE: ClassVar[tuple[tuple[str, ...], ...]] = (("key",),)

    key: str
    sends: tuple[int, ...] = ()
    paused_until: datetime | None = None

    def sent(self, limits: Limits, now: datetime) -> "Talk":
        """With one more send, which ended now; as many are kept as the widest limit counts."""
        most = max(number for number, _ in limits)
        return self.model_copy(update={"sends": (*self.sends, _milliseconds(now))[-most:]})

    def paused(self, until: datetime) -> "Talk":
        """With the conversation resting."""
        return self.model_copy(update={"paused_until": until})

    def free_at(self, limits: Limits, now: datetime) -> datetime:
        """The first moment, not before ``now``, at which the conversation may get a message."""
        moments = [now, self.paused_until or now]
        for number, window in limits:
            span = window + MARGIN
            recent = [at for at in self.sends if abs(at - _milliseconds(now)) < span / timedelta(milliseconds=1)]
            if len(recent) >= number:
                moments.append(datetime.fromtimestamp(recent[-number] / 1000, now.tzinfo) + span)
        return max(moments)


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


async def talk_of(records: Records, channel: str, conversation: tuple[bool, str]) -> Talk:
    """A conversation's recent sends; (private, id) as in ``OutboxItem.conversation``."""
    private, to = conversation
    key = f"{channel}/{'private' if private else 'group'}/{to}"
    known = await records.find(Talk, key=key)
    return known[0] if known else await records.add(Talk(key=key))


async def spare(records: Records, channel: str, conversation: tuple[bool, str], limits: Limits, now: datetime) -> bool:
    """Count a message that is in no outbox, if its conversation may get one now; whether it may."""
    talk = await talk_of(records, channel, conversation)
    if talk.free_at(limits, now) > now:
        return False
    await records.update(talk.sent(limits, now))
    return True


async def pace_of(records: Records, channel: str) -> Pace:
    """A channel's pace; a channel never used before gets a fresh one."""
    known = await records.find(Pace, channel=channel)
    return known[0] if known else await records.add(Pace(channel=channel))
