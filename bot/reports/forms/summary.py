"""月度总结 and 学期总结: what the group's report of a month or a term says, on the school's form.

Everything comes from the one report (bot/reports/report.py) that message, picture, Word and Excel are made of, so that
no figure can differ. It goes to the school's office: what only the leader reads of persons is not in it, and of
reflections only what their writers have shared.
"""

from datetime import date
from functools import partial

from bot.domain.agenda import agenda, for_group
from bot.domain.groups import Group
from bot.domain.people import Member
from bot.domain.subjects import Period, Quote
from bot.errors import Refused
from bot.reports.charts import charts_of
from bot.reports.forms.shapes import (
    Field,
    Filled,
    Form,
    Listed,
    Pairs,
    Picture,
    Pictures,
    Row,
    Rows,
    Shown,
    Wide,
)
from bot.reports.report import Report, build

_FIELDS = (
    Field("时段", "例：9月，或 2026学年第一学期", ("月份", "总结时段")),
    Field("起止日期", "例：2026年9月1日–9月30日", ("日期", "时间")),
    Field("完成情况", "各项数字，一项一行", ("主要工作", "工作情况", "工作完成情况", "总结")),
    Field("感谢", "感谢谁、为什么，一项一行", ("表扬",)),
    Field("下月安排", "日历里下个月的事，一项一行", ("下月计划", "下一步打算", "工作打算", "今后打算")),
    Field("反思选登", "老师自己分享的反思，一篇一段", ("教学反思", "反思")),
)
_ROWS = (
    Rows(
        "工作",
        "各项数字",
        (
            Field("项目", "例：听课"),
            Field("完成情况", "例：听课 31 节"),
            Field("完成", "做了多少，只有数的那几项"),
            Field("计划", "定了多少，只有数的那几项"),
        ),
    ),
    Rows(
        "活动",
        "这段时间开过的活动",
        (Field("时间", "例：9月16日 周三第8–9节"), Field("内容", "做什么"), Field("地点", "在哪里")),
    ),
    Rows(
        "反思",
        "老师自己分享的反思，最多三篇",
        (Field("教师", "谁写的"), Field("题目", "课题或开头"), Field("内容", "全文")),
    ),
    Rows(
        "下月",
        "日历里下个月的事",
        (Field("时间", "例：10月14日 周三第8–9节"), Field("内容", "做什么"), Field("地点", "在哪里")),
    ),
)
_PICTURES = (Pictures("图表", "汇总里的图，一张一张排下来"),)
_WHEN = (("时间", "时间", 4.8), ("内容", "内容", 7.6), ("地点", "地点", 3.6))
_LAYOUT = (
    Pairs((("备课组", "备课组"), ("组长", "组长"))),
    Wide("时段", "时段"),
    Wide("起止日期", "起止日期"),
    Listed("完成情况", "工作", (("项目", "项目", 3.0), ("完成情况", "完成情况", 13.0))),
    Listed("开展的活动", "活动", _WHEN),
    Listed("分享的反思", "反思", (("教师", "教师", 2.4), ("题目", "题目", 3.6), ("内容", "内容", 10.0))),
)

MONTH = Form(
    "月度总结",
    "备课组月度总结",
    _FIELDS,
    _ROWS,
    _PICTURES,
    (*_LAYOUT, Listed("下月安排", "下月", _WHEN), Shown("图表", "图表")),
    also=("月总结", "月度总结表", "月报"),
)
TERM = Form(
    "学期总结",
    "备课组学期总结",
    _FIELDS,
    _ROWS,
    _PICTURES,
    (*_LAYOUT, Wide("感谢", "感谢"), Shown("图表", "图表")),
    also=("学期总结表", "期末总结", "学期工作总结"),
)


async def gather(group: Group, member: Member, called: str, first: str, last: str, key: str) -> Filled:  # noqa: ARG001
    """A month or a term, in the term that it lies in.

    Raises:
        Refused: nothing is recorded of it.
    """
    period = Period(called, date.fromisoformat(first), date.fromisoformat(last))
    group = group.in_term_of(period.last)
    report = await build(group, period)
    if not report.figures:
        raise Refused(f"{called}还没有记录，没有可以写的。", "看别的月份，例：/导出 月度总结 9月", symbol="ℹ️")
    form = MONTH if key == MONTH.key else TERM
    rows: dict[str, list[Row]] = {
        "工作": [
            {"项目": f.subject, "完成情况": f.line, "完成": _number(f.done), "计划": _number(f.of)}
            for f in report.figures
        ],
        "活动": [{"时间": item[0], "内容": item[1], "地点": item[2]} for item in await _held(group, period)],
        "反思": [{"教师": quote.member, "题目": quote.topic, "内容": quote.text} for quote in report.quotes],
        "下月": [{"时间": when, "内容": what, "地点": where} for when, what, where in report.coming.rows],
    }
    return Filled(
        form,
        f"{form.title} {called}",
        _values(report, group.term.name),
        rows,
        drawn={"图表": partial(_charts, report.without_records())},
    )


def _charts(report: Report) -> list[Picture]:
    return [Picture(chart.alt, svg=chart.svg) for chart in charts_of(report)]


def _values(report: Report, term: str) -> dict[str, str]:
    return {
        "学期": term,
        "时段": report.period.label,
        "起止日期": report.days,
        "完成情况": "\n".join(figure.line for figure in report.figures),
        "感谢": "\n".join(f"{thanks.what}：{'、'.join(thanks.names)}" for thanks in report.thanks),
        "下月安排": "\n".join(f"{when} {what} {where}".rstrip() for when, what, where in report.coming.rows),
        "反思选登": "\n\n".join(map(_quoted, report.quotes)),
    }


def _quoted(quote: Quote) -> str:
    return f"{quote.member}《{quote.topic}》\n{quote.text}".replace("《》", "", 1)


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


async def _held(group: Group, period: Period) -> list[tuple[str, str, str]]:
    """What took place in the period, by day."""
    last = min(period.last, group.today)
    if last < period.first:
        return []
    items = for_group(await agenda(group, period.first, last))
    return [
        (item.when, item.title, item.place)
        for item in items
        if not item.cancelled and not item.deadline and period.holds(item.day) and item.day <= group.today
    ]
