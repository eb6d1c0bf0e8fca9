"""A new term (feature F10): the roster stays, the old plan is offered again as drafts, the old term stays readable.

Which term counts is the school calendar's business (``Group.term``); with a new one numbers begin anew and routines of
the old are silent. They are not touched, so that the old term's digest goes on counting what it counted.
"""

from typing import NamedTuple

from bot.calendar.entries import Entry
from bot.calendar.names import day_label
from bot.calendar.term import Term
from bot.domain import new_term_carry, terms
from bot.domain.groups import Group
from bot.domain.new_term_carry import Running
from bot.domain.routine_rules import is_over, rules_of_term
from bot.domain.routines import Routine, State, all_routines
from bot.domain.subjects import Subject
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import Refused

_HINT = "看计划：/计划"


class Carried(NamedTuple):
    """What came over: the drafts, and how many arrangements of the old term did not, for they are dated in it; and
    what goes on running."""

    before: Term
    drafts: tuple[Routine, ...]
    left: int
    running: Running


async def begin(group: Group, who: str) -> tuple[Carried, Undo]:
    """Offer what the group kept last term as drafts of this one; open questions and dated events are left behind.

    What is running goes on (bot/domain/new_term_carry.py).

    Raises:
        Refused: no new term has come, nothing was kept, or it has been done.
    """
    before = _former(group)
    fresh, left = await _kept(group, before)
    running = await new_term_carry.carry(group, who, before)
    if not fresh and running.is_empty:
        done = await all_routines(group)
        why = "上学期的安排已经都带过来了" if done else f"{before.name}没有可以带过来的安排"
        raise Refused(f"{why}。", _HINT, symbol="ℹ️")
    drafts = tuple([await _draft(group, who, routine) for routine in fresh])
    numbers = [routine.number for routine in drafts]
    kept = new_term_carry.written(running)
    undo = undo_with(take_away, "新学期", numbers=numbers, before=before.name, running=kept)
    return Carried(before, drafts, left, running), undo


async def is_waiting(group: Group) -> bool:
    """Whether a new term has come and nobody has begun it: the old one had a plan, and this one has none."""
    before = terms.former(group)
    if before is None or group.week > group.term.midterm_week or await all_routines(group):
        return False
    fresh, _ = await _kept(group, before)
    return bool(fresh)


async def _kept(group: Group, before: Term) -> tuple[list[Routine], int]:
    """What of the old term's arrangements fits this one and is not there yet; and how many are dated in the old."""
    former = group.in_term(before)
    rules = await rules_of_term(former)
    in_force = [routine for routine in await all_routines(former) if routine.state is State.ACTIVE]
    old = [routine for routine in in_force if not is_over(rules.get((routine.id, routine.version), ()))]
    fit = [routine for routine in old if not _is_dated(routine.entry)]
    known = {_words(routine) for routine in await all_routines(group)}
    return [routine for routine in fit if _words(routine) not in known], len(old) - len(fit)


def _former(group: Group) -> Term:
    """The term before the one that counts, in whose first half we are or which is about to begin.

    Raises:
        Refused: there is none, or the one that counts is half over: the next one is meant.
    """
    before, coming, term = terms.former(group), terms.following(group), group.term
    if before and group.week <= term.midterm_week:
        return before
    if coming:
        raise Refused(f"{coming.name}{day_label(coming.first_day)}开学，{term.name}结束后再发。", _HINT)
    raise Refused(f"现在是{term.name}，校历里还没有下一个学期。", "请管理员在配置里写上新学期的开学日期和周数。")


def _is_dated(entry: Entry) -> bool:
    """Whether an entry speaks of days of its own term."""
    return any((entry.date, entry.date_from, entry.date_to, entry.cancelled_date, entry.months))


async def _draft(group: Group, who: str, old: Routine) -> Routine:
    return await group.records.add(
        Routine(
            term=group.term.name,
            number=await group.next_number(),
            entry=old.entry,
            state=State.DRAFT,
            subject=old.subject,
            source=old.source,
            silent=old.silent,
            since=group.now,
            created=group.now,
            author=who,
        )
    )


def _words(routine: Routine) -> tuple[str, str]:
    return routine.entry.activity, routine.rule


@inverse
async def take_away(group: Group, who: str, numbers: list[int], before: str = "", running: str = "") -> str:
    """Inverse of beginning: the drafts go, where they are drafts still, and what was running goes back."""
    await group.must_lead(who, "计划", _HINT)
    mine = [one for one in await all_routines(group) if one.number in numbers and one.state is State.DRAFT]
    if len(mine) < len(numbers):
        raise Refused("带过来的安排已经启用了。", "停用：/计划 停用")
    for routine in mine:
        await group.records.remove(routine)
    if running:  # what was begun under the version before carried nothing that runs
        await new_term_carry.put_back(group, before, running)
    return f"已撤销：带过来的 {len(mine)} 项草稿删掉了{f'，其余放回{before}' if before else ''}。"


SUBJECT = Subject("新学期", order=91, speaks=True)
