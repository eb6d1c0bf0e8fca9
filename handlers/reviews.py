"""What happens when a lesson is reviewed, or the leader sets the scale."""

import re

from bot.chat.arguments import Text, Words
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.reply import Choice, Reply, ask, guarded, say
from bot.domain import observations, reviews, scales
from bot.domain.guard import PupilNamed
from bot.domain.observations import Observation
from bot.errors import BadArgument, Refused

MOST = 5
EXAMPLE = "/评课 5 目标5 环节4 参与3 效果4 导入好"
NOTE_FIRST = "先记听课，例：/听课 张老师 今天第1节 高一3班 导入好"
_NUMBER = re.compile(r"(?:第|#)?(\d{1,4})(?:号|节)?(?=[\s\u3000,\uff0c]|$)")


@command("评课", example=EXAMPLE, aliases=("课堂评价", "写评课"))
async def give(ctx: Context, words: Text = "") -> Reply:
    """评一节听过的课：编号或老师、各项 1–5 分、几句话

    全文只私下给上课老师，群里只看到评了几节。重发一次就是改。
    """
    if not words:
        return await _state(ctx)
    heard, rest = await _which(ctx, words)
    if isinstance(heard, Reply):
        return heard
    marks, text = scales.read_marks(rest, await scales.axes(ctx.group))
    try:
        count, told, undo = await reviews.give(ctx.group, ctx.member.name, heard, marks, text)
    except PupilNamed as error:
        said = " ".join(f"{axis}{mark}" for axis, mark in marks.items())
        return guarded(error.lines, f"/评课 {heard.number} {said} {error.replaced}")
    where = "全文已私下给上课老师" if told else "上课老师不在组里，请当面给"
    aside = () if ctx.private else ("群里写的大家看得到，下次可以私下发我。",)
    return say(f"✅ 评课记下了（这节课共 {count} 份），{where}。", *aside, undo=undo)


@command("评课", action="看", example="/评课 看", writes=False)
async def received(ctx: Context) -> Reply:
    """看同事给自己的评课（只私下给您）"""
    found = await reviews.received(ctx.group, ctx.member.name)
    if not found:
        return Reply(say("📝 这学期还没有收到评课。", f"评别人的，例：{EXAMPLE}").answer, private=True)
    rows = [line for heard, theirs in found[:MOST] for line in (f"• {heard.label}", reviews.summary(theirs))]
    return Reply(say(f"📝 这学期您有 {len(found)} 节课收到评课：", *rows).answer, private=True)


@command("量表", example="/量表", aliases=("观察量表", "评课量表"), writes=False)
async def scale(ctx: Context) -> Reply:
    """看评课用的量表；组长可以改"""
    names = await scales.axes(ctx.group)
    return say(f"📏 评课量表（每项 1–{scales.TOP} 分）：{'、'.join(names)}", f"组长改，例：{scales.EXAMPLE}")


@command("量表", action="改", needs=LEADER, example=scales.EXAMPLE)
async def set_scale(ctx: Context, words: Words) -> Reply:
    """换评课的项目，2 到 8 项；/量表 改 默认 用回四项"""
    names = scales.FOUR if words.strip() == "默认" else re.split("[\\s、,\uff0c\u3000]+", words.strip("。 "))
    stored, undo = await scales.put(ctx.group, ctx.member.name, names)
    return say(f"✅ 量表改为 {'、'.join(stored.axes)}。以前的评课照旧。", undo=undo)


async def _state(ctx: Context) -> Reply:
    waiting = await reviews.open_for(ctx.group, ctx.member.name)
    names = await scales.axes(ctx.group)
    if not waiting:
        return say("📝 您听过的课都评过了，或者还没记听课。", NOTE_FIRST, "看给自己的：/评课 看")
    rows = [f"{x.number} {x.label}" for x in waiting[:MOST]]
    hint = f"例：/评课 {waiting[0].number} {scales.marks_example(names)}"
    return say(f"📝 听过还没评的 {len(waiting)} 节（各项 1–{scales.TOP} 分）：", *rows, "看给自己的：/评课 看", hint)


async def _which(ctx: Context, words: str) -> tuple[Observation | Reply, str]:
    """The lesson meant by a number or a teacher, and the rest; a question when several may be meant."""
    number = _NUMBER.match(words)
    if number:
        return await observations.own(ctx.group, ctx.member.name, int(number[1])), words[number.end() :]
    teacher = await observations.teacher_in(ctx.group, words)
    if teacher is None:
        raise BadArgument("评哪节课？写编号或老师。", f"例：{EXAMPLE}")
    if teacher == ctx.member.name:
        raise Refused("自己的课不评。", "看给自己的：/评课 看")
    rest = words.replace(teacher, " ", 1)
    theirs = [x for x in await observations.of_member(ctx.group, ctx.member.name) if x.teacher == teacher]
    waiting = [x for x in await reviews.open_for(ctx.group, ctx.member.name) if x.teacher == teacher]
    if not theirs:
        raise Refused(f"您还没记听过{teacher}的课。", NOTE_FIRST)
    meant = waiting or theirs[-1:]
    return (meant[0], rest) if len(meant) == 1 else (await _ask(ctx, meant, rest), rest)


async def _ask(ctx: Context, meant: list[Observation], rest: str) -> Reply:
    """Which of several; what was written waits as an answer, so a pupil's name must not be in it."""
    try:
        await observations.check_text(ctx.group, rest)
    except PupilNamed as error:
        return guarded(error.lines, f"/评课 {meant[0].teacher} {error.replaced}")
    shown = list(enumerate(meant[:MOST], start=1))
    choices = tuple(Choice(key=str(n), send=f"/评课 {x.number} {rest.strip()}") for n, x in shown)
    return ask("📝 评哪一节？回复前面的数字：", *[f"{n}. {x.label}" for n, x in shown], choices=choices)
