"""Who leads the group (feature F10): the lead handed over with the other's agreement, and deputies.

A deputy may do what the leader may, except these two things; notes for the leader go to the leader alone.
"""

from datetime import timedelta
from typing import ClassVar

from bot.content import Action, Content
from bot.domain import offices
from bot.domain.groups import Group, Notice
from bot.domain.offices import Tenure
from bot.domain.people import Member, Role, accounts
from bot.domain.subjects import Subject
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import NotAllowed, Refused
from bot.storage import Record

PATIENCE = timedelta(days=7)
MOST_DEPUTIES = 2

LEAD = "leader"
"""What a group's record notes as settled in the chat when the lead has changed there."""

AGREE, DECLINE = "/移交 同意", "/移交 不接"


class Handover(Record):
    """The leader has asked somebody to take the lead; a group has one at most."""

    TABLE: ClassVar[str] = "handovers"

    giver: str
    taker: str


async def waiting(group: Group) -> Handover | None:
    """The question that waits for its answer; after a week, or when either is not what they were, there is none."""
    leader, names = await group.leader(), await group.teachers()
    for one in await group.records.scan(Handover):
        young = one.created is not None and group.now - one.created <= PATIENCE
        if young and leader and leader.name == one.giver and one.taker in names:
            return one
    return None


async def offer(group: Group, who: str, name: str) -> Undo:
    """Ask ``name`` privately to take the lead; nothing changes until they agree.

    Raises:
        NotAllowed: only the leader hands over; BadArgument: nobody of that name.
        Refused: to oneself, to somebody without an account, or asked already.
    """
    await _must_be_leader(group, who, "移交")
    taker, before = await group.member(name), await waiting(group)
    if taker.name == who:
        raise Refused("您就是组长。", "例：/移交 张老师", symbol="ℹ️")
    if not await accounts(group.system, taker.person):
        raise Refused(f"{name}还没有登记账号，接不了。", f"请本人先发：/我是 {name}")
    if before and before.taker == name:
        raise Refused(f"已经问过{name}，在等回答。", "收回：/移交 取消", symbol="ℹ️")
    if before:
        group.tell(before.taker, f"ℹ️ {who}收回了移交组长的请求，您不用回答了。")
    await _forget(group)
    await group.records.add(Handover(giver=who, taker=name, created=group.now, author=who))
    lines = (f"📝 {who}想请您接任{group.name}的组长。", "1 同意", "2 不接", "回复编号就行，也可以发命令，七天内有效。")
    actions = (Action(label="同意", send=AGREE), Action(label="不接", send=DECLINE))
    group.notices.append(Notice(name, Content(lines=lines, actions=actions), choices=(("1", AGREE), ("2", DECLINE))))
    return undo_with(withdraw_again, f"移交给{name}", taker=name)


async def agree(group: Group, who: str) -> tuple[str, Undo]:
    """Take the lead: the roles change, the group and the former leader are told. Returns the former leader.

    Raises:
        Refused: nobody has asked, or not any more.
    """
    asked = await _asked(group, who)
    taker = await group.member(who)
    undo = undo_with(hand_back, "接任组长", former=asked.giver, deputy=taker.deputy)
    await _swap(group, former=asked.giver, fresh=who)
    await _forget(group)
    group.announce(f"【改】组长由{asked.giver}改为{who}。")
    group.tell(asked.giver, f"✅ {who}同意了，现在是{group.name}的组长。", "您是组员，记录都在：/我的")
    return asked.giver, undo


async def decline(group: Group, who: str) -> str:
    """Say no; the leader is told. Returns who had asked.

    Raises:
        Refused: nobody has asked, or not any more.
    """
    asked = await _asked(group, who)
    await _forget(group)
    group.tell(asked.giver, f"ℹ️ {who}这次不接组长，您仍是组长。", "另请一位：/移交 姓名")
    return asked.giver


async def withdraw(group: Group, who: str) -> str:
    """The leader takes the question back; whoever was asked is told. Returns who that is.

    Raises:
        NotAllowed: only the leader; Refused: nothing waits for an answer.
    """
    await _must_be_leader(group, who, "移交")
    asked = await waiting(group)
    if asked is None:
        raise Refused("没有在等回答的移交。", "例：/移交 张老师", symbol="ℹ️")
    await _forget(group)
    group.tell(asked.taker, f"ℹ️ {who}收回了移交组长的请求，您不用回答了。")
    return asked.taker


async def deputies(group: Group) -> list[str]:
    """The names of those who act for the leader."""
    return [member.name for member in await group.members() if member.deputy]


async def name_deputy(group: Group, who: str, name: str) -> Undo:
    """Let somebody do what the leader may; they are told.

    Raises:
        NotAllowed: only the leader names; BadArgument: nobody of that name; Refused: the leader, a deputy already, or
        there are enough.
    """
    await _must_be_leader(group, who, "副组长")
    member, known = await group.member(name), await deputies(group)
    if member.role is Role.LEADER:
        raise Refused("您就是组长。", "例：/副组长 张老师", symbol="ℹ️")
    if member.deputy:
        raise Refused(f"{name}已经是副组长。", f"去掉：/副组长 取消 {name}", symbol="ℹ️")
    if len(known) >= MOST_DEPUTIES:
        raise Refused(f"副组长最多 {MOST_DEPUTIES} 位，现在是{'、'.join(known)}。", f"去掉：/副组长 取消 {known[0]}")
    await _set_deputy(group, member, who, deputy=True)
    group.tell(name, f"📌 {who}请您当{group.name}的副组长，组长的命令您都能用。", "看能做什么：/帮助")
    return undo_with(deputy_back, f"副组长 {name}", name=name, deputy=False)


async def drop_deputy(group: Group, who: str, name: str) -> Undo:
    """Somebody is a deputy no more; they are told.

    Raises:
        NotAllowed: only the leader; BadArgument: nobody of that name; Refused: no deputy.
    """
    await _must_be_leader(group, who, "副组长")
    member = await group.member(name)
    if not member.deputy:
        raise Refused(f"{name}不是副组长。", "看副组长：/副组长", symbol="ℹ️")
    await _set_deputy(group, member, who, deputy=False)
    group.tell(name, f"ℹ️ 您不再是{group.name}的副组长，自己的记录都在。")
    return undo_with(deputy_back, f"取消副组长 {name}", name=name, deputy=True)


@inverse
async def withdraw_again(group: Group, who: str, taker: str) -> str:
    """Inverse of asking."""
    asked = await waiting(group)
    if asked is None or asked.taker != taker:
        raise Refused(f"{taker}已经回答了，收不回来。", "看组员：/成员")
    return f"已撤销：不移交给{await withdraw(group, who)}了。"


@inverse
async def hand_back(group: Group, who: str, former: str, deputy: bool) -> str:
    """Inverse of taking the lead: the former leader leads again."""
    await _must_be_leader(group, who, "交还组长")
    await _swap(group, former=who, fresh=former)
    if deputy:
        await _set_deputy(group, await group.member(who), who, deputy=True)
    group.announce(f"【改】组长仍是{former}。")
    group.tell(former, f"ℹ️ {who}撤销了接任，您仍是{group.name}的组长。")
    return f"已撤销：组长仍是{former}。"


@inverse
async def deputy_back(group: Group, who: str, name: str, deputy: bool) -> str:
    """Inverse of naming and of dropping a deputy."""
    await (name_deputy if deputy else drop_deputy)(group, who, name)
    return f"已撤销：{name}{'仍是' if deputy else '不是'}副组长。"


async def _must_be_leader(group: Group, who: str, what: str) -> None:
    leader = await group.leader()
    if leader is None or leader.name != who:
        raise NotAllowed(f"{what}只由组长本人来定{f'（{leader.name}）' if leader else ''}。", "看组员：/成员")


async def _asked(group: Group, who: str) -> Handover:
    asked = await waiting(group)
    if asked is None or asked.taker != who:
        raise Refused("现在没有人请您接任组长。", "看组员：/成员", symbol="ℹ️")
    return asked


async def _forget(group: Group) -> None:
    for one in await group.records.scan(Handover):
        await group.records.remove(one)


async def _swap(group: Group, *, former: str, fresh: str) -> None:
    """The lead goes from one member to another, in the system space: it is a matter of the roster."""
    old, new = await group.member(former), await group.member(fresh)
    await group.system.update(old.model_copy(update={"role": Role.MEMBER, "deputy": False}))
    await group.system.update(new.model_copy(update={"role": Role.LEADER, "deputy": False}))
    if new.deputy:
        await offices.end(group, fresh, "副组长", fresh)
    await offices.end(group, former, "组长", fresh)
    await offices.begin(group, fresh, "组长", fresh)
    group.record = await group.system.update(group.record.choose(LEAD))


async def _set_deputy(group: Group, member: Member, by: str, *, deputy: bool) -> None:
    await (offices.begin if deputy else offices.end)(group, member.name, "副组长", by)
    await group.system.update(member.model_copy(update={"deputy": deputy}))


SUBJECT = Subject("组长", records=(Tenure, Handover), digest=offices.digest, mine=offices.mine, order=86)
