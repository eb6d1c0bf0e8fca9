"""The group's plan as it stands (feature B6): what was read, what is asked, what is in force.

Nothing unsure is ever posted: an entry waits as a question until the leader answers it, one question at a time. How a
document gets here stands in bot/domain/plan_import.py, how the leader corrects it in bot/domain/plan_changes.py, how
it is put in force in bot/domain/plan_activation.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from bot.calendar.entries import Entry
from bot.calendar.names import day_label
from bot.calendar.plan_reader import PlanContext, TermSpan
from bot.calendar.recurrence import dates
from bot.domain import which_time
from bot.domain.groups import Group
from bot.domain.happenings import Happening
from bot.domain.plan_drafts import PlanDraft
from bot.domain.plan_quotas import PlanQuota
from bot.domain.routine_rules import ended_since
from bot.domain.routines import Routine, State, all_routines, routine_numbered
from bot.domain.subjects import Subject
from bot.errors import BadArgument

DAYS_SHOWN = 5
SEE = "看计划：/计划"


@dataclass(frozen=True)
class PlanRow:
    """One entry of the plan beside its line of the document, as a chat or a page shows it.

    Attributes:
        number: its number in the group, which everything that changes it takes.
        line, words: the line of the document, counted from 1, and what it says; 0 and "" for what was added by hand.
        rule: how it was understood ("每周三第8–9节 语文办公室"); ``topic``: the subject it belongs to, "" for none.
        silent: it stands in the calendar, and nothing is posted.
        question_number, question, choices: what the leader is asked; None, "" and () when nothing is.
        stopped: "已停" once all that come were called off for good, "9月23日起停" while some are still held; else "".
        over: it had its days, and all of them lie behind.
        dates: the next five times, from today on; ``why_none`` says why there are none.
    """

    number: int
    line: int
    words: str
    title: str
    rule: str
    topic: str
    state: State
    silent: bool
    question_number: int | None
    question: str
    choices: tuple[str, ...]
    dates: tuple[Happening, ...]
    stopped: str = ""
    over: bool = False

    @property
    def days(self) -> tuple[str, ...]:
        """The dates in words: "9月9日 周三第8–9节", "9月7日–9月13日"."""
        return tuple(f"{day_label(h.day)} {h.when}" if h.precise else h.when for h in self.dates)

    @property
    def why_none(self) -> str:
        """Why there is no date to show; "" when there is one."""
        if self.dates:
            return ""
        if self.stopped:
            return "以后的都取消了"
        if self.state in (State.STOPPED, State.DROPPED):
            return "现在不在用"
        if self.over:
            return "日子已经过了"
        return "回答以后才有日子" if self.question else "没有定日子，不会自己发"


def context_of(group: Group) -> PlanContext:
    """What the reader has to know of the group's term."""
    term = group.term
    span = TermSpan(
        first_day=term.first_day, weeks=term.weeks, midterm_week=term.midterm_week, final_week=term.final_week
    )
    return PlanContext(term=span, term_label=term.name, year=term.first_day.year)


async def preview(group: Group) -> list[PlanRow]:
    """Every entry of this term's plan that is not deleted, by number; answered, drafted, in force or stopped."""
    return [await row_of(group, each) for each in await all_routines(group) if each.state is not State.DROPPED]


async def row_of(group: Group, routine: Routine) -> PlanRow:
    """One entry, as ``preview`` shows it."""
    asked = routine.state is State.ASKING
    coming = [] if asked else await which_time.coming(group, routine)
    return PlanRow(
        number=routine.number,
        line=routine.entry.line,
        words=routine.entry.text,
        title=routine.title,
        rule=routine.standing,
        topic=routine.topic,
        state=routine.state,
        silent=routine.silent,
        question_number=routine.question_number,
        question=(routine.entry.question or "") if asked else "",
        choices=tuple(routine.entry.choices) if asked else (),
        dates=tuple(islice((h for h in coming if not h.cancelled), DAYS_SHOWN)),
        stopped=await stopped(group, routine),
        over=not coming and not asked and bool(dates(routine.entry, group.term, group.calendar)),
    )


async def stopped(group: Group, routine: Routine) -> str:
    """Whether all that come of an arrangement in force were called off, as ``PlanRow.stopped``."""
    since = await ended_since(group, routine) if routine.state is State.ACTIVE else None
    if since is None:
        return ""
    held = [one for one in await which_time.coming(group, routine) if not one.cancelled]
    return f"{day_label(since)}起停" if held else "已停"


def first_days(group: Group, entry: Entry) -> list[date]:
    """The first five days of the term on which an entry that is not kept yet falls due; none while it is unsure."""
    return [one.day for one in dates(entry, group.term, group.calendar)[:DAYS_SHOWN]] if entry.sure else []


async def numbered(group: Group, number: int) -> Routine:
    """The entry with this number, deleted or not.

    Raises:
        BadArgument: there is none.
    """
    try:
        return await routine_numbered(group, number)
    except BadArgument:
        raise BadArgument(f"计划里没有编号 {number}。", SEE) from None


async def open_questions(group: Group) -> list[Routine]:
    """What waits for the leader, in the order it is asked."""
    asking = [routine for routine in await all_routines(group) if routine.state is State.ASKING]
    return sorted(asking, key=lambda routine: routine.question_number or 0)


def tell_leader_of(group: Group, leader: str, questions: Sequence[Routine]) -> None:
    """The first question privately; the others follow its answer."""
    first = questions[0]
    group.tell(
        leader,
        f"📝 计划里有 {len(questions)} 处要您定一下，先问第 {first.question_number} 个：",
        first.entry.question or "",
        *[f"• {choice}" for choice in first.entry.choices],
        f"回复例：/计划 答 {first.question_number} {(first.entry.choices or ['周三第8-9节'])[0]}",
    )


SUBJECT = Subject("计划", records=(PlanDraft, PlanQuota), order=14)
