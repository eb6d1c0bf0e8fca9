"""What takes longer than the platform waits: the inbox, the late answer, restarts in between."""

import asyncio

import pytest

from bot.delivery.outcome import Outcome
from bot.delivery.seen import Inboxed
from bot.dispatch import Dispatcher
from bot.domain.people import SYSTEM
from bot.errors import ReadOnly
from bot.storage import Store
from tests.dispatch.desk import Desk, until


@pytest.fixture
async def slow(desk: Desk) -> Desk:
    """A desk that gives up waiting at once, and a handler that has not been let go."""
    desk.patience = 0.02
    desk.dispatcher = desk._dispatcher()
    desk.behaviour.gate.clear()
    return desk


async def test_the_answer_follows_through_the_outbox(slow: Desk) -> None:
    assert await slow.receive("/慢慢 一句话") is None
    assert (await slow.inbox(), await slow.seen()) == (1, 0)
    assert await slow.outbox("reply") == []
    slow.behaviour.gate.set()
    await slow.dispatcher.settle()
    (reply,) = await slow.outbox("reply")
    assert "终于好了：一句话" in reply.content.plain()
    assert (reply.to, reply.private, reply.state) == ("chat-chinese", False, "waiting")
    assert (await slow.inbox(), await slow.seen()) == (0, 1)
    assert await slow.notes() == ["一句话"]


async def test_the_sender_is_woken_when_there_is_something_to_send(slow: Desk) -> None:
    woken: list[str] = []
    slow.dispatcher = Dispatcher(slow.store, slow.registry, slow.clock, patience=0.02, posted=lambda: woken.append("!"))
    for text, times in {"/拥挤 只问": 0, "/拒绝 不行": 0, "/记下 告诉孙老师": 1, "/慢慢 迟到": 1}.items():
        woken.clear()
        slow.behaviour.gate.clear()
        await slow.receive(text, text)
        slow.behaviour.gate.set()
        await slow.dispatcher.settle()
        assert len(woken) == times, text


async def test_the_raw_message_lies_in_the_inbox(slow: Desk) -> None:
    message = slow.message("/慢慢 一句话", "007")
    await slow.dispatcher.receive(message)
    async with slow.store.transaction(SYSTEM) as tx:
        assert [row.incoming for row in await tx.scan(Inboxed)] == [message]


async def test_delivered_again_while_it_is_slow(slow: Desk) -> None:
    assert await asyncio.gather(*(slow.receive("/慢慢 一句话") for _ in range(3))) == [None] * 3
    assert await slow.inbox() == 1
    slow.behaviour.gate.set()
    await slow.dispatcher.settle()
    assert await slow.notes() == ["一句话"]
    assert len(await slow.outbox("reply")) == 1
    outcome = await slow.receive("/慢慢 一句话")
    assert outcome is not None
    assert "终于好了" in outcome.answer.plain()
    assert len(await slow.outbox("reply")) == 1


async def test_a_late_refusal_is_told_too(slow: Desk) -> None:
    """Whoever waits behind a slow handler of the group is late as well, whatever becomes of it."""
    assert await slow.receive("/慢慢 一句话") is None
    assert await slow.receive("/拒绝 另一句", "m2") is None
    assert await slow.receive("/出错 第三句", "m3") is None
    slow.behaviour.gate.set()
    await slow.dispatcher.settle()
    texts = [item.content.plain() for item in await slow.outbox("reply")]
    assert ["终于好了" in texts[0], "这次不行" in texts[1], "编号" in texts[2]] == [True] * 3
    assert await slow.notes() == ["一句话"]


async def test_killed_while_slow_the_next_start_does_it_once(slow: Desk) -> None:
    assert await slow.receive("/慢慢 一句话") is None
    (flight,) = slow.dispatcher._flights.values()
    flight.task.cancel()
    await asyncio.wait({flight.task})
    await slow.restart()
    slow.behaviour.gate.set()
    assert await slow.dispatcher.drain() == 1
    assert await slow.dispatcher.drain() == 0
    assert await slow.notes() == ["一句话"]
    assert len(await slow.outbox("reply")) == 1
    assert (await slow.inbox(), await slow.seen()) == (0, 1)


async def test_drained_and_delivered_again_at_once(slow: Desk) -> None:
    assert await slow.receive("/慢慢 一句话") is None
    (flight,) = slow.dispatcher._flights.values()
    flight.task.cancel()
    await asyncio.wait({flight.task})
    slow.patience = 5.0
    await slow.restart()
    slow.behaviour.gate.set()
    _, outcome = await asyncio.gather(slow.dispatcher.drain(), slow.receive("/慢慢 一句话"))
    assert outcome is not None
    assert await slow.notes() == ["一句话"]
    assert len(await slow.outbox("reply")) == 1


async def test_the_inbox_is_drained_oldest_first(slow: Desk) -> None:
    for number in range(5):
        await slow.receive(f"/慢慢 {number}", f"m{number}")
    for flight in list(slow.dispatcher._flights.values()):
        flight.task.cancel()
    await slow.dispatcher.settle()
    await slow.restart()
    slow.behaviour.gate.set()
    assert await slow.dispatcher.drain() == 5
    assert await slow.notes() == ["0", "1", "2", "3", "4"]


async def test_a_receive_that_is_cut_off_ends_all_the_same(slow: Desk) -> None:
    """A platform that hangs up does not undo what its teacher said."""
    slow.patience = 5.0
    slow.dispatcher = slow._dispatcher()
    task = asyncio.create_task(slow.receive("/慢慢 一句话"))
    await until(lambda: _flying(slow.dispatcher))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    slow.behaviour.gate.set()
    outcome = await slow.receive("/慢慢 一句话")
    assert outcome is not None
    assert await slow.notes() == ["一句话"]


async def test_nothing_is_kept_of_what_is_over(slow: Desk) -> None:
    slow.behaviour.gate.set()
    for text in ("/慢慢 一", "/出错 二", "/拒绝 三", "不懂", "/记下 四"):
        await slow.receive(text, text)
    await slow.dispatcher.settle()
    assert slow.dispatcher._flights == {}


async def test_the_handler_ends_while_the_message_is_being_put_aside(slow: Desk) -> None:
    """Patience is over, the inbox row not yet written: the answer goes through the outbox, the row is not needed."""
    message = slow.message("/慢慢 一句话")
    async with slow.store.transaction(f"inbox:{message.key}"):
        task = asyncio.create_task(slow.dispatcher.receive(message))
        await until(lambda: _late(slow.dispatcher))
        slow.behaviour.gate.set()
        await slow.dispatcher.settle()
    assert await task is None
    assert len(await slow.outbox("reply")) == 1
    assert (await slow.inbox(), await slow.seen()) == (0, 1)


class SlowDisk:
    """A store whose every commit takes its time once the handler is through."""

    def __init__(self, store: Store, gate: asyncio.Event) -> None:
        self._store, self._gate = store, gate

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def transaction(self, space: str) -> "SlowCommit":
        return SlowCommit(self._store.transaction(space), self._gate if space == "group:chinese" else None)


class SlowCommit:
    def __init__(self, inner: object, gate: asyncio.Event | None) -> None:
        self._inner, self._gate = inner, gate

    async def __aenter__(self) -> object:
        return await self._inner.__aenter__()  # type: ignore[attr-defined]

    async def __aexit__(self, *error: object) -> object:
        ended = await self._inner.__aexit__(*error)  # type: ignore[attr-defined]
        if self._gate:
            await self._gate.wait()
        return ended


async def test_a_slow_disk_loses_no_answer(slow: Desk) -> None:
    """The handler is through and its commit under way when patience ends: the answer is waited for, not lost."""
    slow.behaviour.gate.set()
    disk = asyncio.Event()
    dispatcher = Dispatcher(SlowDisk(slow.store, disk), slow.registry, slow.clock, patience=0.02)  # type: ignore[arg-type]
    task: asyncio.Task[Outcome | None] = asyncio.create_task(dispatcher.receive(slow.message("/记下 一句话")))
    await until(lambda: _decided(dispatcher))
    await asyncio.wait({task}, timeout=0.06)
    assert not task.done()
    disk.set()
    outcome = await task
    assert outcome is not None
    assert "记下了" in outcome.answer.plain()
    assert await slow.outbox("reply") == []
    assert await slow.inbox() == 0


async def test_nothing_is_acknowledged_when_the_inbox_cannot_be_written(slow: Desk) -> None:
    slow.dispatcher = slow._dispatcher()
    task = asyncio.create_task(slow.receive("/慢慢 一句话"))
    await until(lambda: _flying(slow.dispatcher))
    await slow.store.close()
    with pytest.raises(ReadOnly):
        await task
    slow.behaviour.gate.set()
    await slow.dispatcher.settle()
    await slow.restart()
    assert (await slow.notes(), await slow.inbox(), await slow.seen()) == ([], 0, 0)


async def _flying(dispatcher: Dispatcher) -> bool:
    return bool(dispatcher._flights)


async def _late(dispatcher: Dispatcher) -> bool:
    return any(flight.late for flight in dispatcher._flights.values())


async def _decided(dispatcher: Dispatcher) -> bool:
    return any(flight.decided for flight in dispatcher._flights.values())
