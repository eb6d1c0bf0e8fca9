"""The power goes between two writes, or inside one: what may then lie on the disk is opened again.

SQLite appends to its log and syncs it at every commit; now and then it moves the log into the file and begins it anew.
A power cut keeps what was synced, and of the rest any part. So the folder is copied after each commit, and between two
copies every state is made that the disk could be in. ``CRASH_ROUNDS`` above 50 makes it longer.
"""

import os
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from bot.storage.folder import DATABASE
from bot.storage.tiny import TinyStore
from tests.crash.storage_writer import Counter, Line

LONG = int(os.environ.get("CRASH_ROUNDS", "0")) >= 50
COMMITS = 60 if LONG else 7
CHECKPOINT = 3
"""Pages in the log after which SQLite moves it into the file: twice in a short story."""

SECTOR = 512
PAGE = 4096
HEADER, FRAME_HEADER = 32, 24  # bytes of the log's own (https://www.sqlite.org/fileformat2.html#walformat)
FRAME = FRAME_HEADER + PAGE
TORN = (0, 8, FRAME_HEADER, FRAME_HEADER + SECTOR, FRAME - SECTOR) if LONG else (0, 8, FRAME_HEADER + SECTOR)
"""Where in a frame writing may stop."""


@dataclass(frozen=True)
class Disk:
    """What lies in the folder, and how many transactions are acknowledged."""

    acknowledged: int
    file: bytes
    log: bytes
    index: bytes


async def count(store: TinyStore) -> None:
    """A transaction over three tables of two spaces."""
    async with store.transaction("group:0") as tx:
        counter = await tx.get(Counter, 1) or await tx.add(Counter())
        counter.value += 1
        await tx.update(counter)
        await tx.add(Line(space=0, value=counter.value))
        await tx.within("system").add(Line(space=0, value=counter.value))


async def story(folder: Path) -> list[Disk]:
    """The folder after each commit."""
    store = await TinyStore(folder).open()
    assert store._folder is not None
    store._folder.storage._connection.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT}")
    disks = []
    for number in range(COMMITS):
        disks.append(look(folder, number))
        await count(store)
    disks.append(look(folder, COMMITS))
    await store.close()
    return disks


def look(folder: Path, acknowledged: int) -> Disk:
    names = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm")
    return Disk(acknowledged, *((folder / name).read_bytes() for name in names))


def cuts(before: bytes, after: bytes) -> Iterator[int]:
    """Where writing may have stopped: at the borders of the log's frames, in their heads and in their pages."""
    changed = [at for at in range(0, len(after), 8) if before[at : at + 8] != after[at : at + 8]]
    first, last = changed[0], changed[-1] + 8
    frames = range(HEADER, last + 1, FRAME)
    steps = [at + part for at in frames for part in TORN]
    return (at for at in sorted({first, HEADER // 2, *steps}) if first <= at < last)


def during(before: Disk, after: Disk) -> Iterator[Disk]:
    """Every state between two commits: the log half written, then the file half brought up to date."""
    for cut in cuts(before.log, after.log):
        yield Disk(before.acknowledged, before.file, after.log[:cut] + before.log[cut:], before.index)
    for _ in range(20 if LONG else 2):
        yield Disk(before.acknowledged, before.file, mixed(begun(before.log, after.log), after.log), b"")
    if before.file != after.file:
        for cut in range(0, len(after.file) + 1, PAGE // 2 if LONG else PAGE + SECTOR):
            yield Disk(after.acknowledged, after.file[:cut] + before.file[cut:], after.log, b"")
        for _ in range(20 if LONG else 4):
            yield Disk(after.acknowledged, mixed(before.file, after.file), after.log, after.index)


def begun(before: bytes, after: bytes) -> bytes:
    """The log as it surely lies on the disk before a frame is written: the header of one begun anew is synced first, or
    frames of the old one could be taken for its own (wal.c, sqlite3WalFrames: ticket ff5be73dee)."""
    return after[:HEADER] + before[HEADER:]


def mixed(before: bytes, after: bytes) -> bytes:
    """Some sectors of the one and some of the other: a disk need not write in order what is not synced yet."""
    old = before.ljust(len(after), b"\0")
    whose = [random.choice((old, after)) for _ in range(0, len(after), SECTOR)]  # noqa: S311 - any will do
    return b"".join(w[n * SECTOR : (n + 1) * SECTOR] for n, w in enumerate(whose)) + before[len(after) :]


def lay(folder: Path, disk: Disk) -> None:
    """Make the folder be what the disk holds."""
    folder.mkdir(exist_ok=True)
    for name, content in (("", disk.file), ("-wal", disk.log), ("-shm", disk.index)):
        (folder / (DATABASE + name)).write_bytes(content)


async def reopened(folder: Path, disk: Disk) -> int:
    """Open what the disk holds and count what is there; nothing may be damaged or half."""
    lay(folder, disk)
    store = await TinyStore(folder).open()
    async with store.transaction("group:0") as tx:
        counter = await tx.get(Counter, 1)
        here = [line.value for line in await tx.scan(Line)]
        there = [line.value for line in await tx.within("system").scan(Line)]
    await store.close()
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    done = counter.value if counter else 0
    assert here == there == list(range(1, done + 1))
    return done


@pytest.mark.timeout(600 if LONG else 60)
async def test_a_power_cut_between_any_two_writes_loses_nothing_acknowledged(tmp_path: Path) -> None:
    disks = await story(tmp_path / "recorded")
    states = moved = 0
    for before, after in pairwise(disks):
        moved += before.file != after.file
        for disk in during(before, after):
            assert disk.acknowledged <= await reopened(tmp_path / "again", disk) <= after.acknowledged
            states += 1
        assert await reopened(tmp_path / "again", after) == after.acknowledged
    print(f"{COMMITS} commits, the log moved {moved} times, {states} states of the disk, nothing lost")
    assert moved >= 2
    assert states > 5 * COMMITS


async def test_the_recorder_would_notice(tmp_path: Path) -> None:
    """Were the log not synced before the acknowledgement, this is what a power cut would leave."""
    disks = await story(tmp_path / "recorded")
    lost = Disk(disks[2].acknowledged, disks[2].file, disks[1].log, b"")
    assert await reopened(tmp_path / "again", lost) < lost.acknowledged
