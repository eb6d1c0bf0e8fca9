"""A report as an Excel file: the figures, every record behind them, the numbers of the charts (feature F5)."""

from bot.reports.charts import Chart
from bot.reports.excel import Cell, Sheet, workbook
from bot.reports.excel_charts import Drawn
from bot.reports.report import Report


def book(report: Report, charts: list[Chart]) -> bytes:
    """The bytes of the file."""
    sheets = [_figures(report), _records(report), *map(_chart, charts), _details(report), _quotes(report)]
    coming = Sheet("下月安排", ("时间", "内容", "地点"), report.coming.rows, (28, 40, 16))
    return workbook([*sheets, coming], report.title, report.group, report.made)


def _figures(report: Report) -> Sheet:
    rows: list[tuple[Cell, ...]] = [
        (f.subject, f.line, f.done, f.of, (f.done or 0) / f.of if f.of else None, f.records) for f in report.figures
    ]
    head = ("项目", "完成情况", "完成", "计划", "比例", "记录数")
    return Sheet("小结", head, rows, (12, 60, 8, 8, 8, 9), percent=(4,), landscape=True)


def _records(report: Report) -> Sheet:
    rows = [
        (figure.subject, source.day, source.label, f"{source.table} {source.id}")
        for figure in report.figures
        for source in figure.sources
    ]
    return Sheet("记录", ("项目", "日期", "记录", "导出里的编号"), rows, (12, 12, 60, 22))


def _chart(chart: Chart) -> Sheet:
    rows: list[tuple[Cell, ...]] = [tuple(map(_value, row)) for row in chart.rows]
    percent = [n for n in range(len(chart.head)) if any(row[n].endswith("%") for row in chart.rows)]
    head = [name or " " for name in chart.head]
    drawn = Drawn(chart.sort, chart.title, chart.alt)
    return Sheet(chart.title.partition("（")[0], head, rows, percent=percent, drawn=drawn)


def _value(text: str) -> Cell:
    """A number or a share as one; what is none stays text."""
    if text.endswith("%") and text[:-1].isdecimal():
        return int(text[:-1]) / 100
    return int(text) if text.isdecimal() else text


def _details(report: Report) -> Sheet:
    rows = [(figure.subject, line) for figure in report.figures for line in figure.detail]
    return Sheet("组长看的说明", ("项目", "说明"), rows, (12, 70))


def _quotes(report: Report) -> Sheet:
    rows = [(quote.member, quote.topic, quote.text) for quote in report.quotes]
    return Sheet("分享的反思", ("老师", "题目", "内容"), rows, (12, 24, 80), landscape=True)
