"""How many lessons a month or a term everybody is asked to hear (feature C2): the leader's number, none until set.

A change is a record of its own, so that a month is measured by the number that held when it ended.
"""

from datetime import date, timedelta
from typing import ClassVar, Literal

from bot.calendar.term import each_day
from bot.domain import terms
from bot.domain.groups import Group
from bot.domain.subjects import Period
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, Refused
from bot.storage import Record

Per = Literal["month", "term"]
_MOST: dict[Per, int] = {"month": 20, "term": 80}
_WORDS: dict[Per, str] = {"month": "每月", "term": "每学期"}
LEAST_DAYS = 10
"""School days that a month must have for a quota to mean something: not the last day of August."""
LAST_WEEKS = 4
"""Weeks before the final examinations in which who is short of a term's quota hears of it."""
LAST_DAYS = 5
"""School days at the end of a month in which who is short hears of it."""


class Quota(Record):
    """From its creation on, ``each`` lessons a month or a term (``per``) are asked of everybody; 0 = none."""

    TABLE: ClassVar[str] = "observation_quotas"
    INDEXES: ClassVar = ("term",)

    term: str
    each: int
    per: Per = "month"

    @property
    def label(self) -> str:
        """ "每月 2 节", "每学期 15 节"."""
        return f"{_WORDS[self.per]} {self.each} 节"


def most(per: Per) -> int:
    """The highest number that may be asked for."""
    return _MOST[per]


async def current(group: Group) -> Quota | None:
    """What the leader said last this term, which may be "none"; None when nothing was ever said."""
    found = await group.records.find(Quota, term=group.term.name)
    return max(found, key=lambda quota: quota.id, default=None)


async def of_period(group: Group, period: Period) -> int:
    """The quota that held at the end of a month or a term; 0 without one for that, or with hardly any school in it."""
    per: Per = "term" if period.is_long else "month"
    said = [quota for quota in await group.records.find(Quota, term=group.term.name) if _by(quota, period.last)]
    latest = max(said, key=lambda quota: quota.id, default=None)
    if latest is None or latest.per != per or len(school_days(group, period)) < LEAST_DAYS:
        return 0
    return latest.each


async def put(group: Group, who: str, each: int, per: Per = "month") -> tuple[Quota, Undo]:
    """Ask for ``each`` lessons a month (or a term) from now on; 0 asks for none.

    Raises:
        BadArgument: out of range; Refused: it is so already.
    """
    wanted = Quota(term=group.term.name, each=each, per=per, created=group.now, author=who)
    if not 0 <= each <= most(per):
        raise BadArgument(f"{wanted.label}不行，要 1 到 {most(per)} 节。", "例：/听课 配额 2")
    before = await current(group)
    if each == (before.each if before else 0) and (not each or (before and before.per == per)):
        raise Refused(f"现在就是{wanted.label}。" if each else "现在没有听课配额。", "例：/听课 配额 2", symbol="ℹ️")
    stored = await group.records.add(wanted)
    return stored, undo_with(withdraw, "听课配额", quota=stored.id)


@inverse
async def withdraw(group: Group, who: str, quota: int) -> str:  # noqa: ARG001 - whoever undoes set it
    """Inverse of ``put``, unless the number was changed again."""
    latest = await current(group)
    if latest is None or latest.id != quota:
        raise Refused("听课配额后来又改过，不撤销了。", "看现在的：/听课 配额")
    await group.records.remove(latest)
    before = await current(group)
    return f"已撤销：听课配额是{before.label}。" if before and before.each else "已撤销：没有听课配额。"


def school_days(group: Group, month: Period) -> list[date]:
    """The days of ``month`` on which lessons are given this term."""
    term = group.term
    return [d for d in each_day(month.first, month.last) if term.contains(d) and group.calendar.is_school_day(d)]


def months(group: Group, last: date) -> list[Period]:
    """The months of the term with school in them that have begun by ``last``."""
    found, month = [], Period.month(group.term.first_day.year, group.term.first_day.month)
    while month.first <= min(last, group.term.last_day):
        found += [month] if len(school_days(group, month)) >= LEAST_DAYS else []
        month = Period.month(*_following(month))
    return found


def _following(month: Period) -> tuple[int, int]:
    day = month.last + timedelta(days=1)
    return day.year, day.month


def closing_day(group: Group, month: Period) -> date | None:
    """The first of the last five school days of ``month``; None when it has hardly any."""
    days = school_days(group, month)
    return days[-LAST_DAYS] if len(days) >= LEAST_DAYS else None


def term_closes(group: Group) -> date | None:
    """The first school day of the fourth week before the final examinations."""
    first, last = group.term.bounds(max(1, group.term.final_week - LAST_WEEKS))
    return next((day for day in each_day(first, last) if group.calendar.is_school_day(day)), None)


def whole_term(group: Group) -> Period:
    """The term as a period to count in."""
    return terms.days_of(group, group.term)


def _by(quota: Quota, last: date) -> bool:
    return quota.created is not None and quota.created.date() <= last
