"""One group's school day being decided: the card at its window, the private notes at theirs.

Text is built at that moment; nothing due, no card. What becomes due the same day after the card follows as a change.
Everything is written into the open transaction; the engine commits it, or rolls it back when it only rehearses.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from bot.calendar.term import each_day
from bot.clock import at
from bot.content import Content
from bot.delivery.outbox import OutboxItem, enqueue, notes_waiting
from bot.domain import people, quiet, settings
from bot.domain.groups import Group
from bot.errors import Refused
from bot.jobs import Job
from bot.scheduling import card, ledger, plan
from bot.scheduling.plan import Piece, Planned, Reminder

CARDS_A_WEEK = 5
"""Cards a group gets in a school week at most, though a weekend be worked: the last one speaks for the days after it,
and what can wait stands in the next week's first."""

REMINDERS_A_WEEK = 3
"""Reminders a person gets in a school week at most; what does not fit is told to the leader."""


class Share(NamedTuple):
    """One person's reminders of today: those that go into the note, and those the caps push out."""

    name: str
    now: Sequence[Reminder]
    later: Sequence[Reminder]


@dataclass
class Day:
    """What is due in a group at this moment, decided once.

    Attributes:
        posts: what was put into the outbox, in order.
        missed: what nobody will hear of any more.
    """

    group: Group
    jobs: Sequence[Job]
    posts: list[OutboxItem] = field(default_factory=list)
    missed: list[Planned] = field(default_factory=list)

    async def decide(self) -> None:
        """Write down whatever this moment calls for; nothing on days without work and in quiet hours."""
        group = self.group
        if not _may_speak(group):
            return
        if await quiet.muted_until(group, group.today):
            await self._keep_silent()
            return
        if group.now >= at(group.today, group.record.window, group.zone):
            await self._card_or_change()
        if group.now >= at(group.today, group.record.note_window, group.zone):
            await self._notes()

    async def _keep_silent(self) -> None:
        """Note once a day that nothing is said on purpose."""
        if not await ledger.is_decided(self.group, "muted"):
            await ledger.decide(self.group, "muted", posted=False)

    async def _known(self, key: str) -> bool:
        return await ledger.is_known(self.group, key)

    async def _speaking(self) -> list[Job]:
        """The jobs whose subject the leader has not switched off."""
        silent = await settings.silent(self.group)
        return [job for job in self.jobs if job.topic not in silent]

    async def _card_or_change(self) -> None:
        group, first = self.group, not await ledger.is_decided(self.group, "card")
        left = CARDS_A_WEEK - await ledger.cards_since(group, group.term.bounds(group.week)[0])
        day = week_end if first and left == 1 and (week_end := _last_work_day(group)) else group.today
        since = await ledger.last_decided(group, "card") if first else None
        found = await self._occurrences(private=False, day=day, since=since)
        if first:
            await self._give_up(await plan.missed(group, found))
            await self._give_up_former(since, private=False)
        is_card = first and left > 0
        due = [one for one in plan.useful(group, found) if self._is_for_now(one, is_card=is_card, full=left < 1)]
        said, silent = await plan.pieces(group, [await self._in_time(one) for one in due])
        for one in silent:
            if one.day <= group.today:  # of a day to come there may be something to say then
                await ledger.enter(group, one.key, "silent", one.due.title)
        if said:
            await self._post(said, as_card=is_card)
        if first:
            await ledger.decide(group, "card", posted=is_card and bool(said))

    def _is_for_now(self, one: Planned, *, is_card: bool, full: bool) -> bool:
        """Whether a thing goes into what is posted now; if not, it waits for the next card.

        The week's last card takes from the days after it only what cannot wait. Beside the card goes only what is of
        today; once the week has all its cards, only what cannot wait.
        """
        waits = one.until > _next_week(self.group)
        if is_card:
            return one.day <= self.group.today or not waits
        return one.day == self.group.today and not (full and waits)

    async def _in_time(self, one: Planned) -> Planned:
        """What waited because its day had no card left is not late."""
        waited = one.late and await ledger.is_decided(self.group, "card", one.day)
        return replace(one, late=False) if waited else one

    async def _occurrences(self, *, private: bool, day: date, since: date | None) -> list[Planned]:
        jobs = await self._speaking()
        return await plan.occurrences(self.group, jobs, self._known, private=private, day=day, since=since)

    async def _give_up_former(self, since: date | None, *, private: bool) -> None:
        """What the bot, last awake in the term before, did not come to say in it."""
        term = self.group.calendar.term_on(since) if since else None
        if since is None or term is None or term == self.group.term:
            return
        group = self.group.in_term(term)
        jobs, day = await self._speaking(), term.last_day
        found = await plan.occurrences(group, jobs, self._known, private=private, day=day, since=since)
        await self._give_up(await plan.missed(group, found))

    async def _give_up(self, missed: Sequence[Planned]) -> None:
        self.missed += missed
        for lost in missed:
            await ledger.enter(self.group, lost.key, "missed", lost.due.title)

    async def _post(self, said: Sequence[Piece], *, as_card: bool) -> None:
        group = self.group
        waiting = await notes_waiting(group.system, group.key, group.now)
        item = await enqueue(
            group.system,
            channel=group.record.posting_channel,
            kind="card" if as_card else "change",
            to=group.record.chat or "",
            group=group.key,
            content=card.card(group, said, waiting) if as_card else card.change(said),
            useful_until=_useful_until(group, [piece.planned for piece in said]),
            why=tuple(dict.fromkeys(piece.planned.due.title for piece in said)),
            now=group.now,
        )
        self.posts.append(item)
        for piece in said:
            await ledger.enter(group, piece.planned.key, "posted", piece.planned.due.title, outbox=item.id)

    async def _notes(self) -> None:
        group = self.group
        if await ledger.is_decided(group, "notes"):
            return
        since = await ledger.last_decided(group, "notes")
        due = await self._occurrences(private=True, day=group.today, since=since)
        await self._give_up(await plan.missed(group, due))
        await self._give_up_former(since, private=True)
        away = await quiet.away(group, group.today)
        owing = await plan.reminders(group, plan.useful(group, due), self._known)
        found = [reminder for reminder in owing if reminder.ask.to not in away]
        shares = [await self._share(name, theirs) for name, theirs in _by_person(found)]
        leader = await group.leader()
        news = card.pushed_out([(share.name, len(share.later)) for share in shares if share.later])
        for share in shares:
            await self._remind(share, news if leader and share.name == leader.name else ())
        if news and leader and leader.name not in [share.name for share in shares]:
            await self._remind(Share(leader.name, (), ()), news)
        await ledger.decide(group, "notes", posted=bool(found))

    async def _share(self, name: str, theirs: Sequence[Reminder]) -> Share:
        monday, _ = self.group.term.bounds(self.group.week)
        left = REMINDERS_A_WEEK - await ledger.reminders_since(self.group, name, monday)
        room = min(max(left, 0), card.MOST_REMINDERS)
        return Share(name, theirs[:room], theirs[room:])

    async def _remind(self, share: Share, news: Sequence[str]) -> None:
        """One note with a person's reminders, for the leader with the news of what the caps pushed out."""
        item = await self._note(share, card.note(share.now, news)) if share.now or news else None
        for reminder in share.now:
            await self._enter(reminder, "posted", item)
        for reminder in share.later:
            await self._enter(reminder, "capped", None)

    async def _enter(self, reminder: Reminder, decision: ledger.Decision, item: int | None) -> None:
        title, person = reminder.planned.due.title, reminder.ask.to
        await ledger.enter(self.group, reminder.key, decision, title, person=person, outbox=item)

    async def _note(self, share: Share, content: Content) -> int:
        group = self.group
        channel, user = await people.address(group.system, group.record.channel, await group.member(share.name))
        item = await enqueue(
            group.system,
            channel=channel,
            kind="note",
            to=user,
            to_name=share.name,
            private=True,
            group=group.key,
            content=content,
            useful_until=_useful_until(group, [reminder.planned for reminder in share.now]),
            read_until=max((reminder.planned.until for reminder in share.now), default=None),
            why=tuple(dict.fromkeys(reminder.planned.due.title for reminder in share.now)) or ("提醒到上限",),
            now=group.now,
        )
        self.posts.append(item)
        return item.id


def _may_speak(group: Group) -> bool:
    """Teachers are at school today, and it is not yet quiet."""
    try:
        at_work = group.calendar.is_work_day(group.today) and group.term is not None
    except Refused:
        return False
    return at_work and group.now < _quiet(group)


def _last_work_day(group: Group) -> date | None:
    """The week's last day on which teachers are at school."""
    days = each_day(group.today, group.term.bounds(group.week)[1])
    return max((day for day in days if group.calendar.is_work_day(day)), default=None)


def _next_week(group: Group) -> datetime:
    """When the card of the next week's first working day comes."""
    sunday = group.term.bounds(group.week)[1]
    days = (sunday + timedelta(days=ahead) for ahead in range(1, plan.LONGEST_BREAK + 1))
    first = next((day for day in days if group.calendar.is_work_day(day)), sunday)
    return at(first, group.record.window, group.zone)


def _quiet(group: Group) -> datetime:
    return at(group.today, group.record.quiet_from, group.zone)


def _useful_until(group: Group, due: Sequence[Planned]) -> datetime:
    """What is said is of its day: tomorrow's card says what is still true then; and nobody is disturbed at night."""
    return min([_quiet(group), *([max(one.until for one in due)] if due else [])])


def _by_person(reminders: Sequence[Reminder]) -> list[tuple[str, list[Reminder]]]:
    ordered = sorted(reminders, key=lambda reminder: reminder.ask.to)
    return [(name, list(theirs)) for name, theirs in groupby(ordered, key=lambda reminder: reminder.ask.to)]
