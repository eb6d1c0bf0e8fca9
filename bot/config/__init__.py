"""config.toml: its model, and ``load``. Every error names the key, what is allowed and an example, in Chinese.

Schools, groups and people in the file are seeds of the first start; afterwards the store wins.
"""

from bot.config.channels import (
    Channel,
    DingTalkApp,
    DingTalkRobot,
    WeComCallback,
    WeComConnection,
    WeComRobot,
)
from bot.config.model import Bells, Config, Group, Person, Privacy, School, Server, Store, Swap, Term
from bot.config.reading import load

__all__ = [
    "Bells",
    "Channel",
    "Config",
    "DingTalkApp",
    "DingTalkRobot",
    "Group",
    "Person",
    "Privacy",
    "School",
    "Server",
    "Store",
    "Swap",
    "Term",
    "WeComCallback",
    "WeComConnection",
    "WeComRobot",
    "load",
]
