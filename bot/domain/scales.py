"""The scale that lessons are reviewed by (feature C4): four axes, or the leader's own; and reading marks from words.

A review keeps the axes it was made by, so that a new scale changes nothing that was said.
"""

import re
from collections.abc import Collection, Sequence
from typing import ClassVar

from bot.domain.groups import Group
from bot.domain.undo import Undo, inverse, undo_with
from bot.errors import BadArgument, Refused
from bot.storage import Record

FOUR = ("目标达成", "环节设计", "学生参与", "效果")
LEAST, MOST = 2, 8
TOP = 5
EXAMPLE = "/量表 改 导入 提问 板书 效果"

_NAME = re.compile("[\u4e00-\u9fff]{2,8}")
_DIGITS = {char: value for value, char in enumerate("一二三四五", start=1)}
_VALUE = (
    r"\s*(?:是|为|给|得|打)?\s*[:=\uff1a\uff1d]?\s*(?P<value>\d+(?:\.\d+)?|[一二三四五](?=分|[\s,\uff0c、。;\uff1b]|$))"
)
# 目标5分钟内达成 and 参与3人 are words about the lesson, not marks.
_NO_UNIT = r"(?![\d.]|\s*(?:分钟|秒|人|位|次|个|名|组|遍|道|页|节|班|%))(?:\s*分)?"


class Scale(Record):
    """The axes from its creation on."""

    TABLE: ClassVar[str] = "scales"

    axes: tuple[str, ...]


async def axes(group: Group) -> tuple[str, ...]:
    """The axes to review by today."""
    latest = await _latest(group)
    return latest.axes if latest else FOUR


async def put(group: Group, who: str, names: Sequence[str]) -> tuple[Scale, Undo]:
    """Review by these axes from now on.

    Raises:
        BadArgument: not 2 to 8 different names of 2 to 8 characters; Refused: they are the axes already.
    """
    wanted = tuple(names)
    _must_be_axes(wanted)
    if wanted == await axes(group):
        raise Refused("现在就是这个量表。", f"例：{EXAMPLE}", symbol="ℹ️")
    stored = await group.records.add(Scale(axes=wanted, created=group.now, author=who))
    return stored, undo_with(put_back, "量表", scale=stored.id)


@inverse
async def put_back(group: Group, who: str, scale: int) -> str:  # noqa: ARG001 - whoever undoes set it
    """Inverse of ``put``, unless the scale was changed again."""
    latest = await _latest(group)
    if latest is None or latest.id != scale:
        raise Refused("量表后来又改过，不撤销了。", "看现在的：/量表")
    await group.records.remove(latest)
    return f"已撤销：量表还是{'、'.join(await axes(group))}。"


def read_marks(words: str, names: Sequence[str]) -> tuple[dict[str, int], str]:
    """The mark of each axis named in ``words``, and the rest.

    An axis may be shortened to any two or more characters in a row that no other axis has: 目标5, 达成5, 目标达成：5分.

    Raises:
        BadArgument: a mark is not 1 to 5, or an axis has two.
    """
    spellings = _spellings(names)
    typed = "|".join(sorted(spellings, key=len, reverse=True))
    found: dict[str, int] = {}
    spans = []
    for match in re.finditer(f"(?P<axis>{typed}){_VALUE}{_NO_UNIT}", words):
        axis, value = spellings[match["axis"]], _DIGITS.get(match["value"]) or float(match["value"])
        if axis in found:
            raise BadArgument(f"“{axis}”写了两个分数，是哪一个？", f"例：{marks_example(names)}")
        if value not in range(1, TOP + 1):
            raise BadArgument(
                f"“{axis}”的分数是 {match['value']}，要 1 到 {TOP} 的整数。", f"例：{marks_example(names)}"
            )
        found[axis] = int(value)
        spans.append(match.span())
    for first, last in reversed(spans):
        words = f"{words[:first]} {words[last:]}"
    return found, re.sub(r"[ \u3000]{2,}", " ", words).strip(" \n\u3000,;、\uff0c\uff1b")


def marks_example(names: Collection[str]) -> str:
    """ "目标达成5 环节设计4 …" to fill in."""
    return " ".join(f"{name}{4 + n % 2}" for n, name in enumerate(names, start=1))


def weakest(means: dict[str, float]) -> list[str]:
    """The axis (or axes) with the lowest mean; none when all are alike."""
    low, high = min(means.values()), max(means.values())
    return [axis for axis, mean in means.items() if mean == low] if low < high else []


def _spellings(names: Sequence[str]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for name in names:
        parts = {name[a:b] for a in range(len(name)) for b in range(a + 2, len(name) + 1)}
        for part in parts:
            found.setdefault(part, set()).add(name)
    short = {part: next(iter(owners)) for part, owners in found.items() if len(owners) == 1}
    return short | {name: name for name in names}


def _must_be_axes(names: tuple[str, ...]) -> None:
    if not LEAST <= len(names) <= MOST:
        raise BadArgument(f"写了 {len(names)} 项，量表要 {LEAST} 到 {MOST} 项。", f"例：{EXAMPLE}")
    wrong = next((name for name in names if not _NAME.fullmatch(name)), None)
    if wrong is not None:
        raise BadArgument(f"“{wrong[:20]}”不能作项目名，每项用 2 到 8 个汉字。", f"例：{EXAMPLE}")
    if len(set(names)) < len(names):
        raise BadArgument("有一项写了两遍。", f"例：{EXAMPLE}")


async def _latest(group: Group) -> Scale | None:
    return max(await group.records.scan(Scale), key=lambda scale: scale.id, default=None)
