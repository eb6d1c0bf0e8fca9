"""Quiet (feature F4): the group's posts paused until a day, and people who are away.

While a group is muted nothing is posted by itself, neither to the group nor to persons; commands answer as ever, and
what fell into those days is not made up for. Somebody on leave gets no reminder and is not counted among those of whom
something is expected (``there``); the reason is the leader's business.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import ClassVar

from bot.calendar.names import day_label
from bot.domain import guard
from bot.domain.groups import Group
from bot.domain.people import Member
from bot.domain.subjects import Mine, Subject
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, Refused
from bot.storage import Record

LONGEST_MUTE = timedelta(days=120)
LONGEST_REASON = 200


class Mute(Record):
    """The group is silent up to and including ``last``; a group has one at most."""

    TABLE: ClassVar[str] = "mutes"

    last: date


class Leave(Record):
    """A member is away from ``first`` to ``last``, both included."""

    TABLE: ClassVar[str] = "leaves"
    INDEXES: ClassVar = ("member",)

    member: str
    first: date
    last: date
    reason: str = ""

    @property
    def days(self) -> str:
        """ "9月9日" or "9月9日–9月11日"."""
        return day_label(self.first) + (f"–{day_label(self.last)}" if self.last > self.first else "")

    def holds(self, day: date) -> bool:
        """Whether the person is away on ``day``."""
        return self.first <= day <= self.last


async def muted_until(group: Group, day: date) -> date | None:
    """The last silent day when ``day`` is one; None when the group speaks."""
    found = await group.records.scan(Mute)
    return next((mute.last for mute in found if day <= mute.last), None)


async def mute(group: Group, who: str, last: date | None) -> Undo:
    """Silence the group up to a day; None ends the silence.

    Raises:
        BadArgument: the day is gone, or too far away.
        Refused: it is not silent anyway.
    """
    if last is not None and not group.today <= last <= group.today + LONGEST_MUTE:
        raise BadArgument(
            f"静音到{day_label(last)}不行，最多到{day_label(group.today + LONGEST_MUTE)}。", "例：/静音 到周五"
        )
    before = await group.records.scan(Mute)
    former = before[0].last if before and before[0].last >= group.today else None
    if last is None and former is None:
        raise Refused("现在没有静音。", symbol="ℹ️")
    for old in before:
        await group.records.remove(old)
    if last is not None:
        await group.records.add(Mute(last=last, created=group.now, author=who))
    return undo_with(mute_again, "静音", last=former.isoformat() if former else "")


async def leave(group: Group, who: str, first: date, last: date, reason: str) -> tuple[Leave, Undo]:
    """Note that somebody is away; the leader hears of it.

    Raises:
        BadArgument: the days are gone, or in the wrong order, or the reason is too long.
        Refused: the same days are noted already; guard.PupilNamed: the reason seems to name a pupil.
    """
    if last < first or last < group.today:
        raise BadArgument("请假的日子不对，要从今天或以后算起。", "例：/请假 周三到周五 外出学习")
    if len(reason) > LONGEST_REASON:
        raise BadArgument(f"原因有 {len(reason)} 字，最多 {LONGEST_REASON} 字。", "例：/请假 周三到周五 外出学习")
    await guard.check_among(reason, group.teachers)
    for old in await of_member(group, who):
        if old.first <= first and last <= old.last:
            raise Refused(f"{old.days}已经记过请假了。", "取消：/请假 取消", symbol="ℹ️")
    stored = await group.records.add(
        Leave(member=who, first=first, last=last, reason=reason, created=group.now, author=who)
    )
    await _tell_leader(group, who, f"📝 {who} {stored.days} 请假{f'：{reason}' if reason else ''}")
    return stored, undo_with(come_back, "请假", leave=stored.id)


async def cancel(group: Group, who: str) -> tuple[list[Leave], Undo]:
    """Take back every leave of one's own that is not over; of one that has begun, the days gone by stand.

    Raises:
        Refused: there is none.
    """
    mine = await of_member(group, who)
    if not mine:
        raise Refused("您没有记着的请假。", symbol="ℹ️")
    for old in mine:
        await _cut(group, old)
    await _tell_leader(group, who, f"📝 {who}销假了（{'、'.join(old.days for old in mine)}）")
    days = [f"{old.first} {old.last}" for old in mine]
    return mine, undo_with(leave_again, "取消请假", days=days, reasons=[old.reason for old in mine])


async def of_member(group: Group, who: str) -> list[Leave]:
    """Somebody's leaves that are not over, in the order of noting."""
    return [one for one in await group.records.find(Leave, member=who) if one.last >= group.today]


async def away(group: Group, day: date) -> set[str]:
    """Names of those on leave on ``day``. For the engine and the leader, never for the group."""
    return {one.member for one in await group.records.scan(Leave) if one.holds(day)}


async def there(group: Group, days: Collection[date]) -> list[str]:
    """Of whom something is expected in ``days``, the leader first: everybody but those away on more than half of them.

    The one home of the rule behind every "n/N"; whoever did it all the same counts with the caller.
    """
    leaves = await group.records.scan(Leave)
    names = await group.teachers()
    gone = {name: sum(any(one.member == name and one.holds(day) for one in leaves) for day in days) for name in names}
    return [name for name in names if 2 * gone[name] <= len(days)]


@inverse
async def mute_again(group: Group, who: str, last: str) -> str:
    """Inverse of muting and of ending it: the silence before it."""
    await mute(group, who, date.fromisoformat(last) if last else None)
    return f"已撤销：静音到{day_label(date.fromisoformat(last))}。" if last else "已撤销：群里照常发消息。"


@inverse
async def come_back(group: Group, who: str, leave: int) -> str:
    """Inverse of a leave."""
    found = await group.records.get(Leave, leave)
    if found is None or found.member != who:
        raise Refused("这次请假已经不在了。")
    await group.records.remove(found)
    await _tell_leader(group, who, f"📝 {who}销假了（{found.days}）")
    return f"已撤销：{found.days}不请假了。"


@inverse
async def leave_again(group: Group, who: str, days: list[str], reasons: list[str]) -> str:
    """Inverse of taking leaves back."""
    for span, reason in zip(days, reasons, strict=True):
        first, last = (date.fromisoformat(day) for day in span.split())
        for cut in await group.records.find(Leave, member=who, first=first):
            await group.records.remove(cut)
        await leave(group, who, first, last, reason)
    return "已撤销：照旧请假。"


async def _cut(group: Group, old: Leave) -> None:
    """End a leave yesterday, or remove it when it has not begun: who was away is not said to have been there."""
    if old.first < group.today:
        await group.records.update(old.model_copy(update={"last": group.today - timedelta(days=1)}))
    else:
        await group.records.remove(old)


async def _mine(group: Group, member: Member) -> Mine:
    return Mine((), tuple(f"请假 {one.days}" for one in await of_member(group, member.name)))


async def _tell_leader(group: Group, who: str, line: str) -> None:
    leader = await group.leader()
    if leader and leader.name != who:
        group.tell(leader.name, line)


SUBJECT = Subject("请假", records=(Leave, Mute), mine=_mine, order=85)
