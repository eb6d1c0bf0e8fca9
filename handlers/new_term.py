"""What happens when a new term begins."""

from bot.calendar.names import day_label
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.reply import Reply, say
from bot.domain import new_term, terms
from bot.domain.new_term import Carried

MOST_SHOWN = 2


@command("新学期", needs=LEADER, example="/新学期", aliases=("开新学期", "换学期"))
async def begin(ctx: Context) -> Reply:
    """名单照旧，上学期的安排变成草稿，看过再启用

    没做完的任务、已发布的公开课、听课配额、轮值顺序接着用；日期写死的和没回答的不带。上学期的还能看：/汇总 上学期
    """
    carried, undo = await new_term.begin(ctx.group, ctx.member.name)
    term, people = ctx.group.term, await ctx.group.members()
    left = [f"{carried.left} 项只在上学期有日期，没有带。"] if carried.left else []
    return say(
        f"🎒 {term.name}，{day_label(term.first_day)}开学",
        f"名单 {len(people)} 人照旧；{carried.before.name}的 {len(carried.drafts)} 项安排放成了草稿。",
        *left,
        *_running(carried),
        "看草稿：/计划",
        "启用：/计划 启用",
        undo=undo,
    )


def _running(carried: Carried) -> list[str]:
    """What goes on, with the new numbers; and where the rest is."""
    running, old = carried.running, terms.label(carried.before)
    items = [f"{lesson.number} {lesson.label}" for lesson in running.lessons]
    items += [f"{task.number} {task.text[:10]}" for task in running.tasks]
    more = f"等 {len(items)} 项" if len(items) > MOST_SHOWN else ""
    kept = [f"听课配额{running.quota}"] if running.quota else []
    kept += ["轮值顺序"] if running.order else []
    return [
        *([f"接着做（新编号）：{'，'.join(items[:MOST_SHOWN])}{more}"] if items else []),
        *([f"{'、'.join(kept)}照旧。"] if kept else []),
        *([f"{running.overdue} 项任务过期没做完，留在上学期：/汇总 {old} 任务"] if running.overdue else []),
    ]
