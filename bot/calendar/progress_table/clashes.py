"""What a progress table's rows say against the school's days and against each other, a Chinese sentence each."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date

from bot.calendar.names import day_label
from bot.calendar.progress_table import TableRow
from bot.calendar.term import SchoolCalendar, Term, each_day

Days = tuple[date, date]
#: A row that says itself that there is no lesson, or leaves the week open.
FREE = re.compile(r"假|国庆|中秋|元旦|春节|清明|劳动|五一|端午|机动|休")
#: Longer spans are those of weeks and months, which ``weeks`` holds against the calendar.
_WEEK = 7


def clashes(
    rows: Sequence[TableRow], term: Term, calendar: SchoolCalendar, days_of: Callable[[str, Term], Days | None]
) -> list[str]:
    """Rows whose own days have no school, and rows that name the same day twice."""
    dated = [(row, days) for row in rows if row.dates and (days := days_of(row.dates, term))]
    return [*_off(dated, term, calendar), *_same_day(dated)]


def _off(dated: Sequence[tuple[TableRow, Days]], term: Term, calendar: SchoolCalendar) -> list[str]:
    found = []
    for row, (first, last) in dated:
        inside = term.contains(first) and term.contains(last) and (last - first).days < _WEEK
        if not inside or calendar.school_days(first, last) or FREE.search(f"{row.unit}{row.topic}{row.remark}"):
            continue
        note = next((note for day in each_day(first, last) if (note := calendar.day_note(day))), "")
        shown = day_label(first) if first == last else f"{day_label(first)}\u2013{day_label(last)}"
        why = f"{note}放假" if note else "不上课"
        found.append(f"第{row.line}行写的{shown}{why}\uff0c还排了{row.topic[:20]}。")
    return found


def _same_day(dated: Sequence[tuple[TableRow, Days]]) -> list[str]:
    slots: dict[tuple[date, str], list[TableRow]] = defaultdict(list)
    for row, (first, last) in dated:
        if first == last:
            slots[first, "".join(row.dates.split())].append(row)
    return [
        f"第{'、'.join(str(row.line) for row in rows)}行都在{day_label(day)}\uff1a"
        f"{'、'.join(dict.fromkeys(row.topic[:10] for row in rows))}。"
        for (day, _), rows in slots.items()
        if len({row.topic for row in rows}) > 1
    ]
