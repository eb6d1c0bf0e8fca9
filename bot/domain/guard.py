"""The guard against pupils' data: no pupil's name with marks, no student, identity or phone number is stored.

It would rather ask once too often than keep a child's name; but teachers' names, writers of the canon, durations
("5分钟") and figures of a class ("高一3班平均85分") pass, or people would stop writing. A name is told by its surname,
by where it stands and by what follows it; the words it needs are in bot/domain/guard_words.py.
"""

import re
from collections.abc import Awaitable, Callable, Collection, Iterator
from functools import cache
from string import ascii_uppercase
from typing import NamedTuple

from bot.domain import guard_words as words
from bot.errors import Refused

# Of one length with what people type, so that places in the text stay the same.
_PLAIN = str.maketrans({chr(0xFF01 + n): chr(0x21 + n) for n in range(94)} | {"\u3000": " "})

_HAN = "[\u4e00-\u9fff]"
_ORDINARY = "|".join((*words.COMMON_WORDS.split(), *words.CANON.split()))
_GIVEN = rf"(?![{words.NOT_GIVEN}]){_HAN}"
_SURNAME = rf"(?:{'|'.join(words.DOUBLE_SURNAMES)}|[{words.SURNAMES}])"
_HIDDEN = r"某某?|[xX*]{1,2}"
_FULL_NAME = rf"{_SURNAME}(?:{_HIDDEN}|{_GIVEN}{_HAN}??|一[{words.AFTER_ONE}])"
_WITH_A_BLANK = rf"[{words.SURNAMES}] {_GIVEN}(?=[ \d])"
_NICKNAME = rf"小[{words.NICKNAMES}](?!{_HAN}老师)"
_NAME = rf"(?:(?!{_ORDINARY})(?:{_FULL_NAME}|{_WITH_A_BLANK}|{_NICKNAME}))"
# A name begins a word, or follows one of these.
_LINKS = "的和与及跟同是让叫有给对了像如把被比向到中次天班组名生扬评现过说看问请但而且由因为位里连靠选派表"
_BEFORE = rf"(?:(?<!{_HAN})|(?<=[{_LINKS}]))(?<!《)"
_SUBJECT = "|".join(words.SUBJECTS)
_AFTER = (
    rf"(?!{'|'.join(words.TITLES)})"
    rf"(?=同学|[\s\d,、:(/=+\-—*”」]|[考得只才拿获是的在这次也又竟却退进排倒不没满垫差扣错答就仅共今上期和与及跟同比从由未达]"
    rf"|{_SUBJECT}|班[上里]|[二三四五六七八九]十|一百|提[高升]|分别|成绩|分数|名次|正确率|得分|第|最[高低])"
)
# Ten alone is "very" (十分认真).
_COUNT = r"(?:\d{1,3}(?:\.\d)?|[二三四五六七八九]十[一二三四五六七八九]?|一百[一二三四五六七八九十零]*)"
_UNIT = "分(?!钟|之|别|析|层|组|享|明|类|段|解|配|工|布|数线|会|店|校|册|题|的题|值|秒|支|批|两)"
_RANK = r"第\s*[\d一二三四五六七八九十]{1,4}\s*名|倒数|垫底|不及格|没及格|未及格|没有及格|满分|最[高低]分"
_MARK = rf"(?:{_COUNT}\s*{_UNIT}|{_RANK}|[进退]步了?\s*\d+\s*名|(?:正确率|得分率?)\s*(?:是|为|只有)?\s*\d)"
# Between a name and the mark that is theirs: no new sentence, no word that speaks of a class, a task or a full score.
_CLASS = "平均|均分|全班|班级|本班|年级|两个班|人均|及格率|优秀率|全组|大家|每|占|共计|分值|题目|人次"
_BETWEEN = rf"(?:(?!{_CLASS})[^\n。!?;《》]){{0,14}}?"
_BARE = (
    rf"\s*(?:同学)?\s*[:=—\-(]?\s*(?:的?(?:{_SUBJECT}|成绩|分数|得分))?(?:是|为|考了?个?)?\s*[:=]?\s*"
    rf"\d{{2,3}}(?:\.\d)?(?:/1\d\d)?(?=[\s,、;。)/]|{_NAME}|(?:{_SUBJECT})|$)(?!\s*[分人页次节个道篇]钟?)"
)
_STANDING = r"(?:同学)?的?(?:\w{2})?(?:成绩|分数|名次|排名)(?!单|册|表|分析|管理)"
_PUPIL = rf"{_BEFORE}(?P<name>{_NAME}){_AFTER}(?=(?P<mark>{_BETWEEN}{_MARK}|{_BARE}|{_STANDING}))"
_CALLED = rf"{_BEFORE}(?P<name>{_NAME})(?P<mark>同学)(?!们)"
_IS = r"(?:者|的同学|的学生|的)?(?:是|为|有|:|\s|的|只有|包括){1,2}(?:\d+\s*人:?)?"
_AND = "[、,和与及 ]{1,2}"  # ascii: the text is made ASCII before it is searched
_END = rf"(?={_HAN}?[^\u4e00-\u9fff]|{_HAN}?$|同学|[等都三两和与])"
_MARK_FIRST = (
    rf"(?:{_MARK}|最[高低好差]|全[对错]){_IS}"
    rf"(?P<names>{_NAME}(?:{_AND}(?:{_NAME}|学生[A-Z]))*|学生[A-Z](?:{_AND}{_NAME})+){_END}"
)
# Without one of these no pattern here fits, and most texts have none. The characters that one can begin with stand in
# front, because the search tries each place in the text.
_CLUE = re.compile(
    rf"(?=[\d二三四五六七八九一第倒垫不没未满最进退正得成分名排同全])"
    rf"(?:{_MARK}|\d|成绩|分数|名次|排名|同学|最[高低好差]|全[对错])"
)
_SHOWN = re.compile(rf"{_MARK}|\d{{2,3}}|成绩|分数|名次|排名|同学")
_NUMBERS = (
    ("身份证号", re.compile(r"(?<![\dA-Za-z])\d{6}(?:19|20)\d{9}[\dXx](?![\dA-Za-z])")),
    ("手机号", re.compile(r"(?<!\d)1[3-9]\d[ \-]?\d{4}[ \-]?\d{4}(?!\d)")),
    ("电话号码", re.compile(r"(?<![\d-])0\d{2,3}-\d{7,8}(?!\d)")),
    ("学号", re.compile(r"(?<=[学考籍]号)\s*(?:[:是为]|分别是)?\s*[A-Za-z]{0,3}\d{4,}|(?<![\d.])20\d{7,10}(?!\d)")),
)


class Finding(NamedTuple):
    """One thing that must not be stored: what it is, where, and words to know it by, which do not give it away."""

    what: str
    words: str
    start: int
    end: int


class PupilNamed(Refused):
    """The text seems to name a pupil; nothing was stored. ``replaced`` is the text with codes."""

    def __init__(self, finding: Finding, replaced: str) -> None:
        super().__init__(f"这条里像有{finding.what}（“{finding.words}”），没有保存。", symbol="🛡️")
        self.replaced = replaced


def check(text: str, teachers: Collection[str] = ()) -> None:
    """Let a text pass, or not.

    Raises:
        PupilNamed: it seems to hold a pupil's name with marks, or a number of a pupil or person.
    """
    findings = inspect(text, teachers)
    if findings:
        raise PupilNamed(findings[0], with_codes(text, teachers))


async def check_among(text: str, teachers: Callable[[], Awaitable[Collection[str]]]) -> None:
    """As ``check``; the teachers are asked for only when something looks like a name.

    Raises:
        PupilNamed: as for ``check``.
    """
    if inspect(text):
        check(text, await teachers())


def inspect(text: str, teachers: Collection[str] = ()) -> list[Finding]:
    """What in ``text`` must not be stored, by position; ``teachers`` are names that may stand beside marks."""
    if not _CLUE.search(text):
        return []
    plain = text.translate(_PLAIN)
    found = [finding for finding in _names(plain) if _may_be_pupil(plain[finding.start : finding.end], teachers)]
    found += [
        Finding(what, _masked(m.group(0)), *m.span()) for what, number in _NUMBERS for m in number.finditer(plain)
    ]
    return _apart(sorted(found, key=lambda finding: (finding.start, -finding.end)))


def with_codes(text: str, teachers: Collection[str] = ()) -> str:
    """``text`` with each pupil's name replaced by a code (学生A, 学生B …) and each number taken out.

    The same name gets the same code. The result passes ``inspect``.
    """
    codes: dict[str, str] = {}
    while findings := inspect(text, teachers):
        names = [text[f.start : f.end] for f in findings if f.what.startswith("学生姓名")]
        for finding in reversed(findings):
            if not finding.what.startswith("学生姓名"):
                text = f"{text[: finding.start]}（已隐去）{text[finding.end :]}"
        for name in names:
            text = text.replace(name, codes.setdefault(name, _code(len(codes))))
    return text.replace("学生学生", "学生")


def _names(plain: str) -> Iterator[Finding]:
    for pattern, what in ((_PUPIL, "学生姓名和分数"), (_CALLED, "学生姓名")):
        for match in _compiled(pattern).finditer(plain):
            shown = _SHOWN.search(match["mark"])
            yield Finding(what, f"{match['name'][0]}某{shown[0] if shown else ''}", *match.span("name"))
    for match in _compiled(_MARK_FIRST).finditer(plain):
        start = match.start("names")
        for name in _compiled(_NAME).finditer(match["names"]):
            first, last = name.span()
            yield Finding("学生姓名和分数", f"{name[0][0]}某", start + first, start + last)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """At the first text with a clue: these take a megabyte and 50 ms, and most texts have none."""
    return re.compile(pattern)


def _may_be_pupil(name: str, teachers: Collection[str]) -> bool:
    return name not in teachers and not name.endswith(words.TITLES)


def _code(index: int) -> str:
    letters = ascii_uppercase
    return f"学生{letters[index % 26]}{index // 26 or ''}"


def _masked(number: str) -> str:
    digits = number.strip()
    return f"{digits[:3]}…" if len(digits) > 3 else "…"


def _apart(findings: list[Finding]) -> list[Finding]:
    kept: list[Finding] = []
    for finding in findings:
        if not kept or finding.start >= kept[-1].end:
            kept.append(finding)
    return kept
