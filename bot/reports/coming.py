"""What the calendar of the following month holds, for the end of a digest: what comes often in a word, the rest by
its day."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.calendar.names import day_label
from bot.domain.agenda import agenda, for_group
from bot.domain.dated import Dated
from bot.domain.groups import Group
from bot.domain.subjects import Period
from bot.errors import Refused

MOST_SHOWN = 3
_OPEN = re.compile("（[^（）]*待定）")
OFTEN = 2
"""Times in a month after which a thing is told by how often it comes."""


@dataclass(frozen=True)
class Coming:
    """What comes in a month.

    Attributes:
        label: the month ("10月"); "" when there is nothing to say.
        parts: "集体备课 4 次", "10月15日 赵老师公开课"; what comes often first, then by day. What the leader wants
            nothing posted for is not among them.
        rows: each thing with its day, title and place.
    """

    label: str = ""
    parts: tuple[str, ...] = ()
    rows: tuple[tuple[str, str, str], ...] = ()

    @property
    def line(self) -> str:
        """The first few in one line; "" for none."""
        more = f"；共 {len(self.rows)} 项，看：/日程" if len(self.parts) > MOST_SHOWN else ""
        return f"📅 {self.label}：{'；'.join(self.parts[:MOST_SHOWN])}{more}" if self.parts else ""


async def coming_after(group: Group, period: Period) -> Coming:
    """What everybody of the group may know of the month after ``period``; nothing after a term, or without a term."""
    if period.is_long:
        return Coming()
    day = period.last + timedelta(days=1)
    month = Period.month(day.year, day.month)
    try:
        items = for_group(await agenda(group.in_term_of(month.last), month.first, month.last))
    except Refused:  # the school has no term at all
        return Coming()
    kept = [item for item in items if not item.cancelled and month.holds(item.day)]
    rows = tuple((item.when, item.title, item.place) for item in kept)
    return Coming(month.label, tuple(_parts([item for item in kept if not item.silent])), rows) if kept else Coming()


def _parts(items: Sequence[Dated]) -> list[str]:
    by_title: dict[str, list[Dated]] = {}
    for item in items:
        by_title.setdefault(item.title, []).append(item)
    often = [f"{title} {len(same)} 次" for title, same in by_title.items() if len(same) > OFTEN]
    single = [item for same in by_title.values() if len(same) <= OFTEN for item in same]
    return [
        *often,
        *(f"{day_label(item.day)} {_OPEN.sub('', item.title)}" for item in sorted(single, key=lambda item: item.day)),
    ]
