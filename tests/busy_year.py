"""A year of one group in 100,000 records: two terms, for benchmarks."""

from datetime import datetime, timedelta

from bot.calendar.term import SchoolCalendar, Term
from bot.clock import SCHOOL_ZONE
from bot.domain.drafts import Draft
from bot.domain.groups import School, space_of
from bot.domain.observations import Observation
from bot.domain.people import SYSTEM
from bot.domain.reflections import Reflection
from bot.domain.resources import Resource, State
from bot.domain.tasks import Task
from bot.simulator import sample
from bot.storage import Record, Store
from tests.three_years import PEOPLE, TERMS, TEXT

RECORDS = 100_000
AT_ONCE = 5_000
YEAR = TERMS[-2:]
NOW = datetime(2027, 1, 15, 12, tzinfo=SCHOOL_ZONE)
"""When everything is written and the second term is not over."""


def record(number: int) -> Record:
    """One of the kinds that digests count, spread over the year's terms, weeks and people."""
    term: Term = YEAR[number % 2]
    week = 1 + number // 160 % 19
    name, other = PEOPLE[number // 2 % 8], PEOPLE[(number // 2 + 1) % 8]
    made = datetime.combine(term.first_day + timedelta(weeks=week - 1, days=number % 5), NOW.time(), SCHOOL_ZONE)
    own = {"term": term.name, "number": 100_000 + number, "created": made, "author": name}
    match number // 16 % 5:
        case 0 | 1:
            return Reflection(member=name, week=week, text=TEXT, shared=number % 3 == 0, **own)
        case 2:
            return Observation(member=name, teacher=other, day=made.date(), text=TEXT, **own)
        case 3:
            return Task(text=f"交单元卷 {number}", owners=(name,), done={name: made}, giver="李老师", **own)
        case _:
            return Resource(member=name, name=f"学案{number}.docx", path="", size=9, week=week, state=State.KEPT, **own)


async def fill(store: Store, records: int = RECORDS) -> None:
    """The year, and drafts of every week of its second term."""
    async with store.transaction(SYSTEM) as tx:
        (school,) = await tx.find(School, key="sample")
        calendar = SchoolCalendar(terms=YEAR, bells=sample.CALENDAR.bells)
        await tx.update(school.model_copy(update={"calendar": calendar}))
    for start in range(0, records, AT_ONCE):
        async with store.transaction(space_of("chinese")) as tx:
            for number in range(start, min(start + AT_ONCE, records)):
                await tx.add(record(number))
    async with store.transaction(space_of("chinese")) as tx:
        for week in range(1, 20):
            for name in PEOPLE:
                await tx.add(Draft(term=YEAR[-1].name, week=week, sort="初案", member=name, place="x", created=NOW))
