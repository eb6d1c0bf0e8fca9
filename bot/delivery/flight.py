"""A message on its way through the dispatcher, as those see it who wait for its outcome."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from bot.chat.receiving import Received
from bot.delivery.outcome import Outcome


class Patience:
    """Wakes whoever has waited too long. All are equally patient, so one timer is enough for all.

    Args:
        seconds: how long each of them waits.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._waiting: deque[tuple[float, asyncio.Future[None]]] = deque()  # the first to lose patience first
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, loop: asyncio.AbstractEventLoop) -> "asyncio.Future[None]":
        """A future of ``loop`` that is done when somebody sets it, at the latest after ``seconds``."""
        waiter = loop.create_future()
        self._waiting.append((loop.time() + self._seconds, waiter))
        if self._timer is None:
            self._timer = loop.call_later(self._seconds, self._look, loop)
        return waiter

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer, now = None, loop.time()
        while self._waiting and (self._waiting[0][1].done() or self._waiting[0][0] <= now):
            wake(self._waiting.popleft()[1])
        if self._waiting:
            self._timer = loop.call_at(self._waiting[0][0], self._look, loop)


@dataclass(eq=False)
class Flight:
    """A message being handled.

    Attributes:
        key: that of the message.
        task: handles it, and never fails itself.
        outcome, error: what came of it, one or the other.
        late: its platform was acknowledged without an answer, which therefore goes through the outbox.
        decided: which way the answer goes is part of a commit under way; ``late`` comes too late now.
        received: its files, once they are fetched.
        posted: it has changed the outbox.
        ordered: slow work was ordered in it.
        waiting: wakes those who wait for it.
    """

    key: str
    sender: str
    task: "asyncio.Task[None]" = field(init=False)
    outcome: Outcome | None = None
    error: Exception | None = None
    late: bool = False
    decided: bool = False
    posted: bool = False
    ordered: bool = False
    received: tuple[Received, ...] | None = None
    waiting: "list[asyncio.Future[None]]" = field(default_factory=list)

    async def over(self, patience: Patience) -> bool:
        """Wait until it is done with, or patience is at an end; whoever gives up waiting does not stop it."""
        if not self.task.done():
            waiter = patience.begin(self.task.get_loop())
            self.waiting.append(waiter)
            await waiter
        return self.task.done()

    def result(self) -> Outcome:
        """What came of it, once it is over.

        Raises:
            StoreError: nothing is stored.
        """
        if self.error is not None:
            raise self.error
        if self.outcome is None:
            raise RuntimeError(f"the message {self.key} is still in the air")
        return self.outcome

    def landed(self) -> None:
        """It is over: its task ends now."""
        for waiter in self.waiting:
            wake(waiter)


def wake(waiter: "asyncio.Future[None]") -> None:
    """Let somebody go on who has not gone on or given up already."""
    if not waiter.done():
        waiter.set_result(None)
