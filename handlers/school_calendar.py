"""What happens when somebody looks at the school's calendar, or a leader moves the dates of a term."""

import re
from datetime import date, timedelta

from bot.calendar.names import chinese_number
from bot.calendar.phrases import find_when
from bot.calendar.spans import month_bounds
from bot.calendar.term import Term
from bot.chat.arguments import Sure, TimeSpan, Words
from bot.chat.commands import LEADER, VISITOR, command
from bot.chat.context import Context
from bot.chat.reply import Choice, Reply, ask, say
from bot.domain import school_changes, school_terms, school_view, terms
from bot.domain.school_terms import TermMove
from bot.errors import BadArgument

MOST_ROWS = 8
LONGEST_WHY = 30
_EXAMPLE = "例：/校历 10月，/校历 下周，/校历 学期"
_WEEK = re.compile(
    r"^(?:到|改到|在)?\s*第?\s*(?P<week>\d{1,2}|[一二三四五六七八九十]{1,3})\s*周?(?![一二三四五六日天\d月.])"
)
_STEP = re.compile("(?P<way>多|加|延长|增加|少|减|缩短)\\s*(?P<weeks>[一二两三]|\\d)\\s*周")


@command("校历", needs=VISITOR, example="/校历", aliases=("教学周", "看校历", "放假安排"), writes=False)
async def show(ctx: Context, span: TimeSpan = "") -> Reply:
    """看第几周、单双周、哪天上课、放假调休、考试周

    例：/校历 10月  /校历 下周  /校历 学期
    """
    if "学期" in span:
        return say(*school_view.term_lines(ctx.group, _term(ctx, span)), "看一个月，例：/校历 10月")
    if span:
        first, last = _span(ctx, span)
        whole = (last - first).days == 6
        lines = (school_view.week_lines if whole else school_view.month_lines)(ctx.group, first, last)
        return say(*lines, "看学期：/校历 学期")
    return _today(ctx)


def _today(ctx: Context) -> Reply:
    """This week, what the rest of the month has beside it, and the next examination."""
    group = ctx.group
    first, last = group.term.bounds(group.week)
    after = last + timedelta(days=1)
    month = month_bounds((last.year, last.month))[1]
    rest = school_view.specials(group, after, month) if after <= month else []
    ahead = (week for field in school_terms.EXAMS.values() if (week := getattr(group.term, field)) > group.week)
    exam = [row for week in list(ahead)[:1] for row in school_view.exam_rows(group.term, week)]
    lines = [*school_view.week_lines(group, first, last), *([f"{last.month}月还有：", *rest] if rest else [])]
    shown = lines[:MOST_ROWS]
    more = ["……"] if len(lines) > len(shown) else []
    return say(*shown, *more, *exam, f"看一个月，例：/校历 {after.month % 12 + 1}月", "看学期：/校历 学期")


def _term(ctx: Context, words: str) -> Term:
    wanted = "".join(words.split())
    following = terms.following(ctx.group)
    if wanted in ("下学期", "下个学期") and following:
        return following
    return terms.called(ctx.group, words)


def _span(ctx: Context, words: str) -> tuple[date, date]:
    when, rest = find_when(words, ctx.today, ctx.group.calendar, ctx.now)
    if when is None or rest or when.span is None:
        longer = ("改学期有几周，例：/校历 周数 22",) if _STEP.search(words) else ()
        raise BadArgument(f"没看懂“{words[:20]}”。", *(longer or (_EXAMPLE,)))
    return when.span


@command("校历", action="开学", needs=LEADER, example="/校历 开学 9月2日")
async def start(ctx: Context, words: Words, sure: Sure = False) -> Reply:
    """改开学的日子，后面可以写原因；教学周和跟着它的安排一起挪"""
    when, why = find_when(words, ctx.today, ctx.group.calendar)
    if when is None or when.day is None:
        raise BadArgument(f"没看懂哪天开学：“{words[:20]}”。", "例：/校历 开学 9月2日 台风")
    move = school_terms.start_on(ctx.group, when.day)
    return await _move(ctx, move, why, f"/校历 开学 确认 {words}", sure=sure)


@command("校历", action="期中", needs=LEADER, example="/校历 期中 第11周")
async def midterm(ctx: Context, words: Words, sure: Sure = False) -> Reply:
    """期中考试改到哪一周"""
    return await _exam(ctx, "期中", words, sure=sure)


@command("校历", action="期末", needs=LEADER, example="/校历 期末 第20周")
async def final(ctx: Context, words: Words, sure: Sure = False) -> Reply:
    """期末考试改到哪一周"""
    return await _exam(ctx, "期末", words, sure=sure)


@command("校历", action="周数", needs=LEADER, example="/校历 周数 22")
async def weeks(ctx: Context, words: Words, sure: Sure = False) -> Reply:
    """这学期改成几周；也可以写 多一周、少一周"""
    number, why = _weeks(ctx, words)
    return await _move(ctx, school_terms.with_weeks(ctx.group, number), why, f"/校历 周数 确认 {words}", sure=sure)


@command("校历", action="结束", needs=LEADER, example="/校历 结束 1月20日")
async def end(ctx: Context, words: Words, sure: Sure = False) -> Reply:
    """改学期的最后一天，最后一周可以不满"""
    when, why = find_when(words, ctx.today, ctx.group.calendar)
    if when is None or when.day is None:
        raise BadArgument(f"没看懂哪天结束：“{words[:20]}”。", "例：/校历 结束 1月20日")
    return await _move(ctx, school_terms.end_on(ctx.group, when.day), why, f"/校历 结束 确认 {words}", sure=sure)


@command("校历", action="记录", needs=LEADER, example="/校历 记录", writes=False)
async def history(ctx: Context) -> Reply:
    """看全校的校历谁改过、什么时候、为什么"""
    said = await school_changes.history(ctx.group)
    if not said:
        return say("🧾 校历没有在群里改过。", "改开学，例：/校历 开学 9月2日", "调课，例：/调课 9月30日 停课")
    return say(
        f"🧾 校历改过 {len(said)} 次，新的在前：",
        *[f"• {row.line}" for row in reversed(said[-MOST_ROWS:])],
        "撤一天的调课，例：/调课 撤 9月30日",
    )


async def _exam(ctx: Context, name: str, words: str, *, sure: bool) -> Reply:
    week, why = _week(ctx, words)
    move = school_terms.exam_in(ctx.group, name, week)
    return await _move(ctx, move, why, f"/校历 {name} 确认 {words}", sure=sure)


def _week(ctx: Context, words: str) -> tuple[int, str]:
    """The teaching week that is meant: "第11周", "11", "下周", "11月9日"; and the reason after it."""
    if plain := _WEEK.match(words.strip()):
        return chinese_number(plain["week"]) or 0, words.strip()[plain.end() :].strip(" ，。")
    when, why = find_when(words, ctx.today, ctx.group.calendar)
    if when is None or when.span is None:
        raise BadArgument(f"没看懂第几周：“{words[:20]}”。", "例：/校历 期中 第11周")
    return ctx.group.term.week_of(when.span[0]), why


def _weeks(ctx: Context, words: str) -> tuple[int, str]:
    if step := _STEP.search(words):
        sign = 1 if step["way"] in ("多", "加", "延长", "增加") else -1
        return ctx.group.term.weeks + sign * (chinese_number(step["weeks"]) or 0), words[step.end() :].strip(" ，。")
    if plain := _WEEK.match(words.strip()):
        return chinese_number(plain["week"]) or 0, words.strip()[plain.end() :].strip(" ，。")
    raise BadArgument(f"没看懂几周：“{words[:20]}”。", "例：/校历 周数 22")


async def _move(ctx: Context, move: TermMove, why: str, again: str, *, sure: bool) -> Reply:
    other = await school_changes.said_by_others(ctx.group, ctx.member.name, move.patch)
    doubts = [f"{other.line}。"] if other else []
    doubts += [move.doubt] if move.doubt else []
    if doubts and not sure:
        return ask(
            f"⚠️ {doubts[0]}", *doubts[1:], f"要改：{move.what}？", "1 照改", choices=(Choice(key="1", send=again),)
        )
    why = why[:LONGEST_WHY]
    effect = await school_changes.change(ctx.group, ctx.member.name, move.patch, what=move.what, why=why)
    return say(f"✅ {move.what}。", *move.rows, *effect.rows(private=ctx.private), undo=effect.undo)
