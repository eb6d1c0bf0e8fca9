"""``run``: the bot in earnest. It hears the platforms, the alarm runs the calendar, the sender empties the outbox."""

import argparse
import asyncio

from aiohttp import ClientSession, TCPConnector, web

from bot.app import Bot, assemble
from bot.cli import channels
from bot.cli.house import configured, opened
from bot.cli.play import stopped
from bot.clock import SystemClock
from bot.config import Config
from bot.scheduling.alarm import Alarm
from bot.storage import Store
from bot.web.callbacks import Callbacks, Receive
from bot.web.health import make_app


async def run(arguments: argparse.Namespace) -> int:
    """Run until SIGTERM or SIGINT, then finish what is in flight and exit with 0."""
    config = configured(arguments)
    channels.check(config)
    clock = SystemClock()
    async with opened(config) as store, _client() as session:
        connected = channels.connect(config, store, session, clock)
        bot = assemble(store, clock, connected.transports)
        app = _app(config, store, connected.receivers(bot.dispatcher))
        # Compressed bodies are refused, not unpacked: what is small on the wire could be large in memory.
        runner = web.AppRunner(app, access_log=None, auto_decompress=False)
        await runner.setup()
        try:
            site = web.TCPSite(runner, config.server.host, config.server.port)
            await site.start()
            print(f"listening on http://{config.server.host}:{runner.addresses[0][1]}", flush=True)
            await _work(bot)
        finally:
            await runner.cleanup()
    return 0


def _client() -> ClientSession:
    """Every request gets a connection of its own: one that has died meanwhile would leave a post undecided."""
    return ClientSession(connector=TCPConnector(force_close=True), trust_env=True)


def _app(config: Config, store: Store, receivers: dict[str, Receive]) -> web.Application:
    app = make_app(store)
    Callbacks(receivers, config.server.trusted_proxies).add_to(app)
    return app


async def _work(bot: Bot) -> None:
    await bot.dispatcher.drain()
    sending = asyncio.create_task(bot.sender.run())
    alarm = Alarm(bot.tick, bot.nightly, bot.clock.zone)
    alarm.start()
    try:
        await stopped()
    finally:
        alarm.stop()
        await bot.dispatcher.settle()
        bot.sender.stop()
        await sending
