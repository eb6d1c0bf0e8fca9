"""Giving an arrangement another entry or state, and giving it back what it had (feature B6).

The group reads of it in one line where something in force is different; what took place by the old rule stays.
"""

import json
from typing import Any

from bot.calendar.entries import Entry
from bot.domain import plan_activation
from bot.domain.groups import Group
from bot.domain.plan_compare import SOURCE, timing
from bot.domain.routine_history import note
from bot.domain.routine_rules import ended_since
from bot.domain.routines import Routine, State, all_routines, subject_of

_FIELDS = frozenset(
    (
        "entry", "read", "state", "subject", "question_number", "silent", "former", "amended", "ended", "since",
        "answered_by",
    )
)  # fmt: skip
"""What a change of the plan may touch, and taking it back restores."""


async def put_in(group: Group, by: str, routine: Routine, entry: Entry, state: State, what: str) -> Routine:
    """Give an arrangement an entry and a state; in force, the group reads what is different."""
    title, standing, was_active = routine.title, routine.standing, routine.state is State.ACTIVE
    reopened = state is State.ACTIVE and not was_active and routine.ended is not None
    if was_active and timing(entry) != timing(routine.entry):
        routine.former, routine.amended = (*routine.former, routine.as_former(group.now)), group.now
        routine.ended = group.now
    routine.ended = None if state is State.ACTIVE else routine.ended
    routine.entry, routine.state, routine.subject = entry, state, subject_of(entry)
    if state is State.ACTIVE:
        await plan_activation.take_over(group, by, routine)
    if (was_active or reopened) and not routine.silent:
        _announce(group, routine, title, standing)
    await note(group, by, routine, what)
    return await group.records.update(routine)


def restore(routine: Routine) -> str:
    """Everything a change of the plan may touch, as JSON, for ``put_back_as``."""
    return json.dumps(routine.model_dump(mode="json", include=set(_FIELDS)), ensure_ascii=False)


async def put_back_as(group: Group, who: str, routine: Routine, before: str) -> Routine:
    """Give an arrangement back what ``restore`` kept; the group reads of it where it had read of the change."""
    fields: dict[str, Any] = json.loads(before)
    former = Routine.model_validate({**routine.model_dump(), **fields})
    differs = (former.title, former.standing) != (routine.title, routine.standing) or routine.state is State.DROPPED
    over = former.version != routine.version and await ended_since(group, former)
    if former.state is State.ACTIVE and over:
        group.announce(f"【改】{former.title} 不再安排。")
    elif former.state is State.ACTIVE and not former.silent and differs:
        group.announce(f"【改】{former.title} 恢复原来的安排（{former.standing}）。")
    await note(group, who, routine, "撤销了这次改动")
    return await group.records.update(former)


async def settled_state(group: Group) -> State:
    """What becomes of an entry once nothing is open: in force where the plan is, else a draft."""
    running = any(r.source == SOURCE and r.state is State.ACTIVE for r in await all_routines(group))
    return State.ACTIVE if running else State.DRAFT


async def next_question(group: Group) -> int:
    """The number of the next question; numbers of questions that are answered may come again."""
    return max((r.question_number or 0 for r in await all_routines(group)), default=0) + 1


def _announce(group: Group, routine: Routine, title: str, standing: str) -> None:
    if routine.state is State.ACTIVE and routine.standing != standing:
        group.announce(f"【改】{routine.title} {standing} → {routine.standing}。")
    elif routine.state is State.ASKING:
        group.announce(f"【改】{title}（{standing}）要改时间，定了再说。")
    if routine.title != title:
        group.announce(f"【改】“{title}”改叫“{routine.title}”。")
