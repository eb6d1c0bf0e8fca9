"""What only the tiny backend has: a data folder of its own."""

import asyncio
import gc
import os
import sqlite3
import stat
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.clock import SCHOOL_ZONE, MovableClock
from bot.errors import Locked, StoreError
from bot.storage import record_file
from bot.storage.folder import DATABASE
from bot.storage.tiny import TinyStore
from tests.storage.sample import GROUP, Plain, Seat, everything, put, put_one

# --- the data folder --------------------------------------------------------------------------------------------------


async def test_a_second_store_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    clock = MovableClock(datetime(2026, 9, 7, 23, 59, tzinfo=SCHOOL_ZONE))
    folder = tmp_path / "数据 目录"
    holder = await TinyStore(folder, clock).open()
    with pytest.raises(Locked, match=rf"进程 {os.getpid()}\uff0c主机 .+\uff0c从 2026-09-07 23:59\+08:00 开始"):
        await TinyStore(folder).open()
    await holder.close()
    second = await TinyStore(folder).open()
    await second.close()


async def test_another_process_is_kept_out(tiny: TinyStore) -> None:
    script = (
        "import asyncio, sys; from pathlib import Path\n"
        "from bot.errors import Locked; from bot.storage.tiny import TinyStore\n"
        "try: asyncio.run(TinyStore(Path(sys.argv[1])).open())\n"
        "except Locked as error: sys.stdout.buffer.write(str(error).encode())\n"
    )
    command = [sys.executable, "-c", script, str(tiny._path)]
    done = await asyncio.to_thread(subprocess.run, command, stdout=subprocess.PIPE, timeout=30)
    assert f"进程 {os.getpid()}" in done.stdout.decode()


@pytest.mark.parametrize("note", [b"", b"\xff", b"[]", b'{"pid": 1'])
async def test_a_note_that_says_nothing(tiny: TinyStore, note: bytes) -> None:
    (tiny._path / "lock").write_bytes(note)
    with pytest.raises(Locked, match="正被另一个程序使用\uff0c请先停止它"):
        await TinyStore(tiny._path).open()


async def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("a file, not a folder")
    with pytest.raises(StoreError, match="请换一个可以写入的目录"):
        await TinyStore(tmp_path / "文件").open()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
async def test_the_folder_is_the_owners_alone(tiny: TinyStore, tmp_path: Path) -> None:
    assert stat.S_IMODE(tiny._path.stat().st_mode) == 0o700
    await tiny.backup(str(tmp_path / "copy"))
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o600


def newer_format(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version={record_file.FORMAT + 1}")
    connection.close()


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda path: path.write_bytes(b"no database" * 1000), "打不开或已损坏"),
        (lambda path: path.write_bytes(path.read_bytes()[:5000]), "打不开或已损坏"),
        (newer_format, "由更新的版本写成"),
    ],
)
async def test_a_file_that_cannot_be_used(tiny: TinyStore, spoil: Any, sentence: str) -> None:
    await put(tiny, *(Plain(text="文" * 500) for _ in range(100)))
    await tiny.close()
    spoil(tiny._path / DATABASE)
    for _ in range(2):
        with pytest.raises(StoreError, match=sentence):
            await tiny.open()
        assert not tiny.healthy


async def test_a_backup_opens_as_a_store(tiny: TinyStore, tmp_path: Path) -> None:
    seats = await put(tiny, Seat(lesson=1, notes=["🌸"]), Seat(lesson=2))
    target = tmp_path / "另一个" / DATABASE
    target.parent.mkdir()
    target.write_text("an older backup")
    await tiny.backup(str(target))
    await put(tiny, Seat(lesson=3))
    copy = await TinyStore(target.parent).open()
    assert await everything(copy, Seat) == seats
    await copy.close()


async def test_a_backup_that_fails_leaves_the_old_one(tiny: TinyStore, tmp_path: Path) -> None:
    (tmp_path / "folder" / "inside").mkdir(parents=True)
    with pytest.raises(StoreError, match="备份没有写成"):
        await tiny.backup(str(tmp_path / "folder"))
    assert not [name for name in os.listdir(tmp_path) if "partial" in name]
    with pytest.raises(StoreError, match="没有找到数据文件"):
        await TinyStore(tmp_path / "nothing here").backup(str(tmp_path / "copy"))


# --- mistakes of the program ------------------------------------------------------------------------------------------


async def test_two_kinds_cannot_share_a_table(tiny: TinyStore) -> None:
    other = type("Other", (Plain,), {})
    nameless = type("Nameless", (Plain,), {"TABLE": ""})
    async with tiny.transaction(GROUP) as tx:
        await tx.add(Plain())
        for wrong in (other, nameless):
            with pytest.raises(TypeError):
                await tx.get(wrong, 1)
    with pytest.raises(ValueError, match="space"):
        await put_one(tiny, "")


async def test_the_query_cache_is_off(tiny: TinyStore) -> None:
    await put_one(tiny)
    assert tiny._folder is not None
    table = tiny._folder._database.table(f"{GROUP}/plain")
    assert table.search(lambda document: bool(document["record"])) != []
    assert len(table._query_cache) == 0


async def test_a_transaction_leaves_no_rings_to_collect(tiny: TinyStore) -> None:
    """What is only in rings waits for the garbage collector, which holds up answers."""
    await put(tiny, Plain(text="a"))
    gc.collect()
    gc.disable()
    try:
        for _ in range(3):
            async with tiny.transaction(GROUP) as tx:
                await tx.within("system").add(Seat(lesson=(await tx.count(Plain)), member=None))
                await tx.find(Seat, lesson=1)
        assert gc.collect() == 0
    finally:
        gc.enable()
