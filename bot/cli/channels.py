"""From the channels of config.toml to what listens and what speaks: the one table of kinds."""

from collections.abc import Mapping
from pkgutil import resolve_name

from aiohttp import ClientSession

from bot.cli.house import data_folder
from bot.cli.wiring import Channels, House
from bot.clock import Clock
from bot.config import Config
from bot.delivery.budget import Budget
from bot.delivery.file_links import FileLinks
from bot.delivery.files import Files
from bot.delivery.logbook import Logbook
from bot.platforms.links import TIMING, Timing
from bot.storage import Store

# Kinds that answer and cannot speak first: their groups' posts need another channel.
ANSWERS_ONLY = frozenset({"wecom-callback"})

# A school has one platform: the other's modules are not loaded.
KINDS = {
    "dingtalk-callback": "bot.cli.dingtalk_channels:callback",
    "dingtalk-robot": "bot.cli.dingtalk_channels:robot",
    "dingtalk-stream": "bot.cli.dingtalk_channels:stream",
    "wecom-callback": "bot.cli.wecom_channels:callback",
    "wecom-connection": "bot.cli.wecom_channels:connection",
    "wecom-robot": "bot.cli.wecom_channels:robot",
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
    budgets = _budgets(found, config, store, logbook, clock)
    house = House(store, session, clock, config.server.replay_window, logbook, Files(folder), timing, links, budgets)
    for channel in config.channels:
        resolve_name(KINDS[channel.kind])(found, channel, house)
    return found


def _budgets(found: Channels, config: Config, store: Store, logbook: Logbook, clock: Clock) -> Mapping[str, Budget]:
    """What is left of the month by channel, where a platform counts."""
    if not any(channel.kind.startswith("dingtalk") for channel in config.channels):
        return {}
    from bot.cli.dingtalk_channels import budgets

    return budgets(found, config.channels, store, logbook, clock)
