"""How often something may be asked for in a minute."""

from collections import OrderedDict, deque

from bot.clock import Clock

MOST_KEYS = 4096
"""Keys that are remembered; who has not asked for longest is forgotten first."""


class Pace:
    """Lets so many a minute through.

    Args:
        per_minute: how many.
    """

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._asked: deque[float] = deque()

    def allows(self) -> bool:
        """Whether one more may pass now; one that may is counted."""
        now = self._clock.now().timestamp()
        while self._asked and not now - 60 < self._asked[0] <= now:
            self._asked.popleft()
        if len(self._asked) >= self._per_minute:
            return False
        self._asked.append(now)
        return True


class Paces:
    """A pace for each key."""

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._held: OrderedDict[str, Pace] = OrderedDict()

    def allows(self, key: str) -> bool:
        """Whether one more of ``key`` may pass now."""
        pace = self._held.setdefault(key, Pace(self._per_minute, self._clock))
        self._held.move_to_end(key)
        if len(self._held) > MOST_KEYS:
            self._held.popitem(last=False)
        return pace.allows()
