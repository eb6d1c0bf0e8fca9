"""The calendar of a group: what every subject puts into it, once, in the order of the days.

A subject adds to it with ``SUBJECT.agenda``; there is no list of subjects here. /日程, /日程 我的, the board's calendar
and the .ics files are read from it.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time

from bot.domain.dated import Dated, Scope
from bot.domain.groups import Group
from bot.domain.subjects import subjects


async def agenda(group: Group, first: date, last: date, *, ended: bool = False) -> list[Dated]:
    """Everything in the group's calendar between two days of the term that counts, called-off things included.

    Args:
        ended: also what a standing change took out of the calendar for good: only a calendar file needs to know.

    Some of it is not for the group's eyes: see ``for_group`` and ``for_person``.
    """
    found = [
        replace(item, subject=subject.name)
        for subject in subjects()
        if subject.agenda
        for item in await subject.agenda(group, first, last, ended)
        if item.day <= last and item.last >= first
    ]
    return sorted(found, key=lambda item: (item.day, item.start or time.max, item.number, item.key))


def for_group(items: Iterable[Dated]) -> list[Dated]:
    """What everybody of the group may see."""
    return [item for item in items if item.scope is not Scope.ALONE]


def for_person(items: Iterable[Dated], name: str) -> list[Dated]:
    """What concerns somebody: what is everybody's, and what they have a part in."""
    return [item for item in items if item.concerns(name)]
