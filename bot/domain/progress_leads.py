"""Who is meant by the leads of a progress table: members as they are called in the group, and who comes near."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from bot.calendar.progress_table.weeks import WeekRow, named
from bot.domain import prep, rotation
from bot.domain.groups import Group
from bot.domain.quiet import Leave

_TITLE = "老师"
_LEAST = 3
"""Characters of a full name in which one may be wrong."""


@dataclass
class Leads:
    """Who leads which week.

    Attributes:
        by_week: the members.
        unknown: names that are nobody's in the group → the member that may be meant, "" when nobody comes near.
        doubts: what is to be said of them, a Chinese sentence each.
    """

    by_week: dict[int, str] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)


def leads_of(rows: Sequence[WeekRow], members: Collection[str], renamed: Mapping[str, str]) -> Leads:
    """The lead of each week: the first of its names that is a member's; ``renamed`` are those the leader settled."""
    found = Leads()
    strangers: dict[str, list[int]] = {}
    several: list[int] = []
    for row in rows:
        known = {name: member_called(renamed.get(name, name), members) for name in row.leads}
        there = [member for member in dict.fromkeys(known.values()) if member]
        if there:
            found.by_week[row.week] = there[0]
        if len(there) > 1:
            several.append(row.week)
        for name, member in known.items():
            if not member:
                strangers.setdefault(name, []).append(row.week)
    found.unknown = {name: nearest(name, members) for name in strangers}
    found.doubts = [_stranger(name, weeks, found.unknown[name]) for name, weeks in strangers.items()]
    if several:
        found.doubts.append(f"{named(several)}写了几位主备，记第一位。")
    return found


def member_called(name: str, members: Collection[str]) -> str:
    """The member of that name, with or without 老师 behind it; "" when there is none."""
    return next((one for one in (name, f"{name}{_TITLE}", name.removesuffix(_TITLE)) if one in members), "")


def nearest(name: str, members: Collection[str]) -> str:
    """The one member that may be meant: of the same surname where one name is only that (赵芳, 赵老师), or a full name
    with one character wrong; "" when there is none or more than one."""
    bare = name.removesuffix(_TITLE)
    if not bare:
        return ""
    close = [member for member in members if _comes_near(bare, member.removesuffix(_TITLE))]
    return close[0] if len(close) == 1 else ""


async def absences(group: Group, leads: Mapping[int, str]) -> list[str]:
    """Leads who are on leave on the days of their week, from this week on. For the leader alone."""
    weeks = [week for week in sorted(leads) if week >= group.week]
    leaves = await group.records.scan(Leave)
    if not weeks or not leaves:
        return []
    is_on = await prep.is_on(group)
    found = []
    for session in await prep.sessions(group, weeks[0], weeks[-1]):
        lead = leads.get(session.week)
        days = rotation.days(group, session, is_on=is_on)
        away = next((one for one in leaves if one.member == lead and any(one.holds(day) for day in days)), None)
        if away:
            found.append(f"第{session.week}周主备{lead}请假（{away.days}）。")
    return found


def _comes_near(one: str, other: str) -> bool:
    if one[0] == other[0] and 1 in (len(one), len(other)):
        return True
    if min(len(one), len(other)) < _LEAST:
        return False
    from rapidfuzz.distance import OSA  # here, not above: 2.6 MiB that only a name nobody has needs

    return OSA.distance(one, other, score_cutoff=1) <= 1


def _stranger(name: str, weeks: Sequence[int], near: str) -> str:
    suggested = f"，是不是{near}？" if near else "，"
    return f"{named(weeks)}的主备“{name[:10]}”不在组里{suggested}先空着。"
