"""The real engine and sender on a real store file through a school year full of accidents, drawn from a seed.

The machine is down over every fifth due time, the process is ended and begun again at random moments, half of the time
in the middle of a tick, the clock jumps by an hour and back, and the school changes its calendar on the way.
"""

import asyncio
import random
import shutil
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.app import assemble, record_kinds
from bot.calendar.term import SchoolCalendar, Swap, Term, each_day
from bot.clock import SCHOOL_ZONE, MovableClock, at
from bot.delivery.outbox import OutboxItem
from bot.domain.groups import School, space_of
from bot.domain.people import SYSTEM
from bot.scheduling.ledger import LedgerRow
from bot.simulator import sample
from bot.simulator.simulation import ABILITIES
from bot.simulator.transport import SimulatedTransport
from bot.storage.tiny import TinyStore

WINDOWS = ("07:10", "16:40")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LATE = "\uff08补发\uff09"

Change = Callable[[SchoolCalendar], SchoolCalendar]


@dataclass(frozen=True)
class Fact:
    """Something the school decides on the way."""

    told: datetime
    change: Change


def swap(told: str, day: str, runs: str) -> Fact:
    """The school says at ``told`` what runs on ``day``."""

    def change(calendar: SchoolCalendar) -> SchoolCalendar:
        made = Swap.model_validate({"date": date.fromisoformat(day), "runs": runs})
        return calendar.model_copy(update={"swaps": (*calendar.swaps, made)})

    return Fact(_at(told), change)


def exam(told: str, term: Term, week: int) -> Fact:
    """The school moves the mid-term examination of ``term`` to ``week``."""

    def change(calendar: SchoolCalendar) -> SchoolCalendar:
        moved = term.model_copy(update={"midterm_week": week})
        terms = tuple(moved if one.name == term.name else one for one in calendar.terms)
        return calendar.model_copy(update={"terms": terms})

    return Fact(_at(told), change)


@dataclass(frozen=True)
class Said:
    """One post with the ledger's keys of what it says."""

    at: datetime
    to: str
    kind: str
    text: str
    why: tuple[str, ...]
    keys: frozenset[str]

    @property
    def bare(self) -> str:
        """Its text without the remark that it comes late."""
        return self.text.replace(LATE, "")


@dataclass(frozen=True)
class Told:
    """What a run left: the posts in order, the ledger, how often each post arrived in a chat, and what became of it."""

    posts: list[Said]
    ledger: list[LedgerRow]
    arrived: Counter[str]
    states: dict[str, str]

    @property
    def decisions(self) -> dict[str, str]:
        return {row.key: row.decision for row in self.ledger}


@dataclass
class Accidents:
    """What happens to the machine, in true time."""

    down: list[tuple[datetime, datetime]] = field(default_factory=list)
    restarts: list[datetime] = field(default_factory=list)
    jumps: list[tuple[datetime, datetime, timedelta]] = field(default_factory=list)

    def is_down(self, moment: datetime) -> bool:
        return any(begin <= moment < end for begin, end in self.down)

    def offset(self, moment: datetime) -> timedelta:
        return next((by for begin, end, by in self.jumps if begin <= moment < end), timedelta())


def draw(rng: random.Random, first: datetime, last: datetime, restarts: int, jumps: int) -> Accidents:
    """Accidents between two moments; the machine is down over a fifth of the due times."""
    due = [at(day, window) for day in each_day(first.date(), last.date()) for window in WINDOWS]
    due = [moment for moment in due if first < moment < last]
    found = Accidents()
    for moment in rng.sample(due, len(due) // 5):
        begin = moment - timedelta(minutes=rng.randint(0, 40))
        found.down.append((begin, moment + timedelta(minutes=rng.choice((5, 50, 100, 360, 800, 800, 1500, 2900)))))
    found.restarts = [_between(rng, first, last) for _ in range(restarts)]
    for _ in range(jumps):
        begin = _between(rng, first, last)
        end = begin + timedelta(hours=rng.randint(1, 30))
        if not any(begin < other_end and other < end for other, other_end, _ in found.jumps):
            found.jumps.append((begin, end, rng.choice((HOUR, -HOUR))))
    return found


class Live:
    """The bot with a store in ``folder``, alive from ``first`` on; the platform lives on when the bot is ended.

    Args:
        rng: draws where a tick is cut off; None = nothing ever is.
    """

    def __init__(self, folder: Path, first: datetime, rng: random.Random | None = None) -> None:
        self.clock = MovableClock(first)
        self._folder = folder
        self._rng = rng
        self._platform = SimulatedTransport(sample.CHANNEL, ABILITIES, self.clock)
        self._begin()

    def _begin(self) -> None:
        self._store = TinyStore(self._folder, kinds=record_kinds())
        bot = assemble(self._store, self.clock, {sample.CHANNEL: self._platform})
        self.engine, self._sender = bot.engine, bot.sender

    async def turn(self) -> None:
        """What the alarm does: decide what is due, and have it sent, as fast as the platform lets it."""
        await self.engine.tick()
        await self._sender.drain()
        soon = self.clock.now() + HOUR
        while (moment := await self._sender.next_due()) and moment <= soon:
            self.clock.set(moment)
            await self._sender.drain()

    async def open(self) -> None:
        await self._store.open()
        async with self._store.transaction(SYSTEM) as tx:
            self._before = {item.id for item in await tx.scan(OutboxItem)}

    async def close(self) -> None:
        await self._store.close()

    async def restart(self) -> None:
        """End the process, often in the middle of its work, and begin it anew; the alarm rings within the minute."""
        if self._rng:
            tick = asyncio.create_task(self.turn())
            for _ in range(self._rng.choice((0, 1, 2, 3, 5, 8, 20, 40, 1000))):
                await asyncio.sleep(0)
            tick.cancel()
            with suppress(asyncio.CancelledError):
                await tick
        await self._store.close()
        self._begin()
        await self._store.open()
        await self.turn()

    async def tell(self, fact: Fact) -> None:
        async with self._store.transaction(SYSTEM) as tx:
            (school,) = await tx.find(School, key="sample")
            await tx.update(school.model_copy(update={"calendar": fact.change(school.calendar)}))

    async def told(self, group: str = "chinese") -> Told:
        async with self._store.transaction(space_of(group)) as tx:
            rows = await tx.scan(LedgerRow)
            items = [
                item
                for item in await tx.within(SYSTEM).scan(OutboxItem)
                if item.group == group and item.id not in self._before
            ]
        keys: dict[int, set[str]] = {}
        for row in rows:
            keys.setdefault(row.outbox or 0, set()).add(row.key)
        posts = [_said(item, frozenset(keys.get(item.id, ()))) for item in items]
        arrived = Counter(delivery.message.uuid for delivery in self._platform.delivered)
        return Told(posts, rows, arrived, {item.uuid: item.state for item in items})


async def lived(
    folder: Path,
    first: datetime,
    last: datetime,
    facts: Sequence[Fact] = (),
    accidents: Accidents | None = None,
    rng: random.Random | None = None,
) -> Told:
    """Live from ``first`` to ``last``; returns what was said."""
    live = Live(folder, first, rng)
    await live.open()
    accidents = accidents or Accidents()
    for moment, act in _timeline(live, first, last, facts, accidents):
        live.clock.set(moment + accidents.offset(moment))
        await act()
    told = await live.told()
    await live.close()
    return told


Act = Callable[[], Awaitable[None]]


def _timeline(
    live: Live, first: datetime, last: datetime, facts: Sequence[Fact], accidents: Accidents
) -> list[tuple[datetime, Act]]:
    """What is done when, in true time. While the machine is down nothing is; what was to be told is told afterwards."""

    def telling(fact: Fact) -> Act:
        return lambda: live.tell(fact)

    shifts = {timedelta(), *[-by for _, _, by in accidents.jumps]}
    moments = {at(day, w) + by for day in each_day(first.date(), last.date()) for w in WINDOWS for by in shifts}
    moments |= {end + MINUTE for _, end in accidents.down}
    moments |= {edge + MINUTE for begin, end, _ in accidents.jumps for edge in (begin, end)}
    found: list[tuple[datetime, int, Act]] = [(moment, 2, live.turn) for moment in moments if first < moment <= last]
    found = [one for one in found if not accidents.is_down(one[0])]
    found += [(_up(accidents, fact.told), 0, telling(fact)) for fact in facts]
    found += [(moment, 1, live.restart) for moment in accidents.restarts]
    return [(moment, act) for moment, _, act in sorted(found, key=lambda one: one[:2])]


def copied(folder: Path, target: Path) -> Path:
    shutil.copytree(folder, target)
    return target


def _said(item: OutboxItem, keys: frozenset[str]) -> Said:
    assert item.created is not None
    return Said(item.created, item.to_name, item.kind, item.content.plain(), item.why, keys)


def _up(accidents: Accidents, moment: datetime) -> datetime:
    while accidents.is_down(moment):
        moment = max(end for begin, end in accidents.down if begin <= moment < end)
    return moment


def _between(rng: random.Random, first: datetime, last: datetime) -> datetime:
    return first + rng.random() * (last - first)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SCHOOL_ZONE)
