"""The night's copy: that it is whole, which old ones go, what is never touched, and what happens when it fails."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import structlog

from bot.app import Bot, Playhouse, assemble
from bot.clock import MovableClock
from bot.domain.groups import GroupRecord
from bot.domain.people import SYSTEM
from bot.scheduling.backups import Backups, outdated
from bot.storage.tiny import TinyStore
from tests.scheduling.school import when


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
        assert [log["event"] for log in logs] == ["backup.failed"]
        clock.set(clock.now() + timedelta(hours=1))
        await backups.catch_up()
    assert [log["event"] for log in logs] == ["backup.failed"] * 2
    assert len(copies(tmp_path)) == 2
