"""Five cards a school week: the week of 9-14 works on its Sunday too (9-20), and nothing of that day is lost."""

from dataclasses import replace

from tests.scheduling.school import School, due, job, when

WEEK = ["09-14", "09-15", "09-16", "09-17", "09-18", "09-20"]


async def cards(school: School) -> dict[str, str]:
    posts = [post for post in await school.posts() if post.kind == "card" and post.group == "chinese"]
    return {f"{post.created:%m-%d}": " ".join((post.content.title, *post.content.lines)) for post in posts}


async def test_the_fifth_card_speaks_for_the_sixth_day(school: School) -> None:
    school.speaks(job("甲", [due(day) for day in WEEK]))
    await school.run("09-14T00:00", "09-21T12:00")
    found = await cards(school)
    assert list(found) == WEEK[:5]
    assert "甲 09-18 甲 09-20" in found["09-18"]
    assert [post.kind for post in await school.posts()] == ["card"] * 5


async def test_what_can_wait_stands_in_the_next_weeks_first_card_and_is_not_called_late(school: School) -> None:
    lasting = replace(due("09-20"), ends=when("2026-09-25T17:00"))
    school.speaks(job("甲", [due(day) for day in WEEK]), job("乙", [lasting]))
    await school.run("09-14T00:00", "09-21T12:00")
    found = await cards(school)
    assert list(found) == [*WEEK[:5], "09-21"]
    assert "乙" not in found["09-18"]
    assert "乙" in found["09-21"]
    assert "补发" not in found["09-21"]


async def test_what_was_unknown_at_the_fifth_card_and_cannot_wait_is_said_on_its_day(school: School) -> None:
    school.speaks(job("甲", [due(day) for day in WEEK[:5]]))
    await school.run("09-14T00:00", "09-19T12:00")
    school.speaks(job("甲", [due(day) for day in WEEK[:5]]), job("丙", [due("09-20", since="2026-09-19")]))
    await school.run("09-19T12:00", "09-21T12:00")
    said = [line for line in await school.said() if "丙" in line]
    assert said == ["09-20 07:10 change group: 丙 09-20"]


async def test_a_day_without_a_card_leaves_one_for_the_sunday(school: School) -> None:
    school.speaks(job("甲", [due(day) for day in WEEK if day != "09-16"]))
    await school.run("09-14T00:00", "09-21T12:00")
    assert list(await cards(school)) == ["09-14", "09-15", "09-17", "09-18", "09-20"]
