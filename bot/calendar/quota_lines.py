"""Numbers to reach that a plan names (每人每学期听课不少于 15 节): how many of what, in which time, by whom.

They are no days of a calendar. The plan reader leaves them out of its entries or marks them; here they are read.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from bot.calendar.entries import Entry
from bot.calendar.names import chinese_number

Per = Literal["week", "month", "term", "year"]

_PERIODS: tuple[tuple[Per, re.Pattern[str]], ...] = (
    ("week", re.compile("每周")),
    ("month", re.compile("每个?月")),
    ("term", re.compile("[每一本全]个?学期|学期内|整个学期")),
    ("year", re.compile("[每一本全]个?学年|每年|全年")),
)
_WORDS: dict[str, str] = {"week": "每周", "month": "每月", "term": "每学期", "year": "每学年"}
_EACH = re.compile("每人|人均|每[位名个](?:教师|老师|组员|成员|任课教师)|(?:教师|老师|组员)每人")
_LEAST = "不(?:得)?[少低]于|至少|最少|达到|达|≥|>="
_AMOUNT = re.compile(
    rf"(?P<least>{_LEAST})?\s*(?P<number>\d{{1,3}}|[一二两三四五六七八九十]{{1,3}})\s*(?P<unit>[节次篇份本题道])(?P<more>(?:及?以上)?)"
)
_LEAST_SAID = re.compile(_LEAST)
_TRAILING = re.compile(f"(?:{_LEAST}|要|应|须|必须|需|的|为|数|不|开|上|完成|进行|组织|写|参加)+$")
_PUPILS = re.compile("每生|每个?学生|学生每|每班|每个班")
_SENTENCES = re.compile("[。；;\uff1b!\uff01?\uff1f|]")
_CLAUSES = re.compile("[，,、\uff0c]")
_HEADS = re.compile("^[\\s\\d一二三四五六七八九十().、\uff08\uff09\uff0e•·*\\-]{0,8}")
_FILLER = r"(?:要求|教师|老师|[\s\u3000:\uff1a的都要应须])+"
_EDGES = re.compile(f"^{_FILLER}|{_FILLER}$")
LONGEST, LONGEST_CLAUSE = 20, 120


class QuotaLine(BaseModel):
    """A number to reach.

    Attributes:
        line, text: of the document, counted from 1.
        what: of what ("听课"); ``unit`` its measure word.
        count: how many in each ``per``.
        each: by everybody for themselves; else by the group together.
        at_least: it may be more.
    """

    model_config = ConfigDict(defer_build=True, frozen=True)

    line: int
    text: str
    what: str
    count: int
    unit: str = "次"
    per: Per = "term"
    each: bool = False
    at_least: bool = False

    @property
    def label(self) -> str:
        """ "每人每学期听课不少于 15 节"."""
        who = "每人" if self.each else ""
        return f"{who}{_WORDS[self.per]}{self.what}{'不少于' if self.at_least else ''} {self.count} {self.unit}"


def read_quotas(lines: Sequence[str], entries: Sequence[Entry]) -> list[QuotaLine]:
    """The numbers to reach of a document, each once.

    Args:
        lines: as ``read_plan`` takes them.
        entries: what that found; words that are an entry of the calendar are no quota.
    """
    events = {entry.line: entry for entry in entries if not entry.quota}
    found: dict[tuple[str, str, bool], QuotaLine] = {}
    for number, text in enumerate(lines, start=1):
        for one in _of_line(number, text):
            event = events.get(number)
            if event is None or not _is_event(one.what, event.activity):
                found.setdefault((one.what, one.per, one.each), one)
    for entry in entries:
        known = any(one.line == entry.line for one in found.values())
        if entry.quota and not known and isinstance(entry.count, int):
            one = _of_entry(entry, entry.count)
            found.setdefault((one.what, one.per, one.each), one)
    return list(found.values())


def _is_event(what: str, activity: str) -> bool:
    """Whether what is counted is what the calendar has: 共读教学文章 is 读一篇教学文章."""
    bare = _bare(_AMOUNT.sub("", activity))
    return what in bare or bare in what


def _of_line(number: int, text: str) -> Iterator[QuotaLine]:
    for sentence in _SENTENCES.split(text):
        if _PUPILS.search(sentence):
            continue
        per, each = None, bool(_EACH.search(sentence))
        for clause in _CLAUSES.split(sentence):
            per = next((name for name, words in _PERIODS if words.search(clause)), per)
            amount = _AMOUNT.search(clause) if len(clause) <= LONGEST_CLAUSE else None
            if per is None or amount is None:
                continue
            at_least = bool(_LEAST_SAID.search(clause) or amount["more"])
            what = _what(clause, amount)
            if what and (at_least or each):
                yield QuotaLine(
                    line=number, text=text.strip(), what=what, count=_count(amount["number"]), unit=amount["unit"],
                    per=per, each=each, at_least=at_least,
                )  # fmt: skip


def _of_entry(entry: Entry, count: int) -> QuotaLine:
    pers: dict[str, Per] = {"week": "week", "month": "month", "term": "term", "year": "year"}
    per = pers.get(entry.per or entry.kind.value.removesuffix("ly"), "term")
    what, at_least = entry.activity[:LONGEST], bool(entry.at_least)
    return QuotaLine(line=entry.line, text=entry.text, what=what, count=count, per=per, at_least=at_least)


def _what(clause: str, amount: re.Match[str]) -> str:
    """What is counted: the words around the number, without time and person."""
    before = _HEADS.sub("", clause[: amount.start()].rpartition("\uff1a")[2].rpartition(":")[2])
    before = _LEAST_SAID.sub("", _bare(before))
    return f"{_TRAILING.sub('', before)}{_bare(clause[amount.end() :])}"[:LONGEST]


def _bare(words: str) -> str:
    for _, period in _PERIODS:
        words = period.sub("", words)
    return _EDGES.sub("", _EACH.sub("", words))


def _count(number: str) -> int:
    return int(number) if number.isdigit() else chinese_number(number) or 0
