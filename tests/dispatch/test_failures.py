"""A handler that breaks, refuses, or comes second; a store that fails."""

import asyncio
import re

import pytest
import structlog

from bot.delivery.outcome import Outcome
from bot.errors import ReadOnly, StoreError
from tests.dispatch.desk import INCIDENT, Desk, until


def number(outcome: Outcome | None) -> str:
    assert outcome is not None
    assert outcome.said[0].status == "error"
    found = re.search(INCIDENT, outcome.answer.plain())
    assert found, outcome.answer.plain()
    return found[1]


async def test_a_defect_leaves_no_trace_but_a_number(desk: Desk) -> None:
    with structlog.testing.capture_logs() as logs:
        outcome = await desk.receive("/出错 一句话")
    incident = number(outcome)
    assert await desk.notes() == []
    assert await desk.outbox("note") == []
    assert [said.to for said in outcome.said] == ["here"] if outcome else False
    assert "ZeroDivisionError" not in str(outcome)
    (entry,) = [log for log in logs if log["event"] == "incident"]
    assert (entry["incident"], entry["exc_info"], entry["message"]) == (incident, True, "m1")


async def test_the_log_has_the_trace(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    structlog.reset_defaults()
    incident = number(await desk.receive("/出错 一句话"))
    printed = "".join(capsys.readouterr())
    assert incident in printed
    assert "ZeroDivisionError" in printed


async def test_a_defect_delivered_again_has_the_same_number(desk: Desk) -> None:
    first = await desk.receive("/出错 一句话")
    assert number(await desk.receive("/出错 一句话")) == number(first)
    await desk.restart()
    assert await desk.receive("/出错 一句话") == first
    assert desk.behaviour.runs == ["一句话"]
    assert number(await desk.receive("/出错 一句话", "m2")) != number(first)


async def test_a_refusal_leaves_no_trace_either(desk: Desk) -> None:
    outcome = await desk.receive("/拒绝 一句话")
    assert outcome is not None
    assert outcome.said[0].status == "refused"
    assert outcome.command == "拒绝"
    assert await desk.notes() == []
    assert await desk.outbox("note") == []
    assert await desk.receive("/拒绝 一句话") == outcome
    assert desk.behaviour.runs == ["一句话"]


@pytest.mark.parametrize(("conflicts", "status", "notes"), [(0, "ok", 1), (1, "ok", 1), (2, "error", 0)])
async def test_a_conflict_is_tried_once_more(desk: Desk, conflicts: int, status: str, notes: int) -> None:
    desk.behaviour.conflicts = conflicts
    outcome = await desk.receive("/争先 一句话")
    assert outcome is not None
    assert outcome.said[0].status == status
    assert len(await desk.notes()) == notes
    assert len(desk.behaviour.runs) == min(conflicts, 1) + 1
    assert desk.behaviour.conflicts == 0


async def test_the_house_goes_on_after_a_defect(desk: Desk) -> None:
    await desk.receive("/出错 一", "m1")
    await desk.receive("/记下 二", "m2")
    assert await desk.notes() == ["二"]


async def test_a_failing_store_acknowledges_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The transport turns a StoreError into 503; the platform delivers again, and then it is done, once."""
    gate = desk.behaviour.gate
    gate.clear()
    task = asyncio.create_task(desk.receive("/慢慢 一句话"))
    await until(lambda: _running(desk))
    await desk.store.close()
    gate.set()
    with structlog.testing.capture_logs() as logs, pytest.raises(StoreError):
        await task
    assert [log["event"] for log in logs] == ["dispatch.failed"]  # no incident number nobody would ever see
    with pytest.raises(ReadOnly):
        await desk.receive("/记下 另一句", "m2")
    assert desk.dispatcher._flights == {}
    await desk.restart()
    assert await desk.notes() == []
    assert await desk.seen() == 0
    again = await desk.receive("/慢慢 一句话")
    assert again is not None
    assert await desk.notes() == ["一句话"]


async def test_who_left_the_group_meanwhile_is_not_told(desk: Desk) -> None:
    """A note to somebody who is no member any more must not undo what was done."""
    from bot.domain.people import SYSTEM, Member

    async with desk.store.transaction(SYSTEM) as tx:
        for member in await tx.find(Member, group="chinese", name="孙老师"):
            await tx.remove(member)
    outcome = await desk.receive("/记下 一句话")
    assert outcome is not None
    assert outcome.said[0].status == "ok"
    assert await desk.notes() == ["一句话"]
    assert await desk.outbox("note") == []


async def _running(desk: Desk) -> bool:
    return bool(desk.dispatcher._flights)
