"""What happens when somebody says who they are, the leader looks after the roster, or a group is claimed."""

from bot.chat.arguments import GroupName, ItemNumber, MemberName, Name, Text
from bot.chat.commands import LEADER, VISITOR, command
from bot.chat.context import Context
from bot.chat.folding import fold
from bot.chat.reply import Choice, Reply, ask, say
from bot.domain import groups, membership
from bot.domain.people import Role, accounts
from bot.errors import BadArgument, NotAllowed


@command("我是", everyday=1, needs=VISITOR, example="/我是 王老师", aliases=("我叫", "绑定"), anywhere=True)
async def introduce(ctx: Context, words: Name = "") -> Reply:
    """告诉我您是谁，只用一次"""
    if not words:
        if ctx.person:
            return say(f"👋 您是{ctx.person.name}。", "看自己的记录：/我的")
        return say("👋 我还不认识您。", "例：/我是 王老师")
    name, code = _name_and_code(words)
    group = ctx.maybe_group or await _group_for(ctx, name)
    member, claim = await membership.introduce(group, ctx.incoming.channel, ctx.incoming.sender, name, code)
    if ctx.maybe_group is None:
        await _pass_on(ctx, group)
    if member:
        return say(f"✅ 认识了，您是{group.name}的{member.name}。", "看能做什么：/帮助")
    leader = await group.leader()
    who = leader.name if leader else "组长"
    return say(
        f"📝 已告诉{who}，确认后就能用（申请 {claim.number if claim else ''}）。",
        f"有验证码可以直接发：/我是 {name} 验证码",
    )


@command("成员", example="/成员", aliases=("名单", "组员"), writes=False)
async def roster(ctx: Context) -> Reply:
    """看组里有谁；组长看申请"""
    members = await ctx.group.members()
    rows = []
    for member in members:
        bound = await accounts(ctx.group.system, member.person)
        marks = ["组长"] if member.role is Role.LEADER else ["副组长"] if member.deputy else []
        marks += [f"导师 {member.mentor}"] if member.mentor else []
        marks += [] if bound else ["还没登记"]
        rows.append(f"{member.name}{f'（{chr(0xFF0C).join(marks)}）' if marks else ''}")
    waiting = await membership.claims(ctx.group) if ctx.role is Role.LEADER else []
    asks = [f"📝 申请 {claim.number}：{claim.name}" for claim in waiting]
    hint = [f"同意：/成员 同意 {waiting[0].number}"] if waiting else []
    return say(f"👥 {ctx.group.name} {len(members)} 人", "、".join(rows), *asks, *hint)


@command("成员", action="加", needs=LEADER, example="/成员 加 新老师")
async def add(ctx: Context, name: Name) -> Reply:
    """把一位老师加进名单"""
    member = await membership.add(ctx.group, ctx.member.name, name)
    return say(
        f"✅ {member.name}已加进名单，本人发一次 /我是 {member.name} 就能用。", f"移出：/成员 移出 {member.name}"
    )


@command("成员", action="移出", needs=LEADER, example="/成员 移出 周老师")
async def remove(ctx: Context, name: MemberName) -> Reply:
    """把一位老师移出名单，写过的都留着"""
    member = await membership.remove(ctx.group, ctx.member.name, name)
    return say(f"✅ {member.name}已移出名单，写过的记录都留着。", f"加回来：/成员 加 {member.name}")


@command("成员", action="同意", needs=LEADER, example="/成员 同意 1")
async def confirm(ctx: Context, claim: ItemNumber) -> Reply:
    """确认一个申请是本人"""
    member = await membership.confirm(ctx.group, ctx.member, claim)
    return say(f"✅ {member.name}可以用了。", "看名单：/成员")


@command("成员", action="拒绝", needs=LEADER, example="/成员 拒绝 1")
async def decline(ctx: Context, claim: ItemNumber) -> Reply:
    """不是本人，退回申请"""
    declined = await membership.decline(ctx.group, claim)
    return say(f"✅ 已退回申请 {claim}（{declined.name}）。", "看名单：/成员")


@command("成员", action="码", needs=LEADER, example="/成员 码 周老师")
async def code(ctx: Context, name: MemberName) -> Reply:
    """给一位老师一次性验证码，换手机、换账号时用"""
    claim = await membership.hand_code(ctx.group, ctx.member.name, name)
    answer = say(f"🔑 {name}的验证码：{claim.code}，用一次就失效。请私下给本人。", f"本人发：/我是 {name} {claim.code}")
    return Reply(answer.answer, private=True)


@command("建组", needs=VISITOR, example="/建组 高一语文备课组 邀请码", anywhere=True)
async def claim_group(ctx: Context, words: Text = "") -> Reply:
    """组长在新群里用邀请码认领备课组"""
    if ctx.private:
        raise NotAllowed("请在备课组的群里发这一条。", "例：/建组 高一语文备课组 邀请码")
    name, _, code = words.strip().rpartition(" ")
    if not name or not code:
        raise BadArgument("还少组名或邀请码。", "例：/建组 高一语文备课组 邀请码")
    incoming = ctx.incoming
    system = ctx.tx.within("system")
    record = await membership.claim_group(
        system, incoming.channel, incoming.chat, incoming.sender, name, code, incoming.sender_name or "组长", ctx.now
    )
    return say(f"✅ {record.name}建好了，您是组长。", "请大家各发一次：/我是 姓名", "看能做什么：/帮助")


@command("切换", needs=VISITOR, example="/切换", aliases=("换组", "选组"), anywhere=True)
async def switch(ctx: Context, words: GroupName = "") -> Reply:
    """在几个组的老师选私下说的是哪个组"""
    if ctx.person is None:
        raise NotAllowed("我还不认识您，先告诉我您是谁。", "例：/我是 王老师")
    system = ctx.tx.within("system")
    mine = await membership.choices(system, ctx.person)
    if words:
        chosen = await membership.switch(system, ctx.person, words)
        return say(f"✅ 私下说的现在是{chosen.name}。", "换回来：/切换")
    if len(mine) < 2:
        return say(f"ℹ️ 您{f'只在{mine[0].name}' if mine else '还不在任何组里'}，不用切换。", "看能做什么：/帮助")
    rows = [f"{n} {record.name}" for n, record in enumerate(mine, start=1)]
    choices = tuple(Choice(key=str(n), send=f"/切换 {record.name}") for n, record in enumerate(mine, start=1))
    return ask("📝 私下说的是哪个组？", *rows, f"回复例：/切换 {mine[0].name}", choices=choices)


def _name_and_code(words: str) -> tuple[str, str | None]:
    name, _, code = words.rpartition(" ")
    code = fold(code)
    after_chinese_name = bool(name) and not name.isascii() and (code.isascii() or code == "验证码")
    return (name, code) if after_chinese_name else (words, None)


async def _group_for(ctx: Context, name: str) -> groups.Group:
    """The group of somebody who introduces themself privately: the one whose roster has the name."""
    if not ctx.private:
        raise NotAllowed("这个群还没有备课组。", "请组长发：/建组 组名 邀请码", symbol="👋")
    system = ctx.tx.within("system")
    found = await membership.groups_with(system, name)
    every = await groups.all_groups(system)
    if not every:
        raise NotAllowed("这里还没有备课组。", "请组长在群里发：/建组 组名 邀请码", symbol="👋")
    if not found and len(every) > 1:
        raise NotAllowed(f"名单里没有“{name[:20]}”。", f"请在您备课组的群里发：/我是 {name[:20]}")
    found = found or every
    return await groups.load(ctx.tx, found[0].key, ctx.now)


async def _pass_on(ctx: Context, group: groups.Group) -> None:
    """Without a group of its own the message cannot carry notes; they go with the group that was found."""
    ctx.maybe_group = group
