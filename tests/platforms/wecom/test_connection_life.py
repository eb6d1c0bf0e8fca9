"""The life of long connections: ends of every kind, who may have the robot, and what /health/ready says at each moment.

``RECONNECTS=1000`` makes the mixed run longer; its figures are printed with ``-s``.
"""

import asyncio
import gc
import os
import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from aiohttp import ClientSession

from bot.clock import MovableClock
from bot.content import Content
from bot.delivery.outbox import enqueue
from bot.domain.people import SYSTEM
from bot.simulator import sample
from tests.platforms.wecom.connection_rules import BOT, SECRET
from tests.platforms.wecom.connection_school import CHAT, TIMING, School, school
from tests.platforms.wecom.fake_connection import FakeConnection

RECONNECTS = int(os.environ.get("RECONNECTS", "14"))
MINUTE = 0.2
"""What the shortened timing makes of a minute, in seconds."""


async def back(house: School, opens: int) -> float:
    """Wait for another connection than the first so many; how long it took."""
    began = monotonic()
    await house.platform.until(lambda: len(house.platform.opens) > opens and house.platform.current)
    await house.up()
    assert (await house.ready())[0] == 200
    return monotonic() - began


async def rival(house: School) -> None:
    """Another program subscribes with the same robot, and goes again."""
    frame = {"cmd": "aibot_subscribe", "headers": {"req_id": "rival"}, "body": {"bot_id": BOT, "secret": SECRET}}
    async with ClientSession() as session, session.ws_connect(house.platform.url) as ws:
        await ws.send_json(frame)
        assert (await ws.receive_json())["errcode"] == 0


@pytest.mark.parametrize("how", ["close", "abort", "silent"])
async def test_every_end_is_noticed_and_mended(house: School, how: str) -> None:
    opens = len(house.platform.opens)
    await house.platform.drop(how)
    assert await back(house, opens) < TIMING.steady + TIMING.ack * 2
    assert (await house.says("/我的")).strip()


async def test_pings_that_are_answered_keep_it(house: School) -> None:
    await house.platform.until(lambda: house.platform.pings >= 4)
    assert len(house.platform.opens) == 1


async def test_one_unanswered_ping_is_no_end(house: School) -> None:
    house.platform.faults["ping"].append("lost")
    await house.platform.until(lambda: house.platform.pings >= 3)
    assert len(house.platform.opens) == 1


async def test_a_kicked_robot_stays_away_for_a_quarter_of_an_hour(house: School) -> None:
    begin, opens = house.clock.now(), len(house.platform.opens)
    await rival(house)
    await house.down("被另一个程序顶下来了")
    status, said = await house.ready()
    assert (status, said["channels"]["wecom"]["state"]) == (503, "down")
    assert "15 分钟后再连" in said["reason"]
    house.clock.set(begin + timedelta(minutes=14, seconds=59))
    await asyncio.sleep(TIMING.look * 5)
    assert len(house.platform.opens) == opens + 1  # the rival's
    await house.until_states("waiting")
    assert [(item.to, item.state) for item in await house.outbox()] == [(sample.user_of("李老师"), "waiting")]
    await house.platform.enter(sample.user_of("李老师"))
    house.clock.set(begin + timedelta(minutes=15, seconds=1))
    await back(house, opens + 1)
    assert house.served.links[0].state.missed == (begin, house.clock.now())
    await house.drain()
    assert "顶了下来" in house.platform.in_chat(sample.user_of("李老师"))[0]
    await rival(house)
    await house.down("被另一个程序顶下来了")
    assert len(await house.outbox()) == 1  # told once a day


async def test_a_wrong_secret_is_said_and_left_alone(
    platform: FakeConnection, tmp_path: Path, clock: MovableClock
) -> None:
    async with school(platform, tmp_path, clock, secret="not-it-at-all") as house:
        await house.down("不认 bot_id 或 secret")
        status, said = await house.ready()
        assert status == 503
        assert "not-it-at-all" not in str(said)
        await asyncio.sleep(TIMING.most * 2)
        assert len(platform.opens) == 1
        platform.secret = "not-it-at-all"
        clock.set(clock.now() + timedelta(minutes=15))
        await back(house, 1)


async def test_who_is_locked_out_does_not_hammer(platform: FakeConnection, tmp_path: Path, clock: MovableClock) -> None:
    platform.lock()
    async with school(platform, tmp_path, clock, bot_name="备课助手") as house:
        await house.down("连得太频繁")
        clock.set(clock.now() + timedelta(minutes=10))
        await asyncio.sleep(TIMING.look * 5)
        assert len(platform.opens) == 1
        clock.set(clock.now() + timedelta(minutes=1))
        await back(house, 1)


@pytest.mark.parametrize("fault", ["lost", "other id", "close", "abort", -1])
async def test_a_subscription_that_fails_is_tried_again(house: School, fault: str | int) -> None:
    house.platform.faults["aibot_subscribe"].append(fault)
    await house.platform.drop("close")
    await back(house, 2)


async def test_a_network_gone_for_ten_minutes_is_told_and_the_post_goes_out_once(house: School) -> None:
    await house.says("/我的")
    begin = house.clock.now()
    house.platform.deaf = True
    await house.platform.drop("abort")
    await house.down("连不上企业微信")
    assert (await house.ready())[0] == 503
    async with house.served.store.transaction(SYSTEM) as tx:
        content = Content(lines=("今天集体备课",))
        await enqueue(tx, channel="wecom", kind="card", to=CHAT, group=sample.CHINESE, content=content, now=begin)
    await house.drain()
    assert (await house.states())[-1] == "waiting"
    house.clock.set(begin + timedelta(minutes=10))
    house.platform.deaf = False
    await house.up()
    _, said = await house.ready()
    missed = {"from": begin.isoformat(), "to": (begin + timedelta(minutes=10)).isoformat()}
    assert said["channels"]["wecom"]["missed"] == missed
    await house.drain()
    assert sum("今天集体备课" in text for text in house.platform.in_chat(CHAT)) == 1


async def test_a_machine_that_slept_three_hours_comes_back_at_once_and_says_what_it_missed(
    platform: FakeConnection, tmp_path: Path, clock: MovableClock
) -> None:
    async with school(platform, tmp_path, clock, replace(TIMING, silence=60.0, ping=60.0)) as house:
        begin = clock.now()
        clock.set(begin + timedelta(hours=3))
        assert await back(house, 1) < 1
        assert house.served.links[0].state.missed == (begin, clock.now())


async def test_no_post_is_put_on_a_line_that_is_dead(
    platform: FakeConnection, tmp_path: Path, clock: MovableClock
) -> None:
    """It would be held for the leader: nobody could tell whether it arrived."""
    async with school(platform, tmp_path, clock, replace(TIMING, ping=60.0)) as house:
        await house.says("/我的")
        await house.until_states()  # the last sign of life is behind us
        await platform.drop("silent")
        clock.set(clock.now() + timedelta(seconds=20))
        async with house.served.store.transaction(SYSTEM) as tx:
            await enqueue(tx, channel="wecom", kind="card", to=CHAT, content=Content(lines=("x",)), now=clock.now())
        await house.drain()
        assert (await house.states())[-1] == "waiting"


async def blow(house: School, number: int) -> None:
    """The next end: clean, aborted, silent, after a bad frame, with a refused subscription."""
    kind = ("close", "abort", "silent", "bad frame", "refused")[number % 5]
    if kind == "bad frame":
        await house.platform.push("\x01 no json")
    elif kind == "refused":
        house.platform.faults["aibot_subscribe"].append(-1)
    await house.platform.drop(kind if kind in ("close", "abort", "silent") else "close")


def resident() -> float:
    """MiB this process holds."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def most_in_a_minute(moments: list[float]) -> int:
    """The most moments that lie in one (shortened) minute."""
    return max(sum(one <= other < one + MINUTE for other in moments) for one in moments)


@pytest.mark.timeout(60 + RECONNECTS)
async def test_ends_of_every_kind_in_any_order(tmp_path: Path, clock: MovableClock) -> None:
    """A minute is 0.2 s here; pings come every 0.05 s, so that a dead line costs little."""
    slowest, figures = 0.0, []
    timing = replace(TIMING, first=0.01, most=0.1, steady=MINUTE, ping=0.05, ack=0.15)
    async with FakeConnection(clock, subscribes=10**6) as platform, school(platform, tmp_path, clock, timing) as house:
        for number in range(RECONNECTS):
            opens = len(platform.opens)
            await blow(house, number)
            slowest = max(slowest, await back(house, opens))
            if number % 20 == 10:
                assert (await house.says("/本周备课")).strip()
                clock.set(clock.now() + timedelta(seconds=61))
                await house.drain()  # an acknowledgement the busy machine was too late for
                figures.append((resident(), len(os.listdir("/proc/self/fd"))))
            if random.random() < 0.05:  # noqa: S311 - some connections hold
                await asyncio.sleep(MINUTE)
        opens = most_in_a_minute(platform.opens)
        total = len(platform.opens)
    grown, more = figures[-1][0] - figures[0][0], figures[-1][1] - figures[0][1]
    print(
        f"{RECONNECTS} ends, {total} opens, at most {opens} a minute ({MINUTE} s), back after {slowest:.2f} s", end=""
    )
    print(f"; {grown:+.1f} MiB, {more:+d} descriptors")
    assert slowest < 1.5  # finding a dead line takes 0.35 s, the longest wait 0.1 s; the rest is a busy machine
    assert opens <= 12
    assert more <= 3
    assert grown < 5
