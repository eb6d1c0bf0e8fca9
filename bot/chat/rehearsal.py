"""What would be said by itself, told beforehand: the words a rehearsal is spoken of in.

bot/scheduling/rehearsal.py makes it with the code of the real run; the app hands a handler the way to ask.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.chat.transport import OutgoingKind
from bot.content import Content
from bot.domain.groups import Group
from bot.storage import Transaction


@dataclass(frozen=True)
class Rehearsed:
    """Something that would be posted.

    Attributes:
        group: the group's name.
        to: "group", or the name of the member who would be told privately.
        channel: the channel it would go through.
        why: the occurrences merged into it.
    """

    at: datetime
    group: str
    to: str
    kind: OutgoingKind
    content: Content
    why: tuple[str, ...]
    channel: str = ""

    @property
    def private(self) -> bool:
        """Whether one person alone would read it."""
        return self.to != "group"


@dataclass(frozen=True)
class Week:
    """A school week of a rehearsal.

    Attributes:
        label: "第3周", "准备周".
        unpublished: a post falls on a day whose year's holidays are not published.
    """

    label: str
    first: date
    last: date
    unpublished: bool
    posts: tuple[Rehearsed, ...]


@dataclass(frozen=True)
class Programme:
    """Everything a group would be told in a span, week by week, both days included.

    Attributes:
        weeks: those in which something would be said.
        remarks: what the reader has to know of it, sentences: holidays not published, a term without arrangements.
    """

    group: str
    first: date
    last: date
    weeks: tuple[Week, ...]
    remarks: tuple[str, ...]

    @property
    def posts(self) -> list[Rehearsed]:
        """All of them in order."""
        return [post for week in self.weeks for post in week.posts]


class Rehearse(Protocol):
    """Tells what would be posted from now on if nobody did anything."""

    async def __call__(self, tx: Transaction, group: Group, last: datetime) -> Sequence[Rehearsed]:
        """Everything a group would be told up to ``last``; leaves the open transaction ``tx`` as it is."""
        ...
