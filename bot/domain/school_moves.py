"""What moves in a group when the school's days change: its calendar before and after, compared.

Only what is still to come counts. A group in which nothing moves hears nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, time

from bot.calendar.names import day_label
from bot.domain import open_lessons
from bot.domain.groups import Group
from bot.domain.happenings import Happening, happenings
from bot.errors import Refused

MOST = 3
"""Arrangements that one line names."""

Key = tuple[int, str]


@dataclass
class _Of:
    """What moves of one arrangement."""

    title: str
    gone: list[Happening] = field(default_factory=list)
    come: list[Happening] = field(default_factory=list)
    moved: list[tuple[Happening, Happening]] = field(default_factory=list)

    @property
    def words(self) -> str:
        """ "集体备课 9月30日 周三第8–9节 → 9月28日 周一第8–9节", "例会 9月30日 不开"."""
        pairs, gone, come = [*self.moved], [*self.gone], [*self.come]
        if not pairs and len(gone) == len(come) == 1:
            pairs, gone, come = [(gone[0], come[0])], [], []
        rows = [(one.day, f"{_when(one)} → {_when(other)}") for one, other in pairs]
        rows += [(one.day, f"{_when(one)} 不开") for one in gone] + [(one.day, f"{_when(one)} 开") for one in come]
        rows.sort(key=lambda row: row[0])
        more = f"等 {len(rows)} 次" if len(rows) > 2 else ""
        return f"{self.title} {'，'.join(words for _, words in rows[:2])}{more}"


async def coming(group: Group, last: date) -> dict[Key, Happening]:
    """What falls due from now on until ``last``, by routine and occasion."""
    try:
        found = await happenings(group, group.today, last)
    except Refused:  # no term at all
        return {}
    return {(h.routine.number, h.occasion.key): h for h in found if not h.cancelled and h.ends(group) > group.now}


def compared(before: dict[Key, Happening], after: dict[Key, Happening]) -> str:
    """What moves, in words; "" for nothing."""
    found: dict[int, _Of] = {}
    for key, one in sorted({**after, **before}.items(), key=lambda item: (item[1].day, item[0])):
        own = found.setdefault(key[0], _Of(one.title))
        if key not in after:
            own.gone.append(one)
        elif key not in before:
            own.come.append(one)
        elif _place(one) != _place(after[key]):
            own.moved.append((one, after[key]))
    moving = [own for own in found.values() if own.gone or own.come or own.moved]
    more = f"；等 {len(moving)} 项" if len(moving) > MOST else ""
    return "；".join(own.words for own in moving[:MOST]) + more


def _place(one: Happening) -> tuple[object, ...]:
    return one.day, one.last, one.precise, one.periods, one.start


def _when(one: Happening) -> str:
    return f"{day_label(one.day)} {one.when}" if one.precise else one.when


async def stranded(group: Group, last: date, days: Collection[date] | None = None) -> list[str]:
    """What stands by somebody's own word on a day, until ``last``, without school: it does not move by itself, and the
    leader has to say where it goes. ``days``: look at these alone."""
    found = await _lessons(group, days)
    moved = [h for h in await happenings(group, group.today, last) if h.moved and not h.cancelled]
    lost = [h for h in moved if _concerns(days, h.day) and not _is_open(group, h.day, h.start)]
    return [*found, *[f"{h.title}改到{_when(h)}，那天不上课：/日程 改 {h.routine.number} 周几" for h in lost]]


def _concerns(days: Collection[date] | None, day: date) -> bool:
    return days is None or day in days


async def _lessons(group: Group, days: Collection[date] | None) -> list[str]:
    found = [one for one in await open_lessons.upcoming(group, unlisted=True) if _concerns(days, one.day)]
    lost = [one for one in found if not _is_open(group, one.day, open_lessons.starts(group, one).time())]
    return [f"{one.number} {one.label}（{one.when_dated}）那天不上课，请另定" for one in lost]


def _is_open(group: Group, day: date, begins: time | None) -> bool:
    return group.calendar.is_school_day(day) and not group.calendar.is_free_at(day, begins)
