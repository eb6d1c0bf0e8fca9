"""月小结: the draft that goes to the group, line by line, with the charts and tables behind it; for the leader."""

from bot.domain import digest_drafts, terms
from bot.domain.groups import Group
from bot.domain.people import Role
from bot.domain.subjects import Period
from bot.errors import Refused
from bot.reports import chart_sheets, digest, draft
from bot.reports.report import build
from bot.web.board.page import Asked, Page, Values


async def show(asked: Asked) -> Values:
    """See ``Page.show``."""
    group, period = await draft.meant(asked.group, asked.query.get("of", ""))
    lines, why_none = await _draft(group, period)
    if not lines and "of" not in asked.query:  # the first month of a term: what there is so far
        group, period = terms.asked(asked.group, "本月")
        lines, why_none = await _draft(group, period)
    edited = await digest_drafts.of_period(group, period)
    report = await build(group, period) if lines else None
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
        "details": digest.leader_form(report)[1:] if report else [],
        "in_hand": default == period,
        "others": _others(asked, period),
    }


async def _draft(group: Group, period: Period) -> tuple[list[str], str]:
    """The lines of the draft, or why there are none."""
    try:
        return await draft.lines_of(group, period), ""
    except Refused as error:
        return [], error.problem


def _others(asked: Asked, period: Period) -> list[str]:
    """The months of the term up to now, but the one that is shown."""
    first, today = asked.group.term.first_day, asked.group.today
    count = (today.year - first.year) * 12 + today.month - first.month + 1
    months = [f"{(first.month - 1 + n) % 12 + 1}月" for n in range(max(count, 0))]
    return [label for label in months if label != period.label]


async def after(asked: Asked, values: Values) -> Values:
    """See ``Page.after``: drawing takes a second, in a process of its own."""
    report = values["report"]
    charts = await chart_sheets.drawn(report) if report else []
    return {**values, "charts": charts}


PAGE = Page("digest", "月小结", show, after, needs=Role.LEADER, commands=("/汇总",))
