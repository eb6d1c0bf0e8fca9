"""The group's plan as it stands (feature B6): what was read, what is asked, what is in force.

Nothing unsure is ever posted: an entry waits as a question until the leader answers it, one question at a time. How a
document gets here stands in bot/domain/plan_import.py, how the leader corrects it in bot/domain/plan_changes.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from bot.calendar.entries import Entry, Kind
from bot.calendar.names import day_label
from bot.calendar.plan_reader import PlanContext, TermSpan
from bot.domain import settings
from bot.domain.groups import Group
from bot.domain.happenings import Happening, happenings
from bot.domain.plan_drafts import PlanDraft
from bot.domain.plan_quotas import PlanQuota
from bot.domain.routine_history import note
from bot.domain.routines import Routine, State, all_routines, routine_numbered
from bot.domain.subjects import Subject
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, Refused

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

    @property
    def days(self) -> tuple[str, ...]:
        """The dates in words: "9月9日 周三第8–9节", "9月7日–9月13日"."""
        return tuple(f"{day_label(h.day)} {h.when}" if h.precise else h.when for h in self.dates)

    @property
    def why_none(self) -> str:
        """Why there is no date to show; "" when there is one."""
        if self.dates:
            return ""
        return "回答以后才有日子" if self.question else "没有定日子，不会自己发"


@dataclass(frozen=True)
class Activation:
    """What activating came to: the arrangements now in force, what is still asked, and the subjects that speak now.

    ``opened`` are those of them that had been switched off.
    """

    started: tuple[Routine, ...]
    questions: tuple[Routine, ...]
    topics: tuple[str, ...]
    opened: tuple[str, ...]


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
    coming = [] if asked else await happenings(group, group.today, group.term.last_day, [routine])
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
    )


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


async def activate(group: Group, by: str) -> tuple[Activation, Undo]:
    """Put every settled draft in force, and turn on the subjects they belong to.

    Raises:
        Refused: there is nothing to put in force.
    """
    found = await all_routines(group)
    drafts, questions = _to_start(found), await open_questions(group)
    if not drafts and not questions:
        raise Refused("没有要启用的安排。", "把计划文件发给我，或发：/日程 加 周五 活动内容", symbol="ℹ️")
    running = {routine.number for routine in found if routine.state is State.ACTIVE}
    before = {str(routine.number): routine.state.value for routine in drafts}
    started = [await start(group, by, routine) for routine in drafts]
    topics = tuple(dict.fromkeys(routine.topic for routine in started if routine.topic))
    opened = await _speak_again(group, topics)
    now = {routine.number for routine in await all_routines(group) if routine.state is State.ACTIVE}
    undo = undo_with(
        start_back, f"启用 {len(started)} 项", before=before, replaced=sorted(running - now), opened=list(opened)
    )
    return Activation(tuple(started), tuple(questions), topics, opened), undo


async def stop(group: Group, by: str) -> tuple[list[Routine], Undo]:
    """Put everything out of force; it is kept and can be put in force again.

    Raises:
        Refused: nothing is in force.
    """
    running = [r for r in await all_routines(group) if r.state is State.ACTIVE]
    if not running:
        raise Refused("计划没有在用。", "启用：/计划 启用", symbol="ℹ️")
    stopped = [await end(group, by, routine, State.STOPPED, "停用") for routine in running]
    numbers = [routine.number for routine in stopped]
    return stopped, undo_with(stop_back, f"停用 {len(stopped)} 项", numbers=numbers)


async def start(group: Group, by: str, routine: Routine) -> Routine:
    """Put an entry in force; what it did before it was stopped stays done."""
    if routine.ended:
        routine.former = (*routine.former, routine.as_former(routine.ended))
    routine.state, routine.since, routine.ended, routine.amended = State.ACTIVE, group.now, None, None
    await take_over(group, by, routine)
    await note(group, by, routine, "启用")
    return await group.records.update(routine)


async def end(group: Group, by: str, routine: Routine, state: State, what: str) -> Routine:
    """Put an entry out of force; ``what`` is how the history calls it."""
    routine.ended = group.now if routine.state is State.ACTIVE else routine.ended
    routine.state = state
    await note(group, by, routine, what)
    return await group.records.update(routine)


async def take_over(group: Group, by: str, routine: Routine) -> None:
    """One subject has one routine: the old one stops, hands on what it did, and lends its place where none is named.

    The group reads of it when the time is another.
    """
    for old in await all_routines(group):
        if routine.subject is None or old.subject != routine.subject or old.id == routine.id:
            continue
        if old.state is State.ACTIVE:
            await note(group, by, old, f"由 {routine.number} 代替")
            old.state = State.STOPPED
            await group.records.update(old)
            routine.former = (*old.former, old.as_former(group.now))
            if not routine.entry.place:
                routine.entry = routine.entry.model_copy(update={"place": old.entry.place})
            if old.standing != routine.standing and not routine.silent:
                group.announce(f"【改】{routine.title} {old.standing} → {routine.standing}。")


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


def is_dateless(entry: Entry) -> bool:
    """Whether an entry only stands in the plan: 贯穿学期, 不定期."""
    return entry.kind in (Kind.ALL_TERM, Kind.IRREGULAR)


def _to_start(found: list[Routine]) -> list[Routine]:
    """Drafts; when there are none, what was stopped by hand and whose place nobody has taken since."""
    drafts = [routine for routine in found if routine.state is State.DRAFT]
    running = {routine.subject for routine in found if routine.state is State.ACTIVE and routine.subject}
    stopped = [routine for routine in found if routine.state is State.STOPPED and routine.subject not in running]
    return drafts or stopped


async def _speak_again(group: Group, topics: Sequence[str]) -> tuple[str, ...]:
    """Switch on the subjects of a plan that had been switched off; returns which."""
    off = await settings.silent(group)
    again = tuple(topic for topic in (*topics, "日程") if topic in off)
    for topic in again:
        await settings.switch(group, "", topic, on=True)
    return again


@inverse
async def start_back(group: Group, who: str, before: dict[str, str], replaced: list[int], opened: list[str]) -> str:
    """Inverse of activating: what was not in force is not, and what it took the place of is again."""
    await group.must_lead(who, "计划", SEE)
    back = 0
    for routine in await all_routines(group):
        known = before.get(str(routine.number))
        if known and routine.state is State.ACTIVE:
            handed = routine.former[-1:] if routine.former and routine.former[-1].id != routine.id else ()
            routine.former = routine.former[: len(routine.former) - len(handed)]
            await end(group, who, routine, State(known), "撤销启用")
            back += 1
    await again(group, who, replaced)
    for topic in opened:
        if topic not in await settings.silent(group):
            await settings.switch(group, who, topic, on=False)
    if not back:
        raise Refused("启用的安排后来都停了，不撤销了。", SEE)
    return f"已撤销：{back} 项不在用了，不会自己发。"


@inverse
async def stop_back(group: Group, who: str, numbers: list[int]) -> str:
    """Inverse of stopping: in force again, but for those whose place is taken."""
    await group.must_lead(who, "计划", SEE)
    back = await again(group, who, numbers)
    if not back:
        raise Refused("停用的安排后来改过，不撤销了。", SEE)
    return f"已撤销：{back} 项照常自己发。"


async def again(group: Group, by: str, numbers: Sequence[int]) -> int:
    """Put what was stopped a moment ago in force as if it had never been; returns how many.

    What has been changed since, or whose place is taken, stays as it is.
    """
    found = await all_routines(group)
    taken = {routine.subject for routine in found if routine.state is State.ACTIVE and routine.subject}
    stopped = [r for r in found if r.number in numbers and r.state is State.STOPPED and r.subject not in taken]
    for routine in stopped:
        routine.state, routine.ended = State.ACTIVE, None
        await note(group, by, routine, "撤销停用")
        await group.records.update(routine)
    return len(stopped)


SUBJECT = Subject("计划", records=(PlanDraft, PlanQuota), order=14)
