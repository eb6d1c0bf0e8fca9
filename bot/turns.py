"""Long work on the event loop gives way: an answer to somebody goes before a report or a rehearsal.

Whatever goes through a long list calls ``give_way`` every few milliseconds. An answer lets everybody have one turn
then; what is declared to be ``behind_others`` lets them have several, so that an answer that needs a dozen turns does
not wait for a dozen pieces of a report.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

BEHIND = 16
"""Turns of others for one of what stands behind them."""

PATIENCE = 0.02
"""Seconds after which it goes on all the same: a report is made in time also while everybody writes."""

_turns: ContextVar[int] = ContextVar("turns", default=1)


async def give_way() -> None:
    """Let others run."""
    loop = asyncio.get_running_loop()
    until = loop.time() + PATIENCE
    for _ in range(_turns.get()):
        await asyncio.sleep(0)
        if loop.time() > until:
            return


@contextmanager
def behind_others() -> Iterator[None]:
    """What this task does in the block can wait."""
    before = _turns.set(BEHIND)
    try:
        yield
    finally:
        _turns.reset(before)
