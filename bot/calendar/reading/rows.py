"""A table row: which cell is the week, which the days, the activity, the people; and what becomes of it."""

import re
from datetime import date, timedelta

from bot.calendar.reading import activities, people, traps
from bot.calendar.reading.atoms import Atom, Found, scan
from bot.calendar.reading.body import day_off, read_body
from bot.calendar.reading.context import PlanContext
from bot.calendar.reading.dates import grid_start, on_day
from bot.calendar.reading.draft import Draft
from bot.calendar.reading.normalise import Text, tidy, without_number
from bot.calendar.reading.numerals import NUMBER, TO, numbers
from bot.calendar.reading.quotas import add_count
from bot.calendar.reading.times import merged
from bot.calendar.reading.vocabulary import ALL_RULES

_WEEK = re.compile(rf"第?(?P<n>{NUMBER}(?:{TO}{NUMBER})?)(?P<unit>周|教学周)?")
_BULLET = re.compile(r"\s*[•·●○■◆▪★]+\s*(?=\S)")
_PREPARATION = re.compile(r"预备周|准备周|第零周")
_GRID_DAY = re.compile(r"(?:(1[0-2]|[1-9])[/.])?([0-3]?\d)")
_GRID_LEAST = 4

_SUBJECT = re.compile(
    r"语文|数学|英语|外语|物理|化学|生物|历史|地理|政治|道德与法治|科学|音乐|美术|体育"
    r"|信息(?:技术|科技)|通用技术|劳动|综合"
)

#: Header words → what the column holds; the first that occurs in the header cell counts.
_COLUMNS = (
    ("index", re.compile(r"序号")),
    ("week", re.compile(r"周次|^周$|教学周")),
    ("who", re.compile(r"主讲|主备|执笔|主持|授课|承担|发言|执教|开课|上课(?:人|教师)|备课(?:人|教师)")),
    ("by", re.compile(r"负责|部门|处室|责任|承办|组织者")),
    ("place", re.compile(r"地点|场地")),
    ("time", re.compile(r"日期|时间|月份|星期|节次|起止")),
    ("activity", re.compile(r"内容|活动|课题|主题|工作|项目|事项|安排|专题|进度")),
    ("subject", re.compile(r"学科|组别|年级|备课组|教研组")),
    ("note", re.compile(r"备注|要求|形式|课时|说明")),
)


def read_row(text: Text, context: PlanContext) -> list[Draft] | None:
    """The drafts of a row written as "cell | cell"; empty for holiday and empty rows, None without a time."""
    if slots := _slots(cells_of(text), context):
        return _grid_row(cells_of(text), slots, context)
    cells = _inherited(cells_of(text), context)
    context = _of_month(cells, context)
    roles = _roles(cells, context)
    found = _time(cells, roles, context)
    body = _activity(cells, roles)
    if not found:
        return None
    if body is None:
        return []
    drafts = read_body(body, found, context, table=True)
    extras = _extras(cells, roles, context)
    for one in drafts:
        one.details |= {key: value for key, value in extras.items() if key not in one.details}
        add_count(one, found, _rhythm(cells, roles, context))
        one.doubt = one.doubt or _doubt(found, roles, cells, context)
    return drafts


def cells_of(text: Text) -> list[Text]:
    """The cells of a row, trimmed; bars at both ends (Markdown) are its frame, a bullet before it does not count."""
    if bullet := _BULLET.match(text.folded):
        text = text.cut(bullet.end())
    if text.folded.startswith("|") and text.folded.endswith("|") and len(text.folded) > 1:
        text = text.cut(1, -1)
    cells, start = [], 0
    for match in re.finditer(r"\||$", text.folded):
        raw, folded = text.raw[start : match.start()], text.folded[start : match.start()]
        left = len(folded) - len(folded.lstrip())
        cells.append(Text(raw, folded).cut(left, len(folded.rstrip()) if folded.strip() else left))
        start = match.end()
    return cells


def _inherited(cells: list[Text], context: PlanContext) -> list[Text]:
    """Leading empty cells take those of the row above, as merged cells do."""
    if not context.row_above or not cells or cells[0].folded:
        return cells
    above = cells_of(tidy(context.row_above))
    filled = list(cells)
    for place, cell in enumerate(cells):
        if cell.folded or place >= len(above):
            break
        filled[place] = above[place]
    return filled


def _of_month(cells: list[Text], context: PlanContext) -> PlanContext:
    """In a row that begins with a month, bare days and 上旬 in the cells behind are that month's."""
    first = next((cell.folded for cell in cells if cell.folded), "")
    found = next(iter(merged(scan(first, ALL_RULES, context))), {})
    months = found.get("months", ())
    return (
        context.model_copy(update={"month": months[0]}) if found.keys() == {"months"} and len(months) == 1 else context
    )


def _header(context: PlanContext, width: int) -> list[str]:
    heading = context.heading or ""
    if "|" not in heading:
        return []
    names = [cell.folded for cell in cells_of(tidy(re.split(r"[:\uff1a]", heading)[-1]))]
    names = names + [""] * (width - len(names))
    return names if len(names) == width else []


def _slots(cells: list[Text], context: PlanContext) -> dict[int, Found]:
    """The columns whose header is itself a time (周一 … 周五, 第一周 … 第四周) in a table of at least two such."""
    names = _header(context, len(cells))
    times = {place: merged(scan(name, ALL_RULES, context)) for place, name in enumerate(names) if place}
    slots = {place: found[0] for place, found in times.items() if found and traps.is_slot(names[place])}
    return slots if len(slots) > 1 else {}


def _grid_row(cells: list[Text], slots: dict[int, Found], context: PlanContext) -> list[Draft]:
    """The activities of a week or month grid: each at the time of its row and its column."""
    first = min(slots)
    head = _inherited(cells[:first], context)
    roles = _roles(head, context)
    found = _time(head, roles, context)
    if len(months := found.get("months", ())) == 1:
        context = context.model_copy(update={"month": months[0]})
    drafts: list[Draft] = []
    for place in slots:
        if cells[place].folded:
            column = next(iter(merged(scan(_header(context, len(cells))[place], ALL_RULES, context))), slots[place])
            drafts += read_body(cells[place], found | column, context, table=True)
    return drafts


def _roles(cells: list[Text], context: PlanContext) -> list[str]:
    """What each cell is; by the header where there is one, else by what it holds."""
    roles = [_column(name) for name in _header(context, len(cells))] or [""] * len(cells)
    filled = [place for place, cell in enumerate(cells) if cell.folded]
    for place in _grid(cells):
        roles[place] = "grid"
    for place in filled:
        if not roles[place] or roles[place] in ("note", "week"):
            first = place == filled[0]
            roles[place] = _kind_of_cell(cells[place].folded, context, first=first, given=roles[place])
    if "activity" not in roles:
        texts = [place for place in filled if roles[place] in ("text", "office")]
        if texts:
            roles[texts[0]] = "activity"
    return roles


def _column(name: str) -> str:
    return next((role for role, pattern in _COLUMNS if pattern.search(name)), "")


def _kind_of_cell(folded: str, context: PlanContext, *, first: bool, given: str) -> str:
    week = _WEEK.fullmatch(folded)
    if _PREPARATION.fullmatch(folded) or (week and (first or given == "week" or week["unit"])):
        return "week"
    if given == "week":
        return "time"
    if people.is_place(folded):
        return "place"
    if people.is_office(folded):
        return "office"
    if _SUBJECT.fullmatch(folded):
        return "subject"
    return "time" if _is_time(folded, context) else given or "text"


def _is_time(folded: str, context: PlanContext) -> bool:
    atoms = scan(folded, ALL_RULES, context)
    return bool(atoms) and activities.is_filler(_masked(folded, atoms).strip(" ()-、,"))


def _grid(cells: list[Text]) -> list[int]:
    """The places of a run of bare days of the month (Sunday to Saturday tables)."""
    places = [place for place, cell in enumerate(cells) if place and _GRID_DAY.fullmatch(cell.folded)]
    return places if len(places) >= _GRID_LEAST else []


def _time(cells: list[Text], roles: list[str], context: PlanContext) -> Found:
    found: Found = {}
    for cell, role in zip(cells, roles, strict=True):
        if role == "week":
            found |= _week(cell.folded, context)
        elif role in ("time", "note") and cell.folded:
            atoms = scan(cell.folded, ALL_RULES, context)
            own = next(iter(merged(atoms)), {})
            found = found | {key: value for key, value in own.items() if key not in found}
    if grid := [cell.folded for cell, role in zip(cells, roles, strict=True) if role == "grid"]:
        found |= _grid_days(grid, found, context)
    if "|" in (context.heading or ""):  # the header says which column holds days
        found.pop("bare_day", None)
    if "in_week" in found and isinstance(found.get("date"), date):
        found["date_from"] = found.pop("date")
    return found


def _rhythm(cells: list[Text], roles: list[str], context: PlanContext) -> str:
    """The words of the time cells without their times: "每周1次" gives 1次."""
    times = [cell.folded for cell, role in zip(cells, roles, strict=True) if role in ("time", "note")]
    return ",".join(_masked(folded, scan(folded, ALL_RULES, context)) for folded in times)


def _masked(folded: str, atoms: list[Atom]) -> str:
    return "".join(" " if any(a.start <= place < a.end for a in atoms) else char for place, char in enumerate(folded))


def _week(folded: str, context: PlanContext) -> Found:
    if _PREPARATION.fullmatch(folded):
        return {"nth": [0], "in_week": True, "week_label": folded}
    match = _WEEK.fullmatch(folded)
    if not match:
        return next(iter(merged(scan(folded, ALL_RULES, context))), {})
    weeks = numbers(match["n"])
    if match["n"] == "00":
        weeks = [-1]
    return {"nth": weeks, "in_week": True} if weeks else {}


def _grid_days(grid: list[str], found: Found, context: PlanContext) -> Found:
    first = _GRID_DAY.fullmatch(grid[0])
    if first is None or "nth" not in found:
        return {}
    if first[1]:
        resolved = on_day(int(first[1]), int(first[2]), None, context)
        start = resolved[0] if resolved else None
    else:
        start = grid_start(int(first[2]), found["nth"][0], context)
    return {"date_from": start, "date_to": start + timedelta(days=len(grid) - 1)} if start else {"doubt": "week"}


def _activity(cells: list[Text], roles: list[str]) -> Text | None:
    """The cell that says what is done; for a table of subjects the subject's own meeting."""
    for cell, role in zip(cells, roles, strict=True):
        if role == "activity" and cell.folded:
            return without_number(cell)
    subject = "".join(cell.raw for cell, role in zip(cells, roles, strict=True) if role == "subject")
    if subject:
        name = subject + ("活动" if subject.endswith("组") else "备课组活动")
        return Text(name, name)
    return None


def _extras(cells: list[Text], roles: list[str], context: PlanContext) -> Found:
    """People, place and holiday named in cells of their own."""
    found: Found = {}
    for cell, role in zip(cells, roles, strict=True):
        if not cell.folded:
            continue
        if role in ("by", "who", "place"):
            found.setdefault(role, cell.raw)
        elif role == "office":
            found.setdefault("by", cell.raw)
        elif role in ("text", "note") and (sign := day_off(cell, context)) and sign.holiday:
            found.setdefault("holiday", sign.holiday)
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
