"""What happens when somebody asks for one of the school's forms, or for their own record of the year."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

from bot.calendar.names import day_label
from bot.calendar.phrases import find_when
from bot.calendar.progress_table.weeks import named
from bot.calendar.week_words import leading_week, several_weeks
from bot.chat.arguments import ItemNumber, PlainMonth, TermName, Text, item_number, month_and_more
from bot.chat.commands import LEADER, command
from bot.chat.context import Context
from bot.chat.reply import Choice, Reply, ask, order, say
from bot.domain import observations, prep, terms
from bot.domain.dated import Dated
from bot.domain.people import Role
from bot.domain.routines import PREPARATION
from bot.errors import BadArgument, Refused
from bot.reports import digest_sheet
from bot.reports.names import FORM_MANY, FORM_PLAN, FORM_PROGRESS, FORM_WORD, MOST_IN_ONE

MOST = 8
LONGEST_REST = 20
LAST_MONTH_UNTIL = 10
"""Day of a month up to which, without a month named, the one before is meant."""

SEE = "看能导出什么：/导出"


class Offer(NamedTuple):
    """A line of the list: what it is, what to send for it, and the least role."""

    label: str
    send: str
    needs: Role


OFFERS = (
    Offer("集体备课记录表", "/导出 备课记录", Role.LEADER),
    Offer("听课记录表（自己的）", "/导出 听课记录", Role.MEMBER),
    Offer("活动记录表", "/导出 活动记录", Role.LEADER),
    Offer("质量分析表", "/导出 质量分析", Role.LEADER),
    Offer("月度总结", "/导出 月度总结", Role.LEADER),
    Offer("学期总结", "/导出 学期总结", Role.LEADER),
    Offer("活动安排表（Excel）", "/导出 活动安排", Role.LEADER),
    Offer("教学进度表（Excel）", "/导出 教学进度", Role.LEADER),
    Offer("我的工作记录", "/我的 导出", Role.MEMBER),
)


@command("导出", example="/导出", aliases=("导出表格", "表格", "学校表格"), writes=False)
async def show(ctx: Context, words: Text = "") -> Reply:
    """学校的表格：填好的 Word 和 Excel，例：/导出 备课记录 第3周

    用学校自己的表：把 Word 模板私下发给我。
    """
    mine = [offer for offer in OFFERS if offer.needs <= ctx.role]
    if words:
        raise BadArgument(f"没有“{words[:20]}”这张表。", _nearest(mine, words), SEE)
    rows = [f"{n} {offer.label}" for n, offer in enumerate(mine, start=1)]
    choices = tuple(Choice(key=str(n), send=offer.send) for n, offer in enumerate(mine, start=1))
    own = ["用学校自己的表：/导出 模板"] if ctx.role is Role.LEADER else []
    return ask("📄 要哪一张？回复数字：", *rows, *own, choices=choices)


def _nearest(mine: list[Offer], words: str) -> str:
    """What was meant where a form's name stands in other words: "第3周备课记录"."""
    for offer in mine:
        name = offer.send.split()[-1]
        before, found, behind = words.partition(name)
        rest = f"{before}{behind.removeprefix('表')}".strip(" 的")
        if found and len(rest) <= LONGEST_REST:
            return f"这样写：{offer.send} {rest}".rstrip()
    return "例：/导出 听课记录 5"


@command(
    "导出",
    action="备课记录",
    needs=LEADER,
    example="/导出 备课记录 第3周",
    also=("集体备课", "备课记录表", "集体备课记录", "集体备课记录表"),
    writes=False,
)
async def of_preparation(ctx: Context, words: Text = "") -> Reply:
    """一周的集体备课记录表（Word）；不写周次就是这一周

    几周的放在一个文件里，例：/导出 备课记录 第2-8周、9月、本学期
    """
    if weeks := await _weeks_of(ctx, words):
        name = f"集体备课记录表 {named(weeks)}"
        return _many(name, "备课记录", [{"week": each} for each in weeks])
    week, rest = leading_week(words, ctx.group.term, ctx.group.week)
    if rest.strip():
        raise BadArgument(f"没看懂“{rest[:20]}”。", "例：/导出 备课记录 第3周")
    named_week, week = week, week or prep.week_now(ctx.group)
    from bot.reports.forms import preparation  # here, as below: what fills forms is loaded when somebody wants one

    await preparation.gather(ctx.group, ctx.member, week)
    ahead = [] if named_week else await _still_to_come(ctx, week)
    return _word(f"集体备课记录表（第{week}周）", "备课记录", *ahead, week=week)


async def _weeks_of(ctx: Context, words: str) -> list[int]:
    """Several weeks: by number, the whole term so far, or those that met in a month; none where one is meant.

    Raises:
        Refused: nobody met in that month of this term.
    """
    group, now = ctx.group, prep.week_now(ctx.group)
    named_month, rest = month_and_more(words)
    if not named_month or rest or named_month.endswith("学期"):
        return several_weeks(words, group.term, now)
    period = terms.asked(group, named_month)[1]
    found = [
        session.week
        for session in await prep.sessions(group, 1, now)
        if any(period.holds(meeting.day) and meeting.has_begun(group) for meeting in session.held())
    ]
    if not found:
        raise Refused(f"{period.label}这学期还没有开过集体备课。", "例：/导出 备课记录 第3周", symbol="ℹ️")
    return found


async def _still_to_come(ctx: Context, week: int) -> list[str]:
    """Who asks on a Monday may mean last week's meeting: this week's is yet to be held."""
    met = (await prep.session(ctx.group, week)).held()
    if week == 1 or not met or any(meeting.has_begun(ctx.group) for meeting in met):
        return []
    return [f"第{week}周还没到备课的时候。要上一周的：/导出 备课记录 第{week - 1}周"]


@command("导出", action="听课记录", example="/导出 听课记录", also=("听课", "听课记录表"), writes=False)
async def of_observation(ctx: Context, item: ItemNumber = 0, which: PlainMonth = "") -> Reply:
    """自己记的一次听课，填成听课记录表（Word），例：/导出 听课记录 5

    一个月或一学期的放在一个文件里，例：/导出 听课记录 9月
    """
    if which:
        return await _lessons_of(ctx, which)
    if not item:
        return await _which_lesson(ctx)
    heard = await observations.own(ctx.group, ctx.member.name, item)
    return _word(f"听课记录表（{item} {heard.label}）", "听课记录", number=item)


async def _lessons_of(ctx: Context, which: str) -> Reply:
    """All that somebody heard in a month, or in a term that may have gone by."""
    group, period = terms.asked(ctx.group, which)
    heard = [x for x in await observations.of_member(group, ctx.member.name) if period.holds(x.day)]
    if not heard:
        raise Refused(f"{period.label}您没有记听课。", "例：/导出 听课记录 本学期", symbol="ℹ️")
    each = [
        {"number": x.number, "term": terms.label(group.term)} for x in sorted(heard, key=lambda x: (x.day, x.periods))
    ]
    return _many(f"听课记录表 {period.label}", "听课记录", each)


async def _which_lesson(ctx: Context) -> Reply:
    mine = await observations.of_member(ctx.group, ctx.member.name)
    if not mine:
        raise Refused("您这学期还没有记听课。", "记一次：/听课 张老师 今天第1节 高一3班 导入好", symbol="ℹ️")
    latest = mine[-MOST:][::-1]
    rows = [f"{n}. {heard.number} {heard.label}" for n, heard in enumerate(latest, start=1)]
    choices = tuple(Choice(key=str(n), send=f"/导出 听课记录 {x.number}") for n, x in enumerate(latest, start=1))
    return ask("📄 要哪一次的？回复前面的数字：", *rows, f"例：/导出 听课记录 {latest[0].number}", choices=choices)


@command(
    "导出",
    action="活动记录",
    needs=LEADER,
    example="/导出 活动记录",
    also=("活动", "活动记录表", "例会记录", "会议记录"),
    writes=False,
)
async def of_activity(ctx: Context, words: Text = "") -> Reply:
    """一次活动或例会的记录表（Word），例：/导出 活动记录 9月17日"""
    from bot.reports.forms import activity

    held = await activity.held(ctx.group)
    found = _meant(ctx, held, words) if words else _without_preparations(held)
    if not found:
        raise Refused("还没有开过的活动。", "看日程：/日程", symbol="ℹ️")
    if len(found) == 1:
        return _activity(found[0])
    rows = [f"{n}. {item.when} {item.title}"[:30] for n, item in enumerate(found[:MOST], start=1)]
    sends = [f"/导出 活动记录 {day_label(item.day)} {item.number or item.key}" for item in found[:MOST]]
    choices = tuple(Choice(key=str(n), send=send) for n, send in enumerate(sends, start=1))
    return ask("📄 要哪一次的？回复前面的数字：", *rows, "更早的写日期，例：/导出 活动记录 9月17日", choices=choices)


def _without_preparations(held: list[Dated]) -> list[Dated]:
    """They have a form of their own; they are offered where there is nothing else."""
    return [item for item in held if item.subject != PREPARATION] or held


def _activity(item: Dated) -> Reply:
    label = f"活动记录表（{day_label(item.day)} {item.title}）"
    return _word(label, "活动记录", key=item.key, day=item.day.isoformat())


def _meant(ctx: Context, found: list[Dated], words: str) -> list[Dated]:
    """Those of a day, of a number, or with the words in their title; of a day and a number together."""
    from bot.reports.forms import activity

    when, rest = find_when(words, ctx.today, ctx.group.calendar, ctx.now, past=True)
    days = (when.day, when.day) if when and when.day else when.span if when else None
    found = activity.meant(found, days, item_number(rest.strip()), rest.strip())
    if not found:
        raise BadArgument(f"没有找到开过的“{words[:20]}”。", "例：/导出 活动记录 9月17日", "看日程：/日程")
    return found


@command(
    "导出", action="质量分析", needs=LEADER, example="/导出 质量分析", also=("质量分析表", "考试分析"), writes=False
)
async def of_analysis(ctx: Context) -> Reply:
    """质量分析表（Word）：共性问题、办法和进度；成绩还没有录入，空着手填"""
    from bot.reports.forms import analysis

    await analysis.gather(ctx.group, ctx.member)
    return _word("质量分析表", "质量分析")


@command("导出", action="月度总结", needs=LEADER, example="/导出 月度总结 9月", also=("月总结", "月报"), writes=False)
async def of_month(ctx: Context, which: PlainMonth = "") -> Reply:
    """备课组月度总结（Word）；不写月份，十号以前是上个月，以后是本月

    要分析数字、图片和 Excel：/汇总 9月 Excel
    """
    if which.endswith("学期"):
        return await of_term(ctx, which)
    return _summary(ctx, "月度总结", which or _month_meant(ctx))


def _month_meant(ctx: Context) -> str:
    """In the first days of a month the one before, where the term had begun by then."""
    ended = ctx.today.replace(day=1) - timedelta(days=1)
    return "上月" if ctx.today.day <= LAST_MONTH_UNTIL and ended >= ctx.group.term.first_day else "本月"


@command(
    "导出", action="学期总结", needs=LEADER, example="/导出 学期总结", also=("期末总结", "学期总结表"), writes=False
)
async def of_term(ctx: Context, which: TermName = "本学期") -> Reply:
    """备课组学期总结（Word），例：/导出 学期总结 上学期"""
    return _summary(ctx, "学期总结", which)


def _summary(ctx: Context, form: str, which: str) -> Reply:
    group, period = terms.asked(ctx.group, which)
    digest_sheet.must_have_begun(group, period)
    first, last = period.first.isoformat(), period.last.isoformat()
    return _word(f"{form}（{period.label}）", form, called=period.label, first=first, last=last, key=form)


@command(
    "导出", action="活动安排", needs=LEADER, example="/导出 活动安排", also=("活动安排表", "计划", "日程"), writes=False
)
async def of_plan(ctx: Context) -> Reply:
    """活动安排表（Excel），能改了再导回来"""
    return _sheet("活动安排表", FORM_PLAN)


@command(
    "导出",
    action="教学进度",
    needs=LEADER,
    example="/导出 教学进度",
    also=("教学进度表", "进度", "进度表"),
    writes=False,
)
async def of_progress(ctx: Context) -> Reply:
    """教学进度表（Excel），能改了再导回来"""
    return _sheet("教学进度表", FORM_PROGRESS)


def _word(label: str, form: str, *more: str, **arguments: Any) -> Reply:
    """What names people goes to who asked alone, wherever they asked; ``more`` are lines for now."""
    job = order(FORM_WORD, label, private=True, form=form, **arguments)
    return replace(say(f"⏳ 正在做{label}，做好只发给您。", *more), job=job)


def _many(name: str, form: str, each: list[dict[str, Any]]) -> Reply:
    if len(each) > MOST_IN_ONE:
        raise Refused(f"一共 {len(each)} 份，一个文件最多 {MOST_IN_ONE} 份。", "分几次要，例：/导出 听课记录 9月")
    job = order(FORM_MANY, name, private=True, form=form, name=name, each=each)
    return replace(say(f"⏳ 正在做{name}，最多 {len(each)} 份放在一个文件里，做好只发给您。"), job=job)


def _sheet(label: str, what: str) -> Reply:
    return replace(say(f"⏳ 正在做{label}，马上就好。"), job=order(what, label))
