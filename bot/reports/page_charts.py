"""Charts for a page: drawn as all charts are, and brought back as plain values, words and picture apart."""

import json
from dataclasses import asdict, dataclass

from bot.reports.charts import charts_of
from bot.reports.making import Made, MadeFile
from bot.reports.report import Report


@dataclass(frozen=True)
class Drawn:
    """A chart as the page needs it; see ``charts.Chart``."""

    title: str
    alt: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    svg: str
    height: int


def drawn(report: Report) -> Made:
    """Draw a report's charts."""
    told = json.dumps([asdict(chart) for chart in charts_of(report)], ensure_ascii=False)
    return Made((), (MadeFile("charts.json", told.encode()),))


def read_drawn(made: Made) -> list[Drawn]:
    """The charts that ``drawn`` has made."""
    return [Drawn(**chart) for chart in json.loads(made.files[0].data)]
