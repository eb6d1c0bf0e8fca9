"""Giving tasks, finishing, moving and calling them off, and the way back from each (feature B2)."""

from collections.abc import Collection
from datetime import date

from bot.calendar.names import day_label
from bot.domain import guard
from bot.domain.groups import Group
from bot.domain.people import Member, Role
from bot.domain.tasks import EXAMPLE, Task, numbered
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, NotAllowed, Refused

LONGEST = 500


async def give(
    group: Group, by: str, owners: Collection[str], text: str, due: date | None, origin: str = ""
) -> tuple[Task, Undo]:
    """Give a task; each owner but the giver is told privately.

    Raises:
        BadArgument: no owner, no text, too long a text, a day gone by, somebody not in the group;
        guard.PupilNamed: it seems to name a pupil.
    """
    _must_be_worded(text)
    if due is not None and due < group.today:
        raise BadArgument(f"{day_label(due)}已经过了。", f"例：{EXAMPLE}")
    names = [(await group.member(name)).name for name in dict.fromkeys(owners)]
    if not names:
        raise BadArgument("交给谁？", f"例：{EXAMPLE}")
    await guard.check_among(text, group.teachers)
    task = await group.records.add(
        Task(
            term=group.term.name,
            number=await group.next_number(),
            text=text,
            owners=tuple(names),
            due=due,
            giver=by,
            origin=origin,
            created=group.now,
            author=by,
        )
    )
    for name in names:
        if name != by:
            group.tell(name, f"📌 {by}给您一项任务：{task.label}", f"做完了回：/完成 {task.number}")
    return task, undo_with(call_off_again, f"任务 {task.number}", number=task.number)


async def finish(group: Group, by: Member, number: int, names: Collection[str] = ()) -> tuple[Task, Undo]:
    """Finish one's own part of a task, or as the leader somebody else's; a late finish is one.

    Raises:
        BadArgument: no such task; NotAllowed: it is not theirs; Refused: finished or called off already.
    """
    task = await numbered(group, number)
    whose = tuple(dict.fromkeys(names)) or ((by.name,) if by.name in task.owners else ())
    if not whose or (whose != (by.name,) and by.role is not Role.LEADER):
        raise NotAllowed(f"任务 {number} 是{'、'.join(task.owners)}的。", "看自己的：/任务")
    if stranger := next((name for name in whose if name not in task.owners), None):
        raise BadArgument(f"任务 {number} 没有交给{stranger}。", f"看任务：/任务 {number}")
    if task.dropped:
        raise Refused(f"任务 {number} 已经取消，不用做了。", symbol="ℹ️")
    fresh = [name for name in whose if name not in task.done]
    if not fresh:
        raise Refused(f"任务 {number} 已经完成了。", "看自己的：/任务", symbol="ℹ️")
    done = {**task.done, **dict.fromkeys(fresh, group.now)}
    stored = await group.records.update(task.model_copy(update={"changed": group.now, "done": done}))
    if not stored.open_owners and stored.giver != by.name:
        group.tell(stored.giver, f"✅ 任务 {stored.number} {stored.text} 全部完成了。")
    return stored, undo_with(reopen, f"完成任务 {number}", number=number, names=fresh)


async def move(group: Group, by: str, number: int, due: date) -> tuple[Task, Undo]:
    """Set another last day; those who have not finished hear of it.

    Raises:
        BadArgument: no such task, or a day gone by; Refused: nobody has it to do any more.
    """
    task = await _open(group, number)
    if due < group.today:
        raise BadArgument(f"{day_label(due)}已经过了。", f"例：/任务 改 {number} 下周三前")
    before = task.due.isoformat() if task.due else ""
    stored = await group.records.update(task.model_copy(update={"changed": group.now, "due": due}))
    _tell_open(group, stored, by, f"📌 任务改期：{stored.label}")
    return stored, undo_with(move_back, f"任务 {number} 改期", number=number, due=before, now=due.isoformat())


async def call_off(group: Group, by: str, number: int) -> tuple[Task, Undo]:
    """Call a task off; those who have not finished hear of it.

    Raises:
        BadArgument: no such task; Refused: nobody has it to do any more.
    """
    task = await _open(group, number)
    _tell_open(group, task, by, f"📌 任务 {task.number} {task.text} 取消了，您不用再做。")
    stored = await group.records.update(task.model_copy(update={"changed": group.now, "dropped": True}))
    return stored, undo_with(take_up, f"取消任务 {number}", number=number)


@inverse
async def call_off_again(group: Group, who: str, number: int) -> str:
    """Inverse of giving: the task goes, as if called off."""
    await call_off(group, who, number)
    return f"已撤销：任务 {number} 收回了。"


@inverse
async def reopen(group: Group, who: str, number: int, names: list[str]) -> str:
    """Inverse of finishing: it is still to do."""
    task = await numbered(group, number)
    left = {name: moment for name, moment in task.done.items() if name not in names}
    await group.records.update(task.model_copy(update={"changed": group.now, "done": left, "author": who}))
    return f"已撤销：任务 {number} 还没完成。"


@inverse
async def move_back(group: Group, who: str, number: int, due: str, now: str) -> str:
    """Inverse of moving: the former day, if nobody has moved it since."""
    task = await _open(group, number)
    if task.due is None or task.due.isoformat() != now:
        raise Refused(f"任务 {number} 后来又改过期，不撤销了。", f"看任务：/任务 {number}")
    last = date.fromisoformat(due) if due else None
    stored = await group.records.update(task.model_copy(update={"changed": group.now, "due": last}))
    _tell_open(group, stored, who, f"📌 任务期限恢复：{stored.label}")
    return f"已撤销：任务 {stored.label}。"


@inverse
async def take_up(group: Group, who: str, number: int) -> str:
    """Inverse of calling off: it is to do again."""
    task = await numbered(group, number)
    stored = await group.records.update(task.model_copy(update={"changed": group.now, "dropped": False}))
    _tell_open(group, stored, who, f"📌 任务 {stored.label} 照旧。")
    return f"已撤销：任务 {number} 照旧。"


def _must_be_worded(text: str) -> None:
    if not text.strip():
        raise BadArgument("做什么？", f"例：{EXAMPLE}")
    if len(text) > LONGEST:
        raise BadArgument(f"这条有 {len(text)} 字，最多 {LONGEST} 字。", "细节请放文档里，任务里写一句和链接。")


async def _open(group: Group, number: int) -> Task:
    task = await numbered(group, number)
    if not task.open_owners:
        raise Refused(f"任务 {number} 已经{'取消' if task.dropped else '完成'}了。", symbol="ℹ️")
    return task


def _tell_open(group: Group, task: Task, by: str, line: str) -> None:
    for name in task.open_owners:
        if name != by:
            group.tell(name, line)
