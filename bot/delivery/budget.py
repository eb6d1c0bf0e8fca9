"""What a platform gives a whole school in a month, and whether it is nearly gone.

DingTalk counts calls "Webhook & Stream" and API calls (open.dingtalk.com, billing model, 2026-05); all apps and robots
of the organisation share them. We know our own share alone: the school's is never smaller.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.delivery.logbook import Call, Logbook

NEARLY = 0.8
"""The share of a month after which the program is thrifty with what is left."""

GATHER = timedelta(minutes=30)
"""How long posts into one conversation then wait for each other, to go as one message."""

NAMES: Mapping[Call, str] = {"webhook": "Webhook 和 Stream", "api": "API"}
"""What the platform's console calls them."""


@dataclass(frozen=True)
class Share:
    """The channels that draw on one school's month.

    Attributes:
        channels: their names.
        limits: calls a month by kind; 0 = as many as one likes.
    """

    channels: tuple[str, ...]
    limits: Mapping[Call, int]

    def low(self, used: Mapping[Call, int]) -> list[Call]:
        """The kinds of call that are nearly gone, given how many were made."""
        return [kind for kind, most in self.limits.items() if most and used.get(kind, 0) >= most * NEARLY]

    def told(self, used: Mapping[Call, int]) -> str:
        """How much of it is used, as a person reads it."""
        parts = [f"{NAMES[kind]} {used.get(kind, 0)}/{most}" for kind, most in self.limits.items() if most]
        return "\uff0c".join(parts) or "不限次数"


class Budget:
    """A share at this moment, counted by the running program."""

    def __init__(self, share: Share, logbook: Logbook) -> None:
        self.share = share
        self._logbook = logbook

    @property
    def used(self) -> dict[Call, int]:
        """This month's calls by kind."""
        return self._logbook.calls(self.share.channels)

    def low(self, kind: Call) -> bool:
        """Whether calls of this kind are nearly gone."""
        return kind in self.share.low(self.used)
