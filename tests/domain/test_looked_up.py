"""What is looked up by a day, a person or a standing is what a reading of everything would have found."""

import random
from datetime import date, datetime, time, timedelta

import pytest

from bot.clock import SCHOOL_ZONE
from bot.domain import observations, reflections, resources, tasks
from bot.domain.groups import Group
from bot.domain.observations import Observation
from bot.domain.reflections import Reflection
from bot.domain.resources import Resource, State
from bot.domain.subjects import Period, found_in, subjects
from bot.domain.tasks import Task
from bot.storage import Record
from bot.storage.shelf import codec_of

NAMES = ("王老师", "张老师", "李老师")
FIRST = date(2026, 9, 1)
PERIODS = (Period.month(2026, 9), Period.month(2026, 10), Period("一天", FIRST, FIRST), Period("学期", FIRST, date.max))
DAYS = {Observation: "day", Reflection: "written", Resource: "came", Task: "counted"}
MONTH_END = datetime(2026, 9, 30, 23, 59, tzinfo=SCHOOL_ZONE)


def some(rng: random.Random, number: int, term: str) -> Record:
    """A record of one of the kinds, at any time of two months."""
    made = datetime.combine(FIRST + timedelta(days=rng.randrange(61)), time(rng.randrange(24), 59), SCHOOL_ZONE)
    who, own = rng.choice(NAMES), {"term": term, "number": 1000 + number, "created": made}
    match rng.randrange(4):
        case 0:
            return Observation(member=who, teacher="陈老师", day=made.date() - timedelta(days=rng.randrange(3)), **own)
        case 1:
            return Reflection(member=who, week=1, text="课", **own)
        case 2:
            name = rng.choice(("板书.jpg", "学案.docx", "合影.PNG"))
            return Resource(member=who, name=name, path="", size=1, week=1, state=rng.choice([*State]), **own)
    owners = tuple(rng.sample(NAMES, rng.randint(1, 3)))
    done = {name: made for name in owners if rng.random() < 0.5}
    due = made.date() + timedelta(days=rng.randrange(9)) if rng.random() < 0.7 else None
    return Task(text="事", owners=owners, done=done, due=due, giver="李老师", dropped=rng.random() < 0.2, **own)


async def filled(group: Group) -> None:
    rng = random.Random(20260930)  # noqa: S311 - any records will do, the same each time
    for number in range(400):
        await group.records.add(some(rng, number, group.term.name))


def day_of(record: Record) -> date | None:
    """The day that a record counts on, from its own fields."""
    if isinstance(record, Observation):
        return record.day
    if isinstance(record, Task) and record.due:
        return record.due
    return record.created.date() if record.created else None


async def test_a_period_holds_the_same_records_however_they_are_found(visit):
    async with visit() as group:
        await filled(group)
    async with visit() as group:
        for kind, by in DAYS.items():
            every = await group.records.scan(kind)
            for period in PERIODS:
                assert await found_in(group, kind, by, period) == [x for x in every if period.holds(day_of(x))]
            assert every


async def test_tasks_are_found_by_person_by_day_and_as_long_as_somebody_has_to_do_them(visit):
    async with visit() as group:
        await filled(group)
        every = await group.records.scan(Task)
        assert await tasks.waiting(group) == [x for x in every if not x.dropped and {*x.owners} - x.done.keys()]
        for name in NAMES:
            assert await tasks.of_member(group, name) == [x for x in every if name in x.owners and not x.dropped]
        first, last = date(2026, 9, 20), date(2026, 10, 3)
        found = await tasks.due_between(group, first, last)
        assert found == [x for x in every if x.due and first <= x.due <= last]


async def test_pictures_are_found_by_their_names_and_days(visit):
    async with visit() as group:
        await filled(group)
        every = [x for x in await group.records.scan(Resource) if x.state is State.KEPT]
        found = await resources.pictures(group, FIRST, date(2026, 9, 15))
        wanted = [x for x in every if x.name != "学案.docx" and x.created.date() <= date(2026, 9, 15)]
        assert found == sorted(wanted, key=lambda x: x.number)
        assert found


async def test_what_follows_from_a_record_is_not_stored_and_is_there_when_it_is_read_again(visit):
    own = {Reflection: {"written"}, Resource: {"came", "picture"}, Task: {"counted", "sole", "waiting"}}
    async with visit() as group:
        await filled(group)
        for kind, derived in own.items():
            codec = codec_of(kind)
            for record in await group.records.scan(kind):
                raw = codec.encode(record)
                assert not [name for name in derived if f'"{name}"'.encode() in raw]
                assert codec.decode(raw).__dict__ == record.__dict__
            assert derived <= {name for fields in kind.INDEXES if isinstance(fields, tuple) for name in fields}


async def counted(group: Group, name: str) -> tuple[int, int]:
    """Records behind a subject's figures of September and of October."""
    (subject,) = (each for each in subjects() if each.name == name)
    assert subject.digest
    found = [await subject.digest(group, period) for period in PERIODS[:2]]
    september, october = (sum(figure.records for figure in figures) for figures in found)
    return september, october


@pytest.mark.parametrize(
    ("name", "record", "change"),
    [
        ("任务", Task(term="", number=1, text="事", owners=("王老师",), due=MONTH_END.date(), giver="李老师"), "due"),
        ("听课", Observation(term="", number=1, member="王老师", teacher="陈老师", day=MONTH_END.date()), "day"),
    ],
)
async def test_a_record_moved_over_the_end_of_the_month_is_counted_where_it_is_now(visit, name, record, change):
    async with visit("2026-10-08T12:00") as group:
        fresh = record.model_copy(update={"term": group.term.name, "created": MONTH_END})
        stored = await group.records.add(fresh)
        assert await counted(group, name) == (1, 0)
        moved = await group.records.update(stored.model_copy(update={change: date(2026, 10, 1)}))
        assert await counted(group, name) == (0, 1)  # still in the same transaction
    async with visit("2026-10-08T12:00") as group:
        assert await counted(group, name) == (0, 1)
        await group.records.remove(moved)
        assert await counted(group, name) == (0, 0)


async def test_the_last_minute_of_a_month_is_of_that_month(visit):
    async with visit("2026-10-08T12:00") as group:
        for number, moment in enumerate((MONTH_END, MONTH_END + timedelta(minutes=1)), start=1):
            own = {"term": group.term.name, "number": number, "created": moment, "member": "王老师", "week": 5}
            await group.records.add(Reflection(text="课", **own))
        assert await counted(group, "反思") == (1, 1)


async def test_who_reviewed_the_same_lesson_is_found_and_nobody_else(visit):
    async with visit() as group:
        own = {"term": group.term.name, "teacher": "陈老师", "day": FIRST}
        for number, (member, periods) in enumerate((("王老师", (1,)), ("张老师", (1,)), ("李老师", (2,))), start=1):
            await group.records.add(Observation(member=member, number=number, periods=periods, **own))
        heard = (await group.records.scan(Observation))[0]
        assert [x.member for x in await observations.alike(group, heard)] == ["王老师", "张老师"]


async def test_who_has_answered_lately_is_asked_again(visit):
    async with visit("2026-10-09T17:00") as group:
        weeks = [(week, FIRST + timedelta(weeks=week - 1, days=3)) for week in range(1, 7)]
        for number, (member, week) in enumerate((("王老师", 6), ("张老师", 4), ("赵老师", 2)), start=1):
            own = {"term": group.term.name, "number": number, "created": group.now}
            await group.records.add(Reflection(member=member, week=week, text="课", **own))
        asked = await reflections.to_ask(group, weeks)
        assert "王老师" not in asked  # has written
        assert "张老师" in asked  # wrote two weeks ago
        assert "赵老师" not in await reflections.to_ask(
            group, [*weeks[:-1], (6, date(2026, 9, 30))]
        )  # hears once a month
