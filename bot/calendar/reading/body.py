"""The activities of a table cell or behind a time label: each may carry a day, a lesson, a place, people of its own."""

import re
from datetime import date

from bot.calendar.reading import activities, people, traps
from bot.calendar.reading.atoms import HIDDEN, Found
from bot.calendar.reading.changes import changed, puts_off
from bot.calendar.reading.context import PlanContext
from bot.calendar.reading.days_off import BREAK_WORDS, day_off, signs_in_brackets
from bot.calendar.reading.draft import Draft, draft
from bot.calendar.reading.festivals import FESTIVALS
from bot.calendar.reading.inner_times import inner_times, room, without
from bot.calendar.reading.normalise import Text, fold, without_number
from bot.calendar.reading.times import merged
from bot.calendar.reading.vocabulary import times_in

_EXAM = re.compile(
    r"(?P<exam>期中|期末)[^,;。()]{0,10}?(?:考试|考查|测试|测评|检测|统考|统测|联考|考核|调研考"
    r"|考)(?=$|[\s,;。()\d]|时间|初定|定)"
)
#: With one of these the third lesson is one of a day; without, 第3节 is a section of the book.
_ON_A_DAY = {"weekday", "date", "half", "every", "parity", "point", "month_day"}
_SECTION = re.compile(r"第[\d一二三四五六七八九十]+(?:[、,~-]第?[\d一二三四五六七八九十]+)*节")
_UNSETTLED = re.compile("(?:时间|日期)(?:未定|待定|另行通知|另定)")
_AFTER_EXAM = ("within_days", "offset", "offset_days", "offset_weeks")


def read_body(text: Text, found: Found, context: PlanContext, *, table: bool) -> list[Draft]:
    """One draft for each activity of ``text``, all at the time ``found``; holidays become a detail of the first.

    Under a month alone, bare days are its own: "10月：13日公开课，20日评课".
    """
    if len(months := found.get("months", ())) == 1 and "date" not in found:
        context = context.model_copy(update={"month": months[0]})
    if not _names_a_day(found, text, context):
        text = hide_sections(text)
    parts = activities.split_cell(text) if table else activities.split_prose(text)
    drafts: list[Draft] = []
    details: Found = {}
    waiting: Text | None = None
    before: Found = {}
    for place, part in enumerate(parts, start=1):
        part = waiting.joined(part) if waiting else part
        waiting = part if _only_time(part, context) else None
        if waiting and place < len(parts):
            continue
        sign = None if waiting else day_off(part, context)
        if sign is not None:
            details |= sign.details
            continue
        told = _told(part, before if before and _goes_on(part, text, context) else found, context)
        one = _item(part, told, context, text.folded)
        before = told
        if one is not None:
            drafts.append(one)
    _finish(drafts, details, text)
    return drafts


def _finish(drafts: list[Draft], details: Found, text: Text) -> None:
    """What is true of all that the text says: a holiday, that the day is not settled, how many they are."""
    if len(drafts) == 1 and _UNSETTLED.search(text.folded):
        drafts[0].details["tentative"] = True
    if drafts:
        drafts[0].details |= {key: value for key, value in details.items() if key not in drafts[0].details}
    for one in drafts if len(drafts) > 1 else ():
        one.details["activities"] = len(drafts)


def _names_a_day(found: Found, text: Text, context: PlanContext) -> bool:
    """Whether a third lesson would be one of a day that the row, the label or the text itself names."""
    return any(one.keys() & _ON_A_DAY for one in (found, *(atom.found for atom in times_in(text, context)[0])))


def hide_sections(text: Text) -> Text:
    """The text in which 第3节, a section of the book, is no lesson of the day."""
    return Text(text.raw, _SECTION.sub(lambda match: HIDDEN * len(match[0]), text.folded))


def exam_in(words: str) -> str | None:
    """期中 or 期末 when the words name that examination itself (not its papers or its revision)."""
    match = _EXAM.search(fold(words))
    return match["exam"] if match else None


def _item(part: Text, told: Found, context: PlanContext, line: str) -> Draft | None:
    """``line`` is the whole text: it says which examination 考后 means."""
    part, context = _bare(part), of_days(told, context)
    if traps.is_policy(part.folded):
        return None
    atoms = inner_times(part, context)
    words = activities.cleaned(without(part, atoms))
    words, place = people.without_room(people.without_labels(words))
    words, named = people.names_first(words)
    if activities.is_filler(words):
        return None
    one = draft(changed(told, part.folded), words, context, words=f"{part.folded}{words}{line}", labelled=True)
    if one is None:
        return None
    one.details |= signs_in_brackets(part, context) | named | people.leading(words)[0] | people.people_in(part.folded)
    one.details |= room(part, atoms) | place
    if exam := exam_in(words):
        one.details["is_exam"] = exam
    return one


def _bare(part: Text) -> Text:
    part = without_number(part)
    match = BREAK_WORDS.match(part.folded)
    return part.cut(match.end()) if match else part


def _told(part: Text, outer: Found, context: PlanContext) -> Found:
    """The time of a part: that of the row or label, refined by its own."""
    part = _bare(part)
    own = next(iter(merged(inner_times(part, of_days(outer, context)))), {})
    return _joined(outer, own, part.folded)


def _goes_on(part: Text, text: Text, context: PlanContext) -> bool:
    """Whether a part without a time stands behind a comma: "第17周结束新课，制订复习计划" is one time."""
    before = text.folded[: max(text.folded.find(part.folded), 0)].rstrip()
    return before.endswith(",") and not inner_times(_bare(part), context)


def _only_time(part: Text, context: PlanContext) -> bool:
    """A day or half-day with a comma behind it: it belongs to what follows."""
    atoms = inner_times(without_number(part), context)
    words = activities.cleaned(without(without_number(part), atoms))
    return bool(atoms) and (activities.is_filler(words) or words in FESTIVALS)


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
    if "point" in own and any(key in own for key in (*_AFTER_EXAM, "before")) and outer.keys() & {"nth", "months"}:
        return own
    if own.get("nth") and outer.get("nth", own["nth"]) != own["nth"] and len(own["nth"]) > 1:
        return {key: value for key, value in outer.items() if key not in ("date_from", "date_to")} | own
    return (
        own | outer | ({"date_to": own["date_to"]} if own.get("date") == outer.get("date") and "date_to" in own else {})
    )


def of_days(found: Found, context: PlanContext) -> PlanContext:
    """In a remark of a row with days, a bare day is of their month: 10.9-10.10 | …（10日补班）."""
    day = found.get("date_to") or found.get("date")
    return context.model_copy(update={"month": day.month}) if isinstance(day, date) else context
