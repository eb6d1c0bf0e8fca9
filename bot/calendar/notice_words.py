"""What a clause of a school's notice says of its days: off, another day's timetable, school as usual, for whom."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.calendar.grades import grades_in, without_grades
from bot.calendar.names import weekday_number
from bot.calendar.notice_days import Mention
from bot.calendar.timetable import Half


class Kind(StrEnum):
    """What is said."""

    OFF = "停课"
    LIKE = "按课表"
    MOVED = "调到"
    EXCHANGED = "对调"
    USUAL = "照常"
    WORK = "上课"
    HOURS = "几节课"
    WHO = "谁"
    PARITY = "单双周"
    UNKNOWN = ""


@dataclass(frozen=True)
class Act:
    """One thing said.

    Attributes:
        weekdays: whose timetables run (LIKE), one for all days or one each. ``other``: the day that is named beside the
            part's own.
        grades: for whom; empty = nobody is named. ``without``: who is excepted.
    """

    kind: Kind
    words: str
    weekdays: tuple[int, ...] = ()
    other: Mention | None = None
    half: Half | None = None
    grades: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    note: str = ""


# ascii: regular expressions
_WEEKDAY = "(?:周|星期|礼拜)([一二三四五六日天])"
_VERB = "(?:按照?|补上?|上|执行|实行|运行|走|用|参照|比照|照|换成|换上|改成|改上|改为|调整?[为成]|串)"
_LIKE = re.compile(
    rf"{_VERB}\s*(?:[上下本这]?个?)\s*{_WEEKDAY}|{_WEEKDAY}\s*的?(?:课表|课程表?|功课表|作息|课(?!后)|时间表)"
)
_PARITY = re.compile(f"[单双]周(?:的)?{_WEEKDAY}|{_WEEKDAY}[(]?[单双]周")
_EXCEPT = re.compile("除了?(?P<who>[^,]{1,12}?)(?:年级)?(?:以外|之外|外)|(?P<them>[^,]{1,12}?)(?:年级)?除外")
_WHO = re.compile("毕业班|毕业年级|非毕业|起始年级|部分(?:年级|班级|学生)|其[他余]年级|竞赛班|走读|住校生|寄宿|住宿生")
_HOURS = re.compile(
    r"第?[一二三四五六七八九十\d]{1,2}(?:[、至到\-~][一二三四五六七八九十\d]{1,2})?节|晚自[习修]|晚修|晚上|中午|\d{1,2}[:点时]"
)
_HARD = re.compile("顺延|错开|分批|轮流|视情况|待定|另行")
_OFF = re.compile("(?<!不)(?:停课|停止上课|放假|休息|不上课|不用上课|不到校|不补课|休假|停一天)")
_USUAL = re.compile("照常|正常|照旧|不变|不受影响|原课表|原来的?课表|不停课|不放假|不调课")
_WORK = re.compile("上课|上班|补课|补班|上学|到校|返校|行课|调课|调休|补上|换课")
_MOVED = re.compile("(?:的?课程?|的?全部课程|课表)?\\s*(?:提前|推迟|调整?|调换?|移|改|挪|换|放)\\s*(?:到|至|在|于)")
_LOST = re.compile("\\s*的(?:全部)?课")
_EXCHANGED = re.compile("对调|互换|调换|对换|互调")
_NOTES = re.compile(
    "(?:秋季|春季|校|田径)*运动会|校庆|台风|暴雨|暴雪|大雪|高温|雾霾|停电|停水|(?:期中|期末|月|联|会|中|高|学业水平|模拟)考试?|体检|研学"
    "|[春秋]游|社会实践|家长会|艺术节|科技节|文化节|读书节|教师节|军训|流感"
)
_HALF = re.compile("上午|下午|早上")
_EITHER = re.compile("(?=(?:上午|下午))|(?<=[课假息常])、")
_WEEKDAYS = re.compile(f"{_WEEKDAY}(?:[、和及与]\\s*(?:周|星期|礼拜)?[一二三四五六日天])+")


def acts(clause: str, others: list[Mention]) -> list[Act]:
    """What ``clause`` (in NFKC, without the days it is about) says, in its order; ``others`` are the days it names."""
    pieces = [piece for piece in _EITHER.split(clause) if piece.strip()]
    if len(pieces) > 1 and not says(pieces[0]):  # 高一下午停课: who is not apart from what
        pieces = ["".join(pieces[:2]), *pieces[2:]]
    return [_act(piece, others) for piece in pieces]


def whom(words: str) -> tuple[str, ...]:
    """The grades that words are about, without those that are excepted."""
    return grades_in(_EXCEPT.sub("", words))


def hedged(words: str) -> bool:
    """Whether somebody is excepted, or called by another name than a grade's."""
    return bool(_EXCEPT.search(words) or _WHO.search(words))


def names_somebody(words: str) -> bool:
    """Whether words tell for whom something holds, or for whom it does not."""
    return bool(grades_in(words)) or hedged(words)


def says(words: str) -> bool:
    """Whether words tell anything of lessons."""
    return any(pattern.search(words) for pattern in (_OFF, _LIKE, _USUAL, _WORK, _HOURS, _HARD))


def _act(words: str, others: list[Mention]) -> Act:
    excepted = _EXCEPT.search(words)
    without = grades_in(excepted["who"] or excepted["them"]) if excepted else ()
    rest = words.replace(excepted.group(), "") if excepted else words
    half = _half(rest)
    note = _NOTES.search(rest)
    kind = _kind(rest, others)
    if excepted and not without:
        kind = Kind.WHO
    return Act(
        kind=kind,
        words=words.strip(" ,"),
        weekdays=_weekdays(rest) if kind is Kind.LIKE and not others else (),
        other=others[0] if others else None,
        half=half,
        grades=grades_in(rest),
        without=without,
        note=note.group() if note else "",
    )


def _half(words: str) -> Half | None:
    found = _HALF.search(words)
    if found is None or "全天" in words:
        return None
    return "下午" if found.group() == "下午" else "上午"


def _kind(words: str, others: list[Mention]) -> Kind:
    plain = without_grades(words)
    like, off, usual = _LIKE.search(plain), _OFF.search(plain), _USUAL.search(plain)
    table = (
        (Kind.WHO, _WHO.search(plain)),
        (Kind.HOURS, _HOURS.search(plain)),
        (Kind.UNKNOWN, _HARD.search(plain) or (off and (usual or like))),
        (Kind.EXCHANGED, _EXCHANGED.search(plain)),
        (Kind.MOVED, others and (_MOVED.search(plain) or _LOST.match(plain))),
        (Kind.UNKNOWN, off and others),
        (Kind.USUAL, not others and not like and usual),
        (Kind.OFF, off),
        (Kind.PARITY, _PARITY.search(plain)),
        (Kind.LIKE, others or like),
        (Kind.WORK, _WORK.search(plain)),
    )
    return next((kind for kind, said in table if said), Kind.UNKNOWN)


def _weekdays(words: str) -> tuple[int, ...]:
    """The weekdays of 按周一课表, or of 按周一、周二课表."""
    plain = without_grades(words)
    several = _WEEKDAYS.search(plain)
    like = _LIKE.search(plain)
    chars = re.findall("[一二三四五六日天]", several.group()) if several else [like[1] or like[2]] if like else []
    return tuple(number for char in chars if (number := weekday_number(f"周{char}")))


def target_day(act: Act) -> date | None:
    """The one day beside the part's own that an act names."""
    return act.other.days[0] if act.other and len(act.other.days) == 1 else None
