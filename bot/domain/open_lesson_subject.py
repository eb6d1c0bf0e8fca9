"""Open lessons in the digest, in a member's own record and in the calendar (feature C5)."""

from datetime import date

from bot.domain.dated import Dated, Scope
from bot.domain.groups import Group
from bot.domain.open_lessons import OpenLesson, Purpose, Seat, entitled, seats_of, standing, starts, taken
from bot.domain.people import Member
from bot.domain.subjects import Deed, Figure, Mine, Period, Source, Subject, Thanks


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
    lessons = [lesson for lesson in await _held_in(group, period) if not lesson.by_turn]  # a figure of their own
    if not lessons:
        return []
    sources = [Source("open_lessons", x.id, f"{x.number} {x.label} {x.when_dated}", x.day) for x in lessons]
    seats = [(lesson, seat) for lesson in lessons for seat in await taken(group, lesson)]
    sources += [Source("seats", seat.id, f"{seat.member}听 {lesson.number} {lesson.label}") for lesson, seat in seats]
    given = sorted({lesson.teacher for lesson in lessons if lesson.teacher})
    detail = (f"开课：{'、'.join(given)}",) if given else ()
    thanks = (Thanks("公开课", tuple(given)),) if given else ()
    line = f"公开课 {len(lessons)} 节，报名听课 {len(seats)} 人次"
    return [Figure("公开课", line, detail, tuple(sources), thanks=thanks, amount=len(lessons))]


async def _mine(group: Group, member: Member) -> Mine:
    done: list[str] = []
    coming: list[str] = []
    for item, seat in await seats_of(group, member.name):
        state = "候补" if seat.waiting else item.purpose.value
        coming.append(f"{state} {item.number} {item.label} {item.when_dated}")
    lessons = await group.records.find(OpenLesson, term=group.term.name)
    taught = [x for x in lessons if x.teacher == member.name and not x.cancelled and not x.by_turn]
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


async def _deeds(group: Group, member: Member) -> list[Deed]:
    """Lessons given, and lessons of others attended; a turn's lesson is given under its own name."""
    lessons = [x for x in await group.records.find(OpenLesson, term=group.term.name) if _was_held(group, x)]
    taken = {seat.lesson for seat in await group.records.find(Seat, member=member.name) if not seat.waiting}
    given = [
        Deed(x.day, f"上课 {_called(x)}", _where(x)) for x in lessons if x.teacher == member.name and not x.by_turn
    ]
    heard = [Deed(x.day, f"听课 {x.label}", _where(x)) for x in lessons if x.id in taken and x.teacher != member.name]
    return [*given, *heard]


def _was_held(group: Group, lesson: OpenLesson) -> bool:
    return lesson.purpose is Purpose.ATTEND and not lesson.cancelled and starts(group, lesson) <= group.now


def _called(lesson: OpenLesson) -> str:
    """What somebody gave, without saying once more who."""
    return lesson.title or "公开课"


def _where(lesson: OpenLesson) -> str:
    return f"{lesson.level}公开课 {lesson.when} {lesson.place}".rstrip()


async def dated(group: Group, item: OpenLesson) -> Dated:
    """An item as the calendar has it: everybody's where there is a seat for everybody."""
    seats = await group.records.find(Seat, lesson=item.id)
    teaches = {item.teacher: "上课"} if item.teacher else {}
    times = group.calendar.lessons_span(item.day, item.periods) if item.periods else None
    over = item.cancelled or starts(group, item) <= group.now
    lesson_for_all = item.purpose is Purpose.ATTEND and item.seats is None
    return Dated(
        key=f"l{item.id}",
        title=entitled(item),
        day=item.day,
        last=item.day,
        number=item.number,
        periods=item.periods,
        start=times[0] if times else None,
        end=times[1] if times else None,
        place=item.place,
        scope=Scope.EVERYBODY if lesson_for_all else Scope.NAMED,
        parts={seat.member: "候补" if seat.waiting else "听课" for seat in seats} | teaches,
        state="" if over else standing(item, sum(not seat.waiting for seat in seats)),
        cancelled=item.cancelled,
        changed=item.changed or item.created,
        revision=item.revision - 1,
    )


async def _agenda(group: Group, first: date, last: date, _ended: bool) -> list[Dated]:
    """Lessons, and openings that somebody can still take; turns are the study lessons' own matter."""
    found = [x for x in await group.records.find(OpenLesson, term=group.term.name) if first <= x.day <= last]
    return [await dated(group, x) for x in found if not x.by_turn and await _is_standing(group, x)]


async def _is_standing(group: Group, item: OpenLesson) -> bool:
    """Whether it is a lesson, or an opening still to be taken: once taken, its lesson stands in its place."""
    if item.purpose is Purpose.ATTEND:
        return True
    return not item.cancelled and starts(group, item) > group.now and not await taken(group, item)


SUBJECT = Subject(
    "公开课",
    records=(OpenLesson, Seat),
    digest=_digest,
    mine=_mine,
    agenda=_agenda,
    order=30,
    speaks=True,
    area="听评课",
    deeds=_deeds,
    amounts=("公开课",),
)
