"""The days that a school's notice names: "9月28日（周日）", "10.1-10.7", "9月28、29日", "下周三".

A notice looks ahead: 5月8日 said in September is next May, 9月1日 said on 7 September has passed.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from bot.calendar.names import chinese_number, day_label, weekday_name, weekday_number
from bot.calendar.phrases import understand_when
from bot.calendar.term import SchoolCalendar, each_day

LONGEST = 40
"""Days that one stretch (10月1日至7日) may have; a longer one is a holiday of the year, and no swap."""

RECENT = timedelta(days=92)
"""A day not longer ago was meant, and has passed; any other is to come."""

# ascii: regular expressions
_NUMBER = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_WEEKDAY = "(?:周|星期|礼拜)([一二三四五六日天])"
_DAY = re.compile(
    rf"(?<![\d.])(?:(?P<year>20\d\d)\s*[年./-]\s*)?(?P<month>{_NUMBER})\s*(?:月|[./](?=\d)|(?<=\d)-(?=\d))\s*"
    rf"(?P<day>{_NUMBER})(?P<sign>\s*[日号])?(?![\d:])"
)
_OWN_WEEKDAY = re.compile(rf"\s*(?:\(\s*{_WEEKDAY}[^()]{{0,8}}\)|{_WEEKDAY}(?!\s*(?:的?课|作息)))")
_BRACKET = re.compile(r"\s*\([^()]{0,12}\)")
_NEXT = re.compile(
    rf"\s*(?P<sep>[、和与及]|,(?=\s*{_NUMBER}[日号])|[至到~\-\u2013\u2014]+)\s*"
    rf"(?:(?P<month>{_NUMBER})(?:月|[./](?=\d)))?(?P<day>{_NUMBER})(?P<sign>[日号])?(?![\d节课周月.:])"
)
_NEAR = re.compile(
    rf"大后天|今天|明天|后天|(?:下下|[下本这])(?:个)?{_WEEKDAY}|第{_NUMBER}周(?:{_WEEKDAY}|[一二三四五六日天])"
    rf"|(?<![按补上行照用走]){_WEEKDAY}(?!\s*(?:的?课|作息))"
)


class Mention(NamedTuple):
    """Days named in a clause, where they stand, and what is wrong with them ("" for nothing)."""

    start: int
    end: int
    days: tuple[date, ...]
    wrong: str = ""


def mentions(clause: str, today: date, calendar: SchoolCalendar) -> list[Mention]:
    """The days that ``clause`` (in NFKC) names, in its order; a relative one only at its beginning."""
    found, position = [], 0
    while match := _DAY.search(clause, position):
        if match["year"] is None and match["sign"] is None and "-" in match.group():  # 9-28 is a range of anything
            position = match.end()
            continue
        found.append(_mention(clause, match, today))
        position = found[-1].end
    if not found and (near := _NEAR.match(clause.lstrip())):
        begin = len(clause) - len(clause.lstrip())
        when = understand_when(near.group(), today, calendar)
        if when and when.day:
            return [Mention(begin, begin + near.end(), (when.day,))]
    return found


def year_ahead(month: int, day: int, today: date) -> int:
    """The year in which a notice means a day without one."""
    years = range(today.year - 1, today.year + 2)
    return next(year for year in years if date(year, month, min(day, 28)) >= today - RECENT)


def day_words(day: date) -> str:
    """ "9月28日（周日）"."""
    return f"{day_label(day)}（{weekday_name(day.isoweekday())}）"


@dataclass
class _Reading:
    """A mention being read: the days so far, and the month that a bare 29日 belongs to."""

    today: date
    year: int
    month: int
    days: list[date]
    wrong: str = ""

    def add(self, month: str | None, day: str, *, until: bool) -> None:
        named, number = chinese_number(month) if month else self.month, chinese_number(day)
        if named is None or number is None or not 1 <= named <= 12:
            self.wrong = self.wrong or f"没看懂日期“{month or self.month}月{day}日”"
            return
        year = self.year + 1 if self.days and named < self.month else self.year
        try:
            found = date(year, named, number)
        except ValueError:
            self.wrong = self.wrong or f"{year}年{named}月没有{number}日"
            return
        self.year, self.month = year, named
        self.days += self._stretch(found) if until and self.days else [found]

    def _stretch(self, last: date) -> list[date]:
        first = self.days[-1] + timedelta(days=1)
        if last < first or (last - first).days >= LONGEST:
            self.wrong = self.wrong or f"“{day_label(self.days[-1])}到{day_label(last)}”不像一段假期"
            return []
        return list(each_day(first, last))

    def weekday(self, words: str) -> None:
        if self.days and self.days[-1].isoweekday() != weekday_number(f"周{words}"):
            day = self.days[-1]
            self.wrong = self.wrong or f"{day_label(day)}是{weekday_name(day.isoweekday())}，不是周{words}"


def _mention(clause: str, match: re.Match[str], today: date) -> Mention:
    month, day = chinese_number(match["month"]), chinese_number(match["day"])
    year = int(match["year"]) if match["year"] else 0
    if not year:
        try:
            year = year_ahead(month or 0, day or 0, today)
        except ValueError:
            year = today.year
    reading = _Reading(today, year, month or 0, [])
    reading.add(match["month"], match["day"], until=False)
    end = _own_weekday(clause, match.end(), reading)
    while further := _NEXT.match(clause, end):
        reading.add(further["month"], further["day"], until=further["sep"] not in {"、", "和", "与", "及", ","})
        end = _own_weekday(clause, further.end(), reading)
    return Mention(match.start(), end, tuple(dict.fromkeys(reading.days)), reading.wrong)


def _own_weekday(clause: str, position: int, reading: _Reading) -> int:
    """Where the reading goes on after a weekday, which must be the day's own, or after any other bracket."""
    if own := _OWN_WEEKDAY.match(clause, position):
        reading.weekday(own[1] or own[2])
        return own.end()
    bracket = _BRACKET.match(clause, position)
    return bracket.end() if bracket else position
