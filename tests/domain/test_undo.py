"""Undo: by name, for ten minutes, one's own; every inverse can be called with what was stored."""

import inspect
from typing import Any

import pytest

from bot.domain import reflections, seats, undo
from bot.domain.subjects import subjects
from bot.domain.undo import Undo, UndoMark, inverse, undo_with
from bot.errors import Refused


async def not_an_inverse(group, who):
    return ""


def test_only_registered_functions_can_be_stored():
    with pytest.raises(LookupError, match="not_an_inverse"):
        undo_with(not_an_inverse, "x")


PLAIN = (int, str, bool, list[int], list[str], dict[str, str], dict[str, Any])
"""What comes back from JSON as it went in."""


def test_every_inverse_takes_group_and_person_first_and_plain_values_then():
    subjects()  # imports every domain module
    assert len(undo._inverses) >= 10
    for name, function in undo._inverses.items():
        parameters = list(inspect.signature(function, eval_str=True).parameters.values())
        assert [parameter.name for parameter in parameters[:2]] == ["group", "who"], name
        assert all(parameter.annotation in PLAIN for parameter in parameters[2:]), name


async def test_a_mark_outlives_a_restart_and_only_the_last_counts(visit):
    async with visit() as group:
        first = await seats.sign_up(group, "王老师", 1, by=await group.member("王老师"))
        await undo.remember(group, "王老师", first.undo)
        stored, back = await reflections.write(group, "王老师", "导入太长", shared=True)
        await undo.remember(group, "王老师", back)
        assert len(await group.records.find(UndoMark, who="王老师")) == 1
    async with visit("2026-09-07T07:10") as group:
        assert f"反思 {stored.number} 删掉了" in (await undo.take_back(group, "王老师")).sentence
        with pytest.raises(Refused, match="没有可以撤销的操作"):
            await undo.take_back(group, "王老师")


@pytest.mark.parametrize(("now", "late"), [("2026-09-07T07:10:00", False), ("2026-09-07T07:10:01", True)])
async def test_the_window_is_ten_minutes_to_the_second(visit, now, late):
    async with visit() as group:
        _, back = await reflections.write(group, "王老师", "导入太长", shared=True)
        await undo.remember(group, "王老师", back)
    async with visit(now) as group:
        if late:
            with pytest.raises(Refused, match="已经过了十分钟"):
                await undo.take_back(group, "王老师")
        else:
            assert await undo.take_back(group, "王老师")


async def test_what_fails_may_be_tried_again(visit):
    @inverse
    async def never(group, who, reason):
        raise Refused(reason)

    async with visit() as group:
        await undo.remember(group, "王老师", Undo(what="test_undo.never", arguments='{"reason": "不行"}', label="x"))
        for _ in range(2):
            with pytest.raises(Refused, match="不行"):
                await undo.take_back(group, "王老师")
    undo._inverses.pop("test_undo.never")
