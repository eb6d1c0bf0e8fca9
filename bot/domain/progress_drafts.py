"""A progress table somebody sent, waiting for their yes (feature A13).

It is stored, so that a restart between question and answer loses nothing; what seems to name a pupil is not even that.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar

from bot.calendar.progress_table import Table, TableRow, as_text, tables_named
from bot.domain import guard
from bot.domain.groups import Group
from bot.domain.guard import Finding, PupilNamed
from bot.errors import BadArgument, Refused
from bot.storage import Record

HOW = "怎么导入：/进度 导入"
PATIENCE = timedelta(days=1)
"""How long a table that was read waits for its yes."""


class ProgressDraft(Record):
    """A table somebody sent and has not said yes to.

    Attributes:
        tables: what was read; several while it is asked which one is meant.
        renamed: names of the table → members, as far as the leader has settled them.
    """

    TABLE: ClassVar[str] = "progress_drafts"
    UNIQUE: ClassVar = (("term", "who"),)

    term: str
    who: str
    tables: tuple[Table, ...]
    renamed: dict[str, str] = {}  # noqa: RUF012 - pydantic copies it for each record


class PupilInTable(PupilNamed):
    """A row seems to name a pupil; ``replaced`` is the whole table as text, with codes."""

    def __init__(self, finding: Finding, row: TableRow, replaced: str) -> None:
        super().__init__(finding, replaced)
        self.problem = f"表里第{row.line}行像有{finding.what}（“{finding.words}”），没有保存。"


async def receive(group: Group, who: str, table: Table) -> ProgressDraft:
    """Keep a table that was read until ``who`` says yes; an older one of theirs goes.

    Of several tables in a file the one is taken that the group's name tells.

    Raises:
        guard.PupilNamed: a row seems to name a pupil.
    """
    tables = tuple(tables_named(table, group.name))
    for one in tables:
        await check(group, one)
    for old in await _drafts(group, who):
        await group.records.remove(old)
    draft = ProgressDraft(term=group.term.name, who=who, tables=tables, created=group.now, author=who)
    return await group.records.add(draft)


async def waiting(group: Group, who: str) -> ProgressDraft:
    """The table that waits for the yes of ``who``.

    Raises:
        Refused: there is none, or it has been waiting too long.
    """
    found = await _drafts(group, who)
    if not found:
        raise Refused("没有等着导入的进度表。", HOW, symbol="ℹ️")
    if found[0].created and group.now > found[0].created + PATIENCE:
        raise Refused("那张表放了一天多，请再发一次。", HOW)
    return found[0]


async def choose(group: Group, who: str, number: int) -> ProgressDraft:
    """Settle which table of a file is meant, counted from 1.

    Raises:
        BadArgument: there is no such table; Refused: as ``waiting``.
    """
    draft = await waiting(group, who)
    if not 1 <= number <= len(draft.tables):
        raise BadArgument(f"没有第 {number} 张表。", "例：/进度 导入 选 1")
    return await group.records.update(draft.model_copy(update={"tables": (draft.tables[number - 1],)}))


async def rename(group: Group, who: str, name: str, member: str) -> ProgressDraft:
    """Settle that ``name`` in the table is ``member``.

    Raises:
        BadArgument: the table names nobody so, or nobody of that name is in the group; Refused: as ``waiting``.
    """
    draft = await waiting(group, who)
    if not any(name in row.leads for table in draft.tables for row in table.rows):
        raise BadArgument(f"表里没有叫“{name[:20]}”的主备。", "例：/进度 导入 认人 赵芳 赵老师")
    known = (await group.member(member)).name
    return await group.records.update(draft.model_copy(update={"renamed": {**draft.renamed, name: known}}))


async def drop(group: Group, who: str) -> None:
    """Forget the table; raises as ``waiting``."""
    await group.records.remove(await waiting(group, who))


async def check(group: Group, table: Table) -> None:
    """As ``guard.check_among`` for every row of a table.

    Raises:
        guard.PupilNamed: a row seems to name a pupil.
    """
    if not any(guard.inspect(cell) for row in table.rows for cell in _cells(row)):
        return
    teachers = await group.teachers()
    for row in table.rows:
        for cell in _cells(row):
            if findings := guard.inspect(cell, teachers):
                raise PupilInTable(findings[0], row, as_text(_coded(table, teachers)))


async def _drafts(group: Group, who: str) -> list[ProgressDraft]:
    return await group.records.find(ProgressDraft, term=group.term.name, who=who)


def _cells(row: TableRow) -> tuple[str, ...]:
    return f"{row.unit} {row.topic}", row.remark, *row.leads


def _coded(table: Table, teachers: Sequence[str]) -> Table:
    rows = []
    for row in table.rows:
        words = {name: guard.with_codes(getattr(row, name), teachers) for name in ("unit", "topic", "remark")}
        both = guard.with_codes(f"{words['unit']} {words['topic']}", teachers)
        if both != f"{words['unit']} {words['topic']}":  # the name stood in one cell, the mark in the other
            words |= {"unit": "", "topic": both.strip()}
        leads = tuple(guard.with_codes(name, teachers) for name in row.leads)
        rows.append(row.model_copy(update={**words, "leads": leads}))
    return table.model_copy(update={"rows": tuple(rows)})
