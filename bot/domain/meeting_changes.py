"""Preparing and holding the regular meeting (feature B1), and the way back from each step.

Time and place are changes of the calendar. What several people add to at once (who is there, agenda, minutes) is taken
back piece by piece, so that nobody's undo touches what another has added since.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from bot.calendar.entries import Entry, Kind
from bot.calendar.names import day_label
from bot.domain import guard, meetings, routine_changes, task_changes
from bot.domain.groups import Group
from bot.domain.meetings import Meeting, Sitting, coming, latest
from bot.domain.people import Member, Role
from bot.domain.routines import MEETING
from bot.domain.tasks import Task
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, Refused

CALLED = "备课组例会"
SETTLE = "/例会 定 周四第8节 语文办公室"
DECIDE = "/例会 决定 王老师 周五前 出单元卷"
LONGEST, LONGEST_PLACE = 500, 30
MOST_LINES, MOST_ITEMS = 200, 30
NEAR = timedelta(days=10)
"""How far from the day of the plan a meeting may be moved; farther, it is one more meeting."""


async def settle(group: Group, by: str, day: date, periods: tuple[int, ...], place: str) -> tuple[Meeting, Undo]:
    """Say when and where the meeting is; without one around that day in the plan this calls one more.

    Raises:
        BadArgument: the day is gone, or a place too long; guard.PupilNamed; Refused: no school, or all stands so.
    """
    if day < group.today:
        raise BadArgument(f"{day_label(day)}已经过了。", f"例：{SETTLE}")
    if len(place) > LONGEST_PLACE:
        raise BadArgument(f"地点有 {len(place)} 字，最多 {LONGEST_PLACE} 字。", f"例：{SETTLE}")
    await guard.check_among(place, group.teachers)
    near = await _around(group, day)
    if near is None:
        undo = await _call(group, by, day, periods, place)
    else:
        slot = routine_changes.Slot(day, periods, place=place)
        _, undo = await routine_changes.move(group, by, near.happening, slot)
    found = await meetings.sittings(group, day, day)
    return next(s.meeting for s in found if s.meeting.day == day), undo


async def add_item(group: Group, by: str, text: str) -> tuple[Meeting, Undo]:
    """Put something on the agenda of the next meeting; everybody may."""
    await check(group, text, "例：/例会 议题 单元卷谁来出")
    meeting = await coming(group)
    if meeting is None:
        raise Refused("接下来没有例会。", f"组长可以定一次，例：{SETTLE}")
    item = f"{text}（{by}）"
    if item in meeting.agenda:
        raise Refused("这一条已经在议程里了。", "看议程：/例会", symbol="ℹ️")
    if len(meeting.agenda) >= MOST_ITEMS:
        raise Refused(f"一次例会最多 {MOST_ITEMS} 个议题。", "看议程：/例会")
    kept = await keep(group, by, meeting, agenda=(*meeting.agenda, item))
    return kept, undo_with(drop_item, "例会议题", occasion=kept.occasion, item=item)


async def note(group: Group, by: Member, lines: Collection[str]) -> tuple[Meeting, Undo]:
    """Add lines to the minutes of today's or the last meeting, in the order of coming.

    Raises:
        BadArgument: empty or too long; guard.PupilNamed; Refused: no meeting, or no room.
    """
    if not lines:
        raise BadArgument("还没有内容。", "例：/例会 记 期中前完成第三单元")
    for line in lines:
        await check(group, line, "例：/例会 记 期中前完成第三单元")
    meeting = await begun(group, by)
    if len(meeting.minutes) + len(lines) > MOST_LINES:
        raise Refused(f"一次例会最多记 {MOST_LINES} 条。", "更细的内容请放文档里，记一条链接。")
    kept = await keep(group, by.name, meeting, minutes=(*meeting.minutes, *lines))
    return kept, undo_with(strike, "例会纪要", occasion=kept.occasion, lines=list(lines))


async def correct(group: Group, by: str, number: int, text: str) -> tuple[Meeting, Undo]:
    """Write a line of the last minutes anew, counted from 1.

    Raises:
        BadArgument: no such line, empty, too long; guard.PupilNamed.
    """
    await check(group, text, "例：/例会 更正 1 期中前完成第三单元")
    meeting = await latest_minutes(group)
    if meeting is None or not 1 <= number <= len(meeting.minutes):
        raise BadArgument(f"纪要里没有第 {number} 条。", "看纪要：/例会 纪要")
    old = meeting.minutes[number - 1]
    lines = [*meeting.minutes[: number - 1], text, *meeting.minutes[number:]]
    kept = await keep(group, by, meeting, minutes=tuple(lines))
    return kept, undo_with(uncorrect, "例会纪要", occasion=kept.occasion, old=old, new=text)


async def latest_minutes(group: Group) -> Meeting | None:
    """The last meeting with minutes."""
    return next((m for m in reversed(await meetings.of_term(group)) if m.minutes), None)


async def decide(group: Group, by: Member, owners: Collection[str], text: str, due: date | None) -> tuple[Task, Undo]:
    """A decision with an owner and a day: it becomes a task.

    Raises:
        BadArgument, guard.PupilNamed: as for ``task_changes.give``; Refused: no meeting.
    """
    if not text.strip():
        raise BadArgument("决定做什么？", f"例：{DECIDE}")
    if due is not None and due < group.today:
        raise BadArgument(f"{day_label(due)}已经过了。", f"例：{DECIDE}")
    meeting = await begun(group, by)
    task, undo = await task_changes.give(group, by.name, owners, text, due, meeting.origin)
    await keep(group, by.name, meeting)
    return task, undo


@inverse
async def uncall(group: Group, who: str, number: int) -> str:
    """Inverse of calling a meeting; the group reads that too."""
    await routine_changes.stop_added(group, who, number)
    group.announce(f"【改】{CALLED}不加开了。")
    return "已撤销：这次例会不开了。"


@inverse
async def drop_item(group: Group, who: str, occasion: str, item: str) -> str:
    """Inverse of adding to the agenda."""
    meeting = await stored(group, occasion)
    await put(group, who, meeting, agenda=_without(meeting.agenda, [item]))
    return "已撤销：这条议题拿掉了。"


@inverse
async def strike(group: Group, who: str, occasion: str, lines: list[str]) -> str:
    """Inverse of adding to the minutes: these lines go, those of others stay."""
    meeting = await stored(group, occasion)
    await put(group, who, meeting, minutes=_without(meeting.minutes, lines))
    return f"已撤销：刚记的 {len(lines)} 条拿掉了。"


@inverse
async def uncorrect(group: Group, who: str, occasion: str, old: str, new: str) -> str:
    """Inverse of correcting a line."""
    meeting = await stored(group, occasion)
    if new not in meeting.minutes:
        raise Refused("这一条后来又改过，不撤销了。", "看纪要：/例会 纪要")
    lines = list(meeting.minutes)
    lines[lines.index(new)] = old
    await put(group, who, meeting, minutes=tuple(lines))
    return "已撤销：这一条恢复到修改之前。"


async def _around(group: Group, day: date) -> Sitting | None:
    """The meeting of the plan that settling this day is about: the nearest one that has not been held."""
    found = await meetings.sittings(group, max(day - NEAR, group.today), day + NEAR)
    free = [sitting for sitting in found if not sitting.over and not sitting.meeting.was_held]
    apart = {id(s): max(s.happening.day - day, day - s.happening.last, timedelta(0)) for s in free}
    nearest = min(free, key=lambda sitting: apart[id(sitting)], default=None)
    return nearest if nearest and apart[id(nearest)] <= NEAR else None


async def _call(group: Group, by: str, day: date, periods: tuple[int, ...], place: str) -> Undo:
    entry = Entry(kind=Kind.DATE, activity=CALLED, date=day, periods=list(periods) or None, place=place or None)
    routine, _ = await routine_changes.add(group, by, entry, source="组长")
    found = await meetings.sittings(group, day, day)
    group.announce(f"【改】加开{CALLED}：{found[0].meeting.when}。")
    return undo_with(uncall, MEETING, number=routine.number)


async def begun(group: Group, by: Member, *, signing: bool = False) -> Meeting:
    """Today's meeting, or the last one; where the plan knows only the week, the leader's word opens it.

    Args:
        signing: somebody signs in themselves: halfway to the next meeting they mean that one.
    """
    last, following = await latest(group), await coming(group)
    soon = following and following.fixed and following.day > group.today
    if following and soon and (last is None or (signing and following.day - group.today < group.today - last.day)):
        raise Refused(f"例会在{following.when}，到时候再来。", "来不了：/例会 请假 原因")
    if last is None:
        raise Refused("最近没有例会。", f"组长可以定一次，例：{SETTLE}")
    if last.fixed:
        return last
    if by.role is not Role.LEADER:
        raise Refused(f"例会在{last.when}，哪天还没有定。", f"请组长定一下，例：{SETTLE}")
    day = min(group.today, last.last)
    return last.model_copy(update={"day": day, "last": day, "fixed": True, "opened": True})


async def stored(group: Group, occasion: str) -> Meeting:
    """The record of a meeting.

    Raises:
        Refused: there is none any more.
    """
    found = await group.records.find(Meeting, term=group.term.name, occasion=occasion)
    if not found:
        raise Refused("这次例会的记录已经不在了。", "看例会：/例会")
    return found[0]


async def keep(group: Group, by: str, meeting: Meeting, **values: Any) -> Meeting:
    """Store a meeting with what is new in it."""
    if meeting.id:
        return await group.records.update(meeting.model_copy(update=values))
    return await group.records.add(meeting.model_copy(update={**values, "created": group.now, "author": by}))


async def put(group: Group, who: str, meeting: Meeting, **values: Any) -> None:
    """Store what is left after something was taken back; a meeting that only that had opened is not held any more."""
    left = meeting.model_copy(update={**values, "author": who})
    opened = left.opened and (left.was_held or bool(await meetings.decisions(group, left)))
    await group.records.update(left.model_copy(update={"opened": opened}))


def _without(lines: Collection[str], gone: Collection[str]) -> tuple[str, ...]:
    """``lines`` less the last occurrence of each of ``gone``."""
    left = list(reversed(list(lines)))
    for line in gone:
        if line in left:
            left.remove(line)
    return tuple(reversed(left))


async def check(group: Group, text: str, example: str) -> None:
    """Let a text be kept.

    Raises:
        BadArgument: empty, with ``example``, or too long; guard.PupilNamed: it seems to name a pupil.
    """
    if not text.strip():
        raise BadArgument("还没有内容。", example)
    if len(text) > LONGEST:
        raise BadArgument(f"这一条有 {len(text)} 字，最多 {LONGEST} 字。", "分成几行发，一行一条。")
    await guard.check_among(text, group.teachers)
