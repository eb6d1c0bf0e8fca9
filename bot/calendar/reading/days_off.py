"""What a text says of the calendar itself, beside what is done: holidays and make-up days."""

import re
from dataclasses import dataclass
from datetime import date

from bot.calendar.reading import traps
from bot.calendar.reading.atoms import Found, scan
from bot.calendar.reading.context import PlanContext
from bot.calendar.reading.festivals import FESTIVALS
from bot.calendar.reading.normalise import Text
from bot.calendar.reading.numerals import NUMBER
from bot.calendar.reading.rules_days import DAY_RULES

_HOLIDAY_NAME = "|".join(sorted(FESTIVALS, key=len, reverse=True))
_DAY_OFF = re.compile(
    rf"(?P<name>{_HOLIDAY_NAME})?(?:[^,;。|()]{{0,24}})(?:(?:放假|休息|停课)(?!前|后|期间|安全|教育|典礼|仪式|事宜)|假期$|长假$)|(?:寒假|暑假"
    r"|放假)(?:开始|结束)?$"
)
_ONLY_OFF = re.compile(
    rf"(?:[\u4e00-\u9fff]{{0,4}}师生|学校|全校)?(?:(?:{_HOLIDAY_NAME})(?:小?长假|假期)?[、和及]?)*"
    rf"(?:放假|休息|停课|调休|寒假|暑假|休假)+(?:开始|共?{NUMBER}天)?"
)
#: The break is over or begins, and behind it stands what is done.
BREAK_WORDS = re.compile(r"^(?:寒假|暑假|放假|寒假放假|暑假放假)(?:开始)?\s+(?=\S)")
_MAKEUP = re.compile(r"补班|补课|上课|调休|调课")
BRACKETS = re.compile(r"\([^()]{0,80}\)")


@dataclass(frozen=True)
class Sign:
    """What a cell says of the calendar itself: a holiday, make-up days."""

    holiday: str | None = None
    makeup: tuple[date, ...] = ()

    @property
    def details(self) -> Found:
        """The detail keys of the contract."""
        return ({"holiday": self.holiday} if self.holiday else {}) | (
            {"makeup": list(self.makeup)} if self.makeup else {}
        )


def day_off(text: Text, context: PlanContext) -> Sign | None:
    """The holiday or make-up rule that this text is; None when something is done."""
    words = BRACKETS.sub("", text.folded).strip(" 。")
    match = _DAY_OFF.search(words or text.folded)
    if match and not BREAK_WORDS.match(words):
        return Sign(holiday=_holiday_in(match))
    if traps.is_makeup_rule(words or text.folded):
        return Sign(makeup=tuple(_days_in(text.folded, context)))
    return None


def _holiday_in(match: re.Match[str]) -> str | None:
    return match["name"] or next(iter(re.findall(_HOLIDAY_NAME, match[0])), None)


def is_day_off(words: str) -> bool:
    """Whether an activity is nothing but a holiday: 国庆放假, 中秋节放假三天."""
    return bool(_ONLY_OFF.fullmatch(words))


def signs_in_brackets(part: Text, context: PlanContext) -> Found:
    """Holidays and make-up days that remarks in brackets name, as details."""
    found: Found = {}
    for match in BRACKETS.finditer(part.folded):
        inner = part.cut(match.start() + 1, match.end() - 1)
        if off := _DAY_OFF.search(inner.folded):
            found |= {"holiday": name} if (name := _holiday_in(off)) else {}
        elif _MAKEUP.search(inner.folded) and (days := _days_in(inner.folded, context)):
            found["makeup"] = days
    return found


def _days_in(folded: str, context: PlanContext) -> list[date]:
    return [atom.found["date"] for atom in scan(folded, DAY_RULES, context) if atom.found.get("date")]


def is_sign(words: str) -> bool:
    """Whether words in brackets tell of a holiday or of a make-up day."""
    return bool(_DAY_OFF.search(words) or _MAKEUP.search(words))
