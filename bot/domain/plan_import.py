"""A plan document becomes the group's (feature B6): read, held against what is there, kept, and taken back.

A first plan is kept at once, as drafts and questions, and says nothing until it is put in force. A revised one that
changes or drops something waits for the leader's yes (bot/domain/plan_drafts.py); what was done and answered stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.calendar.entries import Entry
from bot.calendar.names import period_label, weekday_name
from bot.calendar.plan_reader import PlanContext, read_plan
from bot.calendar.quota_lines import QuotaLine, read_quotas
from bot.calendar.wording import rule_of
from bot.domain import guard, plan_drafts, plan_quotas, plans
from bot.domain.groups import Group
from bot.domain.people import Role
from bot.domain.plan_changes import put_back_as, put_in, restore
from bot.domain.plan_compare import SOURCE, Change, Difference, compare
from bot.domain.routines import Routine, State, all_routines, subject_of
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import Refused

SEE = "看计划：/计划"


@dataclass(frozen=True)
class Reading:
    """What a document holds.

    Attributes:
        every: all entries as the reader gives them; ``entries`` are those of the calendar.
        quotas: numbers to reach (每学期听课不少于 15 节).
    """

    every: tuple[Entry, ...]
    quotas: tuple[QuotaLine, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries that stand in the calendar."""
        return tuple(entry for entry in self.every if not entry.quota)


@dataclass(frozen=True)
class Imported:
    """What an import came to.

    Attributes:
        sure, questions: what is new and clear, and what the leader is asked; ``known``: what was there already.
        changed, dropped: what a revised plan changed and left out.
        quotas: how many numbers to reach are new.
        waiting: the difference, when the leader has to say yes first.
    """

    sure: tuple[Routine, ...] = ()
    questions: tuple[Routine, ...] = ()
    known: tuple[Routine, ...] = ()
    changed: tuple[Routine, ...] = ()
    dropped: tuple[Routine, ...] = ()
    quotas: int = 0
    waiting: Difference | None = None
    undo: Undo | None = None


def read(lines: Sequence[str], context: PlanContext) -> Reading:
    """What a document holds. Takes seconds for the longest: a chat calls it in a thread.

    Raises:
        Refused: it holds no calendar entry.
    """
    entries = read_plan(lines, context)
    quotas = read_quotas(lines, entries)
    if not entries and not quotas:
        raise Refused("这份文件里没有找到活动安排。", "每条写成一行，例：每月第一周：召开备课组例会")
    return Reading(tuple(entries), tuple(quotas))


async def import_lines(group: Group, by: str, lines: Sequence[str], *, activate: bool = False) -> Imported:
    """Read a document and keep it, as ``keep``.

    Raises:
        Refused: it holds no calendar entry; guard.PupilNamed: a line seems to name a pupil.
    """
    return await keep(group, by, read(lines, plans.context_of(group)), activate=activate)


async def keep(group: Group, by: str, reading: Reading, *, name: str = "", activate: bool = False) -> Imported:
    """Keep what is new as drafts and questions; with ``activate`` what is sure is in force at once.

    What is there already, in whatever state, keeps its number and its answers. What the document changes or leaves out
    waits for the leader: only then is ``waiting`` set, and without ``activate`` nothing at all is kept before.

    Raises:
        guard.PupilNamed: a line seems to name a pupil; nothing is kept.
    """
    await _must_name_nobody(group, reading)
    found = compare(group, await all_routines(group), reading.entries)
    if found.needs_yes:
        await plan_drafts.keep(group, by, reading.entries, name)
        if not activate:
            quotas, _ = await plan_quotas.keep(group, by, reading.quotas)
            return Imported(known=tuple(r for r, _ in found.same), quotas=quotas, waiting=found)
        await _tell_leader_of_change(group, by, found)
    done = await _write(group, by, replace(found, changed=(), gone=()), reading.quotas, activate=activate)
    return replace(done, waiting=found) if found.needs_yes else done


def words_of(entry: Entry) -> str:
    """An entry that is not kept yet, in words: "每月第一周 召开备课组例会"."""
    return f"{rule_of(entry)} {entry.activity}"


async def difference(group: Group) -> Difference:
    """What the revised plan that waits would change, counted anew.

    Raises:
        Refused: none waits.
    """
    draft = await plan_drafts.waiting(group)
    return compare(group, await all_routines(group), draft.entries)


async def accept(group: Group, by: str, *, drop: bool = False) -> Imported:
    """Say yes to the revised plan; with ``drop`` what it leaves out is put out of force, else that stays.

    Raises:
        Refused: none waits, or it says nothing new any more.
    """
    found = await difference(group)
    await plan_drafts.drop(group)
    if not found.new and not found.needs_yes:
        raise Refused("新计划和现在的一样，没有要改的。", SEE, symbol="ℹ️")
    return await _write(group, by, found if drop else replace(found, gone=()), ())


async def _write(
    group: Group, by: str, found: Difference, quotas: Sequence[QuotaLine], *, activate: bool = False
) -> Imported:
    """Write a difference; its way back is in the result."""
    number = max((routine.question_number or 0 for routine in await all_routines(group)), default=0)
    before: dict[str, str] = {}
    sure: list[Routine] = []
    questions: list[Routine] = []
    known: list[Routine] = []
    for routine, entry in found.same:
        fresh = await _follow(group, routine, entry)
        started = activate and fresh.state is State.DRAFT
        (sure if started else known).append(await plans.start(group, by, fresh) if started else fresh)
    changed = []
    for change in found.changed:
        before[str(change.before.number)] = restore(change.before)
        number += not change.after.sure
        changed.append(await _change(group, by, change, number))
    dropped = []
    for routine in found.gone:
        before[str(routine.number)] = restore(routine)
        dropped.append(await _drop(group, by, routine))
    for entry in found.new:
        number += not entry.sure
        state = State.ASKING if not entry.sure else State.ACTIVE if activate else State.DRAFT
        stored = await _store(group, by, entry, state, None if entry.sure else number)
        (sure if entry.sure else questions).append(stored)
    fresh_quotas, old_quotas = await plan_quotas.keep(group, by, quotas)
    await _tell_leader(group, by, [*(r for r in changed if r.state is State.ASKING), *questions])
    made = [r.number for r in (*sure, *questions) if r.number not in {k.number for k, _ in found.same}]
    after = {str(r.number): r.revision for r in (*changed, *dropped)}
    undo = undo_with(import_back, "导入计划", made=made, before=before, after=after, quotas=old_quotas)
    done = Imported(tuple(sure), tuple(questions), tuple(known), tuple(changed), tuple(dropped), fresh_quotas)
    return replace(done, undo=undo)


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
        await plans.take_over(group, by, routine)
    return await group.records.add(routine)


async def _follow(group: Group, routine: Routine, entry: Entry) -> Routine:
    """Point an arrangement at its line in the new document."""
    line = {"line": entry.line, "text": entry.text}
    fresh = routine.entry.model_copy(update=line)
    read_as = entry if routine.read else None
    if fresh == routine.entry and read_as == routine.read:
        return routine
    return await group.records.update(routine.model_copy(update={"entry": fresh, "read": read_as}))


async def _change(group: Group, by: str, change: Change, number: int) -> Routine:
    """Give an arrangement its new rule; what took place by the old one stays."""
    routine, entry = change.before, change.after
    line = {"line": change.entry.line, "text": change.entry.text}
    renewed = entry.model_copy(update=line)
    if not entry.sure:
        renewed = _with_own_choice(renewed, routine)
        routine.question_number = routine.question_number or number
    elif routine.question_number is not None:
        routine.question_number = None
    routine.read = change.entry if renewed.activity != change.entry.activity or routine.read else None
    state = State.ASKING if not entry.sure else State.DRAFT if routine.state is State.ASKING else routine.state
    return await put_in(group, by, routine, renewed, state, "新计划")


async def _drop(group: Group, by: str, routine: Routine) -> Routine:
    if routine.state is State.ACTIVE and not routine.silent:
        group.announce(f"【改】{routine.title}（{routine.rule}）不再安排。")
    return await plans.end(group, by, routine, State.DROPPED, "新计划里没有，停掉")


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


async def _must_name_nobody(group: Group, reading: Reading) -> None:
    for text in dict.fromkeys(entry.text for entry in reading.entries):
        await guard.check_among(text, group.teachers)


async def _tell_leader(group: Group, by: str, questions: Sequence[Routine]) -> None:
    leader = await _leader_other_than(group, by)
    if questions and leader:
        plans.tell_leader_of(group, leader, questions)


async def _tell_leader_of_change(group: Group, by: str, found: Difference) -> None:
    leader = await _leader_other_than(group, by)
    if leader:
        rows = [f"• {change.line}" for change in found.changed[:3]] + [f"• 没有了：{r.title}" for r in found.gone[:3]]
        group.tell(leader, f"📋 计划有新的一份：{found.counts}，改了和没有了的等您定。", *rows, "看一看：/计划 导入 看")


async def _leader_other_than(group: Group, by: str) -> str:
    leader = await group.leader()
    return leader.name if leader and leader.role is Role.LEADER and leader.name != by else ""


@inverse
async def import_back(
    group: Group, who: str, made: list[int], before: dict[str, str], after: dict[str, int], quotas: dict[str, Any]
) -> str:
    """Inverse of an import: what it brought goes, what it changed is as it was unless somebody changed it since."""
    await group.must_lead(who, "计划", SEE)
    gone, back, stay = 0, 0, []
    for routine in await all_routines(group):
        key = str(routine.number)
        if routine.number in made and routine.state in (State.DRAFT, State.ASKING):
            await group.records.remove(routine)
            gone += 1
        elif routine.number in made and routine.state is State.ACTIVE:
            await plans.end(group, who, routine, State.DROPPED, "撤销导入")
            gone += 1
        elif key in before and after.get(key) == routine.revision:
            await put_back_as(group, who, routine, before[key])
            back += 1
        elif key in before:
            stay.append(key)
    await plan_quotas.back(group, quotas)
    kept = f"{'、'.join(stay)} 后来又改过，照旧。" if stay else ""
    return f"已撤销：导入的 {gone} 项删掉了{f'，{back} 项恢复原样' if back else ''}。{kept}"
