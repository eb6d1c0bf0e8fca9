"""The platform's limit, in any sixty seconds, whatever happens to us."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import cycle

import pytest

from bot.chat.transport import Abilities, Outgoing
from bot.clock import SCHOOL_ZONE
from bot.delivery.limits import WINDOW, Pace
from bot.simulator.transport import FINE, LOST_AFTER_BODY, REFUSED, RESET_AFTER_BODY
from tests.delivery.desk import Desk, MakeDesk

T0 = datetime(2026, 9, 7, 7, 0, tzinfo=SCHOOL_ZONE)


def most_in_a_minute(moments: Sequence[datetime]) -> int:
    """The fullest sliding minute, both ends counted in."""
    return max(sum(start <= each <= start + timedelta(seconds=60) for each in moments) for start in moments)


async def burst(desk: Desk, count: int, restart_each_minute: bool = False) -> list[datetime]:
    for n in range(count):
        await desk.put(f"{n}", kind="note", to=f"{n:04}", private=True)
    while due := await desk.sender.next_due():
        desk.clock.set(due)
        await desk.sender.drain()
        if restart_each_minute:
            await desk.restart()
    return [delivery.at for delivery in desk.robot.delivered]


@pytest.mark.parametrize("restart", [False, True], ids=["", "restarted"])
async def test_a_burst_of_a_hundred(desk: Desk, restart: bool) -> None:
    moments = await burst(desk, 100, restart)
    took = (moments[-1] - moments[0]).total_seconds() / 60
    assert len(moments) == len(set(desk.texts)) == 100
    assert desk.robot.violations == 0
    assert most_in_a_minute(moments) <= 20
    assert 4.0 < took <= 4.2


async def test_a_burst_through_a_third_of_faults_loses_nothing(desk: Desk) -> None:
    desk.ability(idempotent=True)
    faults = cycle([FINE, FINE, REFUSED, FINE, FINE, RESET_AFTER_BODY, FINE, FINE, FINE, LOST_AFTER_BODY])
    desk.robot.faults.extend(next(faults) for _ in range(400))
    moments = await burst(desk, 100, restart_each_minute=True)
    assert sorted(desk.texts, key=int) == [f"{n}" for n in range(100)], "none lost, none twice"
    assert desk.robot.violations == 0
    assert most_in_a_minute(moments) <= 20


@pytest.mark.parametrize("seen", ["at the start", "at the end", "now and then"])
async def test_the_limit_holds_whenever_the_platform_looks_at_a_slow_message(
    desk: Desk, seen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = cycle([0.1, 9.0, 0.1, 0.1, 3.0, 0.1])
    arrivals: list[datetime] = []
    take = desk.robot.send

    async def slow(message: Outgoing) -> None:
        latency = next(seconds)
        starts = seen == "at the start" or (seen == "now and then" and len(arrivals) % 2)
        arrivals.append(desk.now() + timedelta(seconds=0 if starts else latency))
        desk.forward(latency)
        await take(message)

    monkeypatch.setattr(desk.robot, "send", slow)
    await burst(desk, 70)
    assert len(arrivals) == 70
    assert most_in_a_minute(arrivals) <= 20


async def test_replies_to_one_channel_do_not_slow_another(make_desk: MakeDesk) -> None:
    desk = make_desk(robot=Abilities(per_minute=2), app=Abilities(per_minute=None))
    await desk.store.open()
    for n in range(6):
        await desk.put(f"{n}", to=f"r{n}")
        await desk.put(f"{n}", to=f"a{n}", channel="app")
    await desk.sender.drain()
    assert len(desk.transports["app"].delivered) == 6
    assert len(desk.robot.delivered) == 2


async def test_two_senders_share_one_limit(desk: Desk) -> None:
    other = desk.new_sender()
    for n in range(60):
        await desk.put(f"{n}", to=f"{n}")
    senders = cycle([desk.sender, other])
    while due := await desk.sender.next_due():
        desk.clock.set(due)
        await next(senders).drain()
    assert (len(desk.texts), desk.robot.violations) == (60, 0)


def test_what_the_pace_keeps_does_not_grow() -> None:
    limited = unlimited = Pace(channel="robot")
    for n in range(500):
        begin, end = T0 + timedelta(seconds=n), T0 + timedelta(seconds=n + 0.5)
        limited, unlimited = limited.begun(begin, 20).ended(end), unlimited.begun(begin, None).ended(end)
    assert (len(limited.sends), len(unlimited.sends)) == (20, 0)
    assert limited.sends[-1] == end


@pytest.mark.parametrize(
    ("sends", "per_minute", "free"),
    [
        ([], 20, 0),
        ([-1] * 19, 20, 0),
        ([-1] * 20, 20, 59.5),
        ([-60.5] + [-1] * 19, 20, 0),
        ([-60] + [-1] * 19, 20, 0.5),
        ([-1] * 50, None, 0),
        ([-30, -20, -10], 2, 40.5),
        ([-10, -30, -20], 2, 40.5),
        ([86_400] * 20, 20, 0),
        ([5] * 20, 20, 65.5),
    ],
)
def test_when_the_channel_is_free(sends: list[float], per_minute: int | None, free: float) -> None:
    pace = Pace(channel="robot", sends=tuple(T0 + timedelta(seconds=each) for each in sends))
    assert (pace.free_at(per_minute, T0) - T0).total_seconds() == free


def test_a_pause_written_by_a_clock_far_ahead_is_forgotten() -> None:
    ahead = Pace(channel="robot").paused(T0 + timedelta(days=40), 60)
    assert ahead.free_at(20, T0) == T0
    assert Pace(channel="robot").paused(T0, 600).free_at(20, T0) == T0 + timedelta(seconds=600)
    assert timedelta(seconds=61) > WINDOW
