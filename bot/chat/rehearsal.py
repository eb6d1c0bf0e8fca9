"""What would be said by itself, told beforehand: the words a rehearsal is spoken of in.

bot/scheduling/rehearsal.py makes it with the code of the real run; the app hands a handler the way to ask.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.chat.transport import OutgoingKind
from bot.content import Content
from bot.domain.groups import Group
from bot.storage import Transaction

GROUP = "group"
SOMEBODY = "〔姓名〕"
MOST_NAMES = 3


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
        return self.to != GROUP


@dataclass(frozen=True)
class Gathered:
    """The same words to several people at one moment, or one post; ``text`` then has ``SOMEBODY`` for each name.

    Attributes:
        to: "group", or the members in order.
    """

    at: datetime
    to: tuple[str, ...]
    kind: OutgoingKind
    text: str
    why: tuple[str, ...]

    @property
    def private(self) -> bool:
        """Whether it goes to persons."""
        return GROUP not in self.to

    @property
    def readers(self) -> str:
        """ "群里", "王老师", "王老师、张老师、赵老师等 7 人"."""
        if not self.private:
            return "群里"
        more = f"等 {len(self.to)} 人" if len(self.to) > MOST_NAMES else ""
        return f"{'、'.join(self.to[:MOST_NAMES])}{more}"


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

    def gathered(self, mention: str = "") -> list[Gathered]:
        """Its posts, those of the same words to several people as one.

        Args:
            mention: what a reader in the group puts before a command.
        """
        found: dict[tuple[object, ...], list[Rehearsed]] = {}
        for post in self.posts:
            words = _plain(post, mention).replace(post.to, SOMEBODY) if post.private else _plain(post, mention)
            found.setdefault((post.at, post.private, words, post.why), []).append(post)
        return [_gathered(same, str(key[2]), mention) for key, same in found.items()]


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

    @property
    def most_cards(self) -> int:
        """Cards in the week that has most."""
        return max((sum(post.kind == "card" for post in week.posts) for week in self.weeks), default=0)

    @property
    def most_notes(self) -> int:
        """Private notes to one person in the week that has most."""
        counts = [Counter(post.to for post in week.posts if post.private) for week in self.weeks]
        return max((number for count in counts for number in count.values()), default=0)


class Rehearse(Protocol):
    """Tells what would be posted from now on if nobody did anything."""

    async def __call__(self, tx: Transaction, group: Group, last: datetime) -> Sequence[Rehearsed]:
        """Everything a group would be told up to ``last``; leaves the open transaction ``tx`` as it is."""
        ...


def _plain(post: Rehearsed, mention: str) -> str:
    return post.content.plain("" if post.private else mention)


def _gathered(same: list[Rehearsed], words: str, mention: str) -> Gathered:
    one = same[0]
    text = words if len(same) > 1 else _plain(one, mention)
    return Gathered(one.at, tuple(post.to for post in same), one.kind, text, one.why)
