"""What happens when somebody looks at the group's plan, or the leader answers, activates and stops it."""

from dataclasses import replace
from typing import NamedTuple

from bot.chat.arguments import ItemNumber, Page, Text, Words
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.reply import Choice, Reply, ask, say
from bot.domain import plan_activation, plan_changes, plan_drafts, plan_quotas, plans, routine_standing, routines
from bot.domain.people import Role
from bot.domain.plan_quotas import PlanQuota
from bot.domain.plans import PlanRow
from bot.domain.routines import Routine, State
from bot.domain.undo import Undo
from bot.errors import BadArgument

MOST = 8
WITH_QUESTION = 4
LONGEST_WORDS, LONGEST_TITLE, LONGEST_ROW = 60, 20, 34
HISTORY = 3


class Question(NamedTuple):
    """One thing the leader is asked: its lines, and what a number in the answer stands for."""

    lines: tuple[str, ...]
    choices: tuple[Choice, ...] = ()


@command("计划", everyday=8, example="/计划", aliases=("工作计划", "看计划"), writes=False)
async def show(ctx: Context, page: Page = 0) -> Reply:
    """看计划里有哪些安排，组长看还要回答什么

    一页一页看，例：/计划 1
    """
    found = await routines.all_routines(ctx.group)
    shown = [r for r in found if r.state in (State.DRAFT, State.ACTIVE)]
    questions = await plans.open_questions(ctx.group)
    leads = ctx.role is Role.LEADER
    if not shown and not questions:
        return _nothing(leads and any(r.state is State.STOPPED for r in found))
    head = f"📋 计划 {len(shown)} 项{f'，{len(questions)} 处待组长回答' if questions else ''}"
    rows = [_row(routine, await plans.stopped(ctx.group, routine)) for routine in shown]
    start = ["启用：/计划 启用"] if leads and any(r.state is State.DRAFT for r in shown) else []
    if page:
        return say(head, *_page(rows, page))
    if leads and questions:
        following = _question(questions[0])
        return ask(head, *_first(rows, WITH_QUESTION), *following.lines, *start, choices=following.choices)
    revised = ["新的一份等您定：/计划 导入 看"] if leads and await plan_drafts.find(ctx.group) else []
    return say(head, *_first(rows, MOST), *revised, *start)


@command("计划", action="看", example="/计划 看 3", writes=False)
async def look(ctx: Context, item: ItemNumber) -> Reply:
    """看计划里的一条：原文怎么写、读成什么、接下来五次、谁改过"""
    routine = await plans.numbered(ctx.group, item)
    row = await plans.row_of(ctx.group, routine)
    where = f"第{row.line}行：" if row.line else ""
    words = [f"原文：{where}{_short(row.words, LONGEST_WORDS)}"] if row.words else []
    dates = "、".join(row.days) or row.why_none
    history = await routine_standing.history(ctx.group, routine)
    kept = history if len(history) <= HISTORY else [history[0], *history[1 - HISTORY :]]
    more = [f"全部改动：/日程 记录 {item}"] if len(history) > HISTORY else []
    belongs = [f"归在：{row.topic}"] if row.topic and row.topic != row.title else []
    lines = [f"📋 {item} {_short(row.title, LONGEST_ROW)}（{_state(row)}）", *words, f"读成：{row.rule}", *belongs]
    lines += [f"接下来：{dates}", *(f"• {one}" for one in kept), *more]
    if row.question and ctx.role is Role.LEADER:
        following = _question(routine)
        return ask(*lines[:2], *following.lines, *await _next(ctx, item), choices=following.choices)
    fix = [_way_on(routine, row.stopped)] if ctx.role is Role.LEADER else []
    return say(*lines, *fix, *await _next(ctx, item))


@command("计划", action="答", needs=LEADER, example="/计划 答 1 周三第8-9节")
async def answer(ctx: Context, question: ItemNumber, words: Text) -> Reply:
    """回答计划里待定的一处"""
    routine, settled, undo = await plan_changes.answer(ctx.group, ctx.member.name, question, words)
    if not settled:
        return _asked(_question(routine), undo=undo)
    force = "不会自己发" if routine.silent else "已启用" if routine.state is State.ACTIVE else "启用后生效"
    done = f"✅ {routine.number} {routine.title}：{routine.rule}，{force}。"
    following = await _following(ctx, routine.state is State.ACTIVE)
    if following:
        return _asked(following, done, undo=undo)
    return say(done, "启用：/计划 启用" if routine.state is State.DRAFT else "看安排：/日程", undo=undo)


@command("计划", action="启用", needs=LEADER, example="/计划 启用")
async def activate(ctx: Context) -> Reply:
    """让计划开始自己发消息"""
    done, undo = await plan_activation.activate(ctx.group, ctx.member.name)
    count = len(done.started)
    head = f"✅ 已启用 {count} 项，到时候我会在群里发。" if count else "ℹ️ 计划已经在用，还有几处等您回答："
    said = [f"会说的事：{'、'.join(done.topics)}"] if done.topics else []
    said += [f"原来关着的也打开了：{'、'.join(done.opened)}"] if done.opened else []
    following = await _following(ctx)
    if following:
        return _asked(following, head, *said, undo=undo)
    return say(head, *said, "看安排：/日程", "停用：/计划 停用", undo=undo)


@command("计划", action="停用", needs=LEADER, example="/计划 停用")
async def stop(ctx: Context) -> Reply:
    """让计划停下来，安排都留着"""
    stopped, undo = await plan_activation.stop(ctx.group, ctx.member.name)
    return say(f"✅ 已停用 {len(stopped)} 项，不再发消息。", "再启用：/计划 启用", undo=undo)


@command("计划", action="配额", example="/计划 配额")
async def quotas(ctx: Context, words: Words = "") -> Reply:
    """看计划里要达到的次数；组长设一条：/计划 配额 1"""
    if not words:
        return await _quotas(ctx)
    await ctx.group.must_lead(ctx.member.name, "配额", plan_quotas.SEE)
    number, _, how = words.partition(" ")
    if not number.isdecimal() or how.strip() not in ("", "设", "不设"):
        raise BadArgument(f"没看懂“{words[:20]}”。", "例：/计划 配额 1，或 /计划 配额 1 不设", plan_quotas.SEE)
    if how.strip() == "不设":
        one, undo = await plan_quotas.decline(ctx.group, int(number[:4]))
        done = f"✅ “{one.quota.label}”只记着，不数。"
    else:
        one, undo = await plan_quotas.take(ctx.group, ctx.member.name, int(number[:4]))
        done = f"✅ 已设{one.topic}配额：{one.quota.label}，快到时只私下提醒还差的人。"
    following = await _following(ctx)
    if following:
        return _asked(following, done, undo=undo)
    return say(done, undo=undo)


def _way_on(routine: Routine, stopped: str) -> str:
    off = stopped or routine.silent or routine.state in (State.STOPPED, State.DROPPED)
    return f"恢复：/计划 恢复 {routine.number}" if off else f"改时间，例：/计划 改 {routine.number} 周四第8节"


async def _next(ctx: Context, item: int) -> list[str]:
    """The way to the entry behind this one, so that a plan can be read through beside the document."""
    after = [
        r.number for r in await routines.all_routines(ctx.group) if r.number > item and r.state is not State.DROPPED
    ]
    return [f"下一条：/计划 看 {after[0]}"] if after else []


async def _quotas(ctx: Context) -> Reply:
    found = await plan_quotas.of_term(ctx.group)
    if not found:
        return say("📏 计划里没有要达到的次数。", "设听课的，例：/听课 配额 2")
    rows = [_quota_row(n, one) for n, one in enumerate(found[:MOST], start=1)]
    more = [f"……共 {len(found)} 条"] if len(found) > MOST else []
    return say("📏 计划里要达到的次数（不是安排，不会发）：", *rows, *more)


def _quota_row(place: int, one: PlanQuota) -> str:
    state = f"（{one.answer.value}）" if one.can_be_set else ""
    return f"{place} {_short(one.quota.label, LONGEST_ROW)}{state}"


async def _following(ctx: Context, in_force: bool = True) -> Question | None:
    """What the leader is asked next: an open entry; of a plan in force a number that could be a subject's quota."""
    left = await plans.open_questions(ctx.group)
    if left:
        return _question(left[0])
    quota = await plan_quotas.to_ask(ctx.group) if in_force else None
    if quota is None:
        return None
    place, one = quota
    choices = (Choice(key="1", send=f"/计划 配额 {place}"), Choice(key="2", send=f"/计划 配额 {place} 不设"))
    return Question((f"📏 计划要求{one.quota.label}，设成每人的{one.topic}配额吗？", "1 设", "2 不设，只记着"), choices)


def _asked(question: Question, *before: str, undo: Undo | None = None) -> Reply:
    back = ("撤销：/撤销",) if undo else ()
    return replace(ask(*before, *question.lines, *back, choices=question.choices), undo=undo)


def _row(routine: Routine, stopped: str) -> str:
    plain = "" if routine.state is State.ACTIVE else routine.state.value
    state = stopped or ("不发" if routine.silent else plain)
    mark = f"（{state}）" if state else ""
    return f"{routine.number} {routine.rule} {_short(routine.title, LONGEST_TITLE)}{mark}"


def _state(row: PlanRow) -> str:
    return row.stopped or (f"{row.state.value}，不发" if row.silent else row.state.value)


def _nothing(stopped: bool) -> Reply:
    again = ["再启用：/计划 启用"] if stopped else []
    head = "📋 计划停用了。" if stopped else "📋 还没有导入计划。"
    return say(head, "组长可以导入一份，怎么导入：/计划 导入", "也可以逐条加，例：/日程 加 周五 活动内容", *again)


def _first(rows: list[str], most: int) -> list[str]:
    return rows[:most] + ([f"……还有 {len(rows) - most} 项，一页一页看：/计划 1"] if len(rows) > most else [])


def _page(rows: list[str], page: int) -> list[str]:
    shown = rows[(page - 1) * MOST : page * MOST]
    if not shown:
        raise BadArgument(f"没有第 {page} 页。", "例：/计划 1")
    left = len(rows) - page * MOST
    return [*shown, *([f"还有 {left} 项，下一页：/计划 {page + 1}"] if left > 0 else [])]


def _question(routine: Routine) -> Question:
    number, entry = routine.question_number, routine.entry
    sends = tuple(
        Choice(key=str(n), send=f"/计划 答 {number} {words}") for n, words in enumerate(entry.choices, start=1)
    )
    rows = [f"{n} {words}" for n, words in enumerate(entry.choices, start=1)]
    example = f"回复例：/计划 答 {number} {entry.choices[0] if entry.choices else '周三第8-9节'}"
    return Question((f"📝 问题 {number}：{entry.question}", *rows, example), sends)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
