"""What a rehearsal shows, from when on, and what it remarks."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.app import jobs
from bot.calendar.term import SchoolCalendar
from bot.chat.rehearsal import SOMEBODY, Programme
from bot.domain import groups as houses
from bot.domain import quiet, settings
from bot.domain.groups import Group, space_of
from bot.domain.groups import School as SchoolRecord
from bot.domain.people import SYSTEM
from bot.errors import Refused
from bot.jobs import Ask, Due
from bot.scheduling.ledger import DayRow
from tests.scheduling.school import School, asking, due, job, when
from tests.scheduling.school_year import CALENDAR


async def shown(school: School, first: str, last: str) -> list[str]:
    found = await school.engine.rehearse(when(f"2026-{first}"), when(f"2026-{last}"))
    return [f"{one.at:%m-%d %H:%M} {one.to}: {' '.join(one.content.lines)}" for one in found]


async def knows(school: School, calendar: SchoolCalendar) -> None:
    async with school.store.transaction(SYSTEM) as tx:
        (record,) = await tx.find(SchoolRecord, key="sample")
        await tx.update(record.model_copy(update={"calendar": calendar}))


async def of_term(school: School, first: date | None = None, last: date | None = None) -> Programme:
    school.speaks(*jobs())
    return await school.engine.programme("chinese", first, last)


async def test_from_a_later_day_on_nothing_is_said_late(school: School) -> None:
    """What is said before that day is said then, not made up for on it."""
    school.speaks(job("甲", [due("09-09"), due("09-17")], when="week before", until="end"))
    assert await shown(school, "09-11T00:00", "09-30T00:00") == []
    assert await shown(school, "09-10T00:00", "09-30T00:00") == ["09-10 07:10 group: 甲 09-17"]


async def test_the_week_before_a_later_day_counts_for_the_caps(school: School) -> None:
    dues = [due(f"09-{day:02d}") for day in (7, 8, 9, 10, 11)]
    school.speaks(job("欠", dues, asking(["王老师"]), private=True, until="day"))
    assert [row.partition(":")[0] for row in await shown(school, "09-09T17:00", "09-12T00:00")] == [
        "09-10 16",  # the leader hears of the cap
        "09-11 16",
    ]
    assert all("李老师" in row for row in await shown(school, "09-09T17:00", "09-12T00:00"))


async def test_of_days_gone_by_only_those_without_a_decision_are_shown(school: School) -> None:
    school.speaks(job("甲", [due("09-09"), due("09-11")]))
    await school.tick("09-09T07:10")
    school.speaks(job("甲", [due("09-09"), due("09-11")]), job("乙", [due("09-02"), due("09-09")]))
    assert await shown(school, "09-01T00:00", "09-12T00:00") == [
        "09-02 07:10 group: 乙 09-02",
        "09-09 07:11 group: 乙 09-09",  # beside the card that is out
        "09-11 07:10 group: 甲 09-11",
    ]


async def test_a_rehearsal_lets_others_run_and_leaves_no_gap(school: School) -> None:
    school.speaks(job("甲", [due("09-08")]))
    passed = 0

    async def others() -> None:
        nonlocal passed
        while True:
            passed += 1
            await asyncio.sleep(0)

    running = asyncio.create_task(others())
    await shown(school, "09-07T07:00", "09-30T00:00")
    running.cancel()
    assert passed > 20
    await school.tick("09-08T07:10")
    assert [item.id for item in await school.posts()] == [1]


async def test_a_programme_goes_to_the_end_of_the_term_and_remarks_on_the_unknown(school: School) -> None:
    found = await of_term(school)
    assert (found.first, found.last) == (date(2026, 9, 7), date(2027, 1, 24))
    assert found.remarks == ("2027年的放假安排还没有公布，暂按周一到周五上课算，公布以后会跟着变。",)
    assert [week.label for week in found.weeks][:2] == ["第2周", "第3周"]
    assert {week.unpublished for week in found.weeks if week.first.year == 2026 and week.last.year == 2026} == {False}
    assert found.weeks[-1].unpublished
    assert 1 <= found.most_cards <= 5
    assert 1 <= found.most_notes <= 3


async def test_the_same_words_to_several_are_one_with_all_names(school: School) -> None:
    week = (await of_term(school)).weeks[0]
    together = [one for one in week.gathered("@备课助手 ") if len(one.to) > 1]
    assert together
    assert all(SOMEBODY in one.text and one.readers.endswith(f"等 {len(one.to)} 人") for one in together)
    assert sum(len(one.to) for one in week.gathered()) == len(week.posts)
    assert any("@备课助手 /报名 1" in one.text for one in week.gathered("@备课助手 ") if not one.private)


async def test_a_term_without_arrangements_is_remarked_on(school: School) -> None:
    await knows(school, CALENDAR)
    found = await of_term(school, last=date(2027, 7, 10))
    assert "2026学年第二学期还没有启用的安排。" in found.remarks
    assert [post.why for post in found.posts if post.at.year == 2027][-2:] == [("2026学年第二学期开始",), ("1月小结",)]


async def test_what_is_switched_off_is_remarked_on(school: School) -> None:
    async with school.store.transaction(space_of("chinese")) as tx:
        group = await houses.load(tx, "chinese", school.clock.now())
        await quiet.mute(group, "李老师", date(2026, 9, 20))
        await settings.switch(group, "李老师", "反思", on=False)
    await school.change(chat=None)
    found = await of_term(school)
    assert found.weeks[0].label == "第4周"
    assert found.remarks[:3] == (
        "还没有群认领这个组：现在什么也不会发，组长发 /建组 以后才开始。",
        "静音到9月20日，那以前不发。",
        "设置里关着的不发：反思。",
    )


async def test_after_the_last_term_there_is_nothing_to_rehearse(school: School) -> None:
    school.clock.set(datetime.fromisoformat("2027-03-01T07:00"))
    with pytest.raises(Refused, match="没有下一个学期"):
        await of_term(school)
    school.clock.set(datetime.fromisoformat("2026-06-01T07:00"))
    assert (await of_term(school)).weeks[0].label == "准备周"


async def test_reflections_of_days_gone_by_are_rehearsed_too(school: School) -> None:
    """A school that begins in November looks at its autumn."""
    found = await of_term(school, date(2026, 8, 31), date(2026, 9, 6))
    assert any("第1周反思" in post.why for post in found.posts)


async def test_nobody_of_the_group_waits_for_a_programme(school: School) -> None:
    async with school.store.transaction(space_of("chinese")):  # somebody's turn, and it does not end
        programme = await asyncio.wait_for(of_term(school, date(2026, 9, 7), date(2026, 9, 13)), timeout=10)
    assert programme.weeks


async def test_a_day_that_is_decided_while_it_is_rehearsed_is_rehearsed_again(school: School) -> None:
    tried = 0

    async def source(group: Group, first: date, last: date) -> Sequence[Due]:
        nonlocal tried
        tried += 1
        if tried == 1:
            async with school.store.transaction("other") as tx:
                day = DayRow(day=group.today, what="card", posted=False)
                await tx.within(space_of("chinese")).add(day)
        return [due("09-08"), due("09-09")]

    school.speaks(replace(job("甲", []), source=source))
    programme = await school.engine.programme("chinese", None, date(2026, 9, 9))
    assert tried > 3
    assert [one.content.lines for week in programme.weeks for one in week.posts] == [("甲 09-08",), ("甲 09-09",)]


async def test_what_the_leader_has_heard_is_not_made_out_again(school: School) -> None:
    made: list[str] = []

    async def draft(group: Group, item: object) -> Sequence[Ask]:
        made.append(f"{group.now:%m-%d}")
        return [Ask("李老师", ("小结",), group.now + timedelta(days=20))]

    rule = {"private": True, "to_leader": True}
    school.speaks(job("甲", [replace(due("09-08"), ends=when("2026-09-30T17:00"))], draft, **rule))
    await school.run("09-07T07:00", "09-11T23:59")
    assert made == ["09-08"]
    assert await school.said() == ["09-08 16:40 note 李老师: 小结"]
