"""Changing single turns of the study lessons (feature C1): another time, another teacher, not given; and back."""

from datetime import date
from typing import Any

from bot.calendar.names import day_label
from bot.domain import guard
from bot.domain.groups import Group
from bot.domain.open_lessons import OpenLesson, Seat, is_listed, must_be_new, starts
from bot.domain.people import Member, Role
from bot.domain.study_lessons import SEE, StudyLesson, numbered, put_teacher
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, NotAllowed, Refused

LONGEST_PLACE, LONGEST_REASON = 30, 100


async def move(
    group: Group, by: Member, number: int, day: date, periods: tuple[int, ...], place: str
) -> tuple[StudyLesson, Undo]:
    """Give a turn another time; one that was called off or not given is made up for then.

    Raises:
        BadArgument: no such turn, a place too long; NotAllowed: neither theirs nor the leader's; guard.PupilNamed;
        Refused: it was given, the time is gone or without school, or its teacher has another open lesson then.
    """
    one = await own(group, by, number)
    if one.was_given(group):
        raise Refused(f"{number} {one.lesson.label}已经上过了。", f"没有上成：/轮值 研讨课 没上 {number} 原因")
    await check_place(group, place)
    before = _place_of(one)
    after = {"day": day.isoformat(), "periods": list(periods or one.lesson.periods), "place": place or one.lesson.place}
    if before == {**before, **after} and not one.lesson.cancelled:
        raise Refused(f"{number} 本来就在{one.lesson.when_dated}。", SEE, symbol="ℹ️")
    stored = await _put(group, by.name, one, {**after, "cancelled": False, "reason": ""})
    return stored, undo_with(move_back, f"研讨课 {number}", number=number, before=before, after=_place_of(stored))


async def assign(group: Group, by: str, number: int, name: str) -> tuple[StudyLesson, Undo]:
    """Have somebody else give a turn; both hear of it.

    Raises:
        BadArgument: no such turn, nobody of that name; Refused: it has begun or is called off, it is theirs already, or
        they have another open lesson then.
    """
    one = await _to_come(group, number)
    other = (await group.member(name)).name
    if one.teacher == other:
        raise Refused(f"{number} 本来就由{other}来上。", SEE, symbol="ℹ️")
    former, title = one.teacher, one.lesson.title
    await must_be_new(group, one.lesson.model_copy(update={"teacher": other}))
    await hand(group, by, one, other)
    return one, undo_with(assign_back, f"研讨课 {number}", number=number, name=former, title=title, now=other)


async def missed(group: Group, by: Member, number: int, reason: str) -> tuple[StudyLesson, Undo]:
    """Note that a turn whose time has passed was not given.

    Raises:
        BadArgument: no such turn, too long a reason; NotAllowed: neither theirs nor the leader's; guard.PupilNamed;
        Refused: it is still to come, or known not to have been given.
    """
    one = await own(group, by, number)
    if one.lesson.cancelled:
        raise Refused(f"{number} 已经记了没上。", f"补上，例：/轮值 研讨课 改 {number} 周四第3节", symbol="ℹ️")
    if not one.has_begun(group):
        raise Refused(f"{number} {one.lesson.when_dated}，还没到。", f"不上了：/公开课 取消 {number}")
    if len(reason) > LONGEST_REASON:
        raise BadArgument(
            f"原因有 {len(reason)} 字，最多 {LONGEST_REASON} 字。", f"例：/轮值 研讨课 没上 {number} 停电"
        )
    await guard.check_among(reason, group.teachers)
    stored = await set_state(group, one, cancelled=True, reason=reason)
    return stored, undo_with(given_after_all, f"研讨课 {number} 没上", number=number)


@inverse
async def move_back(group: Group, who: str, number: int, before: dict[str, Any], after: dict[str, Any]) -> str:
    """Inverse of ``move``."""
    one = await own(group, await group.acting(who), number)
    if _place_of(one) != after or one.has_begun(group):
        raise Refused(f"{number} 后来又改过，或者已经开始了，不撤销了。", SEE)
    await _put(group, who, one, before)
    return f"已撤销：{number} 研讨课恢复原来的安排。"


@inverse
async def assign_back(group: Group, who: str, number: int, name: str, title: str, now: str) -> str:
    """Inverse of ``assign``."""
    await group.must_lead(who, "研讨课轮值", SEE)
    one = await _to_come(group, number)
    if one.teacher != now or name not in await group.teachers():
        raise Refused(f"{number} 后来又换过人，不撤销了。", SEE)
    await hand(group, who, one, name, title)
    return f"已撤销：{number} 研讨课还是{name}来上。"


@inverse
async def given_after_all(group: Group, who: str, number: int) -> str:
    """Inverse of ``missed``."""
    one = await own(group, await group.acting(who), number)
    if not one.has_begun(group) or not one.lesson.cancelled:
        raise Refused(f"{number} 后来又改过，不撤销了。", SEE)
    await set_state(group, one, cancelled=False, reason="")
    return f"已撤销：{number} 研讨课上过了。"


async def own(group: Group, by: Member, number: int) -> StudyLesson:
    """A turn, for whose it is and for the leader.

    Raises:
        BadArgument: no such turn; NotAllowed: it is somebody else's.
    """
    one = await numbered(group, number)
    if by.role < Role.LEADER and by.name != one.teacher:
        raise NotAllowed(f"{number} {one.lesson.label}由{one.teacher}或组长来改。", SEE)
    return one


async def hand(group: Group, by: str, one: StudyLesson, name: str, title: str = "") -> None:
    """Give a turn to ``name``; both hear of it, and the group when it has read of the turn."""
    lesson, former = one.lesson, one.teacher
    await put_teacher(group, by, lesson, name, title)
    if name != by:
        entitle = f"课题定了告诉我：/公开课 课题 {lesson.number} 《荷塘月色》"
        group.tell(name, f"📌 {lesson.when_dated}的研讨课（{lesson.number}）请您来上。", entitle)
    if former != by and former in await group.teachers():
        group.tell(former, f"ℹ️ {lesson.when_dated}的研讨课（{lesson.number}）改由{name}来上。")
    if is_listed(group, lesson):
        group.announce(f"【改】{day_label(lesson.day)}的研讨课（{lesson.number}）由{name}来上。")


async def set_state(group: Group, one: StudyLesson, *, cancelled: bool, reason: str) -> StudyLesson:
    """Note whether a turn is given, without telling anybody."""
    lesson = await group.records.update(one.lesson.model_copy(update={"cancelled": cancelled, "changed": group.now}))
    turn = await group.records.update(one.turn.model_copy(update={"reason": reason}))
    return StudyLesson(turn, lesson)


async def check_place(group: Group, place: str) -> None:
    """Raises BadArgument when it is too long; guard.PupilNamed."""
    if len(place) > LONGEST_PLACE:
        raise BadArgument(
            f"地点有 {len(place)} 字，最多 {LONGEST_PLACE} 字。", "例：/轮值 研讨课 改 12 周五第3节 录播室"
        )
    await guard.check_among(place, group.teachers)


async def _to_come(group: Group, number: int) -> StudyLesson:
    one = await numbered(group, number)
    if one.lesson.cancelled or one.has_begun(group):
        raise Refused(f"{number} {one.lesson.label}{one.state(group)}，不能换人了。", SEE)
    return one


def _place_of(one: StudyLesson) -> dict[str, Any]:
    """When and where a turn is and whether it is given; survives JSON."""
    lesson = one.lesson
    held = {"cancelled": lesson.cancelled, "reason": one.turn.reason}
    return {"day": lesson.day.isoformat(), "periods": list(lesson.periods), "place": lesson.place, **held}


async def _put(group: Group, by: str, one: StudyLesson, to: dict[str, Any]) -> StudyLesson:
    """Write what ``_place_of`` reads; whoever is concerned hears of it."""
    before, day, periods = one.lesson, date.fromisoformat(to["day"]), tuple(to["periods"])
    lesson = before.model_copy(update={"day": day, "periods": periods, "place": to["place"], "cancelled": False})
    lesson = lesson.model_copy(update={"closes": starts(group, lesson)})
    if not to["cancelled"]:
        await _must_be_possible(group, lesson)
    group_knew = is_listed(group, before) or is_listed(group, lesson)
    moved = await set_state(group, StudyLesson(one.turn, lesson), cancelled=to["cancelled"], reason=to["reason"])
    where = f" {lesson.place}" if lesson.place else ""
    now = "取消" if to["cancelled"] else f"改到 {lesson.when_dated}{where}"
    seats = [seat.member for seat in await group.records.find(Seat, lesson=lesson.id)]
    for name in dict.fromkeys([one.teacher, *seats]):
        if name != by:
            group.tell(name, f"📣 {lesson.number} {lesson.label}{now}。")
    if group_knew:
        group.announce(f"【改】{lesson.number} {lesson.label}{now}。")
    return moved


async def _must_be_possible(group: Group, lesson: OpenLesson) -> None:
    if starts(group, lesson) <= group.now:
        raise Refused(f"{lesson.when_dated}已经过去了。", f"例：/轮值 研讨课 改 {lesson.number} 下周四第3节")
    if not group.calendar.is_school_day(lesson.day):
        note = group.calendar.day_note(lesson.day) or "不上课"
        raise Refused(f"{day_label(lesson.day)}{note}，不能上研讨课。", "换一个上课的日子。")
    await must_be_new(group, lesson)
