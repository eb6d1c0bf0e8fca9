"""The guard against pupils' data: no pupil's name with marks, no student, identity or phone number is stored.

It would rather ask once too often than keep a child's name; but teachers' names, durations ("5分钟") and figures of a
class ("高一3班平均85分") pass, or people would stop writing. A name is told by its surname, by where it stands and by
what follows it; there is no list of pupils and there never will be.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from string import ascii_uppercase

# The hundred most frequent surnames of the mainland (about 85 % of the people) and the common double ones.
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭"
    "陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_DOUBLE = "欧阳|司马|诸葛|上官|夏侯|皇甫|尉迟|公孙|慕容|令狐"
# What makes a surname the start of a common word: 高一, 周三, 方法, 石头, 马上, 何时 …
_NOT_GIVEN = "一二三四五六日中考级年班课上下法向面式头时以等于为的是了在和与也都得出文言语数题组内外间前后度点分次均满"
_NAME = rf"(?:(?:{_DOUBLE})|[{_SURNAMES}])(?![{_NOT_GIVEN}])(?:某某?|[\u4e00-\u9fff]{{1,2}}?)"
_BEFORE = r"(?:(?<![\u4e00-\u9fff《])|(?<=同学)|(?<=学生)|(?<=[的和与是让叫有给跟对了]))"
_AFTER = r"(?=同学|[\s\d,\uff0c、:\uff1a\uff08(/]|[考得只才拿获是的在这次也]|[数语英物化政史地生]|分别|成绩|总分|第|倒|不及|没及)"
_MARK = (
    r"(?:\d{1,3}(?:\.\d)?\s*分(?!钟|之|别|析|层|组|享|明|类|段|解|配|工|布|数线)"
    r"|第\s*[\d一二三四五六七八九十]{1,4}\s*名|倒数第|不及格|没及格)"
)
_PUPIL = re.compile(rf"{_BEFORE}(?P<name>{_NAME}){_AFTER}(?:同学)?[^\n。\uff1b;]{{0,10}}?{_MARK}")
_CALLED = re.compile(rf"(?P<name>(?:(?:{_DOUBLE})|[{_SURNAMES}])[\u4e00-\u9fff]{{1,2}}?)同学(?!们)")
_MARK_FIRST = re.compile(rf"{_MARK}[的是为\uff1a:\s]{{1,2}}(?P<name>{_NAME})(?![\u4e00-\u9fff]{{2}})")
_TITLES = ("老师", "主任", "校长", "组长", "老", "师")
_NUMBERS = (
    ("身份证号", re.compile(r"(?<![\dA-Za-z])\d{6}(?:19|20)\d{9}[\dXx](?![\dA-Za-z])")),
    ("手机号", re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")),
    ("学号", re.compile(r"(?<=学号)\s*[:\uff1a是为]?\s*[A-Za-z]?\d{4,}|(?<![\d.])20\d{7,10}(?!\d)")),
)


@dataclass(frozen=True)
class Finding:
    """One thing that must not be stored: what it is, and the words ("张某 58分") shown back to the writer alone."""

    what: str
    words: str
    start: int
    end: int


def inspect(text: str, teachers: Collection[str] = ()) -> list[Finding]:
    """What in ``text`` must not be stored, by position; ``teachers`` are names that may stand beside marks."""
    found = [
        Finding("学生姓名和分数", match.group(0)[:20], *match.span("name"))
        for pattern in (_PUPIL, _MARK_FIRST)
        for match in pattern.finditer(text)
        if _may_be_pupil(match["name"], teachers)
    ]
    found += [
        Finding("学生姓名", match.group(0)[:20], *match.span("name"))
        for match in _CALLED.finditer(text)
        if _may_be_pupil(match["name"], teachers)
    ]
    found += [Finding(what, _masked(m.group(0)), *m.span()) for what, number in _NUMBERS for m in number.finditer(text)]
    return _apart(sorted(found, key=lambda finding: (finding.start, -finding.end)))


def with_codes(text: str, teachers: Collection[str] = ()) -> str:
    """``text`` with each pupil's name replaced by a code (学生A, 学生B …) and each number taken out.

    The same name gets the same code. The result passes ``inspect``.
    """
    codes: dict[str, str] = {}
    while findings := inspect(text, teachers):
        finding = findings[0]
        name = text[finding.start : finding.end]
        if finding.what.startswith("学生姓名"):
            text = text.replace(name, codes.setdefault(name, _code(len(codes))))
        else:
            text = f"{text[: finding.start]}（已隐去）{text[finding.end :]}"
    return text.replace("学生学生", "学生")


def _may_be_pupil(name: str, teachers: Collection[str]) -> bool:
    return name not in teachers and not name.endswith(_TITLES)


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
