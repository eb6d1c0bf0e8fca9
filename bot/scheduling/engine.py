"""Decides the day of every group at each tick of the alarm, and tells beforehand what it would decide.

A group's decisions, ledger rows and outbox items, are one commit. A rehearsal makes the same decisions in a transaction
that it rolls back, so that what it shows is what will be said.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.clock import Clock, at
from bot.content import Content
from bot.delivery.outbox import OutboxItem
from bot.domain.groups import Group, all_groups, load, space_of
from bot.domain.people import SYSTEM
from bot.errors import StoreError
from bot.jobs import Job
from bot.scheduling.day import Day
from bot.storage import Store, Transaction

log = structlog.get_logger()

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Rehearsed:
    """Something that would be posted."""

    at: datetime
    group: str
    to: str
    content: Content
    why: tuple[str, ...]


class Engine:
    """Plans and posts for every group of the store."""

    def __init__(self, store: Store, jobs: Sequence[Job], clock: Clock) -> None:
        self.store = store
        self.jobs = list(jobs)
        self.clock = clock

    async def tick(self) -> None:
        """Decide what is due now, for every group. One group's defect does not silence the others.

        Raises:
            StoreError: the groups cannot be read.
        """
        for key in await self._groups():
            try:
                await self._tick(key)
            except Exception:  # the alarm goes on; the log has the trace
                log.exception("schedule.failed", group=key)

    async def moments(self, first: datetime, last: datetime) -> list[datetime]:
        """The moments after ``first`` up to ``last`` at which something may be posted, in order.

        These are each group's windows, and the minute after ``first``: what has become due by then is said then.
        """
        async with self.store.transaction(SYSTEM) as tx:
            windows = {w for record in await all_groups(tx) for w in (record.window, record.note_window)}
        days = [first.date() + timedelta(days=n) for n in range((last.date() - first.date()).days + 1)]
        found = {at(day, window, self.clock.zone) for day in days for window in windows} | {first + MINUTE}
        return sorted(moment for moment in found if first < moment <= last)

    async def rehearse(self, first: datetime, last: datetime) -> list[Rehearsed]:
        """Everything that would be posted after ``first`` up to ``last`` if nobody did anything; writes nothing."""
        moments = await self.moments(first, last)
        found: list[Rehearsed] = []
        for key in await self._groups():
            try:
                found += await self._rehearse(key, moments)
            except StoreError:
                raise
            except Exception:  # as in ``tick``
                log.exception("schedule.failed", group=key)
        return sorted(found, key=lambda one: (one.at, one.group, one.to))

    async def _groups(self) -> list[str]:
        async with self.store.transaction(SYSTEM) as tx:
            return [record.key for record in await all_groups(tx) if record.chat]

    async def _tick(self, key: str) -> None:
        async with self.store.transaction(space_of(key)) as tx:
            day = Day(await load(tx, key, self.clock.now()), self.jobs)
            await day.decide()
        for lost in day.missed:
            log.warning("schedule.missed", group=key, occurrence=lost.key, title=lost.due.title)

    async def _rehearse(self, key: str, moments: Sequence[datetime]) -> list[Rehearsed]:
        found: list[Rehearsed] = []
        async with _rolled_back(self.store, space_of(key)) as tx:
            now = await load(tx, key, self.clock.now())
            for moment in moments:
                day = Day(Group(now.record, now.school, tx, moment), self.jobs)
                await day.decide()
                found += [_rehearsed(day.group, item) for item in day.posts]
        return found


class _RolledBack(Exception):
    """Ends a rehearsal."""


@asynccontextmanager
async def _rolled_back(store: Store, space: str) -> AsyncIterator[Transaction]:
    """A transaction that leaves no trace."""
    with suppress(_RolledBack):
        async with store.transaction(space) as tx:
            yield tx
            raise _RolledBack


def _rehearsed(group: Group, item: OutboxItem) -> Rehearsed:
    return Rehearsed(group.now, group.name, item.to_name, item.content, item.why)
