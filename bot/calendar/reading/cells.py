"""The cells of a table row and what each of them is: by the header where there is one, else by what it holds."""

import re
from collections.abc import Callable

from bot.calendar.reading import activities, people
from bot.calendar.reading.atoms import Atom, scan
from bot.calendar.reading.context import PlanContext
from bot.calendar.reading.festivals import FESTIVALS
from bot.calendar.reading.normalise import Text, tidy
from bot.calendar.reading.numerals import NUMBER, TO
from bot.calendar.reading.times import merged
from bot.calendar.reading.vocabulary import ALL_RULES

WEEK = re.compile(rf"第?(?P<n>{NUMBER}(?:{TO}{NUMBER})?)(?P<unit>周|教学周)?")
#: A column that says what is done where none is headed 内容.
_FORM = re.compile("形式|方式")
#: The name of a month or week in brackets behind it: 5月（劳动月）.
_NAMED_TIME = re.compile(r"\([^()]{1,10}[月周季]\)")
_BULLET = re.compile(r"\s*[•·●○■◆▪★]+\s*(?=\S)")
PREPARATION = re.compile(r"预备周|准备周|第零周")
GRID_DAY = re.compile(r"(?:(1[0-2]|[1-9])[/.])?([0-3]?\d)")
_GRID_LEAST = 4
_SUBJECT = re.compile(
    r"语文|数学|英语|外语|物理|化学|生物|历史|地理|政治|道德与法治|科学|音乐|美术|体育"
    r"|信息(?:技术|科技)|通用技术|劳动|综合|(?:[一二三四五六七八九]年级|[初高][一二三])组?"
)

#: Header words → what the column holds; the first that occurs in the header cell counts.
_COLUMNS = (
    ("index", re.compile(r"序号")),
    ("week", re.compile(r"周次|^周$|教学周")),
    ("class", re.compile(r"班级")),
    ("audience", re.compile(r"对象|参加|参与|听课人")),
    (
        "who",
        re.compile(
            r"主讲|主备|执笔|主持|授课|承担|发言|执教|开课|上课(?:人|教师)|备课(?:人|教师)|值班(?:人|教师|老师)|^(?:教师|老师)$"
        ),
    ),
    ("by", re.compile(r"负责|部门|处室|责任|承办|组织者")),
    ("place", re.compile(r"地点|场地")),
    ("time", re.compile(r"日期|时间|月份|星期|节次|起止")),
    ("note", re.compile(r"(?:形式|方式|要求|说明|课时|备注|成果|目标)$")),
    ("activity", re.compile(r"内容|活动|课题|主题|工作|项目|事项|安排|专题|进度")),
    ("subject", re.compile(r"学科|组别|年级|备课组|教研组")),
    ("note", re.compile(r"备注|要求|形式|课时|说明")),
)


def row_cells(text: Text, context: PlanContext) -> list[Text]:
    """The cells of a row; its outer bars are no frame where it has as many cells as the header with them."""
    width = text.folded.count("|") + 1
    framed = not (header_of(context, width) and all(header_of(context, width)))
    return cells_of(text, framed=framed)


def cells_of(text: Text, *, framed: bool = True) -> list[Text]:
    """The cells of a row, trimmed; bars at both ends (Markdown) are its frame, a bullet before it does not count."""
    if bullet := _BULLET.match(text.folded):
        text = text.cut(bullet.end())
    if framed and text.folded.startswith("|") and text.folded.endswith("|") and len(text.folded) > 1:
        text = text.cut(1, -1)
    cells, start = [], 0
    for match in re.finditer(r"\||$", text.folded):
        raw, folded = text.raw[start : match.start()], text.folded[start : match.start()]
        left = len(folded) - len(folded.lstrip())
        cells.append(Text(raw, folded).cut(left, len(folded.rstrip()) if folded.strip() else left))
        start = match.end()
    return cells


def inherited(cells: list[Text], context: PlanContext) -> list[Text]:
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


def of_month(cells: list[Text], context: PlanContext) -> PlanContext:
    """In a row that begins with a month, bare days and 上旬 in the cells behind are that month's."""
    first = next((cell.folded for cell in cells if cell.folded), "")
    found = next(iter(merged(scan(first, ALL_RULES, context))), {})
    months = found.get("months", ())
    return (
        context.model_copy(update={"month": months[0]}) if found.keys() == {"months"} and len(months) == 1 else context
    )


def header_of(context: PlanContext, width: int) -> list[str]:
    """The header's cells, padded to ``width``; empty without a header that fits."""
    heading = context.heading or ""
    if "|" not in heading:
        return []
    names = [cell.folded for cell in cells_of(tidy(re.split(r"[:\uff1a]", heading)[-1]))]
    names = names + [""] * (width - len(names))
    return names if len(names) == width else []


def roles_of(cells: list[Text], context: PlanContext) -> list[str]:
    """What each cell is; by the header where there is one, else by what it holds."""
    names = header_of(context, len(cells))
    roles = [_column(name) for name in names] or [""] * len(cells)
    filled = [place for place, cell in enumerate(cells) if cell.folded]
    for place in _grid(cells):
        roles[place] = "grid" if roles[place] != "week" else "week"
    if (days := _grid(cells)) and roles[days[0] - 1] == "" and WEEK.fullmatch(cells[days[0] - 1].folded):
        roles[days[0] - 1] = "week"
    for place in filled:
        if not roles[place] or roles[place] in ("note", "week"):
            first = place == filled[0]
            roles[place] = _kind_of_cell(cells[place].folded, context, first=first, given=roles[place])
    if len(filled) > 2 and roles.count("text") + roles.count("activity") > 1:
        named = [place for place in filled if roles[place] == "text" and cells[place].folded in FESTIVALS]
        roles = ["note" if place in named else role for place, role in enumerate(roles)]
    if "activity" not in roles:
        texts = [place for place in filled if roles[place] == "text"]
        if not texts and "subject" not in roles:
            texts = [place for place in filled if roles[place] == "office"]
        if texts:
            roles[texts[0]] = "activity"
            # 10月 | 第一周 小报展 | 第三周 赛课: each of them has its own time.
            timed = [place for place in texts[1:] if _begins_with_time(cells[place].folded, context)]
            roles = ["activity" if place in timed else role for place, role in enumerate(roles)]
        elif forms := [place for place in filled if roles[place] == "note" and _FORM.search(_name(names, place))]:
            roles[forms[0]] = "activity"
    return roles


def _name(names: list[str], place: int) -> str:
    return names[place] if names else ""


def _column(name: str) -> str:
    return next((role for role, pattern in _COLUMNS if pattern.search(name)), "")


def _kind_of_cell(folded: str, context: PlanContext, *, first: bool, given: str) -> str:
    week = WEEK.fullmatch(folded)
    if PREPARATION.fullmatch(folded) or (week and (first or given == "week" or week["unit"])):
        return "week"
    if given == "week":
        return "time"
    if named := next((role for role, names in _NAMED if names(folded)), None):
        return named
    return "time" if _is_time(folded, context) else given or "text"


#: What a cell without a header names as a whole.
_NAMED: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("place", people.is_place),
    ("class", people.is_class),
    ("office", people.is_office),
    ("subject", _SUBJECT.fullmatch),
)


def _begins_with_time(folded: str, context: PlanContext) -> bool:
    return any(atom.start == 0 and atom.head for atom in scan(folded, ALL_RULES, context))


def _is_time(folded: str, context: PlanContext) -> bool:
    atoms = scan(folded, ALL_RULES, context)
    rest = _NAMED_TIME.sub("", without(folded, atoms)).strip(" ()-、,")
    return bool(atoms) and (rest in FESTIVALS or activities.is_filler(rest))


def _grid(cells: list[Text]) -> list[int]:
    """The places of a run of bare days of the month (Sunday to Saturday tables)."""
    places = [place for place, cell in enumerate(cells) if place and GRID_DAY.fullmatch(cell.folded)]
    if len(places) > _GRID_LEAST and not _next_day(*(cells[place].folded for place in places[:2])):
        places = places[1:]  # 九月 | 2 | 6 | 7 | 8 …: the first number is the week
    return places if len(places) >= _GRID_LEAST else []


def _next_day(first: str, second: str) -> bool:
    """Whether bare days follow each other, also from the last of a month to the first."""
    days = [int(re.split("[/.]", one)[-1]) for one in (first, second)]
    return days[1] == days[0] + 1 or (days[1] == 1 and days[0] >= 28)


def without(folded: str, atoms: list[Atom]) -> str:
    """The text with a blank for each character of its times."""
    return "".join(" " if any(a.start <= place < a.end for a in atoms) else char for place, char in enumerate(folded))
