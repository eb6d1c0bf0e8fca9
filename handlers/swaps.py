"""What happens when a leader says which timetable a day runs, or pastes the school's notice."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.calendar.names import day_label
from bot.calendar.notice_days import day_words, mentions
from bot.chat.arguments import Text
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.reply import Choice, Reply, ask, say
from bot.domain import school_changes, school_days
from bot.errors import BadArgument, Refused

if TYPE_CHECKING:
    from bot.calendar.notice_answer import Answer

MOST_ROWS, MOST_QUESTIONS = 6, 2
LONGEST = 3000
MOST_PARTS = 40
_EXAMPLES = ("例：/调课 5月9日 按周一 高一高二", "也可以把学校的通知整段贴过来。")


@command("调课", needs=LEADER, example="/调课 9月30日 停课", aliases=("调休通知", "换课表"))
async def swap(ctx: Context, words: Text = "") -> Reply:
    """哪天按周几的课表、哪天停课；学校的调课通知可以整段贴来

    例：/调课 5月9日 按周一 高一高二  /调课 4月30日 下午停课
    """
    if not words:
        return _coming(ctx)
    answers = _read(ctx, words)
    rows = _rows(answers)
    if not rows:
        return _nothing(answers)
    doubt = await _doubt(ctx, answers)
    if doubt or len(answers) > 1:
        head = doubt or f"📋 通知里读到 {len(rows)} 项："
        lines = [head, *_cut(rows), "1 照这样记", *_asked(answers)]
        return ask(*lines, choices=(Choice(key="1", send=f"/调课 确认 {words}"),))
    return await _put(ctx, answers)


@command("调课", action="确认", needs=LEADER, example="/调课 确认 9月30日 停课")
async def confirm(ctx: Context, words: Text) -> Reply:
    """通知读得对，照读到的记"""
    answers = _read(ctx, words)
    return await _put(ctx, answers) if _rows(answers) else _nothing(answers)


@command("调课", action="撤", needs=LEADER, example="/调课 撤 9月30日")
async def take_out(ctx: Context, words: Text) -> Reply:
    """记错的日子不算了，恢复公布的放假安排"""
    named = mentions(words, ctx.today, ctx.group.school.calendar)
    days = [day for one in named for day in one.days]
    if not days or named[0].wrong:
        raise BadArgument(named[0].wrong + "。" if named else f"没看懂日期“{words[:20]}”。", "例：/调课 撤 9月30日")
    patch = school_days.taking_out(ctx.group, days)
    what = f"{'、'.join(day_label(day) for day in days[:3])}{'等' if len(days) > 3 else ''}不再调课"
    effect = await school_changes.change(ctx.group, ctx.member.name, patch, what=what)
    rows = [f"{day_words(day)}{school_days.state_of(ctx.group.calendar, day)}" for day in days[:MOST_ROWS]]
    return say(f"✅ {what}。", *rows, *effect.rows(private=ctx.private), undo=effect.undo)


def _read(ctx: Context, words: str) -> "list[Answer]":
    if len(words) > LONGEST:
        raise BadArgument(
            f"通知太长了（{len(words)} 个字）。", f"一次最多 {LONGEST} 个字，只贴写日期的几行。", *_EXAMPLES[:1]
        )
    from bot.calendar.swap_notice import read_notice  # here, not above: a school changes days a few times a year

    answers = read_notice(words, ctx.today, ctx.group.school.calendar)
    if len(answers) > MOST_PARTS:
        raise BadArgument(f"通知里有 {len(answers)} 项，太多了。", f"一次最多 {MOST_PARTS} 项，分几次发。")
    if not answers:
        raise BadArgument(f"没看懂“{words.strip()[:20]}”。", *_EXAMPLES)
    return answers


def _rows(answers: "Sequence[Answer]") -> list[str]:
    return school_days.words([swap for answer in answers for swap in answer.swaps])


def _nothing(answers: "Sequence[Answer]") -> Reply:
    """Nothing to enter: it is so already, or it has to be asked."""
    questions = [question for answer in answers for question in answer.questions]
    known = [row for answer in answers for row in answer.already]
    if not questions:
        raise Refused(f"{'；'.join(known[:3])}，不用记。", "看校历：/校历", symbol="ℹ️")
    if len(questions) == 1:
        problem, example = _parted(questions[0])
        raise BadArgument(problem, f"例：{example}" if example else _EXAMPLES[0])
    return ask("📝 这几处要说清楚，还没有记：", *_asked(answers, 5))


async def _put(ctx: Context, answers: "Sequence[Answer]") -> Reply:
    swaps = [swap for answer in answers for swap in answer.swaps]
    patch = school_days.putting(ctx.group.school.calendar, swaps)
    if set(patch.swaps) == set(patch.of(ctx.group.school.calendar).swaps):
        raise Refused(f"{'；'.join(_rows(answers)[:3])}，已经记过了。", "看校历：/校历", symbol="ℹ️")
    rows = _rows(answers)
    what = rows[0] if len(rows) == 1 else f"调课 {len(rows)} 项（{rows[0]}等）"
    effect = await school_changes.change(ctx.group, ctx.member.name, patch, what=what, why="")
    head = [f"✅ 已记：{rows[0]}。"] if len(rows) == 1 else [f"✅ 已记 {len(rows)} 项：", *_cut(rows)]
    return say(*head, *effect.rows(private=ctx.private), *_asked(answers), undo=effect.undo)


async def _doubt(ctx: Context, answers: "Sequence[Answer]") -> str:
    patch = school_days.putting(ctx.group.school.calendar, [swap for answer in answers for swap in answer.swaps])
    other = await school_changes.said_by_others(ctx.group, ctx.member.name, patch)
    return f"⚠️ {other.line}。现在要改成：" if other else ""


def _asked(answers: "Sequence[Answer]", most: int = MOST_QUESTIONS) -> list[str]:
    """What is still to be said, and one example to send."""
    parted = [_parted(question) for answer in answers for question in answer.questions]
    more = [f"……还有 {len(parted) - most} 处没看懂，记完再单独发一遍。"] if len(parted) > most else []
    example = next((example for _, example in parted if example), "")
    return [*[f"❓ {problem}" for problem, _ in parted[:most]], *more, *([f"补一句，例：{example}"] if example else [])]


def _parted(question: str) -> tuple[str, str]:
    """A question as a sentence, and the message that would answer it."""
    problem, _, example = question.partition("例：")
    problem = problem.rstrip("，；。")
    return problem if problem.endswith("？") else f"{problem}。", example.partition("，或")[0].strip()


def _cut(rows: Sequence[str]) -> list[str]:
    more = [f"……还有 {len(rows) - MOST_ROWS} 项，看：/校历 学期"] if len(rows) > MOST_ROWS else []
    return [*[f"• {row}" for row in rows[:MOST_ROWS]], *more]


def _coming(ctx: Context) -> Reply:
    swaps = [swap for swap in ctx.group.school.calendar.swaps if swap.date >= ctx.today]
    if not swaps:
        return say("🗓 学校还没有记过调课，按公布的放假安排算。", *_EXAMPLES)
    return say("🗓 记着的调课：", *_cut(school_days.words(swaps)), "撤一天，例：/调课 撤 9月30日", *_EXAMPLES[:1])
