"""Time expressions of a line: a table of patterns is laid over the text, earlier rows win.

A ``Rule`` is a pattern and a builder; the builder turns the match into findings (a dict of detail keys of the contract
and of the inner keys explained in ``times``) or returns None when the match is no time after all.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.calendar.reading.context import PlanContext

Found = dict[str, Any]
Builder = Callable[[re.Match[str], PlanContext], Found | None]

#: Stands for a character that is taken: no pattern matches it.
TAKEN = "\x01"
#: Stands for one of a name in which no time is looked for.
HIDDEN = "\x02"


@dataclass(frozen=True)
class Rule:
    """One row of a pattern table; ``head`` says that such a time can carry an entry by itself."""

    pattern: re.Pattern[str]
    build: Builder
    head: bool = True


@dataclass(frozen=True)
class Atom:
    """A time expression found at ``start``–``end`` of a text."""

    start: int
    end: int
    found: Found
    head: bool


def rule(pattern: str, build: Builder | Found, *, head: bool = True) -> Rule:
    """A table row; ``build`` may be the findings themselves when they do not depend on the match."""
    if isinstance(build, dict):
        fixed = build
        return Rule(re.compile(pattern), lambda _match, _context: dict(fixed), head)
    return Rule(re.compile(pattern), build, head)


def scan(
    folded: str, rules: Iterable[Rule], context: PlanContext, masked: Sequence[tuple[int, int]] = ()
) -> list[Atom]:
    """All times of a folded text in order; nothing is looked for in the ``masked`` stretches."""
    return list(_scan(folded, _Rules(tuple(rules)), context, tuple(masked)))


class _Rules(tuple[Rule, ...]):
    """A table as the key of the memory below: the tables are constants, so that their patterns need no comparing."""

    __slots__ = ()

    def __hash__(self) -> int:
        return hash((len(self), id(self[0]))) if self else 0


@lru_cache(maxsize=512)
def _scan(folded: str, rules: _Rules, context: PlanContext, masked: tuple[tuple[int, int], ...]) -> tuple[Atom, ...]:
    """A line is looked through several times: as a label, for its segments, for its clauses."""
    atoms: list[Atom] = []
    for start, end in masked:
        folded = taken(folded, start, end)
    for row in rules:
        for match in list(row.pattern.finditer(folded)):
            found = row.build(match, context)
            if found is not None and match.end() > match.start():
                atoms.append(Atom(match.start(), match.end(), found, row.head))
                folded = taken(folded, match.start(), match.end())
    return tuple(sorted(atoms, key=lambda atom: atom.start))


def taken(text: str, start: int, end: int, mark: str = TAKEN) -> str:
    """The text with ``mark`` for each of its characters from ``start`` to ``end``."""
    return text[:start] + mark * (end - start) + text[end:]
