"""What every connection of our own has in common: how it stands, and how long to wait before the next attempt."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.chat.transport import LinkState
from bot.clock import Clock
from bot.delivery.logbook import Logbook

UNNOTICED = timedelta(seconds=5)
"""A gap so short is the change from one connection to the next: hardly a message falls into it."""


@dataclass(frozen=True)
class Timing:
    """Seconds. Tests make them shorter; nothing else does.

    Attributes:
        connect: for opening a connection, at most.
        silence: without a frame for so long a connection is dead, even when it looks alive.
        look: between two looks at that.
        first, most: the first and the longest wait before another attempt.
        steady: a connection that held so long makes the next wait the first one again.
        linger: how long a connection that was replaced is kept for the acknowledgements under way.
        ping: between two questions whether the other side is still there, where we are the one to ask.
        ack: for the answer to a frame of ours.
        tap: after a tap on a button, until the person is told that the answer takes a while.
    """

    connect: float = 10.0
    silence: float = 60.0
    look: float = 5.0
    first: float = 1.0
    most: float = 30.0
    steady: float = 60.0
    linger: float = 5.0
    ping: float = 30.0
    ack: float = 5.0
    tap: float = 3.5


TIMING = Timing()


class Pauses:
    """The waits between attempts: 1, 2, 4 … seconds up to a limit, without end; each up to a half shorter by chance.

    So a platform that comes back is not stormed by all its clients in one second.
    """

    def __init__(self, timing: Timing) -> None:
        self._timing = timing
        self._failed = 0

    def next(self) -> float:
        """Seconds to wait now."""
        longest = min(self._timing.most, self._timing.first * 2.0 ** min(self._failed, 20))
        self._failed += 1
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - spread, no secret

    def held(self, seconds: float) -> None:
        """A connection held for so long before it ended."""
        if seconds >= self._timing.steady:
            self._failed = 0


class Standing:
    """How a connection stands, said to whoever asks and written into the logbook.

    What was said since it was last up in a former run is gone too; the logbook knows when that was.
    """

    def __init__(self, name: str, clock: Clock, logbook: Logbook) -> None:
        self._name = name
        self._clock = clock
        self._logbook = logbook
        self._lost_at: datetime | None = logbook.alive_before(name)
        self._state = LinkState(up=False, since=clock.now(), reason="还没有连上")

    @property
    def state(self) -> LinkState:
        """See ``Link``."""
        return self._state

    def up(self) -> None:
        """Messages come in from now on."""
        now = self._clock.now()
        missed = self._state.missed
        if self._lost_at is not None and now - self._lost_at > UNNOTICED:
            missed = (self._lost_at, now)
        self._lost_at = None
        self._put(LinkState(up=True, since=self._state.since if self._state.up else now, missed=missed))

    def down(self, reason: str, since: datetime | None = None) -> None:
        """Nothing comes in any more, or still not; ``reason`` is a Chinese sentence.

        Args:
            since: when it was last certainly up, where that is not now: the machine has slept.
        """
        since = (since or self._clock.now()) if self._state.up else self._state.since
        if self._state.up:
            self._lost_at = since
        self._put(LinkState(up=False, since=since, reason=reason, missed=self._state.missed))

    def still(self) -> None:
        """Now and then: a crash later on leaves behind when it was last up."""
        self._logbook.linked(self._name, self._state)

    def _put(self, state: LinkState) -> None:
        self._state = state
        self._logbook.linked(self._name, state)
