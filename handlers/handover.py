"""What happens when the leader names a deputy, or hands the lead over."""

from bot.chat.arguments import MemberName
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.reply import Reply, say
from bot.domain import handover, offices

MOST_FORMER = 4


@command("移交", needs=LEADER, example="/移交 张老师", aliases=("移交组长", "换组长"))
async def offer(ctx: Context, name: MemberName | None = None) -> Reply:
    """请一位老师接任组长，本人同意才换"""
    if name:
        undo = await handover.offer(ctx.group, ctx.member.name, name)
        return say(f"📝 已私下问{name}，同意后才换组长。", "收回：/移交 取消", undo=undo)
    asked, leader = await handover.waiting(ctx.group), await ctx.group.leader()
    if asked:
        return say(f"📝 已请{asked.taker}接任组长，在等回答。", "收回：/移交 取消")
    before = [row for row in await offices.history(ctx.group, "组长") if row.until][:MOST_FORMER]
    return say(
        f"👤 组长：{leader.name if leader else '还没有'}",
        *[f"以前：{row.member}（{row.span}）" for row in before],
        "请一位接任，例：/移交 张老师",
    )


@command("移交", action="同意", example="/移交 同意")
async def agree(ctx: Context) -> Reply:
    """被请的老师：接任组长"""
    former, undo = await handover.agree(ctx.group, ctx.member.name)
    return say(f"✅ 您现在是{ctx.group.name}的组长，{former}已知道。", "组长能做的：/帮助", undo=undo)


@command("移交", action="不接", example="/移交 不接")
async def decline(ctx: Context) -> Reply:
    """被请的老师：这次不接"""
    asker = await handover.decline(ctx.group, ctx.member.name)
    return say(f"✅ 知道了，已告诉{asker}。")


@command("移交", action="取消", needs=LEADER, example="/移交 取消")
async def withdraw(ctx: Context) -> Reply:
    """收回还没回答的移交"""
    taker = await handover.withdraw(ctx.group, ctx.member.name)
    return say(f"✅ 已收回，不移交给{taker}了。", "看组员：/成员")


@command("副组长", needs=LEADER, example="/副组长 张老师", aliases=("代理组长",))
async def deputy(ctx: Context, name: MemberName | None = None) -> Reply:
    """请一位副组长，组长的命令都能用"""
    if name:
        undo = await handover.name_deputy(ctx.group, ctx.member.name, name)
        return say(f"✅ {name}现在是副组长，组长的命令都能用。", f"去掉：/副组长 取消 {name}", undo=undo)
    known = await handover.deputies(ctx.group)
    back = f"去掉：/副组长 取消 {known[0]}" if known else "例：/副组长 张老师"
    return say(f"👥 副组长：{'、'.join(known) or '还没有'}", back)


@command("副组长", action="取消", needs=LEADER, example="/副组长 取消 张老师")
async def drop(ctx: Context, name: MemberName) -> Reply:
    """一位老师不再当副组长"""
    undo = await handover.drop_deputy(ctx.group, ctx.member.name, name)
    return say(f"✅ {name}不再是副组长。", undo=undo)
