"""What the calendar says of open lessons: a call a week before, the week's list, the list the day before."""

from collections.abc import Sequence
from datetime import date

from bot.content import Action
from bot.domain import open_lessons
from bot.domain.groups import Group
from bot.domain.open_lessons import OpenLesson, Purpose
from bot.jobs import Due, Post, on

TOPIC = "公开课"

CALL = "📣 现在可以报名："


async def coming(group: Group, first: date, last: date) -> Sequence[Due]:
    """Lessons to attend and openings to teach; of turns schedules/study_lessons.py speaks."""
    found = []
    for item in [one for one in await open_lessons.between(group, first, last) if not one.by_turn]:
        begin = open_lessons.starts(group, item)
        title = f"{item.number} {item.label} {item.when_dated}"
        found.append(Due(str(item.number), item.day, begin, item, title, starts=begin, since=item.created))
    return found


@on(coming, when="week before", until="start")
async def call(group: Group, item: OpenLesson) -> Post | None:
    """公开课和开课机会前一周：征集报名；满了或截止了不发，同一张卡片已经列出听课名单的也不发"""
    if item.closes <= group.now or await open_lessons.seats_left(group, item) == 0:
        return None
    following = group.calendar.next_school_day(group.today)
    if item.purpose is Purpose.ATTEND and following and following >= item.day:
        return None
    return Post((CALL, f"• {await open_lessons.line(group, item)}"), order=40, actions=await _sign_up(group, item))


@on(coming, when="week start", until="start")
async def this_week(group: Group, item: OpenLesson) -> Post | None:
    """每周第一个上课日：本周可听的课"""
    if item.purpose is Purpose.TEACH:
        return None
    return Post((f"• {await open_lessons.line(group, item)}",), order=30, actions=await _sign_up(group, item))


@on(coming, when="day before", until="start")
async def names(group: Group, item: OpenLesson) -> Post | None:
    """公开课前一个上课日：时间地点和听课名单"""
    if item.purpose is Purpose.TEACH:
        return None
    seats = await open_lessons.taken(group, item)
    who = "、".join(seat.member for seat in seats) or ("全组老师" if item.seats is None else "还没有人报名")
    where = f" {item.place}" if item.place else ""
    lines = (f"👂 {item.number} · {item.when_dated}{where} {item.label}", f"听课：{who}")
    return Post(lines, order=25, actions=await _sign_up(group, item))


async def _sign_up(group: Group, item: OpenLesson) -> tuple[Action, ...]:
    """The way to sign up, while there is one."""
    if item.closes <= group.now or await open_lessons.seats_left(group, item) == 0:
        return ()
    verb = "上这节课" if item.purpose is Purpose.TEACH else f"听{item.teacher}的课"
    return (Action(label=f"{item.number} {verb}", send=f"/报名 {item.number}"),)
