"""The leader's word on the plan (feature B6): answers, corrections, other names, no posts, deleted, brought back.

Each is kept with who, when and what, can be taken back, and reaches the group in one 【改】 line only where it changes
something in force. What took place by an old rule stays what it was (``Routine.former``).
"""

from bot.calendar.entries import Entry, Kind
from bot.calendar.plan_reader import question_for
from bot.calendar.wording import rule_of
from bot.domain import guard, plan_activation, plans
from bot.domain.groups import Group
from bot.domain.happenings import happenings
from bot.domain.plan_answers import NO_POST, answered, corrected
from bot.domain.plan_compare import timing
from bot.domain.plan_keeping import next_question, put_back_as, put_in, restore, settled_state
from bot.domain.plans import SEE
from bot.domain.routine_history import note
from bot.domain.routine_rules import ended_since
from bot.domain.routines import Routine, State, all_routines
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, Refused

LONGEST_NAME = 40


async def answer(group: Group, by: str, number: int, words: str) -> tuple[Routine, bool, Undo]:
    """Answer question ``number``; returns the routine and whether it is settled now (False = a further question).

    Settled entries of a plan that is in force are in force at once.

    Raises:
        BadArgument: no such question, or the answer is not understood.
    """
    question = next((q for q in await plans.open_questions(group) if q.question_number == number), None)
    if question is None:
        raise BadArgument(f"没有第 {number} 个问题。", "看还有哪些问题：/计划")
    entry = answered(group, question.entry, words, plans.context_of(group))
    asked, choices = question_for(entry.model_copy(update={"question": None, "choices": []}))
    entry = entry.model_copy(update={"sure": asked is None, "question": asked, "choices": list(choices)})
    silent = words.strip().rstrip("。.") in NO_POST
    stored, undo = await _put(group, by, question, entry, f"回答“{words[:20]}”", f"回答 {number}", silent=silent)
    return stored, asked is None, undo


async def correct(group: Group, by: str, number: int, words: str) -> tuple[Routine, Undo]:
    """Give entry ``number`` the time that ``words`` name; an open question of it is answered by that.

    Raises:
        plan_answers.Ambiguous: the words leave something open.
        BadArgument: no such entry, or not understood; Refused: it is deleted, or it is so already.
    """
    routine = await _present(group, number)
    entry = corrected(group, routine.entry, words, plans.context_of(group))
    if timing(entry) == timing(routine.entry) and routine.state is not State.ASKING:
        raise Refused(
            f"{number} {routine.title}本来就是{routine.standing}。", f"看这一条：/计划 看 {number}", symbol="ℹ️"
        )
    what = f"把时间 {routine.standing} 改成 {rule_of(entry)}{f' {entry.place}' if entry.place else ''}"
    return await _put(group, by, routine, entry, what, f"改 {number}")


async def rename(group: Group, by: str, number: int, words: str) -> tuple[Routine, Undo]:
    """Call entry ``number`` otherwise.

    Raises:
        BadArgument: no such entry, or too long; Refused: it is deleted, called so already, or its subject has the name.
        guard.PupilNamed: the name seems to be a pupil's.
    """
    routine, words = await _present(group, number), " ".join(words.split())
    if len(words) > LONGEST_NAME:
        raise BadArgument(f"名称有 {len(words)} 字，最多 {LONGEST_NAME} 字。", f"例：/计划 名称 {number} 组内研讨课")
    if routine.subject:
        raise Refused(f"{number} 就叫{routine.subject}，组里都这样认。", f"改时间，例：/计划 改 {number} 周四第8节")
    if words == routine.entry.activity:
        raise Refused(f"{number} 本来就叫“{words}”。", SEE, symbol="ℹ️")
    await guard.check_among(words, group.teachers)
    entry = routine.entry.model_copy(update={"activity": words})
    what = f"把名称“{routine.entry.activity[:20]}”改成“{words[:20]}”"
    return await _put(group, by, routine, entry, what, f"改 {number} 的名称", settles=False)


async def hush(group: Group, by: str, number: int) -> tuple[Routine, Undo]:
    """Post nothing for entry ``number``; it stays in the plan and in the calendar.

    Raises:
        BadArgument: no such entry; Refused: it is deleted or silent already, or a subject of its own speaks.
    """
    routine = await _present(group, number)
    if routine.subject:
        raise Refused(f"{routine.subject}会自己说好几样，整个关掉就行。", f"关掉：/设置 关 {routine.subject}")
    if routine.silent:
        raise Refused(f"{number} {routine.title}本来就不发。", f"照常发：/计划 恢复 {number}", symbol="ℹ️")
    entry = routine.entry
    if routine.state is State.ASKING:
        entry = answered(group, entry, NO_POST[0], plans.context_of(group))
        entry = entry.model_copy(update={"sure": True, "question": None, "choices": []})
    return await _put(group, by, routine, entry, "让它不发", f"不发 {number}", silent=True)


async def delete(group: Group, by: str, number: int) -> tuple[Routine, Undo]:
    """Take entry ``number`` out of the plan; it can be brought back, and the same plan does not bring it back.

    Raises:
        BadArgument: no such entry; Refused: it is deleted already.
    """
    routine = await _present(group, number)
    before, title = restore(routine), routine.title
    known = routine.state is State.ACTIVE and not routine.silent
    if known and await happenings(group, group.today, group.term.last_day, [routine]):
        group.announce(f"【改】{title}（{routine.rule}）不再安排。")
    routine.question_number = None
    stored = await plan_activation.end(group, by, routine, State.DROPPED, "删掉")
    return stored, _way_back(stored, before, f"删 {number}")


async def bring_back(group: Group, by: str, number: int) -> tuple[Routine, Undo]:
    """Undo ``hush`` or ``delete`` at any later time; a stopped entry is put in force alone, one that was called off
    for good goes on, which the group reads.

    Raises:
        BadArgument: no such entry; Refused: nothing is wrong with it.
    """
    routine = await plans.numbered(group, number)
    before, running = restore(routine), await _running(group)
    ended = routine.state is State.ACTIVE and await ended_since(group, routine)
    was_in_force = routine.state is State.STOPPED or (routine.state is State.DROPPED and routine.ended is not None)
    if ended:
        routine.ended = group.now
        stored = await plan_activation.start(group, by, routine)
        group.announce(f"【改】{stored.title} 照常安排（{stored.standing}）。")
    elif was_in_force and routine.entry.sure:
        stored = await plan_activation.start(group, by, routine)
    elif routine.state is State.DROPPED:
        routine.state = State.DRAFT if routine.entry.sure else State.ASKING
        routine.question_number = None if routine.entry.sure else await next_question(group)
        await note(group, by, routine, "恢复")
        stored = await group.records.update(routine)
    elif routine.silent:
        routine.silent = False
        if routine.read and not routine.read.sure and routine.entry.kind is Kind.IRREGULAR:  # never answered otherwise
            routine.entry, routine.state = routine.read, State.ASKING
            routine.question_number = await next_question(group)
        await note(group, by, routine, "让它照常发")
        stored = await group.records.update(routine)
    else:
        raise Refused(f"{number} {routine.title}好好的，不用恢复。", f"看这一条：/计划 看 {number}", symbol="ℹ️")
    return stored, _way_back(stored, before, f"恢复 {number}", running - await _running(group))


async def _put(
    group: Group,
    by: str,
    routine: Routine,
    entry: Entry,
    what: str,
    label: str,
    *,
    silent: bool = False,
    settles: bool = True,
) -> tuple[Routine, Undo]:
    """Change an entry and say how to take it back; a question that this settles is one no more."""
    before, running, state = restore(routine), await _running(group), routine.state
    routine.read = routine.document
    routine.silent = silent or routine.silent
    if state is State.ASKING and settles and entry.question is None:
        state = await settled_state(group)
        routine.question_number, routine.since, routine.answered_by = None, group.now, by
    stored = await put_in(group, by, routine, entry, state, what)
    replaced = running - await _running(group) - {stored.number}
    return stored, _way_back(stored, before, label, replaced)


def _way_back(routine: Routine, before: str, label: str, replaced: set[int] | None = None) -> Undo:
    return undo_with(
        put_back,
        label,
        number=routine.number,
        revision=routine.revision,
        before=before,
        replaced=sorted(replaced or ()),
    )


@inverse
async def put_back(group: Group, who: str, number: int, revision: int, before: str, replaced: list[int]) -> str:
    """Inverse of every change here, unless the entry was changed again since."""
    await group.must_lead(who, "计划", SEE)
    routine = await plans.numbered(group, number)
    if routine.revision != revision:
        raise Refused(f"{number} {routine.title}后来又改过，不撤销了。", f"看这一条：/计划 看 {number}")
    stored = await put_back_as(group, who, routine, before)
    await plan_activation.again(group, who, replaced)
    return f"已撤销：{number} {stored.title}恢复原样（{stored.standing}）。"


async def _present(group: Group, number: int) -> Routine:
    routine = await plans.numbered(group, number)
    if routine.state is State.DROPPED:
        raise Refused(f"{number} {routine.title}已经删了。", f"恢复：/计划 恢复 {number}", symbol="ℹ️")
    return routine


async def _running(group: Group) -> set[int]:
    return {routine.number for routine in await all_routines(group) if routine.state is State.ACTIVE}
