"""Charts that Excel draws itself, below their numbers: they can be copied into slides and follow an edited cell."""

from dataclasses import dataclass
from typing import Any

from bot.reports.charts import BLUE, COLOURS, GREY, Sort

WIDTH, HEIGHT = 640, 340
"""Pixels."""

COLUMNS, LINES = 11, 18
"""Cells that a chart covers, at the widths and heights of a table of numbers."""

_FONT = {"name": "宋体", "size": 10}
_KINDS: dict[Sort, dict[str, str]] = {
    "bars": {"type": "column"},
    "parts": {"type": "column", "subtype": "stacked"},
    "shares": {"type": "bar"},
}


@dataclass(frozen=True)
class Drawn:
    """How a table is drawn; ``alt`` is told to those who cannot see it."""

    sort: Sort
    title: str
    alt: str


@dataclass(frozen=True)
class Area:
    """Where a table lies: the line of its head, how many columns, how many rows below the head."""

    top: int
    columns: int
    rows: int


def draw(book: Any, page: Any, drawn: Drawn, area: Area) -> int:
    """Draw the table of a page below it.

    Args:
        book, page: of the library.

    Returns:
        the last line that the chart covers.
    """
    chart = book.add_chart(_KINDS[drawn.sort])
    colours = COLOURS if drawn.sort == "parts" else (BLUE, GREY)
    first, last = area.top + 1, area.top + area.rows
    for column, colour in zip(_columns(drawn.sort, area.columns), colours, strict=False):
        chart.add_series(
            {
                "name": [page.name, area.top, column],
                "categories": [page.name, first, 0, last, 0],
                "values": [page.name, first, column, last, column],
                "fill": {"color": colour},
                "gap": 60,
                "data_labels": {"value": drawn.sort != "parts", "font": _FONT},
            }
        )
    _look(chart, drawn)
    page.insert_chart(last + 2, 0, chart, {"description": drawn.alt})
    return last + 2 + LINES


def _columns(sort: Sort, width: int) -> range:
    """Which columns are drawn: the sum of parts is none of them, and of shares only the share is."""
    return {"bars": range(1, width), "parts": range(1, width - 1), "shares": range(width - 1, width)}[sort]


def _look(chart: Any, drawn: Drawn) -> None:
    chart.set_title({"name": drawn.title, "name_font": {**_FONT, "size": 14, "bold": False}})
    chart.set_size({"width": WIDTH, "height": HEIGHT})
    names: dict[str, Any] = {"num_font": _FONT}
    values: dict[str, Any] = {"num_font": _FONT, "min": 0, "major_gridlines": {"visible": False}}
    if drawn.sort != "parts":
        values["visible"] = False  # each bar bears its number
    if drawn.sort == "shares":
        names["reverse"] = True  # the first row on top, as in the table
        chart.set_legend({"none": True})
        chart.set_x_axis({**values, "max": 1.1})  # of room for the number of a full one
        chart.set_y_axis(names)
        return
    chart.set_legend({"position": "bottom", "font": _FONT})
    chart.set_x_axis(names)
    chart.set_y_axis(values)
