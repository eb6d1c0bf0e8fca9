"""When something is not worth sending any more, and when trying again ends."""

from datetime import datetime, timedelta

import pytest

from bot.chat.transport import Outgoing
from bot.clock import SCHOOL_ZONE
from bot.delivery.outbox import (
    SYSTEM,
    OutboxItem,
    held,
    resend,
)
from bot.delivery.sender import Sender
from bot.simulator.transport import LOST_AFTER_BODY, REFUSED, REJECTED, rate_limited
from bot.storage.store import Transaction
from tests.delivery.desk import START, Desk


@pytest.mark.parametrize(
    ("now", "state"),
    [((23, 58, 59), "sent"), ((23, 59, 0), "sent"), ((23, 59, 1), "expired")],
)
async def test_useful_until_a_minute_to_midnight(desk: Desk, now: tuple[int, int, int], state: str) -> None:
    until = datetime(2026, 9, 7, 23, 59, tzinfo=SCHOOL_ZONE)
    item = await desk.put("今天交初案", useful_until=until)
    desk.clock.set(datetime(2026, 9, 7, *now, tzinfo=SCHOOL_ZONE))
    await desk.sender.drain()
    assert (await desk.item(item)).state == state
    assert desk.texts == (["今天交初案"] if state == "sent" else [])


async def test_expiry_needs_no_free_channel_and_frees_who_stands_behind(desk: Desk) -> None:
    desk.robot.faults.append(rate_limited(3600))
    first = await desk.put("一", useful_until=desk.now() + timedelta(minutes=1))
    second = await desk.put("二", useful_until=desk.now() + timedelta(minutes=2))
    third = await desk.put("三")
    await desk.sender.drain()
    desk.forward(180)
    await desk.sender.drain()
    assert [(await desk.item(each)).state for each in (first, second, third)] == ["expired", "expired", "waiting"]
    await desk.run_dry()
    assert desk.texts == ["三"]


async def test_a_held_post_goes_by_itself(desk: Desk) -> None:
    item = await desk.on_hold(useful_until=desk.now() + timedelta(hours=1))
    desk.forward(3601)
    await desk.sender.drain()
    assert (await desk.item(item)).state == "expired"
    async with desk.store.transaction(SYSTEM) as tx:
        assert await held(tx, "g1") == []


async def test_what_ends_while_the_one_before_is_on_its_way_is_not_sent(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = desk.robot.send

    async def slow(message: Outgoing) -> None:
        desk.forward(9)
        await take(message)

    monkeypatch.setattr(desk.robot, "send", slow)
    await desk.put("一", to="a")
    await desk.put("二", to="b", useful_until=desk.now() + timedelta(seconds=5))
    await desk.put("三", to="c")
    await desk.run_dry()
    assert desk.texts == ["一", "三"]
    assert await desk.states() == ["sent", "expired", "sent"]


async def test_a_failure_nobody_heard_of_yet_does_not_vanish_with_time(desk: Desk) -> None:
    async def broken(tx: Transaction, item: OutboxItem) -> None:
        raise LookupError("no leader")

    told, desk.sender = desk.sender, Sender(desk.store, desk.transports, desk.clock, broken)
    desk.robot.faults.append(REJECTED)
    item = await desk.put("一", useful_until=desk.now() + timedelta(minutes=1))
    await desk.sender.drain()
    desk.forward(3600)
    await told.drain()
    assert (await desk.item(item)).state == "failed"
    assert [trouble.id for trouble in desk.troubles] == [item.id]


async def test_no_message_without_an_end_is_tried_for_ever(desk: Desk) -> None:
    desk.robot.faults.extend([REFUSED, rate_limited(3600)] * 400)
    item = await desk.put("答复", kind="reply")
    await desk.run_dry()
    assert (await desk.item(item)).state == "failed"
    assert timedelta(days=1) <= desk.now() - START <= timedelta(days=1, hours=1, minutes=5)
    assert [trouble.id for trouble in desk.troubles] == [item.id]
    assert desk.troubles[0].last_error


async def test_what_may_have_arrived_is_held_when_trying_ends(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.delivery.policy.LONGEST_TRY", timedelta(hours=1))
    desk.ability(idempotent=True)
    desk.robot.faults.extend([LOST_AFTER_BODY] + [REFUSED] * 400)
    item = await desk.put("【改】集体备课 周三第8节 → 周四第8节", kind="change")
    await desk.run_dry()
    assert (await desk.item(item)).state == "held"
    assert [trouble.state for trouble in desk.troubles] == ["held"]


async def test_a_channel_that_only_ever_goes_silent_is_given_up_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.delivery.policy.LONGEST_TRY", timedelta(hours=2))
    desk.ability(idempotent=True)
    desk.robot.faults.extend([LOST_AFTER_BODY] * 400)
    item = await desk.put("第3周备课")
    await desk.run_dry()
    assert (await desk.item(item)).state == "held"
    assert 20 < desk.robot.received < 50, "once in five minutes, less a fifth"


async def test_the_day_begins_with_the_first_attempt_and_a_resend_begins_it_anew(desk: Desk) -> None:
    item = await desk.on_hold()
    desk.forward(86_400 * 3)
    desk.robot.faults.append(REFUSED)
    waits = await desk.put("晚写的", to="b")
    async with desk.store.transaction(SYSTEM) as tx:
        await resend(tx, item, desk.now())
    await desk.sender.drain()
    assert (await desk.item(item)).state == "waiting", "one refusal does not end what the leader wants again"
    await desk.run_dry()
    assert [(await desk.item(each)).state for each in (item, waits)] == ["sent", "sent"]


@pytest.mark.parametrize("kind", ["card", "change"])
async def test_a_post_ends_when_it_is_of_no_use_not_a_day_later(desk: Desk, kind: str) -> None:
    desk.robot.faults.extend([REFUSED] * 400)
    item = await desk.put("第3周备课", kind=kind, useful_until=desk.now() + timedelta(hours=2))
    await desk.run_dry()
    assert (await desk.item(item)).state == "expired"
    assert desk.now() - START <= timedelta(hours=2, minutes=5)
    assert desk.troubles == []
