"""What ``bot/storage/store.py`` promises of the store as a whole, asked of every backend."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import SCHOOL_ZONE
from bot.errors import ReadOnly
from bot.storage import Record, Store
from tests.storage.sample import GROUP, Plain, everything, put, put_one, reopen

# --- the store itself -------------------------------------------------------------------------------------------------


async def test_spaces_that_hold_something(store: Store) -> None:
    for space in ("group:b", "system", "group:a/1", "group:a"):
        await put_one(store, space)
    (gone,) = await put(store, Plain(), space="group:gone")
    async with store.transaction("group:gone") as tx:
        await tx.remove(gone)
    async with store.transaction("group:looked") as tx:
        await tx.scan(Plain)
    for _ in range(2):
        assert [space async for space in store.spaces("group:")] == ["group:a", "group:a/1", "group:b"]
        assert [space async for space in store.spaces()][-1] == "system"
        assert [space async for space in store.spaces("nothing")] == []
        await reopen(store)


async def test_a_closed_store_is_read_only_and_opens_again(store: Store) -> None:
    assert store.healthy
    assert await store.open() is store
    await store.close()
    await store.close()
    assert not store.healthy
    with pytest.raises(ReadOnly):
        await put_one(store)
    with pytest.raises(ReadOnly):
        _ = [space async for space in store.spaces()]
    await store.open()
    await put_one(store)


async def test_closing_under_an_open_transaction(store: Store) -> None:
    opened = store.transaction(GROUP)
    tx = await opened.__aenter__()
    await tx.add(Plain())
    await reopen(store)
    with pytest.raises(ReadOnly):
        await opened.__aexit__(None, None, None)
    assert await everything(store, Plain) == []


async def test_close_finishes_what_is_queued(store: Store) -> None:
    writers = [asyncio.create_task(put_one(store, f"group:{n}")) for n in range(20)]
    await asyncio.sleep(0)
    await store.close()
    done = await asyncio.gather(*writers, return_exceptions=True)
    await store.open()
    assert len([space async for space in store.spaces()]) == done.count(None)


async def test_backup_is_whole_while_others_write(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "备份 夹" / "一号.backup"
    stop = asyncio.Event()

    async def write() -> None:
        while not stop.is_set():
            async with store.transaction(GROUP) as tx:
                await tx.add(Plain())
                await tx.within("system").add(Plain())

    await put(store, Plain(text="before"))
    writer = asyncio.create_task(write())
    for _ in range(3):
        await store.backup(str(target))
        assert target.stat().st_size > 0
    stop.set()
    await writer
    assert [path.name for path in target.parent.iterdir()] == [target.name]


# --- fields change ----------------------------------------------------------------------------------------------------


def versions() -> tuple[type[Record], type[Record]]:
    class Old(Record):
        TABLE = "lesson"
        name: str

    class New(Record):
        TABLE = "lesson"
        SCHEMA = 3
        INDEXES = ("title",)
        title: str
        day: date

        @classmethod
        def upgrade(cls, schema: int, data: dict[str, Any]) -> dict[str, Any]:
            assert schema == 1
            return {
                **{key: value for key, value in data.items() if key != "name"},
                "title": data["name"],
                "day": date.min,
            }

    return Old, New


async def test_old_documents_are_brought_up_to_date(store: Store) -> None:
    old, new = versions()
    await put(store, old(name="荷塘月色"))  # type: ignore[call-arg]
    await reopen(store)
    for _ in range(2):
        async with store.transaction(GROUP) as tx:
            (found,) = await tx.find(new, title="荷塘月色")
            assert found.model_dump(include={"id", "revision", "day"}) == {"id": 1, "revision": 1, "day": date.min}
        await reopen(store)
    async with store.transaction(GROUP) as tx:
        await tx.update(found)
    await reopen(store)
    assert [record.revision for record in await everything(store, new)] == [2]


async def test_documents_of_a_newer_program_are_refused(store: Store) -> None:
    old, new = versions()
    await put(store, new(title="荷塘月色", day=date.max))  # type: ignore[call-arg]
    await reopen(store)
    with pytest.raises(Exception, match="更新的版本"):
        await everything(store, old)


async def test_times_keep_their_moment(store: Store) -> None:
    moments = [datetime(2026, 9, 7, 23, 59, 59, 999999, tzinfo=zone) for zone in (SCHOOL_ZONE, UTC)]
    await put(store, *(Plain(created=moment) for moment in moments))
    await reopen(store)
    read = [plain.created for plain in await everything(store, Plain)]
    assert read == moments
    assert read[0] is not None
    assert read[0].utcoffset() == timedelta(hours=8)
