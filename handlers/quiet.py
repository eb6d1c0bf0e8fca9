"""What happens when the leader wants silence, or somebody is away."""

import re
from datetime import date, timedelta

from bot.calendar.names import chinese_number, day_label, weekday_name
from bot.calendar.phrases import find_when
from bot.chat.arguments import Text
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.reply import Reply, guarded, say
from bot.domain import quiet, study_rotation
from bot.domain.guard import PupilNamed
from bot.domain.study_rotation import Absence
from bot.errors import BadArgument

_END = ("取消", "结束", "关", "不静音")
_TO = re.compile("^(?:到|至|-|–|~|—|和|、)")
_DAYS = re.compile("^(?P<number>[0-9一二三四五六七八九十两]{1,3})\\s*天")


@command("静音", needs=LEADER, example="/静音 到周五", aliases=("免打扰", "暂停发消息"))
async def mute(ctx: Context, words: Text = "") -> Reply:
    """到某一天为止机器人不自己说话，命令照常回答；/静音 取消 结束"""
    if not words:
        last = await quiet.muted_until(ctx.group, ctx.today)
        state = f"🔕 静音到{_day(last)}。" if last else "🔔 现在照常发消息。"
        return say(state, "结束静音：/静音 取消" if last else "例：/静音 到周五")
    if words.strip() in _END:
        undo = await quiet.mute(ctx.group, ctx.member.name, None)
        return say("🔔 静音结束，照常发消息。", undo=undo)
    _, last, rest = _span(ctx, words)
    if rest or last is None:
        raise BadArgument(f"没看懂静音到哪天：“{words[:20]}”。", "例：/静音 到周五", "也可以：/静音 3天")
    undo = await quiet.mute(ctx.group, ctx.member.name, last)
    return say(f"🔕 静音到{_day(last)}，其间不自己发消息，命令照常。", "结束静音：/静音 取消", undo=undo)


@command("请假", example="/请假 明天 外出学习", aliases=("我请假", "销假"))
async def leave(ctx: Context, words: Text = "") -> Reply:
    """这几天不在，不用提醒我；原因只有组长看得到"""
    if not words:
        return await _state(ctx)
    if words.strip() in _END:
        taken, undo = await quiet.cancel(ctx.group, ctx.member.name)
        return say(f"✅ 已销假（{'、'.join(one.days for one in taken)}）。", undo=undo)
    first, last, reason = _span(ctx, words)
    if first is None or last is None:
        raise BadArgument("请哪几天的假？", "例：/请假 周三到周五 外出学习")
    try:
        away = await study_rotation.leave(ctx.group, ctx.member.name, first, last, reason)
    except PupilNamed as error:
        return guarded(error.lines, f"/请假 {day_label(first)}到{day_label(last)} {error.replaced}")
    days, rows = away.leave.days, _turns(away)
    return say(f"✅ 已记下，{days}您请假，不再提醒您。", *rows, "取消：/请假 取消", undo=away.undo)


def _turns(away: Absence) -> list[str]:
    """What becomes of one's study lessons: who comes next is asked at once, what is close the leader settles."""
    passed = [
        f"🔄 您{a.lesson.when_dated}的研讨课换到{b.lesson.when_dated}（{b.lesson.number}）。" for a, b in away.passed
    ]
    return [*passed, *[f"👂 {x.lesson.when_dated}您有研讨课（{x.lesson.number}），请和组长商量。" for x in away.left]]


async def _state(ctx: Context) -> Reply:
    mine = await quiet.of_member(ctx.group, ctx.member.name)
    days = "、".join(one.days for one in mine)
    return say(f"📝 您记着的请假：{days}" if mine else "📝 您没有记着的请假。", "例：/请假 周三到周五 外出学习")


def _span(ctx: Context, words: str) -> tuple[date | None, date | None, str]:
    """First and last day named, and the rest: 周三到周五, 明天, 3天 (from today), 到周五 (from today)."""
    text = words.strip()
    if counted := _DAYS.match(text):
        days = chinese_number(counted["number"]) or 0
        if not days:
            return None, None, text
        return ctx.today, ctx.today + timedelta(days=days - 1), text[counted.end() :].strip()
    text, until = _TO.subn("", text)
    when, rest = find_when(text, ctx.today, ctx.group.calendar, ctx.now)
    if when is None or when.span is None:
        return None, None, text
    first, last = when.span
    if until:
        return ctx.today, last, rest
    if _TO.match(rest):
        for since in (ctx.today, first):  # 周三到周五 said on a Thursday: that Wednesday's Friday
            end, further = find_when(_TO.sub("", rest), since, ctx.group.calendar)
            if end and end.span and end.span[1] >= first:
                return first, end.span[1], further
    return first, last, rest


def _day(day: date | None) -> str:
    return f"{day_label(day)} {weekday_name(day.isoweekday())}" if day else ""
