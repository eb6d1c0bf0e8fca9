"""Who is at the regular meeting, who cannot come and why (feature B1), and the way back from each.

The group sees counts; a reason is the leader's alone.
"""

from collections.abc import Collection
from datetime import datetime

from bot.domain import meetings, quiet
from bot.domain.groups import Group
from bot.domain.meeting_changes import begun, check, keep, put, stored
from bot.domain.meetings import Meeting
from bot.domain.people import Member, Role
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import NotAllowed, Refused


async def sign_in(group: Group, by: Member, names: Collection[str] = ()) -> tuple[Meeting, Undo, list[str]]:
    """Note who is there, also late; the leader may for others. No names = everybody not excused and not on leave.

    Returns:
        the meeting, the way back, and who was not noted before.

    Raises:
        NotAllowed: for somebody else; Refused: no meeting, before its day, or everybody named is noted already.
    """
    own = tuple(names) == (by.name,)
    if not own and by.role is not Role.LEADER:
        raise NotAllowed("只能给自己签到。", "例：/签到")
    meeting = await begun(group, by, signing=own)
    wanted = names or [name for name in await quiet.there(group, [meeting.day]) if name not in meeting.absent]
    fresh = [name for name in wanted if name not in meeting.present]
    if not fresh:
        raise Refused(f"{meeting.name}已经签过到了。", "看例会：/例会", symbol="ℹ️")
    excused = {name: why for name, why in meeting.absent.items() if name in fresh}
    absent = {name: why for name, why in meeting.absent.items() if name not in fresh}
    present = {**meeting.present, **dict.fromkeys(fresh, group.now)}
    kept = await keep(group, by.name, meeting, present=present, absent=absent)
    undo = undo_with(sign_out, "例会签到", occasion=kept.occasion, names=fresh, excused=excused)
    return kept, undo, fresh


async def excuse(group: Group, by: Member, name: str, reason: str) -> tuple[Meeting, Undo]:
    """Note that somebody cannot come to today's or the next meeting, and why; the leader alone is told the reason.

    Raises:
        BadArgument: empty or too long; guard.PupilNamed; NotAllowed: for somebody else; Refused: no meeting, or there.
    """
    await check(group, reason, "例：/例会 请假 外出教研")
    if name != by.name and by.role is not Role.LEADER:
        raise NotAllowed("别人的请假由组长来记。", "自己请假，例：/例会 请假 外出教研")
    meeting = await meetings.at_hand(group)
    if meeting is None:
        raise Refused("接下来没有例会，不用请假。", "看日程：/日程", symbol="ℹ️")
    if name in meeting.present and by.role is not Role.LEADER:
        raise Refused("这次例会您已经签过到了。", "签错了请组长改，或发：/撤销")
    before, was_there = meeting.absent.get(name, ""), meeting.present.get(name)
    present = {one: at for one, at in meeting.present.items() if one != name}
    kept = await keep(group, by.name, meeting, present=present, absent={**meeting.absent, name: reason})
    leader = await group.leader()
    if leader and leader.name != by.name:
        group.tell(leader.name, f"📝 {name}{kept.name}请假：{reason}")
    there = was_there.isoformat() if was_there else ""
    undo = undo_with(unexcuse, "例会请假", occasion=kept.occasion, name=name, before=before, there=there)
    return kept, undo


@inverse
async def sign_out(group: Group, who: str, occasion: str, names: list[str], excused: dict[str, str]) -> str:
    """Inverse of signing in; an excuse it took the place of comes back."""
    meeting = await stored(group, occasion)
    present = {name: at for name, at in meeting.present.items() if name not in names}
    await put(group, who, meeting, present=present, absent={**meeting.absent, **excused})
    return f"已撤销：{'、'.join(names)}没有签到。"


@inverse
async def unexcuse(group: Group, who: str, occasion: str, name: str, before: str, there: str) -> str:
    """Inverse of excusing: the former reason, or having been there, comes back."""
    meeting = await stored(group, occasion)
    absent = {one: why for one, why in meeting.absent.items() if one != name} | ({name: before} if before else {})
    present = meeting.present | ({name: datetime.fromisoformat(there)} if there else {})
    await put(group, who, meeting, present=present, absent=absent)
    leader = await group.leader()
    if leader and leader.name != who:
        group.tell(leader.name, f"📝 {name}的例会请假撤销了。")
    return f"已撤销：{name}的例会请假。"
