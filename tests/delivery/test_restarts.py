"""Stopped, killed and doubled senders."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import bot
from bot.chat.transport import Outgoing
from bot.clock import SCHOOL_ZONE, SystemClock
from bot.content import Content
from bot.delivery.lane import Lane
from bot.delivery.outbox import HEAD_START, SYSTEM, OutboxItem, enqueue
from bot.delivery.sender import Sender
from bot.errors import StoreError
from bot.simulator.transport import FINE, HANGS, LATE, REFUSED
from tests.delivery.desk import Desk


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110 - what is waited for happens inside the sender
            await asyncio.sleep(0.002)


async def killed_in_the_air(desk: Desk, nth: int = 1) -> None:
    """Cut the ``nth`` send off as a kill does: nothing is written after the network was touched."""
    desk.ability(timeout=60)
    task = asyncio.create_task(desk.sender.drain())
    await until(lambda: desk.robot.received == nth)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    desk.ability(timeout=0.05)
    await desk.restart()


@pytest.mark.parametrize(
    ("kind", "idempotent", "state", "copies"),
    [("card", False, "held", 1), ("card", True, "sent", 1), ("reply", False, "sent", 2), ("note", False, "sent", 2)],
)
async def test_killed_in_the_air(desk: Desk, kind: str, idempotent: bool, state: str, copies: int) -> None:
    desk.ability(idempotent=idempotent)
    desk.robot.faults.append(LATE)
    item = await desk.put("第3周备课", kind=kind)
    await killed_in_the_air(desk)
    assert (await desk.item(item)).state == "sending"
    assert await desk.sender.next_due() == desk.now()
    await desk.run_dry()
    after = await desk.item(item)
    assert (after.state, len(desk.robot.delivered)) == (state, copies)
    assert len(desk.troubles) == (state == "held")


async def test_one_undecided_post_per_crash(desk: Desk) -> None:
    desk.robot.faults.append(HANGS)
    for n in range(10):
        await desk.put(f"{n}", to=f"chat-{n}")
    await killed_in_the_air(desk)
    await desk.run_dry()
    assert sorted(await desk.states()) == ["held"] + ["sent"] * 9


async def test_a_restart_after_every_message_sends_each_once(desk: Desk) -> None:
    items = [await desk.put(f"{n}", kind="note", to=f"{n % 3:03}", private=True) for n in range(30)]
    while due := await desk.sender.next_due():
        desk.clock.set(due)
        await desk.sender.drain()
        await desk.restart()
    assert sorted(desk.texts, key=int) == [f"{n}" for n in range(30)]
    assert {(await desk.item(item)).state for item in items} == {"sent"}


async def test_two_senders_and_drains_at_once_send_each_once_in_order(desk: Desk) -> None:
    desk.ability(per_minute=None)
    for n in range(40):
        await desk.put(f"{n}")
    other = desk.new_sender()
    results = await asyncio.gather(desk.sender.drain(), other.drain(), desk.sender.drain(), other.drain())
    assert desk.texts == [f"{n}" for n in range(40)]
    assert sorted(item.id for result in results for item in result) == list(range(1, 41))


async def test_the_second_sender_does_not_take_a_send_in_the_air_for_a_dead_one(desk: Desk) -> None:
    desk.ability(timeout=60)
    desk.robot.faults.append(HANGS)
    await desk.put("一")
    first = asyncio.create_task(desk.sender.drain())
    await until(lambda: desk.robot.received)
    second = asyncio.create_task(desk.new_sender().drain())
    await asyncio.sleep(0.01)
    assert await desk.states() == ["sending"]
    for task in (first, second):
        task.cancel()
    await asyncio.gather(first, second, return_exceptions=True)


KILLED_CHILD = """
import asyncio, os, signal, sys
from datetime import datetime
from pathlib import Path
from bot.chat.transport import Abilities
from bot.clock import MovableClock
from bot.delivery.sender import Sender
from bot.simulator.transport import SimulatedTransport
from bot.storage.tiny import TinyStore

async def main():
    clock = MovableClock(datetime.fromisoformat(sys.argv[2]))
    arrived = []

    def third_kills(delivery):
        arrived.append(delivery)
        if len(arrived) == 3:
            os.kill(os.getpid(), signal.SIGKILL)

    robot = SimulatedTransport("robot", Abilities(), clock, on_delivery=third_kills)
    store = await TinyStore(Path(sys.argv[1])).open()
    await Sender(store, {"robot": robot}, clock).drain()

asyncio.run(main())
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL here")
async def test_a_real_kill_between_the_body_and_its_outcome(desk: Desk) -> None:
    for n in range(5):
        await desk.put(f"{n}", to=f"chat-{n}")
    await desk.store.close()
    child = [sys.executable, "-c", KILLED_CHILD, str(desk.folder), desk.now().isoformat()]
    found = {**os.environ, "PYTHONPATH": str(Path(bot.__file__).parents[1])}
    killed = await asyncio.to_thread(subprocess.run, child, capture_output=True, env=found, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    await desk.restart()
    assert await desk.states() == ["sent", "sent", "sending", "waiting", "waiting"]
    await desk.run_dry()
    assert desk.texts == ["3", "4"]
    assert await desk.states() == ["sent", "sent", "held", "sent", "sent"]


async def test_parts_already_sent_are_not_repeated_even_if_the_limit_changes_meanwhile(desk: Desk) -> None:
    lines = tuple(f"{n:03} 单元检测卷初稿由陈老师整理" for n in range(100))
    desk.robot.faults.extend([FINE, HANGS])
    item = await desk.put(Content(title="资源", lines=lines), kind="reply")
    await killed_in_the_air(desk, nth=2)
    desk.ability(max_bytes=4096)
    await desk.run_dry()
    sent = [delivery.message for delivery in desk.robot.delivered]
    assert [message.part[0] for message in sent] == list(range(1, len(sent) + 1))
    assert len({message.uuid for message in sent}) == len(sent)
    assert tuple(line for message in sent for line in message.content.lines) == lines
    assert (await desk.item(item)).parts_sent == len(sent)


async def test_nothing_is_sent_of_a_transaction_that_failed(desk: Desk) -> None:
    async def failing_handler() -> None:
        async with desk.store.transaction("group:g1") as tx:
            await enqueue(
                tx.within(SYSTEM), channel="robot", kind="card", to="a", content=Content(lines=("一",)), now=desk.now()
            )
            raise RuntimeError("handler")

    with pytest.raises(RuntimeError, match="handler"):
        await failing_handler()
    assert await desk.sender.drain() == []
    assert await desk.sender.next_due() is None


async def test_nothing_is_sent_before_the_commit(desk: Desk) -> None:
    async with desk.store.transaction("group:g1") as tx:
        await enqueue(
            tx.within(SYSTEM), channel="robot", kind="card", to="a", content=Content(lines=("一",)), now=desk.now()
        )
        assert await desk.sender.drain() == []
    await desk.sender.drain()
    assert desk.texts == ["一"]


async def test_the_loop_sends_on_wake_and_stops_after_the_message_in_the_air(desk: Desk) -> None:
    loop = asyncio.create_task(desk.sender.run())
    await desk.put("一")
    desk.sender.wake("robot")
    await until(lambda: desk.texts == ["一"])
    desk.robot.faults.append(LATE)
    await desk.put("二")
    await desk.put("三")
    desk.sender.wake()
    await until(lambda: desk.robot.received == 2)
    desk.sender.stop()
    await asyncio.wait_for(loop, timeout=5)
    assert await desk.states() == ["sent", "held", "waiting"]


async def test_the_loop_outlives_a_store_that_fails_for_a_while(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.delivery.sender.AFTER_A_DEFECT", 0.01)
    await desk.put("一")
    await desk.store.close()
    loop = asyncio.create_task(desk.sender.run())
    await asyncio.sleep(0.05)
    assert not loop.done()
    await desk.store.open()
    await until(lambda: desk.texts == ["一"])
    desk.sender.stop()
    await asyncio.wait_for(loop, timeout=5)


async def test_the_loop_sends_what_becomes_due_by_itself(desk: Desk) -> None:
    desk.robot.faults.append(REFUSED)
    desk.sender = Sender(desk.store, desk.transports, SystemClock())
    loop = asyncio.create_task(desk.sender.run())
    await desk.put("一")
    desk.sender.wake()
    await until(lambda: desk.texts == ["一"])
    assert desk.robot.received == 2, "refused, then again after a second of back-off"
    desk.sender.stop()
    await asyncio.wait_for(loop, timeout=5)


async def test_a_clock_put_back_blocks_no_channel(desk: Desk) -> None:
    desk.clock.set(datetime(2026, 10, 20, 7, 0, tzinfo=SCHOOL_ZONE))
    for n in range(20):
        await desk.put(f"{n}")
    await desk.sender.drain()
    desk.clock.set(datetime(2026, 9, 7, 7, 0, tzinfo=SCHOOL_ZONE))
    await desk.put("新学期")
    await desk.restart()
    await desk.run_dry()
    assert desk.texts[-1] == "新学期"
    assert desk.now() - datetime(2026, 9, 7, 7, 0, tzinfo=SCHOOL_ZONE) < timedelta(minutes=2)


async def test_the_outbox_table_reads_back_as_written(desk: Desk) -> None:
    item = await desk.put(
        "第3周备课", useful_until=datetime(2026, 9, 7, 23, 59, tzinfo=SCHOOL_ZONE), why=["weekly", "x"]
    )
    await desk.restart()
    assert await desk.item(item) == item
    assert isinstance(item, OutboxItem)


async def test_a_disk_that_fails_after_the_send_leaves_it_undecided(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = desk.robot.send

    async def pull_the_plug(message: Outgoing) -> None:
        await take(message)
        await desk.store.close()

    monkeypatch.setattr(desk.robot, "send", pull_the_plug)
    item = await desk.put("一")
    with pytest.raises(StoreError):
        await desk.sender.drain()
    monkeypatch.undo()
    await desk.restart()
    await desk.run_dry()
    assert ((await desk.item(item)).state, desk.texts) == ("held", ["一"])


async def test_an_idle_loop_does_not_spin(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[Lane] = []
    work = desk.sender._round

    async def counted(lane: Lane) -> float:
        rounds.append(lane)
        return await work(lane)

    monkeypatch.setattr(desk.sender, "_round", counted)
    loop = asyncio.create_task(desk.sender.run())
    desk.sender.wake()
    await asyncio.sleep(0.1)
    desk.sender.stop()
    await asyncio.wait_for(loop, timeout=5)
    assert 1 <= len(rounds) <= 3


async def test_an_answer_about_to_be_handed_over_when_the_program_ended_goes_at_once(desk):
    await desk.put("收到", kind="reply", answers="m-1", next_at=desk.now() + HEAD_START)
    await desk.sender.drain()
    assert await desk.states() == ["waiting"]  # whoever heard the message is handing it over
    desk.forward(1)
    await desk.restart()
    await desk.sender.drain()
    assert await desk.states() == ["sent"]
