"""What importing a progress table would change, and what it leaves alone (feature A13).

Kept, unless the leader says otherwise: what somebody changed in the chat, leads that the group has agreed on, and weeks
that are over. A cell that is empty in the new table changes nothing, a week that is missing in it stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.calendar.progress_table import Table
from bot.calendar.progress_table.weeks import WeekRow, by_week, missing, named
from bot.domain import prep_weeks, progress
from bot.domain.groups import Group
from bot.domain.prep import ProgressRow
from bot.domain.progress_leads import absences, leads_of

LONGEST_REMARK = 400
_NAMES = {"unit": "单元", "topic": "课题", "lessons": "课时", "lead": "主备", "remark": "备注"}


@dataclass(frozen=True)
class Change:
    """One week: the row as it stands (None = there is none) and the fields that get new values.

    ``frees`` says that a lead agreed in the group gives way to the table's.
    """

    week: int
    before: ProgressRow | None
    values: Mapping[str, Any]
    after: ProgressRow
    frees: bool = False

    @property
    def line(self) -> str:
        """ "第5周 必修上 第二单元《插秧歌》，4课时，陈老师", or what changes of a week that is there."""
        if self.before is None:
            lead = f"，{self.after.lead}" if self.after.lead else ""
            return f"第{self.week}周 {self.after.title}{self.after.load}{lead}"
        parts = [self.after.title] if {"unit", "topic"} & set(self.values) else []
        parts += [
            f"{_NAMES[name]} {self.values[name]}" for name in ("lessons", "lead", "remark") if name in self.values
        ]
        return f"第{self.week}周 改成 {'，'.join(parts)}"


@dataclass
class Imported:
    """What an import comes to.

    Attributes:
        new, changed: the weeks it writes; ``same``: how many stand there just so.
        total: weeks of the table that lie in the term.
        kept: what stays although the table says otherwise, a Chinese sentence each; ``conflicts``: what does not fit.
        away: leads on leave, for the leader alone.
        unknown: names of no member → the member that may be meant, or "".
    """

    new: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    same: int = 0
    total: int = 0
    kept: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    away: list[str] = field(default_factory=list)
    unknown: dict[str, str] = field(default_factory=dict)

    @property
    def changes(self) -> list[Change]:
        """Everything it writes, by week."""
        return sorted([*self.new, *self.changed], key=lambda change: change.week)


async def compare(group: Group, table: Table, renamed: Mapping[str, str], *, overwrite: bool = False) -> Imported:
    """Hold a table against what the group has; nothing is written.

    Args:
        renamed: names of the table → members, as the leader settled them.
        overwrite: the table counts more than what was changed in the chat.
    """
    rows, doubts = by_week(table, group.term, group.calendar)
    leads = leads_of(rows, await group.teachers(), renamed)
    known = {row.week: row for row in await progress.table(group)}
    settled = {week: entry.lead for week, entry in (await prep_weeks.of_term(group)).items()}
    found = Imported(total=len(rows), conflicts=[*doubts, *leads.doubts], unknown=leads.unknown)
    for row in rows:
        wanted = _wanted(row, leads.by_week, found)
        _hold(group, found, wanted, known.get(row.week), settled.get(row.week, ""), over=overwrite)
    if left_out := missing(rows, group.term, group.calendar):
        stay = "，原来有的照旧" if known.keys() & set(left_out) else ""
        found.conflicts.append(f"表里没有{named(left_out)}{stay}。")
    found.away = await absences(group, leads.by_week)
    return found


def _wanted(row: WeekRow, leads: Mapping[int, str], found: Imported) -> ProgressRow:
    """The row as the table wants it; a cell too long for the chat goes whole into the remark."""
    unit, topic, remark = row.unit, row.topic, row.remark
    if max(len(unit), len(topic)) > progress.LONGEST:
        found.conflicts.append(f"第{row.week}周写得太长，课题只留前 {progress.LONGEST} 字，全文放在备注里。")
        remark = "；".join(part for part in (f"{unit} {topic}".strip(), remark) if part)
        unit, topic = _cut(unit), _cut(topic)
    lead = leads.get(row.week, "")
    return ProgressRow(
        term="", week=row.week, unit=unit, topic=topic, lead=lead, lessons=row.lessons, remark=remark[:LONGEST_REMARK]
    )


def _cut(words: str) -> str:
    return words if len(words) <= progress.LONGEST else f"{words[: progress.LONGEST - 1]}…"


def _hold(
    group: Group, found: Imported, wanted: ProgressRow, known: ProgressRow | None, settled: str, *, over: bool
) -> None:
    """Put one week where it belongs: new, changed, the same, or kept. ``settled`` is the lead the group agreed on."""
    if known is None:
        found.new.append(Change(wanted.week, None, {}, wanted))
        return
    values = _values(wanted, known.model_copy(update={"lead": settled}) if settled else known)
    kept = [] if over else _kept(group, values, known, settled)
    if kept and known.week < group.week:
        values = {}
    elif not over:
        fixed = {*known.hand, *(["lead"] if settled else [])}
        values = {name: value for name, value in values.items() if name not in fixed}
    found.kept += kept
    if values:
        frees = bool(settled) and "lead" in values
        found.changed.append(Change(wanted.week, known, values, known.model_copy(update=values), frees))
    elif not kept:
        found.same += 1


def _values(wanted: ProgressRow, known: ProgressRow) -> dict[str, Any]:
    """The fields that differ. An empty cell says nothing, but a new topic without unit leaves the old unit behind."""
    values = {name: new for name in _NAMES if (new := getattr(wanted, name)) and new != getattr(known, name)}
    if "topic" in values and known.unit and not wanted.unit:
        values["unit"] = ""
    return values


def _kept(group: Group, values: Mapping[str, Any], known: ProgressRow, settled: str) -> list[str]:
    """What may not be written, with what the table has."""
    if not values:
        return []
    if known.week < group.week:
        theirs = "、".join(_NAMES[name] for name in values)
        return [f"第{known.week}周已经过去，照旧{known.topic}（表里{theirs}不同）。"]
    kept = []
    if any(name in values for name in known.hand):
        theirs = values.get("topic") or known.model_copy(update=dict(values)).title
        kept.append(f"第{known.week}周在群里改过，照旧{known.topic}（表里{theirs}）。")
    if settled and "lead" in values:
        kept.append(f"第{known.week}周的主备在群里定过，照旧{settled}（表里{values['lead']}）。")
    return kept
