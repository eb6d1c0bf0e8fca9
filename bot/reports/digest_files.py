"""The makers of a report's files: picture, Word, Excel. What they draw is gathered once, on the event loop."""

from collections.abc import Callable
from datetime import date

from bot.content import Action
from bot.domain.groups import Group
from bot.domain.subjects import Period
from bot.errors import Refused
from bot.reports import report as reports
from bot.reports.charts import Chart, charts_of, picture
from bot.reports.making import Draw, Made, MadeFile, makes
from bot.reports.report import Report

PICTURE, WORD, EXCEL = "digest.picture", "digest.word", "digest.excel"


@makes(PICTURE)
async def picture_of(group: Group, who: str, called: str, first: str, last: str) -> Draw:  # noqa: ARG001 - of the group
    """The charts as one picture."""
    report = await _report(group, called, first, last)

    def draw() -> Made:
        charts = charts_of(report)
        if not charts:
            raise Refused(f"{report.period.label}还没有可以画的数字。", f"看小结：/汇总 {report.period.label}")
        name = f"{report.title}.png"
        told = (f"📊 {report.title}", *(chart.alt for chart in charts))  # for those who cannot see the picture
        return Made(told, (MadeFile(name, picture(charts, report.title)),))

    return draw


@makes(WORD)
async def word_of(group: Group, who: str, called: str, first: str, last: str) -> Draw:  # noqa: ARG001 - the leader's
    """The whole report as a Word file."""

    def written(report: Report, charts: list[Chart]) -> bytes:
        from bot.reports.digest_word import document

        return document(report, charts)

    return _file(await _report(group, called, first, last), "Word", ".docx", written)


@makes(EXCEL)
async def excel_of(group: Group, who: str, called: str, first: str, last: str) -> Draw:  # noqa: ARG001 - the leader's
    """The whole report as an Excel file."""

    def written(report: Report, charts: list[Chart]) -> bytes:
        from bot.reports.digest_excel import book

        return book(report, charts)

    return _file(await _report(group, called, first, last), "Excel", ".xlsx", written)


def _file(report: Report, kind: str, ending: str, written: Callable[[Report, list[Chart]], bytes]) -> Draw:
    def draw() -> Made:
        data = written(report, charts_of(report))
        label = report.period.label
        other = "Excel" if kind == "Word" else "Word"
        also = Action(label=f"要 {other} 版", send=f"/汇总 {label} {other}")
        return Made(
            (f"✅ {label}小结（{kind}）好了，只发给您。",), (MadeFile(f"{report.title}{ending}", data),), (also,)
        )

    return draw


async def _report(group: Group, called: str, first: str, last: str) -> Report:
    """The report of a period in the term that it lies in."""
    period = Period(called, date.fromisoformat(first), date.fromisoformat(last))
    return await reports.build(group.in_term_of(period.last), period)
