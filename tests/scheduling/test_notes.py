"""Private notes: one a person and day, three a week; what the caps push out the leader hears once."""

from tests.scheduling.school import School, asking, due, job

WEEK = ("09-07", "09-08", "09-09", "09-10", "09-11")


async def test_one_note_a_person_and_day(school: School) -> None:
    people = asking(["王老师", "孙老师"])
    school.speaks(*[job(name, [due("09-09")], people, private=True) for name in ("甲", "乙")])
    await school.run("09-09T07:00", "09-09T23:59")
    assert await school.said() == [
        "09-09 16:40 note 孙老师: 孙老师 09-09  孙老师 09-09",
        "09-09 16:40 note 王老师: 王老师 09-09  王老师 09-09",
    ]
    assert all(note.private for note in await school.posts())


async def test_who_owes_nothing_hears_nothing(school: School) -> None:
    school.speaks(job("甲", [due("09-09")], asking([]), private=True))
    await school.run("09-09T07:00", "09-09T23:59")
    assert await school.said() == []


async def test_three_a_week_and_the_leader_hears_of_the_rest(school: School) -> None:
    school.speaks(job("甲", [due(day) for day in WEEK], asking(["王老师"]), private=True))
    await school.run("09-07T07:00", "09-13T23:59")
    said = await school.said()
    assert [line[:5] for line in said if "note 王老师" in line] == list(WEEK[:3])
    told = [line for line in said if "note 李老师" in line]
    assert [line[:5] for line in told] == ["09-10", "09-11"]
    assert all("• 王老师\uff1a1 项" in line for line in told)
    assert (await school.ledger())["甲:09-11:王老师"] == "capped"
    await school.run("09-14T00:00", "09-14T23:59")
    assert len(await school.said()) == len(said)  # told once


async def test_a_new_week_counts_from_nothing(school: School) -> None:
    days = (*WEEK, "09-14")
    school.speaks(job("甲", [due(day) for day in days], asking(["王老师"]), private=True))
    await school.run("09-07T07:00", "09-14T23:59")
    assert (await school.said())[-1] == "09-14 16:40 note 王老师: 王老师 09-14"


async def test_three_reminders_in_a_note(school: School) -> None:
    names = "甲乙丙丁戊"
    school.speaks(*[job(name, [due("09-09")], asking(["王老师"]), private=True) for name in names])
    await school.tick("09-09T16:40")
    mine, told = sorted(await school.said(), key=lambda line: "李老师" in line)
    assert mine.count("王老师 09-09") == 3
    assert "• 王老师\uff1a2 项" in told


async def test_the_leader_too_gets_one_note_a_day(school: School) -> None:
    names = "甲乙丙丁"
    school.speaks(*[job(name, [due("09-09")], asking(["李老师", "王老师"]), private=True) for name in names])
    await school.tick("09-09T16:40")
    (note,) = [post for post in await school.posts() if post.to_name == "李老师"]
    lines = note.content.lines
    assert lines.count("李老师 09-09") == 3
    assert lines[-2:] == ("• 李老师\uff1a1 项", "• 王老师\uff1a1 项")


async def test_notes_are_decided_once_a_day(school: School) -> None:
    school.speaks(job("甲", [due("09-09")], asking(["王老师"]), private=True))
    for minute in range(40, 59):
        await school.tick(f"09-09T16:{minute}")
    assert len(await school.said()) == 1
