"""What happens when the leader reads, answers and activates the group's plan."""

from bot.chat.arguments import ItemNumber, Text
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.reply import Choice, Reply, ask, say
from bot.domain import plans, routines
from bot.domain.people import Role
from bot.domain.routines import Routine, State

MOST = 9


@command("计划", everyday=8, example="/计划", aliases=("工作计划", "看计划"), writes=False)
async def show(ctx: Context) -> Reply:
    """看计划里有哪些安排，组长看还要回答什么"""
    found = await routines.all_routines(ctx.group)
    shown = [r for r in found if r.state is not State.STOPPED and r.state is not State.ASKING]
    questions = await plans.open_questions(ctx.group)
    if not found:
        return say("📋 还没有导入计划。", "组长可以在网页上传计划文件，或逐条加：/日程 加 周五 活动内容")
    rows = [_row(routine) for routine in shown[:MOST]]
    more = [f"……还有 {len(shown) - MOST} 项"] if len(shown) > MOST else []
    waiting = [r for r in found if r.state is State.DRAFT]
    start = ["启用：/计划 启用"] if waiting and ctx.role is Role.LEADER else []
    head = f"📋 计划 {len(shown)} 项{f'，{len(questions)} 处待组长回答' if questions else ''}"
    if questions and ctx.role is Role.LEADER:
        reply = _question(questions[0])
        return ask(
            head, *rows[: MOST - 3], *_more(rows[MOST - 3 :], more), *reply.answer.lines, *start, choices=reply.choices
        )
    return say(head, *rows, *more, *start)


@command("计划", action="答", needs=LEADER, example="/计划 答 1 周三第8-9节")
async def answer(ctx: Context, question: ItemNumber, words: Text) -> Reply:
    """回答计划里待定的一处"""
    routine, settled = await plans.answer(ctx.group, ctx.member.name, question, words)
    if not settled:
        return _question(routine)
    force = "已启用" if routine.state is State.ACTIVE else "启用后生效"
    done = f"✅ {routine.number} {routine.title}：{routine.rule}，{force}。"
    left = await plans.open_questions(ctx.group)
    if left:
        following = _question(left[0])
        return ask(done, *following.answer.lines, choices=following.choices)
    return say(done, "启用：/计划 启用" if routine.state is State.DRAFT else "看安排：/日程")


@command("计划", action="启用", needs=LEADER, example="/计划 启用")
async def activate(ctx: Context) -> Reply:
    """让计划开始自己发消息"""
    started, questions = await plans.activate(ctx.group)
    head = f"✅ 已启用 {len(started)} 项，到时候我会在群里发。" if started else "ℹ️ 计划已经在用，还有几处等您回答："
    if questions:
        following = _question(questions[0])
        return ask(head, *following.answer.lines, choices=following.choices)
    return say(head, "看安排：/日程", "停用：/计划 停用")


@command("计划", action="停用", needs=LEADER, example="/计划 停用")
async def stop(ctx: Context) -> Reply:
    """让计划停下来，安排都留着"""
    stopped = await plans.stop(ctx.group)
    return say(f"✅ 已停用 {len(stopped)} 项，不再发消息。", "再启用：/计划 启用")


def _row(routine: Routine) -> str:
    state = "" if routine.state is State.ACTIVE else f"（{routine.state.value}）"
    return f"{routine.number} {routine.rule} {routine.title[:24]}{state}"


def _more(hidden: list[str], more: list[str]) -> list[str]:
    return ["……"] if hidden or more else []


def _question(routine: Routine) -> Reply:
    number, entry = routine.question_number, routine.entry
    sends = tuple(
        Choice(key=str(n), send=f"/计划 答 {number} {words}") for n, words in enumerate(entry.choices, start=1)
    )
    rows = [f"{n} {words}" for n, words in enumerate(entry.choices, start=1)]
    example = f"回复例：/计划 答 {number} {entry.choices[0] if entry.choices else '周三第8-9节'}"
    return ask(f"📝 问题 {number}：{entry.question}", *rows, example, choices=sends)
