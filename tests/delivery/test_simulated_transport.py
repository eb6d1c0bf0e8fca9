"""The simulated platform keeps a real one's rules; otherwise the outbox would be tested against a pillow."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.chat.transport import Abilities, Outgoing, OutgoingKind
from bot.clock import SCHOOL_ZONE, MovableClock
from bot.content import content
from bot.errors import DeliveryError, NotSent, RateLimited, Rejected, Undecided
from bot.simulator.transport import FAULTS, HANGS, LATE, Delivery, Fault, SimulatedTransport, rate_limited

T0 = datetime(2026, 9, 7, 7, 0, tzinfo=SCHOOL_ZONE)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(T0)


def message(
    text: str = "一", uuid: str = "u", to: str = "chat", private: bool = False, kind: OutgoingKind = "card"
) -> Outgoing:
    return Outgoing(uuid=uuid, kind=kind, to=to, private=private, content=content(text))


async def test_the_twenty_first_in_a_minute_is_refused_and_shuts_the_channel(clock: MovableClock) -> None:
    robot = SimulatedTransport("robot", Abilities(per_minute=20, penalty=600), clock)
    for _ in range(20):
        await robot.send(message())
    with pytest.raises(RateLimited):
        await robot.send(message())
    clock.set(clock.now() + timedelta(seconds=599))
    with pytest.raises(RateLimited):
        await robot.send(message())
    clock.set(clock.now() + timedelta(seconds=1))
    await robot.send(message())
    assert (len(robot.delivered), robot.violations) == (21, 2)


async def test_a_sliding_minute_not_a_bucket(clock: MovableClock) -> None:
    robot = SimulatedTransport("robot", Abilities(per_minute=2), clock)
    for seconds in (0, 59):
        clock.set(T0 + timedelta(seconds=seconds))
        await robot.send(message())
    clock.set(clock.now() + timedelta(seconds=1))
    await robot.send(message())
    with pytest.raises(RateLimited):
        await robot.send(message())


async def test_bytes_not_characters_are_counted(clock: MovableClock) -> None:
    robot = SimulatedTransport("robot", Abilities(max_bytes=30), clock)
    await robot.send(message("一" * 10))
    with pytest.raises(Rejected):
        await robot.send(message("一" * 10 + "a"))


async def test_a_repeated_uuid_is_shown_once_only_where_it_is_promised(clock: MovableClock) -> None:
    knows, other = (SimulatedTransport("r", Abilities(idempotent=each), clock) for each in (True, False))
    for robot in (knows, other):
        await robot.send(message())
        await robot.send(message())
    assert (len(knows.delivered), knows.duplicates, len(other.delivered)) == (1, 1, 2)


@pytest.mark.parametrize(
    ("name", "error", "arrives"),
    [("refuse", NotSent, 0), ("reset", Undecided, 1), ("rate", RateLimited, 0), ("reject", Rejected, 0)],
)
async def test_faults_are_taken_one_by_one(
    clock: MovableClock, name: str, error: type[DeliveryError], arrives: int
) -> None:
    shown: list[Delivery] = []
    robot = SimulatedTransport("robot", Abilities(), clock, on_delivery=shown.append)
    robot.faults.append(FAULTS[name])
    with pytest.raises(error):
        await robot.send(message())
    assert len(shown) == arrives
    await robot.send(message())
    assert len(shown) == arrives + 1


@pytest.mark.parametrize(("fault", "arrives"), [(LATE, 1), (HANGS, 0)])
async def test_no_answer_at_all(clock: MovableClock, fault: Fault, arrives: int) -> None:
    robot = SimulatedTransport("robot", Abilities(), clock)
    robot.faults.append(fault)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await robot.send(message())
    assert len(robot.delivered) == arrives


async def test_other_rules(clock: MovableClock) -> None:
    robot = SimulatedTransport("robot", Abilities(private=False), clock)
    robot.gone.add("gone")
    with pytest.raises(Rejected):
        await robot.send(message(to="gone"))
    with pytest.raises(Rejected):
        await robot.send(message(to="007", private=True, kind="note"))
    await robot.send(message(to="007", private=True, kind="reply"))
    robot.faults.append(rate_limited(12))
    with pytest.raises(RateLimited) as refusal:
        await robot.send(message())
    assert refusal.value.retry_after == 12
