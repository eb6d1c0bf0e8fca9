"""When a table row is: its week, its days, its hours, read from the cells that hold them."""

import re
from datetime import date, timedelta

from bot.calendar.reading.atoms import Found, scan
from bot.calendar.reading.cells import GRID_DAY, PREPARATION, WEEK, header_of, without
from bot.calendar.reading.context import PlanContext
from bot.calendar.reading.dates import grid_start, on_day
from bot.calendar.reading.normalise import Text
from bot.calendar.reading.numerals import numbers
from bot.calendar.reading.times import merged
from bot.calendar.reading.vocabulary import ALL_RULES

_BARE_WEEKDAYS = re.compile(r"[一二三四五六日天](?:[、,和][一二三四五六日天])*")
_BARE_DAYS = re.compile(r"[1-3]?\d(?:[-~][1-3]?\d)?")


def row_time(cells: list[Text], roles: list[str], context: PlanContext) -> Found:
    """The findings of a row's cells of time; its bare days those of the table's month."""
    found: Found = {}
    names = header_of(context, len(cells)) or [""] * len(cells)
    for cell, role, name in zip(cells, roles, names, strict=True):
        if role == "week":
            found |= _week(cell.folded, context)
        elif role == "time" and cell.folded:
            atoms = scan(_spelt_out(cell.folded, name, context), ALL_RULES, context)
            own = next(iter(merged(atoms)), {})
            if _is_day_within(own, found):  # 9.14-9.18 | … | 9.15下午: the days of the row, and the day of the meeting
                found["date_from"] = found.pop("date")
            found = found | {key: value for key, value in own.items() if key not in found}
    if grid := [cell.folded for cell, role in zip(cells, roles, strict=True) if role == "grid"]:
        found |= _grid_days(grid, found, context)
    if found.keys() == {"weekday"}:
        found["session"] = True  # weekly, and asked
    if "|" in (context.heading or ""):  # the header says which column holds days
        found.pop("bare_day", None)
    # "第12周 周三（11月18日）" is that day; a date alone beside a week is where the week begins.
    if "in_week" in found and isinstance(found.get("date"), date) and not found.keys() & {"weekday", "date_from"}:
        found["date_from"] = found.pop("date")
    return found


def _spelt_out(folded: str, name: str, context: PlanContext) -> str:
    """A bare 8-9 in a table of one month is its days, 四 in a column headed 星期 a weekday."""
    if _BARE_WEEKDAYS.fullmatch(folded) and "星期" in name:
        return f"周{folded}"
    return f"{folded}日" if context.month and _BARE_DAYS.fullmatch(folded) else folded


def _is_day_within(own: Found, found: Found) -> bool:
    first, last, day = found.get("date"), found.get("date_to"), own.get("date")
    if not (isinstance(first, date) and isinstance(last, date) and isinstance(day, date)):
        return False
    return "date_to" not in own and "nth" in found and first <= day <= last


def _week(folded: str, context: PlanContext) -> Found:
    if PREPARATION.fullmatch(folded):
        return {"nth": [0], "in_week": True, "week_label": folded}
    match = WEEK.fullmatch(folded)
    if not match:
        return next(iter(merged(scan(folded, ALL_RULES, context))), {})
    weeks = numbers(match["n"])
    if match["n"] == "00":
        weeks = [-1]
    return {"nth": weeks, "in_week": True} if weeks else {}


def _grid_days(grid: list[str], found: Found, context: PlanContext) -> Found:
    first = GRID_DAY.fullmatch(grid[0])
    if first is None or "nth" not in found:
        return {}
    if first[1]:
        resolved = on_day(int(first[1]), int(first[2]), None, context)
        start = resolved[0] if resolved else None
    else:
        start = grid_start(int(first[2]), found["nth"][0], context)
    return {"date_from": start, "date_to": start + timedelta(days=len(grid) - 1)} if start else {"doubt": "week"}


def lessons_of(found: Found) -> Found:
    """The time of what is taught: the row's days, not the day and hour on which the group meets about it."""
    own = ("date", "half", "periods", "time", "time_to") if "date_from" in found and "date" in found else ()
    return {key: value for key, value in found.items() if key not in own}


def rhythm(cells: list[Text], roles: list[str], context: PlanContext) -> str:
    """The words of the time cells without their times: "每周1次" gives 1次."""
    times = [cell.folded for cell, role in zip(cells, roles, strict=True) if role in ("time", "note")]
    return ",".join(without(folded, scan(folded, ALL_RULES, context)) for folded in times)
