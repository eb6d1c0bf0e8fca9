"""The configuration is a seed: what the store knows stays, what it lacks is added."""

from datetime import date
from pathlib import Path

from bot.calendar.term import SchoolCalendar, Swap, Term
from bot.domain.founding import NewGroup, NewMember, found_group, found_school
from bot.domain.groups import School
from bot.domain.people import SYSTEM, Member, Role
from bot.domain.school_changes import Patch, swap_key
from bot.simulator import sample
from bot.storage.tiny import TinyStore

AUTUMN = Term(name="2026学年第一学期", first_day=date(2026, 8, 31), weeks=21, midterm_week=10, final_week=21)
SPRING = Term(name="2026学年第二学期", first_day=date(2027, 2, 22), weeks=20, midterm_week=10, final_week=20)
SWAP = Swap(date=date(2026, 9, 20), runs="周二")


async def calendar_after(folder: Path, *calendars: SchoolCalendar) -> SchoolCalendar:
    store = await TinyStore(folder).open()
    for calendar in calendars:
        async with store.transaction(SYSTEM) as tx:
            await found_school(tx, "s", "示例中学", calendar)
    async with store.transaction(SYSTEM) as tx:
        [school] = await tx.scan(School)
    await store.close()
    return school.calendar


async def test_a_new_term_and_a_new_swap_are_added(tmp_path):
    later = SchoolCalendar(terms=(AUTUMN, SPRING), swaps=(SWAP,))
    grown = await calendar_after(tmp_path, SchoolCalendar(terms=(AUTUMN,)), later)
    assert grown.terms == (AUTUMN, SPRING)
    assert grown.swaps == (SWAP,)


async def test_what_is_known_stays_and_an_overlap_is_the_same_term_written_differently(tmp_path):
    moved = AUTUMN.model_copy(update={"first_day": date(2026, 9, 7)})
    renamed = moved.model_copy(update={"name": "高一上"})
    known = SchoolCalendar(terms=(AUTUMN,), swaps=(SWAP,))
    other = SchoolCalendar(terms=(renamed,), swaps=(SWAP.model_copy(update={"runs": "off"}),))
    assert await calendar_after(tmp_path, known, SchoolCalendar(terms=(moved,)), other) == known


async def test_what_the_chat_has_said_of_a_day_the_configuration_says_no_more(tmp_path):
    store = await TinyStore(tmp_path).open()
    configured = SchoolCalendar(terms=(AUTUMN,), swaps=(SWAP, Swap(date=date(2026, 10, 17), runs="周一")))
    async with store.transaction(SYSTEM) as tx:
        school = await found_school(tx, "s", "示例中学", configured)
        taken = Patch(days=(SWAP.date,)).applied(school.calendar)
        await tx.update(school.model_copy(update={"calendar": taken, "settled": (swap_key(SWAP.date),)}))
    async with store.transaction(SYSTEM) as tx:
        again = await found_school(tx, "s", "示例中学", configured)
    await store.close()
    assert [swap.date for swap in again.calendar.swaps] == [date(2026, 10, 17)]


async def roster_after(folder: Path, *groups: NewGroup) -> list[tuple[str, Role]]:
    store = await TinyStore(folder).open()
    for group in groups:
        async with store.transaction(SYSTEM) as tx:
            await found_group(tx, group, sample.START)
    async with store.transaction(SYSTEM) as tx:
        members = await tx.scan(Member)
    await store.close()
    return [(member.name, member.role) for member in members]


def group(*names: str, chat: str | None = None) -> NewGroup:
    leader = NewMember("李老师", "0123" if chat else None, Role.LEADER)
    return NewGroup("g", "语文", "s", "ding", chat, (leader, *map(NewMember, names)))


async def test_members_written_later_join_until_the_group_is_claimed(tmp_path):
    assert await roster_after(tmp_path, group(), group("王老师"), group("王老师")) == [
        ("李老师", Role.LEADER),
        ("王老师", Role.MEMBER),
    ]


async def test_a_claimed_group_keeps_its_roster(tmp_path):
    assert len(await roster_after(tmp_path, group("王老师", chat="c"), group("王老师", "赵老师", chat="c"))) == 2
