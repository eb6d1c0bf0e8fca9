"""``progress``: what a progress table holds, what importing it would change for a group, and importing it."""

import argparse
import asyncio
import json
from typing import Any

from bot.calendar.progress_table import Table, TableFile, TableRow, read_table_document, tables_named
from bot.cli.house import configured, opened
from bot.clock import SystemClock
from bot.delivery.outcome import post
from bot.domain import groups, progress_import
from bot.domain.groups import Group, space_of
from bot.domain.people import SYSTEM
from bot.domain.progress_compare import Imported, compare
from bot.errors import BadArgument
from bot.storage import Store

BY = "管理员"


async def read(arguments: argparse.Namespace) -> int:
    """Print the rows of a file; with ``--group`` what would change there, with ``--apply`` write it."""
    data = await asyncio.to_thread(arguments.file.read_bytes)
    file = await asyncio.to_thread(read_table_document, data, arguments.file.name)
    if arguments.group:
        return await _for_group(arguments, file)
    if arguments.apply:
        raise BadArgument("导入到哪个组？", "例：--group 高一语文备课组 --apply")
    _show_rows(_chosen(file, arguments.sheet or ""), as_json=arguments.json)
    return 0


async def _for_group(arguments: argparse.Namespace, file: TableFile) -> int:
    async with opened(configured(arguments)) as store:
        key = await _key(store, arguments.group)
        async with store.transaction(space_of(key)) as tx:
            group = await groups.load(tx, key, SystemClock().now())
            table = _chosen(file, arguments.sheet or "", group.name)
            found = await _write(group, table) if arguments.apply else await compare(group, table, {})
    _show(found, as_json=arguments.json, done=arguments.apply)
    return 0


async def _key(store: Store, name: str) -> str:
    async with store.transaction(SYSTEM) as tx:
        named = [record.key for record in await groups.all_groups(tx) if record.name == name]
    if not named:
        raise BadArgument(f"没有叫“{name}”的组。")
    return named[0]


async def _write(group: Group, table: Table) -> Imported:
    found, _ = await progress_import.apply(group, BY, table, {})
    await post(group, group.notices, group.changes, why="导入进度表")
    return found


def _chosen(file: TableFile, wanted: str, group: str = "") -> Table:
    """The table that ``--sheet`` or the group's name tells.

    Raises:
        BadArgument: neither does; the names are part of the sentence.
    """
    found = tables_named(file, group)
    if wanted:
        found = [one for one in tables_named(file, "") if wanted in one.name]
    if len(found) == 1:
        return found[0]
    names = "、".join(one.name or "没有名字" for one in (file, *file.others))
    raise BadArgument(f"文件里有这几张表：{names}。", "用哪一张？加 --sheet 名字")


def _show_rows(table: Table, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps([row.model_dump() for row in table.rows], ensure_ascii=False, indent=2))
        return
    for row in table.rows:
        print(f"第{row.line}行  {_line(row)}")
    for problem in table.problems:
        print(f"        {problem}")
    print(f"共 {len(table.rows)} 行。和一个组的进度表比一比：--group 组名；写进去：再加 --apply")


def _line(row: TableRow) -> str:
    weeks = f"第{'、'.join(map(str, row.weeks))}周" if row.weeks else ""
    lessons = f"{row.lessons}课时" if row.lessons is not None else ""
    parts = (weeks, row.dates, row.unit, row.topic, lessons, "、".join(row.leads), row.remark)
    return "  ".join(part for part in parts if part)


def _show(found: Imported, *, as_json: bool, done: bool) -> None:
    if as_json:
        print(json.dumps(_public(found), ensure_ascii=False, indent=2))
        return
    for change in found.changes:
        print(change.line)
    for sentence in (*found.kept, *found.conflicts, *found.away):
        print(f"        {sentence}")
    head = "已导入" if done else "还没有写（写进去：加 --apply）"
    print(f"{head}：新加 {len(found.new)} 周，改 {len(found.changed)} 周，不变 {found.same} 周。")


def _public(found: Imported) -> dict[str, Any]:
    names = ("unit", "topic", "lessons", "lead", "remark")
    weeks = {
        part: [{"week": one.week} | {name: getattr(one.after, name) for name in names} for one in changes]
        for part, changes in (("new", found.new), ("changed", found.changed))
    }
    return {**weeks, "same": found.same, "kept": found.kept, "conflicts": [*found.conflicts, *found.away]}
