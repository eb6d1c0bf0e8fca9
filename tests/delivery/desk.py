"""A desk to test the outbox on: a real store in a folder, a clock that stands, simulated channels, restarts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from bot.chat.transport import Abilities, OutgoingKind
from bot.clock import SCHOOL_ZONE, MovableClock
from bot.content import Content, content
from bot.delivery.outbox import SYSTEM, OutboxItem, enqueue
from bot.delivery.sender import Sender
from bot.simulator.transport import LOST_AFTER_BODY, SimulatedTransport
from bot.storage.store import Transaction
from bot.storage.tiny import TinyStore

START = datetime(2026, 9, 7, 7, 0, tzinfo=SCHOOL_ZONE)
ROBOT = Abilities(max_bytes=2048, per_minute=20, penalty=60, private=True, idempotent=False, timeout=0.05)
GROUP_CHAT = "chat-01"


class Desk:
    """Everything between an enqueued item and a chat; ``restart`` keeps only the folder and the platform."""

    def __init__(self, folder: Path, abilities: Mapping[str, Abilities]) -> None:
        self.folder = folder
        self.clock = MovableClock(START)
        self.transports = {name: SimulatedTransport(name, each, self.clock) for name, each in abilities.items()}
        self.troubles: list[OutboxItem] = []
        self.store = TinyStore(folder)
        self.sender = self.new_sender()

    @property
    def robot(self) -> SimulatedTransport:
        return self.transports["robot"]

    @property
    def texts(self) -> list[str]:
        """First lines of what stands in the robot's chats, in order."""
        return [delivery.message.content.lines[0] for delivery in self.robot.delivered]

    def now(self) -> datetime:
        return self.clock.now()

    def new_sender(self) -> Sender:
        return Sender(self.store, self.transports, self.clock, self.on_trouble)

    async def on_trouble(self, tx: Transaction, item: OutboxItem) -> None:
        self.troubles.append(item)

    async def restart(self) -> None:
        await self.store.close()
        self.store = TinyStore(self.folder)
        await self.store.open()
        self.sender = self.new_sender()

    def ability(self, **changes: Any) -> None:
        self.robot.abilities = replace(self.robot.abilities, **changes)

    async def put(self, said: str | Content, kind: str = "card", to: str = GROUP_CHAT, **more: Any) -> OutboxItem:
        what = content(said) if isinstance(said, str) else said
        given = {"channel": "robot", "group": "g1", "now": self.now(), **more}
        async with self.store.transaction(SYSTEM) as tx:
            return await enqueue(tx, kind=cast("OutgoingKind", kind), to=to, content=what, **given)

    async def on_hold(self, said: str = "第3周备课", **more: Any) -> OutboxItem:
        """A card that may or may not have arrived (it has not)."""
        self.robot.faults.append(LOST_AFTER_BODY)
        item = await self.put(said, **more)
        await self.sender.drain()
        assert (await self.item(item)).state == "held"
        return item

    async def item(self, item: OutboxItem) -> OutboxItem:
        async with self.store.transaction(SYSTEM) as tx:
            found = await tx.get(OutboxItem, item.id)
        assert found is not None
        return found

    async def states(self) -> list[str]:
        async with self.store.transaction(SYSTEM) as tx:
            return [item.state for item in await tx.scan(OutboxItem)]

    def forward(self, seconds: float) -> None:
        self.clock.set(self.now() + timedelta(seconds=seconds))

    async def run_dry(self, until: datetime | None = None) -> None:
        """Send and move the clock to what is due next, until nothing waits (or ``until``)."""
        for _ in range(2000):
            await self.sender.drain()
            due = await self.sender.next_due()
            if due is None or (until is not None and due > until):
                return
            assert due > self.now(), "due now and not sent"
            self.clock.set(due)
        pytest.fail("the outbox never runs dry")


MakeDesk = Callable[..., Desk]
