"""Turns the plan of the day into ledger rows and outbox items, group by group, at every tick of the alarm.

A group's day is decided once: the card at its window, the private notes at theirs. What becomes due the same day after
the card follows as a change. Text is built at that moment; nothing due, no card.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby

import structlog

from bot.clock import Clock, at
from bot.content import Content
from bot.delivery.outbox import enqueue
from bot.domain import people
from bot.domain.groups import Group, Notice, all_groups, load, space_of
from bot.domain.people import SYSTEM
from bot.errors import Refused
from bot.jobs import Job
from bot.scheduling import card, ledger, plan
from bot.scheduling.plan import Piece, Planned, Reminder
from bot.storage import Store

log = structlog.get_logger()

ASKS_A_WEEK = 3


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
        """Decide what is due now, for every group. One group's defect does not silence the others."""
        for key in await self._groups():
            try:
                await self._tick(key)
            except Exception:  # the alarm goes on; the log has the trace
                log.exception("schedule.failed", group=key)

    async def moments(self, first: datetime, last: datetime) -> list[datetime]:
        """The moments after ``first`` up to ``last`` at which something may be posted: each group's windows."""
        async with self.store.transaction(SYSTEM) as tx:
            windows = {w for record in await all_groups(tx) for w in (record.window, record.note_window)}
        days = [first.date() + timedelta(days=n) for n in range((last.date() - first.date()).days + 1)]
        found = {at(day, window, self.clock.zone) for day in days for window in windows}
        return sorted(moment for moment in found if first < moment <= last)

    async def rehearse(self, first: datetime, last: datetime) -> list[Rehearsed]:
        """Everything that would be posted after ``first`` up to ``last`` if nobody did anything; writes nothing."""
        found = []
        moments = await self.moments(first, last)
        for key in await self._groups():
            found += await self._rehearse(key, moments)
        return sorted(found, key=lambda one: (one.at, one.group, one.to))

    async def _groups(self) -> list[str]:
        async with self.store.transaction(SYSTEM) as tx:
            return [record.key for record in await all_groups(tx) if record.chat]

    async def _tick(self, key: str) -> None:
        async with self.store.transaction(space_of(key)) as tx:
            group = await load(tx, key, self.clock.now())
            if not _may_speak(group):
                return
            if group.now >= at(group.today, group.record.window, group.zone):
                await self._card_or_change(group)
            if group.now >= at(group.today, group.record.note_window, group.zone):
                await self._notes(group)

    async def _card_or_change(self, group: Group) -> None:
        async def known(key: str) -> bool:
            return await ledger.is_known(group, key)

        first_today = not await ledger.is_decided(group, "card")
        if first_today:
            for lost in await plan.missed(group, self.jobs, known):
                log.warning("schedule.missed", group=group.key, occurrence=lost.key, title=lost.due.title)
                await ledger.enter(group, lost.key, "missed", lost.due.title)
        due = await plan.planned(group, self.jobs, known, private=False)
        said, silent = await plan.pieces(group, due)
        for one in silent:
            await ledger.enter(group, one.key, "silent", one.due.title)
        if said:
            await self._post(group, said, as_card=first_today)
        if first_today:
            await ledger.decide(group, "card", posted=bool(said))

    async def _post(self, group: Group, said: Sequence[Piece], *, as_card: bool) -> None:
        item = await enqueue(
            group.system,
            channel=group.record.channel or "",
            kind="card" if as_card else "change",
            to=group.record.chat or "",
            group=group.key,
            content=card.card(group, said) if as_card else card.change(said),
            useful_until=_useful_until(group, [piece.planned for piece in said]),
            why=_titles(said),
            now=group.now,
        )
        for piece in said:
            await ledger.enter(group, piece.planned.key, "posted", piece.planned.due.title, outbox=item.id)

    async def _notes(self, group: Group) -> None:
        if await ledger.is_decided(group, "notes"):
            return

        async def known(key: str) -> bool:
            return await ledger.is_known(group, key)

        due = await plan.planned(group, self.jobs, known, private=True)
        found = await plan.reminders(group, due, known)
        pushed_out: list[Reminder] = []
        for name, theirs in _by_person(found):
            sent = await self._remind(group, name, theirs)
            pushed_out += theirs[sent:]
        await self._tell_leader(group, pushed_out)
        await ledger.decide(group, "notes", posted=bool(found))

    async def _remind(self, group: Group, name: str, theirs: Sequence[Reminder]) -> int:
        """One message with what the caps leave room for; returns how many reminders went into it."""
        monday, _ = group.term.bounds(group.week)
        room = max(0, ASKS_A_WEEK - await ledger.asks_since(group, name, monday))
        now, later = theirs[: min(room, card.MOST_REMINDERS)], theirs[min(room, card.MOST_REMINDERS) :]
        item = await self._note(group, Notice(name, card.note(now)), now) if now else None
        for reminder in now:
            await ledger.enter(group, reminder.key, "posted", reminder.planned.due.title, person=name, outbox=item)
        for reminder in later:
            await ledger.enter(group, reminder.key, "capped", reminder.planned.due.title, person=name)
        return len(now)

    async def _note(self, group: Group, notice: Notice, of: Sequence[Reminder]) -> int:
        channel, user = await people.address(group.system, group.record.channel, await group.member(notice.to))
        until = max((r.planned.until for r in of), default=group.now + timedelta(hours=12))
        item = await enqueue(
            group.system,
            channel=channel,
            kind="note",
            to=user,
            to_name=notice.to,
            private=True,
            group=group.key,
            content=notice.content,
            useful_until=until,
            why=[r.planned.due.title for r in of],
            now=group.now,
        )
        return item.id

    async def _tell_leader(self, group: Group, pushed_out: Sequence[Reminder]) -> None:
        leader = await group.leader()
        if not pushed_out or leader is None:
            return
        rows = [f"• {name}：{len(theirs)} 项" for name, theirs in _by_person(pushed_out)]
        content = Content(lines=("ℹ️ 本周提醒已到上限，下面这些没有发：", *rows[:10]))
        await self._note(group, Notice(leader.name, content), [])

    async def _rehearse(self, key: str, moments: Sequence[datetime]) -> list[Rehearsed]:
        async with self.store.transaction(space_of(key)) as tx:
            done: set[str] = set()
            found: list[Rehearsed] = []
            for moment in moments:
                group = await load(tx, key, moment)

                async def known(one: str, group: Group = group) -> bool:
                    return one in done or await ledger.is_known(group, one)

                if _may_speak(group):
                    found += await self._rehearse_moment(group, known, done)
            return found

    async def _rehearse_moment(self, group: Group, known: plan.Known, done: set[str]) -> list[Rehearsed]:
        moment, found = f"{group.now:%H:%M}", []
        if moment == group.record.window:
            due = await plan.planned(group, self.jobs, known, private=False)
            said, _ = await plan.pieces(group, due)
            done.update(one.key for one in due)
            if said:
                why = _titles(said)
                found.append(Rehearsed(group.now, group.name, "group", card.card(group, said), why))
        if moment == group.record.note_window:
            asks = await plan.reminders(group, await plan.planned(group, self.jobs, known, private=True), known)
            done.update(reminder.key for reminder in asks)
            for name, theirs in _by_person(asks):
                why = tuple(reminder.planned.due.title for reminder in theirs)
                found.append(Rehearsed(group.now, group.name, name, card.note(theirs[: card.MOST_REMINDERS]), why))
        return found


def _may_speak(group: Group) -> bool:
    """Teachers are at school today, and it is not yet quiet."""
    try:
        at_work = group.calendar.is_work_day(group.today) and group.term is not None
    except Refused:
        return False
    return at_work and group.now < at(group.today, group.record.quiet_from, group.zone)


def _useful_until(group: Group, due: Sequence[Planned]) -> datetime:
    """A card is of its day: tomorrow's says what is still true then."""
    tonight = datetime.combine(group.today, time(23, 59), group.zone)
    return min(tonight, max(one.until for one in due))


def _titles(said: Sequence[Piece]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(piece.planned.due.title for piece in said))


def _by_person(reminders: Sequence[Reminder]) -> list[tuple[str, list[Reminder]]]:
    ordered = sorted(reminders, key=lambda reminder: reminder.ask.to)
    return [(name, list(theirs)) for name, theirs in groupby(ordered, key=lambda reminder: reminder.ask.to)]
