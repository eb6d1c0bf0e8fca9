"""What happens to an open lesson once it is offered: its title, calling it off, holding it after all.

Whoever is in it hears of it privately, the group in one 【改】 line; each change can be taken back under today's rules.
"""

from bot.domain.groups import Group
from bot.domain.open_lessons import (
    OpenLesson,
    Purpose,
    Seat,
    item_numbered,
    must_be_alive,
    must_be_new,
    starts,
    taken,
)
from bot.domain.people import Member, Role
from bot.domain.undo import WINDOW, Undo, inverse, undo_with
from bot.errors import BadArgument, NotAllowed, Refused

LONGEST_TITLE = 40


async def cancel(group: Group, by: Member, number: int) -> OpenLesson:
    """Call an item off: the group reads one line, those signed up are told.

    With an opening goes the lesson that came from it; without that lesson the opening is free again.

    Raises:
        NotAllowed: neither the leader's nor one's own lesson.
        Refused: it is over or called off already.
    """
    item = await item_numbered(group, number)
    _must_be_mine(item, by, "取消公开课")
    must_be_alive(group, item)
    for lesson in await lessons_from(group, item):
        await call_off(group, lesson, by.name)
    if item.opening is not None:
        for seat in await group.records.find(Seat, lesson=item.opening):
            await group.records.remove(seat)
    return await call_off(group, item, by.name)


async def call_off(group: Group, item: OpenLesson, by: str) -> OpenLesson:
    """The telling part of ``cancel``: seats stay, so that it can be held after all."""
    for name in await _concerned(group, item, by):
        end = "。" if name == item.teacher else "，您不用再去。"
        group.tell(name, f"📣 {item.number} {item.label}（{item.when_dated}）取消了{end}")
    if await group.records.find(Seat, lesson=item.id) or _is_known(group, item):
        group.announce(f"【改】{item.number} {item.label}（{item.when_dated}）取消。")
    item.cancelled, item.changed = True, group.now
    return await group.records.update(item)


async def hold_after_all(group: Group, item: OpenLesson, by: str) -> OpenLesson:
    """The opposite of ``call_off``: the lesson is held, with its number and its seats."""
    for name in await _concerned(group, item, by):
        group.tell(name, f"📣 {item.number} {item.label}（{item.when_dated}）照常。")
    if await group.records.find(Seat, lesson=item.id) or _is_known(group, item):
        group.announce(f"【改】{item.number} {item.label}（{item.when_dated}）照常。")
    item.cancelled, item.changed = False, group.now
    return await group.records.update(item)


async def lessons_from(group: Group, opening: OpenLesson, *, cancelled: bool = False) -> list[OpenLesson]:
    """The lessons that came from an opening: those to be held, or those called off."""
    found = await group.records.find(OpenLesson, opening=opening.id)
    return [lesson for lesson in found if lesson.cancelled is cancelled]


async def set_title(group: Group, by: Member, number: int, title: str) -> tuple[OpenLesson, Undo]:
    """Give a lesson its title.

    Raises:
        NotAllowed: neither the leader's nor one's own lesson.
        BadArgument: no title, or a very long one; Refused: it is over, called off, or an opening.
    """
    item = await item_numbered(group, number)
    _must_be_mine(item, by, "改课题")
    must_be_alive(group, item)
    if item.purpose is Purpose.TEACH:
        raise Refused("开课机会还没有课题，报名之后再定。", f"报名：/报名 {number}")
    plain = " ".join(title.split()).strip("《》 ")
    if not plain or len(plain) > LONGEST_TITLE:
        raise BadArgument(f"课题要 1 到 {LONGEST_TITLE} 个字。", f"例：/公开课 课题 {number} 《荷塘月色》")
    back = undo_with(title_again, f"课题 {number}", number=number, title=item.title)
    item.title, item.changed = f"《{plain}》", group.now
    return await group.records.update(item), back


def undo_publish(item: OpenLesson) -> Undo:
    """How to take a publication back."""
    return undo_with(cancel_published, f"公开课 {item.number}", number=item.number)


def undo_cancel(item: OpenLesson) -> Undo:
    """How to hold a lesson after all."""
    return undo_with(hold_cancelled, f"取消公开课 {item.number}", number=item.number)


@inverse
async def cancel_published(group: Group, who: str, number: int) -> str:
    """Inverse of publishing."""
    item = await cancel(group, await group.acting(who), number)
    return f"已撤销：{number} {item.label}不办了。"


@inverse
async def hold_cancelled(group: Group, who: str, number: int) -> str:
    """Inverse of ``cancel``."""
    item = await item_numbered(group, number)
    _must_be_mine(item, await group.acting(who), "恢复公开课")
    if not item.cancelled or starts(group, item) <= group.now:
        raise Refused(f"{item.number} {item.label}已经不能恢复了。", "看还有哪些：/公开课")
    await must_be_new(group, item)
    await _take_opening_again(group, item, who)
    for lesson in await lessons_from(group, item, cancelled=True):
        if any(seat.member == lesson.teacher for seat in await taken(group, item)):
            await hold_after_all(group, lesson, who)
    await hold_after_all(group, item, who)
    return f"已撤销：{number} {item.label}照常。"


@inverse
async def title_again(group: Group, who: str, number: int, title: str) -> str:
    """Inverse of ``set_title``."""
    item = await item_numbered(group, number)
    _must_be_mine(item, await group.acting(who), "改课题")
    item.title, item.changed = title, group.now
    await group.records.update(item)
    return f"已撤销：{number} 课题{f'改回{title}' if title else '待定'}。"


def _must_be_mine(item: OpenLesson, by: Member, what: str) -> None:
    if by.role < Role.LEADER and by.name != item.teacher:
        raise NotAllowed(f"{what}由组长或上课老师来做。", "看公开课：/公开课")


async def _concerned(group: Group, item: OpenLesson, by: str) -> list[str]:
    """Who has to hear of a change: those in it and who teaches it, but not who makes it."""
    names = [item.teacher, *[seat.member for seat in await group.records.find(Seat, lesson=item.id)]]
    return [name for name in dict.fromkeys(names) if name and name != by]


async def _take_opening_again(group: Group, lesson: OpenLesson, by: str) -> None:
    opening = await group.records.get(OpenLesson, lesson.opening) if lesson.opening is not None else None
    if opening is None or lesson.teacher is None:
        return
    if opening.cancelled or await taken(group, opening):
        raise Refused(f"{opening.number} 的开课机会已经没有了，恢复不了。", "看还有哪些：/公开课")
    await group.records.add(Seat(lesson=opening.id, member=lesson.teacher, created=group.now, author=by))


def _is_known(group: Group, item: OpenLesson) -> bool:
    """Whether the group may have read of it: what is taken back at once needs no correction."""
    return item.created is None or group.now - item.created > WINDOW
