"""Open lessons: what one can sign up or wait for, and what one goes to."""

from dataclasses import dataclass

from bot.domain import open_lessons
from bot.domain.groups import Group
from bot.domain.open_lessons import OpenLesson, Purpose, Seat
from bot.web.board.page import Look, Page, Values, commands


@dataclass(frozen=True)
class Row:
    """A lesson as one person sees it.

    Attributes:
        state: "听课 1/4", or why one cannot sign up.
        own: what one has in it already: "已报名", "候补第 2 位", "您上课"; "" = nothing.
        say: what a tap says; "" = there is nothing to tap.
        label: what is written on it.
    """

    number: int
    when: str
    title: str
    place: str
    state: str
    closes: str
    own: str = ""
    say: str = ""
    label: str = ""


async def rows_for(group: Group, name: str) -> list[Row]:
    """Every coming lesson, by day."""
    return [await _row(group, item, name) for item in await open_lessons.upcoming(group)]


async def _row(group: Group, item: OpenLesson, name: str) -> Row:
    taken, waiting = await open_lessons.taken(group, item), await open_lessons.waiting(group, item)
    state = open_lessons.standing(item, len(taken)) + (f"，候补 {len(waiting)} 位" if waiting else "")
    own, say, label = _own(item, name, taken, waiting) or _open(group, item, len(taken))
    closes = f"{item.closes:%m-%d %H:%M} 截止" if item.closes < open_lessons.starts(group, item) else ""
    entitled = open_lessons.entitled(item)
    return Row(item.number, item.when_dated, entitled, item.place, state, closes, own, say, label)


def _own(item: OpenLesson, name: str, taken: list[Seat], waiting: list[Seat]) -> tuple[str, str, str] | None:
    """What somebody who has a part in it may do."""
    leave = f"/取消报名 {item.number}"
    if any(seat.member == name for seat in taken):
        return "已报名", leave, "不去了"
    places = [n for n, seat in enumerate(waiting, start=1) if seat.member == name]
    if places:
        return f"候补第 {places[0]} 位", leave, "不等了"
    return ("您上课", "", "") if item.teacher == name else None


def _open(group: Group, item: OpenLesson, taken: int) -> tuple[str, str, str]:
    if item.closes <= group.now:
        return "报名截止了", "", ""
    if item.seats is None or taken < item.seats:
        return "", f"/报名 {item.number}", "我来上" if item.purpose is Purpose.TEACH else "报名"
    if item.purpose is Purpose.TEACH:
        return "有人报了", "", ""
    return "", f"/候补 {item.number}", "排候补"


async def show(look: Look) -> Values:
    """Every coming lesson."""
    return {"rows": await rows_for(look.group, look.member.name)}


PAGE = Page("sign-up", "报名", "sign_up.html", show, says=commands("报名", "取消报名", "候补"))
