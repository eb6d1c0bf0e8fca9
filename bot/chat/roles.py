"""Who speaks, in which group, and what they may: the questions between a message and its handler."""

from typing import NamedTuple

from bot.chat import dialogs
from bot.chat.commands import Action
from bot.chat.context import Context
from bot.chat.transport import Incoming
from bot.domain import groups, people
from bot.domain.groups import Group, GroupRecord
from bot.domain.people import SYSTEM, Member, Person, Role
from bot.errors import NotAllowed
from bot.storage import Records


class Place(NamedTuple):
    """Where a message belongs: the speaker and the group, as far as they are known."""

    person: Person | None
    group: GroupRecord | None
    choose_from: tuple[GroupRecord, ...] = ()


async def find_place(system: Records, incoming: Incoming) -> Place:
    """Whose message this is and which group it belongs to; ``system`` are the records of the system space."""
    person = await people.person_of(system, incoming.channel, incoming.sender)
    if not incoming.private:
        return Place(person, await groups.group_of_chat(system, incoming.channel, incoming.chat))
    if person is None:
        return Place(None, None)
    mine = [member.group for member in await people.memberships(system, person.id)]
    chosen = await dialogs.chosen_group(system, incoming)
    if chosen in mine:
        person.current_group = chosen
        person = await system.update(person)
    wanted = incoming.group_hint or person.current_group or (mine[0] if len(mine) == 1 else None)
    if wanted in mine:
        return Place(person, await _record(system, wanted))
    return Place(person, None, tuple([await _record(system, key) for key in mine]))


async def _record(system: Records, key: str) -> GroupRecord:
    return (await system.find(GroupRecord, key=key))[0]


async def membership(group: Group | None, person: Person | None) -> Member | None:
    """The speaker as a member of the group, a deputy as leader; None for a visitor, or without a group."""
    if group is None or person is None:
        return None
    found = await group.system.find(Member, group=group.key, name=person.name)
    return next((member.acting() for member in found if member.person == person.id), None)


async def memberships(ctx: Context) -> list[Member]:
    """The groups the speaker is in."""
    return await people.memberships(ctx.tx.within(SYSTEM), ctx.person.id) if ctx.person else []


async def may_they(ctx: Context, action: Action) -> None:
    """Permission comes before arguments: who may not run it learns nothing of its syntax.

    Raises:
        NotAllowed: no group, no lasting account, not bound to a name, or the role does not suffice.
    """
    mark = action.mark
    if mark.writes and not ctx.incoming.lasting:
        raise NotAllowed(
            "平台没有告诉我您的账号，现在登记了过后会认不出您。",
            "不在本校组织里的人用不了；本校的人请管理员先把机器人应用发布，再发一次。",
        )
    if mark.anywhere:
        return
    if ctx.maybe_group is None and not ctx.private:
        raise NotAllowed("这个群还没有备课组。", "请组长发\uff1a/建组 组名 邀请码", symbol="👋")
    if ctx.maybe_group is None and ctx.person is not None and not await memberships(ctx):
        raise NotAllowed("您现在不在任何一个组。", "请组长加您\uff1a/成员 加 " + ctx.person.name)
    if ctx.role >= mark.needs and ctx.maybe_group is not None:
        return
    if ctx.role is Role.VISITOR and ctx.person is not None and ctx.maybe_group is not None:
        raise NotAllowed(f"{ctx.person.name}不在{ctx.group.name}。", f"请组长加您\uff1a/成员 加 {ctx.person.name}")
    if ctx.role is Role.VISITOR:
        raise NotAllowed("我还不认识您\uff0c先告诉我您是谁。", "例\uff1a/我是 王老师")
    leader = await ctx.group.leader()
    who = f"\uff08组长\uff1a{leader.name}\uff09" if leader else ""
    raise NotAllowed(
        f"/{mark.name}{' ' + mark.action if mark.action else ''} 由组长使用{who}。", "看自己的记录\uff1a/我的"
    )
