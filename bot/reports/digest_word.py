"""A report as a Word file: the leader's, complete (feature F5)."""

from typing import TYPE_CHECKING

from bot.calendar.names import day_label
from bot.domain.subjects import Figure
from bot.reports import word
from bot.reports.charts import Chart
from bot.reports.digest import thanks_lines
from bot.reports.pixels import png
from bot.reports.report import Report

if TYPE_CHECKING:
    from docx.document import Document

PICTURE_WIDTH = 12.5
"""Centimetres: two charts with their tables find room on a page."""

PICTURE_PIXELS = 900
"""Across: 180 to the inch, enough for a school's printer."""

MOST_TOGETHER = 12
"""Rows of a table that stays on one page with its picture."""

_FIGURES = (3.0, 10.0, 3.0)
_COMING = (5.0, 8.0, 3.0)


def document(report: Report, charts: list[Chart]) -> bytes:
    """The bytes of the file."""
    made = word.new_document(report.title, report.group, report.made)
    word.heading(made, f"{report.period.label}小结", 0)
    word.paragraph(made, f"{report.school}　{report.group}　{report.days}")
    word.paragraph(made, f"{report.made:%Y年}{day_label(report.made.date())}由备课助手按记录生成。")
    _figures(made, report)
    _help(made, report.figures)
    _quotes(made, report)
    if report.thanks:
        word.heading(made, "感谢", 1)
        for line in thanks_lines(report.thanks):
            word.paragraph(made, line.removeprefix("🙏 "))
    _coming(made, report)
    _charts(made, charts)
    return word.saved(made)


def _figures(made: "Document", report: Report) -> None:
    word.heading(made, "做了什么", 1)
    if not report.figures:
        word.paragraph(made, f"{report.period.label}还没有记录。")
        return
    rows = [(figure.subject, figure.line, f"{figure.records} 条") for figure in report.figures]
    word.table(made, ("项目", "完成情况", "记录"), rows, _FIGURES)
    example = f"/汇总 {report.period.label} {report.figures[0].subject}"
    word.paragraph(made, f"数字后面的每一条记录都在 Excel 里，也可以在对话里看，例：{example}", before=6)


def _charts(made: "Document", charts: list[Chart]) -> None:
    if not charts:
        return
    word.heading(made, "图表", 1)
    for chart in charts:
        word.picture(made, png(chart.svg, PICTURE_PIXELS), chart.alt, PICTURE_WIDTH)
        widths = [16.0 / len(chart.head)] * len(chart.head)
        word.table(made, chart.head, chart.rows, widths, together=len(chart.rows) <= MOST_TOGETHER)
        word.paragraph(made, "")


def _help(made: "Document", figures: tuple[Figure, ...]) -> None:
    """What stands behind the figures, for the leader alone."""
    told = [figure for figure in figures if figure.detail]
    if not told:
        return
    word.heading(made, "说明和需要帮一把的（组长看）", 1)
    for figure in told:
        word.heading(made, figure.subject, 2)
        for line in figure.detail:
            word.paragraph(made, line, style="List Bullet")


def _quotes(made: "Document", report: Report) -> None:
    if not report.quotes:
        return
    word.heading(made, "老师们分享的反思", 1)
    for quote in report.quotes:
        word.heading(made, f"{quote.member}：{quote.topic}".rstrip("："), 2)
        word.paragraph(made, quote.text)


def _coming(made: "Document", report: Report) -> None:
    if not report.coming.rows:
        return
    word.heading(made, f"{report.coming.label}安排", 1)
    word.table(made, ("时间", "内容", "地点"), report.coming.rows, _COMING)
