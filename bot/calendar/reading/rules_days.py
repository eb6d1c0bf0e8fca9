"""Patterns for days, months and weeks of a relative kind: 10月14日, 4-5月份, 12月下旬, 本周五."""

import re
from datetime import date, timedelta
from itertools import pairwise

from bot.calendar.reading.atoms import Found, Rule, rule
from bot.calendar.reading.context import PlanContext
from bot.calendar.reading.dates import on_day, weekday_near
from bot.calendar.reading.numerals import AND, NUMBER, TO, number, numbers, weekdays
from bot.calendar.reading.rules_holidays import HOLIDAY_RULES

_YEAR = r"(?:(?P<y>\d{4})\s*[年.]\s*)?"
_MD = rf"(?P<m>{NUMBER})月(?P<d>{NUMBER})"
_DOT = r"(?P<m>1[0-2]|0?[1-9])[./](?P<d>[0-3]?\d)"
#: The weekday in brackets behind the first and the last day of a span.
_NAMED_DAY = r"(?:\((?:周|星期|礼拜)?(?P<wd>[一二三四五六日天])\))?"
_NAMED_END = r"\((?:周|星期|礼拜)?[一二三四五六日天]\)"
_END = (
    r"(?:(?:(?P<y2>\d{4})年)?(?P<m2>\d{1,2}|[一二三四五六七八九十]{1,2})月)?(?P<d2>\d{1,2}"
    r"|[一二三四五六七八九十]{1,3})"
)
#: 2.1 may be a section of a textbook; 10.27 has too many sections for one.
_SECTION = re.compile(r"[1-9]\d?\.[1-9]")
_CUT = r"(?P<cut>截止(?:日期|时间)?(?:为|是|到|至|于|:)?\s*|截至\s*)?"
_BY = r"(?P<by>(?:之前|以前|前(?!后|夕|[一二三四五六两\d])|为?止|截止))?(?P<approx>前后|左右)?(?P<since>起|开始)?"


def _day(match: re.Match[str], context: PlanContext) -> Found | None:
    parts = match.groupdict()
    month, day = number(parts["m"]), number(parts["d"])
    resolved = on_day(month or 0, day or 0, int(parts["y"]) if parts.get("y") else None, context)
    if resolved is None:
        return None
    found: Found = {"date": resolved[0]}
    if _SECTION.fullmatch(match[0]):
        found["bare_day"] = True
    if not resolved[1]:
        found["doubt"] = "impossible"
    if parts.get("by") or parts.get("cut"):
        found["deadline"] = True
    if parts.get("approx"):
        found["approx"] = True
    if parts.get("since"):
        found["since"] = True
    return found


def _span(match: re.Match[str], context: PlanContext) -> Found | None:
    found = _day(match, context)
    if found is None:
        return None
    parts = match.groupdict()
    if parts.get("open"):
        return found | {"date_to": "期末"}
    start = found["date"]
    if parts.get("wd") and weekdays(parts["wd"]) != start.isoweekday():
        found["doubt"] = "weekday"
    month, day = number(parts["m2"]) if parts.get("m2") else start.month, number(parts["d2"])
    last = on_day(month or 0, day or 0, int(parts["y2"]) if parts.get("y2") else None, context)
    if last is None or last[0] < start or (last[0] - start).days > 200:
        return None
    return found | {"date_to": last[0]} | ({} if last[1] else {"doubt": "impossible"})


def _days(match: re.Match[str], context: PlanContext) -> Found | None:
    first = _day(match, context)
    if first is None:
        return None
    dates, month = [first["date"]], first["date"].month
    for named, day in re.findall(rf"(?:({NUMBER})月)?({NUMBER})[日号]", match["rest"]):
        month = number(named) or month
        if resolved := on_day(month, number(day) or 0, None, context):
            dates.append(resolved[0])
    return _listed(first, dates)


def _either_day(match: re.Match[str], context: PlanContext) -> Found | None:
    """11月24或25日: which of them must be asked."""
    found = _day(match, context)
    return found | {"either": True} if found else None


def _title_day(match: re.Match[str], context: PlanContext) -> Found | None:
    if context.month is None:
        return None
    resolved = on_day(context.month, number(match["d"]) or 0, None, context)
    if resolved is None:
        return None
    by = {"deadline": True} if match.groupdict().get("by") else {}
    return {"date": resolved[0]} | by | ({} if resolved[1] else {"doubt": "impossible"})


def _title_days(match: re.Match[str], context: PlanContext) -> Found | None:
    """4日、5日 in a table whose title names the month."""
    first = _title_day(match, context)
    if first is None or context.month is None:
        return None
    rest = [on_day(context.month, int(day), None, context) for day in re.findall(r"\d+", match["rest"])]
    return _listed(first, [first["date"], *(one[0] for one in rest if one)])


def _listed(first: Found, dates: list[date]) -> Found:
    """Days that follow each other are a span, others one entry each."""
    if all(later - earlier == timedelta(days=1) for earlier, later in pairwise(dates)):
        return first | {"date_to": dates[-1]}
    return first | {"dates": dates}


def _title_span(match: re.Match[str], context: PlanContext) -> Found | None:
    """1—5日 in a table whose title names the month."""
    first = _title_day(match, context)
    last = on_day(context.month, int(match["d2"]), None, context) if context.month else None
    if first is None or last is None or last[0] <= first["date"]:
        return None
    return first | {"date_to": last[0]} | ({} if last[1] else {"doubt": "impossible"})


_XUN_WORD = r"(?P<xun>[上中下]旬[、和至或][上中下]旬|(?:[上中下]、?){1,2}旬|初|底|末|中(?![学小考秋旬高职]))?"


def _xun(word: str | None) -> str | list[str] | None:
    if not word:
        return None
    letters = [char for char in word if char in "上中下初底末"]
    merged = "底" if letters == ["末"] else "".join(letters)
    apart = re.search(r"旬[、和至或]", word) or (len(letters) > 1 and merged != "中下")
    return letters if apart else merged


def _near_term(year: int, month: int, context: PlanContext) -> bool:
    """Whether a month of a year that is written out touches the term or the holidays beside it."""
    first, last = context.term.first_day, context.term.last_day
    return first.year * 12 + first.month - 2 <= year * 12 + month <= last.year * 12 + last.month + 2


def _months(match: re.Match[str], context: PlanContext) -> Found | None:
    parts = match.groupdict()
    low, high = parts["m"], parts.get("m2")
    if high and re.fullmatch(TO, parts["sep"]):
        first, last = number(low), number(high)
        if first is None or last is None or not (1 <= first <= 12 and 1 <= last <= 12):
            return None
        months = [(first - 1 + step) % 12 + 1 for step in range((last - first) % 12 + 1)]
    else:
        months = numbers(f"{low}、{high}" if high else low)
    if not months or not all(1 <= month <= 12 for month in months):
        return None
    found: Found = {"months": months}
    if xun := _xun(parts["xun"]):
        both = (
            parts.get("xun1") and isinstance(xun, str) and (parts["xun1"][0] != xun or re.fullmatch(TO, parts["sep"]))
        )
        found["xun"] = [parts["xun1"][0], xun] if both else xun
        if "或" in parts["xun"]:
            found["either"] = True
    if parts["by"]:
        found["deadline"] = True
    if parts.get("approx"):
        found["approx"] = True
    if (year := re.match(r"\d{4}", match[0])) and not _near_term(int(year[0]), months[0], context):
        found["doubt"] = "outside"
    return found | ({"since": True} if parts["since"] else {})


def _year_month(match: re.Match[str], context: PlanContext) -> Found:
    """2026.10 before a blank: a month."""
    year, month = int(match[0][:4]), int(match["m"])
    return {"months": [month]} | ({} if _near_term(year, month, context) else {"doubt": "outside"})


def _title_part(match: re.Match[str], context: PlanContext) -> Found | None:
    """上旬, 月底 in a table whose title names the month, or under a label that does."""
    if context.month is None:
        return None
    part = match["part"] or match["edge"] or match["edge2"]
    by = {"deadline": True} if match["by"] else {}
    return {"months": [context.month], "xun": part.replace("末", "底")} | by


def _relative(match: re.Match[str], context: PlanContext) -> Found:
    day = weekdays(match["w"])
    weeks = {"本": 0, "这": 0, "下": 1, "下下": 2, "上": -1}[match["which"]]
    if context.posted is None or not isinstance(day, int):
        return {"weekday": day, "relative_day": True, "doubt": "relative"}
    by = {"deadline": True} if match["by"] else {}
    return {"date": weekday_near(context.posted, weeks, day), "weekday": day, "relative_day": True} | by


DAY_RULES: tuple[Rule, ...] = (
    rule(
        rf"{_CUT}{_YEAR}{_MD}[日号]?{_NAMED_DAY}{TO}(?:{_END}[日号](?:{_NAMED_END})?|(?P<open>期末|学期末|学期结束))",
        _span,
    ),
    rule(rf"{_YEAR}{_MD}[日号]?(?P<rest>(?:{AND}(?:{NUMBER}月)?{NUMBER}[日号])+)", _days),
    rule(rf"{_YEAR}{_MD}[日号]?或者?{NUMBER}[日号]", _either_day),
    rule(rf"{_CUT}{_YEAR}{_MD}[日号]{_BY}", _day),
    rule(
        r"(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})"
        rf"{TO}(?:(?P<y2>\d{{4}})(?P=s))?(?:(?P<m2>\d{{1,2}})(?P=s))?(?P<d2>\d{{1,2}})(?![\d./年])日?",
        _span,
    ),
    rule(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)", _day),
    rule(
        rf"(?<![\d./]){_DOT}{_NAMED_DAY}{TO}(?:(?P<m2>1[0-2]|0?[1-9])[./])?(?P<d2>[0-3]?\d)(?!\d|[./]\d|月"
        r"|[次题节点分%]|周(?![一二三四五六日])|年级)日?",
        _span,
    ),
    rule(
        rf"(?:^|(?<=[(|\s,;])){_DOT}(?!\d|[./]\d|[倍%月米节分元]|周(?![一二三四五六日天]))[日号]?{_BY}(?=$|[\s(),;:|\x01]"
        r"|[\u4e00-\u9fff])",
        _day,
    ),
    rule(rf"(?:^|(?<=[(|,;]))(?P<d>[1-3]?\d)[日号]?{TO}(?P<d2>[1-3]?\d)[日号](?![游常报内])", _title_span),
    rule(r"^(?P<d>[1-3]?\d)(?=\s*\((?:周|星期|礼拜)[一二三四五六日天]\))", _title_day),
    rule(r"(?:^|(?<=[(|,;]))(?P<d>[1-3]?\d)[日号](?P<rest>(?:[、,和][1-3]?\d[日号])+)(?![游常报内记])", _title_days),
    rule(r"(?:^|(?<=[(|,;]))(?P<d>[1-3]?\d)[日号](?![游常报内记])(?P<by>之前|以前|前(?!后))?", _title_day),
    rule(
        r"^(?:(?P<part>[上中下])旬(?=$|[\s:|,]|[\u4e00-\u9fff]{2})|(?P<edge>[初底末])(?=$)|月(?P<edge2>[初底末])(?P<by>前)?)",
        _title_part,
    ),
    rule(
        r"(?P<which>下下|[本这下上])个?(?:周|星期|礼拜)(?P<w>[一二三四五六日天])(?P<by>之前|以前|前(?!后))?", _relative
    ),
    *HOLIDAY_RULES,
    rule(r"(?:^|(?<=[\s|(]))20\d\d\.(?P<m>1[0-2]|0?[1-9])(?![.\d])(?=\s|$|[|)])", _year_month),
    rule(
        r"(?:(?:\d{4})年)?(?<![\d个每第.])(?P<m>\d{1,2}|[一二三四五六七八九十]{1,2})"
        rf"(?:月份?(?P<xun1>[上中下]旬|[初底末])|月?份?)(?P<sep>{AND}|{TO}|(?<=[初底末旬])(?=[\d一二三四五六七八九十]))(?:次年|明年|翌年|\d{{4}}年)?(?P<m2>\d{{1,2}}"
        rf"|[一二三四五六七八九十]{{1,2}})月(?:份|间)?{_XUN_WORD}(?P<by>之?前(?!后)|以前)?(?P<approx>前后|左右)?(?P<since>起|开始)?",
        _months,
    ),
    rule(
        r"(?:(?:\d{4})年)?(?<![\d个每第两.周期拜])(?<!准备)(?<!筹备)(?<!迎接)(?<!部署)(?P<m>\d{1,2}|[一二三四五六七八九十]{1,2})"
        rf"月(?!考\b|结题|立项|建成|\d|[一二三四五六七八九十]{{1,3}}[日号])(?:份|间)?{_XUN_WORD}(?P<by>之?前(?!后)|以前)?(?P<approx>前后|左右)?(?P<since>起|开始)?",
        _months,
    ),
)
