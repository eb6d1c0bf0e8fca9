"""报名: the lessons one can teach or attend, with seats and wait-list; for everybody."""

from dataclasses import dataclass

from bot.calendar.names import day_label
from bot.domain import open_lessons
from bot.domain.groups import Group
from bot.domain.open_lessons import OpenLesson, Purpose, Seat
from bot.web.board.page import Asked, Page, Values


@dataclass(frozen=True)
class Offered:
    """One lesson as its reader finds it.

    Attributes:
        standing: "听课 3/4", "可报名".
        queue: how many wait.
        mine: what the reader has to do with it: "已报名", "候补第 2 位", "您的课", "" for nothing.
        tap: what they can do now: command and label; None for nothing.
        why_not: why they cannot sign up, where they cannot.
    """

    number: int
    title: str
    when: str
    place: str
    closes: str
    standing: str
    queue: int
    mine: str
    tap: tuple[str, str] | None
    why_not: str


async def show(asked: Asked) -> Values:
    """See ``Page.show``."""
    found = [await _offered(asked.group, item, asked.name) for item in await open_lessons.upcoming(asked.group)]
    return {"lessons": found, "leads": asked.leads}


async def _offered(group: Group, item: OpenLesson, name: str) -> Offered:
    taken, queue = await open_lessons.taken(group, item), await open_lessons.waiting(group, item)
    mine = _mine(item, name, taken, queue)
    tap, why_not = _tap(group, item, mine, full=item.seats is not None and len(taken) >= item.seats)
    return Offered(
        number=item.number,
        title=open_lessons.entitled(item),
        when=item.when_dated,
        place=item.place,
        closes=f"{day_label(item.closes.date())} {item.closes:%H:%M}",
        standing=open_lessons.standing(item, len(taken)),
        queue=len(queue),
        mine=mine,
        tap=tap,
        why_not=why_not,
    )


def _mine(item: OpenLesson, name: str, taken: list[Seat], queue: list[Seat]) -> str:
    if item.teacher == name:
        return "您的课"
    if any(seat.member == name for seat in taken):
        return "已报名"
    place = next((n for n, seat in enumerate(queue, start=1) if seat.member == name), 0)
    return f"候补第 {place} 位" if place else ""


def _tap(group: Group, item: OpenLesson, mine: str, *, full: bool) -> tuple[tuple[str, str] | None, str]:
    if mine:
        return (None, "") if mine == "您的课" else (("/取消报名", "不去了"), "")
    if item.closes <= group.now:
        return None, "报名已截止"
    if full:
        return (None, "已有人报") if item.purpose is Purpose.TEACH else (("/候补", "排候补"), "座位满了")
    return ("/报名", "报名上课" if item.purpose is Purpose.TEACH else "报名听课"), ""


PAGE = Page("sign-up", "报名", show, commands=("/报名", "/候补", "/取消报名"))
