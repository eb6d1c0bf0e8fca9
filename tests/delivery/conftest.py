"""Fixtures: a desk with one robot channel, or with the channels a test wants."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.chat.transport import Abilities
from bot.clock import MovableClock
from tests.delivery.desk import ROBOT, START, Desk, MakeDesk
from tests.delivery.house import House, MakeHouse
from tests.delivery.robots import robot_of


@pytest.fixture
async def make_desk(tmp_path: Path) -> AsyncIterator[MakeDesk]:
    desks: list[Desk] = []

    def make(**channels: Abilities) -> Desk:
        desk = Desk(tmp_path / f"data{len(desks)}", channels or {"robot": ROBOT})
        desks.append(desk)
        return desk

    yield make
    for desk in desks:
        await desk.store.close()


@pytest.fixture
async def desk(make_desk: MakeDesk) -> Desk:
    made = make_desk()
    await made.store.open()
    return made


@pytest.fixture
async def make_house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MakeHouse]:
    async with AsyncExitStack() as stack:

        async def make(kind: str, *, senders: int = 1, patient: bool = True) -> House:
            clock = MovableClock(START)
            robot = await stack.enter_async_context(robot_of(kind, clock, tmp_path, monkeypatch, patient=patient))
            made = House(tmp_path / f"数据 {kind}", robot, clock, senders=senders, patient=patient)
            await made.open()
            stack.push_async_callback(made.close)
            return made

        yield make
