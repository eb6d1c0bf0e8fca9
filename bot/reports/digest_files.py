"""The makers of a report's files: picture, Word, Excel. What they draw is gathered once, on the event loop."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from bot.content import Action
from bot.domain.groups import Group
from bot.domain.subjects import Period
from bot.errors import Refused
from bot.reports import report as reports
from bot.reports.charts import Chart, charts_of
from bot.reports.making import Draw, Made, MadeFile, Several, makes
from bot.reports.names import DIGEST_ALL, DIGEST_EXCEL, DIGEST_PICTURE, DIGEST_WORD
from bot.reports.packing import Packed, packed
from bot.reports.pixels import picture
from bot.reports.report import Report


@makes(DIGEST_PICTURE)
async def picture_of(group: Group, who: str, called: str, first: str, last: str) -> Draw:  # noqa: ARG001 - the group's
    """The charts as one picture."""
    return partial(_pictured, (await _report(group, called, first, last)).without_records())


@makes(DIGEST_WORD)
async def word_of(group: Group, who: str, called: str, first: str, last: str) -> Draw:  # noqa: ARG001 - the leader's
    """The whole report as a Word file."""
    return partial(_filed, (await _report(group, called, first, last)).without_records(), ("Word",))


@makes(DIGEST_EXCEL)
async def excel_of(group: Group, who: str, called: str, first: str, last: str) -> Draw:  # noqa: ARG001 - the leader's
    """The whole report as an Excel file, with every record behind a figure."""
    return partial(_excel_alone, await packed(await _report(group, called, first, last)))


@makes(DIGEST_ALL)
async def all_of(group: Group, who: str, called: str, first: str, last: str) -> Draw:  # noqa: ARG001 - the leader's
    """Picture, Word and Excel of one report."""
    report = await _report(group, called, first, last)
    whole = await packed(report)
    # All the records behind the figures are for Excel, which takes as long as everything else together.
    parts = (partial(_excel_alone, whole), partial(_filed, whole.report, ("图", "Word")))
    return Several(parts, partial(_all, report.period.label))


def _pictured(report: Report) -> Made:
    charts = charts_of(report)
    if not charts:
        raise Refused(f"{report.period.label}还没有可以画的数字。", f"看小结：/汇总 {report.period.label}")
    told = (f"📊 {report.title}", *(chart.alt for chart in charts))  # for those who cannot see the picture
    return Made(told, (_png(report, charts),))


def _filed(report: Report, kinds: Sequence[str]) -> Made:
    charts, label = charts_of(report), report.period.label
    files = [_WRITERS[kind](report, charts) for kind in kinds if kind != "图" or charts]
    others = [kind for kind in ("Word", "Excel") if kind not in kinds]
    also = tuple(Action(label=f"要 {kind} 版", send=f"/汇总 {label} {kind}") for kind in others)
    return Made(_done(label, kinds), tuple(files), also)


def _excel_alone(packed: Packed) -> Made:
    return _filed(packed.whole(), ("Excel",))


def _all(label: str, made: Sequence[Made]) -> Made:
    excel, others = made
    return Made(_done(label, ("图", "Word", "Excel")), (*others.files, *excel.files))


def _done(label: str, kinds: Sequence[str]) -> tuple[str]:
    return (f"✅ {label}小结（{'、'.join(kinds)}）好了，只发给您。",)


def _png(report: Report, charts: list[Chart]) -> MadeFile:
    return MadeFile(f"{report.title}.png", picture(charts, report.title))


def _word(report: Report, charts: list[Chart]) -> MadeFile:
    from bot.reports.digest_word import document

    return MadeFile(f"{report.title}.docx", document(report, charts))


def _excel(report: Report, charts: list[Chart]) -> MadeFile:
    from bot.reports.digest_excel import book

    return MadeFile(f"{report.title}.xlsx", book(report, charts))


_WRITERS = {"图": _png, "Word": _word, "Excel": _excel}


async def _report(group: Group, called: str, first: str, last: str) -> Report:
    """The report of a period in the term that it lies in."""
    period = Period(called, date.fromisoformat(first), date.fromisoformat(last))
    return await reports.build(group.in_term_of(period.last), period)
