"""Whole documents: headings, table headers, merged cells, labels that hold for the lines below, and what counts.

A document that has an arrangement section (活动安排, 日程, 进度, 行事历 …) says there when things happen. What is
written elsewhere in it, "每周集体备课" in a paragraph on principles, describes the work; it is calendar only with a
definite time (a date, a week number, a month, a weekday) or when the line is built as a row or begins with its time.
Without such a section every line is read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.calendar.entries import Entry
from bot.calendar.reading import traps
from bot.calendar.reading.cells import cells_of
from bot.calendar.reading.context import PlanContext
from bot.calendar.reading.draft import Draft
from bot.calendar.reading.headings import is_time_line, subject_of
from bot.calendar.reading.labels import label_of
from bot.calendar.reading.leftovers import leftover
from bot.calendar.reading.normalise import Text, tidy, without_number
from bot.calendar.reading.prose import read_prose, share_noun
from bot.calendar.reading.questions import question_for
from bot.calendar.reading.rows import read_row

#: A longer line is no line of a calendar; its beginning is read and the rest is not.
LONGEST = 2000

_HEADINGS = (
    (re.compile(r"第[一二三四五六七八九十]+(?:部分|章|篇)|篇[一二三四五六七八九十]+\s*:"), 0),
    (re.compile(r"#\s"), 0),
    (re.compile(r"[一二三四五六七八九十]{1,3}\s*[、.]"), 1),
    (re.compile(r"##\s"), 1),
    (re.compile(r"\([一二三四五六七八九十]{1,3}\)|#{3,6}\s"), 2),
)
_ARRANGEMENT = re.compile(
    r"(?:常规|日常)(?:工作|活动|教研)|(?:活动|工作|研讨|教研|时间|具体|逐月|每月|每周|主要)(?:[^,。]{0,6})(?:安排|日程)|日程"
    r"|[月周]计划|行事历|进度|配档|推进表|时间表|月历|周历|大事记"
)


_DOTTED_DAY = re.compile(r"[\s|(\uff08]*(?:1[0-2]|[1-9])\.(?:1\d|2\d|3[01])(?![\d.])")


_MONTH_PART = re.compile(r"[上中下]旬|月[初中底末]")
_RHYTHM = re.compile("每|隔|[单双]周|逢|期[初中末]|学期|开学|不定|适时|择")
_REMARK = re.compile(r"[(\uff08][^()\uff08\uff09]*[)\uff09]$")
#: The line above a table that says what it is about: 附：课后辅导值班表.
_TABLE = re.compile(r"(?:值班|备课|教研|听课|评课|公开课|研讨|活动|辅导|培训|竞赛)[^,。]{0,6}(?:表|安排|\))")
_NUMBERED = re.compile(r"\(?\d{1,2}[)、.](?!\d)")
#: Words of a principle: "定期组织研讨", "扎实做好每周的集体备课", "集体研讨深度化：每周…".
_PRINCIPLE = re.compile(
    r"(?<!不)定期|随机|机制|每[周月]的|固定时间|制度|^[^,。;]{2,20}?:|(?:加强|强化|落实|确保|提高|促进)[^,。;]{0,8}$"
)
_FIRST_ITEM = re.compile(r"\s*(?:1[、.)]|\(1\)|\([一1]\)|一是|①)\s*(?!.*(?:[\s;。](?:2[、.)]|\(2\))|②))")
_ITEM_NUMBER = re.compile(r"([1-9]\d?)[、.)]\s*")


@dataclass
class _Line:
    number: int
    text: str
    drafts: list[Draft]
    arrangement: bool


@dataclass
class _State:
    """What the lines above say about the next one."""

    sections: list[tuple[int, bool]] = field(default_factory=list)
    header: str | None = None
    row: str | None = None
    label: str | None = None
    title: str | None = None
    gap: bool = False
    item: int = 0
    line: str = ""
    table: str | None = None

    @property
    def arrangement(self) -> bool:
        """Whether the section here, or one around it, is an arrangement."""
        return any(arranged for _, arranged in self.sections)

    def enter(self, level: int, *, arranged: bool) -> None:
        """A heading of ``level`` begins; it ends all sections that are not around it."""
        self.sections = [(outer, inside) for outer, inside in self.sections if outer < level] + [(level, arranged)]


def drafts_of_line(line: str, context: PlanContext) -> list[Draft]:
    """The drafts of one line, a table row or running text."""
    text = tidy(line[:LONGEST])
    if traps.is_header(text.folded):
        return []
    row = read_row(text, context) if "|" in text.folded else None
    drafts = read_prose(text, context) if row is None else row
    share_noun(drafts)
    for piece in cells_of(text) if row else [text]:
        _ask_about_rest(piece, drafts, context)
    return drafts


def _ask_about_rest(piece: Text, drafts: list[Draft], context: PlanContext) -> None:
    """A time of a line or cell that is in no draft makes unsure what is done there; else all of the row."""
    if drafts and (words := leftover(piece, drafts, context)):
        for one in [one for one in drafts if one.activity in piece.raw] or drafts:
            one.doubt, one.unused = one.doubt or "leftover", words


def entries_of_line(line: str, context: PlanContext) -> list[Entry]:
    """The finished entries of one line, what can be dated first."""
    drafts = drafts_of_line(line, context) or _under_heading(line, context)
    entries = [finished(one, 0, line) for one in drafts]
    return sorted(entries, key=lambda entry: entry.kind.value == "irregular")


def _under_heading(line: str, context: PlanContext) -> list[Draft]:
    """A line without a time below 五月份工作要点 is of that month."""
    heading, body = tidy(context.heading or ""), without_number(tidy(line))
    label = None if "|" in heading.folded + body.folded else label_of(heading, context)
    if label is None or heading.folded[label[1] :].strip() or traps.is_footnote(body.folded):
        return []
    return drafts_of_line(f"{heading.raw.rstrip(': ：')}:{body.raw}", context)


def entries_of_plan(lines: Sequence[str], context: PlanContext) -> list[Entry]:
    """The finished entries of a document, in its order."""
    state = _State()
    context = context.model_copy(update={"dotted": any(_DOTTED_DAY.match(line) for line in lines)})
    read = [_read(number, line, state, context) for number, line in enumerate(lines, start=1)]
    arranged = any(line.arrangement and line.drafts for line in read)
    return [
        finished(one, line.number, line.text)
        for line in read
        for one in line.drafts
        if _counts(one, line, arranged=arranged)
    ]


def finished(one: Draft, line: int, text: str) -> Entry:
    """The entry with its question; sure when there is none."""
    entry = one.entry(line, text)
    question, choices = question_for(entry, doubt=one.doubt, unused=one.unused)
    return entry.model_copy(update={"sure": question is None, "question": question, "choices": choices})


def _counts(one: Draft, line: _Line, *, arranged: bool) -> bool:
    if one.personal:
        return False
    return line.arrangement or one.labelled or one.definite or not arranged or _is_measure(line.text)


def _is_measure(line: str) -> bool:
    """A numbered item that says what is done and how often: "4. 不定期抽查课堂笔记"; no bullet, no principle."""
    folded = tidy(line).folded
    return bool(_NUMBERED.match(folded)) and not _PRINCIPLE.search(folded)


def _read(number: int, line: str, state: _State, context: PlanContext) -> _Line:
    text = tidy(line[:LONGEST])
    if not text.folded:
        state.gap = True
        return _Line(number, line, [], arrangement=False)
    if "|" in text.folded:
        drafts = _row(line, text.folded, state, context)
    else:
        state.header = state.row = None
        state.line = text.raw
        drafts = _prose(line, text, state, context)
    state.gap = False
    return _Line(number, line, drafts, state.arrangement)


def _level(folded: str) -> int | None:
    """How deep a heading is (0 outermost); None for a line that is none."""
    if len(folded) > 40 or folded.endswith(("。", ";", ".")):
        return None
    level = next((level for pattern, level in _HEADINGS if pattern.match(folded)), None)
    if level is None and len(folded) <= 16 and _ARRANGEMENT.search(folded) and not re.search(r"\d|[。,]", folded):
        return 3
    return level


def _row(line: str, folded: str, state: _State, context: PlanContext) -> list[Draft]:
    if traps.is_header(folded):
        state.header, state.row = line.strip(), None
        state.table = state.line if _TABLE.search(state.line) else None
        return []
    heading = state.header or context.heading
    if state.header and state.table:
        heading = f"{state.table}\uff1a{state.header}"
    above = context.model_copy(update={"heading": heading, "row_above": state.row or context.row_above})
    drafts = drafts_of_line(line, above)
    if cells_of(tidy(line))[0].folded.strip("-: "):
        state.row = line.strip()
    return drafts


def _leaves_month_open(folded: str, drafts: list[Draft]) -> bool:
    """中旬：…, 月底…, …(第2周): a line that says its day within the month of the label above it."""
    fixed = any(one.details.keys() & {"date", "months", "date_from", "cancelled_date"} for one in drafts)
    return not fixed and bool(_MONTH_PART.match(folded) or not _RHYTHM.search(folded))


def _under_label(label: str, body: Text, context: PlanContext) -> list[Draft]:
    named = label_of(tidy(label), context)
    months: list[int] = named[0][0].get("months", []) if named else []
    if len(months) == 1:
        inside = context.model_copy(update={"month": months[0]})
        drafts = drafts_of_line(body.raw, inside)
        if any(one.details.keys() & {"months", "date"} for one in drafts):
            return drafts
    drafts = drafts_of_line(f"{label}:{body.raw}", context)
    if not any("months" in one.details or "date" in one.details for one in drafts):
        return []
    for one in drafts:
        if "week_of_month" in one.details:
            one.doubt = one.doubt or "month_week"
    return drafts


def _prose(line: str, text: Text, state: _State, context: PlanContext) -> list[Draft]:
    """A line of text; one that is only a time ("九月：") is the label of the lines below it."""
    counted = _ITEM_NUMBER.match(text.folded)
    level, body = _level(text.folded), without_number(text)
    if counted and int(counted[1]) == state.item + 1 and body.folded == text.folded:
        # Item 3 of a list, not "3、4月": cut off here, where the items before are known.
        body = text.cut(counted.end())
        line = body.raw
    state.item = int(counted[1]) if counted else state.item
    if level is not None:
        # The title of the document ("# …工作安排") is about all of it.
        arranged = bool(_ARRANGEMENT.search(text.folded)) and not text.folded.startswith("# ")
        state.enter(level, arranged=arranged)
        state.label, state.title = None, body.raw
    opened = _opened_by(body, state, context)
    if opened is not None:
        return opened
    if level is not None:
        return []
    item = len(body.folded) < len(text.folded)
    heading = subject_of(state.title) if state.title and is_time_line(body.folded) else None
    drafts = drafts_of_line(line, context.model_copy(update={"heading": heading}))
    if state.label and drafts and _leaves_month_open(body.folded, drafts):
        return _under_label(state.label, body, context) or drafts
    _counted_under(state, drafts, item=item)
    ends = traps.is_footnote(text.folded) or traps.is_signature(body.folded)
    if drafts or state.label is None or ends or (state.gap and not item):
        return drafts
    return drafts_of_line(f"{state.label}:{body.raw}", context)


def _opened_by(body: Text, state: _State, context: PlanContext) -> list[Draft] | None:
    """What comes of a line that is the label of those below it, alone or with the first of them; None for others."""
    label = label_of(body, context)
    if label is None:
        return None
    if not body.folded[label[1] :].strip():
        state.label = _REMARK.sub("", body.raw.rstrip(": \uff1a"))
        return []
    if first := _FIRST_ITEM.match(body.folded, label[1]):
        # 十月份：1．…, and the other items on the lines below
        state.label, state.item = body.raw[: label[1]].rstrip(": \uff1a"), 1
        return drafts_of_line(f"{state.label}:{body.raw[first.end() :]}", context)
    if label[0][0].keys() == {"months"}:
        state.label = None  # 十月：…: what follows is no longer of September, whatever comes of this line
    return None


def _counted_under(state: _State, drafts: list[Draft], *, item: bool) -> None:
    """An item below a label is as good as a labelled line; another line with a time of its own ends the label.

    "2. 9月25日 …" is one of the items under 九月; the next one is under it again.
    """
    if any(one.labelled for one in drafts) and not item:
        state.label = None
    for one in drafts:
        one.labelled = one.labelled or (state.label is not None and item)
