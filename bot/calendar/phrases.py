"""What teachers type as a time: "周四第8节", "下周三", "9.17", "第9周", "每周三第8-9节"."""

from datetime import date, datetime, time, timedelta

from pydantic import BaseModel, ConfigDict

from bot.calendar.names import day_label, period_label, weekday_name
from bot.calendar.phrase_draft import Draft, bad_date
from bot.calendar.phrase_notes import ROLLED, note_of
from bot.calendar.phrase_scan import Phrase, scan
from bot.calendar.spans import PARTS, Month, month_bounds, month_day
from bot.calendar.term import Parity, SchoolCalendar
from bot.calendar.year_guess import month_after, parse_month

__all__ = ["When", "echo", "find_when", "parse_month", "understand_when"]

TimeOfDay = time  # ``time`` is a field of When
_PARITY_NAMES: dict[Parity, str] = {"odd": "单周", "even": "双周"}
_PART_NAMES = {"上": "上旬", "中": "中旬", "下": "下旬"}
_DASH = "\u2013"


class When(BaseModel):
    """A time as it was meant.

    At most one of ``day``, ``week`` (first and last day of a week or of 9月14日到18日), ``month`` and ``every`` is set;
    none for lessons or a time alone. ``weekday`` is set whenever one was named. ``every`` means each week, with
    ``parity`` each odd or even one. ``part`` is the part of the month (初 上 中 下 底). ``before``: 周五前.
    ``text`` says it back in Chinese, without 今天 or 下周; ``note`` what a listener must be told: that it has passed,
    that it is a day off, whose timetable a make-up day runs (see ``said``).
    """

    model_config = ConfigDict(defer_build=True, frozen=True)

    day: date | None = None
    week: tuple[date, date] | None = None
    month: Month | None = None
    part: str | None = None
    weekday: int | None = None
    every: bool = False
    parity: Parity | None = None
    periods: tuple[int, ...] | None = None
    half: str | None = None
    time: TimeOfDay | None = None
    time_to: TimeOfDay | None = None
    before: bool = False
    text: str = ""
    note: str = ""

    @property
    def said(self) -> str:
        """``text`` with what has to be said beside it: "10月1日 周四（国庆节，不上课）"."""
        return f"{self.text}\uff08{self.note}\uff09" if self.note else self.text

    @property
    def span(self) -> tuple[date, date] | None:
        """First and last day of what was named; None for a weekly rule, lessons or a time alone."""
        if self.day:
            return self.day, self.day
        if self.month and self.part:
            first, last = PARTS[self.part]
            return month_day(self.month, first), month_day(self.month, last)
        return month_bounds(self.month) if self.month else self.week


def understand_when(
    text: str, today: date, calendar: SchoolCalendar, now: datetime | None = None, *, past: bool = False
) -> When | None:
    """The time that ``text`` as a whole names; None when it names none, or says more than a time. See ``find_when``."""
    when, rest = find_when(text, today, calendar, now, past=past)
    return when if not rest else None


def find_when(
    text: str, today: date, calendar: SchoolCalendar, now: datetime | None = None, *, past: bool = False
) -> tuple[When | None, str]:
    """The first time in ``text``, and the text without it.

    Args:
        text: what was typed; full-width digits and signs are understood.
        today: the speaker's day.
        calendar: for 第9周, 下午第2节 and the weekday on which weeks begin.
        now: when given, 周三第2节 said on Wednesday after that lesson is next Wednesday's.
        past: for records of what has been: 周三 is the last one (today included), not the coming one.

    Returns:
        The time, or None, and the rest of the text as typed, outer blanks and commas removed.

    Raises:
        BadArgument: it looks like a date and is none (周八, 2月31日, 第30周, a date on another weekday than named).
    """
    phrase = scan(text, today, calendar)
    if phrase is None:
        return None, text.strip()
    draft = phrase.draft
    rolled = _settle_day(draft, phrase, today, now, past)
    when = When(
        day=draft.day,
        week=None if draft.day else draft.week,
        month=draft.month,
        part=draft.part,
        weekday=draft.weekday,
        every=draft.every,
        parity=draft.parity,
        periods=draft.periods or None,
        half=draft.half,
        time=draft.begin,
        time_to=draft.end,
        before=draft.before,
    )
    note = "" if past else ROLLED if rolled else note_of(when.span, draft.begin, today, now, calendar)
    return when.model_copy(update={"text": echo(when, today, calendar), "note": note}), phrase.rest


def echo(when: When, today: date, calendar: SchoolCalendar) -> str:
    """``when`` as absolute Chinese: "9月17日 周四第8节", "第3周" with its days, "单周周二", "9月底"."""
    date_part = _date_text(when, today, calendar)
    lessons = period_label(when.periods or ())
    # Lessons have been counted through the day: 下午 would make 下午第2节 out of lesson 7 a second time.
    hours = "" if lessons else when.half or ""
    clock = ""
    if when.time:
        hours, clock = "", f"{when.time:%H:%M}" + (f"{_DASH}{when.time_to:%H:%M}" if when.time_to else "")
    return " ".join(part for part in (f"{date_part}{hours}{lessons}", clock) if part) + ("前" if when.before else "")


def _date_text(when: When, today: date, calendar: SchoolCalendar) -> str:
    if when.every:
        weekday = weekday_name(when.weekday) if when.weekday else ""
        return f"{_PARITY_NAMES[when.parity]}{weekday}" if when.parity else f"每{weekday or '周'}"
    if when.day:
        return f"{_year_text(when.day.year, today)}{day_label(when.day)} {weekday_name(when.day.isoweekday())}"
    if when.month:
        part = _PART_NAMES.get(when.part or "", when.part or "")
        return f"{_year_text(when.month[0], today)}{when.month[1]}月{part}"
    if when.week is None:
        return ""
    first, last = when.week
    days = f"{_year_text(first.year, today)}{day_label(first)}{_DASH}{day_label(last)}"
    for term in calendar.terms:
        week = term.week_of(first)
        if term.bounds(week) == when.week and 0 <= week <= term.weeks:
            return f"第{week}周\uff08{days}\uff09"
    return days


def _year_text(year: int, today: date) -> str:
    return "" if year == today.year else f"{year}年"


def _settle_day(draft: Draft, phrase: Phrase, today: date, now: datetime | None, past: bool) -> bool:
    """Work the named weekday into the day; and lessons counted from noon into lessons of that day.

    Returns whether 周三第2节 was moved to next week because today's has passed.
    """
    rolled = False
    if past and draft.monthless and draft.day and draft.day > today:
        draft.day = _a_month_earlier(draft.day, phrase)
    weekday = draft.weekday
    if draft.day and weekday and draft.day.isoweekday() != weekday:
        wrong = f"{day_label(draft.day)}是{weekday_name(draft.day.isoweekday())}\uff0c不是{weekday_name(weekday)}"
        raise bad_date(phrase.typed, f"{wrong}。")
    if weekday and draft.week:
        first = draft.week[0]
        draft.day = first + timedelta(days=(weekday - first.isoweekday()) % 7)
    elif weekday and not draft.every and draft.day is None:
        draft.day = _weekday_near(draft, weekday, today, now, phrase.calendar, past)
        rolled = not past and weekday == today.isoweekday() and draft.day != today
    if draft.periods:
        draft.periods = _lessons(draft, phrase, today)
    return rolled


def _a_month_earlier(day: date, phrase: Phrase) -> date:
    year, month = month_after((day.year, day.month), -1)
    try:
        return day.replace(year=year, month=month)
    except ValueError:
        raise bad_date(phrase.typed, f"{month}月没有{day.day}日。") from None


def _lessons(draft: Draft, phrase: Phrase, today: date) -> tuple[int, ...]:
    meant = phrase.calendar.lessons_meant(draft.day or today, draft.periods, draft.half)
    bells = phrase.calendar.bells_on(draft.day or today)
    if not meant or (bells and max(meant) > len(bells.lessons)):
        raise bad_date(phrase.typed, f"没有“{draft.half or ''}{period_label(draft.periods)}”。")
    return meant


def _weekday_near(
    draft: Draft, weekday: int, today: date, now: datetime | None, calendar: SchoolCalendar, past: bool
) -> date:
    if past:
        return today - timedelta(days=(today.isoweekday() - weekday) % 7)
    ahead = (weekday - today.isoweekday()) % 7
    if ahead == 0 and now is not None and now.date() == today and _over(draft, today, now.time(), calendar):
        ahead = 7
    return today + timedelta(days=ahead)


def _over(draft: Draft, today: date, now: time, calendar: SchoolCalendar) -> bool:
    """Whether the named time of today has passed; never when only the day was named."""
    if draft.begin:
        return now >= (draft.end or draft.begin)
    meant = calendar.lessons_meant(today, draft.periods, draft.half)
    span = calendar.lessons_span(today, meant) if meant else None
    return span is not None and now >= span[1]
