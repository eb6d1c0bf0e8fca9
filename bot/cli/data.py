"""``backup``, ``restore``, ``export``: the data as files. ``backup`` and ``export`` work beside a running bot."""

import argparse
import asyncio
import json
import sqlite3
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

from bot.cli.house import configured, data_folder
from bot.clock import SystemClock
from bot.domain import terms
from bot.domain.groups import Group, GroupRecord, all_groups, load, space_of
from bot.domain.people import SYSTEM, Member
from bot.domain.subjects import subjects
from bot.errors import BadArgument, Refused
from bot.scheduling.backups import FOLDER
from bot.storage import Record, Store
from bot.storage.backup import copy_database, put_back
from bot.storage.folder import DATABASE
from bot.storage.tiny import TinyStore


async def backup(arguments: argparse.Namespace) -> int:
    """Write a consistent copy of everything to one file."""
    folder = data_folder(configured(arguments))
    stamp = f"{SystemClock().now():%Y%m%d-%H%M%S}"
    target = Path(arguments.file) if arguments.file else folder / FOLDER / f"{stamp}.sqlite3"
    await asyncio.to_thread(copy_database, folder / DATABASE, target, files=True)
    print(f"已备份到 {target}（{target.stat().st_size} 字节）。")
    return 0


async def restore(arguments: argparse.Namespace) -> int:
    """Put a backup in place of the data; refuses to overwrite without ``--force``."""
    folder = data_folder(configured(arguments))
    target = folder / DATABASE
    await asyncio.to_thread(_check_backup, arguments.file)
    if target.exists() and not arguments.force:
        raise Refused(f"{folder} 里已经有数据，没有覆盖。", "确定要覆盖：加 --force（原数据先另存一份）")
    holder = await TinyStore(folder).open()  # a running bot holds the folder: it says who
    await holder.close()
    if target.exists():
        kept = folder / f"before-restore-{SystemClock().now():%Y%m%d-%H%M%S}.sqlite3"
        await asyncio.to_thread(copy_database, target, kept)
    await asyncio.to_thread(put_back, Path(arguments.file), target)
    print(f"已从 {arguments.file} 恢复。")
    return 0


async def export(arguments: argparse.Namespace) -> int:
    """Print every record of a group, or of one of its terms, one JSON object a line."""
    folder = data_folder(configured(arguments))
    async with snapshot(folder) as store:
        async with store.transaction(SYSTEM) as tx:
            named = [record for record in await all_groups(tx) if arguments.group in (record.name, record.key)]
        if not named:
            raise BadArgument(f"没有叫“{arguments.group}”的组。")
        for row in await rows_of(store, named[0], arguments.term):
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
    return 0


async def rows_of(store: Store, record: GroupRecord, term: str = "") -> list[dict[str, Any]]:
    """The records of a group, roster first: each with ``subject``, ``id``, ``author``, ``created`` and its fields.

    Args:
        term: only what belongs to the term of this name; "" = everything.

    Raises:
        BadArgument: no such term.
    """
    found: list[dict[str, Any]] = []
    async with store.transaction(space_of(record.key)) as tx:
        for member in await tx.within(SYSTEM).find(Member, group=record.key):
            found.append(_row("成员", member))
        wanted = _of_term(await load(tx, record.key, SystemClock().now()), term) if term else _everything
        for subject in subjects():
            for kind in subject.records:
                found += [_row(subject.name, stored) for stored in await tx.scan(kind) if wanted(stored)]
    return found


def _everything(_: Record) -> bool:
    return True


def _of_term(group: Group, words: str) -> Callable[[Record], bool]:
    """Whether a record belongs to the term that ``words`` name: it says so, or was made on one of its days."""
    term = terms.called(group, words)
    period = terms.days_of(group, term)

    def belongs(record: Record) -> bool:
        named = getattr(record, "term", None)
        return period.holds(record.created) if named is None else named == term.name

    return belongs


def _row(subject: str, record: Record) -> dict[str, Any]:
    fields = record.model_dump(mode="json", exclude={"revision"})
    return {**fields, "subject": subject, "kind": record.TABLE}


@asynccontextmanager
async def snapshot(folder: Path) -> AsyncIterator[Store]:
    """A copy of the data to read from, so that a running bot keeps its folder."""
    with tempfile.TemporaryDirectory(prefix="beike-export-") as place:
        await asyncio.to_thread(copy_database, folder / DATABASE, Path(place) / DATABASE)
        store = await TinyStore(Path(place)).open()
        try:
            yield store
        finally:
            await store.close()


def _check_backup(file: Path) -> None:
    if not file.is_file():
        raise BadArgument(f"没有找到备份文件 {file}。")
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
            answer = database.execute("PRAGMA quick_check").fetchone()
    except sqlite3.DatabaseError:
        raise BadArgument(f"{file} 不是备份文件，或已经损坏。") from None
    if answer != ("ok",):
        raise BadArgument(f"{file} 已经损坏，没有恢复。")
