"""A plan document becomes the group's (feature B6): read, held against what is there, kept, and taken back.

A first plan is kept at once, as drafts and questions, and says nothing until it is put in force. A revised one that
changes or drops something waits for the leader's yes (bot/domain/plan_drafts.py); what was done and answered stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.calendar.entries import Entry
from bot.calendar.plan_reader import PlanContext, read_plan
from bot.calendar.quota_lines import QuotaLine, read_quotas
from bot.calendar.wording import rule_of
from bot.domain import guard, plan_drafts, plan_rows, plan_writing, plans
from bot.domain.groups import Group
from bot.domain.plan_compare import Difference, compare
from bot.domain.plan_writing import Imported
from bot.domain.routines import all_routines
from bot.domain.topics import topic_of
from bot.errors import Refused

SEE = "看计划：/计划"
_EVERYBODYS = ("听课", "反思", "公开课")
"""Subjects whose numbers each teacher reaches alone."""


@dataclass(frozen=True)
class Reading:
    """What a document holds.

    Attributes:
        every: all entries as the reader gives them; ``entries`` are those of the calendar.
        targets: numbers to reach (每学期听课不少于 15 节).
        lines: the document.
    """

    every: tuple[Entry, ...]
    entries: tuple[Entry, ...]
    targets: tuple[QuotaLine, ...] = ()
    lines: tuple[str, ...] = ()


def read(lines: Sequence[str], context: PlanContext) -> Reading:
    """What a document holds. Takes seconds for the longest: a chat calls it in a thread.

    Raises:
        Refused: it holds no calendar entry.
    """
    entries = read_plan(lines, context)
    marked = [entry.model_copy(update={"quota": True}) if _is_target(entry) else entry for entry in entries]
    targets = read_quotas(lines, marked)
    if not entries and not targets:
        raise Refused("这份文件里没有找到活动安排。", "每条写成一行，例：每月第一周：召开备课组例会")
    return Reading(tuple(entries), tuple(entry for entry in marked if not entry.quota), tuple(targets), tuple(lines))


def _is_target(entry: Entry) -> bool:
    """每月听课不少于 4 节 is a number for everybody, not one day on which all hear four lessons."""
    own = topic_of(entry.activity) in _EVERYBODYS and isinstance(entry.count, int) and entry.count > 1
    return bool(entry.quota or (own and entry.at_least and not entry.sure))


async def import_lines(group: Group, by: str, lines: Sequence[str], *, activate: bool = False) -> Imported:
    """Read a document and keep it, as ``keep``.

    Raises:
        Refused: it holds no calendar entry; guard.PupilNamed: a line seems to name a pupil.
    """
    return await keep(group, by, read(lines, plans.context_of(group)), activate=activate)


async def keep(group: Group, by: str, reading: Reading, *, name: str = "", activate: bool = False) -> Imported:
    """Keep what is new as drafts and questions; with ``activate`` what is sure is in force at once.

    What is there already, in whatever state, keeps its number and its answers. What the document changes or leaves out
    waits for the leader: only then is ``waiting`` set, and without ``activate`` nothing at all is kept before.

    Raises:
        guard.PupilNamed: a line seems to name a pupil; nothing is kept.
    """
    await _must_name_nobody(group, reading)
    reading = replace(reading, entries=await plan_rows.known_again(group, reading.lines, reading.entries))
    found = compare(group, await all_routines(group), reading.entries) if reading.entries else Difference()
    if found.needs_yes:
        await plan_drafts.keep(group, by, reading.entries, reading.targets, name)
        if not activate:
            return Imported(known=[routine for routine, _ in found.same], waiting=found)
        await _tell_leader_of_change(group, by, found)
    done = await plan_writing.write(group, by, replace(found, changed=(), gone=()), reading.targets, activate=activate)
    return replace(done, waiting=found) if found.needs_yes else done


def words_of(entry: Entry) -> str:
    """An entry that is not kept yet, in words: "每月第一周 召开备课组例会"."""
    return f"{rule_of(entry)} {entry.activity}"


async def difference(group: Group) -> Difference:
    """What the revised plan that waits would change, counted anew.

    Raises:
        Refused: none waits.
    """
    draft = await plan_drafts.waiting(group)
    return compare(group, await all_routines(group), draft.entries)


async def accept(group: Group, by: str, *, drop: bool = False) -> Imported:
    """Say yes to the revised plan; with ``drop`` what it leaves out is put out of force, else that stays.

    Raises:
        Refused: none waits, or it says nothing new any more.
    """
    found = await difference(group)
    draft = await plan_drafts.drop(group)
    if not found.new and not found.needs_yes:
        raise Refused("新计划和现在的一样，没有要改的。", SEE, symbol="ℹ️")
    return await plan_writing.write(group, by, found if drop else replace(found, gone=()), draft.targets)


async def _must_name_nobody(group: Group, reading: Reading) -> None:
    texts = [entry.text for entry in reading.entries] + [target.text for target in reading.targets]
    for text in dict.fromkeys(texts):
        await guard.check_among(text, group.teachers)


async def _tell_leader_of_change(group: Group, by: str, found: Difference) -> None:
    leader = await plan_writing.leader_other_than(group, by)
    if leader:
        rows = [f"• {change.line}" for change in found.changed[:3]] + [f"• 没有了：{r.title}" for r in found.gone[:3]]
        group.tell(leader, f"📋 计划有新的一份：{found.counts}，改了和没有了的等您定。", *rows, "看一看：/计划 导入 看")
