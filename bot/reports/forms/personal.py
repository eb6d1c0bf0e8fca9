"""个人记录: what a teacher has done in a school year or a term, for appraisals; made for them alone."""

import re
from functools import cache

from bot.calendar.term import Term
from bot.domain import terms
from bot.domain.groups import Group
from bot.domain.people import Member
from bot.domain.subjects import Deed, Mine, Subject, subjects
from bot.errors import Refused
from bot.reports.forms.shapes import Block, Field, Filled, Form, Listed, Pairs, Row, Rows, full_day

_MONTH = re.compile("\uff0c本月.*")
_YEAR = re.compile(r".*?学年")
_COLUMNS = (Field("日期", "例：2026年9月16日"), Field("内容", "做了什么"), Field("说明", "记下的话、地点、分数……"))
_TABLE = (("日期", "日期", 3.8), ("内容", "内容", 4.4), ("说明", "说明", 7.8))


@cache
def form() -> Form:
    """The form; each subject that keeps what somebody has done brings a list of its own."""
    own = [subject for subject in subjects() if subject.deeds]
    lists = tuple(Rows(subject.name, f"{subject.name}，一次一行", _COLUMNS) for subject in own)
    layout: list[Block] = [
        Pairs((("姓名", "姓名"), ("备课组", "备课组"))),
        Pairs((("学期", "学期"), ("时段", "时段"))),
        Listed("合计", "统计", (("学期", "学期", 5.4), ("项目", "项目", 10.6))),
        *(Listed(subject.name, subject.name, _TABLE) for subject in own),
    ]
    return Form(
        "个人记录",
        "教师个人工作记录",
        fields=(
            Field("姓名", "您的名字", ("教师", "教师姓名")),
            Field("时段", "例：2026学年", ("学年", "年度")),
            Field("统计表", "各项合计，一项一行", ("合计", "统计情况")),
        ),
        rows=(
            Rows("统计", "各项合计", (Field("学期", "哪个学期"), Field("项目", "例：听课 12 节"))),
            Rows(
                "记录",
                "全部记录，按日期",
                (Field("类别", "例：听课"), *_COLUMNS),
            ),
            *lists,
        ),
        layout=tuple(layout),
        also=("我的记录", "年度记录", "个人年度记录", "考核表"),
    )


async def gather(group: Group, member: Member, which: str = "") -> Filled:
    """A teacher's own record.

    Args:
        which: the term ("上学期"); "" = the school year that the present term lies in.

    Raises:
        Refused: there is nothing; BadArgument: no such term.
    """
    counted = [terms.called(group, which)] if which else _year(group)
    label = terms.label(counted[0]) if len(counted) == 1 and which else _name_of_year(group.term)
    made = form()
    done: list[tuple[Subject, Deed]] = []
    totals: list[Row] = []
    for term in counted:
        then = group.in_term(term)
        for subject in subjects():
            own = await subject.mine(then, member) if subject.mine else Mine()
            totals += [{"学期": term.name, "项目": _MONTH.sub("", line)} for line in own.done if _is_total(line)]
            done += [(subject, deed) for deed in (await subject.deeds(then, member) if subject.deeds else [])]
    if not done and not totals:
        raise Refused(f"{label}还没有您的记录。", "记一次听课，例：/听课 张老师 今天第1节 高一3班 导入好", symbol="ℹ️")
    done.sort(key=lambda pair: pair[1].day)
    lists: dict[str, list[Row]] = {
        subject.name: [_row(deed) for kind, deed in done if kind is subject] for subject in subjects() if subject.deeds
    }
    rows: dict[str, list[Row]] = {
        "统计": totals,
        "记录": [{"类别": kind.name, **_row(deed)} for kind, deed in done],
        **lists,
    }
    values = {
        "学期": "、".join(term.name for term in counted),
        "姓名": member.name,
        "时段": label,
        "统计表": "\n".join(f"{row['学期']} {row['项目']}" for row in totals),
    }
    return Filled(made, f"{member.name}个人工作记录 {label}", values, rows)


def _is_total(line: str) -> bool:
    """A sum, and no single reflection that the record shows as well."""
    return not re.match(r"反思 \d+ (?!篇)|上了 ", line)


def _row(deed: Deed) -> Row:
    return {"日期": full_day(deed.day), "内容": deed.what, "说明": deed.note}


def _year(group: Group) -> list[Term]:
    """The terms of the school year so far, oldest first."""
    year = _name_of_year(group.term)
    found = [term for term in reversed(terms.begun(group)) if _name_of_year(term) == year]
    return found or [group.term]


def _name_of_year(term: Term) -> str:
    found = _YEAR.match(terms.label(term))
    return found[0] if found else terms.label(term)
