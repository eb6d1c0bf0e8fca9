"""The life of Stream connections: ends of every kind, and what /health/ready says at each moment.

``RECONNECTS=1000`` makes the mixed run longer; its figures are printed with ``-s``.
"""

import asyncio
import gc
import os
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import monotonic
from types import SimpleNamespace
from typing import cast

import pytest

from bot.cli.doctor.context import Context
from bot.cli.doctor.links import links
from bot.clock import MovableClock
from bot.delivery.logbook import logs
from tests.platforms.dingtalk.fake import hang, says
from tests.platforms.dingtalk.fake_gateway import FakeGateway
from tests.platforms.dingtalk.stream_school import TIMING, StreamSchool, stream_school

RECONNECTS = int(os.environ.get("RECONNECTS", "8"))
MINUTE = TIMING.silence
"""What the shortened timing makes of a minute, in seconds."""

CALM = replace(TIMING, silence=60.0)


async def back(school: StreamSchool, seconds: float = MINUTE * 5) -> float:
    """How long it takes until somebody is heard again."""
    began = monotonic()
    async with asyncio.timeout(seconds):
        while not (school.gateway.alive and school.served.links[0].state.up):  # noqa: ASYNC110 - two sides of a wire
            await asyncio.sleep(0.005)
    assert (await school.ready())[0] == 200
    return monotonic() - began


async def down(school: StreamSchool, reason: str) -> None:
    async with asyncio.timeout(5):
        while not school.served.links[0].state.reason.startswith(reason):  # noqa: ASYNC110 - two sides of a wire
            await asyncio.sleep(0.005)


def doctor(school: StreamSchool) -> Context:
    """What ``check`` looks at, beside the running bot."""
    served = school.served
    return cast("Context", SimpleNamespace(store=served.store, config=served.config, clock=school.clock, running="no"))


async def test_the_doctor_sees_how_it_stands(gateway: FakeGateway, tmp_path: Path, clock: MovableClock) -> None:
    async with stream_school(gateway, tmp_path, clock, client_secret="another") as school:
        assert [(found.state, found.detail) for found in await links(doctor(school))] == [("warn", "还没有连过")]
        await school.served.bot.logbook.write(school.served.store)
        (finding,) = await links(doctor(school))
        assert finding.state == "fail"
        assert "Client Secret 不对" in finding.detail
    async with stream_school(gateway, tmp_path / "2", clock) as school:
        await school.served.bot.logbook.write(school.served.store)
        assert [found.state for found in await links(doctor(school))] == ["ok"]
        clock.set(clock.now() + timedelta(minutes=10))
        (finding,) = await links(doctor(school))
        assert (finding.state, "最后一次看到" in finding.detail) == ("warn", True)


async def test_a_new_connection_is_opened_before_the_old_one_is_closed(
    gateway: FakeGateway, tmp_path: Path, clock: MovableClock
) -> None:
    async with stream_school(gateway, tmp_path, clock, timing=replace(CALM, steady=0.0)) as school:
        old = gateway.lines[0]
        await gateway.disconnect()
        await gateway.until(lambda: len(gateway.lines) == 2)
        assert not old.closed
        assert (await school.ready())[0] == 200
        await gateway.until(lambda: old.closed)
        assert (await school.says("王老师", "/本周备课")).strip()
        assert school.served.links[0].state.missed is None


async def test_silence_is_an_end(gateway: FakeGateway, tmp_path: Path, clock: MovableClock) -> None:
    async with stream_school(gateway, tmp_path, clock) as school:
        gateway.alive[0].deaf = True  # the connection stays open, and nothing comes on it
        began = monotonic()
        await gateway.until(lambda: len(gateway.lines) == 2)
        assert MINUTE * 0.9 < monotonic() - began < MINUTE * 2
        await back(school)


async def test_a_ping_is_a_sign_of_life(gateway: FakeGateway, tmp_path: Path, clock: MovableClock) -> None:
    async with stream_school(gateway, tmp_path, clock):
        for _ in range(6):
            await asyncio.sleep(MINUTE / 3)
            await gateway.alive[0].ws.ping()
        assert len(gateway.lines) == 1


async def test_a_machine_that_slept_three_hours_comes_back_at_once(
    gateway: FakeGateway, tmp_path: Path, clock: MovableClock
) -> None:
    async with stream_school(gateway, tmp_path, clock, timing=CALM) as school:
        asleep = clock.now()
        clock.set(asleep + timedelta(hours=3))
        await gateway.until(lambda: len(gateway.lines) == 2, 2.0)
        assert await back(school) < 1
        assert school.served.links[0].state.missed == (asleep, asleep + timedelta(hours=3))


async def test_a_network_gone_for_ten_minutes_is_told_and_mends_itself(
    gateway: FakeGateway, tmp_path: Path, clock: MovableClock
) -> None:
    async with stream_school(gateway, tmp_path, clock) as school:
        begin = clock.now()
        gateway.spoil("open", *[says({}, 502)] * 200)
        gateway.abort_lines()
        await down(school, "钉钉没有给出连接")
        status, said = await school.ready()
        assert status == 503
        assert said["channels"]["ding"]["state"] == "down"
        assert said["reason"].startswith("ding\uff1a钉钉没有给出连接")
        clock.set(begin + timedelta(minutes=10))
        gateway.faults.clear()
        await back(school)
        status, said = await school.ready()
        assert said["channels"]["ding"]["missed"] == {
            "from": begin.isoformat(),
            "to": (begin + timedelta(minutes=10)).isoformat(),
        }
        await school.served.bot.logbook.write(school.served.store)
        (finding,) = await links(doctor(school))
        assert (finding.state, "断过" in finding.detail) == ("warn", True)
        kept = (await logs(school.served.store))["ding"]
        assert kept.link is not None
        assert kept.link.missed == (begin, begin + timedelta(minutes=10))


async def test_what_was_said_while_the_program_was_off_is_told(
    gateway: FakeGateway, tmp_path: Path, clock: MovableClock
) -> None:
    async with stream_school(gateway, tmp_path, clock):
        off = clock.now()
    clock.set(off + timedelta(hours=1))
    async with stream_school(gateway, tmp_path, clock) as school:
        await back(school)
        assert school.served.links[0].state.missed == (off, off + timedelta(hours=1))


async def test_wrong_credentials_are_named_and_not_hammered(
    gateway: FakeGateway, tmp_path: Path, clock: MovableClock
) -> None:
    async with stream_school(gateway, tmp_path, clock, client_secret="another") as school:
        status, said = await school.ready()
        assert status == 503
        assert "Client ID 或 Client Secret 不对" in said["reason"]
        assert "another" not in str(said)
        before = len(gateway.opens)
        await asyncio.sleep(MINUTE * 2)
        assert len(gateway.opens) - before <= 2 * MINUTE / (TIMING.most * 0.5) + 1


async def test_a_gateway_that_never_answers_is_given_up_and_asked_again(
    gateway: FakeGateway, tmp_path: Path, clock: MovableClock
) -> None:
    gateway.spoil("open", hang)
    async with stream_school(gateway, tmp_path, clock, timing=replace(TIMING, connect=0.3)) as school:
        await back(school)


async def test_an_address_elsewhere_is_not_followed(gateway: FakeGateway, tmp_path: Path, clock: MovableClock) -> None:
    bad = ["ws://evil.example/connect", "wss://dingtalk.com.evil.example/c", "http://127.0.0.1:9/", "", None]
    gateway.spoil("open", *[says({"endpoint": one, "ticket": "t"}) for one in bad], says({"ticket": ""}), says([]))
    async with stream_school(gateway, tmp_path, clock) as school:
        await back(school)
        assert gateway.calls.count("open") == len(bad) + 3


Blow = Callable[[FakeGateway], Awaitable[None]]


async def _close(gateway: FakeGateway) -> None:
    await gateway.close_lines(random.choice([1000, 1001, 1011]))  # noqa: S311 - any of them


async def _abort(gateway: FakeGateway) -> None:
    gateway.abort_lines()


async def _zombie(gateway: FakeGateway) -> None:
    for line in gateway.alive:
        line.deaf = True


async def _bad_frame(gateway: FakeGateway) -> None:
    await gateway.alive[-1].ws.send_str("not json")
    await gateway.close_lines(1002)


async def _unauthorised(gateway: FakeGateway) -> None:
    gateway.spoil("open", says({"code": "invalidClientIdOrSecret", "message": "no"}, 401))
    gateway.abort_lines()


async def _ticket_twice(gateway: FakeGateway) -> None:
    gateway.spoil("open", says({"endpoint": f"ws{gateway.base[4:]}/connect", "ticket": "used-before"}))
    await gateway.close_lines(1000)


async def _changed(gateway: FakeGateway) -> None:
    await gateway.disconnect()


BLOWS: list[Blow] = [_close, _abort, _zombie, _bad_frame, _unauthorised, _ticket_twice, _changed]


def most_in_a_minute(moments: list[float]) -> int:
    """The most moments that lie in one (shortened) minute."""
    return max(sum(one <= other < one + MINUTE for other in moments) for one in moments)


def resident() -> float:
    """MiB this process holds."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


@pytest.mark.timeout(30 + RECONNECTS * 2)
async def test_ends_of_every_kind_in_any_order(gateway: FakeGateway, tmp_path: Path, clock: MovableClock) -> None:
    """A minute is 0.6 s here, so that the waits before another attempt are 0.01–0.3 s."""
    slowest, figures = 0.0, []
    async with stream_school(gateway, tmp_path, clock) as school:
        for number in range(RECONNECTS):
            lines = len(gateway.lines)
            blow = BLOWS[number % len(BLOWS)]
            await gateway.until(lambda: gateway.alive)
            await blow(gateway)
            ready, _ = await school.ready()
            assert ready in (200, 503)
            began = monotonic()
            await gateway.until(lambda before=lines: len(gateway.lines) > before, 20)  # type: ignore[misc]
            waited = monotonic() - began - (MINUTE if blow is _zombie else 0)
            slowest = max(slowest, waited)
            await back(school)
            if number in (6, RECONNECTS - 1) or number % 50 == 25:
                assert (await school.says("王老师", "/本周备课")).strip()
                figures.append((resident(), len(os.listdir("/proc/self/fd"))))
            if random.random() < 0.3:  # noqa: S311 - some connections hold
                await asyncio.sleep(MINUTE)
        opens = most_in_a_minute(gateway.opens)
    grown, more = figures[-1][0] - figures[0][0], figures[-1][1] - figures[0][1]
    print(
        f"{RECONNECTS} ends, {len(gateway.opens)} opens, at most {opens} a minute, back after {slowest:.2f} s", end=""
    )
    print(f" (a minute is {MINUTE} s); {grown:+.1f} MiB, {more:+d} descriptors")
    assert slowest < MINUTE
    assert opens <= 12
    assert more <= 3
    assert grown < 5
