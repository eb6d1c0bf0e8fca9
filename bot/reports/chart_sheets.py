"""Charts for a page: as an address that holds the picture itself, with its words and its table.

They are drawn in a process of its own (bot/reports/press.py), and kept: looking again draws nothing anew.
"""

import json
import pickle
from collections import OrderedDict
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from urllib.parse import quote

from bot.reports.making import Draw, Made, MadeFile
from bot.reports.press import apart
from bot.reports.report import Report

MOST_KEPT = 8
_kept: OrderedDict[str, list["Sheet"]] = OrderedDict()


@dataclass(frozen=True)
class Sheet:
    """A chart on a page.

    Attributes:
        picture: a ``data:`` address of the SVG.
        alt: one sentence with all its numbers.
        head, rows: the table below it.
    """

    title: str
    picture: str
    alt: str
    head: list[str]
    rows: list[list[str]]


async def drawn(report: Report) -> list[Sheet]:
    """The charts of a report that have something to show."""
    bare = replace(report.without_records(), made=datetime.min.replace(tzinfo=report.made.tzinfo))
    key = sha256(pickle.dumps(bare)).hexdigest()
    if key not in _kept:
        made = await apart(_order(bare))
        _kept[key] = [Sheet(**each) for each in json.loads(made.files[0].data)]
        if len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    _kept.move_to_end(key)
    return _kept[key]


async def _order(report: Report) -> Draw:
    return partial(draw, report)


def draw(report: Report) -> Made:
    """The sheets of a report as a file of JSON."""
    from bot.reports.charts import charts_of

    sheets = [
        Sheet(one.title, _address(one.svg), one.alt, list(one.head), [list(row) for row in one.rows])
        for one in charts_of(report)
    ]
    data = json.dumps([asdict(sheet) for sheet in sheets]).encode()
    return Made((), (MadeFile("charts.json", data),))


def _address(svg: str) -> str:
    """Percent-encoded: it packs as well as the SVG itself."""
    return "data:image/svg+xml," + quote(svg, safe=" =:/;,().-_~'")
