"""The pieces of a typed time: a table of patterns, and for each the reader of what it says.

Patterns see folded text (full-width signs as ASCII). Of every slot there is at most one piece in a time.
"""

import re
from functools import cache

from bot.calendar import phrase_anchors as anchors
from bot.calendar import phrase_days as days
from bot.calendar import phrase_hours as hours
from bot.calendar.phrase_draft import Context, Draft, Reader
from bot.calendar.year_guess import NUMBER, YEAR

# ascii: regular expressions
_WEEK = "(?:周|星期|礼拜)"
# 每周一次 and 每周一学 are no Mondays; 周12 is nothing.
_WEEKDAY = r"([二三四五六七八九十日天]|\d(?![\d次节])|一(?![次学篇个题本练测读评]))"
_PART = "(底|末|初|上旬|中旬|下旬)?"
_HALF = "(上午|下午|中午|早上|晚上|午自习|午休|午间|早读|早自习|晚自习|凌晨)"
_UNTIL = "[-\u2013\u2014~至到]"
_TO = "[-\u2013\u2014~至到、,和]"
_CLOCK = r"(\d{1,2}):(\d{2})(?!\d)"
# A number like 9.5 is a day only where nothing follows that makes it a mark or an amount.
_NUMERIC_END = r"(?=$|[\s,。;第周星礼上下中早晚(])"

# Past midnight: which day is meant is asked.
_NIGHT = "半夜|午夜|(?:晚上|深夜)(?:12|十二|0|零)点|24[:点]"
_END = r"(?=$|[\s,。;)])"
_HOLIDAYS = "|".join(sorted(anchors.HOLIDAYS, key=len, reverse=True))
_DAYS = "|".join(sorted(days.NEAR_DAYS, key=len, reverse=True))
_DATE_SLOTS = frozenset({"day", "range", "week", "month", "rule"})


def _table(*rows: tuple[str, str, Reader]) -> list[tuple[str, re.Pattern[str], Reader]]:
    return [(slot, re.compile(pattern), reader) for slot, pattern, reader in rows]


# Tried in this order at each place: slot, pattern, reader.
# ascii: regular expressions
PIECES = _table(
    ("day", r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)", days.read_full_date),
    ("range", f"(?<!\\d)({NUMBER})月({NUMBER})[日号]?{_UNTIL}(?:({NUMBER})月)?({NUMBER})[日号]", days.read_date_range),
    ("unknown", f"[上下]个?学期第?{NUMBER}周|(?:今|明|后|昨)[天晚]?(?:晚上?)?12点|{_NIGHT}", days.read_unknown),
    ("week", f"(期中|期末)(?:考试)?(?:(之?前|之?后)第?({NUMBER})个?{_WEEK}|(?:那一?|考试)?周)", anchors.read_exam),
    ("week", f"(期中|期末)(?:考试)?(之?前|之?后)(){_END}", anchors.read_exam),
    ("week", f"({_HOLIDAYS})假?期?(前|后)的?(?:第?[一1]个?(天|周))?{_END}", anchors.read_holiday),
    ("week", f"(?:新学期)?开学的?第({NUMBER})个?(天|周)", anchors.read_term_begin),
    ("week", f"(?:[这本]个?)?学期(?:末|最后[一1]周){_END}|(?<!月)(?<!月的)最后[一1]周{_END}", anchors.read_term_end),
    ("week", f"(放假|寒假|暑假|学期结束)之?前{_END}", anchors.read_break),
    ("day", f"(?<!\\d){YEAR}({NUMBER})月({NUMBER})(?:[日号]|{_NUMERIC_END})", days.read_month_day),
    ("day", rf"(?<![\d./-])(1[0-2]|0[1-9])-(1[3-9]|2\d|3[01]|0[1-9]){_NUMERIC_END}", days.read_short_date),
    ("day", rf"(?<![\d./-])([1-9])-(1[3-9]|2\d|3[01]){_NUMERIC_END}", days.read_short_date),
    ("day", "(今|明|后|昨|当)天?(早|晚)上?(?=第|\\d|[一二三四五六七八九十]{1,3}点)", days.read_near_half),
    ("day", f"(?:(上|本|这|下)个?月)({NUMBER})[日号]", days.read_day_of_month),
    ("day", f"()(?<![\\d月零一二两三四五六七八九十第、,-])({NUMBER})[日号]{_NUMERIC_END}", days.read_day_of_month),
    ("day", rf"(?<![\d./])(0?[1-9]|1[0-2])[./](0?[1-9]|[12]\d|3[01]){_NUMERIC_END}", days.read_short_date),
    ("day", _DAYS, days.read_near_day),
    ("day", f"({NUMBER})个?({_WEEK}|天)[以之]?后", days.read_days_later),
    ("month", f"(?<!\\d){YEAR}({NUMBER})月份?{_PART}", days.read_month),
    (
        "month",
        f"(上|本|这|下)个?月份?{_PART}|(?<!每)(?<!月)月(底|末|初)|(?<![月\\d])([上中下]旬)",
        days.read_near_month,
    ),
    ("week", f"(下下|上|本|这|下)[个一]?{_WEEK}{_WEEKDAY}?", days.read_near_week),
    ("unknown", f"每个?月(?:第?{NUMBER}个?{_WEEK})?{_WEEKDAY}?|隔周|{_WEEK}末", days.read_unknown),
    ("week", f"第({NUMBER})(?:教学)?周(?:{_WEEK}{_WEEKDAY}|{_WEEKDAY})?", days.read_term_week),
    ("rule", f"(?:每逢?)?([单双])周(?:{_WEEK}?{_WEEKDAY})?", days.read_rule),
    ("rule", f"每()个?{_WEEK}(?:{_WEEK}?{_WEEKDAY})?", days.read_rule),
    ("weekday", f"(?<![\\d零一二两三四五六七八九十单双]){_WEEK}{_WEEKDAY}", days.read_plain_weekday),
    ("periods", f"{_HALF}?第([一二三四五六七八九]{{2,3}})节课?", hours.read_adjacent_periods),
    ("periods", f"{_HALF}?第({NUMBER})(?:节?({_TO})第?({NUMBER}))?节课?", hours.read_periods),
    ("periods", f"{_HALF}({NUMBER})(?:({_TO})({NUMBER}))?节课?", hours.read_periods),
    ("time", rf"{_HALF}?(?<!\d){_CLOCK}(?:{_UNTIL}{_CLOCK})?", hours.read_clock),
    ("time", f"{_HALF}?(?<!\\d)({NUMBER})点(?:(半)|({NUMBER})分?)?", hours.read_oclock),
    ("half", _HALF, hours.read_half),
    ("before", f"(?:之|以)?前{_END}", days.read_before),
)


def next_piece(text: str, position: int) -> int | None:
    """Where from ``position`` on something looks like a piece; None where nothing does. Long texts have few."""
    match = _any_piece().search(text, position)
    return match.start() if match else None


@cache
def _any_piece() -> re.Pattern[str]:
    """All the patterns in one; made when first asked for, as it takes a fiftieth of a start."""
    return re.compile("|".join(f"(?:{pattern.pattern})" for _, pattern, _ in PIECES))


def read_piece(text: str, position: int, draft: Draft, context: Context) -> re.Match[str] | None:
    """Read the piece that begins at ``position`` into ``draft``.

    Returns:
        Its match; None when no piece begins there or its slot is taken.

    Raises:
        BadArgument: it looks like a date and is none.
    """
    for slot, pattern, reader in PIECES:
        match = pattern.match(text, position)
        if match is not None and _fits(slot, draft):
            reader(match, draft, context)
            draft.slots.add(slot)
            return match
    return None


def _fits(slot: str, draft: Draft) -> bool:
    """Whether a piece of this slot may follow what is there."""
    if slot in draft.slots or (slot in _DATE_SLOTS and draft.slots & _DATE_SLOTS):
        return False
    if slot == "weekday":
        return draft.weekday is None and not draft.slots & {"month", "range"}
    if slot == "before":
        return bool(draft.slots & (_DATE_SLOTS | {"weekday", "time", "periods"}))
    return slot != "half" or bool(draft.slots)
