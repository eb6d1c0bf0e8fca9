"""Charts as pictures: drawn by resvg with the font of the house and with no other, the same on every machine."""

from collections.abc import Sequence
from functools import cache
from xml.sax.saxutils import escape

from bot.reports.charts import FONT, INK, WIDTH, Chart

SCALE = 1.5
"""Pixels of the picture for one of the chart."""

GAP = 16
"""Between two charts of a picture."""


def png(svg: str, width: int = int(WIDTH * SCALE)) -> bytes:
    """A picture of an SVG, drawn with the font of the house and with no other.

    Args:
        width: in pixels.
    """
    import resvg_py

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            width=width,
            background="#FFFFFF",
            skip_system_fonts=True,
            font_files=[_font()],
            font_family=FONT,
            sans_serif_family=FONT,
        )
    )


@cache
def _font() -> str:
    from pylopdf_fonts_zh_cn import sans_path

    return str(sans_path())


def picture(charts: Sequence[Chart], title: str) -> bytes:
    """All charts below one another under a title, as one picture for the chat."""
    head = 64
    height = head + sum(chart.height + GAP for chart in charts)
    parts, top = [], head
    for chart in charts:
        parts.append(chart.svg.replace("<svg ", f'<svg y="{top}" ', 1))
        top += chart.height + GAP
    words = f'<text x="24" y="44" font-family="{FONT}" font-size="30" fill="{INK}">{escape(title)}</text>'
    whole = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}">'
    return png(f"{whole}{words}{''.join(parts)}</svg>")
