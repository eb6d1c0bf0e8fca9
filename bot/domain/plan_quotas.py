"""Numbers to reach that the plan names (每人每学期听课不少于 15 节): kept beside the plan, never posted as events.

Where a subject of the house keeps such a number (听课, bot/domain/observation_quota.py) the leader is asked once
whether it shall; the others are shown.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, ClassVar

from bot.calendar.quota_lines import QuotaLine
from bot.domain import observation_quota
from bot.domain.groups import Group
from bot.domain.topics import topic_of
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, Refused
from bot.storage import Record

SEE = "看配额：/计划 配额"
OBSERVING = "听课"
_PER: dict[str, observation_quota.Per] = {"month": "month", "term": "term"}


class Answer(StrEnum):
    """What the leader said of a number."""

    OPEN = "还没定"
    TAKEN = "已设"
    DECLINED = "不设"


class PlanQuota(Record):
    """A number to reach, as the plan names it, and what the leader made of it."""

    TABLE: ClassVar[str] = "plan_quotas"
    INDEXES: ClassVar = ("term",)

    term: str
    quota: QuotaLine
    answer: Answer = Answer.OPEN

    @property
    def topic(self) -> str:
        """The subject it is a number of; "" for none."""
        return topic_of(self.quota.what)

    @property
    def can_be_set(self) -> bool:
        """Whether a subject keeps such a number: none does of so many a week or a year."""
        known = self.quota.per in _PER and self.topic == OBSERVING
        return known and self.quota.count <= observation_quota.most(_PER[self.quota.per])


async def of_term(group: Group) -> list[PlanQuota]:
    """The numbers of this term's plan, in the order of the document."""
    return await group.records.find(PlanQuota, term=group.term.name)


async def to_ask(group: Group) -> tuple[int, PlanQuota] | None:
    """The first number that a subject could keep and the leader has said nothing of, with its place in the list."""
    found = enumerate(await of_term(group), start=1)
    return next(((n, one) for n, one in found if one.can_be_set and one.answer is Answer.OPEN), None)


async def keep(group: Group, by: str, quotas: Sequence[QuotaLine]) -> tuple[int, dict[str, Any]]:
    """Keep the numbers of a document; returns how many are new, and what ``back`` needs.

    The same number keeps its answer; another number of the same takes its place and is asked anew.
    """
    known = {_key(one.quota): one for one in await of_term(group)}
    made, replaced = [], []
    for quota in quotas:
        old = known.get(_key(quota))
        if old and old.quota.count == quota.count:
            continue
        if old:
            replaced.append(old.model_dump(mode="json", include={"quota", "answer"}))
            await group.records.remove(old)
        fresh = PlanQuota(term=group.term.name, quota=quota, created=group.now, author=by)
        made.append((await group.records.add(fresh)).id)
    return len(made), {"made": made, "replaced": replaced}


async def back(group: Group, kept: dict[str, Any]) -> None:
    """Undo ``keep``; a number that the leader has answered stays."""
    for one in await of_term(group):
        if one.id in kept.get("made", ()) and one.answer is Answer.OPEN:
            await group.records.remove(one)
    known = {_key(one.quota) for one in await of_term(group)}
    for fields in kept.get("replaced", ()):
        old = PlanQuota(term=group.term.name, created=group.now, **fields)
        if _key(old.quota) not in known:
            await group.records.add(old)


async def take(group: Group, by: str, place: int) -> tuple[PlanQuota, Undo]:
    """Have the subject keep number ``place`` of the list.

    Raises:
        BadArgument: no such number; Refused: no subject keeps such a one, or it is set already.
    """
    one = await _at(group, place)
    if not one.can_be_set:
        raise Refused(f"“{one.quota.label}”我记着，数不了。", SEE, symbol="ℹ️")
    quota, _ = await observation_quota.put(group, by, one.quota.count, _PER[one.quota.per])
    stored = await group.records.update(one.model_copy(update={"answer": Answer.TAKEN}))
    return stored, undo_with(untake, "设配额", quota=quota.id, place=place)


async def decline(group: Group, place: int) -> tuple[PlanQuota, Undo]:
    """Have number ``place`` only shown.

    Raises:
        BadArgument: no such number; Refused: it is so already.
    """
    one = await _at(group, place)
    if one.answer is Answer.DECLINED:
        raise Refused("这一条本来就不设。", SEE, symbol="ℹ️")
    stored = await group.records.update(one.model_copy(update={"answer": Answer.DECLINED}))
    return stored, undo_with(undecline, "不设配额", place=place, answer=one.answer.value)


@inverse
async def untake(group: Group, who: str, quota: int, place: int) -> str:
    """Inverse of ``take``."""
    said = await observation_quota.withdraw(group, who, quota)
    one = await _at(group, place)
    await group.records.update(one.model_copy(update={"answer": Answer.OPEN}))
    return said


@inverse
async def undecline(group: Group, who: str, place: int, answer: str) -> str:
    """Inverse of ``decline``."""
    await group.must_lead(who, "计划", SEE)
    one = await _at(group, place)
    await group.records.update(one.model_copy(update={"answer": Answer(answer)}))
    return f"已撤销：“{one.quota.label}”{Answer(answer).value}。"


async def _at(group: Group, place: int) -> PlanQuota:
    found = await of_term(group)
    if not 1 <= place <= len(found):
        raise BadArgument(f"计划里没有第 {place} 条配额。", SEE)
    return found[place - 1]


def _key(quota: QuotaLine) -> tuple[str, str, bool]:
    return quota.what, quota.per, quota.each
