"""From a plan document to the group's calendar (feature B6): import, questions to the leader, activation.

Nothing unsure is ever posted: an entry waits as a question until the leader answers it, one question at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.calendar.entries import Entry
from bot.calendar.names import period_label, weekday_name
from bot.calendar.plan_reader import PlanContext, TermSpan, question_for, read_plan
from bot.domain.groups import Group
from bot.domain.people import Role
from bot.domain.plan_answers import answered
from bot.domain.routines import Routine, State, all_routines, subject_of
from bot.errors import BadArgument, Refused

SOURCE = "计划"


@dataclass(frozen=True)
class Imported:
    """What an import came to."""

    sure: tuple[Routine, ...]
    questions: tuple[Routine, ...]
    known: tuple[Routine, ...]


def context_of(group: Group) -> PlanContext:
    """What the reader has to know of the group's term."""
    term = group.term
    span = TermSpan(
        first_day=term.first_day, weeks=term.weeks, midterm_week=term.midterm_week, final_week=term.final_week
    )
    return PlanContext(term=span, term_label=term.name, year=term.first_day.year)


async def import_lines(group: Group, by: str, lines: Sequence[str], *, activate: bool = False) -> Imported:
    """Read a document and keep its entries; what the group has already (same words) is left as it is.

    Raises:
        Refused: the document holds no calendar entry.
    """
    entries = read_plan(lines, context_of(group))
    if not entries:
        raise Refused("这份文件里没有找到活动安排。", "每条写成一行，例：每月第一周：召开备课组例会")
    return await keep(group, by, entries, activate=activate)


async def keep(group: Group, by: str, entries: Sequence[Entry], *, activate: bool = False) -> Imported:
    """Keep entries as drafts and questions; with ``activate`` what is sure is in force at once.

    What is there already, in whatever state, keeps its number and its answers.
    """
    before = await all_routines(group)
    known = {_words(routine.entry): routine for routine in before}
    number = max((routine.question_number or 0 for routine in before), default=0)
    sure: list[Routine] = []
    questions: list[Routine] = []
    old: list[Routine] = []
    for entry in entries:
        routine = known.get(_words(entry))
        if routine is not None and routine.state is State.DRAFT and activate:
            sure.append(await _start(group, routine))
        elif routine is not None:
            old.append(routine)
        elif entry.sure:
            sure.append(await _store(group, by, entry, State.ACTIVE if activate else State.DRAFT, None))
        else:
            number += 1
            questions.append(await _store(group, by, entry, State.ASKING, number))
    await _tell_leader(group, by, questions)
    return Imported(tuple(sure), tuple(questions), tuple(old))


async def open_questions(group: Group) -> list[Routine]:
    """What waits for the leader, in the order it is asked."""
    asking = [routine for routine in await all_routines(group) if routine.state is State.ASKING]
    return sorted(asking, key=lambda routine: routine.question_number or 0)


async def answer(group: Group, by: str, number: int, words: str) -> tuple[Routine, bool]:
    """Answer question ``number``; returns the routine and whether it is settled now (False = a further question).

    Settled entries of a plan that is in force are in force at once.

    Raises:
        BadArgument: no such question, or the answer is not understood.
    """
    question = next((q for q in await open_questions(group) if q.question_number == number), None)
    if question is None:
        raise BadArgument(f"没有第 {number} 个问题。", "看还有哪些问题：/计划")
    entry = answered(group, question.entry, words, context_of(group))
    asked, choices = question_for(entry.model_copy(update={"question": None, "choices": []}))
    settled = asked is None
    question.entry = entry.model_copy(update={"sure": settled, "question": asked, "choices": list(choices)})
    question.subject = subject_of(entry)
    if settled:
        running = any(r.source == question.source and r.state is State.ACTIVE for r in await all_routines(group))
        question.state = State.ACTIVE if running else State.DRAFT
        question.question_number = None
        question.since, question.answered_by = group.now, by
    if question.state is State.ACTIVE:
        await _take_over(group, question)
    return await group.records.update(question), settled


async def activate(group: Group) -> tuple[list[Routine], list[Routine]]:
    """Put every settled draft in force; returns (now in force, still asked).

    Raises:
        Refused: there is nothing to put in force.
    """
    drafts = _to_start(await all_routines(group))
    questions = await open_questions(group)
    if not drafts and not questions:
        raise Refused("没有要启用的安排。", "把计划文件发给我，或发：/日程 加 周五 活动内容", symbol="ℹ️")
    return [await _start(group, routine) for routine in drafts], questions


async def stop(group: Group) -> list[Routine]:
    """Put everything that came from a plan out of force; it is kept and can be put in force again.

    Raises:
        Refused: nothing is in force.
    """
    running = [r for r in await all_routines(group) if r.state is State.ACTIVE]
    if not running:
        raise Refused("计划没有在用。", "启用：/计划 启用", symbol="ℹ️")
    stopped = []
    for routine in running:
        routine.state = State.STOPPED
        stopped.append(await group.records.update(routine))
    return stopped


async def _store(group: Group, by: str, entry: Entry, state: State, question: int | None) -> Routine:
    routine = Routine(
        term=group.term.name,
        number=await group.next_number(),
        entry=_with_own_choice(entry, await _current(group, entry)),
        state=state,
        subject=subject_of(entry),
        question_number=question,
        source=SOURCE,
        since=group.now,
        created=group.now,
        author=by,
    )
    if state is State.ACTIVE:
        await _take_over(group, routine)
    return await group.records.add(routine)


def _to_start(found: list[Routine]) -> list[Routine]:
    """Drafts; when there are none, what was stopped by hand and whose place nobody has taken since."""
    drafts = [routine for routine in found if routine.state is State.DRAFT]
    running = {routine.subject for routine in found if routine.state is State.ACTIVE and routine.subject}
    stopped = [routine for routine in found if routine.state is State.STOPPED and routine.subject not in running]
    return drafts or stopped


async def _current(group: Group, entry: Entry) -> Routine | None:
    """The routine in force that this entry would take the place of."""
    subject = subject_of(entry)
    running = [r for r in await all_routines(group) if r.state is State.ACTIVE and r.subject == subject]
    return running[0] if subject and running else None


def _with_own_choice(entry: Entry, current: Routine | None) -> Entry:
    """Offer the time the group keeps already as the first answer."""
    days = current.entry.weekday if current else None
    if entry.sure or current is None or not isinstance(days, int):
        return entry
    own = f"{weekday_name(days)}{period_label(tuple(current.entry.periods or ()))}"
    return entry.model_copy(update={"choices": [own, *[c for c in entry.choices if c != own]][:6]})


async def _start(group: Group, routine: Routine) -> Routine:
    routine.state, routine.since = State.ACTIVE, group.now
    await _take_over(group, routine)
    return await group.records.update(routine)


async def _take_over(group: Group, routine: Routine) -> None:
    """One subject has one routine: the old one stops, and lends its place when the new one names none."""
    for old in await all_routines(group):
        if routine.subject is None or old.subject != routine.subject or old.id == routine.id:
            continue
        if old.state is State.ACTIVE:
            old.state = State.STOPPED
            await group.records.update(old)
            if not routine.entry.place:
                routine.entry = routine.entry.model_copy(update={"place": old.entry.place})


def _words(entry: Entry) -> tuple[str, str]:
    return entry.activity, " ".join(entry.text.split())


async def _tell_leader(group: Group, by: str, questions: Sequence[Routine]) -> None:
    leader = await group.leader()
    if not questions or leader is None or leader.role is not Role.LEADER or leader.name == by:
        return
    first = questions[0]
    group.tell(
        leader.name,
        f"📝 计划里有 {len(questions)} 处要您定一下，先问第 {first.question_number} 个：",
        first.entry.question or "",
        *[f"• {choice}" for choice in first.entry.choices],
        f"回复例：/计划 答 {first.question_number} {(first.entry.choices or ['周三第8-9节'])[0]}",
    )
