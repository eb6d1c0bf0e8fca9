"""Decides the day of every group at each tick of the alarm, and tells beforehand what it would decide.

A group's decisions, ledger rows and outbox items, are one commit. A rehearsal (``rehearsal``) makes the same decisions
and forgets them, so that what it shows is what will be said.
"""

from collections.abc import Sequence
from datetime import date, datetime

import structlog

from bot.chat.rehearsal import Programme, Rehearsed
from bot.clock import Clock
from bot.domain.groups import Group, all_groups, load, space_of
from bot.domain.people import SYSTEM
from bot.errors import Conflict, StoreError
from bot.jobs import Job
from bot.scheduling.day import Day
from bot.scheduling.rehearsal import moments_of, programme, rehearse
from bot.storage import Store, Transaction
from bot.turns import behind_others

log = structlog.get_logger()


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
            return moments_of(await all_groups(tx), first, last, self.clock.zone)

    async def rehearse(self, first: datetime, last: datetime, group: str | None = None) -> list[Rehearsed]:
        """Everything that would be posted after ``first`` up to ``last`` if nobody did anything; writes nothing.

        Args:
            group: the key of one group; None = all that speak.
        """
        found: list[Rehearsed] = []
        for key in [group] if group else await self._groups():
            try:
                async with self.store.transaction(space_of(key)) as tx:
                    found += await rehearse(tx, key, self.jobs, self.clock.now(), first, last)
            except StoreError:
                raise
            except Exception:  # as in ``tick``
                log.exception("schedule.failed", group=key)
        return sorted(found, key=lambda one: (one.at, one.group, one.to))

    async def programme(self, group: str, first: date | None = None, last: date | None = None) -> Programme:
        """What one group would be told, week by week; see ``rehearsal.programme``.

        Args:
            group: its key.

        A term takes a while, and nobody of the group waits for it: the space it holds is that of rehearsals alone.

        Raises:
            Refused: no term is running or coming; LookupError: no such group.
        """
        try:
            with behind_others():
                async with self.store.transaction(f"rehearsal:{group}") as tx:
                    return await programme(tx, group, self.jobs, self.clock.now(), first, last)
        except Conflict:  # others were just writing what was being tried
            async with self.store.transaction(space_of(group)) as tx:
                return await programme(tx, group, self.jobs, self.clock.now(), first, last)

    async def ahead(self, tx: Transaction, group: Group, last: datetime) -> list[Rehearsed]:
        """See ``bot.chat.rehearsal.Rehearse``."""
        return await rehearse(tx, group.key, self.jobs, group.now, group.now, last)

    async def _groups(self) -> list[str]:
        async with self.store.transaction(SYSTEM) as tx:
            return [record.key for record in await all_groups(tx) if record.chat]

    async def _tick(self, key: str) -> None:
        async with self.store.transaction(space_of(key)) as tx:
            day = Day(await load(tx, key, self.clock.now()), self.jobs)
            await day.decide()
        for lost in day.missed:
            log.warning("schedule.missed", group=key, occurrence=lost.key, title=lost.due.title)
