"""The rotation of study lessons as a whole (feature C1): set up, gone round fairly, and back.

Somebody on leave is passed over and comes next; whoever leaves the group has their turns go to the others.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import NamedTuple

from bot.calendar.names import day_label
from bot.domain import quiet
from bot.domain.groups import Group
from bot.domain.open_lessons import OpenLesson, Purpose, Seat, is_listed, starts, upcoming
from bot.domain.study_changes import check_place, hand, set_state
from bot.domain.study_lessons import (
    EXAMPLE,
    SEE,
    StudyLesson,
    StudyRota,
    StudyTurn,
    coming,
    days,
    exchange,
    of_term,
    rota_of,
)
from bot.domain.turns import Filled, fill
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, Refused

AHEAD = 3
"""Within so many days of a turn nobody is surprised with it: the leader hears instead (schedules/study_lessons.py)."""

_FIELDS = {"order", "since", "every", "weekday", "periods", "place"}


class Wish(NamedTuple):
    """What the leader said of the rotation; what was left out stays as it is, or is as usual."""

    names: Sequence[str] = ()
    since: int | None = None
    every: int | None = None
    weekday: int | None = None
    periods: tuple[int, ...] = ()
    place: str = ""


async def arrange(group: Group, by: str, wish: Wish) -> tuple[list[StudyLesson], Filled, Undo]:
    """Set the rotation and fill in its turns; those from week ``since`` on that stood are replaced.

    Raises:
        BadArgument: no time named, somebody not in the group, a week that has begun, a place too long.
        Refused: turns stand already and no week was named; no day is left; guard.PupilNamed.
    """
    before = await rota_of(group)
    rota = await _wished(group, by, wish, before)
    old = [one for one in await coming(group) if one.week(group) >= rota.since]
    if old and wish.since is None:
        raise Refused("接下来的研讨课都排好了。", "要重排，例：/轮值 研讨课 排 下周起", symbol="ℹ️")
    replaced = {one.turn.id for one in old}
    stand = [one for one in await of_term(group) if one.turn.id not in replaced and not one.lesson.cancelled]
    fixed = {one.week(group): one.teacher for one in stand}
    dates = {week: day for week, day in days(group, rota).items() if week not in fixed}
    filled = fill(rota.order, list(dates), fixed, {week: await _cannot(group, rota, dates[week]) for week in dates})
    if not filled.names:
        raise Refused("后面没有能排的日子，或者这几位老师都不在。", "换一个时间，或多写几位老师。")
    for one in old:
        await _drop(group, one)
    await _keep(group, rota)
    made = [await _turn(group, by, rota, dates[week], name) for week, name in filled.names.items()]
    _tell_all(group, by, made)
    await _tell_off(group, by, old, made)
    if any(is_listed(group, one.lesson) for one in old):
        group.announce(f"【改】第{rota.since}周起的研讨课重新排了，看：/轮值 研讨课")
    ids = {"made": [one.turn.id for one in made], "dropped": sorted(replaced)}
    former = before.model_dump_json(include=_FIELDS) if before else ""
    return made, filled, undo_with(unarrange, "研讨课轮值", former=former, **ids)


Passed = list[tuple[StudyLesson, StudyLesson]]
"""Pairs: the turn that was somebody's, and the one that is theirs instead."""


class Absence(NamedTuple):
    """A leave, and what it does to the turns: those passed on, and those that the leader has to settle."""

    leave: quiet.Leave
    passed: Passed
    left: list[StudyLesson]
    undo: Undo


async def leave(group: Group, who: str, first: date, last: date, reason: str) -> Absence:
    """Note that somebody is away (``quiet.leave``, which it raises as), and have them passed over."""
    stored, undo = await quiet.leave(group, who, first, last, reason)
    passed = await _pass_over(group, who)
    if passed:
        were, now = ([turn.lesson.number for turn in turns] for turns in zip(*passed, strict=True))
        undo = undo_with(come_back, "请假", leave=stored.id, were=were, now=now)
    left = [one for one in await coming(group) if one.teacher == who and stored.holds(one.lesson.day)]
    leader = await group.leader()
    if leader is not None and leader.name != who:
        for lesson in [one.lesson for one in left]:
            way = f"换一位，例：/轮值 研讨课 交给 {lesson.number} 张老师"
            group.tell(leader.name, f"👂 {who}请假那天有研讨课：{lesson.number} {lesson.when_dated}。", way)
    return Absence(stored, passed, left, undo)


async def _pass_over(group: Group, who: str) -> Passed:
    """Somebody on leave is passed over and comes next: the first after them who is there takes the turn."""
    passed = []
    for one in await coming(group):
        gone = await quiet.away(group, one.lesson.day)
        if one.teacher != who or who not in gone or (one.lesson.day - group.today).days <= AHEAD:
            continue
        other = await _next_there(group, one, gone)
        if other is not None:
            await _pass_on(group, who, one, other)
            passed.append((one, other))
    return passed


async def hand_on(group: Group, who: str, by: str) -> None:
    """Somebody leaves the group: each of their turns goes to whoever had the fewest and is there."""
    rota, names = await rota_of(group), await group.teachers()
    order = [name for name in (rota.order if rota else ()) if name != who and name in names]
    for one in [one for one in await coming(group) if one.teacher == who]:
        others = [x for x in await of_term(group) if x.teacher != who and not x.lesson.cancelled]
        week = one.week(group)
        gone = {week: await quiet.away(group, one.lesson.day)}
        found = fill(order, [week], {x.week(group): x.teacher for x in others}, gone).names
        if found:
            await hand(group, by, one, found[week])
        else:
            await _drop(group, one)


@inverse
async def come_back(group: Group, who: str, leave: int, were: list[int], now: list[int]) -> str:
    """Inverse of a leave with somebody passed over: the turns as they were, where nobody has changed them since."""
    sentence = await quiet.come_back(group, who, leave)
    turns = {one.lesson.number: one for one in await coming(group)}
    pairs = zip(were, now, strict=True)
    back = [(turns[a], turns[b]) for a, b in pairs if a in turns and b in turns and turns[b].teacher == who]
    for one, other in back:
        await _pass_on(group, who, one, other)
    return f"{sentence}研讨课换回来了。" if back else sentence


@inverse
async def unarrange(group: Group, who: str, former: str, made: list[int], dropped: list[int]) -> str:
    """Inverse of ``arrange``: the turns before it, unless one of the new ones has begun."""
    await group.must_lead(who, "研讨课轮值", SEE)
    new = [one for one in await of_term(group) if one.turn.id in made]
    if any(one.has_begun(group) for one in new):
        raise Refused("已经有一节上过了，不撤销了。", SEE)
    for one in new:
        await _drop(group, one)
    await _tell_off(group, who, new, ())
    for turn in await group.records.find(StudyTurn, term=group.term.name):
        if turn.id in dropped:
            await group.records.update(turn.model_copy(update={"dropped": False}))
    for one in [one for one in await of_term(group) if one.turn.id in dropped]:
        await set_state(group, one, cancelled=False, reason="")
    if former:
        fields = json.loads(former)
        await _keep(group, StudyRota(term=group.term.name, created=group.now, author=who, **fields))
    elif (rota := await rota_of(group)) is not None:
        await group.records.remove(rota)
    return f"已撤销：研讨课{'恢复原来的安排' if former else '不轮了'}。"


async def _wished(group: Group, by: str, wish: Wish, before: StudyRota | None) -> StudyRota:
    """The rotation as it will be: what is wished, else what was, else everybody in the group's order."""
    names = tuple(dict.fromkeys([(await group.member(name)).name for name in wish.names]))
    teachers = await group.teachers()
    order = names or tuple(name for name in (before.order if before else ()) if name in teachers) or tuple(teachers)
    weekday, periods = wish.weekday or (before and before.weekday), wish.periods or (before and before.periods)
    if not weekday or not periods:
        raise BadArgument("研讨课在星期几第几节？", f"例：{EXAMPLE}")
    if wish.since is not None and wish.since <= group.week:
        raise BadArgument(f"第{wish.since}周已经开始了，从下周起才能排。", f"例：{EXAMPLE}")
    await check_place(group, wish.place)
    return StudyRota(
        term=group.term.name,
        order=order,
        since=wish.since or max(group.week + 1, 1),
        every=wish.every or (before.every if before else 2),
        weekday=weekday,
        periods=periods,
        place=wish.place or (before.place if before else ""),
        created=group.now,
        author=by,
    )


async def _cannot(group: Group, rota: StudyRota, day: date) -> set[str]:
    """Who is on leave on a day, or has another open lesson at that time."""
    busy = {x.teacher for x in await upcoming(group) if x.day == day and set(x.periods) & set(rota.periods)}
    return await quiet.away(group, day) | {name for name in busy if name}


async def _keep(group: Group, rota: StudyRota) -> None:
    old = await rota_of(group)
    if old is None:
        await group.records.add(rota)
    else:
        await group.records.update(old.model_copy(update={name: getattr(rota, name) for name in _FIELDS}))


async def _turn(group: Group, by: str, rota: StudyRota, day: date, name: str) -> StudyLesson:
    """Make one turn with its lesson; sign-up ends when it begins."""
    lesson = OpenLesson(
        term=group.term.name,
        number=await group.next_number(),
        purpose=Purpose.ATTEND,
        day=day,
        periods=rota.periods,
        closes=datetime.combine(day, time(23, 59), group.zone),
        teacher=name,
        place=rota.place,
        by_turn=True,
        created=group.now,
        author=by,
    )
    stored = await group.records.add(lesson.model_copy(update={"closes": starts(group, lesson)}))
    turn = StudyTurn(term=group.term.name, lesson=stored.id, created=group.now, author=by)
    return StudyLesson(await group.records.add(turn), stored)


async def _drop(group: Group, one: StudyLesson) -> None:
    """Take a turn out of the rotation; who had signed up hears of it."""
    for seat in await group.records.find(Seat, lesson=one.lesson.id):
        group.tell(
            seat.member, f"📣 {one.lesson.number} {one.lesson.label}（{one.lesson.when_dated}）取消了，您不用再去。"
        )
    dropped = await set_state(group, one, cancelled=True, reason="")
    await group.records.update(dropped.turn.model_copy(update={"dropped": True}))


def _tell_all(group: Group, by: str, made: Sequence[StudyLesson]) -> None:
    """Each teacher reads their turns in one note."""
    for name in dict.fromkeys(one.teacher for one in made):
        mine = [one.lesson for one in made if one.teacher == name]
        turns = "、".join(f"{lesson.when_dated}（{lesson.number}）" for lesson in mine)
        if name != by:
            change = f"时间要换，例：/轮值 研讨课 改 {mine[0].number} 周五第3节"
            group.tell(name, f"📌 {by}排了研讨课，轮到您：{turns}", change)


async def _pass_on(group: Group, who: str, one: StudyLesson, other: StudyLesson) -> None:
    """Exchange two turns because of a leave of ``who``; whoever has the first now hears of it."""
    name = other.teacher if one.teacher == who else one.teacher
    await exchange(group, who, one, other)
    mine = one if one.teacher == name else other
    group.tell(name, f"🔄 {mine.lesson.when_dated}的研讨课（{mine.lesson.number}）请您来上，{who}那天的安排变了。", SEE)
    for turn in (one, other):
        if is_listed(group, turn.lesson):
            group.announce(f"【改】{day_label(turn.lesson.day)}的研讨课（{turn.lesson.number}）由{turn.teacher}来上。")


async def _tell_off(group: Group, by: str, old: Sequence[StudyLesson], made: Sequence[StudyLesson]) -> None:
    """Who had turns that are no more, and was not told of new ones, hears of it."""
    names = await group.teachers()
    for name in dict.fromkeys(one.teacher for one in old):
        days_off = "、".join(one.lesson.when_dated for one in old if one.teacher == name)
        if name != by and name in names and name not in {one.teacher for one in made}:
            group.tell(name, f"ℹ️ {by}重排了研讨课，{days_off}您不用上了。", SEE)


async def _next_there(group: Group, one: StudyLesson, gone: set[str]) -> StudyLesson | None:
    """The first later turn whose teacher is there on the day of ``one``, and for whom ``one``'s teacher can be."""
    later = [x for x in await coming(group) if x.lesson.day > one.lesson.day and x.teacher != one.teacher]
    for other in later:
        if other.teacher not in gone and one.teacher not in await quiet.away(group, other.lesson.day):
            return other
    return None
