"""Moving the dates of a term (feature B7): 开学, 期中 and 期末, the number of weeks, the last day.

What hangs on them moves by itself: teaching weeks, what the plan anchors to a week, an examination or the term's
start; the row of an examination in the progress table goes with it (bot/domain/exam_rows.py).
"""

from datetime import date, timedelta
from typing import NamedTuple

from pydantic import ValidationError

from bot.calendar.names import day_label
from bot.calendar.notice_days import day_words
from bot.calendar.term import Term
from bot.domain.exam_rows import Exam
from bot.domain.groups import Group
from bot.domain.school_changes import Patch
from bot.errors import BadArgument, Refused

FARTHEST = timedelta(weeks=8)
"""How far the beginning and the end of a term move at most: what is farther off is another term, or a slip."""

USUAL_WEEKS = 2
"""Weeks by which a term becomes longer or shorter without being asked about."""

EXAMS = {"期中": "midterm_week", "期末": "final_week"}
_EXAMPLE = "例：/校历 开学 9月2日"


class TermMove(NamedTuple):
    """A term's change, before it is made: in one line, and what it means for the other dates. ``doubt`` is what makes
    one ask first."""

    patch: Patch
    what: str
    rows: tuple[str, ...]
    doubt: str = ""


def start_on(group: Group, day: date) -> TermMove:
    """Let the term whose beginning is nearest begin on ``day``; the number of weeks and the examinations' weeks stay.

    Raises:
        BadArgument: no term begins near, or it would overlap another; Refused: it begins then already.
    """
    near = min(group.school.calendar.terms, key=lambda term: abs(term.first_day - day), default=group.term)
    if abs(near.first_day - day) > FARTHEST:
        raise BadArgument(
            f"{day.year}年{day_words(day)}离{near.name}开学（{day_label(near.first_day)}）太远。", _EXAMPLE
        )
    shift = timedelta(days=(_made(near, first_day=day, ends=None).start - near.start).days)
    fresh = _made(near, first_day=day, ends=near.ends + shift if near.ends else None)
    _must_change(near, fresh, f"{near.name}本来就在{day_words(day)}开学")
    fresh = _made(fresh, moved_on=(*near.moved_on, group.today)) if shift else fresh
    rows = [f"第1周 {_span(fresh, 1)}，共 {fresh.weeks} 周，到{day_label(fresh.last_day)}"] if shift else []
    rows += [f"{name}第{week}周 {_span(fresh, week)}" for name, week in _exams(fresh) if shift]
    what = f"{near.name}开学 {day_label(near.first_day)} → {day_words(day)}"
    doubt = "已经开学了，前面的教学周也会重新算。" if shift and near.first_day < group.today else ""
    return TermMove(Patch(terms=(fresh,)), what, tuple(rows), doubt)


def exam_in(group: Group, name: str, week: int) -> TermMove:
    """Let 期中 or 期末 be in another teaching week.

    Raises:
        BadArgument: the term has no such week; Refused: it is there already.
    """
    old = getattr(group.term, EXAMS[name])
    fresh = _made(group.term, **{EXAMS[name]: week})
    _must_change(group.term, fresh, f"{name}本来就在第{week}周（{_span(fresh, week)}）")
    what = f"{name} 第{old}周 → 第{week}周（{_span(fresh, week)}）"
    return TermMove(Patch(terms=(fresh,), exams=(Exam(name=name, old=old, new=week),)), what, ())


def with_weeks(group: Group, weeks: int) -> TermMove:
    """Let the term have another number of weeks; a 期末 in the last week stays in the last.

    Raises:
        BadArgument: impossible; Refused: it has so many already.
    """
    return _longer(group, weeks, None)


def end_on(group: Group, day: date) -> TermMove:
    """Let ``day`` be the term's last, be it in the middle of a week.

    Raises:
        BadArgument: it is far from the end; Refused: it is the last already.
    """
    if abs(group.term.last_day - day) > FARTHEST:
        example = f"只停那天的课：/调课 {day_label(day)} 停课"
        raise BadArgument(f"{day_words(day)}离{group.term.name}结束（{day_label(group.term.last_day)}）太远。", example)
    return _longer(group, group.term.week_of(day), day)


def _longer(group: Group, weeks: int, ends: date | None) -> TermMove:
    term = group.term
    last = term.bounds(weeks)[1]
    final = weeks if term.final_week == term.weeks else term.final_week
    if final > weeks:
        raise BadArgument(f"期末在第{term.final_week}周，先改期末。", f"例：/校历 期末 第{weeks}周")
    fresh = _made(term, weeks=weeks, final_week=final, ends=None if ends == last else ends)
    _must_change(term, fresh, f"{term.name}本来就到{day_words(term.last_day)}，共 {term.weeks} 周")
    exams = (Exam(name="期末", old=term.final_week, new=final),) if final != term.final_week else ()
    rows = [f"期末第{final}周 {_span(fresh, final)}"] if exams else []
    before = f"{term.weeks} 周" if term.weeks != weeks else day_label(term.last_day)
    what = f"{term.name} {before} → {f'{weeks} 周，' if term.weeks != weeks else ''}到{day_words(fresh.last_day)}"
    longer = weeks - term.weeks
    doubt = f"比原来{'长' if longer > 0 else '短'} {abs(longer)} 周。" if abs(longer) > USUAL_WEEKS else ""
    return TermMove(Patch(terms=(fresh,), exams=exams), what, tuple(rows), doubt)


def _made(term: Term, **changes: object) -> Term:
    try:
        return Term.model_validate({**term.model_dump(), **changes})
    except ValidationError as error:
        raise BadArgument(f"{error.errors(include_url=False)[0]['msg']}。", "看学期：/校历 学期") from None


def _must_change(old: Term, fresh: Term, already: str) -> None:
    if old == fresh:
        raise Refused(f"{already}。", "看学期：/校历 学期", symbol="ℹ️")


def _exams(term: Term) -> list[tuple[str, int]]:
    return [(name, getattr(term, field)) for name, field in EXAMS.items()]


def _span(term: Term, week: int) -> str:
    first, last = term.bounds(week)
    return f"{day_label(first)}–{day_label(min(last, max(first, term.last_day)))}"
