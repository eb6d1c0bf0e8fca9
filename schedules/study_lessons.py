"""What the calendar says of study lessons: a word to whose turn it is, and the call to come and listen."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot.content import Action
from bot.domain import open_lessons, study_lessons
from bot.domain.groups import Group
from bot.domain.study_lessons import StudyLesson
from bot.jobs import Ask, Due, Post, on

TOPIC = "研讨课"
AHEAD = timedelta(days=3)


async def ahead(group: Group, first: date, last: date) -> Sequence[Due]:
    """Three days before each turn; handed to somebody else or moved, it is another."""
    found = []
    for one in await study_lessons.kept(group):
        day = one.lesson.day - AHEAD
        if first <= day <= last:
            ends = datetime.combine(one.lesson.day, time(7), group.zone)
            key = f"{one.lesson.number}:{one.lesson.day}:{one.teacher}"
            found.append(
                Due(key, day, ends, one, f"{one.lesson.label} {one.lesson.when_dated}", since=one.lesson.created)
            )
    return found


async def turns(group: Group, first: date, last: date) -> Sequence[Due]:
    """The turns themselves."""
    found = []
    for one in await study_lessons.kept(group):
        if first <= one.lesson.day <= last:
            begin = open_lessons.starts(group, one.lesson)
            title = f"{one.lesson.label} {one.lesson.when_dated}"
            key = f"{one.lesson.number}:{one.lesson.day}"
            found.append(Due(key, one.lesson.day, begin, one, title, starts=begin, since=one.lesson.created))
    return found


@on(ahead, when="day", until="end", private=True)
async def your_turn(group: Group, one: StudyLesson) -> Sequence[Ask]:
    """轮到上研讨课：提前三天（遇休息日再提前）私下提醒本人；本人那天请假的提醒组长"""
    lesson, leader = one.lesson, await group.leader()
    deadline = datetime.combine(lesson.day, time(7), group.zone)
    where = f" {lesson.place}" if lesson.place else ""
    if one.teacher not in await study_lessons.away(group, one):
        action = Action(label="定课题", send=f"/公开课 课题 {lesson.number} 《课题》", fill=True)
        lines = (f"⏰ {lesson.when_dated}{where}轮到您上研讨课（{lesson.number}）：{lesson.title or '课题还没有定'}",)
        return [Ask(one.teacher, lines, deadline, () if lesson.title else (action,))]
    if leader is None:
        return []
    action = Action(label="换一位，例", send=f"/轮值 研讨课 交给 {lesson.number} 张老师", fill=True)
    return [Ask(leader.name, (f"⏰ {lesson.when_dated}的研讨课，{one.teacher}那天请假。",), deadline, (action,))]


@on(turns, when="day before", until="start")
async def come(group: Group, one: StudyLesson) -> Post | None:
    """研讨课前一个上课日：时间地点，请大家报名来听；上课老师那天请假的不发"""
    if one.teacher in await study_lessons.away(group, one):
        return None
    lesson, seats = one.lesson, await open_lessons.taken(group, one.lesson)
    where = f" {lesson.place}" if lesson.place else ""
    said = "、".join(seat.member for seat in seats) or "欢迎报名"
    action = Action(label=f"听{one.teacher}的课", send=f"/报名 {lesson.number}")
    return Post(
        (f"👂 {lesson.when_dated}{where} {lesson.number} {lesson.label}", f"听课：{said}"), 25, actions=(action,)
    )
