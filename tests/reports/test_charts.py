"""What is drawn: every number stands in the picture, the table and the sentence; nothing in it can do harm."""

import colorsys
import xml.etree.ElementTree as ET
from datetime import date, datetime
from itertools import pairwise

import pytest

from bot.clock import SCHOOL_ZONE
from bot.domain.subjects import AREAS, Bar, Figure, Measure, Period
from bot.reports import charts, pixels
from bot.reports.coming import Coming
from bot.reports.report import Report, Week

MEASURE = Measure("听课和配额", "节", (Bar("9月", 31, 28), Bar("10月", 0, None)), "听课", "配额合计")


def report(*, weeks: int = 5, group: str = "高一语文备课组", measure: Measure = MEASURE) -> Report:
    rows = tuple(
        Week(f"第{n}周", date(2026, 9, 1), tuple(zip(AREAS, (n, 2, 0, 1), strict=True))) for n in range(1, weeks)
    )
    figures = (Figure("集体备课", "集体备课 4/4 次", done=4, of=4), Figure("任务", "任务完成 0/8 项", done=0, of=8))
    made = datetime(2026, 10, 8, tzinfo=SCHOOL_ZONE)
    month = Period.month(2026, 9)
    return Report("示例中学", group, month, figures, AREAS, rows, (measure,), Coming(), made, "2026年9月1日–9月30日")


def texts(chart: charts.Chart) -> list[str]:
    """The words that are drawn, without those for whom they are read aloud."""
    found = ET.fromstring(chart.svg).iter("{http://www.w3.org/2000/svg}text")  # noqa: S314 - our own
    return ["".join(each.itertext()) for each in found]


def test_every_number_is_drawn_told_and_tabulated():
    for chart in charts.charts_of(report()):
        numbers = {cell for row in chart.rows for cell in row[1:3] if cell.isdecimal()}
        drawn = " ".join(texts(chart))
        for number in numbers - {"0"}:
            assert number in drawn, (chart.title, number)
            assert number in chart.alt
        assert all(len(row) == len(chart.head) for row in chart.rows)


def test_an_svg_is_for_a_strict_page():
    for chart in charts.charts_of(report()):
        root = ET.fromstring(chart.svg)  # noqa: S314 - our own
        assert root.get("role") == "img"
        assert root.get("aria-label") == chart.alt
        assert not [each for each in root.iter() if each.tag.endswith(("script", "a", "foreignObject", "image"))]
        assert "http" not in chart.svg.replace("http://www.w3.org/", "")
        assert not [name for each in root.iter() for name in each.attrib if name.startswith("on")]


def test_the_same_report_is_the_same_svg():
    assert [chart.svg for chart in charts.charts_of(report())] == [chart.svg for chart in charts.charts_of(report())]


@pytest.mark.parametrize("shares", [True, False])
def test_what_people_type_can_do_no_harm(shares):
    typed = Bar("微\x00课\x0b<b>\ud800&\uffff 0→20 节", 40, 100)
    for chart in charts.charts_of(
        report(measure=Measure("目标走了多少", "%", (typed,), "走了", "全程", shares=shares))
    ):
        assert "\x00" not in chart.svg + chart.alt + str(chart.rows)
        assert pixels.png(chart.svg).startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ['<script>&"组', "]]>", "=1+1", "😀" * 30, "长" * 200])
def test_a_groups_name_can_do_no_harm(name):
    whole = report(group=name)
    assert pixels.picture(charts.charts_of(whole), whole.title).startswith(b"\x89PNG")


def test_labels_can_do_no_harm():
    (_, chart, _) = charts.charts_of(report(measure=Measure('<b>&"', "节", (Bar("<i>&", 3, 4),), "<u>", "&amp;")))
    assert "<b>" not in chart.svg
    assert ET.fromstring(chart.svg).get("aria-label") == '<b>&"（<u>/&amp;）：<i>& 3/4。'  # noqa: S314 - our own


def test_neighbours_are_told_apart_without_colours():
    """Their brightness differs: for whom sees no hue, on a copier."""

    def brightness(colour: str) -> float:
        red, green, blue = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
        return colorsys.rgb_to_yiq(red, green, blue)[0]

    shades = [brightness(colour) for colour in charts.COLOURS]
    assert all(abs(one - other) > 0.1 for one, other in pairwise(shades))
    assert abs(brightness(charts.BLUE) - brightness(charts.GREY)) > 0.3
    assert len(charts.COLOURS) == len(AREAS)


def test_a_whole_term_fits():
    (activity, *_) = charts.charts_of(report(weeks=22))
    assert len(activity.rows) == 21
    assert {"1", "21"} <= set(texts(activity))


def test_how_far_each_has_come_is_a_lying_bar_with_its_words_beside_it():
    label = "人均听课 0→8 节，现在 2 节"
    measure = Measure("目标走了多少", "%", (Bar(label, 25, 100), Bar("长" * 40, 100, 100)), "走了", "全程", shares=True)
    (_, chart, _) = charts.charts_of(report(measure=measure))
    assert chart.sort == "shares"
    assert chart.rows == ((label, "25%"), ("长" * 40, "100%"))
    assert label in texts(chart)
    assert f"{'长' * 21}…" in texts(chart)
    assert "长" * 40 in chart.alt
