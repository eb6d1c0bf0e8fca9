"""Ids by the values of declared fields, kept in hash tables."""

from bisect import bisect_left, insort
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple

from bot.errors import Conflict
from bot.storage.store import Record

Key = Any
"""The value of an index of one field, or a tuple of the values of several."""


class Index:
    """Where the records with given values of ``fields`` are.

    ``unique`` says that a key without None may occur once. That is checked by the caller: while a transaction is
    swapped in, two records may share a key for a moment.
    """

    def __init__(self, fields: tuple[str, ...], *, unique: bool) -> None:
        self.fields = fields
        self.unique = unique
        self.key: Callable[[Mapping[str, Any]], Key] = itemgetter(*fields)
        """Makes the key of a record's values."""
        self._several = len(fields) > 1
        self._ids: dict[Key, int | list[int]] = {}
        self.only: Callable[[Key], int | list[int] | None] = self._ids.get
        """The id under a key; a list where there are several, the index's own."""

    def is_exempt(self, key: Key) -> bool:
        """Whether a key may occur any number of times although the index is unique."""
        return None in key if self._several else key is None

    def ids(self, key: Key) -> Sequence[int]:
        """Ids under a key, ascending. Not to be kept: the list is the index's own."""
        found = self._ids.get(key)
        if found is None:
            return ()
        return found if isinstance(found, list) else (found,)

    def add(self, key: Key, number: int) -> None:
        """Enter an id under a key. A key with one id holds the bare id: a list each would double the memory."""
        found = self._ids.setdefault(key, number)
        if isinstance(found, list):
            insort(found, number)
        elif found != number:
            self._ids[key] = sorted((found, number))

    def discard(self, key: Key, number: int) -> None:
        """Take an id away from a key."""
        found = self._ids.get(key)
        if not isinstance(found, list):
            self._ids.pop(key, None)
            return
        del found[bisect_left(found, number)]
        if len(found) == 1:
            self._ids[key] = found[0]


class Plan(NamedTuple):
    """The indexes that may be asked; ``whole`` is the one that knows just the fields given, when there is one."""

    usable: list[Index]
    whole: Index | None


class Indexes:
    """All declared indexes of one kind of record."""

    def __init__(self, kind: type[Record]) -> None:
        self._kind = kind
        self._all = [Index(fields, unique=unique) for fields, unique in _declared(kind)]
        self._unique = [index for index in self._all if index.unique]
        self._plans: dict[tuple[str, ...], Plan] = {}  # by the fields asked for, in their order

    def add(self, record: Record, number: int) -> None:
        """Enter a record under ``number``, its id (the caller's own int object saves memory)."""
        for index in self._all:
            index.add(index.key(record.__dict__), number)

    def discard(self, record: Record) -> None:
        """Take out a record entered with the same values."""
        for index in self._all:
            index.discard(index.key(record.__dict__), record.id)

    def move(self, old: Record, new: Record) -> None:
        """Enter ``new`` in the place of ``old``; most changes touch no indexed field."""
        was, is_now = old.__dict__, new.__dict__
        for index in self._all:
            before, after = index.key(was), index.key(is_now)
            if before != after:
                index.discard(before, old.id)
                index.add(after, new.id)

    def ids(self, equal: Mapping[str, Any]) -> tuple[Sequence[int], bool]:
        """Ids that the narrowest usable index finds, ascending, and whether that index knows all fields of ``equal``.

        Raises:
            ValueError: no declared index is covered by ``equal``, or a field is unknown.
        """
        usable, whole = self.plan(tuple(equal))
        return min((index.ids(index.key(equal)) for index in usable), key=len), whole is not None

    def plan(self, given: tuple[str, ...]) -> Plan:
        """How to find records by the values of the fields ``given``.

        Raises:
            ValueError: as ``ids``.
        """
        return self._plans.get(given) or self._plans.setdefault(given, _plan(self._kind, given, self._all))

    def twin(self, record: Record, leaving: Container[int] = ()) -> tuple[str, ...]:
        """The unique fields whose values another record has here, one that is not among ``leaving``; () = none."""
        for index in self._unique:
            key = index.key(record.__dict__)
            for number in index.ids(key):
                if number != record.id and number not in leaving and not index.is_exempt(key):
                    return index.fields
        return ()

    def same_unique(self, one: Record, other: Record) -> bool:
        """Whether two records agree in all unique values."""
        these, those = one.__dict__, other.__dict__
        return [index.key(these) for index in self._unique] == [index.key(those) for index in self._unique]


@cache
def _declared(kind: type[Record]) -> tuple[tuple[tuple[str, ...], bool], ...]:
    """(fields, unique) of every index a kind declares."""
    plain = {(names,) if isinstance(names, str) else names for names in kind.INDEXES} - set(kind.UNIQUE)
    return (*((fields, True) for fields in kind.UNIQUE), *((fields, False) for fields in sorted(plain)))


def _plan(kind: type[Record], given: tuple[str, ...], known: list[Index]) -> Plan:
    """Which of a kind's indexes the ``given`` fields cover.

    Raises:
        ValueError: none, or a field is unknown.
    """
    if unknown := set(given) - kind.model_fields.keys():
        raise ValueError(f"{kind.__name__} has no fields {sorted(unknown)}")
    found = [index for index in known if set(given) >= set(index.fields)]
    if not found:
        raise ValueError(f"{kind.__name__} has no index for {sorted(given)}; declare INDEXES or UNIQUE")
    whole = next((index for index in found if len(index.fields) == len(given)), None)
    return Plan([whole] if whole else found, whole)


def twin_among(record: Record, others: Iterable[Record]) -> tuple[str, ...]:
    """As ``Indexes.twin``, by looking through a few records."""
    for other in others:
        for fields in record.UNIQUE if other.id != record.id else ():
            values = [getattr(record, name) for name in fields]
            if None not in values and values == [getattr(other, name) for name in fields]:
                return fields
    return ()


def unique_conflict(record: Record, fields: tuple[str, ...]) -> Conflict:
    """The error for a unique value that exists already."""
    values = "、".join(str(getattr(record, name)) for name in fields)
    return Conflict(f"已有相同的记录\uff08{record.TABLE}\uff1a{values}\uff09。")
