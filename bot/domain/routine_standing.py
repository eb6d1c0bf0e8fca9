"""Changing all coming occasions of an arrangement: another rule from now on, or no more of it; and its history."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from bot.calendar.entries import Entry, Kind
from bot.calendar.names import day_label, period_label, weekday_name
from bot.calendar.recurrence import dates
from bot.calendar.wording import rule_of
from bot.domain.groups import Group
from bot.domain.happenings import Happening
from bot.domain.routine_changes import because, check_words
from bot.domain.routine_history import edits
from bot.domain.routine_rules import RoutineRule
from bot.domain.routines import Routine, RoutineChange, routine_numbered
from bot.domain.undo import Undo, inverse, undo_with
from bot.domain.which_time import coming, next_happening
from bot.errors import Refused

_REPEATS = (Kind.WEEKLY, Kind.BIWEEKLY, Kind.MONTHLY_WEEK, Kind.WEEK_NUMBER)


class Standing(NamedTuple):
    """What a standing change came to: the occasions to come, and the days of those that fall out because of it."""

    coming: tuple[Happening, ...]
    lapsed: tuple[date, ...]
    undo: Undo


class Rule(NamedTuple):
    """What is to be another from now on; None and "" = as it was. ``parity`` "" = every week."""

    weekday: int | None = None
    periods: tuple[int, ...] = ()
    start: time | None = None
    end: time | None = None
    place: str = ""
    parity: str | None = None


async def from_now_on(
    group: Group, by: str, number: int, rule: Rule, since: date | None = None, reason: str = ""
) -> Standing:
    """Give all coming occasions another rule; the group reads one 【改】 line.

    Args:
        since: from the week of this day on; None = from the next occasion on.

    Raises:
        BadArgument: no such number, too long a place or reason; Refused: it does not repeat by weeks, has no occasion
        any more, or would be what it is; guard.PupilNamed.
    """
    await check_words(group, rule.place, reason)
    routine = await routine_numbered(group, number)
    if not repeats(routine):
        raise Refused(
            f"{number} {routine.title}（{routine.rule}）不按星期重复，一次一次改。", f"例：/日程 改 {number} 周四第8节"
        )
    entry = _renewed(routine.entry, rule)
    if entry == routine.entry:
        raise Refused(f"{number} {routine.title}本来就是{routine.rule}。", symbol="ℹ️")
    begin = await _first_day(group, routine, entry, since)
    before, where = routine.rule, f"地点：{rule.place}" if rule.place else "地点不变"
    undo = await _keep(group, by, routine, begin, entry, reason)
    stored = await routine_numbered(group, number)
    after = [one for one in await coming(group, stored, ended=True) if one.occasion.day >= begin]
    found = tuple(one for one in after if not one.cancelled)
    if not found:
        raise Refused(f"改成{stored.rule}以后，这学期一次也没有了。", f"不再安排：/日程 取消 {number} 以后都")
    group.announce(
        f"【改】{stored.title} 从{day_label(found[0].day)}起：{before} → {stored.rule}，{where}{because(reason)}。"
    )
    return Standing(found, tuple(one.day for one in after if one.ended), undo)


def repeats(routine: Routine) -> bool:
    """Whether it comes again by weeks, so that all that come can be given another weekday."""
    return routine.entry.kind in _REPEATS and not routine.entry.date


async def no_more(
    group: Group, by: str, number: int, reason: str = "", since: date | None = None
) -> tuple[Happening, Undo]:
    """Take all coming occasions out of the calendar; what has been stays. The group reads one 【改】 line.

    Args:
        since: those from this day on; None = from the next on.

    Returns:
        The first that is not held.

    Raises:
        BadArgument: no such number, too long a reason; Refused: there is none to come; guard.PupilNamed.
    """
    await check_words(group, "", reason)
    routine = (await next_happening(group, number)).routine
    ahead = [one for one in await coming(group, routine) if not one.cancelled and one.day >= (since or one.day)]
    if not ahead:
        raise Refused(f"{number} {routine.title}从那天起本来就没有了。", "看日程：/日程", symbol="ℹ️")
    happening = ahead[0]
    undo = await _keep(group, by, routine, min(one.occasion.day for one in ahead), None, reason)
    group.announce(f"【改】{happening.title} 从{day_label(happening.day)}起不再安排{because(reason)}。")
    return happening, undo


async def history(group: Group, routine: Routine) -> list[str]:
    """Who changed an arrangement, when, to what and why, oldest first."""
    rows = [(routine.created, f"{routine.author}{'从计划导入' if routine.source == '计划' else '加入'}")]
    rows += [(edit.created, f"{edit.author}{edit.what}") for edit in await edits(group, routine)]
    for change in await group.records.find(RoutineChange, routine=routine.id):
        which = f" · {day_label(change.origin)}那次" if change.origin else ""
        rows += _told(change, f"{change.author}{_what(change)}{because(change.reason)}{which}")
    for rule in await group.records.find(RoutineRule, routine=routine.id):
        what = f"以后都改成{_rule(rule)}" if rule.after else f"{day_label(rule.since)}起不再安排"
        rows += _told(rule, f"{rule.author}{what}{because(rule.reason)}")
    rows.sort(key=lambda row: row[0] or datetime.min.replace(tzinfo=group.zone))
    return [f"{day_label(at.date())} {at:%H:%M} {what}" if at else what for at, what in rows]


@inverse
async def drop_rule(group: Group, who: str, rule: int) -> str:
    """Inverse of a standing change: the rule before it, unless there was another since."""
    await group.must_lead(who, "日程", "看日程：/日程")
    stored = await group.records.get(RoutineRule, rule)
    routine = await group.records.get(Routine, stored.routine) if stored else None
    if stored is None or routine is None or stored.dropped:
        raise Refused("这次改动已经不在了。")
    later = await group.records.find(RoutineRule, routine=stored.routine)
    amended = stored.version != routine.version
    if amended or any(one.id > stored.id and one.dropped is None for one in later):
        raise Refused(f"{routine.title}后来又改过，不撤销了。", f"看改过几次：/日程 记录 {routine.number}")
    await group.records.update(stored.model_copy(update={"dropped": group.now, "dropped_by": who}))
    before = stored.before.model_copy(update={"activity": routine.entry.activity})
    former = await group.records.update(routine.model_copy(update={"entry": before}))
    group.announce(f"【改】{former.title} 恢复原来的安排（{former.rule}）。")
    return f"已撤销：{former.title}恢复原来的安排（{former.rule}）。"


def _renewed(entry: Entry, rule: Rule) -> Entry:
    fresh: dict[str, Any] = {}
    if rule.weekday:
        fresh["weekday"] = rule.weekday
    if rule.periods or rule.start:
        fresh |= {"periods": list(rule.periods) or None, "half": None, "time": None, "time_to": None}
    if rule.start:
        fresh |= {"time": f"{rule.start:%H:%M}", "time_to": f"{rule.end:%H:%M}" if rule.end else None}
    if rule.place:
        fresh["place"] = rule.place
    if rule.parity is not None:
        fresh |= {"kind": Kind.BIWEEKLY if rule.parity else Kind.WEEKLY, "parity": rule.parity or None, "count": None}
    return entry.model_copy(update=fresh)


async def _first_day(group: Group, routine: Routine, entry: Entry, since: date | None) -> date:
    """The first day of the week from which a new rule counts.

    That of the next occasion, or of ``since`` where that is later; where the new time in that week has gone by, the
    week after: what is still to come in this one stays.
    """
    ahead = await next_happening(group, routine.number)
    week = group.term.week_of(max(ahead.occasion.day, since or ahead.occasion.day))
    first, last = group.term.bounds(week)
    new = [one for one in dates(entry, group.term, group.calendar) if first <= one.day <= last]
    gone = any(datetime.combine(one.day, one.start or time.max, group.zone) <= group.now for one in new)
    return first + timedelta(weeks=1) if gone else first


async def _keep(group: Group, by: str, routine: Routine, since: date, after: Entry | None, reason: str) -> Undo:
    stored = await group.records.add(
        RoutineRule(
            term=group.term.name,
            routine=routine.id,
            version=routine.version,
            since=since,
            before=routine.entry,
            after=after,
            reason=reason,
            created=group.now,
            author=by,
        )
    )
    # Written in any case: whoever would take an earlier change of the routine back has to know of this one.
    kept = {"entry": after or routine.entry, "read": routine.document}
    await group.records.update(routine.model_copy(update=kept))
    return undo_with(drop_rule, f"以后都改 {routine.number}", rule=stored.id)


def _told(change: RoutineChange | RoutineRule, what: str) -> Iterator[tuple[datetime | None, str]]:
    yield change.created, what
    if change.dropped:
        yield change.dropped, f"{change.dropped_by}撤销了这次改动"


def _what(change: RoutineChange) -> str:
    if change.cancelled or change.restored:
        return "取消" if change.cancelled else "恢复"
    if change.day is None:
        return "改"
    clock = f"{change.start:%H:%M}" if change.start and not change.periods else ""
    lessons = period_label(change.periods) or clock
    return f"改到{day_label(change.day)} {weekday_name(change.day.isoweekday())}{lessons} {change.place}".rstrip()


def _rule(rule: RoutineRule) -> str:
    return rule_of(rule.after) if rule.after else ""
