"""Senders over one store and one robot of a real platform, for tests that kill and open again."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, TCPConnector

from bot.clock import MovableClock
from bot.content import content
from bot.delivery.desk import OutboxDesk
from bot.delivery.outbox import SYSTEM, OutboxItem, enqueue
from bot.delivery.sender import Sender
from bot.storage.store import Transaction
from bot.storage.tiny import TinyStore
from tests.delivery.robots import Robot

GROUPS = {"g1": "chat-1", "g2": "chat-2"}
"""Two groups post through the one robot."""


class House:
    """Senders over one store and one robot; everything but the folder and the platform can be lost."""

    def __init__(self, folder: Path, robot: Robot, clock: MovableClock, *, senders: int, patient: bool) -> None:
        self.folder, self.robot, self.clock = folder, robot, clock
        self.how_many, self.patient = senders, patient
        self.told: list[OutboxItem] = []

    async def open(self) -> None:
        self.store = await TinyStore(self.folder, kinds=[OutboxItem]).open()
        self.sessions = [ClientSession(connector=TCPConnector(force_close=True)) for _ in range(self.how_many)]
        transports = [self.robot.transport(session, self.patient) for session in self.sessions]
        self.senders = [Sender(self.store, {"robot": each}, self.clock, self.hear) for each in transports]

    async def close(self) -> None:
        await self.store.close()
        for session in self.sessions:
            await session.close()

    async def hear(self, tx: Transaction, item: OutboxItem) -> None:
        self.told.append(item)

    async def push(self, count: int, **more: Any) -> None:
        async with self.store.transaction(SYSTEM) as tx:
            for number in range(count):
                group = list(GROUPS)[number % 2]
                kind = "card" if number % 3 else "change"
                given = {"kind": kind, "content": content(f"第{number}条"), **more}
                await enqueue(tx, channel="robot", to=GROUPS[group], group=group, now=self.clock.now(), **given)

    async def work(self) -> None:
        """Send until nothing waits; killed with a message in the air whenever the robot says so."""
        for _ in range(2_000):
            drains = asyncio.gather(*(sender.drain() for sender in self.senders))
            cut = asyncio.create_task(self.robot.cut.wait())
            await asyncio.wait({drains, cut}, return_when=asyncio.FIRST_COMPLETED)
            cut.cancel()
            if not drains.done():
                await self.die(drains)
                continue
            await drains
            due = await self.senders[-1].next_due()
            if due is None:
                return
            self.clock.set(due)
        pytest.fail("the outbox never runs dry")

    async def die(self, drains: "asyncio.Future[list[list[OutboxItem]]]") -> None:
        drains.cancel()
        await asyncio.gather(drains, return_exceptions=True)
        self.robot.cut.clear()
        await self.close()
        await self.open()

    async def items(self) -> list[OutboxItem]:
        async with self.store.transaction(SYSTEM) as tx:
            return await tx.scan(OutboxItem)

    async def shown(self) -> list[int]:
        """What the two leaders see under /待定."""
        async with self.store.transaction(SYSTEM) as tx:
            desks = [OutboxDesk(tx, group, self.clock.now()) for group in GROUPS]
            return [pending.id for desk in desks for pending in await desk.held()]

    async def decide(self) -> None:
        """The leaders look into the group and send again what is not there."""
        async with self.store.transaction(SYSTEM) as tx:
            for group in GROUPS:
                desk = OutboxDesk(tx, group, self.clock.now())
                for pending in await desk.held():
                    await (desk.give_up if pending.text in self.robot.texts else desk.resend)(pending)


MakeHouse = Callable[..., Awaitable[House]]
