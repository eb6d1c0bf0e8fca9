"""The table under "Out": what happened, then what; each row also across a restart."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.chat.transport import Outgoing
from bot.content import Content
from bot.simulator.transport import (
    FAULTS,
    HANGS,
    LATE,
    LOST_AFTER_BODY,
    REFUSED,
    REJECTED,
    RESET_AFTER_BODY,
    RESET_BEFORE_BODY,
    Fault,
    rate_limited,
)
from tests.delivery.desk import Desk


@dataclass(frozen=True)
class Row:
    name: str
    fault: Fault
    kind: str
    idempotent: bool
    state: str  # right after
    copies: int  # in the chat once the outbox has run dry
    end: str  # state then
    told: int = 0


ROWS = [
    Row("refused", REFUSED, "card", False, "waiting", 1, "sent"),
    Row("refused note", REFUSED, "note", False, "waiting", 1, "sent"),
    Row("reset before the body", RESET_BEFORE_BODY, "change", False, "waiting", 1, "sent"),
    Row("rate limit, time named", rate_limited(15), "card", False, "waiting", 1, "sent"),
    Row("rate limit, no time", rate_limited(), "reply", False, "waiting", 1, "sent"),
    Row("reset after the body, knows uuids", RESET_AFTER_BODY, "card", True, "unknown", 1, "sent"),
    Row("lost after the body, knows uuids", LOST_AFTER_BODY, "card", True, "unknown", 1, "sent"),
    Row("late, knows uuids", LATE, "change", True, "unknown", 1, "sent"),
    Row("reset after the body, reply", RESET_AFTER_BODY, "reply", False, "unknown", 2, "sent"),
    Row("late, note", LATE, "note", False, "unknown", 2, "sent"),
    Row("hangs, reply", HANGS, "reply", False, "unknown", 1, "sent"),
    Row("reset after the body, card", RESET_AFTER_BODY, "card", False, "held", 1, "held", told=1),
    Row("lost after the body, change", LOST_AFTER_BODY, "change", False, "held", 0, "held", told=1),
    Row("late, card", LATE, "card", False, "held", 1, "held", told=1),
    Row("rejected card", REJECTED, "card", False, "failed", 0, "failed", told=1),
    Row("rejected note, knows uuids", REJECTED, "note", True, "failed", 0, "failed", told=1),
]


@pytest.mark.parametrize("restart", [False, True], ids=["", "restarted"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_the_table(desk: Desk, row: Row, restart: bool) -> None:
    desk.ability(idempotent=row.idempotent)
    desk.robot.faults.append(row.fault)
    item = await desk.put("第3周备课", kind=row.kind)

    await desk.sender.drain()
    assert (await desk.item(item)).state == row.state
    if restart:
        await desk.restart()
    await desk.run_dry()

    after = await desk.item(item)
    assert (after.state, len(desk.robot.delivered), len(desk.troubles)) == (row.end, row.copies, row.told)
    assert len({delivery.message.uuid for delivery in desk.robot.delivered}) == min(row.copies, 1), "one uuid for ever"
    assert bool(after.last_error) == (row.end != "sent")


def test_every_fault_of_the_page_has_a_row() -> None:
    assert {name for name, fault in FAULTS.items() if fault in {row.fault for row in ROWS}} >= {
        "refuse",
        "timeout",
        "reset",
        "reject",
    }


async def test_back_off_doubles_up_to_five_minutes_and_parts_what_failed_together(desk: Desk) -> None:
    desk.ability(per_minute=None)
    desk.robot.faults.extend([REFUSED] * 24)
    one, other = await desk.put("一", to="a"), await desk.put("二", to="b")
    waits = []
    for _ in range(12):
        await desk.sender.drain()
        first, second = (await desk.item(one)).next_at, (await desk.item(other)).next_at
        assert first
        assert second
        assert first != second
        waits.append((first - desk.now()).total_seconds())
        desk.clock.set(max(first, second))
    full = [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    assert all(0.8 * most <= wait <= most for wait, most in zip(waits, full, strict=True)), waits
    await desk.run_dry()
    assert desk.texts == ["一", "二"]


@pytest.mark.parametrize(("named", "waits"), [(15, 15), (0, 60), (3600, 3600)])
async def test_a_rate_refusal_rests_the_whole_channel_as_long_as_the_platform_says(
    desk: Desk, named: float, waits: float
) -> None:
    desk.robot.faults.append(rate_limited(named))
    await desk.put("一", to="a")
    await desk.put("二", to="b")
    await desk.sender.drain()
    assert desk.robot.received == 1, "the second conversation is not tried"
    await desk.restart()
    desk.forward(waits - 0.1)
    await desk.sender.drain()
    assert desk.robot.received == 1
    desk.forward(0.1)
    await desk.sender.drain()
    assert desk.texts == ["一", "二"]


async def test_a_harmless_double_is_not_repeated_for_ever(desk: Desk) -> None:
    desk.robot.faults.extend([RESET_AFTER_BODY] * 30)
    item = await desk.put("还差您的一份", kind="note", to="007", private=True)
    await desk.run_dry()
    assert (await desk.item(item)).state == "held"
    assert len(desk.robot.delivered) == 3
    assert [trouble.id for trouble in desk.troubles] == [item.id]


async def test_once_it_may_have_arrived_a_later_refusal_leaves_it_unknown(desk: Desk) -> None:
    desk.robot.faults.extend([LOST_AFTER_BODY, REFUSED])
    item = await desk.put("好", kind="reply")
    await desk.sender.drain()
    desk.forward(1)
    await desk.sender.drain()
    assert (await desk.item(item)).state == "unknown"
    await desk.run_dry()
    assert (await desk.item(item)).state == "sent"


async def test_a_defect_of_the_transport_holds_the_item_and_stops_nobody_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = desk.robot.send

    async def broken(message: Outgoing) -> None:
        if message.content.lines[0] == "一":
            raise KeyError("errcode")
        await take(message)

    monkeypatch.setattr(desk.robot, "send", broken)
    bad = await desk.put("一", kind="reply", to="a")
    good = await desk.put("二", to="b")
    await desk.run_dry()
    assert ((await desk.item(bad)).state, (await desk.item(good)).state) == ("held", "sent")
    assert (await desk.item(bad)).attempts == 1, "a defect is not tried again by itself"
    assert [trouble.id for trouble in desk.troubles] == [bad.id]


async def test_useful_until_ends_a_long_back_off(desk: Desk) -> None:
    desk.robot.faults.extend([REFUSED] * 50)
    item = await desk.put("第3周备课", useful_until=desk.now() + timedelta(minutes=10))
    await desk.run_dry()
    assert (await desk.item(item)).state == "expired"
    assert item.useful_until
    assert desk.now() <= item.useful_until + timedelta(minutes=5)


async def test_being_too_fast_is_no_failed_attempt(desk: Desk) -> None:
    desk.robot.faults.extend([rate_limited(1)] * 8 + [REFUSED])
    item = await desk.put("一")
    for _ in range(9):
        due = await desk.sender.next_due()
        assert due
        desk.clock.set(due)
        await desk.sender.drain()
    again = (await desk.item(item)).next_at
    assert again
    assert again - desk.now() <= timedelta(seconds=1)


async def test_a_message_that_cannot_be_measured_is_held_and_stops_nobody_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = desk.robot.size

    def broken(content: Content, private: bool) -> int:
        if content.lines[0] == "一":
            raise ZeroDivisionError
        return size(content, private)

    monkeypatch.setattr(desk.robot, "size", broken)
    await desk.put("一", to="a")
    await desk.put("二", to="b")
    await desk.run_dry()
    assert await desk.states() == ["held", "sent"]
