"""The decorator of schedules/: what falls due, when the group or a person hears of it, and until when that is useful.

A job's function builds the text at the moment of posting and may return None: who has done it is not asked again.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import ModuleType
from typing import Any, Literal, NamedTuple

from bot.content import Action, Content
from bot.domain.groups import Group, Notice

MARK = "__job__"


@dataclass(frozen=True)
class Due:
    """One time something falls due.

    Attributes:
        key: stable name within the job, the group and the term; the ledger keeps it.
        day: the day it happens (or the first of its span).
        ends: when it is over.
        starts: when it begins; None = nobody knows, so it is useful until it ends.
        item: what it is about, handed to the job.
        title: what the leader reads in the list of coming posts.
        since: when it came to be known; what was known too late is not "late".
    """

    key: str
    day: date
    ends: datetime
    item: Any
    title: str
    starts: datetime | None = None
    since: datetime | None = None


class Post(NamedTuple):
    """A piece of the group's card of the day.

    Pieces stand in ascending ``order``; ``headline`` may lend the card its title.
    """

    lines: tuple[str, ...]
    order: int = 50
    headline: str = ""
    actions: tuple[Action, ...] = ()
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ask:
    """A private reminder to one member who still owes something. ``deadline`` decides which comes first."""

    to: str
    lines: tuple[str, ...]
    deadline: datetime
    actions: tuple[Action, ...] = ()

    @property
    def notice(self) -> Notice:
        """The message of this reminder alone."""
        return Notice(self.to, Content(lines=self.lines, actions=self.actions))


Source = Callable[[Group, date, date], Awaitable[Sequence[Due]]]
Result = Post | Sequence[Ask] | None
Build = Callable[[Group, Any], Awaitable[Result]]
When = Literal["day", "day before", "week before", "week start"]
Until = Literal["start", "end", "day"]


@dataclass(frozen=True)
class Job:
    """What ``@on`` writes on a function. ``topic``: name of the subject that is switched off with /设置 关.

    ``to_leader``: it asks nobody but the leader, so that what the leader has heard need not be made out again.
    """

    name: str
    source: Source
    when: When
    until: Until
    private: bool
    build: Build = field(repr=False)
    topic: str = ""
    to_leader: bool = False


def on(
    source: Source, *, when: When = "day", until: Until = "end", private: bool = False, to_leader: bool = False
) -> Callable[[Build], Build]:
    """Speak whenever something of ``source`` falls due.

    Args:
        source: ``async f(group, first, last)`` -> what happens between two days.
        when: the day itself, the school day before, seven days before, or the first school day of its week.
        until: how long it is worth posting late: until the day it happens begins ("start"), until it is over ("end"),
            or on the posting day alone ("day").
        private: reminders to members instead of a piece of the group's card.
        to_leader: the leader alone is reminded, if anybody.
    """

    def mark(build: Build) -> Build:
        name = f"{build.__module__.rpartition('.')[2]}.{build.__name__}"
        setattr(build, MARK, Job(name, source, when, until, private, build, to_leader=to_leader))
        return build

    return mark


def collect(modules: Sequence[ModuleType]) -> list[Job]:
    """The jobs of the given modules, in order of name, each with its module's ``TOPIC``.

    Raises:
        ValueError: a job has no docstring; it explains in the docs what is posted.
    """
    jobs = [
        replace(getattr(value, MARK), topic=getattr(module, "TOPIC", ""))
        for module in modules
        for value in vars(module).values()
        if hasattr(value, MARK)
    ]
    for job in jobs:
        if not job.build.__doc__:
            raise ValueError(f"{job.name} has no docstring")
    return sorted(jobs, key=lambda job: job.name)


def post(*lines: str, order: int = 50, headline: str = "", actions: tuple[Action, ...] = ()) -> Post:
    """Shorthand for a piece of the card."""
    return Post(lines, order, headline, actions)


__all__ = ["Action", "Ask", "Due", "Job", "Post", "collect", "on", "post"]
