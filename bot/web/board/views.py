"""What the board's pages show, made of the domain's own lists: no rule is in here."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.calendar.names import day_label, weekday_name
from bot.calendar.term import Term, each_day, week_start
from bot.domain.agenda import agenda
from bot.domain.dated import Dated
from bot.domain.groups import Group
from bot.errors import BadArgument

WEEK = timedelta(days=7)
YEARS = range(2020, 2100)

GUESTS = ("听课", "候补")
"""Parts that are named behind those who lead."""


@dataclass(frozen=True)
class Item:
    """One thing of a day: its time, its words, its standing ("取消", "已改"), who has which part in it."""

    time: str
    title: str
    place: str
    standing: str
    parts: str
    number: int


@dataclass(frozen=True)
class Day:
    """A day of the calendar.

    Attributes:
        week: its teaching week, shown on the first day of one.
        note: "中秋节", "调休，按周二课表".
        outside: of another month than the one shown.
    """

    label: str
    weekday: str
    week: str
    note: str
    school: bool
    today: bool
    outside: bool
    items: tuple[Item, ...]


@dataclass(frozen=True)
class CalendarView:
    """A week or a month; ``earlier`` and ``later`` are the queries of its neighbours."""

    title: str
    days: tuple[Day, ...]
    month: bool
    earlier: str
    later: str
    other: str


Of = Callable[[Iterable[Dated]], Sequence[Dated]]
"""What of the calendar is shown, and how."""


async def week_of(group: Group, wanted: str, of: Of, suffix: str = "") -> CalendarView:
    """The calendar week of a day ("2026-09-14"; "" = today).

    Args:
        suffix: what the neighbours' queries end with.

    Raises:
        BadArgument: that is no day.
    """
    first = week_start(_day(wanted) if wanted else group.today, group.term.week_starts_on)
    days = await _days(group, of, first, first + WEEK - timedelta(days=1))
    number = group.in_term_of(first).term.week_of(first)
    title = f"第{number}周 {day_label(first)}–{day_label(first + WEEK - timedelta(days=1))}"
    queries = f"week={first - WEEK}{suffix}", f"week={first + WEEK}{suffix}", f"month={first:%Y-%m}{suffix}"
    return CalendarView(title, days, False, *queries)


async def month_of(group: Group, wanted: str, of: Of, suffix: str = "") -> CalendarView:
    """A month ("2026-10"), filled up to whole weeks; as ``week_of``."""
    first = _day(f"{wanted}-01")
    following = (first + timedelta(days=31)).replace(day=1)
    begin = week_start(first, group.term.week_starts_on)
    end = week_start(following - timedelta(days=1), group.term.week_starts_on) + WEEK - timedelta(days=1)
    days = await _days(group, of, begin, end, month=first.month)
    before = first - timedelta(days=1)
    return CalendarView(
        f"{first.year}年{first.month}月",
        days,
        True,
        f"month={before:%Y-%m}{suffix}",
        f"month={following:%Y-%m}{suffix}",
        f"week={first}{suffix}",
    )


async def _days(group: Group, of: Of, first: date, last: date, *, month: int | None = None) -> tuple[Day, ...]:
    bound = group.in_term_of(last)
    shown = of(await agenda(bound, first, last))
    return tuple(_shown(bound, day, _of(shown, day), month) for day in each_day(first, last))


def _of(items: Sequence[Dated], day: date) -> list[Dated]:
    """What stands on a day: what is due by a day stands on that day, what has many days on each."""
    return [one for one in items if (one.last == day if one.deadline else one.day <= day <= one.last)]


def _shown(group: Group, day: date, items: Sequence[Dated], month: int | None) -> Day:
    calendar, term = group.calendar, group.term
    begins = day == week_start(day, term.week_starts_on)
    return Day(
        label=day_label(day),
        weekday=weekday_name(day.isoweekday()),
        week=_week_label(term, term.week_of(day)) if begins else "",
        note=calendar.day_note(day) or "",
        school=calendar.is_school_day(day),
        today=day == group.today,
        outside=month is not None and day.month != month,
        items=tuple(_item(one) for one in items),
    )


def _week_label(term: Term, week: int) -> str:
    """ "第10周 期中", "准备周"; nothing outside the term."""
    if not 0 <= week <= term.weeks:
        return ""
    exam = {term.midterm_week: " 期中", term.final_week: " 期末"}.get(week, "")
    return f"第{week}周{exam}" if week else "准备周"


def _item(one: Dated) -> Item:
    standing = "取消" if one.cancelled else "已改" if one.moved else ""
    time = one.when.partition(" ")[2].removeprefix(weekday_name(one.day.isoweekday())) or one.when
    if one.deadline:
        time = "截止"
    elif one.day == one.last and not one.periods and one.start is None:
        time = ""
    return Item(time, one.title, one.place, standing, _parts(one), one.number)


def _parts(one: Dated) -> str:
    """ "上课 刘老师；听课 王老师、周老师": each part once, the guests behind."""
    by_part: dict[str, list[str]] = {}
    for who, part in one.parts.items():
        by_part.setdefault(part, []).append(who)
    return "；".join(f"{part} {'、'.join(by_part[part])}" for part in sorted(by_part, key=GUESTS.__contains__))


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadArgument(f"没看懂日期“{text[:20]}”。", "看日历里的别的日子。") from None
    if day.year not in YEARS:
        raise BadArgument(f"日历里没有{day.year}年。", "看日历里的别的日子。")
    return day
