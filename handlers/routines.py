"""What happens when somebody looks at the calendar: the group's, or their own."""

from datetime import date

from bot.calendar.names import day_label
from bot.calendar.phrases import When, find_when
from bot.calendar.term import each_day
from bot.chat.arguments import ItemNumber, TimeSpan
from bot.chat.commands import LEADER, VISITOR, command
from bot.chat.context import Context
from bot.chat.reply import Reply, say
from bot.domain import routine_standing, routines
from bot.domain.agenda import agenda, for_group, for_person
from bot.domain.dated import Dated
from bot.errors import BadArgument

MOST = 9
_SHOWN = ("主备", "上课", "听课", "候补", "已完成")


@command("日程", everyday=6, needs=VISITOR, example="/日程", aliases=("日历", "安排", "看日程"), writes=False)
async def show(ctx: Context, span: TimeSpan = "") -> Reply:
    """看本周、下周或某月的安排：/日程 下周、/日程 10月"""
    when, first, last = _span(ctx, span)
    items = for_group(await agenda(ctx.group, first, last))
    title = f"📅 {_title(ctx, when, first, last)} 日程"
    if not items:
        return say(title, "这段时间没有安排。", "看全部计划：/计划")
    return say(title, *_days_off(ctx, first, last), *_cut([_row(item) for item in items], "/日程 下周"))


@command("日程", action="我的", example="/日程 我的", writes=False)
async def mine(ctx: Context, span: TimeSpan = "") -> Reply:
    """看和自己有关的：集体备课、例会、自己的课和任务

    例：/日程 我的 下周  /日程 我的 10月
    """
    when, first, last = _span(ctx, span)
    name = ctx.member.name
    items = for_person(await agenda(ctx.group, first, last), name)
    title = f"📅 {name} {_title(ctx, when, first, last)} 日程"
    more = [] if span else ["下周的：/日程 我的 下周", "订到手机日历：/日程 订阅"]
    if not items:
        return say(title, "这段时间没有您的安排。", *more)
    rows = [_row(item, item.parts.get(name, "")) for item in items]
    return say(title, *_days_off(ctx, first, last), *_cut(rows, "/日程 我的 下周"), *more)


@command("日程", action="记录", needs=LEADER, example="/日程 记录 4", writes=False)
async def history(ctx: Context, item: ItemNumber) -> Reply:
    """看一项安排改过几次、谁改的、为什么"""
    routine = await routines.routine_numbered(ctx.group, item)
    changes = await routine_standing.history(ctx.group, routine)
    earlier = [f"（更早的 {len(changes) - MOST} 次没有列出）"] if len(changes) > MOST else []
    rows = [f"• {change}" for change in changes[-MOST:]] or ["没有改动过。"]
    return say(f"🧾 {routine.number} {routine.title}（{routine.rule}）", *earlier, *rows)


def _span(ctx: Context, words: str) -> tuple[When, date, date]:
    """What was asked for, with its first and last day; the present week when nothing was."""
    if not words:
        return When(), *ctx.group.term.bounds(ctx.group.week)
    when, rest = find_when(words, ctx.today, ctx.group.calendar, ctx.now)
    if when is None or rest or when.span is None:
        raise BadArgument(f"没看懂“{words[:20]}”。", "可以这样写：/日程 下周")
    return when, *when.span


def _title(ctx: Context, when: When, first: date, last: date) -> str:
    """What was asked for, with its days: "第3周（9月14日–9月20日）"."""
    name = when.text or f"第{ctx.group.week}周"
    return name if when.week else f"{name}（{day_label(first)}–{day_label(last)}）"


def _row(item: Dated, part: str = "") -> str:
    number = f"{item.number} · " if item.number else "• "
    yours = f"（{part}）" if part in _SHOWN else ""
    mark = "（取消）" if item.cancelled else "（已改）" if item.moved else ""
    return (
        " ".join(text for text in (f"{number}{item.when}", f"{item.title}{yours}", item.place, item.state) if text)
        + mark
    )


def _cut(rows: list[str], narrower: str) -> list[str]:
    more = [f"……还有 {len(rows) - MOST} 项，缩小范围：{narrower}"] if len(rows) > MOST else []
    return [*rows[:MOST], *more]


def _days_off(ctx: Context, first: date, last: date) -> list[str]:
    calendar = ctx.group.calendar
    notes = [(day, calendar.day_note(day)) for day in each_day(first, last)]
    found = [f"{day_label(day)}{note}" for day, note in notes if note]
    return [f"🗓 {'、'.join(found[:4])}"] if found else []
