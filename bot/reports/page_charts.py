"""Charts for a page: drawn as all charts are, and brought back from the process that draws as plain values."""

import json
from dataclasses import asdict

from bot.reports.charts import Chart, charts_of
from bot.reports.making import Made, MadeFile
from bot.reports.report import Report


def drawn(report: Report) -> Made:
    """Draw a report's charts."""
    told = json.dumps([asdict(chart) for chart in charts_of(report)], ensure_ascii=False)
    return Made((), (MadeFile("charts.json", told.encode()),))


def read_drawn(made: Made) -> list[Chart]:
    """The charts that ``drawn`` has made."""
    return [Chart(**chart) for chart in json.loads(made.files[0].data)]
