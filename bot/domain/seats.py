"""Seats in open lessons (feature C5): signing up, waiting, giving a seat back, moving up.

Nobody but the leader signs others up or off, and they are told. Each step can be taken back under today's rules.
"""

from typing import NamedTuple

from bot.calendar.names import day_label
from bot.domain.groups import Group
from bot.domain.open_lesson_changes import call_off, hold_after_all, lessons_from
from bot.domain.open_lessons import (
    Offer,
    OpenLesson,
    Purpose,
    Seat,
    item_numbered,
    must_be_alive,
    publish,
    seats_left,
    seats_of,
    taken,
    upcoming,
    waiting,
)
from bot.domain.people import Member, Role
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import NotAllowed, Refused


class SignUp(NamedTuple):
    """What a sign-up led to. ``lesson`` is the lesson one now teaches when an opening was taken."""

    item: OpenLesson
    seat: Seat
    left: int | None
    lesson: OpenLesson | None
    undo: Undo


async def sign_up(group: Group, who: str, number: int, *, by: Member, despite_clash: bool = False) -> SignUp:
    """Sign ``who`` up for an item.

    Raises:
        NotAllowed: signing up somebody else is the leader's.
        Refused: cancelled, over, closed, one's own, already in, full, or at the same time as another lesson.
    """
    if who != by.name and by.role < Role.LEADER:
        raise NotAllowed("替别人报名由组长来做。", f"自己报名：/报名 {number}")
    await group.member(who)
    item = await item_numbered(group, number)
    you = _you(who, by)
    await _must_be_open(group, item, who, you)
    await _must_have_room(group, item, who)
    if not despite_clash:
        await _must_not_clash(group, item, who, you)
    seat = await group.records.add(Seat(lesson=item.id, member=who, created=group.now, author=by.name))
    lesson = await _lesson_to_teach(group, item, who, by.name) if item.purpose is Purpose.TEACH else None
    if who != by.name and lesson is None:
        group.tell(
            who,
            f"📌 {by.name}替您报了名：{item.number} {item.label}，{item.when_dated}。",
            f"不去：/取消报名 {number}",
        )
    label = f"报名 {number}" if who == by.name else f"替{who}报名 {number}"
    return SignUp(item, seat, await seats_left(group, item), lesson, _undo(label, item, who))


async def wait(group: Group, who: str, number: int) -> tuple[OpenLesson, int, Undo]:
    """Put ``who`` on the wait-list of a full lesson and return the place on it (from 1).

    Raises:
        Refused: closed, already in or waiting, an opening to teach, or there is still a seat.
    """
    item = await item_numbered(group, number)
    await _must_be_open(group, item, who, "您")
    if await seats_left(group, item) != 0:
        raise Refused(f"{item.number} {item.label}还有座位，不用候补。", f"直接报名：/报名 {item.number}", symbol="ℹ️")
    if item.purpose is Purpose.TEACH:
        raise Refused(f"{item.number} 开课机会不排候补。", "看还有哪些：/公开课")
    await group.records.add(Seat(lesson=item.id, member=who, waiting=True, created=group.now, author=who))
    place = len(await waiting(group, item))
    return item, place, _undo(f"候补 {item.number}", item, who)


async def withdraw(group: Group, who: str, number: int, *, by: Member) -> tuple[OpenLesson, Undo]:
    """Give the seat (or the place on the wait-list) back; the first who waits moves up and is told.

    Raises:
        NotAllowed: signing off somebody else is the leader's.
        Refused: not signed up, or the lesson has begun.
    """
    if who != by.name and by.role < Role.LEADER:
        raise NotAllowed("替别人取消由组长来做。", f"取消自己的：/取消报名 {number}")
    item = await item_numbered(group, number)
    seats = await group.records.find(Seat, lesson=item.id, member=who)
    if not seats:
        hint = "看我报了哪些：/我的" if who == by.name else "看公开课：/公开课"
        raise Refused(f"{_you(who, by)}没有报 {item.number} {item.label}。", hint, symbol="ℹ️")
    must_be_alive(group, item)
    await _give_back(group, item, seats[0], by.name)
    if who != by.name:
        group.tell(who, f"ℹ️ {by.name}替您取消了报名：{item.number} {item.label}，{item.when_dated}。")
    label = f"取消报名 {number}" if who == by.name else f"替{who}取消报名 {number}"
    return item, undo_with(sign_up_again, label, number=number, member=who)


async def joinable(group: Group, who: str) -> list[OpenLesson]:
    """Coming items that ``who`` can still sign up or wait for; taken openings and closed items are out."""
    found = []
    for item in await upcoming(group):
        gone = item.purpose is Purpose.TEACH and await seats_left(group, item) == 0
        joined = await group.records.find(Seat, lesson=item.id, member=who)
        if item.teacher != who and item.closes > group.now and not gone and not joined:
            found.append(item)
    return found


async def leave_all(group: Group, who: str, by: str) -> None:
    """Give back every coming seat of somebody who leaves the group."""
    for item, seat in await seats_of(group, who):
        await _give_back(group, item, seat, by)


@inverse
async def withdraw_seat(group: Group, who: str, item: int, member: str) -> str:
    """Inverse of a sign-up or of waiting: give the place back, under the rules of ``withdraw``."""
    lesson = await group.records.get(OpenLesson, item)
    if lesson is None:
        raise Refused("这一项已经不在了，没有可撤销的。")
    await withdraw(group, member, lesson.number, by=await group.acting(who))
    return f"已撤销：{lesson.number} {lesson.label}{'不报了' if member == who else f'，{member}不报了'}。"


@inverse
async def sign_up_again(group: Group, who: str, number: int, member: str) -> str:
    """Inverse of a withdrawal: the seat again if nobody has moved up meanwhile."""
    item = await item_numbered(group, number)
    if not item.cancelled and await seats_left(group, item) == 0:
        hints = () if item.purpose is Purpose.TEACH else (f"排候补：/候补 {number}",)
        raise Refused(f"{number} {item.label}空出的座位已经有人补上，撤销不了。", *hints)
    await sign_up(group, member, number, by=await group.acting(who), despite_clash=True)
    return f"已撤销：{number} {item.label}{'重新报上了' if member == who else f'，{member}重新报上了'}。"


def _undo(label: str, item: OpenLesson, member: str) -> Undo:
    return undo_with(withdraw_seat, label, item=item.id, member=member)


def _you(who: str, by: Member) -> str:
    """How the speaker hears of ``who``."""
    return "您" if who == by.name else who


async def _must_be_open(group: Group, item: OpenLesson, who: str, you: str) -> None:
    must_be_alive(group, item)
    if item.teacher == who:
        raise Refused(f"{item.number} {item.label}是{you}自己的课，不用报名。", "看公开课：/公开课", symbol="ℹ️")
    for seat in await group.records.find(Seat, lesson=item.id, member=who):
        done = "在候补了" if seat.waiting else "报过了"
        way_out = f"不去了：/取消报名 {item.number}"
        raise Refused(f"{you}已经{done}：{item.number} {item.label}，不用再报。", way_out, symbol="ℹ️")
    if item.closes <= group.now:
        closed = f"{day_label(item.closes.date())} {item.closes:%H:%M}"
        raise Refused(
            f"{item.number} {item.label}的报名已于 {closed} 截止。", "想去可以直接和组长说。", "看其他：/公开课"
        )


async def _must_have_room(group: Group, item: OpenLesson, who: str) -> None:
    if await seats_left(group, item) != 0:
        return
    if item.purpose is Purpose.TEACH:
        seats = await taken(group, item)
        raise Refused(f"{item.number} {item.when}的开课机会已由{seats[0].member}报了。", "看还有哪些：/公开课")
    hints = [f"排候补：/候补 {item.number}"]
    for other in await joinable(group, who):
        if other.purpose is item.purpose and await seats_left(group, other) != 0:
            hints.append(f"听另一节{other.label}（{other.when}）：/报名 {other.number}")
            break
    raise Refused(f"{item.number} {item.label}听课座位已满（{item.seats}/{item.seats}）", *hints)


async def _must_not_clash(group: Group, item: OpenLesson, who: str, you: str) -> None:
    attending = {found.id for found, seat in await seats_of(group, who) if not seat.waiting}
    for other in await upcoming(group):
        same_time = other.id != item.id and other.day == item.day and set(other.periods) & set(item.periods)
        if not same_time or (other.id not in attending and other.teacher != who):
            continue
        role = "自己要上" if other.teacher == who else "已经报了"
        name = "" if you == "您" else f" {who}"
        raise Refused(
            f"{item.when}{you}{role} {other.number} {other.label}，时间冲突。",
            f"仍要报名：/报名 {item.number}{name} 确认",
            symbol="⚠️",
        )


async def _lesson_to_teach(group: Group, opening: OpenLesson, who: str, by: str) -> OpenLesson:
    """The lesson that ``who`` gives in an opening; one that was called off is held after all, with its own number."""
    for lesson in await lessons_from(group, opening, cancelled=True):
        if lesson.teacher == who:
            return await hold_after_all(group, lesson, by)
    offer = Offer(Purpose.ATTEND, opening.day, opening.periods, teacher=who, place=opening.place, opening=opening.id)
    return await publish(group, by, offer)


async def _give_back(group: Group, item: OpenLesson, seat: Seat, by: str) -> None:
    await group.records.remove(seat)
    if item.purpose is Purpose.TEACH:
        for lesson in await lessons_from(group, item):
            await call_off(group, lesson, by)
    elif not seat.waiting:
        await _move_up(group, item)


async def _move_up(group: Group, item: OpenLesson) -> None:
    queue = await waiting(group, item)
    if not queue or item.closes <= group.now:
        return
    queue[0].waiting = False
    await group.records.update(queue[0])
    place = f" {item.place}" if item.place else ""
    group.tell(
        queue[0].member,
        f"🎉 {item.number} {item.label}空出一座，您从候补转为听课：{item.when_dated}{place}。",
        f"不去了：/取消报名 {item.number}",
    )
