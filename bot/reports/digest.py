"""The digest as text (feature F5): the group's form and the leader's, and the records behind each figure."""

from collections.abc import Sequence

from bot.domain.groups import Group
from bot.domain.subjects import Figure, Period, Quote, Thanks
from bot.errors import BadArgument
from bot.reports.report import Report, build

MOST_LINES = 12
MOST_SOURCES = 10
MOST_NAMES = 6
MORE = "还有"
"""What the line begins with that says how to see the records left."""

LONGEST_LINE = 60
"""Characters of a quotation or of thanks in a message; files have them whole."""


def group_form(report: Report, most: int = MOST_LINES) -> list[str]:
    """What the group reads: at most ``most`` lines, totals only, nobody singled out but to be thanked."""
    head = f"📊 {report.title}"
    if not report.figures:
        return [head, f"{report.period.label}还没有记录。"]
    tail = [*map(shared_line, report.quotes), *thanks_lines(report.thanks), *_coming(report)]
    room = most - 1 - len(tail)
    return [head, *_packed([figure.line for figure in report.figures], room), *tail]


def shared_line(quote: Quote) -> str:
    """ "分享：王老师“归园田居”"."""
    return f"分享：{quote.member}“{cut(quote.title, LONGEST_LINE)}”"


def thanks_lines(thanks: Sequence[Thanks]) -> list[str]:
    """One line of thanks, or none."""
    parts = [f"{_some(each.names)}（{each.what}）" for each in thanks]
    return [f"🙏 谢谢{'；'.join(parts)}"] if parts else []


def cut(text: str, most: int) -> str:
    """One line of at most ``most`` characters."""
    words = " ".join(text.split())
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _some(names: Sequence[str]) -> str:
    more = f"等 {len(names)} 位" if len(names) > MOST_NAMES else ""
    return f"{'、'.join(names[:MOST_NAMES])}{more}"


def _coming(report: Report) -> list[str]:
    return [report.coming.line] if report.coming.line else []


def _packed(lines: list[str], room: int) -> list[str]:
    """The same on at most ``room`` lines: the shortest neighbours share one, and nothing is left out."""
    while len(lines) > max(room, 1):
        at = min(range(len(lines) - 1), key=lambda n: len(lines[n]) + len(lines[n + 1]))
        lines = [*lines[:at], f"{lines[at]}；{lines[at + 1]}", *lines[at + 2 :]]
    return lines


def leader_form(report: Report) -> list[str]:
    """What the leader reads privately: the same figures with what stands behind them."""
    lines = [f"📊 {report.period.label}小结（组长版）· {report.group}"]
    for figure in report.figures:
        lines.append(f"{figure.line}〔{figure.records} 条记录〕")
        lines += [f"　{line}" for line in (*figure.detail, *map(shared_line, figure.quotes))]
    if not report.figures:
        return [*lines, f"{report.period.label}还没有记录。"]
    return [*lines, *_coming(report)]


async def sources(group: Group, period: Period, name: str, page: int = 1) -> list[str]:
    """The records behind one subject's figures, ten a page.

    Raises:
        BadArgument: no figure of that name in this period.
    """
    figures = (await build(group, period, charts=False)).figures
    found = [each for each in figures if each.subject == name] or [
        each for each in figures if name in each.subject or each.subject in name
    ]
    if not found:
        raise BadArgument(f"{period.label}没有“{name[:20]}”的数字。", *_offers(figures, period))
    rows = [source.label for figure in found for source in figure.sources]
    page = min(page, max(1, -(-len(rows) // MOST_SOURCES)))
    first = (page - 1) * MOST_SOURCES
    shown = rows[first : first + MOST_SOURCES]
    rest = len(rows) - first - len(shown)
    asked = found[0].subject if len(found) == 1 else name
    following = [f"{MORE} {rest} 条：/汇总 {period.label} {asked} {page + 1}"] if rest > 0 else []
    return [f"🔍 {period.label} {'；'.join(each.line for each in found)}", *[f"• {row}" for row in shown], *following]


def _offers(figures: Sequence[Figure], period: Period) -> tuple[str, ...]:
    if not figures:
        return (f"看整月：/汇总 {period.label}",)
    names = "、".join(dict.fromkeys(figure.subject for figure in figures))
    return f"有：{names}。例：/汇总 {period.label} {figures[0].subject}", f"要文件，例：/汇总 {period.label} Word"
