"""``run``: the bot in earnest. It hears the platforms, the alarm runs the calendar, the sender empties the outbox."""

import argparse
import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

import structlog
from aiohttp import ClientSession, TCPConnector, web

from bot.app import Bot, assemble
from bot.chat.receiving import Receiving
from bot.chat.transport import Link
from bot.cli import channels
from bot.cli.house import configured, data_folder, opened
from bot.cli.signals import stopped
from bot.clock import SystemClock
from bot.config import Config
from bot.delivery.calendar_links import CalendarLinks
from bot.delivery.file_links import FileLinks
from bot.delivery.group_links import GroupLinks
from bot.delivery.logbook import Logbook
from bot.delivery.page_addresses import PageAddresses
from bot.footprint import forget_loading
from bot.reports.press import apart
from bot.scheduling.alarm import Alarm
from bot.scheduling.backups import Backups
from bot.scheduling.filing import Filing
from bot.storage import Store
from bot.storage.blobs import Blobs
from bot.web.board.gate import BoardGate
from bot.web.calendars import CalendarPages
from bot.web.callbacks import Callbacks, Receive
from bot.web.files import FilePages
from bot.web.health import make_app
from bot.web.server import serving

if TYPE_CHECKING:
    from bot.web.board.site import BoardPages

SELDOM = (10_000, 50, 50)
"""When the collector looks for what nobody needs any more: so often that each look takes a millisecond, and hardly ever
at what has stayed for long."""

AFTER_A_DEFECT = 5.0
"""Seconds until a connection that ended by a defect is begun anew."""

log = structlog.get_logger()


async def run(arguments: argparse.Namespace) -> int:
    """Run until SIGTERM or SIGINT, then finish what is in flight and exit with 0."""
    forget_loading()
    config = configured(arguments)
    clock = SystemClock()
    async with opened(config) as store, _client() as session:
        logbook = Logbook(clock)
        await logbook.read(store)
        connected = channels.connect(config, store, session, clock, logbook)
        blobs = Blobs(data_folder(config))
        calendars = CalendarLinks(data_folder(config), config.server.public_url or "")
        bot = assemble(
            store,
            clock,
            connected.transports,
            logbook,
            Backups(data_folder(config), clock),
            connected.watches,
            Receiving(blobs, connected.fetchers, clock.now),
            Filing(store, blobs, clock),
            PageAddresses(calendars, GroupLinks(data_folder(config))),
            blobs,
            apart,
        )
        links = connected.links(bot.dispatcher, bot.sender)
        app = _app(config, store, connected.receivers(bot.dispatcher), links)
        CalendarPages(calendars, store, clock).add_to(app)
        BoardGate(partial(_board, config, bot)).add_to(app)
        async with _sending(bot), linked(links), serving(app, config.server.host, config.server.port) as port:
            ending = asyncio.create_task(stopped())
            await asyncio.sleep(0)  # SIGTERM is heard from here on, also while the inbox is drained
            gc.set_threshold(*SELDOM)
            gc.collect()
            gc.freeze()  # what was loaded stays: looking through it at each collection would hold up answers
            print(f"listening on http://{config.server.host}:{port}", flush=True)
            await _work(bot, ending)
    return 0


def _client() -> ClientSession:
    """Every request gets a connection of its own: one that has died meanwhile would leave a post undecided."""
    return ClientSession(connector=TCPConnector(force_close=True), trust_env=True)


def _app(config: Config, store: Store, receivers: dict[str, Receive], links: Sequence[Link]) -> web.Application:
    app = make_app(store, links)
    Callbacks(receivers, config.server.trusted_proxies).add_to(app)
    folder, clock = data_folder(config), SystemClock()
    FilePages(FileLinks(folder, config.server.public_url or "", clock), folder, clock).add_to(app)
    return app


def _board(config: Config, bot: Bot) -> "BoardPages":
    from bot.web.board.page import House
    from bot.web.board.public import GroupPages
    from bot.web.board.session import Sessions
    from bot.web.board.site import BoardPages

    names = {channel.name: channel.bot_name for channel in config.channels}
    secure = (config.server.public_url or "").startswith("https://")
    folder = data_folder(config)
    house = House(bot.clock, bot.dispatcher.receive, bot.engine.programme, names, apart, Blobs(folder), folder)
    public = GroupPages(bot.store, bot.clock, GroupLinks(folder))
    return BoardPages(bot.store, Sessions(folder), house, public, secure=secure)


@asynccontextmanager
async def _sending(bot: Bot) -> AsyncIterator[None]:
    """The outbox is emptied and what was ordered is made meanwhile; at the end, when nothing can come in any more, what
    is in flight is finished. Slow work is left for the next start."""
    sending = asyncio.create_task(bot.sender.run())
    making = asyncio.create_task(bot.workshop.run()) if bot.workshop else None
    try:
        yield
    finally:
        await bot.dispatcher.settle()
        if making:
            making.cancel()
            await asyncio.wait({making})
        bot.sender.stop()
        await sending
        await bot.close()


@asynccontextmanager
async def linked(links: Iterable[Link]) -> AsyncIterator[None]:
    """The connections are kept open meanwhile."""
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(_kept(link), name=f"link {link.name}") for link in links]
        try:
            yield
        finally:
            for task in running:
                task.cancel()


async def _kept(link: Link) -> None:
    """A defect in one connection must not end the bot, nor the connection for good."""
    while True:
        try:
            await link.run()
        except Exception:  # whatever it was, the group would go unheard
            log.exception("link.failed", channel=link.name)
        await asyncio.sleep(AFTER_A_DEFECT)


async def _work(bot: Bot, ending: Awaitable[None]) -> None:
    await bot.dispatcher.drain()
    alarm = Alarm(bot.tick, bot.nightly, bot.clock.zone)
    alarm.start()
    try:
        await ending
    finally:
        alarm.stop()
