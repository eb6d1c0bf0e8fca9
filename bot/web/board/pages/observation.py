"""听课: note a lesson heard. What was typed is kept until it is done."""

from collections.abc import Mapping
from datetime import date

from bot.calendar.names import day_label
from bot.domain import observation_quota, observations
from bot.errors import BadArgument
from bot.web.board.page import Asked, Page, Values

MOST = 10
OTHER = "other"
"""Of the list of teachers: somebody who is not on it."""

_BREAKS = "、，,/ "


async def show(asked: Asked) -> Values:
    """See ``Page.show``."""
    group = asked.group
    heard = await observations.of_member(group, asked.name)
    month = observations.month_of(group.now)
    spans = ((month, "本月"), (observation_quota.whole_term(group), "本学期"))
    missing = [(name, (await observations.short_of(group, span)).get(asked.name, 0)) for span, name in spans]
    return {
        "typed": {**dict.fromkeys(PAGE.keeps, ""), **(asked.draft or {"day": group.today.isoformat()})},
        "teachers": [name for name in await group.teachers() if name != asked.name],
        "periods": range(1, _lessons(asked) + 1),
        "today": group.today.isoformat(),
        "mine": list(reversed(heard[-MOST:])),
        "count": len(heard),
        "missing": "、".join(f"{name}还差 {left} 节" for name, left in missing if left),
        "longest": observations.LONGEST,
        "other": OTHER,
    }


def _lessons(asked: Asked) -> int:
    """How many lessons the school's day has."""
    return max((len(bells.lessons) for bells in asked.group.calendar.bells), default=8)


async def words(asked: Asked, fields: Mapping[str, str]) -> str:
    """See ``Page.words``."""
    said = fields.get("say", "")
    if said != "/听课":
        return f"{said} {fields.get('words', '')}".strip()
    typed = {field: text.strip() for field, text in fields.items()}
    teacher = _teacher(typed, await asked.group.teachers())
    day = _day(typed.get("day", ""))
    period = typed.get("period", "")
    when = f"{day}第{period}节" if period.isascii() and period.isdecimal() else day
    classroom = _classroom(typed.get("classroom", ""))
    text = fields.get("text", "").strip()
    return " ".join(part for part in ("/听课", teacher, when, classroom, f"感受：{text}" if text else "") if part)


def _teacher(typed: Mapping[str, str], known: list[str]) -> str:
    chosen = typed.get("teacher", "")
    name = typed.get("colleague", "") if chosen in ("", OTHER) else chosen
    if not name:
        raise BadArgument("听了谁的课？", "请选一位老师，或者写上姓名，例：钱老师")
    found = observations.TEACHER.fullmatch(name)
    if name not in known and not found:
        raise BadArgument(f"没看懂上课老师“{name[:20]}”。", "别组的老师写成“钱老师”这样。")
    return name


def _day(text: str) -> str:
    """ "9月16日" of what a field for a day holds; a browser without such fields brings what was typed.

    Raises:
        BadArgument: it is empty.
    """
    try:
        return day_label(date.fromisoformat(text))
    except ValueError:
        if not text or any(mark in text for mark in "\n/"):
            raise BadArgument("哪一天的课？", "请选日期，例：9月16日") from None
        return text[:20]


def _classroom(text: str) -> str:
    if text and not observations.CLASS.fullmatch(text):
        raise BadArgument(f"没看懂班级“{text[:20]}”。", "写成“高一3班”这样，不知道就空着。")
    return text


PAGE = Page(
    "observation",
    "听课",
    show,
    commands=("/听课", "/听课 交流", "/听课 删"),
    words=words,
    keeps=("teacher", "colleague", "day", "period", "classroom", "text"),
)
