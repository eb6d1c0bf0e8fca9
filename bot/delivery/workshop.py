"""Makes what was ordered (bot/delivery/orders.py), one piece after the other, beside the event loop.

Nothing is remembered here: stop it anywhere, start another on the same store, and it begins with the oldest order.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from bot.chat.reply import message
from bot.clock import Clock
from bot.content import Content, File
from bot.delivery.incidents import incident_number
from bot.delivery.orders import Order, fulfil
from bot.domain import groups
from bot.domain.file_kinds import ending_of, media_type, safe_name
from bot.domain.groups import space_of
from bot.domain.people import SYSTEM
from bot.errors import Conflict, Refused, StoreError, UserError
from bot.reports.making import Draw, FromFiles, Made, MadeFile, maker_of
from bot.reports.press import here
from bot.storage import Store
from bot.storage.blobs import Blobs
from bot.turns import behind_others

MOST_ATTEMPTS = 3
"""Beginnings of one order; it is given up when the program has died in each of them."""

SECONDS = 60.0
"""For one order; a year of a group's records takes three."""

LONGEST_SLEEP = 60.0
"""Seconds after which ``run`` looks again by itself."""

Press = Callable[[Awaitable[Draw]], Awaitable[Made]]
"""Runs what was gathered to draw, off the event loop; raises as bot/reports/press.py says."""

log = structlog.get_logger()


class Workshop:
    """One worker.

    Args:
        blobs: where made files are kept; nobody points to them, so that they go some days later (``Blobs.clear``).
        wake: called when a result is in the outbox.
        press: draws what was gathered: ``apart`` where others are answered meanwhile, ``here`` else.
    """

    def __init__(self, store: Store, blobs: Blobs, clock: Clock, wake: Callable[[], None], press: Press = here) -> None:
        self._store = store
        self._blobs = blobs
        self._clock = clock
        self._sent = wake
        self._press = press
        self._woken = asyncio.Event()
        self._turn = asyncio.Lock()

    def wake(self) -> None:
        """Say that something may have been ordered; returns at once."""
        self._woken.set()

    async def run(self) -> None:
        """Make what is ordered until cancelled; what is cut off then is made at the next start."""
        while True:
            self._woken.clear()
            try:
                await self.drain()
            except StoreError as error:  # nothing can be written now; the orders wait
                log.warning("workshop.store", error=str(error))
            except Exception:  # a defect outside the makers must not end the workshop for good
                log.exception("workshop.failed")
            try:
                await asyncio.wait_for(self._woken.wait(), LONGEST_SLEEP)
            except TimeoutError:
                continue

    async def drain(self) -> int:
        """Make everything ordered, oldest first, until nothing more is; returns how many.

        Raises:
            StoreError: the store takes nothing; what is left stays ordered.
        """
        made = 0
        async with self._turn:
            while order := await self._next():
                await self._finish(order, await self._result(order))
                self._sent()
                made += 1
        return made

    async def _next(self) -> Order | None:
        """The oldest order, its attempt counted durably before anything can go wrong in it."""
        async with self._store.glance(SYSTEM) as tx:
            if not await tx.count(Order):
                return None
        async with self._store.transaction(SYSTEM) as tx:
            waiting = await tx.scan(Order)
            if not waiting:
                return None
            return await tx.update(waiting[0].model_copy(update={"attempts": waiting[0].attempts + 1}))

    async def _result(self, order: Order) -> Content:
        """What its asker is told, whatever happens to the work.

        Raises:
            ReadOnly: the store has stopped, and the result could not be told anyway.
        """
        if order.attempts > MOST_ATTEMPTS:
            return _incident(order)
        try:
            async with asyncio.timeout(SECONDS):
                made = await self._press(self._gathered(order))
                return await asyncio.to_thread(self._kept, made)
        except UserError as error:
            return message(*error.lines)
        except Exception:
            if not self._store.healthy:
                raise
            return _incident(order)

    async def _gathered(self, order: Order) -> Draw:
        """What there is to draw. Nobody's turn is waited for or held meanwhile: a look, as at the time of the order."""
        maker = await asyncio.to_thread(maker_of, order.job.what)  # the first one loads them all
        if maker is None:
            raise Refused(f"{order.job.label}是程序升级前要的，没有做。", "请再发一次。")
        async with self._store.glance(space_of(order.group)) as tx:
            group = await groups.load(tx, order.group, order.created or self._clock.now())
            with behind_others():
                found = await maker(group, order.who, **json.loads(order.job.arguments))
        return partial(found.draw, self._blobs.read) if isinstance(found, FromFiles) else found

    def _kept(self, made: Made) -> Content:
        files = tuple(map(self._file, made.files))
        return message(*made.lines).model_copy(update={"files": files, "actions": made.actions})

    def _file(self, made: MadeFile) -> File:
        name = safe_name(made.name)
        return File(name=name, path=self._blobs.put(made.data, ending_of(name)), media_type=media_type(name))

    async def _finish(self, order: Order, result: Content) -> None:
        try:
            async with self._store.transaction(SYSTEM) as tx:
                await fulfil(tx, order, result, self._clock.now())
        except Conflict:  # its message's mark changed meanwhile; the second look is at what is there now
            async with self._store.transaction(SYSTEM) as tx:
                await fulfil(tx, order, result, self._clock.now())


def _incident(order: Order) -> Content:
    number = incident_number()
    log.exception("incident", incident=number, job=order.job.what, group=order.group, attempts=order.attempts)
    text = f"😣 {order.job.label}没有做出来（编号 {number}）。"
    return message(text, "请再要一次；还不行请把编号告诉管理员。")
