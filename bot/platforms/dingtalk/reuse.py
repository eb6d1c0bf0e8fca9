"""One signature, one message. DingTalk signs the moment alone, so a captured pair of headers fits any body.

While the window lasts, whoever has seen one request could speak in another name. A signature is therefore kept to its
message. Two people may write within one millisecond, though: another message is let in while the first is still being
answered, and for two seconds in a rush, when other messages come at the same time. A forger comes later, or alone.
Source of the weakness: the algorithm itself (open.dingtalk.com, receive-message, 2025-12).
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.platforms.dingtalk.signing import milliseconds

RUSH = 2_000
"""Milliseconds after its moment for which a signature may be shared in a rush."""


GLANCE = 0.1
"""Seconds to wait and see whether there is a rush: when a bot comes back, what waited comes one after the other."""


@dataclass
class _Use:
    """What came with one signature: since when, how many messages had come before it, whether others were under way."""

    since: datetime
    before: int
    crowded: bool
    messages: set[str] = field(default_factory=set)
    answered: datetime | None = None


class UsedSignatures:
    """The signatures of one channel that are still inside the window; kept in memory, as the window is short.

    Args:
        window: seconds a signature is accepted for, on either side of its moment.
    """

    def __init__(self, clock: Clock, window: int) -> None:
        self._clock = clock
        self._kept_for = timedelta(seconds=2 * window)
        self._uses: OrderedDict[str, _Use] = OrderedDict()
        self._came = 0  # different messages, those turned away too
        self._under_way = 0

    async def admits(self, timestamp: str, message: str) -> bool:
        """Whether ``message`` (its id) may come with the signature of ``timestamp`` (as it stood in the header).

        Each one admitted is reported with ``answered`` afterwards.
        """
        now = self._clock.now()
        self._forget(now)
        use = self._uses.setdefault(timestamp, _Use(now, self._came, self._under_way > 0))
        if message not in use.messages:
            self._came += 1
            if not await self._may_share(use, timestamp, now):
                return False
            use.messages.add(message)
        self._under_way += 1
        return True

    def answered(self, timestamp: str) -> None:
        """A message with this signature has its answer."""
        self._under_way -= 1
        known = self._uses.get(timestamp)
        if known and known.answered is None:
            known.answered = self._clock.now()

    async def _may_share(self, use: _Use, timestamp: str, now: datetime) -> bool:
        if use.answered is None or now <= use.answered:
            return True
        if milliseconds(now) - int(timestamp) > RUSH:
            return False
        if use.crowded or self._under_way > 0 or self._came - use.before > len(use.messages) + 1:
            return True
        came = self._came
        await asyncio.sleep(GLANCE)
        return self._came > came

    def _forget(self, now: datetime) -> None:
        while self._uses and now - next(iter(self._uses.values())).since > self._kept_for:
            self._uses.popitem(last=False)
