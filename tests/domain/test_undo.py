"""Undo: by name, for ten minutes, one's own; every inverse can be called with what was stored."""

import inspect
from typing import Any

import pytest

from bot.domain import reflections, undo
from bot.domain.subjects import subjects
from bot.domain.undo import Done, Undo, UndoMark, undo_with
from bot.errors import Refused
from tests.scheduling.school import when


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


def done(back: Undo | None, at: str = "2026-09-07T07:00") -> Done:
    return Done(back, when(at), "abc")


async def test_what_is_stored_is_found_again_by_its_name(visit):
    async with visit() as group:
        stored, back = await reflections.write(group, "王老师", "导入太长", shared=True)
    again = Undo.model_validate_json(back.model_dump_json())
    async with visit("2026-09-07T07:10") as group:
        assert f"反思 {stored.number} 删掉了" in await undo.take_back(group, "王老师", done(again))


@pytest.mark.parametrize("last", [None, done(None)])
async def test_nothing_is_left_to_take_back(visit, last):
    async with visit() as group:
        with pytest.raises(Refused, match="没有可以撤销的操作"):
            await undo.take_back(group, "王老师", last)


@pytest.mark.parametrize(("now", "late"), [("2026-09-07T07:10:00", False), ("2026-09-07T07:10:01", True)])
async def test_the_window_is_ten_minutes_to_the_second(visit, now, late):
    async with visit() as group:
        _, back = await reflections.write(group, "王老师", "导入太长", shared=True)
    async with visit(now) as group:
        if late:
            with pytest.raises(Refused, match="已经过了十分钟"):
                await undo.take_back(group, "王老师", done(back))
        else:
            assert await undo.take_back(group, "王老师", done(back))


async def test_a_button_takes_back_only_the_step_it_stands_under(visit):
    async with visit() as group:
        _, back = await reflections.write(group, "王老师", "导入太长", shared=True)
        with pytest.raises(Refused, match="更早的一步"):
            await undo.take_back(group, "王老师", done(back), tap="another")
        assert await undo.take_back(group, "王老师", done(back), tap="abc")


async def test_what_another_version_did_stands(visit):
    async with visit() as group:
        with pytest.raises(Refused, match="升级前"):
            await undo.take_back(group, "王老师", done(Undo(what="gone.away", arguments="{}", label="x")))


async def test_what_earlier_versions_kept_goes(visit):
    async with visit() as group:
        await group.records.add(UndoMark(who="王老师", undo={"what": "a.b"}, until="2026-09-07T07:10:00+08:00"))
        await undo.forget_marks(group.records)
        assert await group.records.scan(UndoMark) == []
