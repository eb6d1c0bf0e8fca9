"""A signature covers the moment alone: it is good for the message it came with."""

import asyncio
from datetime import timedelta

from bot.clock import MovableClock
from bot.platforms.dingtalk.reuse import UsedSignatures
from bot.platforms.dingtalk.signing import milliseconds
from bot.simulator import sample
from tests.platforms.dingtalk.samples import body, headers
from tests.platforms.dingtalk.test_callback import school  # noqa: F401 - the fixture

TICK = timedelta(milliseconds=1)


async def test_a_captured_pair_speaks_for_nobody_else(school):  # noqa: F811
    signed = headers(school.now)
    assert "已报名" in str(await school.post(body("/报名 1"), signed))
    school.playground.clock.set(school.now + TICK)
    stolen = body("/报名 2", msgId="msg-2", senderStaffId=sample.user_of("张老师"))
    assert (await school.post(stolen, signed))[0] == 403
    assert [item.taken for item in (await school.playground.state(None)).items[:2]] == [1, 0]
    assert "已报名" in str(await school.post(stolen))


async def test_the_same_message_may_come_again_with_its_signature(school):  # noqa: F811
    signed = headers(school.now)
    first = await school.post(body("/报名 1"), signed)
    school.playground.clock.set(school.now + timedelta(minutes=1))
    assert await school.post(body("/报名 1"), signed) == first


async def test_in_a_rush_a_millisecond_is_shared_for_two_seconds():
    clock = MovableClock(sample.START)
    used = UsedSignatures(clock, 600)
    moment = str(milliseconds(sample.START))
    assert await used.admits(moment, "a")
    assert await used.admits("1", "another")
    used.answered(moment)
    used.answered("1")
    clock.set(sample.START + timedelta(seconds=2))
    assert await used.admits(moment, "b")
    used.answered(moment)
    clock.set(sample.START + timedelta(seconds=2) + TICK)
    assert not await used.admits(moment, "c")


async def test_what_waited_comes_one_after_the_other_and_is_let_in():
    clock = MovableClock(sample.START)
    used = UsedSignatures(clock, 600)
    moment = str(milliseconds(sample.START))
    assert await used.admits(moment, "a")
    used.answered(moment)
    clock.set(sample.START + TICK)
    second = asyncio.create_task(used.admits(moment, "b"))
    await asyncio.sleep(0)
    assert await used.admits("7", "c")
    assert await second


async def test_a_repeated_message_makes_no_rush():
    clock = MovableClock(sample.START)
    used = UsedSignatures(clock, 600)
    moment = str(milliseconds(sample.START))
    for _ in range(3):
        assert await used.admits(moment, "a")
        used.answered(moment)
    clock.set(sample.START + TICK)
    assert not await used.admits(moment, "b")


async def test_two_people_within_one_millisecond_are_both_heard():
    clock = MovableClock(sample.START)
    used = UsedSignatures(clock, 600)
    assert await used.admits("1", "a")
    clock.set(sample.START + TICK)
    assert await used.admits("1", "b")
    used.answered("1")
    assert await used.admits("1", "b")


async def test_a_signature_is_forgotten_when_its_window_is_over():
    clock = MovableClock(sample.START)
    used = UsedSignatures(clock, 600)
    assert await used.admits("1", "a")
    used.answered("1")
    clock.set(sample.START + TICK)
    assert not await used.admits("1", "b")
    clock.set(sample.START + timedelta(seconds=1200) + TICK)
    assert await used.admits("1", "b")
