"""Open lessons (feature C5): openings to teach that the leader offers, and lessons the others attend.

Both carry numbers of the same row, so ``/报名 3`` fits either. Signing up for an opening makes it a lesson of one's
own, with a number of its own to attend. Who sits where is the matter of bot/domain/seats.py.
"""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import ClassVar, NamedTuple

from bot.calendar.names import WEEKDAY_PREFIXES, day_label, period_label, weekday_name
from bot.domain.groups import Group, Numbered
from bot.domain.subjects import find_item
from bot.errors import BadArgument, Refused
from bot.storage import Record

EXAMPLE = "/公开课 发布 9月24日第2节 赵老师《插秧歌》 录播室 4座"
TURN_AHEAD = timedelta(days=14)
"""How long before its day a lesson that is somebody's turn stands in the list."""


class Purpose(StrEnum):
    """What one signs up for."""

    TEACH = "开课机会"
    ATTEND = "听课"


class Offer(NamedTuple):
    """What is to be published; ``seats`` and ``opening`` as in ``OpenLesson``, ``closes`` None = when it begins."""

    purpose: Purpose
    day: date
    periods: tuple[int, ...]
    title: str = ""
    teacher: str | None = None
    place: str = ""
    seats: int | None = None
    closes: datetime | None = None
    opening: int | None = None


class OpenLesson(Numbered):
    """An opening to teach or a lesson to attend.

    ``seats`` None means everybody may come (and for lessons of the group is asked to). ``opening`` is the record id of
    the opening a lesson came from. After ``closes`` nobody can sign up. ``by_turn``: it is a turn
    of the study lessons (bot/domain/study_lessons.py), known for the whole term and listed two weeks before.
    ``changed``: when it was last changed; None = never.
    """

    TABLE: ClassVar[str] = "open_lessons"
    INDEXES: ClassVar = ("term", "opening")

    purpose: Purpose
    day: date
    periods: tuple[int, ...]
    closes: datetime
    title: str = ""
    teacher: str | None = None
    place: str = ""
    level: str = "组内"
    seats: int | None = None
    opening: int | None = None
    cancelled: bool = False
    by_turn: bool = False
    changed: datetime | None = None

    @property
    def when(self) -> str:
        """ "周四第2节"."""
        return f"{weekday_name(self.day.isoweekday())}{period_label(self.periods)}"

    @property
    def when_dated(self) -> str:
        """ "9月17日 周四第2节"."""
        return f"{day_label(self.day)} {self.when}"

    @property
    def label(self) -> str:
        """What people recognise it by: "赵老师《插秧歌》", or "开课机会"."""
        if self.purpose is Purpose.TEACH:
            return "开课机会"
        return f"{self.teacher}{'研讨课' if self.by_turn else ''}{self.title or ('' if self.by_turn else '公开课')}"

    @property
    def words(self) -> tuple[str, ...]:
        """Words by which people mean it: its weekday, its date, who teaches, what it is."""
        day = weekday_name(self.day.isoweekday())[-1]
        kinds = ("开课",) if self.purpose is Purpose.TEACH else ("听课", "公开课", "研讨课")
        weekdays = tuple(f"{prefix}{day}" for prefix in WEEKDAY_PREFIXES)
        return (*weekdays, day_label(self.day), *kinds, *([self.teacher] if self.teacher else []))

    def meant_by(self, words: str) -> int:
        """How many of ``words`` speak of it; 0 when none does."""
        title = self.title.strip("《》")
        by_title = bool(title) and (title in words or (len(words) > 1 and words.strip("《》") in title))
        return sum(word in words for word in self.words) + 2 * by_title


class Seat(Record):
    """A person's place in a lesson: taken, or waiting in the order of ids."""

    TABLE: ClassVar[str] = "seats"
    INDEXES: ClassVar = ("lesson", "member")
    UNIQUE: ClassVar = (("lesson", "member"),)

    lesson: int
    member: str
    waiting: bool = False


async def upcoming(group: Group, *, unlisted: bool = False) -> list[OpenLesson]:
    """Items of this term that are not cancelled and not over, by day; ``unlisted``: turns that are weeks away too."""
    found = await group.records.find(OpenLesson, term=group.term.name)
    known = [item for item in found if unlisted or is_listed(group, item)]
    alive = [item for item in known if not item.cancelled and starts(group, item) > group.now]
    return sorted(alive, key=lambda item: (item.day, item.periods, item.number))


async def between(group: Group, first: date, last: date) -> list[OpenLesson]:
    """Items of this term between two days that are not cancelled, over or not, by day."""
    found = await group.records.find(OpenLesson, term=group.term.name)
    held = [item for item in found if not item.cancelled and first <= item.day <= last]
    return sorted(held, key=lambda item: (item.day, item.periods, item.number))


def is_listed(group: Group, item: OpenLesson) -> bool:
    """Whether the group reads of it: not of a turn that is weeks away."""
    return not item.by_turn or item.day - group.today <= TURN_AHEAD


def starts(group: Group, item: OpenLesson) -> datetime:
    """When the lesson begins: by the bells, else at midnight's end of its day."""
    times = group.calendar.lessons_span(item.day, item.periods) if item.periods else None
    return datetime.combine(item.day, times[0] if times else time(23, 59), group.now.tzinfo)


async def taken(group: Group, item: OpenLesson) -> list[Seat]:
    """Seats taken, in order of signing up."""
    return [seat for seat in await group.records.find(Seat, lesson=item.id) if not seat.waiting]


async def waiting(group: Group, item: OpenLesson) -> list[Seat]:
    """The wait-list, first come first."""
    return [seat for seat in await group.records.find(Seat, lesson=item.id) if seat.waiting]


async def item_numbered(group: Group, number: int) -> OpenLesson:
    """The item with this number.

    Raises:
        BadArgument: there is none, or the number belongs to something one cannot join.
    """
    found = await find_item(group, number)
    if found is None:
        raise BadArgument(f"没有编号 {number}。", "看可以报哪些：/公开课")
    subject, item = found
    if not isinstance(item, OpenLesson):
        raise BadArgument(f"{number} 是{subject.name}，不是公开课。", "看可以报哪些：/公开课")
    return item


async def seats_of(group: Group, who: str) -> list[tuple[OpenLesson, Seat]]:
    """Coming items in which ``who`` has a seat or waits, by day."""
    mine = {seat.lesson: seat for seat in await group.records.find(Seat, member=who)}
    return [(item, mine[item.id]) for item in await upcoming(group) if item.id in mine]


async def seats_left(group: Group, item: OpenLesson) -> int | None:
    """Free seats; None when everybody may come."""
    return None if item.seats is None else max(0, item.seats - len(await taken(group, item)))


async def line(group: Group, item: OpenLesson) -> str:
    """One row of a list: "5 周四第2节 赵老师《插秧歌》 听课 3/4"."""
    state = standing(item, len(await taken(group, item)))
    if item.purpose is Purpose.TEACH:
        return f"{item.number} · 第{group.term.week_of(item.day)}周{item.when} 开课机会（{state}）"
    return f"{item.number} · {day_label(item.day)} {item.when} {entitled(item)} {state}"


def standing(item: OpenLesson, count: int) -> str:
    """How many have signed up, in words: "听课 1/4", "全员听课（已报 3）", "可报名"."""
    if item.purpose is Purpose.TEACH:
        return "已有人报" if count else "可报名"
    return f"听课 {count}/{item.seats}" if item.seats is not None else f"全员听课（已报 {count}）"


def entitled(item: OpenLesson) -> str:
    """Its label, saying so while a lesson has no title."""
    return item.label if item.title or item.purpose is Purpose.TEACH else f"{item.label}（课题待定）"


async def match(group: Group, words: str) -> list[OpenLesson]:
    """Coming items that ``words`` could mean, those that fit best: "周三那节", part of a title, a teacher, a kind."""
    scored = [(item.meant_by(words), item) for item in await upcoming(group)]
    best = max((score for score, _ in scored), default=0)
    return [item for score, item in scored if score == best and best]


async def publish(group: Group, by: str, offer: Offer) -> OpenLesson:
    """Offer an opening or a lesson; sign-up closes when the lesson begins unless the offer says otherwise.

    Raises:
        BadArgument: no seat at all; Refused: the day is over or without school, the closing time lies after the lesson,
        or the same teacher has an open lesson then.
    """
    if offer.seats == 0:
        raise BadArgument("至少要有 1 个座位。", f"不限座位就不写，例：{EXAMPLE}")
    _must_be_a_school_day(group, offer.day)
    details = {**offer._asdict(), "closes": offer.closes or group.now}
    details["seats"] = 1 if offer.purpose is Purpose.TEACH else offer.seats
    lesson = OpenLesson(term=group.term.name, number=await group.next_number(), created=group.now, author=by, **details)
    start = starts(group, lesson)
    if start <= group.now:
        raise Refused(f"{lesson.when_dated}已经开始了。", "换一个时间再发一次。")
    if offer.closes and offer.closes > start:
        raise Refused("报名截止不能晚于上课时间。", f"例：{EXAMPLE} 周三截止")
    await must_be_new(group, lesson)
    lesson.closes = offer.closes or start
    _tell_teacher(group, by, lesson)
    return await group.records.add(lesson)


def _tell_teacher(group: Group, by: str, lesson: OpenLesson) -> None:
    if lesson.teacher and lesson.teacher != by:
        entitle = () if lesson.title else (f"课题定了告诉我：/公开课 课题 {lesson.number} 《荷塘月色》",)
        told = f"📌 {by}发布了您的公开课：{lesson.number} {lesson.label}，{lesson.when_dated}。"
        group.tell(lesson.teacher, told, *entitle)


def must_be_alive(group: Group, item: OpenLesson) -> None:
    """Raises Refused when it is called off or has begun."""
    if item.cancelled:
        raise Refused(f"{item.number} {item.label}已经取消了。", "看还有哪些：/公开课", symbol="ℹ️")
    if starts(group, item) <= group.now:
        over = "开始了" if item.day == group.today else "上过了"
        raise Refused(f"{item.number} {item.label}已经{over}（{item.when_dated}）。", "看还有哪些：/公开课")


async def must_be_new(group: Group, lesson: OpenLesson) -> None:
    """Raises Refused when its teacher has another open lesson at that time."""
    if lesson.purpose is Purpose.TEACH:
        return
    for other in [item for item in await upcoming(group, unlisted=True) if item.id != lesson.id]:
        if (other.teacher, other.day) == (lesson.teacher, lesson.day) and set(other.periods) & set(lesson.periods):
            raise Refused(f"{other.when_dated}{other.teacher}已经有公开课了（{other.number}）。", "看公开课：/公开课")


def _must_be_a_school_day(group: Group, day: date) -> None:
    if day < group.today:
        raise Refused(f"{day_label(day)}已经过去了。", "换一个日期再发一次。")
    if not group.calendar.is_school_day(day):
        note = group.calendar.day_note(day) or "不上课"
        name = weekday_name(day.isoweekday())
        raise Refused(f"{day_label(day)}（{name}）{note}，不能安排公开课。", "换一个上课的日子再发一次。")
