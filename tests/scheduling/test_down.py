"""The bot was down over the time: posted on return if still useful, marked late, else in ledger and log."""

from datetime import date

import pytest
import structlog

from bot.domain import quiet
from bot.domain.groups import School as SchoolRecord
from bot.domain.groups import load, space_of
from bot.domain.people import SYSTEM
from tests.scheduling.school import School, asking, due, job, when
from tests.scheduling.school_year import CALENDAR


@pytest.mark.parametrize(
    ("back", "until", "said", "late"),
    [
        ("09-09T07:30", "start", True, False),  # twenty minutes are not late
        ("09-09T09:00", "start", True, True),
        ("09-09T13:59", "start", True, True),
        ("09-09T14:00", "start", False, False),  # it has begun
        ("09-09T16:00", "end", True, True),
        ("09-09T17:00", "end", False, False),  # it is over
        ("09-10T08:00", "end", False, False),
        ("09-09T20:00", "day", True, True),
        ("09-10T07:10", "day", False, False),
    ],
)
async def test_back_again(school: School, back: str, until: str, said: bool, late: bool) -> None:
    school.speaks(job("甲", [due("09-09", starts="14:00")], until=until))
    with structlog.testing.capture_logs() as logs:
        await school.tick(back)
    posts = await school.posts()
    assert [("补发" in post.content.title) for post in posts] == ([late] if said else [])
    assert await school.ledger() == {"甲:09-09": "posted" if said else "missed"}
    missed = [(log["log_level"], log["occurrence"]) for log in logs if log["event"] == "schedule.missed"]
    assert [occurrence.partition("/")[2] for _, occurrence in missed] == ([] if said else ["甲:09-09"])


async def test_a_missed_one_is_logged_once(school: School) -> None:
    school.speaks(job("甲", [due("09-08")]))
    with structlog.testing.capture_logs() as logs:
        await school.run("09-09T07:00", "09-14T23:00")
    assert [log["event"] for log in logs] == ["schedule.missed"]
    assert await school.ledger() == {"甲:09-08": "missed"}


async def test_a_week_away(school: School) -> None:
    """Back on the next Monday: what is over is noted, what is still to come is said."""
    school.speaks(job("甲", [due("09-08"), due("09-10")]), job("乙", [due("09-15")], when="week before"))
    await school.tick("09-07T07:10")
    await school.tick("09-14T07:11")
    assert await school.ledger() == {"甲:09-08": "missed", "甲:09-10": "missed", "乙:09-15": "posted"}
    (card,) = await school.posts()
    assert card.content.title.endswith("\uff08补发\uff09")


async def test_what_came_to_be_known_too_late_was_not_missed(school: School) -> None:
    school.speaks(job("甲", [due("09-08", since="2026-09-08T19:00")]))
    with structlog.testing.capture_logs() as logs:
        await school.tick("09-09T07:10")
    assert logs == []
    assert await school.ledger() == {}


async def test_notes_of_a_day_that_passed_in_silence_are_noted(school: School) -> None:
    dues = [due("09-08"), due("09-09")]
    school.speaks(job("欠", dues, asking(["王老师"]), private=True, until="day"))
    with structlog.testing.capture_logs() as logs:
        await school.tick("09-09T16:40")
        await school.tick("09-10T16:40")
    assert [log["occurrence"].partition("/")[2] for log in logs] == ["欠:09-08"]
    assert await school.ledger() == {"欠:09-08": "missed", "欠:09-09:王老师": "posted"}


async def test_the_ledger_is_not_told_twice_after_a_restart_at_noon(school: School) -> None:
    school.speaks(job("甲", [due("09-08"), due("09-09")]))
    with structlog.testing.capture_logs() as logs:
        await school.tick("09-09T12:00")
        await school.store.close()
        await school.store.open()
        await school.tick("09-09T12:01")
    assert [log["event"] for log in logs] == ["schedule.missed"]
    assert len(await school.posts()) == 1


async def test_a_month_away(school: School) -> None:
    """What was too late is listed from the last decision on, however long ago that was."""
    dues = [due(day) for day in ("09-08", "09-09", "09-23", "10-12")]
    school.speaks(job("甲", dues), job("欠", dues, asking(["王老师"]), private=True, until="day"))
    await school.run("09-08T07:00", "09-08T23:00")
    await school.tick("10-12T16:40")
    assert await school.ledger() == {
        "甲:09-08": "posted",
        "欠:09-08:王老师": "posted",
        "甲:09-09": "missed",
        "欠:09-09": "missed",
        "甲:09-23": "missed",
        "欠:09-23": "missed",
        "甲:10-12": "posted",
        "欠:10-12:王老师": "posted",
    }


async def test_away_over_the_end_of_the_term(school: School) -> None:
    """Back in the new term, what the old one's last days were to hear is listed; nothing is said of it."""
    async with school.store.transaction(SYSTEM) as tx:
        (record,) = await tx.find(SchoolRecord, key="sample")
        await tx.update(record.model_copy(update={"calendar": CALENDAR}))
    school.speaks(job("甲", [due("12-30")]), job("欠", [due("12-30")], asking(["王老师"]), private=True, until="day"))
    await school.run("12-29T07:00", "12-29T23:00")
    school.clock.set(when("2027-02-22T16:40"))
    await school.engine.tick()
    assert await school.ledger() == {"甲:12-30": "missed", "欠:12-30": "missed"}
    assert await school.posts() == []


async def test_what_the_leader_did_not_want_to_hear_is_not_made_up_for(school: School) -> None:
    """Muted for weeks, the bot was awake: of that time no more than the last week's useful things are looked at."""
    school.speaks(job("甲", [due("09-09"), due("09-10", ends="23:00"), due("09-29"), due("10-08")], until="end"))
    await school.run("09-07T07:00", "09-08T23:00")
    async with school.store.transaction(space_of("chinese")) as tx:
        group = await load(tx, "chinese", school.clock.now())
        await quiet.mute(group, "李老师", date(2026, 9, 30))
    await school.run("09-09T07:00", "10-08T23:00")
    assert await school.ledger() == {"甲:10-08": "posted"}
