"""Three years of one group: six terms of records in the sample school, for benchmarks and for the life of a group."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bot.calendar.term import SchoolCalendar, Term
from bot.clock import SCHOOL_ZONE
from bot.domain.drafts import Draft
from bot.domain.groups import School, space_of
from bot.domain.observations import Observation
from bot.domain.people import SYSTEM
from bot.domain.reflections import Reflection
from bot.domain.tasks import Task
from bot.scheduling.ledger import LedgerRow
from bot.simulator import sample
from bot.storage import Record, Store

PEOPLE = ("李老师", "王老师", "张老师", "赵老师", "陈老师", "刘老师", "周老师", "孙老师")
TEXT = "导入太长\uff0c后半段学生讨论不够充分\uff0c下次把导入压到三分钟。"
UNFINISHED = 97
"""One in so many tasks is never finished."""


def _term(name: str, first_day: date) -> Term:
    return Term(name=name, first_day=first_day, weeks=20, midterm_week=10, final_week=20)


TERMS = (
    _term("2023学年第二学期", date(2024, 2, 26)),
    _term("2024学年第一学期", date(2024, 9, 2)),
    _term("2024学年第二学期", date(2025, 2, 17)),
    _term("2025学年第一学期", date(2025, 9, 1)),
    _term("2025学年第二学期", date(2026, 3, 2)),
    sample.TERM,
)
NEXT = _term("2026学年第二学期", date(2027, 2, 22))


def record(number: int) -> Record:
    """One of the kinds a group writes most, spread over terms, weeks and people."""
    term, week = TERMS[number % 6], 1 + number // 240 % 20
    name = PEOPLE[number // 6 % 8]
    made = sample.START - timedelta(days=number % 6)
    if term != sample.TERM:
        made = datetime.combine(term.first_day + timedelta(weeks=week - 1), sample.START.time(), SCHOOL_ZONE)
    own = {"term": term.name, "number": 100_000 + number, "created": made, "author": name}
    match number // 48 % 5:
        case 0 | 1:
            return Reflection(member=name, week=week, text=TEXT, shared=number % 3 == 0, **own)
        case 2:
            return Observation(member=name, teacher=PEOPLE[(number // 6 + 1) % 8], day=made.date(), text=TEXT, **own)
        case 3:
            done = {} if number % UNFINISHED == 0 else {name: made}
            return Task(text=f"交单元卷 {number}", owners=(name,), done=done, giver="李老师", **own)
        case _:
            key = f"{term.name}/{number}"
            return LedgerRow(key=key, day=made.date(), decision="posted", title="集体备课", person=name, created=made)


def drafts() -> Iterator[Draft]:
    """Each draft of every week."""
    for term in TERMS:
        for week in range(1, 21):
            for name in PEOPLE:
                place = f"https://docs.example.com/{week}"
                yield Draft(term=term.name, week=week, sort="初案", member=name, place=place, created=sample.START)


async def fill(store: Store, records: int) -> None:
    """Put ``records`` records into the sample group, and the terms into its school's calendar."""
    async with store.transaction(SYSTEM) as tx:
        (school,) = await tx.find(School, key="sample")
        calendar = SchoolCalendar(terms=(*TERMS, NEXT), bells=sample.CALENDAR.bells)
        await tx.update(school.model_copy(update={"calendar": calendar}))
    for start in range(0, records, 5_000):
        async with store.transaction(space_of("chinese")) as tx:
            for number in range(start, min(start + 5_000, records)):
                await tx.add(record(number))
    async with store.transaction(space_of("chinese")) as tx:
        for draft in drafts():
            await tx.add(draft)
