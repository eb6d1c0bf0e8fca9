"""The terms of a group: which one is meant by its name, which came before, and which days count towards it.

What a term left stays where it is and is read with ``Group.in_term``; here is how people get at it.
"""

from dataclasses import replace
from datetime import date, timedelta

from bot.calendar.names import day_label
from bot.calendar.phrases import parse_month
from bot.calendar.term import AHEAD, Term
from bot.domain.groups import Group
from bot.domain.subjects import Period
from bot.errors import BadArgument

_DAY = timedelta(days=1)
_THIS = ("本学期", "这学期", "这个学期", "学期")
_LAST = ("上学期", "上个学期")
_MOST_NAMED = 3


def former(group: Group) -> Term | None:
    """The term before the one that counts."""
    return next((term for term in reversed(group.calendar.terms) if term.last_day < group.term.first_day), None)


def following(group: Group) -> Term | None:
    """The term after the one that counts, as far as the school calendar knows it."""
    return next((term for term in group.calendar.terms if term.first_day > group.term.last_day), None)


def begun(group: Group) -> list[Term]:
    """The terms of which there is something to read, the newest first."""
    return [term for term in reversed(group.calendar.terms) if term.start <= group.today or term == group.term]


def called(group: Group, words: str) -> Term:
    """The term that ``words`` name: 本学期, 上学期 (the one that ended last), its name or a part of it.

    Raises:
        BadArgument: none, or several.
    """
    wanted = "".join(words.split())
    if wanted in _THIS:
        return group.term
    known = begun(group)
    ended = [term for term in known if term.last_day < group.today]
    if wanted in _LAST:
        known = ended[:1]
    else:
        known = [t for t in known if label(t) == wanted] or [t for t in known if wanted and wanted in label(t)]
    if len(known) == 1:
        return known[0]
    names = "、".join(label(term) for term in (known or begun(group))[:_MOST_NAMED])
    if known:
        raise BadArgument(f"“{words[:20]}”是哪个学期？", f"写全名：{names}")
    raise BadArgument(f"没有“{words[:20]}”的记录。", f"有记录的学期：{names}")


def asked(group: Group, which: str) -> tuple[Group, Period]:
    """The month ("9月") or the term ("上学期") that is meant, and the group as it was then.

    Raises:
        BadArgument: as ``called``, or no month.
    """
    if which.endswith("学期"):
        term = called(group, which)
        return group.in_term(term), days_of(group, term)
    year, number = parse_month(which, group.today)
    period = Period.month(year, number)
    if parse_month(period.label, group.today) != (year, number):  # its name alone would be that of another year
        period = replace(period, label=f"{year}年{period.label}")
    return group.in_term_of(period.last), period


def label(term: Term) -> str:
    """Its name as one word, which ``called`` understands."""
    return "".join(term.name.split())


def is_present(group: Group) -> bool:
    """Whether the term the group is bound to is the one that counts today."""
    return group.term == group.calendar.term_on(group.today)


def days_of(group: Group, term: Term) -> Period:
    """The days that count towards a term, the holidays after it and the weeks ahead of it included."""
    terms = group.calendar.terms
    place = terms.index(term)
    first, last = term.start - AHEAD, max(term.last_day, group.today)
    if place > 0:
        first = max(first, terms[place - 1].last_day + _DAY)
    if place + 1 < len(terms):
        last = max(term.last_day, terms[place + 1].start - AHEAD - _DAY)
    return Period(label(term), first, last)


def told(group: Group, period: Period) -> str:
    """The days of a period as a document names them: "2026年9月1日–9月30日".

    Of a term these are its teaching days, though the weeks ahead of it and the holidays after it count towards it.
    """
    term, first, last = group.term, period.first, period.last
    if period.label == label(term):
        first, last = term.first_day, term.last_day
    year = f"{last.year}年" if last.year != first.year else ""
    return f"{dated(first)}–{year}{day_label(last)}"


def dated(day: date) -> str:
    """A day with its year: "2026年9月7日"."""
    return f"{day.year}年{day_label(day)}"
