"""Putting a plan in force and out of it (feature B6); what took place stays done either way."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.domain import settings
from bot.domain.groups import Group
from bot.domain.plans import SEE, open_questions
from bot.domain.routine_history import note
from bot.domain.routine_rules import is_over, rules_of_term
from bot.domain.routines import Routine, State, all_routines
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import Refused


class Activation(NamedTuple):
    """What activating came to: the arrangements now in force, what is still asked, and the subjects that speak now.

    ``opened`` are those of them that had been switched off.
    """

    started: tuple[Routine, ...]
    questions: tuple[Routine, ...]
    topics: tuple[str, ...]
    opened: tuple[str, ...]


async def activate(group: Group, by: str) -> tuple[Activation, Undo]:
    """Put every settled draft in force, and turn on the subjects they belong to.

    Raises:
        Refused: there is nothing to put in force.
    """
    found = await all_routines(group)
    drafts, questions = await _to_start(group, found), await open_questions(group)
    if not drafts and not questions:
        raise Refused("没有要启用的安排。", "把计划文件发给我，或发：/日程 加 周五 活动内容", symbol="ℹ️")
    running = {routine.number for routine in found if routine.state is State.ACTIVE}
    before = {str(routine.number): routine.state.value for routine in drafts}
    started = [await start(group, by, routine) for routine in drafts]
    topics = topics_of([*started, *questions])
    opened = await speak_again(group, topics)
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


async def _to_start(group: Group, found: list[Routine]) -> list[Routine]:
    """Drafts; when there are none, what was stopped by hand and whose place nobody has taken since.

    What had been called off for good before it was stopped is not meant.
    """
    drafts = [routine for routine in found if routine.state is State.DRAFT]
    running = {routine.subject for routine in found if routine.state is State.ACTIVE and routine.subject}
    stopped = [routine for routine in found if routine.state is State.STOPPED and routine.subject not in running]
    rules = await rules_of_term(group)
    return drafts or [routine for routine in stopped if not is_over(rules.get((routine.id, routine.version), ()))]


def topics_of(found: Sequence[Routine]) -> tuple[str, ...]:
    """The subjects that arrangements belong to, each once."""
    return tuple(dict.fromkeys(routine.topic for routine in found if routine.topic))


async def speak_again(group: Group, topics: Sequence[str]) -> tuple[str, ...]:
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
            routine.former = tuple(old for old in routine.former if old.id == routine.id)
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
