"""What is cleared away at night, in small bites so that nobody waits for it."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from bot.clock import Clock
from bot.domain.people import SYSTEM
from bot.storage import Records, Store

Clear = Callable[[Records, datetime, int], Awaitable[int]]

BITE = 2_000  # rows in one transaction; each bite looks through the whole table
SPACE = "housekeeping"
"""Its own lock: the system space is not held, so that messages go on being handled."""

log = structlog.get_logger()


class Housekeeping:
    """Runs every clearing until nothing is left to clear.

    Args:
        clearings: by name; each removes up to ``most`` rows of the system space that are old at ``now`` and returns
            how many it removed.
    """

    def __init__(self, store: Store, clock: Clock, clearings: dict[str, Clear]) -> None:
        self.store = store
        self.clock = clock
        self.clearings = clearings

    async def run(self) -> dict[str, int]:
        """Clear everything that is old; returns how many rows went, by name."""
        gone = {}
        for name, clear in self.clearings.items():
            try:
                gone[name] = await self._clear(clear)
            except Exception:  # the others are cleared all the same, and this one is tried again tomorrow
                log.exception("housekeeping.failed", clearing=name)
        log.info("housekeeping", **gone)
        return gone

    async def _clear(self, clear: Clear) -> int:
        total = 0
        while True:
            async with self.store.transaction(SPACE) as tx:
                removed = await clear(tx.within(SYSTEM), self.clock.now(), BITE)
            total += removed
            if removed < BITE:
                return total
