"""The month for the leader: the draft line by line, put into other words, published; its charts and what is behind
each figure."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from functools import partial
from hashlib import sha256

from bot.domain import digest_drafts, terms
from bot.domain.groups import Group
from bot.domain.subjects import Period
from bot.errors import Refused
from bot.reports import digest, digest_sheet
from bot.reports.charts import Chart
from bot.reports.making import Draw
from bot.reports.page_charts import drawn, read_drawn
from bot.reports.report import Report, build
from bot.turns import behind_others
from bot.web.board.forms import Form
from bot.web.board.page import Answer, Look, Page, Values, commands

MOST_MONTHS = 6


async def show(look: Look) -> Values:
    """The draft of the period that the query names, its figures, one figure's records.

    Without a name it is the one in hand; in a group's first weeks, when that has nothing to show, this month.

    Raises:
        BadArgument: no such period, or no such figure.
    """
    named = look.query.get("of", "")
    group, period = await digest_sheet.meant(look.group, named)
    _, in_hand = await digest_sheet.meant(look.group, "")
    with behind_others():
        report = await build(group, period)
        if not report.figures and not named:
            group, period = await digest_sheet.meant(look.group, f"{look.group.today.month}月")
            report = await build(group, period)
    draft = await digest_drafts.of_period(group, period)
    try:
        lines, why_none = await _lines(group, period, report), ""
    except Refused as nothing:
        lines, why_none = [], nothing.problem
    trace, page = look.query.get("trace", ""), max(1, look.number("page"))
    rows = await digest.sources(group, period, trace, page) if trace else []
    rest = rows.pop().partition("：")[0] if rows and rows[-1].startswith(digest.MORE) else ""
    return {
        "answer": _brief(look.answer),
        "title": f"{period.label}小结",
        "period": period.label,
        "lines": lines,
        "whole": _mark(lines),
        "why_none": why_none,
        "edited": bool(draft and draft.lines),
        "published": draft.published_at if draft and draft.published else None,
        "same": bool(draft and draft.published == tuple(lines)),
        "adds": in_hand == period,
        "report": report.without_records(),
        "figures": report.figures,
        "choices": _periods(look.group, period),
        "trace": rows,
        "traced": trace,
        "rest": rest,
        "following": page + 1,
    }


def _brief(answer: Answer | None) -> Answer | None:
    """What was done in a line: the draft itself stands below."""
    return replace(answer, lines=answer.lines[:1]) if answer and answer.done else answer


async def _lines(group: Group, period: Period, report: Report) -> list[str]:
    draft = await digest_drafts.of_period(group, period)
    if draft and draft.lines:
        return list(draft.lines)
    digest_sheet.must_have_begun(group, period)
    return digest_sheet.lines_of(report)


def _periods(group: Group, shown: Period) -> list[str]:
    """The months of this term that have begun, the newest first, and the term before; the one that is shown is not
    among them."""
    found: list[str] = []
    day = group.today.replace(day=1)
    while day >= group.term.first_day.replace(day=1) and len(found) < MOST_MONTHS:
        found.append(Period.month(day.year, day.month).label)
        day = _month_before(day)
    before = terms.former(group)
    return [label for label in (*found, *([terms.label(before)] if before else [])) if label != shown.label]


def _month_before(day: date) -> date:
    return day.replace(year=day.year - (day.month == 1), month=(day.month - 2) % 12 + 1)


async def as_it_was_seen(look: Look, form: Form) -> None:
    """Lines are named by their place, and what is published is what was looked at: neither may have changed meanwhile.

    Raises:
        Refused: the line has other words by now, or the draft another line.
    """
    seen = form.fields.get("was")
    if seen is None:
        return
    lines = await digest_sheet.lines(*await digest_sheet.meant(look.group, form.text("of")))
    place = form.text("line")
    if not place:
        if _mark(lines) != seen:
            raise Refused("草稿刚才变了，没有发。", "下面是现在的样子，看过再发。", symbol="ℹ️")
    elif dict(enumerate(lines)).get(int(place) if place.isdecimal() else -1) not in (seen, form.words.strip()):
        wrote = [f"您写的：{form.words.strip()[: digest_drafts.LONGEST]}"] if form.say.startswith("/汇总 改") else []
        raise Refused("这一行刚才改过或者删了，这次没有动。", *wrote, "下面是现在的样子。", symbol="ℹ️")


def _mark(lines: Sequence[str]) -> str:
    return sha256("\n".join(lines).encode()).hexdigest()[:16]


async def draw(look: Look, values: Values) -> Values:
    """The charts, drawn where nobody has to wait for it; their pictures are fetched by the browser."""
    report: Report = values.pop("report")
    if not report.figures:
        return {**values, "charts": []}

    async def gathered() -> Draw:
        return partial(drawn, report)

    async def draw_all() -> list[Chart]:
        return read_drawn(await look.house.press(gathered()))

    shown = repr(replace(report, made=report.made.min))
    charts = await look.house.pictures.charts(shown, draw_all)
    return {**values, "charts": _kept(look, charts)}


def _kept(look: Look, charts: Sequence[Chart]) -> list[Values]:
    keep = partial(look.house.pictures.keep, look.group.key)
    return [{**asdict(chart), "picture": keep(chart.svg)} for chart in charts]


PAGE = Page(
    "digest", "月小结", "digest.html", show, later=draw, leads=True, says=commands("汇总"), check=as_it_was_seen
)
