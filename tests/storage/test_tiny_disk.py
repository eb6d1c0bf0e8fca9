"""The tiny backend on a disk that fills up, and on a slow one."""

import asyncio
import sqlite3
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.errors import ReadOnly
from bot.storage import record_file
from bot.storage.folder import Folder
from bot.storage.rows import Change
from bot.storage.tiny import TinyStore
from tests.storage.sample import GROUP, Message, Plain, everything, put, put_one, reopen


def opened(store: TinyStore) -> Folder:
    assert store._folder is not None
    return store._folder


# --- a batch fails ----------------------------------------------------------------------------------------------------


def fill_disk(store: TinyStore) -> None:
    """No page more for the file: SQLite then answers as on a full disk."""
    connection = opened(store).storage._connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count={pages}")


async def test_a_full_disk_fails_all_who_wait_and_nothing_half_stays(tiny: TinyStore) -> None:
    (kept,) = await put(tiny, Message(msgid="kept"))
    fill_disk(tiny)
    kept.msgid = "changed"

    async def change() -> None:
        async with tiny.transaction("group:b") as tx:
            await tx.within(GROUP).update(kept)
            await tx.add(Plain(text="大" * 100_000))

    waiting = [put(tiny, Plain(text="大" * 100_000)), change(), put(tiny, Message(msgid="new"), space="group:c")]
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(result) for result in results] == [ReadOnly] * 3
    assert "数据写不进磁盘" in str(results[0])
    assert not tiny.healthy
    with pytest.raises(ReadOnly):
        await put_one(tiny)
    with pytest.raises(ReadOnly):
        await anext(tiny.spaces())
    await tiny.open()
    assert tiny.healthy
    assert [message.msgid for message in await everything(tiny, Message)] == ["kept"]
    assert [space async for space in tiny.spaces()] == [GROUP]
    assert [record.id for record in await put(tiny, Message(msgid="changed"))] == [2]


async def test_a_transaction_open_while_a_batch_fails(tiny: TinyStore) -> None:
    reading, writing = tiny.transaction("group:a"), tiny.transaction("group:b")
    await reading.__aenter__()
    await (await writing.__aenter__()).add(Plain())
    fill_disk(tiny)
    with pytest.raises(ReadOnly):
        await put(tiny, Plain(text="大" * 100_000))
    for late in (reading, writing):
        with pytest.raises(ReadOnly):
            await late.__aexit__(None, None, None)
    await tiny.open()
    assert [space async for space in tiny.spaces()] == []


async def test_a_backup_can_be_made_of_a_read_only_store(tiny: TinyStore, tmp_path: Path) -> None:
    await put_one(tiny)
    fill_disk(tiny)
    with pytest.raises(ReadOnly):
        await put(tiny, Plain(text="大" * 100_000))
    await tiny.backup(str(tmp_path / "copy"))
    with sqlite3.connect(tmp_path / "copy") as copy:
        assert copy.execute("SELECT count(*) FROM changes").fetchone() == (1,)


# --- a slow disk ------------------------------------------------------------------------------------------------------


class SlowDisk:
    """Holds the writer thread before each batch until ``go`` is set."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.batches: list[int] = []
        self._write = record_file.append

    def write(self, connection: sqlite3.Connection, batch: list[Mapping[str, Change]]) -> None:
        self.batches.append(len(batch))
        assert self.go.wait(30)
        self._write(connection, batch)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> SlowDisk:
    disk = SlowDisk()
    monkeypatch.setattr(record_file, "append", disk.write)
    return disk


async def in_body(store: TinyStore, text: str, entered: asyncio.Event) -> None:
    async with store.transaction(GROUP) as tx:
        await tx.add(Plain(text=text))
        entered.set()


async def test_what_queues_during_an_fsync_is_one_batch(tiny: TinyStore, slow: SlowDisk) -> None:
    writers = [asyncio.create_task(put_one(tiny, f"group:{number}")) for number in range(30)]
    for _ in range(10):
        await asyncio.sleep(0)
    assert len(opened(tiny).storage.names()) == 30
    assert not any(writer.done() for writer in writers)
    slow.go.set()
    await asyncio.gather(*writers)
    assert sum(slow.batches) == 30
    assert len(slow.batches) == 2 or slow.batches == [30]


async def test_the_space_is_free_while_the_caller_waits_for_the_disk(tiny: TinyStore, slow: SlowDisk) -> None:
    first, second = asyncio.Event(), asyncio.Event()
    tasks = [asyncio.create_task(in_body(tiny, text, entered)) for text, entered in (("a", first), ("b", second))]
    await asyncio.wait_for(second.wait(), 5)
    assert not tasks[0].done()
    slow.go.set()
    await asyncio.gather(*tasks)


async def test_cancelled_during_the_fsync_the_write_stands_and_others_are_told(tiny: TinyStore, slow: SlowDisk) -> None:
    entered = asyncio.Event()
    cancelled = asyncio.create_task(in_body(tiny, "cancelled", entered))
    await entered.wait()
    other = asyncio.create_task(put_one(tiny, "group:b"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    slow.go.set()
    await other
    await reopen(tiny)
    assert [plain.text for plain in await everything(tiny, Plain)] == ["cancelled"]


async def test_reading_ends_when_what_was_read_is_durable(tiny: TinyStore, slow: SlowDisk) -> None:
    entered = asyncio.Event()
    writer = asyncio.create_task(in_body(tiny, "a", entered))
    await entered.wait()
    reader = asyncio.create_task(everything(tiny, Plain))
    for _ in range(10):
        await asyncio.sleep(0)
    assert not reader.done()
    slow.go.set()
    assert [plain.text for plain in await reader] == ["a"]
    await writer


async def test_one_who_gives_up_cannot_cancel_the_batch_of_the_others(tiny: TinyStore, slow: SlowDisk) -> None:
    storage = opened(tiny).storage
    mine, theirs = (storage.change({f"group:{name}/plain": Change({1: b"{}"})}) for name in "ab")
    assert not mine.cancel()
    slow.go.set()
    await asyncio.gather(asyncio.wrap_future(mine), asyncio.wrap_future(theirs))


async def test_sqlite_is_told_to_sync_every_commit(tiny: TinyStore) -> None:
    connection = opened(tiny).storage._connection
    found = [
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "fullfsync")
    ]
    assert found == ["wal", 2, 1]


async def test_one_sqlite_row_is_written_for_one_changed_record(tiny: TinyStore) -> None:
    records = await put(tiny, *(Plain() for _ in range(100)))
    connection = opened(tiny).storage._connection
    before = connection.total_changes
    async with tiny.transaction(GROUP) as tx:
        await tx.update(records[50])
    assert connection.total_changes - before == 1, "the record"
    await put(tiny, Plain())
    assert connection.total_changes - before == 2, "another record, which says that its id is given out"
