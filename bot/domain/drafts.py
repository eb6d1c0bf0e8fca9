"""Drafts before the meeting (初案, feature A4) and each teacher's own plan after it (二备, A6).

A draft is where it lies: a link, or words like "群文件 第3周". Who owes one is known to the leader and the lead; the
group sees a count. Reminders begin once the group uses drafts: a form nobody wants is not nagged for.
"""

from datetime import date
from typing import ClassVar

from bot.calendar.term import each_day
from bot.domain import guard, prep, quiet
from bot.domain.groups import Group
from bot.domain.people import Member
from bot.domain.subjects import Figure, Mine, Period, Source, Subject
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, Refused
from bot.storage import Record

FIRST, OWN = "初案", "二备"
LONGEST = 500


class Draft(Record):
    """One teacher's draft for one week; ``place`` is the latest, ``former`` the one it took the place of."""

    TABLE: ClassVar[str] = "prep_drafts"
    INDEXES: ClassVar = ("term", ("member", "term"), ("term", "week", "sort"))
    UNIQUE: ClassVar = (("term", "week", "sort", "member"),)

    term: str
    week: int
    sort: str
    member: str
    place: str
    former: str = ""


async def hand_in(group: Group, who: str, kind: str, week: int, place: str) -> tuple[Draft, Undo, bool]:
    """Hand a draft in, or put a new one in place of the old.

    Returns:
        the draft, the way back, and whether it is the first for that week.

    Raises:
        BadArgument: empty or too long; guard.PupilNamed: it seems to name a pupil.
    """
    if len(place) < 4:
        raise BadArgument(f"{kind}放在哪里？请发链接，或写清楚在哪。", f"例：/{kind} https://docs.example.com/wang")
    if len(place) > LONGEST:
        raise BadArgument(f"这条有 {len(place)} 字，最多 {LONGEST} 字。", "内容请放文档里，发链接就行。")
    await guard.check_among(place, group.teachers)
    known = await of_member(group, who, kind, week)
    if known and known.place == place:
        raise Refused(f"第{week}周的{kind}已经交过同一份了。", symbol="ℹ️")
    undo = undo_with(take_out, f"第{week}周{kind}", kind=kind, week=week, place=place)
    if known:
        return await group.records.update(known.model_copy(update={"place": place, "former": known.place})), undo, False
    draft = Draft(term=group.term.name, week=week, sort=kind, member=who, place=place, created=group.now, author=who)
    return await group.records.add(draft), undo, True


@inverse
async def take_out(group: Group, who: str, kind: str, week: int, place: str) -> str:
    """Inverse of handing in: the former draft comes back, or none is there."""
    known = await of_member(group, who, kind, week)
    if known is None or known.place != place:
        raise Refused(f"第{week}周的{kind}后来又交过，不撤销了。")
    if known.former:
        await group.records.update(known.model_copy(update={"place": known.former, "former": ""}))
        return f"已撤销：第{week}周的{kind}恢复成前一份。"
    await group.records.remove(known)
    return f"已撤销：第{week}周的{kind}收回了。"


async def of_member(group: Group, who: str, kind: str, week: int) -> Draft | None:
    """One teacher's draft for a week."""
    found = await group.records.find(Draft, term=group.term.name, week=week, sort=kind, member=who)
    return found[0] if found else None


async def of_week(group: Group, kind: str, week: int) -> list[Draft]:
    """The drafts of a week, in the order of handing in."""
    return await group.records.find(Draft, term=group.term.name, week=week, sort=kind)


async def missing(group: Group, kind: str, week: int) -> list[str]:
    """Who has not handed in, the leader first, but for those away. For the leader, the lead and the person alone."""
    handed = {draft.member for draft in await of_week(group, kind, week)}
    return [name for name in await quiet.there(group, _days(group, week)) if name not in handed]


async def in_use(group: Group, kind: str) -> bool:
    """Whether anybody has handed in such a draft this term."""
    return any(draft.sort == kind for draft in await group.records.find(Draft, term=group.term.name))


async def count(group: Group, kind: str, week: int) -> str:
    """ "4/7"."""
    handed, expected = await _tally(group, kind, week)
    return f"{handed}/{expected}"


async def _tally(group: Group, kind: str, week: int, *, due: bool = True) -> tuple[int, int]:
    """How many are there, of how many: those away most of the week are not expected, who has left since counts.

    ``due`` is False for a week whose meeting was called off: then nobody is expected but who did it all the same.
    """
    handed = {draft.member for draft in await of_week(group, kind, week)}
    expected = await quiet.there(group, _days(group, week)) if due else ()
    return len(handed), len(handed.union(expected))


def _days(group: Group, week: int) -> list[date]:
    return [day for day in each_day(*group.term.bounds(week)) if group.calendar.is_school_day(day)]


async def _digest(group: Group, period: Period) -> list[Figure]:
    """Handed in of expected, for the weeks prepared in the period: a draft that came late is its week's."""
    every = await group.records.find(Draft, term=group.term.name)
    begun = await _weeks_of(group, period)
    figures = []
    for kind in (FIRST, OWN):
        mine = [draft for draft in every if draft.sort == kind]
        rows = [draft for draft in mine if draft.week in begun]
        if not rows:
            continue
        used = [week for week in begun if week >= min(draft.week for draft in mine)]
        tallies = {week: await _tally(group, kind, week, due=begun[week]) for week in used}
        weeks = sum(of > 0 for _, of in tallies.values())
        handed, expected = (sum(tally[n] for tally in tallies.values()) for n in (0, 1))
        sources = tuple(Source("prep_drafts", x.id, f"第{x.week}周 {x.member}", _made_on(x)) for x in rows)
        line = f"{kind} {handed}/{expected} 份（{weeks} 周）"
        figures.append(Figure(kind, line, (), sources, done=handed, of=expected))
    return figures


def _made_on(draft: Draft) -> date | None:
    return draft.created.date() if draft.created else None


async def _weeks_of(group: Group, period: Period) -> dict[int, bool]:
    """The weeks whose preparation lies in the period and has begun (by their Mondays where no calendar has it), and
    whether it took place."""
    if not await prep.is_on(group):
        weeks = range(1, min(group.week, group.term.weeks) + 1)
        return {week: True for week in weeks if period.holds(group.term.bounds(week)[0])}
    found: dict[int, bool] = {}
    for h in await prep.prep_happenings(group, period.first, period.last):
        if period.holds(h.day) and h.counts and h.day <= group.today and (h.cancelled or h.has_begun(group)):
            week = group.term.week_of(h.day)
            found[week] = found.get(week, False) or not h.cancelled
    return found


async def _mine(group: Group, member: Member) -> Mine:
    found = await group.records.find(Draft, member=member.name, term=group.term.name)
    counts = [(kind, sum(draft.sort == kind for draft in found)) for kind in (FIRST, OWN)]
    return Mine(tuple(f"{kind} {number} 份" for kind, number in counts if number))


SUBJECT = Subject("初案", records=(Draft,), digest=_digest, mine=_mine, order=12, area="备课", amounts=(FIRST, OWN))
