"""Setting goals, changing them, writing down what was measured, and the way back from each (feature B10)."""

import re
from typing import Any

from bot.domain import guard
from bot.domain.goal_words import EXAMPLE, GoalWords
from bot.domain.goals import PERCENT, SEE, Goal, Reading, counter_for, numbered, of_term
from bot.domain.groups import Group
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, Refused

MOST = 12
MOST_READINGS = 60
_PUPIL = re.compile(r"班\s*[-\uff0d#]?\s*\d{1,3}\s*号?$|班\s*[-\uff0d]\s*\d")
"""A class with a seat: what all read has no single pupil in it."""


async def add(group: Group, by: str, words: GoalWords) -> tuple[Goal, Undo]:
    """Set a goal.

    Raises:
        BadArgument: a single pupil's; Refused: there are enough, or the same is there; guard.PupilNamed: see there.
    """
    await _check(group, words.measure)
    known = await of_term(group)
    if len(known) >= MOST:
        raise Refused(f"已经有 {MOST} 个目标了，先去掉不要的。", f"例：/目标 删 {known[0].number}", SEE)
    if same := next((goal for goal in known if goal.measure == words.measure), None):
        raise Refused(
            f"已经有这个目标：{same.number} {same.label}。", f"要改，例：/目标 改 {same.number} 从 6 到 12 节", SEE
        )
    goal = Goal(
        term=group.term.name,
        number=await group.next_number(),
        **_fields(words),
        created=group.now,
        author=by,
    )
    stored = await group.records.add(goal)
    return stored, undo_with(drop_again, f"目标 {stored.number}", number=stored.number)


async def change(group: Group, number: int, words: GoalWords) -> tuple[Goal, Undo]:
    """Put a goal into other words; what was measured stays.

    Raises:
        BadArgument: no such goal, a single pupil's; guard.PupilNamed: see there.
    """
    await _check(group, words.measure)
    old = await numbered(group, number)
    new = _fields(words) if words.measure != old.measure else {**_fields(words), "counter": old.counter}
    return await _put(group, old, new, f"改目标 {number}")


async def note(group: Group, by: str, number: int, value: float) -> tuple[Goal, Undo]:
    """Write down what was measured; a goal that was counted goes by what is written from now on.

    Raises:
        BadArgument: no such goal, or more than there can be.
    """
    old = await numbered(group, number)
    if old.unit == PERCENT and value > 100:
        raise BadArgument("百分数最多 100。", f"例：/目标 记 {number} 85")
    reading = Reading(value=value, by=by, at=group.now)
    readings = (*old.readings, reading)[-MOST_READINGS:]
    return await _put(group, old, {"readings": readings, "counter": ""}, f"目标 {number} 的新数")


async def count(group: Group, number: int) -> tuple[Goal, Undo]:
    """Have a goal counted from the group's records again.

    Raises:
        BadArgument: no such goal; Refused: none of the group's figures counts it, or it is counted already.
    """
    old = await numbered(group, number)
    counter = counter_for(old.measure)
    if not counter:
        raise Refused(f"“{old.measure}”我数不出来，请您记。", f"例：/目标 记 {number} 8", symbol="ℹ️")
    if old.counter:
        raise Refused(f"目标 {number} 本来就是我在数。", SEE, symbol="ℹ️")
    return await _put(group, old, {"counter": counter}, f"目标 {number} 自动数")


async def drop(group: Group, number: int) -> tuple[Goal, Undo]:
    """Give a goal up; what was measured stays with it.

    Raises:
        BadArgument: no such goal.
    """
    return await _put(group, await numbered(group, number), {"dropped": True}, f"去掉目标 {number}")


@inverse
async def drop_again(group: Group, who: str, number: int) -> str:
    """Inverse of ``add``."""
    await group.must_lead(who, "目标", SEE)
    await group.records.remove(await numbered(group, number))
    return f"已撤销：目标 {number} 去掉了。"


@inverse
async def put_back(group: Group, who: str, number: int, before: dict[str, Any], revision: int) -> str:
    """Inverse of every other change, unless the goal was changed again."""
    await group.must_lead(who, "目标", SEE)
    (goal,) = await group.records.find(Goal, term=group.term.name, number=number)
    if goal.revision != revision:
        raise Refused(f"目标 {number} 后来又改过，不撤销了。", SEE)
    stored = await group.records.update(Goal.model_validate({**goal.model_dump(), **before}))
    return f"已撤销：目标 {number} {stored.label}。"


async def _put(group: Group, old: Goal, new: dict[str, Any], label: str) -> tuple[Goal, Undo]:
    before = old.model_dump(mode="json", include=set(new))
    stored = await group.records.update(old.model_copy(update=new))
    return stored, undo_with(put_back, label, number=stored.number, before=before, revision=stored.revision)


def _fields(words: GoalWords) -> dict[str, Any]:
    return {**vars(words), "counter": counter_for(words.measure)}


async def _check(group: Group, measure: str) -> None:
    if _PUPIL.search(measure):
        raise BadArgument("目标全组都看得到，只写全班、全年级的数，不写一个学生的。", f"例：{EXAMPLE}")
    await guard.check_among(measure, group.teachers)
