"""Taking turns (features A13 and C1): filled in fairly, and swapped by two who agree, whatever the turn is for.

A ``Rota`` says what a turn is: leading a week's preparation (bot/domain/rotation.py), or giving a study lesson
(bot/domain/study_lessons.py). Fair is counted over the term: whoever had the fewest turns comes next, so that somebody
who was passed over gets the next one.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import ClassVar, NamedTuple

from bot.domain.groups import Group
from bot.storage import Record

OPEN, AGREED, DECLINED, WITHDRAWN = "open", "agreed", "declined", "withdrawn"


class Filled(NamedTuple):
    """What filling in came to: names by week, and the weeks in which everybody of the order is away."""

    names: dict[int, str]
    nobody: tuple[int, ...]


def fill(
    order: Sequence[str], weeks: Sequence[int], fixed: Mapping[int, str], gone: Mapping[int, Collection[str]]
) -> Filled:
    """Give each of ``weeks`` to whoever of ``order`` is there and had the fewest turns; nobody twice running if it can
    be helped, and otherwise as the order says.

    Args:
        fixed: turns that stand, by week; they count.
        gone: who cannot in a week.
    """
    every = sorted({*weeks, *fixed})
    had, names, given, nobody = Counter(fixed.values()), dict(fixed), dict[int, str](), list[int]()
    for week in weeks:
        there = [name for name in order if name not in gone.get(week, ())]
        if not there:
            nobody.append(week)
            continue
        place = every.index(week)
        beside = {names.get(one) for one in (*every[max(place - 1, 0) : place], *every[place + 1 : place + 2])}
        name = min(there, key=lambda one: (one in beside, had[one], order.index(one)))
        given[week] = names[week] = name
        had[name] += 1
    return Filled(given, tuple(nobody))


class Turn(NamedTuple):
    """Somebody's turn. ``key`` is the rota's own."""

    week: int
    name: str
    key: int = 0


class Rota(NamedTuple):
    """What turns are taken at.

    Attributes:
        name: "主备"; ``act`` what one does ("主备"), ``day`` what is held then ("备课"), ``see`` the command shown.
        ask: the command two swap with.
        doing: "主备第9周" for a week.
        next_turn: somebody's first turn after this week.
        held: the turn of a week, if that person still has it.
        away: who is on leave then.
        exchange: ``async f(group, by, one, other)`` gives each the other's turn.
    """

    name: str
    act: str
    day: str
    see: str
    ask: str
    doing: Callable[[int], str]
    next_turn: Callable[[Group, str], Awaitable[Turn | None]]
    held: Callable[[Group, int, str], Awaitable[Turn | None]]
    away: Callable[[Group, Turn], Awaitable[set[str]]]
    exchange: Callable[[Group, str, Turn, Turn], Awaitable[None]]


class TurnSwap(Record):
    """Somebody asks to swap their next turn with somebody else's.

    Attributes:
        rota: the name of what they take turns at.
        own_week, their_week: the turns of who asks and of who is asked.
        state: one of the words above; an open one lapses when either week begins.
    """

    TABLE: ClassVar[str] = "lead_swaps"
    INDEXES: ClassVar = ("term",)

    term: str
    asker: str
    other: str
    own_week: int
    their_week: int
    rota: str = "主备"
    state: str = OPEN
    answered: datetime | None = None

    @property
    def first_week(self) -> int:
        """The week whose beginning ends the question."""
        return min(self.own_week, self.their_week)

    @property
    def label(self) -> str:
        """ "王老师想用第9周的主备换您第11周的", to the one who is asked."""
        return f"{self.asker}想用第{self.own_week}周的{self.rota}换您第{self.their_week}周的"


async def open_swaps(group: Group) -> list[TurnSwap]:
    """The questions that wait for an answer, oldest first; one whose week has begun waits no more."""
    found = await group.records.find(TurnSwap, term=group.term.name)
    return [swap for swap in found if swap.state == OPEN and swap.first_week > group.week]
