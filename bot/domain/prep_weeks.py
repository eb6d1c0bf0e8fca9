"""What a group has agreed for one week's preparation (features A2, A3, A5, A6, A8).

The progress table says what is taught; here stands what the group makes of it: the topic of the meeting and its kind,
who leads, which of the seven points were covered, the goals in three layers, the agreed plan, and how far the four
stages have come. Everything can be entered late and changed; the lead of the week and the leader may.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from bot.domain import guard
from bot.domain.groups import Group
from bot.domain.people import Member, Role
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, NotAllowed, Refused
from bot.storage import Record

KINDS = ("单元目标", "重难点", "教学方法", "习题")
"""What the topic of a meeting is about (plan line 25)."""

POINTS = ("课标", "教材", "学情", "重难点", "方法手段", "作业", "单元检测")
"""The seven points of a preparation (plan lines 28 to 34)."""

LAYERS = ("保底", "达标", "拔高")
"""Goals for everybody, for most, for some (plan lines 402 to 406)."""

STAGES = ("个人钻研", "集体研讨", "完善提高", "实践反思")
"""The four stages of a preparation (plan line 22)."""

LONGEST = 500
"""Characters of a topic, a goal or an address."""


class PrepWeek(Record):
    """One week's agreement.

    Attributes:
        topic, kind: what the meeting is about; "" = nothing beyond the progress table.
        topic_at: when a topic was first set, for "set on time".
        lead: who leads instead of the table's; "" = as the table says. ``lead_at`` since when.
        points: those of ``POINTS`` that were covered.
        goals: by layer.
        agreed: where the agreed plan (共案) lies; ``agreed_at`` since when.
        stage: 1 to 4 when set by hand; 0 = as the calendar and the agreed plan have it.
    """

    TABLE: ClassVar[str] = "prep_weeks"
    INDEXES: ClassVar = ("term",)
    UNIQUE: ClassVar = (("term", "week"),)

    term: str
    week: int
    topic: str = ""
    kind: str = ""
    topic_at: datetime | None = None
    lead: str = ""
    lead_at: datetime | None = None
    points: tuple[str, ...] = ()
    goals: dict[str, str] = {}  # noqa: RUF012 - pydantic copies it for each record
    agreed: str = ""
    agreed_at: datetime | None = None
    stage: int = 0

    @property
    def missing_points(self) -> tuple[str, ...]:
        """The points not covered yet."""
        return tuple(point for point in POINTS if point not in self.points)

    @property
    def has_content(self) -> bool:
        """Whether anything of the preparation itself was entered; who leads alone is none of it."""
        return bool(self.topic or self.points or self.goals or self.agreed or self.stage)


async def of_week(group: Group, week: int) -> PrepWeek | None:
    """What was agreed for a teaching week of this term; None = nothing beyond the table."""
    found = await group.records.find(PrepWeek, term=group.term.name, week=week)
    return found[0] if found else None


async def of_term(group: Group) -> dict[int, PrepWeek]:
    """Everything agreed this term, by teaching week."""
    return {entry.week: entry for entry in await group.records.find(PrepWeek, term=group.term.name)}


async def set_topic(group: Group, who: str, week: int, topic: str, kind: str) -> tuple[PrepWeek, Undo]:
    """Set what the meeting of a week is about.

    Raises:
        BadArgument: no topic, or too long a one; guard.PupilNamed: it seems to name a pupil.
    """
    await _check(group, topic, "课题还没有内容。", "例：/备课 主题 下周 重难点 《插秧歌》的劳动之美")
    known = await of_week(group, week)
    since = known.topic_at if known and known.topic_at else group.now
    return await _change(group, who, week, "课题", topic=topic, kind=kind, topic_at=since)


async def set_lead(group: Group, who: str, week: int, name: str) -> tuple[PrepWeek, Undo]:
    """Have somebody else lead a week's preparation.

    Raises:
        BadArgument: nobody of that name is in the group.
    """
    member = await group.member(name)
    return await _change(group, who, week, "主备", lead=member.name, lead_at=group.now)


async def set_leads(group: Group, who: str, leads: Mapping[int, str]) -> None:
    """Write who leads several weeks, "" = as the table says; the names have been checked, the way back is the
    caller's."""
    for week, name in leads.items():
        await _change(group, who, week, "主备", lead=name, lead_at=group.now)


async def cover(group: Group, who: str, week: int, points: tuple[str, ...], *, on: bool) -> tuple[PrepWeek, Undo]:
    """Tick points as covered, or untick them."""
    known = await of_week(group, week)
    before = known.points if known else ()
    after = tuple(point for point in POINTS if (point in points and on) or (point in before and point not in points))
    return await _change(group, who, week, "要点", points=after)


async def set_goals(group: Group, who: str, week: int, goals: dict[str, str]) -> tuple[PrepWeek, Undo]:
    """Set goals by layer; a layer not named keeps its own.

    Raises:
        BadArgument, guard.PupilNamed: as for ``set_topic``.
    """
    for goal in goals.values():
        await _check(group, goal, "目标还没有内容。", "例：/分层 保底 会背 达标 会写 拔高 能改编")
    known = await of_week(group, week)
    merged = {**(known.goals if known else {}), **goals}
    ordered = {layer: merged[layer] for layer in LAYERS if layer in merged}
    return await _change(group, who, week, "分层目标", goals=ordered)


async def agree(group: Group, who: str, week: int, place: str) -> tuple[PrepWeek, Undo]:
    """Say where the agreed plan lies; a later one takes its place.

    Raises:
        BadArgument, guard.PupilNamed: as for ``set_topic``.
    """
    await _check(group, place, "共案还没有链接。", "例：/共案 https://docs.example.com/w3")
    known = await of_week(group, week)
    since = known.agreed_at if known and known.agreed_at else group.now
    return await _change(group, who, week, "共案", agreed=place, agreed_at=since)


async def set_stage(group: Group, who: str, week: int, stage: int) -> tuple[PrepWeek, Undo]:
    """Move a week's preparation to a stage by hand.

    Raises:
        BadArgument: there are four.
    """
    if not 1 <= stage <= len(STAGES):
        raise BadArgument(f"备课只有 {len(STAGES)} 个阶段。", "例：/备课 阶段 3")
    return await _change(group, who, week, "阶段", stage=stage)


def may_lead(member: Member, lead: str) -> None:
    """Only the lead of the week and the leader may.

    Raises:
        NotAllowed: somebody else.
    """
    if member.role is not Role.LEADER and member.name != lead:
        who = f"本周主备是{lead}" if lead else "本周还没有主备"
        raise NotAllowed(f"这一项由主备或组长来填（{who}）。", "看这周备课：/本周备课")


async def _check(group: Group, text: str, empty: str, example: str) -> None:
    if not text.strip():
        raise BadArgument(empty, example)
    if len(text) > LONGEST:
        raise BadArgument(f"这条有 {len(text)} 字，最多 {LONGEST} 字。", "写短一点，或发文档链接。")
    await guard.check_among(text, group.teachers)


async def _change(group: Group, who: str, week: int, part: str, **values: Any) -> tuple[PrepWeek, Undo]:
    entry = await of_week(group, week)
    if entry is None:
        entry = await group.records.add(PrepWeek(term=group.term.name, week=week, created=group.now, author=who))
    before = {name: getattr(entry, name) for name in values}
    stored = await group.records.update(entry.model_copy(update=values))
    undo = undo_with(put_back, f"第{week}周{part}", week=week, part=part, before=_json(before), after=_json(values))
    return stored, undo


@inverse
async def put_back(group: Group, who: str, week: int, part: str, before: dict[str, Any], after: dict[str, Any]) -> str:
    """Inverse of every change here: the values before it, unless somebody has changed them since."""
    entry = await of_week(group, week)
    if entry is None or _json({name: getattr(entry, name) for name in after}) != after:
        raise Refused(f"第{week}周的{part}后来又改过，不撤销了。", "看现在的：/备课")
    restored = PrepWeek.model_validate({**entry.model_dump(), **before, "author": who})
    await group.records.update(restored)
    return f"已撤销：第{week}周的{part}恢复到修改之前。"


def _json(values: dict[str, Any]) -> dict[str, Any]:
    """Values as they survive being stored with the undo."""
    probe = PrepWeek.model_construct(**values).model_dump(mode="json", include=set(values), warnings=False)
    return {name: probe[name] for name in values}
