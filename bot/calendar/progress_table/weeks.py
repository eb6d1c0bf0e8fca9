"""From a table's rows to the weeks of a term, with everything that does not fit the school's calendar.

A row of several weeks becomes one a week ("《红楼梦》（1/2）"), its lessons parted; rows of one week become one.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from bot.calendar.names import day_label
from bot.calendar.progress_table import Table, TableRow
from bot.calendar.progress_table.clashes import FREE, clashes
from bot.calendar.term import SchoolCalendar, Term, each_day

_ISO = re.compile(r"(?<!\d)(20\d\d)[-./](\d{1,2})[-./](\d{1,2})日?(?!\d)")
_DASHED = re.compile(r"(?<![\d.])(\d{1,2})-(\d{1,2})(?=\s*[~至到]|\s*$)|(?<=[~至到])\s*(\d{1,2})-(\d{1,2})(?!\d)")
_EXAM = re.compile(r"期中|期末|考试|复习|命题|讲评|检测|总结|分析")
_FRIDAY = 5


class WeekRow(NamedTuple):
    """What a table says of one week; ``lines`` are the rows it was made of."""

    week: int
    unit: str
    topic: str
    lessons: int | None
    leads: tuple[str, ...]
    remark: str
    lines: tuple[int, ...]


def by_week(table: Table, term: Term, calendar: SchoolCalendar) -> tuple[list[WeekRow], list[str]]:
    """The weeks of the table in their order, and what is doubtful, a Chinese sentence each."""
    doubts = list(table.problems)
    parts: list[WeekRow] = []
    outside: list[tuple[int, int]] = []
    for row in table.rows:
        weeks = _weeks(row, term, doubts)
        inside = [week for week in weeks if 1 <= week <= term.weeks]
        outside += [(week, row.line) for week in weeks if week not in inside]
        parts += _each_week(row, inside)
    if outside:
        lines = "、".join(map(str, dict.fromkeys(line for _, line in outside)))
        where = f"不在{term.name}（第1–{term.weeks}周）里"
        doubts.append(f"{named(sorted({week for week, _ in outside}))}（第{lines}行）{where}，没有读。")
    rows = _joined(parts, doubts)
    own_days = [row for row in table.rows if row.dates]
    return rows, [*doubts, *_against_calendar(rows, term, calendar), *clashes(own_days, term, calendar, days_of)]


def days_of(text: str, term: Term) -> tuple[date, date] | None:
    """The first and last day of "9.1-9.5", "9月1日—5日", "2026-09-01"; None when no day is understood.

    Without a year the one nearest to the term is taken. The rules are those of plan documents, imported here: 60 ms
    that a bot nobody sends a table to can do without.
    """
    from bot.calendar.reading.atoms import scan
    from bot.calendar.reading.context import PlanContext, TermSpan
    from bot.calendar.reading.normalise import tidy
    from bot.calendar.reading.times import merged
    from bot.calendar.reading.vocabulary import ALL_RULES

    text = _ISO.sub(r"\1年\2月\3日", tidy(text).folded)
    text = _DASHED.sub(lambda found: f"{found[1] or found[3]}月{found[2] or found[4]}日", text)
    span = TermSpan(first_day=term.first_day, weeks=term.weeks)
    found = next(iter(merged(scan(text, ALL_RULES, PlanContext(term=span, year=None)))), {})
    first, last = found.get("date") or found.get("date_from"), found.get("date_to")
    if not isinstance(first, date):
        return None
    return first, last if isinstance(last, date) and last >= first else first


def named(weeks: Sequence[int]) -> str:
    """ "第3、5–7周"."""
    parts: list[list[int]] = []
    for week in weeks:
        if parts and week == parts[-1][-1] + 1:
            parts[-1].append(week)
        else:
            parts.append([week])
    spans = [str(part[0]) if len(part) == 1 else f"{part[0]}–{part[-1]}" for part in parts]
    return f"第{'、'.join(spans)}周"


def _weeks(row: TableRow, term: Term, doubts: list[str]) -> tuple[int, ...]:
    """The weeks a row is about: those it names, or those of its days."""
    days = days_of(row.dates, term) if row.dates else None
    by_days = _weeks_of_days(days, term) if days else ()
    if not row.weeks and not by_days:
        doubts.append(f"第{row.line}行的日期“{row.dates[:20]}”没看懂，没有读。")
    elif row.weeks and by_days and not set(row.weeks) & set(by_days):
        doubts.append(f"第{row.line}行写的是{named(row.weeks)}，日期“{row.dates[:20]}”却在{named(by_days)}，按周次读。")
    return row.weeks or by_days


def _weeks_of_days(days: tuple[date, date], term: Term) -> tuple[int, ...]:
    """The weeks in which a span has a day from Monday to Friday: some tables count weeks from Sunday."""
    workdays = [day for day in each_day(*days) if day.isoweekday() <= _FRIDAY] or [days[0]]
    return tuple(dict.fromkeys(term.week_of(day) for day in workdays))[: 2 * term.weeks]


def _each_week(row: TableRow, weeks: Sequence[int]) -> list[WeekRow]:
    count = len(weeks)
    return [
        WeekRow(
            week=week,
            unit=row.unit,
            topic=f"{row.topic}（{place}/{count}）" if count > 1 else row.topic,
            lessons=_share(row.lessons, place, count),
            leads=row.leads,
            remark=row.remark,
            lines=(row.line,),
        )
        for place, week in enumerate(weeks, start=1)
    ]


def _share(lessons: int | None, place: int, count: int) -> int | None:
    """Seven lessons over two weeks are four and three; fewer lessons than weeks are those of each week."""
    if lessons is None or lessons < count:
        return lessons
    return lessons // count + (place <= lessons % count)


def _joined(parts: Sequence[WeekRow], doubts: list[str]) -> list[WeekRow]:
    """One row a week, in order; what was in several rows is said."""
    weeks: dict[int, list[WeekRow]] = {}
    for part in sorted(parts, key=lambda part: part.week):
        weeks.setdefault(part.week, []).append(part)
    double = {week: rows for week, rows in weeks.items() if len(rows) > 1}
    if len(double) == 1:
        ((week, rows),) = double.items()
        lines = "、".join(str(line) for row in rows for line in row.lines)
        doubts.append(f"第{week}周写了 {len(rows)} 行（第{lines}行），合在一起。")
    elif double:
        doubts.append(f"{named(list(double))}各写了几行，合在一起。")
    return [_one(rows) for rows in weeks.values()]


def _one(rows: Sequence[WeekRow]) -> WeekRow:
    """Several rows of a week as one: every topic, the lessons together, whoever leads in any of them."""
    topics, unit = [], rows[0].unit
    for row in rows:
        topics.append(row.topic if row.unit in ("", unit) else f"{row.unit} {row.topic}")
        unit = row.unit or unit
    lessons = [row.lessons for row in rows if row.lessons is not None]
    return WeekRow(
        week=rows[0].week,
        unit=rows[0].unit,
        topic="；".join(dict.fromkeys(topics)),
        lessons=sum(lessons) if lessons else None,
        leads=tuple(dict.fromkeys(name for row in rows for name in row.leads)),
        remark="；".join(dict.fromkeys(row.remark for row in rows if row.remark)),
        lines=tuple(line for row in rows for line in row.lines),
    )


def _against_calendar(rows: Sequence[WeekRow], term: Term, calendar: SchoolCalendar) -> list[str]:
    found = []
    exams = {term.midterm_week: "期中", term.final_week: "期末"}
    for row in rows:
        words = f"{row.unit}{row.topic}{row.remark}"
        if row.week in exams and not _EXAM.search(words):
            found.append(f"第{row.week}周是{exams[row.week]}考试周，还排了{row.topic[:20]}。")
        if not calendar.school_days(*term.bounds(row.week)) and not FREE.search(words):
            found.append(f"第{row.week}周（{day_label(term.bounds(row.week)[0])}起）放假，还排了{row.topic[:20]}。")
    return found


def missing(rows: Sequence[WeekRow], term: Term, calendar: SchoolCalendar) -> list[int]:
    """The weeks with lessons that the table leaves out; examination weeks may be left out."""
    there = {row.week for row in rows} | {term.midterm_week, term.final_week}
    return [week for week in range(1, term.weeks + 1) if week not in there and calendar.school_days(*term.bounds(week))]
