"""Ids by the values of declared fields, kept in hash tables."""

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.errors import Conflict
from bot.storage.store import Record

Key = tuple[Any, ...]


class Index:
    """Where the records with given values of ``fields`` are.

    ``unique`` says that a key without None may occur once. That is checked by the caller: while a transaction is
    swapped in, two records may share a key for a moment.
    """

    def __init__(self, fields: tuple[str, ...], *, unique: bool) -> None:
        self.fields = fields
        self.unique = unique
        self._ids: dict[Key, int | list[int]] = {}

    def key(self, values: Mapping[str, Any]) -> Key:
        """The key of a record's values."""
        return tuple(values[field] for field in self.fields)

    def ids(self, key: Key) -> Sequence[int]:
        """Ids under a key, ascending. Not to be kept: the list is the index's own."""
        found = self._ids.get(key, ())
        return (found,) if isinstance(found, int) else found

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


class Indexes:
    """All declared indexes of one kind of record."""

    def __init__(self, kind: type[Record]) -> None:
        self._kind = kind
        plain = {(name,) for name in kind.INDEXES} - set(kind.UNIQUE)
        self._all = [Index(fields, unique=True) for fields in kind.UNIQUE]
        self._all += [Index(fields, unique=False) for fields in sorted(plain)]

    def add(self, record: Record, number: int) -> None:
        """Enter a record under ``number``, its id (the caller's own int object saves memory)."""
        for index in self._all:
            index.add(index.key(record.__dict__), number)

    def discard(self, record: Record) -> None:
        """Take out a record entered with the same values."""
        for index in self._all:
            index.discard(index.key(record.__dict__), record.id)

    def ids(self, equal: Mapping[str, Any]) -> Sequence[int]:
        """Ids that the narrowest usable index finds, ascending; other fields of ``equal`` are not looked at.

        Raises:
            ValueError: no declared index is covered by ``equal``, or a field is unknown.
        """
        if unknown := equal.keys() - self._kind.model_fields:
            raise ValueError(f"{self._kind.__name__} has no fields {sorted(unknown)}")
        usable = [index for index in self._all if equal.keys() >= set(index.fields)]
        if not usable:
            raise ValueError(f"{self._kind.__name__} has no index for {sorted(equal)}; declare INDEXES or UNIQUE")
        return min((index.ids(index.key(equal)) for index in usable), key=len)

    def twins(self, record: Record) -> Iterator[tuple[tuple[str, ...], int]]:
        """(fields, id) of every other record here that has the same unique values."""
        for index in self._all:
            key = index.key(record.__dict__)
            if index.unique and None not in key:
                yield from ((index.fields, number) for number in index.ids(key) if number != record.id)


def unique_conflict(record: Record, fields: tuple[str, ...]) -> Conflict:
    """The error for a unique value that exists already."""
    values = "、".join(str(getattr(record, name)) for name in fields)
    return Conflict(f"已有相同的记录\uff08{record.TABLE}\uff1a{values}\uff09。")
