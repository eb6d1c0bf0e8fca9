"""The night's copy: that it is whole, which old ones go, what is never touched, and what happens when it fails."""

import asyncio
import os
import signal
import sqlite3
import sys
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
import structlog

from bot.app import Bot, Playhouse, assemble
from bot.clock import MovableClock
from bot.domain.groups import GroupRecord
from bot.domain.people import SYSTEM
from bot.scheduling.backups import Backups, outdated
from bot.storage.tiny import TinyStore
from tests.scheduling.school import when

ROOT = Path(__file__).resolve().parents[2]


def copies(data: Path) -> list[str]:
    return sorted(path.name for path in (data / "backups").iterdir())


def bot_of(house: Playhouse, clock: MovableClock) -> Bot:
    data = house.path / "store"
    return assemble(house.store, clock, {}, backups=Backups(data, clock))


async def test_the_night_copies_what_is_there_and_the_copy_opens(tmp_path: Path) -> None:
    house = Playhouse(tmp_path, None)
    async with house:
        clock = MovableClock(when("2026-09-08T03:23"))
        await bot_of(house, clock).nightly()
    (tmp_path / "second").mkdir()
    (house.path / "store" / "backups" / "nightly-2026-09-08.sqlite3").rename(tmp_path / "second" / "records.sqlite3")
    store = await TinyStore(tmp_path / "second").open()
    async with store.transaction(SYSTEM) as tx:
        assert [record.key for record in await tx.scan(GroupRecord)] == ["chinese", "research"]
    await store.close()


async def test_a_machine_that_sleeps_at_night_gets_its_copy_in_the_morning_and_only_one(tmp_path: Path) -> None:
    house = Playhouse(tmp_path, None)
    async with house:
        clock = MovableClock(when("2026-09-08T03:00"))
        bot, data = bot_of(house, clock), house.path / "store"
        await bot.tick()
        assert not (data / "backups").exists()
        clock.set(when("2026-09-08T07:05"))
        await bot.tick()
        (made,) = copies(data)
        first = (data / "backups" / made).stat().st_mtime_ns
        clock.set(when("2026-09-08T12:05"))
        await bot.tick()
        assert (made, (data / "backups" / made).stat().st_mtime_ns) == ("nightly-2026-09-08.sqlite3", first)


async def test_only_its_own_old_copies_go(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    with closing(sqlite3.connect(tmp_path / "records.sqlite3")) as database:
        database.execute("create table t (x)")
    others = ["20260101-120000.sqlite3", "nightly-2026-02-30.sqlite3", "nightly-2026-03-05.sqlite3.old", "照片.jpg"]
    for name in [*others, "nightly-2026-03-05.sqlite3", "nightly-2026-03-09.sqlite3", "nightly-2026-09-01.sqlite3"]:
        (folder / name).write_text("x")
    (folder / "nightly-2026-03-10.sqlite3").mkdir()
    clock = MovableClock(when("2026-09-08T03:23"))
    await Backups(tmp_path, clock).run()
    kept = ["nightly-2026-03-05.sqlite3", "nightly-2026-03-10.sqlite3", "nightly-2026-09-01.sqlite3"]
    assert copies(tmp_path) == sorted([*others, *kept, "nightly-2026-09-08.sqlite3"])


def test_a_year_of_nights_leaves_a_fortnight_and_the_months() -> None:
    kept: set[date] = set()
    for n in range(500):
        today = date(2026, 9, 8) + timedelta(days=n)
        kept = (kept | {today}) - outdated(kept | {today}, today)
    assert today == date(2028, 1, 20)
    fortnight = [today - timedelta(days=n) for n in range(14)]
    firsts = [date(2027, month, 1) for month in range(2, 13)] + [date(2028, 1, 1)]
    assert sorted(kept) == sorted({*fortnight, *firsts})


def test_the_first_copy_of_a_month_need_not_be_of_its_first_day() -> None:
    assert outdated([date(2026, 6, 8), date(2026, 6, 9)], date(2026, 9, 1)) == {date(2026, 6, 9)}
    assert outdated([date(2027, 1, 1), date(2026, 9, 1)], date(2026, 9, 1)) == set()


async def test_a_failure_is_logged_removes_nothing_and_is_tried_again_in_an_hour(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for name in ("nightly-2026-03-05.sqlite3", "nightly-2026-03-09.sqlite3"):
        (folder / name).write_text("x")
    clock = MovableClock(when("2026-09-08T07:00"))
    backups = Backups(tmp_path, clock)
    with structlog.testing.capture_logs() as logs:
        await backups.catch_up()  # there is no database to copy
        await backups.catch_up()
        assert [log["event"] for log in logs] == ["tidy.failed", "backup.failed"]
        clock.set(clock.now() + timedelta(hours=1))
        await backups.catch_up()
    assert [log["event"] for log in logs] == ["tidy.failed", "backup.failed"] * 2
    assert len(copies(tmp_path)) == 2


def a_database(folder: Path, megabytes: int) -> None:
    with closing(sqlite3.connect(folder / "records.sqlite3")) as database:
        database.execute("create table t (x)")
        database.executemany("insert into t values (zeroblob(1000000))", [()] * megabytes)
        database.commit()


WRITES = """
import asyncio, pathlib, sys
from bot.clock import MovableClock, in_zone
from bot.scheduling.backups import Backups
from datetime import datetime
clock = MovableClock(in_zone(datetime.fromisoformat("2026-09-08T03:23")))
asyncio.run(Backups(pathlib.Path(sys.argv[1]), clock).run())
"""


async def killed_while_copying(data: Path) -> list[str]:
    """What stands in the folder of copies after the process was killed in the middle of one."""
    folder = data / "backups"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", WRITES, str(data), cwd=ROOT)
    async with asyncio.timeout(30):
        while not any(path.stat().st_size for path in folder.glob(".nightly-*.partial")):
            assert process.returncode is None, "it was done before it could be killed"
            await asyncio.sleep(0.001)
    os.kill(process.pid, signal.SIGKILL)
    await process.wait()
    return [name for name in copies(data) if name.startswith(".")]


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
async def test_a_copy_killed_half_way_is_cleared_away_and_the_good_ones_stay(tmp_path: Path) -> None:
    a_database(tmp_path, 60)
    folder = tmp_path / "backups"
    folder.mkdir()
    for name in ("nightly-2026-09-07.sqlite3", "20260907-120000.sqlite3", ".notes.partial"):
        (folder / name).write_text("good")
    assert [name for name in await killed_while_copying(tmp_path) if name.startswith(".nightly-2026-09-08")]
    assert not (folder / "nightly-2026-09-08.sqlite3").exists()
    clock = MovableClock(when("2026-09-08T04:00"))
    await Backups(tmp_path, clock).catch_up()
    kept = [".notes.partial", "20260907-120000.sqlite3", "nightly-2026-09-07.sqlite3"]
    assert copies(tmp_path) == sorted([*kept, "nightly-2026-09-08.sqlite3"])
    assert [(folder / name).read_text() for name in kept] == ["good"] * 3
    with closing(sqlite3.connect(folder / "nightly-2026-09-08.sqlite3")) as copy:
        assert copy.execute("select count(*) from t").fetchone() == (60,)


async def test_half_a_copy_by_hand_may_be_under_way_and_goes_after_a_day(tmp_path: Path) -> None:
    a_database(tmp_path, 1)
    folder = tmp_path / "backups"
    folder.mkdir()
    old, fresh = (folder / f".2026090{n}-120000.sqlite3.77.99.partial" for n in (6, 8))
    for path, moment in ((old, "2026-09-06T12:00"), (fresh, "2026-09-08T03:20")):
        path.write_text("half")
        os.utime(path, (when(moment).timestamp(), when(moment).timestamp()))
    await Backups(tmp_path, MovableClock(when("2026-09-08T03:23"))).run()
    assert copies(tmp_path) == [fresh.name, "nightly-2026-09-08.sqlite3"]
