"""What is drawn in a process of its own, several pieces at once; and a report on its way there."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from bot.domain.subjects import AT_ONCE, Figure, Source
from bot.errors import Refused, UserError
from bot.reports import press
from bot.reports.making import Draw, Made, Several
from bot.reports.packing import packed
from tests.reports.test_charts import report as some_report


def drawn(text: str) -> Made:
    return Made((text,))


def refused(text: str) -> Made:
    raise Refused(text, symbol="ℹ️")


def slow() -> Made:
    time.sleep(60)
    return Made(())


def told(made: Sequence[Made]) -> Made:
    return Made(tuple(line for each in made for line in each.lines))


async def given(draw: Draw) -> Draw:
    return draw


@pytest.mark.parametrize("processors", [1, 2])
async def test_what_several_drew_is_told_in_their_order(monkeypatch, processors):
    monkeypatch.setattr(press, "PROCESSORS", processors)
    both = Several((partial(drawn, "甲"), partial(drawn, "乙")), told)
    assert both() == await press.apart(given(both)) == Made(("甲", "乙"))


async def test_one_that_is_refused_ends_the_others(monkeypatch):
    monkeypatch.setattr(press, "PROCESSORS", 2)
    both = Several((slow, partial(refused, "没有可以画的数字。")), told)
    async with asyncio.timeout(20):
        with pytest.raises(UserError) as caught:
            await press.apart(given(both))
    assert caught.value.lines == ["ℹ️ 没有可以画的数字。"]


async def test_a_report_arrives_as_it_was_packed():
    sources = tuple(Source("tasks", n, f"{n} 事", date(2026, 9, 1) if n % 2 else None) for n in range(AT_ONCE * 2 + 1))
    figures = (Figure("任务", "任务", sources=sources), Figure("没有", "没有", records=7))
    report = replace(some_report(), figures=figures)
    taken = await packed(report)
    assert taken.whole() == report
    assert [len(pieces) for pieces in taken.pieces] == [3, 0]
    assert taken.report == report.without_records()
