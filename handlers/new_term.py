"""What happens when a new term begins."""

from bot.calendar.names import day_label
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.reply import Reply, say
from bot.domain import new_term


@command("新学期", needs=LEADER, example="/新学期", aliases=("开新学期", "换学期"))
async def begin(ctx: Context) -> Reply:
    """名单照旧，上学期的安排变成草稿，看过再启用

    日期写死的和没回答的不带；上学期的数字还能看：/汇总 9月
    """
    carried, undo = await new_term.begin(ctx.group, ctx.member.name)
    term, people = ctx.group.term, await ctx.group.members()
    left = [f"{carried.left} 项只在上学期有日期，没有带。"] if carried.left else []
    return say(
        f"🎒 {term.name}，{day_label(term.first_day)}开学",
        f"名单 {len(people)} 人照旧；{carried.before.name}的 {len(carried.drafts)} 项安排放成了草稿。",
        *left,
        "看草稿：/计划",
        "启用：/计划 启用",
        undo=undo,
    )
