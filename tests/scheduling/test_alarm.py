"""The alarm clock fires, in order, and survives what it wakes."""

import asyncio
import logging
from datetime import timedelta

import pytest
import structlog
from apscheduler.job import Job
from apscheduler.triggers.interval import IntervalTrigger

from bot.clock import SCHOOL_ZONE
from bot.scheduling.alarm import Alarm
from tests.scheduling.school import when

OFTEN = IntervalTrigger(seconds=0.01)


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
    alarm = Alarm(tick, nothing, SCHOOL_ZONE, OFTEN)
    alarm.start()
    await asyncio.wait_for(tick.enough.wait(), 5)
    alarm.stop()
    alarm.stop()


async def test_a_defect_does_not_stop_it() -> None:
    tick = Woken(3, ZeroDivisionError("engine"))
    with structlog.testing.capture_logs() as logs:
        alarm = Alarm(tick, nothing, SCHOOL_ZONE, OFTEN)
        alarm.start()
        await asyncio.wait_for(tick.enough.wait(), 5)
        alarm.stop()
    assert {log["event"] for log in logs} == {"alarm.failed"}


async def test_a_long_tick_is_not_run_twice_at_once() -> None:
    """A second alarm on the same trigger shows that time enough went by for eight more rings."""
    entered, go, rings = asyncio.Event(), asyncio.Event(), []

    async def tick() -> None:
        rings.append(1)
        entered.set()
        await go.wait()

    other = Woken(8)
    alarms = [Alarm(tick, nothing, SCHOOL_ZONE, OFTEN), Alarm(other, nothing, SCHOOL_ZONE, OFTEN)]
    for alarm in alarms:
        alarm.start()
    await entered.wait()
    await asyncio.wait_for(other.enough.wait(), 5)
    assert rings == [1]
    go.set()
    for alarm in alarms:
        alarm.stop()


async def test_stopping_cuts_off_what_runs_and_that_is_no_defect(caplog: pytest.LogCaptureFixture) -> None:
    entered, ended = asyncio.Event(), asyncio.Event()

    async def tick() -> None:
        entered.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    alarm = Alarm(tick, nothing, SCHOOL_ZONE, OFTEN)
    alarm.start()
    await entered.wait()
    alarm.stop()
    await asyncio.wait_for(ended.wait(), 5)
    await asyncio.sleep(0.01)  # APScheduler has its say
    assert [record for record in caplog.records if record.levelno > logging.INFO] == []


def jobs(alarm: Alarm) -> dict[str, Job]:
    return {job.id: job for job in alarm._scheduler.get_jobs()}


def test_every_minute_but_never_at_the_full_one() -> None:
    trigger = jobs(Alarm(nothing, nothing, SCHOOL_ZONE))["tick"].trigger
    moment = when("2026-09-07T07:59:50")
    last, fired = None, []
    for _ in range(200):
        following = trigger.get_next_fire_time(last, moment)
        fired.append(following)
        last, moment = following, following + timedelta(seconds=31)
    assert all(5 <= fire.second <= 30 for fire in fired)
    assert len({fire.minute for fire in fired[:60]}) == 60


def test_the_house_is_cleaned_at_three() -> None:
    trigger = jobs(Alarm(nothing, nothing, SCHOOL_ZONE))["nightly"].trigger
    following = trigger.get_next_fire_time(None, when("2026-09-07T22:00"))
    assert (following.day, following.hour) == (8, 3)


def test_nothing_is_dropped_for_being_late() -> None:
    scheduler = Alarm(nothing, nothing, SCHOOL_ZONE)._scheduler
    assert scheduler._job_defaults == {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
