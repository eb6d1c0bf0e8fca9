"""One signature, one message. DingTalk signs the moment alone, so a captured pair of headers fits any body.

While the window lasts, whoever has seen one request could speak in another name. A signature is therefore kept to the
messages that came with it before the first of them was answered: two people may write within one millisecond, a
forger comes later. What comes later under another message id is not acted on, and the person, if it was one, is asked
to send it again. Source of the weakness: the algorithm itself (open.dingtalk.com, receive-message, 2025-12).
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import Clock


@dataclass
class _Use:
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
        self._uses: OrderedDict[str, tuple[datetime, _Use]] = OrderedDict()

    def admits(self, timestamp: str, message: str) -> bool:
        """Whether ``message`` (its id) may come with the signature of ``timestamp`` (as it stood in the header)."""
        now = self._clock.now()
        self._forget(now)
        use = self._uses.setdefault(timestamp, (now, _Use()))[1]
        if message in use.messages or use.answered is None or now <= use.answered:
            use.messages.add(message)
            return True
        return False

    def answered(self, timestamp: str) -> None:
        """A message with this signature has its answer: the next one must have been here before."""
        known = self._uses.get(timestamp)
        if known and known[1].answered is None:
            known[1].answered = self._clock.now()

    def _forget(self, now: datetime) -> None:
        while self._uses and now - next(iter(self._uses.values()))[0] > self._kept_for:
            self._uses.popitem(last=False)
