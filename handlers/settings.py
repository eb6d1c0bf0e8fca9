"""What happens when the leader sets what the bot says by itself, and when."""

from datetime import time

from bot.calendar.phrases import find_when
from bot.chat.arguments import Text, Words
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.reply import Reply, say
from bot.domain import settings
from bot.domain.people import Role
from bot.errors import BadArgument

_EXAMPLE = "例：/设置 时间 卡片 07:30"


@command("设置", needs=LEADER, example="/设置", aliases=("组设置", "怎么设置"), writes=False)
async def show(ctx: Context, words: Words = "") -> Reply:
    """看机器人几点发、哪些自己发；开关和改时间"""
    if words:
        raise BadArgument(f"没看懂“{words[:20]}”。", "例：/设置 关 反思", _EXAMPLE)
    record, off = ctx.group.record, await settings.silent(ctx.group)
    on = [name for name in settings.speaking_subjects() if name not in off]
    closed = [name for name in settings.speaking_subjects() if name in off]
    deputies = [member.name for member in await ctx.group.members() if member.deputy and member.role is not Role.LEADER]
    return say(
        f"⚙️ {ctx.group.name}的设置",
        f"卡片 {record.window}　私信 {record.note_window}　{record.quiet_from} 起安静",
        f"自己发：{'、'.join(on) or '没有'}",
        *([f"关着：{'、'.join(closed)}"] if closed else []),
        *([f"副组长：{'、'.join(deputies)}"] if deputies else []),
        f"开关，例：/设置 {f'开 {closed[0]}' if closed else '关 反思'}",
        "改时间，例：/设置 时间 卡片 07:30",
    )


@command("设置", action="开", needs=LEADER, example="/设置 开 反思")
async def switch_on(ctx: Context, subject: Words) -> Reply:
    """让一项到时候自己提醒"""
    name = settings.subject_called(subject)
    undo = await settings.switch(ctx.group, ctx.member.name, name, on=True)
    return say(f"🔔 {name}照常自己发。", undo=undo)


@command("设置", action="关", needs=LEADER, example="/设置 关 反思")
async def switch_off(ctx: Context, subject: Words) -> Reply:
    """让一项不再自己提醒，命令照常"""
    name = settings.subject_called(subject)
    undo = await settings.switch(ctx.group, ctx.member.name, name, on=False)
    return say(f"🔕 {name}不再自己发消息，命令照常。", f"再打开：/设置 开 {name}", undo=undo)


@command("设置", action="时间", needs=LEADER, example="/设置 时间 卡片 07:30")
async def set_time(ctx: Context, words: Text) -> Reply:
    """改每天卡片、私信的时间，例如：私信 17:00"""
    what = next((word for word in settings.TIMES if words.startswith(word)), None)
    if what is None:
        raise BadArgument(f"改哪个时间？{'、'.join(settings.TIMES)}。", _EXAMPLE)
    return await _set(ctx, what, words.removeprefix(what))


@command("设置", action="安静", needs=LEADER, example="/设置 安静 21:00")
async def set_quiet(ctx: Context, words: Text) -> Reply:
    """改晚上几点起不再发消息"""
    return await _set(ctx, "安静", words)


async def _set(ctx: Context, what: str, words: str) -> Reply:
    moment = _time_in(ctx, words)
    undo = await settings.set_time(ctx.group, what, moment)
    rest = "" if what == "安静" else "，上课日发"
    return say(f"✅ {what}改到 {moment:%H:%M}{rest}。", undo=undo)


def _time_in(ctx: Context, words: str) -> time:
    """The time of the day that is meant, and nothing but a time."""
    when, rest = find_when(words.strip(" \u3000:：是到"), ctx.today, ctx.group.calendar)
    if when is None or rest or when.time is None or when.time_to or when.span or when.every or when.periods:
        raise BadArgument(f"没看懂时间“{words.strip()[:20]}”。", _EXAMPLE)
    return when.time
