"""Importing a progress table (feature A13): looked at, then written, and taken back.

What an import would do is counted anew each time (bot/domain/progress_compare.py): the group's table may have changed
since the leader looked at it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.calendar.progress_table import Table
from bot.calendar.progress_table.weeks import named
from bot.domain import prep, prep_weeks
from bot.domain.groups import Group
from bot.domain.prep import ProgressRow
from bot.domain.progress_compare import Change, Imported, compare
from bot.domain.progress_drafts import ProgressDraft, check, waiting
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import Refused


async def preview(group: Group, draft: ProgressDraft) -> Imported:
    """What saying yes would do; nothing is written."""
    return await compare(group, draft.tables[0], draft.renamed)


async def accept(group: Group, who: str, *, overwrite: bool = False) -> tuple[Imported, Undo]:
    """Write the table that waits.

    Raises:
        Refused: there is none, it is not settled which one is meant, or it says nothing new.
    """
    draft = await waiting(group, who)
    if len(draft.tables) > 1:
        raise Refused(f"文件里有 {len(draft.tables)} 张表，还没有选用哪一张。", "例：/进度 导入 选 1")
    done = await apply(group, who, draft.tables[0], draft.renamed, overwrite=overwrite)
    await group.records.remove(draft)
    return done


async def apply(
    group: Group, who: str, table: Table, renamed: Mapping[str, str], *, overwrite: bool = False
) -> tuple[Imported, Undo]:
    """Write a table; the group hears of it in one line when weeks it knows changed. ``overwrite`` as ``compare``.

    Raises:
        Refused: it says nothing new; guard.PupilNamed: a row seems to name a pupil.
    """
    await check(group, table)
    found = await compare(group, table, renamed, overwrite=overwrite)
    if not found.changes:
        raise Refused("表里没有要写的，进度表没有变。", "看进度：/进度", symbol="ℹ️")
    freed = await _free(group, who, [change for change in found.changed if change.frees])
    for change in found.changes:
        await _write(group, who, change)
    _announce(group, [change.week for change in found.changed], "改了")
    undo = undo_with(
        import_back,
        f"导入 {len(found.changes)} 周进度",
        made=[change.week for change in found.new],
        before={change.week: _former(change) for change in found.changed},
        after={change.week: _fields(change.after, change) for change in found.changes},
        leads=freed,
    )
    return found, undo


@inverse
async def import_back(
    group: Group, who: str, made: list[int], before: dict[str, Any], after: dict[str, Any], leads: dict[str, str]
) -> str:
    """Inverse of an import: the rows before it, and the leads that were agreed unless others have been since.

    A week that somebody has changed since stays, and is said.
    """
    await group.must_lead(who, "进度表", "看进度：/进度")
    stay, back = [], []
    for week, fields in after.items():
        known = await prep.row(group, int(week))
        if known is None or {name: getattr(known, name) for name in fields} != fields:
            stay.append(int(week))
        elif int(week) in made:
            await group.records.remove(known)
            back.append(int(week))
        else:
            former = ProgressRow.model_validate({**known.model_dump(), **before[week], "author": who})
            await group.records.update(former)
            back.append(int(week))
    settled = {week for week, entry in (await prep_weeks.of_term(group)).items() if entry.lead}
    again = {int(week): name for week, name in leads.items() if int(week) in set(back) - settled}
    await prep_weeks.set_leads(group, who, again)
    if not back:
        raise Refused("导入的各周后来都改过，不撤销了。", "看进度：/进度")
    _announce(group, [week for week in back if week not in made], "恢复原来的")
    left = f"{named(stay)}后来又改过，照旧。" if stay else ""
    return f"已撤销：导入的 {len(back)} 周进度恢复原样。{left}"


async def _write(group: Group, who: str, change: Change) -> None:
    if change.before is None:
        fresh = {"term": group.term.name, "created": group.now, "author": who}
        await group.records.add(change.after.model_copy(update=fresh))
        return
    hand = tuple(name for name in change.before.hand if name not in change.values)
    await group.records.update(change.after.model_copy(update={"hand": hand}))


async def _free(group: Group, who: str, changes: Sequence[Change]) -> dict[int, str]:
    """Let agreed leads give way to the table's; returns who they were, by week."""
    agreed = await prep_weeks.of_term(group)
    freed = {change.week: agreed[change.week].lead for change in changes}
    await prep_weeks.set_leads(group, who, dict.fromkeys(freed, ""))
    return freed


def _former(change: Change) -> dict[str, Any]:
    """The fields before the import, as JSON keeps them."""
    before = change.before
    return {name: getattr(before, name) for name in change.values} | {"hand": list(before.hand) if before else []}


def _fields(row: ProgressRow, change: Change) -> dict[str, Any]:
    names = change.values or ("unit", "topic", "lessons", "lead", "remark")
    return {name: getattr(row, name) for name in names}


def _announce(group: Group, weeks: Sequence[int], what: str) -> None:
    """One line when the group has known these weeks otherwise and they are not over."""
    coming = sorted(week for week in weeks if week >= group.week)
    if coming:
        group.announce(f"【改】进度表{named(coming)}{what}，看：/进度")
