"""Who has led the group, and who has been a deputy, from when to when (feature F10).

The roster says who leads today; here is how it came to be. What lasted less than the ten minutes in which it can be
taken back was a slip: it leaves no row, and what it interrupted goes on.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import ClassVar, Literal

from bot.domain import terms
from bot.domain.groups import Group
from bot.domain.people import Member
from bot.domain.subjects import Figure, Mine, Period, Source
from bot.domain.undo import WINDOW
from bot.storage import Record

Office = Literal["组长", "副组长"]


class Tenure(Record):
    """Somebody's time in an office.

    Attributes:
        since: None = from before anything was written down, as the first leader's.
        until: None = still.
    """

    TABLE: ClassVar[str] = "tenures"
    INDEXES: ClassVar = ("member", "office")

    member: str
    office: Office
    since: datetime | None = None
    until: datetime | None = None

    @property
    def span(self) -> str:
        """ "2026年9月7日起", "至2026年9月7日", "2026年9月7日–2027年2月1日"."""
        first, last = (terms.dated(moment.date()) if moment else "" for moment in (self.since, self.until))
        if first and last:
            return f"{first}–{last}"
        return f"{first}起" if first else f"至{last}" if last else "一直"

    def overlaps(self, period: Period) -> bool:
        """Whether any of its days lies in ``period``."""
        first = self.since.date() if self.since else date.min
        last = self.until.date() if self.until else date.max
        return first <= period.last and period.first <= last


async def begin(group: Group, who: str, office: Office, by: str) -> None:
    """Somebody takes an office."""
    last = next(reversed(await group.records.find(Tenure, member=who, office=office)), None)
    if last and last.until and group.now - last.until <= WINDOW:
        await group.records.update(last.model_copy(update={"until": None}))
        return
    await group.records.add(Tenure(member=who, office=office, since=group.now, created=group.now, author=by))


async def end(group: Group, who: str, office: Office, by: str) -> None:
    """Somebody leaves an office."""
    rows = [row for row in await group.records.find(Tenure, member=who, office=office) if row.until is None]
    if not rows:
        await group.records.add(Tenure(member=who, office=office, until=group.now, created=group.now, author=by))
    for row in rows:
        if row.since and group.now - row.since <= WINDOW:
            await group.records.remove(row)
        else:
            await group.records.update(row.model_copy(update={"until": group.now}))


async def history(group: Group, office: Office) -> Sequence[Tenure]:
    """Everybody who has had an office, the latest first."""
    found = await group.records.find(Tenure, office=office)
    return sorted(found, key=lambda row: (row.since is not None, row.since or row.until or group.now), reverse=True)


async def digest(group: Group, period: Period) -> list[Figure]:
    """Who came into an office."""
    rows = [row for office in ("组长", "副组长") for row in await group.records.find(Tenure, office=office)]
    fresh = [row for row in rows if period.holds(row.since)]
    if not fresh:
        return []
    sources = tuple(Source(Tenure.TABLE, row.id, f"{row.office} {row.member}（{row.span}）") for row in fresh)
    return [Figure("组长", "，".join(f"新任{row.office}{row.member}" for row in fresh), (), sources)]


async def mine(group: Group, member: Member) -> Mine:
    """A member's offices of the term."""
    period = terms.days_of(group, group.term)
    rows = await group.records.find(Tenure, member=member.name)
    return Mine(tuple(f"{row.office} {row.span}" for row in rows if row.overlaps(period)))
