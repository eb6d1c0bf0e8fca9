"""What the leader said of one occasion, when the school takes the occasion's own day (feature B6).

An occasion is found again by its key. Where the calendar or a standing change gives it another key, it is found by its
day; where it has no day any more, what was moved stays where it was moved to.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.calendar.entries import Entry
from bot.calendar.recurrence import Occasion
from bot.domain.routine_rules import Planned, RoutineRule, ends_on
from bot.domain.routines import RoutineChange

Changes = Mapping[str, Sequence[RoutineChange]]
"""The changes of single occasions by their keys, oldest first."""


def last_of(changes: Sequence[RoutineChange]) -> RoutineChange | None:
    """The last change that was not taken back."""
    return next((change for change in reversed(changes) if change.dropped is None), None)


def held_to(
    found: Sequence[Planned], changes: Changes, entry: Entry, rules: Sequence[RoutineRule], after: datetime | None
) -> list[Planned]:
    """The occasions, and those besides that the leader has given a day of their own, each under the key it is known by.

    Args:
        found: the occasions by the plan and its standing changes, ``entry`` and ``rules``.
        after: since when the entry holds; what was moved before that is no more.
    """
    known = {one.occasion.key for one in found}
    drifting = [change for key, made in changes.items() if key not in known and (change := last_of(made))]
    if not drifting:
        return list(found)
    keys = {change.origin: change.occasion for change in drifting if change.origin}
    kept = [_known_as(keys.get(one.occasion.day), one, changes) for one in found]
    again = {one.occasion.key for one in kept}
    alone = [change for change in drifting if change.occasion not in again and change.moves and _holds(change, after)]
    return [*kept, *[_alone(change, entry, rules) for change in alone]]


def _known_as(key: str | None, one: Planned, changes: Changes) -> Planned:
    if key is None or one.occasion.key in changes:
        return one
    return replace(one, occasion=one.occasion.model_copy(update={"key": key}))


def _holds(change: RoutineChange, after: datetime | None) -> bool:
    return after is None or change.created is None or change.created > after


def _alone(change: RoutineChange, entry: Entry, rules: Sequence[RoutineRule]) -> Planned:
    day = change.origin or change.day
    occasion = Occasion.model_validate({"key": change.occasion, "day": day, "last": day, "precise": True})
    return Planned(occasion, entry, ended=ends_on(rules, occasion.day))
