"""Open lessons (feature C5): openings to teach that the leader offers, and lessons the others attend.

Both carry numbers of the same row, so ``/报名 3`` fits either. Signing up for an opening makes it a lesson of one's own,
with a number of its own to attend.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import ClassVar

from bot.calendar.names import day_label, period_label, weekday_name
from bot.domain.groups import Group, Numbered
from bot.domain.people import Member, Role
from bot.domain.subjects import Figure, Mine, Period, Source, Subject, find_item
from bot.domain.undo import WINDOW, Undo, inverse, undo_with
from bot.errors import BadArgument, NotAllowed, Refused
from bot.storage import Record


class Purpose(StrEnum):
    """What one signs up for."""

    TEACH = "开课机会"
    ATTEND = "听课"


class OpenLesson(Numbered):
    """An opening to teach or a lesson to attend.

    ``seats`` None means everybody may come (and for lessons of the group is asked to). ``opening`` is the record id of
    the opening a lesson came from. After ``closes`` nobody can sign up.
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
        return f"{self.teacher}{self.title or '公开课（课题待定）'}"


class Seat(Record):
    """A person's place in a lesson: taken, or waiting in the order of ids."""

    TABLE: ClassVar[str] = "seats"
    INDEXES: ClassVar = ("lesson", "member")
    UNIQUE: ClassVar = (("lesson", "member"),)

    lesson: int
    member: str
    waiting: bool = False


@dataclass(frozen=True)
class SignUp:
    """What a sign-up led to. ``lesson`` is the lesson one now teaches when an opening was taken."""

    item: OpenLesson
    seat: Seat
    left: int | None
    lesson: OpenLesson | None
    undo: Undo


async def upcoming(group: Group) -> list[OpenLesson]:
    """Items of this term that are not cancelled and not over, by day."""
    found = await group.records.find(OpenLesson, term=group.term.name)
    alive = [item for item in found if not item.cancelled and starts(group, item) > group.now]
    return sorted(alive, key=lambda item: (item.day, item.periods, item.number))


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
        raise BadArgument(f"{number} 是{subject.name}，不用报名。", "看可以报哪些：/公开课")
    return item


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
    await _must_be_open(group, item, who, "您" if who == by.name else who)
    await _must_have_room(group, item, who)
    if not despite_clash:
        await _must_not_clash(group, item, who)
    return await _take_seat(group, item, who)


async def wait(group: Group, who: str, number: int) -> tuple[OpenLesson, Seat, int, Undo]:
    """Put ``who`` on the wait-list of a full lesson and return the place on it (from 1).

    Raises:
        Refused: closed, already in or waiting, or there is still a seat.
    """
    item = await item_numbered(group, number)
    await _must_be_open(group, item, who)
    if await seats_left(group, item) != 0:
        raise Refused(f"{item.number} {item.label}还有座位，不用候补。", f"直接报名：/报名 {item.number}", symbol="ℹ️")
    seat = await group.records.add(Seat(lesson=item.id, member=who, waiting=True, created=group.now, author=who))
    place = len(await waiting(group, item))
    return item, seat, place, undo_with(withdraw_seat, f"候补 {item.number}", item=item.id)


async def withdraw(group: Group, who: str, number: int) -> tuple[OpenLesson, Undo]:
    """Give the seat (or the place on the wait-list) back; the first who waits moves up and is told.

    Raises:
        Refused: not signed up, or the lesson has begun.
    """
    item = await item_numbered(group, number)
    seats = await group.records.find(Seat, lesson=item.id, member=who)
    if not seats:
        raise Refused(f"您没有报 {item.number} {item.label}。", "看我报了哪些：/我的", symbol="ℹ️")
    if starts(group, item) <= group.now:
        raise Refused(f"{item.number} {item.label}已经开始，不能再取消。")
    await _give_back(group, item, seats[0])
    return item, undo_with(sign_up_again, f"取消报名 {item.number}", number=item.number)


async def seats_of(group: Group, who: str) -> list[tuple[OpenLesson, Seat]]:
    """Coming items in which ``who`` has a seat or waits, by day."""
    mine = {seat.lesson: seat for seat in await group.records.find(Seat, member=who)}
    return [(item, mine[item.id]) for item in await upcoming(group) if item.id in mine]


async def seats_left(group: Group, item: OpenLesson) -> int | None:
    """Free seats; None when everybody may come."""
    return None if item.seats is None else max(0, item.seats - len(await taken(group, item)))


async def line(group: Group, item: OpenLesson) -> str:
    """One row of a list: "5 周四第2节 赵老师《插秧歌》 听课 3/4"."""
    count = len(await taken(group, item))
    if item.purpose is Purpose.TEACH:
        state = "已有人报" if count else "可报名开课"
        return f"{item.number} · 第{group.term.week_of(item.day)}周{item.when} 开课机会（{state}）"
    seats = f"听课 {count}/{item.seats}" if item.seats is not None else f"全员听课（已报 {count}）"
    return f"{item.number} · {day_label(item.day)} {item.when} {item.label} {seats}"


async def match(group: Group, words: str) -> list[OpenLesson]:
    """Coming items that ``words`` could mean: a weekday ("周三那节"), part of a title, a teacher, a kind."""
    found = []
    for item in await upcoming(group):
        marks = [weekday_name(item.day.isoweekday()), day_label(item.day), item.teacher or "", item.purpose.value]
        title = item.title.strip("《》")
        if any(mark and mark in words for mark in marks) or (title and title in words):
            found.append(item)
    return found


async def publish(
    group: Group,
    by: str,
    *,
    purpose: Purpose,
    day: date,
    periods: Sequence[int],
    title: str = "",
    teacher: str | None = None,
    place: str = "",
    seats: int | None = None,
    closes: datetime | None = None,
    opening: int | None = None,
) -> OpenLesson:
    """Offer an opening or a lesson; sign-up closes when the lesson begins unless ``closes`` says otherwise.

    Raises:
        Refused: the day is over, without school, or the closing time lies after the lesson.
    """
    if day < group.today:
        raise Refused(f"{day_label(day)}已经过去了。", "换一个日期再发一次。")
    if not group.calendar.is_school_day(day):
        note = group.calendar.day_note(day) or "不上课"
        raise Refused(f"{day_label(day)}（{weekday_name(day.isoweekday())}）{note}，不能安排公开课。")
    lesson = OpenLesson(
        term=group.term.name,
        number=await group.next_number(),
        purpose=purpose,
        day=day,
        periods=tuple(periods),
        closes=group.now,
        title=title,
        teacher=teacher,
        place=place,
        opening=opening,
        created=group.now,
        author=by,
        seats=1 if purpose is Purpose.TEACH else seats,
    )
    start = starts(group, lesson)
    if start <= group.now:
        raise Refused(f"{lesson.when_dated}已经开始了。", "换一个时间再发一次。")
    if closes and closes > start:
        raise Refused("报名截止不能晚于上课时间。", "例：/公开课 发布 周四第2节 赵老师《插秧歌》 4座")
    lesson.closes = closes or start
    return await group.records.add(lesson)


async def cancel(group: Group, by: Member, number: int) -> OpenLesson:
    """Call an item off: the group reads one line, those signed up are told.

    Raises:
        NotAllowed: neither the leader's nor one's own lesson.
        Refused: it is over or called off already.
    """
    item = await item_numbered(group, number)
    _must_be_mine(item, by, "取消公开课")
    await _must_be_alive(group, item)
    seats = await group.records.find(Seat, lesson=item.id)
    for seat in seats:
        if seat.member not in (by.name, item.teacher):
            group.tell(seat.member, f"📣 {item.number} {item.label}（{item.when_dated}）取消了，您不用再去。")
    if seats or _is_known(group, item):
        group.announce(f"【改】{item.number} {item.label}（{item.when_dated}）取消。")
    item.cancelled = True
    return await group.records.update(item)


async def set_title(group: Group, by: Member, number: int, title: str) -> OpenLesson:
    """Give a lesson its title.

    Raises:
        NotAllowed: neither the leader's nor one's own lesson.
    """
    item = await item_numbered(group, number)
    _must_be_mine(item, by, "改课题")
    await _must_be_alive(group, item)
    if item.purpose is Purpose.TEACH:
        raise Refused("开课机会还没有课题，报名之后再定。", f"报名：/报名 {number}")
    item.title = title if title.startswith("《") else f"《{title}》"
    return await group.records.update(item)


def undo_publish(item: OpenLesson) -> Undo:
    """How to take a publication back."""
    return undo_with(cancel_published, f"公开课 {item.number}", number=item.number)


def undo_for(result: SignUp, member: str) -> Undo:
    """How to take back that somebody else was signed up."""
    return undo_with(withdraw_for, f"替{member}报名 {result.item.number}", item=result.item.id, member=member)


@inverse
async def withdraw_seat(group: Group, who: str, item: int) -> str:
    """Inverse of a sign-up: give the seat back, under the rules of ``withdraw``."""
    lesson = await group.records.get(OpenLesson, item)
    if lesson is None:
        raise Refused("这一项已经不在了，没有可撤销的。")
    await withdraw(group, who, lesson.number)
    return f"已撤销：{lesson.number} {lesson.label}不报了。"


@inverse
async def withdraw_for(group: Group, who: str, item: int, member: str) -> str:
    """Inverse of signing somebody else up."""
    await withdraw_seat(group, member, item)
    group.tell(member, f"ℹ️ {who}撤销了替您报的名。")
    return f"已撤销：{member}不报了。"


@inverse
async def sign_up_again(group: Group, who: str, number: int) -> str:
    """Inverse of a withdrawal: a seat again if there is one, else the sentence that says what is left."""
    result = await sign_up(group, who, number, by=await group.member(who), despite_clash=True)
    return f"已撤销：{number} {result.item.label}重新报上了。"


@inverse
async def cancel_published(group: Group, who: str, number: int) -> str:
    """Inverse of publishing."""
    item = await cancel(group, await group.member(who), number)
    return f"已撤销：{number} {item.label}不办了。"


def _is_known(group: Group, item: OpenLesson) -> bool:
    """Whether the group may have read of it: what is taken back at once needs no correction."""
    return item.created is None or group.now - item.created > WINDOW


def _must_be_mine(item: OpenLesson, by: Member, what: str) -> None:
    if by.role < Role.LEADER and by.name != item.teacher:
        raise NotAllowed(f"{what}由组长或上课老师来做。", "看公开课：/公开课")


async def _must_be_alive(group: Group, item: OpenLesson) -> None:
    if item.cancelled:
        raise Refused(f"{item.number} {item.label}已经取消了。", "看还有哪些：/公开课", symbol="ℹ️")
    if starts(group, item) <= group.now:
        raise Refused(f"{item.number} {item.label}已经上过了（{item.when_dated}）。", "看还有哪些：/公开课")


async def _must_be_open(group: Group, item: OpenLesson, who: str, you: str = "您") -> None:
    await _must_be_alive(group, item)
    if item.teacher == who:
        raise Refused(f"{item.number} {item.label}是{you}自己的课，不用报名。", symbol="ℹ️")
    for seat in await group.records.find(Seat, lesson=item.id, member=who):
        done = "在候补了" if seat.waiting else "报过了"
        raise Refused(f"{you}已经{done}：{item.number} {item.label}，不用再报。", symbol="ℹ️")
    if item.closes <= group.now:
        closed = f"{day_label(item.closes.date())} {item.closes:%H:%M}"
        raise Refused(f"{item.number} {item.label}的报名 {closed} 已截止。", "想去可以直接和组长说。")


async def _must_have_room(group: Group, item: OpenLesson, who: str) -> None:
    if await seats_left(group, item) != 0:
        return
    if item.purpose is Purpose.TEACH:
        seats = await taken(group, item)
        raise Refused(f"{item.number} {item.when}的开课机会已由{seats[0].member}报了。", "看还有哪些：/公开课")
    hints = [f"排候补：/候补 {item.number}"]
    other = await _another_with_room(group, item, who)
    if other:
        hints.append(f"听另一节{other.label}（{other.when}）：/报名 {other.number}")
    raise Refused(f"{item.number} {item.label}听课座位已满（{item.seats}/{item.seats}）", *hints)


async def _another_with_room(group: Group, full: OpenLesson, who: str) -> OpenLesson | None:
    for item in await upcoming(group):
        fits = item.purpose is full.purpose and item.id != full.id and item.teacher != who and item.closes > group.now
        joined = await group.records.find(Seat, lesson=item.id, member=who)
        if fits and not joined and await seats_left(group, item) != 0:
            return item
    return None


async def _must_not_clash(group: Group, item: OpenLesson, who: str) -> None:
    attending = {found.id for found, seat in await seats_of(group, who) if not seat.waiting}
    for other in await upcoming(group):
        same_time = other.id != item.id and other.day == item.day and set(other.periods) & set(item.periods)
        if not same_time or (other.id not in attending and other.teacher != who):
            continue
        role = "要上" if other.teacher == who else "已报"
        raise Refused(
            f"{item.when}{who}{role} {other.number} {other.label}，时间冲突。",
            f"仍要报名：/报名 {item.number} 确认",
            symbol="⚠️",
        )


async def _take_seat(group: Group, item: OpenLesson, who: str) -> SignUp:
    seat = await group.records.add(Seat(lesson=item.id, member=who, created=group.now, author=who))
    lesson = None
    if item.purpose is Purpose.TEACH:
        lesson = await publish(
            group,
            who,
            purpose=Purpose.ATTEND,
            day=item.day,
            periods=item.periods,
            teacher=who,
            place=item.place,
            opening=item.id,
        )
    undo = undo_with(withdraw_seat, f"报名 {item.number}", item=item.id)
    return SignUp(item, seat, await seats_left(group, item), lesson, undo)


async def _give_back(group: Group, item: OpenLesson, seat: Seat) -> None:
    await group.records.remove(seat)
    if item.purpose is Purpose.TEACH:
        teacher = await group.member(seat.member)
        for lesson in await group.records.find(OpenLesson, opening=item.id):
            if not lesson.cancelled and lesson.teacher == seat.member:
                await cancel(group, teacher, lesson.number)
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


async def _held_in(group: Group, period: Period) -> list[OpenLesson]:
    lessons = await group.records.find(OpenLesson, term=group.term.name)
    return [
        lesson
        for lesson in lessons
        if lesson.purpose is Purpose.ATTEND
        and not lesson.cancelled
        and period.holds(lesson.day)
        and starts(group, lesson) <= group.now
    ]


async def _digest(group: Group, period: Period) -> list[Figure]:
    lessons = await _held_in(group, period)
    if not lessons:
        return []
    sources = [Source("open_lessons", x.id, f"{x.number} {x.label} {x.when_dated}") for x in lessons]
    seats = [(lesson, seat) for lesson in lessons for seat in await taken(group, lesson)]
    sources += [Source("seats", seat.id, f"{seat.member}听 {lesson.number} {lesson.label}") for lesson, seat in seats]
    given = sorted({lesson.teacher for lesson in lessons if lesson.teacher})
    detail = (f"开课：{'、'.join(given)}",) if given else ()
    return [Figure("公开课", f"公开课 {len(lessons)} 节，报名听课 {len(seats)} 人次", detail, tuple(sources))]


async def _mine(group: Group, member: Member) -> Mine:
    done, coming = [], []
    for item, seat in await seats_of(group, member.name):
        state = "候补" if seat.waiting else item.purpose.value
        coming.append(f"{state} {item.number} {item.label} {item.when_dated}")
    lessons = await group.records.find(OpenLesson, term=group.term.name)
    taught = [x for x in lessons if x.teacher == member.name and not x.cancelled]
    for lesson in taught:
        over = starts(group, lesson) <= group.now
        (done if over else coming).append(
            f"{'上了' if over else '要上'} {lesson.number} {lesson.label} {lesson.when_dated}"
        )
    heard = {seat.lesson for seat in await group.records.find(Seat, member=member.name) if not seat.waiting}
    attended = [x for x in lessons if x.id in heard and x.purpose is Purpose.ATTEND and starts(group, x) <= group.now]
    if attended:
        done.append(f"听公开课 {len(attended)} 节")
    return Mine(tuple(done), tuple(coming))


SUBJECT = Subject("公开课", records=(OpenLesson, Seat), digest=_digest, mine=_mine, order=30)
