"""活动记录表: one thing of the group's calendar that has taken place, with the minutes where it was a meeting."""

from collections.abc import Mapping
from datetime import date

from bot.calendar.names import day_label, period_label, weekday_name
from bot.domain import meetings, resources
from bot.domain.agenda import agenda, for_group
from bot.domain.dated import Dated
from bot.domain.groups import Group
from bot.domain.meetings import Meeting
from bot.domain.people import Member
from bot.domain.routines import MEETING
from bot.domain.tasks import Task
from bot.errors import Refused
from bot.reports.forms.shapes import (
    NUMBERED,
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
    numbered,
)

FORM = Form(
    "活动记录",
    "备课组活动记录表",
    also=("活动", "活动记录表", "活动登记表", "例会记录", "会议记录", "会议记录表", "教研活动记录"),
    fields=(
        Field("活动名称", "例：召开备课组例会", ("活动主题", "主题", "名称", "会议名称", "活动内容")),
        Field("日期", "例：2026年9月17日 周四", ("活动日期", "活动时间", "会议时间")),
        Field("时间", "节次或钟点，例：第7节", ("节次",)),
        Field("地点", "在哪里", ("活动地点", "会议地点")),
        Field("参加人员", "签到的，或上课和报名听课的", ("参加人", "出席人员", "参与人员", "到会人员", "与会人员")),
        Field("请假人员", "说了来不了的", ("缺席人员", "缺席")),
        Field("到会人数", "到了几位、应到几位，例：7/8", ("实到人数", "人数", "参加人数")),
        Field("议程", "一条一行", ("活动议程", "会议议程")),
        Field("活动过程", "例会的纪要，一条一行", ("过程", "会议内容", "活动记录", "纪要", "会议纪要")),
        Field("决定", "定下来的事，谁、什么时候", ("决议", "会议决定", "活动成果", "活动小结")),
        Field("备注", "日程里写的别的，例：课题", ("说明",)),
    ),
    rows=(
        Rows("议程表", "议程，一条一行", NUMBERED),
        Rows("过程表", "纪要，一条一行", NUMBERED),
        Rows(
            "决定表",
            "例会定下来的事",
            (
                Field("内容", "做什么"),
                Field("负责人", "谁"),
                Field("期限", "例：9月18日 周五前"),
                Field("情况", "完成几位，例：1/2"),
            ),
        ),
        Rows("人员表", "参加的老师", (Field("教师", "谁"), Field("身份", "签到、上课、听课……"))),
    ),
    pictures=(Pictures("照片", "活动那一天存进 /资源 的图片"),),
    layout=(
        Pairs((("备课组", "备课组"), ("学期", "学期"))),
        Wide("活动名称", "活动名称"),
        Pairs((("日期", "日期"), ("时间", "时间"))),
        Pairs((("地点", "地点"), ("到会人数", "到会人数"))),
        Wide("参加人员", "参加人员"),
        Wide("请假人员", "请假人员"),
        Wide("议程", "议程", 1.5),
        Wide("活动过程", "活动过程", 7.0),
        Wide("备注", "备注"),
        Listed(
            "定下来的事",
            "决定表",
            (("做什么", "内容", 7.0), ("负责人", "负责人", 3.2), ("期限", "期限", 3.8), ("完成", "情况", 2.0)),
        ),
        Shown("照片", "照片"),
    ),
)


async def gather(group: Group, member: Member, key: str, day: str) -> Filled:  # noqa: ARG001 - every gatherer has them
    """What the calendar has under ``key`` on a day.

    Raises:
        Refused: it is no longer there.
    """
    found = [item for item in await held(group, date.fromisoformat(day)) if item.key == key]
    if not found:
        raise Refused("这项活动已经改了时间，或者取消了。", "看日程：/日程")
    item = found[0]
    meeting = await _meeting(group, item)
    values = await _of_meeting(group, meeting) if meeting else _plain(item)
    decided = await meetings.decisions(group, meeting) if meeting else []
    rows: dict[str, list[Row]] = {
        "议程表": [*numbered(meeting.agenda if meeting else ())],
        "过程表": [*numbered(meeting.minutes if meeting else ())],
        "决定表": [_decision(task) for task in decided],
        "人员表": _people(item, meeting),
    }
    values |= {
        "活动名称": item.title,
        "日期": _days(item),
        "时间": period_label(item.periods) or (f"{item.start:%H:%M}" if item.start else ""),
        "地点": item.place,
        "决定": "\n".join(
            f"{row['内容']}（{row['负责人']} {row['期限']}）".replace(" ）", "）") for row in rows["决定表"]
        ),
        "备注": "\n".join(item.notes),
    }
    photos = [Picture(each.name, each.path) for each in await resources.pictures(group, item.day, item.last)]
    empty = not (meeting and meeting.was_held) and not item.parts
    hint = ("还没有签到和纪要，那几格空着，可以手填。",) if empty else ()
    return Filled(
        FORM, f"活动记录表 {day_label(item.day)} {item.title[:20]}", values, rows, {"照片": photos}, notes=hint
    )


async def held(group: Group, day: date | None = None) -> list[Dated]:
    """What has taken place by now and can be recorded, the latest first; on one day, or in the whole term."""
    first, last = (day, day) if day else (group.term.preparation_day, min(group.today, group.term.last_day))
    items = for_group(await agenda(group, first, last))
    return [
        item
        for item in sorted(items, key=lambda item: item.day, reverse=True)
        if not item.cancelled and not item.deadline and item.day <= group.today
    ]


def meant(items: list[Dated], days: tuple[date, date] | None, number: int | None, words: str) -> list[Dated]:
    """Those that fall on ``days``, and bear the number or the words besides; "" = any."""
    if days:
        items = [item for item in items if item.day <= days[1] and item.last >= days[0]]
    if number is not None:
        return [item for item in items if item.number == number]
    return [item for item in items if words in item.title or words == item.key] if words else items


async def _meeting(group: Group, item: Dated) -> Meeting | None:
    if item.subject != MEETING:
        return None
    found = [sitting.meeting for sitting in await meetings.sittings(group, item.day, item.last)]
    same = [meeting for meeting in found if meeting.day == item.day]
    return same[0] if same else None


async def _of_meeting(group: Group, meeting: Meeting) -> dict[str, str]:
    there, expected = await meetings.attendance(group, meeting)
    names = await group.teachers()
    return {
        "参加人员": "、".join(sorted(meeting.present, key=lambda name: (name not in names, _place(names, name)))),
        "请假人员": "、".join(meeting.absent),
        "到会人数": f"{there}/{expected}" if meeting.present else "",
        "议程": "\n".join(f"{n}. {text}" for n, text in enumerate(meeting.agenda, start=1)),
        "活动过程": "\n".join(meeting.minutes),
    }


def _place(names: list[str], name: str) -> int:
    return names.index(name) if name in names else 0


def _plain(item: Dated) -> dict[str, str]:
    """What the calendar knows of something without minutes: who has a part in it."""
    there = "、".join(f"{name}（{part}）" for name, part in item.parts.items() if part != "候补")
    empty = dict.fromkeys(("请假人员", "到会人数", "议程", "活动过程"), "")
    return {"参加人员": there, **empty}


def _people(item: Dated, meeting: Meeting | None) -> list[Row]:
    parts: Mapping[str, str] = dict.fromkeys(meeting.present, "签到") if meeting else item.parts
    return [{"教师": name, "身份": part} for name, part in parts.items() if part != "候补"]


def _days(item: Dated) -> str:
    if item.day != item.last:
        return f"{full_day(item.day)}–{day_label(item.last)}"
    return f"{full_day(item.day)} {weekday_name(item.day.isoweekday())}"


def _decision(task: Task) -> Row:
    return {
        "内容": task.text,
        "负责人": "、".join(task.owners),
        "期限": f"{day_label(task.due)}前" if task.due else "",
        "情况": f"{len(task.done)}/{len(task.owners)}",
    }
