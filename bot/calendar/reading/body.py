"""The activities of a table cell or behind a time label: each may carry a day, a lesson, a place, people of its own."""

import re
from dataclasses import dataclass
from datetime import date

from bot.calendar.reading import activities, people, traps
from bot.calendar.reading.atoms import Atom, Found, scan
from bot.calendar.reading.changes import changed, puts_off
from bot.calendar.reading.context import PlanContext
from bot.calendar.reading.draft import Draft, draft
from bot.calendar.reading.festivals import FESTIVALS
from bot.calendar.reading.normalise import Text, fold, without_number
from bot.calendar.reading.numerals import NUMBER
from bot.calendar.reading.rules_days import DAY_RULES
from bot.calendar.reading.rules_holidays import MEMORIAL_RULES
from bot.calendar.reading.times import merged
from bot.calendar.reading.vocabulary import ALL_RULES

_HOLIDAY_NAME = "|".join(sorted(FESTIVALS, key=len, reverse=True))
_DAY_OFF = re.compile(
    rf"(?P<name>{_HOLIDAY_NAME})?(?:[^,;。|()]{{0,24}})(?:(?:放假|休息|停课)(?!前|后|期间|安全|教育|典礼|仪式|事宜)|假期$)|(?:寒假|暑假"
    r"|放假)(?:开始|结束)?$"
)
_ONLY_OFF = re.compile(
    rf"(?:[\u4e00-\u9fff]{{0,4}}师生|学校|全校)?(?:(?:{_HOLIDAY_NAME})(?:小?长假|假期)?[、和及]?)*"
    rf"(?:放假|休息|停课|调休|寒假|暑假|休假)+(?:开始|共?{NUMBER}天)?"
)
_BREAK_WORDS = re.compile(r"^(?:寒假|暑假|放假|寒假放假|暑假放假)(?:开始)?\s+(?=\S)")
_MAKEUP = re.compile(r"补班|补课|上课|调休|调课")
_EXAM = re.compile(
    r"(?P<exam>期中|期末)[^,;。()]{0,10}?(?:考试|考查|测试|测评|检测|统考|联考|考核|调研考"
    r"|考)(?=$|[\s,;。()\d]|时间|初定|定)"
)
_BRACKETS = re.compile(r"\([^()]{0,80}\)")
#: What may stand right behind a day: 11月18日下午第三节.
_HOURS = {"half", "periods", "weekday", "time", "time_to"}
_AFTER_EXAM = ("within_days", "offset", "offset_days", "offset_weeks")


@dataclass(frozen=True)
class Sign:
    """What a cell says of the calendar itself: a holiday, make-up days."""

    holiday: str | None = None
    makeup: tuple[date, ...] = ()


def read_body(text: Text, found: Found, context: PlanContext, *, table: bool) -> list[Draft]:
    """One draft for each activity of ``text``, all at the time ``found``; holidays become a detail of the first.

    Under a month alone, bare days are its own: "10月：13日公开课，20日评课".
    """
    if len(months := found.get("months", ())) == 1 and "date" not in found:
        context = context.model_copy(update={"month": months[0]})
    parts = activities.split_cell(text) if table else activities.split_prose(text)
    drafts: list[Draft] = []
    details: Found = {}
    waiting: Text | None = None
    for part in parts:
        part = waiting.joined(part) if waiting else part
        waiting = part if _only_time(part, context) else None
        sign = None if waiting else day_off(part, context)
        if sign is not None:
            details |= _calendar_details(sign)
            continue
        one = _item(part, found, context)
        if one is not None:
            drafts.append(one)
    if drafts:
        drafts[0].details |= {key: value for key, value in details.items() if key not in drafts[0].details}
    if len(drafts) > 1:
        for one in drafts:
            one.details["activities"] = len(drafts)
    return drafts


def day_off(text: Text, context: PlanContext) -> Sign | None:
    """The holiday or make-up rule that this text is; None when something is done."""
    words = _BRACKETS.sub("", text.folded).strip(" 。")
    match = _DAY_OFF.search(words or text.folded)
    if match and not _BREAK_WORDS.match(words):
        return Sign(holiday=match.groupdict().get("name"))
    if traps.is_makeup_rule(words or text.folded):
        return Sign(makeup=tuple(_days_in(text.folded, context)))
    return None


def is_day_off(words: str) -> bool:
    """Whether an activity is nothing but a holiday: 国庆放假, 中秋节放假三天."""
    return bool(_ONLY_OFF.fullmatch(words))


def exam_in(words: str) -> str | None:
    """期中 or 期末 when the words name that examination itself (not its papers or its revision)."""
    match = _EXAM.search(fold(words))
    return match["exam"] if match else None


def _item(part: Text, found: Found, context: PlanContext) -> Draft | None:
    part = without_number(part)
    if match := _BREAK_WORDS.match(part.folded):
        part = part.cut(match.end())
    atoms = _inner_times(part, context)
    words = activities.cleaned(_without(part, atoms))
    words, room = people.without_room(people.without_labels(words))
    words, named = people.names_first(words)
    if activities.is_filler(words):
        return None
    own = next(iter(merged(atoms)), {})
    inside = _bracket_signs(part, _of_row(found, context))
    told = changed(_joined(found, own, part.folded), part.folded)
    one = draft(told, words, context, words=part.folded + words, labelled=True)
    if one is None:
        return None
    one.details |= inside | named | people.leading(words)[0] | people.people_in(part.folded) | _room(part, atoms) | room
    if exam := exam_in(words):
        one.details["is_exam"] = exam
    return one


def _only_time(part: Text, context: PlanContext) -> bool:
    """A day or half-day with a comma behind it: it belongs to what follows."""
    atoms = _inner_times(without_number(part), context)
    return bool(atoms) and activities.is_filler(activities.cleaned(_without(without_number(part), atoms)))


def _joined(outer: Found, own: Found, words: str) -> Found:
    """The row's time with the item's own: a day inside a teaching week refines it, with 前 it is a deadline."""
    if puts_off(words) and (later := [own, *own.get("others", ())]) and (own.keys() & outer.keys() & {"date", "nth"}):
        return outer | {"others": later}
    own = {key: value for key, value in own.items() if not (key == "doubt" and "date" in outer)}
    if own.get("deadline") and own.get("date") and "nth" in outer:
        own = {"deadline": own["date"]}
    if "nth" in outer and own.get("date"):
        own.pop("date_to", None)
        return outer | own | {"in_week": True}
    if "point" in own and any(key in own for key in _AFTER_EXAM) and "nth" in outer:
        return own
    return (
        own | outer | ({"date_to": own["date_to"]} if own.get("date") == outer.get("date") and "date_to" in own else {})
    )


def _inner_times(part: Text, context: PlanContext) -> list[Atom]:
    """Days anywhere, other times only in brackets or at the beginning: "单元检测（周五第二节）"."""
    named = scan(part.folded, MEMORIAL_RULES, context)
    brackets = list(_BRACKETS.finditer(part.folded))
    signs = [match.span() for match in brackets if _DAY_OFF.search(match[0]) or _MAKEUP.search(match[0])]
    masked = [*traps.quotations(part.folded), *((atom.start, atom.end) for atom in named), *signs]
    found = scan(part.folded, ALL_RULES, context, masked)
    spans = [match.span() for match in brackets]
    kept: list[Atom] = []
    tail = _tail(part.folded, found)
    for atom in found:
        follows = kept and "date" in kept[-1].found and not part.folded[kept[-1].end : atom.start].strip(" ()")
        behind = atom.start >= tail and atom.found.keys() <= _HOURS
        # 九月：第三周教研课; 十二月：第15周 数学节
        week = context.month is not None and "nth" in atom.found and not part.folded[: atom.start].strip(" (")
        moved = "nth" in atom.found and puts_off(part.folded)
        if behind or week or moved or _belongs(atom, part.folded, spans) or (follows and atom.found.keys() <= _HOURS):
            kept.append(atom)
    return named + kept


def _tail(folded: str, atoms: list[Atom]) -> int:
    """Where the times begin that stand behind a blank at the end: "公开课 周三第2节"."""
    end = len(folded.rstrip())
    for atom in reversed(atoms):
        if folded[atom.end : end].strip() or not atom.found.keys() <= _HOURS:
            break
        end = atom.start
    return end if folded[end - 1 : end].isspace() else len(folded)


def _belongs(atom: Atom, folded: str, brackets: list[tuple[int, int]]) -> bool:
    if "date" in atom.found and not atom.found.get("anchor_holiday"):
        return True
    in_brackets = any(start < atom.start and atom.end < end for start, end in brackets)
    at_start = not folded[: atom.start].strip(" \t,:()") and atom.found.keys() & {
        "half",
        "periods",
        "weekday",
        "time",
        "xun",
    }
    return in_brackets or bool(at_start)


def _without(part: Text, atoms: list[Atom]) -> Text:
    """The text without its times and without the brackets that hold them, holidays or people."""
    keep = [True] * len(part.folded)
    for match in _BRACKETS.finditer(part.folded):
        holds_time = any(match.start() < atom.start < match.end() for atom in atoms)
        if holds_time or _DAY_OFF.search(match[0]) or _MAKEUP.search(match[0]) or people.people_in(match[0]):
            keep[match.start() : match.end()] = [False] * (match.end() - match.start())
    for atom in atoms:
        if not atom.found.get("named_day"):
            keep[atom.start : atom.end] = [False] * (atom.end - atom.start)
    pairs = [(raw, folded) for raw, folded, kept in zip(part.raw, part.folded, keep, strict=True) if kept]
    return Text("".join(raw for raw, _ in pairs), "".join(folded for _, folded in pairs))


def _bracket_signs(part: Text, context: PlanContext) -> Found:
    found: Found = {}
    for match in _BRACKETS.finditer(part.folded):
        inner = part.cut(match.start() + 1, match.end() - 1)
        if off := _DAY_OFF.search(inner.folded):
            found |= {"holiday": off["name"]} if off["name"] else {}
        elif _MAKEUP.search(inner.folded) and (days := _days_in(inner.folded, context)):
            found["makeup"] = days
    return found


def _of_row(found: Found, context: PlanContext) -> PlanContext:
    """In a remark of a row with days, a bare day is of their month: 10.9-10.10 | …（10日补班）."""
    day = found.get("date_to") or found.get("date")
    return context.model_copy(update={"month": day.month}) if isinstance(day, date) else context


def _room(part: Text, atoms: list[Atom]) -> Found:
    """A room named behind a time inside brackets, or labelled."""
    place = people.place_in(part.folded)
    for match in _BRACKETS.finditer(part.folded):
        inside = [atom for atom in atoms if match.start() < atom.start < match.end()]
        if inside and people.is_place(rest := part.folded[inside[-1].end : match.end() - 1].strip(" ,")):
            place = place or rest
    return {"place": place} if place else {}


def _calendar_details(sign: Sign) -> Found:
    return ({"holiday": sign.holiday} if sign.holiday else {}) | ({"makeup": list(sign.makeup)} if sign.makeup else {})


def _days_in(folded: str, context: PlanContext) -> list[date]:
    return [atom.found["date"] for atom in scan(folded, DAY_RULES, context) if atom.found.get("date")]
