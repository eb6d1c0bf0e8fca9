"""质量分析表: what the group has recorded that belongs in it. Marks are not kept yet; their cells stay empty."""

from collections.abc import Sequence

from bot.calendar.names import day_label
from bot.domain import issues, progress
from bot.domain.groups import Group
from bot.domain.issues import Issue, State
from bot.domain.people import Member
from bot.domain.subjects import Period
from bot.errors import Refused
from bot.reports.forms.shapes import Field, Filled, Form, Listed, Pairs, Row, Rows, Wide

FORM = Form(
    "质量分析",
    "质量分析表",
    also=("质量分析表", "考试分析", "试卷分析", "成绩分析"),
    fields=(
        Field("考试", "最近的期中或期末，例：期中考试", ("考试名称",)),
        Field("考试周", "例：第10周", ("周次",)),
        Field("考试时间", "那一周从哪天到哪天，例：11月2日–11月8日", ("日期", "时间")),
        Field("教学进度", "各班报到的进度，只有总数", ("进度",)),
        Field("主要问题", "还没有解决的共性问题，一条一行", ("问题", "存在问题", "存在的问题")),
        Field("改进措施", "解决过的问题用了什么办法，一条一行", ("措施", "整改措施", "改进", "今后措施")),
        Field("问题数", "共性问题一共几个、解决几个，例：8 个，解决 5 个"),
    ),
    rows=(
        Rows(
            "问题表",
            "共性问题",
            (
                Field("序号", "1、2、3……"),
                Field("内容", "问题"),
                Field("情况", "待研讨、已解决"),
                Field("办法", "用了什么办法"),
            ),
        ),
    ),
    layout=(
        Pairs((("备课组", "备课组"), ("学期", "学期"))),
        Pairs((("考试", "考试"), ("考试时间", "考试时间"))),
        Pairs((("参考人数", ""), ("平均分", ""))),
        Pairs((("优秀率", ""), ("及格率", ""))),
        Pairs((("低分率", ""), ("标准差", ""))),
        Wide("试题评价", "", 2.0),
        Wide("得分率低的题", "", 2.0),
        Wide("教学进度", "教学进度"),
        Wide("主要问题", "主要问题", 2.5),
        Wide("改进措施", "改进措施", 2.5),
        Listed(
            "共性问题",
            "问题表",
            (("序号", "序号", 1.4), ("问题", "内容", 6.6), ("情况", "情况", 2.2), ("办法", "办法", 5.8)),
        ),
    ),
)


async def gather(group: Group, member: Member) -> Filled:  # noqa: ARG001 - every gatherer has them
    """The term so far.

    Raises:
        Refused: nothing is recorded that belongs in it.
    """
    found = await issues.of_term(group)
    name, week = _examination(group)
    first, last = group.term.bounds(week)
    marks = await progress.latest(group, Period("", group.term.start, group.today))
    if not found and not marks:
        raise Refused(
            "质量分析还没有可以填的：没有记过共性问题，也没有报过进度。",
            "记一个问题，例：/问题 概括题丢要点",
            "要空表：/导出 空表 质量分析",
            symbol="ℹ️",
        )
    solved = [issue for issue in found if issue.state is State.SOLVED]
    values = {
        "考试": f"{name}考试",
        "考试周": f"第{week}周",
        "考试时间": f"{day_label(first)}–{day_label(last)}",
        "教学进度": progress.standing(marks).line if marks else "",
        "主要问题": _listed([issue.text for issue in found if issue.state is State.OPEN]),
        "改进措施": _listed([issue.outcome for issue in solved if issue.outcome]),
        "问题数": f"{len(found)} 个，解决 {len(solved)} 个",
    }
    rows = {"问题表": [_row(n, issue) for n, issue in enumerate(found, start=1)]}
    note = ("成绩、得分率还没有录入，那几格空着，可以手填。",)
    return Filled(FORM, f"质量分析表 {name}", values, rows, notes=note)


def _examination(group: Group) -> tuple[str, int]:
    """The last one that has begun; before the first, that."""
    term = group.term
    return ("期末", term.final_week) if group.week >= term.final_week else ("期中", term.midterm_week)


def _listed(texts: Sequence[str]) -> str:
    return "\n".join(f"{n}. {text}" for n, text in enumerate(texts, start=1))


def _row(n: int, issue: Issue) -> Row:
    return {"序号": str(n), "内容": issue.text, "情况": issue.state, "办法": issue.outcome}
