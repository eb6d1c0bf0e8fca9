"""Rules of open lessons without chat: what words mean, what counts, who sits where."""

import pytest

from bot.domain import open_lesson_changes, open_lesson_subject, open_lessons, seats
from bot.domain.open_lessons import Purpose, Seat
from bot.domain.subjects import Period
from bot.errors import NotAllowed, Refused


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("周四", [1, 2]),
        ("礼拜四陈老师", [1]),
        ("百合花", [2]),
        ("《百合花》", [2]),
        ("百合", [2]),
        ("花", []),  # one character is no title
        ("9月17日的", [2]),
        ("开课机会", [3]),
        ("周三", []),
        ("", []),
    ],
)
async def test_words_mean_the_items_that_fit_best(visit, words, numbers):
    async with visit() as group:
        assert [item.number for item in await open_lessons.match(group, words)] == numbers


async def test_a_lesson_begins_by_the_bells(visit):
    async with visit("2026-09-10T08:29") as group:
        assert [item.number for item in await open_lessons.upcoming(group)] == [1, 2, 3]
    async with visit("2026-09-10T08:30") as group:
        assert [item.number for item in await open_lessons.upcoming(group)] == [2, 3]


async def test_seats_are_counted_and_the_author_is_who_did_it(visit):
    async with visit() as group:
        leader = await group.member("李老师")
        result = await seats.sign_up(group, "王老师", 1, by=leader)
        assert (result.left, result.seat.author, result.seat.member) == (3, "李老师", "王老师")
    async with visit() as group:
        assert [seat.member for seat in await open_lessons.taken(group, result.item)] == ["王老师"]


async def test_a_refusal_leaves_nothing_behind(visit):
    async with visit() as group:
        wang, zhou = await group.member("王老师"), await group.member("周老师")
        for name in ("王老师", "张老师", "赵老师", "刘老师"):
            await seats.sign_up(group, name, 1, by=await group.member(name))
        with pytest.raises(Refused, match="座位已满"):
            await seats.sign_up(group, "周老师", 1, by=zhou)
        with pytest.raises(NotAllowed):
            await seats.withdraw(group, "周老师", 1, by=wang)
        assert len(await group.records.find(Seat, member="周老师")) == 0


async def test_an_opening_lost_to_somebody_else_is_not_given_twice(visit):
    async with visit() as group:
        wang, zhang = await group.member("王老师"), await group.member("张老师")
        taken = await seats.sign_up(group, "王老师", 3, by=wang)
        await seats.withdraw(group, "王老师", 3, by=wang)
        other = await seats.sign_up(group, "张老师", 3, by=zhang)
        assert (taken.lesson.number, other.lesson.number) == (5, 6)
        with pytest.raises(Refused, match="已经有人补上"):
            await seats.sign_up_again(group, "王老师", 3, "王老师")


async def test_whoever_takes_an_opening_again_keeps_the_number(visit):
    async with visit() as group:
        wang = await group.member("王老师")
        for _ in range(3):
            result = await seats.sign_up(group, "王老师", 3, by=wang)
            assert (result.lesson.number, result.lesson.cancelled) == (5, False)
            await seats.withdraw(group, "王老师", 3, by=wang)


async def test_what_was_published_long_ago_is_corrected_in_the_group(visit):
    async with visit("2026-09-07T07:09") as group:
        await open_lesson_changes.cancel(group, await group.member("李老师"), 1)
        assert group.changes == []
    async with visit("2026-09-07T07:11") as group:
        await open_lesson_changes.cancel(group, await group.member("李老师"), 2)
        assert group.changes == ["【改】2 赵老师《百合花》\uff089月17日 周四第2节\uff09取消。"]


async def test_the_digest_counts_what_was_held_and_names_its_records(visit):
    async with visit() as group:
        await seats.sign_up(group, "王老师", 1, by=await group.member("王老师"))
        await seats.sign_up(group, "王老师", 2, by=await group.member("王老师"))
    async with visit("2026-09-11T12:00") as group:
        (figure,) = await open_lesson_subject.SUBJECT.digest(group, Period.month(2026, 9))
        assert figure.line == "公开课 1 节\uff0c报名听课 1 人次"
        assert [source.label for source in figure.sources] == [
            "1 陈老师《峨日朵雪峰之侧》 9月10日 周四第2节",
            "王老师听 1 陈老师《峨日朵雪峰之侧》",
        ]


async def test_opening_and_lesson_are_published_as_asked(visit):
    async with visit() as group:
        (opening,) = [item for item in await open_lessons.upcoming(group) if item.purpose is Purpose.TEACH]
        assert (opening.seats, opening.label, opening.when_dated) == (1, "开课机会", "9月29日 周二第3节")
