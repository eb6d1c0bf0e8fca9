"""What importing a plan would change (feature B6): held against what the group has already; nothing is written.

Documents are compared with documents: what the leader answered or corrected since stays, as long as the new document
says of it what the old one said.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.calendar.entries import Entry
from bot.calendar.recurrence import dates
from bot.calendar.wording import rule_of
from bot.domain.groups import Group
from bot.domain.routines import Routine, State

SOURCE = "计划"
ALIKE = 0.6
"""From which share of common characters on two activities are one that was reworded."""
_FRAME = frozenset(("line", "text", "activity", "sure", "question", "choices"))
"""What an entry has besides its time."""
_NUMERALS = re.compile(r"[\d一二三四五六七八九十]+")
_OWNED = (State.DRAFT, State.ASKING, State.ACTIVE)


@dataclass(frozen=True)
class Change:
    """An arrangement and what it becomes: ``entry`` is the new document's, ``after`` what would be kept."""

    before: Routine
    entry: Entry
    after: Entry

    @property
    def line(self) -> str:
        """ "5 每周三 → 每周四 组内研讨"."""
        old, new = self.before.rule, rule_of(self.after) if self.after.sure else "要再问"
        name = self.before.entry.activity
        rule = f"{old} → {new} {name[:16]}" if old != new else name[:16]
        renamed = f" → {self.after.activity[:16]}" if self.after.activity != name else ""
        mine = "（现在的是您定的）" if self.before.read else ""
        return f"{self.before.number} {rule}{renamed}{mine}"


@dataclass(frozen=True)
class Difference:
    """What a document brings.

    Attributes:
        new: entries the group does not have.
        changed: those it has otherwise; ``gone``: arrangements from the plan that the document has no more.
        same: those that stand as they were, with their entry in the new document.
    """

    new: tuple[Entry, ...] = ()
    changed: tuple[Change, ...] = ()
    gone: tuple[Routine, ...] = ()
    same: tuple[tuple[Routine, Entry], ...] = ()

    @property
    def needs_yes(self) -> bool:
        """Whether it touches what is there; what is only new is silent until it is put in force."""
        return bool(self.changed or self.gone)

    @property
    def counts(self) -> str:
        """ "新的 2，改了 1，没有了 1，不变 7"."""
        named = (("新的", self.new), ("改了", self.changed), ("没有了", self.gone), ("不变", self.same))
        return "，".join(f"{name} {len(found)}" for name, found in named)


def compare(group: Group, before: Sequence[Routine], entries: Sequence[Entry]) -> Difference:
    """Hold the entries of a document against the arrangements of the term.

    Args:
        before: every arrangement, whatever its state; what has been deleted stays so while it reads the same.
    """
    pairs = list(_pairs(before, entries))
    matched = {id(entry) for _, entry in pairs}
    kept = {routine.id for routine, _ in pairs}
    changes, same = [], []
    for routine, entry in pairs:
        after = _after(routine, entry)
        if after == routine.entry:
            same.append((routine, entry))
        else:
            changes.append(Change(routine, entry, after))
    gone = [
        r for r in before if r.id not in kept and r.source == SOURCE and r.state in _OWNED and not is_over(group, r)
    ]
    return Difference(
        new=tuple(entry for entry in entries if id(entry) not in matched),
        changed=tuple(changes),
        gone=tuple(gone),
        same=tuple(same),
    )


def is_over(group: Group, routine: Routine) -> bool:
    """Whether all its days of the term are past: it is done, and no new plan needs to say it again."""
    found = dates(routine.entry, group.term, group.calendar)
    return bool(found) and all(one.last < group.today for one in found)


def timing(entry: Entry) -> dict[str, Any]:
    """What an entry says of when and where."""
    return entry.model_dump(exclude=set(_FRAME), exclude_none=True)


def _pairs(before: Sequence[Routine], entries: Sequence[Entry]) -> Iterator[tuple[Routine, Entry]]:
    """Which arrangement is which entry of the new document; the surest way of telling first, each but once."""
    routines, left = list(before), list(entries)
    for is_same in _WAYS:
        for entry in list(left):
            found = next((routine for routine in routines if is_same(routine, entry)), None)
            if found is not None:
                routines.remove(found)
                left = [one for one in left if one is not entry]
                yield found, entry


def _verbatim(routine: Routine, entry: Entry) -> bool:
    old = routine.document
    return old.activity == entry.activity and _flat(old.text) == _flat(entry.text)


def _rewritten(routine: Routine, entry: Entry) -> bool:
    """The same said in another line."""
    old = routine.document
    return old.activity == entry.activity and timing(old) == timing(entry)


def _rescheduled(routine: Routine, entry: Entry) -> bool:
    return routine.state in _OWNED and _planned(routine) and routine.document.activity == entry.activity


def _reworded(routine: Routine, entry: Entry) -> bool:
    return routine.state in _OWNED and _planned(routine) and _alike(routine.document.activity, entry.activity)


_WAYS: tuple[Callable[[Routine, Entry], bool], ...] = (_verbatim, _rewritten, _rescheduled, _reworded)


def _planned(routine: Routine) -> bool:
    """What the leader added by hand is no older form of a line of the plan."""
    return routine.source == SOURCE


def _alike(one: str, other: str) -> bool:
    """Whether one is the other reworded; 单元检测一 and 单元检测三 are two."""
    if _NUMERALS.findall(one) != _NUMERALS.findall(other):
        return False
    first, second = set(one), set(other)
    return len(first & second) >= ALIKE * len(first | second)


def _after(routine: Routine, entry: Entry) -> Entry:
    """What the arrangement becomes: what the document says anew, and else what the leader made of it."""
    old, now = routine.document, routine.entry
    if routine.read is None and routine.answered_by and _verbatim(routine, entry):
        return now  # answered under a version that did not keep what the document said
    name = entry.activity if entry.activity != old.activity else now.activity
    if timing(old) == timing(entry):
        return now.model_copy(update={"activity": name})
    return entry.model_copy(update={"activity": name, "line": now.line, "text": now.text})


def _flat(text: str) -> str:
    return " ".join(text.split())
