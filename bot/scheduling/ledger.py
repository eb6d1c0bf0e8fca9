"""What has been decided and posted: one row an occurrence, one row a group's day.

A row and the outbox item it stands for are one commit, so nothing is posted twice and nothing is lost between the two.
"""

from datetime import date, timedelta
from typing import ClassVar, Literal

from bot.domain.groups import Group
from bot.storage import Record

LONGEST_SILENCE = 200
"""Days that are looked back over for the last decision: the holidays, and a machine that was away for a while."""

Decision = Literal["posted", "silent", "missed", "capped"]
What = Literal["card", "notes", "muted"]


class LedgerRow(Record):
    """The decision on one occurrence: posted, nothing to say, missed while the bot was down, or over the cap."""

    TABLE: ClassVar[str] = "ledger"
    INDEXES: ClassVar = ("day", "person")
    UNIQUE: ClassVar = (("key",),)

    key: str
    day: date
    decision: Decision
    title: str
    person: str | None = None
    outbox: int | None = None


class DayRow(Record):
    """The card (or the notes) of a group's day has been decided; ``posted`` tells whether there was anything to say.

    ``muted``: the bot was awake and the leader wanted it silent, so that nothing of the day was missed.
    """

    TABLE: ClassVar[str] = "days"
    UNIQUE: ClassVar = (("day", "what"),)

    day: date
    what: What
    posted: bool


async def is_decided(group: Group, what: What, day: date | None = None) -> bool:
    """Whether the card or the notes of a day (today's) have been decided."""
    return bool(await group.records.find(DayRow, day=day or group.today, what=what))


async def last_decided(group: Group, what: What) -> date | None:
    """The last day before today whose card or notes were decided, or that was muted; None when that is long ago."""
    days = (group.today - timedelta(days=back) for back in range(1, LONGEST_SILENCE + 1))
    for day in days:
        if await is_decided(group, what, day) or await is_decided(group, "muted", day):
            return day
    return None


async def decided_days(group: Group) -> set[date]:
    """The days whose card has been decided."""
    return {row.day for row in await group.records.scan(DayRow) if row.what == "card"}


async def decide(group: Group, what: What, *, posted: bool) -> None:
    """Note that today's card or notes are decided."""
    await group.records.add(DayRow(day=group.today, what=what, posted=posted, created=group.now))


async def is_known(group: Group, key: str) -> bool:
    """Whether an occurrence has its row."""
    return bool(await group.records.find(LedgerRow, key=key))


async def enter(
    group: Group, key: str, decision: Decision, title: str, *, person: str | None = None, outbox: int | None = None
) -> None:
    """Write the row of an occurrence."""
    row = LedgerRow(key=key, day=group.today, decision=decision, title=title, person=person, outbox=outbox)
    row.created = group.now
    await group.records.add(row)


async def cards_since(group: Group, first: date) -> int:
    """How many cards the group got from ``first`` up to yesterday."""
    days = [first + timedelta(days=n) for n in range((group.today - first).days)]
    rows = [row for day in days for row in await group.records.find(DayRow, day=day, what="card")]
    return sum(row.posted for row in rows)


async def reminders_since(group: Group, person: str, first: date) -> int:
    """How many reminders a person got since ``first``, several of which may have stood in one note."""
    rows = await group.records.find(LedgerRow, person=person)
    return sum(row.decision == "posted" and row.day >= first for row in rows)
