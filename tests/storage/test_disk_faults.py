"""The disk is full, broken or gone at any call: the old file is whole or the new one; what was promised is there."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

import pytest

from bot.errors import ReadOnly, StoreError
from bot.storage.backup import copy_database, put_back
from bot.storage.files import write_file
from bot.storage.folder import DATABASE
from bot.storage.tiny import TinyStore
from tests.crash.storage_writer import SPACES, Counter
from tests.storage.faults import Faults, broken_disk, killed_at, no_space, replace_open_file
from tests.storage.sample import Message, Plain, everything, put, put_one

ROOT = Path(__file__).resolve().parents[2]
linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux shows a process its open files")


def write(folder: Path, *texts: str) -> None:
    async def written() -> None:
        store = await TinyStore(folder).open()
        await put(store, *(Plain(text=text) for text in texts))
        await store.close()

    asyncio.run(written())


def texts_in(file: Path) -> list[str]:
    """The texts in a database file that is sound."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = connection.execute("SELECT json_extract(body, '$.record.text') FROM changes").fetchall()
    return sorted(text for (text,) in rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Data with "新", and beside it a copy from when there was only "旧"."""
    data = tmp_path / "0" / "数据 目录"
    write(data, "旧")
    copy_database(data / DATABASE, data.parent / "copy")
    write(data, "新")
    return data


def back_up(folder: Path) -> None:
    copy_database(folder / DATABASE, folder.parent / "copy")


def restore(folder: Path) -> None:
    put_back(folder.parent / "copy", folder / DATABASE)


def state(folder: Path) -> tuple[list[str], list[str]]:
    return texts_in(folder / DATABASE), texts_in(folder.parent / "copy")


BOTH, OLD = sorted(["旧", "新"]), ["旧"]
OPERATIONS = [
    pytest.param(back_up, (BOTH, OLD), (BOTH, BOTH), id="backup"),
    pytest.param(restore, (BOTH, OLD), (OLD, OLD), id="restore"),
]
Operation = Callable[[Path], None]
State = tuple[list[str], list[str]]


def copied(folder: Path, name: str) -> Path:
    shutil.copytree(folder.parent, folder.parent.with_name(name))
    return folder.parent.with_name(name) / folder.name


@pytest.mark.parametrize("fault", [no_space, broken_disk])
@pytest.mark.parametrize(("operation", "before", "after"), OPERATIONS)
def test_an_error_at_any_call_leaves_the_old_or_the_new(
    folder: Path, operation: Operation, before: State, after: State, fault: Callable[[], None]
) -> None:
    for at in range(1, 100):
        place = copied(folder, f"{at}")
        faults = Faults(at, fault)
        with faults.active(), suppress(StoreError, OSError):
            operation(place)
        assert state(place) in (before, after), at
        operation(place)
        assert state(place) == after
        if faults.calls < at:
            break
    assert 5 < at < 99
    assert not list(place.parent.rglob("*.partial"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot fork")
@pytest.mark.parametrize(("operation", "before", "after"), OPERATIONS)
def test_the_end_at_any_call_leaves_the_old_or_the_new(
    folder: Path, operation: Operation, before: State, after: State
) -> None:
    seen = []
    for at in range(1, 100):
        place = copied(folder, f"{at}")
        died = killed_at(at, partial(operation, place))
        seen.append(state(place))
        assert seen[-1] in (before, after), at
        if not died:
            break
    assert (seen[0], seen[-1]) == (before, after)
    assert 5 < at < 99


def test_the_log_of_the_old_data_is_never_read_as_the_copys(folder: Path) -> None:
    """A bot that was killed has left records in the log alone; restoring must not mix them into the copy."""
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        connection.execute("UPDATE changes SET body = replace(body, '新', '更新')")
        connection.commit()
        killed = copied(folder, "killed")
    assert (killed / f"{DATABASE}-wal").stat().st_size > 0
    restore(killed)
    assert texts_in(killed / DATABASE) == OLD


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot fork")
def test_a_text_is_the_old_or_the_new_whenever_writing_was_cut_off(tmp_path: Path) -> None:
    target, old, new = tmp_path / "config.toml", "旧的" * 50_000, "新的" * 40_000
    for at in range(1, 100):
        target.write_text(old, encoding="utf-8")
        died = killed_at(at, partial(write_file, target, new))
        assert target.read_text(encoding="utf-8") in (old, new)
        if not died:
            break
    assert target.read_text(encoding="utf-8") == new
    assert 3 < at < 99


@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot fork")
def test_a_folder_can_be_opened_whenever_the_first_opening_was_cut_off(tmp_path: Path) -> None:
    for at in range(1, 100):
        place = tmp_path / f"{at}" / "data"
        place.parent.mkdir()
        died = killed_at(at, partial(write, place, "一"))
        write(place, "二")
        assert texts_in(place / DATABASE) in (["二"], sorted(["一", "二"]))
        if not died:
            break
    assert texts_in(place / DATABASE) == sorted(["一", "二"])
    assert 5 < at < 99


# --- while the store is open ------------------------------------------------------------------------------------------


@linux
@pytest.mark.parametrize("name", [f"{DATABASE}-wal", DATABASE])
@pytest.mark.parametrize("device", ["/proc/self/mem", "/dev/null"])  # every call: EIO; only fsync: an error
async def test_a_device_that_fails_under_an_open_store(tiny: TinyStore, name: str, device: str) -> None:
    await put(tiny, *(Message(msgid=f"{number}") for number in range(50)))
    replace_open_file(tiny._path / name, device)
    acknowledged = 50
    with suppress(ReadOnly):  # the file itself is touched only when the log is moved into it
        for _ in range(3):
            await put(tiny, Message(msgid=f"{acknowledged}"))
            acknowledged += 1
    failed = not tiny.healthy
    assert failed == (name != DATABASE)
    assert ("数据写不进磁盘" in tiny.trouble) == failed
    await tiny.close()
    await tiny.open()
    stored = [int(message.msgid) for message in await everything(tiny, Message)]
    assert stored in (list(range(acknowledged)), list(range(acknowledged + 1)))
    await put(tiny, Message(msgid="again"))
    assert tiny.trouble == ""


async def test_opening_moves_everything_out_of_the_log(tiny: TinyStore, tmp_path: Path) -> None:
    """After a failed fsync the log may be complete in memory only; nothing new may stand behind such a hole."""
    await put(tiny, Message(msgid="in the log"))
    shutil.copytree(tiny._path, tmp_path / "killed")
    assert (tmp_path / "killed" / f"{DATABASE}-wal").stat().st_size > 0
    store = await TinyStore(tmp_path / "killed").open()
    assert (tmp_path / "killed" / f"{DATABASE}-wal").stat().st_size == 0
    assert [message.msgid for message in await everything(store, Message)] == ["in the log"]
    await store.close()


async def test_a_store_that_cannot_be_opened_yet_says_why_and_is_not_called_damaged(
    tiny: TinyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put_one(tiny)
    await tiny.close()
    with monkeypatch.context() as full:
        full.setattr("bot.storage.sqlite._PRAGMAS", ("PRAGMA query_only=ON",))
        with pytest.raises(StoreError, match=r"现在打不开.*检查磁盘空间"):
            await tiny.open()
        assert "现在打不开" in tiny.trouble
        with pytest.raises(ReadOnly, match="现在打不开"):
            await put_one(tiny)
    await tiny.open()
    assert len(await everything(tiny, Plain)) == 1


@linux
@pytest.mark.parametrize("limit", [60_000, 400_000])
def test_a_file_that_may_not_grow_loses_nothing_acknowledged(tmp_path: Path, limit: int) -> None:
    """A process of its own whose files may have so many bytes: the kernel refuses the write that goes beyond."""
    import resource

    command = [sys.executable, str(ROOT / "tests" / "crash" / "storage_writer.py"), str(tmp_path / "data")]
    done = subprocess.run(
        command,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        timeout=30,
    )
    assert "数据写不进磁盘" in done.stderr
    acknowledged = dict(map(int, line.split()) for line in done.stdout.splitlines()[1:])
    assert acknowledged
    stored = asyncio.run(counters(tmp_path / "data"))
    assert all(stored[number] >= count for number, count in acknowledged.items())


async def counters(folder: Path) -> list[int]:
    """How many transactions each space has."""
    store = await TinyStore(folder).open()
    found = []
    for number in range(SPACES):
        async with store.transaction(f"group:{number}") as tx:
            counter = await tx.get(Counter, 1)
            found.append(counter.value if counter else 0)
    await store.close()
    return found
