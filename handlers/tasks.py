"""What happens when tasks are given, finished, moved or called off."""

from bot.calendar.phrases import When, find_when
from bot.chat.arguments import ItemNumber, Text, Words, item_number
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.reply import Choice, Reply, ask, guarded, say
from bot.domain import task_changes, tasks
from bot.domain.groups import Notice
from bot.domain.guard import PupilNamed
from bot.domain.people import Role
from bot.domain.tasks import EXAMPLE, Task
from bot.errors import BadArgument, NotAllowed

MOST = 8


@command("任务", example="/任务", aliases=("布置任务", "分工", "待办"))
async def overview(ctx: Context, words: Text = "") -> Reply:
    """看自己要做什么；组长布置，例：/任务 王老师 周五前 交单元卷"""
    if number := item_number(words):
        return _one(await tasks.numbered(ctx.group, number), ctx)
    if not words:
        return await _state(ctx)
    if ctx.role is not Role.LEADER:
        raise NotAllowed("任务由组长布置。", "看自己的：/任务")
    owners, rest = await tasks.owners_in(ctx.group, words, but=ctx.member.name)
    when, text = find_when(rest, ctx.today, ctx.group.calendar, ctx.now)
    text = tasks.without_before(text)
    try:
        task, undo = await task_changes.give(ctx.group, ctx.member.name, owners, text, tasks.last_day(when))
    except PupilNamed as error:
        return guarded(error.lines, f"/任务 {tasks.written(owners, tasks.last_day(when), error.replaced)}")
    told = "，已私下告诉" if task.owners != (ctx.member.name,) else ""
    return say(f"✅ 任务 {task.label} → {_names(task.owners)}{told}", *_remark(when), undo=undo)


@command("任务", action="改", needs=LEADER, example="/任务 改 12 下周三前")
async def move(ctx: Context, item: ItemNumber, words: Words) -> Reply:
    """给一项任务改期限"""
    when, _ = find_when(words, ctx.today, ctx.group.calendar, ctx.now)
    due = tasks.last_day(when)
    if due is None:
        raise BadArgument(f"没看懂日期“{words[:20]}”。", f"例：/任务 改 {item} 下周三前")
    task, undo = await task_changes.move(ctx.group, ctx.member.name, item, due)
    return say(f"✅ 任务改期：{task.label}", *_remark(when), undo=undo)


@command("任务", action="取消", needs=LEADER, example="/任务 取消 12")
async def call_off(ctx: Context, item: ItemNumber) -> Reply:
    """一项任务不用做了"""
    task, undo = await task_changes.call_off(ctx.group, ctx.member.name, item)
    return say(f"✅ 任务 {task.number} {task.text} 取消了。", undo=undo)


@command("完成", example="/完成", aliases=("做完了", "完成任务", "任务完成"))
async def finish(ctx: Context, item: ItemNumber | None = None, who: Words = "") -> Reply:
    """做完一项任务；组长可以替人记：/完成 12 王老师"""
    names = [name for name in await ctx.group.teachers() if name in who]
    if who and not names:
        raise BadArgument(f"没看懂“{who[:20]}”。", "例：/完成 12", "看自己的：/任务")
    if item is None:
        return await _which(ctx)
    task, undo = await task_changes.finish(ctx.group, ctx.member, item, names)
    left = len(task.open_owners)
    more = f"（还有 {left} 位在做）" if left else ""
    return say(f"✅ 任务 {task.number} {task.text} 完成了{more}。", undo=undo)


def _remark(when: When | None) -> list[str]:
    """A due day without school, or one that runs another weekday's timetable."""
    return [f"⚠️ {when.text}：{when.note}。"] if when and when.note else []


async def _state(ctx: Context) -> Reply:
    waiting = await tasks.waiting(ctx.group)
    mine = tasks.waiting_for(waiting, ctx.member.name)
    rows = [f"• {task.label}" for task in mine[:MOST]] + ([f"……还有 {len(mine) - MOST} 项"] if len(mine) > MOST else [])
    head = f"📌 您有 {len(mine)} 项任务要做：" if mine else "📌 您没有要做的任务。"
    hint = (f"做完了回：/完成 {mine[0].number}",) if mine else ()
    if ctx.role is not Role.LEADER:
        return say(head, *rows, *hint)
    full = _all_open(waiting)
    if ctx.private:
        return say(head, *rows, *full, *hint, f"布置，例：{EXAMPLE}")
    return say(head, *rows, *hint, f"布置，例：{EXAMPLE}", notes=(Notice(ctx.member.name, say(*full).answer),))


def _all_open(found: list[Task]) -> list[str]:
    """For the leader alone: what the others still have to do."""
    rows = [f"• {task.label}：{_names(task.open_owners)}" for task in found[:MOST]]
    return [f"👥 全组还有 {len(found)} 项没做完", *rows]


def _one(task: Task, ctx: Context) -> Reply:
    state = "取消了" if task.dropped else f"完成 {len(task.done)}/{len(task.owners)}"
    rows = [f"📌 任务 {task.label}", f"交给：{_names(task.owners)}", f"{state}　布置：{task.giver}"]
    return say(*rows, *((f"做完了回：/完成 {task.number}",) if ctx.member.name in task.open_owners else ()))


async def _which(ctx: Context) -> Reply:
    mine = await tasks.open_for(ctx.group, ctx.member.name)
    if not mine:
        return say("📌 您没有要做的任务。", "看任务：/任务")
    choices = tuple(Choice(key=str(n), send=f"/完成 {task.number}") for n, task in enumerate(mine[:MOST], start=1))
    rows = [f"{choice.key}. {task.label}" for choice, task in zip(choices, mine[:MOST], strict=True)]
    return ask("📌 完成了哪一项？回复前面的数字：", *rows, choices=choices)


def _names(names: tuple[str, ...]) -> str:
    return "、".join(names[:MOST]) + (f"等 {len(names)} 位" if len(names) > MOST else "")
