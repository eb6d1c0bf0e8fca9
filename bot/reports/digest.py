"""The monthly digest (feature F5), as text: the group's form and the leader's, and the records behind each figure.

Each subject says its own figures; nothing is counted here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.groups import Group
from bot.domain.subjects import Figure, Period, subjects
from bot.errors import BadArgument

MOST_LINES = 12
MOST_SOURCES = 10


@dataclass(frozen=True)
class Report:
    """A group's month: its figures in reading order."""

    group: str
    period: Period
    figures: tuple[Figure, ...]


async def build(group: Group, period: Period) -> Report:
    """Ask every subject for its figures of ``period``."""
    figures: list[Figure] = []
    for subject in subjects():
        if subject.digest:
            figures += await subject.digest(group, period)
    return Report(group.name, period, tuple(figures))


def group_form(report: Report) -> list[str]:
    """What the group reads: at most twelve lines, totals only, nobody singled out."""
    lines = [f"📊 {report.period.label}小结 · {report.group}"]
    if not report.figures:
        return [*lines, f"{report.period.label}还没有记录。"]
    shared = [line for figure in report.figures for line in figure.detail if line.startswith("分享：")]
    room = MOST_LINES - len(lines) - len(shared)
    return [*lines, *_packed([figure.line for figure in report.figures], room), *shared]


def _packed(lines: list[str], room: int) -> list[str]:
    """The same on at most ``room`` lines: the shortest neighbours share one, and nothing is left out."""
    while len(lines) > room:
        at = min(range(len(lines) - 1), key=lambda n: len(lines[n]) + len(lines[n + 1]))
        lines = [*lines[:at], f"{lines[at]}；{lines[at + 1]}", *lines[at + 2 :]]
    return lines


def leader_form(report: Report) -> list[str]:
    """What the leader reads privately: the same figures with what stands behind them."""
    lines = [f"📊 {report.period.label}小结（组长版）· {report.group}"]
    for figure in report.figures:
        lines.append(f"{figure.line}〔{len(figure.sources)} 条记录〕")
        lines += [f"　{line}" for line in figure.detail]
    if not report.figures:
        return [*lines, f"{report.period.label}还没有记录。"]
    return [*lines, f"看数字从哪来：/汇总 {report.period.label} {report.figures[0].subject}"]


async def sources(group: Group, period: Period, name: str, page: int = 1) -> list[str]:
    """The records behind one subject's figures, ten a page.

    Raises:
        BadArgument: no figure of that name in this period.
    """
    report = await build(group, period)
    found = [figure for figure in report.figures if name in figure.subject or figure.subject in name]
    if not found:
        raise BadArgument(f"{period.label}没有“{name[:20]}”的数字。", _example(report.figures, period))
    rows = [source.label for figure in found for source in figure.sources]
    first = (page - 1) * MOST_SOURCES
    shown = rows[first : first + MOST_SOURCES]
    rest = len(rows) - first - len(shown)
    following = f"还有 {rest} 条：/汇总 {period.label} {found[0].subject} {page + 1}"
    return [f"🔍 {period.label} {found[0].line}", *[f"• {row}" for row in shown], *([following] if rest > 0 else [])]


def _example(figures: Sequence[Figure], period: Period) -> str:
    return f"例：/汇总 {period.label} {figures[0].subject}" if figures else f"看整月：/汇总 {period.label}"
