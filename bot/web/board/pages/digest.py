"""月小结: the draft that goes to the group, line by line, with the charts and tables behind it; for the leader."""

import structlog

from bot.domain import digest_drafts, terms
from bot.domain.groups import Group
from bot.domain.people import Role
from bot.domain.subjects import Period
from bot.errors import Refused
from bot.reports import chart_sheets, digest, draft
from bot.reports.press import DrawingFailed
from bot.reports.report import Report, build
from bot.web.board.page import Asked, Page, Values

log = structlog.get_logger()


async def show(asked: Asked) -> Values:
    """See ``Page.show``."""
    group, period = await draft.meant(asked.group, asked.query.get("of", ""))
    report = await build(group, period)
    if not report.figures and "of" not in asked.query:  # the first month of a term: what there is so far
        group, period = terms.asked(asked.group, "本月")
        report = await build(group, period)
    lines, why_none = await _draft(group, period, report)
    edited = await digest_drafts.of_period(group, period)
    _, default = await draft.meant(asked.group, "")
    return {
        "title": f"{period.label}小结",
        "at": f"?of={period.label}" if asked.query.get("of") else "",
        "period": period.label,
        "lines": lines,
        "why_none": why_none,
        "edited": bool(edited and edited.lines),
        "published": edited.published_at if edited and edited.published else None,
        "same": bool(edited and edited.published == tuple(lines)),
        "report": report,
        "details": digest.leader_form(report)[1:],
        "in_hand": default == period,
        "others": _others(asked, period),
    }


async def _draft(group: Group, period: Period, report: Report) -> tuple[list[str], str]:
    """The lines of the draft, or why there are none."""
    try:
        return await draft.lines_of(group, period, report), ""
    except Refused as error:
        return [], error.problem


def _others(asked: Asked, period: Period) -> list[str]:
    """The months of the term up to now, but the one that is shown."""
    first, today = asked.group.term.first_day, asked.group.today
    count = (today.year - first.year) * 12 + today.month - first.month + 1
    months = [f"{(first.month - 1 + n) % 12 + 1}月" for n in range(max(count, 0))]
    return [label for label in months if label != period.label]


async def after(asked: Asked, values: Values) -> Values:
    """See ``Page.after``: drawing takes a second, in a process of its own. The page is of use without it, too."""
    try:
        charts = await chart_sheets.drawn(values["report"]) if values["lines"] else []
    except DrawingFailed:
        log.exception("board.not_drawn", group=asked.group.key)
        charts = []
    return {**values, "charts": charts}


PAGE = Page("digest", "月小结", show, after, needs=Role.LEADER, commands=("/汇总",))
