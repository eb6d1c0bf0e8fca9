"""Sends what the outbox holds: by the clock in ``run``, on demand in the simulator and in tests.

One lane per channel (bot/delivery/lane.py). Nothing here remembers anything: stop it anywhere, start another one on the
same store, and it goes on.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime

import structlog

from bot.chat.transport import Transport
from bot.clock import Clock
from bot.delivery.lane import Lane, Trouble
from bot.delivery.outbox import OutboxItem
from bot.storage.store import Store

LONGEST_SLEEP = 60.0
"""Seconds after which a lane looks again by itself: for a forgotten ``wake``, a clock put right, an item's end."""

SHORTEST_SLEEP = 0.02
"""Seconds: a lane that cannot get on, for whatever reason, must not spin."""

AFTER_A_DEFECT = 5.0
"""Seconds a lane rests after an error nobody foresaw."""

log = structlog.get_logger()


class Sender:
    """The senders of all channels.

    Args:
        store: an open store; the outbox is in its system space.
        transports: by the channel's name.
        clock: decides what is due; waiting itself takes real time.
        on_trouble: see ``Trouble``; None = trouble goes to the log alone.
    """

    def __init__(
        self, store: Store, transports: Mapping[str, Transport], clock: Clock, on_trouble: Trouble | None = None
    ) -> None:
        self._clock = clock
        self._lanes = [Lane(store, name, transports[name], clock, on_trouble) for name in sorted(transports)]
        self._wakers = {lane.channel: asyncio.Event() for lane in self._lanes}

    async def drain(self) -> list[OutboxItem]:
        """Send everything due now, channel by channel in the order of their names, until nothing more is due.

        Not to be called from inside a transport's ``send``.

        Returns:
            each item touched, in its new state ("sent", "waiting", "held" …), in the order first touched.

        Raises:
            StoreError: the outcome of a send could not be written; it counts as undecided the next time.
        """
        touched: dict[int, OutboxItem] = {}
        while changed := [item for lane in self._lanes for item in await lane.work()]:
            touched.update((item.id, item) for item in changed)
        return list(touched.values())

    async def next_due(self) -> datetime | None:
        """When ``drain`` will next have something to send, not before now; None = nothing waits."""
        moments = [moment for lane in self._lanes if (moment := await lane.next_due()) is not None]
        return min(moments, default=None)

    def wake(self, channel: str | None = None) -> None:
        """Say that something was enqueued, on one channel or on any; returns at once."""
        for name, waker in self._wakers.items():
            if channel in (None, name):
                waker.set()

    async def run(self) -> None:
        """Send what becomes due until ``stop``; one task per channel, so that a slow one delays no other."""
        async with asyncio.TaskGroup() as tasks:
            for lane in self._lanes:
                tasks.create_task(self._attend(lane), name=f"outbox {lane.channel}")

    def stop(self) -> None:
        """End for good: ``run`` returns when the messages in the air have their outcome written."""
        for lane in self._lanes:
            lane.stopping = True
        self.wake()

    async def _attend(self, lane: Lane) -> None:
        waker = self._wakers[lane.channel]
        while not lane.stopping:
            waker.clear()
            seconds = await self._round(lane)
            try:
                await asyncio.wait_for(waker.wait(), timeout=seconds)
            except TimeoutError:
                continue

    async def _round(self, lane: Lane) -> float:
        """Send what is due; returns how many seconds to sleep."""
        try:
            if any(item.told for item in await lane.work()):
                self.wake()  # the note about a trouble may go through another lane
            due = await lane.next_due()
        except Exception:  # a full disk or a defect must not end the channel for good
            log.exception("outbox.round_failed", channel=lane.channel)
            return AFTER_A_DEFECT
        if due is None:
            return LONGEST_SLEEP
        return min(LONGEST_SLEEP, max(SHORTEST_SLEEP, (due - self._clock.now()).total_seconds()))
