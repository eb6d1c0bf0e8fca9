"""The charts of a report (feature E10): totals of the group and never a bar for a person.

One SVG serves the page and, as a picture, the chat and Word; its words are written with a font that comes with the
program. Colours are those of Okabe and Ito (2008), told apart by the colour-blind; every number stands in the picture,
in the table below it and in the alternative text, so that colour is needed for nothing.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal
from xml.sax.saxutils import escape, quoteattr

from bot.domain.subjects import Measure
from bot.reports.report import Report
from bot.reports.word import clean

if TYPE_CHECKING:
    from pygal.graph.graph import Graph

WIDTH, HEIGHT = 720, 360
"""Of one chart. A phone shows it at half that width: letters of 24 are read as 12 there."""

ROW = 56
"""Height of one horizontal bar."""

THINNEST = 0.09
"""Of the highest bar: a part of one that has room for its number."""

MOST_BESIDE = 22
"""Characters beside a lying bar."""

MOST_NAMED = 6
"""Weeks that have room for "第12周"; of more only the number is written."""

FONT = "Noto Sans SC"
FAMILY = f"{FONT},PingFang SC,Microsoft YaHei,sans-serif"
"""On a page the reader's own fonts take its place."""

BLUE, ORANGE, GREEN, SKY = "#0072B2", "#E69F00", "#009E73", "#56B4E9"
GREY = "#C4C4C4"
"""What was planned or asked for: lighter than all others also without colours."""

COLOURS = (BLUE, ORANGE, GREEN, SKY)
"""Of the areas of work, in their order."""

INK, _LIGHT = "#222222", "#FFFFFF"
_ON = {BLUE: _LIGHT, GREEN: _LIGHT}
"""What is read on a colour, where it is not ink."""

_LETTERS = 24
_ATTRIBUTES = re.compile(r"<svg\b[^>]*>")
_DECLARATION = re.compile(r"<\?xml[^>]*\?>\s*")
_NOT_DRAWN = re.compile(r"<!--.*?-->|<script\b.*?</script>|<script\b[^>]*/>", re.DOTALL)


Sort = Literal["bars", "parts", "shares"]


@dataclass(frozen=True)
class Chart:
    """A chart in all its forms.

    Attributes:
        alt: what somebody is told who cannot see it, one sentence with all numbers.
        head, rows: the table below it.
        svg: an ``<svg>`` element of ``WIDTH`` by ``height``, without scripts and without links.
        sort: what a program that draws the table itself makes of it: bars side by side, bars of parts with the sum in
            the last column, or the last column's shares of a whole, lying.
    """

    title: str
    alt: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    svg: str
    height: int
    sort: Sort = "bars"


def charts_of(report: Report) -> list[Chart]:
    """The charts that have something to show, in reading order."""
    found = [activity(report)] if report.activity else []
    for n, each in enumerate(report.measures):
        bars = tuple(replace(bar, label=clean(bar.label)) for bar in each.bars)  # some have words that people typed
        found.append((_gone if each.shares else _measure)(replace(each, bars=bars), f"m{n}"))
    return [*found, *([against_plan(report)] if report.measured else [])]


def activity(report: Report) -> Chart:
    """How much was recorded week by week, stacked by area of work."""
    graph = _graph("StackedBar", "activity", colours=COLOURS)
    graph.title = f"{report.period.label}每周活动（记录条数）"
    weeks = report.activity
    graph.x_labels = [week.label if len(weeks) <= MOST_NAMED else week.label.strip("第周") for week in weeks]
    room = _from(max(week.total for week in weeks) * THINNEST)
    for n, area in enumerate(report.areas):
        graph.add(area, [week.counts[n][1] or None for week in weeks], formatter=room)
    rows = tuple((week.label, *(str(count) for _, count in week.counts), str(week.total)) for week in weeks)
    said = "；".join(f"{week.label} {week.total} 条" for week in weeks)
    return _chart(graph, graph.title, f"{graph.title}：{said}。", ("教学周", *report.areas, "合计"), rows, sort="parts")


def against_plan(report: Report) -> Chart:
    """What was done of what was planned, figure by figure."""
    figures = report.measured
    shares = [
        (f"{each.measured_as} {each.done}/{each.of}", 100 * (each.done or 0) / (each.of or 1)) for each in figures
    ]
    rows = tuple((each.measured_as, str(each.done), str(each.of), _share(each.done, each.of)) for each in figures)
    head = ("项目", "完成", "计划", "比例")
    return _lying(f"{report.period.label}完成与计划", "plan", ("完成", "计划里还没完成的"), shares, head, rows)


def _gone(measure: Measure, key: str) -> Chart:
    """How far each has gone of its way."""
    shares = [(bar.label, float(bar.done)) for bar in measure.bars]
    rows = tuple((bar.label, f"{bar.done}%") for bar in measure.bars)
    return _lying(measure.title, key, (measure.done, "还没走的"), shares, ("项目", measure.done), rows)


def _lying(
    title: str,
    key: str,
    names: tuple[str, str],
    shares: Sequence[tuple[str, float]],
    head: Sequence[str],
    rows: Sequence[tuple[str, ...]],
) -> Chart:
    """Bars that lie, in hundredths of a whole; what is left of it is grey.

    Args:
        names: of what is gone and of what is left.
        shares: each with the words and numbers beside it, in reading order.
    """
    height = 140 + ROW * len(shares)
    upwards = list(reversed(shares))
    labels = [label if len(label) <= MOST_BESIDE else f"{label[: MOST_BESIDE - 1]}…" for label, _ in upwards]
    room = 12 + max(map(len, labels)) * _LETTERS // 6  # pygal takes a Chinese character for two thirds as wide as it is
    sideways = {"show_y_labels": True, "show_x_labels": False, "show_x_guides": False, "margin_left": room}
    graph = _graph("HorizontalStackedBar", key, colours=(BLUE, GREY), height=height, range=(0, 100), **sideways)
    graph.title, graph.x_labels, graph.print_values = title, labels, False
    done = [min(share, 100) for _, share in upwards]
    graph.add(names[0], done)
    graph.add(names[1], [100 - each for each in done])
    alt = f"{title}：{'；'.join(label for label, _ in shares)}。"
    return _chart(graph, title, alt, head, rows, height=height, sort="shares")


def _measure(measure: Measure, key: str) -> Chart:
    """What was planned or asked for, and what was done, side by side."""
    asked = any(bar.of for bar in measure.bars)
    graph = _graph("Bar", key, colours=(BLUE, GREY), show_legend=asked)
    graph.title = f"{measure.title}（{measure.unit}）"
    graph.x_labels = [bar.label for bar in measure.bars]
    graph.add(measure.done, [bar.done for bar in measure.bars], formatter="{:.0f}".format)
    if asked:
        graph.add(measure.of, [bar.of for bar in measure.bars], formatter="{:.0f}".format)
    head = ("", measure.done, *((measure.of,) if asked else ()))
    rows = tuple((bar.label, str(bar.done), *((_number(bar.of),) if asked else ())) for bar in measure.bars)
    what = f"{measure.done}/{measure.of}" if asked else measure.done
    said = "；".join(f"{bar.label} {bar.done}{f'/{bar.of}' if bar.of else ''}" for bar in measure.bars)
    return _chart(graph, measure.title, f"{measure.title}（{what}）：{said}。", head, rows)


def _number(value: int | None) -> str:
    return "–" if value is None else str(value)


def _share(done: int | None, of: int | None) -> str:
    return f"{100 * (done or 0) / of:.0f}%" if of else "–"


def _from(least: float) -> Callable[[float | None], str]:
    """Writes a number into its part of a bar; nothing where it has no room."""
    return lambda value: f"{value:.0f}" if value and value >= least else ""


def _graph(
    kind: str, key: str, *, colours: Sequence[str], series: int = 0, height: int = HEIGHT, **more: Any
) -> "Graph":
    """An empty chart of pygal's; imported here, so that a bot that draws nothing does not carry it.

    Args:
        series: how many there will be in the legend; 0 = one of each colour.
        more: options of pygal's.
    """
    import pygal
    from pygal.style import Style

    values = [INK if kind == "Bar" else _ON.get(colour, INK) for colour in colours]
    graph = getattr(pygal, kind)(
        **{
            **_OPTIONS,
            "height": height,
            "style": Style(**_LOOK, colors=tuple(colours), value_colors=tuple(values)),
            "print_values_position": "top" if kind == "Bar" else "center",
            "legend_at_bottom_columns": series or len(colours),
            **more,
        }
    )
    graph.uuid = f"beike-{key}"  # its own number would be another at every drawing
    return graph


_LOOK: dict[str, Any] = {
    "background": _LIGHT,
    "plot_background": _LIGHT,
    "foreground": INK,
    "foreground_strong": INK,
    "foreground_subtle": "#666666",
    "opacity": "1",
    **{f"{part}font_family": FAMILY for part in ("", "value_", "label_", "major_label_", "title_", "legend_")},
    **{f"{part}_font_size": _LETTERS - 2 for part in ("label", "major_label", "value")},
    "title_font_size": _LETTERS + 4,
    "legend_font_size": _LETTERS,
}
"""How all charts look, in pygal's words."""

_OPTIONS: dict[str, Any] = {
    "width": WIDTH,
    "print_values": True,
    "legend_at_bottom": True,
    "legend_box_size": _LETTERS - 4,
    "truncate_legend": -1,
    "truncate_label": -1,
    "show_y_labels": False,
    "show_y_guides": False,
    "margin": 12,
    "spacing": 14,
    "js": (),
    "disable_xml_declaration": True,
    "pretty_print": False,
}


def _chart(
    graph: "Graph",
    title: str,
    alt: str,
    head: Sequence[str],
    rows: Sequence[tuple[str, ...]],
    *,
    height: int = HEIGHT,
    sort: Sort = "bars",
) -> Chart:
    drawn = _NOT_DRAWN.sub("", _DECLARATION.sub("", graph.render(is_unicode=True)))
    size = f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label={quoteattr(alt)} '
    opening += f'id="chart-{graph.uuid}" class="pygal-chart"><title>{escape(title)}</title><desc>{escape(alt)}</desc>'
    return Chart(title, alt, tuple(head), tuple(rows), _ATTRIBUTES.sub(lambda _: opening, drawn, count=1), height, sort)
