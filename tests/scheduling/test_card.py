"""One school day, one card: when it is posted, what it merges, what follows it."""

import asyncio

import pytest
import structlog

from bot.domain.groups import Group
from bot.errors import ReadOnly
from bot.jobs import Post
from bot.scheduling.engine import Engine
from tests.scheduling.school import School, due, job


@pytest.mark.parametrize(
    ("when", "day", "posted"),
    [
        ("day", "09-09", "09-09"),
        ("day before", "09-09", "09-08"),
        ("day before", "09-14", "09-11"),  # Monday: said on Friday
        ("day before", "10-08", "09-30"),  # after National Day: before it
        ("day before", "09-28", "09-24"),  # after 中秋 and the weekend
        ("day", "09-25", "09-24"),  # 中秋 itself
        ("day", "09-20", "09-20"),  # Sunday at school
        ("day before", "09-21", "09-20"),
        ("week before", "09-17", "09-10"),
        ("week before", "10-10", "09-30"),  # seven days before lies in the holiday
        ("week start", "09-17", "09-14"),
        ("week start", "10-10", "10-08"),
    ],
)
async def test_the_day_it_is_said(school: School, when: str, day: str, posted: str) -> None:
    school.speaks(job("事", [due(day)], when=when))
    await school.run("09-07T07:00", "10-20T23:59")
    assert await school.said() == [f"{posted} 07:10 card group: 事 {day}"]


async def test_everything_of_a_day_is_one_card(school: School) -> None:
    school.speaks(
        job("甲", [due("09-09")]), job("乙", [due("09-10")], when="day before"), job("丙", [due("09-11")], when="day")
    )
    await school.run("09-09T07:00", "09-09T23:59")
    assert await school.said() == ["09-09 07:10 card group: 甲 09-09 乙 09-10"]
    (card,) = await school.posts()
    assert card.why == ("事 09-09", "事 09-10")
    assert (await school.ledger()) == {"甲:09-09": "posted", "乙:09-10": "posted"}


async def test_nothing_due_no_card(school: School) -> None:
    async def silent(group: Group, item: object) -> None:
        return None

    school.speaks(job("无", [due("09-09")], silent))
    await school.run("09-07T07:00", "09-18T23:59")
    assert await school.said() == []
    assert await school.ledger() == {"无:09-09": "silent"}


async def test_a_card_is_posted_once_however_often_the_alarm_ticks(school: School) -> None:
    school.speaks(job("甲", [due("09-09")]))
    for minute in range(10, 40):
        await school.tick(f"09-09T07:{minute}")
    assert len(await school.said()) == 1


async def test_two_engines_at_once(school: School) -> None:
    jobs = [job("甲", [due("09-09")])]
    engines = [Engine(school.store, jobs, school.clock) for _ in range(4)]
    await school.tick("09-09T07:09")
    school.clock.set(school.clock.now().replace(minute=10))
    await asyncio.gather(*(engine.tick() for engine in engines))
    assert len(await school.said()) == 1


async def test_a_restart_between_decision_and_send(school: School) -> None:
    school.speaks(job("甲", [due("09-09")]))
    await school.tick("09-09T07:10")
    await school.store.close()
    await school.store.open()
    await school.tick("09-09T07:11")
    (card,) = await school.posts()
    assert card.state == "waiting"


@pytest.mark.parametrize(("moment", "posted"), [("07:09", 0), ("07:10", 1), ("21:29", 1), ("21:30", 0), ("23:59", 0)])
async def test_the_window_and_the_quiet_hours(school: School, moment: str, posted: int) -> None:
    school.speaks(job("甲", [due("09-09", ends="23:59")]))
    await school.tick(f"09-09T{moment}")
    assert len(await school.said()) == posted


async def test_what_was_not_sent_by_night_is_not_sent_at_night(school: School) -> None:
    school.speaks(job("甲", [due("09-09", ends="23:59")]))
    await school.tick("09-09T21:29")
    (card,) = await school.posts()
    assert f"{card.useful_until:%m-%d %H:%M}" == "09-09 21:30"


async def test_a_group_without_a_chat_is_silent(school: School) -> None:
    school.speaks(job("甲", [due("09-09")]))
    await school.change(channel=None, chat=None)
    await school.run("09-09T07:00", "09-09T23:59")
    assert await school.said() == []
    assert await school.ledger() == {}


@pytest.mark.parametrize(
    ("day", "title"),
    [("08-28", "📅 今天 8月28日 周五 开学准备"), ("08-31", "第1周"), ("09-20", "\uff08调休\uff0c按周二课表\uff09")],
)
async def test_the_title(school: School, day: str, title: str) -> None:
    school.speaks(job("甲", [due(day)]))
    await school.tick(f"{day}T07:10")
    (card,) = await school.posts()
    assert title in card.content.title


@pytest.mark.parametrize("day", ["08-15", "10-01", "09-26", "09-25", "08-23"])
async def test_days_without_work_are_silent(school: School, day: str) -> None:
    school.speaks(job("甲", [due(day)]))
    await school.tick(f"{day}T07:10")
    assert await school.said() == []


async def test_the_winter_holiday_is_silent_and_the_last_week_is_not(school: School) -> None:
    school.speaks(job("甲", [due("12-31")]))
    for year_day in ("2027-01-22T07:10", "2027-01-25T07:10", "2027-02-10T16:40"):
        school.clock.set(school.clock.now().fromisoformat(f"{year_day}+08:00"))
        await school.engine.tick()
    assert await school.said() == []
    async with school.store.transaction("group:chinese") as tx:
        from bot.scheduling.ledger import DayRow

        assert {f"{row.day}" for row in await tx.scan(DayRow)} == {"2027-01-22"}


async def test_what_becomes_due_after_the_card_follows_as_a_change(school: School) -> None:
    school.speaks(job("甲", [due("09-09")]))
    await school.tick("09-09T07:10")
    late = due("09-10", since="2026-09-09T09:00")
    school.speaks(job("甲", [due("09-09")]), job("乙", [late], when="day before"))
    await school.tick("09-09T09:01")
    await school.tick("09-09T16:40")
    assert await school.said() == ["09-09 07:10 card group: 甲 09-09", "09-09 09:01 change group: 乙 09-10"]
    assert "补发" not in (await school.posts())[1].content.title


async def test_what_should_have_been_said_earlier_waits_for_the_next_card(school: School) -> None:
    """Thursday's lesson put into Tuesday's list that stood on Monday's card: no message of its own."""
    school.speaks(job("甲", []))
    await school.tick("09-08T07:10")
    school.speaks(job("周", [due("09-10", since="2026-09-08T09:00")], when="week start"))
    await school.tick("09-08T16:40")
    assert await school.said() == []
    await school.tick("09-09T07:10")
    (card,) = await school.posts()
    assert (card.kind, card.content.lines) == ("card", ("周 09-10",))
    assert "补发" not in card.content.title


async def test_one_group_s_defect_does_not_silence_another(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    school.speaks(job("甲", [due("09-09")]))
    real = school.engine._tick

    async def broken(key: str) -> None:
        if key == "research":
            raise ZeroDivisionError(key)
        await real(key)

    monkeypatch.setattr(school.engine, "_groups", lambda: _value(["research", "chinese"]))
    monkeypatch.setattr(school.engine, "_tick", broken)
    with structlog.testing.capture_logs() as logs:
        await school.tick("09-09T07:10")
    assert len(await school.said()) == 1
    assert [(log["event"], log["group"]) for log in logs] == [("schedule.failed", "research")]


async def test_one_job_s_defect_does_not_silence_the_card(school: School) -> None:
    async def broken(group: Group, item: object) -> Post:
        raise ZeroDivisionError(item)

    async def no_source(group: Group, first: object, last: object) -> list[object]:
        raise KeyError(group.key)

    broken_source = job("丙", [])
    object.__setattr__(broken_source, "source", no_source)
    school.speaks(job("甲", [due("09-09")]), job("乙", [due("09-09")], broken), broken_source)
    with structlog.testing.capture_logs() as logs:
        for minute in (10, 11, 12):
            await school.tick(f"09-09T07:{minute}")
    assert await school.said() == ["09-09 07:10 card group: 甲 09-09"]
    events = [log["event"] for log in logs if log["group"] == "chinese"]
    assert events.count("schedule.job_failed") == 1  # not once a minute all day
    assert "schedule.source_failed" in events


async def test_a_store_that_fails_decides_nothing(school: School) -> None:
    school.speaks(job("甲", [due("09-09")]))
    await school.store.close()
    with pytest.raises(ReadOnly):
        await school.tick("09-09T07:10")
    await school.store.open()
    await school.tick("09-09T07:11")
    assert len(await school.said()) == 1


async def test_the_same_number_in_the_next_term_is_another_occasion(school: School) -> None:
    """Numbers and weeks begin anew with a term; the ledger keeps them apart."""
    from bot.domain.groups import School as SchoolRecord
    from bot.domain.people import SYSTEM

    school.speaks(job("甲", [due("09-09")]))
    await school.tick("09-09T07:10")
    async with school.store.transaction(SYSTEM) as tx:
        (record,) = await tx.scan(SchoolRecord)
        terms = tuple(term.model_copy(update={"name": "另一学期"}) for term in record.calendar.terms)
        record.calendar = record.calendar.model_copy(update={"terms": terms})
        await tx.update(record)
    school.speaks(job("甲", [due("09-10"), due("09-09")], until="end"))
    assert await school.ledger() == {"甲:09-09": "posted"}
    school.clock.set(school.clock.now().replace(hour=7, minute=11))
    await school.engine.tick()
    assert [line.partition(" card ")[0] for line in await school.said()][:1] == ["09-09 07:10"]
    assert len(await school.said()) == 2


async def _value(value: list[str]) -> list[str]:
    return value
