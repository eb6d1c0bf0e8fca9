"""The alarm clock: APScheduler rings every minute and once a night; what is due is decided elsewhere.

Its own misfire handling is switched off: the engine knows from the ledger what was missed, however late it wakes.
"""

import asyncio
from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger

Ring = Callable[[], Awaitable[None]]

# Off the full minute: everybody's programs speak at :00, and platforms ask to keep away from it.
TICK_SECOND = 17
NIGHT_HOUR, NIGHT_MINUTE = 3, 23
JITTER = 8  # seconds a tick may be moved, so that many installations do not speak at once

log = structlog.get_logger()


class Alarm:
    """Calls ``tick`` every minute and ``nightly`` once a night, never two of the same at a time.

    Args:
        tick, nightly: what to call; an error is logged and the next ring comes all the same.
        zone: the school's.
        every: when to tick; None = every minute.
    """

    def __init__(self, tick: Ring, nightly: Ring, zone: ZoneInfo, every: BaseTrigger | None = None) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone=zone, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        minute = every or CronTrigger(second=TICK_SECOND, timezone=zone, jitter=JITTER)
        night = CronTrigger(hour=NIGHT_HOUR, minute=NIGHT_MINUTE, timezone=zone)
        self._scheduler.add_job(_safely(tick), minute, id="tick")
        self._scheduler.add_job(_safely(nightly), night, id="nightly")

    def start(self) -> None:
        """Begin to ring; needs a running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Ring no more. A ring under way is cut off; what it has not committed is decided at the next start."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)


def _safely(ring: Ring) -> Ring:
    name = getattr(ring, "__qualname__", repr(ring))

    async def rung() -> None:
        try:
            await ring()
        except Exception:  # the alarm goes on; the log has the trace
            log.exception("alarm.failed", ring=name)
        except asyncio.CancelledError:  # by ``stop``, at the end; APScheduler would tell it as a defect
            log.info("alarm.cut_off", ring=name)

    return rung
