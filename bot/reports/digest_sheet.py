"""The sheet of paper on the leader's desk (feature F5): which month's digest is meant, and its lines as they stand now.

The chat and the board read it here, so that both show and publish the same.
"""

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain import digest_drafts, terms
from bot.domain.groups import Group
from bot.domain.subjects import Period
from bot.errors import Refused

if TYPE_CHECKING:  # what counts and words a month is loaded by the first who asks for one, in the functions
    from bot.reports.report import Report


async def meant(group: Group, which: str) -> tuple[Group, Period]:
    """The period that is named, and the group as it was then; else the one whose draft is in hand, or the month before
    this one.

    Raises:
        BadArgument: no month or term.
    """
    if which:
        return terms.asked(group, which)
    period = await digest_drafts.in_hand(group)
    if period is None:
        last = group.today.replace(day=1) - timedelta(days=1)
        period = Period.month(last.year, last.month)
    return group.in_term_of(period.last), period


async def lines(group: Group, period: Period) -> list[str]:
    """The draft of a period: as it was edited, or else as the figures of the moment say.

    Raises:
        Refused: it has not begun, or there is nothing in it.
    """
    from bot.reports.report import build

    edited = await digest_drafts.of_period(group, period)
    if edited and edited.lines:
        return list(edited.lines)
    must_have_begun(group, period)
    return lines_of(await build(group, period, charts=False))


def lines_of(report: "Report") -> list[str]:
    """The draft of a report that nobody has edited.

    Raises:
        Refused: there is nothing in it.
    """
    from bot.reports.digest import group_form

    if not report.figures:
        raise Refused(f"{report.period.label}还没有记录，没有可以发的。", "看别的月份，例：/汇总 9月", symbol="ℹ️")
    return group_form(report)


def must_have_begun(group: Group, period: Period) -> None:
    """What is only planned is no digest yet.

    Raises:
        Refused: the period lies ahead.
    """
    if period.first > group.today:
        raise Refused(f"{period.label}还没到，没有可以小结的。", f"看安排：/汇总 {period.label}", symbol="ℹ️")
