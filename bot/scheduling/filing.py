"""The groups' files at night: what nobody decided on or somebody put away goes, its record first, then its bytes.

With it goes what earlier versions kept in the groups and nothing asks for any more.
"""

import asyncio

import structlog

from bot.clock import Clock
from bot.domain import form_templates, resources, undo
from bot.domain.groups import GROUP_SPACE
from bot.storage import Store
from bot.storage.blobs import Blobs

log = structlog.get_logger()


class Filing:
    """Clears the groups' files of an open store; the bytes go some days after the record (``Blobs.clear``)."""

    def __init__(self, store: Store, blobs: Blobs, clock: Clock) -> None:
        self._store = store
        self._blobs = blobs
        self._clock = clock

    async def run(self) -> int:
        """Clear now; returns how many files went. A failure is logged, and it is tried again the next night."""
        wanted: set[str] = set()
        now = self._clock.now()
        try:
            for space in [space async for space in self._store.spaces()]:
                if space.startswith(GROUP_SPACE):
                    async with self._store.transaction(space) as tx:
                        wanted |= await resources.forget(tx, now) | await form_templates.paths(tx)
                        await undo.forget_marks(tx)
            gone = await asyncio.to_thread(self._blobs.clear, wanted, now)
        except Exception:  # the night's other work is done all the same
            log.exception("filing.failed")
            return 0
        log.info("filing", removed=gone, kept=len(wanted))
        return gone
