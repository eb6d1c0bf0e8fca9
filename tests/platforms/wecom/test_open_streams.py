"""A stream that says "正在处理" when the power goes: the next run finishes it, or answers apart when it is too late."""

import asyncio
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.clock import MovableClock
from bot.platforms.wecom.answers import STILL_WORKING, WORKING
from bot.platforms.wecom.records import STREAM_LIFE
from tests.platforms.wecom.connection_school import CHAT, TIMING, school
from tests.platforms.wecom.fake_connection import FakeConnection


async def cut_off(platform: FakeConnection, folder: Path, clock: MovableClock) -> Path:
    """The data as they lay on the disk while somebody was waiting for an answer."""
    left = folder / "left"
    async with school(platform, folder / "first", clock, replace(TIMING, linger=0.02)) as house:
        house.slow()
        await house.heard("/慢慢")
        await platform.until(lambda: platform.in_chat(CHAT) == [WORKING])
        shutil.copytree(folder / "first" / "data", left / "data")
    return left


async def test_the_next_run_ends_it_with_the_answer(
    platform: FakeConnection, tmp_path: Path, clock: MovableClock
) -> None:
    left = await cut_off(platform, tmp_path, clock)
    assert not platform.shown[0].finished
    async with school(platform, left, clock) as house:
        await house.served.bot.dispatcher.drain()
        await house.drain()
        assert [(one.text[:1], one.finished) for one in platform.shown] == [("🤔", True)]  # it does not know /慢慢
        assert await house.states() == ["sent"]
        clock.set(clock.now() + STREAM_LIFE)
        await asyncio.sleep(TIMING.look * 5)
        assert platform.shown[0].text != STILL_WORKING


async def test_a_handler_that_is_slow_again_is_seen_off(
    platform: FakeConnection, tmp_path: Path, clock: MovableClock
) -> None:
    left = await cut_off(platform, tmp_path, clock)
    async with school(platform, left, clock) as house:
        gate = house.slow()
        draining = asyncio.create_task(house.served.bot.dispatcher.drain())
        clock.set(clock.now() + STREAM_LIFE)
        await platform.until(lambda: platform.in_chat(CHAT) == [STILL_WORKING])
        gate.set()
        await draining
        await house.drain()
        assert platform.in_chat(CHAT) == [STILL_WORKING, "✅ 终于好了"]


async def test_after_the_streams_life_the_answer_is_a_message_of_its_own(
    platform: FakeConnection, tmp_path: Path, clock: MovableClock
) -> None:
    left = await cut_off(platform, tmp_path, clock)
    clock.set(clock.now() + STREAM_LIFE + timedelta(minutes=1))
    async with school(platform, left, clock) as house:
        await house.served.bot.dispatcher.drain()
        await house.drain()
        assert platform.shown[-1].cmd == "aibot_send_msg"
        assert platform.refusals == []


async def test_a_stream_that_was_ended_is_left_alone(
    platform: FakeConnection, tmp_path: Path, clock: MovableClock
) -> None:
    async with school(platform, tmp_path, clock) as house:
        gate = house.slow()
        await house.heard("/慢慢")
        await platform.until(lambda: platform.in_chat(CHAT) == [WORKING])
        gate.set()
        await house.served.bot.dispatcher.settle()
        await house.drain()
    frames = len(platform.frames)
    async with school(platform, tmp_path, clock) as house:
        clock.set(clock.now() + STREAM_LIFE)
        await asyncio.sleep(TIMING.look * 5)
    assert platform.in_chat(CHAT) == ["✅ 终于好了"]
    assert [one["cmd"] for one in platform.frames[frames:]] == ["aibot_subscribe"]
