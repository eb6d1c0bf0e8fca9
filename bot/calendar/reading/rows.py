"""A table row: which cell is the week, which the days, the activity, the people; and what becomes of it."""

import re
from datetime import date, timedelta

from bot.calendar.reading import people, traps
from bot.calendar.reading.atoms import Found, scan
from bot.calendar.reading.body import hide_sections, of_days, read_body
from bot.calendar.reading.cells import (
    header_of,
    inherited,
    of_month,
    roles_of,
    row_cells,
)
from bot.calendar.reading.context import PlanContext
from bot.calendar.reading.days_off import day_off
from bot.calendar.reading.draft import Draft
from bot.calendar.reading.inner_times import inner_times
from bot.calendar.reading.normalise import Text, tidy, without_number
from bot.calendar.reading.quotas import add_count
from bot.calendar.reading.row_times import lessons_of, rhythm, row_time
from bot.calendar.reading.times import merged
from bot.calendar.reading.vocabulary import ALL_RULES

#: What a table of subjects is about, where its title says so: 集体备课时间地点表.
_MEETING = re.compile("集体备课|校本研修|听评课|组内教研")
_ABOUT_TABLE = re.compile(
    r"^(?:附表?|表)[\d一二三]?[\s:]*|^[一二三四五六七八九十]+、|\([^()]*\)|(?:时间|活动)?(?:安排|时间|地点|一览)*表?$"
)
#: A remark that is an activity by itself.
_HELD = re.compile(r"..(?:会|展|比?赛|公开课|研讨课|汇报课|讲座|检测|测试|考试|评比|检查|观摩|演练)$")
#: Headers of a column that holds what is taught, not what the group does.
_LESSONS = re.compile(r"教学|进度|课题|单元|课文|章节")


def read_row(text: Text, context: PlanContext) -> list[Draft] | None:
    """The drafts of a row written as "cell | cell"; empty for holiday and empty rows, None without a time."""
    if slots := _slots(row_cells(text, context), context):
        return _grid_row(row_cells(text, context), slots, context)
    cells = inherited(row_cells(text, context), context)
    context = of_month(cells, context)
    roles = roles_of(cells, context)
    found = row_time(cells, roles, context)
    bodies = _activities(cells, roles, context)
    if not found:
        return None
    lessons = lessons_of(found) if len(bodies) > 1 else found
    drafts = [one for body in bodies[:-1] for one in read_body(body, lessons, context, table=True)]
    drafts += [one for body in bodies[-1:] for one in read_body(body, found, context, table=True)]
    drafts += _remarked(cells, roles, found, context)
    extras = _extras(cells, roles, context)
    for one in drafts:
        one.details |= {key: value for key, value in extras.items() if key not in one.details or key == "by"}
        add_count(one, found, rhythm(cells, roles, context))
        one.doubt = one.doubt or _doubt(found, roles, cells, context)
    return drafts


def _remarked(cells: list[Text], roles: list[str], found: Found, context: PlanContext) -> list[Draft]:
    """What a remark says is done at a time of its own: "备课组长会（周五）" beside the lessons of a week."""
    week: Found = {key: found[key] for key in ("nth", "in_week", "week_label", "date_from", "date_to") if key in found}
    names = header_of(context, len(cells))
    remarks = [cell for cell, role, name in zip(cells, roles, names, strict=False) if role == "note" and "备注" in name]
    told = [cell for cell in remarks if not day_off(cell, context) and _is_done(cell, of_days(week, context))]
    return [one for cell in told for one in read_body(cell, week, context, table=True)] if "nth" in week else []


def _is_done(remark: Text, context: PlanContext) -> bool:
    return bool(inner_times(remark, context) or _HELD.search(remark.folded))


def _slots(cells: list[Text], context: PlanContext) -> dict[int, Found]:
    """The columns whose header is itself a time (周一 … 周五, 第一周 … 第四周) in a table of at least two such."""
    names = header_of(context, len(cells))
    times = {place: merged(scan(name, ALL_RULES, context)) for place, name in enumerate(names) if place}
    slots = {place: found[0] for place, found in times.items() if found and traps.is_slot(names[place])}
    if len(slots) < 2:  # or each column is what one department does
        slots = {place: {"by": name} for place, name in enumerate(names) if place and traps.is_department(name)}
    return slots if len(slots) > 1 else {}


def _grid_row(cells: list[Text], slots: dict[int, Found], context: PlanContext) -> list[Draft]:
    """The activities of a week or month grid: each at the time of its row and its column, or of its department."""
    first, names = min(slots), header_of(context, len(cells))
    head = inherited(cells[:first], context)
    found = row_time(head, roles_of(head, context), context)
    if len(months := found.get("months", ())) == 1:
        context = context.model_copy(update={"month": months[0]})
    drafts: list[Draft] = []
    for place in slots:
        if cells[place].folded and not _is_merged(cells, place, slots):
            column = next(iter(merged(scan(names[place], ALL_RULES, context))), {}) or slots[place]
            drafts += _of_column(cells[place], found, column, context)
    for cell in cells[max(slots) + 1 :]:
        if drafts and (sign := day_off(cell, context)):
            drafts[0].details |= sign.details
    return drafts


def _is_merged(cells: list[Text], place: int, slots: dict[int, Found]) -> bool:
    """One activity over the columns of several departments; under days of the week it is held on each of them."""
    return "by" in slots[place] and place - 1 in slots and cells[place - 1].folded == cells[place].folded


def _of_column(cell: Text, found: Found, column: Found, context: PlanContext) -> list[Draft]:
    """What stands in a column of the grid; an office heads it only where the cell names no other."""
    office = {key: column[key] for key in ("by",) if key in column}
    drafts = read_body(cell, found | {key: value for key, value in column.items() if key != "by"}, context, table=True)
    for one in drafts:
        one.details |= office
    return drafts


def _activities(cells: list[Text], roles: list[str], context: PlanContext) -> list[Text]:
    """The cells that say what is done; for a table of subjects the subject's own meeting.

    A table may have a column for the lessons taught and one for the group's own work, not two of the same sort.
    """
    names = header_of(context, len(cells))
    if not names:
        told = [cell for cell, role in zip(cells, roles, strict=True) if role == "activity" and cell.folded]
        found = [without_number(cell) for cell in told]
    else:
        by_header = _by_header(cells, roles, names)
        found = [hide_sections(by_header[True])] if True in by_header else []
        found += [by_header[False]] if False in by_header else []  # the group's own work last
    if found:
        return found
    subject = "".join(cell.raw for cell, role in zip(cells, roles, strict=True) if role == "subject")
    if subject:
        meeting = _MEETING.search(_title(context))
        usual = "活动" if subject.endswith("组") else "备课组活动"
        name = subject + (meeting[0] if meeting else usual)
        return [Text(name, name)]
    about = _ABOUT_TABLE.sub("", _title(context))
    says_who = bool({"who", "by", "place", "office"} & set(roles))
    off = any(traps.is_policy(cell.folded) for cell in cells)
    return [Text(about, about)] if about and says_who and not off else []


def _title(context: PlanContext) -> str:
    """What the table is about, where a title stands before its header: "课后服务值班表：星期 | 教师"."""
    heading = tidy(context.heading or "").folded
    title = heading[: heading.rfind(":", 0, heading.find("|") + 1)] if ":" in heading else ""
    return "" if "|" in title else title


def _by_header(cells: list[Text], roles: list[str], names: list[str]) -> dict[bool, Text]:
    found: dict[bool, Text] = {}
    for cell, role, name in zip(cells, roles, names, strict=True):
        if role == "activity" and cell.folded and (not found or name):
            found.setdefault(bool(_LESSONS.search(name)), without_number(cell))
    return found


def _extras(cells: list[Text], roles: list[str], context: PlanContext) -> Found:
    """People, place and holiday named in cells of their own."""
    found: Found = {}
    for cell, role in zip(cells, roles, strict=True):
        if not cell.folded:
            continue
        if role in ("by", "who", "place"):
            leads = role == "by" and "week" in roles and people.is_teacher(cell.folded)  # the lead of a week's lessons
            found.setdefault("who" if leads else role, cell.raw)
        elif role == "office":
            found["who" if people.is_teacher(cell.folded) else "by"] = cell.raw
        elif role == "class" and people.is_class(cell.folded) and "place" not in roles:
            found["place"] = cell.raw
        elif role in ("text", "note") and (named := people.people_in(cell.folded)):
            found |= {key: value for key, value in named.items() if key not in found}
        elif role in ("text", "note") and (sign := day_off(cell, context)):
            found |= {key: value for key, value in sign.details.items() if key not in found}
    return found


def _doubt(found: Found, roles: list[str], cells: list[Text], context: PlanContext) -> str | None:
    """A week number that is only a bare number, or that lies elsewhere than its days."""
    if "in_week" not in found:
        return None
    if context.month is not None and "date_from" not in found:
        return "month_week"
    start, end = found.get("date_from"), found.get("date_to") or found.get("date_from")
    if isinstance(start, date) and isinstance(end, date):
        monday = context.term.monday(found["nth"][0])
        near = start - timedelta(days=6) <= monday <= end + timedelta(days=3)
        return None if near else "week"
    cell = next((cell.folded for cell, role in zip(cells, roles, strict=True) if role == "week"), "")
    return None if "周" in cell or context.heading else "bare_week"
