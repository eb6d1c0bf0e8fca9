"""Everything that would be posted if nobody did anything, by the code of the real run (feature F4).

The engine's decisions are made moment by moment within a trial of a transaction, which is forgotten: nothing is
written, nothing is sent, and what is shown is what will be said.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from bot.calendar.term import SchoolCalendar, Term, each_day
from bot.chat.rehearsal import Programme, Rehearsed, Week
from bot.clock import at
from bot.delivery.outbox import OutboxItem
from bot.domain import quiet, routines, settings
from bot.domain.groups import Group, GroupRecord, load
from bot.errors import Refused
from bot.jobs import Job
from bot.scheduling import ledger
from bot.scheduling.day import Day
from bot.storage import Transaction
from bot.turns import give_way

MINUTE = timedelta(minutes=1)
PREPARATION_WEEK = "准备周"


def moments_of(records: Sequence[GroupRecord], first: datetime, last: datetime, zone: ZoneInfo) -> list[datetime]:
    """The moments after ``first`` up to ``last`` at which one of the groups may say something, in order.

    These are their windows, and the minute after ``first``: what has become due by then is said then.
    """
    windows = {window for record in records for window in (record.window, record.note_window)}
    days = each_day(first.date(), last.date())
    found = {at(day, window, zone) for day in days for window in windows} | {first + MINUTE}
    return sorted(moment for moment in found if first < moment <= last)


async def rehearse(
    tx: Transaction, key: str, jobs: Sequence[Job], now: datetime, first: datetime, last: datetime
) -> list[Rehearsed]:
    """What a group would be told after ``first`` up to ``last``, in order.

    Args:
        tx: is left as it is. Where it does not hold the group's space, others may write there meanwhile.
        key: the group's.
        now: the present. What lies between it and a later ``first`` is decided too, or a week would begin as if nothing
            had been said; of an earlier ``first`` the days are shown on which nothing has been decided yet.
    """
    found: list[Rehearsed] = []
    async with tx.trial() as trial:
        group = await load(trial, key, now)
        done = await ledger.decided_days(group) if first < now else set()
        gone_by = moments_of([group.record], min(first, now), min(now, last), group.zone)
        for moment in [*gone_by, *moments_of([group.record], now, last, group.zone)]:
            if moment <= now and moment.date() in done:
                continue
            day = Day(Group(group.record, group.school, trial, moment), jobs)
            await day.decide()
            found += [_rehearsed(day.group, item) for item in day.posts]
            await give_way()  # a term takes a while
    return sorted((one for one in found if one.at > first), key=lambda one: (one.at, one.to))


async def programme(
    tx: Transaction, key: str, jobs: Sequence[Job], now: datetime, first: date | None, last: date | None
) -> Programme:
    """A group's posts week by week.

    Args:
        tx, key, jobs, now: as in ``rehearse``.
        first: None = from now on.
        last: None = to the end of the term that is running on ``first``, or else the coming one.

    Raises:
        Refused: no term is running or coming.
    """
    group = await load(tx, key, now)
    begin = now if first is None else datetime.combine(first, time(), now.tzinfo)
    last = last or term_from(group.calendar, begin.date()).last_day
    posts = await rehearse(tx, key, jobs, now, begin, datetime.combine(last, time(23, 59), now.tzinfo))
    weeks = weeks_of(group.calendar, posts)
    return Programme(group.name, begin.date(), last, weeks, await _remarks(group, begin.date(), last, posts))


def term_from(calendar: SchoolCalendar, day: date) -> Term:
    """The term that is running on ``day``, or else the coming one.

    Raises:
        Refused: there is none.
    """
    term = next((term for term in calendar.terms if day <= term.last_day), None)
    if term is None:
        raise Refused("校历里没有正在进行的学期，也没有下一个学期。", "请管理员在配置里写上开学日期和周数。")
    return term


def weeks_of(calendar: SchoolCalendar, posts: Sequence[Rehearsed]) -> tuple[Week, ...]:
    """The posts by school week; each must lie in a term, where alone something is said."""
    return tuple(_week(calendar, list(theirs)) for _, theirs in groupby(posts, lambda one: _monday(calendar, one)))


def _monday(calendar: SchoolCalendar, post: Rehearsed) -> date:
    term = calendar.term_on(post.at.date())
    return term.bounds(term.week_of(post.at.date()))[0] if term else post.at.date()


def _week(calendar: SchoolCalendar, posts: list[Rehearsed]) -> Week:
    day = posts[0].at.date()
    term = term_from(calendar, day)
    week = term.week_of(day)
    label = f"第{week}周" if week > 0 else PREPARATION_WEEK
    unpublished = any(not calendar.published(post.at.date()) for post in posts)
    return Week(label, *term.bounds(week), unpublished, tuple(posts))


async def _remarks(group: Group, first: date, last: date, posts: Sequence[Rehearsed]) -> tuple[str, ...]:
    return (
        *_unclaimed(group),
        *await _silence(group),
        *await _without_plan(group, first, last),
        *_unpublished(group.calendar, posts),
    )


def _unclaimed(group: Group) -> list[str]:
    return [] if group.record.chat else ["还没有群认领这个组：现在什么也不会发，组长发 /建组 以后才开始。"]


async def _silence(group: Group) -> list[str]:
    """What the leader has switched off, which is why it is missing."""
    found = []
    if until := await quiet.muted_until(group, group.today):
        found.append(f"静音到{until.month}月{until.day}日，那以前不发。")
    if topics := sorted(await settings.silent(group)):
        found.append(f"设置里关着的不发：{'、'.join(topics)}。")
    return found


async def _without_plan(group: Group, first: date, last: date) -> list[str]:
    terms = [term for term in group.calendar.terms if term.preparation_day <= last and first <= term.last_day]
    bare = [term.name for term in terms if not await routines.active(group.in_term(term))]
    return [f"{name}还没有启用的安排。" for name in bare]


def _unpublished(calendar: SchoolCalendar, posts: Sequence[Rehearsed]) -> list[str]:
    days = [post.at.date() for post in posts if not calendar.published(post.at.date())]
    years = sorted({day.year for day in days})
    return [f"{year}年的放假安排还没有公布，暂按周一到周五上课算，公布以后会跟着变。" for year in years]


def _rehearsed(group: Group, item: OutboxItem) -> Rehearsed:
    return Rehearsed(group.now, group.name, item.to_name, item.kind, item.content, item.why, item.channel)
