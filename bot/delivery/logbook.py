"""What each channel has heard and used, for ``check`` and for the leader.

Kept in memory and written once a minute and at the end: counted in the transaction of every message, all groups would
queue for one record. A crash loses a minute of it, which an estimate can bear. Nothing here is what somebody said.

Where a platform counts calls against a school's month (bot/delivery/budget.py), what we hear counts as well as what we
send.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal

from pydantic import Field

from bot.chat.transport import LinkState
from bot.clock import Clock
from bot.domain.people import SYSTEM
from bot.storage import Record, Store

Call = Literal["webhook", "api"]

MOST_SENDERS = 20
"""Different senders remembered; whether it is one or many is all anybody asks."""

LONGEST_NAME = 40


class ChannelLog(Record):
    """The log of one channel.

    Attributes:
        heard_at: when the last message came.
        senders: ids of the first people heard.
        nameless_at: when last somebody spoke for whom the platform gives no lasting id (DingTalk: an outsider, or the
            robot is not published yet).
        named_at: when last somebody with a lasting id spoke.
        called: how a group message last addressed a robot when not by the channel's ``bot_name``; "" = never so.
        right_name: the ``bot_name`` of the time when last the name was right; "" = never so, or before this was kept.
        called_at, called_right_at: when that was.
        month: "2026-11"; ``calls`` counts this month's calls by kind.
        exhausted_at: when the platform last said that the month's quota is gone; ``detail`` its sentence.
        link: how the channel's connection stood when this was last written; None = it has none.
        alive_at: when it was last known to be up.
    """

    TABLE: ClassVar[str] = "channel_log"
    SCHEMA: ClassVar[int] = 2
    UNIQUE: ClassVar[tuple[tuple[str, ...], ...]] = (("channel",),)

    channel: str
    heard_at: datetime | None = None
    senders: tuple[str, ...] = ()
    nameless_at: datetime | None = None
    named_at: datetime | None = None
    called: str = ""
    right_name: str = ""
    called_at: datetime | None = None
    called_right_at: datetime | None = None
    month: str = ""
    calls: dict[Call, int] = Field(default_factory=dict)
    exhausted_at: datetime | None = None
    detail: str = ""
    link: LinkState | None = None
    alive_at: datetime | None = None

    def calls_in(self, moment: datetime) -> dict[Call, int]:
        """Calls by kind in the month of ``moment``."""
        return dict(self.calls) if self.month == month_of(moment) else {}

    def exhausted_in(self, moment: datetime) -> bool:
        """Whether the platform has said in the month of ``moment`` that nothing is left."""
        return self.exhausted_at is not None and month_of(self.exhausted_at) == month_of(moment)


def month_of(moment: datetime) -> str:
    """The calendar month as the platforms bill it: "2026-11"."""
    return f"{moment.year:04}-{moment.month:02}"


@dataclass
class _News:
    """What a channel has to add to its log."""

    fields: dict[str, object] = field(default_factory=dict)
    senders: dict[str, None] = field(default_factory=dict)  # in the order of first hearing
    calls: Counter[tuple[str, Call]] = field(default_factory=Counter)


class Logbook:
    """Collects until ``write``. The same clock as the channels', whose zone decides what a month is."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._news: defaultdict[str, _News] = defaultdict(_News)
        self._alive: dict[str, datetime] = {}
        self._counted: dict[str, ChannelLog] = {}

    def heard(self, channel: str, sender: str, *, lasting: bool = True) -> None:
        """Somebody spoke; ``lasting`` tells whether ``sender`` will still be their id tomorrow."""
        news, now = self._news[channel], self._clock.now()
        news.fields["heard_at"] = now
        news.fields["named_at" if lasting else "nameless_at"] = now
        if len(news.senders) < MOST_SENDERS:
            news.senders[sender] = None

    def addressed(self, channel: str, name: str, *, right: bool) -> None:
        """A group message mentioned the bot by ``name``, which is the configured one, or only somebody else by it."""
        news, now = self._news[channel], self._clock.now()
        if right:
            news.fields.update(right_name=name, called_right_at=now)
        else:
            news.fields.update(called=name[:LONGEST_NAME], called_at=now)

    def called(self, channel: str, kind: Call) -> None:
        """A call that the platform counts was made, or was made to us."""
        self._news[channel].calls[month_of(self._clock.now()), kind] += 1

    def linked(self, channel: str, state: LinkState) -> None:
        """How the channel's connection stands now; said again every minute while it is up."""
        fields = self._news[channel].fields
        fields["link"] = state
        if state.up:
            fields["alive_at"] = self._clock.now()

    def exhausted(self, channel: str, detail: str) -> None:
        """The platform said that this month's quota is gone."""
        self._news[channel].fields.update(exhausted_at=self._clock.now(), detail=detail[:200])

    async def read(self, store: Store) -> None:
        """Learn from the stored logs when each connection was last up, before anything else is said."""
        self._counted = await logs(store)
        self._alive = {name: log.alive_at for name, log in self._counted.items() if log.alive_at}

    def calls(self, channels: Iterable[str]) -> dict[Call, int]:
        """This month's calls of some channels by kind, written down or not."""
        now = self._clock.now()
        found: Counter[Call] = Counter()
        for channel in channels:
            if log := self._counted.get(channel):
                found.update(log.calls_in(now))
            news = self._news.get(channel)
            for (month, kind), number in news.calls.items() if news else ():
                found[kind] += number if month == month_of(now) else 0
        return dict(found)

    def alive_before(self, channel: str) -> datetime | None:
        """When the channel's connection was last known to be up in a former run."""
        return self._alive.get(channel)

    async def write(self, store: Store) -> None:
        """Add everything collected to the stored logs; what cannot be written is kept for the next time."""
        news, self._news = self._news, defaultdict(_News)
        if not news:
            return
        written: dict[str, ChannelLog] = {}
        try:
            async with store.transaction(SYSTEM) as tx:
                for channel, one in news.items():
                    found = await tx.find(ChannelLog, channel=channel)
                    log = found[0] if found else await tx.add(ChannelLog(channel=channel))
                    written[channel] = await tx.update(_grown(log, one, month_of(self._clock.now())))
        except BaseException:
            self._keep(news)
            raise
        self._counted |= written

    def _keep(self, unwritten: dict[str, _News]) -> None:
        """Put back what was not written; what came meanwhile is the newer."""
        for channel, old in unwritten.items():
            newer = self._news[channel]
            newer.fields = {**old.fields, **newer.fields}
            newer.senders = {**old.senders, **newer.senders}
            newer.calls = old.calls + newer.calls


def _grown(log: ChannelLog, news: _News, month: str) -> ChannelLog:
    """The log with the news in it; calls of a month gone by count no more."""
    known = dict(log.calls) if log.month == month else {}
    for (when, kind), number in news.calls.items():
        if when == month:
            known[kind] = known.get(kind, 0) + number
    senders = tuple({**dict.fromkeys(log.senders), **news.senders})[:MOST_SENDERS]
    return log.model_copy(update={**news.fields, "senders": senders, "month": month, "calls": known})


async def logs(store: Store) -> dict[str, ChannelLog]:
    """Every channel's log, by the channel's name; a channel nobody used has none."""
    async with store.transaction(SYSTEM) as tx:
        return {log.channel: log for log in await tx.scan(ChannelLog)}
