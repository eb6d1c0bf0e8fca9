"""Changing the school's calendar in the chat (feature B7): who did it, when and why is kept, and who hears of it.

The calendar is the school's, so that any leader may say what the school has said. The group reads one 【改】 line where
something of its own moves; the other leaders hear privately what was said and by whom, and each of them can take it
back. What another leader has said is not overwritten without a word.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.calendar.names import day_label
from bot.calendar.term import SchoolCalendar, Term
from bot.calendar.timetable import Swap
from bot.domain import school_moves
from bot.domain.exam_rows import Exam, move_rows
from bot.domain.groups import Group, sisters
from bot.domain.subjects import Subject
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, Refused
from bot.storage import Record

HINT = "看校历：/校历"
MOST_NAMED = 3


class CalendarChange(Record):
    """What somebody said of the school's calendar; it lies with the group in which it was said.

    ``keys`` name the days and terms it speaks of, as in ``School.settled``.
    """

    TABLE: ClassVar[str] = "calendar_changes"

    what: str
    why: str = ""
    keys: tuple[str, ...] = ()


class Patch(BaseModel):
    """What a change makes of the calendar.

    Attributes:
        days: whose swaps are replaced, by ``swaps``.
        terms: the terms that change, as they are to be. ``exams``: the examinations whose week changes with it.
    """

    model_config = ConfigDict(defer_build=True, frozen=True)

    days: tuple[date, ...] = ()
    swaps: tuple[Swap, ...] = ()
    terms: tuple[Term, ...] = ()
    exams: tuple[Exam, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """What it settles."""
        return (*[swap_key(day) for day in self.days], *[term_key(term.name) for term in self.terms])

    def of(self, calendar: SchoolCalendar) -> "Patch":
        """The same days and terms as they stand in ``calendar``: what takes this patch back."""
        names = {term.name for term in self.terms}
        return Patch(
            days=self.days,
            swaps=tuple(swap for swap in calendar.swaps if swap.date in self.days),
            terms=tuple(term for term in calendar.terms if term.name in names),
            exams=tuple(Exam(name=exam.name, old=exam.new, new=exam.old) for exam in self.exams),
        )

    def applied(self, calendar: SchoolCalendar) -> SchoolCalendar:
        """The calendar with the change in it, made anew so that terms cannot come to overlap.

        Raises:
            BadArgument: it does not fit together.
        """
        changed = {term.name: term for term in self.terms}
        kept = tuple(swap for swap in calendar.swaps if swap.date not in self.days)
        try:
            return SchoolCalendar(
                terms=tuple(changed.get(term.name, term) for term in calendar.terms),
                swaps=tuple(sorted((*kept, *self.swaps), key=lambda swap: (swap.date, swap.grades, swap.half or ""))),
                bells=calendar.bells,
            )
        except ValidationError as error:
            raise BadArgument(f"{error.errors(include_url=False)[0]['msg']}。", HINT) from None


@dataclass(frozen=True)
class Effect:
    """What a change led to.

    Attributes:
        own: what moves in the group in which it was said, in words; "" for nothing.
        others: names of the other groups in which something moves.
        open: what the leader has to settle.
    """

    own: str
    others: tuple[str, ...]
    open: tuple[str, ...]
    undo: Undo

    def rows(self, *, private: bool) -> list[str]:
        """For whoever made the change. In the group itself the 【改】 line says what moves there."""
        own = [f"本组：{self.own}"] if self.own and private else []
        more = "等组" if len(self.others) > MOST_NAMED else ""
        others = [f"也告诉了{'、'.join(self.others[:MOST_NAMED])}{more}。"] if self.others else []
        return [*own, *others, *[f"👂 {row}" for row in self.open[:MOST_NAMED]]]


@dataclass(frozen=True)
class Said:
    """A change as it is told: when, by whom, in which group."""

    at: datetime | None
    by: str
    group: str
    what: str
    why: str
    keys: tuple[str, ...]

    @property
    def line(self) -> str:
        """ "9月7日 李老师（高一语文备课组）：9月30日停课（台风）"."""
        when = day_label(self.at.date()) if self.at else ""
        return f"{when} {self.by}（{self.group}）：{self.what}{f'（{self.why}）' if self.why else ''}"


def swap_key(day: date) -> str:
    """What ``School.settled`` notes of a day."""
    return f"swap {day}"


def term_key(name: str) -> str:
    """What ``School.settled`` notes of a term."""
    return f"term {name}"


async def change(group: Group, who: str, patch: Patch, *, what: str, why: str = "") -> Effect:
    """Put ``patch`` into the school's calendar for every group of the school.

    Args:
        what: the change in words, with absolute dates; every leader reads it.

    Raises:
        BadArgument: it does not fit the calendar.
    """
    back = patch.of(group.school.calendar)
    undo = undo_with(
        calendar_back,
        what[:20],
        before=back.model_dump_json(),
        after=patch.model_dump_json(),
        settled=[key for key in patch.keys if key not in group.school.settled],
        what=what,
    )
    own, others, left = await _apply(group, who, patch, what)
    await group.records.add(CalendarChange(what=what, why=why, keys=patch.keys, created=group.now, author=who))
    return Effect(own, others, left, undo)


async def history(group: Group) -> list[Said]:
    """What was said of the school's calendar in any of its groups, oldest first."""
    found = []
    for each in (group, *await sisters(group)):
        for row in await each.records.scan(CalendarChange):
            found.append(Said(row.created, row.author, each.name, row.what, row.why, row.keys))
    return sorted(found, key=lambda said: said.at or group.now)


async def said_by_others(group: Group, who: str, patch: Patch) -> Said | None:
    """The last word of somebody else on what ``patch`` changes, while it stands."""
    standing = patch.of(group.school.calendar)
    changed = {swap_key(swap.date) for swap in standing.swaps if swap not in patch.swaps}
    changed |= {term_key(term.name) for term in standing.terms if term not in patch.terms}
    last = [said for said in await history(group) if changed.intersection(said.keys)][-1:]
    return next((said for said in last if said.by != who), None)


async def _apply(group: Group, who: str, patch: Patch, what: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    calendar = patch.applied(group.school.calendar)
    every = [group, *await sisters(group)]
    last = max(term.last_day for term in (*group.school.calendar.terms, *calendar.terms))
    before = {each.key: await school_moves.coming(each, last) for each in every}
    seen = {each.key: each.calendar for each in every}
    settled = tuple(dict.fromkeys((*group.school.settled, *patch.keys)))
    school = await group.system.update(group.school.model_copy(update={"calendar": calendar, "settled": settled}))
    moves, told, left = dict[str, str](), {who}, list[str]()
    for each in every:
        each.take_school(school)
        shifts = [await move_rows(each, exam) for exam in patch.exams]
        after = await school_moves.coming(each, last)
        moved = school_moves.compared(before[each.key], after)
        moves[each.key] = "；".join(words for words in (moved, *[shift.moved for shift in shifts]) if words)
        if moves[each.key]:
            each.announce(f"【改】{what}：{moves[each.key]}。")
        left_behind = await school_moves.stranded(each, last, None if patch.terms else patch.days)
        open_now = [*[shift.left for shift in shifts if shift.left], *left_behind]
        if each is group:
            left = open_now
        elif moves[each.key] or each.calendar != seen[each.key]:  # else it is another grade's
            await _tell(each, f"🗓 {who}（{group.name}）改了全校的校历：{what}。", open_now, told)
    return moves[group.key], tuple(each.name for each in every[1:] if moves[each.key]), tuple(left)


async def _tell(each: Group, line: str, left: Sequence[str], told: set[str]) -> None:
    """The leader of another group hears it once, however many groups they lead."""
    leader = await each.leader()
    if leader is None or leader.name in told:
        return
    told.add(leader.name)
    each.tell(leader.name, line, *[f"👂 {row}" for row in left[:2]], "谁改过、怎么改回来：/校历 记录")


@inverse
async def calendar_back(group: Group, who: str, before: str, after: str, settled: list[str], what: str) -> str:
    """Inverse of ``change``: the days and terms as they were, unless somebody has changed them since."""
    await group.must_lead(who, "校历", HINT)
    done, former = Patch.model_validate_json(after), Patch.model_validate_json(before)
    now = done.of(group.school.calendar)
    if set(now.swaps) != set(done.swaps) or set(now.terms) != set(done.terms):
        raise Refused("这几天的校历后来又改过，不撤销了。", "看谁改过：/校历 记录")
    await _apply(group, who, former, f"撤销“{what}”")
    kept = tuple(key for key in group.school.settled if key not in settled)
    school = await group.system.update(group.school.model_copy(update={"settled": kept}))
    for each in (group, *await sisters(group)):
        each.take_school(school)
    note = CalendarChange(what=f"撤销：{what}", keys=former.keys, created=group.now, author=who)
    await group.records.add(note)
    return f"已撤销：{what}。"


SUBJECT = Subject("校历", records=(CalendarChange,), order=16)
