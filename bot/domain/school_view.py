"""The school's calendar in a few lines for a phone: a week, a month, a term, as the group's grade sees them."""

from collections.abc import Sequence
from datetime import date

from bot.calendar.grades import same_grade
from bot.calendar.names import day_label, weekday_name
from bot.calendar.term import Term, each_day
from bot.domain import school_days, school_terms
from bot.domain.groups import Group

PARITY = {"odd": "单周", "even": "双周"}
MOST = 6


def week_lines(group: Group, first: date, last: date) -> list[str]:
    """One teaching week: its number, the days with school, what is special, and the next examination."""
    days = [day for day in each_day(first, last) if group.calendar.is_school_day(day)]
    work = [day for day in each_day(first, last) if group.calendar.is_work_day(day)]
    special = specials(group, first, last)
    return [
        f"📅 {week_name(group.calendar.term_on(first) or group.term, first)} {day_label(first)}–{day_label(last)}",
        f"上课：{_weekdays(days)}" if days else f"老师到校：{_weekdays(work)}" if work else "不上课",
        *special[:MOST],
        *unpublished(group, first, last),
    ]


def month_lines(group: Group, first: date, last: date) -> list[str]:
    """A month or any stretch of days: the teaching weeks in it, examinations, what is special."""
    term = group.calendar.term_on(first) or group.term
    weeks = [week for week in range(term.week_of(first), term.week_of(last) + 1) if 1 <= week <= term.weeks]
    exams = [row for week in weeks for row in exam_rows(term, week)]
    days = sum(group.calendar.is_school_day(day) for day in each_day(first, last))
    special = specials(group, first, last)
    more = [f"……还有 {len(special) - MOST} 处：/校历 第{weeks[-1]}周"] if len(special) > MOST and weeks else []
    name = f"第{weeks[0]}–{weeks[-1]}周" if weeks else "不在学期里"
    return [
        f"📅 {day_label(first)}–{day_label(last)} {name}，上课 {days} 天",
        *exams,
        *special[:MOST],
        *more,
        *unpublished(group, first, last),
    ]


def term_lines(group: Group, term: Term) -> list[str]:
    """A term: its weeks, examinations, holidays and what the school has changed."""
    special = specials(group, max(term.first_day, group.today), term.last_day)
    room = MOST - 1
    more = [f"……还有 {len(special) - room} 处，看一个月：/校历 {term.last_day.month}月"] if len(special) > room else []
    return [
        f"📅 {term.name} {day_label(term.first_day)}–{day_label(term.last_day)}，共 {term.weeks} 周",
        "，".join(row for week in (term.midterm_week, term.final_week) for row in exam_rows(term, week)),
        *bells(group, term),
        *special[:room],
        *more,
        *unpublished(group, term.first_day, term.last_day),
    ]


def week_name(term: Term, day: date) -> str:
    """ "第2周（双周）", "准备周", "假期"; with the examination of that week."""
    week = term.week_of(day)
    if not 1 <= week <= term.weeks:
        return "准备周" if week == 0 else "假期"
    exam = "".join(f"，{name}" for name, field in school_terms.EXAMS.items() if getattr(term, field) == week)
    return f"第{week}周（{PARITY[term.parity(week)]}{exam}）"


def exam_rows(term: Term, week: int) -> list[str]:
    """ "期中第10周（11月2日–11月8日）" for an examination's week."""
    first, last = term.bounds(week)
    return [
        f"{name}第{week}周（{day_label(first)}–{day_label(min(last, term.last_day))}）"
        for name, field in school_terms.EXAMS.items()
        if getattr(term, field) == week
    ]


def specials(group: Group, first: date, last: date) -> list[str]:
    """What is not as every week between two days, a line each: days off on end, worked weekends, other timetables."""
    rows: list[tuple[str, list[date]]] = []
    for day in each_day(first, last):
        note = _note(group, day)
        if note and rows and rows[-1][0] == note and _goes_on(group, rows[-1][1], day):
            rows[-1][1].append(day)
        elif note:
            rows.append((note, [day]))
    own = [_special(note, days) for note, days in rows]
    return [*own, *_of_grades(group, first, last), *_new_bells(group, first, last)]


def _goes_on(group: Group, days: Sequence[date], day: date) -> bool:
    """Days off on end are one line; each worked day has its own."""
    return (day - days[-1]).days == 1 and not group.calendar.is_school_day(day)


def _new_bells(group: Group, first: date, last: date) -> list[str]:
    found = sorted(group.calendar.bells, key=lambda one: one.valid_from)
    fresh = [one for one in found[1:] if first <= one.valid_from <= last]
    return [f"{day_label(one.valid_from)}起换作息，第1节 {one.lessons[0][0]}" for one in fresh]


def _note(group: Group, day: date) -> str:
    """What is special of a day that counts towards a term; "" for nothing."""
    calendar = group.calendar
    note = calendar.day_note(day)
    if not note or not _counts(group, day):
        return ""
    if not calendar.is_work_day(day):
        return note if note.endswith("停课") else f"{note}放假"
    return note.removeprefix("调休，") if calendar.is_school_day(day) else ""


def _counts(group: Group, day: date) -> bool:
    return any(term.preparation_day <= day <= term.last_day for term in group.calendar.terms)


def _special(note: str, days: Sequence[date]) -> str:
    first, last = days[0], days[-1]
    if len(days) == 1:
        worked = "上课，" if first.isoweekday() > 5 and "课表" in note else ""
        return f"{day_label(first)}（{weekday_name(first.isoweekday())}）{worked}{note}"
    return f"{day_label(first)}–{day_label(last)} {note}"


def _of_grades(group: Group, first: date, last: date) -> list[str]:
    """To a group of no one grade, what is said of single grades is told with their names."""
    if group.grade is not None:
        return []
    limited = [s for s in group.school.calendar.swaps if first <= s.date <= last and (s.grades or s.without)]
    return school_days.words([s for s in limited if s.grades and all(same_grade(g) for g in s.grades)])


def unpublished(group: Group, first: date, last: date) -> list[str]:
    """A line where the public holidays of a year are not out yet, and Monday to Friday is only assumed."""
    counting = [day for day in each_day(first, last) if _counts(group, day)]
    days = [day for day in counting if not group.calendar.published(day)]
    years = dict.fromkeys(day.year for day in days)
    return [f"⚠️ {year}年的放假安排未公布，先按周一到周五上课算" for year in years]


def bells(group: Group, term: Term) -> list[str]:
    """The bell tables of a term: from when each is in force, and from when to when it reaches."""
    found = dict.fromkeys(b for day in each_day(term.first_day, term.last_day) if (b := group.calendar.bells_on(day)))
    since = [day_label(max(one.valid_from, term.first_day)) for one in found]
    rows = [
        f"{day}起 {one.lessons[0][0]}–{one.lessons[-1][1]} {len(one.lessons)} 节"
        for day, one in zip(since, found, strict=True)
    ]
    return [f"作息：{'；'.join(rows)}"] if rows else []


def _weekdays(days: Sequence[date]) -> str:
    """The weekdays of school days, those on end as one: "周一至周五、周日"."""
    runs: list[list[date]] = []
    for day in days:
        if runs and (day - runs[-1][-1]).days == 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return "、".join("至".join(dict.fromkeys(weekday_name(d.isoweekday()) for d in (run[0], run[-1]))) for run in runs)
