"""What happens when the leader pastes a plan: read, kept as drafts, or held against the old one and asked."""

import asyncio

from bot.chat.arguments import Page, Text, Words
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.reply import Choice, Reply, ask, guarded, say
from bot.domain import guard, plan_drafts, plan_import, plans
from bot.domain.guard import PupilNamed
from bot.domain.plan_compare import Difference
from bot.domain.plan_writing import Imported
from bot.domain.routines import State
from bot.errors import BadArgument

A_PAGE = 6
LONGEST_ROW = 44
STOP = "停掉"


@command("计划", action="导入", needs=LEADER, example="/计划 导入")
async def read(ctx: Context, text: Text = "") -> Reply:
    """把工作计划贴在后面，或把文件私下发给我；读进来先不发消息

    改过的计划再导入一次，先说哪里不同，您同意了才改。
    """
    if not text:
        return say(
            "📋 把工作计划整份复制，贴在“/计划 导入”后面发给我，一条一行。",
            "也可以把文件（.docx .xlsx .txt .md）私下发给我。",
            "读进来先是草稿，不会自己发消息；您看过、改过，再启用。",
        )
    reading = await asyncio.to_thread(plan_import.read, text.splitlines(), plans.context_of(ctx.group))
    try:
        made = await plan_import.keep(ctx.group, ctx.member.name, reading)
    except PupilNamed as error:
        return guarded(error.lines, f"/计划 导入 {guard.with_codes(text, await ctx.group.teachers())}")
    return _difference(made.waiting) if made.waiting else _read_in(made)


@command("计划", action="导入 看", needs=LEADER, example="/计划 导入 看", writes=False)
async def look(ctx: Context, page: Page = 1) -> Reply:
    """看等着您定的新计划和现在的哪里不同"""
    return _difference(await plan_import.difference(ctx.group), page)


@command("计划", action="导入 确认", needs=LEADER, example="/计划 导入 确认")
async def accept(ctx: Context, how: Words = "") -> Reply:
    """照新计划改；新计划里没有的也停掉，写：/计划 导入 确认 停掉"""
    if how not in ("", STOP):
        raise BadArgument(f"没看懂“{how[:20]}”。", f"例：/计划 导入 确认，或 /计划 导入 确认 {STOP}")
    made = await plan_import.accept(ctx.group, ctx.member.name, drop=how == STOP)
    counts = [f"改了 {len(made.changed)} 项", f"新加 {len(made.sure) + len(made.questions)} 项"]
    counts += [f"停掉 {len(made.dropped)} 项"] if made.dropped else []
    drafts = any(routine.state is State.DRAFT for routine in (*made.sure, *made.changed))
    new = ["启用：/计划 启用"] if drafts else []
    return say(f"✅ 照新计划改好了：{'，'.join(counts)}。", *_asked(made), "看计划：/计划", *new, undo=made.undo)


@command("计划", action="导入 不要", needs=LEADER, example="/计划 导入 不要")
async def drop(ctx: Context) -> Reply:
    """不用新计划，现在的照旧"""
    await plan_drafts.drop(ctx.group)
    return say("✅ 新计划不用了，现在的安排没有变。", "看计划：/计划")


def _read_in(made: Imported) -> Reply:
    known = f"，{len(made.known)} 项原来就有" if made.known else ""
    quotas = f"，{made.targets} 个要达到的次数" if made.targets else ""
    start = ["启用：/计划 启用"] if made.sure else []
    first = min((routine.number for routine in (*made.sure, *made.questions)), default=0)
    if not (made.sure or made.questions or made.targets):
        return say(f"ℹ️ 没有新的：{len(made.known)} 项原来就有。", "看计划：/计划")
    return say(
        f"✅ 读进计划：{len(made.sure)} 项清楚，{len(made.questions)} 处要您定{quotas}{known}。",
        "现在还不会自己发消息。对照原文一条一条看，读错了就改，再启用。",
        *([f"一条一条看：/计划 看 {first}"] if first else ["看配额：/计划 配额"]),
        "回答和总览：/计划",
        *start,
        undo=made.undo,
    )


def _asked(made: Imported) -> list[str]:
    return [f"其中 {len(made.questions)} 处要您定，在 /计划 里一处一处问。"] if made.questions else []


def _difference(found: Difference, page: int = 1) -> Reply:
    rows = [f"改 {change.line}" for change in found.changed]
    rows += [f"没有了 {routine.number} {routine.rule} {routine.title}" for routine in found.gone]
    rows += [f"新 {plan_import.words_of(entry)}" for entry in found.new]
    shown = rows[(page - 1) * A_PAGE : page * A_PAGE]
    if not shown:
        raise BadArgument(f"没有第 {page} 页。" if rows else "新计划和现在的一样。", "例：/计划 导入 看")
    left = len(rows) - page * A_PAGE
    more = [f"还有 {left} 条，接着看：/计划 导入 看 {page + 1}"] if left > 0 else []
    offers = _offers(found)
    question = "   ".join(f"{n} {label}" for n, (label, _) in enumerate(offers, start=1))
    choices = tuple(Choice(key=str(n), send=send) for n, (_, send) in enumerate(offers, start=1))
    short = [row if len(row) <= LONGEST_ROW else f"{row[: LONGEST_ROW - 1]}…" for row in shown]
    head = f"📋 和现在的计划比：{found.counts}。还没有改。"
    return ask(head, *short, f"请回复数字：{question}", *more, choices=choices)


def _offers(found: Difference) -> list[tuple[str, str]]:
    accept, drop = "/计划 导入 确认", "/计划 导入 不要"
    if not found.gone:
        return [("照新的改", accept), ("不要", drop)]
    return [("照新的改，没有了的停掉", f"{accept} {STOP}"), ("照新的改，没有了的留着", accept), ("不要", drop)]
