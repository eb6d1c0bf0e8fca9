"""The one place that wires everything: it finds handlers.* and schedules.* by name and joins the parts."""

import importlib
import pkgutil
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from bot.chat.addresses import Addresses
from bot.chat.commands import Registry
from bot.chat.receiving import Receiving
from bot.chat.transport import Transport
from bot.clock import Clock, MovableClock
from bot.delivery.calendar_links import CalendarLinks
from bot.delivery.group_links import GroupLinks
from bot.delivery.logbook import Logbook
from bot.delivery.outbox import OutboxItem, forget_sent
from bot.delivery.page_addresses import PageAddresses
from bot.delivery.seen import forget_seen
from bot.delivery.sender import Sender
from bot.delivery.workshop import Press, Workshop
from bot.dispatch import Dispatcher
from bot.domain import board_drafts
from bot.domain.subjects import subjects
from bot.jobs import Job, collect
from bot.platforms.wecom.records import forget_slips, forget_streams
from bot.reports.press import here
from bot.scheduling.backups import Backups
from bot.scheduling.engine import Engine
from bot.scheduling.filing import Filing
from bot.scheduling.housekeeping import Clear, Housekeeping
from bot.scheduling.trouble import trouble
from bot.storage import Record, Store, Transaction
from bot.storage.blobs import Blobs
from bot.storage.tiny import TinyStore

if TYPE_CHECKING:
    from bot.simulator.simulation import Playground
    from bot.simulator.transport import Delivery

_FORGET: dict[str, Clear] = {
    "seen": forget_seen,
    "outbox": forget_sent,
    "slips": forget_slips,
    "streams": forget_streams,
    "board_drafts": board_drafts.forget,
}
"""What housekeeping clears away, by the name the log calls it."""


@dataclass
class Bot:
    """The running parts, whoever drives them."""

    store: Store
    clock: Clock
    dispatcher: Dispatcher
    engine: Engine
    sender: Sender
    housekeeping: Housekeeping
    logbook: Logbook
    backups: Backups | None = None
    watches: Sequence[Callable[[], Awaitable[None]]] = ()
    filing: Filing | None = None
    workshop: Workshop | None = None

    async def tick(self) -> None:
        """What the alarm does every minute: decide what is due, and have it sent.

        A store that had to stop writing is read again from its disk first; what waited in the inbox goes on then.
        """
        if not self.store.healthy:
            await self.store.open()
            await self.dispatcher.drain()
        await self.engine.tick()
        self.sender.wake()
        if self.workshop:
            self.workshop.wake()
        await self.logbook.write(self.store)
        if self.backups:
            await self.backups.catch_up()
        for watch in self.watches:
            await watch()

    async def close(self) -> None:
        """What is left to write when nothing is in flight any more."""
        if self.store.healthy:
            await self.logbook.write(self.store)

    async def nightly(self) -> None:
        """What the alarm does once a night: copy everything, then clear away what nobody needs any more."""
        if self.backups:
            await self.backups.run()
        await self.housekeeping.run()
        if self.filing:
            await self.filing.run()


def record_kinds() -> list[type[Record]]:
    """Every kind of record of the house, so that a store can build its indexes while opening."""
    subjects()  # loads all of bot.domain
    found: list[type[Record]] = []
    waiting = list(Record.__subclasses__())
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        found += [kind] if kind.TABLE and kind.__module__.startswith("bot.") else []
    return found


def modules(package: str) -> list[ModuleType]:
    """Every module of a top-level package (``handlers``, ``schedules``), by name."""
    root = importlib.import_module(package)
    return [importlib.import_module(f"{package}.{info.name}") for info in pkgutil.iter_modules(root.__path__)]


@cache
def registry() -> Registry:
    """The commands of ``handlers``; built once in a process, nothing changes in it."""
    return Registry(modules("handlers"))


def jobs() -> list[Job]:
    """What ``schedules`` says by itself."""
    return collect(modules("schedules"))


def assemble(
    store: Store,
    clock: Clock,
    transports: Mapping[str, Transport],
    logbook: Logbook | None = None,
    backups: Backups | None = None,
    watches: Sequence[Callable[[], Awaitable[None]]] = (),
    receiving: Receiving | None = None,
    filing: Filing | None = None,
    addresses: Addresses | None = None,
    blobs: Blobs | None = None,
    press: Press = here,
) -> Bot:
    """Join the parts over an open store.

    Args:
        logbook: the one the channels write to.
        backups: copy the store's folder.
        watches: called every minute; each looks whether somebody has to be told something.
        receiving: fetches what people send.
        filing: clears away what of it nobody needs.
        addresses: of the bot's own pages.
        blobs: where made files are kept; without it what is ordered waits.
        press: draws them.
    """

    async def tell(tx: Transaction, item: OutboxItem) -> None:
        await trouble(tx, item, clock.now())

    sender = Sender(store, transports, clock, tell)
    workshop = Workshop(store, blobs, clock, sender.wake, press) if blobs else None
    engine = Engine(store, jobs(), clock)
    return Bot(
        store=store,
        clock=clock,
        dispatcher=Dispatcher(
            store,
            registry(),
            clock,
            posted=sender.wake,
            ordered=workshop.wake if workshop else lambda: None,
            receiving=receiving,
            rehearse=engine.ahead,
            addresses=addresses,
        ),
        engine=engine,
        sender=sender,
        housekeeping=Housekeeping(store, clock, _FORGET),
        logbook=logbook or Logbook(clock),
        backups=backups,
        watches=watches,
        filing=filing,
        workshop=workshop,
    )


class Playhouse:
    """A playground with its data folder; without ``data`` a temporary one that goes at the end."""

    def __init__(self, data: Path | None, now: datetime | None, *, empty: bool = False, press: Press = here) -> None:
        # Here, not above: `run` has no use for the simulator.
        from bot.simulator import sample
        from bot.simulator.attachments import Attachments
        from bot.simulator.simulation import ABILITIES, Playground
        from bot.simulator.transport import SimulatedTransport

        self._temporary = tempfile.mkdtemp(prefix="beike-") if data is None else None
        self.path = data or Path(str(self._temporary))
        self.store = TinyStore(self.path / "store", kinds=record_kinds())
        clock = MovableClock(now or sample.START)
        transport = SimulatedTransport(sample.CHANNEL, ABILITIES, clock, self._arrived)
        attachments = Attachments(self.path / "store", clock)
        calendars = CalendarLinks(self.path / "store", "")
        bot = assemble(
            self.store,
            clock,
            {sample.CHANNEL: transport},
            receiving=attachments.receiving,
            addresses=PageAddresses(calendars, GroupLinks(self.path / "store")),
            blobs=Blobs(self.path / "store"),
            press=press,
        )
        founder = sample.found_empty if empty else sample.found
        self.playground = Playground(
            self.store,
            clock,
            bot.dispatcher,
            bot.engine,
            transport,
            bot.sender,
            bot.workshop,
            founder,
            self._wipe,
            attachments,
            calendars,
        )

    async def __aenter__(self) -> "Playground":
        """Open the folder, found the school if it is new."""
        await self.store.open()
        await self.playground.open()
        return self.playground

    async def __aexit__(self, *error: object) -> None:
        """Finish what is in flight and let go; a temporary folder is removed."""
        await self.playground.dispatcher.settle()
        await self.store.close()
        if self._temporary:
            shutil.rmtree(self._temporary, ignore_errors=True)

    def _arrived(self, delivery: "Delivery") -> None:
        self.playground.arrived(delivery)

    async def _wipe(self) -> None:
        await self.store.close()
        shutil.rmtree(self.path / "store")
        await self.store.open()
