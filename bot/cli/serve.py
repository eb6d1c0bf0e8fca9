"""``run``: the bot in earnest. It serves its health, the alarm runs the calendar, the sender empties the outbox."""

import argparse
import asyncio

from aiohttp import web

from bot.app import Bot, assemble
from bot.cli.house import configured, opened
from bot.cli.play import stopped
from bot.clock import SystemClock
from bot.config import Config
from bot.errors import ConfigError
from bot.scheduling.alarm import Alarm
from bot.web.health import make_app


async def run(arguments: argparse.Namespace) -> int:
    """Run until SIGTERM or SIGINT, then finish what is in flight and exit with 0."""
    config = configured(arguments)
    _check_channels(config)
    async with opened(config) as store:
        bot = assemble(store, SystemClock(), {})
        runner = web.AppRunner(make_app(store), access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, config.server.host, config.server.port)
        await site.start()
        print(f"listening on http://{config.server.host}:{runner.addresses[0][1]}", flush=True)
        try:
            await _work(bot)
        finally:
            await runner.cleanup()
    return 0


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


def _check_channels(config: Config) -> None:
    """Say at once what this version cannot do, instead of staying silent in somebody's group.

    Raises:
        ConfigError: a channel is configured.
    """
    for channel in config.channels:
        raise ConfigError(f"channels.{channel.name}：这一版还不能连接 {channel.kind}。先用 python -m bot try 试用。")
