"""From the channels of config.toml to what listens and what speaks: the one table of kinds."""

from collections.abc import Callable

from aiohttp import ClientSession

from bot.cli import dingtalk_channels, wecom_channels
from bot.cli.house import data_folder
from bot.cli.wiring import Channels, House
from bot.clock import Clock
from bot.config import Channel, Config
from bot.delivery.file_links import FileLinks
from bot.delivery.files import Files
from bot.delivery.logbook import Logbook
from bot.platforms.links import TIMING, Timing
from bot.storage import Store

# Kinds that answer and cannot speak first: their groups' posts need another channel.
ANSWERS_ONLY = frozenset({"wecom-callback"})

KINDS: dict[str, Callable[[Channels, Channel, House], None]] = {
    "dingtalk-callback": dingtalk_channels.callback,
    "dingtalk-robot": dingtalk_channels.robot,
    "dingtalk-stream": dingtalk_channels.stream,
    "wecom-callback": wecom_channels.callback,
    "wecom-connection": wecom_channels.connection,
    "wecom-robot": wecom_channels.robot,
}


def connect(
    config: Config, store: Store, session: ClientSession, clock: Clock, logbook: Logbook, timing: Timing = TIMING
) -> Channels:
    """Build both halves of every channel.

    Args:
        session: an open HTTP client, closed by whoever made it.
        logbook: learns what the channels hear and use.
        timing: of the connections kept open; shorter in tests.
    """
    found = Channels()
    folder = data_folder(config)
    links = FileLinks(folder, config.server.public_url or "", clock)
    budgets = dingtalk_channels.budgets(found, config.channels, store, logbook, clock)
    house = House(store, session, clock, config.server.replay_window, logbook, Files(folder), timing, links, budgets)
    for channel in config.channels:
        KINDS[channel.kind](found, channel, house)
    return found
