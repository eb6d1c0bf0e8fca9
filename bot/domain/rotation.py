"""Who leads which week (feature A13): the order of the leads, filled in fairly.

Who leads stands in the progress table or in what was agreed for the week (bot/domain/prep_weeks.py); the rotation only
fills that in. Turns of a term stay even: the next week goes to whoever has led least, so somebody who was away gets
the next one. Counts per person and leaves are the leader's business alone.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from bot.calendar.term import each_day
from bot.domain import prep, prep_weeks
from bot.domain.groups import Group
from bot.domain.people import Member
from bot.domain.prep import Session
from bot.domain.quiet import Leave
from bot.domain.subjects import Figure, Mine, Period, Source, Subject
from bot.domain.turns import AGREED, Filled, Rota, Turn, TurnSwap, fill, open_swaps
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, Refused
from bot.storage import Record

EXAMPLE = "/轮值 排 王老师 张老师 赵老师"


class LeadRotation(Record):
    """The order in which a group's teachers lead, as the leader last set it; one a term."""

    TABLE: ClassVar[str] = "lead_rotations"
    UNIQUE: ClassVar = (("term",),)

    term: str
    order: tuple[str, ...]


async def sessions(group: Group, first: int, last: int | None = None) -> list[Session]:
    """The weeks of the term from ``first`` on in which the group prepares, in order."""
    until = min(last or group.term.weeks, group.term.weeks)
    if first > until:
        return []
    is_on = await prep.is_on(group)
    return [s for s in await prep.sessions(group, max(first, 1), until) if days(group, s, is_on=is_on)]


def days(group: Group, session: Session, *, is_on: bool) -> list[date]:
    """The days a lead has to be there: those of the meetings, or all school days where no meeting is fixed."""
    if is_on:
        return [meeting.day for meeting in session.held()]
    return [day for day in each_day(session.first, session.last) if group.calendar.is_school_day(day)]


async def away(group: Group, session: Session) -> set[str]:
    """Who is on leave when a week is prepared. For the leader and for filling in, never for the group."""
    there = days(group, session, is_on=await prep.is_on(group))
    return {one.member for one in await group.records.scan(Leave) if any(one.holds(day) for day in there)}


async def turns(group: Group) -> Counter[str]:
    """How often each member leads this term, by name, in the group's order; for the leader alone."""
    led = Counter(s.lead for s in await sessions(group, 1) if s.lead)
    return Counter({name: led[name] for name in await group.teachers()})


async def next_turn(group: Group, name: str) -> Session | None:
    """The first week after this one that somebody leads."""
    return next((s for s in await sessions(group, group.week + 1) if s.lead == name), None)


async def _next_turn(group: Group, name: str) -> Turn | None:
    found = await next_turn(group, name)
    return Turn(found.week, name) if found else None


async def _held(group: Group, week: int, name: str) -> Turn | None:
    return next((Turn(week, name) for session in await sessions(group, week, week) if session.lead == name), None)


async def _away(group: Group, turn: Turn) -> set[str]:
    return {name for session in await sessions(group, turn.week, turn.week) for name in await away(group, session)}


async def _exchange(group: Group, by: str, one: Turn, other: Turn) -> None:
    await prep_weeks.set_leads(group, by, {one.week: other.name, other.week: one.name})


LEADS = Rota(
    name="主备",
    act="主备",
    day="备课",
    see="看轮值：/轮值",
    ask="/轮值 换",
    doing="主备第{}周".format,
    next_turn=_next_turn,
    held=_held,
    away=_away,
    exchange=_exchange,
)


async def order_of(group: Group) -> tuple[str, ...]:
    """The order as it was last set this term, without those who have left; empty when it never was."""
    found = await group.records.find(LeadRotation, term=group.term.name)
    names = await group.teachers()
    return tuple(name for name in found[0].order if name in names) if found else ()


async def arrange(group: Group, who: str, names: Sequence[str], since: int | None) -> tuple[Filled, Undo]:
    """Set the order and fill in the weeks to come that have no lead; from week ``since`` on all of them anew.

    Raises:
        BadArgument: nobody named and no order known, somebody not in the group, a week that has begun.
        Refused: no week is free, or nobody of the order is there.
    """
    order = tuple(dict.fromkeys([(await group.member(name)).name for name in names])) or await order_of(group)
    if not order:
        raise BadArgument("按什么顺序排？", f"例：{EXAMPLE}")
    again = f"例：/轮值 排 下周起 {' '.join(order[:2])}"
    if since is not None and since <= group.week:
        raise BadArgument(f"第{since}周已经开始了，从下周起才能重排。", again)
    term = await sessions(group, 1)
    free = [s for s in term if s.week >= (since or group.week + 1) and (since or not s.lead)]
    if not free:
        raise Refused("接下来每周都有主备了。", f"要重排，{again}", symbol="ℹ️")
    weeks = [s.week for s in free]
    fixed = {s.week: s.lead for s in term if s.week not in weeks and s.lead}
    filled = fill(order, weeks, fixed, {s.week: await away(group, s) for s in free})
    if not filled.names:
        raise Refused("那几周这几位老师都不在，没有排。", "多写几位老师再排。")
    known = any(s.lead and s.week in filled.names for s in free)
    return filled, await _write(group, who, order, filled, known=known)


async def _write(group: Group, who: str, order: Sequence[str], filled: Filled, *, known: bool) -> Undo:
    """Write order and leads; the group hears of it when it knew others (``known``)."""
    agreed, former = await prep_weeks.of_term(group), await order_of(group)
    before = {week: agreed[week].lead if week in agreed else "" for week in filled.names}
    await _keep_order(group, who, order)
    await prep_weeks.set_leads(group, who, filled.names)
    if known:
        group.announce(f"【改】第{min(filled.names)}周起的主备重新排了，看：/轮值")
    return undo_with(rearrange, "主备轮值", before=before, after=filled.names, order=list(former), known=known)


async def _keep_order(group: Group, who: str, order: Sequence[str]) -> None:
    found = await group.records.find(LeadRotation, term=group.term.name)
    for old in found if not order else ():
        await group.records.remove(old)
    if order and found:
        await group.records.update(found[0].model_copy(update={"order": tuple(order)}))
    elif order:
        fresh = LeadRotation(term=group.term.name, order=tuple(order), created=group.now, author=who)
        await group.records.add(fresh)


@inverse
async def rearrange(
    group: Group, who: str, before: dict[str, Any], after: dict[str, Any], order: list[str], known: bool
) -> str:
    """Inverse of ``arrange``: the leads and the order before it, unless a week has begun or been changed since."""
    agreed, new = await prep_weeks.of_term(group), {int(week): name for week, name in after.items()}
    first = min(new)
    changed = next((week for week, name in new.items() if week not in agreed or agreed[week].lead != name), None)
    if changed is not None or first <= group.week:
        why = f"第{first}周已经开始了" if changed is None else f"第{changed}周的主备后来又改过"
        raise Refused(f"{why}，不撤销了。", "看轮值：/轮值")
    await prep_weeks.set_leads(group, who, {int(week): name for week, name in before.items()})
    await _keep_order(group, who, order)
    if known:
        group.announce(f"【改】第{first}周起的主备恢复原来的，看：/轮值")
    return f"已撤销：第{first}周起的主备恢复原来的。"


async def _mine(group: Group, member: Member) -> Mine:
    """An unanswered question; the turns themselves are told with the preparation."""
    waiting = [swap for swap in await open_swaps(group) if swap.other == member.name]
    return Mine((), tuple(f"{swap.label}，请回：/轮值 同意，或 /轮值 不同意" for swap in waiting))


async def _digest(group: Group, period: Period) -> list[Figure]:
    made = [s for s in await group.records.find(TurnSwap, term=group.term.name) if s.state == AGREED]
    found = [swap for swap in made if swap.rota == LEADS.name and period.holds(swap.answered)]
    sources = tuple(Source("lead_swaps", s.id, f"第{s.own_week}周和第{s.their_week}周对调") for s in found)
    return [Figure("轮值", f"主备对调 {len(found)} 次", (), sources)] if found else []


SUBJECT = Subject("轮值", records=(LeadRotation, TurnSwap), digest=_digest, mine=_mine, order=13, speaks=True)
