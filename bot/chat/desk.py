"""What messages led to, as a handler sees it: what others were told and could not be delivered for certain (feature
F11), and what is taken back (F3). The outbox and the marks of what was handled stand behind it."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from bot.domain.undo import Done


class Pending(NamedTuple):
    """A message that may or may not have arrived. ``text`` is its first line; ``until`` when it goes by itself."""

    id: int
    to: str
    text: str
    at: datetime | None
    until: datetime | None


class Desk(Protocol):
    """The messages of the speaker's group."""

    async def held(self) -> list[Pending]:
        """What waits for a decision, oldest first."""
        ...

    async def resend(self, pending: Pending) -> None:
        """Send it once more. Raises ``Refused`` when it has been dealt with, or nobody needs it any more."""
        ...

    async def give_up(self, pending: Pending) -> None:
        """Drop it. Raises ``Refused`` when it has been dealt with."""
        ...

    async def last_done(self, who: str) -> Done | None:
        """The last thing that a member of this name did in the group; None = nothing in the last days."""
        ...

    async def mark_taken_back(self, who: str) -> None:
        """Note that the last thing ``who`` did is undone: it cannot be a second time, and how it is undone goes."""
        ...

    async def call_back(self, posts: Sequence[int]) -> frozenset[str]:
        """Stop or recall what an undone command had others told.

        Args:
            posts: ids of messages, from ``last_done``.

        Returns:
            who has certainly not been told: members' names, and "group"; those of another group of the school as
            "key/name".
        """
        ...
