"""A platform a bot connects to by itself, on loopback, outliving every bot: what was said there, what it led to."""

import random
from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass
from itertools import count

from bot.content import Content
from tests.crash.school import Team

PEOPLE = ("李老师", "王老师", "张老师")
_CHINESE = str.maketrans("0123456789", "春夏秋冬东南西北风雨")
"""Numbers in characters that no time and no item number can be read into."""


@dataclass(frozen=True)
class Said:
    """What somebody said, once; it may be delivered many times."""

    team: Team
    who: str
    text: str
    private: bool


def crowd(number: int, channel: str, size: int = 3) -> tuple[Team, ...]:
    """So many groups of so many people; nobody is in two of them."""
    names = [tuple(f"{PEOPLE[who % 3]}{group * size + who}" for who in range(size)) for group in range(number)]
    return tuple(Team(f"第{group}备课组", channel, "", people) for group, people in enumerate(names))


class Line(ABC):
    """One platform.

    Attributes:
        teams: who talks there.
        said: what, by the platform's message id.
        deliveries: how many there were.
    """

    def __init__(self, teams: tuple[Team, ...]) -> None:
        self.teams = teams
        self.said: dict[str, Said] = {}
        self.deliveries = 0
        self._numbers = count(1)

    @abstractmethod
    async def start(self) -> None:
        """Listen."""

    @abstractmethod
    async def stop(self) -> None:
        """Listen no more."""

    @abstractmethod
    def config(self) -> str:
        """The config.toml of a bot that connects to it."""

    @abstractmethod
    async def until(self, *, up: bool) -> None:
        """Wait until a bot is connected, or none."""

    @abstractmethod
    async def deliver(self, *msgids: str) -> None:
        """Bring messages, perhaps not for the first time."""

    @property
    @abstractmethod
    def acked(self) -> set[str]:
        """What the bot has answered for: it must be in the store."""

    @property
    @abstractmethod
    def owed(self) -> set[str]:
        """What the platform will bring again."""

    @property
    @abstractmethod
    def certain(self) -> set[str]:
        """What must be in the store at the end; anything else said may be."""

    @abstractmethod
    async def answer(self, msgid: str) -> str:
        """The text of the answer, once there is one."""

    @abstractmethod
    def posts(self, team: Team) -> Counter[str]:
        """The texts that stand in a group, and how often."""

    @property
    @abstractmethod
    def shown(self) -> int:
        """How many messages stand in all chats."""

    @property
    @abstractmethod
    def unfinished(self) -> int:
        """How many of them still say that they are being worked on."""

    @abstractmethod
    def rendered(self, content: Content) -> str:
        """A group's message as it stands there."""

    @abstractmethod
    def gather(self) -> list[float]:
        """Forget what was answered; the seconds each answer took."""

    def message(self, team: Team, who: str, text: str, *, private: bool) -> str:
        """Write down what somebody says; its id."""
        msgid = f"m{next(self._numbers):06}"
        self.said[msgid] = Said(team, who, text, private)
        return msgid

    async def speak(self, routines: dict[str, str]) -> None:
        """One group says the next things, some of it twice at once, and something that was answered comes again.

        Args:
            routines: the number of what is moved about, by the group's name.
        """
        team = random.choice(self.teams)  # noqa: S311 - any of them
        leader, *members = team.people
        place = f"阅览室{next(self._numbers):06}".translate(_CHINESE)
        said = [self.message(team, leader, f"/日程 改 {routines[team.name]} 地点\uff1a{place}", private=True)]
        for name in members:
            text = f"/反思 第{next(self._numbers):06}条记录\uff0c导入太长\uff0c下次三分钟内进入文本"
            said.append(self.message(team, name, text, private=random.random() < 0.5))  # noqa: S311
        said += [msgid for msgid in said if random.random() < 0.1]  # noqa: S311 - any of them
        known = sorted(self.acked)
        await self.deliver(*said, *([random.choice(known)] if known else []))  # noqa: S311

    async def bring_again(self, most: int = 10**6) -> int:
        """What is owed, a hundred at a time, so many at most; how many messages that were."""
        owed = sorted(self.owed)[-most:]
        for some in (owed[start : start + 100] for start in range(0, len(owed), 100)):
            await self.deliver(*some)
            await self.taken(set(some))
        return len(owed)

    @abstractmethod
    async def taken(self, msgids: set[str]) -> None:
        """Wait a while for these to be answered for, where that can be expected."""
