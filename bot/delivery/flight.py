"""A message on its way through the dispatcher, as those see it who wait for its outcome."""

import asyncio
from dataclasses import dataclass, field
from functools import partial

from bot.chat.receiving import Received
from bot.delivery.outcome import Outcome


@dataclass(eq=False)
class Flight:
    """A message being handled.

    Attributes:
        late: its platform was acknowledged without an answer, which therefore goes through the outbox.
        decided: which way the answer goes is part of a commit under way; ``late`` comes too late now.
        received: its files, once they are fetched.
    """

    task: asyncio.Task[Outcome]
    sender: str
    late: bool = False
    decided: bool = False
    received: tuple[Received, ...] | None = field(default=None)

    async def over(self, patience: float) -> bool:
        """Wait until it is done with, ``patience`` seconds at most; whoever gives up waiting does not stop it."""
        loop = self.task.get_loop()
        woken = loop.create_future()
        wake = partial(_wake, woken)
        self.task.add_done_callback(wake)
        timer = loop.call_later(patience, wake)
        try:
            await woken
        finally:
            timer.cancel()
            self.task.remove_done_callback(wake)
        return self.task.done()


def _wake(waiting: "asyncio.Future[None]", *_over: object) -> None:
    if not waiting.done():
        waiting.set_result(None)
