"""集体备课记录表: one week's preparation, from topic and goals to the drafts and the problems talked about."""

from collections.abc import Sequence
from datetime import date

from bot.calendar.names import day_label, weekday_name
from bot.domain import drafts, issues, prep, quiet, resources
from bot.domain.drafts import FIRST, OWN
from bot.domain.groups import Group
from bot.domain.happenings import Happening
from bot.domain.issues import Issue
from bot.domain.people import Member
from bot.domain.prep import Session
from bot.domain.prep_weeks import LAYERS, POINTS, STAGES
from bot.errors import Refused
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
    full_day,
)

FORM = Form(
    "备课记录",
    "集体备课记录表",
    also=("集体备课", "集体备课记录", "集体备课记录表", "备课记录表", "集备记录"),
    fields=(
        Field("周次", "教学周，例：第3周", ("周", "教学周")),
        Field("日期", "集体备课的日子，例：2026年9月16日 周三", ("时间日期", "备课日期", "活动日期")),
        Field("时间", "节次或钟点，例：第8–9节", ("备课时间", "节次")),
        Field("地点", "在哪里", ("备课地点", "活动地点")),
        Field("单元", "进度表里的单元", ("章节", "单元章节")),
        Field("课题", "进度表里的课题", ("内容", "备课内容", "教学内容", "课文")),
        Field("课时", "几课时，例：4", ("课时数",)),
        Field("研讨主题", "组长定的研讨主题", ("主题", "研讨内容")),
        Field("主备人", "这一周谁主备", ("主备", "主备教师", "主讲人", "中心发言人")),
        Field("应到人员", "组里没有请假的老师", ("参加人员", "参备人员", "参加人", "出席人员")),
        Field("请假人员", "这一天请假的老师", ("缺席人员", "缺席")),
        Field("阶段", "走到四步里的哪一步，例：3 完善提高"),
        Field("保底目标", "分层目标：人人要到"),
        Field("达标目标", "分层目标：多数要到"),
        Field("拔高目标", "分层目标：少数能到"),
        Field("教学目标", "三层目标写在一起，一层一行", ("目标",)),
        Field("已备要点", "七个要点里备过的，例：课标、教材、学情", ("要点", "备课要点")),
        Field("未备要点", "七个要点里还没有备的"),
        Field("共案", "共案的链接或放在哪里", ("教案", "共案链接")),
        Field("初案份数", "交了几份、应交几份，例：5/7"),
        Field("二备份数", "二次备课几份，例：5/7"),
        Field("备注", "进度表里这一周的备注", ("说明",)),
    ),
    rows=(
        Rows("要点", "七个要点，一个一行", (Field("名称", "课标、教材……"), Field("情况", "已备，没有备的空着"))),
        Rows("初案", "交来的初案", (Field("教师", "谁交的"), Field("位置", "链接或放在哪里"))),
        Rows("二备", "各人的二次备课", (Field("教师", "谁交的"), Field("位置", "链接或放在哪里"))),
        Rows(
            "问题",
            "这一周研讨过或解决了的共性问题",
            (
                Field("内容", "问题"),
                Field("提出人", "谁提的；匿名的写“匿名”"),
                Field("结果", "解决的办法，或“待研讨”"),
            ),
        ),
    ),
    pictures=(Pictures("照片", "集体备课那一天存进 /资源 的图片"),),
    layout=(
        Pairs((("备课组", "备课组"), ("学期", "学期"))),
        Pairs((("周次", "周次"), ("日期", "日期"))),
        Pairs((("时间", "时间"), ("地点", "地点"))),
        Pairs((("单元", "单元"), ("课题", "课题"))),
        Pairs((("主备人", "主备人"), ("课时", "课时"))),
        Wide("应到人员", "应到人员"),
        Wide("请假人员", "请假人员"),
        Wide("研讨主题", "研讨主题", 1.2),
        Wide("教学目标", "教学目标", 1.8),
        Wide("备过的要点", "已备要点", 1.0),
        Wide("共案", "共案"),
        Pairs((("初案", "初案份数"), ("二次备课", "二备份数"))),
        Pairs((("走到哪一步", "阶段"), ("备注", "备注"))),
        Listed("研讨的问题", "问题", (("问题", "内容", 7.0), ("提出人", "提出人", 2.6), ("结果", "结果", 6.4))),
        Listed("初案", "初案", (("教师", "教师", 3.2), ("链接或位置", "位置", 12.8))),
        Listed("二次备课", "二备", (("教师", "教师", 3.2), ("链接或位置", "位置", 12.8))),
        Shown("照片", "照片"),
    ),
)


async def gather(group: Group, member: Member, week: int) -> Filled:  # noqa: ARG001 - every gatherer has them
    """One teaching week of the term that counts.

    Raises:
        Refused: nothing is known of it.
    """
    session = await prep.session(group, week)
    handed = {kind: await drafts.of_week(group, kind, week) for kind in (FIRST, OWN)}
    talked = [issue for issue in await issues.of_term(group) if _talked_about(issue, session)]
    if not (session.row or session.meetings or session.agreed.has_content or any(handed.values())):
        raise Refused(f"第{week}周还没有集体备课的记录。", "看这周备课：/备课", symbol="ℹ️")
    meetings = session.held()
    days = [meeting.day for meeting in meetings]
    values = _meeting(session, meetings) | _agreed(session, session.stage(group)) | await _people(group, days, week)
    first, last = (min(days), max(days)) if days else (session.first, session.last)
    rows: dict[str, list[Row]] = {
        "要点": [{"名称": point, "情况": "已备" if point in session.agreed.points else ""} for point in POINTS],
        "初案": [{"教师": draft.member, "位置": draft.place} for draft in handed[FIRST]],
        "二备": [{"教师": draft.member, "位置": draft.place} for draft in handed[OWN]],
        "问题": [_problem(issue) for issue in talked],
    }
    photos = [Picture(each.name, each.path) for each in await resources.pictures(group, first, last)] if days else []
    called_off = ("这一周的集体备课取消了，表里是已经记下的。",) if session.meetings and not meetings else ()
    return Filled(FORM, f"集体备课记录表 第{week}周", values, rows, {"照片": photos}, notes=called_off)


def _meeting(session: Session, meetings: tuple[Happening, ...]) -> dict[str, str]:
    """When and where they met, and what about."""
    row = session.row
    return {
        "周次": f"第{session.week}周",
        "日期": _when(session, meetings),
        "时间": "、".join(filter(None, (_hours(meeting) for meeting in meetings))),
        "地点": "、".join(dict.fromkeys(meeting.place for meeting in meetings if meeting.place)),
        "单元": row.unit if row else "",
        "课题": row.topic if row else "",
        "课时": str(row.lessons) if row and row.lessons else "",
        "研讨主题": session.topic,
        "主备人": session.lead,
        "备注": row.remark if row else "",
    }


def _agreed(session: Session, stage: int) -> dict[str, str]:
    """How far they came, and what they agreed on."""
    agreed = session.agreed
    return {
        "阶段": f"{stage} {STAGES[stage - 1]}",
        **{f"{layer}目标": agreed.goals.get(layer, "") for layer in LAYERS},
        "教学目标": "\n".join(f"{layer}：{agreed.goals[layer]}" for layer in LAYERS if layer in agreed.goals),
        "已备要点": "、".join(agreed.points),
        "未备要点": "、".join(agreed.missing_points),
        "共案": agreed.agreed,
    }


async def _people(group: Group, days: Sequence[date], week: int) -> dict[str, str]:
    """Who was to come, who was away, how many handed in."""
    there = await quiet.there(group, days)
    return {
        "应到人员": "、".join(there),
        "请假人员": "、".join(name for name in await group.teachers() if name not in there),
        "初案份数": await drafts.count(group, FIRST, week),
        "二备份数": await drafts.count(group, OWN, week),
    }


def _when(session: Session, meetings: tuple[Happening, ...]) -> str:
    if not meetings:
        return f"{full_day(session.first)}–{day_label(session.last)}"
    days = dict.fromkeys(meeting.day for meeting in meetings)
    return "、".join(f"{full_day(day)} {weekday_name(day.isoweekday())}" for day in days)


def _hours(meeting: Happening) -> str:
    """ "第8–9节", without the weekday, which stands beside it."""
    return meeting.when.removeprefix(weekday_name(meeting.day.isoweekday())) if meeting.precise else ""


def _talked_about(issue: Issue, session: Session) -> bool:
    days = [*issue.discussed, *([issue.closed.date()] if issue.closed else [])]
    return any(session.first <= day <= session.last for day in days)


def _problem(issue: Issue) -> Row:
    return {"内容": issue.text, "提出人": issue.member if issue.named else "匿名", "结果": issue.outcome or issue.state}
