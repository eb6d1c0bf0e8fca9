"""What has to be said about a new time for something in the calendar: what cannot be, and what is worth knowing."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import NamedTuple

from bot.calendar.entries import Entry
from bot.calendar.names import day_label, weekday_name
from bot.calendar.recurrence import dates
from bot.domain import quiet
from bot.domain.agenda import agenda, for_group
from bot.domain.dated import Dated
from bot.domain.groups import Group
from bot.domain.happenings import Happening, dated
from bot.errors import Refused

MOST = 3
EXAMPLE = "例：/日程 改 5 周四第8节"


class Remarks(NamedTuple):
    """What is worth knowing. ``alone``: for who makes the change, not for the group."""

    said: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()


def must_be_possible(group: Group, day: date, start: time | None = None) -> None:
    """Raises Refused when a day or hour is over, or there is no school on that day or in that half of it."""
    if day < group.today:
        raise Refused(f"{day_label(day)}已经过去了。", EXAMPLE)
    if start is not None and datetime.combine(day, start, group.zone) <= group.now:
        raise Refused(f"今天{start:%H:%M}已经过去了。", EXAMPLE)
    must_be_open(group, day, start)


def must_be_open(group: Group, day: date, start: time | None) -> None:
    """Raises Refused when there is no school on a day, or in the half of it in which ``start`` lies."""
    if not group.calendar.is_school_day(day):
        raise _closed(group, day, "换一个上课的日子。")
    if group.calendar.is_free_at(day, start):
        raise _closed(group, day, "换一个上课的时间。")


def must_be_held(group: Group, entry: Entry) -> None:
    """Raises Refused when the hour of a date lies in a half of its day that is taken off."""
    if entry.date and any(not one.precise for one in dates(entry, group.term, group.calendar)):
        raise _closed(group, entry.date, "换一个上课的时间。")


def _closed(group: Group, day: date, way: str) -> Refused:
    note = group.calendar.day_note(day) or "不上课"
    return Refused(f"{day_label(day)}（{weekday_name(day.isoweekday())}）{note}。", way)


async def remarks(group: Group, changed: Sequence[Happening]) -> Remarks:
    """What to know of things that have just been given a time: the days' own notes, clashes, a lead on leave.

    Args:
        changed: what was moved, as it stands now; of several days only the clashes and leaves are told.
    """
    if not changed:
        return Remarks()
    notes = _of_day(group, changed[0].day) if len(changed) == 1 else []
    items = await agenda(group, changed[0].day, max(one.day for one in changed))
    standing = {item.key: item for item in items if not item.cancelled}
    mine = [standing[key] for key in (dated(one).key for one in changed) if key in standing]
    clashes = [line for item in mine for line in _clashes(item, standing.values())]
    gone = [line for item in mine for line in await _gone(group, item)]
    twice = _twice(mine[0], standing.values()) if len(mine) == 1 else []
    return Remarks(tuple([*notes, *twice, *clashes][:MOST]), tuple(gone[:MOST]))


def _twice(item: Dated, others: Iterable[Dated]) -> list[str]:
    """Another time of the same on that day: perhaps that one was meant."""
    same = [
        other for other in others if other.number == item.number and other.key != item.key and other.day == item.day
    ]
    way = f"要改的是那一次，先 /撤销，再发 /日程 改 {item.number} {day_label(item.day)} 到 ……"
    return [f"⚠️ 那天本来就有一次（{other.when}）。{way}" for other in same if item.day == item.last]


def _of_day(group: Group, day: date) -> list[str]:
    term, found = group.term, list[str]()
    for name, week in (("期中", term.midterm_week), ("期末", term.final_week)):
        if term.week_of(day) == week:
            found.append(f"⚠️ {day_label(day)}在第{week}周，是{name}考试周。")
    if note := group.calendar.day_note(day):
        found.append(f"⚠️ {day_label(day)}{note}。")
    if not group.calendar.published(day):
        found.append(f"⚠️ {day.year}年的放假还没有公布，{day_label(day)}是不是上课到时再看。")
    return found


def _clashes(item: Dated, others: Iterable[Dated]) -> list[str]:
    same = [other for other in for_group(others) if item.meets(other)]
    return [f"⚠️ {item.when}还有：{f'{one.number} ' if one.number else ''}{one.title}。" for one in same]


async def _gone(group: Group, item: Dated) -> list[str]:
    away = await quiet.away(group, item.day)
    return [f"⚠️ {item.when}，{part}{name}请假。" for name, part in item.parts.items() if name in away]
