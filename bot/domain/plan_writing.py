"""Writing what a plan document brings (feature B6): new arrangements, changed ones, those it leaves out; and back.

What is to be written was decided before (bot/domain/plan_compare.py), by the leader where it touches what is there.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.calendar.entries import Entry
from bot.calendar.names import period_label, weekday_name
from bot.calendar.quota_lines import QuotaLine
from bot.calendar.wording import rule_of
from bot.domain import plan_activation, plan_quotas, plans
from bot.domain.groups import Group
from bot.domain.people import Role
from bot.domain.plan_compare import SOURCE, Change, Difference
from bot.domain.plan_keeping import next_question, put_back_as, put_in, restore, settled_state
from bot.domain.routines import Routine, State, all_routines, subject_of
from bot.domain.undo import Undo, inverse, undo_with


@dataclass
class Imported:
    """What an import came to.

    Attributes:
        sure, questions: what is new and clear, and what the leader is asked; ``known``: what was there already.
        changed, dropped: what a revised plan changed and left out.
        targets: how many numbers to reach are new.
        waiting: the difference, when the leader has to say yes first.
        undo: the way back; None while nothing is written.
    """

    sure: list[Routine] = field(default_factory=list)
    questions: list[Routine] = field(default_factory=list)
    known: list[Routine] = field(default_factory=list)
    changed: list[Routine] = field(default_factory=list)
    dropped: list[Routine] = field(default_factory=list)
    targets: int = 0
    waiting: Difference | None = None
    undo: Undo | None = None


async def write(
    group: Group, by: str, found: Difference, targets: Sequence[QuotaLine], *, activate: bool = False
) -> Imported:
    """Write a difference; with ``activate`` what is new or drafted, and sure, is in force at once."""
    before = {str(r.number): restore(r) for r in (*(change.before for change in found.changed), *found.gone)}
    done = Imported()
    for routine, entry in found.same:
        await _keep(group, by, await _follow(group, routine, entry), done, activate=activate)
    done.changed = [await _change(group, by, change) for change in found.changed]
    done.dropped = [await _drop(group, by, routine) for routine in found.gone]
    new = [await _store(group, by, entry, activate=activate) for entry in found.new]
    done.sure += [routine for routine in new if routine.state is not State.ASKING]
    done.questions = [routine for routine in new if routine.state is State.ASKING]
    if activate:
        await plan_activation.speak_again(group, plan_activation.topics_of([*done.sure, *done.questions]))
    done.targets, numbers = await plan_quotas.keep(group, by, targets)
    await _tell_leader(group, by, [*(r for r in done.changed if r.state is State.ASKING), *done.questions])
    done.undo = undo_with(
        import_back,
        "导入计划",
        made=[routine.number for routine in new],
        before=before,
        after={str(r.number): str(r.revision) for r in (*done.changed, *done.dropped)},
        targets=json.dumps(numbers, ensure_ascii=False),
    )
    return done


async def leader_other_than(group: Group, by: str) -> str:
    """The leader's name when somebody else imports; "" when there is nobody to tell."""
    leader = await group.leader()
    return leader.name if leader and leader.role is Role.LEADER and leader.name != by else ""


async def _keep(group: Group, by: str, routine: Routine, done: Imported, *, activate: bool) -> None:
    if activate and routine.state is State.DRAFT:
        done.sure.append(await plan_activation.start(group, by, routine))
    else:
        done.known.append(routine)


async def _store(group: Group, by: str, entry: Entry, *, activate: bool) -> Routine:
    state = State.ASKING if not entry.sure else State.ACTIVE if activate else State.DRAFT
    routine = Routine(
        term=group.term.name,
        number=await group.next_number(),
        entry=_with_own_choice(entry, await _current(group, entry)),
        state=state,
        subject=subject_of(entry),
        question_number=None if entry.sure else await next_question(group),
        source=SOURCE,
        since=group.now,
        created=group.now,
        author=by,
    )
    if state is State.ACTIVE:
        await plan_activation.take_over(group, by, routine)
    return await group.records.add(routine)


async def _follow(group: Group, routine: Routine, entry: Entry) -> Routine:
    """Point an arrangement at its line in the new document."""
    fresh = _on_line_of(routine.entry, entry)
    read_as = entry if routine.read else None
    if fresh == routine.entry and read_as == routine.read:
        return routine
    return await group.records.update(routine.model_copy(update={"entry": fresh, "read": read_as}))


async def _change(group: Group, by: str, change: Change) -> Routine:
    """Give an arrangement its new rule; what took place by the old one stays."""
    routine, renewed = change.before, _on_line_of(change.after, change.entry)
    state, question = routine.state, None
    if not renewed.sure:
        state, question = State.ASKING, routine.question_number or await next_question(group)
        renewed = _with_own_choice(renewed, routine)
    elif state is State.ASKING:
        state, routine.since = await settled_state(group), group.now
    routine.question_number = question
    routine.read = change.entry if routine.read or renewed.activity != change.entry.activity else None
    what = f"照新计划改：{routine.rule} {routine.entry.activity[:20]} → {rule_of(renewed)} {renewed.activity[:20]}"
    return await put_in(group, by, routine, renewed, state, what)


async def _drop(group: Group, by: str, routine: Routine) -> Routine:
    if routine.state is State.ACTIVE and not routine.silent:
        group.announce(f"【改】{routine.title}（{routine.rule}）不再安排。")
    return await plan_activation.end(group, by, routine, State.DROPPED, "停掉（新计划里没有）")


def _on_line_of(entry: Entry, document: Entry) -> Entry:
    return entry.model_copy(update={"line": document.line, "text": document.text})


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


async def _tell_leader(group: Group, by: str, questions: Sequence[Routine]) -> None:
    leader = await leader_other_than(group, by)
    if questions and leader:
        plans.tell_leader_of(group, leader, questions)


@inverse
async def import_back(
    group: Group, who: str, made: list[int], before: dict[str, str], after: dict[str, str], targets: str
) -> str:
    """Inverse of an import: what it brought goes, what it changed is as it was unless somebody changed it since."""
    await group.must_lead(who, "计划", plans.SEE)
    found = {str(routine.number): routine for routine in await all_routines(group)}
    gone = [await _take_away(group, who, found[str(number)]) for number in made if str(number) in found]
    mine = [key for key in before if key in found and after.get(key) == str(found[key].revision)]
    for key in mine:
        await put_back_as(group, who, found[key], before[key])
    await plan_quotas.back(group, json.loads(targets))
    stay = [key for key in before if key not in mine]
    kept = f"{'、'.join(stay)} 后来又改过，照旧。" if stay else ""
    return f"已撤销：导入的 {sum(gone)} 项删掉了{f'，{len(mine)} 项恢复原样' if mine else ''}。{kept}"


async def _take_away(group: Group, who: str, routine: Routine) -> bool:
    """Remove what an import brought; what has been in force since is kept as deleted."""
    if routine.state in (State.DRAFT, State.ASKING):
        await group.records.remove(routine)
    elif routine.state is State.ACTIVE:
        await plan_activation.end(group, who, routine, State.DROPPED, "撤销导入")
    else:
        return False
    return True
