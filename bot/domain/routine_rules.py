"""Standing changes of a routine (feature B6): from a day on it follows another rule, or it is no more.

A routine's own entry is always the rule of today; each change keeps the one before it, so that what has been stays on
the days on which it was. An occasion keeps its key when the rule moves it within its week.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar

from bot.calendar.entries import Entry
from bot.calendar.recurrence import Occasion, dates
from bot.domain.groups import Group
from bot.domain.routines import Routine
from bot.storage import Record


class RoutineRule(Record):
    """One standing change.

    Attributes:
        routine: the record it changes.
        version: which rule of the plan it changes: how many of them the routine had had before.
        since: the first day on which it counts.
        before, after: the entries; ``after`` None = no more from then on.
        dropped: when it was taken back, by ``dropped_by``.
    """

    TABLE: ClassVar[str] = "routine_rules"
    INDEXES: ClassVar = ("routine", "term")

    term: str
    routine: int
    version: int = 0
    since: date
    before: Entry
    after: Entry | None = None
    reason: str = ""
    dropped: datetime | None = None
    dropped_by: str = ""


@dataclass(frozen=True)
class Planned:
    """An occasion under the rule of its time.

    Attributes:
        shifted: a standing change has moved it; ``ended``: it is no more because of one; ``lapsed``: because the new
            rule has no day for it in its week.
        changed: since when it is known as it stands; None = from the beginning.
        touched: when a standing change last meant it, or was taken back.
    """

    occasion: Occasion
    entry: Entry
    shifted: bool = False
    ended: bool = False
    lapsed: bool = False
    changed: datetime | None = None
    touched: datetime | None = None


async def rules_of_term(group: Group) -> dict[tuple[int, int], list[RoutineRule]]:
    """The standing changes of this term by routine and version, oldest first; those taken back too."""
    found: dict[tuple[int, int], list[RoutineRule]] = defaultdict(list)
    for rule in await group.records.find(RoutineRule, term=group.term.name):
        found[rule.routine, rule.version].append(rule)
    return found


def is_over(rules: Sequence[RoutineRule]) -> bool:
    """Whether the last standing change took the routine out of the calendar."""
    return _over_since(rules) is not None


def ends_on(rules: Sequence[RoutineRule], day: date) -> bool:
    """Whether a day lies among those from which on nothing is held any more."""
    since = _over_since(rules)
    return since is not None and since <= day


async def ended_since(group: Group, routine: Routine) -> date | None:
    """The first day from which on all its occasions were called off for good; None when they were not."""
    rules = await rules_of_term(group)
    return _over_since(rules.get((routine.id, routine.version), ()))


def _over_since(rules: Sequence[RoutineRule]) -> date | None:
    live = [rule for rule in rules if rule.dropped is None]
    return live[-1].since if live and live[-1].after is None else None


def planned(group: Group, routine: Routine, rules: Sequence[RoutineRule]) -> list[Planned]:
    """The occasions of a version of a routine in the term that counts, by day, under the changes of that version."""
    live = [rule for rule in rules if rule.dropped is None]
    first = live[0].before if live else routine.entry
    found = [Planned(occasion, first) for occasion in dates(first, group.term, group.calendar)]
    for number, rule in enumerate(live, start=1):
        entry = routine.entry if number == len(live) else rule.after or rule.before
        found = _under(group, found, rule, entry)
    return [_touched(one, rules) for one in found] if rules else found


def _under(group: Group, found: Sequence[Planned], rule: RoutineRule, entry: Entry) -> list[Planned]:
    """What ``rule`` makes of the occasions."""
    kept = [one for one in found if one.occasion.day < rule.since]
    old = _by_week(group, [one for one in found if one.occasion.day >= rule.since])
    if rule.after is None:
        gone = [replace(one, ended=True, lapsed=False, changed=rule.created) for week in old.values() for one in week]
        return [*kept, *gone]
    fresh = [Planned(each, entry) for each in dates(entry, group.term, group.calendar) if each.day >= rule.since]
    new = _by_week(group, fresh)
    for week in sorted({*old, *new}):
        kept += _paired(old.get(week, []), new.get(week, []), rule)
    return sorted(kept, key=lambda one: one.occasion.day)


def _paired(old: Sequence[Planned], new: Sequence[Planned], rule: RoutineRule) -> list[Planned]:
    """The new occasions of one week under the keys of the old; an old one without a counterpart is no more."""
    pairs = list(zip(old, new, strict=False))
    moved = [
        replace(
            fresh,
            occasion=fresh.occasion.model_copy(update={"key": former.occasion.key}),
            shifted=former.shifted or _time(fresh) != _time(former),
            changed=rule.created,
        )
        for former, fresh in pairs
    ]
    over = [
        one if one.ended else replace(one, ended=True, lapsed=True, changed=rule.created) for one in old[len(pairs) :]
    ]
    return [*moved, *[replace(one, changed=rule.created) for one in new[len(pairs) :]], *over]


def _time(one: Planned) -> tuple[object, ...]:
    return one.occasion.day, one.occasion.start, one.occasion.end


def _by_week(group: Group, found: Iterable[Planned]) -> dict[int, list[Planned]]:
    weeks: dict[int, list[Planned]] = defaultdict(list)
    for one in found:
        weeks[group.term.week_of(one.occasion.day)].append(one)
    return weeks


def _touched(one: Planned, rules: Sequence[RoutineRule]) -> Planned:
    meant = [rule for rule in rules if one.occasion.day >= rule.since]
    moments = [moment for rule in meant for moment in (rule.created, rule.dropped) if moment]
    return replace(one, touched=max(moments, default=None))
