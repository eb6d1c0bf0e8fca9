"""From what a part of a notice says to swaps, to "so already", or to a question."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.calendar.holidays import public_day
from bot.calendar.names import weekday_name
from bot.calendar.notice_answer import Answer, Page, no_days, put, quoted, replace_days, settled
from bot.calendar.notice_days import day_words
from bot.calendar.notice_words import Act, Kind, target_day
from bot.calendar.term import SchoolCalendar
from bot.calendar.timetable import Swap


def answer(
    text: str,
    days: Sequence[date],
    said: Sequence[Act],
    grades: tuple[str, ...],
    *,
    today: date,
    calendar: SchoolCalendar,
    wrong: str = "",
) -> Answer:
    """See ``swap_notice.read_notice``; ``grades`` are those the part begins with."""
    plain = SchoolCalendar(terms=calendar.terms)
    page = Page(list(dict.fromkeys(days)), grades, today, plain, calendar)
    problem = wrong or no_days(page, text)
    if problem:
        return Answer(text, questions=(problem,))
    told = _merged(said) or [Act(Kind.UNKNOWN, text)]
    for act in told:
        _READERS[act.kind](page, act)
    whose = any(act.kind is Kind.WHO for act in told)  # who is excepted is open, so nothing holds for everybody
    swaps = () if whose else tuple(settled(page))
    return Answer(text, swaps, tuple(page.already), tuple(page.questions), next(iter(page.loses), None))


def _merged(said: Sequence[Act]) -> list[Act]:
    """Who is named with 上课 is meant by the timetable that follows; 上课 alone says nothing beside it."""
    told = [act for act in said if act.kind is not Kind.WORK]
    settled = any(act.kind in (Kind.LIKE, Kind.OFF, Kind.EXCHANGED, Kind.MOVED, Kind.PARITY) for act in told)
    if not settled:
        return list(said)
    named = next((act.grades for act in said if act.kind is Kind.WORK and act.grades), ())
    off = {act.half for act in told if act.kind is Kind.OFF and act.half}
    told = [replace(act, half=None) if act.kind is Kind.LIKE and act.half and off - {act.half} else act for act in told]
    return [replace(act, grades=act.grades or (named if act.kind is not Kind.USUAL else ())) for act in told]


def _off(page: Page, act: Act) -> None:
    for day in page.days:
        if page.plain.is_school_day(day) or any(swap.date == day for swap in page.calendar.swaps):
            put(page, act, day, "off")
    if not page.swaps:
        page.already.append(f"{_days(page)}本来就不上课")


def _like(page: Page, act: Act) -> None:
    if act.half:
        ask = f"“{quoted(act.words)}”：半天按别的课表还不会，没有记；整天的例：{page.example('按周一')}"
        return page.questions.append(ask)
    if act.other is None:
        weekdays = act.weekdays * (len(page.days) if len(act.weekdays) == 1 else 1)
        if len(weekdays) != len(page.days):
            return page.questions.append(f"“{quoted(act.words)}”哪天按周几？一行写一天，例：{page.example('按周一')}")
        pairs = list(zip(page.days, weekdays, strict=True))
    elif act.other.wrong or len(act.other.days) not in (1, len(page.days)):
        return page.questions.append(act.other.wrong or f"“{quoted(act.words)}”哪天补哪天？一行写一天")
    else:
        others = act.other.days * (len(page.days) if len(act.other.days) == 1 else 1)
        pairs = [(day, other.isoweekday()) for day, other in zip(page.days, others, strict=True)]
    weekend = next((other for other in (act.other.days if act.other else ()) if other.isoweekday() > 5), None)
    if weekend:
        return page.questions.append(f"{day_words(weekend)}是周末，按周几的课表？例：{page.example('按周一')}")
    for day, weekday in pairs:
        _run(page, act, day, weekday)
    return None


def _run(page: Page, act: Act, day: date, weekday: int) -> None:
    same = page.plain.runs_weekday(day) == weekday and not any(swap.date == day for swap in page.calendar.swaps)
    if same and page.plain.published(day):
        page.already.append(f"{day_words(day)}本来就按{weekday_name(weekday)}课表上课")
    else:
        put(page, act, day, weekday_name(weekday))


def _moved(page: Page, act: Act) -> None:
    """10月6日的课调到9月28日上: what is said of the day that loses its lessons is not said."""
    to = target_day(act)
    if to is None or len(page.days) != 1 or (act.other and act.other.wrong):
        wrong = act.other.wrong if act.other else ""
        return page.questions.append(wrong or f"“{quoted(act.words)}”调的是哪一天、到哪一天？一行写一天")
    lost = page.days[0]
    target = replace_days(page, [to])
    problem = no_days(target)
    if problem or lost.isoweekday() > 5:
        return page.questions.append(
            problem or f"{day_words(lost)}是周末，按周几的课表？例：{target.example('按周一')}"
        )
    _run(target, act, to, lost.isoweekday())
    if page.plain.is_school_day(lost) and not _is_off(page, lost):
        page.loses.append((lost, f"{day_words(lost)}自己还上不上课？不上发：{page.example('停课')}"))
    return None


def _exchanged(page: Page, act: Act) -> None:
    """Two days change places; a day without lessons gets the other's, and the other is off then."""
    days = [*page.days, *(act.other.days if act.other else ())]
    if len(days) != 2 or (act.other and act.other.wrong):
        return page.questions.append(f"“{quoted(act.words)}”是哪两天对调？")
    runs = [page.plain.runs_weekday(day) for day in days]
    if runs == [None, None]:
        return page.questions.append(f"{day_words(days[0])}和{day_words(days[1])}本来都不上课，怎么对调？")
    target = replace_days(page, days)
    if problem := no_days(target):
        return page.questions.append(problem)
    for day, weekday in zip(days, reversed(runs), strict=True):
        put(page, act, day, weekday_name(weekday) if weekday else "off")
    return None


def _usual(page: Page, act: Act) -> None:
    """School as if nothing were said: of the grades named, an exception from what the part says of everybody."""
    for day in page.days:
        own = page.plain.runs_weekday(day)
        if own is None or (not page.plain.published(day) and day.isoweekday() > 5):
            _ask_timetable(page, act, day)
            continue
        said = [swap for swap in page.swaps if swap.date == day]
        if act.grades and any(not swap.grades for swap in said):
            page.swaps = [_but(swap, act.grades) if swap in said and not swap.grades else swap for swap in page.swaps]
        elif not said and (act.grades or page.grades or any(swap.date == day for swap in page.calendar.swaps)):
            put(page, act, day, weekday_name(own))  # of one grade: another part may have taken the day off for all
        elif not said and not act.half:
            page.already.append(f"{day_words(day)}本来就上课，按{weekday_name(own)}课表")


def _but(swap: Swap, grades: tuple[str, ...]) -> Swap:
    return swap.model_copy(update={"without": tuple(dict.fromkeys((*swap.without, *grades)))})


def _work(page: Page, act: Act) -> None:
    if "调休" in act.words or "调课" in act.words or "换课" in act.words:
        page.questions.append(
            f"{_days(page)}上课还是休息，按周几？例：{page.example('按周一')}，或 {page.example('停课')}"
        )
        return
    _usual(page, act)


def _ask_timetable(page: Page, act: Act, day: date) -> None:
    makeup = public_day(day).makeup
    who = "、".join(act.grades or page.grades)
    why = "是调休上班的日子，" if makeup else "平时不上课，"
    example = f"/调课 {day.month}月{day.day}日 按周一{f' {who}' if who else ''}"
    page.questions.append(f"{day_words(day)}{why}{who}按周几的课表？例：{example}")


def _hours(page: Page, act: Act) -> None:
    page.questions.append(
        f"“{quoted(act.words)}”只停几节，没有记；我只认整天、上午、下午，例：{page.example('下午停课')}"
    )


def _who(page: Page, act: Act) -> None:
    page.questions.append(f"“{quoted(act.words)}”是哪几个年级？例：{page.example('停课 高一高二')}")


def _parity(page: Page, act: Act) -> None:
    page.questions.append(f"“{quoted(act.words)}”：单双周跟着教学周走，改不了；只换课表，例：{page.example('按周三')}")


def _unknown(page: Page, act: Act) -> None:
    page.questions.append(f"“{quoted(act.words)}”没看懂，例：{page.example('按周一')}，或 {page.example('停课')}")


_READERS = {
    Kind.OFF: _off,
    Kind.LIKE: _like,
    Kind.MOVED: _moved,
    Kind.EXCHANGED: _exchanged,
    Kind.USUAL: _usual,
    Kind.WORK: _work,
    Kind.HOURS: _hours,
    Kind.WHO: _who,
    Kind.PARITY: _parity,
    Kind.UNKNOWN: _unknown,
}


def _is_off(page: Page, day: date) -> bool:
    return not page.calendar.is_school_day(day)


def _days(page: Page) -> str:
    first, last = page.days[0], page.days[-1]
    return day_words(first) if len(page.days) == 1 else f"{day_words(first)}等 {len(page.days)} 天" if last else ""
