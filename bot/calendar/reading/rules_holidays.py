"""Patterns for days that have a name: 植树节前后, 中秋节前一周, 4.23世界读书日."""

import re
from datetime import timedelta
from typing import Any

from bot.calendar.reading.atoms import Found, Rule, rule
from bot.calendar.reading.context import PlanContext
from bot.calendar.reading.dates import on_day
from bot.calendar.reading.festivals import FESTIVALS
from bot.calendar.reading.numerals import NUMBER, number

_HOLIDAY = "|".join(sorted(FESTIVALS, key=len, reverse=True))
#: Nobody is at school on these.
_NO_SCHOOL = ("元旦", "劳动", "五一", "国庆", "春节", "清明", "端午", "中秋")


def _holiday(match: re.Match[str], context: PlanContext) -> Found:
    parts = match.groupdict()
    name, side, unit = parts["name"], parts.get("side"), parts.get("unit")
    found: Found = {"anchor_holiday": name}
    fixed = FESTIVALS[name]
    amount = number(parts["n"]) if parts.get("n") else None
    step = -1 if side in ("前", "前夕", "之前") else 1
    if amount is not None:
        found["offset_weeks" if unit and unit.endswith("周") else "offset_days"] = step * amount
    if side in ("前后", "前夕", "期间", "左右"):
        found["approx"] = True
    if side is None and name.startswith(_NO_SCHOOL):
        found["doubt"] = "holiday"
    if fixed is None or "假" in match[0]:
        found |= {"deadline": True} if step < 0 and amount is None and side != "前夕" else {}
        return found | {"doubt": "holiday", "date": None}
    resolved = on_day(*fixed, None, context)
    day = resolved[0] if resolved else None
    if day and amount is not None:
        found |= {"doubt": "holiday"} if unit != "天" else {}
        day += timedelta(days=step * amount * (7 if unit and unit.endswith("周") else 1))
    if side == "期间":
        found["doubt"] = "holiday"
    extra: dict[str, Any] = {}
    if side in ("前", "之前", "后", "之后") and amount is None:
        extra = {"offset": "before" if step < 0 else "after", "doubt": "holiday"}
        extra |= {"deadline": True} if step < 0 else {}
    return found | {"date": day} | extra


def _memorial(match: re.Match[str], context: PlanContext) -> Found | None:
    resolved = on_day(int(match["m"]), int(match["d"]), None, context)
    return {"date": resolved[0], "named_day": True} if resolved and resolved[1] else None


#: 4.23世界读书日, also inside quotation marks, where nothing else is a time.
MEMORIAL_RULES: tuple[Rule, ...] = (
    rule(
        r"(?<![\d.])(?P<m>1[0-2]|[1-9])[.·](?P<d>[0-3]?\d)(?=(?:世界|国际|全国|国家"
        r"|中国)[^\s,。;、”]{1,8}[日节])",
        _memorial,
    ),
)

HOLIDAY_RULES: tuple[Rule, ...] = (
    rule(
        rf"(?P<name>{_HOLIDAY})(?:假期|放假|小长假|假)?(?P<side>前后|前夕|之前|之后|期间|左右|前|后)"
        rf"(?:的?(?:第)?(?P<n>{NUMBER})个?(?P<unit>周|天|日|星期))?",
        _holiday,
    ),
    rule(
        rf"(?:^|(?<=[,;。(]))(?P<name>{_HOLIDAY})(?:当[天日](?=\s)|(?:当天|当日|这天|那天|假期|长假|放假)?(?=\s*:|举[办行]|开展|组织|进行|召开))",
        _holiday,
    ),
)
