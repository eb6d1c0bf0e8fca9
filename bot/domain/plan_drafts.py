"""A revised plan that waits for the leader's yes (feature B6).

Only what touches the arrangements that are there waits; a first plan is kept at once, as drafts, and says nothing.
It is stored, so that a restart between question and answer loses nothing.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar

from bot.calendar.entries import Entry
from bot.calendar.quota_lines import QuotaLine
from bot.domain.groups import Group
from bot.errors import Refused
from bot.storage import Record

HOW = "怎么导入：/计划 导入"
PATIENCE = timedelta(days=14)
"""How long a revised plan waits for its yes; what it would change is counted anew when it comes."""


class PlanDraft(Record):
    """The entries and the numbers to reach of a revised plan; a group has one at most, the latest."""

    TABLE: ClassVar[str] = "plan_drafts"
    UNIQUE: ClassVar = (("term",),)

    term: str
    name: str = ""
    entries: tuple[Entry, ...]
    targets: tuple[QuotaLine, ...] = ()


async def keep(
    group: Group, by: str, entries: Sequence[Entry], targets: Sequence[QuotaLine] = (), name: str = ""
) -> PlanDraft:
    """Let a revised plan wait; an older one goes."""
    for old in await _drafts(group):
        await group.records.remove(old)
    draft = PlanDraft(term=group.term.name, name=name, entries=tuple(entries), targets=tuple(targets))
    return await group.records.add(draft.model_copy(update={"created": group.now, "author": by}))


async def find(group: Group) -> PlanDraft | None:
    """The revised plan that waits, unless it has been waiting too long."""
    found = await _drafts(group)
    return next((one for one in found if one.created and group.now <= one.created + PATIENCE), None)


async def waiting(group: Group) -> PlanDraft:
    """As ``find``.

    Raises:
        Refused: there is none.
    """
    found = await find(group)
    if found is None:
        raise Refused("没有等着导入的计划。", HOW, symbol="ℹ️")
    return found


async def drop(group: Group) -> PlanDraft:
    """Forget the revised plan; raises as ``waiting``."""
    found = await waiting(group)
    await group.records.remove(found)
    return found


async def _drafts(group: Group) -> list[PlanDraft]:
    return await group.records.find(PlanDraft, term=group.term.name)
