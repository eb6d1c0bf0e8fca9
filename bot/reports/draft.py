"""The group's digest as a draft: as it was edited, or else as the figures of the moment say (feature F5)."""

from datetime import timedelta

from bot.domain import digest_drafts, terms
from bot.domain.groups import Group
from bot.domain.subjects import Period
from bot.errors import Refused
from bot.reports import digest
from bot.reports.report import Report, build


async def lines_of(group: Group, period: Period, report: Report | None = None) -> list[str]:
    """The draft of a period, its title first.

    Args:
        report: of the period, where it has been built already.

    Raises:
        Refused: the period has not begun, or nothing was recorded in it.
    """
    edited = await digest_drafts.of_period(group, period)
    if edited and edited.lines:
        return list(edited.lines)
    must_have_begun(group, period)
    report = report or await build(group, period)
    if not report.figures:
        raise Refused(f"{period.label}还没有记录，没有可以发的。", "看别的月份，例：/汇总 9月", symbol="ℹ️")
    return digest.group_form(report)


def must_have_begun(group: Group, period: Period) -> None:
    """What is only planned is no digest yet; raises Refused."""
    if period.first > group.today:
        raise Refused(f"{period.label}还没到，没有可以小结的。", f"看安排：/汇总 {period.label}", symbol="ℹ️")


async def meant(group: Group, which: str) -> tuple[Group, Period]:
    """The period that is named; else the one whose draft is in hand, or the month before this one."""
    if which:
        return terms.asked(group, which)
    period = await digest_drafts.in_hand(group)
    if period is None:
        last = group.today.replace(day=1) - timedelta(days=1)
        period = Period.month(last.year, last.month)
    return group.in_term_of(period.last), period
