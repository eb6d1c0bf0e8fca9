"""The school's own word on its days, as the chat takes and tells it: swaps put in, put out and said in words."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.calendar.holidays import public_day
from bot.calendar.names import day_label, weekday_name
from bot.calendar.notice_days import day_words
from bot.calendar.term import SchoolCalendar
from bot.calendar.timetable import Swap
from bot.domain.groups import Group
from bot.domain.school_changes import Patch
from bot.errors import Refused

_DAY = timedelta(days=1)


def putting(calendar: SchoolCalendar, swaps: Sequence[Swap]) -> Patch:
    """The change that puts ``swaps`` in.

    What was said before of the same day stays where it speaks of other grades, or of the other half of the day.
    """
    days = tuple(sorted({swap.date for swap in swaps}))
    kept = [swap for swap in calendar.swaps if swap.date in days and not any(_covers(new, swap) for new in swaps)]
    return Patch(days=days, swaps=(*kept, *swaps))


def _covers(new: Swap, old: Swap) -> bool:
    """Whether ``new`` says again what ``old`` says: of the same day, for all its grades, of all its hours."""
    if new.date != old.date or (new.half is not None and new.half != old.half):
        return False
    if old.half and new.runs != "off":  # another timetable leaves the afternoon off
        return False
    return not new.grades or (bool(old.grades) and set(old.grades) <= set(new.grades))


def taking_out(group: Group, days: Sequence[date]) -> Patch:
    """The change that leaves ``days`` to the published holidays again.

    Raises:
        Refused: the school has said nothing of them, or they have passed.
    """
    known = {swap.date for swap in group.school.calendar.swaps}
    lost = next((day for day in days if day not in known), None)
    if lost:
        raise Refused(f"{day_words(lost)}没有记过调课。", "看记过的：/校历 学期", symbol="ℹ️")
    past = next((day for day in days if day < group.today), None)
    if past:
        raise Refused(f"{day_words(past)}已经过去了。", "看记过的：/校历 学期")
    return Patch(days=tuple(days))


def words(swaps: Sequence[Swap]) -> list[str]:
    """A line for each swap with its day, and one for days on end that are off: "9月30日（周三）停课（高一）"."""
    rows: list[list[Swap]] = []
    for swap in sorted(swaps, key=lambda one: (one.date, one.half or "", one.grades)):
        run = next((row for row in rows if _follows(row[-1], swap)), None)
        if run:
            run.append(swap)
        else:
            rows.append([swap])
    return [_line(row) for row in rows]


def _follows(last: Swap, swap: Swap) -> bool:
    same = {"runs", "grades", "half", "without", "note"}
    return swap.runs == "off" and _gap(last, swap) and last.model_dump(include=same) == swap.model_dump(include=same)


def _gap(last: Swap, swap: Swap) -> bool:
    """Whether nothing but days off by themselves lies between the two."""
    day = last.date + _DAY
    while day < swap.date and not public_day(day).works:
        day += _DAY
    return day == swap.date


def _line(row: Sequence[Swap]) -> str:
    first, last = row[0], row[-1]
    days = f"{day_label(first.date)}–{day_label(last.date)}" if len(row) > 1 else dated(first.date)
    what = f"{first.half or ''}停课" if first.runs == "off" else f"按{first.runs}课表上课"
    who = "、".join(first.grades)
    limits = "，".join(
        part for part in (who and f"只{who}", first.without and f"{'、'.join(first.without)}照常") if part
    )
    note = f"{first.note} " if first.note else ""
    return f"{days}{note}{what}{f'（{limits}）' if limits else ''}"


def dated(day: date) -> str:
    """ "9月30日（周三）", with the holiday it belongs to: "10月1日（周四，国庆节）"."""
    festival = public_day(day).holiday
    weekday = weekday_name(day.isoweekday())
    return f"{day_label(day)}（{weekday}{f'，{festival}' if festival and not public_day(day).works else ''}）"


def state_of(calendar: SchoolCalendar, day: date) -> str:
    """What holds on a day: "上课，按周三课表", "不上课（国庆节）"."""
    note = calendar.day_note(day)
    runs = calendar.runs_weekday(day)
    if not calendar.is_school_day(day):
        return f"不上课{f'（{note}）' if note else ''}"
    return f"上课，{f'按{weekday_name(runs)}课表' if runs else '课表待定'}"
