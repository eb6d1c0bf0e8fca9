"""How many lessons a month everybody is asked to hear (feature C2): the leader's number, none until it is set.

A change is a record of its own, so that a month is measured by the number that held when it ended.
"""

from datetime import date, timedelta
from typing import ClassVar

from bot.calendar.term import each_day
from bot.domain.groups import Group
from bot.domain.subjects import Period
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, Refused
from bot.storage import Record

MOST = 20
LEAST_DAYS = 10
"""School days that a month must have for a quota to mean something: not the last day of August."""
LONGEST_MONTH = timedelta(days=31)
LAST_DAYS = 5
"""School days at the end of a month in which who is short hears of it."""


class Quota(Record):
    """From its creation on, ``each`` lessons a month are asked of everybody; 0 = none."""

    TABLE: ClassVar[str] = "observation_quotas"
    INDEXES: ClassVar = ("term",)

    term: str
    each: int


async def current(group: Group) -> Quota | None:
    """What the leader said last this term, which may be "none"; None when nothing was ever said."""
    found = await group.records.find(Quota, term=group.term.name)
    return max(found, key=lambda quota: quota.id, default=None)


async def of_month(group: Group, month: Period) -> int:
    """The quota that held at the end of ``month``; 0 without one, in a month with hardly any school, or for a term."""
    if month.last - month.first >= LONGEST_MONTH:
        return 0
    said = [quota for quota in await group.records.find(Quota, term=group.term.name) if _by(quota, month.last)]
    if not said or len(school_days(group, month)) < LEAST_DAYS:
        return 0
    return max(said, key=lambda quota: quota.id).each


async def put(group: Group, who: str, each: int) -> tuple[Quota, Undo]:
    """Ask for ``each`` lessons a month from now on; 0 asks for none.

    Raises:
        BadArgument: out of range; Refused: it is so already.
    """
    if not 0 <= each <= MOST:
        raise BadArgument(f"每月 {each} 节不行，要 1 到 {MOST} 节。", "例：/听课 配额 2")
    before = await current(group)
    if each == (before.each if before else 0):
        raise Refused(f"现在就是每月 {each} 节。" if each else "现在没有听课配额。", "例：/听课 配额 2", symbol="ℹ️")
    stored = await group.records.add(Quota(term=group.term.name, each=each, created=group.now, author=who))
    return stored, undo_with(withdraw, "听课配额", quota=stored.id)


@inverse
async def withdraw(group: Group, who: str, quota: int) -> str:  # noqa: ARG001 - whoever undoes set it
    """Inverse of ``put``, unless the number was changed again."""
    latest = await current(group)
    if latest is None or latest.id != quota:
        raise Refused("听课配额后来又改过，不撤销了。", "看现在的：/听课 配额")
    await group.records.remove(latest)
    before = await current(group)
    return f"已撤销：听课配额是每月 {before.each} 节。" if before and before.each else "已撤销：没有听课配额。"


def school_days(group: Group, month: Period) -> list[date]:
    """The days of ``month`` on which lessons are given this term."""
    term = group.term
    return [d for d in each_day(month.first, month.last) if term.contains(d) and group.calendar.is_school_day(d)]


def closing_day(group: Group, month: Period) -> date | None:
    """The first of the last five school days of ``month``; None when it has hardly any."""
    days = school_days(group, month)
    return days[-LAST_DAYS] if len(days) >= LEAST_DAYS else None


def _by(quota: Quota, last: date) -> bool:
    return quota.created is not None and quota.created.date() <= last
