"""A sample school whose calendar speaks by jobs of the test; the clock is moved, nobody acts."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from bot.clock import SCHOOL_ZONE, MovableClock, in_zone
from bot.delivery.outbox import OutboxItem
from bot.domain.groups import Group, GroupRecord, space_of
from bot.domain.people import SYSTEM
from bot.jobs import Ask, Due, Job, Post
from bot.scheduling.engine import Engine
from bot.scheduling.ledger import LedgerRow
from bot.simulator import sample
from bot.storage.tiny import TinyStore

Build = Callable[[Group, object], Awaitable[object]]


def when(text: str) -> datetime:
    return in_zone(datetime.fromisoformat(text))


def due(day: str, *, starts: str | None = None, ends: str = "17:00", since: str | None = "2026-08-01") -> Due:
    """Something of a day ("09-09") of the autumn of 2026."""
    moment = date.fromisoformat(f"2026-{day}")
    return Due(
        key=day,
        day=moment,
        ends=datetime.combine(moment, time.fromisoformat(ends), SCHOOL_ZONE),
        item=day,
        title=f"事 {day}",
        starts=datetime.combine(moment, time.fromisoformat(starts), SCHOOL_ZONE) if starts else None,
        since=when(since) if since else None,
    )


def job(name: str, dues: Sequence[Due], build: Build | None = None, **rule: object) -> Job:
    """A job over a fixed list; it says the day it speaks of."""

    async def source(group: Group, first: date, last: date) -> Sequence[Due]:
        return [one for one in dues if group.key == "chinese" and first <= one.day <= last]

    async def speak(group: Group, item: object) -> Post:
        return Post((f"{name} {item}",))

    options = {"when": "day", "until": "end", "private": False, **rule}
    return Job(name, source, build=build or speak, **options)  # type: ignore[arg-type]


def asking(names: Sequence[str]) -> Build:
    """A job's function that asks these people."""

    async def ask(group: Group, item: object) -> Sequence[Ask]:
        return [Ask(name, (f"{name} {item}",), group.now + timedelta(hours=1)) for name in names]

    return ask


class School:
    """The engine on a real store."""

    def __init__(self, folder: Path, jobs: Sequence[Job] = ()) -> None:
        self.clock = MovableClock(sample.START)
        self.store = TinyStore(folder)
        self.engine = Engine(self.store, jobs, self.clock)

    def speaks(self, *jobs: Job) -> None:
        self.engine = Engine(self.store, jobs, self.clock)

    async def open(self) -> "School":
        await self.store.open()
        await sample.found(self.store, self.clock.now())
        return self

    async def tick(self, moment: str) -> None:
        self.clock.set(when(f"2026-{moment}"))
        await self.engine.tick()

    async def run(self, first: str, last: str) -> None:
        """Tick at every window between two moments, as the alarm does at least."""
        for moment in await self.engine.moments(when(f"2026-{first}"), when(f"2026-{last}")):
            self.clock.set(moment)
            await self.engine.tick()

    async def posts(self) -> list[OutboxItem]:
        async with self.store.transaction(SYSTEM) as tx:
            return await tx.scan(OutboxItem)

    async def said(self) -> list[str]:
        """ "09-09 07:10 card group: …" for everything posted so far."""
        return [
            f"{item.created:%m-%d %H:%M} {item.kind} {item.to_name}: {' '.join(item.content.lines)}"
            for item in await self.posts()
        ]

    async def ledger(self) -> dict[str, str]:
        async with self.store.transaction(space_of("chinese")) as tx:
            return {row.key.partition("/")[2]: row.decision for row in await tx.scan(LedgerRow)}

    async def change(self, **fields: object) -> None:
        """Change the Chinese group's record."""
        async with self.store.transaction(SYSTEM) as tx:
            (record,) = await tx.find(GroupRecord, key="chinese")
            await tx.update(record.model_copy(update=fields))
