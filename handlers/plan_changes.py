"""What happens when the leader corrects the plan in the chat: another time, another name, no posts, out, back."""

from bot.chat.arguments import ItemNumber, Text
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.reply import Choice, Reply, ask, guarded, say
from bot.domain import plan_changes, plans
from bot.domain.guard import PupilNamed
from bot.domain.plan_answers import Ambiguous
from bot.domain.routines import Routine, State
from bot.domain.undo import Undo


@command("计划", action="改", needs=LEADER, example="/计划 改 3 双周周四第8节")
async def correct(ctx: Context, item: ItemNumber, words: Text) -> Reply:
    """读错了就改时间；只改一次用 /日程 改

    例：/计划 改 3 周四第8节  /计划 改 3 每月第一周周五  /计划 改 3 第10周周三  /计划 改 3 地点 录播室
    """
    try:
        routine, undo = await plan_changes.correct(ctx.group, ctx.member.name, item, words)
    except Ambiguous as error:
        rows = [f"{n} {choice}" for n, choice in enumerate(error.choices, start=1)]
        choices = tuple(
            Choice(key=str(n), send=f"/计划 改 {item} {choice}") for n, choice in enumerate(error.choices, start=1)
        )
        return ask(f"📝 {error.question}", *rows, choices=choices)
    row = await plans.row_of(ctx.group, routine)
    dates = "、".join(row.days) or row.why_none
    return say(f"✅ {item} {routine.title}：{routine.standing}{_force(routine)}。", f"接下来：{dates}", undo=undo)


@command("计划", action="名称", needs=LEADER, example="/计划 名称 3 组内研讨课")
async def rename(ctx: Context, item: ItemNumber, words: Text) -> Reply:
    """改计划里一条的叫法"""
    try:
        routine, undo = await plan_changes.rename(ctx.group, ctx.member.name, item, words)
    except PupilNamed as error:
        return guarded(error.lines, f"/计划 名称 {item} {error.replaced}")
    return say(f"✅ {item} 改叫“{routine.title}”了。", undo=undo)


@command("计划", action="不发", needs=LEADER, example="/计划 不发 3")
async def hush(ctx: Context, item: ItemNumber) -> Reply:
    """一条留在计划和日程里，只是不自己发"""
    routine, undo = await plan_changes.hush(ctx.group, ctx.member.name, item)
    return _done(f"✅ {item} {routine.title}不会自己发了，日程里还看得到。", undo, f"照常发：/计划 恢复 {item}")


@command("计划", action="删", needs=LEADER, example="/计划 删 3")
async def delete(ctx: Context, item: ItemNumber) -> Reply:
    """从计划里删掉一条；同一份计划再导入也不会回来"""
    routine, undo = await plan_changes.delete(ctx.group, ctx.member.name, item)
    return _done(f"✅ {item} {routine.title}（{routine.rule}）删掉了。", undo, f"恢复：/计划 恢复 {item}")


@command("计划", action="恢复", needs=LEADER, example="/计划 恢复 3")
async def bring_back(ctx: Context, item: ItemNumber) -> Reply:
    """删掉的、停用的、不发的一条，照常"""
    routine, undo = await plan_changes.bring_back(ctx.group, ctx.member.name, item)
    todo = f"，先回答第 {routine.question_number} 个问题" if routine.state is State.ASKING else _force(routine)
    return _done(f"✅ {item} {routine.title}（{routine.rule}）恢复了{todo}。", undo, f"看这一条：/计划 看 {item}")


def _done(line: str, undo: Undo, hint: str) -> Reply:
    return say(line, hint, undo=undo)


def _force(routine: Routine) -> str:
    """What of it is not plain: a draft is silent still."""
    if routine.silent:
        return "，不自己发"
    return "，启用后生效" if routine.state is State.DRAFT else "，现在停用着" if routine.state is State.STOPPED else ""
