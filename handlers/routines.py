"""What happens when somebody looks at the calendar, or the leader changes it."""

import re
from datetime import date

from bot.calendar.entries import Entry, Kind
from bot.calendar.names import day_label, weekday_name
from bot.calendar.phrases import When, find_when
from bot.calendar.term import each_day
from bot.chat.arguments import ItemNumber, Text, Time, TimeSpan
from bot.chat.commands import LEADER, VISITOR, command
from bot.chat.context import Context
from bot.chat.reply import Reply, say
from bot.domain import happenings, open_lessons, routine_changes, routines
from bot.domain.happenings import Happening
from bot.errors import BadArgument

MOST = 9
_PLACE = re.compile(r"(?:地点|在)[:\uff1a\s]*")


@command("日程", everyday=6, needs=VISITOR, example="/日程", aliases=("日历", "安排", "看日程"), writes=False)
async def show(ctx: Context, span: TimeSpan = "") -> Reply:
    """看本周、下周或某月的安排

    例：/日程 下周  /日程 10月
    """
    when = _span(ctx, span)
    first, last = when.span or ctx.group.term.bounds(ctx.group.week)
    due = [h for h in await happenings.happenings(ctx.group, first, last) if h.day >= first or h.last >= first]
    lessons = [x for x in await open_lessons.upcoming(ctx.group) if first <= x.day <= last]
    rows = [_row(h) for h in due] + [f"{await open_lessons.line(ctx.group, x)}" for x in lessons]
    title = f"📅 {_title(ctx, when, first, last)} 日程"
    if not rows:
        return say(title, "这段时间没有安排。", "看全部计划：/计划")
    more = [f"……还有 {len(rows) - MOST} 项，缩小范围：/日程 下周"] if len(rows) > MOST else []
    return say(title, *_days_off(ctx, first, last), *rows[:MOST], *more)


@command("日程", action="改", needs=LEADER, example="/日程 改 4 周四第8节")
async def move(ctx: Context, item: ItemNumber, words: Time) -> Reply:
    """改下一次的时间或地点，群里会收到一行更正"""
    happening = await happenings.next_happening(ctx.group, item)
    when, place = _day(ctx, words, happening)
    periods = when.periods or ()
    _, undo = await routine_changes.move(
        ctx.group, ctx.member.name, happening, day=when.day or happening.day, periods=periods, place=place
    )
    return say(f"✅ {item} {happening.title}改到 {when.said}。", undo=undo)


@command("日程", action="停", needs=LEADER, example="/日程 停 4 期中考试")
async def cancel(ctx: Context, item: ItemNumber, reason: Text = "") -> Reply:
    """下一次不开了，可以写原因"""
    happening = await happenings.next_happening(ctx.group, item)
    _, undo = await routine_changes.cancel(ctx.group, ctx.member.name, happening, reason[:30])
    return say(f"✅ {day_label(happening.day)}的{happening.title}取消了。", undo=undo)


@command("日程", action="加", needs=LEADER, example="/日程 加 下周五第3节 教学经验分享会")
async def add(ctx: Context, words: Text) -> Reply:
    """加一次活动，或每周的固定活动"""
    when, activity = find_when(words, ctx.today, ctx.group.calendar, ctx.now)
    if when is None or not activity:
        raise BadArgument("还少时间或活动。", "例：/日程 加 下周五第3节 教学经验分享会")
    routine, undo = await routine_changes.add(ctx.group, ctx.member.name, _entry(when, activity, words), source="组长")
    return say(
        f"✅ 已加 {routine.number} {activity}（{when.text}）。",
        *([f"⚠️ {when.text}：{when.note}。"] if when.note else []),
        f"改时间：/日程 改 {routine.number} 周四第8节",
        undo=undo,
    )


@command("日程", action="记录", needs=LEADER, example="/日程 记录 4", writes=False)
async def history(ctx: Context, item: ItemNumber) -> Reply:
    """看一项安排改过几次、谁改的"""
    routine = await routines.routine_numbered(ctx.group, item)
    changes = await routine_changes.history(ctx.group, routine)
    rows = [f"• {change}" for change in changes[-MOST:]] or ["没有改动过。"]
    return say(f"🧾 {routine.number} {routine.title}（{routine.rule}）", *rows)


def _title(ctx: Context, when: When, first: date, last: date) -> str:
    """What was asked for, with its days: "第3周（9月14日–9月20日）"."""
    name = when.text or f"第{ctx.group.week}周"
    return name if when.week else f"{name}（{day_label(first)}–{day_label(last)}）"


def _row(happening: Happening) -> str:
    mark = "（取消）" if happening.cancelled else "（已改）" if happening.moved else ""
    day = f"{day_label(happening.day)} " if happening.precise else ""
    place = f" {happening.place}" if happening.place else ""
    return f"{happening.routine.number} · {day}{happening.when} {happening.title}{place}{mark}"


def _days_off(ctx: Context, first: date, last: date) -> list[str]:
    calendar = ctx.group.calendar
    notes = [(day, calendar.day_note(day)) for day in each_day(first, last)]
    found = [f"{day_label(day)}{note}" for day, note in notes if note]
    return [f"🗓 {'、'.join(found[:4])}"] if found else []


def _span(ctx: Context, words: str) -> When:
    if not words:
        return When()
    when, rest = find_when(words, ctx.today, ctx.group.calendar, ctx.now)
    if when is None or rest or when.span is None:
        raise BadArgument(f"没看懂“{words[:20]}”。", "可以这样写：/日程 下周")
    return when


def _day(ctx: Context, words: str, happening: Happening) -> tuple[When, str]:
    when, rest = find_when(words, ctx.today, ctx.group.calendar, ctx.now)
    if when is None:
        if place := _PLACE.match(words):
            return When(day=happening.day, periods=happening.periods, text=happening.when), words[place.end() :].strip()
        raise BadArgument(f"没看懂“{words[:20]}”。", f"可以这样写：/日程 改 {happening.routine.number} 周四第8节")
    if when.day is None and when.periods:
        text = f"{day_label(happening.day)} {weekday_name(happening.day.isoweekday())}{when.text}"
        when = when.model_copy(update={"day": happening.day, "text": text})
    if when.day is None:
        raise BadArgument("改到哪一天？", f"可以这样写：/日程 改 {happening.routine.number} 周四第8节")
    return when, rest[:20]


def _entry(when: When, activity: str, words: str) -> Entry:
    periods = list(when.periods) if when.periods else None
    clock = f"{when.time:%H:%M}" if when.time else None
    if when.every:
        kind = Kind.BIWEEKLY if when.parity else Kind.WEEKLY
        return Entry(
            kind=kind,
            activity=activity,
            text=words,
            weekday=when.weekday,
            parity=when.parity,
            periods=periods,
            time=clock,
        )
    if when.day is None:
        raise BadArgument("是哪一天？", "例：/日程 加 下周五第3节 教学经验分享会")
    return Entry(kind=Kind.DATE, activity=activity, text=words, date=when.day, periods=periods, time=clock)
