"""Who is who (feature F2): claiming a name, confirming others, claiming a group, choosing between groups.

A name nobody has claimed is bound at once and the leader is told; everything else needs the leader's word or a one-time
code. The leader's own name is bound with the group's invitation code alone.
"""

import secrets
from datetime import datetime

from bot.content import content
from bot.domain import offices
from bot.domain.groups import Group, GroupRecord, Notice, School, all_groups
from bot.domain.people import Claim, Member, Person, Role, accounts, bind, memberships, person_named, person_of
from bot.domain.seats import leave_all
from bot.domain.study_rotation import hand_on
from bot.errors import BadArgument, NotAllowed, Refused
from bot.storage import Records

CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LONGEST_NAME = 20


def new_code(length: int = 8) -> str:
    """A random code without look-alike letters."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(length))


async def introduce(
    group: Group, channel: str, user: str, name: str, code: str | None = None
) -> tuple[Member | None, Claim | None]:
    """Somebody says that they are ``name``; returns the member now bound, or the claim the leader has to confirm.

    Raises:
        Refused: already bound to this or another name; BadArgument: not a name, or a wrong code.
    """
    name = _a_name(name)
    member = await _in_roster(group, name)
    known = await person_of(group.system, channel, user)
    if known is not None and (known.name != name or member is not None):
        same = known.name == name
        sentence = f"您已经登记为{known.name}。" if same else f"您登记的是{known.name}，要改名请找组长。"
        raise Refused(sentence, "看自己的记录：/我的", symbol="ℹ️" if same else "❌")
    if code:
        return await _with_code(group, channel, user, name, code), None
    if member and not await accounts(group.system, member.person):
        if member.role is Role.LEADER:
            raise NotAllowed("组长用邀请码登记。", f"在群里发：/建组 {group.name} 邀请码")
        return await _bind_free(group, member, channel, user), None
    return None, await _claim(group, name, channel, user)


async def confirm(group: Group, by: Member, number: int) -> Member:
    """The leader confirms a claim: the account is bound, a new name becomes a member.

    Raises:
        BadArgument: no such claim.
    """
    found = await group.system.find(Claim, group=group.key, number=number)
    claim = found[0] if found else None
    if claim is None or claim.channel is None or claim.user is None:
        raise BadArgument(f"没有第 {number} 个申请。", "看名单和申请：/成员")
    member = await _in_roster(group, claim.name) or await add(group, by.name, claim.name)
    person = await group.system.get(Person, member.person)
    if person is None:
        raise BadArgument(f"组里没有“{claim.name}”。", "看名单：/成员")
    await bind(group.system, person, claim.channel, claim.user)
    await group.system.remove(claim)
    group.tell(claim.name, f"✅ {by.name}确认了，您是{group.name}的{claim.name}。", "看能做什么：/帮助")
    return member


async def decline(group: Group, number: int) -> Claim:
    """The leader declines a claim."""
    found = await group.system.find(Claim, group=group.key, number=number)
    if not found or found[0].user is None:
        raise BadArgument(f"没有第 {number} 个申请。", "看名单和申请：/成员")
    claim = found[0]
    await group.system.remove(claim)
    if claim.channel and claim.user:
        sorry = content(f"ℹ️ 组长没有确认您是{claim.name}。", "名字写错了就再发一次；不清楚请当面问组长。")
        group.notices.append(Notice(claim.name, sorry, (claim.channel, claim.user)))
    return claim


async def claims(group: Group) -> list[Claim]:
    """Claims that wait for the leader."""
    found = await group.system.find(Claim, group=group.key)
    return [claim for claim in found if claim.user is not None]


async def hand_code(group: Group, by: str, name: str) -> Claim:
    """A one-time code with which whoever holds it becomes ``name``."""
    member = await group.member(name)
    if member.role is Role.LEADER:
        raise Refused("组长的账号用邀请码登记。", "在群里发：/建组 组名 邀请码")
    for old in await group.system.find(Claim, group=group.key):
        if old.name == name and old.user is None:
            await group.system.remove(old)
    number = await group.next_number("claims")
    fresh = Claim(group=group.key, number=number, name=name, code=new_code(6), created=group.now, author=by)
    return await group.system.add(fresh)


async def add(group: Group, by: str, name: str, role: Role = Role.MEMBER) -> Member:
    """Put a name on the roster.

    Raises:
        Refused: it is there already; BadArgument: not a name.
    """
    name = _a_name(name)
    if await _in_roster(group, name):
        raise Refused(f"{name}已经在组里。", "看名单：/成员", symbol="ℹ️")
    person = await person_named(group.system, group.school.key, name)
    return await group.system.add(
        Member(group=group.key, person=person.id, name=name, role=role, created=group.now, author=by)
    )


async def remove(group: Group, by: str, name: str) -> Member:
    """Take a name off the roster; what the person wrote stays, coming seats are given back.

    In no group any more, their accounts are forgotten: whoever comes back under the name says so anew.

    Raises:
        BadArgument: nobody of that name; Refused: it is the leader.
    """
    member = await group.member(name)
    if member.role is Role.LEADER:
        raise Refused("组长不能移出名单。", "看名单：/成员")
    await leave_all(group, name, by)
    await hand_on(group, name, by)
    if member.deputy:
        await offices.end(group, name, "副组长", by)
    group.notices = [notice for notice in group.notices if notice.to != name]
    await group.system.remove(member)
    if not await memberships(group.system, member.person):
        for account in await accounts(group.system, member.person):
            await group.system.remove(account)
    return member


async def claim_group(
    system: Records, channel: str, chat: str, user: str, name: str, code: str, leader_name: str, now: datetime
) -> GroupRecord:
    """The holder of the invitation code becomes leader of the group and binds it to this conversation.

    Raises:
        BadArgument: the code is wrong or used; Refused: this conversation belongs to a group already, or the name is
        another group's.
    """
    found = await system.find(GroupRecord, invitation=code.strip().upper())
    if not found:
        raise BadArgument("邀请码不对，或已经用过。", "请管理员运行 python3 start.py invite 看邀请码。")
    record = found[0]
    bound = await system.find(GroupRecord, channel=channel, chat=chat)
    if bound and bound[0].key != record.key:
        raise Refused(f"这个群已经是{bound[0].name}。", "看能做什么：/帮助", symbol="ℹ️")
    name = _a_name(name)
    if any(other.name == name and other.key != record.key for other in await all_groups(system)):
        raise Refused(f"已经有一个组叫“{name}”。", "换一个组名再发一次。")
    record.name, record.channel, record.chat, record.invitation = name, channel, chat, None
    record = await system.update(record.choose("leader"))
    await _make_leader(system, record, channel, user, leader_name, now)
    return record


async def choices(system: Records, person: Person) -> list[GroupRecord]:
    """The groups a person can switch between."""
    mine = {member.group for member in await memberships(system, person.id)}
    return [record for record in await all_groups(system) if record.key in mine]


async def switch(system: Records, person: Person, words: str) -> GroupRecord:
    """Choose the group meant in private messages, by its name or a part of it.

    Raises:
        BadArgument: no such group of this person, or several.
    """
    mine = await choices(system, person)
    fits = [record for record in mine if words == record.name] or [record for record in mine if words in record.name]
    if len(fits) != 1:
        problem = "像的组不止一个，请写全组名。" if fits else f"您不在“{words[:20]}”。"
        raise BadArgument(problem, "看您在哪些组：/切换")
    person.current_group = fits[0].key
    await system.update(person)
    return fits[0]


async def groups_with(system: Records, name: str) -> list[GroupRecord]:
    """The groups whose roster has ``name``; for somebody who introduces themself privately."""
    found = []
    for school in await system.scan(School):
        for person in await system.find(Person, school=school.key, name=name):
            found += await choices(system, person)
    return found


async def _make_leader(system: Records, record: GroupRecord, channel: str, user: str, name: str, now: datetime) -> None:
    roster = await system.find(Member, group=record.key)
    leader = next((member for member in roster if member.role is Role.LEADER), None)
    known = await person_of(system, channel, user)
    if known is None:
        known = await person_named(system, record.school, leader.name if leader else _a_name(name))
        await bind(system, known, channel, user)
    if leader and leader.person != known.id:
        leader.role = Role.MEMBER
        await system.update(leader)
    own = next((member for member in roster if member.person == known.id), None)
    if own is None:
        await system.add(Member(group=record.key, person=known.id, name=known.name, role=Role.LEADER, created=now))
    else:
        own.role = Role.LEADER
        await system.update(own)


async def _bind_free(group: Group, member: Member, channel: str, user: str) -> Member:
    person = await group.system.get(Person, member.person)
    if person is None:
        raise NotAllowed("名单有误，请找组长。")
    await bind(group.system, person, channel, user)
    leader = await group.leader()
    if leader:
        group.tell(leader.name, f"ℹ️ {member.name}刚登记了账号。不是本人的话：/成员 移出 {member.name}")
    return member


async def _with_code(group: Group, channel: str, user: str, name: str, code: str) -> Member:
    found = await group.system.find(Claim, code=code.strip().upper())
    if not found or found[0].group != group.key or found[0].name != name:
        raise BadArgument("验证码不对，或已经用过。", "请组长再发一个：/成员 码 姓名")
    await group.system.remove(found[0])
    member = await group.member(name)
    return await _bind_free(group, member, channel, user)


async def _claim(group: Group, name: str, channel: str, user: str) -> Claim:
    for old in await group.system.find(Claim, group=group.key):
        if (old.channel, old.user) == (channel, user):
            await group.system.remove(old)
    number = await group.next_number("claims")
    claim = await group.system.add(
        Claim(group=group.key, number=number, name=name, channel=channel, user=user, created=group.now)
    )
    leader = await group.leader()
    if leader:
        group.tell(
            leader.name,
            f"📝 有人说自己是{name}，请您确认是不是本人。",
            f"是：/成员 同意 {number}",
            f"不是：/成员 拒绝 {number}",
        )
    return claim


async def _in_roster(group: Group, name: str) -> Member | None:
    found = await group.system.find(Member, group=group.key, name=name)
    return found[0] if found else None


def _a_name(words: str) -> str:
    name = " ".join(words.split()).strip("。，！,.!")
    if name.count("老师") > 1 or "、" in name:
        raise BadArgument("一次写一位老师。", "例：/成员 加 新老师")
    if not name or len(name) > LONGEST_NAME or any(mark in name for mark in "/@<>，,：:"):
        raise BadArgument("名字要 1 到 20 个字，不带符号。", "例：/我是 王老师")
    return name
