"""The alarm clock fires, in order, and survives what it wakes."""

import asyncio
from datetime import datetime, timedelta

import structlog
from apscheduler.triggers.interval import IntervalTrigger

from bot.clock import SCHOOL_ZONE, in_zone
from bot.scheduling.alarm import Alarm, each_minute, each_night

OFTEN = IntervalTrigger(seconds=0.01)
NEVER = IntervalTrigger(days=1)


class Woken:
    def __init__(self, times: int, error: Exception | None = None) -> None:
        self.left = times
        self.error = error
        self.enough = asyncio.Event()

    async def __call__(self) -> None:
        self.left -= 1
        if self.left <= 0:
            self.enough.set()
        if self.error:
            raise self.error


async def nothing() -> None:
    return None


async def test_it_wakes_the_engine() -> None:
    tick = Woken(3)
    alarm = Alarm(tick, nothing, SCHOOL_ZONE, minutely=OFTEN, nightly=NEVER)
    alarm.start()
    await asyncio.wait_for(tick.enough.wait(), 5)
    alarm.stop()
    alarm.stop()


async def test_it_wakes_the_housekeeping() -> None:
    clean = Woken(1)
    alarm = Alarm(nothing, clean, SCHOOL_ZONE, minutely=NEVER, nightly=OFTEN)
    alarm.start()
    await asyncio.wait_for(clean.enough.wait(), 5)
    alarm.stop()


async def test_a_defect_does_not_stop_it() -> None:
    tick = Woken(3, ZeroDivisionError("engine"))
    with structlog.testing.capture_logs() as logs:
        alarm = Alarm(tick, nothing, SCHOOL_ZONE, minutely=OFTEN, nightly=NEVER)
        alarm.start()
        await asyncio.wait_for(tick.enough.wait(), 5)
        alarm.stop()
    assert {(log["event"], log["job"]) for log in logs} == {("alarm.failed", "tick")}


async def test_a_long_tick_is_not_run_twice_at_once() -> None:
    inside, most, entered, go = 0, 0, asyncio.Event(), asyncio.Event()

    async def tick() -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        entered.set()
        await go.wait()
        inside -= 1

    clean = Woken(8)
    alarm = Alarm(tick, clean, SCHOOL_ZONE, minutely=OFTEN, nightly=OFTEN)
    alarm.start()
    await entered.wait()
    await asyncio.wait_for(clean.enough.wait(), 5)  # the night's job fired eight times meanwhile
    go.set()
    alarm.stop()
    assert most == 1


async def test_stopping_cuts_off_what_runs() -> None:
    entered, ended = asyncio.Event(), asyncio.Event()

    async def tick() -> None:
        entered.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    alarm = Alarm(tick, nothing, SCHOOL_ZONE, minutely=OFTEN, nightly=NEVER)
    alarm.start()
    await entered.wait()
    alarm.stop()
    await asyncio.wait_for(ended.wait(), 5)


def test_every_minute_but_never_at_the_full_hour() -> None:
    moment = in_zone(datetime(2026, 9, 7, 7, 59, 50))
    last, fired = None, []
    for _ in range(200):
        following = each_minute(SCHOOL_ZONE).get_next_fire_time(last, moment)
        assert following is not None
        fired.append(following)
        last, moment = following, following + timedelta(seconds=31)
    assert all(10 <= fire.second <= 40 for fire in fired)
    assert len({fire.minute for fire in fired[:60]}) == 60


def test_the_house_is_cleaned_at_three() -> None:
    evening = in_zone(datetime(2026, 9, 7, 22, 0))
    for _ in range(50):
        following = each_night(SCHOOL_ZONE).get_next_fire_time(None, evening)
        assert following is not None
        assert (following.day, following.hour) == (8, 3)
        assert 7 <= following.minute <= 27
