"""What happens when somebody asks where the teaching stands, says how far their class is, or the table is edited."""

import re

from bot.calendar.week_words import leading_week
from bot.chat.arguments import Text
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.reply import Choice, Reply, ask, guarded, message, say
from bot.domain import prep, progress
from bot.domain.groups import Notice
from bot.domain.guard import PupilNamed
from bot.domain.people import Role
from bot.domain.progress import EDIT
from bot.errors import BadArgument

MOST = 6
_REACHED = re.compile("^(?:我们?班?|本班)?\\s*(?:已经?|现在)?\\s*(?:讲|教|上|学)?\\s*(?:到了?|完了?)\\s*")


@command("进度", example="/进度", aliases=("教学进度", "进度表"))
async def overview(ctx: Context, words: Text = "") -> Reply:
    """看教学进度；报自己班讲到哪，例：/进度 到 第2周，或 /进度 已讲到《百合花》"""
    if not words:
        return await _state(ctx)
    spoken = _REACHED.sub("", words, count=1)
    if spoken == words:
        raise BadArgument(f"没看懂“{words[:20]}”。", "报自己班讲到哪，例：/进度 到 第2周")
    return await _reached(ctx, spoken)


@command("进度", action="到", example="/进度 到 第2周")
async def reached(ctx: Context, words: Text) -> Reply:
    """自己班讲到进度表的第几周或哪一课；超前落后只有自己和组长看得到"""
    return await _reached(ctx, words)


@command("进度", action="改", needs=LEADER, example=EDIT)
async def edit(ctx: Context, words: Text) -> Reply:
    """改进度表的一周：单元、课题"""
    week, rest = leading_week(words.strip(), ctx.group.term, ctx.group.week)
    unit, topic = _cells(rest)
    if week is None or not topic:
        raise BadArgument("改哪一周，改成什么？", f"例：{EDIT}")
    try:
        row, undo = await progress.edit(ctx.group, ctx.member.name, week, unit, topic)
    except PupilNamed as error:
        return guarded(error.lines, f"/进度 改 第{week}周 {error.replaced}")
    return say(f"✅ 进度表第{week}周：{row.title}", undo=undo)


def _cells(text: str) -> tuple[str, str]:
    """Unit and topic: the topic begins with 《, or else is the last word."""
    unit, mark, title = text.partition("《")
    if mark:
        return unit.strip(), f"《{title.strip()}"
    words = text.split()
    return " ".join(words[:-1]), "".join(words[-1:])


async def _reached(ctx: Context, words: str) -> Reply:
    week, rest = leading_week(words.strip(), ctx.group.term, ctx.group.week)
    if week is None:
        rows = await progress.rows_called(ctx.group, rest)
        if len(rows) > 1:
            return _which(rows)
        week = rows[0].week
    elif rest.strip(" \u3000，。了"):
        raise BadArgument(f"没看懂“{rest[:20]}”。", "例：/进度 到 第2周")
    mark, undo = await progress.reach(ctx.group, ctx.member.name, week)
    row = await prep.row(ctx.group, week)
    title = row.title if row else ""
    answer = say(f"✅ 记下了，您班讲到第{week}周：{title}", f"{progress.distance(mark.gap)}。", undo=undo)
    return Reply(answer.answer, undo=undo, private=True, answer_in_group=message("✅ 进度记下了。", "看全组：/进度"))


def _which(rows: list[prep.ProgressRow]) -> Reply:
    choices = tuple(Choice(key=str(n), send=f"/进度 到 第{row.week}周") for n, row in enumerate(rows[:MOST], start=1))
    lines = [f"{choice.key}. 第{row.week}周 {row.title}" for choice, row in zip(choices, rows, strict=False)]
    return ask("📈 是哪一周的？回复前面的数字：", *lines, choices=choices)


async def _state(ctx: Context) -> Reply:
    group, week = ctx.group, prep.week_now(ctx.group)
    session = await prep.session(group, week)
    marks = await progress.latest(group)
    rows = [
        f"📈 教学进度 第{week}周/共{group.term.weeks}周",
        f"本周：{f'{session.row.title}{session.row.load}' if session.row else '进度表里还没有'}",
        *([f"下周：{session.following.title}"] if session.following else []),
        f"{progress.standing(marks).line}" if marks else "还没有人报过自己班的进度。",
    ]
    hints = ["报自己班，例：/进度 到 第2周"]
    hints += [f"改进度表，例：{EDIT}", "整张导入：/进度 导入"] if ctx.role is Role.LEADER else []
    need = [f"• {line}" for line in progress.in_need(marks)[:MOST]]
    if ctx.role is not Role.LEADER or not need:
        return say(*rows, *hints)
    full = ("🤝 需要帮一把：", *need)
    if ctx.private:
        return say(*rows, *full, *hints)
    return say(*rows, *hints, notes=(Notice(ctx.member.name, message(*full)),))
