"""What goes at night, what stays, and that nobody waits for it."""

import asyncio
from datetime import datetime, timedelta

import structlog

from bot.content import content
from bot.delivery.outbox import SYSTEM, OutboxItem, enqueue, forget_sent
from bot.scheduling.housekeeping import BITE, Housekeeping
from bot.storage import Records
from tests.scheduling.school import School


async def put(school: School, state: str) -> None:
    now = school.clock.now()
    async with school.store.transaction(SYSTEM) as tx:
        item = await enqueue(tx, channel="try", kind="card", to="chat", content=content(state), now=now)
        await tx.update(item.moved(state, sent_at=now if state == "sent" else None))  # type: ignore[arg-type]


async def states(school: School) -> list[str]:
    async with school.store.transaction(SYSTEM) as tx:
        return [item.state for item in await tx.scan(OutboxItem)]


async def test_old_messages_go_and_open_ones_stay(school: School) -> None:
    every = ["waiting", "sending", "sent", "unknown", "held", "failed", "expired", "inbox"]
    for state in every:
        await put(school, state)
    house = Housekeeping(school.store, school.clock, {"outbox": forget_sent})
    school.clock.set(school.clock.now() + timedelta(days=1))
    assert await house.run() == {"outbox": 0}
    school.clock.set(school.clock.now() + timedelta(days=400))
    assert await house.run() == {"outbox": 3}
    assert await states(school) == ["waiting", "sending", "unknown", "held", "inbox"]


async def test_a_chore_is_repeated_until_nothing_is_left(school: School) -> None:
    left = [BITE, BITE, 20]

    async def chore(system: Records, now: datetime, most: int) -> int:
        assert (system.space, now, most) == ("system", school.clock.now(), BITE)
        return left.pop(0)

    assert await Housekeeping(school.store, school.clock, {"marks": chore}).run() == {"marks": 2 * BITE + 20}


async def test_a_chore_that_breaks_does_not_keep_the_others_from_being_done(school: School) -> None:
    async def broken(system: Records, now: datetime, most: int) -> int:
        raise ZeroDivisionError

    async def fine(system: Records, now: datetime, most: int) -> int:
        return 0

    with structlog.testing.capture_logs() as logs:
        removed = await Housekeeping(school.store, school.clock, {"broken": broken, "fine": fine}).run()
    assert removed == {"fine": 0}
    assert [log["clearing"] for log in logs if log["event"] == "housekeeping.failed"] == ["broken"]


async def test_messages_are_handled_meanwhile(school: School) -> None:
    """The system space is not locked while a chore reads its tables."""
    entered, go = asyncio.Event(), asyncio.Event()

    async def long(system: Records, now: datetime, most: int) -> int:
        entered.set()
        await go.wait()
        return 0

    task = asyncio.create_task(Housekeeping(school.store, school.clock, {"long": long}).run())
    await entered.wait()
    await asyncio.wait_for(put(school, "waiting"), 5)
    go.set()
    await task
