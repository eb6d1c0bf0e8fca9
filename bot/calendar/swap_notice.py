"""Reading a school's notice of swapped days: "9月28日（周日）补10月6日（周一）的课", "4月30日下午停课" …

Every part of a notice comes to swaps, to a sentence that it is so already, or to a question; what is unclear is never
guessed. A part is a day (or several) with what is said of it; a line or a clause that begins with a day begins a part.
"""

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from unicodedata import normalize

from bot.calendar.grades import grades_in, without_grades
from bot.calendar.notice_answer import Answer, quoted
from bot.calendar.notice_days import mentions
from bot.calendar.notice_parts import answer
from bot.calendar.notice_words import Act, Kind, acts, hedged, names_somebody, says, whom
from bot.calendar.term import SchoolCalendar

# ascii: regular expressions
_BULLET = re.compile(
    "^\\s*(?:[\u2460-\u2473\u2022\u00b7*\\-\u2013\u2014]\\s*|[(\uff08]?\\d{1,2}[)\uff09、.\uff0e]\\s*(?=\\d{1,4}\\s*[年月]|[^\\d\\s])"
    "|[(\uff08]?[一二三四五六七八九十]{1,3}[)\uff09、]\\s*)"
)
_CLAUSE = re.compile("[,;。!\n]+|(?<!\\d):|:(?=\\d{1,2}月)")
_BARE_DAY = re.compile("\\d{1,2}[日号]")
_OPEN_END = re.compile("\\s*(?:起|开始|以后|之后|后|以前|之前|前)(?!一天)")
_WEEKDAY_FIRST = re.compile("((?:周|星期|礼拜)[一二三四五六日天])\\((\\d{1,2}月\\d{1,2}[日号]?)\\)")
_OPENER = re.compile(
    "其中|另外|同时|并且?|将|把|原定?于?|定于|拟?于|在|自|从|我校|本校|学校|全校|全体|各班|师生|学生|调整?为?|经研究|决定|补课安排|安排|时间|[:\uff1a\\s]"
)
_WHOM = re.compile("毕业班|毕业年级|非毕业班?|起始年级|其[他余]年级|除[^,]{0,8}外")
_NO_PART = re.compile("^(?:关于|根据|各位|请|特此|以上)|(?:通知|如下|时间|安排|事项)$")


@dataclass
class _Part:
    """A part being read; ``named``: it names a day, though not as what it is about."""

    text: str
    days: list[date]
    said: list[Act] = field(default_factory=list)
    grades: tuple[str, ...] = ()
    wrong: str = ""
    named: bool = False


def read_notice(text: str, today: date, calendar: SchoolCalendar) -> list[Answer]:
    """What a notice, or one line of it, comes to.

    Args:
        text: as typed or pasted; full-width signs and digits are understood.
        today: the speaker's day; days before it have passed.
        calendar: the whole school's, with the swaps that are known.

    Returns:
        The parts in order, each answered; those that speak of no day and of no lessons (headings, greetings) are left
        out.
    """
    found: list[_Part] = []
    grades: tuple[str, ...] = ()
    for line in re.split("[\\n\\r]+", text):
        folded = normalize("NFKC", _BULLET.sub("", line)).strip()
        header = _header(folded)
        if header is not None:
            grades = header
            continue
        found += _parts(folded, grades, today, calendar)
    answers = [answer for part in found if (answer := _answered(part, today, calendar))]
    off = {swap.date for answer in answers for swap in answer.swaps if swap.runs == "off" and not swap.half}
    told = {swap for answer in answers for swap in answer.swaps}
    twice = {slot for slot, count in Counter(swap.slot for swap in told).items() if count > 1}
    return [answer.without_question_of(off).without(twice) for answer in answers]


def _header(line: str) -> tuple[str, ...] | None:
    """The grades that a line of its own names for the lines below it; () = 全校; None for any other line."""
    rest = without_grades(line).replace("全校", "").rstrip(": ").strip("、和与及 ")
    if not line.endswith(":") or rest or not (grades_in(line) or "全校" in line):
        return None
    return grades_in(line)


def _parts(line: str, grades: tuple[str, ...], today: date, calendar: SchoolCalendar) -> list[_Part]:
    found: list[_Part] = []
    bare: list[date] = []
    before = ""
    for clause in _clauses(line):
        if found and found[-1].days and _BARE_DAY.match(clause):
            clause = f"{found[-1].days[-1].month}月{clause}"
        named = mentions(clause, today, calendar)
        subject = next((one for one in named[:1] if _opens(clause[: one.start])), None)
        if subject:
            prefix, rest = f"{before} {clause[: subject.start]}", clause[subject.end :]
            before = ""
            if not rest.strip() and not subject.wrong and not prefix.strip():  # 9月28日,10月11日上课
                bare += subject.days
                continue
            part = _Part(clause, [*bare, *subject.days], grades=whom(prefix) or grades, wrong=subject.wrong)
            bare = []
            part.said = acts(f"{prefix} {rest}" if hedged(prefix) else rest, named[1:])
            part.wrong = part.wrong or _open_end(rest, part)
            found.append(part)
        elif found:
            found[-1].text += f"，{clause}"
            found[-1].said += acts(clause, named)
        elif bare or named or says(clause) or not names_somebody(clause):
            found.append(_Part(clause, [*bare], acts(clause, named), grades, named=bool(named)))
            bare = []
        else:
            before = clause
    left = [_Part(line, bare)] if bare else [_Part(before, [], acts(before, []))] if before else []
    return [*found, *left]


def _open_end(rest: str, part: _Part) -> str:
    """9月30日起停课 says from when, and not until when."""
    open_end = _OPEN_END.match(rest)
    usual = all(act.kind in (Kind.USUAL, Kind.WORK) for act in part.said)
    if open_end is None or usual:
        return ""
    return f"“{quoted(part.text)}”到哪一天为止？例：/调课 9月28日至9月30日 停课"


def _clauses(line: str) -> list[str]:
    """The line cut at commas, and at a colon before a day, but not inside 28日,29日 or a bracket."""
    turned = _WEEKDAY_FIRST.sub(r"\2(\1)", line)
    guarded = re.sub("\\([^()]*\\)", lambda match: match.group().replace(",", "\0"), turned)
    guarded = re.sub("(?<=[日号)]),(?=\\s*\\d{1,2}[日号])", "、", guarded)
    pieces = [piece.replace("\0", ",").strip() for piece in _CLAUSE.split(guarded)]
    return [clause for piece in pieces if (clause := _BULLET.sub("", piece))]


def _opens(prefix: str) -> bool:
    """Whether nothing but openers and grades stands before a day, so that the clause is about it."""
    return not _OPENER.sub("", _WHOM.sub("", without_grades(prefix))).strip(" 、和与及年级")


def _answered(part: _Part, today: date, calendar: SchoolCalendar) -> Answer | None:
    said = [act for act in part.said if act.kind is not Kind.UNKNOWN or act.grades or says(act.words)]
    why = next((act.note for act in part.said if act.note), "")
    said = [replace(act, note=act.note or why) if act.kind is Kind.OFF else act for act in said]
    if not part.days and not part.named and (not said or _NO_PART.search(part.text.strip(" :"))):
        return None
    return answer(part.text, part.days, said, part.grades, today=today, calendar=calendar, wrong=part.wrong)
